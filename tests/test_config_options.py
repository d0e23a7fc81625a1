"""Keys that are obeyed, looked at in what is published: pages, PDF and Word file."""

import base64
import io
import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from lxml import etree
from lxml.etree import _Element as Element
from reading import NAMES, W, said, styled, word_part

from reviewpress.config.filters import quarto_calls
from reviewpress.formats.hashed_names import plain_name

BASE = """\
project: {{type: book, output-dir: out{project}}}
lang: en
{top}
book: {{title: The title, author: A, date: 2026-01-31, chapters: [index.qmd, a.qmd]{book}}}
format:
{formats}
"""
INDEX = "# Home {#sec-home}\n\nSee @sec-a, @sec-deep, @fig-one and @tbl-one.\n"
CHAPTER = """\
# The chapter {#sec-a}

## First part {#sec-first}

### Deep part {#sec-deep}

#### Deeper part {#sec-deeper}

##### Deepest part

Words of the text.

![What it is](dot.svg){#fig-one fig-alt="A dot."}

| Left | Right |
|------|-------|
| one  | two   |

: What it has {#tbl-one}
"""
DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20">'
    '<circle cx="10" cy="10" r="8"/></svg>'
)
DOT_AS_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, reviewpress: Callable[..., Any]) -> Make:
    """Render a small book with some keys, and return its output folder.

    `top` stands at the top of `_quarto.yml`, `book` and `project` below these keys, `html`,
    `typst` and `docx` below the formats that are made, `front` above the second chapter.
    """

    def render(
        top: str = "",
        *,
        book: str = "",
        project: str = "",
        front: str = "",
        files: Mapping[str, str | bytes] | None = None,
        fails: bool = False,
        **formats: str,
    ) -> Any:
        made = formats or {"html": ""}
        lines = "\n".join(f"  {name}: {{{options}}}" for name, options in made.items())
        written = BASE.format(
            top=top, formats=lines, book=f", {book}" if book else "",
            project=f", {project}" if project else "",
        )  # fmt: skip
        above = f"---\n{front}\n---\n\n" if front else ""
        texts = {"_quarto.yml": written, "index.qmd": INDEX, "a.qmd": above + CHAPTER}
        for name, text in {**texts, "dot.svg": DOT, "dot.png": DOT_AS_PNG, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        outcome = reviewpress("render --engine pandoc", cwd=tmp_path)
        if fails:
            assert outcome.status == 1, outcome.stderr
            return outcome.stderr
        assert outcome.status == 0, outcome.stderr
        assert "no effect" not in outcome.stderr
        return tmp_path / "out"

    return render


def contents(page: Path) -> str:
    """Return the words of a page's own list of contents, its title first; empty without one."""
    found = re.search(r'<nav class="page-toc".*?</nav>', page.read_text("utf-8"), re.S)
    words = re.sub(r"<button.*?</button>|<[^>]+>", " ", found[0]) if found else ""
    return " ".join(words.split())


def pdf_text(pdf: Path, *, first: int = 1, last: int = 99) -> str:
    arguments = ["pdftotext", "-layout", "-f", str(first), "-l", str(last), pdf, "-"]
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def pdf_info(pdf: Path) -> str:
    return subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout


def pdf_sizes(pdf: Path, words: str) -> set[float]:
    """Return the sizes, in points, of the text that holds some words."""
    found = subprocess.run(
        ["pdftohtml", "-xml", "-stdout", "-i", "-zoom", "1", pdf],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    fonts = dict(re.findall(r'<fontspec id="(\d+)" size="([\d.-]+)"', found))
    lines = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(.*?)</text>', found)
    return {float(fonts[font]) for font, text in lines if words in re.sub(r"<[^>]+>", "", text)}


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ({}, "First part Deep part"),
        ({"top": "toc-depth: 4"}, "First part Deep part Deeper part"),
        ({"top": "toc-depth: 4", "html": "toc-depth: 2"}, "First part"),
        ({"top": "toc-depth: 2", "front": "toc-depth: 5"},
         "First part Deep part Deeper part Deepest part"),
        ({"html": "toc: true", "front": "format: {html: {toc: false}}"}, ""),
        ({"html": "toc: false"}, ""),
        ({"html": "toc: false", "front": "toc: true"}, "First part Deep part"),
    ],
)  # fmt: skip
def test_contents_of_a_page(where: dict[str, str], shown: str, make: Make) -> None:
    """The chapter has the last word, then the format, then the project."""
    words = re.sub(r"\b\d+(\.\d+)*\b", "", contents(make(**where) / "a.html"))
    assert " ".join(words.removeprefix("On this page").split()) == shown


