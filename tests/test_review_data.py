"""The review's own data: the counts of its published tables, held."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewpress.bibliography import Bibliography, check_bibliography, load_bibliography
from reviewpress.config import load_config
from reviewpress.display import choose_display
from reviewpress.evidence.claims import Claim
from reviewpress.pipeline import compute_claims
from reviewpress.tables.reader import TableRows, read_table
from reviewpress.tables.schema import Schema, read_schema

ROOT = Path(__file__).parent.parent

SECTIONS = {  # papers, grey literature, peer reviewed: as the report's text states them
    "Rationales": (34, 3, 31),
    "Processes": (66, 8, 58),
    "Experiences": (68, 9, 59),
    "Levels": (32, 3, 29),
    "Outcomes": (44, 8, 36),
}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema(ROOT / "data/schema.yml", ROOT)


@pytest.fixture(scope="module")
def table(schema: Schema) -> TableRows:
    return read_table(ROOT / "data/papers.csv", schema.table("papers"), ROOT)


@pytest.fixture(scope="module")
def papers(table: TableRows) -> dict[int, dict[str, Any]]:
    return {record["code"]: record for record in table.records()}


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return load_bibliography(ROOT / "bib/references.bib", ROOT)


def test_there_are_87_papers_ten_of_them_grey(papers: dict[int, dict[str, Any]]) -> None:
    """Appendix 6 has a row for each code, and ten rows of grey literature."""
    assert list(papers) == list(range(1, 88))
    kinds = Counter(paper["source_type"] for paper in papers.values())
    assert kinds == {"Peer reviewed": 77, "Grey literature": 10}


@pytest.mark.parametrize("section", SECTIONS)
def test_sections_have_the_published_number_of_papers(
    section: str, papers: dict[int, dict[str, Any]]
) -> None:
    """The sections column gives the totals that the text of each chapter states."""
    kinds = Counter(p["source_type"] for p in papers.values() if section in p["sections"])
    found = (kinds.total(), kinds["Grey literature"], kinds["Peer reviewed"])
    assert found == SECTIONS[section]


def test_kinds_of_study(papers: dict[int, dict[str, Any]]) -> None:
    """The two spellings of the secondary review are one kind."""
    assert Counter(paper["study_type"] for paper in papers.values()) == {
        "Primary research": 73,
        "Systematic literature review": 9,
        "Secondary review (not using systematic review methodology)": 4,
        "Other": 1,
    }


def test_papers_by_region_and_method(papers: dict[int, dict[str, Any]]) -> None:
    """A paper counts once for each of its regions, and once for each of its methods."""
    regions = Counter(region for paper in papers.values() for region in paper["regions"])
    assert regions == {
        "North America": 36,
        "Europe (non-UK)": 23,
        "UK (Other)": 22,
        "Oceania": 17,
        "Scotland": 5,
        "Asia": 2,
        "Latin America and the Caribbean": 2,
        "Africa": 1,
    }
    methods = Counter(method for paper in papers.values() for method in paper["methods"])
    assert (methods["Interview"], methods["Survey"], methods["Focus group"]) == (46, 22, 19)


def test_participants(papers: dict[int, dict[str, Any]]) -> None:
    """Seven papers list young people, thirteen parents and carers."""
    groups = Counter(group for paper in papers.values() for group in paper["participants"])
    assert groups == {
        "Health practitioners": 43,
        "Social work practitioners": 38,
        "Other": 25,
        "Education practitioners": 13,
        "Parents / carers": 13,
        "Young people": 7,
        "Policy / government officials": 5,
    }


@pytest.mark.parametrize(
    ("code", "column", "last"),
    [
        (5, "participants", "Other"),
        (15, "methods", "Documentary review"),
        (15, "participants", "Social work practitioners"),
        (24, "participants", "Social work practitioners"),
        (24, "sections", "Levels"),
        (36, "participants", "Social work practitioners"),
        (42, "participants", "Social work practitioners"),
        (47, "participants", "Policy / government officials"),
        (52, "participants", "Policy / government officials"),
        (62, "sections", "Rights"),
        (78, "participants", "Other"),
        (84, "regions", "Europe (non-UK)"),
    ],
)
def test_cells_broken_by_a_page_are_whole(
    code: int, column: str, last: str, papers: dict[int, dict[str, Any]]
) -> None:
    """A cell that the published table continues on the next page has its end."""
    assert papers[code][column][-1] == last


def test_the_broken_cell_of_paper_20_is_whole(papers: dict[int, dict[str, Any]]) -> None:
    """The number of staff of paper 20 is published as a sentence over two pages."""
    assert papers[20]["staff_published"].endswith("staff at each focus group is not stated)")
    assert papers[20]["staff"] == 15


def test_numbers_are_the_sums_of_the_published_cells(
    papers: dict[int, dict[str, Any]],
) -> None:
    """Every number of people follows from the words beside it."""
    for code, paper in papers.items():
        staff = _numbers(paper["staff_published"])
        if code == 20:  # its second number counts focus groups
            staff = staff[:1]
        assert paper["staff"] == (sum(staff) if staff else None), code
        people = _numbers(paper["people_published"])
        both = [paper["young_people"], paper["parents"]]
        assert both == [None, None] if not people else sum(both) == sum(people), code


def test_what_is_not_recorded_is_told_from_what_does_not_apply(table: TableRows) -> None:
    """Paper 11's participants are blank, paper 16's do not apply, paper 81's are not defined."""
    missing = table.missing["participants"]
    assert (missing[10], missing[15], missing[80]) == (
        "not recorded",
        "not applicable",
        "not defined",
    )


