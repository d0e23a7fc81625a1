"""Bars and columns: counts, parts of counts, counts by year."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reviewpress.context import review_labels, term_name
from reviewpress.errors import FigureError, nearest
from reviewpress.figures.drawing.layout import (
    KeyItem,
    draw_key,
    ink,
    key_height,
    place_axes,
    sheet,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import (
    WIDTH,
    brand,
    house_style,
    new_figure,
    page_width,
    series_colours,
    text_on,
)

Numbers = pd.Series | Mapping[str, float] | pd.DataFrame
LABEL_WIDTH = 6.2
BESIDE = 2.0
"""Labels no wider than this stand beside their bars on a narrow chart too, others above."""
GAP = 0.25
BAR = 0.5
ROW = 0.74
CLOSE_ROW = 0.6
GROUPED = 0.47
MANY_ROWS = 12
MARGIN = 0.15
COLUMN_HEIGHT = 5.2
YEAR = 0.85
"""The least width of a column with its year; where there is less room, years are rows."""
LIFT = 0.07
FEW = 3
"""As many highlighted bars are named in a chart's key."""


@also_narrow
def bars(
    counts: Numbers,
    *,
    highlight: str | Iterable[str] = (),
    key: str = "",
    sort: bool | None = None,
    unit: str = "",
) -> Figure:
    """Draw horizontal bars with their numbers, the longest first.

    `counts` is a Series, a mapping, or a DataFrame of a label and a number column. Bars keep their
    order with `sort=False`, and without being told where the labels are ordered (categories in
    order, or ranges such as "1 to 25"); "Other" and the like come last. `highlight` names bars to
    stand out, and `key` says what they have in common: without it the chart's key names them.
    `unit` follows the first bar's number.
    """
    series = _series(counts, sort)
    wanted = [highlight] if isinstance(highlight, str) else highlight
    marked = {term_name(name) for name in wanted}
    _check_names(marked, series.index)
    with house_style():
        colours = brand().light
        plain = series_colours(2)[1] if marked else colours["primary"]
        fills = [colours["primary"] if name in marked else plain for name in series.index]
        labels = [_shown(value) for value in series]
        if unit and labels:
            labels[0] = f"{labels[0]} {unit}"
        names = [str(name) for name in series.index]
        keys = _highlight_key(marked, series.index, key, plain) if marked else ()
        figure, axes, rows = _rows(names, max(map(text_width, labels)), keys)
        top = max(float(series.max()), 1e-9)
        axes.set_xlim(0, top)
        axes.barh(
            rows, series.astype(float), height=BAR, color=fills,
            edgecolor=colours["primary"], linewidth=0.6, clip_on=False,
        )  # fmt: skip
        for row, value, label in zip(rows, series, labels, strict=True):
            _label(axes, float(value), row, label)
    return figure


@also_narrow
def stacked_bars(
    table: pd.DataFrame, *, share: bool = False, sort: bool | None = None, unit: str = ""
) -> Figure:
    """Draw horizontal bars made of parts: a row of `table` a bar, a column of it a part.

    Numbers stand in the parts where they fit, totals at the end. With `share` every bar is as
    long and its parts are percentages of it.
    """
    frame = _sorted_table(_numbers(table), sort)
    with house_style():
        keys = series_key([str(name) for name in frame.columns])
        return stacked_rows(frame, keys, share=share, unit=unit)


def stacked_rows(
    frame: pd.DataFrame,
    keys: Sequence[KeyItem],
    *,
    share: bool = False,
    unit: str = "",
    signs: Sequence[str] = (),
    label_width: float = LABEL_WIDTH,
) -> Figure:
    """Draw a table of numbers as bars made of parts that look as `keys` say.

    `signs`, one for each part, stand before the numbers in the parts.
    """
    totals = frame.sum(axis=1)
    parts = frame.div(totals.where(totals > 0, 1), axis=0) * 100 if share else frame
    ends = ["" if share else _shown(total) for total in totals]
    if unit and ends:
        ends[0] = f"{ends[0]} {unit}".strip()
    names = [str(name) for name in frame.index]
    figure, axes, rows = _rows(names, max(map(text_width, ends)), keys, label_width=label_width)
    axes.set_xlim(0, 100 if share else max(float(totals.max()), 1e-9))
    for row, values, label in zip(rows, parts.to_numpy(dtype=float).tolist(), ends, strict=True):
        _stack(axes, row, values, keys, percent=share, signs=signs)
        _label(axes, sum(values), row, label)
    return figure


