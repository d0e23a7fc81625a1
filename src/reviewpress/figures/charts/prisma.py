"""The PRISMA 2020 flow diagram, from the table that the PRISMA2020 R package reads.

Page MJ, et al. (2020) "The PRISMA 2020 statement", figure 1. A box whose number the review does
not know says so; a line that a review may lack is left out where its number is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reviewpress.context import review_labels, review_root
from reviewpress.errors import FigureError
from reviewpress.evidence.flow import Flow, Reason
from reviewpress.figures.drawing.boxes import Box, draw_arrow, draw_box, fit_box
from reviewpress.figures.drawing.layout import sheet, text_width
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import SMALL, WIDTH, brand, house_style, new_figure, page_width
from reviewpress.labels import FALLBACK, load_language
from reviewpress.markdown import Markdown, escape

MARGIN = 0.15
PHASE = 0.62
GAP = 0.4
STEP = 0.55
NARROW = 9.0
OTHER_INDENT = 0.7
SIDE_INDENT = 1.2
IDENTIFICATION, SCREENING, INCLUDED = "flow-identification", "flow-screening", "flow-included"
LAYOUTS = ("wide", "narrow")
OTHER_BOXES = (
    "website_results",
    "organisation_results",
    "citations_results",
    "other_sought_reports",
    "other_assessed",
)
POOLED = ("total_studies_synthesis", "total_studies_ma", "total_reports_ma")
"""What the last box counts, where something is counted in it."""


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


@also_narrow
def flow(
    flow: Flow,
    *,
    layout: str = "wide",
    other: bool | None = None,
    previous: bool | None = None,
    unknown: str | None = None,
    without: Iterable[str] = (),
) -> Figure:
    """Draw the flow of records and reports.

    `flow` is `review.flow`. `layout` is wide (the printed page) or narrow (9 cm, for telephones
    and columns). The streams of other methods and of a previous version are drawn where one of
    their numbers is known, the former also where no number of the search is; `other` and
    `previous` decide otherwise. `unknown` stands for a number that is not known,
    "not reported" in the review's language unless given, and `without` names lines that do not
    apply to the review, such as "citations_results"; without all its lines, a box is left out,
    as that of screening is by "records_screened" and "records_excluded".
    """
    if layout not in LAYOUTS:
        raise FigureError(f'there is no layout "{layout}".', hint="Use wide or narrow.")
    stages, other = _plan(flow, other, previous, unknown, without)
    wide = layout == "wide" and page_width() == WIDTH
    with house_style():
        return _draw_wide(stages, other) if wide else _draw_narrow(stages, other)


def flow_text(
    flow: Flow,
    *,
    other: bool | None = None,
    previous: bool | None = None,
    unknown: str | None = None,
    without: Iterable[str] = (),
) -> Markdown:
    """Say the flow of records and reports as a nested list: the diagram's text alternative.

    It has the same boxes and words as `flow` draws with the same arguments. What leaves a stage
    stands below it, one level deeper. Give it to `review.figure` as `long_description`.
    """
    stages, other = _plan(flow, other, previous, unknown, without)
    lines = []
    for phase in dict.fromkeys(stage.phase for stage in stages):
        lines.append((0, review_labels()[phase]))
        of_phase = [stage for stage in stages if stage.phase == phase]
        streams = [("", [(stage.main, stage.side) for stage in of_phase])]
        if any(stage.other for stage in of_phase):
            names = ("flow-databases-and-registers", "flow-other-methods")
            others = [(stage.other, stage.other_side) for stage in of_phase]
            streams = [(names[0], streams[0][1]), (names[1], others)]
        for name, boxes in streams:
            lines += [(1, review_labels()[name])] if name else []
            depth = 2 if name else 1
            for main, side in boxes:
                # What stands beside the last boxes comes in; beside all others it leaves.
                comes_in = phase == INCLUDED
                lines += _told(side, depth) if comes_in else []
                lines += _told(main, depth)
                lines += [] if comes_in else _told(side, depth + 1)
    return Markdown("\n".join(f"{'  ' * depth}- {escape(text)}" for depth, text in lines))


def flow_counts(flow: Flow) -> pd.DataFrame:
    """Return the boxes whose number is known: columns box (in words) and number.

    PRISMA's words are in the review's language, the table's own as they are.
    """
    known = [(_described(flow, name), number) for name, number in flow.known.items()]
    return pd.DataFrame(known, columns=["box", "number"])


def _described(flow: Flow, name: str) -> str:
    """Return what a box is, by itself: of which stream, and records or reports."""
    text, words, labels = flow.row(name).text("description"), _words(flow, name), review_labels()
    is_own = words == flow.row(name).text("boxtext") and not labels.has(_label_of(name))
    if is_own or labels.language == FALLBACK:
        return text
    if text.startswith("Records identified from: "):
        return f"{labels['flow-records-identified']} {words}"
    streams = {"(databases and registers)": "flow-databases-and-registers",
               "(other)": "flow-other-methods"}  # fmt: skip
    stream = next((label for end, label in streams.items() if text.endswith(end)), "")
    return f"{words} ({labels[stream]})" if stream else words


def _told(box: str, depth: int) -> list[tuple[int, str]]:
    """Return the lines of a box as items of a list, those after the first below it."""
    first, *rest = box.split("\n") if box else [""]
    return [(depth, first), *((depth + 1, line) for line in rest)] if first else []


def _plan(
    flow: Flow,
    other: bool | None,
    previous: bool | None,
    unknown: str | None,
    without: Iterable[str],
) -> tuple[list[DiagramRow], bool]:
    """Return the boxes to draw or to tell, and whether other methods are among them."""
    if other is None:
        known = any(flow.get(name) for name in OTHER_BOXES)  # a template has zeros in them
        other = known or flow.get("database_results") is None
    if previous is None:
        previous = bool(flow.get("previous_reports") or flow.get("previous_studies"))
    absent = frozenset(without)
    for name in sorted(absent):
        flow.row(name)
    write = _writer(flow, review_labels()["flow-not-reported"] if unknown is None else unknown)
    return _stages(flow, write, absent, other=other, previous=previous), other


def _writer(flow: Flow, unknown: str) -> Callable[[str, str], str]:
    """Return a function that writes a box's line: its words, and its number or `unknown`."""

    def write(name: str, words: str = "") -> str:
        value = flow.get(name)
        label = words or _words(flow, name)
        number = f"n = {review_labels().digits(value)}" if value is not None else unknown
        return f"{label} ({_unbroken(number)})"

    return write


