"""Evidence maps: which papers speak to what, and how many do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from reviewpress.brand import mix
from reviewpress.config import find_root
from reviewpress.context import review_labels, review_root, term_name
from reviewpress.errors import FigureError, nearest
from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.findings import Code
from reviewpress.figures.drawing.layout import (
    POINT,
    KeyItem,
    draw_key,
    ink,
    key_height,
    sheet,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.publish import LINKED
from reviewpress.figures.style import (
    SMALL,
    WIDTH,
    brand,
    house_style,
    new_figure,
    series_colours,
    text_on,
)
from reviewpress.figures.tables import pipe_table
from reviewpress.markdown import cite_keys, escape, md

MARGIN = 0.15
CHIP = 0.48
CHIP_HEIGHT = 0.42
PAD = 0.12
LABEL_WIDTH = 2.5
CELL_HEIGHT = 0.85

Papers = Evidence | pd.DataFrame
Codes = tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A paper's mark: its code, its fill, and the middle of it."""

    code: str
    fill: str
    x: float
    y: float


def evidence_map(
    papers: Papers | None = None,
    *,
    rows: str = "regions",
    columns: str = "sections",
    mark: str | None = "source_type",
) -> Figure:
    """Draw which papers stand in each cell of two groupings, every paper by its code.

    `papers` is the review, its papers table (or some of its rows), or a table whose cells are
    tuples of codes already; without it the review around here is taken. `rows` and `columns` name
    columns of the papers table, `mark` one whose terms set the marks apart (dark or light). A
    paper with several regions stands in several rows; one with none is left out.

    Published, each mark of a map of the papers table is a link to its reference, on pages and in
    the PDF; a table of codes alone has no references to lead to.
    """
    frame = _papers(papers)
    table, marks = _cells(frame, rows, columns, mark)
    terms = list(dict.fromkeys(marks[code] for code in sorted(marks, key=str)))
    with house_style():
        fills = dict(zip(terms, series_colours(max(1, len(terms))), strict=False))
        keys = [KeyItem(term, fills[term], ink()) for term in terms] if len(terms) > 1 else []
        names = [term_name(str(name)) for name in table.columns]
        left = _label_width(table.index)
        width = (WIDTH - left - 2 * MARGIN) / len(names)
        per_line = max(1, int((width - PAD) / CHIP))
        heads = [wrap(name, width - 0.1, bold=True) for name in names]
        top = key_height(keys, WIDTH) + text_height(max(map(len, heads))) + 2 * MARGIN
        heights = [
            _row_height(table.loc[name], per_line, term_name(str(name))) for name in table.index
        ]
        figure = new_figure(top + sum(heights) + MARGIN)
        axes = sheet(figure)
        draw_key(axes, keys, MARGIN, MARGIN, WIDTH)
        _draw_heads(axes, heads, left, width, top)
        y = top
        chips: list[Chip] = []
        for name, height in zip(table.index, heights, strict=True):
            _draw_row_label(axes, term_name(str(name)), y)
            for column, codes in enumerate(table.loc[name]):
                x = MARGIN + left + column * width + PAD
                for position, code in enumerate(codes):
                    line, place = divmod(position, per_line)
                    fill = fills.get(marks.get(code, ""), brand().light["primary"])
                    middle = y + PAD + line * (CHIP_HEIGHT + 0.07) + CHIP_HEIGHT / 2
                    chips.append(Chip(str(code), fill, x + (place + 0.5) * CHIP - 0.025, middle))
            y += height
        _draw_chips(axes, chips)
    if "citekey" in frame.columns:
        keys_of = dict(zip(frame.index, map(str, frame["citekey"]), strict=True))
        setattr(figure, LINKED, _linked(table, marks, terms, keys_of))
    return figure


def heatmap(table: pd.DataFrame, *, unit: str = "") -> Figure:
    """Draw a table of counts: the number in each cell, the darker the more.

    Cells that are zero are left blank but for a dot; the index holds the labels of the rows.
    """
    if table.empty:
        raise FigureError("the chart has nothing to show.", hint="Is the selection too narrow?")
    values = table.fillna(0)
    names = [term_name(str(name)) for name in values.columns]
    with house_style():
        left = _label_width(values.index)
        width = min(2.6, (WIDTH - left - 2 * MARGIN) / len(names))
        heads = [wrap(name, width - 0.1, bold=True) for name in names]
        top = text_height(max(map(len, heads))) + 2 * MARGIN
        figure = new_figure(top + CELL_HEIGHT * len(values) + MARGIN)
        axes = sheet(figure)
        _draw_heads(axes, heads, left, width, top)
        most = max(float(values.to_numpy().max()), 1.0)
        for row, name in enumerate(values.index):
            y = top + row * CELL_HEIGHT
            lines = wrap(term_name(str(name)), LABEL_WIDTH)
            write(axes, MARGIN, y + CELL_HEIGHT / 2, lines)
            for column, value in enumerate(values.loc[name]):
                first = unit if row == 0 and column == 0 else ""
                x = MARGIN + left + column * width
                _draw_count(axes, float(value), most, x, y, width, first)
    return figure


def _linked(
    table: pd.DataFrame, marks: dict[Code, str], terms: list[str], keys: dict[Code, str]
) -> str:
    """Return the map as Markdown: its kinds of mark, and a table that cites the papers.

    filters/maps.lua makes of it what a page and the PDF show.
    """
    places = {term: f".mark-{place}" for place, term in enumerate(terms, start=1)}
    cited = table.map(
        lambda codes: md(" ".join(f"[{cite_keys([keys[c]])}]{{{places[marks[c]]}}}" for c in codes))
    )
    shown = cited.reset_index()
    key = "\n".join(f"- {escape(term)}" for term in terms) if len(terms) > 1 else ""
    rows = f"{pipe_table(shown, ['left'] * len(shown.columns))}\n\n: {{row-headers=1}}"
    return f"{key}\n\n{rows}".strip()


