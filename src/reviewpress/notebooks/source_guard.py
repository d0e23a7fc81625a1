"""The review's sources, as a chapter's kernel guards them: read by anybody, changed by nobody.

What Python opens to write, removes, renames or makes is refused before it happens (an audit hook),
in forks of the kernel too. What programs and libraries in other languages do cannot be seen in
time: the sources are looked at after each cell, and what changed is told with the cell that ran.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from reviewpress.errors import ReportError
from reviewpress.store.ordinary_files import refuse_special_files

SOURCES_ENV = "REVIEWPRESS_SOURCES"
"""Names of further folders of the review that hold sources, as the configuration has them."""
_FOLDERS = ("bib", "chapters", "data", "scripts", "_extensions", os.path.join("figures", "drawn"))
_DATA = ("bib", "data")
_TOP = ("_quarto", "_brand", "_variables", "_metadata")
_WRITTEN = (".qmd", ".ipynb", ".md", ".bib")
"""Which files beside those folders are sources: by the beginning or the end of their name."""
_MADE = (".ipynb_checkpoints", "__pycache__")
_TEMPORARY = (".", "~$")
"""How the names begin of what other programs have there while a file is open in them."""
_STARTS = frozenset((
    "subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec", "os.fork",
    "os.forkpty", "pty.spawn", "ctypes.dlopen", "sqlite3.connect",
))  # fmt: skip
"""What a cell does that lets something else than Python write."""
_WRITERS = frozenset((
    "duckdb", "fiona", "h5py", "lxml", "netCDF4", "osgeo", "polars", "pyarrow", "rpy2", "tables",
))  # fmt: skip
"""Packages that write files without Python."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_HINT = (
    "Sources are never changed by a build: keep what is computed in a variable, or publish it with "
    "review.table(…)."
)

State = dict[str, tuple[int, ...]]


class Change(NamedTuple):
    """A file of the review, what happened to it or was to happen, and when.

    `execution` counts the cells that ran; what was `refused` has not happened. `able` says whether
    the chapter had started a program, or the like, that can have done it.
    """

    path: str
    what: str
    execution: int
    refused: bool
    able: bool = True


class Guard:
    """Watches over the sources of one review. `execution` says which cell runs, counted from 1."""

    def __init__(self, root: str, execution: Callable[[], int]) -> None:
        self._root = os.path.realpath(root)
        further = os.environ.get(SOURCES_ENV, "").split(os.pathsep)
        self._folders = tuple(
            os.path.join(self._root, name) for name in (*_FOLDERS, *filter(None, further))
        )
        self._execution = execution
        self._process = os.getpid()
        self._has_started = False
        self._of_forks = tempfile.TemporaryFile("a+b")  # noqa: SIM115
        self._changes: list[Change] = []
        self._state = self._look()

    @property
    def changes(self) -> list[Change]:
        """What happened so far, in this process and in its forks."""
        with suppress(OSError, ValueError):
            size = os.fstat(self._of_forks.fileno()).st_size
            lines = os.pread(self._of_forks.fileno(), size, 0).splitlines()
            return [*self._changes, *(Change(*json.loads(line)) for line in lines)]
        return [*self._changes]

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Refuse what would change a source. Raises ReportError, in place of what was to happen."""
        known = _EVENTS.get(event)
        if known is None:
            self._has_started = self._has_started or event in _STARTS
            return
        for path, what in known(*arguments):
            name = self._source(path)
            if name is None and what in ("renames", "deletes"):
                name = self._held(path)
            if name is not None:
                words = _tell_open(path) if what == "opens" else what
                self._note(Change(name, words, self._execution(), refused=True))
                raise ReportError(f"the cell {words} {name}, a source of the review.", hint=_HINT)

    def look(self) -> None:
        """Note which sources changed since the last look."""
        now = self._look()
        able = self._has_started or not _WRITERS.isdisjoint(sys.modules)
        for path in sorted(now.keys() | self._state.keys()):
            before, after = self._state.get(path), now.get(path)
            name = os.path.relpath(path, self._root).replace(os.sep, "/")
            # Texts are what authors write, also while a build goes on.
            if before != after and (able or name.startswith(tuple(f"{d}/" for d in _DATA))):
                what = "created" if before is None else "deleted" if after is None else "changed"
                self._note(Change(name, what, self._execution(), refused=False, able=able))
        self._state = now

    def take(self, since: int) -> list[Change]:
        """Return the changes after the first so many, and forget them."""
        taken = self._changes[since:]
        del self._changes[since:]
        return taken

    def _note(self, change: Change) -> None:
        if os.getpid() == self._process:
            self._changes.append(change)
            return
        with suppress(OSError, ValueError):
            os.write(self._of_forks.fileno(), json.dumps(change).encode() + b"\n")

    def _source(self, path: str) -> str | None:
        """Return a path from the review's root where it is that of a source."""
        if not path.startswith(self._root + os.sep):
            return None
        parts = os.path.relpath(path, self._root).split(os.sep)
        if any(part in _MADE for part in parts) or parts[-1].endswith(".pyc"):
            return None
        in_folder = any(path == each or path.startswith(each + os.sep) for each in self._folders)
        name = parts[0] if len(parts) == 1 else ""
        at_top = name.startswith(_TOP) or name.endswith(_WRITTEN)
        return "/".join(parts) if in_folder or at_top else None

    def _held(self, path: str) -> str | None:
        """Return a source that a folder holds, by its name from the review's root."""
        sources = (*self._folders, os.path.join(self._root, "_quarto.yml"))
        begin = path.rstrip(os.sep) + os.sep
        held = (each for each in sources if each.startswith(begin) and os.path.exists(each))
        found = next(held, None)
        return None if found is None else os.path.relpath(found, self._root).replace(os.sep, "/")

    def _look(self) -> State:
        found: State = {}
        for folder in self._folders:
            found.update(_states(folder))
        with suppress(OSError), os.scandir(self._root) as entries:
            for entry in entries:
                # `entry.is_file` raises for a link that leads in a circle.
                if os.path.isfile(entry.path) and self._source(entry.path) is not None:
                    found.update(_state(entry))
        return found


