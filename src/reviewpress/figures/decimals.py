"""Numbers of a column below each other, beside the symbols of their notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from reviewpress.context import review_labels
from reviewpress.figures.table_layout import Layout, TableCell
from reviewpress.figures.table_notes import SYMBOL_SEPARATOR

FIGURE_SPACE, MARK_SPACE = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"
"""As wide as a digit, and as a decimal mark. Filters make exact distances of them in print."""
_NUMBER = r"[<>≤≥~±+−-]?\s?\d[\d,.\s]*?(?:{mark}(\d+))?\s?%?"


def align_numbers(layout: Layout, sides: Sequence[str], decimals: Collection[int]) -> Layout:
    """Pad the numbers of columns that are aligned right, so that they are in line.

    They are so by their decimal marks in the columns `decimals`, and where `sides` says "decimal".
    Symbols of notes are beside their numbers, with room for them after the others. What is no
    number is left as it is.
    """
    rows = [row for row in layout.rows if len(row) == layout.count]
    columns = [list(column) for column in zip(*rows, strict=True)]
    for at, side in enumerate(sides if rows else ()):
        if side in ("right", "decimal"):
            columns[at] = _padded(columns[at], side == "decimal" or at in decimals)
    full = zip(*columns, strict=True)
    made = tuple(row if len(row) < layout.count else next(full) for row in layout.rows)
    return replace(layout, rows=made)


def _padded(cells: list[TableCell], by_decimals: bool) -> list[TableCell]:
    """Return the cells of a column with blanks after their numbers."""
    number = re.compile(_NUMBER.format(mark=re.escape(review_labels()["number-decimal"])))
    found = [number.fullmatch(cell.text) for cell in cells]
    decimals = [len(each[1] or "") if each and by_decimals else 0 for each in found]
    rooms = [_room(cell) if each else "" for cell, each in zip(cells, found, strict=True)]
    most, room = max(decimals), max(rooms, key=len)

    def pad(own: int, taken: str) -> str:
        blanks = ("" if own else MARK_SPACE) + FIGURE_SPACE * (most - own) if most else ""
        return blanks + (f"^{room[len(taken) :]}^" if len(taken) < len(room) else "")

    return [
        replace(cell, pad=pad(own, taken)) if each else cell
        for cell, each, own, taken in zip(cells, found, decimals, rooms, strict=True)
    ]


def _room(cell: TableCell) -> str:
    """Return blanks about as wide as the symbols of a cell's notes."""
    symbols = SYMBOL_SEPARATOR.join(cell.symbols)
    return "".join(MARK_SPACE if sign == SYMBOL_SEPARATOR else FIGURE_SPACE for sign in symbols)
