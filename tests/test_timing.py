"""How long what people wait for may take, in seconds: `make timing`, where nothing else runs.

All other tests may run beside anything: they count, or compare two measurements.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from reviewpress.store.pruning import prune_store

pytestmark = pytest.mark.timed

REPOSITORY = Path(__file__).resolve().parents[1]
GENERATORS = REPOSITORY / "tests" / "generators"


def run(*command: str | Path, cwd: Path = REPOSITORY) -> str:
    """Run Python with these arguments; return what it printed."""
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=True).stdout


def children_time(act: Callable[[], Any]) -> float:
    """Return the processor time of the processes that `act` starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_help_answers_at_once() -> None:
    """`reviewpress --help` takes less than 0.3 s, the new process included."""
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        run("-m", "reviewpress.cli", "--help")
        seconds.append(time.perf_counter() - start)
    assert median(seconds) < 0.3, seconds


def test_the_flagship_loads_in_half_a_second() -> None:
    """Everything of this review, loaded and validated, all tables included."""
    found = [json.loads(run(GENERATORS / "measure_load.py", REPOSITORY))[1] for _ in range(5)]
    assert median(found) < 0.5, found
    assert max(found) < 1, found


def test_five_thousand_papers_load_in_ten_seconds(tmp_path: Path) -> None:
    """With 10,000 references beside them."""
    sizes = ["--papers", "5000", "--references", "10000", "--chapters", "6"]
    run(GENERATORS / "large_review.py", tmp_path / "large", *sizes)
    assert json.loads(run(GENERATORS / "measure_load.py", tmp_path / "large"))[1] < 10


def test_four_thousand_records_are_imported_in_six_seconds(tmp_path: Path) -> None:
    """That is a fifth of what 20,000 may take, which `make bench` measures."""
    root = shutil.copytree(REPOSITORY / "tests" / "projects" / "minimal", tmp_path / "review")
    run(GENERATORS / "large_export.py", tmp_path / "4000.ris", "--records", "4000")
    found = json.loads(run(GENERATORS / "measure_import.py", root, tmp_path / "4000.ris"))
    assert found[1] < 6


def test_nothing_changed_takes_less_than_half_a_second(flagship: dict[str, Path]) -> None:
    """`reviewpress render` of the whole flagship, both editions: processor time, best of five."""
    words = ["render", "--profile", "report,summary", "--engine", "pandoc"]
    root = flagship["report"].parents[1]
    call = ["-m", "reviewpress.cli", *words]
    found = [children_time(lambda: run(*call, cwd=root)) for _ in range(5)]
    assert min(found) < 0.5, found


def test_looking_through_the_store_takes_no_time(tmp_path: Path) -> None:
    """With as much kept as a review of 40 chapters has after many builds: under 20 ms."""
    for kind in ("chapters", "pages", "typst"):
        for number in range(700):
            path = tmp_path / kind / f"{number:04x}"[:2] / f"{number}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    seconds = []
    for _ in range(5):
        (tmp_path / "pruned").unlink(missing_ok=True)
        started = time.process_time()
        assert prune_store(tmp_path) == 0
        seconds.append(time.process_time() - started)
    assert median(seconds) < 0.02, seconds
