"""Moving in: what a review refuses in a text is set aside where it is, and named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.adopt import adopt
from reviewpress.adopt.mending import mend_text
from reviewpress.errors import Problem

FRAME = '<iframe src="https://example.org/map" width="3"></iframe>'
UNKNOWN = "which reviewpress does not support."


@pytest.mark.parametrize(
    ("rule", "message", "text", "line", "made"),
    [
        ("construct", f"the text holds raw html (`<blink>`), {UNKNOWN}",
         "One <blink>two</blink>.", 1, "One two."),
        ("construct", f"the text holds raw html, {UNKNOWN}", f"A\n\n{FRAME}", 3,
         "A\n\n<https://example.org/map>"),
        ("construct", f"the text holds raw html, {UNKNOWN}", "<script>\nlet a\n</script>\n\nB", 1,
         "<!-- <script>\nlet a\n</script> -->\n\nB"),
        ("construct", f"the text holds the callout .callout-aside, {UNKNOWN}",
         "::: {.callout-aside .wide}\nx\n:::", 1, "::: {.wide}\nx\n:::"),
        ("construct", f"the text holds the callout .callout-aside, {UNKNOWN}",
         "::: callout-aside\nx\n:::", 1, "::: {.moved}\nx\n:::"),
        ("construct", f"the text holds slides (`.fragment`), {UNKNOWN}",
         "::: {.fragment}\nx\n:::", 1, "::: {.moved}\nx\n:::"),
        ("construct", f'the text holds the width "auto" of an image, {UNKNOWN}',
         '![a](b.png){width="auto" #fig-a}', 1, "![a](b.png){#fig-a}"),
        ("construct", f"the text holds the condition when-fromat=, {UNKNOWN}",
         '::: {.content-visible when-fromat="html"}\nx\n:::', 1, "::: {.content-visible }\nx\n:::"),
        ("construct", f"the text holds something new, {UNKNOWN}", "A\n\nB\nC\n\nD", 3,
         "A\n\n\n```markdown\nB\nC\n```\n\n\nD"),
        ("shortcode", 'the shortcode "get" is not supported.', "A {{< get b >}} c", 1,
         "A <!-- { {< get b >} } --> c"),
        ("dead-link", "the link to sub/none.qmd leads to no chapter of this edition.",
         "See [a *b*](none.qmd#y) c", 1, "See a *b* c"),
        ("link-text", "the link to https://example.org/ has no words.",
         "[](https://example.org/)", 1, "[https://example.org/](https://example.org/)"),
        ("unresolved-reference", "the cross-reference @fig-none points to nothing.",
         "On @fig-none and @fig-none-b", 1, r"On \@fig-none and @fig-none-b"),
        ("duplicate-id", 'the id "fig-a" is given twice in the chapter.',
         "![x](a.png){#fig-a width=3}", 1, "![x](a.png){width=3}"),
        ("equation", "the equation `x` cannot be read: why.", "A $\\x{$ b", 1, "A `$\\x{$` b"),
        ("glyph", 'the fonts of the PDF lack the character "☃" (U+2603).', "A ☃", 1, "A U+2603"),
    ],
)  # fmt: skip
def test_what_is_refused_is_set_aside_at_its_line(
    rule: str, message: str, text: str, line: int, made: str
) -> None:
    """Words stay; what cannot be taken apart is shown as it was written."""
    done = mend_text(text, line, Problem(rule, message))
    assert done is not None
    assert done[0] == made


def test_a_picture_that_says_nothing_says_so() -> None:
    """Of several on a line, the one that is meant."""
    problem = Problem("alt-text", "the image b.png has no alternative text.")
    done = mend_text("![](a.png) ![](b.png){width=3}", 1, problem)
    assert done is not None
    first, _, second = done[0].partition(" ")
    assert first == "![](a.png)"
    assert 'width=3 fig-alt="' in second


def test_code_and_front_matter_are_not_touched() -> None:
    """What is wrong there is another's; a key on one line is a comment."""
    problem = Problem("construct", "the text holds something new.")
    assert mend_text("---\ntitle: A\n---\n\nB", 2, problem) is None
    keyed = mend_text("---\ntitle: A\nimage: none.jpg\n---\n", 3, problem)
    assert keyed is not None
    assert keyed[0] == "---\ntitle: A\n# image: none.jpg\n---\n"
    assert mend_text("```\nA\n```", 2, problem) is None


