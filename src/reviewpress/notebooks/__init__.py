"""Chapters: execution by papermill, live values, and the store of runs."""

from reviewpress.notebooks.execute import ChapterEvent, execute_chapters
from reviewpress.notebooks.runs import CellText, Run, Value, notebook_text
from reviewpress.notebooks.source import declared_parameters

__all__ = [
    "CellText",
    "ChapterEvent",
    "Run",
    "Value",
    "declared_parameters",
    "execute_chapters",
    "notebook_text",
]
