"""Spanning heads, groups, notes, units and paragraphs of tables, in Markdown and in a notebook."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pypandoc
import pytest

from reviewpress.config import load_config
from reviewpress.errors import Problems
from reviewpress.figures import md
from reviewpress.figures.table_notes import noted
from reviewpress.figures.tables import table
from reviewpress.markdown import cite_keys
from reviewpress.notebook_forms import to_html


@pytest.fixture(autouse=True)
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run, as a build has one."""
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path))


TRIALS = {
    "Design": ["Trial", "Cohort", "Trial"],
    "Study": ["Alder 2020", "Birch 2021", "Cedar 2022"],
    "n": [120, 1450, 88],
    "Mean": [12.5, 3.0, 0.25],
    "Ratio": [noted("0.52", "a"), noted("1", "a"), noted("12.25", "a", "b")],
}
NOTES = {"a": "Adjusted for age.", "b": "One outlier."}
SPANS = {"Outcome": ["Mean", "Ratio"]}
APART = 'tbl-a: the columns below "X" do not follow each other.'
UNUSED = 'tbl-a: nothing in the table leads to the note "c".'
SIGNS = "# no heading\n\n- no | list\n\n1. no *number*"


def tree(text: str) -> list[Any]:
    """Return the rows of a table in Markdown: text, columns and rows of each cell."""
    document = json.loads(pypandoc.convert_text(text, "json", format="markdown"))
    [found] = [block["c"] for block in document["blocks"] if block["t"] == "Table"]
    rows = [*found[3][1], *(row for body in found[4] for row in body[3])]
    return [[(words(cell[4]), cell[3], cell[2]) for cell in row[1]] for row in rows]


def words(blocks: Any) -> str:
    """Return the words of blocks, a bar between paragraphs."""
    made = {"pandoc-api-version": [1, 23], "meta": {}, "blocks": blocks}
    plain = pypandoc.convert_text(
        json.dumps(made), "plain", format="json", extra_args=["--wrap=none"]
    )
    return plain.strip().replace("\n\n", "|")


def test_heads_span_columns_and_rows_name_groups() -> None:
    """A span stands above its columns, a group above its rows, in the order of their first."""
    made = table(TRIALS, id="tbl-a", caption="A", groups="Design", notes=NOTES,
                 spans=SPANS, units={"Mean": "points"}).markdown  # fmt: skip
    rows = tree(made)
    assert rows[0] == [("Study", 1, 2), ("n", 1, 2), ("Outcome", 2, 1)]
    assert [cell[0] for cell in rows[1]] == ["Mean (points)", "Ratio"]
    assert rows[2] == [("Trial", 4, 1)]
    assert [row[0][0] for row in rows[3:]] == ["Alder 2020", "Cedar 2022", "Cohort", "Birch 2021"]
    assert "groups=yes notes=notes-tbl-a data=" in made


def test_columns_of_several_levels_are_heads_too() -> None:
    """As pandas has them, to any depth; a column without levels reaches down to the data."""
    columns = [("Study", "", ""), ("People", "Women", "n"), ("People", "Women", "%"),
               ("People", "Men", "n")]  # fmt: skip
    frame = pd.DataFrame([["Alder", 1, 2, 3]], columns=pd.MultiIndex.from_tuples(columns))
    rows = tree(table(frame, id="tbl-a", caption="A").markdown)
    assert rows[0] == [("Study", 1, 3), ("People", 3, 1)]
    assert rows[1] == [("Women", 2, 1), ("Men", 1, 1)]
    assert [cell[0] for cell in rows[2]] == ["n", "%", "n"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("One.\n\nTwo.", "One.|Two."),
        (
            "# no heading\n\n- no | list\n\n1. no *number*",
            "# no heading|- no | list|1. no *number*",
        ),
        (md("*One*\n\n- a\n- b"), "One|- a\n- b"),
        ("Größe e\u0301\n\n中文字\u200b\n\n≤ 5 – 6", "Größe e\u0301|中文字\u200b|≤ 5 – 6"),
    ],
)
def test_an_empty_line_begins_a_paragraph(cell: object, shown: str) -> None:
    """What the data say is no Markdown there either, and signs of any width keep the grid whole."""
    rows = tree(table({"Study": ["Alder"], "Remarks": [cell]}, id="tbl-a", caption="A").markdown)
    assert rows[1][1][0] == shown


