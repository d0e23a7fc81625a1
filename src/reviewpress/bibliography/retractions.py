"""Retractions, expressions of concern and errata: what records, titles and Retraction Watch say.

PubMed links a paper with its notice: `RIN` is where it was retracted, `RRI` where also published
again, `ECI` where concern was expressed, `EIN` and `CRI` where it was corrected; `PT` has
"Retracted Publication". Publishers write RETRACTED before the title. Retraction Watch's table has
a row for each notice. A notice itself is none of these, and an erratum is no retraction.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.bibliography.entries import Entry, bare_doi
from reviewpress.errors import BibliographyError, Place
from reviewpress.tables.reader import find_separator

RETRACTED, CONCERN, ERRATUM = "retracted", "expression-of-concern", "erratum"
"""The kinds of notices, the gravest first; each is the name of its label and, but one, a rule."""
_KINDS = (RETRACTED, CONCERN, ERRATUM)
_TAGS = {"rin": RETRACTED, "rri": RETRACTED, "eci": CONCERN, "ein": ERRATUM, "cri": ERRATUM}
_FIELDS = {
    **{f"{maker}-{tag}": kind for maker in ("nbib", "pubmed") for tag, kind in _TAGS.items()},
    "ris-rin": RETRACTED, "retraction-in": RETRACTED,
}  # fmt: skip
_TYPES = re.compile(
    r"(?:[a-z]+-)?(?:pt|dt|m1|m3|types?|(?:document|publication)[-_]type|pubstate|status)"
)
"""Fields where databases say what a record is, with or without the name of who made it."""
_IS_RETRACTED = re.compile(
    r"(?:^|[;,.|/])\s*retracted(?: publication| article| paper)?\s*(?:[;,.|/]|$)", re.IGNORECASE
)
_KEYWORDS = re.compile(r"(?:[a-z]+-)?(?:kw|keywords)")
_IS_KEYWORD = re.compile(r"(?:^|[;,|/])\s*\*?retracted publication\s*(?:[;,|/]|$)", re.IGNORECASE)
_FLAG = re.compile(r"(?:[a-z]+-)?is[-_]retracted")
_UPDATES = {"retraction": RETRACTED, "withdrawal": RETRACTED, "expression_of_concern": CONCERN,
            "correction": ERRATUM, "corrigendum": ERRATUM, "erratum": ERRATUM}  # fmt: skip
"""What Crossref calls the notices on a work, in its `updated-by`."""
_UPDATE = re.compile(r'"type"\s*:\s*"(\w+)"')
_IS_NOTICE = re.compile(
    r"^\W*(?:notice of |statement of |note de |editorial |author |publisher )?"
    r"(?:retraction(?: of| note| notice|:)|withdrawal|expression of concern|errat|fe de erratas"
    r"|corrigend|correc(?:tion|ci[oó]n|[cç][aã]o)|berichtigung|korrektur|retractaci[oó]n"
    r"|r[ée]tractation|retrata[cç][aã]o)",
    re.IGNORECASE,
)
_RETRACTED = (
    r"(?:retracted|r[ée]tractée?|retract?ad[oa]|retratad[oa]|ritrattat[oa])"
    r"(?: and re(?:published|placed))?"
)
_WITHDRAWN = r"(?:withdrawn|retir(?:ée?|ado)|ritirato|zur[üu]ckgezogen(?:e[rs]?)?|tynnwyd yn ôl)"
_NOUN = r"(?:article|paper|chapter|publication|artikel|beitrag|art[íi]culo|artigo|articolo|erthygl)"
_WORDS = rf"(?:{_NOUN} )?(?:{_RETRACTED}|{_WITHDRAWN})(?: {_NOUN})?"
_TITLE = re.compile(
    rf"^\W*{_WORDS}(?:\s*[:\])—–]|\s+-\s|\.\s)"
    r"|^\W*(?-i:RETRACTED|WITHDRAWN)(?: article)?\s+(?-i:[A-Z]?[a-z])"
    rf"|[\[(]\s*{_WORDS}\s*(?:[.,:;–—-][^\])]*|(?:see|due|by|on|in)\b[^\])]*)?[\])]\W*$"
    rf"|\s[-–—]\s*(?-i:RETRACTED|WITHDRAWN)(?: article)?\W*$",
    re.IGNORECASE,
)
"""A title that a publisher marked, in English, French, German, Italian, Portuguese, Spanish, Welsh.

