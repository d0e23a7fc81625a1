"""Appraisal: which criteria apply to a paper, how they were answered, and what they amount to.

The rule of the overall rating is that of the Mixed Methods Appraisal Tool, version 2018 (Hong et
al., user guide; "Reporting the results of the MMAT", 2020): each part of a study (qualitative,
randomised, non-randomised, descriptive, mixed methods) has five criteria, its rating is the share
of them answered Yes, and a study of several parts is no better than its weakest part. The tool's
authors discourage a single score, so criteria come first, and the rating only where a protocol
uses one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.evidence.appraisal.forms import Form
from reviewpress.evidence.appraisal.routes import walk_form
from reviewpress.evidence.appraisal.scores import (
    ANSWERED,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    OVERALL,
    SCORES,
    UNANSWERED,
    Agreement,
    Criterion,
    Rating,
    Score,
)
from reviewpress.evidence.counts import Counts, codes_of
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.findings import Code
from reviewpress.evidence.studies import read_studies
from reviewpress.tables.cells import Cell
from reviewpress.tables.lineage import recorder, remembered
from reviewpress.tables.reader import TableRows

if TYPE_CHECKING:
    import pandas as pd

    from reviewpress.evidence.counts import Papers

_TABLES = {"marks": SCORES, "published": OVERALL}
"""The table of each part of an appraisal; to look at one is to read it."""


@dataclass(frozen=True)
class Appraisal:
    """Every answer and rating of a review's appraisal, restricted to its papers."""

    tool: tuple[Criterion, ...]
    answers: tuple[str, ...]
    marks: tuple[Score, ...] = field(repr=False)
    published: Mapping[Code, tuple[Rating, str]] = field(repr=False)
    tables: Callable[[str], pd.DataFrame] = field(repr=False)
    """The rows of one of the appraisal's tables, restricted to the papers."""
    judgements: tuple[str, ...] = ()
    """The vocabulary of published ratings that are judgements, in its order."""
    names: Mapping[Code, str] = field(default_factory=dict, repr=False)
    """What a chart calls the papers, where that is not their codes: the studies they stand for."""
    look: Callable[[str], None] = field(default=lambda name: None, repr=False, compare=False)
    """Called with the name of what is looked at: marks or published."""

    def __getattribute__(self, name: str) -> object:
        if name in _TABLES:
            object.__getattribute__(self, "look")(name)
        return object.__getattribute__(self, name)

    @remembered
    def scores(self) -> pd.DataFrame:
        """The table of answers: its own columns, one row a paper and criterion."""
        return self.tables(SCORES)

    @remembered
    def overall(self) -> pd.DataFrame:
        """The table of published overall ratings: its own columns, indexed by code."""
        return self.tables(OVERALL)

    @remembered
    def appraised(self) -> frozenset[Code]:
        """Codes of papers with at least one answer or a published rating."""
        found = {mark.code for mark in self.marks if mark.status == ANSWERED}
        found |= {code for code, (_, status) in self.published.items() if status == ANSWERED}
        return frozenset(found)

    @property
    def available(self) -> tuple[Code, ...]:
        """Codes of the papers whose appraisal is there to see, in order."""
        return self._ordered(self.appraised)

    @property
    def not_applicable(self) -> tuple[Code, ...]:
        """Codes of the papers to which the tool does not apply."""
        return self._with_status(NOT_APPLICABLE)

    @property
    def not_available(self) -> tuple[Code, ...]:
        """Codes of the papers whose appraisal is not available."""
        return self._with_status(NOT_AVAILABLE)

    def of(self, code: Code) -> tuple[Score, ...]:
        """Return a paper's answers, in the table's order."""
        return tuple(self._by_code.get(code, ()))

    def designs(self, code: Code) -> tuple[str, ...]:
        """Return the designs whose criteria apply to a paper, in the tool's order."""
        found = {
            self._design[mark.criterion]
            for mark in self._by_code.get(code, ())
            if mark.status in (ANSWERED, UNANSWERED) and mark.criterion in self._design
        }
        return tuple(design for design in self.design_names if design in found)

    @property
    def design_names(self) -> tuple[str, ...]:
        """The tool's designs, in its order."""
        return tuple(dict.fromkeys(criterion.design for criterion in self.tool))

    def ratings(self, code: Code) -> dict[str, int]:
        """Return the rating of each part of a paper that has answers, in per cent.

        A part's rating is the share of its answered criteria that have the tool's first answer
        (Yes).
        """
        yes: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for mark in self._by_code.get(code, ()):
            if mark.status == ANSWERED and mark.criterion in self._design:
                design = self._design[mark.criterion]
                total[design] += 1
                yes[design] += mark.answer == self.answers[0]
        return {
            design: round(100 * yes[design] / total[design])
            for design in self.design_names
            if total[design]
        }

    def computed(self, code: Code) -> int | None:
        """Return a paper's overall rating by its weakest part; None without answers."""
        return min(self.ratings(code).values(), default=None)

    def compare(self) -> tuple[Agreement, ...]:
        """Return every paper's published rating beside the computed one, in order of code."""
        return self._compared

    @remembered
    def _compared(self) -> tuple[Agreement, ...]:
        found = []
        for code in self.published:
            published, status = self.published[code]
            ratings = self.ratings(code)
            computed = min(ratings.values(), default=None)
            weakest = tuple(part for part, rating in ratings.items() if rating == computed)
            if not isinstance(published, int) or computed is None or status != ANSWERED:
                verdict = "not checkable"
            else:
                verdict = "agrees" if published == computed else "differs"
            found.append(Agreement(code, published, computed, weakest, verdict))
        return tuple(found)

    def agreement(self) -> pd.DataFrame:
        """Return `compare` as a DataFrame indexed by code.

        Columns: published, computed (Int64, per cent), weakest (tuple of designs), verdict.
        Published judgements are text.
        """
        from reviewpress.evidence.appraisal.frames import agreement_frame

        return agreement_frame(self.compare())

    def criteria(self, papers: Papers | None = None) -> pd.DataFrame:
        """Count the answers to each criterion, over the papers it applies to.

        One row a criterion of the tool; columns: criterion, design, ask, papers, then one column
        an answer, and unanswered. `papers` restricts the codes counted.
        """
        from reviewpress.evidence.appraisal.frames import criteria_frame

        counts = self._counted(papers, by=lambda mark: mark.criterion)
        return criteria_frame(self.tool, (*self.answers, UNANSWERED), counts)

    def by_design(self, papers: Papers | None = None) -> pd.DataFrame:
        """Count papers and answers by design; a paper of several parts counts in each.

        One row a design that applies to a paper; columns: design, papers, answers (given, of the
        design's criteria), one column an answer, unanswered, percent (of the answers given that
        are the tool's first, Yes).
        """
        from reviewpress.evidence.appraisal.frames import design_frame

        codes = self._codes(papers)
        counts = self._counted(papers, by=lambda mark: self._design.get(mark.criterion, ""))
        applies = {name: sum(name in self.designs(c) for c in codes) for name in self.design_names}
        return design_frame(applies, (*self.answers, UNANSWERED), counts)

    def rating_counts(self, papers: Papers | None = None) -> Counts:
        """Count papers by published overall rating: "80%", the best first; then judgements.

        Judgements come in the order of the vocabulary, else as the table has them first.
        """
        codes = self._codes(papers)
        values = [self.published[code][0] for code in codes if code in self.published]
        found = Counter(value for value in values if value is not None)
        percent = sorted((value for value in found if not isinstance(value, str)), reverse=True)
        judged = [value for value in found if isinstance(value, str)]
        judged.sort(key=lambda term: self.judgements.index(term) if term in self.judgements else -1)
        told = {f"{value}%": found[value] for value in percent}
        told |= {value: found[value] for value in judged}
        counts = Counts({}, list(told))
        for term, number in told.items():
            counts[term] = number
        return counts

    @remembered
    def _design(self) -> dict[str, str]:
        return {criterion.id: criterion.design for criterion in self.tool}

    @remembered
    def _by_code(self) -> dict[Code, list[Score]]:
        found: dict[Code, list[Score]] = defaultdict(list)
        for mark in self.marks:
            found[mark.code].append(mark)
        return found

    def _codes(self, papers: Papers | None) -> tuple[Code, ...]:
        everything = dict.fromkeys([*self.published, *(mark.code for mark in self.marks)])
        if papers is None:
            return tuple(everything)
        kept = codes_of(papers)
        return tuple(code for code in everything if code in kept)

    def _ordered(self, codes: Set[Code]) -> tuple[Code, ...]:
        return tuple(code for code in self._codes(None) if code in codes)

    def _with_status(self, status: str) -> tuple[Code, ...]:
        return tuple(code for code, (_, found) in self.published.items() if found == status)

    def _counted(
        self, papers: Papers | None, by: Callable[[Score], str]
    ) -> dict[str, Counter[str]]:
        codes = set(self._codes(papers))
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for mark in self.marks:
            if mark.code in codes and mark.status in (ANSWERED, UNANSWERED):
                counts[by(mark)][mark.answer or UNANSWERED] += 1
        return counts


