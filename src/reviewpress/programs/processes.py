"""Processes and all that they started: the only importer of psutil.

On Linux a process can adopt what its descendants leave behind. Whoever starts cells does so; then
nothing that a cell starts gets away, whatever session it is in and whatever its environment. macOS
has nothing like it: what a cell starts and leaves there ends by its group, if it is still in it.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reviewpress.errors import OutOfTime
from reviewpress.programs.watchdog import release

if TYPE_CHECKING:
    import subprocess

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 300
_PAUSE = 0.01


def adopt_orphans() -> None:
    """Become the parent of what descendants of this process leave behind, on Linux."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with(parent: int, number: int = signal.SIGKILL) -> None:
    """Have the system signal this process when its parent ends; end now if it has ended already.

    A kernel looks for its parent by itself, but only once it runs, and not where another process
    than the first adopts orphans. Elsewhere than on Linux, that has to do. The parent is the
    thread that started this process.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def in_time(name: str, seconds: float, kill: Callable[[], None]) -> Iterator[None]:
    """Kill a program where what is done meanwhile takes longer; OutOfTime then."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        with suppress(OSError):
            kill()

    clock = threading.Timer(min(seconds, threading.TIMEOUT_MAX), stop)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
    if late.is_set():
        raise OutOfTime(name, seconds)


def how_ended(status: int) -> str:
    """Return what to say of a program that ended with a status and without a word.

    >>> how_ended(3)
    'ended with 3'
    """
    if status >= 0:
        return f"ended with {status}"
    name = next((each.name for each in signal.Signals if each == -status), f"signal {-status}")
    full = ", as where the machine's memory is full" if name in ("SIGKILL", "SIGABRT") else ""
    return f"was ended by {name}{full}"


def end_process(process: "subprocess.Popen[bytes]") -> None:
    """End a program, whatever it does, and close the pipes to it."""
    with suppress(OSError):
        process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            # What could not be written to it any more.
            with suppress(OSError):
                stream.close()
    process.wait()
    release(process.pid)


def end_tree(process: int, *, stop: bool = True) -> None:
    """End a process and everything below it, whatever they do; a process that is gone is no error.

    It is stopped first, so that it starts nothing more; but not one that has to notice the end of
    this process, as it would not while it is stopped.
    """
    import psutil

    try:
        root = psutil.Process(process)
        if stop:
            root.suspend()
    except psutil.Error:
        return
    end_descendants(process)
    with suppress(psutil.Error):
        root.kill()


def end_descendants(process: int, *, but: Collection[int] = ()) -> None:
    """End what is below a process, but its children named in `but` and what is below those.

    A child that another ends while it is looked at leaves its own behind after they were looked
    for; so nothing is left only where the same is found twice in a row, all of it ended.
    """
    before: set[int] | None = None
    for _ in range(_ROUNDS):
        found: set[int] = set()
        # The youngest first: what goes on in a new process does not wait until it is looked at.
        for child in reversed(children_of(process)):
            if child not in but:
                each = {child, *_below(child)} - {os.getpid()}
                _end_each(each)
                found |= each
        if found == before and not any(map(_is_running, found)):
            return
        before = found
        # What they leave behind comes to an ancestor, and is found in the next round.
        time.sleep(_PAUSE)


def children_of(process: int) -> list[int]:
    """Return the children of a process; none of one that is gone.

    Where the system lists them, not all processes are looked at for it: there may be a thousand,
    and a program that goes on in a child of its own every few milliseconds would never be caught.
    """
    lists = f"/proc/{process}/task"
    try:
        found = [f"{lists}/{thread}/children" for thread in os.listdir(lists)]
        return [int(each) for path in found for each in _words_of(path)]
    except OSError:
        return _children_by_psutil(process)


def _words_of(path: str) -> list[str]:
    with open(path, encoding="ascii") as file:
        return file.read().split()


def _children_by_psutil(process: int) -> list[int]:
    import psutil

    try:
        return [each.pid for each in psutil.Process(process).children()]
    except psutil.Error:
        return []


def _below(process: int) -> list[int]:
    return [each for child in children_of(process) for each in (child, *_below(child))]


def _end_each(processes: Iterable[int]) -> None:
    for each in processes:
        with suppress(OSError):
            os.kill(each, signal.SIGKILL)


def _is_running(process: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
