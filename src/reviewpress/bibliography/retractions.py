"""Retractions, expressions of concern and errata: what records, titles and Retraction Watch say.

PubMed links a paper with its notice: `RIN` is where it was retracted, `RRI` where also published
again, `ECI` where concern was expressed, `EIN` and `CRI` where it was corrected; `PT` has
"Retracted Publication". Publishers write RETRACTED before the title. Retraction Watch's table has
a row for each notice. A notice itself is none of these, and an erratum is no retraction.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.bibliography.entries import Entry, bare_doi
from reviewpress.errors import BibliographyError, Place

RETRACTED, CONCERN, ERRATUM = "retracted", "expression-of-concern", "erratum"
"""The kinds of notices, the gravest first; each is the name of its label and, but one, a rule."""
_KINDS = (RETRACTED, CONCERN, ERRATUM)
_TAGS = {"rin": RETRACTED, "rri": RETRACTED, "eci": CONCERN, "ein": ERRATUM, "cri": ERRATUM}
_FIELDS = {
    **{f"{maker}-{tag}": kind for maker in ("nbib", "pubmed") for tag, kind in _TAGS.items()},
    "ris-rin": RETRACTED, "retraction-in": RETRACTED,
}  # fmt: skip
_TYPES = ("nbib-pt", "pubmed-types", "ris-pt", "ris-m3", "type")
_IS_RETRACTED = re.compile(r"\bretracted publication\b|\bretracted article\b", re.IGNORECASE)
_IS_NOTICE = re.compile(
    r"^\W*(?:notice of )?(?:retraction(?: of| note| notice|:)|expression of concern"
    r"|erratum|corrigendum|correction)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(?:retracted(?: article| paper| chapter)?\s*(?:[:\])—–-]|\.\s)|withdrawn\s*[:\])—–-])"
    r"|[\[(]\s*retracted(?: article[^\])]*)?\s*[\])]\W*$",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\bretract(?:ed|ion) (?:in|by)\b", re.IGNORECASE)
_CONCERN_NOTE = re.compile(r"\bexpression of concern (?:in|for)\b", re.IGNORECASE)
_ERRATUM_NOTE = re.compile(r"\berrat(?:um|a) (?:in|appears? in)\b", re.IGNORECASE)
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
        said = [notice_of(entry)]
        if watched:
            said += [watched.get(entry.doi), watched.get(entry.text("pmid"))]
        known = [notice for notice in said if notice is not None and notice.kind]
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
    rows = csv.DictReader(text.splitlines(keepends=True))
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
        for value in (bare_doi(row["OriginalPaperDOI"] or ""), row["OriginalPaperPubMedID"] or ""):
            known = value.strip() not in ("", "0", "unavailable")
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
    if any(_IS_RETRACTED.search(entry.fields.get(field, "")) for field in _TYPES):
        yield Notice(RETRACTED, "its type of publication")
    if _TITLE.search(entry.title) and not _IS_NOTICE.search(entry.title):
        yield Notice(RETRACTED, "its title")
    note = entry.text("note")
    for pattern, kind in ((_NOTE, RETRACTED), (_CONCERN_NOTE, CONCERN), (_ERRATUM_NOTE, ERRATUM)):
        if note and pattern.search(note):
            yield Notice(kind, "its note")


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
