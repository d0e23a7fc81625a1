"""A run: one chapter executed with one set of parameters, prose merged in afterwards.

What the kernel computed is an `Execution`: one step for each code cell and each live value, in
order. It holds nothing of the prose, so that a changed comma needs no kernel.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewpress.errors import Place, Problem
from reviewpress.figures.published import figure_of
from reviewpress.markdown import attribute_text
from reviewpress.notebooks.attachments import place_attachments
from reviewpress.notebooks.languages import Language
from reviewpress.notebooks.source import FAILING_TAG, PARAMETERS_TAG, Cell, Notebook
from reviewpress.notebooks.values import fill_values, find_values, value_span
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.digests import digest_parts
from reviewpress.tables.lineage import ColumnRead

Lineage = tuple[ColumnRead, ...]
"""The columns that something was made from."""

FLOAT_OPTION = re.compile(r"^#\| (?:label|fig-|tbl-).*\n?", re.MULTILINE)
"""Options that are carried out: Quarto would wrap the float that the output already is."""

_FENCED = re.compile(r"#\|\s*echo:")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the kernel did: a code cell with its outputs, or a live value with its result.

    `source` is code or expression; `outputs` is the Markdown of each output, or the one result;
    `plain` is a value's result before escaping, `reads` the columns that it was made from.
    """

    kind: str
    source: str
    outputs: tuple[str, ...] = ()
    plain: str = ""
    reads: Lineage = ()