@pytest.mark.parametrize("where", [{"top": "toc-title: Inside"}, {"front": "toc-title: Inside"}])
def test_title_of_a_pages_contents(where: dict[str, str], make: Make) -> None:
    """The list has the title that is asked for."""
    assert contents(make(**where) / "a.html").startswith("Inside ")


def test_paper_and_size_of_text(make: Make) -> None:
    """The PDF has the paper, the size of text and the margins that are asked for."""
    out = make(typst="papersize: us-letter, fontsize: 9pt, margin: {left: 60mm}")
    pdf = out / "report.pdf"
    assert "612 x 792 pts (letter)" in pdf_info(pdf)
    assert pdf_sizes(pdf, "Words of the text") == {9}
    usual = make("fontsize: 12pt", typst="") / "report.pdf"
    assert "(A4)" in pdf_info(usual)
    assert pdf_sizes(usual, "Words of the text") == {12}


def test_lists_of_the_pdf(make: Make) -> None:
    """Contents, their depth and title, lists of figures and tables are there as asked for.

    A report of a few pages has no lists but those that are asked for.
    """
    in_list = r"{} (\. )+\.*"
    usual = pdf_text(make(typst="") / "report.pdf", first=2, last=9)
    assert re.search(r"Contents\s.*The chapter", usual, re.S)
    assert not re.search(in_list.format("First part"), usual)
    assert not re.search(r"^\f?(Figures|Tables)$", usual, re.M)
    asked = pdf_text(make("lof: true", typst="lot: true") / "report.pdf", first=2, last=9)
    assert re.search(r"^\f?Figures\s.*Figure 2\.1.*\n\f?Tables\s", asked, re.S | re.M)
    deeper = make("toc-depth: 3", typst="toc-title: Inside, lof: false, lot: true") / "report.pdf"
    text = pdf_text(deeper, first=2, last=9)
    assert re.search(r"Inside\s.*First part.*Deep part", text, re.S)
    assert re.search(r"^\f?Tables", text, re.M)
    assert not re.search(r"^\f?Figures", text, re.M)
    bare = pdf_text(
        make("lof: false\nlot: false", typst="toc: false") / "report.pdf", first=2, last=9
    )
    assert "Home" in bare
    assert ". . ." not in bare


@pytest.mark.parametrize(
    ("standards", "version"),
    [("[ua-1]", "PDF/UA"), ("a-2b", "PDF/A"), ('["1.6"]', "1.6"), ('["2.0", a-4]', "2.0")],
)
def test_standards_of_the_pdf(standards: str, version: str, make: Make) -> None:
    """The PDF says that it conforms to what is asked for, and to nothing else."""
    pdf = make(typst=f"pdf-standard: {standards}") / "report.pdf"
    written = pdf.read_bytes()
    assert (b"pdfuaid:part" in written) == (version == "PDF/UA")
    assert (b"pdfaid:part" in written) == (version == "PDF/A" or "a-4" in standards)
    if version[0].isdigit():
        assert re.search(rf"PDF version:\s+{version}", pdf_info(pdf))


def test_the_extensions_pdf_is_accessible_whatever_is_asked(make: Make) -> None:
    """`reviewpress-typst` adds PDF/UA-1, as it does under Quarto; nothing said means both."""
    pdf = (make(**{"reviewpress-typst": "pdf-standard: a-2b"}) / "report.pdf").read_bytes()
    assert b"pdfuaid:part" in pdf
    pdf = (make(typst="") / "report.pdf").read_bytes()
    assert b"pdfuaid:part" in pdf
    assert b"pdfaid:part" in pdf


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("pdf-standard: ua-2", 'line 6: "ua-2" is not a standard that Typst can make'),
        ("pdf-standard: [a-1a, a-4]", "line 6: no PDF conforms to a-1a and a-4 at once."),
        ("papersize: b17", 'line 6: "papersize" takes the name of a paper, as in a5 or us-letter'),
        ("fontsize: large", 'line 6: "fontsize" takes a length, as in `11pt`'),
        ("margin: {left: wide}", 'line 6: "left" takes a length'),
        ("toc-depth: deep", 'line 6: "toc-depth" takes a whole number from 0 to 99'),
        ("lof: perhaps", 'line 6: "lof" takes true or false'),
    ],
)
def test_values_that_cannot_be(option: str, words: str, make: Make) -> None:
    """A value of the wrong kind is an error with its line, before anything is typeset."""
    assert f"error: _quarto.yml, {words}" in make(typst=option, fails=True)


