"""Screening decisions, and the flow of records computed from them and from the imports.

    data/screening.csv   record, stage, decision, reason, reviewer (and source, study, suggestion)
    data/imports.csv     what became of every imported record; `reviewpress import` writes it
    data/searches.yml    which export belongs to which source, and of which kind the source is

The boxes are those of PRISMA 2020 (Page et al. 2021), and the reports that await classification
and those of ongoing studies, which Cochrane's diagrams have beside them. In an update the boxes
count what is new; what the earlier version included is `previous_…`, and all of it `total_…`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from importlib.resources import files

from reviewpress.context import review_labels
from reviewpress.errors import DataError, Place, Problem
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.decisions import (
    AWAITING,
    BEFORE,
    DUPLICATE,
    EXCLUDE,
    FILE,
    FULL,
    INCLUDE,
    ONGOING,
    RETRIEVAL,
    STAGES,
    TITLE,
    FinalDecision,
    Screening,
    read_decisions,
    read_screening,
    same_works,
)
from reviewpress.evidence.flow import Counted, Flow, parse_flow
from reviewpress.evidence.flow_papers import check_papers, count_papers
from reviewpress.evidence.found_by import OTHER, with_sources
from reviewpress.evidence.import_log import FILE as IMPORTS
from reviewpress.evidence.import_log import read_log
from reviewpress.evidence.searches import EARLIER
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.studies import studies_by_key
from reviewpress.evidence.versions import Versions, read_versions
from reviewpress.keys import SOURCE_KINDS
from reviewpress.shapes import Plain

FLOW = "data/flow.csv"
LAYOUT = "flow-template.csv"
AUTOMATIC = "automation tool"


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Where records came from: its name, and the box of the flow they are counted in.

    `searches` are where those searches stand that found them.
    """

    name: str
    box: str
    found: int | None
    repeated: int = 0
    rejected: int = 0
    searches: Counted = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted in a box of the flow: a number, or a list of numbers as text."""

    value: int | str
    of: Counted
    listed: str = ""
    """The parts of a number, where PRISMA 2020 does not ask for them."""


def load_flow(evidence: Evidence) -> Flow:
    """Return the review's flow: its table, with what the screening decisions give filled in.

    Without `data/flow.csv` the empty table of PRISMA2020 is filled. A number that the table gives
    itself is kept; `check_screening` compares. Where there are no decisions, the table of papers
    says how many reports and studies are included. Raises DataError or Problems.
    """
    flow = _written_flow(evidence)
    if not evidence.holds(FILE):
        return flow.with_counts(count_papers(evidence, flow))
    counts = _counts(evidence, read_screening(evidence), flow)
    unknown = {box: count for box, count in counts.items() if flow.get(box) is None}
    return _listed(flow, unknown).with_counts(
        {box: count.value for box, count in unknown.items()},
        {box: count.of for box, count in unknown.items()},
    )


def load_earlier_flow(evidence: Evidence) -> Flow:
    """Return the flow of a living review's earlier versions, counted from their searches.

    What has been decided since on a report that was awaiting classification is of the update.
    Raises DataError where the review has no `earlier-version` in its searches.
    """
    screening = read_screening(evidence) if evidence.holds(FILE) else None
    versions = versions_of(evidence, screening)
    if screening is None or not versions.until:
        message = "the flow of earlier versions cannot be counted."
        hint = f"`{EARLIER}: {{until: …}}` in {SEARCHES} says which searches are theirs."
        raise DataError(message, Place(SEARCHES), hint)
    screening = with_sources(evidence, screening)
    before = _of_earlier(screening, versions)
    sources = read_sources(evidence, versions, earlier=True)
    studies = studies_by_key(evidence)
    counts = count_flow(before, sources, Versions(), studies)
    # What has been read since no longer waits, in any version.
    still = _of_earlier(screening, replace(versions, reopened=frozenset()))
    waiting = count_flow(still, (), Versions(), studies)
    for box in ("awaiting_studies", "awaiting_reports"):
        counts.pop(box, None)
        counts |= {box: waiting[box]} if box in waiting else {}
    flow = parse_flow(empty_flow(), SEARCHES)
    return _listed(flow, counts).with_counts(
        {box: count.value for box, count in counts.items()},
        {box: count.of for box, count in counts.items()},
    )


def _listed(flow: Flow, counts: Mapping[str, Count]) -> Flow:
    return replace(flow, listed={box: one.listed for box, one in counts.items() if one.listed})


def check_screening(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for each decision out of order and each number that the decisions belie.

    Without decisions, it is the table of papers that numbers are compared with.
    """
    if not evidence.holds(FILE):
        yield from check_papers(evidence, _written_flow(evidence))
        return
    screening = read_screening(evidence)
    yield from _out_of_order(screening)
    flow = _written_flow(evidence)
    counts = _counts(evidence, screening, flow)
    for box, count in counts.items():
        written, computed = flow.get(box), _number(count.value)
        if written is not None and written != computed:
            message = f"{box} is {written}, but the screening decisions give {computed}."
            hint = "Leave the number blank in the flow: it is then computed."
            yield Problem("flow", message, flow.place(box), hint, subject=box)


