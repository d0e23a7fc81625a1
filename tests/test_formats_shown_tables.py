"""Tables as their pages show them, as CSV: typed ones, and those of other programs."""

import csv
import io
from pathlib import Path

import pytest

from reviewpress.formats.shown_tables import cell_words, table_file, write_shown_tables
from reviewpress.html_tree import Element, parse_html

LABELS = {"column-category": "Category", "column-notes": "Notes"}


def table_of(inner: str) -> Element:
    """Return the table of a page."""
    return next(parse_html(f"<main><table>{inner}</table></main>").iter("table"))


def rows_of(inner: str) -> list[list[str]]:
    """Return the rows of a table's file."""
    return [*csv.reader(io.StringIO(table_file(table_of(inner), LABELS).decode(), newline=""))]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("<p>One\n line</p>\n<p>and <strong>two</strong></p>", "One line\n\nand two"),
        ("in Leeds<sup><a href='#r'>6</a>,<a href='#s'>18</a></sup>", "in Leeds⁶,¹⁸"),
        ("the 1<sup>st</sup> m<sup>2</sup> of H<sub>2</sub>O", "the 1st m² of H₂O"),
        ("a<br>b, long<wbr>word", "a\nb, longword"),
        ("<ol start='3'><li>three</li>\n<li>four</li></ol>", "3. three\n4. four"),
        ("yes<a role='doc-noteref' href='#n'>1</a><span class='visually-hidden'> !</span>", "yes"),
        ("<img src='t.png' alt='a tick'> done", "a tick done"),
        ("<math><mi>x</mi><mn>2</mn><annotation>x^2</annotation></math>", "x^2"),
    ],
)
def test_a_cell_says_what_its_readers_see(cell: str, words: str) -> None:
    """Paragraphs, indices and pictures are in signs; what is for listeners alone is left out."""
    table = table_of(f"<tbody><tr><td>{cell}</td></tr></tbody>")
    assert cell_words(next(table.iter("td"))) == words


def test_merged_cells_are_repeated_and_groups_are_a_column() -> None:
    """Each row says all of itself, below heads of one line of which no two are alike."""
    rows = rows_of(
        "<thead><tr><th rowspan='2'></th><th colspan='2'>Effect</th></tr>"
        "<tr><th>n</th><th>n</th></tr></thead>"
        "<tbody><tr><td rowspan='99999'>A</td><td>1</td><td>2</td></tr>"
        "<tr><td colspan='2'>none</td></tr></tbody>"
        "<tbody><tr><th colspan='3'>Later</th></tr><tr><td>B</td><td>3</td></tr></tbody>"
    )
    assert rows == [
        ["Category", "1", "Effect, n", "Effect, n 3"],
        ["", "A", "1", "2"],
        ["", "A", "none", "none"],
        ["Later", "B", "3", ""],
    ]


def test_no_spreadsheet_computes_a_cell() -> None:
    """Neither one nor a head begins a formula; numbers stay numbers."""
    rows = rows_of("<thead><tr><th>=A</th><th>@b</th></tr></thead>"
                   "<tbody><tr><td>=1+1</td><td>-0.5</td></tr></tbody>")  # fmt: skip
    assert rows == [["'=A", "'@b"], ["'=1+1", "-0.5"]]


PAGE = """<main>
<div class="table-scroll"><table><thead><tr><th>Step</th></tr></thead>
<tbody><tr><td>One<a role="doc-noteref" href="#fn1">1</a></td></tr></tbody></table></div>
<section class="footnotes"><ol><li id="fn2"><p>Of another.</p></li></ol></section>
<div class="table-download as-shown"><a href="../figures/{name}" download>CSV</a></div>
<div class="table-download"><a href="../figures/tbl-made.csv" download>CSV</a></div>
<aside><ol><li id="fn1"><p>As <em>typed</em>.<a role="doc-backlink">back</a></p></li></ol></aside>
</main>"""


@pytest.mark.parametrize("name", ["tbl-steps.csv", "..%2F..%2Ftbl-steps.csv"])
def test_files_are_written_where_pages_lead_to_them(name: str, tmp_path: Path) -> None:
    """One a marked link, with its notes, and nothing outside the folder of figures."""
    folder = tmp_path / "site"
    (folder / "chapters").mkdir(parents=True)
    (folder / "chapters" / "a.html").write_text(PAGE.replace("{name}", name))
    write_shown_tables(folder, LABELS)
    made = [path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")]
    assert made == ["figures/tbl-steps.csv"]
    assert (folder / made[0]).read_text() == "Step,Notes\nOne,Step: As typed.\n"
