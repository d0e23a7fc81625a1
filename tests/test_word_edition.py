"""The flagship's Word file as an editor finds it: styles, captions, alternatives, links, lists."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml.etree import _Element
from reading import NAMES, W, said, styled, word_part


@pytest.fixture(scope="module")
def word(flagship: dict[str, Path]) -> _Element:
    """The text of the Word file."""
    return word_part(flagship["report"] / "report.docx")


def test_word_has_real_headings_and_captions(word: _Element) -> None:
    """Headings and captions are styles that an editor can see."""
    styles = [style.get(f"{W}val") for style in word.iter(f"{W}pStyle")]
    assert styles.count("Heading1") >= 10
    for name in ("Heading2", "Heading3", "TableCaption", "ImageCaption", "KeyMessage"):
        assert name in styles, name


def test_titles_and_subtitles_are_apart_in_the_list_of_figures(word: _Element) -> None:
    """A caption of two lines is an entry whose sentences have a space between them."""
    entries = [said(entry) for entry in styled(word, "Tableoffigures")]
    assert any("are rated 100%. Number of papers by" in entry for entry in entries)
    assert [entry for entry in entries if re.search(r"[.?][A-Z][a-z]", entry)] == []


def test_word_has_alternative_text(word: _Element) -> None:
    """Every picture says what it shows."""
    pictures = [found.get("descr", "") for found in word.iterfind(".//wp:docPr", NAMES)]
    assert len(pictures) > 5
    assert all(len(text) > 20 for text in pictures)


def test_word_tables_have_header_rows(word: _Element) -> None:
    """Each table's first row is a header, repeated on each page."""
    tables = list(word.iter(f"{W}tbl"))
    assert tables
    for table in tables:
        row = table.find(f"{W}tr")
        assert row is not None
        assert row.find(f"{W}trPr/{W}tblHeader") is not None


def test_word_links_lead_somewhere(word: _Element) -> None:
    """Every link inside the file has its bookmark."""
    marks = {mark.get(f"{W}name") for mark in word.iter(f"{W}bookmarkStart")}
    targets = {link.get(f"{W}anchor") for link in word.iter(f"{W}hyperlink")} - {None}
    assert len(targets) > 100
    assert targets - marks == set()


def test_word_has_lists_that_are_filled(word: _Element) -> None:
    """Contents, figures and tables are listed with links before Word updates its fields."""
    fields = "".join(field.text or "" for field in word.iter(f"{W}instrText"))
    for instruction in (r'TOC \o "1-2"', r'TOC \h \z \c "Figure"', r'TOC \h \z \c "Table"'):
        assert instruction in fields
    styles = [style.get(f"{W}val") for style in word.iter(f"{W}pStyle")]
    assert styles.count("Toc1") == styles.count("Heading1")
    assert styles.count("Toc2") == styles.count("Heading2")
    captions = styles.count("ImageCaption") + styles.count("TableCaption")
    assert styles.count("Tableoffigures") == captions


def test_word_counts_captions_and_chapters(word: _Element) -> None:
    """Every caption is a field, chapters are numbered, and references take their numbers."""
    captions = styled(word, "ImageCaption") + styled(word, "TableCaption")
    fields = [field.get(f"{W}instr") for field in word.iter(f"{W}fldSimple")]
    assert sum(r"\* ARABIC" in field for field in fields) == len(captions) > 50
    assert sum(field.startswith(" REF ") for field in fields) > 1000
    numbered = [said(p) for p in styled(word, "Heading1") if said(p)[:1].isdigit()]
    assert numbered == []


def test_word_opens_in_libreoffice(
    flagship: dict[str, Path], tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """LibreOffice reads the file and makes pages of it; its own count of captions is the same."""
    source = flagship["report"] / "report.docx"
    home = f"-env:UserInstallation={tmp_path.as_uri()}"
    command = [tool("soffice"), home, "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(source)], check=True, capture_output=True,
                   timeout=300)  # fmt: skip
    shown = subprocess.run([tool("pdftotext"), tmp_path / "report.pdf", "-"], check=True,
                           capture_output=True, text=True).stdout  # fmt: skip
    text = "".join(shown.split())
    root = word_part(source)
    for caption in styled(root, "ImageCaption") + styled(root, "TableCaption"):
        begin = "".join(said(caption).split())[:30]
        assert begin in text, begin


def test_findings_lead_to_their_rows_and_back(word: _Element) -> None:
    """Each link has one place to lead to; and the summary is a link away."""
    leads = {link.get(f"{W}anchor", "") for link in word.iter(f"{W}hyperlink")}
    leads = {name for name in leads if name.startswith(("row-", "told-"))}
    places = [each.get(f"{W}name") for each in word.iter(f"{W}bookmarkStart")]
    assert len(leads) > 1000
    assert [name for name in leads if places.count(name) != 1] == []
    said_in_fields = " ".join(str(each) for each in word.xpath("//@w:instr", namespaces=NAMES))
    assert "../summary/summary.pdf" in said_in_fields
