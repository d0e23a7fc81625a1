"""The columns of a table of decisions: what they are called, and what a row says in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reviewpress.bibliography import Entry
from reviewpress.imports.ballots import Asked
from reviewpress.imports.csv_rows import Cells
from reviewpress.imports.decision_words import decision_of, plain_words, stage_of

ROLES: Mapping[str, tuple[str, ...]] = {
    "record": ("record", "citekey", "citation key", "key", "entry key"),
    "stage": ("stage", "level", "screening stage", "phase", "screening level", "level name"),
    "decision": ("decision", "included", "include", "label included", "asreview label",
                 "screening decision", "inclusion", "final label", "vote", "verdict"),
    "reason": ("reason", "exclusion reason", "reason for exclusion", "exclude reason", "reasons",
               "exclusion reasons", "reason for excluding", "reasons for exclusion"),
    "reviewer": ("reviewer", "user", "reviewer name", "screener", "screened by", "reviewed by",
                 "coder", "rater"),
    "date": ("decision date", "screening date", "date screened", "screened on", "decided on"),
    "labels": ("labels", "screening labels"),
    "note": ("comment", "comments", "screening note", "screening notes", "decision note"),
    "suggestion": ("suggestion", "ai suggestion", "ai decision", "prediction", "predicted",
                   "suggested decision", "what an ai suggested"),
}  # fmt: skip
"""What the columns of one's own table may be called; those of records are for their reader."""
OF_RECORDS = frozenset((
    "author", "authors", "title", "abstract", "journal", "doi", "keywords", "bibliography", "url",
))  # fmt: skip
"""Columns that describe a record, and are no decision on it."""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table under way: its file, its header, and the rows with their numbers."""

    file: str
    header: Cells
    rows: tuple[tuple[int, int, Cells], ...]
    entries: Mapping[int, Entry]
    asked: Asked
    dated: bool = False
    """Whether `date` is known to be that of decisions, although the table describes its records."""

    @property
    def words(self) -> list[str]:
        """The names of the columns, in lower case and without signs."""
        return [plain_words(name) for name in self.header]

    def position(self, role: str) -> int | None:
        """Return the column that plays a role, None without one."""
        return next((self.words.index(n) for n in ROLES[role] if n in self.words), None)

    def cell(self, cells: Cells, *names: str) -> str:
        """Return the first filled cell of columns by their names in words."""
        found = (cells[n] for n, name in enumerate(self.words) if name in names and n < len(cells))
        return next((cell.strip() for cell in found if cell.strip()), "")

    def of_screening(self, cells: Cells, name: str) -> str:
        """Return the cell of a column named as in the table of decisions.

        In a table that describes its records, `date` or `source` may be the publication's.
        """
        ours = self.position("record") is not None and "title" not in self.words
        ours = ours or (name == "date" and self.dated)
        return self.of_role(cells, name) or (self.cell(cells, name) if ours else "")

    def reason(self, cells: Cells, stage: str) -> str:
        """Return the reason of a decision, from the column of its stage where there is one."""
        of_stage = [n for n in self.words if "reason" in n and stage_of(n) == stage != ""]
        return self.cell(cells, *of_stage) if of_stage else self.of_role(cells, "reason")

    def of_role(self, cells: Cells, role: str) -> str:
        """Return the cell that plays a role; empty without one."""
        at = self.position(role) if role in ROLES else None
        return cells[at].strip() if at is not None and at < len(cells) else ""


def all_decisions(table: DecisionTable, position: int) -> bool:
    """Whether a column says decisions, and nothing else."""
    cells = [row[position] for _, _, row in table.rows if position < len(row)]
    found = [decision_of(cell) for cell in cells]
    return all(one is not None for one in found) and any(one and one[0] for one in found)