_HOW = (
    f"Describe the table `{SCORES}` in data/schema.yml, and its tool in data/forms/: the guide"
    " “Use another appraisal tool” has both."
)
"""What to do where a review that began without papers is to have an appraisal."""


def load_appraisal(evidence: Evidence) -> Appraisal:
    """Read the appraisal tables of a review, restricted to its papers.

    Where the review counts studies, each is appraised once, on one of its reports. Raises
    DataError or Problems for tables that cannot be read, ConfigError where the review
    describes no appraisal.
    """
    if not evidence.has(SCORES) and not evidence.has(OVERALL):
        raise ConfigError("the review has no appraisal.", hint=_HOW)
    kept = set(evidence.codes)
    marks, answers = _scores(evidence, kept)
    tool = _tool(evidence, marks)
    published = _overall(evidence, kept)
    judgements = _judgements(evidence)
    names = _studies(evidence, {*published, *(mark.code for mark in marks)})
    table = partial(_table, evidence, kept)
    look = partial(_look, evidence)
    return Appraisal(tool, answers, marks, published, table, judgements, names, look)


def _look(evidence: Evidence, name: str) -> None:
    """Note that answers, or published ratings, were looked at."""
    if recorder.on and evidence.has(_TABLES[name]):
        rows = evidence.rows(_TABLES[name])
        for column in ("code", "criterion", "answer", "overall", "status"):
            if column in rows.columns:
                recorder.note(rows.name, column)
        if evidence.regions:
            _ = evidence.codes


