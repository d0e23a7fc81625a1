"""The standing guard `make crash`, with few kills; standing-checks.md says when all were done."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress import cli

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "crash.py"
VERBS = (
    "render", "render-matrix", "import", "import-replace", "import-withdraw", "import-decisions",
    "include", "tidy", "upgrade", "rename", "run", "check", "preview", "explain", "diff", "adopt",
    "publish", "pack", "new", "new-here",
)  # fmt: skip

if not Path("/proc/self/environ").exists():
    pytest.skip("what runs on is seen in /proc, on Linux", allow_module_level=True)


@pytest.fixture(scope="module")
def crash(load_script: Callable[[str], Any]) -> Any:
    return load_script("crash")


@pytest.mark.parametrize("verb", VERBS)
def test_a_killed_command_loses_nothing(verb: str) -> None:
    """Sources and edition are whole, the next run is right, nothing is left and nothing runs."""
    command = [sys.executable, str(SCRIPT), verb, "--points", "2", "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("seed 1\n")
    assert f"{verb}: 2 kills, 0 problems" in done.stdout


@pytest.mark.parametrize("sent", ["TERM", "INT"])
def test_a_command_that_is_ended_loses_nothing(sent: str) -> None:
    """By Ctrl-C, or by a system that shuts down: it cleans up after itself."""
    command = [sys.executable, str(SCRIPT), "import", "publish", "--points", "2", "--signal", sent]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": 2 kills, 0 problems") == 2


def test_every_verb_has_a_row(crash: Any) -> None:
    """Those of the table are those that this test kills."""
    assert set(crash.VERBS) == set(VERBS)


def test_no_verb_of_the_command_line_is_forgotten(crash: Any) -> None:
    """A new one is killed too, or is said to write nothing."""
    killed = {verb.words[0] for verb in crash.VERBS.values()}
    assert killed | set(crash.READS) == set(cli.VERBS)
    assert killed.isdisjoint(crash.READS)


def test_verbs_that_read_write_nothing(crash: Any, project: Any, reviewpress: Any) -> None:
    """Not a file of the review is other than before, those of its store included."""
    for verb in crash.READS:
        root = project(folder=verb)
        before = {path: path.is_file() and path.read_bytes() for path in root.rglob("*")}
        assert reviewpress(verb, cwd=root).status == 0
        assert {path: path.is_file() and path.read_bytes() for path in root.rglob("*")} == before


def test_the_guard_sees_what_is_wrong(
    crash: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file written in parts, a folder left behind and a program that runs on are all found."""
    program = tmp_path / "program.py"
    program.write_text(
        "import os, pathlib, subprocess, sys, time\n"
        "subprocess.Popen(['sleep', '30'], stdout=-3, stderr=-3)\n"
        "pathlib.Path('.staging-x').mkdir(exist_ok=True)\n"
        "file = open('data.csv', 'w'); file.write('half'); file.flush()\n"
        "time.sleep(2)\nfile.write(' and half'); file.close()\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(crash, "COMMAND", (sys.executable, str(program)))
    monkeypatch.setattr(crash, "SECONDS_TO_END", 0.2)
    monkeypatch.setitem(crash.VERBS, "bad", crash.Verb((), crash.prepare_nothing))
    place = tmp_path / "place"
    place.mkdir()

    class Half:
        def uniform(self, low: float, high: float) -> float:
            return high / 2

    trial = crash.Trial("bad", place, Half(), signal.SIGKILL)
    found = trial.kill_once()
    assert any(each.startswith("still runs: sleep 30") for each in found)
    assert "data.csv is neither as before nor as after" in found
    assert "left over: review/.staging-x" in found
    for _ in range(100):
        if not crash.still_running(str(place / "review")):
            break
        for folder in Path("/proc").glob("[0-9]*"):
            _end_marked(crash, folder, str(place / "review"))
        time.sleep(0.05)


def _end_marked(crash: Any, folder: Path, mark: str) -> None:

    try:
        if f"{crash.MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
            os.kill(int(folder.name), signal.SIGKILL)
    except OSError:
        return
