"""Tables that are drawn: crooked ones are named, straight ones are whole in every format."""

import shutil
from pathlib import Path

import pytest
from chapters_made import make_chapters, write_chapters

from reviewpress.errors import Problem
from reviewpress.pipeline import assemble_edition

CHAPTER = "# One {#sec-one}\n\nWords.\n\n%s"
CROOKED = [
    "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+--+----+\n| e | f |\n+---+---+\n",
    "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+   +--+\n| e | f  |\n+---+---+\n",
    "+---+---+\n| a | b |\n+===+===+\n| c | d | third |\n+---+---+\n",
    "+---+---+\n| a | b |\n| c | d |\n+---+--+\n",
    "> +---+---+\n> | a | b |\n> +---+---+\n> | longer than it may be | b |\n> +---+---+\n",
]
STRAIGHT = [
    "+-----+-----+\n| a   | b   |\n+==+==+=====+\n| x| y| c   |\n+--+--+-----+\n",
    "> +---+---+\n> | a | b |\n> +---+---+\n> | c | d |\n> +---+---+\n",
    "- item\n\n  +---+---+\n  | a | b |\n  +---+---+\n  | c | d |\n  +---+---+\n",
    "+--------+--------+\n| 3 +- 4 | P(a|b) |\n+========+:======:+\n| - one  | ```    |\n"
    "| - two  | x + y  |\n|        | ```    |\n+--------+--------+\n",
    "+------+---------+\n| 中文 | &nbsp;ö |\n+======+=========+\n| a\\_b | [l](b)  |\n"
    "+------+---------+\n| foot | last    |\n+======+=========+\n",
    "+--------------+-----------+\n| team&#8217;s | <!-- x -->|\n+--------------+-----------+\n",
    "+------------+--------------------+\n| CO&#8322;  | 15&#21517; 1&#946; |\n"
    "+------------+--------------------+\n",
    "```\n+---+\n| no\n```\n",
    "+--------+--------+\n| 1. one | a) two |\n| 2. two | b) and |\n+--------+--------+\n",
]


def found(text: str, root: Path) -> list[Problem]:
    """Return what is wrong with the lines of tables in a chapter."""
    book = assemble_edition(write_chapters(root, {"one": CHAPTER % text}), {}).book
    return [each for each in book.problems if "the lines of the table" in each.message]


@pytest.mark.parametrize("text", CROOKED)
def test_a_crooked_table_is_named_at_its_line(text: str, tmp_path: Path) -> None:
    """Pandoc would lose words of it, publish its lines as words, or make no table of it."""
    [problem] = found(text, tmp_path)
    assert str(problem.where) == "one.qmd, line 5"


@pytest.mark.parametrize("within", ["", "> "])
def test_a_cell_that_spaces_make_code_is_named(within: str, tmp_path: Path) -> None:
    """Centred by hand, it would be set as code."""
    lines = ("+-------+---------+", "| a     |    mid  |", "+=======+=========+",
             "| words |     Sum |", "+-------+---------+")  # fmt: skip
    text = "\n".join(within + line for line in lines)
    book = assemble_edition(write_chapters(tmp_path, {"one": CHAPTER % text}), {}).book
    [problem] = [each for each in book.problems if "would be code" in each.message]
    assert "“Sum”" in problem.message
    assert str(problem.where) == "one.qmd, line 8"


@pytest.mark.parametrize("text", STRAIGHT)
def test_a_straight_table_is_not_named(text: str, tmp_path: Path) -> None:
    """Whatever its cells hold, and wherever it is; code that looks like one is none."""
    assert not found(text, tmp_path)


def test_a_row_that_cells_from_above_fill_is_in_every_format(tmp_path: Path) -> None:
    """Typst, given a row without cells, would make no PDF."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    table = (
        '<table><tr><td rowspan="2" colspan="2">ALPHA</td></tr><tr></tr>'
        "<tr><td>BETA</td><td>GAMMA</td></tr></table>\n"
    )
    made = make_chapters(tmp_path, {"one": CHAPTER % table}, program)
    for words in made.everywhere("one"):
        assert all(each in words for each in ("ALPHA", "BETA", "GAMMA"))
