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
    with context.Pool(count, _begin, (os.getpid(),)) as pool:
        yield pool.imap


def _begin(parent: int) -> None:
    """Leave interrupts to the parent, and end when it does, or when it says so.

    It says so by the signal that the parent itself takes for an interrupt.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    end_with(parent)