def _words(flow: Flow, name: str) -> str:
    """Return the words of a box: the table's own, or the label where the table has PRISMA's."""
    text = str(flow.row(name).text("boxtext") or flow.row(name).text("description"))
    label = _label_of(name)
    english = load_language(FALLBACK, review_root()).get(label)
    return review_labels()[label] if text == english else text


def _label_of(name: str) -> str:
    return f"flow-{name.replace('_', '-')}"


def _stages(
    flow: Flow, write: Callable[..., str], absent: Set[str], *, other: bool, previous: bool
) -> list[DiagramRow]:
    def optional(*names: str) -> list[str]:
        here = (name for name in names if name not in absent)
        return [write(name) for name in here if flow.get(name) is not None]

    def line(name: str) -> str:
        return "" if name in absent else write(name)

    labels = review_labels()
    origin = labels["flow-records-identified"]
    found = [origin, *map(write, _present(("database_results",), absent))]
    found += [_reason(r) for r in _reasons(flow, "database_specific_results")]
    found += optional("register_results")
    found += [_reason(r) for r in _reasons(flow, "register_specific_results")]
    removed = [labels["flow-records-removed"], *map(write, _present(("duplicates",), absent))]
    removed += optional("excluded_automatic", "excluded_other")
    others = [origin, *map(write, _present(OTHER_BOXES[:3], absent))]
    included = optional("new_studies")
    if "new_reports" not in absent and (flow.get("new_reports") is not None or not included):
        included.append(write("new_reports"))
    included += optional("awaiting_studies", "awaiting_reports", "ongoing_studies",
                         "ongoing_reports")  # fmt: skip
    excluded = [] if "records_excluded" in absent else [_excluded(flow, write, "records_excluded")]
    excluded += [*_by_whom(flow), *optional("records_excluded_automatic")]
    rows = [
        DiagramRow(IDENTIFICATION, "\n".join(found), "\n".join(removed), "\n".join(others)),
        DiagramRow(SCREENING, line("records_screened"), "\n".join(excluded)),
        DiagramRow(
            SCREENING, line("dbr_sought_reports"), line("dbr_notretrieved_reports"),
            line("other_sought_reports"), line("other_notretrieved_reports"),
        ),
        DiagramRow(
            SCREENING, write("dbr_assessed"), _excluded(flow, write, "dbr_excluded"),
            write("other_assessed"), _excluded(flow, write, "other_excluded"),
        ),
        DiagramRow(INCLUDED, "\n".join(included)),
    ]  # fmt: skip
    if previous:
        before = [write(n) for n in ("previous_studies", "previous_reports") if flow.get(n)]
        rows.append(
            DiagramRow(
                INCLUDED, "\n".join(optional("total_studies", "total_reports")), "\n".join(before)
            )
        )
    pooled = optional(*(name for name in POOLED if flow.get(name)))
    rows.append(DiagramRow(INCLUDED, "\n".join(pooled)))
    stages = [row for row in rows if row.main or row.side]
    if other:
        return stages
    return [DiagramRow(stage.phase, stage.main, stage.side) for stage in stages]