@also_narrow
def grouped_bars(table: pd.DataFrame, *, sort: bool | None = False) -> Figure:
    """Draw several horizontal bars for each row of `table`, one a column, with their numbers."""
    frame = _sorted_table(_numbers(table), sort)
    count = len(frame.columns)
    with house_style():
        keys = series_key([str(name) for name in frame.columns])
        values = [[float(value) for value in row] for row in frame.to_numpy()]
        longest = max(text_width(_shown(value)) for row in values for value in row)
        pitch = count * GROUPED + 0.3
        names = [str(name) for name in frame.index]
        figure, axes, rows = _rows(names, longest, keys, pitch=pitch)
        axes.set_xlim(0, max(float(frame.max().max()), 1e-9))
        for column, key in enumerate(keys):
            shift = (column - (count - 1) / 2) * GROUPED
            for row, numbers in zip(rows, values, strict=True):
                axes.barh(
                    row + shift, numbers[column], height=GROUPED - 0.05, color=key.fill,
                    edgecolor=key.edge, linewidth=0.6, clip_on=False,
                )  # fmt: skip
                _label(axes, numbers[column], row + shift, _shown(numbers[column]))
    return figure


@also_narrow
def years(table: pd.DataFrame) -> Figure:
    """Draw columns by year, made of parts: a row of `table` a year, a column of it a part.

    Years between the first and the last that have no row are shown empty.
    """
    frame = _numbers(table).sort_index()
    if all(isinstance(name, int) or hasattr(name, "item") for name in frame.index):
        frame = frame.reindex(range(int(frame.index[0]), int(frame.index[-1]) + 1), fill_value=0)
    with house_style():
        keys = series_key([str(name) for name in frame.columns]) if len(frame.columns) > 1 else []
        if page_width() < WIDTH and len(frame) * YEAR > page_width():
            return stacked_rows(frame, keys or series_key([str(frame.columns[0])]))
        head = key_height(keys, page_width())
        figure = new_figure(head + COLUMN_HEIGHT + 1.45)
        draw_key(sheet(figure), keys, MARGIN, MARGIN, page_width())
        axes = place_axes(figure, 0.2, head + 0.75, page_width() - 0.4, COLUMN_HEIGHT)
        _columns(axes, frame, keys or series_key([str(frame.columns[0])]))
    return figure


def series_key(names: Sequence[str]) -> list[KeyItem]:
    """Return how several series look: fills from dark to light, outlined alike."""
    fills = series_colours(len(names))
    edge = ink()
    return [KeyItem(name, fill, edge) for name, fill in zip(names, fills, strict=True)]


def _columns(axes: Axes, frame: pd.DataFrame, keys: Sequence[KeyItem]) -> None:
    totals = frame.sum(axis=1)
    top = max(float(totals.max()), 1e-9)
    axes.set_ylim(0, top)
    axes.set_xlim(-0.6, len(frame) - 0.4)
    axes.set_xticks(range(len(frame)), [str(name) for name in frame.index])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    need = text_height(1) / COLUMN_HEIGHT * top
    for position in range(len(frame)):
        base = 0.0
        for key, value in zip(keys, frame.iloc[position], strict=True):
            if not value:
                continue
            axes.bar(
                position, value, bottom=base, width=0.72,
                color=key.fill, edgecolor=key.edge, linewidth=0.6, clip_on=False,
            )  # fmt: skip
            if value > need and len(keys) > 1 and value != totals.iloc[position]:
                middle = base + value / 2
                colour = text_on(key.fill)
                axes.text(position, middle, _shown(value), ha="center", va="center", color=colour)
            base += float(value)
        axes.annotate(
            _shown(base), (position, base), (0, 3), textcoords="offset points",
            ha="center", va="bottom", annotation_clip=False, weight="bold",
        )  # fmt: skip


def _rows(
    names: Sequence[str],
    end: float,
    keys: Sequence[KeyItem] = (),
    *,
    pitch: float = ROW,
    label_width: float = LABEL_WIDTH,
) -> tuple[Figure, Axes, list[float]]:
    """Return a figure with labels at the left, the bars' axes, and the middle of each row.

    The axes count down in centimetres. `end` is the space that numbers after the bars need. Where
    there are many rows they stand closer.
    """
    full = page_width()
    above = full < WIDTH and max(map(text_width, names), default=0) > BESIDE
    wrapped = [wrap(name, full - 2 * MARGIN if above else label_width) for name in names]
    left = min(label_width, max((text_width(t) for lines in wrapped for t in lines), default=1))
    if len(names) > MANY_ROWS and not above:
        pitch = min(pitch, max(CLOSE_ROW, pitch - ROW + CLOSE_ROW))
    words = [text_height(len(lines)) for lines in wrapped]
    heights = [height + pitch if above else max(pitch, height + 0.15) for height in words]
    tops = [sum(heights[:row]) for row in range(len(heights))]
    head = key_height(keys, full)
    figure = new_figure(head + sum(heights) + 2 * MARGIN)
    paper = sheet(figure)
    draw_key(paper, keys, MARGIN, MARGIN, full)
    rows, thick = [], max(BAR, pitch - ROW + BAR)
    for top, height, word, lines in zip(tops, heights, words, wrapped, strict=True):
        rows.append(top + word + LIFT + thick / 2 if above else top + height / 2)
        x, y = (MARGIN, top + word / 2) if above else (MARGIN + left, rows[-1])
        write(paper, x, head + MARGIN + y, lines, ha="left" if above else "right")
    start = MARGIN if above else MARGIN + left + GAP
    axes = place_axes(figure, start, head + MARGIN, full - start - end - 0.35, sum(heights))
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(not above)
    return figure, axes, rows


