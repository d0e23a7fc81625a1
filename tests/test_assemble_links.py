"""Links between chapters lead, in every format, to what their author named.

Chapters share file names, titles and headings, and links are written in every way that Quarto
allows; where each leads is read from the files that were made.
"""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pikepdf
import pymupdf
import pytest
from lxml import etree, html

PROJECTS = Path(__file__).resolve().parent / "projects"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

LEADS = {
    "first note": ("Note", "The first note."),
    "its results": ("Results", "The first results."),
    "second note": ("Note", "The second note."),
    "what it found": ("Results", "The second results"),
    "its end": ("End", "The second end."),
    "with a blank": ("Note", "The third note."),
    "what that found": ("Results", "The third results."),
    "the story": ("Note", "The fourth note."),
    "what it tells": ("Résultats", "The fourth results."),
    "the appendix": ("Last", "The last chapter."),
    "its thanks": ("Thanks", "The last thanks."),
    "Its own results": ("Results", "The second results"),
    "the other note": ("Note", "The first note."),
    "that by its path": ("Results", "The first results."),
    "the neighbour": ("Note", "The third note."),
    "the start": ("Start", "first note"),
    "Its second": ("Note", "The second note."),
    "Back": ("Results", "The second results"),
}
"""The words of each link, the heading that it leads to, and what stands below that."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition, once for all of these tests."""
    from reviewpress.cli import main

    root = tmp_path_factory.mktemp("links") / "review"
    shutil.copytree(PROJECTS / "links-between-chapters", root)
    main(["render", str(root), "--engine", "pandoc"])
    return root / "_output" / "report"


