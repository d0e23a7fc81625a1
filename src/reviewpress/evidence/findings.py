"""Findings: the statements of the synthesis, each with the papers it rests on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reviewpress.tables.lineage import recorder
from reviewpress.tables.reader import TableRows

Code = int | str
"""An included paper's code: a number in most reviews."""
_COLUMNS = {
    "section": "section",
    "heading": "heading",
    "statement": "statement",
    "papers": "codes_for",
    "against": "codes_against",
    "place": "place",
    "caveat": "caveat",
}
"""The column of the table that each part of a finding is in; to look at one is to read it."""


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
    file: str = field(default="", repr=False, compare=False)
    """The table that it is a row of."""

    def __getattribute__(self, name: str) -> object:
        column = _COLUMNS.get(name)
        if column and recorder.on:
            recorder.note(self.file, column, (self.id,), keyed=True)
        return object.__getattribute__(self, name)

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
            file=rows.name,
        )
        for record in rows.records()
    }
