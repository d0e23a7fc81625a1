"""What a cell displayed, as the Markdown that is published.

A published figure or table displays Markdown of its own. What a notebook displays on a screen
only (a data frame as HTML, a picture without alt text) is refused with the way to publish it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewpress.errors import Problem
from reviewpress.notebooks.source import Cell, Notebook
from reviewpress.shapes import Plain, as_mapping, as_text

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
MARKDOWN = "text/markdown"
PICTURES = ("image/png", "image/svg+xml", "image/jpeg")


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
            problems.append(Problem(rule, message, notebook.place(cell), hint))
    return Displayed(tuple(markdown), tuple(problems))


def shows_nothing(cell: Cell) -> bool:
    """Say whether a cell is to publish nothing, by its tags or Quarto's options."""
    return cell.is_hidden or _is_off(cell.options, "output") or _is_off(cell.options, "include")


def float_markdown(outputs: Sequence[Mapping[str, Plain]], options: Mapping[str, Plain]) -> None:
    """Make the Markdown that a cell with `#| label: tbl-…` displays a table, in place.

    What was published with that label is one already.
    """
    label, caption = as_text(options.get("label")), as_text(options.get("tbl-cap"))
    datas = [output.get("data") for output in outputs]
    shown = [data for data in datas if isinstance(data, dict) and MARKDOWN in data]
    texts = [_text(data[MARKDOWN]).strip("\n") for data in shown]
    if not shown or not label.startswith("tbl-") or any(f"#{label}" in text for text in texts):
        return
    texts[0] = f"::: {{#{label}}}\n\n{texts[0]}"
    texts[-1] = "\n\n".join(part for part in (texts[-1], caption, ":::") if part)
    for data, text in zip(shown, texts, strict=True):
        data[MARKDOWN] = text


def _is_off(options: Mapping[str, Plain], name: str) -> bool:
    return options.get(name) is False


def _read(
    cell: Cell, output: Mapping[str, Plain]
) -> tuple[str | None, tuple[str, str, str] | None]:
    if output["output_type"] == "stream":
        return _printed(cell, output)
    data = as_mapping(output.get("data"))
    if MARKDOWN in data:
        return _text(data[MARKDOWN]), None
    if any(kind in data for kind in PICTURES):
        hint = "End the cell with review.figure(fig, id=…, title=…, subtitle=…, alt=…, data=…)."
        return None, ("the cell shows a picture that has no alt text.", hint, "execution")
    if "text/html" in data:
        hint = "End the cell with review.table(df, id=…, caption=…)."
        return None, ("the cell shows HTML, which the PDF and Word cannot hold.", hint, "execution")
    if "text/plain" in data:
        text = ADDRESS.sub("", _text(data["text/plain"]))
        if not text:
            return None, None
        hint = "End the cell with a semicolon, or with review.table(…) to publish it."
        return _fenced(text), ("the cell's last value is published as it is.", hint, "cell-output")
    return None, None


def _printed(
    cell: Cell, output: Mapping[str, Plain]
) -> tuple[str | None, tuple[str, str, str] | None]:
    text = _text(output["text"])
    if output["name"] == "stdout" and cell.options.get("output") == "asis":
        return text, None
    if not text.strip():
        return None, None
    first = text.strip().splitlines()[0][:80]
    if output["name"] == "stdout":
        hint = "Publish it with review.table(…) or `#| output: asis`, or take the print out."
        return None, (f"what the cell prints is not published: {first}", hint, "cell-output")
    return None, (f"the cell warns: {first}", "", "cell-output")


def _text(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"