@dataclass(frozen=True, slots=True)
class Execution:
    """What the kernel computed, and what that depended on.

    `reads`, `modules` (both: path to SHA-256) and `packages` (name to version) are as
    `kernel.finish` gives them; `files` are the files the run made, relative to its folder, `claims`
    the values of published numbers, by id. `lineage` has the columns that each figure and table was
    made from, by id, and each claim, by `claim:` and its id.
    """

    steps: tuple[Step, ...]
    reads: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[tuple[int, str, str], ...] = ()
    claims: Mapping[str, str | None] = field(default_factory=dict)
    lineage: Mapping[str, Lineage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """A live value of a chapter: its expression, what it gave, and the cell it stands in.

    `id` names it in what readers get: its chapter, and its place among the chapter's values.
    """

    expression: str
    result: str
    cell: int
    id: str = ""
    reads: Lineage = ()


@dataclass(frozen=True, slots=True)
class CellText:
    """The Markdown that one cell of a chapter contributes, by the number its author knows."""

    number: int
    kind: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Run:
    """A chapter with its numbers, figures and tables in place.

    `folder` holds the files it made; `figures` maps a figure's or table's id to them. `markdown`
    is the chapter for the embedded engine, `notebook` the same for Quarto (format 4.5, `source`
    as lists of lines, no paths or times). `fresh` says that a kernel ran for it just now.
    """

    chapter: str
    identity: str
    folder: Path
    markdown: str
    notebook: Mapping[str, Plain]
    cells: tuple[CellText, ...]
    figures: Mapping[str, tuple[Path, ...]]
    reads: tuple[tuple[str, str], ...]
    values: tuple[Value, ...]
    warnings: tuple[Problem, ...] = ()
    claims: Mapping[str, str | None] = field(default_factory=dict)
    lineage: Mapping[str, Lineage] = field(default_factory=dict)
    fresh: bool = False

    @property
    def outcome(self) -> str:
        """A hash of its code, what that read and gave: the same however its kernel began.

        Its identity is not: a kernel that was forked has imported more.
        """
        cells = [as_mapping(cell) for cell in as_list(self.notebook.get("cells"))]
        code = [
            [cell.get("source"), cell.get("outputs")]
            for cell in cells
            if cell.get("cell_type") == "code"
        ]
        values = [[value.expression, value.result] for value in self.values]
        return digest_parts([dict(self.reads), values, dict(self.claims), code])


def steps_of(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Yield what the kernel will be asked, in order: kind (`parameters`, `code`, `value`), text."""
    for cell in notebook.cells:
        if cell.runs:
            kind = "parameters" if PARAMETERS_TAG in cell.tags else "code"
            yield f"hidden {kind}" if cell.is_hidden else kind, cell.source
        elif cell.kind == "markdown":
            for site in find_values(cell.source, notebook.language.live):
                yield "value", site.expression


def merge_prose(
    notebook: Notebook, record: Execution, *, identity: str, folder: Path, fresh: bool = False
) -> Run:
    """Put what was computed into a chapter's prose as it stands now; starts no kernel."""
    steps = iter(record.steps)
    cells: list[CellText] = []
    values: list[Value] = []
    places: list[Cell] = []
    executed: list[Plain] = []
    pasted: dict[str, Path] = {}
    for cell in notebook.cells:
        if cell.kind == "markdown":
            found = [next(steps) for _ in find_values(cell.source, notebook.language.live)]
            new = [_value(step, cell, notebook, len(values) + n) for n, step in enumerate(found)]
            places += [cell] * len(found)
            values += new
            text = "" if cell.is_hidden else _fill(cell, found, new, notebook.language.live)
            text, files = place_attachments(notebook, cell, text, folder)
            pasted |= files
            cells.append(CellText(cell.number, "markdown", text))
            executed.append(_text_cell(cell, text))
        elif cell.kind == "code":
            step = next(steps) if cell.runs else Step("code", cell.source)
            places += [cell] if cell.runs else []
            cells.append(CellText(cell.number, "code", _shown(cell, step, notebook.language)))
            executed.append(_code_cell(cell, step, len(cells)))
        else:
            text = "" if cell.is_hidden else cell.source
            cells.append(CellText(cell.number, "raw", text))
            executed.append(_text_cell(cell, text))
    return Run(
        chapter=notebook.name,
        identity=identity,
        folder=folder,
        markdown="\n\n".join(text for _, text in shown_cells(cells)) + "\n",
        notebook=_document(executed, notebook),
        cells=tuple(cells),
        figures=_figures(record, folder) | {name: (file,) for name, file in pasted.items()},
        reads=tuple(record.reads.items()),
        values=tuple(values),
        warnings=_warnings(record, places, notebook),
        claims=record.claims,
        lineage=record.lineage,
        fresh=fresh,
    )


def standing_run(chapter: str, cells: Sequence[CellText], notebook: Mapping[str, Plain]) -> Run:
    """Return what is known of a chapter without executing it; `notebook` is empty if never run."""
    return Run(
        chapter=chapter, identity="", folder=Path(), markdown="", notebook=notebook,
        cells=tuple(cells), figures={}, reads=(), values=(),
    )  # fmt: skip


def shown_cells(cells: Iterable[CellText]) -> Iterator[tuple[int, str]]:
    """Yield the number and the Markdown of each cell that contributes any."""
    for cell in cells:
        if cell.markdown.strip():
            yield cell.number, cell.markdown.strip("\n")


def notebook_text(document: Mapping[str, Plain]) -> str:
    """Return a notebook as the JSON text that Jupyter would write."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _value(step: Step, cell: Cell, notebook: Notebook, before: int) -> Value:
    name = f"{Path(notebook.name).stem}-{before + 1}"
    return Value(step.source, step.plain, cell.number, name, step.reads)


def _fill(cell: Cell, found: list[Step], values: list[Value], live: str) -> str:
    spans = [
        value_span(step.outputs[0], step.source, value.id)
        for step, value in zip(found, values, strict=True)
    ]
    return fill_values(cell.source, spans, live) if spans else cell.source


def _shown(cell: Cell, step: Step, language: Language) -> str:
    if cell.is_hidden:
        return ""
    code = "" if cell.options.get("include") is False else _code(cell, language)
    parts = [code, *step.outputs] if code else step.outputs
    return "\n\n".join(part.strip("\n") for part in parts)


def _code(cell: Cell, language: Language) -> str:
    """Return the code of a cell that shows it; `echo: fenced` shows fence and options, too."""
    lines, echo = cell.source.splitlines(), cell.options.get("echo")
    if echo == "fenced":
        said = "\n".join(line for line in lines if not _FENCED.match(line))
        return f"````markdown\n```{{{language.name.lower()}}}\n{said}\n```\n````"
    if echo is not True:
        return ""
    code = "\n".join(line for line in lines if not line.startswith("#|"))
    return f"```{_listing(cell, language)}\n{code}\n```"


def _listing(cell: Cell, language: Language) -> str:
    """Return what stands behind the fence of code that is shown: it may be a listing."""
    name, label = language.name.lower(), as_text(cell.options.get("lst-label"))
    said = [f"#{label}", f".{name}"] if label else [f".{name}"]
    for key in ("lst-cap", "filename"):
        if words := as_text(cell.options.get(key)).strip():
            said.append(f'{key}="{attribute_text(words)}"')
    return f"{{{' '.join(said)}}}" if len(said) > 1 else name


def plain_document(notebook: Notebook) -> dict[str, Plain]:
    """Return a notebook as it is executed: its cells, and nothing that programs left in it."""
    cells: list[Plain] = []
    for cell in notebook.cells:
        made: dict[str, Plain] = {
            "cell_type": cell.kind,
            "id": f"cell-{cell.number}",
            "metadata": {"tags": _executed_tags(cell)},
            "source": cell.source if cell.runs or cell.kind != "code" else "",
        }
        code: dict[str, Plain] = {"execution_count": None, "outputs": []}
        cells.append(made | code if cell.kind == "code" else made)
    return _document(cells, notebook)


def _executed_tags(cell: Cell) -> list[Plain]:
    is_said = FAILING_TAG in cell.tags
    return [*cell.tags, FAILING_TAG] if cell.may_fail and not is_said else [*cell.tags]


def _text_cell(cell: Cell, text: str) -> dict[str, Plain]:
    return {"cell_type": cell.kind, "id": cell.id, "metadata": {}, "source": _lines(text)}


def _code_cell(cell: Cell, step: Step, count: int) -> dict[str, Plain]:
    outputs: list[Plain] = [
        {"output_type": "display_data", "data": {"text/markdown": _lines(text)}, "metadata": {}}
        for text in step.outputs
    ]
    return {
        "cell_type": "code",
        "id": cell.id,
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "execution_count": count,
        "source": _lines(FLOAT_OPTION.sub("", cell.source)),
        "outputs": outputs,
    }


def _document(cells: list[Plain], notebook: Notebook) -> dict[str, Plain]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    if not notebook.language.is_python:
        language = notebook.language.name
        kernel = {"display_name": language, "language": language, "name": notebook.kernel}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": kernel["language"]}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _lines(text: str) -> list[Plain]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _figures(record: Execution, folder: Path) -> dict[str, tuple[Path, ...]]:
    found: dict[str, list[Path]] = {}
    for name in sorted(record.files):
        path = Path(name)
        if path.parts[0] == "figures":
            found.setdefault(figure_of(path.name.partition(".")[0]), []).append(folder / path)
    return {name: tuple(paths) for name, paths in found.items()}


def _warnings(record: Execution, places: list[Cell], notebook: Notebook) -> tuple[Problem, ...]:
    found = []
    for step, message, hint in record.warnings:
        where = notebook.place(places[step]) if step < len(places) else Place(notebook.name)
        found.append(Problem("cell-output", message, where, hint))
    return tuple(found)
