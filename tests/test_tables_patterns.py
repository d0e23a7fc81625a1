"""Patterns of cells: right as Python's own, and never slow."""

import time

import pytest

from reviewpress.tables import patterns
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
    started = time.process_time()
    slow = pattern(text)
    for _ in range(50):
        assert slow.matches("a" * 5000 + "!") in (False, None)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["(", "[a", "*a", "a{2,1}", "(?P<1>a)", "\\"])
def test_what_is_no_pattern(text: str) -> None:
    """A text that is no regular expression is answered with the reason."""
    assert isinstance(read_pattern(text), str)


@pytest.mark.parametrize(
    "text", ["((((a{1000}){1000}){1000}){1000})", "a{4000000}", "(?:[a-z]{9,99999}){5}"]
)
def test_a_pattern_that_repeats_without_end(text: str) -> None:
    """A pattern that would fill the machine's memory is refused before it is compiled."""
    started = time.process_time()
    assert read_pattern(text) == "it repeats too much"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "cell"),
    [(r"10\.\d{4,9}/\S{1,2000}", "10.1234/x"), (r"\({3}[{}]{2}", "((({}"), (r"(\d{4};){,500}", "")],
)
def test_a_pattern_may_repeat(text: str, cell: str) -> None:
    """Numbers of times that cells have are no fault."""
    assert pattern(text).matches(cell)


def test_a_busy_machine_is_not_a_slow_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time in which others had the processor is not held against a pattern."""
    busy = pattern("B[1-3]x?")

    class Slow:
        def fullmatch(self, cell: str, timeout: float) -> bool:
            time.sleep(0.06)
            return True

    monkeypatch.setattr(patterns, "compiled", lambda text: Slow())
    assert [busy.matches("B1") for _ in range(12)] == [True] * 12