def leading(found: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return which of the expected texts each link's destination begins with, or all of it."""
    said = {}
    for words, text in found.items():
        plain = " ".join(text.split())
        heading, below = LEADS.get(words, ("", ""))
        begins = re.match(
            rf"(?:Appendices )?(?:[A-Z\d.]+ )?{heading} (?:• )?{re.escape(below)}", plain
        )
        said[words] = (heading, below) if begins else (plain[:80], "")
    return said


def page_texts(folder: Path, ending: str, within: str) -> Iterator[tuple[str, str]]:
    """Yield the words of each link of the pages, and the text from where it leads."""
    for page in sorted(folder.rglob(f"*.{ending}")):
        for link in html.parse(str(page)).iterfind(f".//{within}//a"):
            words, href = link.text_content(), unquote(link.get("href", ""))
            if words in LEADS:
                file, _, fragment = href.partition("#")
                goal = (page.parent / file).resolve() if file else page
                main = html.parse(str(goal)).find(f".//{within}")
                assert main is not None
                if fragment:
                    [place] = main.xpath(".//*[@id=$name]", name=fragment)
                    yield words, " ".join(text_from(place))
                elif all(text in main.text_content() for text in LEADS[words]):
                    yield words, " ".join(LEADS[words])


def text_from(place: Any) -> Iterator[str]:
    """Yield the text of a page from an element on."""
    yield place.text_content()
    for after in place.itersiblings():
        yield after.text_content()
    for above in place.iterancestors():
        for after in above.itersiblings():
            yield after.text_content()


def test_links_of_pages(made: Path) -> None:
    """A page's links lead to the page and place that the chapter's file and `#` name."""
    assert leading(dict(page_texts(made, "html", "main"))) == LEADS


def test_links_of_the_epub(made: Path, tmp_path: Path) -> None:
    """A link leads to the file of the chapter inside the book, and to the place in it."""
    with zipfile.ZipFile(made / "report.epub") as archive:
        archive.extractall(tmp_path)
    assert leading(dict(page_texts(tmp_path, "xhtml", "section"))) == LEADS


def test_links_of_the_pdf(made: Path) -> None:
    """The destinations in the PDF are the places of the headings, not of others named alike."""
    found = {}
    with pymupdf.open(made / "report.pdf") as pdf, pikepdf.open(made / "report.pdf") as raw:
        places = {page.obj.objgen: number for number, page in enumerate(raw.pages)}
        names = pikepdf.NameTree(raw.Root.Names.Dests)
        for number, page in enumerate(raw.pages):
            for link in page.get("/Annots", []):
                goal = link.get("/A", {}).get("/D", link.get("/Dest"))
                goal = names[str(goal)] if isinstance(goal, pikepdf.String) else goal
                words = words_within(pdf[number], [float(each) for each in link.Rect])
                if words in LEADS and goal is not None:
                    goal = goal.D if isinstance(goal, pikepdf.Dictionary) else goal
                    found[words] = text_below(pdf[places[goal[0].objgen]], float(goal[3]))
    assert leading(found) == LEADS


def words_within(page: pymupdf.Page, box: Sequence[float]) -> str:
    """Return the words of a page in a box of PDF's, which counts from the bottom."""
    left, bottom, right, top = box
    high = page.rect.height
    within = [
        character["c"]
        for block in page.get_text("rawdict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        for character in span["chars"]
        for x0, y0, x1, y1 in [character["bbox"]]
        if left < (x0 + x1) / 2 < right and bottom < high - (y0 + y1) / 2 < top
    ]
    return " ".join("".join(within).split())


def text_below(page: pymupdf.Page, height: float) -> str:
    """Return the text of a page from a height of PDF's on."""
    top = page.rect.height - height - 2
    return str(page.get_textbox(pymupdf.Rect(0, top, page.rect.width, page.rect.height)))


def test_links_of_the_word_file(made: Path) -> None:
    """Each link's bookmark stands at the heading that is meant, and each name stands once."""
    with zipfile.ZipFile(made / "report.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    paragraphs = list(body.iter(f"{W}p"))
    texts = ["".join(part.text or "" for part in p.iter(f"{W}t")) for p in paragraphs]
    order = {element: number for number, element in enumerate(body.iter())}
    starts = [order[p] for p in paragraphs]
    marks = {}
    for mark in body.iter(f"{W}bookmarkStart"):
        name = mark.get(f"{W}name")
        assert name not in marks
        # The paragraph that it is in, or the next one.
        inside = [n for n, p in enumerate(paragraphs) if mark in p.iterdescendants()]
        after = (n for n, start in enumerate(starts) if start > order[mark])
        marks[name] = inside[0] if inside else next(after)
    found = {}
    for link in body.iter(f"{W}hyperlink"):
        words = "".join(part.text or "" for part in link.iter(f"{W}t"))
        if words in LEADS:
            found[words] = " ".join(texts[marks[link.get(f"{W}anchor")] :][:3])
    assert leading(found) == LEADS


def test_a_link_out_of_the_book_stays(made: Path) -> None:
    """An address of the web is not taken for a chapter's file."""
    assert 'href="https://example.org/a/note.qmd#results"' in (made / "index.html").read_text()


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("chapters/findings.ipynb#gone", "the link to chapters/findings.ipynb#gone leads"),
        ("chapters/my%20own.qmd", "the link to chapters/my%20own.qmd leads to no chapter"),
        ("./summary.qmd", "the link to ./summary.qmd leads to no chapter of this edition"),
        ("#gone", "the link to #gone leads to nothing"),
        ("findings", "the link to findings leads to no chapter of this edition"),
        ("chapters/findings.html", "the link to chapters/findings.html leads to no chapter"),
        ("www.example.org/a", "the link to www.example.org/a is not a web address"),
        ("example.org", "the link to example.org is not a web address"),
        ("http//example.org", "the link to http//example.org is not a web address"),
        ("https:/example.org", "the link to https:/example.org is not a web address"),
        ("file:///home/me/a.pdf", "the link to file:///home/me/a.pdf is not a web address"),
        ("JavaScript:alert(1)", "the link to JavaScript:alert(1) is not a web address"),
        ("data:text/html,hi", "the link to data:text/html,hi is not a web address"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(
    link: str, message: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A chapter that the edition lacks, and a place that a chapter lacks, are errors."""
    text = f"# Start {{#sec-start}}\n\nSee [this]({link}).\n"
    root = project(files={"index.qmd": text, "summary.qmd": "# Other\n\nText.\n"})
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 1
    assert f"index.qmd, line 3: {message}" in outcome.stderr


def test_what_is_in_a_chapter_that_is_not_listed_is_said_to_be(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """The hint names the file, for a link and for a cross-reference, not what is spelt alike."""
    text = "# Start {#sec-start}\n\nSee [this](other.qmd).\n\nSee @fig-one and @fig-cell.\n"
    other = "# Other\n\n![A](a.svg){#fig-one}\n\n```{python}\n#| label: fig-cell\n1\n```\n"
    root = project(files={"index.qmd": text, "other.qmd": other})
    said = reviewpress("check", cwd=root).stderr
    hint = "It is in other.qmd, which is not a chapter of this edition: list it under `chapters:`"
    assert said.count(hint) == 3, said


def test_the_chapter_that_is_meant_is_named_from_where_the_link_stands(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A path from the review's folder is another from a chapter's: the hint can be pasted."""
    text = "# Two {#sec-two}\n\nSee [this](chapters/findings.ipynb), [that](findings.html).\n"
    root = project(files={"chapters/two.qmd": text})
    chapters = (root / "_quarto-report.yml").read_text("utf-8")
    added = chapters.replace("- index.qmd", "- index.qmd\n    - chapters/two.qmd", 1)
    (root / "_quarto-report.yml").write_text(added, "utf-8")
    said = reviewpress("check", cwd=root).stderr
    assert said.count('Did you mean "findings.ipynb"?') == 2


def test_the_title_of_a_chapter_within_a_block_begins_a_page(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A page begins in no block, which would end the PDF; what leads to the block still does."""
    text = (
        "See [there](#box).\n\n:::: {#box .hero}\n::: {.inner}\n# Start {#sec-start}\n\nFirst.\n"
        ":::\n\nSecond.\n::::\n"
    )
    root = project(files={"index.qmd": text})
    outcome = reviewpress("render --engine pandoc --to typst", cwd=root)
    assert outcome.status == 0, outcome.stderr
