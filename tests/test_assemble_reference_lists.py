"""References are listed where chapters have a place for them, else at the end, in every format."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chapters_made import make_chapters, write_chapters

from reviewpress.pipeline import assemble_edition
from reviewpress.quarto.inputs import inputs_folder, write_inputs

BIB = "\n".join(
    f"@book{{{key}, author = {{{name}, Ann}}, title = {{{{{title}}}}}, publisher = {{P}},"
    f" year = {{{year}}}}}"
    for key, name, title, year in (
        ("known2020", "Known", "Of known things", 2020),
        ("other2021", "Other", "Of other things", 2021),
    )
)
SHOWN = '::: {.content-visible when-format="%s"}\n::: {#%s}\n:::\n:::\n'
CITING = "# One {#sec-one}\n\nShown [@known2020].\n"


@pytest.mark.parametrize(
    "chapters",
    [
        {"one": CITING},
        {"one": CITING, "references": "# References {.unnumbered}\n\n::: {#refs}\n:::\n"},
        {"one": CITING, "last": "# Last\n\n::: {#refs-additional}\n:::\n\nWords.\n"},
        {"one": f"{CITING}\n{SHOWN % ('html', 'refs')}"},
        {"one": CITING, "last": f"# Last\n\n{SHOWN % ('docx', 'refs-additional')}"},
        {"one": f"{CITING}\n{SHOWN % ('pdf', 'refs')}\n{SHOWN % ('html', 'refs')}"},
    ],
)
def test_what_is_cited_is_listed(chapters: dict[str, str], tmp_path: Path) -> None:
    """Without any place, in Quarto's, in ours, and where that is hidden in a format; once."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    made = make_chapters(tmp_path, chapters, program, BIB)
    for text in made.everywhere([*chapters][-1]):
        assert text.count("Of known things") == 1
        assert "Of other things" not in text


def test_words_in_a_place_stay_before_its_list(tmp_path: Path) -> None:
    """In every format, once."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    text = f"{CITING}\n::: {{#refs}}\nAll that is *cited*:\n:::\n"
    for words in make_chapters(tmp_path, {"one": text}, program, BIB).everywhere("one"):
        assert words.count("All that is cited:") == 1
        assert words.index("All that is cited:") < words.index("Of known things")


@pytest.mark.parametrize(
    ("chapters", "where"),
    [
        ({"one": f"{CITING}\n::: {{#refs}}\n:::\n\n::: {{#refs}}\n:::\n"}, "one.qmd, line 8"),
        ({"one": f"{CITING}\n::: {{#refs-additional}}\n:::\n",
          "two": "# Two\n\nWords.\n\n::: {#refs-additional}\n:::\n"}, "two.qmd, line 5"),
        ({"one": f"{CITING}\n::: {{#refs}}\n:::\n\n{SHOWN % ('pdf', 'refs')}"}, "one.qmd, line 9"),
    ],
)  # fmt: skip
def test_a_second_place_is_an_error_with_its_line(
    chapters: dict[str, str], where: str, tmp_path: Path
) -> None:
    """In one chapter, in two, and in one format alone."""
    book = assemble_edition(write_chapters(tmp_path, chapters, BIB), {}).book
    [problem] = book.problems
    assert (problem.rule, str(problem.where)) == ("duplicate-id", where)


def test_nocite_lists_what_nobody_cites(tmp_path: Path) -> None:
    """In a chapter's front matter, by key."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    text = '---\ntitle: One\nnocite: "@other2021"\n---\n\nShown [@known2020].\n'
    for words in make_chapters(tmp_path, {"one": text}, program, BIB).everywhere("one"):
        assert "Of other things" in words


