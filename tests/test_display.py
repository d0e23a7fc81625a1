"""What a person sees while a build goes on."""

import sys
from pathlib import Path

import pytest

from reviewpress.display import (
    MOST,
    LiveDisplay,
    PlainDisplay,
    choose_display,
    problem_text,
    problem_texts,
)
from reviewpress.errors import Place, Problem
from reviewpress.notebooks import ChapterEvent

CHAPTER = Path("chapters/a.ipynb")


def test_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each thing that happens; reused chapters and cells are not told."""
    with PlainDisplay() as display:
        display.step("execute", "2 notebooks")
        display.chapter(ChapterEvent(CHAPTER, "reused"))
        display.chapter(ChapterEvent(CHAPTER, "started"))
        display.chapter(ChapterEvent(CHAPTER, "cell", 0.5, 1, 3))
        display.chapter(ChapterEvent(CHAPTER, "finished", 1.25))
        display.chapter(ChapterEvent(CHAPTER, "failed", 2))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Executing 2 notebooks",
        "  chapters/a.ipynb: running",
        "  chapters/a.ipynb: done in 1.2 s",
        "  chapters/a.ipynb: failed in 2.0 s",
    ]


def test_the_live_table_shows_chapter_and_cell() -> None:
    """A chapter in work has its cell and its time; one that ended has its line above."""
    display = LiveDisplay()
    display.chapter(ChapterEvent(CHAPTER, "started", cells=3))
    display.chapter(ChapterEvent(CHAPTER, "cell", 0.5, 2, 3))
    with display._console.capture() as shown:
        display._console.print(display._table())
    assert "chapters/a.ipynb  cell 2 of 3  0 s" in shown.get()
    with display._console.capture() as shown:
        display.chapter(ChapterEvent(CHAPTER, "finished", 1))
    assert "chapters/a.ipynb: done in 1.0 s" in shown.get()
    assert display._running == {}


def test_a_pipe_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is drawn on a terminal only."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert type(choose_display()) is PlainDisplay
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert type(choose_display()) is LiveDisplay


def test_a_problem_is_two_lines() -> None:
    """How bad and where and what; below it, what to do."""
    problem = Problem("typed-number", "Wrong\nin two lines.", Place("a", line=1), "Mend it.")
    assert problem_text(problem) == "warning: a, line 1: Wrong\n    in two lines.\n    Mend it."


def test_problems_that_are_very_many_are_counted() -> None:
    """Of thousands of one kind in a file the first are shown, and the rest is a number."""
    many = [Problem("table", f"wrong {n}.", Place("a.csv", row=n)) for n in range(20_000)]
    few = Problem("table", "wrong.", Place("b.csv", row=1))
    texts = problem_texts([*many, few])
    assert texts[:2] == ["error: a.csv, row 0: wrong 0.", "error: a.csv, row 1: wrong 1."]
    assert texts[-2:] == [
        "error: b.csv, row 1: wrong.",
        f"error: a.csv: … and {20_000 - MOST:,} more of this kind.",
    ]
    assert len(texts) == MOST + 2


def test_a_word_without_end_is_shortened() -> None:
    """A key that was leaned on fills no screen; an address is shown whole."""
    address = "https://example.org/" + "a" * 150
    shown = problem_text(Problem("slip", f"“{'@' * 5000}” at {address}", hint="`" * 5000))
    assert address in shown
    assert len(shown) < 700


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x9b2J", "\x07", "\0", "\r", "\x08"])
def test_a_message_gives_a_terminal_no_commands(sign: str) -> None:
    """What a file that somebody sent has in it is shown, not obeyed."""
    problem = Problem("data", f'"a{sign}b" is not a code.', Place(f"a{sign}.csv"), f"See {sign}.")
    text = problem_text(problem)
    assert sign[0] not in text
    assert text.count("�") == 3