def word_lists(out: Path) -> list[str]:
    """Return the paragraphs of the contents and lists of a Word file, their titles first."""
    lists = word_part(out / "report.docx").iter(f"{W}sdtContent")
    return [said(paragraph) for each in lists for paragraph in each]


def test_lists_of_the_word_file(make: Make) -> None:
    """Word's contents are as deep, and its lists there, as is asked for."""
    usual = " ".join(word_lists(make(docx="")))
    assert "First part" in usual
    assert "Deep part" not in usual
    shown = " ".join(word_lists(make(docx="toc-depth: 3, toc-title: Inside, lot: false")))
    assert "Inside" in shown
    assert "Deep part" in shown
    assert "What it has" not in shown
    bare = make("toc: false\nlof: false\nlot: false", docx="")
    assert word_lists(bare) == []


def own_word_file(change: Callable[[Element], None]) -> bytes:
    """Return a Word file of an author's: pandoc's, with other styles."""
    written = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file=reference.docx"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    goal = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(goal, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/styles.xml":
                styles = etree.fromstring(content)
                change(styles)
                content = etree.tostring(styles)
            new.writestr(name, content)
    return goal.getvalue()


@pytest.mark.parametrize("where", ["top", "docx"])
def test_the_authors_own_word_styles(where: str, make: Make) -> None:
    """Text has the styles of the reference document; what it lacks comes from ours."""

    def change(styles: Element) -> None:
        [heading] = styles.xpath("w:style[@w:styleId='Heading1']", namespaces=NAMES)
        heading.set(f"{W}styleId", "berschrift1")
        next(heading.iter(f"{W}color")).set(f"{W}val", "ABCDEF")

    option = "reference-doc: styles/mine.docx"
    files = {"styles/mine.docx": own_word_file(change)}
    given: dict[str, str] = {"docx": option} if where == "docx" else {"top": option, "docx": ""}
    out = make(files=files, **given)
    styles = word_part(out / "report.docx", "word/styles.xml")
    [heading] = styles.xpath("w:style[w:name/@w:val='heading 1']", namespaces=NAMES)
    assert heading.get(f"{W}styleId") == "Heading1"
    assert [colour.get(f"{W}val") for colour in heading.iter(f"{W}color")] == ["ABCDEF"]
    assert styles.xpath("w:style[@w:styleId='TableText']", namespaces=NAMES)
    assert styled(word_part(out / "report.docx"), "Heading1")
    assert "First part" in " ".join(word_lists(out))


def test_nothing_of_the_authors_word_file_is_fetched(make: Make) -> None:
    """A template or a picture elsewhere would be asked for by each reader's Word."""
    outside = 'Target="http://elsewhere.invalid/x" TargetMode="External"/>'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = io.BytesIO(own_word_file(lambda styles: None))
    made = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/settings.xml":
                found = re.search(rb"<w:settings[^>]*>", text)
                assert found is not None
                attached = f'<w:attachedTemplate xmlns:r="{kinds}" r:id="rId7"/>'.encode()
                text = text.replace(found[0], found[0] + attached)
            if name != "word/_rels/settings.xml.rels":
                new.writestr(name, text)
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        relation = f'<Relationship Id="rId7" Type="{kinds}/attachedTemplate" {outside}'
        new.writestr(
            "word/_rels/settings.xml.rels",
            f'<Relationships xmlns="{space}">{relation}</Relationships>',
        )
    out = make(docx="reference-doc: mine.docx", files={"mine.docx": made.getvalue()})
    with zipfile.ZipFile(out / "report.docx") as word:
        texts = [word.read(name) for name in word.namelist() if name.endswith((".xml", ".rels"))]
    assert not [text for text in texts if b"elsewhere.invalid" in text or b"attachedTem" in text]


