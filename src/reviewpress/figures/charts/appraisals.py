"""Charts of an appraisal, after robvis: traffic lights by paper, and bars by criterion.

McGuinness LA, Higgins JPT (2020) "Risk-of-bias VISualization (robvis)". Every answer has a sign as
well as a colour, so that neither colour vision nor a colour printer is needed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reviewpress.brand import mix
from reviewpress.context import review_labels, term_name
from reviewpress.errors import FigureError, nearest
from reviewpress.evidence.appraisal.answers import Appraisal
from reviewpress.evidence.counts import codes_of
from reviewpress.evidence.findings import Code
from reviewpress.figures.charts.bars import stacked_rows
from reviewpress.figures.charts.heads import ROOM, Heads, continued, divide, draw_heads, fit_heads
from reviewpress.figures.drawing.layout import (
    POINT,
    KeyItem,
    ink,
    sheet,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import SMALL, WIDTH, brand, house_style, new_figure, page_width

if TYPE_CHECKING:
    from reviewpress.evidence.counts import Papers

MARGIN = 0.15
ROW = 0.47
RADIUS = 0.19
KEY_ROW = 0.6
NAME_WIDTH = 0.4
"""Of a chart's width, names of studies take at most so much."""
STUDY = "Study"
OVERALL = "Overall"
WEIGHT = "Weight"


