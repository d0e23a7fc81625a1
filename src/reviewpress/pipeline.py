"""From an edition's sources to a checked book: the four steps of everything that looks at one.

    plan ──▶ execute ──▶ assemble ──▶ check
    Plan     Runs        Manuscript   Checked

`prepare` takes them, for render, check, preview and Quarto's hooks. What comes back is what an
engine renders; `build` says where that is put. Nothing is written here but the store.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from reviewpress.assemble import assemble, read_ahead
from reviewpress.assemble.book import Book
from reviewpress.assemble.source import gathered_chapters
from reviewpress.checks import CheckedEvidence, Report, Subject, load_evidence, run_quick_checks
from reviewpress.checks.claims import collect_values
from reviewpress.config import Chapter, Config, default_profile
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, Place, ReportError, nearest, raise_all
from reviewpress.evidence.claims import CLAIMS, Claim, old_expressions, read_claims
from reviewpress.notebooks.execute import ChapterEvent, Plan, plan_execution
from reviewpress.notebooks.runs import Run
from reviewpress.notebooks.source import declared_parameters, read_notebook
from reviewpress.provenance import Provenance, trace_edition
from reviewpress.references import load_references
from reviewpress.review import Review
from reviewpress.shapes import Plain
from reviewpress.tasks import HERE, Tasks

NOTHING_FOUND = Report((), (), ())
_CLAIM = re.compile(r"\b(claim|not_checkable)\b")
"""How code names that which gives a claim its value, whatever the review is called."""

T = TypeVar("T")

Parameters = Mapping[str, Plain]
"""Parameters for the chapters that declare them, by name."""

Runs = Mapping[str, Run]
"""The run of each notebook, by the path of its chapter."""

Ready = Callable[[], None]
"""Waits for what was begun."""


class Progress(Protocol):
    """Follows the steps, and what happens to each chapter that is executed."""

    def step(self, name: str, detail: str = "") -> None:
        """A step begins."""

    def chapter(self, event: ChapterEvent) -> None:
        """Something happened to a chapter."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some chapters of an edition; `standing` gives the run by which another one is known.

    A part is not checked: much is wrong with it only because the rest is missing.
    """

    chapters: Collection[str]
    standing: Callable[[str], Run]


@dataclass(frozen=True, slots=True)
class Checked:
    """An assembled edition, the runs that were asked for, and what the checks found."""

    manuscript: Manuscript
    runs: Runs
    report: Report

    @property
    def executed(self) -> tuple[str, ...]:
        """The chapters that a kernel ran for just now."""
        return tuple(run.chapter for run in self.runs.values() if run.fresh)


def prepare(
    config: Config,
    *,
    parameters: Parameters | None = None,
    part: Part | None = None,
    tasks: Tasks = HERE,
    progress: Progress,
    evidence: Callable[[Config], CheckedEvidence | None] = load_evidence,
    begin: Callable[[Manuscript], Ready] | None = None,
    embedded: bool = True,
) -> Checked:
    """Bring an edition from its sources to a checked book.

    `begin` is given the book before it is checked, and begins what need not wait for that; what it
    answers is called where no errors are found. Quarto, where it is not the `embedded` engine that
    renders, obeys more keys. What the checks find is in what comes back; raises
    ReportError for what keeps a book from being made at all.
    """
    given = parameters or {}
    planned = plan_runs(config, parameters=given, only=part.chapters if part else ())
    if tasks.is_here:
        planned.warm_up()
    data = _read_data(config, planned, (lambda _: None) if part else evidence)
    with _first(data):
        runs = execute_runs(planned, config, tasks=tasks, progress=progress)
        progress.step("assemble", f"{len(config.chapters)} chapters")
        manuscript = assemble_edition(config, runs, part, data)
    if part:
        return Checked(manuscript, runs, NOTHING_FOUND)
    progress.step("check")
    ready = begin(manuscript) if begin else None
    report = check_edition(config, manuscript, runs, data(), official=not given, embedded=embedded)
    if ready and report.clean:
        ready()
    return Checked(manuscript, runs, report)


def plan_runs(config: Config, *, parameters: Parameters, only: Collection[str] = ()) -> Plan:
    """Look up which runs of an edition's notebooks still hold; return the plan of the rest.

    Chapters whose key messages are gathered have runs too. Raises ConfigError for a parameter
    that no chapter declares.
    """
    chapters = [*config.chapters, *gathered_chapters(config)]
    notebooks = [chapter for chapter in chapters if chapter.is_notebook]
    if only:
        notebooks = [chapter for chapter in notebooks if chapter.path in only]
    _check_parameters(config, parameters, notebooks)
    return plan_notebooks(config, [chapter.path for chapter in notebooks], parameters)


def plan_notebooks(config: Config, paths: Sequence[str], parameters: Parameters) -> Plan:
    """Plan the runs of notebooks with these parameters over those of `_quarto.yml`."""
    official = config.settings.other.get("parameters") or {}
    return plan_execution(
        config,
        [Path(path) for path in paths],
        edition=config.profile,
        parameters={**official, **parameters},
    )


def execute_runs(planned: Plan, config: Config, *, tasks: Tasks = HERE, progress: Progress) -> Runs:
    """Execute what has to be executed; return every run that was planned."""
    progress.step("execute", _how_many(planned.waiting, planned.count))
    runs = planned.execute(
        tasks=tasks,
        progress=progress.chapter,
        # A chapter is read while others are still executed.
        then=lambda run: read_ahead(config, run.chapter, run.cells),
    )
    return {path.as_posix(): run for path, run in runs.items()}


def assemble_edition(
    config: Config,
    runs: Runs,
    part: Part | None = None,
    data: Callable[[], CheckedEvidence | None] | None = None,
) -> Manuscript:
    """Assemble an edition's chapters and runs; return all that an engine needs.

    `data` waits for what was read for the checks, which is not read again for provenance.
    """
    known = {**_standing(config, runs, part), **runs}
    book = assemble(config, {path: run.cells for path, run in known.items()})
    notebooks = {chapter.path: known[chapter.path].notebook for chapter in config.chapters
                 if chapter.path in known and known[chapter.path].notebook
                 and not chapter.has_cells}  # fmt: skip

    @cache
    def provenance() -> Provenance:
        evidence = data() if data else None
        return trace_edition(book, known, evidence.review if evidence else None)

    return Manuscript(
        book, load_references(config), _shown(book, runs), provenance, notebooks, known
    )


def check_edition(
    config: Config,
    manuscript: Manuscript,
    runs: Runs,
    evidence: CheckedEvidence | None,
    *,
    official: bool,
    embedded: bool = True,
) -> Report:
    """Run the quick checks on an assembled edition; one with parameters is not `official`."""
    default = default_profile(config.metadata)
    return run_quick_checks(
        Subject(
            config=config,
            book=manuscript.book,
            runs=runs,
            references=manuscript.references,
            evidence=evidence,
            main=official and default in (None, config.profile),
            embedded=embedded,
            official=official,
        )
    )


def _shown(book: Book, runs: Runs) -> dict[str, Path]:
    """Return the files of the figures and tables that an edition's own pages show.

    A chapter whose key messages alone are gathered has run, and its figures are another edition's.
    """
    ids = {name for page in book.pages for name in page.ids}
    images = {Path(image).name for page in book.pages for image in page.images}
    shown = (
        files
        for run in runs.values()
        for label, files in run.figures.items()
        if label in ids or not images.isdisjoint(file.name for file in files)
    )
    return {file.name: file for files in shown for file in files}


def compute_claims(config: Config, *, progress: Progress) -> tuple[Claim, ...]:
    """Return the published numbers beside the values that an edition's chapters give them.

    Of its chapters only those are executed whose code names claims, and that have changed. Raises
    ConfigError for a review without claims, and Problems for what is wrong with them.
    """
    review = Review(config.root)
    if not review.has(CLAIMS):
        raise ConfigError("the review has no table of claims.", Place(review.schema.file))
    rows = review.rows(CLAIMS)
    raise_all([*old_expressions(rows)])
    chapters = [*config.chapters, *gathered_chapters(config)]
    paths = [c.path for c in chapters if c.is_notebook and _names_claims(config, c)]
    runs = execute_runs(plan_notebooks(config, paths, {}), config, progress=progress)
    values, problems = collect_values(runs)
    raise_all(problems)
    return read_claims(rows, values)


def _names_claims(config: Config, chapter: Chapter) -> bool:
    notebook = read_notebook(config.root / chapter.path, config.root)
    code = (cell.source for cell in notebook.cells if cell.runs)
    return any(_CLAIM.search(text) for text in code)


def figures_of(runs: Runs) -> dict[str, Path]:
    """Return the files of the figures and tables that runs publish, by name."""
    published = [files for run in runs.values() for files in run.figures.values()]
    return {file.name: file for files in published for file in files}


def begin_aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin work in a thread; what comes back waits for it, as often as asked."""
    pool = ThreadPoolExecutor(1, "aside")
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun.result