def test_a_reference_document_that_is_a_pipe(make: Make, tmp_path: Path) -> None:
    """Nobody waits for what will be written into it."""
    os.mkfifo(tmp_path / "pipe.docx")
    said = make(docx="reference-doc: pipe.docx", fails=True)
    assert "pipe.docx is a pipe, not a file." in said


def zipped(name: str) -> bytes:
    goal = io.BytesIO()
    with zipfile.ZipFile(goal, "w") as archive:
        archive.writestr(name, "x")
    return goal.getvalue()


@pytest.mark.parametrize("content", [None, "no zip", zipped("a.txt")])
def test_a_reference_document_that_is_none(content: str | bytes | None, make: Make) -> None:
    """What is not there, or not Word's, is an error with its line."""
    files = {"mine.docx": content} if content else {}
    said = make(docx="reference-doc: mine.docx", files=files, fails=True)
    assert "error: _quarto.yml, line 6: there is no Word file mine.docx." in said


def test_names_of_the_files(make: Make) -> None:
    """PDF and Word file are called as is asked for, and the pages lead to them."""
    out = make(book="output-file: findings-2026.pdf", html="", typst="", docx="")
    assert {path.name for path in out.glob("*.[pd]*")} >= {
        "findings-2026.pdf",
        "findings-2026.docx",
    }
    assert not (out / "report.pdf").exists()
    assert 'href="findings-2026.pdf"' in (out / "index.html").read_text("utf-8")


def test_files_to_be_published(make: Make) -> None:
    """Resources stand beside the pages, at their places; nothing else of the review does."""
    files = {
        "robots.txt": "User-agent: *", ".htaccess": "x", "data/a.csv": "a", "data/b.txt": "b",
        "data/deep/c.csv": "c", "notes/d.csv": "d", "data/_own.csv": "x", "data/skip.csv": "s",
        "slides/one.html": "<p>", "slides/two/three.txt": "t", "figures/old.csv": "o",
        "figures/drawn/map.csv": "m", ".reviewpress/x.csv": "x",
    }  # fmt: skip
    patterns = "[robots.txt, .htaccess, /data/*.csv, slides, '!skip.csv', 'drawn/*.csv']"
    out = make(project=f"resources: {patterns}", files=files)
    published = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    wanted = {
        "robots.txt", ".htaccess", "data/a.csv", "slides/one.html", "slides/two/three.txt",
        "figures/drawn/map.csv",
    }  # fmt: skip
    assert wanted <= published
    assert not published & (files.keys() - wanted)
    assert "data/deep/c.csv" in {
        path.relative_to(out).as_posix()
        for path in make(project="resources: '*.csv'", files=files).rglob("*.csv")
    }


def test_a_file_to_be_published_that_is_not_there(make: Make) -> None:
    """A name without a file is an error with its line."""
    said = make(project="resources: [robot.txt]", fails=True)
    assert "error: _quarto.yml, line 1: the file robot.txt of the resources does not exist." in said


def page_text(page: Path) -> str:
    """Return the words of a page's text."""
    article = re.search(r"<main.*</main>", page.read_text("utf-8"), re.S)
    assert article
    return " ".join(re.sub(r"<[^>]+>", "", article[0]).replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("crossref", "words"),
    [
        ("{fig-title: Chart}", ["Chart 2.1: What it is", "Section 2.1.1, Figure 2.1"]),
        ("{fig-prefix: chart, tbl-prefix: list, sec-prefix: part}",
         ["Figure 2.1: What", "part 2.1.1, chart 2.1 and list 2.1"]),
        ("{title-delim: ' –'}", ["Figure 2.1 – What it is", "Table 2.1 – What it has"]),
        ("{chapters: false}", ["Figure 1: What it is", "Section 2.1.1, Figure 1 and Table 1"]),
        ("{labels: roman i, tbl-labels: alpha A}", ["Figure 2.i: What", "Table 2.A: What"]),
        ("{tbl-title: Chart, chapters: true}", ["Chart 2.1: What it has"]),
    ],
)  # fmt: skip
def test_names_and_numbers_of_figures(crossref: str, words: list[str], make: Make) -> None:
    """Captions have the titles, references the prefixes, as in Quarto."""
    out = make(f"crossref: {crossref}", html="", typst="")
    shown = page_text(out / "index.html") + page_text(out / "a.html")
    printed = " ".join(pdf_text(out / "report.pdf").replace("\u00a0", " ").split())
    for each in words:
        assert each in shown
        assert each in printed


