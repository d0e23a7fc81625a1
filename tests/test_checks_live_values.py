"""Live values where none can be: in addresses, attributes and formulas."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.checks.live_values import misplaced_values
from reviewpress.notebooks.source import read_notebook

CHAPTER = "chapters/findings.ipynb"


def add(root: Path, text: str, code: str = "") -> None:
    """Add a cell of code, if any is given, and one of text to the minimal review's notebook."""
    notebook = json.loads((root / CHAPTER).read_text("utf-8"))
    runs: dict[str, Any] = {"cell_type": "code", "outputs": [], "execution_count": None}
    for each in [runs | {"source": code}] * bool(code) + [
        {"cell_type": "markdown", "source": text}
    ]:
        notebook["cells"].append({"metadata": {}, **each})
    (root / CHAPTER).write_text(json.dumps(notebook), "utf-8")


def found(root: Path, text: str) -> list[str]:
    """Return what is said of a notebook with one text cell."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [cell]}
    (root / "a.ipynb").write_text(json.dumps(made), "utf-8")
    notebook = read_notebook(root / "a.ipynb", root)
    return [str(each) for each in misplaced_values(notebook, notebook.cells[0])]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("See [the data](https://example.org/`{python} 3`) now.", "the address of"),
        ("See [the data](`{python} 3`.html).", "the address of"),
        ("See [it](https://example.org/a_(b)/`{python} 3`/c).", "the address of"),
        ("![A map](figures/`{python} 3`.png)", "the address of"),
        ('See [it](a.html "Of `{python} 3` papers").', "the address of"),
        ("See <https://example.org/`{python} 3`>.", "the address of"),
        ("See https://example.org/?n=`{python} 3` now.", "the address of"),
        ("See [it].\n\n[it]: https://example.org/`{python} 3`", "the address of"),
        ('<a href="https://example.org/`{python} 3`">it</a>', "the address of"),
        ('<abbr title="Of `{python} 3`">it</abbr>', "an attribute"),
        ('![A map](a.png){fig-alt="Of `{python} 3` papers"}', "an attribute"),
    ],
)
def test_a_value_in_an_address_or_attribute_is_an_error(
    text: str, what: str, tmp_path: Path
) -> None:
    """The message has the cell, the value as it is written, and what to do."""
    [said] = found(tmp_path, text)
    assert said.startswith(f"a.ipynb, cell 1: a live value cannot be in {what}"), said
    assert "`{python} 3`" in said


@pytest.mark.parametrize(
    "text",
    [
        "In `{python} 3` papers (of `{python} 4`), [`{python} 3` papers](a.html) and more.",
        "As [the data](https://example.org/x) say, `{python} 3` (`{python} 4`).",
        "It is so [see @known2020] (`{python} 3` papers), [all `{python} 3`]{.value}.",
        "At https://example.org/ `{python} 3` papers are; {`{python} 3`}; a <b and `{python} 3`.",
        "Code: ``[x](`{python} 3`)``",
    ],
)
def test_a_value_in_words_is_none(text: str, tmp_path: Path) -> None:
    """Words of links, brackets and what is beside an address may hold values."""
    assert found(tmp_path, text) == []


def test_check_names_values_in_addresses_and_formulas(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """What the messages say to do works; they show what the author wrote."""
    root = project()
    text = 'See [it](https://example.org/`{python} 1 + 2`) and $x = `{python} len("ab")`$.'
    add(root, text)
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert f"{CHAPTER}, cell 6: a live value cannot be in the address of a link" in outcome.stderr
    said = 'cell 6: a live value cannot be in a formula: $x = `{python} len("ab")`$'
    assert said in outcome.stderr
    assert "expr=" not in outcome.stderr


def test_a_whole_link_or_formula_may_be_a_value(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """What the messages advise is published as a link and as a formula."""
    root = project()
    link = '`{python} md(f"[the data](https://example.org/{1 + 2})")`'
    formula = '`{python} md(f"$x = {1 + 2}$")`'
    add(root, f"See {link} and {formula}.", "from reviewpress import md")
    outcome = reviewpress("render --engine pandoc --to reviewpress-html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/report/chapters/findings.html").read_text("utf-8")
    assert 'href="https://example.org/3"' in page
    assert "<math" in page
