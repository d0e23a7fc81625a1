"""What is to be said of a chapter that ran: what it changed, opened or left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from reviewpress.errors import Place, Problem
from reviewpress.notebooks.outputs import shows_nothing
from reviewpress.notebooks.runs import Step
from reviewpress.notebooks.source import Notebook
from reviewpress.notebooks.source_guard import Change
from reviewpress.shapes import Plain, as_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

METADATA = "reviewpress"
"""The key of a notebook's and a cell's metadata that holds what we put there."""
INJECTED_TAG = "injected-parameters"
"""Papermill's tag of the cell that it puts in."""


class Opened(TypedDict):
    """A file that a cell opened past the review, as `kernel.finish` tells it."""

    path: str
    execution: int
    writing: bool


def read_change(data: Mapping[str, Plain]) -> Change:
    """Read a change of a source as the kernel's side tells it."""
    return Change(
        path=as_text(data["path"]),
        what=as_text(data["what"]),
        execution=int(as_text(data["execution"])),
        refused=bool(data["refused"]),
        able=bool(data.get("able", True)),
    )


class Made(TypedDict):
    """A figure or table that a cell made to be published, as `kernel.finish` tells it."""

    id: str
    execution: int


@dataclass(frozen=True, slots=True)
class ExecutedCell:
    """A cell of a notebook as papermill executed it."""

    kind: str
    source: str
    injected: bool
    outputs: tuple[Mapping[str, Plain], ...]
    values: tuple[Mapping[str, Plain], ...]
    """The live values in it: `expression`, `result`, `markdown` and `reads` of each."""

    @property
    def runs(self) -> bool:
        """Whether the kernel was given something to do."""
        return self.kind == "code" and bool(self.source.strip())


def executed_cells(notebook: NotebookNode) -> tuple[ExecutedCell, ...]:
    """Read the cells of an executed notebook; nobody else looks into nbformat's nodes."""
    return tuple(
        ExecutedCell(
            cell.cell_type,
            cell.source,
            INJECTED_TAG in cell.metadata.get("tags", ()),
            tuple(cell.get("outputs", ())),
            tuple(cell.metadata.get(METADATA, {}).get("values", ())),
        )
        for cell in notebook.cells
    )


def unpublished(
    drawn: Sequence[int], steps: list[Step], cells: Sequence[ExecutedCell]
) -> list[tuple[int, str, str]]:
    """Tell of figures that the chapter left open, at the step that drew them."""
    order = _executions(steps, cells)
    found = []
    for execution, count in sorted(Counter(drawn).items()):
        step = order[min(max(execution - 1, 0), len(order) - 1)] if order else len(steps)
        noun = "a figure" if count == 1 else f"{count} figures"
        hint = "Publish with review.figure(…), or close it."
        found.append((step, f"the cell draws {noun} that the chapter does not publish.", hint))
    return found


def never_shown(
    made: Sequence[Made],
    steps: Sequence[Step],
    cells: Sequence[ExecutedCell],
    notebook: Notebook,
) -> list[Problem]:
    """Return a problem for each figure and table that a cell made and no cell shows.

    A cell that is to show nothing, by its options or tags, is left alone: its author said so.
    """
    silent = {cell.number for cell in notebook.cells if shows_nothing(cell)}
    shown = "\n".join(text for step in steps for text in step.outputs)
    hint = "A cell shows what its last line is: let one cell end with it, without an assignment."
    return [
        Problem(
            "figure",
            f"{each['id']} is made and never shown, so that it is not published.",
            Place(notebook.name, cell=number),
            hint,
        )
        for each in made
        if f"#{each['id']}" not in shown
        and (number := _cell_of(each["execution"], cells)) not in silent
    ]


def changed_sources(
    changes: Sequence[Change],
    name: str,
    cells: Sequence[ExecutedCell],
    place: Place | None = None,
) -> list[Problem]:
    """Return a problem for each source that a cell changed, or was to change and went on.

    Each is told with the cell that ran, unless `place` is known.
    """
    found = []
    for each in changes:
        message = f"the cell {each.what} {each.path}, a source of the review."
        hint = "Nothing was changed: that was refused, though the cell went on."
        if not each.refused:
            by = "" if each.able else ", by something else than the cell"
            message = f"{each.path} was {each.what} while the cell ran{by}."
            hint = "Sources are never changed by a build. If you changed it yourself, build again."
        where = place or Place(name, cell=_cell_of(each.execution, cells))
        found.append(Problem("execution", message, where, hint))
    return found


def broken_streams(
    broken: Sequence[Mapping[str, Plain]], name: str, cells: Sequence[ExecutedCell]
) -> list[Problem]:
    """Return a problem for each stream that a cell left unusable, and for what else it took."""
    problems = []
    for each in broken:
        what = as_text(each["name"])
        message = f"the cell leaves {what} so that nothing can be written to it."
        hint = "Put it back at the end of the cell, or use contextlib.redirect_stdout."
        if what not in ("sys.stdout", "sys.stderr"):
            message = f"the cell takes from {what} what Python itself needs."
            hint = "Leave that as it is; importlib.reload(…) reads one module anew."
        place = Place(name, cell=_cell_of(int(as_text(each["execution"])), cells))
        problems.append(Problem("execution", message, place, hint))
    return problems


def _cell_of(execution: int, cells: Sequence[ExecutedCell]) -> int | None:
    """Return the number, as its author counts, of the cell that ran as one of so many."""
    numbers = []
    for number, cell in enumerate(cells):
        before = sum(each.injected for each in cells[:number])
        if cell.runs:
            numbers.append(number + 1 - before)
    return numbers[min(max(execution, 1), len(numbers)) - 1] if numbers else None


def unrecorded(
    opened: Sequence[Opened], steps: list[Step], cells: Sequence[ExecutedCell]
) -> list[tuple[int, str, str]]:
    """Tell of files of the review that were opened past it, at the step that did so."""
    order = _executions(steps, cells)
    found = []
    for each in opened:
        step = order[min(max(each["execution"] - 1, 0), len(order) - 1)] if order else 0
        if each["writing"]:
            message = f"the cell writes {each['path']}, which belongs to the review."
            hint = "Publish figures and tables with review.figure(…) and review.table(…)."
        else:
            message = f"the cell opens {each['path']} past the review."
            hint = f'Open it through review.path("{each["path"]}").'
        found.append((step, message, hint))
    return found


def _executions(steps: list[Step], cells: Sequence[ExecutedCell]) -> list[int]:
    """Return the step that each execution belongs to; injected parameters count with theirs."""
    code = [index for index, step in enumerate(steps) if step.kind != "value"]
    order: list[int] = []
    for cell in cells:
        if not cell.runs:
            continue
        again = order[-1] if order else code[0]
        order.append(again if cell.injected else code.pop(0))
    return order