def test_nocite_of_what_is_not_there_has_its_line(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """In the review's own file, and in a chapter's front matter."""
    (tmp_path / "r.bib").write_text(BIB, "utf-8")
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nbook: {title: T, author: A, chapters: [index.qmd, one.qmd]}\n"
        'bibliography: r.bib\nnocite: "@gone2001"\n',
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text("# Start {.unnumbered}\n\nHello.\n", "utf-8")
    (tmp_path / "one.qmd").write_text(
        "---\ntitle: One\nnocite: |\n  @lost2002\n---\n\nA.\n", "utf-8"
    )
    said = reviewpress("check", cwd=tmp_path).stderr
    assert "error: _quarto.yml, line 4: `nocite` lists @gone2001, which is not in" in said
    assert "error: one.qmd, line 3: `nocite` lists @lost2002, which is not in" in said


def test_quarto_is_told_what_stands_at_the_end(tmp_path: Path) -> None:
    """Of which page, and which groups; of none where a chapter has a place."""
    chapters = {"one": CITING, "two": "# Two\n\nWords.\n"}
    assert handed_at_end(tmp_path / "without", chapters) == {
        "page": "two.html", "groups": ["additional"],
    }  # fmt: skip
    placed = chapters | {"two": "# Two\n\n::: {#refs}\n:::\n"}
    assert handed_at_end(tmp_path / "with", placed) == {}


def handed_at_end(root: Path, chapters: dict[str, str]) -> object:
    """Return what Quarto is handed about references without a place."""
    config = write_chapters(root, chapters, BIB)
    write_inputs(assemble_edition(config, {}))
    return json.loads((inputs_folder(config) / "references.json").read_text("utf-8"))["after"]


NOTHING = "## Others {#sec-others}\n\n::: {#refs-additional}\n:::\n"
PAPERS = "## Papers {#sec-papers}\n\n::: {#refs-included}\n:::\n"
UNCITED = {"one": "# One {#sec-one}\n\nWords.\n"}


@pytest.mark.parametrize(
    ("last", "left", "gone"),
    [
        (f"# Last\n\n{NOTHING}", ["Last"], ["Others"]),
        (
            f"# Last\n\n{NOTHING}\n{PAPERS}\n## Notes\n\nWords.\n",
            ["1.1 Notes"],
            ["Others", "Papers"],
        ),
        (f"# Last\n\n## All\n\n#{PAPERS}\n#{NOTHING}", ["Last"], ["All", "Others", "Papers"]),
        ("# Last\n\n## All\n\n::: {#refs}\n:::\n", ["Last"], ["All"]),
        (f"# Last\n\n{SHOWN % ('docx', 'refs')}\n## Rest\n\nWords.\n", ["1.1 Rest"], []),
        (f"# Last\n\n{NOTHING}\nOthers are in the annex.\n", ["Others"], []),
        ("# Last\n\n## Others\n\n::: {#refs-additional}\nNone so far.\n:::\n", ["Others"], []),
        (f"# Last\n\n{NOTHING}\n## Rest\n\nSee @sec-others.\n", ["Others"], []),
        (f"# Last\n\n{NOTHING}\n## Rest\n\nSee [them](#sec-others).\n", ["Others"], []),
    ],
)  # fmt: skip
def test_a_heading_goes_with_its_empty_list(
    last: str, left: list[str], gone: list[str], tmp_path: Path
) -> None:
    """In every format, before headings are numbered; not where something else is or leads there."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    made = make_chapters(tmp_path, {"last": last}, program, BIB)
    for text in made.everywhere("last"):
        assert [words for words in left if words.split()[-1] not in text] == []
        assert [words for words in gone if words in text] == []


def test_quarto_is_told_which_headings_go(tmp_path: Path) -> None:
    """By their ids, and nothing where all lists have entries."""
    config = write_chapters(tmp_path / "a", {**UNCITED, "last": f"# Last\n\n{NOTHING}"}, BIB)
    write_inputs(assemble_edition(config, {}))
    file = inputs_folder(config) / "references.json"
    assert json.loads(file.read_text("utf-8"))["dropped"] == ["sec-others"]
    config = write_chapters(tmp_path / "b", {"one": CITING, "last": f"# Last\n\n{NOTHING}"}, BIB)
    write_inputs(assemble_edition(config, {}))
    handed = json.loads((inputs_folder(config) / "references.json").read_text("utf-8"))
    assert "dropped" not in handed
