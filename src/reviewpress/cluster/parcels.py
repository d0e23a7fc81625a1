"""Folders by their content, as they travel to workers and are laid out there."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewpress.store.digests import digest_files
from reviewpress.store.output_folder import LIST
from reviewpress.tasks import Folder

Files = Sequence[tuple[str, bytes]]
"""The files of a folder, each with its name and content."""

_LEFT_OUT = ("node_modules", "__pycache__")
_NOT_THE_REVIEWS = (LIST, "pyvenv.cfg")
"""Files of which one says that a folder is an edition, or an environment of Python's."""


@dataclass(frozen=True, slots=True)
class At:
    """A path in one of a task's folders, by the folder's number."""

    folder: int
    name: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of a folder that a task needs, and the hash of their names and contents."""

    folder: Path
    names: tuple[str, ...]
    digest: str

    @classmethod
    def of(cls, folder: Folder) -> "Parcel":
        """Return the parcel of a folder: what is hidden, and editions in it, stay where they are.

        What is not hidden and no file, a link that leads nowhere say, stays too.
        """
        names = tuple(_names(folder.path)) if folder.names is None else folder.names
        return cls(folder.path, names, digest_files(folder.path, names))

    def files(self) -> Files:
        """Return its files, to be sent."""
        return [(name, (self.folder / name).read_bytes()) for name in self.names]


def unpack_files(files: Files, goal: Path) -> None:
    """Lay the files of a parcel out as the new folder `goal`, whole or not at all."""
    beside = goal.with_name(f"{goal.name}-{os.getpid()}-{os.urandom(4).hex()}")
    beside.mkdir(parents=True)
    for name, content in files:
        file = beside / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    try:
        beside.rename(goal)
    except OSError:
        # Another task has laid out the same meanwhile.
        shutil.rmtree(beside, ignore_errors=True)
        if not goal.is_dir():
            raise


def leave(value: Any, folders: Sequence[Path]) -> Any:
    """Return a value with each path in it, in lists and mappings too, said by its folder.

    Raises ValueError for one that is in none.
    """
    return _changed(value, Path, lambda path: _at(path, folders))


def arrive(value: Any, folders: Sequence[Path]) -> Any:
    """Return a value with each path in it as it is where `folders` are."""
    return _changed(value, At, lambda at: folders[at.folder] / at.name)


def _at(path: Path, folders: Sequence[Path]) -> At:
    around = [n for n, folder in enumerate(folders) if path.is_relative_to(folder)]
    if not around:
        raise ValueError(f"{path} is in no folder of the task")
    number = max(around, key=lambda n: len(folders[n].parts))
    return At(number, path.relative_to(folders[number]).as_posix())


def _changed(value: Any, kind: type, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, kind):
        return change(value)
    if type(value) is dict:
        return {name: _changed(each, kind, change) for name, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_changed(each, kind, change) for each in value)
    return value


def _names(folder: Path, before: str = "") -> Iterator[str]:
    with os.scandir(folder / before) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            name = f"{before}{entry.name}"
            if entry.name.startswith(".") or entry.name in _LEFT_OUT:
                continue
            if entry.is_dir():
                if not any((folder / name / each).exists() for each in _NOT_THE_REVIEWS):
                    yield from _names(folder, f"{name}/")
            elif entry.is_file():
                yield name
