"""What Typst refuses is told with chapter and line, by `check` as by `render`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """\
project: {type: book, output-dir: _output}
book: {title: A review, author: Nobody, chapters: [index.qmd, a.qmd, b.qmd]}
format: {reviewpress-typst: default}
"""
CHAPTER = """\
# Second {#sec-second}

Some words before.

::: {.content-visible when-format="typst"}
```{=typst}
RAW
```
:::

Some words after.
"""
REFUSED = {
    "#nothing-like-it": "Typst knows nothing of the name nothing-like-it, so that there is no PDF "
    "(unknown variable: nothing-like-it).",
    "#let x = (": "the PDF cannot be made: ",
    '#image("gone.png")': "the image gone.png is not there, so that there is no PDF (file not "
    "found).",
    "@nowhere-at-all": "nothing has the id nowhere-at-all",
    "#link(<nowhere>)[x]": "nothing has the id nowhere",
    "#panic(\"so\")": "the PDF cannot be made: panicked with: so.",
    "#figure([#block[x]], kind: table, supplement: [T])": "no text alternative",
    "#let f(n) = f(n + 1)\n#f(1)": "too much is nested",
    "#read(\"/etc/hostname\")": "so",
}  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Path]:
    """Make a book whose last chapter holds some Typst of its author's own."""

    def make(raw: str) -> Path:
        root = tmp_path / "book"
        root.mkdir()
        (root / "_quarto.yml").write_text(SETTINGS, "utf-8")
        (root / "index.qmd").write_text("# Start {.unnumbered}\n\nHello.\n", "utf-8")
        (root / "a.qmd").write_text("# First {#sec-first}\n\nSome words before.\n", "utf-8")
        (root / "b.qmd").write_text(CHAPTER.replace("RAW", raw), "utf-8")
        return root

    return make


@pytest.mark.parametrize("raw", list(REFUSED))
def test_a_refusal_names_chapter_and_line(
    raw: str, book: Callable[[str], Path], reviewpress: Callable[..., Any]
) -> None:
    """In our words, without those of Typst around them or the names of its files."""
    root = book(raw)
    for command in ("check", "render --engine pandoc"):
        outcome = reviewpress(command, cwd=root)
        assert outcome.status == 1
        assert "error: b.qmd, line 7: " in outcome.stderr
        assert REFUSED[raw] in outcome.stderr
        assert "book.typ" not in outcome.stderr
        assert "│" not in outcome.stderr


def test_what_typst_accepts_is_no_problem(
    book: Callable[[str], Path], reviewpress: Callable[..., Any]
) -> None:
    """The PDF that `check` typesets is the one that `render` takes."""
    root = book("#v(1em) #emph[Set by hand]")
    assert reviewpress("check", cwd=root).stdout == "No problems.\n"
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
