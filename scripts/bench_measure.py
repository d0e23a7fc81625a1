"""Time commands, and the memory that they and everything they start take at once."""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way took in one situation: seconds of each round, and the peak in megabytes.

    `processor` is the processor time of the last round, of all that it started and waited for.
    `problem` says why there is no figure.
    """

    seconds: tuple[float, ...] = ()
    megabytes: float = 0.0
    problem: str = ""
    processor: float = 0.0

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        if not self.seconds:
            return "–"
        digits = 2 if self.median < 10 else 0
        told = f"{self.median:.{digits}f} s"
        if len(self.seconds) > 1:
            told += f" ({min(self.seconds):.{digits}f} to {max(self.seconds):.{digits}f})"
        return told


def together(rounds: Iterable[Measured]) -> Measured:
    """Return several rounds as one measurement."""
    found = list(rounds)
    failed = next((each for each in found if each.problem), None)
    if failed is not None:
        return failed
    seconds = tuple(second for each in found for second in each.seconds)
    return Measured(seconds, max((each.megabytes for each in found), default=0.0))


def measure(
    commands: Sequence[Command],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    memory: bool = False,
) -> Measured:
    """Run commands one after the other; a failure ends it and is told with its last words.

    Memory is looked at in a run of its own: that slows many processes down, one hardly.
    """
    start, before = time.perf_counter(), _processor_seconds()
    peak = 0.0
    for command in commands:
        with subprocess.Popen(
            list(command), cwd=folder, env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            watch = _Memory(process.pid) if memory else None
            said, _ = process.communicate()
            peak = max(peak, watch.end()) if watch else 0.0
        if process.returncode:
            words = " ".join(said.split()[-40:])
            return Measured(problem=f"`{Path(command[0]).name}` failed: {words}")
    taken = time.perf_counter() - start
    return Measured((taken,), peak, processor=_processor_seconds() - before)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Memory:
    """Looks ten times a second at a process and all its descendants (Linux; 0 elsewhere)."""

    def __init__(self, process: int) -> None:
        self._known = {process}
        self._peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Return the peak in megabytes."""
        self._ended.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while sys.platform == "linux" and not self._ended.wait(0.1):
            self._peak = max(self._peak, self._look())

    def _look(self) -> float:
        """Add up the memory of the family, what forked processes share counted once."""
        parents = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    fields = (folder / "stat").read_text().rpartition(")")[2].split()
                    parents[int(folder.name)] = int(fields[1])
                except (OSError, IndexError):
                    continue
        added = True
        while added:
            # A family member whose parent has ended is still one.
            more = {p for p, parent in parents.items() if parent in self._known} - self._known
            self._known |= more
            added = bool(more)
        return sum(_kilobytes(process) for process in self._known & parents.keys()) / 1024


def _kilobytes(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
