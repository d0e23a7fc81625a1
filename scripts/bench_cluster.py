"""Time a build on one machine, and handed to the workers of a scheduler on the same machine.

    python scripts/bench_cluster.py --editions 500 --chapters 200 --workers 1,2,4
    python scripts/bench_cluster.py --editions 50 --chapters 0 --workers 4

More workers than processors gain nothing here; what it shows is what handing over costs, and how
the work is shared. Each way makes the same files, which is looked at. From the processor time of
the command, with workers and without, it says what 10,000 editions would take on 100 workers.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
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
    parser.add_argument("--editions", type=int, default=500, help="0 for none")
    parser.add_argument("--chapters", type=int, default=200, help="of one review; 0 for none")
    parser.add_argument("--workers", default="1,2,4", help="how many, one run for each")
    given = parser.parse_args()
    # Else the scheduler and its workers would live on where this is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    counts = [0, *map(int, filter(None, given.workers.split(",")))]
    shutil.rmtree(PLACE, ignore_errors=True)
    reviews = []
    if given.chapters:
        reviews.append(
            (f"one review of {given.chapters} chapters", partial(_large, given.chapters))
        )
    if given.editions:
        reviews.append((f"{given.editions} editions", partial(_many, given.editions)))
    rows, found = [], list[Measured]()
    for name, make in reviews:
        found = [_made(name, make, count) for count in counts]
        rows.append(f"| {name} | {' | '.join(map(str, found))} |")
        used = " | ".join(f"{each.processor:.0f} s" for each in found)
        rows.append(f"| processor time of the command itself | {used} |")
    head = ["made", "without a cluster", *(f"workers: {count}" for count in counts[1:])]
    table = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *rows]
    if given.editions and counts[1:] and not any(each.problem for each in found):
        table += ["", estimate(given.editions, found[0].processor, found[-1].processor)]
    record("cluster", f"{stamp()}\n\n" + "\n".join(table))


def estimate(editions: int, alone: float, handing: float, *, many: int = 10_000,
             workers: int = 100) -> str:  # fmt: skip
    """Say what many editions take on many workers, from the processor time that some took.

    `alone` is that of a build on one machine, `handing` that of one whose tasks workers did.

    >>> print(estimate(10, 10.0, 2.0, many=100, workers=2).partition(": ")[2])
    100 × max(0.8 s ÷ 2, 0.2 s) = 40 s. The workers give way first.
    """
    own = handing / editions
    handed = max(alone - handing, 0.0) / editions
    seconds = many * max(handed / workers, own)
    minutes = f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"
    first = "The workers give" if handed / workers > own else "The machine that builds gives"
    most = handed / own if own else 0
    more = "" if first.startswith("The w") or most < 1 else f": it keeps {most:.0f} workers busy"
    return (
        f"On paper, {many:,} editions on {workers} workers of one thread, where one processor of"
        f" the machine that builds is always busy: {many:,} × max({handed:.2g} s ÷ {workers},"
        f" {own:.2g} s) = {minutes}. {first} way first{more}."
    )


def _made(name: str, make: Callable[[Path], list[str]], workers: int) -> Measured:
    """Make a review in one way, and look whether its files are those of one machine."""
    # Of one name for all: a new review is called as its folder is.
    place = PLACE / name.replace(" ", "-")
    folder = place / str(workers) / "review"
    found = _timed(folder, make(folder), workers)
    print(f"  {name}, {workers} workers: {found.problem or found}", file=sys.stderr, flush=True)
    if not found.problem:
        _compare(place / "0" / "review" / "_output", folder / "_output")
    return found


def _large(chapters: int, folder: Path) -> list[str]:
    generator = [sys.executable, str(ROOT / "tests/generators/large_review.py"), str(folder)]
    sizes = ["--chapters", str(chapters), "--papers", str(10 * chapters)]
    references = ["--references", str(50 * chapters)]
    subprocess.run([*generator, *sizes, *references], check=True, stdout=sys.stderr)
    return []


def _many(editions: int, folder: Path) -> list[str]:
    new = [str(BIN / "reviewpress"), "new", str(folder)]
    subprocess.run(new, check=True, stdout=sys.stderr)
    return ["--matrix", str(_write_table(folder, editions))]


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
