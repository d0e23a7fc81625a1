"""Builds at the same time: two of one review, one beside a preview, one that was killed."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.programs.pagefind import write_search_index
from reviewpress.store.locks import BUILD, PREVIEW, Lock
from reviewpress.store.pruning import LIMITS

Run = Callable[..., Any]
RENDER = [sys.executable, "-m", "reviewpress.cli", "render", "--engine", "pandoc"]
MARK = "PRESS_MARK"
ADOPT = """
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1)
print(subprocess.Popen(sys.argv[1:]).pid, flush=True)
while True:
    try:
        os.wait()
    except ChildProcessError:
        input()
"""
"""A program that starts another and adopts what that leaves behind."""

SLEEPER = (
    "import os, pathlib, subprocess, sys, time\n"
    "pathlib.Path(os.environ['STARTED'], str(os.getpid())).touch()\n"
    "time.sleep(600)"
)


def slow_review(project: Any, source: str, **options: Any) -> Path:
    """Make a review of two chapters whose code is `source`, in which nothing was executed."""
    root: Path = project(runs=False, **options)
    chapter = json.loads((root / "chapters/findings.ipynb").read_text("utf-8"))
    code = {"cell_type": "code", "id": "slow", "metadata": {}, "execution_count": None}
    chapter["cells"].insert(1, {**code, "outputs": [], "source": source})
    (root / "chapters/findings.ipynb").write_text(json.dumps(chapter), encoding="utf-8")
    chapter["cells"] = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# More {#sec-more}"},
        chapter["cells"][1],
    ]
    (root / "chapters/more.ipynb").write_text(json.dumps(chapter), encoding="utf-8")
    listed = "    - chapters/findings.ipynb\n"
    profile = root / "_quarto-report.yml"
    text = profile.read_text("utf-8")
    assert listed in text
    profile.write_text(
        text.replace(listed, f"{listed}    - chapters/more.ipynb\n"), encoding="utf-8"
    )
    return root


@contextmanager
def started(command: list[str], root: Path, **environment: str) -> Iterator[Any]:
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # Whoever inherited its pipes ends with it, or a failure would wait for them without end.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for(found: Callable[[], Any], patience: float = 60) -> Any:
    """Return what `found` finds as soon as it finds something, or what it found at the end."""
    end = time.monotonic() + patience
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def processes_with(mark: str) -> list[str]:
    """Return the commands of living processes in whose environment a mark stands."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [command for command in found if command]


def test_two_builds_of_one_edition_are_one(project: Any) -> None:
    """The second waits, says for whom, and finds the edition made."""
    root = slow_review(project, "import time; time.sleep(2)")
    with started(RENDER, root) as first:
        assert wait_for(lambda: (root / ".reviewpress" / BUILD).is_file())
        with started(RENDER, root) as second:
            told = [process.communicate(timeout=120) for process in (first, second)]
            assert (first.returncode, second.returncode) == (0, 0), told
    assert told[0][0] == "_output/report written\n"
    assert told[1][0] == "_output/report is up to date\n"
    waiting = f"Waiting: another build of this review is running (report, process {first.pid}, "
    assert told[1][1].startswith(waiting)
    assert "Executing" not in told[1][1]


def test_builds_of_two_editions_come_one_after_the_other(project: Any) -> None:
    """Both are made, whichever comes first; neither sees half of what the other publishes."""
    root = slow_review(project, "import time; time.sleep(1)")
    with started(RENDER, root) as report, started([*RENDER, "--profile", "summary"], root) as other:
        told = [process.communicate(timeout=120) for process in (report, other)]
        assert (report.returncode, other.returncode) == (0, 0), told
    assert {told[0][0], told[1][0]} == {"_output/report written\n", "_output/summary written\n"}
    assert sum("Waiting: another build" in said for _, said in told) == 1


def test_a_build_beside_a_preview(project: Any, reviewpress: Run) -> None:
    """The two do not wait for each other; a second preview of the edition is refused."""
    root = project()
    preview = [sys.executable, "-m", "reviewpress.cli", "preview", "--no-browser"]
    with started(preview, root) as process:
        lines = iter(process.stderr.readline, "")
        assert any("Pages ready" in line for line in lines)
        (root / "index.qmd").write_text("# How to read {.unnumbered}\n\nNew.\n", encoding="utf-8")
        built = reviewpress("render --engine pandoc", cwd=root)
        assert (built.status, built.stdout) == (0, "_output/report written\n"), built.stderr
        assert "Waiting" not in built.stderr
        assert any("Pages ready" in line for line in lines)
        again = reviewpress("preview --no-browser", cwd=root)
        assert again.status == 2
        who = f"a preview of report is running already (process {process.pid}, since "
        assert who in again.stderr
        emptied = reviewpress("tidy --store", cwd=root)
        assert emptied.status == 2
        assert f"a preview is running already (process {process.pid}" in emptied.stderr
    assert Lock(root / ".reviewpress/preview/report" / PREVIEW, "").take()


