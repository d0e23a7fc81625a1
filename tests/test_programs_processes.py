"""Whatever a cell started ends with its chapter, and with its build, however that ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("processes are adopted on Linux alone", allow_module_level=True)

START = """
import sys, pathlib
from reviewpress.config import load_config
from reviewpress.notebooks import execute_chapters
config = load_config(pathlib.Path(sys.argv[1]))
paths = [pathlib.Path(chapter.path) for chapter in config.chapters]
try:
    execute_chapters(config, paths, edition="report")
except Exception as error:
    print(error)
"""
WAYS = {
    "group": "subprocess.Popen(COMMAND)",
    "session": "subprocess.Popen(COMMAND, start_new_session=True)",
    "bare": "subprocess.Popen(COMMAND, start_new_session=True, env={})",
    "twice": (
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        "        os.execve(COMMAND[0], COMMAND, {})\n    os._exit(0)"
    ),
    "shell": "os.system('setsid sh -c \"exec ' + ' '.join(COMMAND) + '\" & exit 0')",
}


def write_review(root: Path, way: str, chapters: int, last: str) -> Path:
    (root / "chapters").mkdir()
    script = root / "program"
    script.write_text('echo $$ > "$1.new"\nmv "$1.new" "$1"\nexec sleep 600\n', encoding="utf-8")
    cells = [
        f"import os, subprocess, time\nCOMMAND = ['/bin/sh', '{script}', '{root}/pid{number}']\n"
        f"{WAYS[way]}\n"
        f"while not os.path.exists('{root}/pid{number}'): time.sleep(0.02)\n{last}"
        for number in range(chapters)
    ]
    names = [f"chapters/a{number}.ipynb" for number in range(chapters)]
    for name, source in zip(names, cells, strict=True):
        cell = {"cell_type": "code", "id": "b", "metadata": {}, "source": source,
                "execution_count": None, "outputs": []}  # fmt: skip
        document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (root / name).write_text(json.dumps(document), encoding="utf-8")
    (root / "_quarto.yml").write_text(
        f"project: {{type: book}}\nbook: {{title: T, chapters: {json.dumps(names)}}}\n",
        encoding="utf-8",
    )
    return root


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def wait_for(condition: Callable[[], Any], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def start(root: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", START, str(root)], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)  # fmt: skip


@pytest.mark.parametrize("chapters", [1, 2], ids=["ordinary kernel", "forked kernels"])
@pytest.mark.parametrize("way", WAYS)
def test_a_killed_build_takes_along_what_its_cells_started(
    tmp_path: Path, way: str, chapters: int
) -> None:
    """In whatever session it is, whatever its environment, and though its parent has ended."""
    build = start(write_review(tmp_path, way, chapters, "time.sleep(600)"))
    pids = [tmp_path / f"pid{number}" for number in range(chapters)]
    wait_for(lambda: all(pid.exists() for pid in pids))
    time.sleep(0.2)
    build.send_signal(signal.SIGKILL)
    build.communicate()
    for pid in pids:
        wait_for(lambda pid=pid: is_gone(int(pid.read_text("utf-8"))))


@pytest.mark.parametrize("chapters", [1, 2], ids=["ordinary kernel", "forked kernels"])
@pytest.mark.parametrize("last", ["pass", "os._exit(3)", "1 / 0"])
def test_what_a_cell_started_ends_with_its_chapter(
    tmp_path: Path, last: str, chapters: int
) -> None:
    """However the chapter ends; when the build has ended, nothing is left."""
    build = start(write_review(tmp_path, "twice", chapters, last))
    build.communicate(timeout=60)
    pids = [int((tmp_path / f"pid{number}").read_text("utf-8")) for number in range(chapters)]
    assert all(map(is_gone, pids))


LOOKED_AT = """
import os, subprocess, sys
from reviewpress.programs import processes
processes.adopt_orphans()
script = "sleep 600 2>/dev/null & echo $!; wait"
child = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
below = int(child.stdout.readline())
listed = processes.children_of
def list_then_end(process):
    found = listed(process)
    if child.poll() is None:
        child.kill()
        child.wait()
    return found