def test_a_symbol_used_four_times_has_one_note() -> None:
    """Cells and columns lead to it; a note without a symbol stands below as well."""
    frame = pd.DataFrame(
        {"Study": ["x", "y"], noted("Ratio", "†"): [noted(1.5, "†"), noted(2, "†")]}
    )
    made = table(frame, id="tbl-a", caption="A", notes={"†": md("See [@known2020].")}).markdown
    assert made.count("](#note-tbl-a-x2020){.note-mark}") == 3
    assert made.count("{#note-tbl-a-x2020 .note-symbol} See [@known2020].") == 1
    plain = table({"a": [1]}, id="tbl-b", caption="B", notes=["First.", "Second."]).markdown
    assert plain.endswith("::: {.table-notes #notes-tbl-b}\n\nFirst\\.\n\nSecond\\.\n\n:::\n")


def test_decimal_marks_stand_below_each_other() -> None:
    """Numbers that lack decimals are padded; words and whole columns are not."""
    frame = {"Study": ["a", "b", "c"], "Mean": [12.5, 3.0, 0.25], "n": [1, 10, 100]}
    rows = [
        row.split(" | ") for row in table(frame, id="tbl-a", caption="A").markdown.split("\n")[2:5]
    ]
    assert [row[1] for row in rows] == ["12\\.5\u2007", "3\u2008\u2007\u2007", "0\\.25"]
    asked = {"Study": ["a", "b", "c"], "p": ["<0.001", "0.5", "not given"]}
    made = table(asked, id="tbl-b", caption="B", align={"p": "decimal"}).markdown
    assert "0\\.5\u2007\u2007 |" in made
    assert "| not given |" in made
    assert "---: |" in made


def test_symbols_are_beside_their_numbers() -> None:
    """Blanks follow a symbol; a number without one has as much room, raised as symbols are."""
    frame = {
        "Study": ["a", "b", "c", "d"],
        "Ratio": [noted(0.52, "a"), noted(1, "a"), noted(12.25, "a", "b"), 3],
        "n": [120, noted(88, "b"), 7, 1000],
        "p": ["<0.001", noted("0.5", "a"), noted("not given", "b"), ""],
        "Words": [noted("many", "a"), "few", "few", "few"],
    }
    made = table(frame, id="tbl-a", caption="A", align={"p": "decimal"},
                 notes={"a": "A.", "b": "B."}).markdown  # fmt: skip
    told = re.sub(r"\[\^(\w)\^\]\([^)]*\)\{[^}]*\}", r"<\1>", made)
    rows = [row.strip("| ").split(" | ") for row in told.split("\n")[1:6]]
    assert rows[0] == [":---", "---:", "---:", "---:", ":---"]
    assert [row[1] for row in rows[1:]] == [
        "0\\.52<a>^\u2008\u2007^", "1<a>\u2008\u2007\u2007^\u2008\u2007^", "12\\.25<a>^,^<b>",
        "3\u2008\u2007\u2007^\u2007\u2008\u2007^",
    ]  # fmt: skip
    assert [row[2] for row in rows[1:]] == ["120^\u2007^", "88<b>", "7^\u2007^", "1000^\u2007^"]
    assert [row[3] for row in rows[1:]] == [
        "\\<0.001^\u2007^", "0\\.5<a>\u2007\u2007", "not given<b>", "",
    ]  # fmt: skip
    assert [row[4] for row in rows[1:]] == ["many<a>", "few", "few", "few"]


def test_a_number_below_zero_has_a_minus_sign() -> None:
    """In all formats, as Typst writes it; in the file it is one that programs read."""
    frame = {
        "Study": ["CD-12", "2019-2020"],
        "Change": [-1.5, -10],
        "Interval": ["-0.5 to (-0.2)", "-3 points.\n\n-4 points."],
    }
    made = table(frame, id="tbl-a", caption="A")
    for shown in ("CD\\-12", "2019\\-2020", "−1\\.5", "−10", "−0\\.5 to (−0\\.2)", "−4 points"):
        assert shown.replace("\\", "") in made.markdown.replace("\\", ""), shown
    rows = made.files[0].read_text().splitlines()
    assert rows[1].startswith("CD-12,-1.5,")
    assert "−" not in "".join(rows)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("-£5", "−£5"), ("£-5", "£−5"), ("$-1,204.50", "$−1,204.50"), ("-.05", "−.05"),
        ("[-3;-1]", "[−3;−1]"), ("-1–-3", "−1–−3"), ("(-∞, 3)", "(−∞, 3)"), ("+/-3", "+/-3"),
        (2.34e-8, "2.3×10⁻⁸"), (-5e-6, "−5×10⁻⁶"), (1e300, "1×10³⁰⁰"), (0.00012, "0.00012"),
        ("2.30E-08", "2.30×10⁻⁸"), ("< 2.2e-16", "< 2.2×10⁻¹⁶"), ("1e5", "1e5"),
        ("strain 1e-5", "strain 1e-5"),
    ],
)  # fmt: skip
def test_signs_and_powers_are_those_of_print(cell: object, shown: str) -> None:
    """A minus sign wherever a number is below zero, a power of ten where one is tiny or huge."""
    made = table({"Study": ["a"], "Value": [cell]}, id="tbl-a", caption="A")
    assert tree(made.markdown)[1][1][0].replace("\\", "") == shown


