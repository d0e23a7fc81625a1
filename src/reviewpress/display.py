"""What a person sees while a build goes on: a live table on a terminal, plain lines elsewhere."""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewpress.errors import Problem

if TYPE_CHECKING:
    from rich.table import Table

    # For its type alone: a build of nothing new executes nothing.
    from reviewpress.notebooks.execute import ChapterEvent

_STEPS = {
    "execute": "Executing", "assemble": "Assembling", "check": "Checking", "render": "Rendering",
    "quarto": " ", "wait": "Waiting:", "edition": "Edition", "index": "Indexing",
}  # fmt: skip
_ENDLESS = re.compile(r"(\S{200})\S{100,}")
"""Words longer than any address: what an author typed by leaning on a key, say."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal would obey rather than show; it may come from a file that somebody sent."""
MOST = 50
"""So many problems of a rule in a file are shown; the rest is counted."""
_SHOWN = {"reused": "unchanged", "started": "running", "finished": "done", "failed": "failed"}


class PlainDisplay:
    """One line for each thing that happens, for logs and pipes."""

    def __enter__(self) -> "PlainDisplay":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def step(self, name: str, detail: str = "") -> None:
        """Say that a step begins."""
        self.say(f"{_STEPS.get(name, name)} {detail}".rstrip())

    def chapter(self, event: "ChapterEvent") -> None:
        """Say that a chapter was started, finished or failed; reused ones are not told."""
        if event.kind in ("started", "finished", "failed"):
            took = f" in {event.seconds:.1f} s" if event.kind != "started" else ""
            self.say(f"  {event.chapter}: {_SHOWN[event.kind]}{took}")

    def say(self, line: str) -> None:
        """Write a line to standard error."""
        print(line, file=sys.stderr, flush=True)


class LiveDisplay(PlainDisplay):
    """The chapters in work, each with its cell and the time it has taken."""

    def __init__(self) -> None:
        # Not with the module: rich takes long to load, and logs and pipes do without it.
        from rich.console import Console
        from rich.live import Live

        self._console = Console(stderr=True)
        self._running: dict[str, tuple[float, int | None, int | None]] = {}
        self._live = Live(
            get_renderable=self._table, console=self._console, transient=True, refresh_per_second=8
        )

    def __enter__(self) -> "LiveDisplay":
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def chapter(self, event: "ChapterEvent") -> None:
        """Follow a chapter from its start to its end."""
        name = str(event.chapter)
        if event.kind in ("started", "cell"):
            since = self._running.get(name, (time.monotonic(), None, None))[0]
            self._running[name] = (since, event.cell, event.cells)
            return
        self._running.pop(name, None)
        super().chapter(event)

    def say(self, line: str) -> None:
        """Write a line above the live table."""
        self._console.print(line, markup=False, highlight=False)

    def _table(self) -> "Table":
        from rich.table import Table  # as above

        table = Table.grid(padding=(0, 2))
        for name, (since, cell, cells) in sorted(self._running.items()):
            at = f"cell {cell} of {cells}" if cell and cells else "starting"
            table.add_row("  ⋯", name, at, f"{time.monotonic() - since:.0f} s")
        return table


def choose_display() -> PlainDisplay:
    """Return a live display where standard error is a terminal, a plain one otherwise."""
    return LiveDisplay() if sys.stderr.isatty() else PlainDisplay()


def limited(problems: Iterable[Problem]) -> tuple[list[Problem], list[str]]:
    """Return the problems to show one by one, and lines that count those which are too many."""
    shown: list[Problem] = []
    found: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        kind = (problem.severity, problem.rule, problem.where.file if problem.where else "")
        found[kind] += 1
        if found[kind] <= MOST:
            shown.append(problem)
    lines = [
        f"{severity}: {file}: … and {count - MOST:,} more of this kind.".replace(" : ", " ")
        for (severity, _, file), count in found.items()
        if count > MOST
    ]
    return shown, lines


def problem_texts(problems: Iterable[Problem]) -> list[str]:
    """Return problems as `problem_text` does, of each kind in each file so many at most."""
    shown, more = limited(problems)
    return [*map(problem_text, shown), *more]


def problem_text(problem: Problem) -> str:
    """Return a problem as the lines a person reads: what and where, then what to do."""
    where = f"{problem.where}: " if problem.where else ""
    message = _ENDLESS.sub(r"\1…", problem.message).replace("\n", "\n    ")
    lines = [f"{problem.severity}: {where}{message}"]
    if problem.hint:
        lines.append("    " + _ENDLESS.sub(r"\1…", problem.hint))
    return _UNSEEN.sub("�", "\n".join(lines))
