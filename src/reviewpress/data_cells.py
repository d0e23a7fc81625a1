"""A cell of a table as a question names it.

data/papers.csv:47:regions           by the key of its row
data/appraisal.csv:1:1.1:answer      by a key of several columns
data/flow.csv:previous_studies:n     of a table that no schema describes, by its first column
data/components.csv:row 4:finding    by the number of its row, as messages and spreadsheets count
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.errors import DataError, Place, nearest
from reviewpress.evidence.findings import Code
from reviewpress.review import Review
from reviewpress.tables.reader import decode_table, find_separator, read_bytes, split_segments
from reviewpress.tables.reads import relative_name

_CELL = re.compile(r"(?P<file>[^:]+):(?P<row>.+):(?P<column>[^:]+)")
_NUMBERED = re.compile(r"row (?P<number>[0-9]+)")
_TABLE_ENDING = ".csv"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DataCell:
    """A cell of a table of the review.

    `table` is what the schema calls the table, empty where it describes none; `row` is what a run
    calls the row by, and `key` what a question does. `number` counts rows as a spreadsheet does.
    """

    table: str
    file: str
    key: str
    row: Code
    number: int
    column: str
    text: str

    @property
    def name(self) -> str:
        """The cell as a question names it."""
        return f"{self.file}:{self.key}:{self.column}"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table whose cells can be asked about, as it was read."""

    name: str
    file: str
    keyed_by: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    codes: tuple[Code, ...]
    numbers: tuple[int, ...]
    columns: Mapping[str, Sequence[object]]

    def cell(self, row: str, column: str) -> DataCell:
        """Return a cell; raises DataError for a row or a column that is not there."""
        if column not in self.columns:
            message = f'{self.file} has no column "{column}".'
            raise DataError(message, hint=nearest(column, self.columns))
        at = self._position(row, column)
        key = ":".join(self.keys[at]).rstrip(":")
        key = key if self._found(key) == [at] else f"row {self.numbers[at]}"
        text = _text(self.columns[column][at])
        return DataCell(self.name, self.file, key, self.codes[at], self.numbers[at], column, text)

    def _position(self, row: str, column: str) -> int:
        found = self._found(row)
        numbered = _NUMBERED.fullmatch(row)
        if not found and numbered and int(numbered["number"]) in self.numbers:
            return self.numbers.index(int(numbered["number"]))
        if not found:
            names = [":".join(key).rstrip(":") for key in self.keys]
            raise DataError(f'{self.file} has no row "{row}".', hint=nearest(row, names))
        if len(found) > 1:
            called = " and ".join(self.keyed_by[: row.count(":") + 1])
            message = f'"{row}" is the {called} of {len(found)} rows of {self.file}.'
            raise DataError(message, hint=self._how(found, column))
        return found[0]

    def _found(self, row: str) -> list[int]:
        """Return the rows of a key, or those whose keys begin with it if it is not whole."""
        for count in range(len(self.keyed_by), 0, -1):
            names = [":".join(key[:count]).rstrip(":") for key in self.keys]
            if found := [at for at, name in enumerate(names) if name == row]:
                return found
        return []

    def _how(self, found: Sequence[int], column: str) -> str:
        """Say how to ask for one of several rows."""
        whole = [":".join(self.keys[at]).rstrip(":") for at in found]
        if len(set(whole)) < len(whole):
            whole = [f"row {self.numbers[at]}" for at in found]
        shown = " or ".join(f"{self.file}:{name}:{column}" for name in whole[:_SHOWN])
        return f"Ask for one of them, as in {shown}."


def find_cell(config: Config, question: str) -> DataCell | None:
    """Return the cell of a table that a question names; None where it names none.

    Raises DataError for a table, row or column that does not exist, and for a key of several rows.
    """
    found = _CELL.fullmatch(question)
    if not found or found["file"].endswith(CHAPTER_ENDINGS):
        return None
    return _open_table(config, found["file"]).cell(found["row"], found["column"])


def _open_table(config: Config, file: str) -> _Table:
    review = Review(config.root, config=config)
    schema = review.schema
    files = {
        relative_name(schema.folder / table.path, config.root): name
        for name, table in schema.tables.items()
    } | {name: name for name in schema.tables}
    if file in files:
        return _described(review, files[file])
    if (config.root / file).is_file() and file.endswith(_TABLE_ENDING):
        return _as_written(config, file)
    if (config.root / file).is_file():
        hint = f"Only cells of tables can be asked about; ask about all of it as {file}."
        raise DataError(f"{file} is not a table.", hint=hint)
    raise DataError(f'there is no table "{file}".', hint=nearest(file, files))


def _described(review: Review, name: str) -> _Table:
    rows = review.rows(name)
    by = rows.table.primary_key or rows.table.columns[:1]
    keys = tuple(zip(*(map(_text, rows[column]) for column in by), strict=True))
    return _Table(name, rows.name, by, keys, rows.row_keys, rows.numbers, rows.columns)


def _as_written(config: Config, file: str) -> _Table:
    """Read a table that the schema does not describe: its rows are known by their first cells."""
    text = decode_table(read_bytes(config.root / file, file), file)
    separator = find_separator(text.lstrip().partition("\n")[0])
    segments = split_segments(text, file, separator=separator)
    header = segments[0][1] if segments else []
    if not header:
        hint = "Its first line names the columns."
        raise DataError("the table has no header.", Place(file, row=1), hint)
    rows = [
        (number, cells)
        for number, (_, cells) in enumerate(segments[1:], 2)
        if len(cells) == len(header)
    ]
    columns = {name: [cells[at] for _, cells in rows] for at, name in enumerate(header)}
    keys = tuple((cells[0],) for _, cells in rows)
    codes = tuple(cells[0] for _, cells in rows)
    return _Table("", file, tuple(header[:1]), keys, codes, tuple(n for n, _ in rows), columns)


def _text(value: object) -> str:
    """Return what is in a cell, as the table has it."""
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
