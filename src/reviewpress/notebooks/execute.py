"""Bring the runs of chapters up to date: reuse what still holds, execute the rest in parallel."""

import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.config.chapters import find_chapter
from reviewpress.errors import (
    ExecutionError,
    Overtaken,
    Place,
    Problem,
    Problems,
    ReportError,
    SetupError,
    raise_all,
)
from reviewpress.notebooks.environment import shared_environment
from reviewpress.notebooks.handed_run import hand_over
from reviewpress.notebooks.identity import Ground, execution_key, prepare_packages
from reviewpress.notebooks.kernel_run import Surroundings, WaitingChapter, run_kernel
from reviewpress.notebooks.parameters import choose_parameters
from reviewpress.notebooks.recording import record_run, repeated_figures
from reviewpress.notebooks.run_store import find_run, keep_run, scratch_folder
from reviewpress.notebooks.runs import Execution, Run, merge_prose, steps_of
from reviewpress.notebooks.source import Notebook, Parameter, read_notebook
from reviewpress.shapes import Plain, as_mapping
from reviewpress.store.files import write_cached
from reviewpress.tasks import HERE, Tasks

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

T = TypeVar("T")
EDITION = "edition"
TIMES = "times.json"

_batches: "weakref.WeakSet[_Batch]" = weakref.WeakSet()
"""What executes now, or did so lately."""

