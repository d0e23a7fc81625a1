"""How to cite an edition: in words, and in files that reference managers read."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reviewpress.assemble.title_block import author_notes
from reviewpress.bibliography import load_bibliography
from reviewpress.config.authors import read_authors, split_name
from reviewpress.config.publication import Publication
from reviewpress.formats.self_citation import citation_text, write_citation_files
from reviewpress.imports.ris import read_ris
from reviewpress.labels import load_language

OTHER = {"publisher": "Care & Evidence", "version": "1.0", "doi": "10.1234/care.2026"}


def book(title: str = "What helps?", **other: Any) -> Any:
    """Make as much of a book as a citation needs."""
    config = SimpleNamespace(
        title=title,
        subtitle="A review of R&D in {care}",
        authors=(split_name("Ana Öz"), split_name("The Care Team")),
        date="2026-11-22",
        publication=Publication(**OTHER | other),
        profile="report",
        metadata={},
    )
    return SimpleNamespace(config=config, labels=load_language("en-GB"))


def test_citation_files_can_be_imported(tmp_path: Path) -> None:
    """BibTeX and RIS give back title, authors, year, version and DOI, whatever marks they have."""
    write_citation_files(book(), tmp_path)
    title = "What helps? A review of R&D in {care}"
    entry = load_bibliography(tmp_path / "citation.bib").entries[0]
    assert (entry.key, entry.type) == ("what2026", "techreport")
    assert entry.text("title") == title
    assert [(name.family, name.given) for name in entry.authors] == [
        ("Öz", "Ana"),
        ("The Care Team", ""),
    ]
    assert entry.text("institution") == "Care & Evidence"
    assert entry.text("note") == "Version 1.0"
    text = (tmp_path / "citation.ris").read_text(encoding="utf-8")
    record = read_ris(text, "citation.ris").records[0].entry
    assert [(name.family, name.is_body) for name in record.authors] == [
        ("Öz", False),
        ("The Care Team", True),
    ]
    assert record.text("title") == title
    assert record.text("year") == "2026"
    assert record.text("doi") == "10.1234/care.2026"
    assert "\nDA  - 2026/11/22\n" in text
    assert "\nET  - 1.0\n" in text


def test_citation_says_what_is_known(tmp_path: Path) -> None:
    """In words; without a publisher the work is no report of anybody."""
    told = citation_text(book("Care"))
    assert told == (
        "Ana Öz, The Care Team (2026). Care: A review of R&D in {care}. Version 1.0. "
        "Care & Evidence. https://doi.org/10.1234/care.2026"
    )
    write_citation_files(book(publisher="", version=""), tmp_path)
    text = (tmp_path / "citation.bib").read_text(encoding="utf-8")
    assert text.startswith("@misc{what2026,")
    assert "note" not in text


def test_a_title_page_says_who_is_who() -> None:
    """One line for each author of whom more is known than a name."""
    known = {"name": "Ann Ash", "affiliation": "Elm", "orcid": "0000-0002-1825-0097"}
    written = {"name": "Ben Birch", "email": "ben@example.org", "corresponding": True}
    notes = author_notes(read_authors([known, written, "The Team"]), load_language("en-GB"))
    assert notes == [
        "Ann Ash, Elm, ORCID 0000-0002-1825-0097",
        "Correspondence: Ben Birch, ben@example.org",
    ]
    equal = [{"name": "Ann Ash", "equal-contributor": True, "roles": ["software"]},
             {"name": "Ben Birch", "attributes": ["equal-contributor", "deceased"]}]  # fmt: skip
    assert author_notes(read_authors(equal), load_language("en-GB")) == [
        "Ben Birch, deceased",
        "Ann Ash and Ben Birch contributed equally.",
        "Contributions: Ann Ash (software)",
    ]
    assert author_notes(read_authors(["Ann Ash"]), load_language("en-GB")) == []
