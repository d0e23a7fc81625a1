"""Entries as pandoc, BibTeX and biber can all read them, made of what others' files hold.

The three do not agree. BibTeX counts every brace, pandoc and bibtexparser pass over one after a
backslash, of two backslashes too; pandoc reads a per cent sign as the start of a comment, and
gives an empty value where mathematics, an environment or an argument does not end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from reviewpress.bibliography.entries import Entry, outside_braces, plain
from reviewpress.bibliography.latex import encode_latex

TYPES: Mapping[str, str] = {
    "bookchapter": "incollection",
    "booksection": "incollection",
    "chapter": "incollection",
    "conferencepaper": "inproceedings",
    "conferenceproceedings": "inproceedings",
    "conferenceproceeding": "inproceedings",
    "electronic": "online",
    "generic": "misc",
    "journal": "article",
    "journalarticle": "article",
    "magazinearticle": "article",
    "newspaperarticle": "article",
    "other": "misc",
    "review": "article",
    "www": "online",
}
"""What other programs call a type, without the signs between its words."""
_TYPES = frozenset((
    "article", "artwork", "audio", "bibnote", "book", "bookinbook", "booklet", "collection",
    "conference", "dataset", "electronic", "image", "inbook", "incollection", "inproceedings",
    "inreference", "jurisdiction", "legal", "legislation", "letter", "manual", "mastersthesis",
    "misc", "movie", "music", "mvbook", "mvcollection", "mvproceedings", "mvreference", "online",
    "patent", "performance", "periodical", "phdthesis", "proceedings", "reference", "report",
    "set", "software", "standard", "suppbook", "suppcollection", "suppperiodical", "techreport",
    "thesis", "unpublished", "video", "webpage", "xdata",
))  # fmt: skip
_TYPE_FIELD = "bibtex-type"
_VERBATIM = frozenset((
    "citeseerurl", "crossref", "doi", "eprint", "file", "ids", "isbn", "issn", "pdf", "pmcid",
    "pmid", "related", "url", "xdata", "xref",
))  # fmt: skip
"""Fields whose values are no LaTeX."""
_NAMES = ("author", "editor", "translator", "bookauthor", "editora", "editorb", "editorc")
_RISKY = re.compile(
    r"\\(?:begin|end|verb|lstinline|url|href|footnote\w*|\w*cite\w*|[gex]?def|let|global|long"
    r"|(?:re)?newcommand|providecommand|newenvironment|input|include|csname|if\w*|else|fi"
    r"|catcode|left|right|char|symbol)(?![a-zA-Z])|\\[()\[\]]"
)
"""LaTeX that pandoc answers with an empty value, or that does more than show a text."""
_DOLLAR = re.compile(r"(?<!\\)(?:\\\\)*\$")
"""A dollar that no backslash is before, or as many as stand for each other."""
_BREAK_AT_END = re.compile(r"[\\\s]+$")
"""The end of a line at the end of a value, which would keep the brace after it from closing."""
_PER_CENT = re.compile(r"(?<!\\)((?:\\\\)*)%")
_BRACE = re.compile(r"\\[^{}]|\\?[{}]")
_SIGNS = re.compile(r"[{}\\]")
_EMPTY_ENDS = re.compile(r"^(?:and\s+)+|(?:\s+and)+$")


def valid_entry(entry: Entry) -> Entry:
    """Return an entry with a type, names of fields and values that every reader takes.

    What a name or a type was stays recognisable; two names that become one keep both values.
    """
    fields: dict[str, str] = {}
    kind = valid_type(entry.type)
    for name, text in entry.fields.items():
        own, number = valid_name(name), 2
        value = valid_value(text, own)
        if not value:
            continue
        while own in fields and fields[own] != value:
            own, number = f"{valid_name(name)}-{number}", number + 1
        fields[own] = value
    if kind == "misc" and entry.type not in ("misc", "generic", "other"):
        fields.setdefault(_TYPE_FIELD, encode_latex(entry.type[:60]))
        kind = "article" if "journal" in fields else kind
    if kind == entry.type and fields == entry.fields:
        return entry
    return replace(entry, type=kind, fields=fields)


def valid_type(kind: str) -> str:
    """Return a type of BibTeX or biblatex for what a file calls it.

    >>> valid_type("book_section"), valid_type("Article"), valid_type("blog-post")
    ('incollection', 'article', 'misc')
    """
    if kind in _TYPES and kind not in TYPES:
        return kind
    bare = re.sub(r"[^a-z]", "", kind.lower())
    known = TYPES.get(bare, bare)
    return known if known in _TYPES else "misc"


@lru_cache(maxsize=1000)
def valid_name(name: str) -> str:
    """Return the name of a field in letters, digits, hyphens and underscores.

    >>> valid_name("funding_text 1"), valid_name("2nd.note"), valid_name("Année")
    ('funding_text-1', 'x-2nd-note', 'ann-e')
    """
    bare = re.sub(r"[^a-z0-9_]+", "-", name.strip().lower()).strip("-_")
    return bare if bare[:1].isalpha() else f"x-{bare}".rstrip("-")


def valid_value(value: str, name: str = "") -> str:
    """Return a value that ends where it should in each reader, and that pandoc shows.

    >>> valid_value("50% of {a"), valid_value(r"one \\\\{} two"), valid_value("costs $5")
    ('50\\\\% of {a}', 'one \\\\\\\\ {} two', 'costs \\\\$5')
    """
    value = value.strip()
    if "\n" in value:
        value = re.sub(r"\s*\n\s*(?=@)", " ", value)
    if name in _VERBATIM:
        return _SIGNS.sub("", value)
    if "\\" in value and _RISKY.search(value):
        value = encode_latex(plain(value))
    elif "$" in value and _has_lone_dollar(value):
        value = _DOLLAR.sub(lambda found: found[0][:-1] + r"\$", value)
    if "%" in value:
        value = _PER_CENT.sub(r"\1\\%", value)
    if _SIGNS.search(value):
        value = _balanced(value)
    value = _valid_names(value) if name in _NAMES else value
    ends = value[-1:] == "\\" or value[-1:].isspace()
    return _BREAK_AT_END.sub("", value) if ends else value


def _has_lone_dollar(value: str) -> bool:
    """Whether dollars are no mathematics: one is alone, or a space stands inside two."""
    parts = _DOLLAR.split(value)
    inside = parts[1::2]
    return len(parts) % 2 == 0 or any(not part.strip() or part != part.strip() for part in inside)


def _balanced(value: str) -> str:
    """Return a value whose braces have partners, with and without those after a backslash."""
    value = re.sub(r"(\\\\)(?=[{}])", r"\1 ", value)
    value = re.sub(r"\\$", r"\\textbackslash{}", value)
    pieces: list[str] = []
    opened: dict[str, list[int]] = {"{": [], "\\{": []}
    last = 0
    for found in _BRACE.finditer(value):
        mark = found[0]
        pieces.append(value[last : found.start()])
        last = found.end()
        if mark[-1] == "{":
            opened[mark].append(len(pieces))
        elif mark[-1] == "}":
            before = opened[mark[:-1] + "{"]
            if before:
                before.pop()
            else:
                mark = ")" if mark[0] == "\\" else ""
        pieces.append(mark)
    for position in opened["\\{"]:
        pieces[position] = "("
    return "".join([*pieces, value[last:], "}" * len(opened["{"])])


def _valid_names(value: str) -> str:
    """Return a list of names of which none is empty or has more commas than a name can have."""
    value = _EMPTY_ENDS.sub("", value)
    names = [_valid_name(name) for name in outside_braces(value)]
    return " and ".join(name for name in names if name.strip(" ,{}~"))


def _valid_name(name: str) -> str:
    most = name.count(",")
    return f"{{{name}}}" if most > 2 and sum(1 for _ in _commas(name)) > 2 else name


def _commas(name: str) -> Iterator[int]:
    """Yield where a name has commas outside braces."""
    depth = 0
    for position, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            yield position
