"""Notebooks that are moved in: their text as a review has it, or what they showed when last run."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from reviewpress.adopt.cells import not_described
from reviewpress.adopt.embeds import Embedded, closed_divs, put_all
from reviewpress.errors import ReportError
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.notebooks.labelled import is_picture
from reviewpress.shapes import Plain, as_list, as_mapping
from reviewpress.tidy import tidy_notebook, to_bytes

_HEADING = re.compile(r"^# \S", re.M)
_TITLED = re.compile(r"\A\s*---\n(?:.*\n)*?title:", re.M)
_FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1", re.M | re.S)

Convert = Callable[[Sequence[str], int], Sequence[str]]
"""Gives the lines of a cell of text as a review has them; its number is the notebook's."""


def notebook_at(file: Path, name: str) -> dict[str, Plain] | None:
    """Return a notebook's JSON; None where it is none."""
    try:
        return load_document(file, name)
    except ReportError:
        return None


def text_in(document: Mapping[str, Plain]) -> str:
    """Return the text of a notebook without its code."""
    found = [each for each in cells_of(document) if each.get("cell_type") != "code"]
    return "\n\n".join(map(text_of, found))


def titles_of(document: Mapping[str, Plain]) -> int:
    """Return how many titles a notebook has: above its text, or headings of level 1."""
    text = _FENCED.sub("", text_in(document))
    return 1 if _TITLED.match(text) else len(_HEADING.findall(text))


def converted_notebook(document: dict[str, Plain], convert: Convert, title: str) -> bytes:
    """Return a notebook with each cell of text converted, and a title where it has not one."""
    cells: list[Plain] = []
    for number, cell in enumerate(cells_of(document), start=1):
        if cell.get("cell_type") == "markdown":
            lines = convert(closed_divs(text_of(cell)).split("\n"), number)
            cell = {**cell, "source": "\n".join(lines).strip("\n").splitlines(keepends=True)}
        elif _shows_picture(cell) and "fig-alt" not in text_of(cell):
            cell = {**cell, "source": described(text_of(cell)).splitlines(keepends=True)}
        cells.append(cell)
    if title:
        source = ["---\n", f"title: {json.dumps(title, ensure_ascii=False)}\n", "---"]
        cells.insert(0, {"cell_type": "raw", "id": "title", "metadata": {}, "source": source})
    return to_bytes(tidy_notebook({**document, "cells": cells}))


def described(code: str) -> str:
    """Return code whose picture says that it is not described yet."""
    return f"#| fig-alt: {json.dumps(not_described(''))}\n{code}"


def stored_text(file: Path, name: str) -> Embedded:
    """Return a notebook as text: its words, its code, and what it showed when it was last run.

    Pictures come with it, by name beside the chapter.
    """
    made = Embedded()
    put_all(file, PurePosixPath(name).name, made)
    return made


def _shows_picture(cell: Mapping[str, Plain]) -> bool:
    """Say whether a cell showed a picture when it was last run."""
    return any(is_picture(as_mapping(each)) for each in as_list(cell.get("outputs")))
