"""Tables that cells display as HTML."""

import pytest

from reviewpress.errors import OutOfTime, Problem
from reviewpress.notebooks import html_tables
from reviewpress.notebooks.html_tables import html_table_markdown
from reviewpress.speed import pandoc_pool

TABLE = "<table><tr><th>a</th></tr><tr><td>{}</td></tr></table>"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<b>" * 5000, "more than 40 elements of the HTML are nested."),
        ("<div>" * 300 + "x" + "</div>" * 300, "more than 40 elements"),
        (TABLE * 3 + "<ul><li>" * 50, "more than 40 elements"),
        ("a\ud800b", "half of a character"),
    ],
)
def test_html_that_would_not_come_to_an_end_is_refused(cell: str, said: str) -> None:
    """Nor is it given to pandoc."""
    [problem] = html_table_markdown(TABLE.format(cell))
    assert isinstance(problem, Problem)
    assert said in problem.message


def test_cells_without_end_tags_are_no_depth() -> None:
    """HTML lets a row and a cell end where the next begins."""
    rows = "".join(f"<tr><td>{number}<td>b" for number in range(200))
    assert "stand in one another" not in str(html_table_markdown(f"<table>{rows}</table>"))


INDEXED = """<div><style scoped>.dataframe td { color: red }</style>
<table border="1" class="dataframe"><thead>
<tr style="text-align: right;"><th></th><th>Papers</th><th>Share</th></tr>
<tr><th>Design</th><th></th><th></th></tr></thead>
<tbody><tr><th>Trial</th><td>3</td><td>0.2</td></tr>
<tr><th>Cohort</th><td>1,200</td><td>NaN</td></tr></tbody></table></div>"""
COUNTED = """<table class="dataframe"><thead><tr><th></th><th>Place</th><th>n</th></tr></thead>
<tbody><tr><th>0</th><td>Leith</td><td>4</td></tr><tr><th>1</th><td>Oban</td><td>−12%</td></tr>
</tbody></table>"""
STYLED = """<style type="text/css">#T_1_row0_col1 { background-color: gold; }</style>
<table id="T_1"><caption>What was *found*</caption><thead><tr><th class="blank">&nbsp;</th>
<th id="T_1_level0_col0">Place</th></tr></thead><tbody><tr><th class="row_heading">0</th>
<td id="T_1_row0_col0">Leith</td></tr></tbody></table>"""
GREAT = """<div id="abc"><style>#abc table { color: red }</style><table class="gt_table"><thead>
<tr class="gt_heading"><td colspan="3" class="gt_title">Designs</td></tr>
<tr class="gt_heading"><td colspan="3" class="gt_subtitle">of the papers</td></tr>
<tr><th rowspan="2" scope="col"></th><th colspan="2" scope="colgroup"><span>Numbers</span></th></tr>
<tr><th scope="col">n</th><th scope="col">Share</th></tr></thead>
<tbody><tr><th scope="row">Trial</th><td>3</td><td>20%</td></tr></tbody>
<tfoot><tr><td colspan="3"><span>Counted by us</span></td></tr></tfoot></table></div>"""
R_FRAME = """<table class="dataframe"><caption>A data.frame: 1 × 2</caption><thead>
<tr><th scope=col>Place</th><th scope=col>n</th></tr>
<tr><th scope=col>&lt;chr&gt;</th><th scope=col>&lt;dbl&gt;</th></tr></thead>
<tbody><tr><td>Leith</td><td>4</td></tr></tbody></table>"""


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (INDEXED, ["Design Papers Share", "Trial 3 0.2", "Cohort 1,200 NaN",
                   ": {.rp-table row-headers=1}"]),
        (COUNTED, ["Place n", "Leith 4", "Oban −12%", ": {.rp-table row-headers=1}"]),
        (STYLED, ["Place", "Leith", ": What was \\*found\\* {.rp-table row-headers=1}"]),
        (R_FRAME, ["Place n", "Leith 4", ": {.rp-table row-headers=1}"]),
        (GREAT, ["Numbers", "n Share", "Trial 3 20%",
                 ": Designs. of the papers {.rp-table row-headers=1}", "::: {.table-notes}",
                 "Counted by us", ":::"]),
    ],
    ids=["names of an index", "an index that counts", "Styler", "R", "great-tables"],
)  # fmt: skip
def test_tables_of_the_libraries_are_set_in_order(html: str, lines: list[str]) -> None:
    """Their captions, the names of their rows and their notes are where readers look for them."""
    written = html_table_markdown(html, captioned=True)
    assert isinstance(written, str)
    said = [" ".join(line.replace("|", " ").split()) for line in written.splitlines()]
    assert [line for line in said if line.strip("+-=: ") or line == ":::"] == lines


def test_columns_of_numbers_are_aligned_right() -> None:
    """All but the first; where one cell is a word, the column is of words."""
    written = html_table_markdown(INDEXED.replace("0.2", "few"))
    assert isinstance(written, str)
    assert "|--------|-------:|-------|" in written


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f"<p>Read this first.</p>{COUNTED}", 'shows more than a table: "Read this first."'),
        (f"{COUNTED}<p>5000 rows × 3 columns</p>", "5000 rows and 3 columns, of which pandas"),
        ("<b>no table</b>", "has none"),
    ],
)
def test_nothing_beside_or_between_is_lost(html: str, said: str) -> None:
    """Words beside a table are told, and rows that pandas left out."""
    problems = html_table_markdown(html)
    assert isinstance(problems, list)
    assert said in problems[0].message


def test_a_table_that_takes_too_long_is_a_problem_of_its_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pandoc is stopped while it reads; whoever records the run adds chapter and cell."""
    monkeypatch.setattr(pandoc_pool, "program_seconds", lambda _: 0.001)
    [problem] = html_table_markdown(TABLE.format("x" * 100_000))
    assert isinstance(problem, Problem)
    assert problem.message.startswith("the table cannot be read: pandoc was stopped after")


def test_so_is_one_that_takes_too_long_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that was read is written as Markdown by pandoc, too."""

    def stop(*_: object) -> str:
        raise OutOfTime("pandoc", 60)

    monkeypatch.setattr(html_tables, "write_text", stop)
    [problem] = html_table_markdown(TABLE.format("x"))
    assert isinstance(problem, Problem)
    assert "pandoc was stopped after 60 seconds" in problem.message
