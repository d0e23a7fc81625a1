"""A build: the four steps in one place.

    execute → assemble → check → render

Checks come before rendering, since they need the assembled book alone: what is wrong is said
before pandoc and Typst are asked. `prepare` does all but the last step, which goes on while the
next edition is prepared. An edition is replaced whole, or not at all.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any, Protocol, TypeVar

from reviewpress.config import Chapter, Config, default_profile
from reviewpress.editions import Gate, left_from_before, render_edition
from reviewpress.errors import ConfigError, Place, Problems, ReportError, nearest
from reviewpress.figures.folder import claim_figures, publish_figures
from reviewpress.labels import load_labels
from reviewpress.store.files import restore_folder
from reviewpress.store.freshness import BuildRecord, Signature, known_output
from reviewpress.store.locks import build_lock
from reviewpress.store.output_folder import (
    OWN_FOLDER,
    check_contents,
    check_place,
    look_into,
    name_of,
    wrong_place,
)
from reviewpress.store.pruning import clear_leftovers, prune_store

T = TypeVar("T")

ENGINES = ("auto", "quarto", "pandoc")


class Progress(Protocol):
    """Something that is told how a build goes on."""

    def step(self, name: str, detail: str = "") -> None:
        """A step of the build begins."""

    def chapter(self, event: Any) -> None:
        """Something happened to a chapter that is executed."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the edition's folder, the report of its checks, the chapters executed.

    An edition that was up to date has no report: nothing was looked at again. `notes` say what it
    has from an earlier build, and what it has replaced that was no build's.
    """

    config: Config
    report: Any | None
    executed: tuple[str, ...]
    fresh: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A book without errors, ready for its engine: what a build has done before it renders."""

    engine: Any
    manuscript: Any
    report: Any
    executed: tuple[str, ...]


def build(
    config: Config,
    *,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    progress: Progress,
) -> Built:
    """Make one edition; see `build_editions`."""
    [built] = build_editions(
        [config], engine=engine, parameters=parameters, jobs=jobs, progress=progress
    )
    return built


def build_editions(
    configs: Sequence[Config],
    *,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    take_over: bool = False,
    progress: Progress,
) -> Iterator[Built]:
    """Make editions: execute their chapters, assemble them, check and render each book.

    They come in order; while one is rendered, the next is prepared. With `parameters` they are
    variants, written beside the official editions. Where another build of the review runs, this
    one waits for its end. `take_over` replaces an output folder, and files
    in the way of figures, whatever they are. Raises ReportError for what an author can mend; the
    edition that stood before is then untouched, and those before it in the order are made.
    """
    given = dict(parameters or {})
    editions = [_Edition.of(config, engine, given, take_over) for config in configs]
    _check_apart([edition.config for edition in editions])
    stale = [edition for edition in editions if not edition.is_fresh()]
    _warm_up(edition.config for edition in stale)
    # Signed before any waiting: what is saved meanwhile makes the edition stale, as it should.
    sources = stale[0].record.sign_sources() if stale else {}
    with ExitStack() as stack:
        waited = stack.enter_context(one_build(stale[0].config, progress)) if stale else False
        pool = stack.enter_context(ThreadPoolExecutor(2, "render"))
        # Left before the pool, which waits for what is being rendered.
        gate = stack.enter_context(Gate())
        finish: Callable[[], Built] | None = None
        for edition in editions:
            if edition not in stale or (waited and edition.is_fresh()):
                begun = edition.leave
            else:
                try:
                    begun = edition.begin(sources, jobs, progress, pool, gate)
                except ReportError:
                    if finish is not None:
                        yield finish()
                    raise
            if finish is not None:
                yield finish()
            finish = begun
        if finish is not None:
            yield finish()
        if stale:
            prune_store(stale[0].config.store)


