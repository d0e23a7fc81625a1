"""Heads of columns that never run into one another, and rows divided over pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reviewpress.errors import FigureError
from reviewpress.figures.drawing.layout import (
    CAPITAL,
    POINT,
    ink,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.publish import PARTS
from reviewpress.figures.style import PAGE_HEIGHT, TEXT

BESIDE = 0.1
"""Centimetres between two heads."""
UPRIGHT = 4.5
"""How long a line of a turned head may be."""
CAPTION = 2.5
"""What the caption and the source of a figure need of a page's height."""
ROOM = PAGE_HEIGHT - CAPTION


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of columns, each in lines; turned where words are wider than a column."""

    names: tuple[tuple[str, ...], ...]
    turned: bool
    size: float
    bold: bool

    @property
    def height(self) -> float:
        """What they need above the rows."""
        if not self.turned:
            return text_height(max(map(len, self.names)), self.size)
        lines = (line for name in self.names for line in name)
        return BESIDE + max(text_width(line, self.size, bold=self.bold) for line in lines)


def fit_heads(
    names: Iterable[str], width: float, *, size: float = TEXT, bold: bool = True
) -> Heads:
    """Fit heads into columns of a width: side by side, or else turned upright.

    Raises FigureError for columns that are too narrow for that, too.
    """
    said = [str(name) for name in names]
    across = [wrap(name, width - BESIDE, size, bold=bold) for name in said]
    if all(text_width(line, size, bold=bold) <= width for name in across for line in name):
        return Heads(tuple(map(tuple, across)), False, size, bold)
    lines = int((width - BESIDE) / text_height(1, size))
    if lines < 1:
        raise too_many_columns(len(said))
    return Heads(tuple(tuple(_upright(name, lines, size, bold)) for name in said), True, size, bold)


def too_many_columns(count: int) -> FigureError:
    """Return the error of a chart whose columns would lie on one another."""
    return FigureError(
        f"the chart’s {count} columns are too many for a page.",
        hint="Draw some of them, or draw what the columns are as rows.",
    )


def _upright(name: str, lines: int, size: float, bold: bool) -> list[str]:
    """Break a head into as many lines as a column has room for, side by side."""
    length = UPRIGHT
    while len(found := wrap(name, length, size, bold=bold)) > lines:
        length += 1
    return found


def draw_heads(axes: Axes, heads: Heads, left: float, width: float, bottom: float) -> None:
    """Draw heads over columns that begin at `left`, ending at `bottom`."""
    for column, lines in enumerate(heads.names):
        x = left + (column + 0.5) * width
        if not heads.turned:
            middle = bottom - text_height(len(lines), heads.size) / 2
            write(axes, x, middle, lines, ha="center", size=heads.size, bold=heads.bold)
            continue
        pitch = text_height(1, heads.size)
        first = x - pitch * (len(lines) - 1) / 2 + CAPITAL / 2 * heads.size * POINT
        for number, line in enumerate(lines):
            axes.text(
                first + number * pitch, bottom, line, rotation=90, rotation_mode="anchor",
                ha="left", va="baseline", size=heads.size, color=ink(),
                weight="bold" if heads.bold else "normal",
            )  # fmt: skip


def divide(heights: Sequence[float], room: float) -> list[tuple[int, ...]]:
    """Divide rows over pages that have `room`: which rows, about as many on each.

    >>> divide([1, 1, 1, 1, 1], 4)
    [(0, 1, 2), (3, 4)]
    """
    total = sum(heights)
    pages = max(1, -int(-total // room))
    while True:
        found = _filled(heights, room, total / pages)
        if len(found) <= pages or pages > len(heights):
            return found
        pages += 1


def _filled(heights: Sequence[float], room: float, share: float) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    page: list[int] = []
    used = 0.0
    for row, height in enumerate(heights):
        if page and (used + height > room or used >= share):
            found.append(tuple(page))
            page, used = [], 0.0
        page.append(row)
        used += height
    return [*found, tuple(page)] if page else found


def continued(figures: Sequence[Figure]) -> Figure:
    """Return the first of the figures that a chart is divided into; it has the others."""
    if len(figures) > 1:
        setattr(figures[0], PARTS, tuple(figures[1:]))
    return figures[0]