def _stack(
    axes: Axes,
    row: float,
    values: Sequence[float],
    keys: Sequence[KeyItem],
    *,
    percent: bool,
    signs: Sequence[str] = (),
) -> None:
    """Draw one bar of parts, with a number in each part that has room for it."""
    start = 0.0
    span = axes.get_xlim()[1]
    box = axes.get_position()
    width = box.width * page_width()
    for part, (value, key) in enumerate(zip(values, keys, strict=True)):
        if not value > 0:
            continue
        axes.barh(
            row, value, left=start, height=BAR,
            color=key.fill, edgecolor=key.edge, linewidth=0.6, clip_on=False,
        )  # fmt: skip
        share = review_labels().fill("percent", number=f"{value:.0f}")
        text = share if percent else _shown(value)
        alone = not percent and not signs and sum(values) == value
        text = f"{signs[part]} {text}" if signs else text
        if not alone and text_width(text) + 0.12 < value / span * width:
            middle = start + value / 2
            axes.text(middle, row, text, ha="center", va="center", color=text_on(key.fill))
        start += value


def _label(axes: Axes, value: float, row: float, text: str) -> None:
    axes.annotate(
        text, (value, row), (4, 0), textcoords="offset points",
        va="center", ha="left", annotation_clip=False,
    )  # fmt: skip


def _series(counts: Numbers, sort: bool | None) -> pd.Series:
    if isinstance(counts, pd.DataFrame):
        numeric = counts.select_dtypes("number").columns
        if len(counts.columns) == 2 and len(numeric) == 1:
            counts = counts.set_index(next(c for c in counts if c not in numeric))[numeric[0]]
        elif len(counts.columns) == 1:
            counts = counts.iloc[:, 0]
        else:
            raise FigureError("bars takes a label and a number for each bar, not a wider table.")
    series = counts if isinstance(counts, pd.Series) else pd.Series(dict(counts))
    series = series.rename(_reader_name)
    if series.empty:
        raise FigureError("the chart has nothing to show.", hint="Is the selection too narrow?")
    series = series.dropna()
    if sort is None:
        sort = not _is_ordered(series.index)
    return _put_last(series.sort_values(ascending=False, kind="stable")) if sort else series


def _sorted_table(frame: pd.DataFrame, sort: bool | None) -> pd.DataFrame:
    if sort is None:
        sort = not _is_ordered(frame.index)
    if not sort:
        return frame
    order = _put_last(frame.sum(axis=1).sort_values(ascending=False, kind="stable")).index
    return frame.loc[order]


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers whose index holds the labels."""
    text = [name for name in table.columns if table[name].dtype.kind not in "iufb"]
    text = [
        name for name in text if not str(table[name].dtype).lower().startswith(("int", "float"))
    ]
    if len(text) == 1:
        table = table.set_index(text[0])
    elif text:
        raise FigureError(f"the chart cannot draw {', '.join(map(str, text))}: no numbers.")
    if table.empty or not len(table.columns):
        raise FigureError("the chart has nothing to show.", hint="Is the selection too narrow?")
    return table.rename(index=_reader_name, columns=_reader_name).fillna(0)


def _reader_name(label: Hashable) -> Hashable:
    """Return what readers see for a label: the name of a term in the edition's language."""
    return term_name(label) if isinstance(label, str) else label


def _is_ordered(index: pd.Index) -> bool:
    """Whether labels have an order of their own: ordered categories, numbers, ranges."""
    if getattr(index, "ordered", False) or index.inferred_type in ("integer", "floating"):
        return True
    return sum(bool(re.match(r"\d", str(name))) for name in index) > len(index) / 2


def _put_last(series: pd.Series) -> pd.Series:
    words = set(review_labels()["sort-last"].casefold().split())
    last = [_first_word(name) in words for name in series.index]
    kept = [name for name, late in zip(series.index, last, strict=True) if not late]
    moved = [name for name, late in zip(series.index, last, strict=True) if late]
    return series.loc[[*kept, *moved]]


def _first_word(name: object) -> str:
    found = re.match(r"\w+", str(name).casefold())
    return found[0] if found else ""


def _highlight_key(marked: set[str], index: pd.Index, key: str, plain: str) -> tuple[KeyItem, ...]:
    """Return what the bars that stand out are, and the others; none where no bar is another."""
    labels, dark = review_labels(), brand().light["primary"]
    names = [str(name) for name in index if name in marked]
    found = key or (", ".join(names) if len(names) <= FEW else labels["chart-highlighted"])
    others = (KeyItem(labels["chart-others"], plain, dark),) if len(names) < len(index) else ()
    return (KeyItem(found, dark, dark), *others)


def _check_names(wanted: set[str], index: pd.Index) -> None:
    for name in sorted(wanted - {str(label) for label in index}):
        hint = nearest(name, [str(label) for label in index])
        raise FigureError(f'the chart has no bar "{name}" to highlight.', hint=hint)


def _shown(value: float) -> str:
    """Write a number at a bar: thousands set apart, no needless decimals."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return review_labels().mark(text)
