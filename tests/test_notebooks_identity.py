"""What makes a run the same, and what makes it another."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewpress.notebooks.identity import (
    CORE,
    Ground,
    execution_key,
    ground_of,
    installed,
    packages_of,
)
from reviewpress.notebooks.runs import Execution
from reviewpress.notebooks.source import Cell, Notebook

CELLS = (
    Cell(1, "a", "markdown", "Text, `{python} n`."),
    Cell(2, "b", "code", "n = 1", tags=("parameters",)),
    Cell(3, "c", "code", "n + 1"),
)


def key(*cells: Cell, **parameters: object) -> str:
    return execution_key(Notebook("chapters/a.ipynb", cells or CELLS), parameters)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(1, "a", "markdown", "Other words — `{python} n`!"),
        Cell(1, "z", "markdown", "Text, `{python} n`."),
        Cell(1, "a", "markdown", "Text,\n\n`{python}  n` ``and code``."),
    ],
)
def test_prose_does_not_change_the_key(cell: Cell) -> None:
    """A changed comma, paragraph or cell id starts no kernel."""
    assert key(cell, *CELLS[1:]) == key()


@pytest.mark.parametrize(
    "cells",
    [
        (replace(CELLS[0], source="Text, `{python} n + 0`."), *CELLS[1:]),
        (CELLS[1], CELLS[0], CELLS[2]),
        (*CELLS[:2], replace(CELLS[2], source="n + 2")),
        (CELLS[0], replace(CELLS[1], tags=()), CELLS[2]),
        (*CELLS[:2], replace(CELLS[2], options={"output": False})),
        CELLS[:2],
    ],
)
def test_code_values_and_their_order_change_the_key(cells: tuple[Cell, ...]) -> None:
    """So do tags and options that change what happens."""
    assert key(*cells) != key()


def test_parameters_change_the_key() -> None:
    """Their order does not."""
    assert key(a=1) != key()
    assert key(a=1) != key(a=2)
    assert key(a=1, b=2) == key(b=2, a=1)


def test_the_ground_stands_until_a_file_changes(tmp_path: Path) -> None:
    """A changed, a removed and a new file are all noticed."""
    table = tmp_path / "a.csv"
    table.write_text("a\n", encoding="utf-8")
    ground = Ground(tmp_path)
    record = Execution((), reads={"a.csv": ground.read("a.csv"), "b.csv": ground.read("b.csv")})
    assert Ground(tmp_path).stands(ground_of(record))
    table.write_text("b\n", encoding="utf-8")
    assert not Ground(tmp_path).stands(ground_of(record))
    table.write_text("a\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    assert not Ground(tmp_path).stands(ground_of(record))


def test_the_ground_falls_with_a_package_or_module(tmp_path: Path) -> None:
    """Another version, a package gone, a module changed."""
    ground = Ground(tmp_path)
    packages = {"pandas": installed()["pandas"]}
    modules = {"errors.py": ground.module("errors.py")}
    assert ground.stands(ground_of(Execution((), modules=modules, packages=packages)))
    assert not ground.stands(ground_of(Execution((), packages={"pandas": "0.1"})))
    assert not ground.stands(ground_of(Execution((), packages={"no-such-package": "1"})))
    assert not ground.stands(ground_of(Execution((), modules={"errors.py": "0"})))


def test_only_the_settings_of_the_configuration_count(tmp_path: Path) -> None:
    """A new title of the book is no reason to run chapters; a changed section is."""
    name = "_quarto.yml#reviewpress"
    config = tmp_path / "_quarto.yml"
    text = "project: {type: book}\nbook: {title: A, chapters: [a.ipynb]}\n"
    config.write_text(text, encoding="utf-8")
    (tmp_path / "a.ipynb").write_text("{}", encoding="utf-8")
    before = Ground(tmp_path).read(name)
    config.write_text(text.replace("title: A", "title: B"), encoding="utf-8")
    assert Ground(tmp_path).read(name) == before
    config.write_text(text + "reviewpress: {sections: {S: a}}\n", encoding="utf-8")
    assert Ground(tmp_path).read(name) != before


def test_packages_are_the_core_and_what_else_was_imported() -> None:
    """What only comes with the core (numpy's friends, IPython's) is not listed one by one."""
    found = packages_of(["pandas", "IPython", "dateutil", "hypothesis"])
    assert set(CORE) <= set(found)
    assert found["hypothesis"] == installed()["hypothesis"]
    assert "ipython" not in found
    assert "python-dateutil" not in found
