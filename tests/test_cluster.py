"""Tasks handed to a real scheduler and its workers, on loopback, which the tests start and stop."""

import filecmp
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import distributed
import psutil
import pytest

from reviewpress import errors
from reviewpress.cluster.parcels import Parcel, arrive, leave
from reviewpress.cluster.scheduler import on_cluster
from reviewpress.programs.typesetting import NotTypeset
from reviewpress.store.versions import PACKAGE
from reviewpress.tasks import Folder

RENDER = [sys.executable, "-m", "reviewpress.cli", "render", "--engine", "pandoc"]
CHAPTER = "chapters/findings.ipynb"
SLOW_AT_FIRST = """\
import os, time
first = not [name for name in os.listdir({log!r}) if name[0] == str(number)]
open(f"{log}/{{number}}-{{os.getpid()}}", "w").close()
time.sleep(60 if number == 0 and first else 0)
"""
MARKED = """\
import os, time
with open({mark!r}, "w") as file:
    file.write(str(os.getpid()))
time.sleep(90)
"""
QUIET = ["--no-dashboard", "--no-show"]


@dataclass
class Machines:
    """A scheduler, and the workers that were started for it."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, *, threads: int = 1, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until the scheduler has it."""
        before = len(self.workers())
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--no-nanny"]
        command += ["--nthreads", str(threads), "--no-dashboard"]
        command += ["--local-directory", str(self.folder / f"worker-{before}")]
        worker = _start(command, self.folder / f"worker-{before}.log", environment)
        self.started.append(worker)
        assert wait_for(lambda: len(self.workers()) > before, 120)
        return worker

    def workers(self) -> dict[str, Any]:
        """Return the workers that the scheduler has, by address."""
        return self.asked(lambda dask_scheduler: [*dask_scheduler.workers])

    def count_tasks(self) -> None:
        """Let the scheduler count the tasks of each kind that workers do."""

        def count(dask_scheduler: Any) -> None:
            ended: dict[str, int] = {}

            class Counting(distributed.SchedulerPlugin):  # type: ignore[misc]
                def __init__(self) -> None:
                    self.ended = ended

                def transition(self, key: str, start: str, finish: str, **_: object) -> None:
                    if (start, finish) == ("processing", "memory"):
                        kind = key.split("-")[1]
                        ended[kind] = ended.get(kind, 0) + 1

            dask_scheduler.add_plugin(Counting(), name="counting")

        self.asked(count)

    def tasks(self) -> dict[str, int]:
        """Return what it has counted."""
        found = self.asked(lambda dask_scheduler: dask_scheduler.plugins["counting"].ended)
        return dict(found)

    def asked(self, question: Callable[..., Any]) -> Any:
        """Return what the scheduler answers."""
        with distributed.Client(self.address, set_as_default=False) as client:
            return client.run_on_scheduler(question)


def _start(
    command: list[str], log: Path, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            command, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, start_new_session=True,
        )  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(found: Callable[[], Any], patience: float = 60) -> Any:
    """Return what `found` finds as soon as it finds something, or what it found at the end."""
    end = time.monotonic() + patience
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


@contextmanager
def scheduler(folder: Path) -> Iterator[Machines]:
    """Start a scheduler on a free port of loopback, and end all at the end."""
    folder.mkdir()
    file = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    command += ["--port", "0", "--scheduler-file", str(file), *QUIET]
    process = _start(command, folder / "scheduler.log")
    started: list[subprocess.Popen[bytes]] = []
    try:
        # The file is there before all of it is written.
        found = wait_for(
            lambda: file.is_file() and file.read_text("utf-8").rstrip().endswith("}"), 120
        )
        assert found, (folder / "scheduler.log").read_text("utf-8")
        machines = Machines(json.loads(file.read_text("utf-8"))["address"], folder, process)
        started = machines.started
        yield machines
    finally:
        for worker in started:
            _end(worker)
        _end(process)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """A scheduler without workers."""
    with scheduler(tmp_path / "machines") as found:
        yield found


