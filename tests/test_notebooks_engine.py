"""The engine as papermill's own users meet it."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill


def write(path: Path) -> Path:
    cells = [
        nbformat.v4.new_code_cell("n = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_markdown_cell("There are `{python} n + 1`."),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


def test_papermill_finds_the_engine_by_its_name(tmp_path: Path) -> None:
    """Through its entry point, from the command line, with parameters."""
    source, target = write(tmp_path / "in.ipynb"), tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--engine", "reviewpress", "-p", "n", "41"]
    subprocess.run([*command, source, target], check=True, capture_output=True)
    cells = json.loads(target.read_text("utf-8"))["cells"]
    assert "".join(cells[-1]["source"]) == 'There are [42]{.value expr="n + 1"}.'


def test_the_engine_runs_as_a_library(tmp_path: Path) -> None:
    """With values filled in, and what the run depended on in the metadata."""
    done = papermill.execute_notebook(
        str(write(tmp_path / "in.ipynb")), None, engine_name="reviewpress", progress_bar=False
    )
    assert done.cells[-1].source == 'There are [2]{.value expr="n + 1"}.'
    assert {"reads", "modules", "imported"} < set(done.metadata["reviewpress"])


def test_the_entry_point_can_be_imported_before_papermill() -> None:
    """papermill loads it while it is itself being imported."""
    for first in ("reviewpress.notebooks.engine", "reviewpress.notebooks.client", "papermill"):
        code = f"import {first}, papermill.engines as found\n"
        code += "found.papermill_engines.get_engine('reviewpress')"
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
