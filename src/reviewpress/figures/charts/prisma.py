"""The PRISMA 2020 flow diagram, from the table that the PRISMA2020 R package reads.

Page MJ, et al. (2020) "The PRISMA 2020 statement", figure 1. A box whose number the review does
not know says so; a line that a review may lack is left out where its number is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.figure import Figure

from reviewpress.context import review_labels, review_root
from reviewpress.errors import FigureError
from reviewpress.evidence.flow import Flow, Reason
from reviewpress.evidence.flow_sums import POOLED
from reviewpress.figures.charts.prisma_sheet import (
    IDENTIFICATION,
    INCLUDED,
    SCREENING,
    DiagramRow,
    draw_narrow,
    draw_wide,
)
from reviewpress.figures.narrow_charts import also_narrow
from reviewpress.figures.style import WIDTH, house_style, page_width
from reviewpress.labels import FALLBACK, load_language
from reviewpress.markdown import Markdown, escape

LAYOUTS = ("wide", "narrow")
OTHER_BOXES = (
    "website_results",
    "organisation_results",
    "citations_results",
    "other_sought_reports",
    "other_assessed",
)
WAITING = ("awaiting_studies", "awaiting_reports", "ongoing_studies", "ongoing_reports")
_UPDATES = {"total_studies": "new_studies", "total_reports": "new_reports"}
"""What a living review adds to its earlier versions."""
_SUM = 14
"""Letters of the numbers that one line of the narrowest box has room for."""
PART = "\N{EN DASH} "
"""Before the lines of a box that are parts of the line above them."""
_FIRST = {"new_studies": "flow-included-studies", "new_reports": "flow-included-reports"}
"""Lines with other words in PRISMA's diagram for new reviews than in that for updates."""


@also_narrow
def flow(
    flow: Flow,
    *,
    layout: str = "wide",
    other: bool | None = None,
    previous: bool | None = None,
    unknown: str | None = None,
    without: Iterable[str] = (),
    earlier: Flow | None = None,
) -> Figure:
    """Draw the flow of records and reports.

    `flow` is `review.flow`. `layout` is wide (the printed page) or narrow (9 cm, for telephones
    and columns). The streams of other methods and of a previous version are drawn where one of
    their numbers is known, the former also where no number of the search is; `other` and
    `previous` decide otherwise. `unknown` stands for a number that is not known,
    "not reported" in the review's language unless given, and `without` names lines that do not
    apply to the review, such as "citations_results"; without all its lines, a box is left out,
    as that of screening is by "records_screened" and "records_excluded". Without
    "database_specific_results" the databases have one number together.

    With `earlier`, which is `review.earlier_flow`, every line of a living review has three numbers
    as PRISMA-LSR asks (Akl et al. 2024): of the earlier versions, of this update, and in total.
    """
    if layout not in LAYOUTS:
        raise FigureError(f'there is no layout "{layout}".', hint="Use wide or narrow.")
    stages, other = _plan(_Numbers(flow, unknown, earlier), other, previous, without)
    wide = layout == "wide" and page_width() == WIDTH
    with house_style():
        key = review_labels()["flow-versions"] if earlier else ""
        return draw_wide(stages, other, key) if wide else draw_narrow(stages, other, key)


def flow_text(
    flow: Flow,
    *,
    other: bool | None = None,
    previous: bool | None = None,
    unknown: str | None = None,
    without: Iterable[str] = (),
    earlier: Flow | None = None,
) -> Markdown:
    """Say the flow of records and reports as a nested list: the diagram's text alternative.

    It has the same boxes and words as `flow` draws with the same arguments. What leaves a stage
    stands below it, one level deeper. Give it to `review.figure` as `long_description`.
    """
    stages, other = _plan(_Numbers(flow, unknown, earlier), other, previous, without)
    lines = [(0, review_labels()["flow-versions"])] if earlier else []
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
    words = _words(flow, name, first=not _has_previous(flow))
    text, labels = flow.row(name).text("description"), review_labels()
    if name in _FIRST and words == labels[_FIRST[name]]:
        return words
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
    below = ((depth + 1 + line.startswith(PART), line.removeprefix(PART)) for line in rest)
    return [(depth, first), *below] if first else []


