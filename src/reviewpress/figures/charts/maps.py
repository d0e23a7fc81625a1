"""Evidence maps: which papers speak to what, and how many do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from reviewpress.config import find_root
from reviewpress.context import review_labels, review_root, term_name
from reviewpress.errors import FigureError, nearest
from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.findings import Code
from reviewpress.figures.charts.heads import (
    ROOM,
    Heads,
    continued,
    divide,
    draw_heads,
    fit_heads,
    too_many_columns,
)
from reviewpress.figures.drawing.layout import (
    POINT,
    KeyItem,
    draw_key,
    ink,
    key_rows,
    sheet,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.publish import LINKED
from reviewpress.figures.style import (
    SMALL,
    TEXT,
    WIDTH,
    brand,
    house_style,
    new_figure,
    page_width,
    readable_fill,
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
CHIP_PITCH = CHIP_HEIGHT + 0.07
LETTER = 0.3
SAMPLE = CHIP_HEIGHT
KEY_ROW = 0.6
GAP = 0.08
FILLS = 4
"""As many fills can be told apart; more kinds have letters."""
MOST_MARKS = 1000
"""Marks of about three pages: nobody finds a paper among as many."""

Papers = Evidence | pd.DataFrame
Codes = tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How the papers of a kind are marked: a fill, and a letter where kinds are more than fills."""

    kind: str
    fill: str
    letter: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A paper's mark: its code, its look, and the middle of it."""

    code: str
    look: Look
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a map, or what fits a page of one: its name, the codes of its cells, its height."""

    name: str
    cells: tuple[Codes, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the pages of a map have in common."""

    heads: Heads
    looks: Mapping[str, Look]
    left: float
    width: float
    per_line: int
    chip: float

    @property
    def key(self) -> list[Look]:
        return list(self.looks.values()) if len(self.looks) > 1 else []

    @property
    def top(self) -> float:
        return _key_height(self.key) + self.heads.height + 2 * MARGIN


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
    columns of the papers table, `mark` one whose terms set the marks apart: by their fill, and by a
    letter where there are more than four. A paper with several regions stands in several rows; one
    with none is left out.

    A map that is higher than a page goes on over the next; one of a thousand papers or marks is a
    heat map, with the number of papers in each cell, and says above it how many papers are of each
    kind. Published, each mark of a map of the papers
    table is a link to its reference, on pages and in the PDF; a table of codes alone has no
    references to lead to. Raises FigureError for more kinds than there are letters, and for more
    columns than a page has room for.
    """
    frame = _papers(papers)
    table, marks = _cells(frame, rows, columns, mark)
    terms = list(dict.fromkeys(marks[code] for code in sorted(marks, key=str)))
    marked = sum(len(codes) for codes in table.to_numpy().ravel())
    if max(marked, len(marks)) >= MOST_MARKS:
        return heatmap(table.map(len), key=_counted(marks, terms))
    with house_style():
        shared = _frame_of(table, _looks(terms, mark))
        found = [row for name in table.index for row in _rows(shared, name, table.loc[name])]
        pages = divide([row.height for row in found], ROOM - shared.top - MARGIN)
        figure = continued(
            [_draw_page(shared, marks, [found[row] for row in page]) for page in pages]
        )
    if "citekey" in frame.columns:
        keys_of = dict(zip(frame.index, map(str, frame["citekey"]), strict=True))
        setattr(figure, LINKED, _linked(table, marks, terms, keys_of))
    return figure


@also_narrow
def heatmap(table: pd.DataFrame, *, unit: str = "", key: str = "") -> Figure:
    """Draw a table of counts: the number in each cell, the darker the more.

    Cells that are zero are left blank but for a dot; the index holds the labels of the rows. `key`
    is written above: what the numbers are made up of. A chart that is higher than a page goes on
    over the next.
    """
    if table.empty:
        raise FigureError("the chart has nothing to show.", hint="Is the selection too narrow?")
    values = table.fillna(0)
    with house_style():
        left = _label_width(values.index)
        width = min(2.6, (page_width() - left - 2 * MARGIN) / len(values.columns))
        heads = fit_heads([term_name(str(name)) for name in values.columns], width)
        size = _number_size(values, width)
        said = wrap(key, page_width() - 2 * MARGIN) if key else []
        above = heads.height + text_height(len(said)) + (PAD if said else 0.0)
        room = ROOM - above - 3 * MARGIN if page_width() == WIDTH else sys.maxsize
        pages = divide([_count_height(str(name)) for name in values.index], room)
        most = max(float(values.to_numpy().max()), 1.0)
        return continued(
            [
                _draw_counts(
                    values.iloc[list(page)], heads, (left, width, above), said, most, unit, size
                )
                for page in pages
            ]
        )


def _draw_counts(
    values: pd.DataFrame,
    heads: Heads,
    sizes: tuple[float, float, float],
    key: Sequence[str],
    most: float,
    unit: str,
    size: float,
) -> Figure:
    left, width, above = sizes
    top = above + 2 * MARGIN
    heights = [_count_height(str(name)) for name in values.index]
    figure = new_figure(top + sum(heights) + MARGIN)
    axes = sheet(figure)
    write(axes, MARGIN, MARGIN + text_height(len(key)) / 2, key)
    draw_heads(axes, heads, MARGIN + left, width, top - 0.12)
    y = top
    for row, (name, height) in enumerate(zip(values.index, heights, strict=True)):
        write(axes, MARGIN, y + height / 2, wrap(term_name(str(name)), LABEL_WIDTH))
        for column, value in enumerate(values.iloc[row]):
            first = unit if row == 0 and column == 0 else ""
            x = MARGIN + left + column * width
            _draw_count(axes, float(value), most, (x, y, width, height), first, size)
        y += height
    return figure


def _counted(marks: Mapping[Code, str], terms: Sequence[str]) -> str:
    """Return how many papers are of each kind, where there are several, the most first."""
    counts = Counter(marks.values())
    told = sorted(terms, key=lambda term: (-counts[term], term))
    labels = review_labels()
    items = [f"{term_name(term)} {labels.mark(f'{counts[term]:,}')}" for term in told]
    # A line ends after a point, and begins with none.
    return "\u00a0· ".join(items) if len(items) > 1 else ""


def _count_height(name: str) -> float:
    return max(CELL_HEIGHT, text_height(len(wrap(term_name(name), LABEL_WIDTH))) + PAD)


def _looks(terms: Sequence[str], mark: str | None) -> dict[str, Look]:
    """Return how each kind is marked, no two alike."""
    if len(terms) > len(ascii_lowercase):
        raise FigureError(
            f"the papers are of {len(terms)} kinds ({mark}), and marks can show "
            f"{len(ascii_lowercase)} apart.",
            hint="Name a column with fewer terms as `mark=`, or none: `mark=None`.",
        )
    fills = series_colours(max(1, min(FILLS, len(terms))))
    letters = ascii_lowercase if len(terms) > FILLS else " " * len(terms)
    return {
        term: Look(term, fills[number % len(fills)], letters[number].strip())
        for number, term in enumerate(terms)
    }


def _frame_of(table: pd.DataFrame, looks: Mapping[str, Look]) -> _Frame:
    left = _label_width(table.index)
    width = (WIDTH - left - 2 * MARGIN) / len(table.columns)
    longest = max((text_width(str(code)) for cell in table.to_numpy().ravel() for code in cell),
                  default=0.0)  # fmt: skip
    lettered = any(look.letter for look in looks.values())
    chip = max(CHIP, longest + 0.1) + (LETTER if lettered else 0.0)
    heads = fit_heads([term_name(str(name)) for name in table.columns], width)
    per_line = int((width - PAD) / chip)
    if per_line < 1:
        raise too_many_columns(len(table.columns))
    return _Frame(heads, looks, left, width, per_line, chip)


def _rows(shared: _Frame, name: object, cells: Iterable[Codes]) -> Iterator[_Row]:
    """Yield a row, in as many pieces as pages need for it."""
    label = term_name(str(name))
    rest = [tuple(codes) for codes in cells]
    least = _row_height(1, label)
    lines = max(1, int((ROOM - shared.top - MARGIN - 2 * PAD) / CHIP_PITCH))
    while True:
        piece = tuple(codes[: lines * shared.per_line] for codes in rest)
        rest = [codes[lines * shared.per_line :] for codes in rest]
        most = max(-(-len(codes) // shared.per_line) for codes in piece)
        yield _Row(label, piece, max(_row_height(most, label), least))
        if not any(rest):
            return


def _draw_page(shared: _Frame, marks: Mapping[Code, str], rows: Sequence[_Row]) -> Figure:
    figure = new_figure(shared.top + sum(row.height for row in rows) + MARGIN)
    axes = sheet(figure)
    _draw_key(axes, shared.key)
    draw_heads(axes, shared.heads, MARGIN + shared.left, shared.width, shared.top - 0.12)
    plain = Look("", brand().light["primary"], "")
    y = shared.top
    chips: list[Chip] = []
    for row in rows:
        _draw_row_label(axes, row.name, y)
        for column, codes in enumerate(row.cells):
            x = MARGIN + shared.left + column * shared.width + PAD
            for position, code in enumerate(codes):
                line, place = divmod(position, shared.per_line)
                look = shared.looks.get(marks.get(code, ""), plain)
                middle = y + PAD + line * CHIP_PITCH + CHIP_HEIGHT / 2
                chips.append(Chip(str(code), look, x + (place + 0.5) * shared.chip - 0.025, middle))
        y += row.height
    _draw_chips(axes, chips, shared.chip - 0.05)
    return figure


def _linked(
    table: pd.DataFrame, marks: dict[Code, str], terms: list[str], keys: dict[Code, str]
) -> str:
    """Return the map as Markdown: its kinds of mark, and a table that cites the papers.

    filters/maps.lua makes of it what a page and the PDF show.
    """
    places = {term: f".mark-{place}" for place, term in enumerate(terms, start=1)}

    def cite(code: Code) -> str:
        mark = f'{places[marks[code]]} code="{code}"'
        return f"[{cite_keys([keys[code]])}]{{{mark}}}"

    cited = table.map(lambda codes: md(" ".join(cite(code) for code in codes)))
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


def _row_height(lines: int, name: str) -> float:
    label = CHIP_HEIGHT + text_height(len(wrap(name, LABEL_WIDTH)) - 1)
    return max(max(1, lines) * CHIP_PITCH - (CHIP_PITCH - CHIP_HEIGHT), label) + 2 * PAD


def _key_lines(key: Sequence[Look]) -> list[list[str]]:
    return key_rows([look.kind for look in key], WIDTH - CHIP) if key else []


def _key_height(key: Sequence[Look]) -> float:
    return len(_key_lines(key)) * KEY_ROW + 0.2 if key else 0.0


def _draw_key(axes: Axes, key: Sequence[Look]) -> None:
    """Draw the look of each kind before its name; a letter as marks have it."""
    if not any(look.letter for look in key):
        items = [KeyItem(look.kind, look.fill, ink()) for look in key]
        draw_key(axes, items, MARGIN, MARGIN, WIDTH - CHIP)
        return
    looks = {look.kind: look for look in key}
    samples: list[Chip] = []
    for number, kinds in enumerate(_key_lines(key)):
        x, y = MARGIN, MARGIN + number * KEY_ROW + CHIP_HEIGHT / 2
        for kind in kinds:
            samples.append(Chip("", looks[kind], x + SAMPLE / 2, y))
            write(axes, x + SAMPLE + 0.12, y, [kind])
            x += SAMPLE + 0.12 + text_width(kind) + 0.6
    _draw_chips(axes, samples, SAMPLE)


def _draw_row_label(axes: Axes, name: str, y: float) -> None:
    """Write a row's label level with its first line of marks, under a hair line."""
    axes.plot([MARGIN, WIDTH - MARGIN], [y, y], color=brand().light["line"], linewidth=0.6)
    lines = wrap(name, LABEL_WIDTH)
    middle = PAD + CHIP_HEIGHT / 2 + text_height(len(lines) - 1) / 2
    write(axes, MARGIN, y + middle, lines)


