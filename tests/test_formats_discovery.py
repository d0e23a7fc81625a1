"""What pages tell search engines and reference managers, read back as those read it."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html

FRONT = """
project: {type: book}
lang: en-GB
book:
  title: Gardens & </script>
  author:
    - name: {given: Ann, family: Ash}
      orcid: 0000-0002-1825-0097
      affiliations: [University of Elms]
      email: ann@example.org
      corresponding: true
    - The Garden Team
  date: 2026-01-31
  description: What helps "gardens".
  chapters: [index.qmd, a.qmd]
format: {html: default}
reviewpress: {url: "https://example.org/gardens/", doi: 10.1234/g.1, publisher: Elm Press}
"""
PAGES = {"_quarto.yml": FRONT, "index.qmd": "# Home\n\nHere.\n", "a.qmd": "# A chapter\n\nText.\n"}


@pytest.fixture
def pages(tmp_path: Path, reviewpress: Any) -> dict[str, Any]:
    """The pages of a small review, as trees."""
    root = tmp_path / "gardens"
    root.mkdir()
    for name, text in PAGES.items():
        (root / name).write_text(text, encoding="utf-8")
    done = reviewpress("render --engine pandoc", cwd=root)
    assert done.status == 0, done.stderr
    folder = root / "_output" / "report"
    return {name: html.parse(folder / name) for name in ("index.html", "a.html")}


def names(page: Any, attribute: str) -> dict[str, list[str]]:
    """Return the contents of a page's `meta` elements by their names."""
    found: dict[str, list[str]] = {}
    for each in page.iterfind(f".//meta[@{attribute}]"):
        found.setdefault(each.get(attribute), []).append(each.get("content"))
    return found


def test_reference_managers_file_the_edition(pages: dict[str, Any]) -> None:
    """The first page is the work, others are chapters of it."""
    home = names(pages["index.html"], "name")
    assert home["citation_title"] == ["Gardens & </script>"]
    assert home["citation_author"] == ["Ash, Ann", "The Garden Team"]
    assert home["citation_author_institution"] == ["University of Elms"]
    assert home["citation_publication_date"] == ["2026/01/31"]
    assert home["citation_doi"] == ["10.1234/g.1"]
    chapter = names(pages["a.html"], "name")
    assert chapter["citation_title"] == ["A chapter"]
    assert chapter["citation_inbook_title"] == home["citation_title"]


def test_shared_links_have_a_card(pages: dict[str, Any]) -> None:
    """With the title and address of the page itself."""
    home = names(pages["index.html"], "property")
    assert home["og:description"] == ['What helps "gardens".']
    assert home["og:url"] == ["https://example.org/gardens/"]
    chapter = names(pages["a.html"], "property")
    assert (chapter["og:title"], chapter["og:type"]) == (["A chapter"], ["article"])
    canonical = pages["a.html"].find(".//link[@rel='canonical']").get("href")
    assert [canonical] == chapter["og:url"] == ["https://example.org/gardens/a.html"]


def test_search_engines_know_who_wrote_what(pages: dict[str, Any]) -> None:
    """As schema.org has it; no title ends the element that it stands in."""
    (script,) = pages["index.html"].iterfind(".//script[@type='application/ld+json']")
    told = json.loads(script.text)
    person, body = told["author"]
    assert (person["@type"], person["familyName"]) == ("Person", "Ash")
    assert person["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert body == {"@type": "Organization", "name": "The Garden Team"}
    assert told["name"] == "Gardens & </script>"
    assert not list(pages["a.html"].iterfind(".//script[@type='application/ld+json']"))


def test_authors_are_shown_with_what_is_known_of_them(pages: dict[str, Any]) -> None:
    """On the first page alone: ORCID, affiliation, and whom to write to."""
    (people,) = pages["index.html"].xpath("//ul[@class='hero-authors']")
    person, body = people.findall("li")
    assert "University of Elms" in person.text_content()
    links = [link.get("href") for link in person.iterfind(".//a")]
    assert links == ["https://orcid.org/0000-0002-1825-0097"]
    (note,) = pages["index.html"].xpath("//p[@class='hero-note']")
    assert note.text_content() == "Correspondence: Ann Ash, ann@example.org"
    assert [link.get("href") for link in note.iterfind("a")] == ["mailto:ann@example.org"]
    assert body.text_content().strip() == "The Garden Team"
    assert not pages["a.html"].xpath("//ul[@class='hero-authors']")


@pytest.fixture
def summary(tmp_path: Path, reviewpress: Any) -> Any:
    """The first page of a summary beside a report without a publisher, and its BibTeX key."""
    front = FRONT.replace(", doi: 10.1234/g.1, publisher: Elm Press", "")
    front = front.replace('  description: What helps "gardens".\n', "")
    front += "profile: {default: report, group: [[report, summary]]}\n"
    files = PAGES | {"_quarto.yml": front, "_quarto-summary.yml": "book: {subtitle: Summary}\n"}
    files["_quarto-report.yml"] = ""
    files["index.qmd"] = (
        "# Home\n\n- Short.\n\nPeople who garden feel less alone in the end [-@x].\n"
    )
    for name, text in files.items():
        (tmp_path / name).write_text(text.replace(" [-@x]", "^[Note.]"), encoding="utf-8")
    done = reviewpress("render --engine pandoc --profile summary", cwd=tmp_path)
    assert done.status == 0, done.stderr
    folder = tmp_path / "_output" / "summary"
    return html.parse(folder / "index.html"), (folder / "citation.bib").read_text()


def test_another_edition_is_beside_the_first(summary: Any) -> None:
    """An address that the review gives of all editions is the report's; links stay relative."""
    page, bibtex = summary
    assert [each.get("href") for each in page.iterfind(".//link[@rel='canonical']")] == [
        "https://example.org/summary/"
    ]
    links = [each.get("href") for each in page.xpath("//a[@class='edition']")]
    assert links == ["../report/index.html"]
    assert bibtex.startswith("@misc{gardens2026summary,")


def test_a_review_that_says_little_of_itself_is_described(summary: Any) -> None:
    """By how it begins; Zotero files it as a report of the first author's institution."""
    page, _ = summary
    said = names(page, "name")
    assert said["description"] == ["People who garden feel less alone in the end."]
    assert said["citation_technical_report_institution"] == ["University of Elms"]
    assert names(page, "property")["og:type"] == ["book"]
