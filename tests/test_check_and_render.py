"""What `render` refuses, `check` has said before, in the same words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CSL = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info>{}</info>{}</style>'
PARENT = '<link rel="independent-parent" href="http://www.zotero.org/styles/elsevier-harvard"/>'


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    return change


def add(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / name
        file.write_text(file.read_text("utf-8") + text, encoding="utf-8")

    return change


def style(text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        write("own.csl", text)(root)
        add("_quarto.yml", "\ncsl: own.csl\n")(root)

    return change


def dated(root: Path) -> None:
    file = root / "_quarto.yml"
    text = file.read_text("utf-8").replace("date: 2026-01-31", "date: 2026-01-01 noon")
    file.write_text(text, encoding="utf-8")


LAYOUT = "<citation><layout><text {}/></layout></citation>{}"


def failing(root: Path) -> None:
    write("own.lua", "\n\nfunction Str(s)\n  return s.no.thing\nend\n")(root)
    add("_quarto.yml", "\nfilters: [own.lua]\n")(root)


def lacking(root: Path) -> None:
    add("_quarto.yml", "\nreference-doc: gone.docx\nfilters:\n  - gone.lua\n")(root)


REFUSED = {
    "dead link": (
        add("index.qmd", "\nSee [it](#nothing).\n"),
        "the link to #nothing leads to nothing.",
    ),
    "no such chapter": (
        add("index.qmd", "\nSee [it](chapters/lost.qmd).\n"),
        "the link to chapters/lost.qmd leads to no chapter of this edition.",
    ),
    "no such place in a chapter": (
        add("index.qmd", "\nSee [it](chapters/findings.ipynb#lost).\n"),
        "the link to chapters/findings.ipynb#lost leads to nothing in that chapter.",
    ),
    "dependent style": (
        style(CSL.format(PARENT, "")),
        "own.csl: the citation style holds no rules: it only refers to the style elsevier-harvard.",
    ),
    "broken style": (style("<style>\n"), "own.csl, line 2: the citation style cannot be read"),
    "no style": (style("<x/>"), "own.csl: the file is not a citation style in CSL"),
    "empty style": (style(CSL.format("", "")), "own.csl: the citation style does not say how"),
    "macro that is not there": (
        style(CSL.format("", LAYOUT.format('macro="gone"', ""))),
        'own.csl, line 1: the citation style asks for the macro "gone", which it does not have.',
    ),
    "macro that asks for itself": (
        style(
            CSL.format(
                "",
                LAYOUT.format(
                    'macro="a"',
                    '<macro name="a"><text macro="b"/></macro>'
                    '<macro name="b"><text macro="a"/></macro>',
                ),
            )
        ),
        'the macro "a" of the citation style asks for itself.',
    ),
    "element of no style": (
        style(CSL.format("", LAYOUT.format('variable="title"/><txt', ""))),
        'own.csl: the citation style cannot be used: unknown element "txt".',
    ),
    "filter that fails": (failing, "own.lua, line 4: the filter failed: "),
    "filter that is not there": (lacking, "there is no filter gone.lua."),
    "Word file that is not there": (lacking, "there is no Word file gone.docx."),
    "date": (dated, 'the date "2026-01-01 noon" is not a date.'),
    "slip of the pen": (
        add("index.qmd", "\nThere are `r nrow(papers)` papers.\n"),
        "`r nrow(papers)` is an expression of R for knitr",
    ),
    "output folder": (
        write("_output/report/mine.txt", "Mine."),
        "the output folder holds mine.txt, which no build made.",
    ),
}


@pytest.mark.parametrize("situation", REFUSED)
def test_check_finds_what_render_refuses(
    situation: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Links, styles, dates, and what is in the way of the edition."""
    root = project()
    change, message = REFUSED[situation]
    change(root)
    checked = reviewpress("check", cwd=root)
    rendered = reviewpress("render --engine pandoc", cwd=root)
    assert (checked.status, rendered.status) == (1, 1), checked.stderr + rendered.stderr
    said = [line for line in rendered.stderr.splitlines() if line.startswith("error: ")]
    assert any(message in line for line in said), rendered.stderr
    assert said == [line for line in checked.stderr.splitlines() if line.startswith("error: ")]


def test_a_link_to_a_place_in_another_chapter_is_followed(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """To a heading, a table and a chapter as a whole."""
    root = project()
    links = "[a](chapters/findings.ipynb#tbl-papers), [b](chapters/findings.ipynb)"
    add("index.qmd", f"\nSee {links}, [c](#tbl-papers).\n")(root)
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 0, outcome.stderr


def test_a_style_of_ones_own_is_no_file_of_a_chapter(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """What is read to check the settings is not said to be opened by a cell."""
    root = project()
    style(CSL.format("", LAYOUT.format('variable="title"', "")))(root)
    outcome = reviewpress("check", cwd=root)
    assert "own.csl" not in outcome.stderr
