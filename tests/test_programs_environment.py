"""What the environment sets: it works, or is told at once."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import SetupError
from reviewpress.notebooks import kernels
from reviewpress.programs.environment import check_environment

Run = Callable[..., Any]


def command(*words: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    program = [sys.executable, "-m", "reviewpress.cli", *words]
    return subprocess.run(
        program, cwd=cwd, env={**os.environ, **environment}, capture_output=True,
        encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "given", ["abc", "-1", "1.5", "9" * 30, "253402300800", "²", "1_000", "0x1"]
)
def test_a_time_that_is_none_is_told(given: str) -> None:
    """Nothing is started with it: another program would fail on it, minutes later."""
    with pytest.raises(SetupError, match="SOURCE_DATE_EPOCH is") as caught:
        check_environment(pytest.fail, {"SOURCE_DATE_EPOCH": given})
    assert "seconds since 1970" in caught.value.hint


@pytest.mark.parametrize("given", ["0", "1700000000", "253402300799"])
def test_a_time_is_taken(given: str) -> None:
    """Seconds since 1970, as other programs take them."""
    environment = {"SOURCE_DATE_EPOCH": given}
    check_environment(pytest.fail, environment)
    assert environment["SOURCE_DATE_EPOCH"] == given


def test_an_empty_time_is_none() -> None:
    """It counts as not set."""
    environment = {"SOURCE_DATE_EPOCH": " "}
    check_environment(pytest.fail, environment)
    assert "SOURCE_DATE_EPOCH" not in environment


@pytest.mark.parametrize("name", ["TMPDIR", "TEMP"])
def test_a_folder_for_temporary_files_that_is_none_is_replaced(name: str, tmp_path: Path) -> None:
    """What is used in its place is said, and holds for every program that is started."""
    said: list[str] = []
    file = tmp_path / "file"
    file.touch()
    for wrong in (tmp_path / "nowhere", file, Path("/proc")):
        environment = {name: str(wrong)}
        check_environment(said.append, environment)
        assert said.pop().startswith(f"{name} is {wrong}, which is not a folder that can be")
        assert Path(environment[name]).is_dir()


def test_no_folder_for_temporary_files_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would take the current folder, that is the review."""
    monkeypatch.setattr("reviewpress.programs.environment._PLACES", (str(tmp_path / "none"),))
    with pytest.raises(SetupError, match="TMPDIR is /proc/nowhere, which is not a folder"):
        check_environment(pytest.fail, {"TMPDIR": "/proc/nowhere"})


def test_a_wrong_time_is_told_by_each_verb(project: Any) -> None:
    """With status 2 and without a traceback."""
    root = project()
    for verb in ("render", "check", "tidy"):
        done = command(verb, cwd=root, SOURCE_DATE_EPOCH="abc")
        assert done.returncode == 2
        assert done.stderr.startswith('error: SOURCE_DATE_EPOCH is "abc", which is not a time.')


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TMPDIR": "/proc/nowhere"},
        {"TMPDIR": "."},
    ],
)
def test_a_review_anywhere_is_rendered(environment: dict[str, str], project: Any) -> None:
    """Braces, quotes and letters beyond ASCII in a path, and locales that know none.

    The path is the review's, and once that of temporary files.
    """
    root = project(folder="a {x} {root}% b'\"#ü", formats=("html", "typst", "docx"), runs=False)
    done = command("render", "--engine", "pandoc", cwd=root, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "_output/report written\n"
    assert (root / "_output/report/report.pdf").is_file()


def test_a_kernel_that_ends_at_once_is_not_blamed_on_ipykernel(
    project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own last words are told, where it has any."""
    root = project(runs=False)
    monkeypatch.setenv("REVIEWPRESS_FORK", "0")
    monkeypatch.setattr(kernels, "LAUNCHER", "no_such_module")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 2
    assert "chapters/findings.ipynb: no kernel could be started: it ended" in outcome.stderr
    assert "No module named no_such_module" in outcome.stderr
    assert "Is ipykernel installed" not in outcome.stderr


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_a_closed_stream_is_opened(closed: str, tmp_path: Path) -> None:
    """No file that is opened later gets its number, here or in a program that is started."""
    look = "import os; open('b'); [os.fstat(n) for n in (0, 1, 2)]; open('a', 'w').write('done')"
    code = (
        "import subprocess, sys\n"
        "from reviewpress.programs.environment import ensure_streams\n"
        "ensure_streams()\n"
        "file = open('b', 'w')\n"
        "assert file.fileno() > 2\n"
        "print('words'), print('words', file=sys.stderr), sys.stdin.read()\n"
        f'subprocess.run([sys.executable, "-c", "{look}"], check=True)\n'
    )
    words = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", code]
    subprocess.run(words, cwd=tmp_path, stdin=subprocess.DEVNULL, check=True)
    assert (tmp_path / "a").read_text("utf-8") == "done"
    assert (tmp_path / "b").read_text("utf-8") == ""
