"""Tidy: notebooks lose what Jupyter saved into them, and keep one spelling."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.tidy import before_saving, tidy_notebook, to_bytes

REPOSITORY = Path(__file__).resolve().parents[1]


def saved(source: str | list[str] = "1 + 1") -> dict[str, Any]:
    """A notebook as JupyterLab saves it after a run."""
    return {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": 7,
                "id": "a1",
                "metadata": {"tags": ["parameters"], "execution": {"x": 1}, "scrolled": True},
                "outputs": [{"output_type": "stream", "name": "stdout", "text": ["2"]}],
                "source": source,
            },
            {"cell_type": "markdown", "metadata": {}, "source": ["# Ö\n", "“x”"]},
        ],
        "metadata": {
            "kernelspec": {"display_name": ".venv", "language": "python", "name": "venv"},
            "language_info": {"name": "python", "version": "3.12.1"},
        },
        "nbformat": 4,
        "nbformat_minor": 4,
    }


def test_outputs_and_traces_go() -> None:
    """Outputs, counts and programs' metadata go; tags, text and ids stay."""
    code, text = tidy_notebook(saved())["cells"]
    assert code["outputs"] == []
    assert code["execution_count"] is None
    assert code["metadata"] == {"tags": ["parameters"]}
    assert code["id"] == "a1"
    assert text["source"] == ["# Ö\n", "“x”"]


def test_spelling_is_stable() -> None:
    """What is tidied stays as it is, and real letters are kept."""
    once = to_bytes(tidy_notebook(saved(), seed="x"))
    assert to_bytes(tidy_notebook(json.loads(once), seed="x")) == once
    assert "“x”".encode() in once
    assert once.endswith(b"}\n")


def test_metadata_is_the_same_on_every_machine() -> None:
    """The kernel's name and Python's version do not depend on who saved last."""
    metadata = tidy_notebook(saved())["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["language_info"] == {"name": "python"}


@given(st.lists(st.text(), max_size=4))
def test_text_of_cells_is_kept(sources: list[str]) -> None:
    """Whatever an author typed survives tidying, and every cell has an id of its own."""
    notebook = {"cells": [{"cell_type": "markdown", "source": s} for s in sources], "nbformat": 4}
    cells = tidy_notebook(notebook)["cells"]
    assert ["".join(cell["source"]) for cell in cells] == sources
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_command_tidies_all_chapters(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Without files, every chapter is tidied, once."""
    root = project("stored-outputs", runs=False)
    first = reviewpress("tidy", cwd=root)
    second = reviewpress("tidy", cwd=root)
    assert "chapters/findings.ipynb tidied" in first.stdout
    assert second.stdout == "Nothing to tidy.\n"


def test_broken_file_stops_no_other(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A file that is no notebook is reported; the others are tidied, and it stays as it was."""
    root = project("stored-outputs", runs=False)
    broken = root / "chapters" / "broken.ipynb"
    broken.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    outcome = reviewpress("tidy", cwd=root)
    assert outcome.status == 1
    assert "chapters/broken.ipynb, line 1: `<<<<<<< HEAD` is the mark of a merge" in outcome.stderr
    assert broken.read_text(encoding="utf-8") == "<<<<<<< HEAD\n"
    findings = json.loads((root / "chapters" / "findings.ipynb").read_bytes())
    assert not any(cell.get("outputs") for cell in findings["cells"])


def test_dictionary_is_written_anew(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A generated data/README.md follows its schema; one that was written by hand is left."""
    root = project(runs=False, files={"data/README.md": "Generated from schema.yml, once."})
    assert "data/README.md tidied" in reviewpress("tidy", cwd=root).stdout
    (root / "data" / "README.md").write_text("My own words.", encoding="utf-8")
    reviewpress("tidy", cwd=root)
    assert (root / "data" / "README.md").read_text(encoding="utf-8") == "My own words."


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "chapters").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_chapters_of_the_repository_are_tidy(path: Path) -> None:
    """Every chapter is stored as tidy leaves it."""
    content = path.read_bytes()
    assert to_bytes(tidy_notebook(json.loads(content), seed=path.stem)) == content


def test_tables_of_a_spreadsheet_program_get_their_commas(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """Where commas are decimal marks, programs save semicolons: the review is as it was."""
    root = project()
    path = root / "data/papers.csv"
    path.write_text("code;citekey\n1;a\n", encoding="utf-8-sig", newline="\r\n")
    own = root / "data/own.csv"
    own.write_text("a;b\n1;2\n")
    outcome = reviewpress("tidy", cwd=root)
    assert "data/papers.csv tidied" in outcome.stdout
    assert own.read_text() == "a;b\n1;2\n"
    assert path.read_bytes() == b"code,citekey\n1,a\n"
    assert "data/papers.csv" not in reviewpress("tidy", cwd=root).stdout


def test_a_hook_of_jupyter_saves_a_notebook_tidied(project: Any) -> None:
    """In a review alone; other files, and what is no notebook of today, are saved as they are."""
    root = project(runs=False)
    manager = SimpleNamespace(root_dir=str(root))
    content = saved()
    model: dict[str, Any] = {"type": "notebook", "content": dict(content)}
    before_saving(model=model, path="/chapters/findings.ipynb", contents_manager=manager)
    assert model["content"] == tidy_notebook(content, seed="findings")
    for other in (
        {"type": "file", "content": "text"},
        {"type": "notebook", "content": {**content, "nbformat": 3}},
    ):
        same = dict(other)
        before_saving(model=same, path="chapters/a.ipynb", contents_manager=manager)
        assert same == other
    model = {"type": "notebook", "content": dict(content)}
    manager = SimpleNamespace(root_dir=str(root.parent))
    before_saving(model=model, path="elsewhere.ipynb", contents_manager=manager)
    assert model["content"] == content
