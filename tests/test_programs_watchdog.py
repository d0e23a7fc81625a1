"""The guard: programs that a build started end with it, even when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a shell and signals")

STARTS = """
import subprocess, sys
from reviewpress.programs.watchdog import protect, release
LOOP = [sys.executable, "-c", "while True: pass"]
busy = [subprocess.Popen(LOOP, stdout=subprocess.DEVNULL) for _ in range(3)]
for process in busy:
    protect(process.pid)
release(busy[2].pid)
print(*(process.pid for process in busy), flush=True)
sys.stdin.read()
"""
LOOPS = """
import sys
from pathlib import Path
from reviewpress.programs.tools import run_program
run_program([sys.executable, "-c", "print('on', flush=True)\\nwhile True: pass"], "",
            folder=Path.cwd(), name="loop")
"""


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for_end(process: int) -> bool:
    end = time.monotonic() + 20
    while is_alive(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(process)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_what_is_protected_ends_with_a_killed_process() -> None:
    """Programs that loop end when their build is killed; what was released is left alone."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first, second, released = map(int, process.stdout.readline().split())
    try:
        assert all(map(is_alive, (first, second, released)))
        process.kill()
        assert wait_for_end(first)
        assert wait_for_end(second)
        assert is_alive(released)
    finally:
        os.kill(released, signal.SIGKILL)
        process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_program_that_loops_ends_with_a_killed_build() -> None:
    """A program in work, which does not look at its input, does not go on alone."""
    process = subprocess.Popen([sys.executable, "-c", LOOPS])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    end = time.monotonic() + 20
    found: list[int] = []
    while len(found) < 2 and time.monotonic() < end:
        found = [int(word) for word in children.read_text().split()]
        time.sleep(0.02)
    assert len(found) == 2
    time.sleep(0.2)
    process.kill()
    process.wait()
    assert all(map(wait_for_end, found))


def descendants(process: int) -> dict[int, str]:
    """Return the programs that a process started, and those that they started, as called."""
    found: dict[int, str] = {}
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
            found |= descendants(child)
    return found


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_killed_check_of_a_release_leaves_no_browser(project: Any, browser: str) -> None:
    """Chromium, which starts processes of its own, ends with a `check --release` that is killed."""
    root = project()
    page = root / "_output/report/index.html"
    for number in range(200):  # there is work for a while
        (page.parent / f"{number}.html").write_text(page.read_text("utf-8"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewpress.cli", "check", "--release", str(root)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seen: dict[int, str] = {}

    def renders() -> bool:
        with suppress(OSError):  # one of them has just ended
            seen.update(descendants(process.pid))
        return any("--type=renderer" in words for words in seen.values())

    try:
        assert wait_until(renders, 180)
    finally:
        process.kill()
        process.wait()
    assert wait_until(lambda: not any(map(is_alive, seen)), 30)
