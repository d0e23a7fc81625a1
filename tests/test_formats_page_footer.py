"""The foot of pages: words of a review's own, and nothing that runs or is loaded from elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

Make = Callable[..., Path]
Run = Callable[..., Any]


def footer(project: Make, reviewpress: Run, words: str) -> Any:
    """Render the minimal review with these words at its foot; return that of a chapter's page."""
    root = project()
    settings = root / "_quarto.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("book:\n", f"book:\n  page-footer: {words}\n"), "utf-8")
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = html.fromstring((root / "_output/report/chapters/findings.html").read_bytes())
    return page.xpath("//footer")[0]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('"<b onclick=evil()>bold</b>"', "<b onclick=evil()>bold"),
        ('"<script>evil()</script>"', "<script>evil()</script>"),
        ('"[here](javascript:evil())"', "here"),
        ('"![a map](https://example.org/a.png)"', "a map"),
        ('"[there](//example.org/a)"', "there"),
        ('"It costs $#1 and $#2"', "It costs $#1 and $#2"),
    ],
)
def test_what_a_page_may_not_hold_is_words(
    project: Make, reviewpress: Run, words: str, shown: str
) -> None:
    """Nothing of it runs, and nothing of another site is loaded."""
    found = footer(project, reviewpress, words)
    assert shown in found.text_content()
    assert not found.xpath(".//script | .//img | .//*[@onclick] | .//a[contains(@href, 'evil')]")
    assert not found.xpath(".//a[starts-with(@href, '//')]")


def test_links_and_emphasis_hold(project: Make, reviewpress: Run) -> None:
    """Addresses of chapters lead to their pages, those of the web stay."""
    words = '"CO<sub>2</sub>, [start](index.qmd) and [us](https://example.org/)"'
    found = footer(project, reviewpress, words)
    assert found.xpath(".//sub/text()") == ["2"]
    assert {"../index.html", "https://example.org/"} <= {a.get("href") for a in found.iter("a")}