def _papers(papers: Papers | None) -> pd.DataFrame:
    """Return the table that a map is drawn from."""
    if papers is None:
        papers = Evidence(find_root(review_root()))
    frame = getattr(papers, "papers", papers)
    if not isinstance(frame, pd.DataFrame) or frame.empty:
        raise FigureError("the map has no papers to show.", hint="Give it the review.")
    return frame


def _cells(
    frame: pd.DataFrame, rows: str, columns: str, mark: str | None
) -> tuple[pd.DataFrame, dict[Code, str]]:
    """Return the codes of each cell, and the term that marks each code."""
    if all(isinstance(cell, tuple | list) for cell in frame.to_numpy().ravel()):
        codes = {code for cell in frame.to_numpy().ravel() for code in cell}
        return frame, dict.fromkeys(codes, "")
    for name in (rows, columns, mark):
        if name is not None and name not in frame.columns:
            hint = nearest(name, map(str, frame.columns))
            raise FigureError(f'the papers have no column "{name}".', hint=hint)
    table = {
        column: {
            row: tuple(
                code
                for code, r, c in zip(frame.index, frame[rows], frame[columns], strict=True)
                if row in terms_of(r) and column in terms_of(c)
            )
            for row in _vocabulary(frame[rows])
        }
        for column in _vocabulary(frame[columns])
    }
    marks = {code: str(frame.loc[code, mark]) if mark else "" for code in frame.index}
    named = pd.DataFrame(table).rename_axis(rows.replace("_", " ").capitalize())
    return named, marks


def _vocabulary(column: pd.Series) -> list[str]:
    """Return a column's terms, those of most papers first."""
    counts: dict[str, int] = {}
    for cell in column:
        for term in terms_of(cell):
            counts[term] = counts.get(term, 0) + 1
    return sorted(counts, key=lambda term: (-counts[term], term))


def _label_width(names: Iterable[object]) -> float:
    lines = [line for name in names for line in wrap(term_name(str(name)), LABEL_WIDTH)]
    return max(text_width(line) for line in lines) + 0.3


def _row_height(cells: Iterable[Codes], per_line: int, name: str) -> float:
    most = max(len(codes) for codes in cells)
    lines = max(1, -(-most // per_line))
    label = CHIP_HEIGHT + text_height(len(wrap(name, LABEL_WIDTH)) - 1)
    return max(lines * (CHIP_HEIGHT + 0.07) - 0.07, label) + 2 * PAD


def _draw_heads(
    axes: Axes, heads: Sequence[list[str]], left: float, width: float, top: float
) -> None:
    for column, lines in enumerate(heads):
        x = MARGIN + left + (column + 0.5) * width
        y = top - 0.12 - text_height(len(lines)) / 2
        write(axes, x, y, lines, ha="center", bold=True)


def _draw_row_label(axes: Axes, name: str, y: float) -> None:
    """Write a row's label level with its first line of marks, under a hair line."""
    axes.plot([MARGIN, WIDTH - MARGIN], [y, y], color=brand().light["line"], linewidth=0.6)
    lines = wrap(name, LABEL_WIDTH)
    middle = PAD + CHIP_HEIGHT / 2 + text_height(len(lines) - 1) / 2
    write(axes, MARGIN, y + middle, lines)


def _draw_chips(axes: Axes, chips: Sequence[Chip]) -> None:
    """Draw all marks, those of one fill together, and write the codes on them."""
    for fill in dict.fromkeys(chip.fill for chip in chips):
        alike = [chip for chip in chips if chip.fill == fill]
        axes.plot(
            [chip.x for chip in alike], [chip.y for chip in alike], linestyle="none",
            marker=_chip(), markersize=(CHIP - 0.05) / POINT,
            markerfacecolor=fill, markeredgecolor=ink(), markeredgewidth=0.5,
        )  # fmt: skip
    for chip in chips:
        colour = text_on(chip.fill)
        write(axes, chip.x, chip.y, [chip.code], ha="center", size=SMALL, colour=colour)


@cache
def _chip() -> Path:
    """Return the outline of a chip, as wide as 1. A marker is written once in an SVG."""
    tall, corner = CHIP_HEIGHT / (CHIP - 0.05) / 2, 0.2
    vertices: list[tuple[float, float]] = []
    for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        ends = [(sx * 0.5, sy * (tall - corner)), (sx * (0.5 - corner), sy * tall)]
        ends = ends if sx * sy > 0 else ends[::-1]
        vertices += [ends[0], (sx * 0.5, sy * tall), ends[1]]
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    codes += [Path.LINETO, Path.CURVE3, Path.CURVE3] * 3 + [Path.CLOSEPOLY]
    return Path([*vertices, vertices[0]], codes)


def _draw_count(
    axes: Axes, value: float, most: float, x: float, y: float, width: float, unit: str
) -> None:
    colours = brand().light
    share = 0.08 + 0.92 * value / most if value else 0.0
    fill = mix(colours["primary"], colours["background"], share)
    gap = 0.04
    box = Rectangle(
        (x + gap, y + gap), width - 2 * gap, CELL_HEIGHT - 2 * gap, facecolor=fill, edgecolor="none"
    )
    axes.add_patch(box)
    text = f"{review_labels().mark(f'{value:,.0f}')} {unit}".strip() if value else "·"
    colour = text_on(fill) if value else colours["secondary"]
    middle = (x + width / 2, y + CELL_HEIGHT / 2)
    write(axes, *middle, [text], ha="center", colour=colour)
