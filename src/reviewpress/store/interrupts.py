"""Ctrl-C and the signals that ask a program to end: one way out, and true words about it.

What is done for good is noted here, so that the message about an interruption can name it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ASKS_TO_END = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_done: list[str] = []


class Ended(KeyboardInterrupt):
    """A signal asked the program to end; handled as Ctrl-C is, with the signal's own status."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """Let the signals that ask to end raise what Ctrl-C raises.

    A signal that is ignored, as `nohup` has it, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _ASKS_TO_END}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C and the like until the block has ended: for steps that belong together."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def remember(number: int, _: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ASKS_TO_END)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, remember)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])


def note_done(words: str) -> None:
    """Note what has been done for good, as in "data/imports.csv written"."""
    _done.append(words)


def take_notes() -> tuple[str, ...]:
    """Return what has been done since the last call."""
    found = tuple(dict.fromkeys(_done))
    _done.clear()
    return found


def tell_interruption() -> str:
    """Say what an interruption left: what had been done before it, and that the rest is whole."""
    done = take_notes()
    if not done:
        return "Interrupted. What was there before is untouched."
    return f"Interrupted. Done before that: {'; '.join(done)}. All else is untouched."


def _end(number: int, _: FrameType | None) -> None:
    raise Ended(number)
