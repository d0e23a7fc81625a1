"""Numbers of a column below each other by their decimal marks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from reviewpress.context import review_labels
from reviewpress.figures.table_layout import Layout, TableCell

FIGURE_SPACE, MARK_SPACE = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"
"""As wide as a digit, and as a decimal mark. Filters make exact distances of them in print."""
_NUMBER = r"[<>≤≥~±+−-]?\s?\d[\d,.\s]*?(?:{mark}(\d+))?\s?%?"


def align_decimals(layout: Layout, columns: Collection[int]) -> Layout:
    """Pad the numbers of right-aligned columns, so that their decimal marks are in line.

    What is no number stays as it is.
    """
    number = re.compile(_NUMBER.format(mark=re.escape(review_labels()["number-decimal"])))
    digits: dict[int, int] = {}
    rows = [row for row in layout.rows if len(row) == layout.count]
    for column in columns:
        found = [number.fullmatch(row[column].text) for row in rows]
        digits[column] = max((len(each[1] or "") for each in found if each), default=0)

    def padded(column: int, cell: TableCell) -> TableCell:
        found = number.fullmatch(cell.text) if digits.get(column) else None
        if found is None:
            return cell
        own = len(found[1] or "")
        space = ("" if own else MARK_SPACE) + FIGURE_SPACE * (digits[column] - own)
        return replace(cell, blocks=(*cell.blocks[:-1], cell.blocks[-1] + space))

    return replace(
        layout,
        rows=tuple(
            row if len(row) < layout.count else tuple(map(padded, range(len(row)), row))
            for row in layout.rows
        ),
    )