def test_a_document_with_much_that_is_refused_is_rendered(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Every place is named, no word is lost, and the PDF and Word file are made."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: Gardens\n---\n\n## First\n\nA <blink>word</blink> and {{< later x >}}.\n\n"
        f"{FRAME}\n\nSee [there](none.qmd), "
        "and $\\frac{1$.\n\n::: {.callout-aside}\nAside.\n:::\n"
    )
    made = adopt(tmp_path / "a.qmd")
    left = [str(note) for note in made.notes if note.is_left]
    for number in (7, 9, 11, 13):
        assert any(f"line {number}" in each for each in left), number
    assert "raw html" in (made.folder / "moved.txt").read_text("utf-8")
    reviewpress("render", cwd=made.folder)
    page = next((made.folder / "_output/report").glob("index.html")).read_text("utf-8")
    for words in ("word", "https://example.org/map", "there", "Aside."):
        assert words in page


def test_a_formula_with_commands_of_its_author_is_found(tmp_path: Path) -> None:
    """What a message shows is the formula without them."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\n---\n\n\\newcommand{\\est}{\\hat\\theta}\n\nThus $\\est$.\n\n"
        "$$\n\\est_1 + \\nosuch{x} + \\est_2 = 0\n$$\n"
    )
    made = adopt(tmp_path / "a.qmd")
    assert any("line 10" in str(note) for note in made.notes if note.is_left)
    assert "```markdown" in (made.folder / "index.qmd").read_text("utf-8")


def notebook(folder: Path, *cells: dict[str, Any]) -> Path:
    file = folder / "a.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    file.write_text(
        json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    )
    return file


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "id": f"c{abs(hash(source))}"[:9], "metadata": {},
            "execution_count": 1, "source": source, "outputs": list(outputs)}  # fmt: skip


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "t1", "metadata": {}, "source": source}


def test_a_notebook_that_fails_shows_what_it_held(tmp_path: Path) -> None:
    """Quarto executes no notebook: it shows what was stored."""
    shown = {"output_type": "stream", "name": "stdout", "text": "34 papers\n"}
    made = adopt(notebook(tmp_path, text("# Gardens"), code("import no_such_module", shown)))
    assert made.chapters == ("index.qmd",)
    chapter = (made.folder / "index.qmd").read_text("utf-8")
    assert "import no_such_module" in chapter
    assert "34 papers" in chapter
    assert any("no_such_module" in str(note) for note in made.notes)


def test_a_notebook_that_runs_stays_one(tmp_path: Path) -> None:
    """Its text is converted cell by cell, a plot that says nothing says so, and it has a title."""
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    made = adopt(notebook(tmp_path, text("## Part\n\n#### Deep\n\n\\newpage"), code(plot)))
    assert made.chapters == ("index.ipynb",)
    cells = json.loads((made.folder / "index.ipynb").read_text("utf-8"))["cells"]
    assert "title:" in "".join(cells[0]["source"])
    assert "\n### Deep" in "".join(cells[1]["source"])
    assert "{{< pagebreak >}}" in "".join(cells[1]["source"])
    assert any("cell 1" in str(note) for note in made.notes)


def test_chapters_of_one_name_stay_apart(tmp_path: Path) -> None:
    """A folder may have a text in two versions."""
    (tmp_path / "p").mkdir()
    for name in ("index.qmd", "a.Rmd", "a.qmd"):
        (tmp_path / "p" / name).write_text(f"---\ntitle: {name}\n---\n\nWords.\n")
    made = adopt(tmp_path / "p")
    assert sorted(made.chapters) == ["a-qmd.qmd", "a.qmd", "index.qmd"]
