"""The supported Quarto Markdown, each construct in every format; each other one is a problem."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from reading import Page, W, word_part
from reading import said as told

import reviewpress
from reviewpress.assemble import ast
from reviewpress.assemble.constructs import SUPPORTED, Construct
from reviewpress.assemble.refusals import REFUSALS, Refusal
from reviewpress.cli.engines import embedded_engine
from reviewpress.config import Config, load_config
from reviewpress.engine import Manuscript
from reviewpress.errors import Problems
from reviewpress.formats.citations import set_citations
from reviewpress.formats.pdf import begin_typst
from reviewpress.formats.writers import Writers
from reviewpress.pipeline import assemble_edition

PROJECT = """\
project: {type: book}
lang: en-GB
title: A made-up title
bibliography: references.bib
profile: {default: report, group: [[report, summary]]}
book:
  title: A made-up book
  author: [Test Author]
  date: 2026-01-31
"""
BIB = (Path(__file__).resolve().parent / "projects/minimal/bib/references.bib").read_text("utf-8")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
METHODS = "# Methods {#sec-methods}\n\n## Searches {#sec-searches}\n\nWords.\n"
REFERENCES = "# References {.unnumbered #sec-references}\n\n::: {#refs-included}\n:::\n"

# What stands in the page, in the Typst source, and in Word's text, for each construct.
EXPECTED: dict[str, tuple[str, str, str]] = {
    "Headings with ids": (
        r'<h2[^>]*id="sec-part"',
        r'#heading\(level: 2, numbering: \(\.\.\) => "1\.1"\)\[Part\] #label\("sec-part"\)',
        "Part",
    ),
    "HTML": (r"CO<sub>2</sub>, <kbd>Esc</kbd>", r"CO#sub\[2\]", "Esc"),
    "Tabs": (r'<h2 class="unnumbered[^>]*>A tab</h2>\s*<p>Its words', r"A tab", "Its words."),
    "Columns": (r'class="columns">.*The left.*The right', r"The left", "The right."),
    "Margin content": (
        r'<div class="aside">\s*<p>In the margin.*a note',
        r"#footnote\[a note",
        "In the margin.",
    ),
    "Commands for formulas": (r"The mean is <math.*?θ.*?</math>", r"hat\(theta\)_1", "The mean is"),
    "Equation": (
        r'Equation\s(\d+\.1)</a>.*<math[^>]* display="block".*<span class="equation-number">\(\1\)',
        r'alt: "x bar is the sum of x, divided by n", numbering: \(\.\.n\) => "\(\d+\.1\)"',
        "(",
    ),
    "TeX of MathJax": (
        r"<math.*?H.*?O.*?</math>.*<math.*?V.*?</math>",
        r"upright\(H\)_2.*upright\(V a r\)",
        "In",
    ),
    "Unnumbered heading": (r"<h1[^>]*>\s*Preface", r"Preface", "Preface"),
    "Emphasis and strong": (r"<em>emphasis</em> and <strong>", r"#emph\[emphasis\]", "emphasis"),
    "Lists": (r"<li>one</li>", r"- one", "first"),
    "Definition list": (r"<dt>Review</dt>", r"/ Review", "A synthesis of studies."),
    "Block quotation": (r"<blockquote>", r"#quote\(block: true\)", "Quoted text."),
    "Footnote": (r"A footnote\.", r"#footnote\[A footnote\.", ""),
    "Link": (r'href="https://example.org/"', r'#link\("https://example.org/"\)', "A page"),
    "Link to a chapter": (r'href="methods.html#sec-searches"', r"<sec-searches>", "Methods"),
    "Code": (
        r"<code[^>]*>reviewpress render</code>",
        r"`reviewpress render`",
        "reviewpress render",
    ),
    "Code of a file": (
        r'class="code-filename">\s*_quarto.yml\s*</div>\s*<(?:div|pre)',
        r'#strong\(raw\("_quarto.yml"\)\)',
        "_quarto.yml",
    ),
    "Pipe table": (r"<table[^>]*>.*<th", r"table\.header", "A caption"),
    "Figure": (r'<img[^>]*alt="What it shows\."', r'alt: "What it shows\."', "A caption"),
    "Figure or table as a block": (
        r"Table\s[\d.]+</span>:\s+The caption\.",
        r"The caption",
        "The caption.",
    ),
    "Figure in parts": (r"\(b\)</span>\s+Two", r"\(b\)", "(a) One"),
    "Listing": (r"Listing\s[\d.]+</span>:\s+A listing", r"A listing", "A listing"),
    "Numbered callout": (r"Tip\s[\d.]+: Title", r"See #link\(<tip-one>\)\[Tip", "Title"),
    "Theorem and its like": (
        r'id="thm-line" class="theorem">\s*<p>.*<strong>Theorem.(\d+\.1) \(Lines\)</strong>.*'
        r"<em>Proof</em>\..*href=\"#thm-line\"[^>]*>Theorem.\1<",
        r"#strong\[Theorem.\d+\.1 \(Lines\)\]",
        "(Lines) Two points have a line.",
    ),
    "List of references": (r'id="refs-additional"', r"", ""),
    "Cross-reference": (r'href="#sec-one"[^>]*>Chapter', r"<sec-one>", "See Chapter"),
    "Citation": (r"see also", r"see also", "see also"),
    "Citation in the text": (r"Known and Second", r"Known and Second", "Known and Second"),
    "Callout": (r'class="callout', r"callout", "Title"),
    "Conditional content": (r"Only there\.", r"Only there\.", "Only there."),
    "Fenced block": (r'<div class="evidence-box"', r"evidence-box", "Text."),
    "Span": (r'<span class="value"[^>]*>text</span>', r"text", "text"),
    "Line break and page break": (r"One<br\s*/?>", r"#pagebreak", "One"),
    "Shortcodes": (r"A made-up title", r"A made-up title", "A made-up title"),
    "Raw content for one format": (r"<h1", r"#v\(1em\)", ""),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A book of all constructs, one a chapter, in every format."""

    folder: Path
    typst: str
    word: str

    def page(self, construct: Construct) -> str:
        """Return the main part of a construct's page."""
        text = (self.folder / f"chapters/{slug(construct)}.html").read_text("utf-8")
        return text[text.index("<main") : text.index("</main>")]


