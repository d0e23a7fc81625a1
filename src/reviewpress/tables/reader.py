"""A strict reader of CSV tables: it loads a table whole, or says everything wrong with it.

UTF-8 with or without a byte order mark, comma-separated, a header. Rows are counted as a
spreadsheet shows them: the header is row 1. What a reader would not expect but a table may hold
(a cell that looks like a formula) is kept as text and reported as a warning.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.errors import DataError, Place, Problem, Problems, nearest
from reviewpress.identifiers import composed
from reviewpress.merge_marks import refuse_merge_marks
from reviewpress.store.digests import digest_bytes
from reviewpress.store.ordinary_files import not_a_file, whole_text
from reviewpress.tables.cells import Cell, CellReader, look_at_text, shorten
from reviewpress.tables.reads import relative_name
from reviewpress.tables.schema import Table
from reviewpress.tables.writer import write_csv

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_MARKS = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "a spreadsheet or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
)
_AS_CSV = "“CSV UTF-8 (comma delimited)”"
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\r?\n', re.I)
"""What tells Excel how cells are separated, above the header."""


class Row(dict[str, Cell]):
    """The cells of one row by column."""

    def text(self, column: str) -> str:
        """Return a cell as text; empty where it has no value, or the table has no such column."""
        value = self.get(column)
        return "" if value is None else str(value)

    def code(self, column: str) -> int | str:
        """Return the code of a paper, a number in most reviews."""
        value = self[column]
        return value if isinstance(value, int) else str(value)

    def codes(self, column: str) -> tuple[int | str, ...]:
        """Return the codes that a cell lists; none where the table has no such column."""
        value = self.get(column)
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table as read: columns of typed values, in the schema's order of columns.

    `numbers` are the rows' numbers in the file. Cells without a value are None (an empty tuple in
    list columns); `missing` keeps what each of them says, by column and position of the row.
    """

    table: Table
    name: str
    sha256: str
    numbers: tuple[int, ...]
    columns: Mapping[str, tuple[Cell, ...]]
    missing: Mapping[str, Mapping[int, str]]
    warnings: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, column: str) -> tuple[Cell, ...]:
        self.table.field(column)
        return self.columns[column]

    def texts(self, column: str) -> tuple[str, ...]:
        """Return a column's cells as text; empty where they have no value."""
        return tuple("" if value is None else str(value) for value in self[column])

    @property
    def row_keys(self) -> tuple[int | str, ...]:
        """What names each row: the cells of the primary key, or of the first column."""
        key = self.table.primary_key
        cells = self[key[0] if key else self.table.columns[0]]
        return tuple(v if isinstance(v, int) else "" if v is None else str(v) for v in cells)

    def records(self) -> Iterator[Row]:
        """Yield the rows."""
        names = tuple(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield Row(zip(names, values, strict=True))

    def where(self, index: int, column: str | None = None) -> Place:
        """Return the place of a row (by its position), or of one of its cells."""
        return Place(self.name, row=self.numbers[index], column=column)


def read_table(path: Path, table: Table, root: Path) -> TableRows:
    """Read a table as its schema describes it.

    Raises DataError where the file is missing or no text, Problems with every wrong column, row
    and cell otherwise; nothing is ever dropped.
    """
    name = relative_name(path, root)
    if table.stated is not None and not path.is_file():
        odd, beside = not_a_file(path), sorted(file.name for file in path.parent.glob("*.csv"))
        found = f"{name} {odd}, and" if odd else f"there is no file {name}, from which"
        message = f'{found} the table "{table.name}" is to be read{" from it" if odd else ""}.'
        raise DataError(message, table.stated, "" if odd else _found_beside(path, beside))
    content = read_bytes(path, name)
    return parse_table(content, table, name)


def _found_beside(path: Path, tables: Sequence[str]) -> str:
    """Say in which file a table may be that is not where it should be."""
    books = (path.with_suffix(end) for end in (".xlsx", ".xls", ".ods", ".numbers"))
    book = next((each.name for each in books if each.is_file()), "")
    return f"{book} is there: save it as {_AS_CSV}." if book else nearest(path.name, tables)


def find_separator(header: str) -> str:
    """Return what separates the cells of a header.

    Spreadsheet programs write semicolons where commas are decimal marks.

    >>> find_separator("Title;Authors, all;Year")
    ';'
    """
    return max(",;\t|", key=header.count)


def with_commas(content: bytes, name: str) -> bytes | None:
    """Return a table with commas between its cells and all else as it is.

    None where it has them already, and where cells cannot be told apart for certain: a row is
    longer or shorter than the header, or the text cannot be read.
    """
    try:
        text = decode_table(content, name)
        said = _SEPARATOR_LINE.match(text)
        text = text[said.end() :] if said else text
        separator = said[1] if said else find_separator(text.partition("\n")[0])
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (DataError, csv.Error):
        return None
    if (
        (separator == "," and not said)
        or not rows
        or any(len(row) not in (0, len(rows[0])) for row in rows)
    ):
        return None
    return write_csv(rows)


def read_bytes(path: Path, name: str) -> bytes:
    """Return a file's content; DataError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError("the file does not exist.", Place(name)) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.", Place(name)) from None


def parse_table(content: bytes, table: Table, name: str) -> TableRows:
    """Read a table from a file's content; see `read_table`."""
    text = decode_table(content, name)
    problems: list[Problem] = []
    lines = split_rows(text, name, problems)
    if not lines:
        problems = problems or [Problem("table", "the table is empty.", Place(name))]
        raise Problems(problems)
    header = _header(lines[0], table, name, text, problems)
    rows = _rows(lines[1:], len(lines[0][1]), lines[0][1], name, problems)
    columns, warnings = _columns(rows, header, table, name, problems)
    warnings += look_at_text(text, rows, lines[0][1], name, problems)
    _check_keys(rows, columns, table, name, problems)
    if problems:
        raise Problems(_in_order(problems))
    return TableRows(
        table=table,
        name=name,
        sha256=digest_bytes(content),
        numbers=tuple(number for number, _ in rows),
        columns={column: columns[column] for column in table.columns},
        missing=_missing(rows, header, table),
        warnings=tuple(_in_order(warnings)),
    )


def decode_table(content: bytes, name: str) -> str:
    """Return the text of a UTF-8 file; DataError with line and reason where it is not one."""
    for mark, what in _MARKS:
        if content.startswith(mark):
            message = f"the file is {what}, not CSV in UTF-8."
            raise DataError(message, Place(name), f"Save it as {_AS_CSV}.")
    try:
        text = composed(content.decode("utf-8-sig"))
        # A single one is named with its row and column.
        text = text if text.strip("\0") else whole_text(text, name, DataError)
        return refuse_merge_marks(text, name, DataError)
    except UnicodeDecodeError as error:
        offset = error.start
    line = content.count(b"\n", 0, offset) + 1
    start = max(content.rfind(b"\n", 0, offset) + 1, offset - 12)
    near = content[start : offset + 12].split(b"\n")[0].decode("cp1252", errors="replace")
    message = f"the file is not UTF-8, but perhaps Windows-1252 (near “{near.strip()}”)."
    raise DataError(message, Place(name, line=line), f"Save it as {_AS_CSV}.")


def split_rows(
    text: str, name: str, problems: list[Problem], *, separator: str = ","
) -> list[tuple[int, list[str]]]:
    """Split a text into numbered rows of cells; trailing empty lines are no rows."""
    found = _segments(text, name, problems, separator)
    rows = [(number, cells) for number, (_, cells) in enumerate(found, 1)]
    while rows and not rows[-1][1]:
        rows.pop()
    return rows


def split_segments(text: str, name: str, *, separator: str = ",") -> list[tuple[str, list[str]]]:
    """Return the rows of a table, each as it is written and as cells; raises Problems."""
    problems: list[Problem] = []
    found = list(_segments(text, name, problems, separator))
    if problems:
        raise Problems(problems)
    return found


def _segments(
    text: str, name: str, problems: list[Problem], separator: str
) -> Iterator[tuple[str, list[str]]]:
    """Yield each row as it is written and as cells, up to the first that cannot be read."""
    # Rows end where csv ends them, and not at all that Python takes for the end of a line.
    lines = list(io.StringIO(text, newline=""))
    previous = csv.field_size_limit(sys.maxsize)
    reader = csv.reader(iter(lines), delimiter=separator, strict=True)
    start, row = 0, 1
    try:
        for cells in reader:
            yield "".join(lines[start : reader.line_num]), cells
            start, row = reader.line_num, row + 1
    except csv.Error as error:
        place = Place(name, row=row, line=reader.line_num)
        hint = 'Look at the quotes: a quote inside a quoted cell is written twice ("").'
        problems.append(Problem("table", f"the row cannot be read: {error}.", place, hint))
    finally:
        csv.field_size_limit(previous)


def _header(
    line: tuple[int, list[str]], table: Table, name: str, text: str, problems: list[Problem]
) -> dict[str, int]:
    """Return the position of each column that the schema knows; report all others."""
    number, names = line
    if _SEPARATOR_LINE.match(text):
        message = "the line says what separates the columns, which Excel alone understands."
        hint = "Run `reviewpress tidy`, which takes it out and writes commas; or delete it."
        raise Problems([Problem("table", message, Place(name, row=number), hint)])
    wrong = _wrong_delimiter(names, table)
    if wrong:
        message = f"the columns are separated by {wrong}, not by commas."
        hint = "Run `reviewpress tidy`, which writes commas, or export it again with commas."
        raise Problems([*problems, Problem("table", message, Place(name, row=number), hint)])
    positions: dict[str, int] = {}
    absent = [column for column in table.columns if column not in names]
    nameless = [position + 1 for position, column in enumerate(names) if not column.strip()]
    if nameless:
        more = f", and neither have {len(nameless) - 1} more" if nameless[1:] else ""
        message = f"column {nameless[0]} has no name{more}."
        place = Place(name, row=number, column=str(nameless[0]))
        hint = nearest("", absent) if absent else _describe(table)
        problems.append(Problem("table", message, place, hint))
    for position, column in enumerate(names):
        if not column.strip():
            continue
        place = Place(name, row=number, column=shorten(column))
        if column in positions:
            message = f'the column "{shorten(column)}" is given twice in the header.'
            problems.append(Problem("table", message, place, "Rename or delete one of them."))
        elif column not in table.columns:
            message = f'unknown column "{shorten(column)}".'
            hint = nearest(column[:80], absent) if absent else _describe(table)
            problems.append(Problem("table", message, place, hint))
        positions.setdefault(column, position)
    for column in table.columns:
        if column not in positions:
            message = f'the column "{column}" is missing.'
            problems.append(Problem("table", message, Place(name, row=number, column=column)))
    return {column: positions[column] for column in table.columns if column in positions}


def _describe(table: Table) -> str:
    """Say where a column is described that the file has, and the schema has not."""
    file = f" of {table.stated.file}" if table.stated else " of the schema"
    return f'Describe it among the fields of "{table.name}", in the tables{file}; or delete it.'


def _wrong_delimiter(names: list[str], table: Table) -> str:
    if len(names) > 1 or len(table.columns) == 1 or not names:
        return ""
    for delimiter, what in _DELIMITERS.items():
        found = {cell.strip(' "') for cell in names[0].split(delimiter)}
        if len(found & set(table.columns)) * 2 >= len(table.columns):
            return what
    return ""


def _rows(
    lines: list[tuple[int, list[str]]],
    width: int,
    names: list[str],
    name: str,
    problems: list[Problem],
) -> list[tuple[int, list[str]]]:
    """Keep the rows that have as many cells as the header; report the others."""
    rows = []
    empty: list[int] = []
    for number, cells in lines:
        if not any(map(str.strip, cells)):
            empty.append(number)
            continue
        if len(cells) == width:
            rows.append((number, cells))
            continue
        place = Place(name, row=number)
        if len(cells) > width:
            message = f"the row has {len(cells)} cells, the header {width}."
            hint = "A cell that holds a comma has to be in double quotes."
            problems.append(Problem("table", message, place, hint))
        else:
            message = f"the row has {len(cells)} cells, the header {width}."
            hint = f'It ends at the column "{shorten(names[len(cells) - 1])}".'
            problems.append(Problem("table", message, place, hint))
    if empty:
        place = Place(name, row=empty[0], others=(*empty[1:],))
        message = "the rows are empty." if place.others else "the row is empty."
        hint = "Delete the lines." if place.others else "Delete the line."
        problems.append(Problem("table", message, place, hint))
    return rows


def _columns(
    rows: list[tuple[int, list[str]]],
    header: Mapping[str, int],
    table: Table,
    name: str,
    problems: list[Problem],
) -> tuple[dict[str, tuple[Cell, ...]], list[Problem]]:
    """Read each column's cells as its type."""
    columns: dict[str, tuple[Cell, ...]] = {}
    warnings: list[Problem] = []
    for column, position in header.items():
        reader = CellReader(table.field(column), name, problems, warnings)
        columns[column] = reader.read_column(rows, position)
    return columns, warnings


def _missing(
    rows: list[tuple[int, list[str]]], header: Mapping[str, int], table: Table
) -> dict[str, dict[int, str]]:
    """Return what the cells without a value say, by column and position of the row."""
    found: dict[str, dict[int, str]] = {}
    for column, position in header.items():
        labels = table.field(column).missing
        found[column] = {
            index: labels[cell]
            for index, cell in enumerate([cells[position] for _, cells in rows])
            if cell in labels
        }
    return found


def _check_keys(
    rows: list[tuple[int, list[str]]],
    columns: Mapping[str, tuple[Cell, ...]],
    table: Table,
    name: str,
    problems: list[Problem],
) -> None:
    """Report each value of a key or unique column that stands in two rows."""
    keys = [table.primary_key] if table.primary_key else []
    keys += [
        (field.name,)
        for field in table.fields
        if field.unique and (field.name,) != table.primary_key
    ]
    for key in keys:
        if not all(column in columns for column in key):
            continue
        first: dict[tuple[Cell, ...], int] = {}
        values = zip(*(columns[column] for column in key), strict=True)
        for (number, _), value in zip(rows, values, strict=True):
            if None in value:
                continue
            earlier = first.setdefault(value, number)
            if earlier != number:
                told = ", ".join(shorten(str(part)) for part in value)
                message = f'the {" and ".join(key)} "{told}" is in row {earlier} already.'
                place = Place(name, row=number, column=key[0])
                problems.append(Problem("table", message, place, "Each must be unique."))


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.where and problem.where.row) or 0)