def versions_of(evidence: Evidence, screening: Screening | None) -> Versions:
    """Return what is of an earlier version of the review, as searches and flow speak of it."""
    flow = _written_flow(evidence)
    stated = any(flow.get(box) for box in ("previous_studies", "previous_reports"))
    return read_versions(evidence, screening, stated=stated)


def _counts(evidence: Evidence, screening: Screening, flow: Flow) -> dict[str, Count]:
    versions = versions_of(evidence, screening)
    sources = read_sources(evidence, versions)
    decided = with_sources(evidence, screening)
    counts = count_flow(decided, sources, versions, studies_by_key(evidence))
    if versions.until:
        before = read_sources(evidence, versions, earlier=True)
        again = {source.box for source in sources}
        # What was searched for an earlier version alone gave nothing for this one.
        counts |= {one.box: Count(0, one.searches) for one in before if one.box not in again}
    given = {box: flow.get(box) for box in ("previous_studies", "previous_reports")}
    counts |= _totals(counts, given) if versions.is_update else {}
    return counts


def read_sources(
    evidence: Evidence, versions: Versions | None = None, *, earlier: bool = False
) -> tuple[RecordSource, ...]:
    """Return the sources that were searched, with the records found in each.

    A search of `data/searches.yml` that names its export (`file:`) is counted in the import log;
    one that does not, by its `records:`. Searches of an earlier version are left out, and what
    they found counts as found before; with `earlier` they are the only ones.
    """
    if not evidence.holds(SEARCHES):
        return ()
    searches = evidence.searches.listed("searches")
    sources = evidence.searches.listed("sources")
    names = {str(item["id"]): item for item in sources if "id" in item}
    exports = {str(search["file"]) for search in searches if search.get("file")}
    decisions = read_decisions(evidence) if evidence.holds(FILE) else None
    seen = versions.known if versions is not None and not earlier else frozenset()
    outcomes = _outcomes(evidence, exports, same_works(evidence, decisions), seen)
    found: dict[str, RecordSource] = {}
    for number, search in enumerate(searches):
        if versions is not None and versions.is_earlier(search) != earlier:
            continue
        item = names.get(str(search.get("source")), {})
        box = SOURCE_KINDS.get(str(item.get("kind")), "")
        if not box:
            continue
        export = outcomes.get(str(search.get("file")), Counter())
        total = sum(export.values()) if export else _whole(search.get("records"))
        key = str(item["id"])
        before = found.get(key, RecordSource(str(item.get("name", key)), box, None))
        line = evidence.searches.line("searches", str(search.get("id", "")))
        place = Place(SEARCHES, line=line)
        found[key] = RecordSource(
            before.name,
            box,
            before.found if total is None else (before.found or 0) + total,
            before.repeated + export["repeated"],
            before.rejected + export["rejected"],
            {**before.searches, f"search {number}": place},
        )
    return tuple(found.values())


def _whole(value: Plain) -> int | None:
    return value if isinstance(value, int) else None


def not_searched(evidence: Evidence) -> tuple[str, ...]:
    """Return the boxes for kinds of sources of which the searches name none.

    Empty where no searches are described: what was searched is not known then.
    """
    boxes = {source.box for source in read_sources(evidence)}
    return (
        tuple(box for box in dict.fromkeys(SOURCE_KINDS.values()) if box not in boxes)
        if boxes
        else ()
    )


def count_flow(
    screening: Screening,
    sources: Iterable[RecordSource],
    versions: Versions,
    studies: Mapping[str, str],
) -> dict[str, Count]:
    """Count the boxes of the flow from settled decisions and sources.

    Records of websites, organisations and citation searching take the stream of other methods,
    all others that of databases and registers. `studies` names the study of each paper.
    """
    found = tuple(sources)
    kinds = {source.name: source.box for source in found}
    other = {name for name, source in screening.sources.items() if kinds.get(source) in OTHER}
    other |= versions.reopened
    now = _of_now(screening, versions)
    counts = dict(_identified(found))
    counts |= _before_screening(now, found)
    titles = now.stages.get(TITLE, {}).values()
    screened = [settled for settled in titles if settled.record not in other]
    excluded = [settled for settled in screened if settled.decision == EXCLUDE]
    counts["records_screened"] = _count(screened)
    unseen = [settled for settled in excluded if settled.unseen]
    told = _reasons(excluded) if any(s.reason for s in excluded if not s.unseen) else ""
    counts["records_excluded"] = replace(_count(excluded), listed=told)
    if unseen:
        counts["records_excluded_automatic"] = _count(unseen)
    counts |= _stream(now, "dbr", other, of_other=False)
    if other:
        counts |= _stream(now, "other", other, of_other=True)
    read = now.stages.get(FULL, {}).values()
    if again := [settled for settled in read if settled.record in versions.reopened]:
        counts["reopened_reports"] = _count(again)
    return counts | _included(now, versions, {**screening.studies, **studies})


