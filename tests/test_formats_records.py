"""Records of an edition, read back as those read them who catalogue and archive."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

FRONT = """
project: {type: book, resources: /data/papers.csv}
lang: en-GB
book:
  title: "Gardens: what helps?"
  subtitle: A review
  author:
    - name: {given: Ann, family: Ash}
      orcid: 0000-0002-1825-0097
      affiliations: [{name: University of Elms, ror: "https://ror.org/05gq02987"}]
      email: ann@example.org
      corresponding: true
    - The Garden Team
  date: 2026-01-31
  site-url: https://example.org/gardens
  doi: https://doi.org/10.1234/g.1
  isbn: 978-1-4028-9462-6
  abstract: |
    What was asked.

    What was *found*.
  chapters: [index.qmd]
keywords: [gardens, spring]
license: CC BY-SA
copyright: {holder: Elm Press, year: 2026}
funding:
  statement: The Elm Fund paid.
  awards: [{id: G-7, source: {name: Elm Fund, ror: "https://ror.org/0aaaaaa11"}}]
format: {html: default}
reviewpress:
  publisher: Elm Press
  publisher-ror: https://ror.org/02mhbdp94
  version: "1.1"
"""


@pytest.fixture
def made(tmp_path: Path, reviewpress: Any) -> Path:
    """The edition of a small review that says all of itself, half of it in Quarto's keys."""
    return render(tmp_path, reviewpress, FRONT)


def render(root: Path, reviewpress: Any, front: str) -> Path:
    """Render a review of one page; return the folder of its edition."""
    (root / "data").mkdir()
    files = {"_quarto.yml": front, "index.qmd": "# Home\n\nHere.\n", "data/papers.csv": "a\n1\n"}
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    done = reviewpress("render --engine pandoc", cwd=root)
    assert (done.status, done.stderr.count("warning")) == (0, 0), done.stderr
    return root / "_output" / "report"