def render(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RENDER, *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )


def put_code(root: Path, code: str, chapter: str = CHAPTER) -> None:
    """Let a chapter begin with some code."""
    notebook = json.loads((root / chapter).read_text("utf-8"))
    cell = {"cell_type": "code", "id": "put", "metadata": {}, "execution_count": None,
            "outputs": [], "source": code}  # fmt: skip
    notebook["cells"].insert(1, cell)
    (root / chapter).write_text(json.dumps(notebook), encoding="utf-8")


def put_chapters(root: Path, code: str, count: int = 4) -> None:
    """Give the report chapters that do nothing but run some code."""
    profile = root / "_quarto-report.yml"
    listed = f"    - {CHAPTER}\n"
    more = ""
    for number in range(count):
        cells = [
            {"cell_type": "markdown", "id": "title", "metadata": {},
             "source": f"# More {number} {{#sec-more-{number}}}"},
            {"cell_type": "code", "id": "code", "metadata": {}, "execution_count": None,
             "outputs": [], "source": f"number = {number}\n{code}"},
        ]  # fmt: skip
        document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        name = f"chapters/more-{number}.ipynb"
        (root / name).write_text(json.dumps(document), encoding="utf-8")
        more += f"    - {name}\n"
    text = profile.read_text("utf-8")
    assert listed in text
    profile.write_text(text.replace(listed, listed + more), encoding="utf-8")


def differing(one: Path, other: Path) -> list[str]:
    """Return the files in which two folders differ."""
    found = filecmp.dircmp(one, other, ignore=[])
    names = [*found.left_only, *found.right_only]
    _, differ, wrong = filecmp.cmpfiles(one, other, found.common_files, shallow=False)
    names += [*differ, *wrong]
    return names + [
        f"{name}/{each}"
        for name in found.common_dirs
        for each in differing(one / name, other / name)
    ]


def test_one_machine_one_worker_and_three_make_the_same_bytes(project: Any, tmp_path: Path) -> None:
    """And each chapter, page and file of an edition is a task of its own."""
    made = []
    for count in (0, 1, 3):
        formats = ("html", "typst", "docx")
        root = project(runs=False, folder=f"review-{count}", formats=formats)
        if not count:
            assert render(root).returncode == 0
        else:
            with scheduler(tmp_path / f"machines-{count}") as machines:
                machines.count_tasks()
                for _ in range(count):
                    machines.start_worker()
                done = render(root, "--scheduler", machines.address)
                kinds = machines.tasks()
            assert done.returncode == 0, done.stderr
            # Each chapter is a page, and a part of the PDF and of the Word file, which has one more
            # for what is before them.
            assert kinds.pop("files") > 0
            assert kinds == {"run": 1, "page": 3, "part": 7, "pdf": 1, "word": 1}
        made.append(root / "_output/report")
    assert not differing(made[0], made[1])
    assert not differing(made[0], made[2])


def test_a_worker_that_is_killed_costs_its_own_tasks_again(
    project: Any, machines: Machines, tmp_path: Path
) -> None:
    """Nothing else is done twice, and the edition is what it would have been."""
    root = project(runs=False)
    log = tmp_path / "executed"
    log.mkdir()
    put_chapters(root, SLOW_AT_FIRST.format(log=str(log)))
    workers = [machines.start_worker(), machines.start_worker()]
    said = tmp_path / "said"
    process = _start([*RENDER, "--scheduler", machines.address, str(root)], said)
    # All others are done when the worker of chapter 0 ends: these, and the one of the review.

    def is_alone() -> bool:
        told = said.read_text("utf-8")
        count = re.search(r"Executing (\d+) notebooks", told)
        begun = [*log.glob("0-*")]
        return bool(begun and count) and told.count("done in") == int(count[1]) - 1

    assert wait_for(is_alone, 120)
    [first] = log.glob("0-*")
    above = psutil.Process(int(first.name[2:])).parents()
    [killed] = [each for each in workers if each.pid in {parent.pid for parent in above}]
    os.killpg(killed.pid, signal.SIGKILL)
    assert process.wait(180) == 0, said.read_text("utf-8")
    executed = Counter(path.name[0] for path in log.iterdir())
    assert executed == {"0": 2, "1": 1, "2": 1, "3": 1}
    assert not psutil.pid_exists(int(first.name[2:]))


