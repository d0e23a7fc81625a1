"""Tables made regular: each place of their rows has one cell, as pandoc's writers take for granted.

HTML asks for less: rows may be short, and cells reach below the last row or beside the last column.
"""

from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node

Row = Any
"""Attributes, and cells: attributes, alignment, rows and columns that it takes, blocks."""
_ROWS, _COLUMNS = 2, 3
_WIDEST = 1000
"""Columns that one cell may take, in HTML."""


def make_regular(blocks: list[Node]) -> None:
    """Give the tables of a chapter a cell for each place, and none for two, in place."""
    for node in ast.walk(blocks):
        if node["t"] == "Table":
            _, _, columns, head, bodies, foot = node["c"]
            parts = [head[1], *(part for body in bodies for part in body[2:]), foot[1]]
            placed = [_place_cells(rows) for rows in parts]
            begun = sorted({first for part in placed for first, *_ in part})
            if all(each[1]["t"] == "ColWidthDefault" for each in columns):
                # Columns in which no cell begins have no width.
                columns[:] = (columns + _new_columns(len(begun)))[: len(begun)]
            else:
                begun = [*range(max([len(columns), *(n + 1 for n in begun)]))]
                columns += _new_columns(len(begun) - len(columns))
            for rows, part in zip(parts, placed, strict=True):
                _fill(rows, part, begun)


def _new_columns(count: int) -> list[list[Node]]:
    return [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in range(count)]


def _place_cells(rows: list[Row]) -> list[tuple[int, int, int, Any]]:
    """Let no cell reach below the rows or over another; return from where to where each goes.

    That is its first column, the column after its last, its row, and the cell.
    """
    _drop_empty(rows)
    taken: list[set[int]] = [set() for _ in rows]
    placed = []
    for at, row in enumerate(rows):
        column = 0
        for cell in row[1]:
            while column in taken[at]:
                column += 1
            left = len(rows) - at
            cell[_ROWS] = min(cell[_ROWS], left) if cell[_ROWS] > 0 else left
            wanted = range(column, column + min(max(cell[_COLUMNS], 1), _WIDEST))
            end = next((n for n in wanted if n in taken[at]), wanted.stop)
            for below in taken[at : at + cell[_ROWS]]:
                below.update(range(column, end))
            placed.append((column, end, at, cell))
            column = end
    return placed


def _fill(rows: list[Row], placed: list[tuple[int, int, int, Any]], begun: list[int]) -> None:
    """Let cells take the columns that there are, and end each row where the table ends."""
    ends = [0] * len(rows)
    for first, end, at, cell in placed:
        cell[_COLUMNS] = sum(first <= each < end for each in begun)
        for below in range(at, at + cell[_ROWS]):
            ends[below] += cell[_COLUMNS]
    for row, end in zip(rows, ends, strict=True):
        row[1] += [_empty_cell() for _ in range(len(begun) - end)]


def _empty_cell() -> list[Any]:
    return [["", [], []], {"t": "AlignDefault"}, 1, 1, []]


def _drop_empty(rows: list[Row]) -> None:
    """Take rows without cells out: cells from above reach over all of them, if there are any."""
    for at in [n for n, row in enumerate(rows) if not row[1]][::-1]:
        for above, row in enumerate(rows[:at]):
            for cell in row[1]:
                if above + cell[_ROWS] > at:
                    cell[_ROWS] -= 1
        del rows[at]
