"""Text that nests without end: right, or a message with chapter and line, and soon."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble.nesting import LEVELS, OPEN, PAIRS, find_brackets, find_depth

FEW = 12
"""Below Typst's own depth."""


@pytest.mark.parametrize(
    "text",
    [
        "A [link](x), a [@cite; also @other, p. [3]] and ![an [image]](a.png).",
        "a `[[[[[[[[[[[[[[[` b",
        "\\[" * 30,
        "```\n" + "[" * 30 + "\n```",
        "$[[[[[[[[[[[[$ and <!-- [[[[[[[[[[[[ -->",
        "\n".join(f"- from [{n}, {n + 1})" for n in range(30)),
        "\n\n".join("half open [0, 1)" for _ in range(30)),
        "]" * 30,
        "[" * PAIRS + "x" + "]" * PAIRS,
        "[a](b) " * 40,
        "[0, 1) " * OPEN,
    ],
)
def test_what_authors_write(text: str) -> None:
    """Brackets as a review has them are never too many."""
    assert find_brackets(text) is None


@pytest.mark.parametrize("opening", ["[", "![", "^[", "[*", "**[", "[a ", "[@a; see "])
@pytest.mark.parametrize("closing", ["]", "](y)", "]{.a}", ""])
def test_too_many_brackets(opening: str, closing: str) -> None:
    """Whatever the brackets mean, the line of their paragraph is named."""
    found = find_brackets(f"One.\n\nTwo\nthree.\n\n{opening * 20}x{closing * 20}\n")
    assert found is not None
    assert found[0] == 6


CASES = {
    "brackets": ("[" * 20 + "x" + "]" * 20, "20 pairs of brackets are nested"),
    "open brackets": ("[" * 20 + "x", "20 brackets of one paragraph lack their end"),
    "quotations": (
        ">" * 300 + " inner words",
        "more than 20 lists, notes, quotations, divs or tags",
    ),
    "divs": ("::: {.a}\n\n" * 500 + "x\n\n" + ":::\n\n" * 500, "more than 20 lists"),
    "lists": ("\n".join("  " * n + f"- a{n}" for n in range(60)), "more than 20 lists"),
    "tags": ("<b>" * 300 + "x" + "</b>" * 300, "more than 20 lists"),
    "tags of blocks": ("<div>\n\n" * 300 + "x\n\n" + "</div>\n\n" * 300, "more than 20 lists"),
    "quotes": ("'a \"b " * 60, "pandoc does not come to an end with this paragraph."),
}


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("<b>a</b>" * 30, 1),
        ("<br>" * 30, 0),
        ("<b><br><i>a</i><br></b>", 2),
        ("<li>" * 30 + "</ul>", 0),
        ("<b>" * 21 + "</b>" * 21, 21),
        ("<B class='x'>" * 21 + "</b >" * 21, 21),
        ("<b><i>" * 12 + "</i></b>" * 12, 24),
    ],
)
def test_elements_of_html_count_where_they_stand_in_one_another(text: str, depth: int) -> None:
    """Not one after the other, nor those that are never closed."""
    tags = [{"t": "RawInline", "c": ["html", tag]} for tag in re.findall("<[^>]+>", text)]
    found = find_depth({"blocks": [{"t": "Para", "c": tags}]})
    assert (found[0] if found else 0) == (depth + 1 if depth + 1 > LEVELS else 0)


@pytest.mark.parametrize("name", CASES)
def test_a_chapter_that_nests_too_deeply(
    name: str, project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """The command names chapter and line, whatever keeps pandoc or us from going through."""
    text, message = CASES[name]
    root = project()
    settings = (root / "_quarto.yml").read_text("utf-8")
    limited = settings.replace("reviewpress:\n", "reviewpress:\n  limits: {program-seconds: 4}\n")
    (root / "_quarto.yml").write_text(limited, "utf-8")
    (root / "index.qmd").write_text(f"# How to read this {{#sec-index}}\n\n{text}\n", "utf-8")
    started = time.monotonic()
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 1
    assert "error: index.qmd, line " in outcome.stderr
    assert message in outcome.stderr
    assert time.monotonic() - started < 60


def test_what_nests_as_deeply_as_it_may(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """Lists, quotations and divs in a dozen others are made in every format."""
    lists = "\n".join("  " * n + f"- a{n}" for n in range(FEW))
    divs = "::: {.a}\n\n" * FEW + "x\n\n" + ":::\n\n" * FEW
    text = f"# How to read this {{#sec-index}}\n\n{lists}\n\n{divs}\n\n{'>' * FEW} q\n"
    root = project(files={"index.qmd": text}, formats=("html", "typst", "docx"))
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert (outcome.status, outcome.stderr.count("error:")) == (0, 0)