def test_what_is_wrong_is_told_as_on_one_machine(project: Any, machines: Machines) -> None:
    """A cell that raises: the same words, the same place, status 1."""
    root = project(runs=False)
    put_code(root, "homes = 3\nhomes / 0")
    alone = render(root)
    machines.start_worker()
    together = render(root, "--scheduler", machines.address)
    assert alone.returncode == together.returncode == 1

    def told(said: str) -> list[str]:
        return [line for line in said.splitlines() if "error" in line or "Division" in line]

    assert told(alone.stderr) == told(together.stderr)
    assert "cell 2" in "".join(told(together.stderr))


def test_who_waits_for_one_task_gives_up_no_other(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask gathers for all who ask at a time: one that stops to ask must not stop the others."""
    for _ in range(2):
        machines.start_worker()
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "data.csv").write_bytes(b"1,2\n" * 50_000)
    monkeypatch.setattr("reviewpress.cluster.scheduler._LOOK", 0.003)
    with on_cluster(machines.address, say=print) as cluster, ThreadPoolExecutor(4) as pool:
        given = Folder(tmp_path / "given")
        read = [
            pool.submit(cluster.do, "part", Path.read_bytes, [given], given.path / "data.csv")
            for _ in range(40)
        ]
        assert {len(each.result()) for each in read} == {200_000}


def test_a_worker_with_another_package_is_refused(
    project: Any, machines: Machines, tmp_path: Path
) -> None:
    """It is named, with what differs, and nothing is made."""
    other = tmp_path / "other"
    shutil.copytree(PACKAGE, other / "reviewpress", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "reviewpress/rules.py").open("a", encoding="utf-8") as file:
        file.write("# Another state of the package.\n")
    machines.start_worker(PYTHONPATH=str(other))
    root = project(runs=False)
    done = render(root, "--scheduler", machines.address)
    assert done.returncode == 2
    [worker] = machines.workers()
    assert f"the worker {worker} is another: reviewpress " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_without_the_package_is_refused(
    project: Any, machines: Machines, tmp_path: Path
) -> None:
    """The message says what it lacks."""
    (tmp_path / "reviewpress").mkdir()
    (tmp_path / "reviewpress/__init__.py").write_text("raise ImportError('not here')\n")
    machines.start_worker(PYTHONPATH=str(tmp_path))
    done = render(project(runs=False), "--scheduler", machines.address)
    assert done.returncode == 2
    assert "no reviewpress" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9."),
        ("nowhere.json", "there is no scheduler file nowhere.json."),
        ("carrier-pigeon://roof", '"carrier-pigeon://roof" is not the address of a scheduler'),
    ],
)
def test_an_address_where_nobody_answers(project: Any, address: str, said: str) -> None:
    """One message, no traceback; the key in `_quarto.yml` is the same, refused with its line."""
    root = project(runs=False)
    done = render(root, "--scheduler", address)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    config = root / "_quarto.yml"
    text = config.read_text("utf-8")
    assert "reviewpress:\n" in text
    config.write_text(text.replace("reviewpress:\n", f"reviewpress:\n  scheduler: {address}\n"))
    refused = '"scheduler" takes an address' if "pigeon" in address else said
    assert refused in render(root).stderr


def test_an_edition_that_is_up_to_date_needs_no_scheduler(project: Any) -> None:
    """Nobody is asked for what need not be done."""
    root = project()
    assert render(root).returncode == 0
    done = render(root, "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 0
    assert "is up to date" in done.stdout


def test_an_interrupted_build_ends_what_workers_do(
    project: Any, machines: Machines, tmp_path: Path
) -> None:
    """Ctrl-C ends the command soon, and the kernel on the worker with it."""
    mark = tmp_path / "begun"
    root = project(runs=False)
    put_code(root, MARKED.format(mark=str(mark)))
    machines.start_worker()
    process = subprocess.Popen(
        [*RENDER, "--scheduler", machines.address], cwd=root, stderr=subprocess.PIPE, text=True
    )
    assert wait_for(lambda: mark.is_file() and mark.read_text(), 120)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=40)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    kernel = Path("/proc", mark.read_text())
    assert wait_for(lambda: not kernel.exists() or "zombie" in (kernel / "status").read_text(), 30)


def test_a_scheduler_that_ends_is_one_message(
    project: Any, machines: Machines, tmp_path: Path
) -> None:
    """The edition is what it was, and nothing of Dask's own is printed."""
    mark = tmp_path / "begun"
    root = project(runs=False)
    put_code(root, MARKED.format(mark=str(mark)))
    machines.start_worker()
    process = subprocess.Popen(
        [*RENDER, "--scheduler", machines.address], cwd=root, stderr=subprocess.PIPE, text=True
    )
    assert wait_for(lambda: mark.is_file() and mark.read_text(), 120)
    _end(machines.process)
    _, said = process.communicate(timeout=90)
    assert process.returncode == 2
    assert f"the scheduler at {machines.address} does not answer any more." in said
    assert "Traceback" not in said
    assert "distributed" not in said


def test_a_folder_travels_by_its_content(tmp_path: Path) -> None:
    """What is hidden, an edition and what others made stays; equal content has an equal name."""
    files = {
        "a.txt": "a", "deep/b.txt": "b", ".git/x": "x", "node_modules/y": "y",
        "_output/report/.reviewpress-edition": "", "_output/report/index.html": "h",
    }  # fmt: skip
    digests = []
    for name in ("one", "two"):
        for path, text in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text, encoding="utf-8")
        parcel = Parcel.of(Folder(tmp_path / name))
        assert dict(parcel.files()) == {"a.txt": b"a", "deep/b.txt": b"b"}
        digests.append(parcel.digest)
    (tmp_path / "two/a.txt").write_text("changed", encoding="utf-8")
    assert digests[0] == digests[1] != Parcel.of(Folder(tmp_path / "two")).digest