def _studies(evidence: Evidence, appraised: Set[Code]) -> dict[Code, str]:
    """Return which study each appraised paper stands for, where the review counts studies.

    Raises Problems for studies that are appraised on several of their reports.
    """
    if evidence.unit != "studies":
        return {}
    found: dict[Code, str] = {}
    problems = []
    for study in read_studies(evidence):
        codes = [code for code in study.codes if code in appraised]
        if len(codes) > 1:
            listed = " and ".join(map(str, codes))
            message = f'the study "{study.name}" is appraised on the papers {listed}.'
            place = Place(evidence.rows(SCORES if evidence.has(SCORES) else OVERALL).name)
            hint = "Keep the answers on one of them, or count papers."
            problems.append(Problem("study", message, place, hint))
        found |= dict.fromkeys(codes, study.name)
    raise_all(problems)
    return found


def _table(evidence: Evidence, kept: set[Code], name: str) -> pd.DataFrame:
    from reviewpress.evidence.appraisal.frames import kept_rows

    return kept_rows(evidence.frame(name) if evidence.has(name) else None, kept)


def check_appraisal(
    appraisal: Appraisal, forms: Mapping[str, Form], rows: TableRows
) -> Iterator[Problem]:
    """Yield a problem for each paper whose criteria are not those of a route of the form.

    A criterion that the form leads to and that is unanswered is one, and so are answers to
    criteria that no route asks together.
    """
    form = next((form for form in forms.values() if form.criteria), None)
    routes = walk_form(form, forms).criteria if form is not None else frozenset()
    row = {code: position for position, code in reversed(list(enumerate(rows["code"])))}
    for code in appraisal.available:
        marks = appraisal.of(code)
        unanswered = tuple(mark.criterion for mark in marks if mark.status == UNANSWERED)
        place = rows.where(row[code], "criterion") if code in row else None
        if unanswered:
            message = f"paper {code}: the form asks {_runs(unanswered)}, and no answer is given."
            yield Problem("appraisal-unanswered", message, place, subject=f"paper {code}")
        asked = frozenset(mark.criterion for mark in marks if mark.status in (ANSWERED, UNANSWERED))
        if routes and asked and asked not in routes:
            message = f"paper {code}: no route of the form asks {_runs(tuple(sorted(asked)))}."
            yield Problem("appraisal-route", message, place, subject=f"paper {code}")


