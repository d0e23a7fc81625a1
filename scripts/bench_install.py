"""Time from nothing to a rendered review: install, first review, first render; and what is large.

    python scripts/bench_install.py

Packages are fetched from the index that pip is set up for, none from pip's cache: so the time is
also that of the line to it.
"""

import shutil
import sys
from pathlib import Path

from bench_measure import Command, measure
from bench_peers import ROOT, record, stamp

PLACE = ROOT / ".reviewpress" / "bench" / "install"
LARGEST = 8


def main() -> None:
    """Print and record what each step takes, and the largest packages."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    place = PLACE / "environment"
    program = str(place / "bin" / "reviewpress")
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    render = [program, "render", "review", "--engine", "pandoc"]
    steps: dict[str, Command] = {
        "make an environment": [sys.executable, "-m", "venv", str(place)],
        "`pip install reviewpress`, nothing from pip’s cache": [*pip, str(ROOT)],
        "`reviewpress new review`": [program, "new", "review"],
        "`reviewpress render`, the first": render,
        "`reviewpress render`, nothing changed": render,
    }
    rows, seconds = ["| step | seconds | processor time |", "|---|---:|---:|"], 0.0
    for name, command in steps.items():
        found = measure([command], PLACE)
        if found.problem:
            raise SystemExit(f"{name}: {found.problem}")
        print(f"  {name}: {found}", file=sys.stderr, flush=True)
        rows.append(f"| {name} | {found.median:.1f} | {found.processor:.1f} |")
        if "nothing changed" not in name:
            seconds += found.median
    rows.append(f"| from nothing to the first rendered review | {seconds:.1f} | |")
    record("install", f"{stamp()}\n\n" + "\n".join([*rows, "", largest(place)]))


def largest(environment: Path) -> str:
    """Say how large an environment is, and which of its packages are the largest."""
    [packages] = environment.glob("lib/python*/site-packages")
    sizes = {path.name: _megabytes(path) for path in packages.iterdir()}
    first = sorted(sizes, key=lambda name: -sizes[name])[:LARGEST]
    named = ", ".join(f"{name} {sizes[name]:.0f} MB" for name in first)
    return f"The environment takes {_megabytes(environment):.0f} MB. The largest packages: {named}."


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.lstat().st_size for each in files if each.is_file()) / 1e6


if __name__ == "__main__":
    main()
