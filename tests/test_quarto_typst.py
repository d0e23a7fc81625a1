"""The extension's Typst partials, put together as Quarto's template puts them (facts 11 and 26).

What stands in them is written after what Quarto was seen to write on 29 November 2026, in
`quarto_recordings/*/first/book.made.typ`; each `made.pdf` beside it is Quarto's own.
"""

import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import typst
from pdf_places import read_places

from reviewpress.programs.tools import find_pandoc

EXTENSION = Path(__file__).resolve().parents[1] / "_extensions" / "reviewpress"
BODY = """\
```{=typst}
#heading(level: 1, numbering: none)[How to read] <sec-index>
#part[Findings]
= One <sec-a>
== Within <sec-a-b>
#figure([#image("x.svg", alt: "A box")], caption: figure.caption(position: bottom, [First]),
  kind: "quarto-float-fig", supplement: "Figure") <fig-one>
= Two <sec-b>
#figure([#image("x.svg", alt: "A box")], caption: figure.caption(position: bottom, [Second]),
  kind: "quarto-float-fig", supplement: "Figure") <fig-two>
See #ref(<fig-one>, supplement: [Figure]) and #link(<sec-index>)[How to read].
#show: appendices.with("Appendices", hide-parent: true)
= Three <sec-app>
#figure([#table(columns: 2, table.header([a], [b]), [1], [2])],
  caption: figure.caption(position: top, [Third]),
  kind: "quarto-float-tbl", supplement: "Table") <tbl-one>
See #ref(<fig-two>, supplement: [Figure]) and #ref(<sec-app>, supplement: [Appendix]).
```
"""
BOX = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9"/></svg>'
NUMBERING_FIRST = ("numbering", "typst-template", "page", "typst-show")
NUMBERING_LATER = ("typst-template", "numbering", "page", "typst-show")


@pytest.fixture
def words(tmp_path: Path, tool: Callable[[str], str]) -> Callable[..., str]:
    """Typeset the book with the partials in an order, and return the PDF's text."""

    def make(order: tuple[str, ...], *options: str, body: str = BODY) -> str:
        for partial in order:
            source = EXTENSION / "typst" / f"{partial}.typ"
            (tmp_path / source.name).write_text(source.read_text())
        (tmp_path / "brand.typ").write_text((EXTENSION / "typst" / "brand.typ").read_text())
        (tmp_path / "x.svg").write_text(BOX)
        lines = [f"${partial}.typ()$" for partial in order]
        (tmp_path / "book.template").write_text("\n\n".join([*lines, "$body$\n"]))
        command = [find_pandoc(), "--to", "typst", "--standalone", "--template=book.template",
                   "--metadata", "title=A title", "--metadata", "lang=en-GB", *options]  # fmt: skip
        (tmp_path / "book.typ").write_text(
            subprocess.run(
                command, input=body, capture_output=True, text=True, check=True, cwd=tmp_path
            ).stdout
        )
        typst.compile(
            str(tmp_path / "book.typ"), output=str(tmp_path / "book.pdf"), format="pdf",
            font_paths=[str(EXTENSION / "fonts")], ignore_system_fonts=True,
            pdf_standards=["a-2a", "ua-1"],
        )  # fmt: skip
        shown = [tool("pdftotext"), "-layout", str(tmp_path / "book.pdf"), "-"]
        text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
        return " ".join(text.replace("\u00a0", " ").split())

    return make


@pytest.mark.parametrize("order", [NUMBERING_FIRST, NUMBERING_LATER])
def test_floats_are_numbered_by_chapter_everywhere(
    words: Callable[..., str], order: tuple[str, ...]
) -> None:
    """Captions, references from other chapters and the list of figures say the same number."""
    long = BODY.replace("= One <sec-a>", "= One <sec-a>\n#lorem(5000)\n")
    text = words(order, "--metadata", "section-numbering=1.1.a", body=long)
    assert "Figure 1.1: First" in text
    assert "Figure 2.1: Second" in text
    assert "Figure 2.1 Second . ." in text
    assert "Table A.1: Third" in text
    assert "See Figure 1.1 and How to read." in text
    assert "See Figure 2.1 and Appendix A." in text