def slug(construct: Construct) -> str:
    return "of-" + re.sub(r"\W+", "-", construct.name.lower()).strip("-")


def chapter_of(construct: Construct) -> str:
    """Return a chapter that holds the example, under a title unless it brings one."""
    if construct.example.startswith("# "):
        return construct.example + "\n"
    return f"# {construct.name} {{#sec-{slug(construct)}}}\n\n{construct.example}\n"


def write_book(root: Path, chapters: dict[str, str], formats: str) -> Config:
    (root / "chapters").mkdir(parents=True)
    for name, text in {**chapters, "methods": METHODS, "references": REFERENCES}.items():
        (root / f"chapters/{name}.qmd").write_text(text, encoding="utf-8")
    (root / "chapters/figure.svg").write_text(SVG, encoding="utf-8")
    (root / "chapters/figure.png").write_bytes(base64.b64decode(PNG))
    (root / "references.bib").write_text(BIB, encoding="utf-8")
    names = [*chapters, "methods", "references"]
    listed = "".join(f"    - chapters/{name}.qmd\n" for name in names)
    text = f"{PROJECT}  chapters:\n{listed}format: {formats}\n"
    (root / "_quarto.yml").write_text(text, encoding="utf-8")
    (root / "_quarto-report.yml").write_text("{}\n", encoding="utf-8")
    return load_config(root)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All supported constructs, rendered to pages, PDF and Word by the embedded engine."""
    root = tmp_path_factory.mktemp("constructs")
    chapters = {slug(construct): chapter_of(construct) for construct in SUPPORTED}
    formats = "{reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}"
    config = write_book(root / "book", chapters, formats)
    engine = embedded_engine(config.root)
    manuscript: Manuscript = assemble_edition(config, {})
    assert manuscript.book.problems == ()
    folder = root / "out"
    folder.mkdir()
    engine.render(manuscript, folder)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    text = told(word_part(folder / "report.docx"))
    return Made(folder, typst_source(manuscript, engine), text)


@pytest.mark.parametrize("construct", SUPPORTED, ids=lambda construct: construct.name)
def test_supported_constructs_come_to_every_format(construct: Construct, made: Made) -> None:
    """The page, the Typst source and Word's text say what the construct means."""
    page, typst, word = EXPECTED[construct.name]
    assert re.search(page, made.page(construct), re.S), made.page(construct)
    assert re.search(typst, made.typst)
    assert word in made.word
    assert ":::" not in made.page(construct)
    assert "{{<" not in made.page(construct)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_unsupported_constructs_are_problems(refusal: Refusal, tmp_path: Path) -> None:
    """Each example is refused for what it is listed as; nothing is dropped in silence."""
    config = write_book(tmp_path, {"one": f"# One {{#sec-one}}\n\n{refusal.example}\n"}, "html")
    with pytest.raises(Problems) as caught:
        assemble_edition(config, {})
    said = re.escape(refusal.message("DETAIL", "SHOWN")).replace("DETAIL", ".+")
    pattern = re.compile(said.replace(r"\ \(SHOWN\)", r"(?: \(.+\))?"))
    for problem in caught.value.problems:
        assert problem.rule in ("construct", "shortcode")
        assert pattern.fullmatch(problem.message), problem.message
        assert problem.hint
        assert problem.where is not None
        assert problem.where.file == "chapters/one.qmd"
    where = caught.value.problems[0].where
    assert where is not None
    assert where.line == 3


