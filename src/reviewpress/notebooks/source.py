"""A chapter's notebook as its author wrote it: cells, tags, options, declared parameters."""

import ast
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import EllipsisType, MappingProxyType
from typing import Literal

from reviewpress.errors import (
    ChapterError,
    ConfigError,
    Place,
    Problem,
    Problems,
    ReportError,
    all_of,
)
from reviewpress.keys import CELL_OPTIONS
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.notebooks.languages import PYTHON, Language, assigned_literals, language_of
from reviewpress.notebooks.text_document import LINE
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.yaml import at_place, items_of, load_yaml

PARAMETERS_TAG = "parameters"
HIDING_TAGS = frozenset(("remove-cell", "remove_cell"))
"""Tags of cells that are executed and not published, as nbconvert and Jupyter Book have them."""
OPTION_PREFIX = "#|"
FAILING_TAG = "raises-exception"
"""The tag of a cell whose error is shown, and the cells below go on, as Jupyter has it."""
DEFAULTS = ("echo", "error", "eval", "include", "output", "warning")
"""The options that `execute:` of a chapter gives all cells without them."""
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.S)

CellKind = Literal["markdown", "code", "raw"]
Parameter = Plain | EllipsisType
"""The value of a declared parameter; `...` where it is not a literal."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its number counts from 1 over all cells, as a reader of the notebook counts."""

    number: int
    id: str
    kind: CellKind
    source: str
    tags: tuple[str, ...] = ()
    options: Mapping[str, Plain] = field(default_factory=dict)
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The images pasted into it, by name and kind."""
    line: int | None = None
    """The line on which its source begins, in a chapter of text."""

    @property
    def runs(self) -> bool:
        """Whether the cell holds code for the kernel: `eval: false` says that it is only shown."""
        is_off = self.options.get("eval") is False
        return self.kind == "code" and bool(self.source.strip()) and not is_off

    @property
    def may_fail(self) -> bool:
        """Whether an error of the cell is what it shows, and the cells below go on."""
        return self.options.get("error") is True or FAILING_TAG in self.tags

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of the cell is published, for its tags say so."""
        return not HIDING_TAGS.isdisjoint(self.tags)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A chapter's cells, and its name relative to the review as problems give it."""

    name: str
    cells: tuple[Cell, ...]
    language: Language = PYTHON
    kernel: str = ""
    """The name of the kernel that the notebook asks for."""

    def place(self, cell: Cell, *, line: int | None = None, expression: str | None = None) -> Place:
        """Say where `cell` stands."""
        return _in_file(Place(self.name, cell=cell.number, line=line, expression=expression), cell)

    def place_in(self, cell: Cell, offset: int) -> Place:
        """Say where a character of a cell of text stands: on which line, where there are lines."""
        line = cell.source.count("\n", 0, offset) + 1
        return self.place(cell, line=line if cell.line is not None else None)

    def in_file(self, where: Place | None) -> Place | None:
        """Return a place by cell as its author sees it: a chapter of text has lines only."""
        if where is None or where.cell is None or where.file != self.name:
            return where
        numbers = (getattr(where, where.counted), *where.others)
        places = [replace(where, others=(), **{where.counted: number}) for number in numbers]
        return all_of(_in_file(each, self.cells[(each.cell or 1) - 1]) for each in places)

    def in_lines(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems of the chapter with their places as its author sees them."""
        return [replace(each, where=self.in_file(each.where)) for each in problems]


def read_notebook(
    path: Path, root: Path, defaults: Mapping[str, Plain] = MappingProxyType({})
) -> Notebook:
    """Read a notebook of format 4, or a chapter of text with Python cells.

    `defaults` are the options that `execute:` of the review gives cells without them.

    Raises ChapterError where it is no notebook, or is older.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    data = load_document(path, name)
    metadata = as_mapping(data.get("metadata"))
    specification = as_mapping(metadata.get("kernelspec"))
    said = as_text(as_mapping(metadata.get("language_info")).get("name"))
    said = said or as_text(specification.get("language"))
    kernel = as_text(specification.get("name"))
    cells = tuple(_cell(item, n, name) for n, item in enumerate(cells_of(data), 1))
    return Notebook(name, _with_defaults(cells, defaults), language_of(said, kernel), kernel)


def declared_parameters(path: Path, root: Path | None = None) -> dict[str, Parameter]:
    """Return the parameters that a chapter declares, with the values it gives them.

    They are the names assigned in its cell tagged `parameters`. A value that is not a literal
    (a list of numbers, a text, …) is given as `...`. A chapter without that cell declares none.
    """
    return parameters_of(read_notebook(path, root or path.parent))


def parameters_of(notebook: Notebook) -> dict[str, Parameter]:
    """Return the declared parameters of a notebook that is already read."""
    found: dict[str, Parameter] = {}
    for cell in notebook.cells:
        if cell.kind == "code" and PARAMETERS_TAG in cell.tags:
            found |= _assignments(cell, notebook)
    return found


def read_options(source: str, where: Place) -> Mapping[str, Plain]:
    """Read the `#| key: value` lines at the top of a cell, as Quarto does.

    Raises ChapterError where they are not YAML.
    """
    lines = []
    for line in source.splitlines():
        if not line.startswith(OPTION_PREFIX):
            break
        lines.append(line.removeprefix(OPTION_PREFIX).removeprefix(" "))
    if not lines:
        return {}
    try:
        options = load_yaml("\n".join(lines), CELL_OPTIONS)
    except Problems as error:
        raise at_place(error, where) from None
    except ConfigError as error:
        at = error.where.line if error.where and error.where.line else 1
        hint = "Write them as `#| key: value`."
        message = "the cell's options are not valid YAML."
        raise ChapterError(message, replace(where, line=at), hint) from None
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise ChapterError("a cell option is written `#| key: value`.", where)
    return options


def _in_file(where: Place, cell: Cell) -> Place:
    """Return a place in a cell by the line of the file, where that is a text."""
    if cell.line is None:
        return where
    if where.line is not None:
        line = cell.line + where.line - 1
    elif where.expression is not None:
        at = max(cell.source.find(where.expression), 0)
        line = cell.line + cell.source.count("\n", 0, at)
    else:
        # That of the fence, where the cell begins.
        line = cell.line - (cell.kind == "code")
    return replace(where, cell=None, line=line)


def _cell(item: Mapping[str, Plain], number: int, name: str) -> Cell:
    kind, text = _kind_of(item), text_of(item)
    metadata = as_mapping(item.get("metadata"))
    line = metadata.get(LINE)
    line = line if isinstance(line, int) else None
    options = _options(text, number, name, line) if kind == "code" else {}
    said = [*as_list(metadata.get("tags")), *items_of(options.get("tags"))]
    tags = tuple(dict.fromkeys(map(as_text, said)))
    attachments = {
        attached: {mime: _joined(content) for mime, content in as_mapping(kinds).items()}
        for attached, kinds in as_mapping(item.get("attachments")).items()
    }
    named = str(item.get("id") or number)
    return Cell(number, named, kind, text, tags, options, attachments, line)


def _options(text: str, number: int, name: str, line: int | None) -> Mapping[str, Plain]:
    """Read the options of a cell; what is wrong with those of a chapter of text is on a line."""
    if line is None:
        return read_options(text, Place(name, cell=number))
    try:
        return read_options(text, Place(name))
    except ReportError as error:
        found = [each.where.line if each.where else None for each in error.problems]
        places = [Place(name, line=line + (at or 1) - 1) for at in found]
        pairs = zip(error.problems, places, strict=True)
        raise Problems([replace(each, where=where) for each, where in pairs]) from None


def _with_defaults(cells: tuple[Cell, ...], given: Mapping[str, Plain]) -> tuple[Cell, ...]:
    """Return cells with the options that `execute:` gives: of the chapter, else of the review."""
    first = cells[0].source if cells and cells[0].kind != "code" else ""
    found = _FRONT_MATTER.match(f"{first}\n") if "execute:" in first else None
    if found is not None:
        with suppress(ReportError):  # said where the chapter is assembled
            given = {**given, **as_mapping(as_mapping(load_yaml(found[1])).get("execute"))}
    defaults = {key: given[key] for key in DEFAULTS if key in given}
    if not defaults:
        return cells
    return tuple(
        replace(cell, options={**defaults, **cell.options}) if cell.kind == "code" else cell
        for cell in cells
    )


def _joined(content: Plain) -> str:
    return content if isinstance(content, str) else "".join(map(as_text, as_list(content)))


def _kind_of(item: Mapping[str, Plain]) -> CellKind:
    kind = item["cell_type"]
    return "markdown" if kind == "markdown" else "code" if kind == "code" else "raw"


def assigned_values(source: str) -> dict[str, Parameter]:
    """Return the names that code assigns at its top level, with values; see `declared_parameters`.

    Raises SyntaxError where it is not Python.
    """
    found: dict[str, Parameter] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = _literal(value)
    return found


def _assignments(cell: Cell, notebook: Notebook) -> dict[str, Parameter]:
    if not notebook.language.is_python:
        return assigned_literals(cell.source)
    try:
        return assigned_values(cell.source)
    except SyntaxError as error:
        place = notebook.place(cell, line=error.lineno)
        raise ChapterError(f"the parameters cell is not Python: {error.msg}.", place) from None


def _literal(node: ast.expr) -> Parameter:
    try:
        found: Plain = ast.literal_eval(node)
        return found
    except ValueError:
        return ...