def test_a_store_can_be_seen_and_emptied(project: Any, reviewpress: Run) -> None:
    """The next build makes all anew, the same."""
    root = project(formats=("html",))
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    before = (root / "_output/report/index.html").read_bytes()
    known = {*LIMITS, "builds", "published", "tmp"}
    assert {path.name for path in (root / ".reviewpress").iterdir() if path.is_dir()} <= known
    seen = reviewpress("tidy --store --dry-run", cwd=root)
    assert " MB  runs\n" in seen.stdout
    assert seen.stdout.endswith(" MB in .reviewpress\n")
    assert (root / ".reviewpress/runs").is_dir()
    emptied = reviewpress("tidy --store", cwd=root)
    assert emptied.stdout.endswith("removed from .reviewpress; the next build makes all anew.\n")
    assert not (root / ".reviewpress/runs").exists()
    again = reviewpress("render --engine pandoc", cwd=root)
    assert "Executing 1 notebook\n" in again.stderr
    assert (root / "_output/report/index.html").read_bytes() == before
    assert reviewpress("tidy --dry-run", cwd=root).status == 2
    assert reviewpress("tidy --store chapters/findings.ipynb", cwd=root).status == 2


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.parametrize("moment", ["at once", "kernels starting", "cells running"])
@pytest.mark.parametrize("fork", ["1", "0"])
def test_a_killed_build_leaves_no_process(
    project: Any, tmp_path: Path, moment: str, fork: str
) -> None:
    """Neither the fork server nor a kernel nor a pandoc, whenever it is killed; and no lock.

    Another process than the first adopts the orphans, as in a session of a desktop.
    """
    root = slow_review(project, SLEEPER)
    mark, running = uuid.uuid4().hex, tmp_path / "running"
    running.mkdir()
    environment = {MARK: mark, "STARTED": str(running), "REVIEWPRESS_FORK": fork}
    command = [sys.executable, "-c", ADOPT, *RENDER, "--jobs", "2"]
    with started(command, root, **environment) as process:
        press = int(process.stdout.readline())
        if moment == "cells running":
            assert wait_for(lambda: len(list(running.iterdir())) == 2)
            beside = (
                "pandoc_pool.lua",
                "while read -r act",
            )  # pandoc, and the guard of what is begun
            found = processes_with(mark)
            others = [each for each in found if not any(name in each for name in beside)]
            # Each ordinary kernel has a keeper, which ends what the kernel started.
            assert len(others) == (5 if fork == "1" else 6)
        else:
            assert any("running" in line for line in iter(process.stderr.readline, ""))
            time.sleep(0.05 if moment == "at once" else 1)
        os.kill(press, signal.SIGKILL)
        # The one that is left is the process that adopts.
        assert wait_for(lambda: len(processes_with(mark)) == 1, 10), processes_with(mark)
    # A process that ends gives its memory back, and with it its mark, before it closes its files.
    assert wait_for(lambda: Lock(root / ".reviewpress" / BUILD, "").take(), 10)


def test_two_indexes_of_the_same_pages(tmp_path: Path, project: Any) -> None:
    """A preview and a build that index the same pages at once both have the index."""
    config = load_config(project(), "report")
    folders = [tmp_path / name for name in ("one", "two", "three", "four")]
    for folder in folders:
        folder.mkdir()
        page = "<!doctype html><html lang='en'><title>T</title><main>Word</main></html>"
        (folder / "index.html").write_text(page, encoding="utf-8")
    with ThreadPoolExecutor(len(folders)) as pool:
        list(
            pool.map(
                lambda folder: write_search_index(folder, store=config.store, limits=config.limits),
                folders,
            )
        )
    for folder in folders:
        assert (folder / "pagefind" / "pagefind.js").is_file()
    assert [path.name for path in (config.store / "search").glob(".*")] == []
