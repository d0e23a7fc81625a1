"""Tidy: take out of notebooks and tables what programs saved into them.

A notebook loses its outputs, a table that a spreadsheet program saved with semicolons gets its
commas again, and `data/README.md` is brought up to date.

A tidied notebook has one spelling, byte for byte: the same cells give the same file, whichever
program saved it last.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from reviewpress.config import find_root
from reviewpress.errors import ChapterError, Problem, Problems, ReportError, raise_all
from reviewpress.evidence.claim_cells import claim_cells
from reviewpress.evidence.claims import CLAIMS, EXPRESSION
from reviewpress.evidence.decisions import FILE
from reviewpress.evidence.import_log import FILE as IMPORTS
from reviewpress.evidence.screening import FLOW
from reviewpress.extension import EXTENSION_FOLDER
from reviewpress.keys import QUARTO
from reviewpress.notebooks.document import WrittenFloat, cells_of, load_document, text_of
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.store.digests import digest_bytes
from reviewpress.store.files import write_source
from reviewpress.store.freshness import is_source_folder
from reviewpress.store.interrupts import note_done, uninterrupted
from reviewpress.store.pruning import clear_leftovers
from reviewpress.tables.dictionary import NAME, check_dictionary, dictionary
from reviewpress.tables.reader import read_table, with_commas
from reviewpress.tables.schema import read_schema
from reviewpress.upgrade import update_copy
from reviewpress.yaml import read_yaml

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_MADE = (
    "ExecuteTime", "collapsed", "execution", "executionInfo", "outputId", "papermill", "scrolled",
    "vscode",
)  # fmt: skip
"""What programs write into a cell's metadata, and no author means."""

_MADE_OF_ALL = (
    "celltoolbar", "interpreter", "orig_nbformat", "papermill", "toc", "varInspector", "vscode",
    "widgets",
)  # fmt: skip
"""The same of a notebook's metadata."""

CLAIM_CELLS = "chapters/claim-cells.ipynb"
"""Where the expressions of a table of claims that an earlier version made are written as cells."""

_NUMBER = "reviewpress\ue000number"
"""Stands for a number until it is written with its own digits."""


def tidy(files: Sequence[Path], root: Path | None = None) -> tuple[str, ...]:
    """Tidy notebooks, all of the review's chapters where none is named; return what changed.

    Without `files` tables and the data dictionary are tidied too, an older copy of the extension
    is replaced, and the expressions of an older table of claims are written as cells. Each file
    is written whole or not at all. Raises Problems for those that are no notebooks; the others
    are tidied first.
    """
    folder = find_root(root or (files[0].parent if files else Path.cwd()))
    clear_leftovers(folder)
    problems: list[Problem] = []
    changed = []
    for path in files or _notebooks(folder):
        try:
            if tidy_file(path, folder):
                changed.append(_name(path, folder))
        except (ChapterError, Problems) as error:
            problems += error.problems
    if not files:
        changed += [*_tidy_tables(folder), *_tidy_dictionary(folder), *_move_expressions(folder)]
        changed += [EXTENSION_FOLDER.as_posix()] if update_copy(folder) else []
    raise_all(problems)
    return tuple(changed)


def tidy_file(path: Path, root: Path) -> bool:
    """Tidy one notebook in place; return whether it changed.

    Raises ChapterError or Problems where it is no notebook, which is then left alone.
    """
    name = _name(path, root)
    notebook = load_document(path, name)
    tidied = to_bytes(tidy_notebook(notebook, seed=path.stem))
    if tidied == path.read_bytes():
        return False
    with uninterrupted():
        write_source(path, tidied)
        note_done(f"{name} tidied")
    return True


def tidy_notebook(notebook: Mapping[str, Plain], *, seed: str = "") -> dict[str, Plain]:
    """Return a notebook without outputs, execution counts and traces of programs.

    Cells without an id get one that follows from `seed`, their place and their text. Keys that
    are not known stay, behind those that are.
    """
    seen: set[str] = set()
    cells: list[Plain] = [
        _tidy_cell(cell, n, seed, seen) for n, cell in enumerate(cells_of(notebook))
    ]
    given = as_mapping(notebook.get("metadata"))
    metadata: dict[str, Plain] = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    language = as_mapping(given.get("language_info"))
    if language.get("name", "python") != "python":
        metadata = {key: given.get(key) for key in metadata}
    known: dict[str, Plain] = {
        "cells": cells,
        "metadata": metadata | _unknown(given, (*metadata, *_MADE_OF_ALL)),
        "nbformat": 4,
        "nbformat_minor": max(5, int(as_text(notebook.get("nbformat_minor", 5)))),
    }
    return known | _unknown(notebook, known)


