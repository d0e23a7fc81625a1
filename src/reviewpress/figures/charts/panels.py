"""Panels: what is named together, without a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reviewpress.errors import FigureError
from reviewpress.figures.drawing.boxes import PAD, Box, draw_box, fit_box
from reviewpress.figures.drawing.layout import sheet, text_height, wrap, write
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import house_style, new_figure, page_width, series_colours, text_on

GAP = 0.25
BETWEEN = 0.2


@dataclass(frozen=True, slots=True)
class _Panel:
    """A group: the lines of its name, and rows of boxes placed from its own upper left corner."""

    head: tuple[str, ...]
    boxes: tuple[Box, ...]

    @property
    def height(self) -> float:
        return max(box.bottom for box in self.boxes) + PAD


@also_narrow
def panels(groups: Mapping[str, Sequence[str]]) -> Figure:
    """Draw a panel for each group, one below the other, with a box for each thing in it.

    `groups` maps the name of each group to what it holds; the order has no meaning beyond that of
    reading. Raises FigureError where there is nothing.
    """
    if not groups or not all(map(len, groups.values())):
        raise FigureError("panels need at least one group, each with something in it.")
    with house_style():
        width = page_width()
        made = [_panel(name, items, width) for name, items in groups.items()]
        figure = new_figure(sum(panel.height + GAP for panel in made) - GAP)
        axes = sheet(figure)
        colour = series_colours(2)[1]
        top = 0.0
        for panel in made:
            _draw(axes, panel, top, width, colour)
            top += panel.height + GAP
    return figure


def _panel(name: str, items: Sequence[str], width: float) -> _Panel:
    head = tuple(wrap(name, width - 2 * PAD, bold=True))
    x, y, row = PAD, text_height(len(head)) + 2 * PAD, 0.0
    boxes = []
    for item in items:
        box = fit_box(str(item), width - 2 * PAD, shrink=True)
        if x > PAD and x + box.width > width - PAD:
            x, y, row = PAD, y + row + BETWEEN, 0.0
        boxes.append(box.at(x, y))
        x += box.width + BETWEEN
        row = max(row, box.height)
    return _Panel(head, tuple(boxes))


def _draw(axes: Axes, panel: _Panel, top: float, width: float, colour: str) -> None:
    axes.add_patch(Rectangle((0, top), width, panel.height, facecolor=colour, linewidth=0))
    middle = top + PAD + text_height(len(panel.head)) / 2
    write(axes, PAD, middle, panel.head, bold=True, colour=text_on(colour))
    for box in panel.boxes:
        draw_box(axes, box.at(box.x, top + box.y))
