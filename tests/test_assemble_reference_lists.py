"""References are listed where chapters have a place for them, else at the end, in every format."""

import shutil
from pathlib import Path

import pytest
from chapters_made import make_chapters

BIB = "\n".join(
    f"@book{{{key}, author = {{{name}, Ann}}, title = {{{{{title}}}}}, publisher = {{P}},"
    f" year = {{{year}}}}}"
    for key, name, title, year in (
        ("known2020", "Known", "Of known things", 2020),
        ("other2021", "Other", "Of other things", 2021),
    )
)
CITING = "# One {#sec-one}\n\nShown [@known2020].\n"


@pytest.mark.parametrize(
    "chapters",
    [
        {"one": CITING},
        {"one": CITING, "references": "# References {.unnumbered}\n\n::: {#refs}\n:::\n"},
        {"one": CITING, "last": "# Last\n\n::: {#refs-additional}\n:::\n\nWords.\n"},
    ],
)
def test_what_is_cited_is_listed(chapters: dict[str, str], tmp_path: Path) -> None:
    """Without any place, in Quarto's, and in ours; once."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    made = make_chapters(tmp_path, chapters, program, BIB)
    for text in made.everywhere([*chapters][-1]):
        assert text.count("Of known things") == 1
        assert "Of other things" not in text


def test_nocite_lists_what_nobody_cites(tmp_path: Path) -> None:
    """In a chapter's front matter, by key."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    text = '---\ntitle: One\nnocite: "@other2021"\n---\n\nShown [@known2020].\n'
    for words in make_chapters(tmp_path, {"one": text}, program, BIB).everywhere("one"):
        assert "Of other things" in words
