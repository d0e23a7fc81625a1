"""Screening decisions, and the flow of records computed from them and from the imports.

    data/screening.csv   record, stage, decision, reason, reviewer (and source, study, suggestion)
    data/imports.csv     what became of every imported record; `reviewpress import` writes it
    data/searches.yml    which export belongs to which source, and of which kind the source is

Where several reviewers decide on a record and differ, or one is unsure, a row of the reviewer
`agreed` settles it. The boxes are those of PRISMA 2020 (Page et al. 2021).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from importlib.resources import files
from types import MappingProxyType

from reviewpress.errors import Place, Problem, raise_all
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.duplicates import FILE as PAIRS
from reviewpress.evidence.duplicates import one_work, read_pair_decisions
from reviewpress.evidence.flow import Counted, Flow, parse_flow
from reviewpress.evidence.import_log import read_log
from reviewpress.shapes import Plain
from reviewpress.tables.reader import Row, TableRows, decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table

FILE = "data/screening.csv"
FLOW = "data/flow.csv"
IMPORTS = "data/imports.csv"
SEARCHES = "data/searches.yml"
LAYOUT = "flow-template.csv"
BEFORE, TITLE, RETRIEVAL, FULL = "before screening", "title and abstract", "retrieval", "full text"
STAGES = (BEFORE, TITLE, RETRIEVAL, FULL)
DECISIONS = ("include", "exclude", "unsure")
AGREED = "agreed"
DUPLICATE, AUTOMATIC = "duplicate", "automation tool"
KINDS = {
    "database": "database_results",
    "register": "register_results",
    "website": "website_results",
    "grey literature": "website_results",
    "organisation": "organisation_results",
    "experts": "organisation_results",
    "citation": "citations_results",
}
"""The box that the records of a kind of source are counted in."""
_OTHER = ("website_results", "organisation_results", "citations_results")
_REQUIRED = (
    Field("record", title="Record", required=True),
    Field("stage", title="Stage", required=True, enum=STAGES),
    Field("decision", title="Decision", required=True, enum=DECISIONS),
    Field("reason", title="Reason"),
    Field("reviewer", title="Reviewer", required=True),
)
_OPTIONAL = (
    Field("source", title="Source"),
    Field("study", title="Study"),
    Field("suggestion", title="What an AI suggested"),
)


@dataclass(frozen=True, slots=True)
class FinalDecision:
    """What was decided in the end on one record at one stage; `row` is where it stands."""

    record: str
    stage: str
    decision: str
    reason: str
    row: int


@dataclass(frozen=True, slots=True)
class Screening:
    """The settled decisions by stage and record, and each record's source and study.

    `one_work` maps an entry that is the same as another to the one that is counted.
    """

    name: str
    stages: Mapping[str, Mapping[str, FinalDecision]]
    sources: Mapping[str, str]
    studies: Mapping[str, str]
    one_work: Mapping[str, str] = field(default_factory=dict)

    def with_decision(self, stage: str, decision: str) -> tuple[FinalDecision, ...]:
        """Return the records of a stage on which this was decided, in the table's order."""
        found = self.stages.get(stage, {}).values()
        return tuple(settled for settled in found if settled.decision == decision)


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


def load_flow(evidence: Evidence) -> Flow:
    """Return the review's flow: its table, with what the screening decisions give filled in.

    Without `data/flow.csv` the empty table of PRISMA2020 is filled. A number that the table gives
    itself is kept; `check_screening` compares. Raises DataError or Problems.
    """
    flow = _written_flow(evidence)
    if not evidence.holds(FILE):
        return flow
    counts = count_flow(read_screening(evidence), read_sources(evidence))
    unknown = {box: count for box, count in counts.items() if flow.get(box) is None}
    return flow.with_counts(
        {box: count.value for box, count in unknown.items()},
        {box: count.of for box, count in unknown.items()},
    )


