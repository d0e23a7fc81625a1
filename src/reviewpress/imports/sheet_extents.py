"""How large the sheets of a spreadsheet file are, before a table of all their cells is made.

A cell at the far end of an otherwise small sheet makes a table of 17 thousand million cells.
"""

import io
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from reviewpress.archives import UnreadableArchive, unpack
from reviewpress.errors import BibliographyError, Place

MOST = 20_000_000
"""So many cells a sheet may have: a million records of twenty columns."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,7})(\d{1,9})"[^>]*(?<!/)>')
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def refuse_vast_sheets(content: bytes, file: str) -> None:
    """Raise BibliographyError where a sheet spans more cells than can be read."""
    try:
        parts = unpack(content)
    except UnreadableArchive:
        return  # the reader says what is wrong with it
    if any(name.startswith("xl/worksheets/") and name.endswith(".bin") for name in parts):
        message = "the file is a binary workbook of Excel (xlsb)."
        raise BibliographyError(message, Place(file), "Save it as xlsx, or as CSV UTF-8.")
    for rows, columns in (*_of_excel(parts), *_of_opendocument(parts)):
        if rows * columns > MOST:
            message = f"a sheet spans {rows:,} rows and {columns:,} columns, most of them empty."
            hint = "Delete what stands far below or to the right of the records."
            raise BibliographyError(message, Place(file), hint)


def _of_excel(parts: Mapping[str, bytes]) -> Iterator[tuple[int, int]]:
    for name, content in parts.items():
        if name.startswith("xl/worksheets/"):
            # Cells that do not say where they are follow one another from the first on.
            cells = [(int(row), _number(column)) for column, row in _CELL.findall(content)]
            yield max((row for row, _ in cells), default=0), max((n for _, n in cells), default=0)


def _number(letters: bytes) -> int:
    """Return the number of a column: 27 for AA."""
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def _of_opendocument(parts: Mapping[str, bytes]) -> Iterator[tuple[int, int]]:
    rows = columns = empty = 0
    found = ElementTree.iterparse(io.BytesIO(parts.get("content.xml", b"<none/>")))
    try:
        for _, element in found:
            if element.tag == f"{_TABLE}table-row":
                width, repeated = _width(element), _repeated(element, "rows")
                if width:
                    rows, columns, empty = rows + empty + repeated, max(columns, width), 0
                else:
                    empty += repeated
                element.clear()
            elif element.tag == f"{_TABLE}table":
                yield rows, columns
                rows = columns = empty = 0
    except ElementTree.ParseError:
        return  # as above


def _width(row: Element) -> int:
    """Return how many cells a row has up to the last that is not empty."""
    width = ahead = 0
    for cell in row:
        ahead += _repeated(cell, "columns")
        if len(cell):
            width = ahead
    return width


def _repeated(element: Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text[:12]) if text.isdecimal() else 1