"Withdrawn-depressed behaviour" and "dogs (withdrawn or aggressive)" are none.
"""
_CONCERN_TITLE = re.compile(r"[\[(]\s*expression of concern\W+see\b", re.IGNORECASE)
_TITLES = ("title", "shorttitle", "ris-st", "ris-t1", "ris-tt")
_WORK = r"(?:article|paper|chapter|publication|study|work|preprint|manuscript)"
_SAYS = rf"(?:this |the )?{_WORK} (?:has been|was|is) (?:retracted|withdrawn)\b"
_NOTES = {
    "note": rf"^\W*{_WORDS}(?:\W|$)(?!\s*no\b)|\bretract(?:ed|ion) (?:in|by)\b|\b{_SAYS}",
    "abstract": rf"^\W*(?:{_SAYS}|retracted:)",
}
_NOTE = {field: re.compile(pattern, re.IGNORECASE) for field, pattern in _NOTES.items()}
_CONCERN_NOTE = re.compile(
    r"^\W*expression of concern\b|\bexpression of concern (?:in|for)\b", re.I
)
_ERRATUM_NOTE = re.compile(
    r"\b(?:errat(?:um|a)|corrigend(?:um|a)|correction) (?:in\b|to\b|appears? in\b)", re.IGNORECASE
)
_NATURES = {
    "retraction": RETRACTED, "expression of concern": CONCERN, "correction": ERRATUM,
    "reinstatement": "",
}  # fmt: skip
_COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature")


@dataclass(frozen=True, slots=True)
class Notice:
    """What was published on a paper: its kind, and where it says so."""

    kind: str
    source: str


def notice_of(entry: Entry) -> Notice | None:
    """Return the gravest notice that an entry itself speaks of.

    >>> notice_of(Entry("a", "article", {"title": "RETRACTED: Gardens"})).kind
    'retracted'
    >>> notice_of(Entry("a", "article", {"title": "Retraction: Gardens"})) is None
    True
    """
    found = list(_said(entry))
    return min(found, key=lambda one: _KINDS.index(one.kind), default=None)


def find_notices(
    entries: Iterable[Entry], watched: Mapping[str, Notice] | None = None
) -> dict[str, Notice]:
    """Return the notice on each entry that has one, by its key.

    `watched` are those of Retraction Watch, by DOI and PubMed number.
    """
    found = {}
    for entry in entries:
        listed = [watched.get(entry.doi), watched.get(entry.text("pmid"))] if watched else []
        is_back = any(notice is not None and not notice.kind for notice in listed)
        # What was reinstated keeps the mark of its retraction in databases.
        said = [one for one in _said(entry) if not (is_back and one.kind == RETRACTED)]
        known = [notice for notice in (*said, *listed) if notice is not None and notice.kind]
        if known:
            found[entry.key] = min(known, key=lambda one: _KINDS.index(one.kind))
    return found


def read_retraction_watch(path: Path, name: str) -> dict[str, Notice]:
    """Read Retraction Watch's table: the latest notice on each paper, by DOI and PubMed number.

    Raises BibliographyError for a file that is not there or has other columns.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        message = f"the table of retractions cannot be read: {error.strerror}."
        raise BibliographyError(message, Place(name)) from None
    separator = find_separator(text.partition("\n")[0])
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = rows.fieldnames or ()
    missing = [column for column in _COLUMNS if column not in names]
    if missing:
        message = f"the table of retractions has no column {missing[0]}."
        hint = "It is the CSV file of Retraction Watch that Crossref gives."
        raise BibliographyError(message, Place(name, row=1), hint)
    found: dict[str, tuple[tuple[int, ...], Notice]] = {}
    for row in rows:
        kind = _NATURES.get((row["RetractionNature"] or "").strip().lower())
        if kind is None:
            continue
        date = _date(row.get("RetractionDate") or "")
        notice = Notice(kind, f"Retraction Watch{_told(row.get('RetractionDate') or '')}")
        number = (row["OriginalPaperPubMedID"] or "").strip().removesuffix(".0")
        for value in (bare_doi(row["OriginalPaperDOI"] or ""), number):
            known = value.strip().lower() not in ("", "0", "unavailable", "none", "na")
            # A correction does not take a retraction back; a reinstatement does.
            if known and _replaces(found.get(value.strip()), date, kind):
                found[value.strip()] = date, notice
    return {value: notice for value, (_, notice) in found.items()}


def with_notice(entry: Entry, notice: Notice | None, labels: Mapping[str, str]) -> Entry:
    """Return an entry whose title says what was published on it, unless it does already."""
    if notice is None or (notice.kind == RETRACTED and _TITLE.search(entry.title)):
        return entry
    title = f"{entry.fields.get('title', '')} [{labels[notice.kind]}]"
    return replace(entry, fields={**entry.fields, "title": title})


def _said(entry: Entry) -> Iterator[Notice]:
    for field, kind in _FIELDS.items():
        if entry.fields.get(field):
            yield Notice(kind, entry.text(field))
    if any(_says_type(field, value) for field, value in entry.fields.items()):
        yield Notice(RETRACTED, "its type of publication")
    for name in _UPDATE.findall(entry.fields.get("csl-updated-by", "")):
        if kind := _UPDATES.get(name, ""):
            yield Notice(kind, "Crossref")
    titles = [entry.text(field) for field in _TITLES]
    if not any(map(_IS_NOTICE.match, titles)):
        if any(map(_TITLE.search, titles)):
            yield Notice(RETRACTED, "its title")
        if any(map(_CONCERN_TITLE.search, titles)):
            yield Notice(CONCERN, "its title")
    note = entry.text("note")
    if any(pattern.search(entry.text(field)) for field, pattern in _NOTE.items()):
        yield Notice(RETRACTED, "its note" if _NOTE["note"].search(note) else "its abstract")
    for pattern, kind in ((_CONCERN_NOTE, CONCERN), (_ERRATUM_NOTE, ERRATUM)):
        if pattern.search(note):
            yield Notice(kind, "its note")


def _says_type(field: str, value: str) -> bool:
    """Whether a field says that the record is a retracted publication."""
    if _FLAG.fullmatch(field):
        return value.strip().casefold() in ("true", "1", "yes")
    pattern = (
        _IS_KEYWORD if _KEYWORDS.fullmatch(field)
        else _IS_RETRACTED if _TYPES.fullmatch(field) else None
    )  # fmt: skip
    return pattern is not None and pattern.search(value) is not None


def _replaces(
    known: tuple[tuple[int, ...], Notice] | None, date: tuple[int, ...], kind: str
) -> bool:
    if known is None:
        return True
    return date >= known[0] and not (known[1].kind == RETRACTED and kind in (CONCERN, ERRATUM))


def _date(text: str) -> tuple[int, ...]:
    """Return a date of Retraction Watch, month before day, as numbers that can be compared."""
    found = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if found:
        return int(found[3]), int(found[1]), int(found[2])
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _told(date: str) -> str:
    day = date.split(" ")[0].strip()
    return f", {day}" if day else ""
