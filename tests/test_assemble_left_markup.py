"""Markup that pandoc takes for words, or whose words it drops."""

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.left_markup import find_left_markup
from reviewpress.assemble.reader import MARKDOWN
from reviewpress.assemble.source import ChapterText
from reviewpress.config import Chapter
from reviewpress.errors import Problem
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import read_markdown_text


def find(text: str) -> list[Problem]:
    """Return what is found in a chapter."""
    tree = ast.from_json(join_words(read_markdown_text(text, MARKDOWN)))
    return list(find_left_markup(ChapterText(Chapter("a.qmd"), text, (text,)), tree["blocks"]))


SLIPS = {
    "[words]{.class id=x\n\nMore": "{.class id=x",
    "Text {.class id=x} more.": "{.class id=x}",
    "![Cap](a.png) {fig-alt=“A”}": "{fig-alt=",
    "[words].{value}": "{value}",
    "[words] {.finding}": "{.finding}",
    "## Part {#sec-a\n\nText.": "{#sec-a",
    "## Part {sec-a}\n\nText.": "{sec-a}",
    "## Part #sec-a\n\nText.": "#sec-a",
    "![Cap](a.png{fig-alt=Shape}": "neither a link nor an image",
    "![Cap(a.png){fig-alt=Shape}": "neither a link nor an image",
    "![Cap] (a.png)": "neither a link nor an image",
    "[text](https://example.org": "neither a link nor an image",
    "[text] (https://example.org)": "neither a link nor an image",
    "**bold words and more.": "never end",
    "Text ^[a note without end.\n\nNext.": "the note `^[a note without end.` never ends",
    "`code and more.\n\nNext.": "the code `",
    "It has {< pagebreak >} here.": "not a shortcode",
    "== Heading ==\n\nText.": "markup of a wiki",
    "h2. Heading": "markup of a wiki",
    "See [[Page]] for it.": "markup of a wiki",
    "The value $p < 0.05 is small.": "the formula",
    "One&nbsp and two.": "lacks its semicolon",
    ":: {.callout-note}\nText\n::": "two colons",
    "- one\n-two\n- three": "not an item of a list",
    "Text:\n\n1.one\n2.two\n": "not an item of a list",
    "Text.\n\n#Heading\n\nText.": "not as a heading",
    "| a | b |\n| 1 | 2 |": "not a row of a table",
    "| a | b |\n|---|\n| 1 | 2 |": "the row has 2 cells, and the table 1 columns",
    "| a | b |\n|---|---|\n| 1 | 2 | 3 |": "the row has 3 cells, and the table 2 columns",
    "Text.\n\n```python\nx = 1\n\nNo end.": "never ends",
}


@pytest.mark.parametrize("text", list(SLIPS))
def test_a_slip_is_found_at_its_line(text: str) -> None:
    """With what stands there."""
    found = find(text)
    assert any(SLIPS[text] in each.message for each in found), found
    assert all(each.where and each.where.line for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "f(x) = {1, 2} and a[1] = b[2]; g({a: 1}); a {curly} word, “{so}”.",
        "Of 40 [sic] papers (see [1]) A < B, C > D, [0, 1) and R² = 0.9 [95% CI 0.8, 1.0].",
        "It costs $5, df$col, #hashtag, #1, 3:::4 and p < 0.05**.",
        "Code `[@x`, `{#a}`, `![x](y` and\n\n```\n| a |\n::\n## {#sec-a\n```\n",
        r"Meant so: \{#sec-a\}, \[\[Page\]\], \*\*bold, \| a \| b \|.",
        "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+\n",
        "| a | b |\n|---|---|\n| `x|y` | 1 \\| 2 |\n\n: Caption {#tbl-x .striped}",
        "| First line\n|   second line\n",
        '::: {.note #id key=value}\n## Part {#sec-a .unnumbered}\n[x]{.value expr="{a}"}\n:::',
        '![Cap](a.png){\n  fig-alt="A shape"\n  #fig-x\n}',
        "{{< pagebreak >}} and {{{< meta x >}}}",
        "- one\n- two\n\n-5 degrees, then.\n\n1. one\n2. two",
        "````markdown\n```python\nx\n```\n````",
    ],
)
def test_what_is_meant_is_none(text: str) -> None:
    """Braces, brackets and signs of prose, code, tables, and what is escaped."""
    assert find(text) == []
