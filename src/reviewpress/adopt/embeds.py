"""What a chapter embeds of a notebook: the outputs that the notebook holds, as pictures and words.

Quarto shows them as they were stored when the notebook was last executed, and so does the review.
Cells without stored outputs, as all of a `.qmd` are, are shown as code.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from reviewpress.adopt.cells import cell_options, shown_cell
from reviewpress.adopt.stored import ShownOutputs, shown_parts
from reviewpress.code_cells import find_cells
from reviewpress.errors import ReportError
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

EMBED = re.compile(r"^\s*\{\{<\s*embed\s+(\S+?)((?:\s+[\w-]+=\S+)*)\s*>\}\}\s*$")


@dataclass(frozen=True, slots=True)
class Stored:
    """A cell that may be embedded: its names, its code, and what was stored of its outputs."""

    names: tuple[str, ...]
    code: tuple[str, ...]
    language: str = "python"
    header: str = ""
    outputs: tuple[Mapping[str, Plain], ...] = ()
    words: str = ""
    """The text of a cell that has no code."""
    number: int = 0
    """That of a notebook's cell, from 1."""


@dataclass(slots=True)
class Embedded:
    """What stands in place of an embedding: lines, pictures by file name, and what is missing."""

    lines: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    missing: str = ""
    lost: list[tuple[int, str]] = field(default_factory=list)
    """What could not be shown, with the number of its cell, from 1."""


def embedded(folder: Path, target: str, options: str) -> Embedded:
    """Return what a chapter in `folder` embeds: `notebook.ipynb#label`, or `notebook.ipynb[2]`."""
    name, _, wanted = target.partition("#")
    numbers = re.search(r"\[([\d,\s-]+)\]$", name)
    name = name[: numbers.start()] if numbers else name
    made = Embedded()
    try:
        cells = _cells(folder / name, name)
    except (OSError, UnicodeDecodeError, ReportError):
        made.missing = f"{name} cannot be read"
        return made
    chosen = _chosen(cells, wanted, numbers[1] if numbers else "")
    if not chosen:
        made.missing = f"{name} has no cell {wanted or (numbers[1] if numbers else '')}".rstrip()
    for number, cell in enumerate(chosen):
        _put(cell, f"{PurePosixPath(name).stem}-{cell.names[0] if cell.names else number + 1}",
             made, echo="echo=true" in options)  # fmt: skip
    return made


def put_all(file: Path, name: str, made: Embedded) -> None:
    """Put a whole notebook: its words, its code, and what was stored of its outputs."""
    stem = PurePosixPath(name).stem
    for number, cell in enumerate(_cells(file, name)):
        if not cell.code:
            made.lines += [*closed_divs(cell.words).split("\n"), ""]
            continue
        options = cell_options(cell.header, cell.code)
        if options.get("include") == "false":
            continue
        is_shown = options.get("echo") != "false"
        own = [line for line in cell.code if not line.startswith("#|")]
        if not cell.outputs and is_shown and any(each.strip() for each in own):
            made.lines += [f"```{cell.language}", *own, "```", ""]
        elif cell.outputs:
            _put(cell, f"{stem}-{number + 1}", made, echo=is_shown)


def closed_divs(words: str) -> str:
    """Return the text of a cell whose blocks of HTML end with it, as Jupyter shows it.

    >>> closed_divs("<div class='alert'>Note\\n")
    "<div class='alert'>Note\\n\\n</div>"
    """
    open_ones = len(re.findall(r"<div\b", words, re.I)) - len(re.findall(r"</div\s*>", words, re.I))
    return f"{words}\n" + "\n".join(["</div>"] * open_ones) if open_ones > 0 else words


def _cells(file: Path, name: str) -> list[Stored]:
    if file.suffix != ".ipynb":
        text = file.read_text(encoding="utf-8-sig")
        return [
            _cell(text[each.code].rstrip("\n").split("\n"), each.language.lower(), each.header)
            for each in find_cells(text)
        ]
    cells = enumerate(cells_of(load_document(file, name)), start=1)
    return [replace(_of_notebook(cell), number=number) for number, cell in cells]


def _of_notebook(cell: Mapping[str, Plain]) -> Stored:
    if cell.get("cell_type") != "code":
        words = text_of(cell)
        is_head = words.lstrip().startswith("---")
        words = words if cell.get("cell_type") == "markdown" or is_head else ""
        return Stored((as_text(cell.get("id")),), (), words=words)
    tags = as_list(as_mapping(cell.get("metadata")).get("tags"))
    outputs = tuple(as_mapping(each) for each in as_list(cell.get("outputs")))
    more = [as_text(cell.get("id")), *map(as_text, tags)]
    return _cell(text_of(cell).split("\n"), "python", "", more=more, outputs=outputs)


def _cell(
    code: Sequence[str],
    language: str,
    header: str,
    *,
    more: Sequence[str] = (),
    outputs: tuple[Mapping[str, Plain], ...] = (),
) -> Stored:
    label = cell_options(header, code).get("label", "").strip("\"' ")
    names = tuple(each for each in (label, *more) if each)
    return Stored(names, tuple(code), language, header, outputs)


def _chosen(cells: Sequence[Stored], wanted: str, numbers: str) -> list[Stored]:
    """Return the cells that are named, in that order; all where none is."""
    if wanted:
        names = [each.strip() for each in wanted.split(",")]
        return [cell for name in names for cell in cells if name in cell.names]
    if not numbers:
        return list(cells)
    with_outputs = [cell for cell in cells if cell.code]
    places = [place for part in numbers.split(",") for place in _range(part)]
    return [with_outputs[each - 1] for each in places if 0 < each <= len(with_outputs)]


def _range(part: str) -> range:
    first, _, last = part.strip().partition("-")
    return range(int(first or 1), int(last or first or 1) + 1)


def _put(cell: Stored, name: str, made: Embedded, *, echo: bool) -> None:
    if not cell.code:
        made.lines += [*cell.words.split("\n"), ""]
        return
    if not cell.outputs:
        made.lines += [*shown_cell(cell.language, cell.header, cell.code), ""]
        return
    options = cell_options(cell.header, cell.code)
    own = [line for line in cell.code if not line.startswith("#|")]
    if echo:
        made.lines += [f"```{cell.language}", *own, "```", ""]
    shown = ShownOutputs(made.files)
    parts = list(shown_parts(cell.outputs, name, options, shown))
    made.lost += [(cell.number, each) for each in shown.lost]
    label = options.get("label", "")
    if label.startswith("tbl-") and options.get("tbl-cap"):
        caption = options["tbl-cap"].strip("\"'")
        made.lines += [f"::: {{#{label}}}", "", *_spaced(parts), caption, ":::", ""]
    else:
        made.lines += _spaced(parts)


def _spaced(parts: Sequence[str]) -> list[str]:
    return [line for part in parts for line in (*part.strip("\n").split("\n"), "")]
