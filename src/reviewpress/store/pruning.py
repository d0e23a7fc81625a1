"""The store, `.reviewpress/`: what it takes, what of it nobody used for long, emptying it.

Everything listed here is made again when it is missing; the runs of chapters have rules of their
own (`notebooks.store`).
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from reviewpress.store.freshness import is_source_folder
from reviewpress.store.kinds import KINDS
from reviewpress.store.locks import BUILD, PREVIEW, Lock, sole_lock
from reviewpress.store.temporary_files import (
    EXTENSION,
    MARK,
    clear_folders,
    clear_temporary,
    remove_if_left,
)

CACHES = tuple(sorted({kind.folder for kind in KINDS}))
"""Folders whose files (or folders) are addressed by everything that they were made of."""

UNUSED_DAYS = 30
LIMIT = 250 * 2**20
"""Bytes that one of the caches may take before what was used longest ago goes."""
KEPT_SECONDS = 3600
"""What was used so recently stays: a preview may be about to read it."""

_EMPTIED = (*CACHES, "builds", "lookup", "preview", "runs")
_LOOKED = "pruned"
_HASH = 32
"""Folders of caches with names at least this long are one entry each."""


class CacheItem(NamedTuple):
    """Something kept: when it was used last (seconds of the epoch), its bytes, its place."""

    used: float
    size: int
    path: str


def prune_store(store: Path) -> int:
    """Remove what nobody used for a month or what exceeds the limit; return the bytes freed.

    Looks at most once an hour. To be called while no other build can run.
    """
    if _was_looked_at(store):
        return 0
    now = time.time()
    freed = sum(_prune(store / name, now) for name in CACHES)
    with suppress(OSError):
        (store / _LOOKED).touch()
    return freed


def prune_idle_store(store: Path) -> None:
    """Prune the store unless a build of the review runs, which will do so itself."""
    if _was_looked_at(store):
        return
    lock = Lock(store / BUILD, "tidying")
    if lock.take():
        try:
            prune_store(store)
        finally:
            lock.release()


def clear_leftovers(root: Path) -> None:
    """Remove what killed runs left: in the store, among the sources, among temporary files."""
    clear_folders(root / ".reviewpress" / "tmp", "")
    clear_folders(root, EXTENSION)
    clear_temporary()
    folders = [root, root / "figures"]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if MARK in entry.name and entry.is_file(follow_symlinks=False):
                    remove_if_left(Path(entry.path))
                elif entry.is_dir(follow_symlinks=False) and is_source_folder(entry.path, root):
                    folders.append(Path(entry.path))


def measure_store(store: Path) -> dict[str, int]:
    """Return the bytes that each folder of the store takes which `empty_store` would remove."""
    sizes = {name: _size(store / name) for name in sorted(_EMPTIED)}
    return {name: size for name, size in sizes.items() if size}


def empty_store(store: Path) -> None:
    """Remove everything that a build makes again.

    What is published, and what Quarto was lent, stay. Raises SetupError while a build or a preview
    of the review runs.
    """
    if not store.is_dir():
        return
    hint = "End it, or wait for its end."
    with ExitStack() as locks:
        locks.enter_context(sole_lock(store / BUILD, "a build", hint=hint))
        for file in (store / "preview").glob(f"*/{PREVIEW}"):
            locks.enter_context(sole_lock(file, "a preview", hint=hint))
        for name in _EMPTIED:
            shutil.rmtree(store / name, ignore_errors=True)


def _was_looked_at(store: Path) -> bool:
    """Tell whether the store was pruned within the last hour."""
    try:
        return 0 <= time.time() - (store / _LOOKED).stat().st_mtime < KEPT_SECONDS
    except OSError:
        return False


def _prune(folder: Path, now: float) -> int:
    entries = sorted(_entries(folder))
    total = sum(entry.size for entry in entries)
    freed = 0
    for entry in entries:
        is_old = now - entry.used > UNUSED_DAYS * 86_400
        is_too_much = total - freed > LIMIT and now - entry.used > KEPT_SECONDS
        if not (is_old or is_too_much):
            break
        _remove(entry.path)
        freed += entry.size
    return freed


def _entries(folder: Path) -> Iterator[CacheItem]:
    """Yield what a cache keeps: files, also in folders of short names, and folders of long ones."""
    try:
        found = list(os.scandir(folder))
    except OSError:
        return
    for each in found:
        is_folder = each.is_dir(follow_symlinks=False)
        if is_folder and len(each.name) < _HASH:
            yield from _entries(Path(each.path))
            continue
        with suppress(OSError):
            stat = each.stat(follow_symlinks=False)
            size = _size(Path(each.path)) if is_folder else stat.st_size
            yield CacheItem(stat.st_mtime, size, each.path)


def _size(folder: Path) -> int:
    """Return the bytes of all files in a folder, however deep."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.unlink(path)
