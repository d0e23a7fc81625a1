"""What stands on every page, and the files beside the pages."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reviewpress.bibliography import load_bibliography
from reviewpress.formats.html import citation_text, write_citation_files
from reviewpress.imports.ris import read_ris
from reviewpress.labels import load_language

OTHER = {"publisher": "Care & Evidence", "version": "1.0", "doi": "10.1234/care.2026"}


def book(title: str = "What helps?", **other: Any) -> Any:
    """Make as much of a book as a citation needs."""
    config = SimpleNamespace(
        title=title,
        subtitle="A review of R&D in {care}",
        authors=("Ana Öz", "The Care Team"),
        date="2026-11-22",
        settings=SimpleNamespace(other=OTHER | other),
    )
    return SimpleNamespace(config=config, labels=load_language("en-GB"))


def test_citation_files_can_be_imported(tmp_path: Path) -> None:
    """BibTeX and RIS give back title, authors, year, version and DOI, whatever marks they have."""
    write_citation_files(book(), tmp_path)
    title = "What helps? A review of R&D in {care}"
    entry = load_bibliography(tmp_path / "citation.bib").entries[0]
    assert (entry.key, entry.type) == ("what2026", "techreport")
    assert entry.text("title") == title
    assert [name.family for name in entry.authors] == ["Ana Öz", "The Care Team"]
    assert entry.text("institution") == "Care & Evidence"
    assert entry.text("note") == "Version 1.0"
    text = (tmp_path / "citation.ris").read_text(encoding="utf-8")
    record = read_ris(text, "citation.ris").records[0].entry
    assert record.text("title") == title
    assert record.text("year") == "2026"
    assert record.text("doi") == "10.1234/care.2026"
    assert "DA  - 2026/11/22\nET  - 1.0\n" in text


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


def test_navigation_calls_a_chapter_as_its_entry_says(project: Any, reviewpress: Any) -> None:
    """`text:` beside `href:` names the chapter in the contents list and in links to it."""
    root = project(runs=False)
    file = root / "_quarto-report.yml"
    entry = "- href: index.qmd\n      text: Begin here\n"
    file.write_text(file.read_text().replace("- index.qmd\n", entry))
    done = reviewpress("render --to html", cwd=root)
    assert done.status == 0, done.stderr
    page = (root / "_output" / "report" / "chapters" / "findings.html").read_text()
    links = re.findall(r'<a[^>]*href="\.\./(?:index\.html)?"[^>]*>(.*?)</a>', page, re.S)
    assert any("Begin here" in link for link in links)
    assert "How to read this review" not in page


def test_widths_need_no_inline_style(project: Any, reviewpress: Any) -> None:
    """Their policy forbids inline style: a share of the line is a class, a length is pixels."""
    root = project(runs=False)
    (root / "chapters" / "garden.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', encoding="utf-8"
    )
    chapter = root / "index.qmd"
    alike = '(chapters/garden.svg){fig-alt="A garden in spring."'
    images = f"\n\n![A]{alike} width=45%}}\n\nB ![B]{alike} width=2in}}\n"
    chapter.write_text(chapter.read_text(encoding="utf-8") + images, encoding="utf-8")
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/report/index.html").read_text(encoding="utf-8")
    assert " style=" not in page
    assert 'class="share-5"' in page
    assert 'width="192"' in page


def test_files_that_a_page_links_to_are_beside_it(project: Any, reviewpress: Any) -> None:
    """A table of the review is published, and what lies outside it, or is hidden, is not."""
    root = project(runs=False)
    (root.parent / "secret.csv").write_text("a\n", encoding="utf-8")
    (root / ".hidden.csv").write_text("a\n", encoding="utf-8")
    (root / "data" / "two words.csv").write_text("b\n", encoding="utf-8")
    chapter = root / "index.qmd"
    links = (
        "\n\n[One](data/papers.csv), [two](data/two%20words.csv#row=2), [three](../secret.csv), "
        "[four](.hidden.csv), [five](https://example.org/data/papers.csv)\n"
    )
    chapter.write_text(chapter.read_text(encoding="utf-8") + links, encoding="utf-8")
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    made = root / "_output" / "report"
    for name in ("papers.csv", "two words.csv"):
        assert (made / "data" / name).read_bytes() == (root / "data" / name).read_bytes()
    assert sorted(path.name for path in made.rglob("*.csv")) == ["papers.csv", "two words.csv"]
    (root / "data" / "two words.csv").write_text("c\n", encoding="utf-8")
    reviewpress("render --engine pandoc --to html", cwd=root)
    assert (made / "data" / "two words.csv").read_text(encoding="utf-8") == "c\n"
