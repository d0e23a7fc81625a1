"""Files written whole or not at all, and folders that take another's place."""

import ctypes
import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from reviewpress.errors import Place, SetupError, nearest
from reviewpress.store.ordinary_files import not_a_file
from reviewpress.store.temporary_files import reserve_file

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_FLUSHED_AT_A_TIME = 8
_LOST = (errno.EIO, errno.ENOSPC, errno.EDQUOT)
"""What a disk says where a file did not get onto it; anything else says that it cannot flush."""
_REFUSED = (errno.EACCES, errno.EPERM)


def missing_hint(path: Path, name: str, valid: Iterable[str]) -> str:
    """Say what may have become of a file that is not there, as messages call it.

    A link is there itself, and so it is among the `valid` names: what it leads to is missing.
    """
    odd = not_a_file(path)
    return f"{name} {odd}." if odd else nearest(name, valid)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    It is on the disk when this returns, and survives a loss of power. A link to a file stays a
    link, and who may read and write the file stays as it was. Raises SetupError where the disk is
    full or read-only.
    """
    _write(path, content, to_disk=True)


def write_cached(path: Path, content: bytes) -> None:
    """Write a file as `write_atomically` does, one that is made again where it is lost."""
    _write(path, content, to_disk=False)


def write_source(path: Path, content: bytes) -> None:
    """Write a file that an author keeps, unless it is read-only; see `check_writable`."""
    if os.access(Path(os.path.realpath(path)).parent, os.W_OK):  # else the system says why not
        check_writable(path)
    write_atomically(path, content)


def check_writable(path: Path) -> None:
    """Raise SetupError where a file is read-only, or none can be put into its folder.

    To take the place of a read-only file is possible: whoever made it so wants it as it is.
    """
    real = Path(os.path.realpath(path))
    real.parent.mkdir(parents=True, exist_ok=True)
    if not all(os.access(each, os.W_OK) for each in (real.parent, real) if each.exists()):
        raise cannot_write(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def replace_folder(new: Path, place: Path) -> None:
    """Put the folder `new` in the place of `place`, whole; what stood there is removed after.

    On Linux the two names are exchanged in one system call, so there is always an edition to
    read. Elsewhere there is an instant between two renames; `restore_folder` ends what was
    interrupted then.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if _exchange(new, place):
            old = new
        elif place.exists():
            old = _set_aside(place)
            place.replace(old)
            try:
                new.replace(place)
            except BaseException:
                old.replace(place)
                raise
        else:
            new.replace(place)
            return
        flush_folder(place.parent)
        # The edition is in its place: what cannot be removed is not worth a failure.
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise cannot_write(place, error) from None


def restore_folder(place: Path) -> None:
    """Bring back a folder that an interrupted `replace_folder` had set aside; end what it began."""
    aside = _set_aside(place)
    if not aside.is_dir():
        return
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.replace(place)


def share_unchanged(new: Path, place: Path) -> None:
    """Let files of the folder `new` that `place` has alike be the same files on the disk.

    Most of an edition is as it was: what is on the disk already is neither written there again nor
    removed with the old folder, which takes longer than to compare. Where a file system has no
    links, nothing changes.
    """
    link = new / ".unchanged"
    with suppress(OSError):
        for parent, _, names in os.walk(new):
            before = place / os.path.relpath(parent, new)
            for name in names:
                path, old = Path(parent, name), before / name
                if _is_alike(old, path):
                    os.link(old, link)
                    link.replace(path)
    _remove_quietly(link)


def flush_tree(folder: Path) -> None:
    """Have the system write every file of a folder, and the folders, to the disk.

    Raises OSError where the disk could not take a file: some say only now that they are full.
    """
    found = list(os.walk(folder))
    paths = [os.path.join(parent, name) for parent, _, names in found for name in names]
    with ThreadPoolExecutor(_FLUSHED_AT_A_TIME, "flush") as pool:
        # Together they cost little more than one.
        list(pool.map(_flush_file, paths))
        list(pool.map(_flush_quietly, [parent for parent, _, _ in found]))


