"""How a flow diagram is drawn: boxes beside each other on a page, or below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reviewpress.context import review_labels
from reviewpress.errors import FigureError
from reviewpress.figures.drawing.boxes import Box, draw_arrow, draw_box, fit_box
from reviewpress.figures.drawing.layout import sheet, text_width
from reviewpress.figures.style import PAGE_HEIGHT, SMALL, WIDTH, brand, new_figure, page_width

MARGIN = 0.15
PHASE = 0.62
GAP = 0.4
HEAD = 1.15
STEP = 0.55
CLOSE = 0.35
"""How far boxes are apart on a page that is full."""
NARROW = 9.0
OTHER_INDENT = 0.7
SIDE_INDENT = 1.2
IDENTIFICATION, SCREENING, INCLUDED = "flow-identification", "flow-screening", "flow-included"
_ROOM = (0.2, 0.5, 1.0)
"""How much room a column may give to another at once, in centimetres."""
_NARROWEST = 2.2
"""How narrow a column may become: a long word still has room."""


@dataclass(frozen=True, slots=True)
class DiagramRow:
    """One row of the diagram: what goes on, and what leaves at its side, for each stream.

    `phase` is the name of its label.
    """

    phase: str
    main: str
    side: str = ""
    other: str = ""
    other_side: str = ""


def draw_wide(stages: Sequence[DiagramRow], other: bool, key: str) -> Figure:
    """Draw the boxes beside each other; `key` says what three numbers are, in a head of its own.

    Columns are equally wide, unless the diagram fits a page only if some have more room.
    """
    columns = 4 if other else 2
    above = HEAD if key else 0.0
    head = MARGIN + above + (HEAD if other else 0.0)
    widths = _column_widths(stages, columns, head)
    left = [MARGIN + PHASE + GAP + sum(widths[:n]) + n * GAP for n in range(columns)]
    right = [start + width for start, width in zip(left, widths, strict=True)]
    rows: list[list[Box | None]] = []
    y = head
    step = STEP if _height(stages, widths, head) <= PAGE_HEIGHT else CLOSE
    for boxes, height in zip(*_fitted(stages, widths), strict=True):
        row = [
            Box(box.lines, widths[n], height, left[n], y) if box else None
            for n, box in enumerate(boxes)
        ]
        rows.append(row)
        y += height + step
    figure = new_figure(_checked(y - step + MARGIN))
    axes = sheet(figure)
    _draw_phases(axes, stages, rows)
    if key:
        _draw_head(axes, key, MARGIN, right[-1], MARGIN)
    if other:
        y = MARGIN + above
        labels = review_labels()
        _draw_head(axes, labels["flow-databases-and-registers"], left[0], right[1], y)
        _draw_head(axes, labels["flow-other-methods"], left[2], right[3], y)
    phases = [stage.phase for stage in stages]
    _draw_stream(axes, phases, rows, 0)
    if other:
        _draw_stream(axes, phases, rows, 2)
        _draw_joining(axes, rows)
    for row in rows:
        for box in filter(None, row):
            draw_box(axes, box, align="left")
    return figure


def _checked(height: float) -> float:
    """Return a height that a page has; FigureError with what can be left out otherwise."""
    if height <= PAGE_HEIGHT:
        return height
    message = f"the flow diagram is {height:.0f} cm high, more than a page has."
    hint = (
        'Leave the number of each database to a table: without=["database_specific_results"].'
        " Or give rare reasons for exclusion one name."
    )
    raise FigureError(message, hint=hint)


def _column_widths(stages: Sequence[DiagramRow], columns: int, head: float) -> list[float]:
    """Return how wide the columns are, in centimetres."""
    widths = [(WIDTH - 2 * MARGIN - PHASE - GAP * columns) / columns] * columns
    height = _height(stages, widths, head)
    while height > PAGE_HEIGHT:
        lower = min(
            ((_height(stages, other, head), other) for other in _with_room_moved(widths)),
            default=(height, widths),
        )
        if lower[0] >= height:
            break
        height, widths = lower
    return widths


def _with_room_moved(widths: Sequence[float]) -> Iterator[list[float]]:
    """Yield the widths with some of the room of one column given to another."""
    for giver, taker, room in product(range(len(widths)), range(len(widths)), _ROOM):
        if giver != taker and widths[giver] - room >= _NARROWEST:
            moved = list(widths)
            moved[giver] -= room
            moved[taker] += room
            yield moved


def _height(stages: Sequence[DiagramRow], widths: Sequence[float], head: float) -> float:
    return head + sum(height + STEP for height in _fitted(stages, widths)[1]) - STEP + MARGIN


def _fitted(
    stages: Sequence[DiagramRow], widths: Sequence[float]
) -> tuple[list[list[Box | None]], list[float]]:
    """Return the boxes of each row, and how high it is."""
    rows, heights = [], []
    phases = [stage.phase for stage in stages]
    for stage in stages:
        texts = (stage.main, stage.side, stage.other, stage.other_side)
        boxes = [
            fit_box(text, width) if text else None
            for text, width in zip(texts, widths, strict=False)
        ]
        height = max(box.height for box in boxes if box)
        if phases.count(stage.phase) == 1:
            height = max(height, text_width(review_labels()[stage.phase], SMALL, bold=True) + 0.4)
        rows.append(boxes)
        heights.append(height)
    return rows, heights


def _draw_stream(
    axes: Axes, phases: Sequence[str], rows: Sequence[Sequence[Box | None]], column: int
) -> None:
    """Draw the arrows of one stream: down from box to box, and out to the side."""
    above: Box | None = None
    for phase, row in zip(phases, rows, strict=True):
        box, side = row[column], row[column + 1]
        if box is None:
            continue
        if above is not None:
            draw_arrow(axes, [(box.centre[0], above.bottom), (box.centre[0], box.y)])
        if side is not None:
            # What stands beside the last boxes comes in; beside all others it leaves.
            ends = [(box.right, box.centre[1]), (side.x, side.centre[1])]
            draw_arrow(axes, ends[::-1] if phase == INCLUDED else ends)
        above = box


def _draw_joining(axes: Axes, rows: Sequence[Sequence[Box | None]]) -> None:
    """Draw the arrow from the other methods' last box to what is included."""
    last = next(row[2] for row in reversed(rows) if row[2] is not None)
    included = next(row[0] for row in rows if row[0] is not None and row[0].y > last.y)
    assert last is not None
    assert included is not None
    y = included.centre[1]
    corner = (last.centre[0], y)
    draw_arrow(axes, [(last.centre[0], last.bottom), corner, (included.right, y)])


