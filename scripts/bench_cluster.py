"""Time a build on one machine, and handed to the workers of a scheduler on the same machine.

    python scripts/bench_cluster.py --editions 500 --chapters 200 --workers 1,2,4

More workers than processors gain nothing here; what it shows is what handing over costs, and how
the work is shared. Each way makes the same files, which is looked at.
"""

import argparse
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench_measure import Measured, measure
from bench_peers import ROOT, record, stamp

PLACE = ROOT / ".reviewpress" / "bench" / "cluster"
BIN = Path(sys.executable).parent
RENDER = [str(BIN / "reviewpress"), "render", "--engine", "pandoc"]
_PARAMETER = "# Declared for the table of editions.\narea = ''\n"


def main() -> None:
    """Print and record the seconds of each way for both reviews."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--editions", type=int, default=500)
    parser.add_argument("--chapters", type=int, default=200)
    parser.add_argument("--workers", default="1,2,4")
    given = parser.parse_args()
    counts = [0, *map(int, given.workers.split(","))]
    shutil.rmtree(PLACE, ignore_errors=True)
    rows: list[str] = []
    large = [sys.executable, str(ROOT / "tests/generators/large_review.py")]
    sizes = ["--chapters", str(given.chapters), "--papers", str(10 * given.chapters),
             "--references", str(50 * given.chapters)]  # fmt: skip
    for name in (f"one review of {given.chapters} chapters", f"{given.editions} editions"):
        found: list[Measured] = []
        for count in counts:
            # Of one name for all: a new review is called as its folder is.
            folder = PLACE / f"{len(rows)}-{count}" / "review"
            if "editions" in name:
                subprocess.run([str(BIN / "reviewpress"), "new", str(folder)], check=True)
                more = ["--matrix", str(_write_table(folder, given.editions))]
            else:
                subprocess.run([*large, str(folder), *sizes], check=True)
                more = []
            found.append(_timed(folder, more, count))
            said = found[-1].problem or found[-1]
            print(f"  {name}, {count} workers: {said}", file=sys.stderr, flush=True)
            _compare(PLACE / f"{len(rows)}-0" / "review" / "_output", folder / "_output")
        rows.append(f"| {name} | {' | '.join(map(str, found))} |")
    head = ["made", "without a cluster", *(f"workers: {count}" for count in counts[1:])]
    table = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *rows]
    record("cluster", f"{stamp()}\n\n" + "\n".join(table))


def _timed(folder: Path, more: list[str], workers: int) -> Measured:
    if not workers:
        return measure([[*RENDER, *more]], folder)
    with _scheduler(folder, workers) as address:
        return measure([[*RENDER, *more, "--scheduler", address]], folder)


def _write_table(folder: Path, editions: int) -> Path:
    """Write a table of editions, and let two chapters of the review depend on it."""
    table = folder / "areas.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["area"], *([f"Area {n}"] for n in range(editions))])
    for path in sorted((folder / "chapters").glob("*.ipynb"))[:2]:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cell = {
            "cell_type": "code", "id": "parameters", "metadata": {"tags": ["parameters"]},
            "execution_count": None, "outputs": list[str](), "source": _PARAMETER,
        }  # fmt: skip
        notebook["cells"].insert(1, cell)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return table


@contextmanager
def _scheduler(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and workers of one thread, on loopback; end them at the end."""
    place = folder.with_name(f"{folder.name}-machines")
    place.mkdir()
    file = place / "scheduler.json"
    module = [sys.executable, "-m"]
    commands = [
        [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
         "--scheduler-file", str(file), "--no-dashboard", "--no-show"],
        *([*module, "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-nanny",
           "--nthreads", "1", "--no-dashboard", "--local-directory", str(place / str(n))]
          for n in range(workers)),
    ]  # fmt: skip
    processes = []
    try:
        for command in commands:
            processes.append(
                subprocess.Popen(
                    command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )  # fmt: skip
            while not file.exists():
                time.sleep(0.1)
        time.sleep(5)
        yield str(json.loads(file.read_text(encoding="utf-8"))["address"])
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _compare(one: Path, other: Path) -> None:
    """Stop where two ways made different files."""
    if one != other:
        subprocess.run(["diff", "--recursive", "--brief", str(one), str(other)], check=True)


if __name__ == "__main__":
    main()
