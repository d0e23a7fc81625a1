"""EPUB: valid, accessible, the same of the same sources, and whole."""

import base64
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chapters_made import PNG, write_chapters
from lxml import etree

from reviewpress.assemble.constructs import SUPPORTED
from reviewpress.checks.release.epub import check_epubs
from reviewpress.cli.engines import embedded_engine
from reviewpress.config import load_config
from reviewpress.pipeline import assemble_edition

X = {"h": "http://www.w3.org/1999/xhtml", "o": "http://www.idpf.org/2007/opf",
     "dc": "http://purl.org/dc/elements/1.1/"}  # fmt: skip
TYPE = "{http://www.idpf.org/2007/ops}type"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><title>A</title></svg>'
BIB = """\
@article{known2020, title={A study of {DNA}}, author={Known, Ada}, year={2020}, journal={J},
  doi={10.1000/x}}
"""
METHODS = (
    "# Methods {#sec-methods}\n\n## Searches {#sec-searches}\n\n[The data](data/x.csv), a note.[^1]"
    "\n\n![](figure.svg){fig-alt='A square.' width=20%}\n\n[^1]: The note: [a link](other.qmd)."
    "\n\n::: {.content-visible when-format='html'}\nFor pages and books.\n:::\n\n"
    "::: {.content-visible when-format='html:js'}\nFor browsers alone.\n:::\n"
)


def parts_of(epub: Path) -> Mapping[str, bytes]:
    """Return the files of an EPUB by their names."""
    with zipfile.ZipFile(epub) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make(root: Path, chapters: Mapping[str, str], project: str = "") -> Path:
    """Return the EPUB of chapters, made by the embedded engine."""
    write_chapters(root, chapters, BIB)
    path = root / "_quarto.yml"
    text = re.sub(r"^format: .*$", "format: {epub: default}", path.read_text(), flags=re.M)
    path.write_text(text + project)
    (root / "figure.svg").write_text(SVG)
    shutil.copy(root / "a.png", root / "figure.png")
    (root / "data").mkdir()
    (root / "data" / "x.csv").write_text("a\n1\n")
    config = load_config(root)
    manuscript = assemble_edition(config, {})
    assert manuscript.book.problems == ()
    folder = root / "out"
    folder.mkdir()
    embedded_engine(root).render(manuscript, folder)
    return folder / "report.epub"


def every_construct() -> dict[str, str]:
    """Return a chapter for each construct that chapters may have."""
    chapters = {}
    for number, construct in enumerate(SUPPORTED):
        title = "" if construct.example.startswith("# ") else f"# {construct.name}\n\n"
        chapters[f"c{number}"] = f"{title}{construct.example}\n"
    return {**chapters, "methods": METHODS, "other": "# Other side {#sec-other}\n\nWords.\n"}


@pytest.fixture(scope="module")
def constructs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An EPUB of every construct."""
    folder = tmp_path_factory.mktemp("epub")
    return make(folder / "review", every_construct(), "title: A made-up book\n")


def pages_of(epub: Path) -> dict[str, Any]:
    """Return the trees of an EPUB's pages by their names."""
    return {
        name.removeprefix("EPUB/"): etree.fromstring(content)
        for name, content in parts_of(epub).items()
        if name.endswith(".xhtml")
    }


def test_every_construct_is_valid(constructs: Path, tool: Callable[[str], str]) -> None:
    """EPUBCheck finds neither an error nor a warning."""
    tool("java")
    assert list(check_epubs(constructs.parent)) == []


def test_a_new_review_is_valid(
    tmp_path: Path, tool: Callable[[str], str], reviewpress: Callable[..., Any]
) -> None:
    """So is what `reviewpress new` begins, asked for by `--to epub` alone."""
    tool("java")
    reviewpress(["new", "review"], cwd=tmp_path)
    outcome = reviewpress("render --engine pandoc --to epub", cwd=tmp_path / "review")
    assert outcome.status == 0, outcome.stderr
    made = tmp_path / "review" / "_output" / "report"
    assert {path.name for path in made.glob("[!.]*")} == {"report.epub", "edition.json"}
    assert list(check_epubs(made)) == []