def test_tags_without_their_other_half_are_named_by_line(tmp_path: Path) -> None:
    """Each tag by itself, wherever it is; and blocks that are never closed, of all chapters."""
    text = "# One\n\nText <sub>low.\n\n<b>Bold</b><b> twice.\n\n- item <i>one\n- two\n\n<ul>\n"
    config = write_book(tmp_path / "tags", {"one": text, "two": f"{text}\n<i>\n"}, "html")
    with pytest.raises(Problems) as caught:
        assemble_edition(config, {})
    tags = re.compile(r"(\S+), (lines? [\d and]+): the text holds the tag `(\S+)` of raw html")
    assert tags.findall(str(caught.value)) == [
        (f"chapters/{name}.qmd", where, tag)
        for name in ("one", "two")
        for where, tag in [
            ("line 3", "<sub>"), ("line 5", "<b>"),
            ("lines 7 and 12" if name == "two" else "line 7", "<i>"), ("line 10", "<ul>"),
        ]
    ]  # fmt: skip
    divs = {"one": "# One\n\n<div>\n\nA.\n\n::: {.b}\n\nB.\n"}
    divs["two"] = '# Two\n\n- a\n- b <div id="c">c\n'
    divs["three"] = '# Three\n\n<div class="key-message">\n\nC.\n'
    config = write_book(tmp_path / "divs", divs, "html")
    with pytest.raises(Problems) as caught:
        assemble_edition(config, {})
    assert [(str(each.where), each.hint.split("`")[1]) for each in caught.value.problems] == [
        ("chapters/one.qmd, line 3", "</div>"),
        ("chapters/one.qmd, line 7", ":::"),
        ("chapters/two.qmd, line 4", "</div>"),
        ("chapters/three.qmd, line 3", "</div>"),
    ]


def test_tags_that_change_nothing_need_no_other_half(tmp_path: Path) -> None:
    """They are named, and the words stay; what leads somewhere still does, as in a browser."""
    text = """# One

Words</p> alone, <span style="color: red">red, <font color="blue">blue.

<div class="row">

Within, and <a name="here"> here: [back](#here).

- one </li>
- two <div class="col">three

</section>
"""
    book = assemble_edition(write_book(tmp_path, {"one": text}, "html"), {}).book
    said = [(each.where.line, each.message.split("`")[1]) for each in book.problems if each.where]
    assert {each.rule for each in book.problems} == {"unpaired-tag"}
    assert sorted(said) == [
        (3, "</p>"), (3, '<font color="blue">'), (3, '<span style="color: red">'),
        (5, '<div class="row">'), (7, '<a name="here">'), (9, "</li>"),
        (10, '<div class="col">'), (12, "</section>"),
    ]  # fmt: skip
    nodes = [*ast.walk(list(book.pages[0].blocks))]
    assert [each["c"][0][0] for each in nodes if each["t"] == "Span"] == ["here"]
    assert not [
        each for each in nodes if each["t"].startswith("Raw") and "<!--" not in each["c"][1]
    ]
    words = " ".join(ast.text(list(book.pages[0].blocks)).split())
    assert words == "One Words alone, red, blue. Within, and here: back. one two three"