def test_references_need_not_be_links(make: Make) -> None:
    """Without `ref-hyperlink` they are words."""
    assert 'class="xref"' in (make() / "index.html").read_text("utf-8")
    page = make("crossref: {ref-hyperlink: false}") / "index.html"
    assert 'class="xref"' not in page.read_text("utf-8")
    assert "Section 2.1.1, Figure 2.1" in page_text(page)


def test_titles_of_lists(make: Make) -> None:
    """The lists of figures and tables have the titles that are asked for."""
    text = pdf_text(
        make("lof: true\nlot: true\ncrossref: {lof-title: Charts, lot-title: Grids}", typst="")
        / "report.pdf"
    )
    assert re.search(r"^\s*Charts\s*$", text, re.M)
    assert re.search(r"^\s*Grids\s*$", text, re.M)


@pytest.mark.parametrize(
    ("where", "shown", "hidden"),
    [
        ({"top": "number-depth: 2"}, "2.1 First part", "2.1.1 Deep part"),
        ({"top": "number-sections: false"}, "First part", "2.1 First part"),
        ({"front": "number-depth: 2"}, "2.1 First part", "2.1.1 Deep part"),
        ({"front": "number-sections: false"}, "First part", "2.1 First part"),
    ],
)
def test_numbers_of_headings(where: dict[str, str], shown: str, hidden: str, make: Make) -> None:
    """Headings are numbered as deep as is asked for; a chapter may ask for less."""
    out = make(html="", typst="", **where)
    for text in (page_text(out / "a.html"), " ".join(pdf_text(out / "report.pdf").split())):
        assert shown in text
        assert hidden not in text
    if "front" in where:
        assert "Section 2.1.1, Figure 2.1" in page_text(out / "index.html")


@pytest.mark.parametrize(
    ("where", "pages"),
    [
        ({"top": "css: looks/mine.css"}, {"index.html", "a.html"}),
        ({"html": "css: [looks/mine.css]"}, {"index.html", "a.html"}),
        ({"front": "css: looks/mine.css"}, {"a.html"}),
    ],
)
def test_style_sheets_of_pages(where: dict[str, str], pages: set[str], make: Make) -> None:
    """They come after ours, and bring the files that they load; a chapter's is for its page."""
    files = {
        "looks/mine.css": "@import 'more.css';\np { background: url(\"../dot.svg#x\") }",
        "looks/more.css": "@font-face { font-family: X; src: url(fonts/x.woff2) }",
        "looks/fonts/x.woff2": "font",
    }
    out = make(files=files, **where)
    linked = {name for name in ("index.html", "a.html") if "looks/mine." in read(out / name)}
    assert linked == pages
    page = read(out / "a.html")
    assert page.index("assets/reviewpress.") < page.index('href="looks/mine.')
    names = {plain_name(path.name) for path in out.rglob("*")}
    assert names >= {"mine.css", "more.css", "x.woff2", "dot.svg"}


def test_a_chapter_in_a_folder_names_styles_from_there(make: Make) -> None:
    """As in Quarto, paths in front matter begin where the chapter is."""
    files = {
        "parts/b.qmd": "---\ncss: own.css\n---\n\n# B {#sec-b}\n", "parts/own.css": "p {}",
    }  # fmt: skip
    out = make("css: mine.css", book="appendices: [parts/b.qmd]", files={**files, "mine.css": ""})
    page = read(out / "parts/b.html")
    assert 'href="../mine.' in page
    [own] = (out / "parts").glob("own.*.css")
    assert f'href="{own.name}"' in page


