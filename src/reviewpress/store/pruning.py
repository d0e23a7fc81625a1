"""The store, `.reviewpress/`: what it takes, what of it nobody used for long, emptying it.

Everything listed here is made again when it is missing.
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

LIMITS = {kind.folder: kind.limit for kind in KINDS}
"""How many bytes each folder may take whose files and folders are addressed by what made them."""

FORMER = ("claims", "lookup")
"""Folders of what an earlier version kept, which nobody finds."""

UNUSED_DAYS = 30
KEPT_SECONDS = 3600
"""What was used so recently stays: a preview may be about to read it."""

RECORDS = "records.sqlite"
"""What an import asks about entries that were there before."""

_EMPTIED = (*LIMITS, *FORMER, "builds", "preview")
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
    freed = sum(_prune(store / name, now) for name in (*LIMITS, *FORMER))
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
    sizes = {name: _size(store / name) for name in sorted((*_EMPTIED, RECORDS))}
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
        with suppress(OSError):
            (store / RECORDS).unlink(missing_ok=True)


def _was_looked_at(store: Path) -> bool:
    """Tell whether the store was pruned within the last hour."""
    try:
        return 0 <= time.time() - (store / _LOOKED).stat().st_mtime < KEPT_SECONDS
    except OSError:
        return False


def _prune(folder: Path, now: float) -> int:
    entries = sorted(_entries(folder))
    total, limit = sum(entry.size for entry in entries), LIMITS.get(folder.name, 0)
    freed = 0
    for entry in entries:
        is_old = now - entry.used > UNUSED_DAYS * 86_400
        is_too_much = total - freed > limit and now - entry.used > KEPT_SECONDS
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
    with suppress(OSError):
        # A folder of the kind, or one for a key, which goes with the last that it holds.
        os.rmdir(os.path.dirname(path))
