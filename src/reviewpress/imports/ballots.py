"""What a file says was decided: on which of its records, by whom, at which stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reviewpress.bibliography import Entry
from reviewpress.errors import Place, Problem, raise_all
from reviewpress.evidence.decisions import AGREED, AUTOMATION, TITLE, UNSURE, is_tool

REVIEWER = "reviewer"
"""Who decided where a file does not say."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one reviewer decided on one record.

    One that is `implied` goes without saying in the tool, and is recorded where nothing else is;
    one that `settles` says what reviewers agreed on, and is where they had differed.
    """

    stage: str
    decision: str
    reviewer: str
    reason: str = ""
    date: str = ""
    labels: str = ""
    note: str = ""
    suggestion: str = ""
    study: str = ""
    source: str = ""
    implied: bool = False
    settles: bool = False


@dataclass(frozen=True, slots=True)
class DecidedRecord:
    """One record of a file, with the decisions on it.

    `number` counts the records, `place` says where it stands ("row 7"). `name` is what the file
    calls it, which may be a citekey; `entry` is what it can be recognised by.
    """

    number: int
    place: str
    entry: Entry = field(hash=False)
    name: str = ""
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A record of a file and the entry that it is, with the rule by which it was recognised."""

    file: str
    record: DecidedRecord
    key: str
    reason: str

    def __str__(self) -> str:
        return f"@{self.key} ({self.reason}), {self.file}, {self.record.place}"


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A file of decisions as read: its tool, its records, and what is to be said of it.

    `whole` tells whether its records could be imported themselves.
    """

    file: str
    maker: str
    records: tuple[DecidedRecord, ...]
    remarks: tuple[str, ...] = ()
    whole: bool = True

    @property
    def kind(self) -> str:
        """What the file was taken for: "decisions on title and abstract, Rayyan"."""
        stages = dict.fromkeys(one.stage for record in self.records for one in record.ballots)
        told = f"decisions on {' and on '.join(stages)}" if stages else "decisions"
        return f"{told}, {self.maker}" if self.maker else told

    @property
    def ballots(self) -> int:
        """How many decisions it has."""
        return sum(len(record.ballots) for record in self.records)


def as_agreed(file: DecisionFile) -> DecisionFile:
    """Return a file of reviewers' decisions after consensus as what they agreed on.

    Raises Problems with the records on which they still differ.
    """
    problems: list[Problem] = []
    records = tuple(_agreed(file.file, record, problems) for record in file.records)
    raise_all(problems)
    return replace(file, records=records)


def _agreed(file: str, record: DecidedRecord, problems: list[Problem]) -> DecidedRecord:
    settled = []
    for stage in dict.fromkeys(one.stage for one in record.ballots):
        cast = [one for one in record.ballots if one.stage == stage and not is_tool(one.reviewer)]
        own = [one for one in cast if one.reviewer == AGREED] or cast
        if not own:
            continue
        if len({one.decision for one in own}) > 1 or own[0].decision == UNSURE:
            told = ", ".join(f"{one.decision} ({one.reviewer})" for one in cast)
            message = f"“{record.entry.title or record.name}” is not settled: {told}."
            problems.append(Problem("screening", message, Place(f"{file}, {record.place}")))
        elif own[0].reviewer != AUTOMATION:
            reason = next((one.reason for one in own if one.reason), "")
            settled.append(replace(own[0], reviewer=AGREED, reason=reason, settles=True))
        else:
            settled.append(own[0])
    return replace(record, ballots=tuple(settled))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of files of decisions, where they do not say it themselves."""

    stage: str = ""
    decision: str = ""
    reviewer: str = ""
    column: str = ""

    def stage_or(self, found: str) -> str:
        """Return the stage: as asked, as found, or else title and abstract."""
        return self.stage or found or TITLE

    @property
    def says_something(self) -> bool:
        """Whether anything was said."""
        return bool(self.stage or self.decision or self.reviewer or self.column)
