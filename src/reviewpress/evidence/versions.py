"""Which searches, decisions and papers belong to an earlier version of the review.

    earlier-version: {until: 2025-01-31}      in data/searches.yml

Searches of that day or before are of the earlier version, and so are the records that they found
first, with the decisions on them, unless one of a later date is on their full text, as where a
report was awaiting classification. A record that no search found is of the version in which its
source was searched, or in which it was decided on, where its row has a date. Papers of the table
that no decision includes are of the earlier version too: they need no new decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import FULL, INCLUDE, Screening
from reviewpress.evidence.import_log import FILE as IMPORTS
from reviewpress.evidence.import_log import read_log
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.searches import is_before
from reviewpress.shapes import Plain


@dataclass(frozen=True, slots=True)
class Versions:
    """What is of the earlier version: until when, its exports, records and papers (citekeys).

    Nothing where there was none.
    """

    until: str = ""
    exports: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    papers: tuple[str, ...] = ()
    included: tuple[str, ...] = field(default=())
    reopened: frozenset[str] = frozenset()
    """Records that an earlier search found, and on which a decision of now was made."""

    @property
    def is_update(self) -> bool:
        """Whether there was an earlier version."""
        return bool(self.until or self.papers or self.included)

    @property
    def known(self) -> frozenset[str]:
        """The records and papers that no search of now finds for the first time."""
        if not self.is_update:
            return frozenset()
        return self.records.union(self.papers, self.included, self.reopened)

    def is_earlier(self, search: Mapping[str, Plain]) -> bool:
        """Whether a search was of the earlier version."""
        return bool(self.until) and is_before(search.get("date"), self.until)


def read_versions(evidence: Evidence, screening: Screening | None, *, stated: bool) -> Versions:
    """Return what is of the earlier version; `stated` where the flow's table speaks of one."""
    until = evidence.searches.earlier_until if evidence.holds(SEARCHES) else ""
    if not until and not stated:
        return Versions()
    version = Versions(until)
    records: frozenset[str] = frozenset()
    reopened: frozenset[str] = frozenset()
    exports: frozenset[str] = frozenset()
    if until:
        searches = evidence.searches.listed("searches")
        earlier = [search for search in searches if version.is_earlier(search)]
        exports = frozenset(str(search["file"]) for search in earlier if search.get("file"))
        if screening is not None:
            records = frozenset(_earlier_records(evidence, screening, version, exports))
            found = _first_exports(evidence, screening)
            decided_on = {vote.record for vote in screening.votes} - records
            reopened = frozenset(name for name in decided_on if found.get(name) in exports)
    papers = _citekeys(evidence)
    decided = screening.stages.get(FULL, {}) if screening else {}
    included = [key for key, one in decided.items() if one.decision == INCLUDE and key in records]
    now = {key for key, one in decided.items() if one.decision == INCLUDE}
    lacking = [key for key in papers if key not in now]
    return Versions(until, exports, records, tuple(lacking), tuple(included), reopened)


def _earlier_records(
    evidence: Evidence, screening: Screening, version: Versions, exports: frozenset[str]
) -> Iterable[str]:
    """Yield the records with decisions that were found, or decided on, in the earlier version."""
    dated: dict[str, str] = {}
    for vote in screening.votes:
        dated[vote.record] = max(dated.get(vote.record, ""), vote.date)
    found = _first_exports(evidence, screening)
    sources = _sources_of_now(evidence, version)
    for record in dict.fromkeys(vote.record for vote in screening.votes):
        if dated[record]:
            earlier = is_before(dated[record], version.until)
        elif record in found:
            earlier = found[record] in exports
        else:
            earlier = screening.sources.get(record) not in sources
        if earlier:
            yield record


def _first_exports(evidence: Evidence, screening: Screening) -> dict[str, str]:
    """Return the export in which each record was found first."""
    found: dict[str, str] = {}
    if evidence.holds(IMPORTS):
        for row in read_log(evidence.root):
            found.setdefault(screening.one_work.get(row.key, row.key), row.file)
    return found


def _sources_of_now(evidence: Evidence, version: Versions) -> frozenset[str]:
    """Return the names of the sources that were searched for this version alone."""
    dates: dict[str, set[bool]] = {}
    for search in evidence.searches.listed("searches"):
        dates.setdefault(str(search.get("source")), set()).add(version.is_earlier(search))
    return frozenset(
        str(source.get("name", source.get("id")))
        for source in evidence.searches.listed("sources")
        if dates.get(str(source.get("id"))) == {False}
    )


def _citekeys(evidence: Evidence) -> tuple[str, ...]:
    if not evidence.has(PAPERS) or "citekey" not in evidence.rows(PAPERS).table.columns:
        return ()
    return evidence.rows(PAPERS).texts("citekey")