def test_a_figure_that_nobody_can_refer_to_has_no_number(words: Callable[..., str]) -> None:
    """Quarto numbers it in a PDF alone, so that those after it would differ from the pages'."""
    bare = """#chart(kind: "quarto-float-fig", numbered: false)[
#figure([#image("x.svg", alt: "A box")], caption: figure.caption(position: bottom, [Bare]),
  kind: "quarto-float-fig", supplement: "Figure")
]
#grid(columns: 2, figure([#image("x.svg", alt: "A box")], caption: [In a cell]))
#figure([#image("x.svg", alt: "A box")], caption: figure.caption(position: bottom, [First]),"""
    first = bare[bare.rindex("#figure") :]
    text = words(
        NUMBERING_FIRST, "--metadata", "section-numbering=1.1.a", body=BODY.replace(first, bare)
    )
    assert "Bare" in text
    assert ": Bare" not in text
    assert "In a cell" in text
    assert ": In a cell" not in text
    assert "Figure 1.1: First" in text
    assert "See Figure 1.1 and How to read." in text


@pytest.mark.parametrize(
    ("section", "number"), [(("--metadata", "section-numbering=1.1.a"), "(1.1)"), ((), "(1)")]
)
def test_equations_are_numbered_by_the_chapters_that_have_numbers(
    words: Callable[..., str], section: tuple[str, ...], number: str
) -> None:
    """Without, the number is the one that references to it have, and not 0.1."""
    body = '= One\n#math.equation(block: true, numbering: equation-numbering, alt: "x", $ x $)'
    assert (
        f"{number} " in words(NUMBERING_FIRST, *section, body=f"```{{=typst}}\n{body}\n```") + " "
    )


def test_panels_are_numbered_by_chapter(words: Callable[..., str]) -> None:
    """A panel's number is that of its figure with a letter, in appendices, too."""
    shown = "#context [Panel #subfloat-numbering(3, 2).]"
    body = BODY.replace("See #ref(<fig-one>", f"{shown} See #ref(<fig-one>")
    body = body.replace("See #ref(<fig-two>", f"{shown} See #ref(<fig-two>")
    text = words(NUMBERING_FIRST, "--metadata", "section-numbering=1.1.a", body=body)
    assert "Panel 2.3b." in text
    assert "Panel A.3b." in text


CHART = """
#chart(kind: {kind})[
#figure([#image("x.svg", alt: "A box", height: {height}pt)], caption: [{words}], kind: {kind},
  supplement: "Figure")
]
"""


@pytest.mark.parametrize("kind", ['"quarto-float-fig"', "image"])
@pytest.mark.parametrize("before", ["", "#lorem(30)", "== Section\n\n#lorem(60)"])
@pytest.mark.parametrize("heights", [(200,), (200, 260, 300), (500, 200)])
def test_no_chart_floats_above_the_title_of_its_chapter(
    words: Callable[..., str],
    tmp_path: Path,
    tool: Callable[[str], str],
    kind: str,
    before: str,
    heights: tuple[int, ...],
) -> None:
    """However early charts come in a chapter, in either engine's form, its title comes first."""
    parts = []
    for title in ("Earth", "Water"):
        charts = [CHART.format(kind=kind, height=height, words="Caption") for height in heights]
        parts += [f"= {title}", before, *charts, f"Begins {title}.", "#lorem(2500)"]
    body = "```{=typst}\n" + "\n\n".join(parts) + "\n```\n"
    words(NUMBERING_FIRST, "--metadata", "section-numbering=1.1.a", body=body)
    shown = [tool("pdftotext"), "-layout", str(tmp_path / "book.pdf"), "-"]
    text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    # The contents name both chapters.
    pages = [page for page in text.split("\f") if not ("Earth" in page and "Water" in page)]
    opens, second = (
        next(at for at, page in enumerate(pages) if title in page) for title in ("Earth", "Water")
    )
    for title, page in (("Earth", pages[opens]), ("Water", pages[second])):
        assert "Caption" not in page[: page.index(title)]
    assert "".join(pages[opens:second]).count("Caption") == len(heights)


@pytest.mark.parametrize("kind", ['"quarto-float-fig"', "image"])
@pytest.mark.parametrize("heights", [(100, 150, 200), (420, 60, 330), (250, 250, 250, 250)])
@pytest.mark.parametrize("length", [30, 150, 330])
def test_charts_stay_in_their_sections(
    words: Callable[..., str], tmp_path: Path, kind: str, heights: tuple[int, ...], length: int
) -> None:
    """Whatever is high and however long the text, a chart comes after its heading, before the next.

    A table that follows one is not parted by it.
    """
    table = "#figure(table(columns: 2, ..([a], [b]) * 9), caption: [Rows], kind: table)"
    parts = ["= Earth"]
    for number, height in enumerate(heights):
        chart = CHART.format(kind=kind, height=height, words=f"Caption {number}")
        named = chart.replace("\n]\n", f" <fig-{number}>\n]\n")
        parts += [f"== Section {number}", f"#lorem({length})", named, f"#lorem({length})", table]
    body = "```{=typst}\n" + "\n\n".join(parts) + "\n```\n"
    words(NUMBERING_FIRST, "--metadata", "section-numbering=1.1.a", body=body)
    shown = read_places(tmp_path / "book.pdf").of("/H1", "/H2", "/H3", "/Figure", "/Table")
    assert [each.kind for each in shown].count("/Figure") == len(heights)
    wrong = [(a.kind, a.begins, b.kind, b.begins) for a, b in pairwise(shown)
             if a.begins >= b.begins]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(("last", "order"), [(60, "ABP"), (190, "APB"), (600, "ABP")])
