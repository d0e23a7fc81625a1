"""The extension in a project of somebody else, `tests/foreign-book`, and what Quarto hands it.

Quarto 1.10.18 hands the filters tables whose caption still has its attributes, `"` as `'`, and in a
book that is one file two comments before each part and chapter; `as_quarto_reads` and `mark` are
after what was seen (29 November 2026).
"""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import typst
from reading import Page

from reviewpress.programs.tools import find_pandoc, find_quarto

HERE = Path(__file__).parent
BOOK = HERE / "foreign-book"
EXTENSION = HERE.parent / "_extensions" / "reviewpress"
AS_QUARTO_READS = "markdown-table_attributes"


def through(
    folder: Path, name: str, text: str, to: str, *options: str, reader: str = AS_QUARTO_READS
) -> tuple[str, str]:
    """Return what pandoc writes of a text after one filter under Quarto, and its warnings.

    `to` is a format, or `typst as native` for the tree that the filter leaves in that format.
    """
    to, _, native = to.partition(" as ")
    if native:
        options = (*options, f"--output={os.devnull}", f"--lua-filter={HERE / 'lua' / 'dump.lua'}")
    script = next(EXTENSION.glob(f"*/{name}"))
    shim = folder / "shim.lua"
    as_quarto = (HERE / "lua" / "as_quarto.lua").as_posix()
    shim.write_text(f"return dofile('{as_quarto}')('{script.as_posix()}')\n")
    command = [find_pandoc(), f"--from={reader}", f"--to={to}", "--wrap=none",
               f"--lua-filter={shim}", *options]  # fmt: skip
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout, done.stderr


def mark(**item: object) -> str:
    """Return the two comments before a part or chapter: the type is in the block alone."""
    folder = {"resourceDir": "."}
    inline, block = (
        base64.b64encode(json.dumps(data).encode()).decode() for data in (folder, folder | item)
    )
    comment = "<!-- quarto-file-metadata: {} -->"
    return f"`{comment.format(inline)}`{{=html}}\n\n```{{=html}}\n{comment.format(block)}\n```\n\n"


def part(title: str, kind: str) -> str:
    """Return a part's division as Quarto merges it into a book of one file."""
    about = mark(bookItemType=kind, bookItemNumber=None, bookItemDepth=0)
    return f"::: {{.quarto-book-part}}\n\n{about}# {title} {{.unnumbered}}\n\n:::\n\n"


def chapter(title: str, number: int) -> str:
    """Return a chapter's beginning as Quarto merges it."""
    about = mark(
        bookItemType="chapter", bookItemNumber=number, bookItemFile="a.qmd", bookItemDepth=1
    )
    return f"{about}# {title}\n\nWords.\n\n"


