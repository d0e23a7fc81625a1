"""Reading a chapter's notebook."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import ChapterError, ReportError
from reviewpress.notebooks import declared_parameters
from reviewpress.notebooks.source import read_notebook


def write(path: Path, *cells: tuple[str, str], **document: Any) -> Path:
    made = [
        {
            "cell_type": "code" if kind == "parameters" else kind,
            "id": f"cell-{number}",
            "metadata": {"tags": ["parameters"]} if kind == "parameters" else {},
            "source": source.splitlines(keepends=True),
        }
        for number, (kind, source) in enumerate(cells)
    ]
    notebook = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | document
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(ReportError) as caught:
        read_notebook(path, path.parent)
    return str(caught.value)


def test_cells_are_numbered_as_a_reader_counts(tmp_path: Path) -> None:
    """Cells count from one, text and code alike."""
    path = write(tmp_path / "a.ipynb", ("markdown", "# A"), ("code", "x = 1\ny = 2"))
    notebook = read_notebook(path, tmp_path)
    assert notebook.name == "a.ipynb"
    assert [(c.number, c.kind, c.source) for c in notebook.cells] == [
        (1, "markdown", "# A"),
        (2, "code", "x = 1\ny = 2"),
    ]


def test_cell_options_are_read_as_quarto_writes_them(tmp_path: Path) -> None:
    """Lines of `#| key: value` at the top of a cell are its options."""
    source = '#| label: fig-x\n#| fig-alt: "Two: bars"\n#| echo: true\nx = 1\n#| not: this'
    notebook = read_notebook(write(tmp_path / "a.ipynb", ("code", source)), tmp_path)
    options = dict(notebook.cells[0].options)
    assert options == {"label": "fig-x", "fig-alt": "Two: bars", "echo": True}


def test_wrong_cell_options_name_the_cell(tmp_path: Path) -> None:
    """Options that are no YAML are an error with cell and line."""
    path = write(tmp_path / "a.ipynb", ("markdown", ""), ("code", "#| echo: true\n#| b: [\nx"))
    assert refused(path).startswith("a.ipynb, cell 2, line ")


def test_declared_parameters_have_their_values(tmp_path: Path) -> None:
    """Every name assigned in the cell tagged parameters is declared."""
    source = 'section = "Processes"\nregions: list[str] = []\nlimit = 3 * 4\na.b = 1\nprint(1)'
    path = write(tmp_path / "a.ipynb", ("code", "other = 1"), ("parameters", source))
    assert declared_parameters(path) == {"section": "Processes", "regions": [], "limit": ...}


def test_a_chapter_may_declare_no_parameters(tmp_path: Path) -> None:
    """Without a tagged cell there are none."""
    assert declared_parameters(write(tmp_path / "a.ipynb", ("code", "x = 1"))) == {}


def test_a_parameters_cell_that_is_not_python(tmp_path: Path) -> None:
    """The error names cell and line."""
    path = write(tmp_path / "a.ipynb", ("parameters", "a = 1\nb ="))
    with pytest.raises(ChapterError, match=r"a\.ipynb, cell 1, line 2: the parameters cell"):
        declared_parameters(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is not a notebook"),
        (b"<<<<<<< HEAD\n", "a.ipynb, line 1: `<<<<<<< HEAD` is the mark of a merge conflict."),
        (b"[]", "the file is not a notebook: it holds a list."),
        (b'{"cells": [], "nbformat": 3}', "not a notebook of format 4"),
        (b'{"cells": [1], "nbformat": 4}', "cell 1: the cell is the number 1"),
        (b"\xff\xfe", "the file is not UTF-8"),
    ],
)
def test_what_is_no_chapter_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Each kind of broken file has a message that says what is wrong."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    assert message in refused(path)


def test_a_missing_chapter_is_an_error(tmp_path: Path) -> None:
    """The message names the file relative to the review."""
    assert refused(tmp_path / "a.ipynb") == "a.ipynb: the notebook does not exist."