def test_paper_47_is_recorded_for_no_section(papers: dict[int, dict[str, Any]]) -> None:
    """It is the only one without a section."""
    assert [code for code, paper in papers.items() if not paper["sections"]] == [47]


def test_every_paper_has_its_entry(
    papers: dict[int, dict[str, Any]], bibliography: Bibliography
) -> None:
    """Codes and citation keys agree between table and bibliography."""
    included = {entry.code: entry.key for entry in bibliography.group("included")}
    assert included == {code: paper["citekey"] for code, paper in papers.items()}


def test_the_bibliography_is_sound(bibliography: Bibliography) -> None:
    """No entry is repeated, incomplete, malformed or outside the years of the review."""
    assert check_bibliography(bibliography, years=(2012, 2022)) == []
    assert len(bibliography.group("additional")) == 60


def test_entries_have_no_latex(bibliography: Bibliography) -> None:
    """Accents and signs are Unicode; page ranges are written with two hyphens."""
    for entry in bibliography:
        assert not any("\\" in value for value in entry.fields.values()), entry.key
        assert re.fullmatch(r"|\w+(--\w+)?", entry.fields.get("pages", "")), entry.key
        assert entry.fields["keywords"] == entry.group


@pytest.mark.parametrize(
    ("key", "authors", "first", "last"),
    [
        ("hetrick2017", 17, "Hetrick", "McGorry"),
        ("janevic2016", 13, "Janevic", "Malveaux"),
        ("hong2018", 13, "Hong", "Vedel"),
        ("schiff2022", 11, "Schiff", "Bernstein"),
        ("harmsen2022", 9, "Harmsen van der Vliet-Torij", "Goumans"),
        ("soraghan2025", 7, "Soraghan", "Ottaway"),
    ],
)
def test_long_lists_of_authors_are_complete(
    key: str, authors: int, first: str, last: str, bibliography: Bibliography
) -> None:
    """Nobody is lost from the longest lists of authors."""
    names = [name.family for name in bibliography[key].authors]
    assert (len(names), names[0], names[-1]) == (authors, first, last)


def test_five_grey_papers_are_of_2017(
    papers: dict[int, dict[str, Any]], bibliography: Bibliography
) -> None:
    """The report names five; its list of references gives the same."""
    years = [
        bibliography[paper["citekey"]].year
        for paper in papers.values()
        if paper["source_type"] == "Grey literature"
    ]
    assert years.count(2017) == 5


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    with choose_display() as display:
        found = compute_claims(load_config(ROOT, "report"), progress=display)
    return {claim.id: claim for claim in found}


def test_every_claim_is_computed_or_says_why_not(claims: dict[str, Claim]) -> None:
    """Most are, and each that differs or cannot be checked is explained."""
    found = Counter(claim.status for claim in claims.values())
    assert found == {"agrees": 140, "differs": 61, "not checkable": 26}
    assert [id for id, c in claims.items() if c.status != "agrees" and not c.explanation] == []


@pytest.mark.parametrize(
    ("id", "published", "computed"),
    [
        ("rationales-health", "16", "17"),
        ("rationales-social-work", "11", "13"),
        ("rationales-education", "7", "6"),
        ("included-young", "7", "8"),
        ("experiences-young-studies", "8", "7"),
        ("experiences-parents-people", "442", "512"),
        ("methods-codes-high", "7", "8"),
        ("methods-codes-sub", "89", "60"),
        ("methods-used", "87", "86"),
        ("experiences-year-6", "2022", "2021"),
        ("experiences-year-85", "2018", "2019"),
    ],
)
def test_known_contradictions_of_the_report_are_found(
    id: str, published: str, computed: str, claims: dict[str, Claim]
) -> None:
    """Where the report contradicts its own tables, the claim shows both values."""
    claim = claims[id]
    assert (claim.published, claim.computed, claim.status) == (published, computed, "differs")


def test_each_differing_claim_is_acknowledged(claims: dict[str, Claim]) -> None:
    """The acknowledged problems name the claims that differ, and no others."""
    entries = yaml.safe_load((ROOT / "data/acknowledged.yml").read_text("utf-8"))["acknowledged"]
    named = {entry["place"] for entry in entries if entry["rule"] == "claim-differs"}
    assert named == {id for id, claim in claims.items() if claim.status == "differs"}


