"""What cells without labels show: as the page on notebook output says, for recorded bundles.

`data/ordinary_outputs.json` has what the libraries gave to a kernel in November 2026 for two rows
of our own: pandas 3.1, great-tables 1.1, plotnine 0.15, seaborn 0.13, altair 6.3, plotly 7.1,
sympy 1.14, statsmodels 0.15.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import Problem
from reviewpress.notebooks.labelled import Figures, Labelled, float_outputs, is_picture
from reviewpress.notebooks.outputs import read_outputs
from reviewpress.notebooks.source import Cell, Notebook
from reviewpress.notebooks.unlabelled import drawn_outputs, publish_unlabelled

DATA = Path(__file__).parent / "data" / "ordinary_outputs.json"
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "notebook-output.md"
OUTPUTS: dict[str, dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
ROWS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [^-W]", line)
]


class Kernel:
    """Stands for the kernel, which has no frames here."""

    def draw(self, *_: object) -> str:
        raise AssertionError("nothing of matplotlib is shown")

    def frame(self, *_: object) -> str:
        return ""

    def rows(self, id: str, rows: Sequence[object]) -> str:
        return f'::: {{.figure-data for="{id}"}}\n{len(rows)} rows\n:::'


def as_shown(text: str, problems: Sequence[Problem]) -> str:
    """Say in the page's words what became of an output."""
    if problems:
        assert all(problem.hint for problem in problems)
        return "refused"
    if "![" in text:
        return "a picture with its data" if "2 rows" in text else "a picture"
    if text.startswith("$$"):
        return "an equation"
    tables = text.count("rp-table")
    shown = "a table" if tables == 1 else f"{tables} tables"
    return "words" if not tables else shown if "---" in text else text


def publish(name: str, home: Figures, options: dict[str, Any]) -> str:
    outputs, problems = drawn_outputs([OUTPUTS[name]], home)
    if problems:
        return as_shown("", problems)
    if options:
        text, problems = float_outputs(outputs, Labelled(options, 2), home, Kernel())
        if text or problems:
            return as_shown(text, problems)
    shown, problems = publish_unlabelled(outputs, 2, home, Kernel())
    cell = Cell(2, "c", "code", "x", options={})
    read = read_outputs(cell, shown, Notebook("chapters/a.ipynb", (cell,)))
    refused = [each for each in read.problems if each.rule != "cell-output"]
    return as_shown("\n".join(read.markdown), [*problems, *refused])


@pytest.fixture
def home(tmp_path: Path) -> Figures:
    """Where pictures go."""
    return Figures(tmp_path, "../figures", tmp_path)


def test_the_page_has_every_recorded_output() -> None:
    """And no other."""
    assert [row[0] for row in ROWS] == list(OUTPUTS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_the_page_says_of_an_output_is_so(row: list[str], home: Figures) -> None:
    """Without options, and with a text alternative or a caption alone."""
    name, plain, described = row
    assert publish(name, home, {}) == plain
    if described != "–":
        assert publish(name, home, {"fig-alt": "Two bars"}) == described
        assert publish(name, home, {"fig-cap": "Bars"}) == described


@pytest.mark.parametrize(
    ("name", "warned"), [("pandas: a displayed frame", True), ("pandas: a Styler", False)]
)
def test_a_frame_that_is_displayed_is_a_warning(name: str, warned: bool, home: Figures) -> None:
    """It may only have been looked at; what has a design of its own was made to be seen."""
    shown, _ = publish_unlabelled([OUTPUTS[name]], 2, home, Kernel())
    cell = Cell(2, "c", "code", "x", options={})
    read = read_outputs(cell, shown, Notebook("chapters/a.ipynb", (cell,)))
    assert ["shows a frame" in problem.message for problem in read.problems] == [True] * warned


def test_every_picture_has_the_files_that_formats_need(home: Figures) -> None:
    """An SVG has a PNG beside it, for Word; each has its alternative."""
    for name in OUTPUTS:
        outputs, _ = drawn_outputs([OUTPUTS[name]], home)
        if outputs and is_picture(outputs[0]):
            float_outputs(outputs, Labelled({"fig-alt": "Two bars"}, name[:4]), home, Kernel())
    made = {file.name for file in home.folder.iterdir()}
    assert {f"{file[:-4]}.png" for file in made if file.endswith(".svg")} <= made
    assert sum(name.endswith(".alt.txt") for name in made) >= 4


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"label": "fig-x", "fig-cap": "All", "layout-ncol": 1}, "::: {#fig-x layout-ncol=1}"),
        ({"label": "fig-x", "fig-cap": "All", "layout-nrow": 1}, "::: {#fig-x layout-nrow=1}"),
        ({"label": "fig-x", "layout": [[3, -1], [7]]}, '::: {#fig-x layout="[[3, -1], [7]]"}'),
        ({"label": "fig-x", "layout": "[[3], [7]]"}, '::: {#fig-x layout="[[3], [7]]"}'),
        ({"label": "fig-x", "fig-cap": "All"}, "::: {#fig-x layout-ncol=2}"),
        ({"layout-ncol": 2}, "::: {layout-ncol=2}"),
    ],
)
def test_pictures_of_a_cell_stand_as_its_layout_says(
    options: dict[str, Any], line: str, home: Figures
) -> None:
    """With a label or without, by any of Quarto's options; parts of a figure are two in a row."""
    outputs = [OUTPUTS["SVG"], OUTPUTS["SVG with a title and a description"]]
    labelled = Labelled({**options, "fig-alt": "Bars"}, 2)
    text, problems = float_outputs(outputs, labelled, home, Kernel())
    assert problems == []
    assert text.splitlines()[0] == line
    assert text.splitlines()[-1] == ":::"


def test_an_svg_that_is_none_is_told(home: Figures) -> None:
    """Not by an error of the program that draws it."""
    broken = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg"}}
    _, problems = float_outputs([broken], Labelled({"fig-alt": "A"}, 2), home, Kernel())
    assert "cannot be drawn" in problems[0].message


def test_a_table_of_html_has_the_label_of_its_cell(home: Figures) -> None:
    """As review.table writes it, so that every format numbers it."""
    options = {"label": "tbl-x", "tbl-cap": "Told *so*"}
    text, problems = float_outputs(
        [OUTPUTS["pandas: a Styler"]], Labelled(options, 2), home, Kernel()
    )
    assert problems == []
    assert text.splitlines()[-1] == ": Told *so* {#tbl-x .rp-table row-headers=1}"


@pytest.mark.parametrize(("is_bare", "line", "warned"), [
    (True, None, True), (False, None, False), (True, 3, False),
])  # fmt: skip
def test_a_frame_that_a_cell_ends_in_is_a_warning(
    is_bare: bool, line: int | None, warned: bool
) -> None:
    """In a notebook somebody may only have looked at it; in a text file it is there to be seen."""
    output = {
        "output_type": "execute_result",
        "data": {"text/markdown": "| a |"},
        "metadata": {"bare-frame": is_bare},
    }
    cell = Cell(2, "c", "code", "x", options={}, line=line)
    read = read_outputs(cell, [output], Notebook("chapters/a.ipynb", (cell,)))
    assert read.markdown == ("| a |",)
    assert ["shows a frame" in problem.message for problem in read.problems] == [True] * warned
