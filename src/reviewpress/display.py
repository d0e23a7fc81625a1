"""What a person sees while a build goes on: a live table on a terminal, plain lines elsewhere."""

import sys
from typing import TYPE_CHECKING

from reviewpress.errors import Problem

if TYPE_CHECKING:
    # For its type alone: a build of nothing new executes nothing.
    from reviewpress.notebooks.execute import ChapterEvent

_STEPS = {
    "execute": "Executing", "assemble": "Assembling", "check": "Checking", "render": "Rendering",
    "quarto": " ", "wait": "Waiting:",
}  # fmt: skip
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


def choose_display() -> PlainDisplay:
    """Return a live display where standard error is a terminal, a plain one otherwise."""
    if not sys.stderr.isatty():
        return PlainDisplay()
    # Not with the module: rich takes long to load, and logs and pipes do without it.
    from reviewpress.live_display import LiveDisplay

    return LiveDisplay()


def problem_text(problem: Problem) -> str:
    """Return a problem as the lines a person reads: what and where, then what to do."""
    where = f"{problem.where}: " if problem.where else ""
    message = problem.message.replace("\n", "\n    ")
    lines = [f"{problem.severity}: {where}{message}"]
    if problem.hint:
        lines.append(f"    {problem.hint}")
    return "\n".join(lines)
