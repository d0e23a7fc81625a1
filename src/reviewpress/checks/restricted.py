"""Chapters that show a part of the evidence: an official edition is of the whole review.

What a chapter restricts itself to belongs on the command line (`-P regions:Scotland`), which makes
a variant that says so in its title and its folder.
"""

import ast
from collections.abc import Iterator

from reviewpress.assemble import Page
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.notebooks.source import (
    PARAMETERS_TAG,
    Cell,
    Notebook,
    Parameter,
    assigned_values,
    parameters_of,
    read_notebook,
)

REGIONS = "regions"
USUAL = ("section", REGIONS)
"""The parameters by which chapters usually ask for a part of the evidence."""

_RULE = "restricted"
_ALL: tuple[Parameter, ...] = ([], (), "", None)
"""What restricts to no region."""
_VARIANT = "Leave it empty. `reviewpress render -P regions:…` makes a variant that is labelled so."


def check_restrictions(subject: Subject) -> Iterator[Problem]:
    """Find chapters of an official edition that restrict the evidence by themselves.

    Also those whose parameters cell has lost its tag: no variant could be made of them.
    """
    if not subject.official:
        return
    given = subject.config.settings.other.get("parameters")
    # What `_quarto.yml` gives is no slip of a chapter, and takes the place of its own value.
    is_given = isinstance(given, dict) and REGIONS in given

    def look(page: Page) -> Iterator[Problem]:
        notebook = read_notebook(subject.config.root / page.chapter.path, subject.config.root)
        if not is_given:
            yield from _restricted(notebook)
        yield from _without_tag(notebook)

    pages = [page for page in subject.book.pages if page.chapter.path in subject.runs]
    yield from subject.look_at_pages("restricted", [is_given], look, pages)


def _restricted(notebook: Notebook) -> Iterator[Problem]:
    """Yield where a chapter's `regions` are set, or where it loads some regions only."""
    used = {name for cell in _code(notebook) for name in _loaded_by(cell)}
    for cell in _code(notebook):
        restricting = used | ({REGIONS} if PARAMETERS_TAG in cell.tags else set())
        for name, value in _assigned(cell).items():
            if name in restricting and value not in _ALL:
                message = f"{_written(name, value)}: an official edition is of the whole review."
                yield Problem(_RULE, message, notebook.place(cell), _VARIANT, notebook.name)
    loads = [(cell, value) for cell in _code(notebook) for value in _loads(cell)]
    literal = [(cell, value) for cell, value in loads if value not in (*_ALL, ...)]
    if len(literal) == len(loads):
        for cell, value in literal:
            message = f"the chapter loads the papers of {value!r} alone"
            message += ": an official edition is of the whole review."
            yield Problem(_RULE, message, notebook.place(cell), _VARIANT, notebook.name)


def _without_tag(notebook: Notebook) -> Iterator[Problem]:
    """Yield the cell that looks like a chapter's parameters and is not tagged so."""
    declared = parameters_of(notebook)
    used = {name for cell in _code(notebook) for name in _loaded_by(cell)}
    for cell in _code(notebook):
        values = _assigned(cell)
        is_plain = values and ... not in values.values() and len(values) == _statements(cell)
        found = [name for name in values if name in used or (is_plain and name in USUAL)]
        found = [name for name in found if name not in declared]
        if found:
            message = f"the cell sets {' and '.join(found)} and has no tag `{PARAMETERS_TAG}`."
            hint = (
                f"Tag it `{PARAMETERS_TAG}`: without that, no variant of the chapter can be made."
            )
            tagged = [each.number for each in _code(notebook) if PARAMETERS_TAG in each.tags]
            if tagged:
                hint = f"Cell {tagged[0]} has the tag. {hint}"
            if cell.tags:
                hint = f"Its tags are {', '.join(cell.tags)}. {hint}"
            yield Problem(_RULE, message, notebook.place(cell), hint, notebook.name)
            return


def _code(notebook: Notebook) -> Iterator[Cell]:
    return (cell for cell in notebook.cells if cell.runs)


def _assigned(cell: Cell) -> dict[str, Parameter]:
    try:
        return assigned_values(cell.source)
    except SyntaxError:
        return {}


def _statements(cell: Cell) -> int:
    try:
        return len(ast.parse(cell.source).body)
    except SyntaxError:
        return 0


def _loads(cell: Cell) -> Iterator[Parameter]:
    """Yield the regions that each call of `load` in a cell asks for; `...` if not written there."""
    for call in _calls(cell):
        for keyword in call.keywords:
            if keyword.arg == REGIONS:
                yield _value(keyword.value)
                break
        else:
            yield None


def _loaded_by(cell: Cell) -> Iterator[str]:
    """Yield the names that calls of `load` in a cell take their regions from."""
    for call in _calls(cell):
        for keyword in call.keywords:
            if keyword.arg == REGIONS and isinstance(keyword.value, ast.Name):
                yield keyword.value.id


def _calls(cell: Cell) -> Iterator[ast.Call]:
    if "load(" not in cell.source:
        return
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            of = node.func.value if isinstance(node.func, ast.Attribute) else None
            if name == "load" and (of is None or getattr(of, "id", "") == "reviewpress"):
                yield node


def _value(node: ast.expr) -> Parameter:
    try:
        found: Parameter = ast.literal_eval(node)
    except ValueError:
        return ...
    return found


def _written(name: str, value: Parameter) -> str:
    return f"{name} is computed" if value is ... else f"{name} is {value!r}"
