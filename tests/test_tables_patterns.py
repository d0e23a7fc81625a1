"""Patterns of cells: right as Python's own, and never slow."""

import time

import pytest

from reviewpress.tables.patterns import Pattern, read_pattern


def pattern(text: str) -> Pattern:
    found = read_pattern(text)
    assert isinstance(found, Pattern)
    return found


def test_a_whole_cell_has_to_match() -> None:
    """A pattern says how all of a cell is written."""
    year = pattern(r"(19|20)\d\d")
    assert [year.matches(cell) for cell in ("2020", "20201", "x")] == [True, False, False]


@pytest.mark.parametrize("text", ["(a+)+", "(a|aa)+", r"(\w+\s?)*", "(?:a*)*b", "(.*)*x"])
def test_a_pattern_that_backtracks_without_end(text: str) -> None:
    """A pattern either answers or gives up soon, and for all other cells at once."""
    started = time.monotonic()
    slow = pattern(text)
    for _ in range(50):
        assert slow.matches("a" * 5000 + "!") in (False, None)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("text", ["(", "[a", "*a", "a{2,1}", "(?P<1>a)", "\\"])
def test_what_is_no_pattern(text: str) -> None:
    """A text that is no regular expression is answered with the reason."""
    assert isinstance(read_pattern(text), str)