def flush_folder(folder: Path) -> None:
    """Have the system write to the disk which files a folder has."""
    if os.name != "nt":
        _flush_quietly(str(folder))


def mark_used(path: Path) -> bool:
    """Say whether what was kept earlier is still there, and note that it is used now.

    What is empty is not: a loss of power can leave that of a file that was written before it.
    """
    with suppress(OSError):
        os.utime(path)
    try:
        state = path.stat()
    except OSError:
        return False
    return state.st_size > 0 or stat.S_ISDIR(state.st_mode)


def cannot_write(path: Path, error: OSError) -> SetupError:
    """Say in an author's words why a file could not be written, or a source not be read."""
    refused = _unreadable(path) if error.errno in _REFUSED else None
    if refused is not None:
        kind = "folder" if refused.is_dir() else "file"
        hint = f"You may not read it: look at the {kind}'s permissions."
        return SetupError(f"cannot be read: {error.strerror}.", Place(str(refused)), hint)
    kind = "file" if path.is_file() and not os.access(path, os.W_OK) else "folder"
    hints = {
        errno.ENOSPC: "The disk is full: free some space and try again.",
        errno.EDQUOT: "Your disk quota is used up: free some space and try again.",
        errno.EFBIG: "Your system allows no file that large: look at `ulimit -f`.",
        errno.EROFS: "The disk is read-only.",
        errno.EACCES: f"You may not write there: look at the {kind}'s permissions.",
        errno.EPERM: f"You may not write there: look at the {kind}'s permissions.",
    }
    if error.errno is None and isinstance(error, shutil.Error):  # a folder's copy: many in one
        told = re.search(r"\[Errno (\d+)\]", str(error))
        error = OSError(int(told[1]), os.strerror(int(told[1]))) if told else error
    reason = error.strerror or str(error)[:200]
    hint = hints.get(error.errno or 0, "")
    return SetupError(f"cannot be written: {reason}.", Place(str(path)), hint)


def _unreadable(path: Path) -> Path | None:
    """Return what may not be read: a file or folder, or the folder around it that hides it."""
    for each in (path, *path.parents):
        try:
            mode = each.stat().st_mode
        except PermissionError:
            continue
        except OSError:
            return None
        wanted = os.R_OK | os.X_OK if stat.S_ISDIR(mode) else os.R_OK
        return None if os.access(each, wanted) else each
    return None


def _write(path: Path, content: bytes, *, to_disk: bool) -> None:
    handle, made = -1, None
    try:
        path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, made = reserve_file(path)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            made.chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644)
            if to_disk:
                os.fsync(file.fileno())
            if os.name != "nt":  # locked until it has its place
                made.replace(path)
        if os.name == "nt":
            made.replace(path)
        if to_disk:
            flush_folder(path.parent)
    except OSError as error:
        _remove_quietly(made)
        raise cannot_write(path, error) from None
    except BaseException:
        _remove_quietly(made)
        raise


def _is_alike(one: Path, other: Path) -> bool:
    """Say whether two paths are files, no links, with the same bytes and the same readers."""
    if not one.exists():
        return False
    states = one.lstat(), other.lstat()
    kinds = {(state.st_mode, state.st_size, state.st_uid, state.st_gid) for state in states}
    is_file = stat.S_ISREG(states[0].st_mode)
    return is_file and len(kinds) == 1 and one.read_bytes() == other.read_bytes()


def _flush_file(path: str) -> None:
    try:
        _flush(path)
    except OSError as error:
        if error.errno in _LOST:
            raise OSError(error.errno, error.strerror, path) from None


def _flush_quietly(path: str) -> None:
    # A file system that cannot do so, or a folder that may not be opened, is no reason to fail.
    with suppress(OSError):
        _flush(path)


def _flush(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")


def _exchange(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)


def _remove_quietly(path: Path | None) -> None:
    if path is not None:
        path.unlink(missing_ok=True)
