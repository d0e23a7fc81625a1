"""The pages of a PDF: what stands where, and in which order it is read."""

import re
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from pdf_places import HEADINGS, Element, Places, read_places

# What is left of a page of the report between its margins of 32 and 28 millimetres.
BELOW, ABOVE = 79.4, 90.7


@pytest.fixture(scope="module")
def report(flagship: dict[str, Path]) -> Path:
    """The flagship's report as a PDF."""
    return flagship["report"] / "report.pdf"


@pytest.fixture(scope="module")
def places(report: Path) -> Places:
    """Where everything is in it."""
    return read_places(report)


def texts(pdf: Path) -> list[str]:
    """Return the text of each page."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\f").split("\f")


def rows_of(table: Element, places: Places) -> list[Element]:
    """Return the rows of a table that are not its head."""
    rows = [row for row in places.of("/TR") if row.within(table)]
    return [row for row in rows if row.parent and row.parent.kind == "/TBody"]


def room(places: Places, page: int) -> float:
    """Return how much of a page is left below its text, as a part of all of it."""
    return (places.lowest(page) - BELOW) / (places.heights[page] - BELOW - ABOVE)


def test_figures_and_tables_stay_in_their_sections(places: Places) -> None:
    """Headings, figures and tables come on the pages in the order in which they are read."""
    shown = places.of(*HEADINGS, "/Figure", "/Table")
    assert sum(each.kind == "/Figure" for each in shown) > 20
    wrong = [(a.kind, a.begins, b.kind, b.begins) for a, b in pairwise(shown)
             if a.begins >= b.begins]  # fmt: skip
    assert wrong == []


def test_pages_are_painted_in_the_order_of_their_tags(places: Places) -> None:
    """Captions below figures, too, which Typst reads first."""
    assert places.out_of_order == []


def test_no_table_is_torn_after_two_rows(places: Places) -> None:
    """Where a table goes over pages, three rows of it come before, or a fifth of a page."""
    torn = []
    for table in places.of("/Table"):
        page, _ = table.begins
        rows = [row for row in rows_of(table, places) if row.begins[0] == page]
        top, bottom = table.extents[page]
        high = (top - bottom) / (places.heights[page] - BELOW - ABOVE)
        if len(table.extents) > 1 and len(rows) < 3 and high < 1 / 5:
            torn.append((page + 1, len(rows), high))
    assert torn == []


def test_no_page_begins_with_the_last_row_or_two_of_a_table(places: Places) -> None:
    """Three rows go over to the last page, or the table has too few or too high ones for that."""
    tails = []
    for table in places.of("/Table"):
        rows = rows_of(table, places)
        last = [row for row in rows if row.begins[0] == max(table.extents)]
        if len(table.extents) > 1 and len(rows) >= 6 and len(last) < 3:
            tails.append((max(table.extents) + 1, len(rows), len(last)))
    assert tails == []


def test_no_page_is_a_quarter_empty_before_a_table_that_could_begin_there(places: Places) -> None:
    """Three rows of a table with what leads to them had no room on the page before."""
    empty = []
    for table in places.of("/Table"):
        page, below = table.begins
        rows = rows_of(table, places)
        if page == 0 or places.heights[page] + below > 150 or len(rows) < 3:
            continue
        chapter = [each for each in places.of("/H1", "/H2") if each.begins[0] == page]
        needed = -below - rows[2].extents.get(page, (0, 0))[1]
        if not chapter and room(places, page - 1) > max(0.25, needed / places.heights[page]):
            empty.append((page, room(places, page - 1)))
    assert empty == []


def test_a_head_that_is_repeated_is_read_once(places: Places) -> None:
    """A table over pages has one head in its tags: what is painted again is an artifact."""
    tables = [table for table in places.of("/Table") if len(table.extents) > 1]
    assert len(tables) > 10
    heads = Counter(table for head in places.of("/THead") for table in tables if head.within(table))
    assert all(heads[table] <= 1 for table in tables)
    for head in places.of("/THead"):
        assert len(head.extents) == 1


def test_links_say_what_they_lead_to(report: Path) -> None:
    """Contents, lists and references in the text: the heading or the caption, not “Section 7”."""
    with pikepdf.open(report) as document:
        pages = [
            [str(link.Contents) for link in page.get("/Annots", ()) if "/Dest" in link]
            for page in document.pages
        ]
    said = {words for page in pages for words in page}
    assert pages[1][:2] == ["What the evidence says", "1 Background"]
    assert "7 Definitions" in said
    assert any(words.startswith("Table\xa03.1: The nine research questions") for words in said)
    assert [words for words in said if words.startswith(("Section", "Figure,", "Table,"))] == []


def test_the_list_of_figures_says_where_each_is_seen(report: Path) -> None:
    """Charts that have gone to the head of the next page, too."""
    pages = texts(report)
    begins = next(at for at, page in enumerate(pages) if re.match(r"\s*Figures\n", page))
    entries = re.findall(r"^\s*Figure\s(\S+:)(?s:.*?)\.[\s\u2060]*(\d+)$", pages[begins], re.M)
    assert len(entries) > 20
    captions = [re.findall(r"^\s*Figure\s(\S+:)", page, re.M) for page in pages[:begins]]
    assert [each for each in entries if each[0] not in captions[int(each[1]) - 1]] == []
    with pikepdf.open(report) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        links = pdf.pages[begins].Annots
        led = [(str(link.Contents), numbers[link.Dest[0].objgen]) for link in links]
    assert [each for each in led if each[0].rpartition("page ")[2] != str(each[1])] == []
    assert all(name.startswith("Figure\xa0") for name, _ in led)


def test_the_summary_shows_its_figure_on_its_first_page(flagship: dict[str, Path]) -> None:
    """It is a briefing of six pages, and the first has the answer and the figure."""
    pages = texts(flagship["summary"] / "summary.pdf")
    assert len(pages) <= 6
    assert re.search(r"^\s*What next\?.*^\s*Figure\s1:", pages[0], re.M | re.S)
