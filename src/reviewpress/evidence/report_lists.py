"""The reports of a review by what was decided on their full texts, as Cochrane publishes them.

Included, excluded with the reason, awaiting classification, ongoing: in this order. Each with its
reference, whether or not the text cites it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewpress.bibliography import Entry, with_notice
from reviewpress.errors import DataError, nearest
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import (
    AWAITING,
    EXCLUDE,
    FILE,
    FULL,
    INCLUDE,
    ONGOING,
    read_screening,
)
from reviewpress.evidence.studies import read_studies, studies_by_key
from reviewpress.identifiers import plain_letters
from reviewpress.labels import load_labels
from reviewpress.markdown import Markdown, escape

LISTS = {
    "included": INCLUDE,
    "excluded": EXCLUDE,
    "awaiting": AWAITING,
    "ongoing": ONGOING,
}
"""What the lists are called, in Cochrane's order, and the decision that puts a report there."""


@dataclass(frozen=True, slots=True)
class ListedReport:
    """One report of a list: its study, its reference in Markdown, and why it is there."""

    key: str
    study: str
    reference: Markdown
    reason: str = ""


def list_reports(evidence: Evidence, name: str) -> tuple[ListedReport, ...]:
    """Return the reports of one of the `LISTS`, by study and year.

    The included ones are the papers of the table. Raises DataError for another name, and what
    reading the decisions raises.
    """
    if name not in LISTS:
        message = f'reports are not listed as "{name}".'
        raise DataError(message, hint=nearest(name, LISTS))
    found = _included(evidence) if name == "included" else _decided(evidence, LISTS[name])
    return tuple(sorted(found, key=lambda one: (plain_letters(one.study), one.key)))


def _included(evidence: Evidence) -> list[ListedReport]:
    rows = evidence.rows(PAPERS)
    keys = dict(zip(rows.row_keys, rows.texts("citekey"), strict=True))
    return [
        ListedReport(keys[code], study.name, reference_of(evidence, keys[code]))
        for study in read_studies(evidence)
        for code in study.codes
    ]


def _decided(evidence: Evidence, decision: str) -> list[ListedReport]:
    if not evidence.holds(FILE):
        return []
    screening = read_screening(evidence)
    studies = {**screening.studies, **studies_by_key(evidence)}
    notes = {vote.record: vote.note for vote in screening.votes if vote.note and vote.stage == FULL}
    return [
        ListedReport(
            one.record,
            studies.get(one.record) or _label(evidence.bibliography.get(one.record)) or one.record,
            reference_of(evidence, one.record),
            one.reason or notes.get(one.record, ""),
        )
        for one in screening.with_decision(FULL, decision)
    ]


def _label(entry: Entry | None) -> str:
    people = (entry.authors or entry.editors) if entry else ()
    year = f" {entry.year}" if entry and entry.year else ""
    return f"{people[0].family}{year}" if people else ""


def reference_of(evidence: Evidence, key: str) -> Markdown:
    """Return the reference of an entry in Markdown, the key where the bibliography lacks it."""
    entry = evidence.bibliography.get(key)
    if entry is None:
        return Markdown(escape(key))
    labels = load_labels(evidence.config)
    return Markdown(write_reference(with_notice(entry, evidence.notices.get(key), labels)))


def write_reference(entry: Entry) -> str:
    r"""Return a reference in words: people, year, title, where it was published, DOI.

    >>> fields = {"author": "Ash, Ann and Li, Bo", "title": "Gardens", "year": "2020",
    ...           "journal": "Parks", "volume": "3", "pages": "1--9", "doi": "10.1000/1"}
    >>> print(write_reference(Entry("ash2020", "article", fields)))
    Ash A, Li B (2020) Gardens. *Parks* 3: 1–9. [doi:10\.1000/1](https://doi.org/10.1000/1)
    """
    people = ", ".join(
        " ".join(filter(None, (name.family, _initials(name.given))))
        for name in entry.authors or entry.editors
    )
    year = f"({entry.text('year')})" if entry.text("year") else ""
    where = entry.first("journal", "booktitle", "publisher", "institution", "howpublished")
    place = entry.text("volume") + (f"({entry.text('number')})" if entry.text("number") else "")
    pages = entry.text("pages").replace("--", "–")
    source = " ".join(filter(None, (f"*{escape(where)}*" if where else "", escape(place))))
    source = f"{source}: {escape(pages)}" if pages and source else source or escape(pages)
    parts = [
        " ".join(filter(None, (escape(people), year, f"{escape(entry.title.rstrip('.'))}."))),
        f"{source}." if source else "",
        _link(entry),
    ]
    return " ".join(filter(None, parts))


def _initials(given: str) -> str:
    return "".join(part[0] for part in given.replace("-", " ").replace(".", " ").split() if part)


def _link(entry: Entry) -> str:
    if entry.doi:
        return f"[doi:{escape(entry.doi)}](https://doi.org/{entry.doi})"
    return ""