@dataclass(frozen=True, slots=True)
class _Edition:
    """An edition to be made, and what is remembered of its last build."""

    config: Config
    engine: str
    parameters: Mapping[str, Any]
    record: BuildRecord
    take_over: bool

    @classmethod
    def of(
        cls, config: Config, engine: str, parameters: Mapping[str, Any], take_over: bool
    ) -> "_Edition":
        made = variant(config, parameters) if parameters else config
        return cls(made, engine, parameters, _record(made, engine, parameters), take_over)

    def is_fresh(self) -> bool:
        """Say whether the edition is what its sources would make."""
        return self.record.is_fresh(self.config.output_dir)

    def leave(self) -> Built:
        """Leave an edition that is up to date as it is."""
        return Built(self.config, None, (), fresh=True, notes=left_from_before(self.config))

    def begin(
        self,
        sources: Signature,
        jobs: int | None,
        progress: Progress,
        pool: ThreadPoolExecutor,
        gate: Gate,
    ) -> Callable[[], Built]:
        """Prepare the edition and begin to render it; what comes back waits for its end."""
        config = self.config
        taken = take_place(config, take_over=self.take_over)
        self.record.forget()
        prepared = prepare(
            config, engine=self.engine, parameters=self.parameters, jobs=jobs, progress=progress,
            begin=lambda engine, book: _begin_aside(lambda: engine.get_ready(book)),
        )  # fmt: skip
        figures = {} if self.parameters else prepared.manuscript.figures
        claimed = claim_figures(config, figures, take_over=self.take_over)
        prepared.manuscript.book.let_go()
        progress.step("render", ", ".join(config.formats))
        rendering = pool.submit(render_edition, prepared.engine, prepared.manuscript, config, gate)

        def finish() -> Built:
            rendering.result()
            if not self.parameters:
                publish_figures(config, figures)
            self.record.keep(sources, config.output_dir)
            gone = (name for name in taken if not (config.output_dir / name).exists())
            notes = [f"removed, though no build had made it: {name}" for name in gone]
            notes += [f"written over, though no build had made it: {name}" for name in claimed]
            notes += left_from_before(config)
            return Built(
                config, prepared.report, prepared.executed, fresh=False, notes=tuple(notes)
            )

        return finish


@contextmanager
def one_build(config: Config, progress: Progress) -> Iterator[bool]:
    """Hold the lock of the review's builds; see `lock.build_lock`.

    What builds that were killed left is removed first.
    """
    what = config.output_dir.name
    with build_lock(config.store, what, say=lambda line: progress.step("wait", line)) as waited:
        clear_leftovers(config.root)
        yield waited


def prepare(
    config: Config,
    *,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    progress: Progress,
    evidence: Any = ...,
    begin: Callable[[Any, Any], Callable[[], None]] | None = None,
) -> Prepared:
    """Do all of a build but rendering: execute the chapters, assemble and check the book.

    `evidence` is what `load_evidence` answered, where it is known that the data is the same still.
    `begin` is called with engine and manuscript before the book is checked, and begins what the
    checks need not wait for; what it answers ends that, and is called where they find no errors.
    Writes nothing but the store. Raises ReportError for what an author can mend.
    """
    given = dict(parameters or {})
    chosen = choose_engine(engine, config, say=lambda line: progress.step("quarto", line))
    plan = plan_runs(config, parameters=given)
    # Kernels get ready while the evidence is read.
    plan.warm_up()
    loaded = _begin_aside(lambda: load_evidence(config)) if evidence is ... else lambda: evidence
    try:
        if plan.waiting:
            loaded()
            _begin_aside(lambda: _read_texts_ahead(config))
        runs = _execute(plan, jobs, progress, then=lambda run: _read_ahead(config, run))
        progress.step("assemble", f"{len(config.chapters)} chapters")
        manuscript = make_manuscript(config, runs)
    except ReportError:
        # What is wrong with the data is told first: the rest may follow from it.
        loaded()
        raise
    progress.step("check")
    end = begin(chosen, manuscript) if begin else None
    report = check(config, manuscript, runs, loaded(), main=not given and is_main(config))
    if not report.clean:
        raise Problems(report.errors)
    if end is not None:
        end()
    executed = tuple(run.chapter for run in runs.values() if run.fresh)
    return Prepared(chosen, manuscript, report, executed)