def read(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize(
    ("css", "words"),
    [
        (None, "_quarto.yml, line 2: there is no style sheet mine.css."),
        ("@import url(https://fonts.example.org/x);", "mine.css, line 1: the style sheet"),
        ("\n\np { background: url('//cdn.example.org/a.png') }", "mine.css, line 3: the style"),
        ("p { background: url(data:image/png;base64,AA) }", "mine.css, line 1: the style"),
        ("/*\n*/p { src: url(none.woff) }", "mine.css, line 2: the style sheet names none.woff,"),
    ],
)  # fmt: skip
def test_style_sheets_that_would_not_work(css: str | None, words: str, make: Make) -> None:
    """What is not there, or would be fetched from elsewhere, is an error with its line."""
    files = {} if css is None else {"mine.css": css}
    said = make(["lang: en", "css: mine.css"][1], files=files, fails=True)
    assert words.replace("line 2: there", "line 3: there") in said


def test_lines_of_the_head(make: Make) -> None:
    """What says something about a page, and loads nothing, stands in the head of each."""
    files = {
        "head.html": '<meta name="x-checked" content="1">\n<link rel="me" href="https://a.org">'
    }
    option = 'include-in-header: [head.html, {text: \'<meta name="robots" content="noindex">\'}]'
    out = make(option, files=files)
    for name in ("index.html", "a.html"):
        head = read(out / name).split("</head>")[0]
        assert '<meta name="x-checked" content="1">' in head
        assert '<link rel="me" href="https://a.org">' in head
        assert '<meta name="robots" content="noindex">' in head


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n<script src='x.js'></script>", "head.html, line 2: the head cannot have <script>."),
        ("<style>p {}</style>", "head.html, line 1: the head cannot have <style>."),
        ("<link rel='stylesheet' href='https://x.org/a.css'>", "the head cannot have <link>."),
        ("<meta http-equiv='refresh' content='0'>", "the head cannot have <meta>."),
        ("Words", "the head cannot have text."),
        (None, "there is no file head.html to include."),
    ],
)
def test_lines_of_the_head_that_would_not_work(text: str | None, words: str, make: Make) -> None:
    """Scripts and styles, which pages do not run, are errors that say what to do."""
    files = {} if text is None else {"head.html": text}
    assert words in make("include-in-header: head.html", files=files, fails=True)


SHOUT = """
function Str(s)
  if s.text == "Words" then return pandoc.Str("FILTERED-" .. FORMAT) end
end
"""


@pytest.mark.parametrize("where", ["top", "each"])
def test_a_filter_goes_over_every_format(where: str, make: Make) -> None:
    """Pages, PDF and Word file show what a Lua filter made of the text."""
    given = {"top": "filters: [up.lua]"} if where == "top" else {}
    option = "filters: [up.lua]" if where == "each" else ""
    out = make(files={"up.lua": SHOUT}, html=option, typst=option, docx=option, **given)
    assert "FILTERED-html" in page_text(out / "a.html")
    assert "FILTERED-typst" in pdf_text(out / "report.pdf")
    assert "FILTERED-docx" in said(word_part(out / "report.docx"))


def test_a_filter_for_one_format_leaves_the_others_alone(make: Make) -> None:
    """Under a format, a filter is that format's."""
    out = make(files={"up.lua": SHOUT}, html="", typst="filters: [up.lua]")
    assert "FILTERED" not in page_text(out / "a.html")
    assert "FILTERED-typst" in pdf_text(out / "report.pdf")


def test_filters_run_in_quartos_order(make: Make) -> None:
    """Those at `pre-ast` before ours, others after ours, those after `quarto` last."""
    lua = """
    local name = "{name}"
    function Pandoc(doc)
      local ours = doc.meta["date-words"] and "after" or "before"
      doc.blocks:insert(pandoc.Para({{ pandoc.Str("ran-" .. name .. "-" .. ours) }}))
      return doc
    end
    """
    files = {f"{name}.lua": lua.format(name=name) for name in ("one", "two", "three", "four")}
    filters = "[three.lua, quarto, four.lua, {path: one.lua, at: pre-ast}, two.lua]"
    out = make(f"filters: {filters}", files=files)
    found = re.findall(r"ran-(\w+)-(\w+)", page_text(out / "a.html"))
    assert found == [("one", "before"), ("three", "after"), ("four", "after"), ("two", "after")]


def test_filters_of_an_installed_extension(make: Make) -> None:
    """A name that is no file is that of an extension in `_extensions/`."""
    files = {
        "_extensions/someone/loud/_extension.yml": "contributes: {filters: [up.lua]}\n",
        "_extensions/someone/loud/up.lua": "local a = require('words')\n" + SHOUT,
        "_extensions/someone/loud/words.lua": "return {}",
    }
    for name in ("loud", "someone/loud"):
        out = make(f"filters: [{name}]", files=files)
        assert "FILTERED-html" in page_text(out / "a.html")


