"""Boxes and arrows, in centimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from reviewpress.figures.drawing.layout import ink, text_height, text_width, wrap, write
from reviewpress.figures.style import SMALL, brand

PAD = 0.2
CORNER = 0.1
HEAD = 0.2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines of text; `x` and `y` are its upper left corner."""

    lines: tuple[str, ...]
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def at(self, x: float, y: float) -> Box:
        """Return the same box elsewhere."""
        return replace(self, x=x, y=y)


def fit_box(text: str, width: float, size: float = SMALL, *, shrink: bool = False) -> Box:
    """Return a box for a text broken to fit `width`; with `shrink` no wider than it needs."""
    lines = tuple(wrap(text, width - 2 * PAD, size))
    if shrink:
        width = max(text_width(line, size) for line in lines) + 2 * PAD + 0.05
    return Box(lines, width, text_height(len(lines), size) + 2 * PAD - 0.08)


def draw_box(
    axes: Axes,
    box: Box,
    *,
    fill: str | None = None,
    edge: str | None = None,
    align: str = "center",
    size: float = SMALL,
    round_ends: bool = False,
) -> None:
    """Draw a box with its text, centred or at the left."""
    corner = min(box.height / 2, 0.35) if round_ends else CORNER
    axes.add_patch(
        FancyBboxPatch(
            (box.x + corner, box.y + corner),
            box.width - 2 * corner,
            box.height - 2 * corner,
            boxstyle=f"round,pad={corner},rounding_size={corner}",
            facecolor=fill or brand().light["background"],
            edgecolor=edge or ink(),
            linewidth=0.8,
        )
    )
    x = box.centre[0] if align == "center" else box.x + PAD
    write(axes, x, box.centre[1], box.lines, ha=align, size=size)


def draw_arrow(axes: Axes, points: Sequence[Point], *, head: bool = True) -> None:
    """Draw a line through points, with an arrow head at its last."""
    colour = brand().light["secondary"]
    xs, ys = zip(*points, strict=True)
    axes.plot(xs, ys, color=colour, linewidth=1.0, solid_joinstyle="round", zorder=0.8)
    if head:
        draw_head(axes, points[-2], points[-1])


def draw_head(axes: Axes, before: Point, tip: Point) -> None:
    """Draw an arrow head at `tip` that comes from `before`."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    dx, dy = dx / length * HEAD, dy / length * HEAD
    base = (tip[0] - dx, tip[1] - dy)
    wing = 0.42
    corners = [
        tip,
        (base[0] - dy * wing, base[1] + dx * wing),
        (base[0] + dy * wing, base[1] - dx * wing),
    ]
    colour = brand().light["secondary"]
    axes.add_patch(Polygon(corners, facecolor=colour, edgecolor=colour, linewidth=0.3))
