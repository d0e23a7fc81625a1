"""What is to be said of a chapter that ran: what it changed, opened or left behind."""

from collections.abc import Mapping, Sequence
from typing import Any

from reviewpress.errors import Place, Problem
from reviewpress.notebooks.runs import Step

INJECTED_TAG = "injected-parameters"
"""Papermill's tag of the cell that it puts in."""


def unpublished(count: int, steps: list[Step]) -> list[tuple[int, str, str]]:
    """Tell of figures that the chapter left open."""
    if not count:
        return []
    noun = "a figure" if count == 1 else f"{count} figures"
    hint = "Publish with review.figure(…), or close it."
    return [(len(steps), f"the chapter draws {noun} that it does not publish.", hint)]


def changed_sources(
    changes: Sequence[Mapping[str, Any]], name: str, cells: Sequence[Any]
) -> list[Problem]:
    """Return a problem for each source that a cell changed, or was to change and went on."""
    numbers = []
    for number, cell in enumerate(cells):
        before = sum(INJECTED_TAG in each.metadata.get("tags", ()) for each in cells[:number])
        if cell.cell_type == "code" and cell.source.strip():
            numbers.append(number + 1 - before)
    found = []
    for each in changes:
        at = numbers[min(max(each["execution"], 1), len(numbers)) - 1] if numbers else None
        message = f"the cell {each['what']} {each['path']}, a source of the review."
        hint = "Nothing was changed: that was refused, though the cell went on."
        if not each["refused"]:
            message = f"{each['path']} was {each['what']} while the cell ran."
            hint = "Sources are never changed by a build. If you changed it yourself, build again."
        found.append(Problem("execution", message, Place(name, cell=at), hint))
    return found


def unrecorded(
    opened: Sequence[Mapping[str, Any]], steps: list[Step], cells: list[Any]
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


def _executions(steps: list[Step], cells: list[Any]) -> list[int]:
    """Return the step that each execution belongs to; injected parameters count with theirs."""
    code = [index for index, step in enumerate(steps) if step.kind != "value"]
    order: list[int] = []
    for cell in cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        injected = INJECTED_TAG in cell.metadata.get("tags", ())
        order.append(order[-1] if injected and order else code[0] if injected else code.pop(0))
    return order
