"""The mark of a draft, of an embargo and of what is superseded, in every format."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from reviewpress.config.files import ConfigFiles
from reviewpress.config.status import ended_embargo
from reviewpress.yaml import YamlFile

FRONT = """
project: {{type: book}}
lang: en-GB
book: {{title: Gardens, author: Ann Ash, date: 2026-01-31, chapters: [index.qmd, a.qmd]}}
format: {{html: default, typst: default, docx: default}}
reviewpress:
  status: {status}
  errata:
    - date: 2026-02-01
      text: "Figure 1 <had> the *wrong* key, as [the chapter](a.qmd) and [it](javascript:x()) say."
    - {{date: 2026-03-01, text: A name was wrong.}}
  versions: [{{version: "0.9", date: 2025-12-01, url: "https://example.org/0.9/"}}]
"""


@pytest.fixture
def render(tmp_path: Path, reviewpress: Any) -> Any:
    """Render a small review with a status; return the folder of the edition, or what was said."""

    def run(status: str) -> Any:
        (tmp_path / "_quarto.yml").write_text(FRONT.format(status=status), encoding="utf-8")
        (tmp_path / "index.qmd").write_text("# Home\n\nHere.\n", encoding="utf-8")
        (tmp_path / "a.qmd").write_text("# A chapter\n\n" + "Text.\n\n" * 60, encoding="utf-8")
        done = reviewpress("render --engine pandoc", cwd=tmp_path)
        return done.stderr if done.status else tmp_path / "_output" / "report"

    return run


@pytest.mark.parametrize(
    ("status", "words", "hidden"),
    [
        ("draft", "Draft: not to be cited", True),
        ("{embargoed-until: 2026-11-22}", "Embargoed until 22 November 2026", True),
        ("{superseded-by: 'https://example.org/2/'}", "a newer version is published", False),
        ("{superseded-by: 10.1234/g.2}", "a newer version is published", False),
        (
            "{draft: true, embargoed-until: 2199-01-01}",
            "Draft: not to be cited. Embargoed until 1 January 2199",
            True,
        ),
    ],
)
def test_each_page_says_what_an_edition_is_not(
    render: Any, status: str, words: str, hidden: bool
) -> None:
    """Pages at their top, the PDF on its cover and in each foot, Word in front."""
    folder = render(status)
    for name in ("index.html", "a.html"):
        page = html.parse(folder / name)
        (mark,) = page.xpath("//main/p[@class='edition-status']")
        assert words in mark.text_content()
        assert bool(page.xpath("//meta[@name='robots'][@content='noindex']")) is hidden
        links = [link.get("href") for link in mark.iterfind("a")]
        address = "https://doi.org/10.1234/g.2" if "10.1234" in status else "https://example.org/2/"
        assert links == ([] if hidden else [address])
    pdf = folder / "report.pdf"
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    sheets = [
        " ".join(sheet.split()) for sheet in text.stdout.decode().split("\f") if sheet.strip()
    ]
    assert len(sheets) > 2
    assert all(words in sheet for sheet in sheets)
    assert hidden or f"Read the newer version: {address}" in sheets[0]
    with zipfile.ZipFile(folder / "report.docx") as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        head = etree.fromstring(archive.read("word/header1.xml"))
    assert words in "".join(document.itertext())
    assert words in "".join(head.itertext())
    assert hidden or "Read the newer version" in "".join(document.itertext())


def test_corrections_and_earlier_versions_are_listed(render: Any) -> None:
    """On the first page, the newest first, as text."""
    page = html.parse(render("draft") / "index.html")
    items = [item.text_content() for item in page.xpath("//section[h2/@id='errata']//li")]
    assert items == [
        "1 March 2026: A name was wrong.",
        "1 February 2026: Figure 1 <had> the wrong key, as the chapter and it say.",
    ]
    assert [word.text for word in page.xpath("//section[h2/@id='errata']//em")] == ["wrong"]
    (link,) = page.xpath("//section[h2/@id='errata']//a")
    assert link.get("href") == "a.html"
    (version,) = page.xpath("//section[h2/@id='earlier-versions']//li")
    assert version.text_content() == "Version 0.9, 1 December 2025"
    assert version.find("a").get("href") == "https://example.org/0.9/"


def test_documents_list_the_same_as_pages(render: Any) -> None:
    """In the PDF and in Word the first chapter ends with it; the record has it as it is read."""
    folder = render("draft")
    told = [
        "Corrections",
        "1 March 2026: A name was wrong.",
        "1 February 2026: Figure 1 <had> the wrong key, as the chapter and it say.",
        "Earlier versions",
        "Version 0.9, 1 December 2025",
    ]
    pdf = folder / "report.pdf"
    made = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    with zipfile.ZipFile(folder / "report.docx") as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        leads = archive.read("word/_rels/document.xml.rels").decode()
    for text in (" ".join(made.stdout.decode().split()), "".join(document.itertext())):
        places = [text.rindex(words) for words in told]
        assert places == sorted(places)
        assert places[-1] < text.rindex("A chapter", 0, text.index("Text."))
    assert "https://example.org/0.9/" in leads
    record = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    assert record["errata"] == told[1:3]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("drafty", "`draft`"),
        ("{embargoed-until: soon}", "a date, as in 2026-11-22"),
        ("{superseded-by: 'javascript:x()'}", "is neither an address of the web nor a DOI"),
        ("{superseded-by: '2.0'}", "or 10.1234/g.2"),
        ("{draught: true, draft: true}", 'Did you mean "draft"?'),
    ],
)
def test_a_status_that_is_none_is_refused(render: Any, status: str, message: str) -> None:
    """With what it may be."""
    assert message in render(status)


@pytest.mark.parametrize(("until", "is_over"), [("2020-01-01", True), ("2199-01-01", False)])
def test_an_embargo_that_is_over_is_noticed(until: str, is_over: bool) -> None:
    """Pages say what the key says whenever they are made: only a warning depends on the day."""
    data = {"reviewpress": {"status": {"embargoed-until": until}}}
    file = YamlFile(Path("_quarto.yml"), "_quarto.yml", data, {})
    found = ended_embargo(data, ConfigFiles([file]))
    assert [each.rule for each in found] == ["ended-embargo"] * is_over


def test_a_correction_cites_what_the_bibliography_has(tmp_path: Path, reviewpress: Any) -> None:
    """A key that nothing has is a problem at its line; it would be printed with a question mark."""
    front = FRONT.format(status="draft").replace(
        "A name was wrong.", '"As in [see @ash20201, p. 2]."'
    )
    footer = 'book: {page-footer: "As in @ash2020, @sec-a; we are @elmpress", '
    front = front.replace("book: {", footer)
    (tmp_path / "_quarto.yml").write_text(f"{front}bibliography: a.bib\n", encoding="utf-8")
    entry = "@book{ash2020, author = {Ash, A.}, title = {Ponds}, publisher = {P}, year = 2020}\n"
    (tmp_path / "a.bib").write_text(entry, encoding="utf-8")
    (tmp_path / "index.qmd").write_text("# Home\n\nHere, @ash2020.\n", encoding="utf-8")
    (tmp_path / "a.qmd").write_text("# A chapter {#sec-a}\n\nText.\n", encoding="utf-8")
    done = reviewpress("check", cwd=tmp_path)
    assert done.status == 1
    said = " ".join(done.stderr.split())
    assert "_quarto.yml, line 11: a correction cites @ash20201, which is not" in said
    assert 'Did you mean "ash2020"?' in said
    for key in ("ash2020", "sec-a"):
        assert f"the footer of pages cites @{key}, and citations are not resolved there" in said
    assert "elmpress" not in said