def test_a_forge_can_cite_the_edition(made: Path) -> None:
    """CITATION.cff names persons as persons, and the report as what is to be cited."""
    told = yaml.safe_load((made / "CITATION.cff").read_text("utf-8"))
    person, body = told["authors"]
    assert (person["family-names"], person["given-names"]) == ("Ash", "Ann")
    assert person["orcid"] == "https://orcid.org/0000-0002-1825-0097"
    assert body == {"name": "The Garden Team"}
    assert told["license-url"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    report = told["preferred-citation"]
    assert (report["type"], report["title"]) == ("report", "Gardens: what helps? A review")
    assert (report["doi"], report["isbn"]) == ("10.1234/g.1", "978-1-4028-9462-6")


def test_a_repository_can_give_the_edition_a_doi(made: Path) -> None:
    """datacite.json has what DataCite requires, funders and the tables that belong to it."""
    told = json.loads((made / "datacite.json").read_text("utf-8"))
    person, body = told["creators"]
    assert (person["nameType"], person["name"]) == ("Personal", "Ash, Ann")
    assert person["affiliation"][0]["affiliationIdentifierScheme"] == "ROR"
    assert (body["nameType"], body["name"]) == ("Organizational", "The Garden Team")
    assert told["publisher"] == {
        "name": "Elm Press",
        "publisherIdentifier": "https://ror.org/02mhbdp94",
        "publisherIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org/",
    }
    assert told["publicationYear"] == "2026"
    assert [each["title"] for each in told["titles"]] == ["Gardens: what helps?", "A review"]
    assert told["fundingReferences"] == [
        {
            "funderName": "Elm Fund",
            "funderIdentifier": "https://ror.org/0aaaaaa11",
            "funderIdentifierType": "ROR",
            "awardNumber": "G-7",
        }
    ]
    assert told["rightsList"][0]["rights"] == "CC BY-SA 4.0"
    [data] = told["relatedIdentifiers"]
    assert data["relatedIdentifier"] == "https://example.org/gardens/data/papers.csv"


def test_a_publisher_can_deposit_the_edition(made: Path) -> None:
    """crossref.xml is a deposit of a report, whose time is its date: the same each time."""
    tree = etree.parse(made / "crossref.xml")
    names = {"c": "http://www.crossref.org/schema/5.3.1"}

    def said(path: str) -> list[str]:
        found: Any = tree.xpath(f"//c:{path}/text()", namespaces=names)
        return [str(each) for each in found]

    assert said("report-paper_metadata/c:doi_data/c:doi") == ["10.1234/g.1"]
    assert said("resource") == ["https://example.org/gardens/"]
    assert (said("surname"), said("organization")) == (["Ash"], ["The Garden Team"])
    assert (said("email_address"), said("timestamp")) == (["ann@example.org"], ["20260131000000"])
    assert said("institution_id[@type='ror']") == ["https://ror.org/05gq02987"]


def test_a_deposit_has_its_parts_in_the_order_of_the_schema(made: Path) -> None:
    """Abstract, funders and licence are those of other schemas; the order is Crossref's 5.3.1."""
    [report] = etree.parse(made / "crossref.xml").iter("{*}report-paper_metadata")
    parts = [etree.QName(each).localname for each in report]
    assert parts == [
        "contributors", "titles", "abstract", "publication_date", "isbn", "publisher", "program",
        "program", "doi_data",
    ]  # fmt: skip
    assert [each.text for each in report.iter("{*}p")] == ["What was asked.", "What was *found*."]
    funding, access = report.findall("{*}program")
    told = {each.get("name"): each.text for each in funding[0]}
    assert told == {
        "funder_name": "Elm Fund", "ror": "https://ror.org/0aaaaaa11", "award_number": "G-7",
    }  # fmt: skip
    assert access[0].text == "https://creativecommons.org/licenses/by-sa/4.0/"


def test_a_record_that_cannot_be_whole_is_not_made(tmp_path: Path, reviewpress: Any) -> None:
    """Without a publisher no DOI can be asked for; whom to cite is known all the same."""
    front = "project: {type: book}\nbook: {title: T, author: A B, chapters: [index.qmd]}\n"
    made = render(tmp_path, reviewpress, front)
    assert not list(made.glob("*.xml")) + list(made.glob("datacite*"))
    told = yaml.safe_load((made / "CITATION.cff").read_text("utf-8"))
    assert told["title"] == told["preferred-citation"]["title"] == "T"


def test_pages_say_the_same(made: Path) -> None:
    """Licence, copyright, funding and ISBN at the foot; the abstract on the first page."""
    page = (made / "index.html").read_text("utf-8")
    foot = page[page.index("<footer") :]
    for words in ("CC BY-SA 4.0</a>. © 2026 Elm Press. ISBN 978-1-4028-9462-6. <a href",
                  ">DOI 10.1234/g.1</a>. The Elm Fund paid.</p>"):  # fmt: skip
        assert words in foot, words
    assert "What was <em>found</em>." in page
    assert '<meta name="citation_abstract" content="What was asked. What was *found*.">' in page
    told = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    [funder] = told["funder"]
    assert (funder["name"], funder["@id"]) == ("Elm Fund", "https://ror.org/0aaaaaa11")
    assert told["publisher"]["@id"] == "https://ror.org/02mhbdp94"
    [data] = told["hasPart"]["distribution"]
    assert data["contentUrl"] == "https://example.org/gardens/data/papers.csv"
    assert told["keywords"] == ["gardens", "spring"]


@pytest.mark.parametrize(
    ("quarto", "own", "key"),
    [
        ("doi: https://doi.org/10.1234/g.1", 'doi: "10.1234/g.2"', "book: doi"),
        ("site-url: https://a.org", "url: https://b.org", "book: site-url"),
    ],
)
def test_what_is_said_twice_has_to_be_the_same(
    quarto: str, own: str, key: str, tmp_path: Path, reviewpress: Any
) -> None:
    """Written otherwise it may be; another value is an error with its line."""
    (tmp_path / "index.qmd").write_text("# A\n", "utf-8")
    text = f"project: {{type: book}}\nbook:\n  title: T\n  chapters: [index.qmd]\n  {quarto}\n"
    config = tmp_path / "_quarto.yml"
    config.write_text(f"{text}reviewpress:\n  {own}\n", "utf-8")
    done = reviewpress("check", cwd=tmp_path)
    assert done.status == 1
    name = own.partition(":")[0]
    assert f"line 5: {key} says something else than reviewpress: {name}." in done.stderr
    same = {"doi": "doi: 10.1234/g.1", "url": "url: https://a.org/"}[name]
    config.write_text(f"{text}reviewpress:\n  {same}\n", "utf-8")
    assert "says something else" not in reviewpress("check", cwd=tmp_path).stderr
