"""Sheets that span more cells than can be read are refused before a table is made of them."""

import io
import zipfile

import pytest

from reviewpress.errors import BibliographyError
from reviewpress.imports.sheet_extents import refuse_vast_sheets

SPACE = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
FULL, EMPTY = "<table:table-cell><p>a</p></table:table-cell>", "<table:table-cell/>"


def packed(name: str, text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, text)
    return made.getvalue()


def excel(*cells: str) -> bytes:
    written = "".join(f'<c s="1" r="{cell}" t="s"><v>0</v></c>' for cell in cells)
    return packed("xl/worksheets/sheet2.xml", f'<row><c r="XFD1048576" s="4"/>{written}</row>')


def opendocument(rows: str) -> bytes:
    return packed("content.xml", f"<d {SPACE}><table:table>{rows}</table:table></d>")


def repeated(kind: str, number: int, inner: str) -> str:
    what = {"row": "rows", "cell": "columns"}[kind]
    return (
        f'<table:table-{kind} table:number-{what}-repeated="{number}">{inner}</table:table-{kind}>'
    )


@pytest.mark.parametrize(
    "content",
    [
        excel("A1", "C5000"),
        excel(),
        opendocument(f"<table:table-row>{FULL}{EMPTY}</table:table-row>"),
        # A program fills the sheet up to its end with what is empty.
        opendocument(
            f"<table:table-row>{FULL}{repeated('cell', 16384, '')}</table:table-row>"
            + repeated("row", 1_048_575, EMPTY)
        ),
        b"PK\x03\x04 no more",
    ],
)
def test_ordinary_sheets_are_read(content: bytes) -> None:
    """Also those with formats at the far end, and what is no workbook is for the reader to say."""
    refuse_vast_sheets(content, "a")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (excel("A1", "XFD1048576"), "spans 1,048,576 rows and 16,384 columns"),
        (excel("AA1000000"), "spans 1,000,000 rows and 27 columns"),
        (
            opendocument(
                f"<table:table-row>{repeated('cell', 16383, '')}{FULL}</table:table-row>"
                f"{repeated('row', 1_048_574, EMPTY)}<table:table-row>{FULL}</table:table-row>"
            ),
            "spans 1,048,576 rows and 16,384 columns",
        ),
        (packed("xl/worksheets/sheet1.bin", ""), "a binary workbook of Excel"),
    ],
)
def test_a_cell_far_away_is_refused(content: bytes, message: str) -> None:
    """The sheet would fill the memory, whose end would be the program's."""
    with pytest.raises(BibliographyError, match=message):
        refuse_vast_sheets(content, "a")
