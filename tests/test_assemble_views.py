"""What some formats alone show counts in those alone, and hides nothing that is wrong in others."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chapters_made import make_chapters, write_chapters

from reviewpress.formats.objects import DOCX, HTML, TYPST
from reviewpress.pipeline import assemble_edition
from reviewpress.quarto.inputs import inputs_folder, write_inputs

IN = '::: {.content-visible when-format="%s"}\n%s\n:::\n\n'
OUT = '::: {.content-hidden when-format="%s"}\n%s\n:::\n\n'
ELSE = '::: {.content-visible unless-format="%s"}\n%s\n:::\n\n'
FIGURE = '![CAPTION%s](%s.png){#fig-x fig-alt="A"}'
CHAPTER = "# One {#sec-one}\n\n%s"


@pytest.fixture
def pdftotext() -> str:
    """Return the program that reads the words of a PDF."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    return program


def test_a_figure_may_be_another_in_each_format(tmp_path: Path, pdftotext: str) -> None:
    """Both have one id and one number; each format shows its own and leads to it."""
    text = IN % ("html", FIGURE % ("A", "a")) + ELSE % ("html", FIGURE % ("B", "b"))
    last = '![Last](a.png){#fig-last fig-alt="A"}\n\nSee @fig-x and @fig-last.\n'
    made = make_chapters(tmp_path, {"one": CHAPTER % (text + last)}, pdftotext)
    assert not made.book.problems
    for words, own, other in zip(made.everywhere("one"), "ABB", "BAA", strict=True):
        assert f"CAPTION{own}" in words
        assert f"CAPTION{other}" not in words
        assert "See Figure 1.1 and Figure 1.2" in " ".join(words.replace("\xa0", " ").split())


@pytest.mark.parametrize(
    ("hidden", "target", "numbers"),
    [
        (IN % ("html", "## Pages {#sec-p}\n\nWords."), "sec-n", ("1.2", "1.1", "1.1")),
        (OUT % ("pdf", "## Not there {#sec-p}\n\nWords."), "sec-n", ("1.2", "1.1", "1.2")),
        (IN % ("docx", FIGURE % ("", "a")), "fig-n", ("1.1", "1.1", "1.2")),
        (OUT % ("docx", "$$x$$ {#eq-p}"), "eq-n", ("1.2", "1.2", "1.1")),
        (IN % ("pdf", "| a |\n|---|\n| b |\n\n: C {#tbl-p}"), "tbl-n", ("1.1", "1.2", "1.1")),
        (IN % ("pdf", "::: {#nte-p .callout-note}\nA.\n:::"), "nte-n", ("1.1", "1.2", "1.1")),
    ],
)
def test_what_one_format_shows_counts_there_alone(
    hidden: str, target: str, numbers: tuple[str, ...], tmp_path: Path
) -> None:
    """A heading, figure, equation, table or callout moves no number of the other formats."""
    text = (
        f"{hidden}## Next {{#sec-n}}\n\n![N](b.png){{#fig-n fig-alt='B'}}\n\n$$y$$ {{#eq-n}}\n\n"
        "| a |\n|---|\n| b |\n\n: N {#tbl-n}\n\n::: {#nte-n .callout-note}\nN.\n:::\n\n"
        "See @sec-n, @fig-n, @eq-n, @tbl-n, @nte-n.\n"
    )
    book = assemble_edition(write_chapters(tmp_path, {"one": CHAPTER % text}), {}).book
    assert not book.problems
    seen = [book.in_format(each) for each in (HTML, TYPST, DOCX)]
    assert tuple(each.targets[target].number for each in seen) == numbers
    for each, number in zip(seen, numbers, strict=True):
        assert f"\u00a0{number}" in json.dumps(each.pages[1].blocks, ensure_ascii=False)


def test_a_book_without_such_text_is_one_for_all_formats(tmp_path: Path) -> None:
    """Also where a sentence is for one format alone: nothing is numbered or named in it."""
    text = IN % ("html", "Words, as @sec-two has them.") + "## Two {#sec-two}\n\nMore.\n"
    book = assemble_edition(write_chapters(tmp_path, {"one": CHAPTER % text}), {}).book
    assert not book.views


