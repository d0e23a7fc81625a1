"""The sources of a review under watch: the only importer of watchfiles."""

import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import watch

from reviewpress.store.freshness import is_source_folder, is_source_name

STEP = 40  # milliseconds without a change after which a save is taken as whole
_PAUSE = 1.0  # seconds before folders that could not be watched are tried again


class Watch:
    """Tells `changed` of paths that changed below a review, until it is ended.

    The review's own folder is watched by itself, its folders of sources with all below them: an
    environment or `node_modules` beside the chapters costs nothing.
    """

    def __init__(
        self, root: Path, others: Iterable[Path], changed: Callable[[set[Path]], None]
    ) -> None:
        self._root = root
        self._others = tuple(o for o in others if o.is_dir() and not o.is_relative_to(root))
        self._changed = changed
        self._printed = _printed_to()
        self._polls: bool | None = None
        self._ended = threading.Event()
        self._renewed = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch_root, name="watch-root", daemon=True),
            threading.Thread(target=self._watch_folders, name="watch-folders", daemon=True),
        ]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._renewed.set()
        for thread in self._threads:
            thread.join(2)

    def _watch_root(self) -> None:
        while not self._ended.is_set():
            for paths in self._changes([self._root], self._ended, recursive=False):
                # A folder may have come or gone: watch those that are there now.
                if any(os.path.isdir(path) or not os.path.exists(path) for path in paths):
                    self._renewed.set()
                self._tell(paths)

    def _watch_folders(self) -> None:
        while not self._ended.is_set():
            self._renewed.clear()
            folders = [*source_folders(self._root), *self._others]
            if not folders:
                self._renewed.wait(1)
                continue
            for paths in self._changes(folders, self._renewed, recursive=True):
                self._tell(paths)

    def _changes(
        self, folders: list[Path], ended: threading.Event, *, recursive: bool
    ) -> Iterator[set[Path]]:
        """Yield the paths that changed, until ended or a folder cannot be watched any more."""
        try:
            for changes in watch(
                *folders, watch_filter=None, debounce=400, step=STEP, stop_event=ended,
                rust_timeout=500, yield_on_timeout=False, recursive=recursive,
                raise_interrupt=False, ignore_permission_denied=True, force_polling=self._polls,
            ):  # fmt: skip
                yield {Path(path) for _, path in changes}
        except RuntimeError:
            # A name that is no UTF-8: what else was saved with it is not told.
            yield set(folders)
        except OSError:
            # One has gone, or the system watches no more folders: look at them now and then.
            self._polls = True
            ended.wait(_PAUSE)

    def _tell(self, paths: set[Path]) -> None:
        sources = {path for path in paths if is_source(path, self._root)}
        sources = {path for path in sources if _file_of(path) not in self._printed}
        if sources:
            self._changed(sources)


def source_folders(root: Path) -> list[Path]:
    """Return the folders of a review that hold sources."""
    try:
        paths = [os.path.join(root, name) for name in os.listdir(root)]
    except OSError:
        return []
    found = [Path(p) for p in paths if os.path.isdir(p) and is_source_folder(p, root)]
    drawn = root / "figures" / "drawn"
    return sorted([*found, *([drawn] if drawn.is_dir() else [])])


def is_source(path: Path, root: Path) -> bool:
    """Say whether a changed path is something an author wrote."""
    if not is_source_name(path.name) or path.name.startswith((".", "~", "#")):
        return False
    if not path.is_relative_to(root):
        return "__pycache__" not in path.parts
    parts = path.relative_to(root).parts[:-1]
    if parts[:2] == ("figures", "drawn"):
        return True
    places = [root.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]
    places += [path] if os.path.isdir(path) else []
    return all(is_source_folder(str(place), root) for place in places)


def _printed_to() -> set[tuple[int, int] | None]:
    """Return the files that this process prints to: a line there would start a build for ever."""
    return {_file_of(1), _file_of(2)} - {None}


def _file_of(path: Path | int) -> tuple[int, int] | None:
    """Return what is the same of a file whatever its name; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
