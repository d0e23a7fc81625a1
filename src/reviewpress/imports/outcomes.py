"""What became of the records of an import, and of the export that it took the place of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reviewpress.imports.merging import Difference


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record.

    `kind` is added, merged, already there, unsure or rejected. `key` is the entry that the record
    is now part of. An unsure record is added under a key of its own, with the entry `like` that it
    may be named in the field `possible-duplicate`. `added_fields` are those that a merge brought.
    """

    file: str
    number: int
    title: str
    kind: str
    key: str = ""
    like: str = ""
    reason: str = ""
    added_fields: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}, record {self.number}"
        if self.kind == "rejected":
            return f"{place}{f', “{self.title}”,' if self.title else ''} {self.reason}"
        perhaps = "perhaps" if self.kind == "unsure" else "beside"
        like = f", {perhaps} @{self.like}" if self.like else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"@{self.key}{like} {self.title}{reason}, {place}"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of an export that was withdrawn or replaced.

    `removed` are the entries that it alone had brought, `kept` those that stay though it had, each
    with the reason; `decisions` the rows on removed entries that were set aside.
    """

    file: str
    date: str
    records: int
    removed: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    decisions: tuple[str, ...] = ()

    def __str__(self) -> str:
        date = f", imported on {self.date}" if self.date else ""
        return (
            f"{self.file}{date}: {self.records} records, {len(self.removed)} entries removed,"
            f" {len(self.decisions)} decisions set aside."
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: one outcome a record, in the order of the files."""

    outcomes: tuple[Outcome, ...]
    formats: tuple[tuple[str, str], ...]
    bibliography: Path
    dry_run: bool = False
    remarks: tuple[str, ...] = ()
    """How files were read, and what was taken out of them or left out."""
    withdrawals: tuple[Withdrawal, ...] = ()

    def of_kind(self, kind: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == kind)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """Records that are new."""
        return self.of_kind("added")

    @property
    def merged(self) -> tuple[Outcome, ...]:
        """Records that brought fields to an entry that was there."""
        return self.of_kind("merged")

    @property
    def unsure(self) -> tuple[Outcome, ...]:
        """Records added that may be duplicates: someone has to look."""
        return self.of_kind("unsure")

    @property
    def rejected(self) -> tuple[Outcome, ...]:
        """Records that cannot be used, each with its reason."""
        return self.of_kind("rejected")
