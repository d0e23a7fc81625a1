"""Words made safe where they enter another language."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewpress.escaping import spreadsheet_cell

NUMBERS = (
    "5", "+5", "-5", "1e5", "-1E-5", "+.5", "-3%", "-3 %", "-1,234.5", "-1.234,56", "-1 234",
    "-0.5", "1,5", "-inf", "-", "+",
)  # fmt: skip


@pytest.mark.parametrize("text", [*NUMBERS, "3; -5", "well-being", "2020; 2021", "a; b"])
def test_numbers_and_words_stay(text: str) -> None:
    """Negative numbers, signs, exponents and shares are left as they are."""
    assert spreadsheet_cell(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\thello", "'\thello"),
        ("  =1", "'  =1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("\N{ZERO WIDTH SPACE}=1", "'\N{ZERO WIDTH SPACE}=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\N{SMALL PLUS SIGN}1", "'\N{SMALL PLUS SIGN}1"),
        ('"=1"', '\'"=1"'),
        ("1;=2", "1;'=2"),
        ('1;"=2"', '1;\'"=2"'),
        ("x,@A1", "x,'@A1"),
        ("a\r\n=1", "a\r\n'=1"),
        ("a\t-x", "a\t'-x"),
        ("-2;=A1", "'-2;'=A1"),
    ],
)
def test_what_computes_gets_an_apostrophe(text: str, written: str) -> None:
    """At the beginning, after blanks, in other widths, and after what ends a cell elsewhere."""
    assert spreadsheet_cell(text) == written


@given(st.text(alphabet="=+-@;,\t\n\r \"'1a＝", max_size=12))
@example("1;=2\n;+a")
def test_no_reading_of_the_file_has_a_formula(text: str) -> None:
    """Whichever delimiter a program takes, no cell of letters begins with a sign."""
    out = io.StringIO()
    csv.writer(out).writerow(["before", spreadsheet_cell(text)])
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter):
            for cell in row:
                start = unicodedata.normalize("NFKC", cell.strip(" \r\n"))
                computes = start[:1] in ("=", "+", "-", "@") and "a" in start
                assert not computes, (delimiter, row)


def test_a_long_cell_takes_no_time() -> None:
    """A hundred thousand digits or separators are looked at once."""
    assert spreadsheet_cell("-" + "1" * 100_000 + "x").startswith("'-")
    assert spreadsheet_cell(";" * 100_000) == ";" * 100_000
