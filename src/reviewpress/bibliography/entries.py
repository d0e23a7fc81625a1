"""Bibliography entries: frozen records with plain-text access to what BibTeX holds in braces."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from reviewpress.bibliography.latex import decode_latex
from reviewpress.errors import BibliographyError, Place, nearest
from reviewpress.identifiers import plain_digits
from reviewpress.languages import settle_joins
from reviewpress.name_words import EAST_ASIAN

INCLUDED = "included"
ADDITIONAL = "additional"
CODE_FIELD = "code"
GROUP_FIELD = "group"

DOI = re.compile(
    r"10\.\d{4,9}/(?:[^\s<>\"{}|\\^]|<(?!/?(?:jats|mml?|x?html?):)[^\s<>]*:[^\s<>]*>)+",
    re.IGNORECASE,
)
"""A DOI; those of the SICI kind hold a place and a code between angle brackets."""
_COMMAS = str.maketrans("،，", ",,")
"""What parts family and given names in Arabic and Chinese texts."""
_NO_APOSTROPHES = str.maketrans("", "", "'’`")
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BRACES_AND = re.compile(r"[{}]|\s+and\s+", re.IGNORECASE)
_ESCAPED = re.compile(r"\{\\([_%&#$])\}|\\([_%&#$])")
_NAMED_SIGNS = (
    (re.compile(r"\{?(?:\\~(?:\{\})?|\\textasciitilde(?:\{\})?|\$\\sim\$)\}?|\{~\}"), "~"),
    (re.compile(r"\{?(?:\\textless(?:\{\})?|\$<\$)\}?"), "<"),
    (re.compile(r"\{?(?:\\textgreater(?:\{\})?|\$>\$)\}?"), ">"),
)
"""Characters of addresses as LaTeX asks for them; Mendeley writes `{\\_}` and `{~}`."""
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """An author or editor: a person with family and given names, or a body with one name.

    A body stands in braces of its own in BibTeX: `{Scottish Government}`.
    """

    family: str
    given: str = ""
    suffix: str = ""
    is_body: bool = False

    def __str__(self) -> str:
        if is_family_first(f"{self.family} {self.given}"):
            return f"{self.family} {self.given}".strip()
        return f"{self.given} {self.family}".strip()

    @property
    def bibtex(self) -> str:
        """The name as BibTeX writes it."""
        if self.is_body:
            return f"{{{self.family}}}"
        parts = [self.family, self.suffix, self.given] if self.suffix else [self.family, self.given]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference: its key, type and fields as they stand in the file, and its line there.

    Field names are in lower case; values keep the braces that protect words. `text` gives a value
    as readers see it.
    """

    key: str
    type: str
    fields: Mapping[str, str] = field(hash=False)
    line: int | None = field(default=None, compare=False)
    file: str = field(default="", compare=False)

    def text(self, name: str) -> str:
        """Return a field as plain text; empty where the entry lacks it."""
        return plain(self.fields.get(name, ""))

    def first(self, *names: str) -> str:
        """Return the first of several fields that the entry has, as plain text."""
        return next((self.text(name) for name in names if self.fields.get(name)), "")

    @property
    def other_keys(self) -> tuple[str, ...]:
        """The keys that it was cited by before, in another bibliography: biblatex's `ids`."""
        return tuple(key for part in self.fields.get("ids", "").split(",") if (key := part.strip()))

    @property
    def authors(self) -> tuple[Name, ...]:
        """The authors, in order."""
        return split_names(self.fields.get("author", ""))

    @property
    def editors(self) -> tuple[Name, ...]:
        """The editors, in order."""
        return split_names(self.fields.get("editor", ""))

    @property
    def title(self) -> str:
        """The title as plain text, with its subtitle."""
        subtitle = self.text("subtitle")
        title = self.text("title")
        return f"{title}: {subtitle}" if subtitle and title else title

    @property
    def year(self) -> int | None:
        """The year of publication, None where it is not a year (in press, no date)."""
        found = _YEAR.search(plain_digits(self.first("year", "date")))
        return int(found[0]) if found else None

    @property
    def doi(self) -> str:
        """The DOI without an address before it, in lower case."""
        return bare_doi(self.text("doi"))

    @property
    def url(self) -> str:
        """The address, exactly as it is but for the marks of LaTeX."""
        return plain_address(self.fields.get("url", ""))

    @property
    def code(self) -> int | str | None:
        """The code of an included paper: a number where it is one."""
        code = self.text(CODE_FIELD)
        return int(code) if code.isdecimal() and len(code) < 16 else code or None

    @property
    def group(self) -> str:
        """The reference group: included with a code, additional otherwise, unless it says so."""
        return self.text(GROUP_FIELD) or (INCLUDED if self.fields.get(CODE_FIELD) else ADDITIONAL)

    @property
    def short_author(self) -> str:
        """The authors as an English sentence names them: Wang; Wang and Li; Wang et al."""
        return self.name_authors("{first} and {second}")

    def name_authors(self, two: str, others: str = "et al.") -> str:
        """Return the authors as a sentence names them.

        `two` joins two, as in "{first} et {second}"; `others` stands for all but the first.
        """
        names = [name.family for name in self.authors or self.editors]
        names = names or [body for body in (self.first("organization", "institution"),) if body]
        if not names:
            return self.title
        if len(names) == 2 and names[1] != "others":  # BibTeX's own et al.: "Baxter, S. and others"
            return settle_joins(two.format(first=names[0], second=names[1]))
        return names[0] + (f" {others}" if len(names) > 1 else "")

    @property
    def short(self) -> str:
        """The shortest label, as in a link's name: "Scobie 2022"."""
        names = self.authors or self.editors
        first = names[0].family if names else self.short_author
        return f"{first} {self.year or self.first('year', 'date') or 'no date'}"

    @property
    def label(self) -> str:
        """The short label: "Scobie et al. (2022)"."""
        return f"{self.short_author} ({self.year or self.first('year', 'date') or 'no date'})"


