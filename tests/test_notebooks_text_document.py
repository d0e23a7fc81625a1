"""Chapters of text with Python cells: read as notebooks, with the lines of their cells."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import Place, Problem, ReportError
from reviewpress.notebooks.document import cells_of, text_of
from reviewpress.notebooks.source import declared_parameters, read_notebook
from reviewpress.notebooks.text_document import LINE, document_of_text

CHAPTER = """---
title: Levels
execute:
  warning: false
---

# Levels

```{python}
#| tags: [parameters]
regions = []
```

- an item

   ```{python}
   if True:
       1
   ```

````markdown
```{python}
shown
```
````
"""


def test_cells_are_read_with_their_lines() -> None:
    """Front matter, text and code are cells in order; an example in a longer fence is text."""
    document = document_of_text(CHAPTER.encode(), "levels.qmd")
    cells = [(c["cell_type"], c["metadata"][LINE], text_of(c)) for c in cells_of(document)]  # type: ignore[index,call-overload]
    assert [(kind, line) for kind, line, _ in cells] == [
        ("raw", 1), ("markdown", 7), ("code", 10), ("markdown", 14), ("code", 17), ("markdown", 21),
    ]  # fmt: skip
    assert cells[4][2] == "if True:\n    1"
    assert cells[5][2].startswith("````markdown\n```{python}\nshown")


def test_windows_line_endings_count_as_one_line() -> None:
    """A file saved on Windows has the same lines."""
    plain = document_of_text(CHAPTER.encode(), "a.qmd")
    assert document_of_text(CHAPTER.replace("\n", "\r\n").encode(), "a.qmd") == plain


def test_an_option_gives_a_cell_its_tag(tmp_path: Path) -> None:
    """`#| tags: [parameters]` declares parameters, in a notebook too."""
    (tmp_path / "levels.qmd").write_text(CHAPTER, encoding="utf-8")
    assert declared_parameters(tmp_path / "levels.qmd") == {"regions": []}
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
            "source": "#| tags: parameters\nlimit = 3"}  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "b.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert declared_parameters(tmp_path / "b.ipynb") == {"limit": 3}


def test_defaults_are_those_of_the_chapter_then_the_review(tmp_path: Path) -> None:
    """What a cell says comes first, then `execute:` of the chapter, then that of the review."""
    text = CHAPTER + "\n```{python}\n#| echo: false\n1\n```\n"
    (tmp_path / "levels.qmd").write_text(text, encoding="utf-8")
    given = {"echo": True, "warning": True, "freeze": "auto"}
    notebook = read_notebook(tmp_path / "levels.qmd", tmp_path, given)
    options = [dict(cell.options) for cell in notebook.cells if cell.kind == "code"]
    assert options == [
        {"echo": True, "warning": False, "tags": ["parameters"]},
        {"echo": True, "warning": False},
        {"echo": False, "warning": False},
    ]


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        (Place("a.qmd", cell=2, others=(3, 4)), (1, 5, 10)),
        (Place("a.qmd", cell=3, line=2, others=(3,)), (7, 8)),
        (Place("a.qmd", cell=4), (10,)),
    ],
)
def test_what_several_cells_have_is_named_by_lines(
    where: Place, lines: tuple[int, ...], tmp_path: Path
) -> None:
    """Each number is that of a line: of the fence, or within the cell."""
    text = "```{python}\n1\n```\n\n```{python}\n1\n2\n3\n```\n```{python}\n1\n```\n"
    (tmp_path / "a.qmd").write_text(f"---\ntitle: A\n---\n{text}", encoding="utf-8")
    notebook = read_notebook(tmp_path / "a.qmd", tmp_path)
    [problem] = notebook.in_lines([Problem("figure", "it shows a chart.", where)])
    first, *others = (number + 3 for number in lines)
    assert problem.where == Place("a.qmd", line=first, others=tuple(others))


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("python, echo=FALSE", "Write `#| echo: FALSE` below them"),
        ('python fig.cap="A line"', 'Write `#| fig.cap: "A line"` below them'),
    ],
)
def test_options_in_braces_are_a_problem_with_its_line(header: str, hint: str) -> None:
    """Quarto's Jupyter engine does not read them, so that they would have no effect."""
    with pytest.raises(ReportError) as caught:
        document_of_text(f"Words.\n\n```{{{header}}}\n1\n```\n".encode(), "a.qmd")
    [problem] = caught.value.problems
    assert problem.where == Place("a.qmd", line=3)
    assert hint in problem.hint


def test_a_cell_that_never_ends_is_a_problem() -> None:
    """All below it would be code."""
    with pytest.raises(ReportError, match="the code cell that begins here never ends") as caught:
        document_of_text(b"Words.\n\n```{python}\n1\n\nMore words.\n", "a.qmd")
    assert caught.value.problems[0].where == Place("a.qmd", line=3)


@pytest.mark.parametrize(("option", "line"), [("#| fig-cap: a: b", 5), ("#| label: 'x' y", 5)])
def test_options_that_are_not_yaml_have_the_line_of_the_file(
    option: str, line: int, tmp_path: Path
) -> None:
    """Not the line of the cell."""
    text = f"Words.\n\n```{{python}}\n#| label: fig-a\n{option}\n1\n```\n"
    (tmp_path / "a.qmd").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        read_notebook(tmp_path / "a.qmd", tmp_path)
    assert caught.value.problems[0].where == Place("a.qmd", line=line)


def as_text(notebook: Path) -> str:
    """Return a notebook as the same chapter of text."""
    parts = []
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags")
        if cell["cell_type"] == "code":
            source = f"#| tags: {json.dumps(tags)}\n{source}" if tags else source
            source = f"```{{python}}\n{source}\n```"
        parts.append(source)
    return "\n\n".join(parts) + "\n"


def test_a_chapter_of_text_makes_the_page_of_its_notebook(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """With parameters, values, a table and a finding: the page is the same but for the name."""
    page = "_output/report/chapters/findings.html"
    one = project(folder="one")
    assert reviewpress("render --engine pandoc", cwd=one).status == 0
    other = project(folder="other")
    notebook = other / "chapters/findings.ipynb"
    (other / "chapters/findings.qmd").write_text(as_text(notebook), encoding="utf-8")
    notebook.unlink()
    for file in other.glob("_quarto*.yml"):
        file.write_text(file.read_text("utf-8").replace("findings.ipynb", "findings.qmd"), "utf-8")
    assert reviewpress("render --engine pandoc", cwd=other).status == 0

    def read(root: Path) -> str:
        """Return the page without what names the file and its run."""
        text = (root / page).read_text("utf-8").replace("findings.qmd", "findings.ipynb")
        return re.sub(r"; run [0-9a-f]{12}", "", text)

    assert read(other) == read(one)
    chapter = other / "chapters/findings.qmd"
    chapter.write_text(
        chapter.read_text("utf-8").replace("What the papers", "What, then,"), "utf-8"
    )
    again = reviewpress("render --engine pandoc", cwd=other)
    assert "1 notebook unchanged" in again.stderr
    assert "What, then," in (other / page).read_text("utf-8")
