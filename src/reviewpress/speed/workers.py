"""Workers that share the reading of a large file: processes, forked before it is read."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from reviewpress.programs.processes import end_with
from reviewpress.speed import is_on

LARGE = 8_000_000
"""Bytes from which on a file is worth the start of processes."""
_MOST = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))

Given = TypeVar("Given")
Made = TypeVar("Made")


class Mapped(Protocol):
    """What `map` is: results in the order of what they are made of."""

    def __call__(
        self, make: Callable[[Given], Made], given: Iterable[Given], /
    ) -> Iterator[Made]: ...


@contextmanager
def workers(size: int) -> Iterator[Mapped]:
    """Give a `map` that works on all processors where `size` bytes are to be read.

    Elsewhere than on Linux, and for what is small, it is Python's own.
    """
    count = min(_MOST, len(os.sched_getaffinity(0))) if sys.platform.startswith("linux") else 1
    if size < LARGE or count < 2 or not is_on():
        yield map
        return
    # A copy of this process: what it has imported is there, and no script is run again.
    context = multiprocessing.get_context("fork")
    # A copy that is signalled before it has begun would do what this process does then.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        pool = context.Pool(count, _begin, (os.getpid(),))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    with pool:
        yield pool.imap


def _begin(parent: int) -> None:
    """Leave interrupts to the parent, and end when it does, or when it says so.

    It says so by the signal that the parent itself takes for an interrupt.
    """
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    end_with(parent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
