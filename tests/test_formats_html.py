"""What stands on every page, and the files beside the pages."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
from lxml import html


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
    """A table of the review is published, what lies outside is not, what is hidden is refused."""
    root = project(runs=False)
    (root.parent / "secret.csv").write_text("a\n", encoding="utf-8")
    (root / ".hidden.csv").write_text("a\n", encoding="utf-8")
    (root / "data" / "two words.csv").write_text("b\n", encoding="utf-8")
    chapter = root / "index.qmd"
    links = (
        "\n\n[One](data/papers.csv), [two](data/two%20words.csv#row=2), [three](../secret.csv), "
        "[four](https://example.org/data/papers.csv)\n"
    )
    text = chapter.read_text(encoding="utf-8") + links
    chapter.write_text(f"{text}\n[Five](.hidden.csv)\n", encoding="utf-8")
    refused = reviewpress("render --engine pandoc --to html", cwd=root)
    assert refused.status == 1
    assert "the link to .hidden.csv leads to a file that is not published" in refused.stderr
    chapter.write_text(text, encoding="utf-8")
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    made = root / "_output" / "report"
    for name in ("papers.csv", "two words.csv"):
        assert (made / "data" / name).read_bytes() == (root / "data" / name).read_bytes()
    beside = {path.relative_to(made).as_posix() for path in made.rglob("*.csv")}
    published = {"data/findings.csv", "figures/tbl-papers.csv"}
    assert beside == {"data/papers.csv", "data/two words.csv", *published}
    (root / "data" / "two words.csv").write_text("c\n", encoding="utf-8")
    reviewpress("render --engine pandoc --to html", cwd=root)
    assert (made / "data" / "two words.csv").read_text(encoding="utf-8") == "c\n"


def _leads_there_and_back(folder: Path) -> None:
    """The Word file has links between a finding and its row, each to one place; so has the PDF."""
    with zipfile.ZipFile(folder / "report.docx") as archive:
        document = archive.read("word/document.xml").decode()
    # Once, and not in the contents.
    assert document.count("An aside") == document.count("UnlistedHeading2") == 1
    for name in ("row-outcomes-01", "told-outcomes-01"):
        assert document.count(f'w:name="{name}"') == 1
        assert f'w:anchor="{name}"' in document
    with pikepdf.open(folder / "report.pdf") as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        said = [str(link.get("/Contents", "")) for link in links]
    (back,) = (words for words in said if words.endswith("outcomes-01"))
    forth = [words for words in said if words == "Finding outcomes-01 in the table of findings"]
    assert back.strip() == "outcomes-01"
    # Where it is told, and where that is gathered.
    assert len(forth) == 2


def test_a_finding_leads_to_its_row_and_back(project: Any, reviewpress: Any) -> None:
    """In the chapter that tells it, not where it is gathered; nothing without a row."""
    row = '[outcomes-01]{.finding-id of="outcomes-01"}'
    rows = f"\n## Findings {{#sec-rows}}\n\n| Finding |\n|---|\n| {row} |\n"
    aside = "\n## An aside {.unnumbered .unlisted}\n"
    root = project(runs=False)
    page = root / "chapters" / "references.qmd"
    page.write_text(page.read_text("utf-8") + rows + aside, encoding="utf-8")
    done = reviewpress("render --to html,docx,typst", cwd=root)
    assert done.status == 0, done.stderr
    folder = root / "_output" / "report" / "chapters"
    _leads_there_and_back(folder.parent)
    told, listed = (html.parse(folder / f"{name}.html") for name in ("findings", "references"))
    forth, again = told.xpath("//a[@class='finding-row']")
    assert forth.get("href") == again.get("href") == "references.html#row-outcomes-01"
    assert "outcomes-01" in forth.get("aria-label")
    (back,) = listed.xpath("//a[@id='row-outcomes-01']")
    assert back.get("href") == "findings.html#told-outcomes-01"
    assert len(told.xpath("//*[@id='told-outcomes-01']")) == 1
    page.write_text(page.read_text("utf-8").replace(rows, ""), encoding="utf-8")
    done = reviewpress("render --to html", cwd=root)
    assert not html.parse(folder / "findings.html").xpath("//a[@class='finding-row']")
