"""Editions: made from what the pipeline prepares, and replaced whole or not at all.

    pipeline.prepare ──▶ engine.render ──▶ output folder

While one edition is rendered, the next is prepared. One that is up to date is left as it is; one
build of a review runs at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.config import Config, list_profiles, load_config
from reviewpress.editions import Gate, left_from_before, render_edition
from reviewpress.errors import ConfigError, Place, Problem, ReportError, SetupError, raise_all
from reviewpress.figures.folder import claim_figures, publish_figures
from reviewpress.labels import load_labels
from reviewpress.store.digests import digest_bytes
from reviewpress.store.files import restore_folder
from reviewpress.store.freshness import BuildRecord, Signature, known_output
from reviewpress.store.locks import build_lock
from reviewpress.store.output_folder import (
    OWN_FOLDER,
    check_contents,
    check_owner,
    check_place,
    look_into,
    name_of,
    wrong_place,
)
from reviewpress.store.pruning import clear_leftovers, prune_store
from reviewpress.tasks import HERE, Tasks

if TYPE_CHECKING:
    from reviewpress.checks import Report
    from reviewpress.engine import EngineChoice
    from reviewpress.pipeline import Parameters, Progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """An edition to be made: with parameters it is none of the whole review."""

    config: Config
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the edition's folder, the report of its checks, the chapters executed.

    An edition that was up to date has no report: nothing was looked at again. `notes` say what it
    has from an earlier build, and what it has replaced that was no build's. `problems` are why an
    edition was not made, of several of which one does not stop the others.
    """

    config: Config
    report: Report | None
    executed: tuple[str, ...]
    fresh: bool
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def build(
    config: Config,
    *,
    engine: EngineChoice,
    parameters: Parameters | None = None,
    tasks: Tasks = HERE,
    progress: Progress,
) -> Built:
    """Make one edition; see `build_editions`."""
    [built] = build_editions(
        [config], engine=engine, parameters=parameters, tasks=tasks, progress=progress
    )
    return built


