"""Chapters: execution by papermill, live values, and the store of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewpress.notebooks.execute import (
        ChapterEvent,
        Plan,
        execute_chapters,
        plan_execution,
    )
    from reviewpress.notebooks.runs import CellText, Run, Value, notebook_text
    from reviewpress.notebooks.source import declared_parameters

__all__ = [
    "CellText",
    "ChapterEvent",
    "Plan",
    "Run",
    "Value",
    "declared_parameters",
    "end_pointless_runs",
    "execute_chapters",
    "notebook_text",
    "plan_execution",
]

_HOMES = {
    "CellText": "runs",
    "ChapterEvent": "execute",
    "Plan": "execute",
    "Run": "runs",
    "Value": "runs",
    "declared_parameters": "source",
    "end_pointless_runs": "execute",
    "execute_chapters": "execute",
    "notebook_text": "runs",
    "plan_execution": "execute",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for: a kernel imports none of what runs kernels."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
