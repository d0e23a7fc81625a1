"""What a run computed and depended on, read out of the notebook that was executed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewpress.errors import Place, Problem, raise_all
from reviewpress.notebooks.identity import packages_of
from reviewpress.notebooks.outputs import read_outputs
from reviewpress.notebooks.run_warnings import (
    INJECTED_TAG,
    changed_sources,
    unpublished,
    unrecorded,
)
from reviewpress.notebooks.runs import Execution, Run, Step
from reviewpress.notebooks.source import PARAMETERS_TAG, Notebook


def record_run(notebook: Notebook, executed: Any) -> Execution:
    """Read what the kernel computed out of the executed notebook.

    Raises Problems where a cell displayed what cannot be published.
    """
    from reviewpress.notebooks.client import METADATA

    depended = executed.metadata[METADATA]
    cells = [c for c in executed.cells if INJECTED_TAG not in c.metadata.get("tags", ())]
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
            for value in done.metadata[METADATA]["values"]:
                made = Step("value", value["expression"], (value["markdown"],), value["result"])
                steps.append(made)
    raise_all([*problems, *changed_sources(depended["changes"], notebook.name, executed.cells)])
    warnings += unpublished(depended["unpublished"], steps)
    warnings += unrecorded(depended["unrecorded"], steps, executed.cells)
    return Execution(
        steps=tuple(steps),
        reads=depended["reads"],
        modules=depended["modules"],
        packages=packages_of(depended["imported"]),
        warnings=tuple(warnings),
    )


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
