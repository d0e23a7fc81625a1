"""How a table is built up: heads that span columns, rows that name groups, cells of paragraphs.

build → Layout(heads, rows) ──→ pipe or grid table in Markdown

The model is that of great-tables: spanners above column labels, a stub, groups of rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pandas as pd

from reviewpress.context import review_labels, term_name
from reviewpress.figures.cells import cell_markdown, cell_text, escape_words
from reviewpress.figures.table_notes import Noted, marks_markdown
from reviewpress.markdown import escape

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_MARKS = {"left": ":{}-", "right": "-{}:", "center": ":{}:"}

Spans = Mapping[str, Sequence[str]]
"""Heads that span columns, each with the names of the columns below it."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: its paragraphs as Markdown, its words, how many columns and rows it takes.

    `symbols` are those of its notes, `marks` the same as Markdown, `pad` room after them.
    """

    blocks: tuple[str, ...]
    text: str = ""
    columns: int = 1
    rows: int = 1
    symbols: tuple[str, ...] = ()
    marks: str = ""
    pad: str = ""

    @property
    def markdown(self) -> str:
        """Its paragraphs, with the symbols of notes after the last."""
        return "\n\n".join(self.blocks) + self.marks + self.pad


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a table's head and body; a row of the body of one cell names a group."""

    heads: tuple[tuple[TableCell, ...], ...]
    rows: tuple[tuple[TableCell, ...], ...]
    count: int

    @property
    def leaves(self) -> list[TableCell]:
        """The cells that name columns, from left to right."""
        placed = sorted(_placed(self.heads), key=lambda each: each[1])
        return [cell for row, _, cell in placed if row + cell.rows == len(self.heads)]

    @property
    def is_plain(self) -> bool:
        """Whether a pipe table can hold it."""
        cells = (cell for row in self.rows for cell in row)
        return len(self.heads) == 1 and all(
            len(cell.blocks) < 2 and cell.columns == 1 and "\n" not in "".join(cell.blocks)
            for cell in cells
        )


def column_name(column: object) -> str:
    """Return the name of a column without the heads above it and its symbols."""
    parts = [part for part in column if str(part)] if isinstance(column, tuple) else [column]
    return str(parts[-1]) if parts else ""


def column_paths(frame: pd.DataFrame, spans: Spans | None) -> list[tuple[object, ...]]:
    """Return what stands above each column, from its spanning heads down to its own name."""
    if frame.columns.nlevels > 1:
        return [tuple(part for part in name if str(part)) or ("",) for name in frame.columns]
    above = {name: label for label, names in (spans or {}).items() for name in names}
    return [(above[str(name)], name) if str(name) in above else (name,) for name in frame.columns]


def build_layout(
    frame: pd.DataFrame,
    paths: Sequence[tuple[object, ...]],
    *,
    groups: Sequence[object] | None,
    units: Mapping[str, str],
    id: str,
    missing: str | None,
) -> Layout:
    """Return the layout of a table; `groups` is the group of each row, where rows have one."""

    def body_row(values: Sequence[object]) -> tuple[TableCell, ...]:
        return tuple(_cell(value, id, missing) for value in values)

    rows = [body_row(values) for values in frame.itertuples(index=False, name=None)]
    if groups is not None:
        rows = list(_grouped(rows, groups, len(paths), id))
    return Layout(tuple(_head_rows(paths, units, id)), tuple(rows), len(paths))


def _grouped(
    rows: Sequence[tuple[TableCell, ...]], groups: Sequence[object], count: int, id: str
) -> Iterator[tuple[TableCell, ...]]:
    """Yield rows by their group, in the order in which groups come first."""
    named: dict[str, list[tuple[TableCell, ...]]] = {}
    heads: dict[str, TableCell] = {}
    for row, group in zip(rows, groups, strict=True):
        words = cell_text(group)
        heads.setdefault(words, _cell(group, id, None))
        named.setdefault(words, []).append(row)
    for words, members in named.items():
        yield (replace(heads[words], columns=count),)
        yield from members


def _head_rows(
    paths: Sequence[tuple[object, ...]], units: Mapping[str, str], id: str
) -> Iterator[tuple[TableCell, ...]]:
    depth = max(map(len, paths))
    for level in range(depth):
        cells = []
        # Neighbours below the same heads stand under one cell; a column's own name stands alone.
        keys = [
            (path[: level + 1], at if len(path) == level + 1 else -1)
            for at, path in enumerate(paths)
            if len(path) > level
        ]
        starts = [at for at, path in enumerate(paths) if len(path) > level]
        for _, same in groupby(zip(keys, starts, strict=True), key=lambda pair: pair[0]):
            ats = [at for _, at in same]
            path = paths[ats[0]]
            own = len(path) == level + 1
            cell = _head(path[level], units if own else {}, id)
            rows = depth - level if own else 1
            cells.append(replace(cell, columns=len(ats), rows=rows))
        yield tuple(cells)