def execute(
    config: Config,
    *,
    parameters: Mapping[str, Any],
    jobs: int | None,
    progress: Progress,
    only: Sequence[str] = (),
) -> dict[str, Any]:
    """Bring the runs of an edition's notebooks up to date; return them by chapter path.

    Chapters whose key messages are gathered are executed too. Raises ConfigError for a parameter
    that no chapter declares.
    """
    return _execute(plan_runs(config, parameters=parameters, only=only), jobs, progress)


def plan_runs(config: Config, *, parameters: Mapping[str, Any], only: Sequence[str] = ()) -> Any:
    """Look up which runs of an edition's notebooks still hold; return the plan of the rest."""
    from reviewpress.assemble.source import gathered_chapters
    from reviewpress.notebooks import plan_execution

    chapters = [*config.chapters, *gathered_chapters(config)]
    notebooks = [chapter for chapter in chapters if chapter.is_notebook]
    if only:
        notebooks = [chapter for chapter in notebooks if chapter.path in only]
    _check_parameters(config, parameters, notebooks)
    official = config.settings.other.get("parameters") or {}
    return plan_execution(
        config,
        [Path(chapter.path) for chapter in notebooks],
        edition=config.profile,
        parameters={**official, **parameters},
    )


def _warm_up(configs: Iterable[Config]) -> None:
    """Let the parent of kernels begin at once where no chapter has ever been executed."""
    for config in configs:
        if not (config.store / "runs").is_dir():
            from reviewpress.notebooks.forkservers import start_forkserver

            start_forkserver(chapters=sum(chapter.is_notebook for chapter in config.chapters))
            return


def _execute(
    plan: Any, jobs: int | None, progress: Progress, then: Callable[[Any], None] = lambda run: None
) -> dict[str, Any]:
    progress.step("execute", _how_many(plan.waiting, plan.count))
    runs = plan.execute(jobs=jobs, progress=progress.chapter, then=then)
    return {path.as_posix(): run for path, run in runs.items()}


def _how_many(waiting: int, count: int) -> str:
    """Say how many notebooks are to be executed, and of how many where some hold still."""
    noun = "notebook" if count == 1 else "notebooks"
    if not waiting and count:
        return f"nothing: {count} {noun} unchanged"
    return f"{count} {noun}" if waiting == count else f"{waiting} of {count} {noun}"


def _read_ahead(config: Config, run: Any) -> None:
    """Begin to assemble a chapter that has been executed, while others are."""
    from reviewpress.assemble import read_ahead

    read_ahead(config, run.chapter, run.cells)


def make_manuscript(config: Config, runs: Mapping[str, Any]) -> Any:
    """Assemble an edition's chapters and runs; return all that an engine needs."""
    from reviewpress.assemble import assemble
    from reviewpress.engine import Manuscript
    from reviewpress.references import load_references

    book = assemble(config, {path: run.cells for path, run in runs.items()})
    figures = {
        file.name: file for run in runs.values() for files in run.figures.values() for file in files
    }
    notebooks = {chapter.path: runs[chapter.path].notebook for chapter in config.chapters
                 if chapter.path in runs}  # fmt: skip
    return Manuscript(book, load_references(config), figures, notebooks)


def _read_texts_ahead(config: Config) -> None:
    """Read what no kernel makes, chapters and bibliography, while others are executed.

    What is wrong with it is told where it is read for good.
    """
    from reviewpress.assemble import read_ahead
    from reviewpress.references import load_references

    for chapter in config.chapters:
        if not chapter.is_notebook:
            read_ahead(config, chapter.path, ())
    with suppress(ReportError):
        load_references(config)


def _begin_aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin work in a thread; what comes back waits for it, as often as asked."""
    pool = ThreadPoolExecutor(1, "aside")
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun.result


def load_evidence(config: Config) -> Any:
    """Load and validate the review's data; Problems for what no chapter could be made from."""
    from reviewpress.checks import load_evidence as load

    return load(config)


