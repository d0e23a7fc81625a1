"""Signs of emphasis that would be published, and stars that are meant."""

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.left_emphasis import find_left_emphasis
from reviewpress.assemble.reader import MARKDOWN
from reviewpress.assemble.source import ChapterText
from reviewpress.config import Chapter
from reviewpress.errors import Problem
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import read_markdown_text


def find(text: str) -> list[Problem]:
    """Return what is found in a chapter."""
    tree = ast.from_json(join_words(read_markdown_text(text, MARKDOWN)))
    return list(find_left_emphasis(ChapterText(Chapter("a.qmd"), text, (text,)), tree["blocks"]))


SLIPS = {
    "**bold words and more.": "bold letters begin at `**bold words and more.`",
    "**bold without end and *it*": "bold letters begin at `**bold without end and`",
    "Some **bold without end and *it*.": "bold letters begin at `**bold without end and`",
    "**a `code` and *b*, [@k].": "bold letters begin at `**a`",
    "Words.\n\n- **a\n- b": "bold letters begin at `**a`",
    "> ## Part **open\n>\n> Words.": "bold letters begin at `**open`",
    "Words.^[A note **open]": "bold letters begin at `**open`",
    "| a |\n|---|\n| **x and |": "bold letters begin at `**x and`",
    "A ** bold ** word.": "bold letters begin at `** bold **`",
    "This __bold open and _it_ goes.": "bold letters begin at `__bold open and`",
    "This is *important and more.": "italic letters begin at `*important",
    "This is *important\nand more.": "italic letters begin at `*important",
    "*it without end and **bold**": "italic letters begin at `*it without end and`",
    "A *word* and then (*none ends).": "italic letters begin at `*none ends",
    "This is _important and more.": "italic letters begin at `_important",
    "*a** b": "italic letters begin at `*a`",
    "***a* b": "a `**` is left beside emphasis",
    "***a** b": "a `*` is left beside emphasis",
    "It **begins **twice** here.": "emphasis ends at `twice**`",
    "It closes** only here.": "emphasis ends at `closes**`",
    "**Key: *it*\n\nMore words** later.": "bold letters begin at `**Key:`",
    "This is ~~struck out and more.": "struck-out letters begin",
    "So (p<.05*, p<.01**, p<.001***) it was.": "the stars at `*, p<.01",
    "Then $$x^2$ holds.": "a `$` is left beside a formula",
    "Then $x^2$$ holds.": "a `$` is left beside a formula",
}


@pytest.mark.parametrize(("text", "said"), SLIPS.items())
def test_signs_that_would_be_published_are_found(text: str, said: str) -> None:
    """Left open, closed without a beginning, or beside what they emphasise."""
    assert any(said in problem.message for problem in find(text))


@pytest.mark.parametrize(
    "text",
    [
        "Good *italic*, **bold**, ***both***, _so_, __so__, *so **and** so*, ~~gone~~, H~2~O.",
        "The *[link](https://example.org/)*, **_both_** and _**both**_.",
        "Meant so: \\*\\*bold, \\*one, 3 * 4, 2*3*4, x_i, file_name_here, __init__, ~5, ~10%.",
        "Significant at * p < .05, ** p < .01, *** p < .001.",
        "It costs 0.05* and n=3**, as A* search does.",
        "| a | b |\n|---|---|\n| 1* | Effect** |\n\n*p < 0.05; **p < 0.01",
        "Others, too,* did.\n\n*See there.",
        "It costs $5, then $x^2$ and $y$, US$ $z$, \\$$z$.\n\n$$\na\n$$",
        "Effect\\*, or `code*` and `**kwargs`.",
    ],
)
def test_what_is_meant_is_no_slip(text: str) -> None:
    """Emphasis, escaped signs, products, stars that say how sure a result is or refer to a note."""
    assert find(text) == []


def test_the_place_is_that_of_the_sign() -> None:
    """The second of two lines that are alike has its own line."""
    text = "One **bold** word.\n\nTwo **bold word.\n\nThree **bold word.\n"
    assert [problem.where.line for problem in find(text)] == [3, 5]


def test_the_place_is_that_of_the_formula() -> None:
    """Formulas that stand alone are before it."""
    text = "$$\na\n$$\n\nThen $b$ and $x^2$$ holds.\n"
    assert [problem.where.line for problem in find(text)] == [5]
