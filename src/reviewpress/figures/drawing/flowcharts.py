"""Flow charts: boxes and arrows that lay themselves out, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reviewpress.context import review_labels
from reviewpress.errors import FigureError, Problem, nearest, raise_all
from reviewpress.figures.drawing.boxes import Box, Point, draw_box, draw_head, fit_box
from reviewpress.figures.drawing.layering import Layers, order_layers, spread
from reviewpress.figures.drawing.layout import (
    KeyItem,
    draw_key,
    key_height,
    sheet,
    text_height,
    text_width,
    write,
)
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import SMALL, brand, house_style, new_figure, page_width

MARGIN = 0.15
GAP = 0.45
WAYPOINT = 0.5
BOX_WIDTHS = (6.5, 5.5, 4.6, 3.8, 3.2, 2.7, 2.3)
STEP = 0.9
LABELLED_STEP = 1.35
CROWDED_STEP = 2.0
POINTS = 24

Edge = tuple[str, str] | tuple[str, str, str]
Span = tuple[float, float, float, float]


@also_narrow
def flowchart(
    nodes: Mapping[str, str],
    edges: Iterable[Edge],
    *,
    highlight: str | Iterable[str] = (),
    key: str = "",
) -> Figure:
    r"""Draw boxes joined by arrows.

    `nodes` maps names to the text in the box (`\n` breaks a line), `edges` lists from, to and,
    where wanted, a word on the arrow. Boxes that nothing leads to, or that lead nowhere, have round
    ends; `highlight` names boxes to stand out, and `key` says what they are: a single one may do
    without, as its own words say it. Raises Problems for an edge to a box that is not there, and
    FigureError for a chart too wide for the page.
    """
    arrows = [(edge[0], edge[1], edge[2] if len(edge) == 3 else "") for edge in edges]
    marked = {highlight} if isinstance(highlight, str) else set(highlight)
    raise_all(_problems(nodes, arrows, marked))
    with house_style():
        layers = order_layers([*nodes], [(start, end) for start, end, _ in arrows])
        boxes, across = _lay_out(nodes, layers)
        placed, height = _place(boxes, across, layers, arrows)
        keys = _highlight_key(marked, key)
        figure = new_figure(height + MARGIN + key_height(keys, page_width()))
        axes = sheet(figure)
        draw_key(axes, keys, MARGIN, height + MARGIN, page_width())
        curves = _curves(layers.routes, placed)
        for curve in curves:
            _draw_curve(axes, curve)
        _draw_boxes(axes, placed, arrows, marked)
        _draw_labels(axes, curves, arrows, list(placed.values()))
    return figure


def _highlight_key(marked: set[str], key: str) -> list[KeyItem]:
    said = key or (review_labels()["chart-highlighted"] if len(marked) > 1 else "")
    colours = brand().light
    return [KeyItem(said, colours["primary"], colours["primary"])] if marked and said else []


def _problems(
    nodes: Mapping[str, str], arrows: Sequence[tuple[str, str, str]], marked: set[str]
) -> list[Problem]:
    if not nodes:
        raise FigureError("the flow chart has no boxes.")
    named = [name for start, end, _ in arrows for name in (start, end)] + sorted(marked)
    missing = dict.fromkeys(name for name in named if name not in nodes)
    return [
        Problem("figure", f'the flow chart has no box "{name}".', hint=nearest(name, nodes))
        for name in missing
    ]


def _lay_out(nodes: Mapping[str, str], layers: Layers) -> tuple[dict[str, Box], dict[str, float]]:
    """Return boxes, the widest that fit the page, and where each name stands across."""
    for width in BOX_WIDTHS:
        boxes = {name: fit_box(text, width, shrink=True) for name, text in nodes.items()}
        widths = {name: box.width for name, box in boxes.items()}
        across = spread(layers, widths, gap=GAP, waypoint=WAYPOINT)
        if _extent(across, boxes) <= page_width() - 2 * MARGIN:
            return boxes, across
    hint = "Shorten the texts, or draw two charts."
    raise FigureError("the flow chart is too wide for the page.", hint=hint)


def _extent(across: Mapping[str, float], boxes: Mapping[str, Box]) -> float:
    return max(
        x + (boxes[name].width if name in boxes else WAYPOINT) / 2 for name, x in across.items()
    )


def _place(
    boxes: Mapping[str, Box],
    across: Mapping[str, float],
    layers: Layers,
    arrows: Sequence[tuple[str, str, str]],
) -> tuple[dict[str, Box], float]:
    """Return boxes and waypoints (boxes without height) in their places, and the height used."""
    shift = (page_width() - _extent(across, boxes)) / 2
    labelled = [route for route, arrow in zip(layers.routes, arrows, strict=True) if arrow[2]]
    placed: dict[str, Box] = {}
    y = MARGIN
    for row in layers.rows:
        tallest = max((boxes[name].height for name in row if name in boxes), default=0.0)
        for name in row:
            x = shift + across[name]
            if name in boxes:
                box = boxes[name]
                placed[name] = box.at(x - box.width / 2, y + (tallest - box.height) / 2)
            else:
                placed[name] = Box((), 0.0, tallest, x, y)
        words = sum(route[0] in row for route in labelled)
        y += tallest + (STEP if not words else CROWDED_STEP if words > 3 else LABELLED_STEP)
    return placed, max(box.bottom for box in placed.values())


def _curves(routes: Sequence[Sequence[str]], placed: Mapping[str, Box]) -> list[list[Point]]:
    """Return each arrow as points: out of the lower edge of a box into the upper of the next."""
    leaving, entering = _ports(routes, placed)
    curves = []
    for number, route in enumerate(routes):
        first, last = placed[route[0]], placed[route[-1]]
        down = first.y < last.y
        start = (leaving[number], first.bottom if down else first.y)
        end = (entering[number], last.y if down else last.bottom)
        points: list[Point] = []
        here = start
        for name in route[1:-1]:
            box = placed[name]
            top, bottom = (box.x, box.y), (box.x, box.bottom)
            points += [*_bend(here, top if down else bottom), bottom if down else top]
            here = bottom if down else top
        curves.append(points + _bend(here, end))
    return curves


def _ports(
    routes: Sequence[Sequence[str]], placed: Mapping[str, Box]
) -> tuple[dict[int, float], dict[int, float]]:
    """Spread the arrows at each box's edge, in the order of where they lead."""
    leaving: dict[int, float] = {}
    entering: dict[int, float] = {}
    for name, box in placed.items():
        if not box.lines:
            continue
        for ports, inner, end in ((leaving, 1, 0), (entering, -2, -1)):
            ends = [n for n, route in enumerate(routes) if route[end] == name]
            ends.sort(key=lambda n: placed[routes[n][inner]].centre[0])
            for at, number in enumerate(ends, 1):
                ports[number] = box.x + box.width * at / (len(ends) + 1)
    return leaving, entering