def _head(name: object, units: Mapping[str, str], id: str) -> TableCell:
    plain = name.value if isinstance(name, Noted) else name
    words = term_name(str(plain))
    unit = units.get(str(plain))
    words = f"{words} ({unit})" if unit else words
    cell = TableCell((escape(words),), words)
    return _marked(cell, name, id) if isinstance(name, Noted) else cell


def _cell(value: object, id: str, missing: str | None) -> TableCell:
    """Return a cell; words with an empty line between are paragraphs of their own."""
    if isinstance(value, Noted):
        return _marked(_cell(value.value, id, missing), value, id)
    text = cell_text(value, missing=missing, labels=review_labels())
    parts = _PARAGRAPHS.split(text.strip()) if "\n" in text else [text]
    if len(parts) == 1:
        return TableCell((cell_markdown(value, missing=missing),), text)
    is_markdown = hasattr(value, "_repr_markdown_")
    return TableCell(tuple(part if is_markdown else escape_words(part) for part in parts), text)


def _marked(cell: TableCell, value: Noted, id: str) -> TableCell:
    return replace(cell, symbols=value.symbols, marks=marks_markdown(value, id))


# Grid tables ------------------------------------------------------------------------------------


def grid_table(layout: Layout, alignments: Sequence[str]) -> str:
    """Return a layout as a grid table, which can hold spanning cells and paragraphs."""
    rows = [*layout.heads, *layout.rows]
    placed = [*_placed(rows)]
    edges = _edges(placed, layout.count)
    tops, height = [], 0
    for at in range(len(rows)):
        tops.append(height)
        lines = [len(_lines(cell)) for row, _, cell in placed if row == at and cell.rows == 1]
        height += max([1, *lines]) + 1
    tops.append(height)
    canvas = [[" "] * (edges[-1] + 1) for _ in range(height + 1)]
    for row, column, cell in placed:
        down = tops[row], tops[row + cell.rows]
        across = edges[column], edges[column + cell.columns]
        _draw(canvas, down, across, _lines(cell))
    rule = canvas[tops[len(layout.heads)]]
    for column, side in enumerate(alignments):
        inner = edges[column + 1] - edges[column] - 1
        mark = _MARKS[side].format("=" * (inner - 2)).replace("-", "=")
        rule[edges[column] : edges[column + 1] + 1] = ["+", *mark, "+"]
    return "\n".join("".join(line).rstrip() for line in canvas)


def _placed(rows: Sequence[Sequence[TableCell]]) -> Iterator[tuple[int, int, TableCell]]:
    """Yield each cell with the row and the column that it begins in."""
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            yield at, column, cell
            taken.update(
                (at + down, column + right)
                for down in range(cell.rows)
                for right in range(cell.columns)
            )
            column += cell.columns


def _edges(placed: Sequence[tuple[int, int, TableCell]], count: int) -> list[int]:
    """Return where columns begin and end, wide enough for the lines of all cells."""
    widths = [3] * count
    for _, column, cell in sorted(placed, key=lambda each: each[2].columns):
        need = max([len(line) for line in _lines(cell)], default=0) + 2
        own = sum(widths[column : column + cell.columns]) + cell.columns - 1
        widths[column + cell.columns - 1] += max(0, need - own)
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width + 1)
    return edges


def _draw(
    canvas: list[list[str]], down: tuple[int, int], across: tuple[int, int], lines: Sequence[str]
) -> None:
    """Draw a cell with its border; where borders meet there is a plus sign."""
    (top, bottom), (left, right) = down, across
    for x in range(left, right + 1):
        for y in (top, bottom):
            canvas[y][x] = "+" if x in (left, right) or canvas[y][x] == "+" else "-"
    for y in range(top + 1, bottom):
        for x in (left, right):
            canvas[y][x] = "|" if canvas[y][x] != "+" else "+"
    for y, line in enumerate(lines, top + 1):
        canvas[y][left + 2 : left + 2 + len(line)] = line


def _lines(cell: TableCell) -> list[str]:
    """Return a cell's lines, an empty one between paragraphs."""
    return [_of_one_width(line) for line in cell.markdown.split("\n")]


def _of_one_width(line: str) -> str:
    """Return a line whose signs are all one column wide: others as references to them."""
    if line.isascii():
        return line
    return "".join(sign if _is_narrow(sign) else f"&#{ord(sign)};" for sign in line)


def _is_narrow(sign: str) -> bool:
    wide = unicodedata.east_asian_width(sign) in "WFA"
    return (ord(sign) < 0x250 and unicodedata.category(sign) != "Cf") or not (
        wide or unicodedata.category(sign) in ("Mn", "Me", "Mc", "Cf", "Zs", "So", "Sk")
    )