def test_what_is_wrong_is_found(
    constructs: Path, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """A dead link in the same EPUB is found, with its file: the tests above can fail."""
    tool("java")
    with zipfile.ZipFile(tmp_path / "broken.epub", "w") as archive:
        for name, content in parts_of(constructs).items():
            is_nav = name == "EPUB/nav.xhtml"
            old, new = b'href="methods.xhtml', b'href="gone.xhtml'
            archive.writestr(name, content.replace(old, new) if is_nav else content)
    problems = list(check_epubs(tmp_path))
    assert {problem.subject for problem in problems} == {"RSC-007"}
    assert any("nav.xhtml" in problem.where.file for problem in problems if problem.where)


def test_it_says_how_it_can_be_read(constructs: Path) -> None:
    """The package has what EPUB Accessibility 1.1 asks for, and WCAG of its level."""
    package = etree.fromstring(parts_of(constructs)["EPUB/package.opf"])
    said: dict[str, list[str]] = {}
    for meta in package.iterfind(".//o:meta", X):
        said.setdefault(meta.get("property"), []).append(meta.text)
    assert said["schema:accessMode"] == ["textual", "visual"]
    assert said["schema:accessModeSufficient"] == ["textual", "textual,visual"]
    assert {"alternativeText", "structuralNavigation", "tableOfContents", "readingOrder"} <= set(
        said["schema:accessibilityFeature"]
    )
    assert said["schema:accessibilityHazard"] == ["none"]
    assert "alternative text" in said["schema:accessibilitySummary"][0]
    assert said["dcterms:conformsTo"] == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert said["a11y:certifiedBy"] == ["Test Author"]
    assert [each.text for each in package.iterfind(".//dc:language", X)] == ["en-GB"]


def test_navigation_leads_to_chapters_and_sections(constructs: Path) -> None:
    """The contents have every chapter, sections below them; landmarks lead to where one begins."""
    nav = pages_of(constructs)["nav.xhtml"]
    toc, landmarks = nav.iterfind(".//h:nav", X)
    links = {" ".join(a.itertext()): a.get("href") for a in toc.iterfind(".//h:a", X)}
    assert links["Start"] == "index.xhtml"
    [methods] = [a for a in toc.iterfind(".//h:a", X) if a.get("href") == "methods.xhtml"]
    below = [a.get("href") for a in methods.getparent().iterfind("h:ol//h:a", X)]
    assert below == ["methods.xhtml#sec-searches"]
    kinds = [a.get(TYPE) for a in landmarks.iterfind(".//h:a", X)]
    assert kinds == ["titlepage", "toc", "bodymatter", "bibliography"]


def test_each_page_is_in_a_language_with_a_title_and_one_h1(constructs: Path) -> None:
    """No level of headings is left out below it, no script runs, nothing comes from elsewhere."""
    for name, tree in pages_of(constructs).items():
        assert tree.get("lang") == "en-GB"
        assert tree.findtext("h:head/h:title", namespaces=X)
        levels = [int(e.tag[-1]) for e in tree.iter() if re.fullmatch(r".*}h[1-6]", str(e.tag))]
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert not tree.findall(".//h:script", X)
        loads = [*tree.xpath("//@src"), *tree.xpath("//h:link/@href", namespaces=X)]
        assert not [each for each in loads if ":" in each]


def test_what_a_chapter_shows_is_there(constructs: Path) -> None:
    """Pictures have words, links to chapters lead into the book, and notes come back."""
    parts = parts_of(constructs)
    tree = pages_of(constructs)["methods.xhtml"]
    [image] = tree.iterfind(".//h:img", X)
    assert (image.get("src"), image.get("alt")) == ("figure.svg", "A square.")
    assert parts["EPUB/figure.svg"] == SVG.encode()
    hrefs = [a.get("href") for a in tree.iterfind(".//h:a", X)]
    assert "other.xhtml" in hrefs
    assert {"#fn1", "#fnref1"} <= set(hrefs)


def test_a_file_beside_the_pages_is_words(constructs: Path) -> None:
    """A reader of the book has no such file: the link's words stay, and lead nowhere."""
    tree = pages_of(constructs)["methods.xhtml"]
    [words] = tree.xpath("//h:span[.='The data']", namespaces=X)
    assert words.get("href") is None
    assert not [name for name in parts_of(constructs) if name.endswith(".csv")]


def test_conditions_are_quartos(constructs: Path) -> None:
    """`html` means EPUB as well, `html:js` what has scripts."""
    text = " ".join(pages_of(constructs)["methods.xhtml"].itertext())
    assert "For pages and books." in text
    assert "For browsers alone." not in text


def test_names_of_files_have_plain_letters(tmp_path: Path, tool: Callable[[str], str]) -> None:
    """Blanks and accents in names of chapters and pictures are neither in files nor in links."""
    tool("java")
    root = tmp_path / "review"
    text = "# Été {#sec-ete}\n\n[Back](index.qmd)\n\n![](été.png){fig-alt='Une tache.'}\n"
    other = "# Two {#sec-two}\n\n[To it](un%20été.qmd#sec-ete)\n"
    root.mkdir()
    (root / "été.png").write_bytes(base64.b64decode(PNG))
    epub = make(root, {"un été": text, "two": other})
    names = [name for name in parts_of(epub) if not re.fullmatch(r"[\w./-]+", name, re.A)]
    assert names == []
    [link] = pages_of(epub)["two.xhtml"].iterfind(".//h:a", X)
    assert link.get("href") in {f"{name}#sec-ete" for name in pages_of(epub)}
    assert list(check_epubs(epub.parent)) == []


def test_the_same_sources_make_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made twice, in two places and without a store, an EPUB is the same to the byte."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    chapters = {"methods": METHODS, "other": "# Other side {#sec-other}\n\nAs [@known2020].\n"}
    one, two = (make(tmp_path / name, chapters).read_bytes() for name in ("one", "two"))
    assert one == two
    assert b"mimetypeapplication/epub+zip" in one[:60]


def test_markup_of_an_authors_own_has_to_be_xhtml(tmp_path: Path) -> None:
    """What an EPUB cannot hold is an error with the chapter, and no file is made."""
    text = (
        "# One {#sec-one}\n\n::: {.content-visible when-format='epub'}\n"
        "```{=html}\n<p>One<br>two\n```\n:::\n"
    )
    with pytest.raises(Exception, match="cannot be XHTML") as raised:
        make(tmp_path / "review", {"one": text})
    assert "one.qmd" in str(raised.value)
    assert not list((tmp_path / "review" / "out").iterdir())


def test_a_right_to_left_book_turns_its_pages(tmp_path: Path) -> None:
    """The language says in which direction pages are turned, and every page has it."""
    epub = make(tmp_path / "review", {"one": "# One {#sec-one}\n\nText.\n"}, "")
    root = tmp_path / "arabic"
    write_chapters(root, {"one": "# واحد {#sec-one}\n\nنص.\n"})
    path = root / "_quarto.yml"
    text = path.read_text().replace("lang: en-GB", "lang: ar")
    path.write_text(re.sub(r"^format: .*$", "format: {epub: default}", text, flags=re.M))
    folder = root / "out"
    folder.mkdir()
    embedded_engine(root).render(assemble_edition(load_config(root), {}), folder)
    for made, direction in ((epub, "ltr"), (folder / "report.epub", "rtl")):
        package = etree.fromstring(parts_of(made)["EPUB/package.opf"])
        spine = package.find("o:spine", X)
        assert spine.get("page-progression-direction") == direction
    assert {tree.get("dir") for tree in pages_of(folder / "report.epub").values()} == {"rtl"}
