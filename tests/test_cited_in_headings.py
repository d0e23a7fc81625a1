"""Headings that cite: what contents, bookmarks, titles of windows and links say of them."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pymupdf
import pytest

CHAPTER = """\
# What @known2020 and @{method2018} say [@other2021] of H~2~O {#sec-said}

See [the method](#sec-method) and @sec-method.

## A method by @method2018 {#sec-method}

It is theirs.

Below @other2021
----------------

The text that follows.

## Of @nothing and @known2020's finding

The last of them.

## What "they" say

The end.
"""


@pytest.fixture
def made(project: Any, reviewpress: Callable[..., Any]) -> Path:
    """A rendered review with such headings; `@nothing` is escaped, which is no citation."""
    root: Path = project(
        files={"chapters/said.qmd": CHAPTER.replace("@nothing", "\\@nothing")}, formats=("typst",)
    )
    profile = root / "_quarto-report.yml"
    text = profile.read_text("utf-8")
    chapter = "    - chapters/references.qmd\n"
    profile.write_text(text.replace(chapter, f"    - chapters/said.qmd\n{chapter}"), "utf-8")
    outcome = reviewpress("render --engine pandoc --to html,typst", cwd=root)
    assert outcome.status == 0, outcome.stderr
    return root / "_output/report"


def test_a_heading_that_cites_is_named_by_author_and_year(made: Path) -> None:
    """Everywhere but in the heading itself, without codes; a key is shown nowhere."""
    page = unescape((made / "chapters/said.html").read_text("utf-8"))
    title = "What Known and Second (2020) and Method (2018) say of H2O"
    assert f"<title>2 {title} – " in page
    assert f'data-pagefind-meta="title:{title}"' in page
    listed = re.findall(r'<a href="#[^"]*">([^<]*)</a>', page)
    assert "A method by Method (2018)" in listed
    assert "Below Other (2021)" in listed
    assert "Of @nothing and Known and Second (2020)’s finding" in listed
    for each in made.rglob("*.html"):
        assert not re.search("@(known|method|other)20", each.read_text("utf-8")), each.name
    assert "What Known and Second (2020)" in (made / "index.html").read_text("utf-8")
    with pymupdf.open(next(made.glob("*.pdf"))) as pdf:
        marked = [name for _, name, _ in pdf.get_toc()]
        contents = pdf[1].get_text()
    assert f"2 {title}" in marked
    assert "2.2 Below Other (2021)" in marked
    assert "2.4 What “they” say" in marked
    assert " ".join(f"2 {title}".split()) in " ".join(contents.split())