def test_nothing_is_refused_that_is_not_listed() -> None:
    """Constructs are refused in one place, by kinds that the documentation lists."""
    folder = Path(reviewpress.__file__).parent
    made = re.compile(r"^[^>\n]*Problem\(\s*\"(?:construct|shortcode)\"", re.M)
    files = {
        f.relative_to(folder).as_posix()
        for f in folder.rglob("*.py")
        if made.search(f.read_text("utf-8"))
    }
    # HTML that only Quarto leaves out, and what raises ChapterError by `_expand`.
    assert files == {"assemble/constructs.py", "assemble/source.py", "checks/raw_html.py"}
    page = (folder.parents[1] / "docs/reference/quarto-markdown.md").read_text("utf-8")
    listed = page.partition("## Not supported")[2]
    for refusal in REFUSALS:
        assert f"**{refusal.name}**" in listed
        assert refusal.example in listed
        assert refusal.why in listed


def test_examples_of_code_cells_may_be_shown(tmp_path: Path) -> None:
    """A fence within a longer fence is text."""
    text = "# One {#sec-one}\n\n````markdown\n```{python}\n1 + 1\n```\n````\n"
    config = write_book(tmp_path, {"one": text}, "html")
    assert assemble_edition(config, {}).book.problems == ()


def test_code_cells_are_one_problem(tmp_path: Path) -> None:
    """However many paragraphs pandoc takes one for, all are named at their fences, with advice."""
    text = "# One\n\n```{ojs}\na = 1\n\nb = 2\n```\n\n```{r, echo=FALSE}\n1\n```\n"
    config = write_book(tmp_path, {"one": text}, "html")
    with pytest.raises(Problems) as caught:
        assemble_edition(config, {})
    assert str(caught.value) == (
        "chapters/one.qmd, lines 3 and 9: "
        "the text holds a code cell (```{ojs}, ```{r, echo=FALSE}), which reviewpress does not "
        "support. ojs: a script of a page, which PDF and Word cannot have: compute "
        "it with Python, and publish a figure or a table. R: make the chapter a notebook with a "
        "kernel for R (`quarto convert chapters/one.qmd`)."
    )


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("```{mermaid}\nflowchart LR\n```", "make a picture of it with the Mermaid editor"),
        ("```{dot}\ndigraph {}\n```", "`dot -Tsvg diagram.dot -o diagram.svg`"),
        ("> ```{python}\n> 1\n> ```", "python: a cell stands at the beginning of a line"),
        ("```{bash}\nls\n```", "bash: compute it with Python, or write the code without braces"),
        ("```{julia}\n1\n```", "Julia: make the chapter a notebook with a kernel for Julia"),
    ],
)
def test_a_cell_that_is_not_executed_has_advice(cell: str, advice: str, tmp_path: Path) -> None:
    """What to do depends on the language, and on where a cell of Python stands."""
    config = write_book(tmp_path, {"one": f"# One\n\n{cell}\n"}, "html")
    with pytest.raises(Problems) as caught:
        assemble_edition(config, {})
    assert advice in str(caught.value)


def test_a_drawing_needs_a_png_for_word(tmp_path: Path) -> None:
    """An SVG without its PNG is named with its place when Word is made, and only then."""
    text = '# One {#sec-one}\n\n![A figure](figure.svg){#fig-y fig-alt="A square."}\n'
    for formats in ("reviewpress-html", "reviewpress-docx"):
        config = write_book(tmp_path / formats, {"one": text}, f"{{{formats}: default}}")
        (tmp_path / formats / "chapters/figure.png").unlink()
        folder = tmp_path / formats / "out"
        folder.mkdir()
        engine = embedded_engine(config.root)
        if formats == "reviewpress-html":
            engine.render(assemble_edition(config, {}), folder)
            continue
        with pytest.raises(Problems) as caught:
            engine.render(assemble_edition(config, {}), folder)
        assert str(caught.value) == (
            "chapters/one.qmd, line 3: the image chapters/figure.svg has no figure.png beside it. "
            "Word cannot show SVG: save the image as PNG too."
        )