def before_saving(
    *, model: dict[str, Any], path: str = "", contents_manager: object = None
) -> None:
    """Tidy a notebook that Jupyter is about to save: a `pre_save_hook` for its server.

    Outputs stay in the window. What is not a notebook of format 4, and one that is saved outside
    any review, is saved as it is.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, Mapping):
        return
    folder = Path(getattr(contents_manager, "root_dir", "") or ".", path.lstrip("/")).parent
    with suppress(ReportError):
        find_root(folder)
        if content.get("nbformat") == 4:
            model["content"] = tidy_notebook(content, seed=Path(path).stem)


def to_bytes(notebook: Mapping[str, Plain]) -> bytes:
    """Return a notebook as it is kept: one space of indent, UTF-8, a newline at the end.

    Numbers keep their digits, and half characters the escapes that they are written with.
    """
    numbers: list[str] = []

    def keep(value: Plain) -> Plain:
        if isinstance(value, WrittenFloat):
            numbers.append(value.written)
            return f"{_NUMBER}{len(numbers) - 1}"
        if isinstance(value, Mapping):
            return {key: keep(item) for key, item in value.items()}
        return [keep(item) for item in value] if isinstance(value, list) else value

    text = json.dumps(keep(notebook), indent=1, ensure_ascii=False)
    if numbers:
        text = re.sub(f'"{_NUMBER}(\\d+)"', lambda found: numbers[int(found[1])], text)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _tidy_cell(
    cell: Mapping[str, Plain], number: int, seed: str, seen: set[str]
) -> dict[str, Plain]:
    text = text_of(cell)
    tidied: dict[str, Plain] = {
        "cell_type": cell["cell_type"],
        "id": _identifier(cell.get("id"), f"{seed}-{number}-{text}", seen),
        "metadata": _unknown(as_mapping(cell.get("metadata")), _MADE),
        "source": list(text.splitlines(keepends=True)),
    }
    if cell["cell_type"] == "code":
        tidied |= {"execution_count": None, "outputs": []}
    tidied |= _unknown(cell, (*tidied, *(() if cell.get("attachments") else ("attachments",))))
    if cell["cell_type"] != "code":
        # Where a cell of code was made one of text, they are of no use.
        tidied = _unknown(tidied, ("execution_count", "outputs"))
    # Jupyter saves the keys of a cell in this order.
    return dict(sorted(tidied.items()))


def _unknown(given: Mapping[str, Plain], known: Iterable[str]) -> dict[str, Plain]:
    """Return what is given under other keys than those that are known."""
    return {key: value for key, value in given.items() if key not in known}


def _identifier(given: object, seed: str, seen: set[str]) -> str:
    name = str(given) if given else digest_bytes(seed.encode())[:8]
    while name in seen:
        name = digest_bytes(f"{name}-{seed}".encode())[:8]
    seen.add(name)
    return name


def _notebooks(root: Path) -> Iterable[Path]:
    beside = (path for path in root.glob("*/*.ipynb") if is_source_folder(str(path.parent), root))
    found = {*root.glob("*.ipynb"), *root.glob("chapters/**/*.ipynb"), *beside}
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def _tidy_tables(root: Path) -> list[str]:
    """Write tables with commas where a spreadsheet program has put semicolons or tabs.

    Only those that reviewpress reads: a chapter may want another table as it is.
    """
    paths = {root / name for name in (FILE, FLOW, IMPORTS)}
    with suppress(ReportError):
        schema = read_schema(_schema(root), root)
        paths |= {schema.folder / table.path for table in schema.tables.values()}
    changed = []
    for path in sorted(paths):
        tidied = with_commas(path.read_bytes(), _name(path, root)) if path.is_file() else None
        if tidied is not None:
            with uninterrupted():
                write_source(path, tidied)
                note_done(f"{_name(path, root)} tidied")
            changed.append(_name(path, root))
    return changed


def _schema(root: Path) -> Path:
    settings = read_yaml(root / "_quarto.yml", root, QUARTO).data.get("reviewpress") or {}
    return root / str(settings.get("schema", "data/schema.yml"))


def _tidy_dictionary(root: Path) -> list[str]:
    """Write `data/README.md` anew where it was generated before and the schema has changed."""
    path = _schema(root)
    if not path.is_file():
        return []
    try:
        schema = read_schema(path, root)
    except ReportError:
        return []
    if not check_dictionary(schema, root):
        return []
    name = _name(schema.folder / NAME, root)
    with uninterrupted():
        write_source(schema.folder / NAME, dictionary(schema).encode())
        note_done(f"{name} tidied")
    return [name]


def _move_expressions(root: Path) -> list[str]:
    """Write the expressions of a table of claims as cells, once; the table stays as it is."""
    path = root / CLAIM_CELLS
    with suppress(ReportError):
        schema = read_schema(_schema(root), root)
        table = schema.tables.get(CLAIMS)
        if table is not None and EXPRESSION in table.columns and not path.exists():
            rows = read_table(schema.folder / table.path, table, root)
            cells: list[Plain] = [
                {"cell_type": "code", "metadata": {}, "source": code} for code in claim_cells(rows)
            ]
            with uninterrupted():
                write_source(path, to_bytes(tidy_notebook({"cells": cells}, seed=path.stem)))
                note_done(f"{CLAIM_CELLS} written")
            return [CLAIM_CELLS]
    return []


def _name(path: Path, root: Path) -> str:
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else str(path)