def _runs(criteria: tuple[str, ...]) -> str:
    """Return criteria with neighbours of one design told as a range: 4.1 to 4.5."""
    groups: dict[str, list[str]] = defaultdict(list)
    for criterion in criteria:
        groups[criterion.rpartition(".")[0]].append(criterion)
    told = [
        f"{group[0]} to {group[-1]}" if len(group) > 2 else ", ".join(group)
        for group in groups.values()
    ]
    return ", ".join(told)


def _scores(evidence: Evidence, kept: set[Code]) -> tuple[tuple[Score, ...], tuple[str, ...]]:
    """Return every answer, and the answers that there are, the best first."""
    if not evidence.has(SCORES):
        return (), ("Yes",)
    rows = evidence.rows(SCORES)
    has_status = "status" in rows.table.columns
    marks = []
    for record in rows.records():
        answer = record.text("answer") or None
        status = record.text("status") if has_status else (ANSWERED if answer else UNANSWERED)
        if record.code("code") in kept:
            marks.append(Score(record.code("code"), record.text("criterion"), answer, status))
    found = tuple(dict.fromkeys(mark.answer for mark in marks if mark.answer))
    return tuple(marks), rows.table.field("answer").enum or found or ("Yes",)


def _judgements(evidence: Evidence) -> tuple[str, ...]:
    return evidence.rows(OVERALL).table.field("overall").enum if evidence.has(OVERALL) else ()


def _overall(evidence: Evidence, kept: set[Code]) -> dict[Code, tuple[Rating, str]]:
    if not evidence.has(OVERALL):
        return {}
    return {
        record.code("code"): (_rating(record["overall"]), record.text("status"))
        for record in evidence.rows(OVERALL).records()
        if record.code("code") in kept
    }


def _rating(cell: Cell) -> Rating:
    return cell if isinstance(cell, int | float) or cell is None else str(cell)


def _tool(evidence: Evidence, marks: tuple[Score, ...]) -> tuple[Criterion, ...]:
    """Return the tool's criteria from its form, or from the scores where there is no form."""
    used = evidence.config.settings.other.get("appraisal")
    name = used.get("form") if isinstance(used, Mapping) else used
    forms = evidence.forms
    if name and str(name) not in forms:
        message = f'the appraisal form "{name}" does not exist.'
        raise ConfigError(message, hint=nearest(str(name), forms))
    candidates = [forms[str(name)]] if name else list(forms.values())
    for form in candidates:
        if form.criteria:
            return tuple(
                Criterion(criterion, design, question.ask)
                for criterion, design, question in form.criteria
            )
    criteria = dict.fromkeys(mark.criterion for mark in marks)
    return tuple(Criterion(id, id.rpartition(".")[0] or "all") for id in criteria)