def test_a_chart_that_ends_its_section_may_come_before_what_leads_to_it(
    words: Callable[..., str], last: int, order: str
) -> None:
    """Where it lacks room after the last paragraph, and has it before that."""
    chart = CHART.format(kind="image", height=last, words="Picture")
    texts = "texts: ([Beta #lorem(60)],), ends: true, "
    chart = chart.replace("#chart(", "#chart(" + texts)
    body = f"= One\n\nAlpha #lorem(230)\n\n{chart}\n== Next\n\n#lorem(80)"
    text = words(NUMBERING_FIRST, body=f"```{{=typst}}\n{body}\n```\n")
    found = {"A": "Alpha", "B": "Beta", "P": "Picture"}
    shown = sorted(found, key=lambda each: text.rindex(found[each]))
    assert "".join(shown) == order


def test_text_before_a_chart_keeps_its_distance(words: Callable[..., str], tmp_path: Path) -> None:
    """A paragraph that a chart may come before is as far below the one above it as any other."""
    chart = CHART.format(kind="image", height=100, words="Picture")
    with_text = chart.replace("#chart(", "#chart(texts: ([Beta],), ")
    heights = []
    for body in (f"Alpha\n\nBeta\n\n{chart}", f"Alpha\n\n{with_text}"):
        words(NUMBERING_FIRST, body=f"```{{=typst}}\n= One\n\n{body}\n```\n")
        shown = read_places(tmp_path / "book.pdf").of("/P", "/Figure")
        heights.append([each.begins for each in shown])
    assert heights[0] == heights[1]


def test_a_number_that_ends_a_cell_stays_with_its_word(
    words: Callable[..., str], tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """In columns of any width: "paragraph 1" does not end in a line that says 1."""
    places = "[Needs, paragraph 1], [Lives, paragraph 12; Costs, table 3]"
    tables = [f"#table(columns: ({width}pt,), {places})" for width in range(90, 200, 7)]
    body = "\n\n".join(["= One", *tables])
    words(NUMBERING_FIRST, body=f"```{{=typst}}\n{body}\n```\n")
    shown = [tool("pdftotext"), "-layout", str(tmp_path / "book.pdf"), "-"]
    text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in text.splitlines()]
    assert len([line for line in lines if "paragraph" in line]) == 2 * len(tables)
    assert not [line for line in lines if line in ("1", "12;", "3")]


def test_an_early_chart_leaves_no_hole(words: Callable[..., str]) -> None:
    """Text goes on before a chart that has no room where its chapter opens."""
    chart = CHART.format(kind="image", height=600, words="High")
    body = f"```{{=typst}}\n= One\n\n#lorem(60)\n\n{chart}\n\nGoes on.\n```\n"
    text = words(NUMBERING_FIRST, body=body)
    assert text.rindex("Goes on.") < text.rindex("High")


def test_an_unnumbered_edition_counts_floats_in_each_chapter(words: Callable[..., str]) -> None:
    """Without numbered sections, figures begin at 1 in each chapter, as on Quarto's pages."""
    body = BODY.replace(" and #ref(<sec-app>, supplement: [Appendix])", "")
    text = words(NUMBERING_FIRST, body=body)
    assert "Figure 1: First" in text
    assert "Figure 1: Second" in text
    assert "1 One" not in text


def test_a_chapter_without_a_number_counts_from_one(words: Callable[..., str]) -> None:
    """After a numbered chapter, neither that chapter's number nor its count goes on."""
    body = BODY.replace("= Two <sec-b>", "#heading(level: 1, numbering: none)[Two] <sec-b>")
    text = words(NUMBERING_FIRST, "--metadata", "section-numbering=1.1.a", body=body)
    assert "Figure 1.1: First" in text
    assert "Figure 1: Second" in text
    assert "See Figure 1 and Appendix A." in text
