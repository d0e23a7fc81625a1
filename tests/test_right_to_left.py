"""Languages that are written from right to left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