def test_findings_rest_on_every_cited_paper(schema: Schema) -> None:
    """Every paper but 47 has a finding, and there are at least 150 findings."""
    rows = read_table(ROOT / "data/findings.csv", schema.table("findings"), ROOT)
    records = list(rows.records())
    codes = {code for record in records for code in record["codes_for"] + record["codes_against"]}
    assert len(records) >= 150
    assert codes == set(range(1, 88)) - {47}


def test_nothing_published_is_said_to_be_lost() -> None:
    """What our copy of the source lacks is in the published report: no text says otherwise."""
    lost = re.compile(
        r"not survive|has survived|have survived|that survives?\b|whose \w+ survives?\b"
        r"|surviving text|come down to us|not reach us|(?:is|are) lost\b|table lost",
        re.I,
    )
    texts = [ROOT / "index.qmd", ROOT / "_quarto.yml", ROOT / "README.md"]
    texts += [*(ROOT / "chapters").iterdir(), *(ROOT / "data").rglob("*.*")]
    found = [f"{path.name}: {lost.findall(path.read_text('utf-8'))}" for path in texts]
    assert len(texts) > 40
    assert [line for line in found if not line.endswith("[]")] == []


def test_the_study_with_most_young_people_is_alone(papers: dict[int, dict[str, Any]]) -> None:
    """The chapter on experiences calls paper 6 the largest study of its kind."""
    cited = _csv("data/findings.csv")
    (codes,) = (_items(row["codes_for"]) for row in cited if row["id"] == "experiences-young-01")
    heard = {code: papers[int(code)]["young_people"] or 0 for code in codes}
    assert [code for code in heard if heard[code] == sorted(heard.values())[-1]] == ["6"]


def test_every_code_group_of_the_source_is_attributed_as_it_was() -> None:
    """591 groups of codes, none missing and none added, each at the finding it was read for."""
    groups, findings = _csv("tests/data/code_groups.csv"), _csv("data/findings.csv")
    assert Counter(group["kind"] for group in groups) == {
        "raised numbers": 575,
        "quotation": 16,
        "carried over": 27,
    }
    assert wrong_attributions(groups, findings) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"process-trust-01": "68; 70; 42; 71"}, ["process-trust-01 lacks 54"]),
        ({"process-trust-01": "68; 54; 70; 42; 71; 9"}, ["process-trust-01 has 9, of no group"]),
        (
            {"levels-organisation-02": "8", "levels-organisation-03": "82"},
            [
                "levels-organisation-02 has 8, of no group",
                "levels-organisation-02 lacks 82",
                "levels-organisation-03 has 82, of no group",
                "levels-organisation-03 lacks 8",
            ],
        ),
    ],
)
def test_a_code_that_is_moved_dropped_or_added_is_found(
    change: dict[str, str], said: list[str]
) -> None:
    """In whichever of two findings of one paragraph it was."""
    findings = [
        {**row, "codes_for": change.get(row["id"], row["codes_for"])}
        for row in _csv("data/findings.csv")
    ]
    assert wrong_attributions(_csv("tests/data/code_groups.csv"), findings) == said


def test_a_finding_that_is_removed_is_found() -> None:
    """With all of its codes."""
    findings = [row for row in _csv("data/findings.csv") if row["id"] != "definitions-delivery-08"]
    found = wrong_attributions(_csv("tests/data/code_groups.csv"), findings)
    assert found == ["definitions-delivery-08 lacks 73"]


def wrong_attributions(
    groups: Iterable[Mapping[str, str]], findings: Iterable[Mapping[str, str]]
) -> list[str]:
    """Return where findings and the source's groups of codes differ, in words.

    A group that several findings share stands behind each of them. A code that a finding has with
    no group, because the source goes on about the same paper, is a row "carried over": whoever
    adds such a finding adds the row.
    """
    expected, given = defaultdict(set), defaultdict(set)
    for group in groups:
        for name in _items(group["findings"]):
            expected[name].update(_items(group["codes"]))
    for row in findings:
        for column in ("codes_for", "codes_against"):
            given[row["id"]].update(_items(row[column]))
    lacking = [f"{name} lacks {code}" for name in expected for code in expected[name] - given[name]]
    added = [
        f"{name} has {code}, of no group" for name in given for code in given[name] - expected[name]
    ]
    return sorted(lacking + added)


def _csv(name: str) -> list[dict[str, str]]:
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _items(cell: str) -> set[str]:
    return {item.strip() for item in cell.split(";") if item.strip()}


def _numbers(cell: str) -> list[int]:
    """Return the numbers of a published cell outside brackets."""
    outside = re.sub(r"\([^)]*\)", "", cell)
    return [int(number) for number in re.findall(r"\d+", outside)]
