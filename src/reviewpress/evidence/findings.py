"""Findings: the statements of the synthesis, each with the papers it rests on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reviewpress.tables.reader import TableRows

Code = int | str
"""An included paper's code: a number in most reviews."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of the synthesis, with the codes of the papers for it and against it."""

    id: str
    section: str
    heading: str
    statement: str
    papers: tuple[Code, ...]
    against: tuple[Code, ...]
    place: str
    caveat: str

    @property
    def count(self) -> int:
        """How many papers are for it."""
        return len(self.papers)

    @property
    def codes(self) -> tuple[Code, ...]:
        """All papers of the finding: for it, then against it."""
        return self.papers + tuple(code for code in self.against if code not in self.papers)


def read_findings(
    rows: TableRows, kept: Callable[[Iterable[Code]], tuple[Code, ...]]
) -> dict[str, Finding]:
    """Return the findings of a table by id, with those codes that `kept` leaves."""
    return {
        record.text("id"): Finding(
            id=record.text("id"),
            section=record.text("section"),
            heading=record.text("heading"),
            statement=record.text("statement"),
            papers=kept(record.codes("codes_for")),
            against=kept(record.codes("codes_against")),
            place=record.text("place"),
            caveat=record.text("caveat"),
        )
        for record in rows.records()
    }
