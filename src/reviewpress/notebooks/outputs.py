"""What a cell displayed, as the Markdown that is published.

A published figure or table displays Markdown of its own. What a notebook displays on a screen
only (a data frame as HTML, a picture without alt text) is refused with the way to publish it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewpress.errors import Problem
from reviewpress.notebooks.labelled import BARE_FRAME, MARKDOWN, is_picture
from reviewpress.notebooks.source import Cell, Notebook
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.tables.cells import shorten

_PLACE = re.compile(r"^(?:(?:<[^>]*>|\S*ipykernel_\d+\S*?\.py):(\d+)|.*?\.py:\d+): ")
"""Where a warning arose: in a line of the cell, as the kernel calls it, or in a package."""
_PROGRESS = re.compile(r"^[^\n]*(?:\d+%\||\d+(?:it)? \[\d+:\d\d)[^\n]*(?:\n|\Z)", re.M)
"""Bars that say how far a loop has come, with the states before, which they are printed over."""
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_OBJECT = re.compile(
    r"\[?<(?:\w+\.[\w.]+|Axes|Figure|BarContainer)\b[^<>]*>(?:,\s*<[^<>]*>)*\]?", re.S
)
"""How Python writes a value that has no text of its own, such as what a plot returns."""
_FRAME = (
    "the cell shows a frame, which is published as a table without number and caption.",
    "End the cell with a semicolon if it is for you alone, or with review.table(df, id=…, "
    "caption=…).",
    "cell-output",
)
_PRINTED = "what the cell prints is not published: "
_KINDS = {
    "text/latex": "LaTeX", "application/javascript": "JavaScript",
    "application/vnd.jupyter.widget-view+json": "a widget", "application/pdf": "a PDF",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Displayed:
    """The Markdown of a cell's outputs, in order, and what its author should know."""

    markdown: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_outputs(
    cell: Cell, outputs: Sequence[Mapping[str, Plain]], notebook: Notebook
) -> Displayed:
    """Turn what a cell displayed into Markdown; problems of severity error stop the build.

    The options of Quarto hold: `output: false` and `include: false` publish nothing, `output:
    asis` publishes printed text as Markdown.
    """
    if shows_nothing(cell):
        return Displayed((), ())
    markdown: list[str] = []
    problems: list[Problem] = []
    for output in outputs:
        text, problem = _read(cell, output)
        if text is not None:
            markdown.append(text)
        if problem is not None:
            message, hint, rule = problem
            # What `!pip install` prints comes in many pieces: the first says it.
            if message.startswith(_PRINTED) and any(_PRINTED in each.message for each in problems):
                continue
            problems.append(Problem(rule, message, notebook.place(cell), hint))
    return Displayed(tuple(markdown), tuple(problems))


def error_shown(name: str, said: str) -> dict[str, Plain]:
    """Return the output that shows the error of a cell which may fail, without paths."""
    text = ADDRESS.sub("", f"{name}: {said}".removesuffix(": "))
    return {"output_type": "display_data", "metadata": {}, "data": {MARKDOWN: fenced(text)}}


def has_no_text(text: str) -> bool:
    """Say whether a text is but Python's name of a value, such as what a plot returns."""
    return bool(_OBJECT.fullmatch(ADDRESS.sub("", text)))


def shows_nothing(cell: Cell) -> bool:
    """Say whether a cell is to publish nothing, by its tags or Quarto's options."""
    return cell.is_hidden or _is_off(cell.options, "output") or _is_off(cell.options, "include")


def _is_off(options: Mapping[str, Plain], name: str) -> bool:
    return options.get(name) is False


def _read(
    cell: Cell, output: Mapping[str, Plain]
) -> tuple[str | None, tuple[str, str, str] | None]:
    if output["output_type"] == "stream":
        return _printed(cell, output)
    data = as_mapping(output.get("data"))
    if MARKDOWN in data:
        is_bare = as_mapping(output.get("metadata")).get(BARE_FRAME) is True
        return _text(data[MARKDOWN]), _FRAME if is_bare and cell.line is None else None
    if is_picture(output):
        hint = (
            "Say at its top what a reader who cannot see it should know: `#| label: fig-name`, "
            "`#| fig-cap: …`, `#| fig-alt: …`; or end it with review.figure(fig, id=…, title=…, "
            "subtitle=…, alt=…, data=…). A picture for you alone: `#| output: false`."
        )
        return None, ("the cell shows a picture that has no alt text.", hint, "execution")
    if "text/html" in data:
        hint = (
            "Give the cell `#| label: tbl-…` and `#| tbl-cap:` if it is a table, or end it with "
            "review.table(df, id=…, caption=…)."
        )
        return None, ("the cell shows HTML, which the PDF and Word cannot hold.", hint, "execution")
    other = next((kind for kind in data if kind != "text/plain"), "")
    if other:
        named = _KINDS.get(other, other)
        message = f"the cell shows {named}, which pages, the PDF and Word cannot all hold."
        hint = "Publish it with review.figure(…), review.table(…) or as Markdown, or hide it."
        return None, (message, hint, "execution")
    if "text/plain" in data:
        text = ADDRESS.sub("", _text(data["text/plain"]))
        if not text:
            return None, None
        if has_no_text(text):
            message = f"the cell's last value is {text[:60]}, of which there is nothing to read."
            hint = "End the cell with a semicolon, or with review.figure(…) or review.table(…)."
            return None, (message, hint, "cell-output")
        hint = "End the cell with a semicolon, or with review.table(…) to publish it."
        return fenced(text), ("the cell's last value is published as it is.", hint, "cell-output")
    return None, None


def _printed(
    cell: Cell, output: Mapping[str, Plain]
) -> tuple[str | None, tuple[str, str, str] | None]:
    text = _text(output["text"])
    if output["name"] == "stdout" and cell.options.get("output") == "asis":
        return text, None
    text = _PROGRESS.sub("", text)
    if not text.strip():
        return None, None
    first = text.strip().splitlines()[0]
    if output["name"] == "stdout":
        hint = "Publish it with review.table(…) or `#| output: asis`, or take the print out."
        return None, (f"{_PRINTED}{first[:80]}", hint, "cell-output")
    if _is_off(cell.options, "warning"):
        return None, None
    where = _PLACE.match(first)
    line = f" in line {where[1]}" if where and where[1] else ""
    warning = shorten(first[where.end() if where else 0 :], 200)
    return None, (f"the cell warns{line}: {warning}", "", "cell-output")


def _text(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)


def fenced(text: str) -> str:
    """Return a text as a block of code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"
