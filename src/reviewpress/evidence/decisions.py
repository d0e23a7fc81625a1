"""Decisions on records: read from `data/screening.csv`, and settled stage by stage.

    record, stage, decision, reason, reviewer                required
    source, study, suggestion, date, labels, note, export    optional

Where several reviewers decide on a record and differ, or one is unsure, a row of the reviewer
`agreed` settles it. A row of the reviewer `automation` stands for a record that nobody saw because
screening had stopped; one decision of a person outweighs it. What a tool suggests has a column of
its own and decides nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from reviewpress.errors import Place, Problem, raise_all
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.duplicates import FILE as PAIRS
from reviewpress.evidence.duplicates import one_work, read_pair_decisions
from reviewpress.evidence.import_log import FILE as IMPORTS
from reviewpress.evidence.import_log import read_log
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.searches import is_before
from reviewpress.tables.reader import Row, TableRows, decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table

FILE = "data/screening.csv"
BEFORE, TITLE, RETRIEVAL, FULL = "before screening", "title and abstract", "retrieval", "full text"
STAGES = (BEFORE, TITLE, RETRIEVAL, FULL)
INCLUDE, EXCLUDE, UNSURE = "include", "exclude", "unsure"
AWAITING, ONGOING = "awaiting classification", "ongoing"
OUTCOMES = (INCLUDE, EXCLUDE, AWAITING, ONGOING)
"""What a full-text decision may be, in the order in which Cochrane lists the reports."""
DECISIONS = (*OUTCOMES, UNSURE)
AGREED, AUTOMATION = "agreed", "automation"
DUPLICATE = "duplicate"
REQUIRED = (
    Field("record", title="Record", required=True),
    Field("stage", title="Stage", required=True, enum=STAGES),
    Field("decision", title="Decision", required=True, enum=DECISIONS),
    Field("reason", title="Reason"),
    Field("reviewer", title="Reviewer", required=True),
)
OPTIONAL = (
    Field("source", title="Source"),
    Field("study", title="Study"),
    Field("suggestion", title="What a tool suggested"),
    Field("date", title="Date"),
    Field("labels", title="Labels"),
    Field("note", title="Note"),
    Field("export", title="The file that it was imported from"),
)
_TOOL = re.compile(
    r"(?:\w+ )?(?:ai|llm|robot|machine)(?: (?:as )?(?:second|third))?"
    r" (?:reviewer|screener|screening|assistant|copilot|classifier|model|agent)s?(?: \d+)?"
    r"|(?:rayyan|distiller|distillersr|covidence|easyslr)(?:'s)? ?(?:ai|robot)"
    r"|robot|(?:chat ?)?gpt(?:[ -]?\d[\w.]*)?(?: [\w.]+)?",
    re.IGNORECASE,
)
"""What screening programs call an AI among the reviewers. A person may be called AI or Daisy."""
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")


@dataclass(frozen=True, slots=True)
class Vote:
    """One row: what one reviewer decided on one record at one stage; `row` is where it stands."""

    record: str
    stage: str
    decision: str
    reason: str
    reviewer: str
    row: int
    date: str = ""
    note: str = ""

    @property
    def is_independent(self) -> bool:
        """Whether a person made it before consensus."""
        return self.reviewer not in (AGREED, AUTOMATION)


@dataclass(frozen=True, slots=True)
class FinalDecision:
    """What was decided in the end on one record at one stage; `row` is where it stands."""

    record: str
    stage: str
    decision: str
    reason: str
    row: int
    unseen: bool = False
    date: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """The settled decisions by stage and record, and each record's source and study.

    `votes` are the rows that they rest on. `one_work` maps an entry that is the same as another to
    the one that is counted.
    """

    name: str
    stages: Mapping[str, Mapping[str, FinalDecision]]
    sources: Mapping[str, str]
    studies: Mapping[str, str]
    one_work: Mapping[str, str] = field(default_factory=dict)
    votes: tuple[Vote, ...] = field(default=(), repr=False)

    def with_decision(self, stage: str, decision: str) -> tuple[FinalDecision, ...]:
        """Return the records of a stage on which this was decided, in the table's order."""
        found = self.stages.get(stage, {}).values()
        return tuple(settled for settled in found if settled.decision == decision)


_Votes = dict[str, dict[str, list[Vote]]]
"""Decisions by stage and record."""


def is_tool(reviewer: str) -> bool:
    """Whether the name of a reviewer is one that screening programs give a tool.

    >>> is_tool("AI Reviewer"), is_tool("DistillerAI"), is_tool("AI"), is_tool("Ai Tanaka")
    (True, True, False, False)
    """
    return _TOOL.fullmatch(" ".join(reviewer.replace("_", " ").split())) is not None