_DOTS = re.compile(r"(?<=[^\W\d])\.(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Sign:
    """How an answer looks: its sign, the role of its colour, and whether it is filled."""

    sign: str
    role: str
    filled: bool = True


ANSWERS: Mapping[str, str] = {
    "yes": "answer-yes",
    "low": "answer-low",
    "no": "answer-no",
    "high": "answer-high",
    "very high": "answer-very-high",
    "critical": "answer-critical",
    "can't tell": "answer-cannot-tell",
    "unclear": "answer-unclear",
    "some concerns": "answer-some-concerns",
    "moderate": "answer-moderate",
    "serious": "answer-serious",
    "no information": "answer-no-information",
    "unanswered": "answer-unanswered",
    "not applicable": "answer-not-applicable",
}
"""The label of each answer: data may have the answer in English or in the review's language."""
SIGNS: Mapping[str, Sign] = {
    "yes": Sign("+", "success"),
    "low": Sign("+", "success"),
    "no": Sign("×", "danger", filled=False),
    "high": Sign("×", "danger", filled=False),
    "very high": Sign("!", "danger"),
    "critical": Sign("!", "danger"),
    "can't tell": Sign("?", "warning", filled=False),
    "unclear": Sign("?", "warning", filled=False),
    "some concerns": Sign("–", "warning", filled=False),
    "moderate": Sign("–", "warning", filled=False),
    "serious": Sign("×", "danger", filled=False),
    "no information": Sign("?", "secondary", filled=False),
    "unanswered": Sign("·", "secondary", filled=False),
    "not applicable": Sign("/", "secondary", filled=False),
}


@also_narrow
def traffic_light(
    appraisal: Appraisal | pd.DataFrame,
    *,
    papers: Papers | None = None,
    overall: bool = True,
) -> Figure:
    """Draw the answer to each criterion, a row a paper and a column a criterion.

    `appraisal` is `review.appraisal`, or a table as robvis has it: Study, then one column a domain,
    then Overall (and perhaps Weight, which is not drawn). The file's order is kept, the case of
    letters does not matter, and an empty cell means that the criterion does not apply. `papers`
    draws these alone: a DataFrame of papers, or codes. `overall=False` leaves the last column out:
    some tools' authors discourage a single rating. A chart that is higher than a page goes on over
    the next, with its heads and its key.
    """
    table, groups = _wide(appraisal)
    table = _only(table, papers).drop(columns=[WEIGHT], errors="ignore")
    domains = [name for name in table.columns if name != OVERALL]
    rated = overall and OVERALL in table.columns
    used = _used(table[domains], table[OVERALL] if rated else ())
    with house_style():
        shape = _shape(table, domains, groups, used, rated=rated)
        narrow = page_width() < WIDTH
        room = sys.maxsize if narrow else ROOM - shape.top - shape.key * KEY_ROW - 0.5
        pages = divide([_row_height(_name_lines(name)) for name in table.index], room)
        return continued([_draw_lights(table.iloc[list(page)], shape, used) for page in pages])


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the pages of a traffic light have in common, in centimetres."""

    domains: tuple[Hashable, ...]
    groups: tuple[tuple[str, int], ...]
    heads: Heads
    left: float
    pitch: float
    last: float
    key: int

    @property
    def width(self) -> float:
        return self.left + self.pitch * len(self.domains) + self.last

    @property
    def top(self) -> float:
        return _head_height(self.groups, self.pitch, self.heads)


def _shape(
    table: pd.DataFrame,
    domains: Sequence[Hashable],
    groups: Sequence[tuple[str, int]],
    used: Sequence[str],
    *,
    rated: bool,
) -> _Shape:
    """Return how a table is laid out; FigureError where signs would overlap."""
    left = max(text_width(line) for name in table.index for line in _name_lines(name)) + 0.4
    last = 1.5 if rated else 0.0
    pitch = min(1.6, (page_width() - left - last - 2 * MARGIN) / max(1, len(domains)))
    if pitch < 2 * RADIUS + 0.02 or (page_width() < WIDTH and pitch < 2 * RADIUS + 0.1):
        raise FigureError(
            f"the chart’s {len(domains)} criteria are too many for a page.",
            hint="Draw those of one design or domain, then the others in another figure.",
        )
    heads = fit_heads([str(name) for name in domains], pitch, size=SMALL, bold=False)
    width = left + pitch * len(domains) + last
    return _Shape(tuple(domains), tuple(groups), heads, left, pitch, last, _key_lines(used, width))


def _draw_lights(table: pd.DataFrame, shape: _Shape, used: Sequence[str]) -> Figure:
    """Draw the rows of a page."""
    names = [_name_lines(name) for name in table.index]
    bottom = shape.top + sum(map(_row_height, names))
    figure = new_figure(bottom + shape.key * KEY_ROW + 0.5)
    axes = sheet(figure)
    _draw_head(axes, shape)
    answers = table[list(shape.domains)].to_numpy(dtype=object).tolist()
    overalls = list(table[OVERALL]) if shape.last else []
    signs: list[tuple[str, float, float]] = []
    top = shape.top
    for row, lines in enumerate(names):
        height = _row_height(lines)
        _draw_row(axes, row, lines, top, shape.width)
        y = top + height / 2
        top += height
        for column, value in enumerate(answers[row]):
            x = MARGIN + shape.left + (column + 0.5) * shape.pitch
            signs.append((_answer(value), x, y))
        if shape.last:
            signs += _overall(axes, overalls[row], MARGIN + shape.width - shape.last / 2, y)
    _draw_signs(axes, signs)
    _draw_signs_key(axes, used, bottom + 0.45, shape.width)
    return figure


def _only(table: pd.DataFrame, papers: Papers | None) -> pd.DataFrame:
    """Return the rows of some papers; FigureError where it has none of them."""
    if papers is None:
        return table
    wanted = {str(code) for code in codes_of(papers)}
    found = table[[str(name) in wanted for name in table.index]]
    if found.empty:
        raise FigureError("the appraisal has none of these papers.", hint="Which were appraised?")
    return found


@also_narrow
def summary_bars(
    criteria: Appraisal | pd.DataFrame,
    *,
    papers: Papers | None = None,
    answers: Sequence[str] | None = None,
) -> Figure:
    """Draw how often each criterion got each answer, a bar a criterion.

    `criteria` is `review.appraisal`, or a table as robvis has it, of which `papers` takes some, or
    a table of counts whose index (or first column) names the criterion and whose columns are
    answers. Criteria without an answer are left out; the number of papers ends each bar.
    """
    if isinstance(criteria, pd.DataFrame) and papers is not None and not _has_studies(criteria):
        hint = "Count them alone: `review.appraisal.criteria(papers)`."
        raise FigureError("the table has counts, and does not say of which papers.", hint=hint)
    if isinstance(criteria, pd.DataFrame):
        frame = _counted(criteria, papers)
    else:
        frame = criteria.criteria(papers)
    labels = [term_name(str(name)) for name in frame.index]
    if "criterion" in frame.columns:
        parts = [frame[name].astype(str) for name in ("criterion", "ask") if name in frame.columns]
        labels = ["  ".join(filter(None, row)) for row in zip(*parts, strict=True)]
    names = answers or [n for n in frame.columns if _answer(n) in SIGNS]
    if not names:
        raise FigureError("the table has no column that is an answer, such as Yes, No.")
    counts = frame[list(names)].fillna(0).astype(float).set_axis(labels, axis=0)
    counts = counts[counts.sum(axis=1) > 0]
    if counts.empty:
        raise FigureError("the chart has nothing to show.", hint="No criterion was answered.")
    with house_style():
        keys = [_answer_key(_answer(name)) for name in names]
        signs = [SIGNS[_answer(name)].sign for name in names]
        return stacked_rows(counts, keys, signs=signs, label_width=7.6)


def _has_studies(table: pd.DataFrame) -> bool:
    """Tell a table as robvis has it from one of counts."""
    return STUDY.lower() in map(str.lower, map(str, table.columns))


def _counted(table: pd.DataFrame, papers: Papers | None) -> pd.DataFrame:
    """Return how often each domain of a table as robvis has it got each answer; others as is."""
    if not _has_studies(table):
        return table
    wide = _only(_wide(table)[0], papers).drop(columns=[WEIGHT], errors="ignore")
    given = wide.map(_answer)
    return pd.DataFrame({answer: (given == answer).sum() for answer in _used(wide)})


def _wide(appraisal: Appraisal | pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Return answers by study and domain, and the groups that the domains fall into."""
    if isinstance(appraisal, pd.DataFrame):
        named = {str(name).lower(): name for name in appraisal.columns}
        if STUDY.lower() in named:
            appraisal = appraisal.set_index(named[STUDY.lower()])
        named = {name.lower(): name for name in (OVERALL, WEIGHT)}
        frame = appraisal.rename(columns=lambda name: named.get(str(name).lower(), name))
        # R has put dots for the spaces of its columns' names.
        frame = frame.rename(columns=lambda name: _DOTS.sub(" ", str(name)))
        if frame.empty:
            raise FigureError("the chart has no papers to show.")
        return frame, []
    tool = appraisal.tool
    answers: dict[Code, dict[str, str | None]] = {code: {} for code in appraisal.available}
    for mark in appraisal.marks:
        if mark.code in answers and mark.status in ("answered", "unanswered"):
            answers[mark.code][mark.criterion] = mark.answer or mark.status
    domains = [c.id for c in tool if any(c.id in given for given in answers.values())]
    frame = pd.DataFrame.from_dict(answers, orient="index").reindex(columns=domains)
    ratings = [appraisal.published.get(code, (None, ""))[0] for code in frame.index]
    if any(rating is not None for rating in ratings):
        frame[OVERALL] = [
            # A judgement, as "Some concerns", is shown as it is.
            rating or ""
            if isinstance(rating, str | None)
            else review_labels().fill("percent", number=rating)
            for rating in ratings
        ]
    frame.index = frame.index.map(lambda code: appraisal.names.get(code, code))
    groups: list[tuple[str, int]] = []
    for criterion in tool:
        if criterion.id not in domains:
            continue
        if groups and groups[-1][0] == criterion.design:
            groups[-1] = (criterion.design, groups[-1][1] + 1)
        else:
            groups.append((criterion.design, 1))
    return frame, groups


def _used(table: pd.DataFrame, overall: Iterable[object] = ()) -> list[str]:
    """Return the answers that occur, in the order of the signs; an unknown one is an error.

    An overall rating may be no answer: it is written, and has no place in the key.
    """
    found = {_answer(value) for value in table.to_numpy().ravel()} - {""}
    unknown = sorted(found - set(SIGNS))
    if unknown:
        valid = [*SIGNS, *_named_answers()]
        raise FigureError(f'there is no sign for "{unknown[0]}".', hint=nearest(unknown[0], valid))
    found |= {_answer(value) for value in overall}
    return [answer for answer in SIGNS if answer in found]


def _answer(value: object) -> str:
    """Return the answer that a cell holds by its English name; what is no answer as it stands."""
    if value is None or value != value:
        return ""
    text = _folded(str(value))
    return text if text in SIGNS else _named_answers().get(text, text)


def _named_answers() -> dict[str, str]:
    """Return the answers by their names in the review's language."""
    labels = review_labels()
    return {_folded(labels[label]): answer for answer, label in ANSWERS.items()}


def _folded(text: str) -> str:
    return text.strip().lower().replace("’", "'")


def _answer_key(answer: str) -> KeyItem:
    """Return an answer's look in a bar: dark for yes, hatched for no, pale for the rest."""
    colours = brand().light
    sign = SIGNS[answer]
    name = review_labels()[ANSWERS[answer]]
    colour = colours[sign.role]
    if sign.filled:
        return KeyItem(name, colour, ink())
    if sign.role == "danger":
        return KeyItem(name, mix(colour, colours["background"], 0.45), ink())
    share = 0.18 if sign.role == "warning" else 0.0
    return KeyItem(name, mix(colour, colours["background"], share), ink())


def _head_height(groups: Sequence[tuple[str, int]], pitch: float, heads: Heads) -> float:
    height = heads.height + 2 * MARGIN
    if groups:
        lines = max(len(_group_lines(name, count * pitch)) for name, count in groups)
        height += text_height(lines, SMALL) + 0.15
    return height


def _group_lines(name: str, width: float) -> list[str]:
    """Break a group's name, a long word at its hyphens, into lines narrower than its columns."""
    name = name[:1].upper() + name[1:]
    lines = wrap(name, width - 0.2, SMALL, bold=True)
    if max(text_width(line, SMALL, bold=True) for line in lines) <= width - 0.2:
        return lines
    parts = wrap(name.replace("-", "- "), width - 0.2, SMALL, bold=True)
    return [line.replace("- ", "-") for line in parts]


def _draw_head(axes: Axes, shape: _Shape) -> None:
    left, pitch, bottom = MARGIN + shape.left, shape.pitch, shape.top - 0.1
    draw_heads(axes, shape.heads, left, pitch, bottom)
    if shape.last:
        x = left + len(shape.domains) * pitch + shape.last / 2
        middle = bottom - text_height(1, SMALL) / 2
        label = review_labels()["appraisal-overall"]
        write(axes, x, middle, [label], ha="center", size=SMALL, bold=True)
    start = 0
    for name, count in shape.groups:
        x0 = left + start * pitch + 0.06
        x1 = left + (start + count) * pitch - 0.06
        y = bottom - shape.heads.height - 0.08
        axes.plot([x0, x1], [y, y], color=brand().light["secondary"], linewidth=0.8)
        lines = _group_lines(name, count * pitch)
        middle = y - 0.08 - text_height(len(lines), SMALL) / 2
        write(axes, x0, middle, lines, size=SMALL, bold=True)
        start += count


def _name_lines(name: object) -> list[str]:
    """Return the name of a study in lines that leave room for its signs."""
    return wrap(term_name(str(name)), NAME_WIDTH * page_width())


def _row_height(lines: Sequence[str]) -> float:
    return ROW + text_height(len(lines) - 1, SMALL)


def _draw_row(axes: Axes, row: int, lines: Sequence[str], top: float, width: float) -> None:
    height = _row_height(lines)
    if row % 2 == 0:
        fill = brand().light["light"]
        axes.add_patch(Rectangle((MARGIN, top), width, height, facecolor=fill, edgecolor="none"))
    write(axes, MARGIN + 0.1, top + height / 2, lines, size=SMALL)


def _draw_signs(axes: Axes, signs: Sequence[tuple[str, float, float]]) -> None:
    """Draw answers in their places, those that are alike together."""
    for answer in SIGNS:
        places = [(x, y) for found, x, y in signs if found == answer]
        if places:
            xs, ys = zip(*places, strict=True)
            _draw_sign(axes, SIGNS[answer], xs, ys)


def _draw_sign(axes: Axes, sign: Sign, xs: Sequence[float], ys: Sequence[float]) -> None:
    colours = brand().light
    colour, ground = colours[sign.role], colours["background"]
    if sign.sign == "·":
        axes.plot(xs, ys, marker="o", markersize=0.1 / POINT, color=colour, linestyle="none")
        return
    axes.plot(
        xs, ys, marker="o", markersize=2 * RADIUS / POINT, linestyle="none",
        markerfacecolor=colour if sign.filled else ground,
        markeredgecolor=colour, markeredgewidth=1.1,
    )  # fmt: skip
    stroke = ground if sign.filled else colour
    mark = {"+": "+", "–": "_", "×": "x"}.get(sign.sign)
    if mark is None:
        for x, y in zip(xs, ys, strict=True):
            write(axes, x, y, [sign.sign], ha="center", size=SMALL, bold=True, colour=stroke)
        return
    axes.plot(
        xs, ys, marker=mark, markersize=(0.16 if mark == "x" else 0.2) / POINT,
        markeredgecolor=stroke, markeredgewidth=1.5, linestyle="none",
    )  # fmt: skip


def _overall(axes: Axes, value: object, x: float, y: float) -> list[tuple[str, float, float]]:
    """Write an overall rating that has no sign; return one that has."""
    if _answer(value) in SIGNS:
        return [(_answer(value), x, y)]
    if _answer(value):
        write(axes, x, y, [str(value)], ha="center", size=SMALL)
    return []


def _key_lines(used: Iterable[str], width: float) -> int:
    return 1 + max((line for _, _, line, _ in _key_places(used, width)), default=0)


def _key_places(used: Iterable[str], width: float) -> Iterator[tuple[str, float, int, str]]:
    """Yield the answers of the key, each with where its sign is, its line from 0, and its name."""
    x, line = MARGIN + RADIUS, 0
    for answer in used:
        label = review_labels()[ANSWERS[answer]]
        needed = text_width(label) + 1.1
        if x + needed > width + MARGIN and x > MARGIN + RADIUS:
            x, line = MARGIN + RADIUS, line + 1
        yield answer, x, line, label
        x += needed


def _draw_signs_key(axes: Axes, used: Sequence[str], y: float, width: float) -> None:
    for answer, x, line, label in _key_places(used, width):
        middle = y + line * KEY_ROW
        _draw_signs(axes, [(answer, x, middle)])
        write(axes, x + RADIUS + 0.12, middle, [label])