def test_every_construct_is_told_once() -> None:
    """No name stands twice, and every supported construct has an expectation."""
    names = [construct.name for construct in (*SUPPORTED, *REFUSALS)]
    assert len(set(names)) == len(names)
    assert set(EXPECTED) == {construct.name for construct in SUPPORTED}


CONDITIONS = [
    ('content-visible when-profile="report"', True),
    ('content-visible when-profile="summary"', False),
    ('content-visible unless-profile="summary"', True),
    ('content-hidden when-profile="report"', False),
    ('content-hidden unless-profile="report"', True),
    ('content-visible when-format="html"', True),
    ('content-visible when-format="typst"', False),
    ('content-visible unless-format="html"', False),
    ('content-hidden when-format="html"', False),
    ('content-hidden when-format="docx"', True),
    ('content-visible when-meta="title"', True),
    ('content-visible when-meta="book.nothing"', False),
    ('content-visible unless-meta="book.nothing"', True),
    ('content-hidden when-meta="book.title"', False),
    ('content-visible when-profile="report" when-format="html"', True),
    ('content-visible when-profile="summary" when-format="html"', False),
    ('content-hidden when-profile="report" when-format="typst"', True),
]


@pytest.fixture(scope="module")
def conditional(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The page and the Typst source of a chapter with one block for each condition."""
    root = tmp_path_factory.mktemp("conditions")
    blocks = [
        f"::: {{.{condition}}}\nBlock {number}.\n:::\n\nSome [inline {number};]{{.{condition}}}\n"
        for number, (condition, _) in enumerate(CONDITIONS)
    ]
    config = write_book(
        root / "book", {"one": "# One {#sec-one}\n\n" + "\n".join(blocks)},
        "{reviewpress-html: default, reviewpress-typst: default}",
    )  # fmt: skip
    engine = embedded_engine(config.root)
    manuscript = assemble_edition(config, {})
    (root / "out").mkdir()
    engine.render(manuscript, root / "out")
    page = (root / "out/chapters/one.html").read_text("utf-8")
    return page, typst_source(manuscript, engine)


def typst_source(manuscript: Manuscript, engine: Any) -> str:
    citations = set_citations(manuscript, engine.extension)
    with Writers() as writers:
        return begin_typst(
            manuscript, engine.extension, citations, writers, then=lambda source, _: source
        )()


@pytest.mark.parametrize(("number", "condition"), list(enumerate(c for c, _ in CONDITIONS)))
def test_conditional_content(number: int, condition: str, conditional: tuple[str, str]) -> None:
    """Blocks and spans are shown as Quarto shows them, for profile, format and metadata."""
    page, _ = conditional
    shown = CONDITIONS[number][1]
    assert (f"<p>Block {number}.</p>" in page) == shown
    assert (f"inline {number};" in page) == shown


def test_conditions_on_the_format_differ_by_format(conditional: tuple[str, str]) -> None:
    """The PDF has what the page has not."""
    typst = re.sub(r"\\(?=\d)", "", conditional[1])
    wanted = {6, 7, 8}
    assert all(f"Block {number}." in typst for number in wanted)
    assert "Block 5." not in typst
    assert "Block 16." not in typst


def test_floats_and_sections_are_referred_to_across_chapters(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """One number for a thing in the page, in the PDF and in Word, wherever it is mentioned."""
    import subprocess

    one = "# One {#sec-one}\n\nSee @sec-two-part, @tbl-x and @fig-y; [-@sec-two] too.\n"
    two = (
        "# Two {#sec-two}\n\n## Part {#sec-two-part}\n\n| a |\n|---|\n| 1 |\n\n: First {#tbl-w}\n\n"
        "| a |\n|---|\n| 1 |\n\n: Second {#tbl-x}\n\n"
        '![A figure](figure.svg){#fig-y fig-alt="A square."}\n'
    )
    formats = "{reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}"
    config = write_book(tmp_path / "book", {"one": one, "two": two}, formats)
    engine = embedded_engine(config.root)
    folder = tmp_path / "out"
    folder.mkdir()
    engine.render(assemble_edition(config, {}), folder)
    page = Page(folder / "chapters/one.html")
    links = [(link.get("href"), link.words()) for link in page.all("//main//p/a")]
    assert links == [
        ("two.html#sec-two-part", "Section 2.1"), ("two.html#tbl-x", "Table 2.2"),
        ("two.html#fig-y", "Figure 2.1"), ("two.html#sec-two", "2"),
    ]  # fmt: skip
    said = "See Section 2.1, Table 2.2 and Figure 2.1; 2 too."
    command = [tool("pdftotext"), str(folder / "report.pdf"), "-"]
    pdf = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said in " ".join(pdf.split())
    assert "Table 2.2: Second" in " ".join(pdf.split())
    word = word_part(folder / "report.docx")
    assert said in told(word)
    assert "Figure 2.1: A figure" in told(word)
    targets = {"sec-two-part", "tbl-x", "fig-y", "sec-two"}
    assert targets <= {link.get(f"{W}anchor") for link in word.iter(f"{W}hyperlink")}
    assert targets <= {mark.get(f"{W}name") for mark in word.iter(f"{W}bookmarkStart")}


def test_two_reference_systems_in_one_text(tmp_path: Path) -> None:
    """Included papers are superscript codes that link to their entries; others are author-date."""
    one = (
        "# One {#sec-one}\n\nShown [@known2020; @other2021], after @method2018 and [@method2018].\n"
    )
    config = write_book(tmp_path / "book", {"one": one}, "{reviewpress-html: default}")
    (tmp_path / "book/chapters/references.qmd").write_text(
        REFERENCES + "\n::: {#refs-additional}\n:::\n", encoding="utf-8"
    )
    engine = embedded_engine(config.root)
    (tmp_path / "out").mkdir()
    engine.render(assemble_edition(config, {}), tmp_path / "out")
    page = Page(tmp_path / "out/chapters/one.html").one("//main")
    assert page.values("(.//sup)[1]//a/@href") == [
        "references.html#ref-known2020", "references.html#ref-other2021",
    ]  # fmt: skip
    assert re.search(r"Method \(2018\) and \(Method,? 2018\)", page.words())
    listed = Page(tmp_path / "out/chapters/references.html")
    assert listed.values("//*[starts-with(@id, 'ref-')]/@id") == [
        "ref-known2020", "ref-other2021", "ref-method2018",
    ]  # fmt: skip


def test_a_review_may_cite_all_by_author_and_date(project: Any, reviewpress: Any) -> None:
    """`citations: author-date` writes included papers as the others."""
    text = (Path(__file__).parent / "projects/minimal/_quarto.yml").read_text("utf-8")
    files = {"_quarto.yml": text + "  citations: author-date\n"}
    root = project(files=files)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/report/chapters/findings.html").read_text("utf-8")
    assert "Known and Second" in page
    assert "<sup" not in page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize(
    ("shortcode", "page"),
    [
        ("{{< kbd Ctrl-C >}}", r"<kbd>Ctrl-C</kbd>"),
        ("{{< kbd mac=Cmd-C win=Ctrl-C >}}", r"<kbd>Cmd-C</kbd>"),
        (
            '{{< video https://example.org/watch?v=1 title="A *talk*" >}}',
            r'<a href="https://example.org/watch\?v=1">A \*talk\*</a>',
        ),
        ("{{< video src='https://example.org/a.mp4' >}}", r">https://example.org/a.mp4</a>"),
    ],
)
def test_keys_and_films_are_words_and_links(shortcode: str, page: str, tmp_path: Path) -> None:
    """A page loads nothing of another site, and its address can be followed on paper."""
    config = write_book(tmp_path, {"one": f"# One {{#sec-one}}\n\nSee {shortcode}.\n"}, "html")
    manuscript = assemble_edition(config, {})
    folder = tmp_path / "out"
    folder.mkdir()
    embedded_engine(config.root).render(manuscript, folder)
    assert re.search(page, (folder / "chapters/one.html").read_text("utf-8"))
