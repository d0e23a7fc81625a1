"""Chapters of plain Markdown: read as a forge shows them, and checked as the others are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPORT = """\
project:
  output-dir: _output/report
book:
  chapters: [index.qmd, chapters/findings.ipynb, chapters/plain.md, chapters/references.qmd]
format:
  reviewpress-html: default
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


def written(text: str) -> dict[str, str]:
    """Return the files of a review with a chapter of plain Markdown that says `text`."""
    chapter = f"# Plain {{#sec-plain}}\n\n{text}\n"
    return {"_quarto-report.yml": REPORT, "chapters/plain.md": chapter, "chapters/a.svg": SVG}


def test_an_image_is_an_image(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """Its words in brackets are the alternative, and no caption is made of them."""
    root = project(files=written("![A square](a.svg)\n\nSee [the findings](findings.ipynb)."))
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output" / "report" / "chapters" / "plain.html").read_text("utf-8")
    assert 'alt="A square"' in page
    assert "<figcaption" not in page
    assert 'href="findings.html"' in page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("![](a.svg)", "chapters/plain.md, line 3: the image a.svg has no alternative text."),
        ("See [more](more.md).", "the link to more.md leads to no chapter of this edition."),
        (
            "<abbr>bold</abbr>",
            "the text holds raw html (`<abbr>`), which reviewpress does not support.",
        ),
        ('::: {.key-messages from="nosuch"}\n:::', 'gathered from "nosuch"'),
    ],
)
def test_what_is_wrong_is_told(
    project: Callable[..., Path], reviewpress: Callable[..., Any], text: str, message: str
) -> None:
    """With the file and the line, as in any other chapter."""
    root = project(files=written(text))
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 1
    assert message in outcome.stderr


def test_code_is_not_carried_out(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """An example of key messages gathers none."""
    example = '```markdown\n::: {.key-messages from="nosuch"}\n:::\n```'
    root = project(files=written(example))
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