@dataclass(frozen=True, slots=True)
class Bibliography:
    """All entries of a bibliography, in the order of the file."""

    name: str
    entries: tuple[Entry, ...]
    sha256: str = ""
    _by_key: Mapping[str, Entry] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {entry.key: entry for entry in self.entries})

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Entry:
        try:
            return self._by_key[key]
        except KeyError:
            message = f'the bibliography has no entry "{key}".'
            raise BibliographyError(message, Place(self.name), nearest(key, self._by_key)) from None

    def get(self, key: str) -> Entry | None:
        """Return an entry by its key, None where there is none."""
        return self._by_key.get(key)

    @property
    def keys(self) -> tuple[str, ...]:
        """All citation keys, in order."""
        return tuple(self._by_key)

    def group(self, name: str) -> tuple[Entry, ...]:
        """Return the entries of a reference group, included ones by code."""
        found = [entry for entry in self.entries if entry.group == name]
        if name == INCLUDED:
            found.sort(key=lambda entry: (isinstance(entry.code, str), entry.code or 0))
        return tuple(found)

    def where(self, entry: Entry, column: str | None = None) -> Place:
        """Return the place of an entry, or of one of its fields."""
        return Place(entry.file or self.name, line=entry.line, column=column)


def plain(value: str) -> str:
    """Return a BibTeX value as readers see it: no braces, LaTeX marks resolved, single spaces.

    >>> plain("{NHS} Lanarkshire \\\\& {\\\\'E}cosse")
    'NHS Lanarkshire & Écosse'
    """
    return " ".join(decode_latex(value).split()) if value else ""


@lru_cache(maxsize=20_000)
def split_names(value: str) -> tuple[Name, ...]:
    """Split a BibTeX list of names at `and`, outside braces.

    >>> [name.family for name in split_names("Wang, Li and {Scottish Government} and Jo O'Hara")]
    ['Wang', 'Scottish Government', "O'Hara"]
    """
    return tuple(_name(part) for part in outside_braces(value) if part)


def first_name(value: str) -> Name | None:
    """Return the first of a BibTeX list of names, and take no other apart; None without any."""
    return next((_name(part) for part in outside_braces(value) if part), None)


def outside_braces(value: str) -> Iterator[str]:
    """Yield the parts of a BibTeX list of names: `and`, in any case, outside braces parts them."""
    if "{" not in value and "}" not in value:
        yield from map(str.strip, _AND.split(value))
        return
    depth, start = 0, 0
    for found in _BRACES_AND.finditer(value):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield value[start : found.start()].strip()
            start = found.end()
    yield value[start:].strip()


def normalise(title: str) -> str:
    """Return a title without case, accents and punctuation, to compare titles by.

    >>> normalise("Children’s Services: {A} Review")
    'childrens services a review'
    """
    folded = fold_accents(plain(title).casefold()).translate(_NO_APOSTROPHES)
    return " ".join(_WORD.findall(folded))


def fold_accents(text: str) -> str:
    """Return a text without accents.

    >>> fold_accents("Özgür Yayınları")
    'Ozgur Yayınları'
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def plain_address(text: str) -> str:
    r"""Return an address or a DOI without LaTeX's marks, which pandoc leaves in both.

    >>> plain_address(r"https://example.org/a{\_}b\%20c/{~}d")
    'https://example.org/a_b%20c/~d'
    """
    for pattern, sign in _NAMED_SIGNS if "\\" in text or "$" in text or "{~}" in text else ():
        text = pattern.sub(sign, text)
    return _ESCAPED.sub(lambda found: found[1] or found[2], text)


def bare_doi(doi: str) -> str:
    """Return a DOI in lower case without an address or label before it.

    >>> bare_doi("https://doi.org/10.5334/IJIC.9145")
    '10.5334/ijic.9145'
    """
    if doi.lstrip()[:1] not in "hHdD":
        return doi.strip().lower()
    return _BEFORE_DOI.sub("", doi.strip()).lower()


def _name(part: str) -> Name:
    if _is_one_group(part):
        return Name(plain(part), is_body=True)
    pieces = [plain(piece) for piece in comma_parted(part).split(",")]
    if len(pieces) == 2:
        return Name(pieces[0], pieces[1])
    if len(pieces) > 2:
        return Name(pieces[0], pieces[2], pieces[1])
    words = plain(part).split()
    if is_family_first(part):
        return Name(words[0], " ".join(words[1:]))
    start = len(words) - 1
    while start > 0 and words[start - 1][:1].islower():
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))


def is_family_first(name: str) -> bool:
    """Say whether a name is in a script whose names begin with that of the family.

    >>> is_family_first("山田 太郎"), is_family_first("김 철수"), is_family_first("Taro Yamada")
    (True, True, False)
    """
    return not name.isascii() and " " in name and EAST_ASIAN.search(name) is not None


def comma_parted(names: str) -> str:
    """Return names with the commas of English where Arabic or Chinese ones are."""
    return names if names.isascii() else names.translate(_COMMAS)


def _is_one_group(part: str) -> bool:
    if not part.startswith("{"):
        return False
    depth = 0
    for position, char in enumerate(part):
        depth += (char == "{") - (char == "}")
        if depth <= 0:
            return position == len(part) - 1 and position > 0
    return False
