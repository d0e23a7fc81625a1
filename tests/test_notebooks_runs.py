"""Prose merged into what a kernel computed."""

from pathlib import Path

import nbformat
import pytest

from reviewpress.notebooks.runs import (
    Execution,
    Run,
    Step,
    Value,
    merge_prose,
    notebook_text,
    steps_of,
)
from reviewpress.notebooks.source import Cell, Notebook

RECORD = Execution(
    steps=(
        Step("parameters", "n = 3"),
        Step("code", "table", ("| a |", "text")),
        Step("value", "n + 1", ("4",), "4"),
        Step("value", '"*"', ("\\*",), "*"),
    ),
    files={"figures/fig-a.svg": "", "figures/fig-a.alt.txt": "", "figures/fig-b.svg": ""},
    warnings=((1, "careful.", "Look."),),
)


def notebook(*cells: Cell) -> Notebook:
    return Notebook("chapters/a.ipynb", cells)


def chapter(prose: str = "There are `{python} n + 1` and `` `{python} no` ``") -> Notebook:
    return notebook(
        Cell(1, "a", "markdown", "# A\n"),
        Cell(2, "b", "code", "n = 3", tags=("parameters",)),
        Cell(3, "c", "code", "table"),
        Cell(4, "d", "markdown", prose + ', `{python} "*"`.'),
        Cell(5, "e", "code", "  \n"),
    )


def merge(source: Notebook) -> Run:
    return merge_prose(source, RECORD, identity="id", folder=Path("/store/id"))


def test_a_run_asks_for_code_and_values_in_order() -> None:
    """Prose, empty cells and code spans are no part of what the kernel is asked."""
    assert list(steps_of(chapter())) == [
        ("parameters", "n = 3"),
        ("code", "table"),
        ("value", "n + 1"),
        ("value", '"*"'),
    ]


def test_prose_is_merged_with_values_and_outputs() -> None:
    """Outputs stand after their cell's place, values in the sentences, code nowhere."""
    assert merge(chapter()).markdown == (
        "# A\n\n| a |\n\ntext\n\n"
        'There are [4]{.value expr="n + 1" of="a-1"} and `` `{python} no` ``, '
        '[\\*]{.value expr="\\"*\\"" of="a-2"}.\n'
    )


def test_prose_may_change_and_be_divided_otherwise() -> None:
    """As long as code and values keep their order, cells of text may be split and joined."""
    source = notebook(
        Cell(1, "b", "code", "n = 3", tags=("parameters",)),
        Cell(2, "c", "code", "table"),
        Cell(3, "d", "markdown", "Now `{python} n + 1`."),
        Cell(4, "e", "markdown", 'And `{python} "*"`.'),
    )
    run = merge(source)
    assert [value.cell for value in run.values] == [3, 4]
    assert run.markdown.startswith("| a |")


def test_values_say_what_they_came_from() -> None:
    """Each value keeps expression, unescaped result, cell, and which one of its chapter it is."""
    first, second = Value("n + 1", "4", 4, "a-1"), Value('"*"', "*", 4, "a-2")
    assert merge(chapter()).values == (first, second)


def test_figures_are_grouped_by_id() -> None:
    """All files of a figure belong to its id."""
    figures = merge(chapter()).figures
    folder = Path("/store/id/figures")
    assert figures == {
        "fig-a": (folder / "fig-a.alt.txt", folder / "fig-a.svg"),
        "fig-b": (folder / "fig-b.svg",),
    }


def test_warnings_stand_at_the_cell_as_it_is_numbered_now() -> None:
    """A paragraph added above moves the warning's place with its cell."""
    (warning,) = merge(chapter()).warnings
    assert str(warning) == "chapters/a.ipynb, cell 3: careful. Look."
    assert warning.severity == "warning"


def test_the_executed_notebook_is_valid_and_bare() -> None:
    """Format 4.5, sources as lists of lines, Markdown outputs, nothing of the machine."""
    document = merge(chapter()).notebook
    nbformat.validate(nbformat.from_dict(document))
    assert [cell["source"] for cell in document["cells"]][:2] == [["# A\n"], ["n = 3"]]
    outputs = document["cells"][2]["outputs"]
    assert [output["data"] for output in outputs] == [
        {"text/markdown": ["| a |"]},
        {"text/markdown": ["text"]},
    ]
    assert "papermill" not in notebook_text(document)


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\r"])
def test_only_newlines_divide_lines(separator: str) -> None:
    """Other separators that Python knows stay inside their line."""
    document = merge(chapter(f"a{separator}b\nc `{{python}} n + 1`")).notebook
    assert document["cells"][3]["source"][0] == f"a{separator}b\n"


def test_options_of_floats_are_not_handed_on() -> None:
    """Quarto would make a second figure of the one that is published already."""
    code = '#| label: fig-a\n#| fig-cap: "A"\n#| echo: false\ntable\n# label: no option'
    source = notebook(
        Cell(1, "b", "code", "n = 3", tags=("parameters",)),
        Cell(2, "c", "code", code, options={"label": "fig-a", "echo": False}),
        Cell(3, "d", "markdown", '`{python} n + 1` `{python} "*"`'),
    )
    cells = merge(source).notebook["cells"]
    assert "".join(cells[1]["source"]) == "#| echo: false\ntable\n# label: no option"


def test_code_is_shown_where_asked() -> None:
    """The option `echo: true` shows the code, without its option lines."""
    source = notebook(
        Cell(1, "b", "code", "n = 3", tags=("parameters",)),
        Cell(2, "c", "code", "#| echo: true\ntable", options={"echo": True}),
        Cell(3, "d", "markdown", '`{python} n + 1` `{python} "*"`'),
    )
    assert merge(source).markdown.startswith("```python\ntable\n```\n\n| a |")


def test_a_fenced_cell_shows_its_fence_and_options() -> None:
    """`echo: fenced` shows the cell as it is written, but for that option."""
    text = "#| echo: fenced\n#| warning: false\ntable"
    source = notebook(
        Cell(1, "b", "code", "n = 3", tags=("parameters",)),
        Cell(2, "c", "code", text, options={"echo": "fenced", "warning": False}),
        Cell(3, "d", "markdown", '`{python} n + 1` `{python} "*"`'),
    )
    shown = "````markdown\n```{python}\n#| warning: false\ntable\n```\n````\n\n| a |"
    assert merge(source).markdown.startswith(shown)


@pytest.mark.parametrize(
    ("options", "fence"),
    [
        ({"lst-label": "lst-one", "lst-cap": 'A "table"'},
         '```{#lst-one .python lst-cap="A \\"table\\""}'),
        ({"lst-cap": "A table"}, '```{.python lst-cap="A table"}'),
        ({"filename": "one.py"}, '```{.python filename="one.py"}'),
        ({"lst-label": "lst-one"}, "```{#lst-one .python}"),
    ],
)  # fmt: skip
def test_code_that_is_shown_may_be_a_listing(options: dict[str, str], fence: str) -> None:
    """With `lst-label` it can be referred to, with `lst-cap` it has a caption."""
    source = notebook(
        Cell(1, "b", "code", "n = 3", tags=("parameters",)),
        Cell(2, "c", "code", "table", options={"echo": True, **options}),
        Cell(3, "d", "markdown", '`{python} n + 1` `{python} "*"`'),
    )
    assert merge(source).markdown.startswith(f"{fence}\ntable\n```\n")