def check_screening(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for each decision out of order and each number that the decisions belie."""
    if not evidence.holds(FILE):
        return
    screening = read_screening(evidence)
    yield from _out_of_order(screening)
    counts = count_flow(screening, read_sources(evidence))
    flow = _written_flow(evidence)
    for box, count in counts.items():
        written, computed = flow.get(box), _number(count.value)
        if written is not None and written != computed:
            message = f"{box} is {written}, but the screening decisions give {computed}."
            hint = "Leave the number blank in the flow: it is then computed."
            yield Problem("flow", message, flow.place(box), hint, subject=box)


def read_screening(evidence: Evidence) -> Screening:
    """Read the screening decisions and settle them.

    Raises DataError, or Problems with every wrong cell and every decision that is not settled.
    """
    rows = _read_decisions(evidence)
    return settle_decisions(rows, _one_work(evidence, rows))


def _read_decisions(evidence: Evidence) -> TableRows:
    path = evidence.path(FILE)
    content = read_bytes(path, FILE)
    header = decode_table(content, FILE).partition("\n")[0]
    names = {name.strip(' "\r') for name in header.split(",")}
    optional = tuple(field for field in _OPTIONAL if field.name in names)
    table = Table("screening", path.name, (*_REQUIRED, *optional), title="Screening decisions")
    return parse_table(content, table, FILE)


def settle_decisions(
    rows: TableRows, one_work: Mapping[str, str] = MappingProxyType({})
) -> Screening:
    """Settle what several reviewers decided on each record, stage by stage.

    `one_work` maps records to those that they are the same as: a decision on either is one on
    both, and that the former is a duplicate goes without saying.

    Raises Problems naming each record on which they differ and no row `agreed` decides.
    """
    votes: dict[str, dict[str, list[tuple[int, Row]]]] = {}
    sources: dict[str, str] = {}
    studies: dict[str, str] = {}
    for position, record in enumerate(rows.records()):
        name, stage = str(record["record"]), str(record["stage"])
        if name in one_work:
            if stage == BEFORE and record["reason"] == DUPLICATE:
                continue
            name = one_work[name]
        votes.setdefault(stage, {}).setdefault(name, []).append((rows.numbers[position], record))
        for column, kept in (("source", sources), ("study", studies)):
            if record.get(column):
                kept.setdefault(name, str(record[column]))
    problems: list[Problem] = []
    stages = {
        stage: {
            name: _settle(name, stage, cast, rows.name, problems) for name, cast in found.items()
        }
        for stage, found in votes.items()
    }
    raise_all(problems)
    return Screening(rows.name, stages, sources, studies, one_work)


def read_sources(evidence: Evidence) -> tuple[RecordSource, ...]:
    """Return the sources that were searched, with the records found in each.

    A search of `data/searches.yml` that names its export (`file:`) is counted in the import log;
    one that does not, by its `records:`.
    """
    if not evidence.holds(SEARCHES):
        return ()
    searches = evidence.searches.listed("searches")
    sources = evidence.searches.listed("sources")
    names = {str(item["id"]): item for item in sources if "id" in item}
    exports = {str(search["file"]) for search in searches if search.get("file")}
    decisions = _read_decisions(evidence) if evidence.holds(FILE) else None
    outcomes = _outcomes(evidence, exports, _one_work(evidence, decisions))
    found: dict[str, RecordSource] = {}
    for number, search in enumerate(searches):
        item = names.get(str(search.get("source")), {})
        box = KINDS.get(str(item.get("kind")), "")
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
    return tuple(box for box in dict.fromkeys(KINDS.values()) if box not in boxes) if boxes else ()


def count_flow(screening: Screening, sources: Iterable[RecordSource]) -> dict[str, Count]:
    """Count the boxes of the flow from settled decisions and sources.

    Records of websites, organisations and citation searching take the stream of other methods,
    all others that of databases and registers.
    """
    found = tuple(sources)
    kinds = {source.name: source.box for source in found}
    other = {name for name, source in screening.sources.items() if kinds.get(source) in _OTHER}
    counts = dict(_identified(found))
    counts |= _before_screening(screening, found)
    titles = screening.stages.get(TITLE, {}).values()
    screened = [settled for settled in titles if settled.record not in other]
    counts["records_screened"] = _count(screened)
    counts["records_excluded"] = _count(s for s in screened if s.decision == "exclude")
    counts |= _stream(screening, "dbr", other, of_other=False)
    if other:
        counts |= _stream(screening, "other", other, of_other=True)
    included = screening.with_decision(FULL, "include")
    counts["new_reports"] = _count(included)
    if screening.studies:
        studies = {screening.studies.get(s.record, s.record): _place(s) for s in included}
        counts["new_studies"] = Count(len(studies), studies)
    return counts


def _written_flow(evidence: Evidence) -> Flow:
    if evidence.holds(FLOW):
        return parse_flow(evidence.path(FLOW).read_bytes(), FLOW)
    flow = parse_flow(empty_flow(), FILE)
    return replace(flow, rows=tuple(replace(row, row=0) for row in flow.rows))


def empty_flow() -> bytes:
    """Return the table of PRISMA2020 without any number."""
    return (files("reviewpress.evidence") / LAYOUT).read_bytes()


def _identified(sources: tuple[RecordSource, ...]) -> Iterator[tuple[str, Count]]:
    for box in dict.fromkeys(KINDS.values()):
        of_box = [source for source in sources if source.box == box]
        known = [source.found for source in of_box if source.found is not None]
        if not of_box or len(known) < len(of_box):
            continue
        searches = {name: at for source in of_box for name, at in source.searches.items()}
        yield box, Count(sum(known), searches)
        specific = box.replace("_results", "_specific_results")
        if box not in _OTHER:
            listed = "; ".join(f"{source.name}, {source.found}" for source in of_box)
            yield specific, Count(listed, searches)


def _before_screening(
    screening: Screening, sources: tuple[RecordSource, ...]
) -> Iterator[tuple[str, Count]]:
    """Yield the boxes of what was removed before screening, by hand or by the import."""
    before = screening.with_decision(BEFORE, "exclude")
    of_stream = [source for source in sources if source.box not in _OTHER]
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

    passed = screening.with_decision(TITLE, "include")
    later = [s for stage in (RETRIEVAL, FULL) for s in screening.stages.get(stage, {}).values()]
    missing = [s for s in screening.with_decision(RETRIEVAL, "exclude") if of_stream(s)]
    assessed = [s for s in screening.stages.get(FULL, {}).values() if of_stream(s)]
    excluded = [s for s in assessed if s.decision == "exclude"]
    reasons = Counter(s.reason or "No reason given" for s in excluded)
    listed = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    told = "; ".join(f"{_plain(reason)}, {number}" for reason, number in listed)
    return {
        f"{prefix}_sought_reports": _count(s for s in (*later, *passed) if of_stream(s)),
        f"{prefix}_notretrieved_reports": _count(missing),
        f"{prefix}_assessed": _count(assessed),
        f"{prefix}_excluded": Count(told or 0, _places(excluded)),
    }


def _count(decisions: Iterable[FinalDecision]) -> Count:
    """Count the records on which something was decided, each once."""
    places = _places(decisions)
    return Count(len(places), places)


def _places(decisions: Iterable[FinalDecision]) -> Counted:
    return {settled.record: _place(settled) for settled in decisions}


def _place(settled: FinalDecision) -> Place:
    return Place(FILE, row=settled.row)


def _one_work(evidence: Evidence, rows: TableRows | None) -> dict[str, str]:
    """Return which entries are the same as others.

    By the decisions on pairs; and a record excluded as a duplicate of a paper that no import
    brought is that paper, found for the first time.
    """
    if not evidence.holds(IMPORTS):
        return {}
    evidence.path(IMPORTS)
    if evidence.holds(PAIRS):
        evidence.path(PAIRS)
    log = read_log(evidence.root)
    known = one_work(read_pair_decisions(evidence.root), log)
    likes = {row.key: row.like for row in log if row.outcome == "unsure"}
    brought = {known.get(row.key, row.key) for row in log}
    for record in rows.records() if rows is not None else ():
        key = str(record["record"])
        like = known.get(likes.get(key, ""), likes.get(key, ""))
        excluded = record["stage"] == BEFORE and record["decision"] == "exclude"
        if excluded and record["reason"] == DUPLICATE and like and like not in brought:
            known.setdefault(key, like)
    return known


def _outcomes(
    evidence: Evidence, exports: Set[str], same: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """Count the records of each export: those found first, repeated ones and rejected ones.

    What repeats is a record that an export found before. One that was merged with an entry that
    no export brought, but somebody's table of papers, is found for the first time.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[str] = set()
    if evidence.holds(IMPORTS):
        evidence.path(IMPORTS)
        for row in read_log(evidence.root):
            if row.file in exports:
                key = same.get(row.key, row.key)
                kind = "rejected" if not key else "repeated" if key in seen else "first"
                found[row.file][kind] += 1
                seen.add(key)
    return found


def _settle(
    name: str,
    stage: str,
    cast: list[tuple[int, Row]],
    file: str,
    problems: list[Problem],
) -> FinalDecision:
    agreed = [vote for vote in cast if vote[1]["reviewer"] == AGREED]
    row, record = (agreed or cast)[-1]
    decisions = {vote[1]["decision"] for vote in (agreed or cast)}
    if len(decisions) > 1 or decisions == {"unsure"}:
        told = ", ".join(f"{vote[1]['decision']} ({vote[1]['reviewer']})" for vote in cast)
        message = f'the decision on "{name}" at the stage {stage} is not settled: {told}.'
        hint = f"Add a row with what was agreed, by the reviewer {AGREED}."
        problems.append(Problem("screening", message, Place(file, row=row), hint, subject=name))
    reasons = [str(vote[1]["reason"]) for vote in (agreed or cast) if vote[1]["reason"]]
    return FinalDecision(name, stage, str(record["decision"]), reasons[0] if reasons else "", row)


def _out_of_order(screening: Screening) -> Iterator[Problem]:
    """Check that a record goes on after an inclusion, and stops after an exclusion."""
    for number, stage in enumerate(STAGES):
        later = STAGES[number + 1 :]
        for settled in screening.stages.get(stage, {}).values():
            place = Place(screening.name, row=settled.row)
            after = next((s for s in later if settled.record in screening.stages.get(s, {})), None)
            if settled.decision == "exclude" and after is not None:
                message = f'"{settled.record}" was excluded ({stage}), yet decided on at {after}.'
                yield Problem("screening", message, place, subject=settled.record)
            if settled.decision == "include" and after is None and stage in (TITLE, RETRIEVAL):
                message = (
                    f'"{settled.record}" was included ({stage}), and has no decision after that.'
                )
                yield Problem("screening", message, place, subject=settled.record)
            if settled.decision == "exclude" and stage == FULL and not settled.reason:
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