def _draw_phases(
    axes: Axes, stages: Sequence[DiagramRow], rows: Sequence[Sequence[Box | None]]
) -> None:
    """Draw the bars at the left that name the phases."""
    for phase in dict.fromkeys(stage.phase for stage in stages):
        boxes = [
            box
            for stage, row in zip(stages, rows, strict=True)
            if stage.phase == phase
            for box in row
            if box
        ]
        top, bottom = min(box.y for box in boxes), max(box.bottom for box in boxes)
        bar = Box((" ",), PHASE, bottom - top, MARGIN, top)
        draw_box(axes, bar, fill=brand().light["primary-tint"], edge=brand().light["primary"])
        axes.text(
            bar.centre[0], bar.centre[1], review_labels()[phase], rotation=90,
            ha="center", va="center", size=SMALL, weight="bold",
        )  # fmt: skip


def _draw_head(axes: Axes, text: str, left: float, right: float, top: float) -> None:
    box = Box((text,), right - left, 0.75, left, top)
    draw_box(axes, box, fill=brand().light["light"], edge=brand().light["secondary"])


def draw_narrow(stages: Sequence[DiagramRow], other: bool, key: str) -> Figure:
    """Stack the boxes; what leaves a stage stands below it, moved in.

    The other methods stand below the databases, moved in too, so that the line from the databases
    can pass them on its way to what is included.
    """
    width = min(NARROW, page_width())
    last = [stage for stage in stages if stage.phase == INCLUDED]
    first = [stage for stage in stages if stage.phase != INCLUDED]
    entries: list[tuple[str, float, str]] = [(key, 0.0, "heading")]
    for stage in first:
        entries += [(stage.main, 0.0, "main"), (stage.side, SIDE_INDENT, "side")]
    if other:
        entries.append((review_labels()["flow-other-methods"], OTHER_INDENT, "heading"))
        for stage in first:
            entries.append((stage.other, OTHER_INDENT, "main"))
            entries.append((stage.other_side, OTHER_INDENT + SIDE_INDENT, "side"))
    for stage in last:
        entries += [(stage.side, SIDE_INDENT, "joining"), (stage.main, 0.0, "main")]
    boxes: list[tuple[Box, str]] = []
    y = MARGIN
    for text, indent, kind in entries:
        if text:
            box = fit_box(text, width - 2 * MARGIN - indent).at(MARGIN + indent, y)
            boxes.append((box, kind))
            y = box.bottom + STEP
    figure = new_figure(y - STEP + MARGIN, width)
    axes = sheet(figure)
    _draw_narrow_arrows(axes, boxes)
    for box, kind in boxes:
        fill = brand().light["light"] if kind == "heading" else None
        draw_box(axes, box, align="left", fill=fill)
    return figure


def _draw_narrow_arrows(axes: Axes, boxes: Sequence[tuple[Box, str]]) -> None:
    """Lead each stage to the next of its stream, out to what leaves it, and in what joins it."""
    for number, (box, kind) in enumerate(boxes):
        x = box.x + 0.35
        if kind == "joining":
            draw_arrow(axes, [(x, box.bottom), (x, boxes[number + 1][0].y)])
        for below, other in boxes[number + 1 :] if kind == "main" else ():
            if other == "side" and abs(below.x - box.x - SIDE_INDENT) < 0.01:
                y = below.centre[1]
                draw_arrow(axes, [(x, box.bottom), (x, y), (below.x, y)])
            elif other == "main" and below.x <= box.x + 0.01:
                draw_arrow(axes, [(x, box.bottom), (x, below.y)])
                break
