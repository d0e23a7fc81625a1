"""The rows of a table in CSV, also where a program has left quotation marks inside cells single."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from reviewpress.errors import BibliographyError, Place

Cells = list[str]


def split_csv(text: str, separator: str, file: str, broken: list[int] | None = None) -> list[Cells]:
    """Return the rows of a table in CSV.

    With `broken`, a row that is not CSV is read by itself, and the number of its line added: it
    ends where the line ends, so that it takes none of the rows below it with it.

    Raises BibliographyError where a row is not CSV; with `broken`, where hardly one is.
    """
    with _long_cells():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            return list(reader)
        except csv.Error as error:
            if broken is not None:
                rows = _row_by_row(text, separator, broken)
                if len(rows) - len(broken) > 1:
                    return rows
            message = f"the table cannot be read: {error}."
            raise BibliographyError(message, Place(file, line=reader.line_num)) from None


def _row_by_row(text: str, separator: str, broken: list[int]) -> list[Cells]:
    lines = io.StringIO(text, newline="").readlines()
    rows: list[Cells] = []
    start = 0
    while start < len(lines):
        reader = csv.reader(_from(lines, start), delimiter=separator, strict=True)
        first = start
        with suppress(csv.Error, StopIteration):
            while True:
                rows.append(next(reader))
                start = first + reader.line_num
        if start < len(lines):
            rows.append(next(csv.reader([lines[start]], delimiter=separator)))
            start += 1
            broken.append(start)
    return rows


def _from(lines: Sequence[str], start: int) -> Iterator[str]:
    return (lines[at] for at in range(start, len(lines)))


@contextmanager
def _long_cells() -> Iterator[None]:
    previous = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(previous)