def _of_now(screening: Screening, versions: Versions) -> Screening:
    """Return the decisions without those of an earlier version.

    A report that waited there comes by way of other methods: no search of now has found it.
    """
    read = (RETRIEVAL, FULL)
    stages = {
        stage: {
            name: one
            for name, one in found.items()
            if name not in versions.records and (stage in read or name not in versions.reopened)
        }
        for stage, found in screening.stages.items()
    }
    return replace(screening, stages=stages)


def _of_earlier(screening: Screening, versions: Versions) -> Screening:
    """Return the decisions of earlier versions; what was read again since was awaiting then."""
    stages = {
        stage: {
            name: replace(one, decision=AWAITING)
            if stage == FULL and name in versions.reopened
            else one
            for name, one in found.items()
            if name in versions.records or name in versions.reopened
        }
        for stage, found in screening.stages.items()
    }
    return replace(screening, stages=stages)


def _included(
    screening: Screening, versions: Versions, studies: Mapping[str, str]
) -> dict[str, Count]:
    """Count studies and reports: new, of the earlier version, awaiting and ongoing.

    Studies are counted where the review groups its reports, and in an update. A new report of an
    earlier study is none of a new study.
    """
    grouped = versions.is_update or bool(studies)

    def of(settled: Iterable[FinalDecision]) -> dict[str, Place]:
        return {studies.get(one.record, one.record): _place(one) for one in settled}

    included = screening.with_decision(FULL, INCLUDE)
    counts = {"new_reports": _count(included)}
    before = {key: Place(SEARCHES) for key in (*versions.papers, *versions.included)}
    known = {studies.get(key, key): place for key, place in before.items()}
    new = {name: place for name, place in of(included).items() if name not in known}
    if grouped:
        counts["new_studies"] = Count(len(new), new)
    if versions.until or before:
        counts["previous_reports"] = Count(len(before), before)
        counts["previous_studies"] = Count(len(known), known)
    for box, decision in (("awaiting", AWAITING), ("ongoing", ONGOING)):
        found = screening.with_decision(FULL, decision)
        if found:
            counts[f"{box}_reports"] = _count(found)
            counts[f"{box}_studies"] = Count(len(of(found)), of(found))
    return counts


def _totals(counts: Mapping[str, Count], given: Mapping[str, int | None]) -> dict[str, Count]:
    """Return the totals of an update: what is new, and what was there."""
    totals = {}
    for what in ("studies", "reports"):
        new = counts[f"new_{what}"]
        previous = counts.get(f"previous_{what}", Count(0, {}))
        stated = given[f"previous_{what}"]
        if stated is not None or f"previous_{what}" in counts:
            before = _number(previous.value) if stated is None else stated
            totals[f"total_{what}"] = Count(before + _number(new.value), {**previous.of, **new.of})
    return totals


def _written_flow(evidence: Evidence) -> Flow:
    if evidence.holds(FLOW):
        return parse_flow(evidence.path(FLOW).read_bytes(), FLOW)
    flow = parse_flow(empty_flow(), FILE)
    return replace(flow, rows=tuple(replace(row, row=0) for row in flow.rows))


def empty_flow() -> bytes:
    """Return the table of PRISMA2020 without any number."""
    return (files("reviewpress.evidence") / LAYOUT).read_bytes()


def _identified(sources: tuple[RecordSource, ...]) -> Iterator[tuple[str, Count]]:
    for box in dict.fromkeys(SOURCE_KINDS.values()):
        of_box = [source for source in sources if source.box == box]
        known = [source.found for source in of_box if source.found is not None]
        if not of_box or len(known) < len(of_box):
            continue
        searches = {name: at for source in of_box for name, at in source.searches.items()}
        yield box, Count(sum(known), searches)
        specific = box.replace("_results", "_specific_results")
        if box not in OTHER:
            listed = "; ".join(f"{source.name}, {source.found}" for source in of_box)
            yield specific, Count(listed, searches)


