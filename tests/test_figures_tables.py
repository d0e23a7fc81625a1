"""Cells and pipe tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.figures import md
from reviewpress.figures.cells import cell_markdown, cell_text
from reviewpress.figures.tables import as_frame, check_widths, pipe_table, table
from reviewpress.markdown import cite_keys


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (np.float64(0.456789), "0.46"),
        (12.3456, "12.35"),
        (2022, "2022"),
        (True, "yes"),
        (np.bool_(False), "no"),
        (None, "not recorded"),
        (float("nan"), "not recorded"),
        (pd.NA, "not recorded"),
        (pd.NaT, "not recorded"),
        ("", ""),
        (("Interview", "Survey"), "Interview; Survey"),
        ([1.0, None], "1; not recorded"),
        ({"b", "a"}, "a; b"),
        (md("[a](b)"), "[a](b)"),
        (pd.Timestamp("2023-06-01").date(), "2023-06-01"),
    ],
)
def test_a_cell_says_what_a_reader_expects(value: Any, text: str) -> None:
    """No `1.0` for whole numbers, no `NaN`, no Python lists."""
    assert cell_text(value) == text


def test_what_is_missing_may_have_another_name() -> None:
    """Not applicable, not available and not recorded are different things."""
    assert cell_text(None, missing="not applicable") == "not applicable"


@pytest.mark.parametrize(
    ("value", "markdown"),
    [
        ("plain", "plain"),
        ("a|b", "a\\|b"),
        ("# @x [y](z) $1 <b>", "\\# \\@x \\[y\\](z) \\$1 \\<b\\>"),
        ("two\nlines", "two lines"),
        ("[@wang2020]", "\\[\\@wang2020\\]"),
        ("[@wang2020; @li2021]", "\\[\\@wang2020; \\@li2021\\]"),
        (cite_keys(["wang2020"]), "[@wang2020]"),
        (cite_keys(["wang2020", "li2021"]), "[@wang2020; @li2021]"),
        ("[@wang2020; see <b>]", "\\[\\@wang2020; see \\<b\\>\\]"),
        (md("*a* | b"), "*a* \\| b"),
    ],
)
def test_text_of_the_data_is_no_markdown(value: Any, markdown: str) -> None:
    """Except what `review.cite` gives, and what is marked."""
    assert cell_markdown(value) == markdown


def read(markdown: str) -> list[list[str]]:
    """Return the texts of a table as pandoc reads it."""
    document = json.loads(pypandoc.convert_text(markdown, "json", "markdown-smart"))
    (table,) = document["blocks"]
    head, bodies = table["c"][3][1], table["c"][4]
    rows = [*head, *(row for body in bodies for row in body[3])]
    return [[_plain(cell[4]) for cell in row[1]] for row in rows]


def _plain(blocks: list[Any]) -> str:
    text = ""
    for inline in blocks[0]["c"] if blocks else ():
        assert inline["t"] in ("Str", "Space"), inline
        text += inline.get("c", " ")
    return text


TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_whatever_the_data_says_the_table_says(rows: list[tuple[str, str]]) -> None:
    """Nothing in a cell breaks the table, becomes markup or is lost."""
    frame = pd.DataFrame({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
    shown = read(pipe_table(frame, ["left", "right"]))
    expected = [["a", "b"], *([" ".join(cell.split()) for cell in row] for row in rows)]
    for got, wanted in zip(shown[1:], expected[1:], strict=True):
        assert [" ".join(cell.split()) for cell in got] == wanted


def test_short_tables_have_no_widths() -> None:
    """They are as wide as their text."""
    frame = pd.DataFrame({"Region": ["Asia"], "Papers": [2]})
    assert pipe_table(frame, ["left", "right"]) == (
        "| Region | Papers |\n| :--- | ---: |\n| Asia | 2 |"
    )


def test_long_tables_share_the_page() -> None:
    """The column with more text gets more, and none so little that words break."""
    frame = pd.DataFrame({"Code": [1], "Statement": ["many words " * 20], "Papers": [12]})
    rule = pipe_table(frame, ["left"] * 3).splitlines()[1]
    lengths = [part.count("-") for part in rule.strip("|").split("|")]
    assert lengths[1] > 3 * lengths[0]
    assert lengths[2] >= 6


def test_widths_may_be_said() -> None:
    """They are shares, whatever they add up to."""
    frame = pd.DataFrame({"a": [1], "b": [2]})
    rule = pipe_table(frame, ["left", "left"], widths=(1, 3)).splitlines()[1]
    assert [part.count("-") for part in rule.strip("|").split("|")] == [25, 75]
    assert check_widths(frame, (1, 3)) == []
    assert check_widths(frame, (1,)) == ["1 widths for 2 columns."]
    assert check_widths(frame, (1, 0)) == ["a width is not above 0."]


@pytest.mark.parametrize(
    ("data", "columns", "rows"),
    [
        ({"Asia": 2, "Africa": 1}, ["Category", "Number"], 2),
        ({"Region": ["Asia"], "Papers": [2]}, ["Region", "Papers"], 1),
        (pd.Series({"Asia": 2}, name="Papers"), ["Category", "Papers"], 1),
        (pd.Series({"Asia": 2}).rename_axis("Region"), ["Region", "Number"], 1),
        (pd.DataFrame({"a": [1]}, index=["x"]), ["index", "a"], 1),
        (pd.DataFrame({"a": [1, 2]}).query("a > 1"), ["a"], 1),
        (pd.DataFrame({"a": [1]}).rename_axis("Code"), ["Code", "a"], 1),
        ([{"a": 1}, {"a": 2}], ["a"], 2),
        (pd.DataFrame({("a", "b"): [1]}), ["a, b"], 1),
    ],
)
def test_data_comes_in_many_shapes(data: Any, columns: list[str], rows: int) -> None:
    """An index that says something becomes a column."""
    frame = as_frame(data)
    assert frame is not None
    assert list(frame.columns) == columns
    assert len(frame) == rows


def test_no_data_is_no_frame() -> None:
    """The caller says what is missing."""
    assert as_frame(None) is None


def test_a_file_has_numbers_unrounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages round them; whoever computes with the file has all that were given."""
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path))
    given = {
        "p": [0.00423, 0.3, 1e-7],
        "Ratio": [0.875, 12.34567, 0.1 + 0.2],
        "n": [3.0, None, 5.0],
    }
    made = table(given, id="tbl-a", caption="A")
    assert "| 0\\.0042 | 0\\.88 | 3 |" in made.markdown
    assert "| 1×10⁻⁷ |" in made.markdown
    lines = (tmp_path / "figures" / "tbl-a.csv").read_text("utf-8").splitlines()
    assert lines == ["p,Ratio,n", "0.00423,0.875,3", "0.3,12.34567,", "0.0000001,0.3,5"]
