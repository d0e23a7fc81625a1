"""Files written whole or not at all, and folders that take another's place."""

import ctypes
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from reviewpress.errors import Place, SetupError

ABSENT = "absent"
"""What stands in place of a file's SHA-256 where it was looked for and does not exist."""
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    A link to a file stays a link, and who may read and write the file stays as it was. Raises
    SetupError where the disk is full or read-only.
    """
    handle, name = -1, ""
    try:
        path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError as error:
        _remove_quietly(name)
        raise cannot_write(path, error) from None
    except BaseException:
        _remove_quietly(name)
        raise


def replace_folder(new: Path, place: Path) -> None:
    """Put the folder `new` in the place of `place`, whole; what stood there is removed after.

    On Linux the two names are exchanged in one system call, so there is always an edition to
    read. Elsewhere there is an instant between two renames.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if _exchange(new, place):
            old = new
        elif place.exists():
            old = place.with_name(f".{place.name}.old-{os.getpid()}")
            place.replace(old)
            new.replace(place)
        else:
            new.replace(place)
            return
        # The edition is in its place: what cannot be removed is not worth a failure.
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise cannot_write(place, error) from None


def mark_used(path: Path) -> bool:
    """Say whether what was kept earlier is still there, and note that it is used now.

    What is not used for long is removed from the store; see `storage`.
    """
    try:
        os.utime(path)
    except OSError:
        return path.exists()
    return True


def digest(parts: Iterable[bytes]) -> str:
    """Return one SHA-256 for several byte strings, told apart by their lengths."""
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cannot_write(path: Path, error: OSError) -> SetupError:
    """Say in an author's words why a file could not be written."""
    hints = {
        errno.ENOSPC: "The disk is full: free some space and try again.",
        errno.EDQUOT: "Your disk quota is used up: free some space and try again.",
        errno.EROFS: "The disk is read-only.",
        errno.EACCES: "You may not write there: look at the folder's permissions.",
        errno.EPERM: "You may not write there: look at the folder's permissions.",
    }
    if error.errno is None and isinstance(error, shutil.Error):  # a folder's copy: many in one
        told = re.search(r"\[Errno (\d+)\]", str(error))
        error = OSError(int(told[1]), os.strerror(int(told[1]))) if told else error
    reason = error.strerror or str(error)[:200]
    hint = hints.get(error.errno or 0, "")
    return SetupError(f"cannot be written: {reason}.", Place(str(path)), hint)


def _exchange(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)


def _remove_quietly(name: str) -> None:
    if name:
        Path(name).unlink(missing_ok=True)