# Attributes of captions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "caption",
    [
        '{row-headers="1"}',
        "{row-headers=1}",
        'Papers by *year* {row-headers="2" .landscape}',
        "[Hidden]{.visually-hidden} {row-headers=1}",
        'Papers {#papers .plain widths="20 80"}',
        "Papers{.plain}",
        "It is {not} one {.plain\n  row-headers=1}",
        "No attributes {at all}",
        "Nothing",
        "A set {1, 2}",
        "Ends in `{code}`",
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_captions_lose_their_attributes_as_in_pandoc(
    tmp_path: Path, caption: str, quote: str
) -> None:
    """A table of Quarto's is the table that pandoc's own reader makes of the same text."""
    table = "| A | B |\n|---|---|\n| 1 | 2 |\n\n: {}\n"
    command = [find_pandoc(), "--from=markdown", "--to=native", "--wrap=none"]
    wanted = subprocess.run(
        command, input=table.format(caption), capture_output=True, text=True, check=True
    ).stdout
    given = table.format(caption.replace('"', quote))
    made, _ = through(tmp_path, "table-attributes.lua", given, "native")
    assert made == wanted


@pytest.mark.parametrize("to", ["html", "typst", "docx"])
def test_quarto_leaves_the_cells_of_tables_alone(tmp_path: Path, to: str) -> None:
    """Unless told, it takes a table with a link apart for its widths, and scopes are lost by that.

    Seen with 1.10.18: `tbl-colwidths: auto` is the default of pages.
    """
    table = "| A | B |\n|---|---|\n| 1 | [2](https://example.org/) |\n\n: Said {.plain}\n"
    made, _ = through(tmp_path, "tables.lua", table, f"{to} as native", reader="markdown")
    assert '( "tbl-colwidths" , "true" )' in made
    own = table.replace(".plain", ".plain tbl-colwidths='[20,80]'")
    made, _ = through(tmp_path, "tables.lua", own, f"{to} as native", reader="markdown")
    assert '( "tbl-colwidths" , "[20,80]" )' in made


# Parts and appendices --------------------------------------------------------------------------


def test_appendices_begin_where_the_block_says_so(tmp_path: Path) -> None:
    """The divider of the appendices is known by the block's comment; a part of any name is none."""
    text = (
        part("Appendices of old", "part")
        + chapter("One", 1)
        + part("Annexes", "appendix")
        + chapter("Two", 1)
    )
    made, _ = through(tmp_path, "typst-chapters.lua", text, "typst")
    assert '#part("Appendices of old")' in made
    assert '#show: appendices.with("Annexes", hide-parent: true)' in made
    assert made.count("appendices.with") == 1


def test_quarto_still_reads_where_the_appendices_begin(tmp_path: Path) -> None:
    """The comment that names the type stays, since Quarto says "Appendix A" by it."""
    text = part("Annexes", "appendix")
    made, _ = through(tmp_path, "typst-chapters.lua", text, "typst as native")
    kept = re.search(r"quarto-file-metadata: (\S+)", made)
    assert kept is not None
    assert json.loads(base64.b64decode(kept[1]))["bookItemType"] == "appendix"


# References ------------------------------------------------------------------------------------

CITING = (
    "---\nbibliography: references.bib\ncsl: some_style.csl\n---\n\n## Start\n\n"
    "Roofs [@moss2021] and @fern2019, see @fig-a.\n\n"
)


@pytest.fixture
def citing(tmp_path: Path) -> Path:
    """Return a folder with a bibliography and a style whose name has an underscore."""
    shutil.copyfile(BOOK / "references.bib", tmp_path / "references.bib")
    shutil.copyfile(EXTENSION / "csl" / "reviewpress.csl", tmp_path / "some_style.csl")
    return tmp_path


@pytest.mark.parametrize("to", ["html", "typst", "docx"])
def test_the_references_are_listed_and_linked(citing: Path, to: str) -> None:
    """In each format a list with a heading stands at the end, and every citation leads to it."""
    made, _ = through(citing, "references.lua", CITING, f"{to} as native")
    assert re.search(r'Header\s+2\s+\( "references"[^)]*\)\s+\[ Str "References" \]', made)
    assert made.index('"references"') < made.index('"refs"')
    assert {"#ref-moss2021", "#ref-fern2019"} <= set(re.findall(r'"(#ref-\w+)"', made))
    assert {"ref-moss2021", "ref-fern2019"} <= set(re.findall(r'"(ref-\w+)"', made))
    assert 'citationId = "fig-a"' in made


def test_a_list_of_the_projects_own_stays_where_it_is(citing: Path) -> None:
    """`::: {#refs}` is filled, and no second heading is added."""
    text = CITING + "# Sources\n\n::: {#refs}\n:::\n\n# After\n"
    made, _ = through(citing, "references.lua", text, "typst")
    assert "References" not in made
    assert made.index("= Sources") < made.index("Roofs that grow") < made.index("= After")


def test_a_project_may_have_no_list(citing: Path) -> None:
    """`suppress-bibliography: true` is the project's own word: the extension says nothing of it."""
    text = CITING.replace("---\nbib", "---\nsuppress-bibliography: true\nbib", 1)
    made, _ = through(citing, "references.lua", text, "typst")
    assert "Roofs that grow" not in made
    assert "References" not in made
    assert "suppress-bibliography" not in (EXTENSION / "_extension.yml").read_text()


def test_references_stand_before_the_appendices(citing: Path) -> None:
    """In a book that is one file, the list is no appendix."""
    text = CITING + part("Appendices", "appendix") + chapter("Recipes", 1)
    made, _ = through(citing, "references.lua", text, "typst")
    assert made.index("References") < made.index("Roofs that grow") < made.index("Recipes")


def test_typst_is_given_no_style_and_no_bibliography(citing: Path) -> None:
    """Quarto's template hands both to Typst, which refuses the path of a style."""
    template = citing / "t.template"
    template.write_text("[$csl$][$bibliography$]\n$body$\n")
    made, _ = through(citing, "references.lua", CITING, "typst", f"--template={template}")
    assert made.startswith("[][]")


def test_typst_is_given_no_style_by_a_review(tmp_path: Path) -> None:
    """The same holds where the references were handed over."""
    template = tmp_path / "t.template"
    template.write_text("[$csl$]\n$body$\n")
    text = (
        "---\ncsl: _extensions/reviewpress/csl/reviewpress.csl\n"
        "reviewpress-references: {moss2021: {code: 1, group: included}}\n---\n\n"
        "Words [@moss2021].\n"
    )
    made, _ = through(tmp_path, "references.lua", text, "typst", f"--template={template}")
    assert made.startswith("[]")
    assert "#super" in made


# Equations -------------------------------------------------------------------------------------


def numbered_as_quarto(text: str) -> str:
    """Number the equations that Quarto finds in Typst source: `$ … $ {#eq-x alt="…"}`."""
    pattern = r'\$ (.*?) \$ \{\\#(eq-\w+)(?: alt=["“](.*?)["”])?\}'

    def number(found: "re.Match[str]") -> str:
        alt = f', alt: "{found[3]}"' if found[3] else ""
        return f'#math.equation(block: true, numbering: "(1)"{alt}, [ $ {found[1]} $ ])<{found[2]}>'

    return re.sub(pattern, number, text)


def test_every_equation_says_what_it_is(tmp_path: Path) -> None:
    """Inline and display, with a text of the author's or without: PDF/UA-1 takes them all."""
    text = (
        "# A $z$ heading\n\nInline $x^2$, [$y \\\\cdot 2$]{alt='y, \"twice\"'}.\n\n"
        '$$ a = b $$ {#eq-one}\n\n$$ c = d $$ {#eq-two alt="c is d"}\n\n'
        "$$ \\underbrace{g}_{h} $$\n\n$$ \\hspace{1em} $$\n\n"
        "\\begin{equation}\ni = j\n\\end{equation}\n\n"
        '[$$ e = f $$]{alt="e is f"}\n\n- In a list $n$, ^[A note with $k$.]\n\n'
        "| A |\n|---|\n| $t$ |\n\n: Caption $c$\n"
    )
    made, warned = through(tmp_path, "equations.lua", text, "typst", reader="markdown")
    source = tmp_path / "a.typ"
    source.write_text(
        '#set document(title: "T")\n#set text(lang: "en")\n' + numbered_as_quarto(made)
    )
    typst.compile(str(source), output=str(tmp_path / "a.pdf"), pdf_standards=["ua-1"])
    assert 'alt: "y, \\"twice\\""' in made
    assert 'alt: "g, labelled h"' in made
    assert 'alt: "i = j"' in made
    assert 'alt: "\\\\hspace{1em}"' in made
    assert 'alt: "x²"' in made
    assert "1 equation has no alternative text, so the PDF reads out the TeX source" in warned
    assert "c = d" not in warned
    assert "e = f" not in warned


def test_equations_with_a_text_are_not_warned_of(tmp_path: Path) -> None:
    """Where each has one, nothing is said; one equation without is said in the singular."""
    text = '[$x$]{alt="x"} $$ a = b $$ {#eq-one alt="a is b"}\n'
    assert through(tmp_path, "equations.lua", text, "typst")[1] == ""
    assert through(tmp_path, "equations.lua", "$x^2 < 0.05$\n", "typst")[1] == ""
    hard = "".join(f"$\\hspace{{{n}em}}$ " for n in range(8))
    said = through(tmp_path, "equations.lua", hard, "typst")[1]
    assert "8 equations have no alternative text" in said
    assert "and 3 more" in said


@pytest.mark.parametrize("to", ["html", "docx"])
def test_other_formats_keep_equations_as_they_are(tmp_path: Path, to: str) -> None:
    """Pages have MathML, Word its own: the author's text would be no valid attribute there."""
    text = '[$x$]{alt="the x"} and $y$\n'
    made, warned = through(tmp_path, "equations.lua", text, f"{to} as native")
    assert "the x" not in made
    assert made.count("Math InlineMath") == 2
    assert warned == ""


# Headings and captions -------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["evidence-box", "key-message", "plain-summary"])
def test_headings_in_boxes_have_no_number(tmp_path: Path, box: str) -> None:
    """A box stands apart from its chapter's sections, however deep in it a heading stands."""
    text = (
        f"# One\n\n:::: {{.{box}}}\n## In the box\n\n::: {{.inner}}\n### Deeper\n:::\n::::\n\n"
        "::: {.other}\n## Elsewhere\n:::\n"
    )
    made, _ = through(tmp_path, "headings.lua", text, "html")
    unnumbered = Page(made).values("//*[self::h2 or self::h3][@class='unnumbered']/text()")
    assert unnumbered == ["In the box", "Deeper"]


@pytest.mark.parametrize(("first", "level"), [("##", 1), ("#", 2)])
def test_headings_without_a_number_are_raised_with_the_others(
    tmp_path: Path, first: str, level: int
) -> None:
    """Quarto has pandoc raise a document's headings, after the filters, where none has level 1."""
    text = f"{first} Start\n\n## Sources {{.unnumbered}}\n\n### Below {{.unnumbered}}\n"
    made, _ = through(tmp_path, "typst-chapters.lua", text, "typst")
    assert f"#heading(level: {level}, numbering: none)[Sources]" in made
    assert f"#heading(level: {level + 1}, numbering: none)[Below]" in made


def test_a_caption_without_an_identifier_stays_in_the_pdf(tmp_path: Path) -> None:
    """Quarto has such a table written bare; its caption stands above it, and it has no number."""
    text = "| A |\n|---|\n| 1 |\n\n: Said *so*\n\n| B |\n|---|\n| 1 |\n"
    made, _ = through(tmp_path, "typst-tables.lua", text, "typst")
    assert made.count("#figure(kind") == 1
    assert "numbering: none" in made
    assert made.index("Said #emph[so]") < made.index("table(")


# The real Quarto -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Render the foreign book with the Quarto that is installed; return its output and words."""
    quarto = find_quarto()
    if quarto is None:
        pytest.skip("quarto is not installed")
    folder = tmp_path_factory.mktemp("foreign") / "book"
    shutil.copytree(BOOK, folder)
    shutil.copytree(EXTENSION, folder / "_extensions" / "reviewpress")
    done = subprocess.run(
        [quarto, "render"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "_book", done.stderr


def _text_of(pdf: Path, tool: Callable[[str], str]) -> str:
    shown = [tool("pdftotext"), "-layout", str(pdf), "-"]
    text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.quarto
def test_the_foreign_book_is_made_in_three_formats(
    rendered: tuple[Path, str], tool: Callable[[str], str]
) -> None:
    """References, lettered appendices, panels in place, and nothing of attributes in print."""
    made, said = rendered
    text = _text_of(made / "Gardens-on-roofs.pdf", tool)
    assert "See Figure 1.1, Table 1.1 and Appendix A." in text
    assert "Table A.1: The mix" in text
    assert "In Figure 2.1b of Figure 2.1 nothing grew." in text
    order = [
        "Figure 2.1 Two beds",
        "Figure 2.1a North",
        "Figure 2.1b South",
        "Figure 2.2 What grew",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "1.2 After the box" in text
    assert "References Fern, C. (2019). The weight of wet soil." in text
    assert "row-headers" not in text
    assert "2 equations have no alternative text" in said
    for page in ("index", "soil"):
        html = (made / f"{page}.html").read_text()
        assert 'href="#ref-moss2021"' in html
        assert 'id="ref-moss2021"' in html
        assert "row-headers" not in html
    rows = Page(made / "soil.html").values("//th[@scope='row']/text()")
    assert rows == ["Peat", "Spade", "May"]
    read = [find_pandoc(), "--from=docx", "--to=plain", str(made / "Gardens-on-roofs.docx")]
    word = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    word = " ".join(word.split())
    assert "Table A.1: The mix" in word
    assert "The weight of wet soil" in word
    assert "row-headers" not in word


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("b/note.qmd", "sec-second"), ("../a/note.qmd", "sec-first"),
        ("./b/note.qmd", "sec-second"),
        ("../../b/note.ipynb", "sec-second"), ("b/my%20own.qmd", "sec-own"),
        ("note.qmd", "sec-first"), ("b/note.qmd#sec-end", "sec-end"),
    ],
)  # fmt: skip
def test_a_link_in_one_file_leads_to_the_chapter_of_its_path(
    tmp_path: Path, link: str, target: str
) -> None:
    """Of chapters with one file name in several folders, it is the one whose folder is named."""
    handed = tmp_path / ".reviewpress" / "quarto" / "report"
    handed.mkdir(parents=True)
    (handed.parent / "current").write_text("report")
    pages = {"sec-first": "a/note.html", "sec-second": "b/note.html", "sec-own": "b/my own.html"}
    crossrefs = {
        name: {"label": "", "number": "1", "title": "T", "page": page, "chapter": True}
        for name, page in pages.items()
    }
    (handed / "crossrefs.json").write_text(json.dumps(crossrefs))
    made, _ = through(tmp_path, "crossrefs.lua", f"See [that]({link}).\n", "typst")
    assert f"#link(<{target}>)" in made
