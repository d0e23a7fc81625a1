"""The repository's own review as readers get it: its files, and numbers read out of them."""

import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from reading import Page, W, styled, word_part

Folders = dict[str, Path]
DC = "{http://purl.org/dc/elements/1.1/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
EDITIONS = ("report", "summary")
TITLES = {
    "report": "Integrating children’s services: "
    "A rapid evidence review, reconstructed from its published facts",
    "summary": "Integrating children’s services: Summary briefing",
}
BOX = "34 papers: 31 peer reviewed and three grey literature."
IN_BOX = (
    "Primary research (29)",
    "Interview (19), Focus group (8)",
    "North America (11), Europe (non-UK) (9), UK (Other) (8), Oceania (6)",
    "Health practitioners (17), Social work practitioners (13)",
    "appraisal available for 14 of the 34 papers",
)


def main_text(page: Path) -> str:
    """Return the words of a page's main part, white space as single spaces."""
    return Page(page).one("//main").words()


@pytest.fixture(scope="module")
def pdf_text(flagship: Folders, tool: Callable[[str], str]) -> dict[str, str]:
    """The text of each PDF, white space as single spaces, soft hyphens taken out."""
    found = {}
    for name, folder in flagship.items():
        command = [tool("pdftotext"), str(folder / f"{name}.pdf"), "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[name] = " ".join(done.stdout.replace("\u00ad", "").split())
    return found


def test_both_editions_have_their_files(flagship: Folders) -> None:
    """A report in three formats, a summary in two, and how to cite each."""
    for name, folder in flagship.items():
        for file in ("index.html", f"{name}.pdf", "citation.bib", "citation.ris"):
            assert (folder / file).stat().st_size > 100, f"{name}/{file}"
    assert (flagship["report"] / "report.docx").is_file()
    assert not (flagship["summary"] / "summary.docx").exists()
    assert (flagship["report"] / "chapters/rationales.html").is_file()


def test_the_evidence_box_of_rationales(flagship: Folders, pdf_text: dict[str, str]) -> None:
    """34 papers, three grey and 31 peer reviewed, in the page and in the PDF."""
    page = main_text(flagship["report"] / "chapters/rationales.html")
    assert BOX in page
    assert BOX in pdf_text["report"]
    for words in IN_BOX:
        assert words in page
        assert words in pdf_text["report"]


def test_the_review_includes_87_papers(flagship: Folders, pdf_text: dict[str, str]) -> None:
    """In the report, in the summary, and as entries of the list of references."""
    text = "87 papers: 77 peer reviewed and 10 from the grey literature"
    assert text in main_text(flagship["report"] / "chapters/included.html")
    assert text in pdf_text["report"]
    for edition in EDITIONS:
        assert "87 papers" in pdf_text[edition]
    references = Page(flagship["report"] / "chapters/references.html")
    entries = references.values("//*[@id='refs-included']//@id[starts-with(., 'ref-')]")
    assert len(set(entries)) == 87


def test_the_numbers_of_pages_are_live_values(flagship: Folders) -> None:
    """Each shows the expression it came from."""
    page = Page(flagship["report"] / "chapters/rationales.html")
    found = page.all("//span[@class='value']")
    values = [(value.get("data-expr"), value.words()) for value in found]
    assert ("words(box.peer_reviewed)", "31") in values
    assert ("words(box.grey)", "three") in values
    assert len(values) >= 10


def test_nothing_is_left_unresolved(flagship: Folders, pdf_text: dict[str, str]) -> None:
    """No unresolved reference, citation, shortcode or value in any page or PDF."""
    marks = re.compile(r"\?\??(?:sec|fig|tbl)-\w|\{\{<|`?\{python\}|\(\?\?\?\)|\bNaN\b|\bnan\b")
    for folder in flagship.values():
        for page in folder.rglob("*.html"):
            found = marks.search(main_text(page))
            assert found is None, f"{page}: {found}"
    for name, text in pdf_text.items():
        found = marks.search(text)
        assert found is None, f"{name}.pdf: {found}"


def test_no_page_needs_the_network(flagship: Folders) -> None:
    """Nothing that a browser would fetch by itself comes from elsewhere."""
    loads = "//*[self::script or self::img or self::iframe or self::source]/@src"
    linked = "//link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href"
    for folder in flagship.values():
        for page in folder.rglob("*.html"):
            addresses = Page(page).values(f"{loads} | {linked}")
            assert not [each for each in addresses if re.match("(?:https?:)?//", each)], page


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Yield the structure elements of a PDF below `node`."""
    if isinstance(node, pikepdf.Array):
        for item in node:
            yield from elements(item)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_pdf_says_what_it_is(edition: str, flagship: Folders) -> None:
    """Tagged, with language, title and subtitle, as PDF/A-2a and PDF/UA-1."""
    with pikepdf.open(flagship[edition] / f"{edition}.pdf") as pdf:
        assert str(pdf.Root.Lang).startswith("en")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_outline() as outline:
            titles = [one.title for item in outline.root for one in (item, *item.children)]
        assert len(titles) > 5
        assert not any("'" in title for title in titles)
        with pdf.open_metadata() as metadata:
            assert metadata[f"{DC}title"] == TITLES[edition]
            assert (metadata[f"{PDFA}part"], metadata[f"{PDFA}conformance"]) == ("2", "A")
            assert metadata[f"{PDFUA}part"] == "1"


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_type_of_the_pdf_is_small(edition: str, flagship: Folders) -> None:
    """Ten points at least, in notes, tables and running heads too."""
    with pikepdf.open(flagship[edition] / f"{edition}.pdf") as pdf:
        sizes = {
            float(operands[1])
            for page in pdf.pages
            for operands, _ in pikepdf.parse_content_stream(page, "Tf")
        }
    assert 10 <= min(sizes) <= 12


def test_the_pdf_is_tagged(flagship: Folders) -> None:
    """Headings, tables with header cells, lists, and figures that each have words."""
    with pikepdf.open(flagship["report"] / "report.pdf") as pdf:
        found = list(elements(pdf.Root.StructTreeRoot.K))
        kinds = Counter(str(element.S) for element in found)
        assert kinds["/Document"] == 1
        assert min(kinds[f"/{name}"] for name in ("H1", "H2", "Table", "TH", "L", "Figure")) > 10
        tables = [element for element in found if element.S == "/Table"]
        assert all(any(e.S == "/TH" for e in elements(table.K)) for table in tables)
        figures = [element for element in found if element.S == "/Figure"]
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_links_of_the_pdf_name_what_they_lead_to(flagship: Folders) -> None:
    """A reader’s tool says which work or section a link leads to, not on which page it stands."""
    page = Page(flagship["report"] / "chapters/references.html")
    codes = page.values("//*[@class='reference-code']/text()")
    with pikepdf.open(flagship["report"] / "report.pdf") as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", ())]
        said = Counter(str(link.get("/Contents", "")) for link in links)
    named = {text.split(",")[0].removeprefix("reference ") for text in said
             if text.startswith("reference ")}  # fmt: skip
    assert named == set(codes)
    assert {"1 Background", "1.1 Law and policy", "A Protocol"} <= said.keys()
    assert not [text for text in said if re.fullmatch(r"page \d+", text)]
    assert "" not in said


def test_word_has_headings_alternatives_and_header_rows(flagship: Folders) -> None:
    """The Word file opens, in British English, with what a screen reader needs."""
    with zipfile.ZipFile(flagship["report"] / "report.docx") as word:
        assert word.testzip() is None
    file = flagship["report"] / "report.docx"
    core, styles = (word_part(file, f"{name}.xml") for name in ("docProps/core", "word/styles"))
    assert core.findtext(f"{DC}title") == TITLES["report"]
    assert {lang.get(f"{W}val") for lang in styles.iter(f"{W}lang")} == {"en-GB"}
    chapters = list((flagship["report"] / "chapters").glob("*.html"))
    assert len(styled(word_part(file), "Heading1")) == len(chapters) + 1


def test_the_summary_says_what_the_report_says(flagship: Folders) -> None:
    """Each key message of the summary stands in the chapter it was gathered from."""
    page = Page(flagship["summary"] / "chapters/summary.html")
    messages = page.all("//div[starts-with(@class, 'key-message')]")
    assert len(messages) >= 3
    report = "".join(
        re.sub(r"\W", "", main_text(path))
        for path in sorted((flagship["report"] / "chapters").glob("*.html"))
    )
    for message in messages:
        assert re.sub(r"\W", "", message.words()) in report


def test_each_edition_publishes_its_own_figures(flagship: dict[str, Path]) -> None:
    """No file of a chart stands beside an edition whose pages do not show it."""
    for folder in flagship.values():
        pages = " ".join(path.read_text("utf-8") for path in folder.rglob("*.html"))
        for file in (folder / "figures").iterdir():
            name = re.sub(r"-(narrow|titled|part-\d+)$", "", file.name.partition(".")[0])
            assert f'id="{name}"' in pages, file.name
