"""One record of an export, read into the fields of a bibliography entry."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from reviewpress.bibliography import DOI, Entry, Name, bare_doi, valid_entry
from reviewpress.bibliography.latex import encode_latex
from reviewpress.identifiers import plain_digits
from reviewpress.imports.dois import unescape_doi
from reviewpress.imports.people import bibtex_names
from reviewpress.imports.traits import Traits
from reviewpress.tables.cells import SPREADSHEET_ERROR

_PROSE = ("title", "booktitle", "journal", "abstract")
_MARKUP = re.compile(
    r"</?(?:b|br|em|i|p|scp|span|strong|sub|sup|title|u|jats:[a-z]+)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_LANGUAGES = (
    "chinese|croatian|czech|danish|dutch|english|finnish|french|german|hebrew|hungarian|italian"
    "|japanese|korean|norwegian|polish|portuguese|russian|serbian|spanish|swedish|turkish"
)
_INNER = r"(?:[^\[\]]|\[[^\[\]]*\])*"
"""The rest of a note, which may have brackets of its own: "Note: Foo [corrected to Bar]"."""
_NOTE = (
    r"review(?:\s\d+ refs?)?|\d+ refs?|see comments?|in process citation|electronic resource",
    rf"(?:comments? (?:in|on)|republished (?:from|in)|updated? (?:in|of))\b{_INNER}",
    rf"(?:published )?errat(?:um|a) (?:appears? in|published in|in|for)\b{_INNER}",
    rf"corrected(?: and{_INNER})?|retract(?:ion|ed) (?:in|of|by)\b{_INNER}",
    rf"(?:patient )?summar(?:y|ies) (?:for patients )?in\b{_INNER}",
    rf"original (?:report|article) in\b{_INNER}|reprint(?:ed)? (?:in|of|from)\b{_INNER}",
    rf"(?:article in |in )?(?:{_LANGUAGES})(?:(?:[,;/ ]|and )+(?:{_LANGUAGES}))*",
)
_TITLE_NOTE = re.compile(
    rf"[\s.]*\[\{{*({'|'.join(_NOTE)})\}}*\]\.?(\}}*)\s*$", re.IGNORECASE
)  # fmt: skip
"""What MEDLINE at Ovid and library catalogues write after a title, in brackets."""
_SCHOLAR = re.compile(r"^(?:\[[^\[\]]{1,12}\]\[[BC]\]|(?:\[(?:DOC|HTML|PDF|TXT)\]){1,2})\s*(?=\S)")
"""What Google Scholar writes before a title: which file it has found, or that it is only cited."""
_NO_PAGES = frozenset((
    "", "n a", "n a n a", "n p", "n pag", "n pag n pag", "na", "na na", "no", "no page",
    "no pages", "no pagination",
    "no pagination specified", "no specified", "none", "not available", "not specified", "np",
    "npag", "null", "unpaginated", "unpaged",
))  # fmt: skip
_RESOLVER = re.compile(r"^(?!\s*https?:)|^\s*https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile(r"[\s{}\\]")
_DOI_LABEL = re.compile(r"\W*(?:doi)?\W*", re.IGNORECASE)
_OF_PAGE = re.compile(
    r"(?:\.pdf|/(?:abstract|full|e?pdf|epub|html|fulltext|full-text|summary|references|meta)"
    r"|/?\?[^<>]*)+$"
)
"""What an address of a publisher has after the DOI: the page, and what is asked of it."""
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS_AROUND = re.compile(r"^\W+|\W+$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_ISSN = re.compile(r"\b\d{4}-\d{3}[\dXx]\b")
_ISSN_WORDS = frozenset(
    ("e", "eissn", "electronic", "issn", "l", "linking", "online", "p", "pissn", "print",
     "printed", "web")
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?=(?:[01]\d[0-3]\d)?(?!\d))")
_YEARS = re.compile(r"((?:1[89]|20)\d\d)\s*(?:-{1,2}|[‐-―/]|to)\s*((?:1[89]|20)\d\d|\d\d)")
_NO_YEAR = re.compile(
    r"n\.?\s?d\.?|no date|not dated|undated|s\.\s?a\.?|o\.\s?j\.?|sine anno|in press|in print"
    r"|forthcoming|to appear|to be published|submitted|under review|accepted|in prep(?:aration|\.)?"
    r"|(?:e?pub )?ahead of print|early access|online first|advance online publication|unpublished",
    re.IGNORECASE,
)
"""What stands in the place of the year of a work that has none yet, or never."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in an export: where, and the entry it would be.

    `number` counts the file's records from 1. The entry has no key of its own yet, unless the
    export is a bibliography.
    """

    file: str
    number: int
    entry: Entry = field(hash=False)
    traits: Traits | None = field(default=None, compare=False, repr=False)
    """What of the entry is compared, where who read it has prepared that too."""

    @property
    def title(self) -> str:
        """The record's title as plain text."""
        return self.entry.title


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used: which one, and why."""

    file: str
    number: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: records, and what could not be used; together they are all of it.

    `remarks` say what somebody should know of the file: how it was read, what was taken out of it.
    `maker` is the tool that wrote it, where it shows.
    """

    format: str
    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    remarks: tuple[str, ...] = ()
    maker: str = ""
    left_out: tuple[str, ...] = ()
    """Lines between records that belong to none."""
    repeated: tuple[tuple[int, str], ...] = ()
    """Records, and what they say twice in different words, though a work has one of it."""

    @property
    def kind(self) -> str:
        """What the file was taken for: "records, RIS from Ovid"."""
        return f"records, {self.format}" + (f" from {self.maker}" if self.maker else "")