processes.children_of = list_then_end
processes.end_descendants(os.getpid())
print(below)
"""


def test_what_a_child_leaves_that_ends_while_it_is_looked_at_ends_too() -> None:
    """The guard ends the kernels of a killed build while their parent looks for what is left."""
    run = subprocess.run([sys.executable, "-c", LOOKED_AT], capture_output=True, text=True,
                         check=True)  # fmt: skip
    assert is_gone(int(run.stdout))


ONWARD = """
import os, sys, time
for _ in range(100_000):
    time.sleep(0.02)
    if os.fork():
        os._exit(0)
    os.setsid()
"""
CAUGHT = f"""
import os, subprocess, sys, time
from reviewpress.programs.processes import adopt_orphans, children_of, end_descendants
adopt_orphans()
subprocess.Popen([sys.executable, "-c", {ONWARD!r}], env={{}}, start_new_session=True)
time.sleep(0.5)
end_descendants(os.getpid())
living = [each for each in children_of(os.getpid()) if open(f"/proc/{{each}}/cmdline").read()]
print(len(living))
"""


def test_what_goes_on_in_ever_new_processes_is_caught() -> None:
    """Each lives a fiftieth of a second: less than to look at all processes of a busy machine."""
    run = subprocess.run([sys.executable, "-c", CAUGHT], capture_output=True, text=True,
                         check=True)  # fmt: skip
    assert run.stdout == "0\n"


KEPT = """
import os, signal, subprocess, sys, time
from reviewpress.notebooks import provisioner
from reviewpress.programs import processes
process = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], stdout=-1)
print(int(process.stdout.readline()), process.pid, flush=True)
made = provisioner.ForkProvisioner()
made.process, made.pid, made.has_keeper = process, process.pid, True
processes.end_descendants = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
made.end_all()
"""
KEEPER = """
import os, subprocess, sys, time
from reviewpress.notebooks.launcher import keep_kernel
keep_kernel(int(sys.argv[1]))
print(subprocess.Popen(["sleep", "600"], env={}, start_new_session=True).pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="keepers are of Linux")
def test_a_build_that_is_killed_while_it_ends_a_kernel_leaves_nothing() -> None:
    """The keeper is not stopped then, but notices the end of the build, and ends the rest."""
    run = subprocess.run([sys.executable, "-c", KEPT, KEEPER], stdout=subprocess.PIPE, text=True,
                         stderr=subprocess.DEVNULL, check=False)  # fmt: skip
    assert run.returncode == -signal.SIGKILL
    for pid in map(int, run.stdout.split()):
        wait_for(lambda pid=pid: is_gone(pid))


FOREIGN = """
import asyncio, os, signal, sys
from jupyter_client.kernelspec import KernelSpec
from reviewpress.notebooks.provisioner import ForkProvisioner
script = "setsid sleep 600 & echo $!; echo $$; exec sleep 600"
made = ForkProvisioner(kernel_spec=KernelSpec(), kernel_id="a")
out, into = os.pipe()
asyncio.run(made.launch_kernel(["sh", "-c", script], env=dict(os.environ), stdout=into))
lines = os.fdopen(out)
print(lines.readline(), lines.readline(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kernel_of_another_language_ends_with_a_killed_build() -> None:
    """It has no keeper: the guard ends it, and what it started."""
    run = subprocess.run([sys.executable, "-c", FOREIGN], stdout=subprocess.PIPE, text=True,
                         stderr=subprocess.DEVNULL, check=False)  # fmt: skip
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) == 2
    for pid in pids:
        wait_for(lambda pid=pid: is_gone(pid))


MARKED = """
import os, subprocess, sys
from reviewpress.programs.watchdog import mark
away = subprocess.Popen(["sleep", "600"], env=mark(os.environ), start_new_session=True)
own = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(away.pid, own.pid, flush=True)
sys.stdin.read()
"""


def test_what_has_the_mark_ends_with_the_build() -> None:
    """A browser that a check's driver started, for one; what has not is left alone."""
    build = subprocess.Popen([sys.executable, "-c", MARKED], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert build.stdout is not None
    away, own = map(int, build.stdout.readline().split())
    time.sleep(0.2)
    build.kill()
    # What is left alone holds the pipe: it is not read to its end.
    with build:
        pass
    try:
        wait_for(lambda: is_gone(away), 10)
        assert not is_gone(own)
    finally:
        os.kill(own, signal.SIGKILL)