def read_screening(evidence: Evidence) -> Screening:
    """Read the screening decisions and settle them.

    Raises DataError, or Problems with every wrong cell and every decision that is not settled.
    """
    rows = read_decisions(evidence)
    until = evidence.searches.earlier_until if evidence.holds(SEARCHES) else ""
    return settle_decisions(rows, same_works(evidence, rows), until)


def read_votes(evidence: Evidence) -> tuple[Vote, ...]:
    """Return all decisions, whether or not they are settled.

    Raises DataError, or Problems with every wrong cell.
    """
    rows = read_decisions(evidence)
    votes, _, problems = _cast(rows, same_works(evidence, rows))
    raise_all(problems)
    return _listed(votes)


def read_decisions(evidence: Evidence) -> TableRows:
    """Read the table of decisions as it stands. Raises DataError, or Problems by cell."""
    return parse_decisions(read_bytes(evidence.path(FILE), FILE))


def decided_keys(root: Path, stages: Collection[str] = STAGES) -> frozenset[str]:
    """Return the records on which something was decided at the stages, as far as rows can be read.

    They belong to the review's bibliography, whether or not a text cites them.
    """
    path = root / FILE
    if not path.is_file():
        return frozenset()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        return frozenset(
            str(row.get("record")).strip() for row in rows if row.get("stage") in stages
        )


@lru_cache(maxsize=2)
def parse_decisions(content: bytes) -> TableRows:
    """Read the content of the table of decisions, with those optional columns that it has.

    Several checks read it, and a large one takes a second.
    """
    header = decode_table(content, FILE).partition("\n")[0]
    names = {name.strip(' "\r') for name in header.split(",")}
    optional = tuple(field for field in OPTIONAL if field.name in names)
    table = Table("screening", "screening.csv", (*REQUIRED, *optional), title="Decisions")
    return parse_table(content, table, FILE)


def settle_decisions(
    rows: TableRows, one_work: Mapping[str, str] = MappingProxyType({}), until: str = ""
) -> Screening:
    """Settle what several reviewers decided on each record, stage by stage.

    `one_work` maps records to those that they are the same as: a decision on either is one on
    both, and that the former is a duplicate goes without saying. `until` is the last day of the
    earlier version: what has been decided since on a report that waited there is what counts.

    Raises Problems naming each record on which they differ and no row `agreed` decides.
    """
    votes, kept, problems = _cast(rows, one_work)
    stages = {
        stage: {
            name: _settle(last_round(cast, until), rows.name, problems)
            for name, cast in found.items()
        }
        for stage, found in votes.items()
    }
    raise_all(problems)
    return Screening(rows.name, stages, kept["source"], kept["study"], one_work, _listed(votes))


def _listed(votes: _Votes) -> tuple[Vote, ...]:
    return tuple(vote for found in votes.values() for each in found.values() for vote in each)


def _cast(
    rows: TableRows, one_work: Mapping[str, str]
) -> tuple[_Votes, dict[str, dict[str, str]], list[Problem]]:
    """Return the decisions by stage and record, each record's source and study, and problems."""
    votes: _Votes = {}
    kept: dict[str, dict[str, str]] = {"source": {}, "study": {}}
    problems: list[Problem] = []
    for position, row in enumerate(rows.records()):
        name, stage = row.text("record"), row.text("stage")
        if name in one_work:
            if stage == BEFORE and row["reason"] == DUPLICATE:
                continue
            name = one_work[name]
        vote = _vote(name, row, rows.numbers[position])
        problems += _misplaced(vote, rows.name)
        votes.setdefault(stage, {}).setdefault(name, []).append(vote)
        for column, known in kept.items():
            if row.get(column):
                known.setdefault(name, row.text(column))
    return votes, kept, problems


def _vote(name: str, row: Row, number: int) -> Vote:
    return Vote(
        record=name,
        stage=row.text("stage"),
        decision=row.text("decision"),
        reason=row.text("reason"),
        reviewer=row.text("reviewer"),
        row=number,
        date=row.text("date"),
        note=row.text("note"),
    )


def _misplaced(vote: Vote, file: str) -> Iterator[Problem]:
    """Yield a problem for a decision that only a full text allows, at another stage."""
    if vote.stage != FULL and vote.decision in (AWAITING, ONGOING):
        message = f'"{vote.decision}" is decided on full text, not at the stage {vote.stage}.'
        place = Place(file, row=vote.row, column="decision")
        yield Problem("screening", message, place, subject=vote.record)