def build_editions(
    configs: Sequence[Config],
    *,
    engine: EngineChoice,
    parameters: Parameters | None = None,
    tasks: Tasks = HERE,
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
    given = parameters or {}
    wanted = [Wanted(variant(config, given) if given else config, given) for config in configs]
    yield from _build(wanted, engine, tasks, progress, take_over=take_over, go_on=False)


def build_each(
    wanted: Sequence[Wanted],
    *,
    engine: EngineChoice,
    tasks: Tasks = HERE,
    take_over: bool = False,
    progress: Progress,
) -> Iterator[Built]:
    """Make editions as `build_editions` does; one that fails does not stop the others.

    It is given back with its problems, and what stood in its place is untouched. Raises SetupError
    for what keeps every edition from being made.
    """
    yield from _build(wanted, engine, tasks, progress, take_over=take_over, go_on=True)


def _build(
    wanted: Sequence[Wanted],
    engine: EngineChoice,
    tasks: Tasks,
    progress: Progress,
    *,
    take_over: bool,
    go_on: bool,
) -> Iterator[Built]:
    editions = [_Edition.of(each, engine, take_over) for each in wanted]
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
        stack.push(lambda kind, *_: tasks.give_up() if kind else None)
        made = {id(edition) for edition in stale}
        finish: Callable[[], Built] | None = None
        for edition in editions:
            is_last = False
            try:
                if id(edition) not in made or (waited and edition.is_fresh()):
                    begun = edition.leave
                else:
                    begun = edition.begin(sources, tasks, progress, pool, gate)
            except ReportError as error:
                # Said in its turn: the edition before it is made.
                begun = partial(_raise, error)
                is_last = not go_on or isinstance(error, SetupError)
            if finish is not None:
                yield finish()
            finish = partial(_outcome, edition.config, begun, go_on=go_on)
            if is_last:
                break
        if finish is not None:
            yield finish()
        if stale:
            prune_store(stale[0].config.store)


def _raise(error: ReportError) -> Built:
    raise error


def _outcome(config: Config, finish: Callable[[], Built], *, go_on: bool) -> Built:
    """Return what became of an edition; with `go_on` that includes why it was not made."""
    try:
        return finish()
    except SetupError:
        raise
    except ReportError as error:
        if not go_on:
            raise
        return Built(config, None, (), fresh=False, problems=error.problems)


@dataclass(frozen=True, slots=True)
class _Edition:
    """An edition to be made, and what is remembered of its last build."""

    config: Config
    engine: EngineChoice
    parameters: Parameters
    record: BuildRecord
    take_over: bool

    @classmethod
    def of(cls, wanted: Wanted, engine: EngineChoice, take_over: bool) -> _Edition:
        config, parameters = wanted.config, wanted.parameters
        return cls(config, engine, parameters, _record(config, engine.name, parameters), take_over)

    def is_fresh(self) -> bool:
        """Say whether the edition is what its sources would make."""
        return self.record.is_fresh(self.config.output_dir)

    def leave(self) -> Built:
        """Leave an edition that is up to date as it is."""
        return Built(self.config, None, (), fresh=True, notes=left_from_before(self.config))

    def begin(
        self,
        sources: Signature,
        tasks: Tasks,
        progress: Progress,
        pool: ThreadPoolExecutor,
        gate: Gate,
    ) -> Callable[[], Built]:
        """Prepare the edition and begin to render it; what comes back waits for its end."""
        # Not with the module: an edition that is up to date is left without loading the pipeline.
        from reviewpress.pipeline import begin_aside, prepare

        config = self.config
        taken = take_place(config, take_over=self.take_over)
        self.record.forget()
        engine = self.engine.start(config.root)
        checked = prepare(
            config, parameters=self.parameters, tasks=tasks, progress=progress,
            begin=lambda manuscript: begin_aside(lambda: engine.get_ready(manuscript)),
            embedded=engine.name == "pandoc",
        )  # fmt: skip
        raise_all(checked.report.errors)
        manuscript = checked.manuscript
        figures = {} if self.parameters else manuscript.figures
        claimed = claim_figures(config, figures, take_over=self.take_over)
        manuscript.book.let_go()
        progress.step("render", ", ".join(config.formats))
        rendering = pool.submit(render_edition, engine, manuscript, config, gate)

        def finish() -> Built:
            rendering.result()
            if not self.parameters:
                publish_figures(config, figures)
            self.record.keep(sources, config.output_dir)
            gone = (name for name in taken if not (config.output_dir / name).exists())
            notes = [f"removed, though no build had made it: {name}" for name in gone]
            notes += [f"written over, though no build had made it: {name}" for name in claimed]
            notes += left_from_before(config)
            return Built(config, checked.report, checked.executed, fresh=False, notes=tuple(notes))

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


def _warm_up(configs: Iterable[Config]) -> None:
    """Let the parent of kernels begin at once where no chapter has ever been executed."""
    for config in configs:
        if not (config.store / "runs").is_dir():
            # Not with the module: little is loaded before kernels begin to start.
            from reviewpress.notebooks.environment import shared_environment
            from reviewpress.speed.forkservers import start_forkserver

            notebooks = sum(chapter.is_notebook for chapter in config.chapters)
            start_forkserver(shared_environment(), chapters=notebooks)
            return


def variant(config: Config, parameters: Parameters) -> Config:
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
    known = known_output(root, folder)
    check_owner(folder, root, config.title, known)
    check_contents(folder, root, config.profile, pages, known)
    return ()


def check_apart(config: Config) -> None:
    """Refuse an edition of which another would replace the folder; ConfigError tells which."""
    others = []
    for name in list_profiles(config.root):
        if name != config.profile:
            # What is wrong with another edition is for its own check to say.
            with suppress(ReportError):
                others.append(load_config(config.root, name, check_chapters=False))
    for other in others:
        _check_apart((config, other))


def wrong_places(config: Config, figures: Mapping[str, Path]) -> tuple[Problem, ...]:
    """Return what keeps a build from putting an edition and its figures in their places."""
    problems: list[Problem] = []
    looks: tuple[Callable[[], object], ...] = (
        lambda: take_place(config),
        lambda: claim_figures(config, figures),
    )
    for look in looks:
        try:
            look()
        except ReportError as error:
            problems += error.problems
    return tuple(problems)


def _check_apart(configs: Sequence[Config]) -> None:
    """Refuse editions of which one would replace another, or lie in its folder."""
    places: dict[Path, Config] = {}
    for config in configs:
        place = Path(os.path.realpath(config.output_dir))
        other = places.setdefault(place, config)
        if other is not config:
            raise _not_apart(config, other)
    for place, config in places.items():
        for above in place.parents:
            if above in places:
                raise _not_apart(config, places[above])


def _not_apart(inner: Config, outer: Config) -> ConfigError:
    message = f"the output folder is or lies in that of {outer.profile}."
    return ConfigError(message, Place(f"_quarto-{inner.profile}.yml"), OWN_FOLDER)


def _record(config: Config, engine: str, parameters: Parameters) -> BuildRecord:
    name = "-".join([config.output_dir.name, *config.formats])
    if parameters:
        # Variants of several editions may be called alike.
        name = f"{name}-{digest_bytes(str(config.output_dir).encode())[:12]}"
    settings = {
        "edition": config.profile,
        "engine": engine,
        "parameters": parameters,
        "output": str(config.output_dir),
    }
    return BuildRecord(config.root, name, settings)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
