"""The flagship's Word file as an editor finds it: styles, captions, alternatives, links, lists."""

import shutil
import subprocess
from pathlib import Path

import pytest
from lxml.etree import _Element
from reading import NAMES, W, word_part


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
    for instruction in (r'TOC \o "1-2"', '"Image Caption" \\c', '"Table Caption" \\c'):
        assert instruction in fields
    styles = [style.get(f"{W}val") for style in word.iter(f"{W}pStyle")]
    assert styles.count("Toc1") == styles.count("Heading1")
    assert styles.count("Toc2") == styles.count("Heading2")
    captions = styles.count("ImageCaption") + styles.count("TableCaption")
    assert styles.count("Tableoffigures") == captions


def test_word_opens_in_libreoffice(flagship: dict[str, Path], tmp_path: Path) -> None:
    """LibreOffice reads the file and makes pages of it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    source = flagship["report"] / "report.docx"
    home = f"-env:UserInstallation={tmp_path.as_uri()}"
    command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=300)
    assert (tmp_path / "report.pdf").stat().st_size > 100_000