def test_a_changed_filter_changes_the_pages(make: Make) -> None:
    """What is kept from a build before is not what the filter, or what it reads, makes now."""
    reads = 'local f = io.open("word.txt"):read("a")\nfunction Str(s) '
    reads += 'if s.text == "Words" then return pandoc.Str(f) end end'
    make("filters: [up.lua]", files={"up.lua": SHOUT})
    out = make("filters: [up.lua]", files={"up.lua": reads, "word.txt": "first"})
    assert "first of the text" in page_text(out / "a.html")
    out = make("filters: [up.lua]", files={"up.lua": reads, "word.txt": "second"})
    assert "second of the text" in page_text(out / "a.html")


@pytest.mark.parametrize(
    ("filters", "text", "words"),
    [
        ("[up.lua]", "\nlocal a = quarto.doc.is_format('html')",
         "up.lua, line 2: the filter uses quarto.doc.is_format, which only Quarto has."),
        ("[up.lua]", "quarto.log.output('x') -- quarto.doc", "line 1: the filter uses quarto.log"),
        ("[upp.lua]", "", "_quarto.yml, line 3: there is no filter upp.lua."),
        ("[up.py]", "", "line 3: the filter up.py is not written in Lua."),
        ("[{path: up.lua, at: pre-quatro}]", "", 'no filter runs at "pre-quatro".'),
        ("[up.lua]", "\n\nfunction Str(s) return s.no.thing end", "line 3: the filter failed:"),
        ("[up.lua]", "function (", "up.lua, line 1: the filter failed:"),
    ],
)  # fmt: skip
def test_filters_that_cannot_run(filters: str, text: str, words: str, make: Make) -> None:
    """A filter that needs Quarto, is not there or fails is an error with its line."""
    said = make(f"filters: {filters}", files={"up.lua": text, "up.py": ""}, fails=True)
    assert words in said


@pytest.mark.parametrize(
    "text",
    [
        "if quarto then quarto.doc.add_html_dependency({}) end",
        "local f = quarto and quarto.doc.is_format",
        "-- quarto.doc.is_format\nreturn {}",
        "local words = 'quarto.doc'\nlocal more = [[ quarto.log ]]",
        "local my = { quarto = {} }\nreturn my.quarto.doc",
    ],
)
def test_filters_that_do_without_quarto(text: str) -> None:
    """One that asks first, or only speaks of it, can run."""
    assert list(quarto_calls(text)) == []


def test_what_search_engines_are_told(make: Make) -> None:
    """A page says what it is about: the chapter's word, else the review's; keywords of both."""
    out = make(
        "keywords: [care, evidence]",
        book="description: 'About <all> \"of it\".'",
        front="description: About the chapter.\nkeywords: one",
    )
    home, page = read(out / "index.html"), read(out / "a.html")
    assert '<meta name="description" content="About &lt;all&gt; &quot;of it&quot;.">' in home
    assert '<meta name="keywords" content="care, evidence">' in home
    assert '<meta name="description" content="About the chapter.">' in page
    assert '<meta name="keywords" content="care, evidence, one">' in page


def test_the_picture_of_a_page(make: Make) -> None:
    """The favicon stands beside the pages, and each leads to it."""
    files = {"looks/icon.png": DOT_AS_PNG, "parts/b.qmd": "# B {#sec-b}\n"}
    out = make(book="favicon: looks/icon.png, appendices: [parts/b.qmd]", files=files)
    [icon] = (out / "looks").iterdir()
    assert icon.read_bytes() == DOT_AS_PNG
    assert f'<link rel="icon" href="looks/{icon.name}">' in read(out / "index.html")
    assert f'<link rel="icon" href="../looks/{icon.name}">' in read(out / "parts/b.html")
    said = make(book="favicon: none.png", fails=True)
    assert "there is no picture none.png." in said


def test_a_style_sheet_from_elsewhere(make: Make) -> None:
    """Pages load nothing from the network."""
    said = make("css: [https://use.example.org/all.css]", fails=True)
    assert "line 3: the style sheet https://use.example.org/all.css would be loaded from" in said