def guard(root: str, execution: Callable[[], int]) -> Guard:
    """Begin to guard the sources of a review in this process, for good."""
    refuse_special_files(root)
    made = Guard(root, execution)
    sys.addaudithook(made.hear)
    return made


def _states(folder: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the state of each file in a folder, however deep."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_TEMPORARY) or entry.name.endswith((".pyc", "_files")):
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield from _state(entry)
            elif entry.name not in _MADE:
                yield from _states(entry.path)


def _state(entry: "os.DirEntry[str]") -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what tells a file from a changed one: its time of writing can be set, its other not."""
    with suppress(OSError):
        stat = entry.stat()
        yield entry.path, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def _tell_open(path: str) -> str:
    return "writes over" if os.path.exists(path) else "creates"


def _opened(path: object, mode: object, flags: int) -> Iterator[tuple[str, str]]:
    writing = any(c in mode for c in "wax+") if isinstance(mode, str) else bool(flags & _WRITING)
    if writing and not isinstance(path, int):
        yield os.path.realpath(_text(path)), "opens"


def _truncated(path: object, *_: object) -> Iterator[tuple[str, str]]:
    if not isinstance(path, int):
        yield os.path.realpath(_text(path)), "writes over"


def _removed(path: object, folder: object = -1, *_: object) -> Iterator[tuple[str, str]]:
    yield _entry(path, folder), "deletes"


def _made(path: object, _: object = None, folder: object = -1) -> Iterator[tuple[str, str]]:
    yield _entry(path, folder), "creates"


def _renamed(
    old: object, new: object, old_folder: object = -1, new_folder: object = -1
) -> Iterator[tuple[str, str]]:
    yield _entry(old, old_folder), "renames"
    goal = _entry(new, new_folder)
    yield goal, "writes over" if os.path.lexists(goal) else "creates"


def _linked(
    old: object, new: object, old_folder: object = -1, new_folder: object = -1
) -> Iterator[tuple[str, str]]:
    yield _entry(old, old_folder), "gives a second name to"
    yield _entry(new, new_folder), "creates"


def _symlinked(old: object, new: object, folder: object = -1) -> Iterator[tuple[str, str]]:
    yield _entry(new, folder), "creates"


def _set(path: object, *values: object) -> Iterator[tuple[str, str]]:
    """Yield a file whose permissions, owner or time are set; the last value is the folder."""
    yield os.path.realpath(_entry(path, values[-1])), "changes the state of"


def _marked(path: object, *_: object) -> Iterator[tuple[str, str]]:
    yield from _set(path, -1)


def _entry(path: object, folder: object) -> str:
    """Return the full path of a folder's entry; the entry itself may be a link."""
    text = f"/proc/self/fd/{path}" if isinstance(path, int) else _text(path)
    if isinstance(folder, int) and folder >= 0 and not os.path.isabs(text):
        with suppress(OSError):
            text = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), text)
    text = os.path.abspath(text)
    return os.path.join(os.path.realpath(os.path.dirname(text)), os.path.basename(text))


def _text(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)


_EVENTS: dict[str, Callable[..., Iterator[tuple[str, str]]]] = {
    "open": _opened,
    "os.truncate": _truncated,
    "os.chmod": _set,
    "os.chown": _set,
    "os.utime": _set,
    "os.setxattr": _marked,
    "os.removexattr": _marked,
    "os.remove": _removed,
    "os.rmdir": _removed,
    "os.mkdir": _made,
    "os.rename": _renamed,
    "os.link": _linked,
    "os.symlink": _symlinked,
    "shutil.rmtree": _removed,
}