def test_paths_of_a_task_are_those_of_its_folders(tmp_path: Path) -> None:
    """In lists and mappings too; the innermost folder counts; a path elsewhere is a mistake."""
    outer, inner = tmp_path / "review", tmp_path / "review/fonts"
    given = [{"file": outer / "a.qmd"}, (inner / "serif.otf", "words", 3)]
    there = arrive(leave(given, [outer, inner]), [Path("/1"), Path("/2")])
    assert there == [{"file": Path("/1/a.qmd")}, (Path("/2/serif.otf"), "words", 3)]
    with pytest.raises(ValueError, match="in no folder"):
        leave(tmp_path / "elsewhere", [outer])


def test_errors_come_back_as_they_were() -> None:
    """Of every kind that a task can raise, with place and hint."""
    place = errors.Place("chapters/a.ipynb", cell=3)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    plain = [
        kind("what is wrong.", place, "What to do.")
        for kind in kinds
        if issubclass(kind, errors.ReportError) and kind not in (errors.Problems, errors.OutOfTime)
    ]
    assert len(plain) > 8
    problems = errors.Problems(error.problems[0] for error in plain)
    for error in [*plain, problems, errors.OutOfTime("Typst", 9, place), NotTypeset("no", 4, "h")]:
        back = pickle.loads(pickle.dumps(error))
        assert type(back) is type(error)
        assert (back.problems, str(back)) == (error.problems, str(error))
