"""Locks between processes: waiting, dying holders, a lock nobody waits for."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.store.locks import BUILD, Lock, build_lock, sole_lock

HOLD = """
import sys, time
from pathlib import Path
from reviewpress.store.locks import build_lock
with build_lock(Path(sys.argv[1]), "report", say=lambda line: print(line, flush=True)):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
print("ended", flush=True)
"""


@contextmanager
def other_build(store: Path, seconds: float) -> Iterator["subprocess.Popen[str]"]:
    """Another process that asks for the lock, and holds it so long."""
    command = [sys.executable, "-c", HOLD, str(store), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_build_waits_and_says_for_whom(tmp_path: Path) -> None:
    """It is told once: what is built, by which process, since when."""
    said: list[str] = []
    with other_build(tmp_path, 1) as process:
        assert line_of(process) == "held"
        with build_lock(tmp_path, "summary", say=said.append) as waited:
            assert waited
            assert line_of(process) == "ended"
    (line,) = said
    pattern = rf"another build of this review is running \(report, process {process.pid}, since "
    assert re.fullmatch(pattern + r"\d\d:\d\d\)", line)


def test_the_first_build_waits_for_nobody(tmp_path: Path) -> None:
    """And the next one neither, once it has ended, whether well or not."""

    def build() -> None:
        with build_lock(tmp_path, "report", say=pytest.fail) as waited:
            assert not waited
            raise ValueError("failed")

    for _ in range(2):
        with pytest.raises(ValueError, match="failed"):
            build()


def test_the_lock_of_a_killed_build_is_free(tmp_path: Path) -> None:
    """Nothing has to be deleted by hand."""
    with other_build(tmp_path, 60) as process:
        assert line_of(process) == "held"
        process.kill()
        process.wait()
        assert (tmp_path / BUILD).read_text("utf-8")
        with build_lock(tmp_path, "report", say=pytest.fail) as waited:
            assert not waited


def test_a_program_that_a_build_started_does_not_hold_its_lock(tmp_path: Path) -> None:
    """It may go on after the build was killed."""
    lock = Lock(tmp_path / "lock", "report")
    assert lock.take()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lock.release()
        assert Lock(tmp_path / "lock", "report").take()
    finally:
        child.communicate(b"\n")


@pytest.mark.skipif(os.name == "nt", reason="sends a signal as Unix does")
def test_a_waiting_build_can_be_interrupted(tmp_path: Path) -> None:
    """Ctrl-C ends the waiting, and leaves the lock to its holder."""
    lock = Lock(tmp_path / BUILD, "report")
    assert lock.take()
    with other_build(tmp_path, 60) as process:
        assert line_of(process).startswith("another build of this review is running (report")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) != 0
    assert not Lock(tmp_path / BUILD, "summary").take()
    lock.release()


def test_several_builds_come_one_after_the_other(tmp_path: Path) -> None:
    """However many wait, never two hold the lock."""
    code = """
import sys, time
from pathlib import Path
from reviewpress.store.locks import build_lock
with build_lock(Path(sys.argv[1]), "report", say=lambda line: None):
    mark = Path(sys.argv[1]) / "mark"
    mark.touch(exist_ok=False)
    time.sleep(0.1)
    mark.unlink()
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    started = time.monotonic()
    processes = [subprocess.Popen(command) for _ in range(5)]
    assert [process.wait(60) for process in processes] == [0] * 5
    assert time.monotonic() - started > 0.5


def test_a_sole_lock_is_not_waited_for(tmp_path: Path) -> None:
    """The second is told who has it; later it is free."""
    file = tmp_path / "preview.lock"
    with (
        sole_lock(file, "a preview of report"),
        pytest.raises(SetupError) as caught,
        sole_lock(file, "a preview of report", hint="End it."),
    ):
        pass
    message = rf"a preview of report is running already \(process {os.getpid()}, since \d\d:\d\d\)"
    assert re.match(message, caught.value.message)
    with sole_lock(file, "a preview of report"):
        pass


def test_a_lock_without_a_word_of_its_holder(tmp_path: Path) -> None:
    """Between taking and signing nothing is known of it."""
    lock = Lock(tmp_path / "lock", "report")
    assert lock.holder() == ("report", "it has just begun")
    (tmp_path / "lock").write_text("[", encoding="utf-8")
    assert lock.holder() == ("report", "it has just begun")


def test_a_lock_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Nobody builds there, so that nobody has to wait: a published review can be checked."""
    (tmp_path / "store").write_text("", encoding="utf-8")
    lock = Lock(tmp_path / "store" / "lock", "report")
    assert lock.take()
    lock.release()


def test_where_the_file_system_has_no_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Builds go on without, as on some network drives."""

    def refuse(handle: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("reviewpress.store.locks._lock", refuse)
    lock = Lock(tmp_path / "lock", "report")
    assert lock.take()
    lock.release()
