"""Locks between processes: one build of a review at a time, one import, one preview of an edition.

A lock is the system's own on an open file, so that it ends with the process that holds it, however
that ends. The file stays: only its content says who holds it.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reviewpress.errors import SetupError

BUILD = "build.lock"
PREVIEW = "preview.lock"
IMPORT = "import.lock"
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_BYTE = 2**30
"""Which byte is locked on Windows, where what is locked cannot be read."""
_PAUSE = 0.05


class Lock:
    """A lock on a file. `what` is what its holder does, as others are told."""

    def __init__(self, file: Path, what: str) -> None:
        self.file = file
        self.what = what
        self._handle: int | None = None

    def take(self) -> bool:
        """Take the lock; say whether nobody else holds it.

        It counts as taken where the file system knows no locks, and where nothing can be written:
        then nobody builds there, and what has to be written says why it cannot.
        """
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError:
            return True
        try:
            _lock(handle)
        except OSError as error:
            if error.errno in _HELD:
                os.close(handle)
                return False
        self._handle = handle
        self._sign()
        return True

    def release(self) -> None:
        """Let the lock go."""
        if self._handle is not None:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def holder(self) -> tuple[str, str]:
        """Return what the holder does and who it is: "report", "process 12, since 16:40"."""
        try:
            told = json.loads(self.file.read_text(encoding="utf-8"))
            return str(told["what"]), f"process {told['process']}, since {told['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return self.what, "it has just begun"

    def _sign(self) -> None:
        assert self._handle is not None
        told = {"what": self.what, "process": os.getpid(), "since": time.strftime("%H:%M")}
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.write(self._handle, json.dumps(told).encode())


@contextmanager
def build_lock(store: Path, what: str, *, say: Callable[[str], None]) -> Iterator[bool]:
    """Hold the lock of a review's builds, waiting for whoever has it; give whether that was so.

    `store` is the review's `.reviewpress`. `say` is told once, in words, what is waited for.
    """
    lock = Lock(store / BUILD, what)
    waited = False
    while not lock.take():
        if not waited:
            say(f"another build of this review is running ({', '.join(lock.holder())})")
        waited = True
        time.sleep(_PAUSE)
    try:
        yield waited
    finally:
        lock.release()


@contextmanager
def sole_lock(file: Path, what: str, *, hint: str = "") -> Iterator[None]:
    """Hold a lock that nobody waits for. Raises SetupError where another process has it."""
    lock = Lock(file, what)
    if not lock.take():
        raise SetupError(f"{what} is running already ({lock.holder()[1]}).", hint=hint)
    try:
        yield
    finally:
        lock.release()


def hold_open_file(handle: int) -> bool | None:
    """Lock what a handle is open on until it is closed; say whether nobody else has that lock.

    None where the file system knows no locks.
    """
    try:
        _lock(handle)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True


def _lock(handle: int) -> None:
    """Lock an open file without waiting; OSError where another has it, or where none can be had."""
    if os.name == "nt":
        import msvcrt

        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        os.lseek(handle, 0, os.SEEK_SET)
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