def _draw_chips(axes: Axes, chips: Sequence[Chip], width: float) -> None:
    """Draw all marks, those of one fill together, and write the codes on them."""
    for fill in dict.fromkeys(chip.look.fill for chip in chips):
        alike = [chip for chip in chips if chip.look.fill == fill]
        axes.plot(
            [chip.x for chip in alike], [chip.y for chip in alike], linestyle="none",
            marker=_chip(width), markersize=width / POINT,
            markerfacecolor=fill, markeredgecolor=ink(), markeredgewidth=0.5,
        )  # fmt: skip
    for chip in chips:
        said = f"{chip.code} {chip.look.letter}".strip()
        colour = text_on(chip.look.fill)
        write(axes, chip.x, chip.y, [said], ha="center", size=SMALL, colour=colour)


@cache
def _chip(width: float) -> Path:
    """Return the outline of a chip, as wide as 1. A marker is written once in an SVG."""
    tall, corner = CHIP_HEIGHT / width / 2, min(0.2, 0.2 * CHIP_HEIGHT / width)
    vertices: list[tuple[float, float]] = []
    for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        ends = [(sx * 0.5, sy * (tall - corner)), (sx * (0.5 - corner), sy * tall)]
        ends = ends if sx * sy > 0 else ends[::-1]
        vertices += [ends[0], (sx * 0.5, sy * tall), ends[1]]
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    codes += [Path.LINETO, Path.CURVE3, Path.CURVE3] * 3 + [Path.CLOSEPOLY]
    return Path([*vertices, vertices[0]], codes)


def _number_size(values: pd.DataFrame, width: float) -> float:
    """Return the size of type in which all numbers have room in their cells."""
    texts = {_shown(float(value)) for value in values.to_numpy().ravel()}
    for size in (TEXT, SMALL):
        if all(text_width(text, size) <= width - GAP for text in texts):
            return size
    raise too_many_columns(len(values.columns))


def _shown(value: float) -> str:
    return review_labels().mark(f"{value:,.0f}")


def _draw_count(
    axes: Axes,
    value: float,
    most: float,
    place: tuple[float, float, float, float],
    unit: str,
    size: float,
) -> None:
    x, y, width, height = place
    colours = brand().light
    share = 0.08 + 0.92 * value / most if value else 0.0
    fill = readable_fill(colours["primary"], colours["background"], share)
    half = GAP / 2
    box = Rectangle(
        (x + half, y + half), width - GAP, height - GAP, facecolor=fill, edgecolor="none"
    )
    axes.add_patch(box)
    text = f"{_shown(value)} {unit}".strip() if value else "·"
    colour = text_on(fill) if value else colours["secondary"]
    write(axes, x + width / 2, y + height / 2, [text], ha="center", size=size, colour=colour)