def _bend(start: Point, end: Point) -> list[Point]:
    """Return points of a curve that leaves and arrives upright (a cubic Bézier)."""
    (x0, y0), (x1, y1) = start, end
    middle = (y0 + y1) / 2
    points = []
    for step in range(POINTS + 1):
        t = step / POINTS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append((a * x0 + b * x0 + c * x1 + d * x1, (a * y0 + d * y1) + (b + c) * middle))
    return points


def _draw_curve(axes: Axes, curve: Sequence[Point]) -> None:
    xs, ys = zip(*curve, strict=True)
    axes.plot(xs, ys, color=brand().light["secondary"], linewidth=1.0, zorder=0.8)
    # The head stands upright, as the curve arrives: its last stretch would lean.
    tip, rise = curve[-1], curve[-1][1] - curve[0][1]
    draw_head(axes, (tip[0], tip[1] - rise), tip)


def _draw_boxes(
    axes: Axes,
    placed: Mapping[str, Box],
    arrows: Sequence[tuple[str, str, str]],
    marked: set[str],
) -> None:
    colours = brand().light
    starts = {start for start, _, _ in arrows}
    ends = {end for _, end, _ in arrows}
    for name, box in placed.items():
        if not box.lines:
            continue
        terminal = name not in starts or name not in ends
        fill = colours["primary-tint"] if name in marked else None
        fill = fill or (colours["light"] if terminal else colours["background"])
        edge = colours["primary"] if name in marked else None
        draw_box(axes, box, fill=fill, edge=edge, round_ends=terminal)


def _draw_labels(
    axes: Axes,
    curves: Sequence[list[Point]],
    arrows: Sequence[tuple[str, str, str]],
    boxes: Sequence[Box],
) -> None:
    """Write each arrow's word on it, where it covers no box and no other word."""
    taken: list[Span] = [(b.x, b.y, b.right, b.bottom) for b in boxes if b.lines]
    for curve, (_, _, label) in zip(curves, arrows, strict=True):
        if not label:
            continue
        lines = label.split("\n")
        width = max(text_width(line, SMALL) for line in lines) + 0.12
        height = text_height(len(lines), SMALL) - 0.04
        steps = sorted(range(2, len(curve) - 4), key=lambda n: abs(n - POINTS * 0.45))
        spans = [_around(curve[n], width, height) for n in steps]
        span = min(spans, key=lambda s: _overlap(s, taken, curves, curve))
        taken.append(span)
        ground = Rectangle(
            span[:2], width, height, facecolor=brand().light["background"], edgecolor="none"
        )
        axes.add_patch(ground)
        middle = ((span[0] + span[2]) / 2, (span[1] + span[3]) / 2)
        write(axes, *middle, lines, ha="center", size=SMALL)


def _around(point: Point, width: float, height: float) -> Span:
    x = min(max(point[0], width / 2 + 0.05), page_width() - width / 2 - 0.05)
    return x - width / 2, point[1] - height / 2, x + width / 2, point[1] + height / 2


def _overlap(
    span: Span, taken: Iterable[Span], curves: Iterable[list[Point]], own: list[Point]
) -> float:
    """Return how much a label covers: words and boxes count much, other arrows a little."""
    total = 0.0
    for other in taken:
        across = min(span[2], other[2]) - max(span[0], other[0])
        along = min(span[3], other[3]) - max(span[1], other[1])
        if across > -0.05 and along > -0.05:
            total += 10 + across * along
    for curve in curves:
        if curve is not own:
            inside = (span[0] < x < span[2] and span[1] < y < span[3] for x, y in curve)
            total += 0.4 * sum(inside)
    return total