def last_round(cast: list[Vote], until: str) -> list[Vote]:
    """Return the votes that count: those since the earlier version, where the report waited in it.

    Somebody's row `agreed` of then does not settle what has been read since.
    """
    now = [vote for vote in cast if until and vote.date and not is_before(vote.date, until)]
    then = [vote for vote in cast if vote not in now]
    told = [vote for vote in then if vote.reviewer == AGREED] or then
    waited = {vote.decision for vote in told} <= {AWAITING, ONGOING}
    return now if now and then and waited else cast


def _settle(cast: list[Vote], file: str, problems: list[Problem]) -> FinalDecision:
    """Settle the votes on one record at one stage.

    What was agreed last settles them, wherever its row is, but not what was decided afterwards.
    """
    people = [vote for vote in cast if vote.reviewer != AUTOMATION]
    agreed = [vote for vote in people if vote.reviewer == AGREED]
    agreed = [vote for vote in agreed if not any(_is_later(other, vote) for other in agreed)]
    deciding = agreed or people or cast
    last = deciding[-1]
    decisions = {vote.decision for vote in deciding}
    reasons = dict.fromkeys(
        vote.reason
        for votes in (deciding, people)
        for vote in votes
        if vote.reason and vote.decision == last.decision
    )
    own = dict.fromkeys(vote.reason for vote in deciding if vote.reason)
    if len(decisions) > 1 or decisions == {UNSURE}:
        told = ", ".join(f"{vote.decision} ({vote.reviewer})" for vote in cast)
        problems.append(_open(last, file, "the decision on", told))
    elif last.stage == FULL and last.decision == EXCLUDE and len(own or reasons) > 1:
        told = ", ".join(f"{vote.reason} ({vote.reviewer})" for vote in deciding if vote.reason)
        problems.append(_open(last, file, "the reason for excluding", told))
    else:
        since = [vote for vote in people if agreed and _is_since(vote, last)]
        problems += [_reopened(vote, last, file) for vote in since[-1:]]
    reason = next(iter(own or reasons), "")
    return FinalDecision(
        last.record, last.stage, last.decision, reason, last.row, not people, last.date
    )


def _is_later(vote: Vote, other: Vote) -> bool:
    """Whether two rows have dates, and the first the later one; 2026-01 is not after 2026."""
    days = vote.date.strip(), other.date.strip()
    if not all(_DAY.fullmatch(day) for day in days):
        return False
    short = min(map(len, days))
    return days[0][:short] > days[1][:short]


def _is_since(vote: Vote, agreed: Vote) -> bool:
    """Whether somebody decided otherwise after it was agreed: by the dates of the two rows.

    Rows without dates may be in any order. But what only waited is read some day, and a row below
    that has no date may be that.
    """
    if vote.decision in (agreed.decision, UNSURE):
        return False
    waits = agreed.decision in (AWAITING, ONGOING) and vote.decision in (INCLUDE, EXCLUDE)
    below = waits and not vote.date and vote.row > agreed.row
    return below or _is_later(vote, agreed)


def _reopened(vote: Vote, agreed: Vote, file: str) -> Problem:
    told = f"{vote.decision} ({vote.reviewer}) is "
    told += f"of {vote.date}, and" if vote.date else "below, without a date, and"
    message = (
        f'{told} "{agreed.decision}" was agreed on "{vote.record}" at the stage {vote.stage} '
        f"before{f', on {agreed.date}' if agreed.date else ''}."
    )
    hint = f"Add a row with what is agreed now, by the reviewer {AGREED}, with its date"
    hint += "." if vote.date else "; a row of before it belongs above."
    return Problem("screening", message, Place(file, row=vote.row), hint, subject=vote.record)


def _open(vote: Vote, file: str, what: str, told: str) -> Problem:
    message = f'{what} "{vote.record}" at the stage {vote.stage} is not settled: {told}.'
    hint = f"Add a row with what was agreed, by the reviewer {AGREED}."
    if vote.reviewer == AGREED:
        hint = "Give each row of what was agreed its date: the last one counts. Or delete one."
    return Problem("screening", message, Place(file, row=vote.row), hint, subject=vote.record)


def same_works(evidence: Evidence, rows: TableRows | None) -> dict[str, str]:
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
        excluded = record["stage"] == BEFORE and record["decision"] == EXCLUDE
        if excluded and record["reason"] == DUPLICATE and like and like not in brought:
            known.setdefault(key, like)
    return known
