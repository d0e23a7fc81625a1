"""What a person at a terminal sees while a build goes on: the chapters in work, live."""

import time

from rich.console import Console
from rich.live import Live
from rich.table import Table

from reviewpress.display import PlainDisplay
from reviewpress.notebooks.execute import ChapterEvent


class LiveDisplay(PlainDisplay):
    """The chapters in work, each with its cell and the time it has taken."""

    def __init__(self) -> None:
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

    def chapter(self, event: ChapterEvent) -> None:
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

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, (since, cell, cells) in sorted(self._running.items()):
            at = f"cell {cell} of {cells}" if cell and cells else "starting"
            table.add_row("  ⋯", name, at, f"{time.monotonic() - since:.0f} s")
        return table
