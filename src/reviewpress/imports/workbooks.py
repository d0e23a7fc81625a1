"""Spreadsheets as databases export them (xlsx, xls, ods): the only importer of python-calamine."""

import io
from collections.abc import Iterable

from reviewpress.errors import BibliographyError, Place, missing_extra
from reviewpress.imports.records import Reading
from reviewpress.imports.sheet_extents import refuse_vast_sheets
from reviewpress.imports.tables import count_known, find_header, not_recognised, read_rows

_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_workbook(content: bytes) -> bool:
    """Whether a file is a spreadsheet, or another container that only opening it can tell."""
    return content.startswith(_STARTS)


def read_workbook(content: bytes, file: str) -> Reading:
    """Read the first sheet of a workbook that has the columns of records.

    Raises what `read_sheets` raises, and BibliographyError where there is no such sheet.
    """
    tables = list(read_sheets(content, file).values())
    for rows in tables:
        if find_header(rows) is not None:
            return read_rows(rows, file, "spreadsheet")
    headers = [rows[0] for rows in tables if rows]
    raise not_recognised(max(headers, key=count_known, default=[]), file)


def read_sheets(content: bytes, file: str) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet of a workbook, by its name.

    Raises BibliographyError where the file is no workbook or is protected; SetupError where
    python-calamine is not installed.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise missing_extra("python-calamine, which reads spreadsheets,", "office") from None
    refuse_vast_sheets(content, file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
        sheets = {
            name: _filled(
                [list(map(_text, row)) for row in sheet.to_python(skip_empty_area=True)],
                sheet.merged_cell_ranges or (),
                sheet.start or (0, 0),
            )
            for name, sheet in found.items()
        }
    except CalamineError as error:
        message = f"the file cannot be read as a spreadsheet: {error}."
        raise BibliographyError(message, Place(file), "Save it as CSV UTF-8.") from None
    return sheets


def _filled(
    rows: list[list[str]],
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    start: tuple[int, int],
) -> list[list[str]]:
    """Write what cells that are merged down a column say into each of their rows.

    Places of merged cells are counted from 0, and `start` is the first cell that holds something.
    """
    for (top, left), (bottom, right) in merged:
        column, first = left - start[1], top - start[0]
        if left != right or first < 0 or column < 0:
            continue
        for row in rows[first + 1 : bottom - start[0] + 1]:
            if column < len(row) and not row[column]:
                row[column] = rows[first][column]
    return rows


def _text(cell: object) -> str:
    """Return a cell as a person sees it: whole numbers without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
