"""Signals that ask to end, steps that they may not come between, words about what was done."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.store.interrupts import (
    Ended,
    note_done,
    signals_as_interrupts,
    take_notes,
    uninterrupted,
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_is_an_interrupt(number: int) -> None:
    """Whoever cleans up after Ctrl-C does so after these; the old handlers come back."""
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt) as caught, signals_as_interrupts():
        signal.raise_signal(number)
    assert isinstance(caught.value, Ended)
    assert caught.value.status == 128 + number
    assert signal.getsignal(number) is before


def test_an_ignored_signal_stays_ignored() -> None:
    """A build under `nohup` goes on when its terminal closes."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_as_interrupts():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_steps_that_belong_together_are_all_done() -> None:
    """Ctrl-C waits until the block has ended, and comes then."""
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - what follows the block must not run
        with uninterrupted():
            done.append(1)
            os.kill(os.getpid(), signal.SIGINT)
            done.append(2)
        done.append(3)
    assert done == [1, 2]


def test_other_threads_need_nothing() -> None:
    """Signals come to the first thread only."""
    found: list[str] = []

    def work() -> None:
        with signals_as_interrupts(), uninterrupted():
            found.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["done"]


def test_notes_are_taken_once() -> None:
    """What one command did is not told of the next."""
    take_notes()
    note_done("a written")
    note_done("a written")
    assert take_notes() == ("a written",)
    assert take_notes() == ()


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_tidying_says_what_it_had_done(
    name: str, status: int, project: Callable[..., Any], tmp_path: Path
) -> None:
    """A signal after the first of two notebooks: the first is named as tidied."""
    root = project()
    text = (root / "chapters/findings.ipynb").read_text("utf-8").replace("\n ", "\n   ")
    for chapter in ("a", "b"):
        (root / f"chapters/{chapter}.ipynb").write_text(text, encoding="utf-8")
    program = (
        "import os, signal, sys\nfrom reviewpress import tidy\nfrom reviewpress.cli import main\n"
        "write = tidy.write_source\n"
        "def write_and_end(path, content):\n    write(path, content)\n"
        f"    os.kill(os.getpid(), signal.{name})\n"
        "tidy.write_source = write_and_end\nmain(['tidy'])\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == status
    told = "Interrupted. Done before that: chapters/a.ipynb tidied. All else is untouched."
    assert done.stderr.strip() == told
    assert (root / "chapters/b.ipynb").read_text("utf-8") == text