def _plan(
    numbers: _Numbers, other: bool | None, previous: bool | None, without: Iterable[str]
) -> tuple[list[DiagramRow], bool]:
    """Return the boxes to draw or to tell, and whether other methods are among them."""
    flow = numbers.flow
    if other is None:
        other = any(map(flow.get, OTHER_BOXES)) or flow.get("database_results") is None
    if previous is None:
        previous = _has_previous(flow)
    numbers = replace(numbers, first=not previous)
    absent = frozenset(without)
    for name in sorted(absent):
        flow.row(name)
    return _stages(numbers, absent, other=other, previous=previous), other


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the boxes say: of a flow, or of a living review's earlier versions and its update."""

    flow: Flow
    unknown: str | None
    earlier: Flow | None
    first: bool = True
    """Whether the review has no earlier version."""

    def write(self, name: str) -> str:
        """Return a line: its words and its number, or what says that it is not known."""
        now, before = self.of(name), self._before(name)
        said = _counted(now) if now and name in POOLED else self._said(now, before)
        here = self.earlier if self.earlier and not _has(self.flow, name) else self.flow
        return f"{_words(here, name, first=self.first)} ({said})"

    def of(self, name: str) -> int | None:
        """Return the number of a line; of a living review's totals, that of the update."""
        return self.flow.get(_UPDATES.get(name, name) if self.earlier else name)

    def has(self, name: str) -> bool:
        """Whether a line has a number, of now or before."""
        return self.of(name) is not None or self._before(name) is not None

    def reasons(self, name: str) -> list[str]:
        """Return the lines of the parts of a box: databases, or reasons of exclusion."""
        before = {reason.name: reason.number for reason in _reasons(self.earlier, name)}
        now = {reason.name: reason.number for reason in _reasons(self.flow, name)}
        told = []
        for part in dict.fromkeys((*now, *before)):
            number = now.get(part, 0 if self.earlier else None)
            said = f"({self._said(number, before.get(part, 0))})" if number is not None else ""
            told.append(f"{part} {said}".strip())
        return told

    def by_people(self) -> str:
        """Return the line of what people excluded, where automation excluded records as well."""
        unseen, excluded = (
            (self.of(name) or 0, self._before(name) or 0)
            for name in ("records_excluded_automatic", "records_excluded")
        )
        if not any(unseen) or not self.has("records_excluded"):
            return ""
        said = self._said(excluded[0] - unseen[0], excluded[1] - unseen[1])
        return f"{review_labels()['flow-records-excluded-by-people']} ({said})"

    def _before(self, name: str) -> int | None:
        if self.earlier is None:
            return None
        before = name.replace("total_", "previous_")
        return self.flow.get(before) if name in _UPDATES else self.earlier.get(name)

    def _said(self, now: int | None, before: int | None) -> str:
        labels = review_labels()
        if now is None and not before:
            return _unbroken(labels["flow-not-reported"] if self.unknown is None else self.unknown)
        if self.earlier is None:
            return _counted(now or 0)
        both = (before or 0, now or 0)
        added, total = " + ".join(map(labels.digits, both)), labels.digits(sum(both))
        # Only a sum that is too long for the narrowest box is broken.
        gap = " " if len(added) + len(total) > _SUM else "\N{NO-BREAK SPACE}"
        return f"{_unbroken(added)}{gap}{_unbroken(f'= {total}')}"


def _has_previous(flow: Flow) -> bool:
    return bool(flow.get("previous_reports") or flow.get("previous_studies"))


def _words(flow: Flow, name: str, *, first: bool) -> str:
    """Return the words of a box: the table's own, or the label where the table has PRISMA's.

    Of the `first` version of a review they are those of PRISMA's diagram for new reviews, although
    the table has but the words for updates.
    """
    text = str(flow.row(name).text("boxtext") or flow.row(name).text("description"))
    english, label = load_language(FALLBACK, review_root()), _label_of(name)
    of_first = _FIRST.get(name, label)
    if text in (english.get(label), english.get(of_first)):
        return review_labels()[of_first if first else label]
    return text


