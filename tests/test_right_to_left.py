"""Languages that are written from right to left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from reading import Page, W, word_part


@pytest.mark.parametrize(
    ("lang", "mirrored"),
    [("ar", True), ("he-IL", True), ("az-Arab", True), ("az-Latn", False), ("tr", False)],
)
def test_pages_and_word_are_mirrored(
    tmp_path: Path, reviewpress: Callable[..., Any], lang: str, mirrored: bool
) -> None:
    """Pages say their direction, and Word's paragraphs run from the right; others do not."""
    (tmp_path / "_quarto.yml").write_text(
        f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [index.qmd]}}\n"
        "format: {html: default, docx: default}\n",
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text("# Title\n\nText.\n", "utf-8")
    made = reviewpress("render", cwd=tmp_path)
    assert made.status == 0, made.stderr
    page = Page(next(tmp_path.rglob("index.html"))).root
    word = word_part(next(tmp_path.rglob("*.docx")))
    assert (page.get("lang"), page.get("dir") == "rtl") == (lang, mirrored)
    assert (word.find(f".//{W}bidi") is not None) == mirrored


@pytest.mark.parametrize(("lang", "mirrored"), [("ar", True), ("he", True), ("tr", False)])
def test_rows_of_the_contents_run_the_whole_way(
    tmp_path: Path, reviewpress: Callable[..., Any], lang: str, mirrored: bool
) -> None:
    """A Latin title begins where the language begins, and its page number stands at the end."""
    (tmp_path / "_quarto.yml").write_text(
        f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [index.qmd, a.qmd]}}\n"
        "number-sections: true\nformat: {reviewpress-typst: {toc: true}}\n",
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text("# Zebras {.unnumbered}\n\nText.\n", "utf-8")
    (tmp_path / "a.qmd").write_text("# Method papers\n\nText.\n", "utf-8")
    made = reviewpress("render", cwd=tmp_path)
    assert made.status == 0, made.stderr
    with pymupdf.open(next(tmp_path.rglob("*.pdf"))) as pdf:
        rows = [_row(page, "papers") for page in pdf if page.search_for("Zebras")]
    [row] = [row for row in rows if row]
    numbers = [left for left, word in row if word.strip(".").isdecimal()]
    title = next(left for left, word in row if word == "Method")
    # The number of the chapter comes first, that of the page last.
    before, after = (max(numbers), min(numbers)) if mirrored else (min(numbers), max(numbers))
    assert (after < title < before) if mirrored else (before < title < after)


def _row(page: pymupdf.Page, word: str) -> list[tuple[float, str]]:
    """Return the words on the first line with one that is printed with dots, and their places."""
    words = page.get_text("words")
    height = next((each[1] for each in words if each[4].startswith(word)), None)
    if height is None:
        return []
    return [(each[0], each[4]) for each in words if abs(each[1] - height) < 3]