def _read_data(
    config: Config, planned: Plan, load: Callable[[Config], CheckedEvidence | None]
) -> Callable[[], CheckedEvidence | None]:
    """Begin to read the data while kernels get ready; what comes back waits for it.

    Nothing is executed with data that is wrong.
    """
    data = begin_aside(lambda: load(config))
    if planned.waiting:
        data()
        begin_aside(lambda: _read_texts_ahead(config))
    return data


@contextmanager
def _first(data: Callable[[], object]) -> Iterator[None]:
    """Raise what is wrong with the data rather than what may follow from it."""
    try:
        yield
    except ReportError:
        data()
        raise


def _read_texts_ahead(config: Config) -> None:
    """Read what no kernel makes, chapters and bibliography, while others are executed.

    What is wrong with it is said where it is read for good.
    """
    for chapter in config.chapters:
        if not chapter.is_notebook:
            read_ahead(config, chapter.path, ())
    with suppress(ReportError):
        load_references(config)


def _standing(config: Config, runs: Runs, part: Part | None) -> Runs:
    """Return the runs by which the chapters outside a part are known."""
    if part is None:
        return {}
    others = (c.path for c in config.chapters if c.is_notebook and c.path not in runs)
    return {path: part.standing(path) for path in others}


def _how_many(waiting: int, count: int) -> str:
    """Say how many notebooks are to be executed, and of how many where some hold still."""
    noun = "notebook" if count == 1 else "notebooks"
    if not waiting and count:
        return f"nothing: {count} {noun} unchanged"
    return f"{count} {noun}" if waiting == count else f"{waiting} of {count} {noun}"


def _check_parameters(config: Config, parameters: Parameters, notebooks: Sequence[Chapter]) -> None:
    if not parameters:
        return
    declared: set[str] = set()
    for chapter in notebooks:
        declared |= set(declared_parameters(config.root / chapter.path))
    for name in parameters:
        if name not in declared:
            message = f'no chapter declares a parameter "{name}".'
            raise ConfigError(message, hint=nearest(name, declared))