def test_a_table_is_a_file_too(tmp_path: Path) -> None:
    """One row of heads, groups as a column, the notes of each row; no formula, no Markdown."""
    frame = {
        **TRIALS,
        "Cited": [cite_keys(["wang2020", "li2021"]), md("see [this](a.html) *work* [@a-b]"), None],
        "Words": ["=1+1", "a, b", "-0.5"],
    }
    made = table(frame, id="tbl-a", caption="A", groups="Design", notes=NOTES, spans=SPANS,
                 units={"Mean": "points"})  # fmt: skip
    assert made.files == (tmp_path / "figures" / "tbl-a.csv",)
    assert made.files[0].read_text().splitlines() == [
        "Design,Study,n,Mean (points),Ratio,Cited,Words,Notes",
        "Trial,Alder 2020,120,12.5,0.52,wang2020; li2021,'=1+1,Ratio: Adjusted for age.",
        'Cohort,Birch 2021,1450,3,1,see this work a-b,"a, b",Ratio: Adjusted for age.',
        "Trial,Cedar 2022,88,0.25,12.25,,-0.5,Ratio: Adjusted for age.; Ratio: One outlier.",
    ]


def test_heads_in_a_file_have_no_blanks_around_them(tmp_path: Path) -> None:
    """Readers of CSV leave them out, and then find another field; two heads never become one."""
    frame = pd.DataFrame([["lab", 8, 9, 1]], columns=["Approach ", " n", "n", "\u00a0"])
    made = table(frame, id="tbl-a", caption="A")
    assert made.files[0].read_text().splitlines()[0] == "Approach,n,n 3,4"


def test_a_notebook_shows_the_same(monkeypatch: pytest.MonkeyPatch, project: Any) -> None:
    """Heads, groups, symbols and notes, without a build."""
    monkeypatch.delenv("REVIEWPRESS_RUN_DIR")
    made = table(TRIALS, id="tbl-a", caption="Made-up <trials>", groups="Design", notes=NOTES,
                 spans=SPANS)  # fmt: skip
    shown = to_html(load_config(project(runs=False)), [("markdown", made.markdown)])
    assert "<caption>Made-up &lt;trials&gt;</caption>" in shown
    assert '<th rowspan="2" style="text-align: left;">Study</th>' in shown
    assert re.search(r'<th colspan="2"[^>]*>Outcome</th>', shown)
    assert re.search(r'<t[hd] colspan="4"[^>]*>Trial</t[hd]>', shown)
    assert "One outlier." in shown


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"groups": "Desing"}, 'tbl-a has no column "Desing", which groups names.', "Design"),
        ({"units": {"mean": "g"}}, 'tbl-a has no column "mean", which units names.', "Mean"),
        ({"align": {"N": "left"}}, 'tbl-a has no column "N", which align names.', ""),
        ({"spans": {"X": ["Study", "Mean"]}}, APART, "order"),
        ({"notes": {"a": "One."}}, 'tbl-a: the symbol "b" has no note.', ""),
        ({"notes": {**NOTES, "c": "Three."}}, UNUSED, "noted"),
        ({"align": {"n": "decimals"}}, 'tbl-a cannot be aligned "decimals".', "decimal"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(options: dict[str, Any], message: str, hint: str) -> None:
    """Names that the table lacks, with the nearest; symbols and notes that have no other half."""
    with pytest.raises(Problems) as caught:
        table(TRIALS, **{"id": "tbl-a", "caption": "A", "notes": NOTES, **options})
    assert message in [problem.message for problem in caught.value.problems]
    assert hint in " ".join(problem.hint or "" for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("count", "headers", "message"),
    [
        (101, 1, "tbl-a has 101 columns, more than print can show: 100 at most."),
        (20, 6, "tbl-a repeats 6 columns on each page, which leaves no room for others."),
    ],
)
def test_a_table_that_no_paper_can_hold_is_refused(count: int, headers: int, message: str) -> None:
    """As a figure that is higher than a page is."""
    frame = pd.DataFrame([[1] * count], columns=[f"c{n}" for n in range(count)])
    with pytest.raises(Problems) as caught:
        table(frame, id="tbl-a", caption="A", row_headers=headers)
    assert message in [problem.message for problem in caught.value.problems]