EventKind = Literal["reused", "started", "cell", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class ChapterEvent:
    """Something that happened to a chapter; `seconds` since it was started."""

    chapter: Path
    kind: EventKind
    seconds: float = 0.0
    cell: int | None = None
    cells: int | None = None


ChapterListener = Callable[[ChapterEvent], None]


def cell_event(chapter: WaitingChapter, number: int, started: float) -> ChapterEvent:
    """Return the event of a cell that begins now; `started` is when the chapter did."""
    seconds = time.monotonic() - started
    return ChapterEvent(chapter.path, "cell", seconds, number, len(chapter.notebook.cells))


def execute_chapters(
    config: Config,
    chapters: Sequence[Path],
    *,
    edition: str,
    parameters: Mapping[str, Plain] | None = None,
    tasks: Tasks = HERE,
    progress: ChapterListener = lambda event: None,
) -> dict[Path, Run]:
    """Return the run of each notebook among `chapters`, executing those that changed.

    `parameters` are injected into the chapters that declare them, `edition` likewise; others
    are none of this function's concern. `tasks` says where they are executed.

    Raises Problems with what failed in every chapter, ConfigError for a parameter of the wrong
    kind, and SetupError where nothing could run. Interrupted, it ends the kernels and keeps no
    half run.
    """
    plan = plan_execution(config, chapters, edition=edition, parameters=parameters)
    return plan.execute(tasks=tasks, progress=progress)


def plan_execution(
    config: Config,
    chapters: Sequence[Path],
    *,
    edition: str,
    parameters: Mapping[str, Plain] | None = None,
) -> "Plan":
    """Look up which runs still hold, and return what is to be executed.

    Raises ConfigError for a parameter of the wrong kind.
    """
    batch = _Batch(config)
    # From here on what is saved is noticed, and what is read below may be older.
    _batches.add(batch)
    found, waiting, problems = _look_up(batch, chapters, {**(parameters or {}), EDITION: edition})
    batch.take(waiting)
    return Plan(batch, tuple(chapters), found, waiting, problems)


class Plan:
    """The runs of an edition's chapters that still hold, and the chapters to execute."""

    def __init__(
        self,
        batch: "_Batch",
        chapters: tuple[Path, ...],
        found: dict[Path, Run],
        waiting: list[WaitingChapter],
        problems: list[Problem],
    ) -> None:
        self._batch = batch
        self._chapters = chapters
        self._found = found
        self._waiting = waiting
        self._problems = problems

    @property
    def count(self) -> int:
        """How many notebooks there are, executed or not."""
        return len(self._chapters)

    @property
    def waiting(self) -> int:
        """How many notebooks have to be executed."""
        return len(self._waiting)

    def warm_up(self) -> None:
        """Let the parent of kernels begin its imports, if any will be needed; do not wait."""
        if self._waiting:
            from reviewpress.speed.forkservers import start_forkserver

            start_forkserver(shared_environment(), chapters=len(self._waiting))

    def execute(
        self,
        *,
        tasks: Tasks = HERE,
        progress: ChapterListener = lambda event: None,
        then: Callable[[Run], None] = lambda run: None,
    ) -> dict[Path, Run]:
        """Execute what has to be; return every run by its chapter's path.

        `then` is called with each new run, in the thread that made it, while others go on. Raises
        what `execute_chapters` does.
        """
        batch, problems, found = self._batch, list(self._problems), dict(self._found)
        batch.listen(progress, then)
        batch.tasks = tasks
        for path in found:
            batch.tell(ChapterEvent(path, "reused"))
        if self._waiting:
            try:
                found |= _execute_all(batch, self._waiting)
            except Problems as error:
                problems += error.problems
        raise_all(_in_order(problems, self._chapters, batch.root))
        runs = {path: found[path] for path in self._chapters if path in found}
        raise_all(repeated_figures(runs))
        return runs


def end_pointless_runs(root: Path, saved: set[Path]) -> tuple[str, ...]:
    """End the runs of this process that files saved now make pointless; return their chapters.

    Such a run is of a chapter whose code, values or parameters are others now, or of any where
    something else than a chapter was saved: it may have read that. A changed comma ends none.
    """
    batches = [batch for batch in tuple(_batches) if batch.root == root]
    return tuple(name for batch in batches for name in batch.end_pointless(saved))


def _is_pointless(batch: "_Batch", chapter: WaitingChapter, saved: set[Path]) -> bool:
    if any(_may_be_read(path, batch.root) for path in saved):
        return True
    if batch.root / chapter.path not in saved:
        return False
    try:
        notebook = read_notebook(batch.root / chapter.path, batch.root, batch.defaults)
    except ReportError:
        return True
    # What parameters it is given depends on what it declares, which its cells say.
    return [*steps_of(notebook)] != [*steps_of(chapter.notebook)]


def _may_be_read(path: Path, root: Path) -> bool:
    """Say whether a chapter's code can have read a file: text, styles and filters it does not."""
    if not path.is_relative_to(root) or path.suffix in CHAPTER_ENDINGS or os.path.isdir(path):
        return False
    return path.relative_to(root).parts[0] not in ("_extensions", "figures")


class _Batch:
    """What the executions of one build share: store, ground, kernels that are alive."""

    def __init__(self, config: Config) -> None:
        self.root = config.root
        self.around = Surroundings(
            config.root, _source_folders(config), config.limits, config.own_profile
        )
        self.store = config.store
        self.defaults = as_mapping(config.metadata.get("execute"))
        self.ground = Ground(config.root, config.own_profile)
        self.stopped = threading.Event()
        self.overtaken: set[Path] = set()
        self.kernels: dict[Path, AsyncKernelManager] = {}
        self._chapters: tuple[WaitingChapter, ...] = ()
        self._saved: set[Path] = set()
        self.forked = ""
        self.tasks: Tasks = HERE
        self.then: Callable[[Run], None] = lambda run: None
        self._progress: ChapterListener = lambda event: None
        self._lock = threading.Lock()

    def listen(self, progress: ChapterListener, then: Callable[[Run], None]) -> None:
        """Tell events to `progress` from now on, and give new runs to `then`."""
        self._progress, self.then = progress, then

    def tell(self, event: ChapterEvent) -> None:
        """Pass an event on, one at a time."""
        with self._lock:
            self._progress(event)

    def stop(self) -> None:
        """End every kernel, and let none start."""
        self.stopped.set()
        self.tasks.give_up()
        for path in tuple(self.kernels):
            self._end(path)

    def take(self, chapters: Sequence[WaitingChapter]) -> None:
        """Be told which chapters are to be executed."""
        with self._lock:
            self._chapters = tuple(chapters)
            saved = set(self._saved)
        self.end_pointless(saved)

    def end_pointless(self, saved: set[Path]) -> list[str]:
        """End the runs that saved files make pointless, begun or not; return their chapters."""
        with self._lock:
            self._saved |= saved
            chapters = [each for each in self._chapters if each.path not in self.overtaken]
        ended = []
        for chapter in chapters:
            if _is_pointless(self, chapter, saved):
                self.overtaken.add(chapter.path)
                self._end(chapter.path)
                ended.append(chapter.notebook.name)
        return ended

    def _end(self, path: Path) -> None:
        kernel = self.kernels.get(path)
        if kernel is not None:
            # A build that executes nothing does without the whole of jupyter_client.
            from reviewpress.notebooks.kernels import kill_kernel

            kill_kernel(kernel)


def _source_folders(config: Config) -> tuple[str, ...]:
    """Return the folders of the review that its configuration says hold sources."""
    paths = [*config.bibliography, config.root / config.settings.schema]
    paths += [config.root / chapter.path for chapter in config.chapters]
    inside = {path.parent for path in paths if path.parent.is_relative_to(config.root)}
    return tuple(sorted(f.relative_to(config.root).as_posix() for f in inside - {config.root}))


def _look_up(
    batch: _Batch, chapters: Sequence[Path], parameters: Mapping[str, Plain]
) -> tuple[dict[Path, Run], list[WaitingChapter], list[Problem]]:
    """Return runs that still hold, chapters to execute, and problems of chapters not readable."""
    found: dict[Path, Run] = {}
    waiting: list[WaitingChapter] = []
    problems: list[Problem] = []
    for path in chapters:
        if not find_chapter(batch.root, path.as_posix()).is_notebook:
            continue
        try:
            notebook = read_notebook(batch.root / path, batch.root, batch.defaults)
            chosen = choose_parameters(notebook, parameters)
            key = _key(batch.root, notebook, chosen)
        except ReportError as error:
            problems += error.problems
            continue
        stored = find_run(batch.store, key, batch.ground)
        if stored is None:
            waiting.append(WaitingChapter(path, notebook, chosen, key))
            continue
        identity, record, folder = stored
        found[path] = merge_prose(notebook, record, identity=identity, folder=folder)
    return found, waiting, problems


def _key(root: Path, notebook: Notebook, parameters: Mapping[str, Parameter]) -> str:
    if notebook.language.is_python:
        return execution_key(notebook, parameters)
    # Imported here: what it needs is slow to load, and few chapters do.
    from reviewpress.notebooks.foreign import foreign_key

    return execution_key(notebook, parameters, foreign_key(root, notebook))


def _execute_all(batch: _Batch, waiting: list[WaitingChapter]) -> dict[Path, Run]:
    """Execute chapters, some at a time, those that took longest last time first."""
    from reviewpress.notebooks.kernels import check_kernel
    from reviewpress.speed.forkservers import start_forkserver

    ours = [chapter for chapter in waiting if chapter.notebook.language.is_python]
    if ours and batch.tasks.is_here:
        check_kernel()
        batch.forked = start_forkserver(shared_environment(), chapters=len(ours))
    # Slow, and not needed before the first chapter ends: done while kernels start.
    threading.Thread(target=prepare_packages, daemon=True).start()
    times = _Times(batch.store / TIMES)
    order = sorted(waiting, key=lambda chapter: -times.expect(chapter.notebook.name))
    runs: dict[Path, Run] = {}
    problems: list[Problem] = []
    overtaken: Overtaken | None = None
    with ThreadPoolExecutor(max(1, min(batch.tasks.runs_at_once, len(order))), "chapter") as pool:
        futures: dict[Future[tuple[Run, float]], WaitingChapter] = {}
        try:
            futures = {pool.submit(_execute, batch, chapter): chapter for chapter in order}
            for chapter, future in _finished(futures):
                try:
                    runs[chapter.path], seconds = future.result()
                    times.note(chapter.notebook.name, seconds)
                except SetupError:
                    raise
                except Overtaken as error:
                    overtaken = error
                except ReportError as error:
                    problems += chapter.notebook.in_lines(error.problems)
        except BaseException:
            for future in futures:
                future.cancel()
            batch.stop()
            raise
    times.keep()
    if overtaken is not None:
        raise overtaken
    raise_all(problems)
    return runs


def _finished(
    futures: Mapping[Future[T], WaitingChapter],
) -> Iterator[tuple[WaitingChapter, Future[T]]]:
    remaining = set(futures)
    while remaining:
        done, remaining = wait(remaining, return_when=FIRST_COMPLETED)
        for future in done:
            yield futures[future], future


def _execute(batch: _Batch, chapter: WaitingChapter) -> tuple[Run, float]:
    """Execute one chapter in a kernel of its own and keep its run."""
    started = time.monotonic()
    cells = len(chapter.notebook.cells)
    batch.tell(ChapterEvent(chapter.path, "started", cells=cells))
    try:
        with scratch_folder(batch.store, chapter.path.stem) as scratch:
            record = _run(batch, chapter, scratch, started)
            identity, record, folder = keep_run(batch.store, chapter.key, record, scratch)
    except BaseException:
        batch.tell(ChapterEvent(chapter.path, "failed", time.monotonic() - started))
        if chapter.path in batch.overtaken and not batch.stopped.is_set():
            raise _overtaken(chapter) from None
        raise
    seconds = time.monotonic() - started
    batch.tell(ChapterEvent(chapter.path, "finished", seconds, cells=cells))
    run = merge_prose(chapter.notebook, record, identity=identity, folder=folder, fresh=True)
    batch.then(run)
    return run, seconds


def _overtaken(chapter: WaitingChapter) -> Overtaken:
    return Overtaken("a later save made this run pointless.", Place(chapter.notebook.name))


def _run(batch: _Batch, chapter: WaitingChapter, scratch: Path, started: float) -> Execution:
    """Execute a chapter in a kernel, here or elsewhere; its files are made in `scratch`."""

    def on_cell(number: int) -> None:
        if chapter.path in batch.overtaken:
            raise _overtaken(chapter)
        if batch.stopped.is_set():
            raise ExecutionError("interrupted.", Place(chapter.notebook.name, cell=number))
        batch.tell(cell_event(chapter, number, started))

    def hold(kernel: "AsyncKernelManager | None") -> None:
        if kernel is None:
            batch.kernels.pop(chapter.path, None)
        else:
            batch.kernels[chapter.path] = kernel

    if not batch.tasks.is_here:
        return hand_over(batch.tasks, chapter, batch.around, scratch, on_cell)
    executed = run_kernel(
        chapter, batch.around, scratch, forked=batch.forked, on_cell=on_cell, hold=hold
    )
    return record_run(chapter.notebook, executed)


class _Times:
    """How long chapters took, to start the longest first. Losing it costs nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds: dict[str, float] = {}
        with suppress(OSError, ValueError):
            data = json.loads(path.read_text(encoding="utf-8"))
            self._seconds = {str(name): float(value) for name, value in dict(data).items()}

    def expect(self, name: str) -> float:
        """Return the seconds that a chapter took last time; unknown ones count as longest."""
        return self._seconds.get(name, float("inf"))

    def note(self, name: str, seconds: float) -> None:
        """Remember how long a chapter took."""
        self._seconds[name] = round(seconds, 2)

    def keep(self) -> None:
        """Write the times for the next build."""
        with suppress(SetupError):
            write_cached(self._path, json.dumps(self._seconds, indent=1).encode())


def _in_order(problems: list[Problem], chapters: Sequence[Path], root: Path) -> list[Problem]:
    """Sort problems by chapter as listed, keeping the order within one."""
    position = {(root / path).relative_to(root).as_posix(): n for n, path in enumerate(chapters)}
    return sorted(problems, key=lambda p: position.get(p.where.file if p.where else "", -1))