def find_repeated(
    number: int, values: Mapping[str, Iterable[str]], names: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Yield the names of what a record says twice, by the tags that say it.

    >>> list(find_repeated(3, {"PY": ["2019", "2020"], "JF": ["A", "a"]}, {"PY": "year"}))
    [(3, 'year')]
    """
    for tag, name in names.items():
        said = values.get(tag)
        if said and len({" ".join(one.split()).casefold() for one in said if one}) > 1:
            yield number, name


def name_titles(titles: Sequence[str], damaged: str) -> str:
    """Return why a record with several titles is rejected, and the titles beside the first."""
    told = "”, “".join(one[:60] for one in titles[1:])
    return f"has {len(titles)} titles, also “{told}”: {damaged} is damaged"


def make_entry(
    kind: str,
    texts: Mapping[str, str],
    authors: Iterable[Name] = (),
    editors: Iterable[Name] = (),
    key: str = "",
) -> Entry:
    """Return an entry of plain texts by BibTeX field name; empty ones are left out.

    What a database wrote after the title becomes a note.
    """
    fields = {}
    for name, people in (("author", authors), ("editor", editors)):
        listed = bibtex_names(people)
        if listed:
            fields[name] = listed
    for name, text in texts.items():
        if not text:
            continue
        value = " ".join((clean_markup(text) if name in _PROSE else text).split())
        if name == "title":
            value, notes = split_title(value)
            if notes:
                texts = {**texts, "note": "; ".join(filter(None, (texts.get("note", ""), *notes)))}
        if value:
            fields[name] = _field(name, value)
    if texts.get("note"):
        fields["note"] = _field("note", " ".join(texts["note"].split()))
    return valid_entry(Entry(key, kind, fields))


def _field(name: str, value: str) -> str:
    """Return a plain text as the value of a field."""
    if name == "doi":
        return bare_doi(value).replace("\\", "")
    if name == "url":
        return _NOT_IN_ADDRESSES.sub("", value)
    if name in ("title", "booktitle"):
        return protect_capitals(value)
    if name == "pages":  # two hyphens are BibTeX's dash between pages
        return "--".join(map(encode_latex, value.split("--")))
    return encode_latex(value)


def split_title(title: str) -> tuple[str, list[str]]:
    """Return a title without what a database has written after it in brackets, and that.

    Google Scholar's marks before a title say nothing of the work.

    >>> split_title("Gardens and care. [Review] [87 refs]")
    ('Gardens and care', ['Review', '87 refs'])
    >>> split_title("[Gardens and care]")
    ('[Gardens and care]', [])
    >>> split_title("[BOOK][B] Gardens and care"), split_title("[PDF][PDF] Gardens")
    (('Gardens and care', []), ('Gardens', []))
    """
    notes: list[str] = []
    if "[" not in title:
        return title, notes
    title = _SCHOLAR.sub("", title)
    while (found := _TITLE_NOTE.search(title)) and title[: found.start()].strip(" {}"):
        title = title[: found.start()] + found[2]
        notes.insert(0, found[1])
    return title, notes


def clean_markup(text: str) -> str:
    """Return a text without the HTML that some databases leave in titles and abstracts.

    >>> clean_markup("Costs &amp; <i>benefits</i> (p < 0.05)")
    'Costs & benefits (p < 0.05)'
    """
    if "<" not in text and "&" not in text:
        return text
    return unescape(_MARKUP.sub("", unescape(text) if "&lt;" in text else text))


def find_doi(*texts: str) -> str:
    """Return the first DOI in some texts, without what a sentence puts after it.

    >>> find_doi("https://doi.org/10.1892/0891-6640(2003)017%3C0680:DPFICK%3E2.3.CO;2.")
    '10.1892/0891-6640(2003)017<0680:dpfick>2.3.co;2'
    """
    for text in texts:
        found = DOI.search(unescape_doi(text))
        if found:
            doi = _without_end(found[0]).lower()
            return doi if _RESOLVER.search(text) else _OF_PAGE.sub("", doi)
    return ""


def more_than_doi(text: str) -> str:
    """Return what stands where a DOI should where it is more than a DOI, else nothing.

    >>> more_than_doi("https://doi.org/10.1000/x"), more_than_doi("10.1000/x; erratum in 10.1000/y")
    ('', '10.1000/x; erratum in 10.1000/y')
    """
    words = [word for word in text.split() if not _DOI_LABEL.fullmatch(word)]
    return text if len(words) > 1 or not find_doi(text) else ""


def _without_end(doi: str) -> str:
    """Return a DOI without the punctuation of the sentence that it stands in."""
    while doi[-1] in ".,;:'’”*†" or any(
        doi[-1] == closing and doi.count(closing) > doi.count(opening)
        for opening, closing in ("()", "[]")
    ):
        doi = doi[:-1]
    return doi


def find_issn(text: str) -> str:
    """Return the ISSN in a text such as "1568-4156 (Print)", or the text itself."""
    found = _ISSN.search(text) if "-" in text else None
    return found[0].upper() if found else text


def more_than_issn(text: str) -> bool:
    """Whether a text says more than one ISSN and of which kind it is.

    >>> more_than_issn("1568-4156 (Print)"), more_than_issn("1568-4156 1568-4199")
    (False, True)
    """
    rest = _ISSN.sub("", text, count=1).casefold()
    return not _ISSN_WORDS.issuperset(re.findall(r"\w+", rest))


def find_year(*texts: str) -> str:
    """Return the first year of four digits in some texts, also at the start of 20200301."""
    for text in map(plain_digits, texts):
        found = _YEAR.search(text)
        if found:
            return found[0]
    return ""


def read_year(*texts: str) -> str:
    """Return the year of some texts, or the years, or the words that stand for it.

    Years from one to another have a slash between them, as biblatex and pandoc read it.

    >>> read_year("2020 Mar 5"), read_year("2019–2021"), read_year("2019-21"), read_year("2019-11")
    ('2020', '2019/2021', '2019/2021', '2019')
    >>> read_year("", "In press"), read_year("n.d."), read_year("about the year")
    ('In press', 'n.d.', '')
    """
    for text in map(plain_digits, texts):
        found = _YEARS.fullmatch(text.strip(" ()[].{}")) if text else None
        if found:
            first, last = found[1], found[2]
            whole = last if len(last) == 4 else first[:2] + last  # 2019-11 is November
            is_later = whole > first and (last == whole or int(last) > 12)
            return f"{first}/{whole}" if is_later else first
        year = find_year(text)
        if year:
            return year
    return next(
        (text.strip() for text in texts if text and _NO_YEAR.fullmatch(text.strip(" ()[]{}"))), ""
    )


def find_month(text: str) -> str:
    """Return the month of a date such as 2025/10/03 or "2020 Mar 5" as a number, or empty.

    >>> find_month("2025/10/03"), find_month("2020 Mar 5"), find_month("2020"), find_month("7")
    ('10', '3', '', '7')
    """
    if not text:
        return ""
    text = plain_digits(text)
    if text.strip().isdecimal() and 0 < int(text[:4]) < 13:
        return str(int(text))
    found = re.fullmatch(r"\d{4}[/-](\d{1,2})(?:[/-].*)?", text.strip())
    if found and 1 <= int(found[1]) <= 12:
        return str(int(found[1]))
    names = re.findall(r"[A-Za-z]{3,}", text)
    months = [name[:3].lower() for name in names if name[:3].lower() in _MONTHS]
    return str(_MONTHS.index(months[0]) + 1) if len(months) == 1 else ""


def join_pages(first: str, last: str) -> str:
    """Return a range of pages as BibTeX writes it; empty where a database says that it has none.

    >>> join_pages("17", ""), join_pages("101", "19"), join_pages("1-9", "")
    ('17', '101--19', '1--9')
    >>> join_pages("No", "Specified"), join_pages("N.PAG", "N.PAG"), join_pages("", "9")
    ('', '', '9')
    """
    if not first and not last:
        return ""
    if no_pages(f"{first} {last}") or (no_pages(first) and no_pages(last)):
        return ""
    if first and last.startswith(first) and last[len(first) :].lstrip()[:1] in tuple("-‐‑–—"):
        # the range stands in both
        first, last = last, ""
    if last and last != first and "-" not in first and first:
        return f"{first}--{last}"
    return re.sub(r"\s*[-‐‑–—]+\s*", "--", first.strip()) if first else last


def no_pages(text: str) -> bool:
    """Whether a text says that there are no pages, as PsycINFO and EBSCO do, or is empty."""
    whole = re.sub(r"\W+", " ", text.casefold()).strip()
    return whole in _NO_PAGES or ("-" in text and all(map(no_pages, text.split("-"))))


def protect_capitals(title: str) -> str:
    """Return a title as BibTeX, its capitals braced so that no style lowers them.

    >>> protect_capitals("The NHS in Scotland & beyond")
    'The {NHS} in {Scotland} \\\\& beyond'
    >>> protect_capitals("Joining Up Services")
    '{Joining Up Services}'
    """
    words = title.split()
    if len(title) > 1 and title[1:] == title[1:].lower():
        return encode_latex(" ".join(words))
    capital = [word for word in words[1:] if word != word.lower() and _LETTER.search(word)]
    if words[1:] and len(capital) * 2 > len(words) - 1:
        return f"{{{encode_latex(title)}}}"
    kept = [encode_latex(word) for word in words]
    for position, word in enumerate(words):
        if word == word.lower():
            continue
        bare = _SIGNS_AROUND.sub("", word)
        inner = bare[1:] if position == 0 else bare
        if bare and inner != inner.lower():
            encoded = encode_latex(bare)
            kept[position] = encode_latex(word).replace(encoded, f"{{{encoded}}}", 1)
    return " ".join(kept)


def is_spreadsheet_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows for a formula that failed."""
    return SPREADSHEET_ERROR.fullmatch(text) is not None