def test_what_is_wrong_in_every_format_is_one_problem(tmp_path: Path) -> None:
    """Also where the formats have other figures, of which one could be meant."""
    drawn = IN % ("pdf", '![N](b.png){#fig-n fig-alt="B"}') + FIGURE % ("", "a")
    config = write_chapters(tmp_path, {"one": CHAPTER % f"{drawn}\n\nSee @fig-nowhere.\n"})
    [problem] = assemble_edition(config, {}).book.problems
    assert problem.message == "the cross-reference @fig-nowhere points to nothing."
    assert problem.hint == "Valid: fig-x."


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (IN % ("html", "## Pages {#sec-p}") + "See @sec-p.\n", 7,
         "the cross-reference @sec-p points to nothing (in the PDF and the Word file)."),
        (OUT % ("pdf", FIGURE % ("", "a")) + "See @fig-x.\n", 7,
         "the cross-reference @fig-x points to nothing (in the PDF)."),
        ("`@fig-x`, see @fig-x.\n\n" + IN % ("pdf", FIGURE % ("", "a")), 3,
         "the cross-reference @fig-x points to nothing (in the pages and the Word file)."),
        (OUT % ("docx", "[Words]{#place}") + "\nSee [there](#place).\n", 8,
         "the link to #place leads to nothing (in the Word file)."),
        (IN % ("html", "## Pages") + "### Deep\n\nWords.\n", 7,
         'the heading "Deep" is of level 3, under one of level 1 (in the PDF and the Word file).'),
        (IN % ("html", FIGURE % ("A", "a")) + FIGURE % ("B", "b") + "\n", 7,
         'the id "fig-x" is given twice in the chapter (in the pages).'),
        (IN % ("html", "## A {#sec-a}") + IN % ("html", "## B {#sec-a}"), 8,
         'the id "sec-a" is given twice in the chapter (in the pages).'),
        ("See @known2020.\n\n" + IN % ("pdf", "## A {#ref-known2020}"), 6,
         'the id "ref-known2020" belongs to the entry of @known2020 in the references '
         "(in the PDF)."),
        (IN % ("pdf", FIGURE % ("", "a")) + IN % ("html", "See @fig-x."), 8,
         "the cross-reference @fig-x points to nothing (in the pages)."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_some_formats_says_in_which(
    text: str, line: int, said: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Found by `check`, at its line, before a PDF is tried."""
    entry = "@book{known2020, author={Known, A.}, title={T}, publisher={P}, year={2020}}\n"
    write_chapters(tmp_path / "book", {"one": CHAPTER % text}, entry)
    outcome = reviewpress("check", cwd=tmp_path / "book")
    assert outcome.status == 1
    assert f"error: one.qmd, line {line}: {said}\n" in outcome.stderr


def test_what_is_right_in_each_format_is_no_problem(tmp_path: Path) -> None:
    """Ids that formats share, and references under the same condition as what they lead to."""
    text = (
        IN % ("html", "## Same {#sec-s}\n\nSee @sec-h and [h](#sec-h).\n\n## H {#sec-h}")
        + IN % ("pdf", "## Same {#sec-s}")
        + IN % ("docx", "## Same {#sec-s}")
        + "See @sec-s.\n"
    )
    book = assemble_edition(write_chapters(tmp_path, {"one": CHAPTER % text}), {}).book
    assert not book.problems


def test_quarto_is_handed_the_numbers_of_each_format(tmp_path: Path) -> None:
    """Where formats differ, and no longer once they do not."""
    config = write_chapters(
        tmp_path, {"one": CHAPTER % (IN % ("html", "## P {#sec-p}") + "## N {#sec-n}\n")}
    )
    write_inputs(assemble_edition(config, {}))
    folder = inputs_folder(config)
    said = {
        name: json.loads((folder / f"crossrefs.{name}.json").read_bytes())
        for name in ("html", "typst", "docx")
    }
    assert [each["sec-n"]["number"] for each in said.values()] == ["1.2", "1.1", "1.1"]
    assert [name for name, each in said.items() if "sec-p" in each] == ["html"]
    (tmp_path / "one.qmd").write_text(CHAPTER % "## N {#sec-n}\n", "utf-8")
    write_inputs(assemble_edition(config, {}))
    assert not [*folder.glob("crossrefs.*.json"), *folder.glob("references.*.json")]