def check(
    config: Config, manuscript: Any, runs: Mapping[str, Any], evidence: Any, *, main: bool
) -> Any:
    """Run the quick checks on an assembled edition and return their report."""
    from reviewpress.checks import Subject, run_quick_checks

    return run_quick_checks(
        Subject(
            config=config,
            book=manuscript.book,
            runs=runs,
            references=manuscript.references,
            evidence=evidence,
            main=main,
        )
    )


def is_main(config: Config) -> bool:
    """Say whether this is the default edition, in which the whole review is told."""
    default = default_profile(config.metadata)
    return default is None or config.profile == default


def choose_engine(
    name: str, config: Config, *, say: Callable[[str], None] = lambda line: None
) -> Any:
    """Return the engine of this name; `auto` takes Quarto where it is installed.

    `say` is told how Quarto goes on.

    Raises SetupError where the engine that was asked for cannot be used.
    """
    from reviewpress.extension import find_extension

    if name not in ENGINES:
        raise ConfigError(f'there is no engine "{name}".', hint=nearest(name, ENGINES))
    if name == "quarto" or (name == "auto" and shutil.which("quarto")):
        from reviewpress.quarto.engine import QuartoEngine

        return QuartoEngine(say=say)
    from reviewpress.formats.pandoc_engine import PandocEngine

    return PandocEngine(find_extension(config.root))


def variant(config: Config, parameters: Mapping[str, Any]) -> Config:
    """Return the configuration of a variant: its own folder, and a title that says so."""
    label = ", ".join(f"{name} = {_words(value)}" for name, value in parameters.items())
    slug = "".join(c if c.isalnum() or c in "=-." else "-" for c in label.replace(" ", ""))
    folder = config.output_dir.with_name(f"{config.output_dir.name}-{slug[:80]}")
    title = load_labels(config).fill("variant", title=config.title, values=label)
    return replace(config.with_output(folder), title=title)


def take_place(config: Config, *, take_over: bool = False) -> tuple[str, ...]:
    """Make sure that a build may replace the output folder; return what is taken over.

    Without `take_over`, ConfigError for files that no build made, or another edition's.
    """
    folder, root = config.output_dir, config.root
    pages = [chapter.page for chapter in config.chapters]
    sources = (*config.sources, *config.bibliography, *(root / c.path for c in config.chapters))
    wrong = wrong_place(folder, root, sources)
    if wrong:
        raise ConfigError(wrong, Place(name_of(folder, root)), OWN_FOLDER)
    restore_folder(Path(os.path.realpath(folder)))
    check_place(folder, root)
    if take_over:
        return look_into(folder, pages).foreign
    check_contents(folder, root, config.profile, pages, known_output(root, folder))
    return ()


def _check_apart(configs: Sequence[Config]) -> None:
    """Refuse editions of which one would replace another, or lie in its folder."""
    for one, other in permutations(reversed(configs), 2):
        inner, outer = (Path(os.path.realpath(config.output_dir)) for config in (one, other))
        if one is not other and inner.is_relative_to(outer):
            message = f"the output folder is or lies in that of {other.profile}."
            raise ConfigError(message, Place(f"_quarto-{one.profile}.yml"), OWN_FOLDER)


def _record(config: Config, engine: str, parameters: Mapping[str, Any]) -> BuildRecord:
    name = "-".join([config.output_dir.name, *config.formats])
    settings = {
        "edition": config.profile,
        "engine": engine,
        "parameters": parameters,
        "output": str(config.output_dir),
    }
    return BuildRecord(config.root, name, settings)


def _check_parameters(
    config: Config, parameters: Mapping[str, Any], notebooks: Sequence[Chapter]
) -> None:
    if not parameters:
        return
    from reviewpress.notebooks import declared_parameters

    declared: set[str] = set()
    for chapter in notebooks:
        declared |= set(declared_parameters(config.root / chapter.path))
    for name in parameters:
        if name not in declared:
            message = f'no chapter declares a parameter "{name}".'
            raise ConfigError(message, hint=nearest(name, declared))


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