def _before_screening(
    screening: Screening, sources: tuple[RecordSource, ...]
) -> Iterator[tuple[str, Count]]:
    """Yield the boxes of what was removed before screening, by hand or by the import."""
    before = screening.with_decision(BEFORE, EXCLUDE)
    of_stream = [source for source in sources if source.box not in OTHER]
    for box, reason, imported in (
        ("duplicates", DUPLICATE, sum(source.repeated for source in of_stream)),
        ("excluded_automatic", AUTOMATIC, 0),
        ("excluded_other", None, sum(source.rejected for source in of_stream)),
    ):
        removed = [
            settled
            for settled in before
            if (settled.reason if settled.reason in (DUPLICATE, AUTOMATIC) else None) == reason
        ]
        yield box, Count(imported + len(removed), _places(removed))


def _stream(
    screening: Screening, prefix: str, other: set[str], *, of_other: bool
) -> dict[str, Count]:
    """Count sought, not retrieved, assessed and excluded reports of one stream."""

    def of_stream(settled: FinalDecision) -> bool:
        return (settled.record in other) == of_other

    passed = screening.with_decision(TITLE, INCLUDE)
    later = [s for stage in (RETRIEVAL, FULL) for s in screening.stages.get(stage, {}).values()]
    missing = [s for s in screening.with_decision(RETRIEVAL, EXCLUDE) if of_stream(s)]
    assessed = [s for s in screening.stages.get(FULL, {}).values() if of_stream(s)]
    excluded = [s for s in assessed if s.decision == EXCLUDE]
    told = _reasons(excluded)
    return {
        f"{prefix}_sought_reports": _count(s for s in (*later, *passed) if of_stream(s)),
        f"{prefix}_notretrieved_reports": _count(missing),
        f"{prefix}_assessed": _count(assessed),
        f"{prefix}_excluded": Count(told or 0, _places(excluded)),
    }


def _reasons(excluded: Iterable[FinalDecision]) -> str:
    """Return reasons with their numbers as PRISMA2020's lists have them, the most frequent first.

    Records that nobody saw have the words of their own line.
    """
    labels = review_labels()
    unseen, none = labels["flow-records-excluded-automatic"], labels["flow-no-reason"]
    reasons = Counter(unseen if one.unseen else _plain(one.reason) or none for one in excluded)
    listed = sorted(reasons.items(), key=lambda item: (item[0] == none, -item[1], item[0]))
    return "; ".join(f"{reason}, {number}" for reason, number in listed)


def _count(decisions: Iterable[FinalDecision]) -> Count:
    """Count the records on which something was decided, each once."""
    places = _places(decisions)
    return Count(len(places), places)


def _places(decisions: Iterable[FinalDecision]) -> Counted:
    return {settled.record: _place(settled) for settled in decisions}


def _place(settled: FinalDecision) -> Place:
    return Place(FILE, row=settled.row)


def _outcomes(
    evidence: Evidence, exports: Set[str], same: Mapping[str, str], known: Set[str]
) -> dict[str, Counter[str]]:
    """Count the records of each export: those found first, repeated ones and rejected ones.

    What repeats is a record that an export found before, or that is `known` from an earlier
    version. One that was merged with an entry that no export brought, but somebody's table of
    papers, is found for the first time.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    seen = set(known)
    if evidence.holds(IMPORTS):
        evidence.path(IMPORTS)
        for row in read_log(evidence.root):
            if row.file in exports:
                key = same.get(row.key, row.key)
                kind = "rejected" if not key else "repeated" if key in seen else "first"
                found[row.file][kind] += 1
                seen.add(key)
    return found


def _out_of_order(screening: Screening) -> Iterator[Problem]:
    """Check that a record goes on after an inclusion, and stops after an exclusion."""
    for number, stage in enumerate(STAGES):
        later = STAGES[number + 1 :]
        for settled in screening.stages.get(stage, {}).values():
            place = Place(screening.name, row=settled.row)
            after = next((s for s in later if settled.record in screening.stages.get(s, {})), None)
            if settled.decision == EXCLUDE and after is not None:
                message = f'"{settled.record}" was excluded ({stage}), yet decided on at {after}.'
                yield Problem("screening", message, place, subject=settled.record)
            if settled.decision == INCLUDE and after is None and stage in (TITLE, RETRIEVAL):
                message = (
                    f'"{settled.record}" was included ({stage}), and has no decision after that.'
                )
                yield Problem("screening", message, place, subject=settled.record)
            if settled.decision == EXCLUDE and stage == FULL and not settled.reason:
                message = f'"{settled.record}" was excluded on full text without a reason.'
                yield Problem("screening", message, place, subject=settled.record)


def _plain(reason: str) -> str:
    """Return a reason as PRISMA2020's lists can hold it: commas and semicolons separate there."""
    return reason.replace(";", ",").strip()


def _number(value: int | str) -> int:
    """Return a box's number, that of a list being the sum of its parts."""
    if isinstance(value, str):
        parts = [part.rpartition(",")[2].strip() for part in value.split(";")]
        return sum(int(part) for part in parts if part.isdigit())
    return value