def _label_of(name: str) -> str:
    return f"flow-{name.replace('_', '-')}"


def _stages(
    numbers: _Numbers, absent: Set[str], *, other: bool, previous: bool
) -> list[DiagramRow]:
    def lines(*names: str) -> list[str]:
        return [numbers.write(name) for name in names if name not in absent]

    def optional(*names: str) -> list[str]:
        return lines(*filter(numbers.has, names))

    def row(phase: str, *boxes: Iterable[str]) -> DiagramRow:
        return DiagramRow(phase, *("\n".join(box) for box in boxes))

    def found(kind: str) -> list[str]:
        here = lines(kind) if kind == "database_results" else optional(kind)
        specific = kind.replace("results", "specific_results")
        parts = [] if specific in absent else numbers.reasons(specific)
        return [*here, *(f"{PART}{part}" for part in parts)]

    labels = review_labels()
    origin = labels["flow-records-identified"]
    removed = [labels["flow-records-removed"], *lines("duplicates")]
    removed += optional("excluded_automatic", "excluded_other")
    screened = [] if "records_excluded" in absent else _excluded(numbers, "records_excluded")
    rows = [
        row(IDENTIFICATION, [origin, *found("database_results"), *found("register_results")],
            removed, [origin, *lines(*OTHER_BOXES[:3]), *optional("reopened_reports")]),
        row(SCREENING, lines("records_screened"), screened),
        row(SCREENING, lines("dbr_sought_reports"), lines("dbr_notretrieved_reports"),
            lines("other_sought_reports"), lines("other_notretrieved_reports")),
        row(SCREENING, [numbers.write("dbr_assessed")], _excluded(numbers, "dbr_excluded"),
            [numbers.write("other_assessed")], _excluded(numbers, "other_excluded")),
        row(INCLUDED, _included(numbers, absent)),
    ]  # fmt: skip
    if previous and not numbers.earlier:
        before = [n for n in ("previous_studies", "previous_reports") if numbers.of(n)]
        totals = [n.replace("previous", "total") for n in before]
        rows.append(row(INCLUDED, optional(*_UPDATES) or lines(*totals), lines(*before)))
    rows.append(row(INCLUDED, optional(*(name for name in POOLED if numbers.of(name)))))
    stages = [stage for stage in rows if stage.main or stage.side]
    if other:
        return stages
    return [DiagramRow(stage.phase, stage.main, stage.side) for stage in stages]


def _included(numbers: _Numbers, absent: Set[str]) -> list[str]:
    """Return the lines of the box of included studies, and of those that wait or are ongoing."""
    studies, reports = tuple(_UPDATES if numbers.earlier else _UPDATES.values())
    included = [studies] if numbers.has(studies) else []
    if numbers.has(reports) or not included:
        included.append(reports)
    included += filter(numbers.has, WAITING)
    return [numbers.write(name) for name in included if name not in absent]


def _excluded(numbers: _Numbers, name: str) -> list[str]:
    """Return the lines of an exclusion: by whom, and the reasons, each below what it is part of."""
    reasons, by_people = numbers.reasons(name), ""
    colon = review_labels()["caption-separator"].rstrip(" ")
    if name == "records_excluded" and (by_people := numbers.by_people()):
        unseen = numbers.write("records_excluded_automatic")
        reasons = [f"{PART}{reason}" for reason in reasons if reason != unseen]
        by_people += colon if reasons else ""
        reasons = [by_people, *reasons, unseen]
    return [numbers.write(name) + (colon if reasons else ""), *reasons]


def _reasons(flow: Flow | None, name: str) -> tuple[Reason, ...]:
    return tuple(flow.reasons(name)) if flow is not None and _has(flow, name) else ()


def _has(flow: Flow, name: str) -> bool:
    return any(row.data == name for row in flow.rows)


def _counted(number: int) -> str:
    return _unbroken(f"n = {review_labels().digits(number)}")


def _unbroken(text: str) -> str:
    """Return text that no line end may tear apart."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")
