"""What a run computed and depended on, read out of the notebook that was executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from reviewpress.errors import Place, Problem, raise_all
from reviewpress.notebooks.dataflow import OUTPUT
from reviewpress.notebooks.identity import packages_of
from reviewpress.notebooks.outputs import read_outputs
from reviewpress.notebooks.run_warnings import (
    METADATA,
    ExecutedCell,
    Made,
    Opened,
    changed_sources,
    executed_cells,
    never_shown,
    read_change,
    unpublished,
    unrecorded,
)
from reviewpress.notebooks.runs import Execution, Lineage, Run, Step
from reviewpress.notebooks.source import PARAMETERS_TAG, Notebook
from reviewpress.shapes import Plain, as_text
from reviewpress.tables.lineage import read_lineage

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Finish(TypedDict):
    """What `kernel.finish` says that a run depended on."""

    reads: dict[str, str]
    modules: dict[str, str]
    imported: list[str]
    unrecorded: list[Opened]
    unpublished: list[int]
    made: list[Made]
    changes: list[dict[str, Plain]]
    claims: dict[str, str | None]
    lineage: NotRequired[dict[str, Plain]]


_OF_VALUE = ("expression", "markdown", "result")


def record_run(notebook: Notebook, executed: NotebookNode) -> Execution:
    """Read what the kernel computed out of the executed notebook.

    Raises Problems where a cell displayed what cannot be published.
    """
    depended: Finish = executed.metadata[METADATA]
    changes = [read_change(change) for change in depended["changes"]]
    everything = executed_cells(executed)
    cells = [cell for cell in everything if not cell.injected]
    steps: list[Step] = []
    problems: list[Problem] = []
    warnings: list[tuple[int, str, str]] = []
    for cell, done in zip(notebook.cells, cells, strict=True):
        if cell.runs:
            shown = read_outputs(cell, done.outputs, notebook)
            problems += [p for p in shown.problems if p.severity == "error"]
            said = [p for p in shown.problems if p.severity == "warning"]
            warnings += [(len(steps), p.message, p.hint) for p in said]
            kind = "parameters" if PARAMETERS_TAG in cell.tags else "code"
            steps.append(Step(kind, cell.source, shown.markdown))
        elif cell.kind == "markdown":
            for value in done.values:
                source, text, plain = (as_text(value[name]) for name in _OF_VALUE)
                reads = read_lineage(value.get("reads", []))
                steps.append(Step("value", source, (text,), plain, reads))
    raise_all([*problems, *changed_sources(changes, notebook.name, everything)])
    raise_all(never_shown(depended["made"], steps, everything, notebook))
    warnings += unpublished(depended["unpublished"], steps, everything)
    warnings += unrecorded(depended["unrecorded"], steps, everything)
    return Execution(
        steps=tuple(steps),
        reads=depended["reads"],
        modules=depended["modules"],
        packages=packages_of(depended["imported"]),
        warnings=tuple(warnings),
        claims=depended["claims"],
        lineage=_lineage(depended.get("lineage", {}), everything),
    )


def _lineage(told: Mapping[str, Plain], cells: Sequence[ExecutedCell]) -> dict[str, Lineage]:
    """Return the lineage of what was published; outputs are called by the cell's own number."""
    numbers = {}
    count = executions = 0
    for cell in cells:
        count += not cell.injected
        if cell.runs:
            executions += 1
            numbers[f"{OUTPUT}{executions}"] = f"{OUTPUT}{count}"
    return {numbers.get(id, id): read_lineage(reads) for id, reads in told.items()}


def repeated_figures(runs: Mapping[Path, Run]) -> list[Problem]:
    """Return a problem for each figure or table that two chapters publish under one id."""
    owners: dict[str, Path] = {}
    problems = []
    for path, run in runs.items():
        for name in run.figures:
            if name in owners:
                message = f"{name} is published by {owners[name].name} too."
                where = Place(run.chapter)
                problems.append(Problem("figure", message, where, "Give one another id."))
            owners.setdefault(name, path)
    return problems
