"""Tables with short rows, or cells that reach too far, are whole in every format."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from chapters_made import make_chapters

from reviewpress.assemble.table_shapes import make_regular

TABLES = {
    "wide": '<tr><td colspan="5">ALPHA</td></tr><tr><td>BETA</td><td>GAMMA</td></tr>',
    "below": "<tr><td>ALPHA</td><td>BETA</td></tr>"
    '<tr><td>GAMMA</td><td rowspan="9">DELTA</td></tr>',
    "square": '<tr><td colspan="2" rowspan="3">ALPHA</td></tr><tr><td>BETA</td><td>GAMMA</td></tr>',
    "head": '<tr><th rowspan="2">ALPHA</th></tr><tr><td>BETA</td><td>GAMMA</td></tr>',
    "zero": '<tr><td rowspan="0" colspan="0">ALPHA</td></tr><tr><td>BETA</td></tr>',
    "huge": '<tr><td rowspan="99999" colspan="99999">ALPHA</td></tr><tr><td>BETA</td></tr>',
    "bare": "<tr><td>ALPHA</td><td>BETA</td></tr><tr></tr><tr><td>GAMMA</td></tr>",
}


def cell(words: str, rows: int = 1, columns: int = 1) -> list[Any]:
    """Return a cell as pandoc has it."""
    return [["", [], []], {"t": "AlignDefault"}, rows, columns, [words]]


def regular(rows: list[list[list[Any]]], columns: int) -> list[list[tuple[Any, ...]]]:
    """Return the rows of a table made regular: what each cell says, and how far it goes."""
    body = [[["", [], []], row] for row in rows]
    specs = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in range(columns)]
    none: list[Any] = [["", [], []], []]
    table = {"t": "Table", "c": [["", [], []], [None, []], specs, none,
                                 [[["", [], []], 0, [], body]], none]}  # fmt: skip
    make_regular([table])
    assert len(specs) == max(sum(each[3] for each in row[1]) for row in body)
    return [[(*each[4], each[2], each[3]) for each in row[1]] for row in body]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[cell("a", 1, 5)], [cell("b"), cell("c")]],
         [[("a", 1, 2)], [("b", 1, 1), ("c", 1, 1)]]),
        ([[cell("a", 3), cell("b")], [cell("c")]],
         [[("a", 2, 1), ("b", 1, 1)], [("c", 1, 1)]]),
        ([[cell("a", 2, 2)], [], [cell("b"), cell("c")]],
         [[("a", 1, 2)], [("b", 1, 1), ("c", 1, 1)]]),
        ([[cell("a")], [cell("b"), cell("c")]],
         [[("a", 1, 1), (1, 1)], [("b", 1, 1), ("c", 1, 1)]]),
        ([[cell("a"), cell("b", 2)], [cell("c", 1, 2)]],
         [[("a", 1, 1), ("b", 2, 1)], [("c", 1, 1)]]),
        ([[cell("a", 0)], [cell("b")]], [[("a", 2, 1), (1, 1)], [("b", 1, 1)]]),
    ],
)  # fmt: skip
def test_each_place_has_one_cell(
    rows: list[list[list[Any]]], expected: list[list[tuple[Any, ...]]]
) -> None:
    """Nothing reaches below the table or over another cell, and no row ends before it."""
    assert regular(rows, 1) == expected


def test_no_word_of_such_a_table_is_lost(tmp_path: Path) -> None:
    """In pages, PDF and Word, and no writer of pandoc's ends at one."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    chapters = {
        name: f"# Of {name} {{#sec-{name}}}\n\n<table>{rows.replace('>A', f'>{name}A')}</table>\n"
        for name, rows in TABLES.items()
    }
    made = make_chapters(tmp_path, chapters, program)
    for name, rows in TABLES.items():
        for words in made.everywhere(name):
            assert f"{name}ALPHA" in words
            own = words.partition(f"{name}ALPHA")[2][:60]
            found = [each for each in ("BETA", "GAMMA", "DELTA") if each in rows]
            assert [each for each in found if each not in own] == []
