"""Files and folders that are there only while something is written, and what a kill left of them.

Each is locked by the process that made it, and the system ends a lock with its process, however
that ends. So what is not locked is left over, and the next run removes it.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reviewpress.store.locks import hold_open_file

MARK = ".reviewpress-"
"""Part of the name of a file that is about to take another's place."""
STAGING = ".staging-"
EXTENSION = ".extension-"
"""Beginning of the name of a folder in which a copy of the extension is made."""
PREFIX = "reviewpress-work-"
"""Beginning of the name of a folder among the system's temporary files."""
STORE = ".reviewpress"
_OLD = 3600
"""Seconds after which something is left over where no lock can be had."""


def reserve_file(path: Path) -> tuple[int, Path]:
    """Make an empty file that is to take the place of `path`; return its open handle and path.

    It counts as left over when the handle is closed and it still has that name. In the store it
    has a folder for such files, so that nobody has to look through the whole store for them.
    """
    parent = workshop(path)
    parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle, name = tempfile.mkstemp(dir=parent, prefix=f".{path.name[:32]}{MARK}")
        hold_open_file(handle)
        # Between the two steps another run may have found it without a lock, and removed it.
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)


def reserve_folder(parent: Path | None, prefix: str) -> tuple[int | None, Path]:
    """Make an empty folder, in the system's place for temporary files without `parent`.

    The handle, where there is one, holds its lock until it is closed.
    """
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix)).resolve()
        if os.name == "nt":
            return None, folder
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            hold_open_file(handle)
            if os.fstat(handle).st_nlink:
                return handle, folder
            os.close(handle)


def workshop(path: Path) -> Path:
    """Return the folder in which something is made that is to be put at `path`."""
    store = next((folder for folder in path.parents if folder.name == STORE), None)
    return store / "tmp" if store is not None else path.parent


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = PREFIX) -> Iterator[Path]:
    """Give a folder that goes at the end, or in the next run where this one is killed."""
    handle, folder = reserve_folder(parent, prefix)
    try:
        yield folder
    finally:
        release_folder(handle, folder)


def release_folder(handle: int | None, folder: Path) -> None:
    """Remove a folder that was reserved, and let its lock go."""
    shutil.rmtree(folder, ignore_errors=True)
    if handle is not None:
        os.close(handle)


def short_temporary() -> Path:
    """Return a place for temporary files in which sockets have names that systems allow.

    The whole path may have about 100 characters.
    """
    folder = tempfile.gettempdir()
    return Path(folder if len(folder) < 60 or os.name != "posix" else "/tmp")


def clear_temporary() -> None:
    """Remove the folders among the system's temporary files that killed runs left."""
    for parent in {Path(tempfile.gettempdir()), short_temporary()}:
        clear_folders(parent, PREFIX)


def clear_folders(parent: Path, prefix: str) -> None:
    """Remove the folders below `parent` that begin with `prefix` and were left by killed runs."""
    for folder in parent.glob(f"{prefix}*"):
        remove_if_left(folder)


def remove_if_left(path: Path) -> None:
    """Remove a file or folder unless a process that lives is about to use it."""
    with suppress(OSError):
        if _is_left(path):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _is_left(path: Path) -> bool:
    # To open anything else, a pipe for one, may wait for another program for good.
    if (
        path.is_symlink()
        or not (path.is_dir() or path.is_file())
        or (os.name != "nt" and path.stat().st_uid != os.getuid())
    ):
        return False
    if os.name == "nt":
        return time.time() - path.stat().st_mtime > _OLD
    handle = os.open(path, os.O_RDONLY)
    try:
        is_free = hold_open_file(handle)
        if is_free is None:
            return time.time() - path.stat().st_mtime > _OLD
        return is_free
    finally:
        os.close(handle)
