"""Options of cells: each is obeyed, or it is said once that it has no effect, or is not known."""

import json
from pathlib import Path

import pytest

from reviewpress.cell_keys import CELL_KEYS
from reviewpress.checks.keys import cell_remarks
from reviewpress.errors import ReportError
from reviewpress.notebooks.source import read_notebook

_CELL = """---
title: A
---

```{{python}}
#| label: fig-a
{}
x = 1
```
"""


def said(root: Path, **texts: str) -> list[str]:
    """Return what is said of the cells of chapters."""
    for name, text in texts.items():
        (root / f"{name}.qmd").write_text(_CELL.format(text), "utf-8")
    chapters = [read_notebook(root / f"{name}.qmd", root) for name in texts]
    return [f"{each.rule}: {each}" for each in cell_remarks(chapters)]


def test_what_has_no_effect_is_said_once_with_the_reason(tmp_path: Path) -> None:
    """Options without effect for one reason are one message, however many cells have them."""
    found = said(tmp_path, a="#| fig-width: 3\n#| fig-dpi: 300", b="#| fig-width: 4")
    assert found == [
        'key-without-effect: a.qmd, line 7: the cell options "fig-width" and "fig-dpi" have no'
        " effect in the embedded engine. A picture has the size, the kind and the place that its"
        " code gives it, as in `plt.figure(figsize=(6, 4))`."
    ]


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("fig-captoin: A", 'Did you mean "fig-cap"?'),
        ("fig.cap: A", 'Did you mean "fig-cap"?'),
        ("zzz: 1", "docs/reference/quarto-keys.md lists the options of cells."),
    ],
)
def test_an_option_that_is_not_known_is_named(option: str, hint: str, tmp_path: Path) -> None:
    """A slip of the pen is said with its line and the nearest option."""
    name = option.partition(":")[0]
    [one] = said(tmp_path, a=f"#| echo: true\n#| {option}")
    assert one == (
        f'unknown-key: a.qmd, line 8: the cell option "{name}" is not known: it has no effect.'
        f" {hint}"
    )


@pytest.mark.parametrize(
    "option", ["cache: true", "code-fold: false", "layout: [[1, 1]]", "filename: a.py", "id: a"]
)
def test_what_asks_for_nothing_missing_is_not_mentioned(option: str, tmp_path: Path) -> None:
    """What is obeyed, turned off, or about the making alone is no message."""
    assert said(tmp_path, a=f"#| {option}") == []


@pytest.mark.parametrize("name", ["echo", "eval", "include", "output", "warning", "error"])
def test_a_switch_that_is_neither_on_nor_off_is_an_error(name: str, tmp_path: Path) -> None:
    """A slip in `true` or `false` would do the contrary without a word."""
    with pytest.raises(ReportError) as caught:
        said(tmp_path, a=f"#| {name}: fasle")
    message = str(caught.value)
    assert message.startswith(f'a.qmd, line 7: "{name}" takes true')
    assert 'not the text "fasle"' in message


@pytest.mark.parametrize(
    "option", ["echo: fenced", "output: asis", "eval: [1, 2]", "include: FALSE", "warning: no"]
)
def test_switches_have_all_their_values(option: str, tmp_path: Path) -> None:
    """What Quarto and knitr take is taken."""
    assert said(tmp_path, a=f"#| {option}") == []


def test_a_notebook_is_looked_at_by_its_cells(tmp_path: Path) -> None:
    """The place of an option in a notebook is its cell and line."""
    cell = {
        "cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [],
        "source": "#| column: margin\n1",
    }  # fmt: skip
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (tmp_path / "a.ipynb").write_text(json.dumps(made), "utf-8")
    [one] = cell_remarks([read_notebook(tmp_path / "a.ipynb", tmp_path)])
    assert str(one.where) == "a.ipynb, cell 1, line 1"
    assert one.message.startswith('the cell option "column" has no effect')


def test_every_row_says_something() -> None:
    """Each option has a sentence that can be printed after others."""
    assert all(row.says and not row.says.endswith(".") for row in CELL_KEYS.values())