def _by_whom(flow: Flow) -> list[str]:
    """Return the line of what people excluded, where automation excluded records as well."""
    unseen, excluded = flow.get("records_excluded_automatic"), flow.get("records_excluded")
    if not unseen or excluded is None:
        return []
    number = f"(n = {review_labels().digits(excluded - unseen)})"
    return [f"{review_labels()['flow-records-excluded-by-people']} {_unbroken(number)}"]


def _present(names: Iterable[str], absent: Set[str]) -> list[str]:
    return [name for name in names if name not in absent]


def _excluded(flow: Flow, write: Callable[..., str], name: str) -> str:
    reasons = _reasons(flow, name)
    colon = review_labels()["caption-separator"].rstrip(" ") if reasons else ""
    return "\n".join([write(name) + colon, *map(_reason, reasons)])


def _reasons(flow: Flow, name: str) -> tuple[Reason, ...]:
    return tuple(flow.reasons(name)) if any(row.data == name for row in flow.rows) else ()


def _reason(reason: Reason) -> str:
    if reason.number is None:
        return str(reason.name)
    number = _unbroken(f"(n = {review_labels().digits(reason.number)})")
    return f"{reason.name} {number}".strip()


def _unbroken(text: str) -> str:
    """Return text that no line end may tear apart."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _draw_wide(stages: Sequence[DiagramRow], other: bool) -> Figure:
    columns = 4 if other else 2
    width = (WIDTH - 2 * MARGIN - PHASE - GAP * columns) / columns
    left = [MARGIN + PHASE + GAP + n * (width + GAP) for n in range(columns)]
    head = 1.15 if other else 0.0
    rows: list[list[Box | None]] = []
    y = MARGIN + head
    for stage in stages:
        texts = (stage.main, stage.side, stage.other, stage.other_side)[:columns]
        boxes = [fit_box(text, width) if text else None for text in texts]
        height = max(box.height for box in boxes if box)
        if [other.phase for other in stages].count(stage.phase) == 1:
            height = max(height, text_width(review_labels()[stage.phase], SMALL, bold=True) + 0.4)
        row = [
            Box(box.lines, width, height, left[n], y) if box else None
            for n, box in enumerate(boxes)
        ]
        rows.append(row)
        y += height + STEP
    figure = new_figure(y - STEP + MARGIN)
    axes = sheet(figure)
    _draw_phases(axes, stages, rows)
    if other:
        _draw_head(axes, review_labels()["flow-databases-and-registers"], left[0], left[1] + width)
        _draw_head(axes, review_labels()["flow-other-methods"], left[2], left[3] + width)
    _draw_stream(axes, rows, 0)
    if other:
        _draw_stream(axes, rows, 2)
        _draw_joining(axes, rows)
    for row in rows:
        for box in filter(None, row):
            draw_box(axes, box, align="left")
    return figure


def _draw_stream(axes: Axes, rows: Sequence[Sequence[Box | None]], column: int) -> None:
    """Draw the arrows of one stream: down from box to box, and out to the side."""
    above: Box | None = None
    for row in rows:
        box, side = row[column], row[column + 1]
        if box is None:
            continue
        if above is not None:
            draw_arrow(axes, [(box.centre[0], above.bottom), (box.centre[0], box.y)])
        if side is not None and row is not rows[-1]:
            draw_arrow(axes, [(box.right, box.centre[1]), (side.x, side.centre[1])])
        if side is not None and row is rows[-1]:
            draw_arrow(axes, [(side.x, side.centre[1]), (box.right, box.centre[1])])
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


def _draw_head(axes: Axes, text: str, left: float, right: float) -> None:
    box = Box((text,), right - left, 0.75, left, MARGIN)
    draw_box(axes, box, fill=brand().light["light"], edge=brand().light["secondary"])


def _draw_narrow(stages: Sequence[DiagramRow], other: bool) -> Figure:
    """Stack the boxes; what leaves a stage stands below it, moved in.

    The other methods stand below the databases, moved in too, so that the line from the databases
    can pass them on its way to what is included.
    """
    width = min(NARROW, page_width())
    last = [stage for stage in stages if stage.phase == INCLUDED]
    first = [stage for stage in stages if stage.phase != INCLUDED]
    entries: list[tuple[str, float, str]] = []
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
