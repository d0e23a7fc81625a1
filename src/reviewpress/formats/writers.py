"""Documents written many at a time, in as few pandocs as there are processors.

A pandoc of its own for each would load the program and every filter again, which takes as long as
writing a short page.
"""

import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from reviewpress.errors import EngineError, OutOfTime, Place
from reviewpress.extension import Extension
from reviewpress.formats.objects import HTML
from reviewpress.formats.own_filters import failed_filter
from reviewpress.programs.limits import USUAL, Limits
from reviewpress.speed.pandoc_pool import write_documents
from reviewpress.store.files import mark_used, write_cached
from reviewpress.store.temporary_files import PREFIX, release_folder, reserve_folder
from reviewpress.tasks import HERE, Folder, Kind, Tasks

T = TypeVar("T")

_LARGEST = 6_000_000
"""About how many bytes a share has at most: what a pandoc is given, it holds in memory."""

_HALVINGS = 4
"""How often the shares of what comes last are halved."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be written: where the result is kept, and how its pandoc JSON is made.

    `chapter` is the file it is made of, for problems. Drafts of the same `source` make the same
    JSON, which is made once for all formats.
    """

    kept: Path
    source: str
    make: Callable[[], str]
    chapter: str = ""


class Writers:
    """As many programs at a time as `tasks` does; what is begun first is written first.

    What follows the last of some documents, as typesetting does, goes on in its place, before what
    was begun later. Left by an error, it begins nothing more.
    """

    def __init__(self, limits: Limits = USUAL, tasks: Tasks = HERE) -> None:
        self.tasks = tasks
        self._limits = limits
        self._count = tasks.at_once
        self._pool = ThreadPoolExecutor(self._count, "pandoc")
        handle, self._folder = reserve_folder(None, PREFIX)
        # Also where nobody waits for what was begun: the checks may find errors meanwhile.
        self._clear = weakref.finalize(self, release_folder, handle, self._folder)
        self._sources: dict[str, Path] = {}

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=kind is not None)
        self._clear()

    def begin(
        self,
        drafts: Sequence[Draft],
        *,
        to: str,
        extension: Extension,
        root: Path,
        then: Callable[[], T],
        as_parts: bool = False,
        written: str = "",
        template: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Callable[[], T]:
        """Let pandoc begin to write what is not kept yet, through the extension's filters.

        `to` is the format that filters see, and pandoc's writer unless another is named, `written`.

        `as_parts` keeps pandoc's JSON of what the filters made for the format, to be put together.
        What comes back waits until all is written and `then` has been called, and returns what
        that did. It raises EngineError with pandoc's own words where pandoc fails or warns of
        something lost.
        """
        task = {
            "to": to,
            "folder": root,
            "filters": list(extension.filters),
            "own": list(extension.own),
            "template": template or "",
            "variables": dict(variables or {}),
            "as": "json" if as_parts else written or to,
        }
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        missing = [draft for draft in drafts if not mark_used(draft.kept)]
        given = [self._give(draft, folder / str(number)) for number, draft in enumerate(missing)]
        count = max(self._count, sum(each.size for each in given) // _LARGEST)
        sizes = [1.0] * count
        if to == HTML.writer:
            # What comes last is begun with large shares and ended with small ones, so that all
            # processors end at about the same time.
            sizes = [1 / 2**n for n in range(1, _HALVINGS + 1) for _ in range(count)]
        # Elsewhere each is a task of its own, for whichever worker is free.
        shares = _share(given, sizes) if self.tasks.is_here else [[each] for each in given]
        # Filters of the review's own may read what they like of it.
        around = [Folder(extension.folder), Folder(root, None if extension.own else ())]
        kind: Kind = "page" if to == HTML.writer else "part"
        steps = [partial(self._write, kind, share, task, around) for share in shares]
        return _begin_steps(self._pool, steps, then)

    def start(self, step: Callable[[], T]) -> Callable[[], T]:
        """Start a step that leaves the work to another program; what comes back waits for it."""
        return self._pool.submit(step).result

    def _write(
        self, kind: Kind, share: "Sequence[_Given]", task: Mapping[str, object],
        around: Sequence[Folder],
    ) -> None:  # fmt: skip
        """Have the documents of a share written, and keep them."""
        names = dict.fromkeys(given.source.name for given in share)
        written = self.tasks.do(
            kind, write_share, [Folder(self._folder, tuple(names), own=True), *around],
            task, [(given.source, given.goal, given.draft.chapter) for given in share],
            self._limits,
        )  # fmt: skip
        for given, content in zip(share, written, strict=True):
            write_cached(given.draft.kept, content)

    def _give(self, draft: Draft, goal: Path) -> "_Given":
        """Write a draft's pandoc JSON to a file, so that not all are in memory at once."""
        source = self._sources.get(draft.source)
        if source is None:
            source = self._sources[draft.source] = self._folder / f"{len(self._sources)}.json"
            source.write_text(draft.make(), encoding="utf-8")
        return _Given(draft, source, goal, source.stat().st_size)


def _begin_steps(
    pool: ThreadPoolExecutor, steps: Sequence[Callable[[], None]], then: Callable[[], T]
) -> Callable[[], T]:
    """Begin steps, and `then` in the thread that ends the last; what comes back waits for it."""
    done: Future[T] = Future()
    lock = threading.Lock()
    left = max(len(steps), 1)

    def run(step: Callable[[], None]) -> None:
        nonlocal left
        try:
            step()
            with lock:
                left -= 1
                is_last = not left
            if is_last:
                end(partial(done.set_result, then()))
        except BaseException as error:
            end(partial(done.set_exception, error))

    def end(tell: Callable[[], object]) -> None:
        with lock:
            # Nobody asks for a second error.
            if not done.done():
                tell()

    def forget(step: Future[None]) -> None:
        if step.cancelled():
            end(done.cancel)

    for step in steps or [lambda: None]:
        pool.submit(run, step).add_done_callback(forget)
    return done.result


@dataclass(frozen=True, slots=True)
class _Given:
    """A draft, the file of its pandoc JSON, and the file that pandoc writes."""

    draft: Draft
    source: Path
    goal: Path
    size: int


def write_share(
    task: Mapping[str, Any], share: Sequence[tuple[Path, Path, str]], limits: Limits
) -> list[bytes]:
    """Let one pandoc write documents, and return what it wrote.

    Of each there are the file of its pandoc JSON, the file to write, and the chapter it is of.
    """
    for _, goal, _ in share:
        goal.parent.mkdir(parents=True, exist_ok=True)
    told = {
        **task,
        "folder": str(task["folder"]),
        "filters": [str(path) for path in task["filters"]],
        "own": {str(path): True for path in task["own"]},
        "template": str(task["template"]),
        "documents": [{"source": str(source), "goal": str(goal)} for source, goal, _ in share],
    }
    try:
        write_documents(told, limits=limits)
    except EngineError as error:
        # They are written in order.
        late = next((name for _, goal, name in share if not goal.exists()), share[-1][2])
        place = Place(late) if late else None
        if isinstance(error, OutOfTime):
            raise EngineError(error.message, place, error.hint) from None
        raise failed_filter(error, told, place) from None
    written = []
    for _, goal, _ in share:
        written.append(goal.read_bytes())
        goal.unlink()
    return written


def _share(documents: Sequence[_Given], sizes: Sequence[float]) -> list[list[_Given]]:
    """Deal documents out to shares, the longest first, by length in proportion to `sizes`."""
    shares: list[list[_Given]] = [[] for _ in sizes]
    filled = [0.0] * len(shares)
    for given in sorted(documents, key=lambda each: -each.size):
        least = min(range(len(sizes)), key=lambda n: (filled[n] + given.size) / sizes[n])
        shares[least].append(given)
        filled[least] += given.size
    return [share for share in shares if share]
