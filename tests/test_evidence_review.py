"""What chapters ask of the evidence: papers, sections, counts, findings, and what was read."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pypandoc
import pytest

import reviewpress
from reviewpress.errors import ConfigError, DataError, ReportError
from reviewpress.review import Review
from reviewpress.store.digests import digest_bytes
from reviewpress.tables.reads import reads as registry

ROOT = Path(__file__).parent / "projects" / "small-evidence"


@pytest.fixture
def review() -> Review:
    return reviewpress.load(ROOT)


def test_papers_are_indexed_by_code_with_columns_of_their_kinds(review: Review) -> None:
    """Vocabularies are categories, lists are tuples, numbers may be missing."""
    papers = review.papers
    assert list(papers.index) == [1, 2, 3, 4]
    assert papers.source_type.cat.categories.tolist() == ["Peer reviewed", "Grey literature"]
    assert papers.regions[1] == ("Scotland", "Wales")
    assert papers.regions[4] == ()
    assert str(papers.staff.dtype) == "Int64"
    assert papers.staff.isna().tolist() == [False, False, True, True]


def test_papers_have_year_author_and_title_of_the_bibliography(review: Review) -> None:
    """What the bibliography knows stands beside what the table knows."""
    papers = review.papers
    assert papers.year.tolist() == [2020, 2021, 2019, 2022]
    assert papers.author.tolist() == ["Abel et al.", "Bee and Cole", "Cole Trust", "Dahl"]
    assert papers.title[1] == "First study"


def test_the_bare_table_of_papers_changes_nothing(review: Review) -> None:
    """Whichever is asked for first, papers have their year and the table of papers has not."""
    assert "year" not in review.frame("papers")
    assert review.papers.year[1] == 2020
    assert "year" not in review.frame("papers")


def test_a_chapter_cannot_change_the_evidence(review: Review) -> None:
    """A changed DataFrame is the chapter's own."""
    papers = review.papers
    papers.loc[1, "staff"] = 99
    del papers["title"]
    assert review.papers.staff[1] == 10
    assert review.papers.title[1] == "First study"


def test_a_section_counts_its_papers(review: Review) -> None:
    """A paper with two regions counts once in each, and a term without papers counts none."""
    box = review.section("Causes")
    assert (box.papers, box.peer_reviewed, box.grey, box.codes) == (3, 2, 1, (1, 2, 3))
    assert box.study_types == {"Survey": 2, "Trial": 1}
    assert box.regions == {"Wales": 2, "Scotland": 1, "North*America": 1}
    assert review.section("Remedies").regions["North*America"] == 0
    assert (box.appraised, dict(box.ratings)) == (2, {"50%": 2})


def test_a_section_is_found_by_its_chapter_too(review: Review) -> None:
    """Authors think of the chapter they write."""
    assert review.section("remedies") == review.section("Remedies")


def test_a_section_without_a_term_counts_what_its_findings_cite(review: Review) -> None:
    """Definitions have no column in the data; their evidence is what they rest on."""
    assert review.section("Terms").codes == (4,)


def test_unknown_names_are_told_with_the_nearest(review: Review) -> None:
    """Sections, terms, columns, findings and codes that do not exist."""
    with pytest.raises(ConfigError, match='Did you mean "Causes"'):
        review.section("Cause")
    with pytest.raises(DataError, match='Did you mean "Wales"'):
        review.section("Causes").regions["Whales"]
    with pytest.raises(ConfigError, match='Did you mean "regions"'):
        review.count("region")
    with pytest.raises(DataError, match='Did you mean "causes-01"'):
        review.finding("causes-1")
    with pytest.raises(DataError, match="no paper has the code 9"):
        review.cite([1, 9])
    with pytest.raises(DataError, match="cannot be counted"):
        review.section("Causes").methods  # noqa: B018 - the property is what is tested


def test_counting_papers_by_terms(review: Review) -> None:
    """The most frequent term first, a paper once for each of its terms, zeros on demand."""
    counts = review.count("regions")
    assert list(counts.columns) == ["term", "papers"]
    assert dict(zip(counts.term, counts.papers, strict=True)) == {
        "Wales": 2,
        "Scotland": 1,
        "North*America": 1,
    }
    causes = review.papers[review.papers.sections.map(lambda names: "Remedies" in names)]
    assert review.count("study_type", causes).term.tolist() == ["Trial", "Review"]
    assert review.count("study_type", [2], zeros=True).papers.tolist() == [1, 0, 0]


def test_cells_without_a_value_are_counted_by_what_they_say(review: Review) -> None:
    """Not recorded is no region, and is not silently left out either."""
    assert review.without_value("regions") == {"not recorded": 1}


def test_people_are_counted_by_group(review: Review) -> None:
    """Papers with at least one person, people, the most in one paper, cells without a number."""
    people = review.people().set_index("column")
    assert people.loc["staff"].tolist() == ["Professionals", 2, 15, 10, 2]
    assert people.loc["parents"].tolist() == ["Parents", 1, 7, 7, 2]


def test_findings_know_their_papers(review: Review) -> None:
    """Codes for and against, and how many papers are for it."""
    finding = review.finding("causes-01")
    assert (finding.papers, finding.against, finding.count) == ((1, 2), (3,), 2)
    assert finding.codes == (1, 2, 3)
    assert finding.caveat == "Small samples."
    assert review.findings.codes_for["causes-01"] == (1, 2)


def test_papers_are_cited_by_code(review: Review) -> None:
    """A cell of a table cites papers as a sentence does."""
    assert review.cite([1, 4]) == "[@abel2020; @dahl2022]"
    assert review.cite(2) == "[@bee2021]"
    assert review.cite([]) == ""


def test_restricting_to_regions_restricts_everything() -> None:
    """Only papers of the regions count, also in findings and appraisal."""
    review = reviewpress.load(ROOT, regions=["Scotland", "North*America"])
    assert review.codes == (1, 3)
    assert review.papers.index.tolist() == [1, 3]
    assert review.section("Causes").papers == 2
    assert review.finding("causes-01").papers == (1,)
    assert review.findings.codes_for["causes-01"] == (1,)
    assert review.appraisal.available == (1,)
    assert review.people().people.tolist() == [10, 7]
    assert review.whole.codes == (1, 2, 3, 4)


def test_an_unknown_region_is_told() -> None:
    """A parameter with a slip does not give an empty report."""
    with pytest.raises(DataError, match='Did you mean "Scotland"'):
        reviewpress.load(ROOT, regions=["Scotlnd"])


def test_only_what_is_asked_for_is_read(review: Review) -> None:
    """A chapter depends on the tables it uses, with the hash of their content."""
    assert review.reads == ()
    review.section("Remedies")
    names = [read.path for read in review.reads]
    assert "data/papers.csv" in names
    assert "data/findings.csv" not in names
    assert "bib/references.bib" not in names
    found = dict(review.reads)["data/papers.csv"]
    assert found == digest_bytes((ROOT / "data/papers.csv").read_bytes())
    assert dict(registry)["data/papers.csv"] == found


def test_a_file_of_the_review_is_recorded(review: Review) -> None:
    """Data past the tables is asked for by name."""
    assert review.path("data/claims.csv") == (ROOT / "data/claims.csv").resolve()
    assert "data/claims.csv" in dict(review.reads)
    with pytest.raises(DataError, match=r'Did you mean "data/claims\.csv"'):
        review.path("data/claim.csv")
    with pytest.raises(DataError, match="not inside the review"):
        review.path("../minimal/_quarto.yml")


def test_the_evidence_box_says_it_in_sentences(review: Review) -> None:
    """Papers, kinds of study, regions and quality, safe to stand in Markdown."""
    assert str(review.evidence_box("Causes")) == (
        "::: {.evidence-box}\n"
        "**Evidence in this chapter**\n\n"
        "Three papers: two peer reviewed and one grey literature.\n\n"
        "- **Kinds of study**: Survey (2), Trial (1)\n"
        "- **Regions**: Wales (2), Scotland (1), North\\*America (1)\n"
        "- **Quality**: appraisal available for two of the three papers; "
        "overall ratings as published: 50% (2); not available for one\n\n"
        "A paper with several regions counts once for each.\n"
        ":::\n"
    )


def test_the_evidence_box_of_no_papers(review: Review) -> None:
    """A restriction may leave a section without papers."""
    none = reviewpress.load(ROOT, regions=["North*America"])
    assert "No included paper belongs to this section." in str(none.evidence_box("Remedies"))


def test_the_evidence_box_is_one_div_of_markdown(review: Review) -> None:
    """pandoc reads the box as a div with a list of its items."""
    html = pypandoc.convert_text(
        review.evidence_box("Causes")._repr_markdown_(), "html", "markdown"
    )
    assert html.startswith('<div class="evidence-box">')
    assert html.count("<li>") == 3
    assert "North*America" in html


def test_outside_a_review_is_told(tmp_path: Path) -> None:
    """Loading where there is no review says what to do."""
    with pytest.raises(ReportError, match="reviewpress new"):
        reviewpress.load(tmp_path)


def test_public_names_are_complete() -> None:
    """Every public name can be imported, and unknown ones fail as usual."""
    for name in reviewpress.__all__:
        assert getattr(reviewpress, name) is not None
        assert name in dir(reviewpress)
    with pytest.raises(AttributeError):
        reviewpress.nothing  # noqa: B018 - the access is what is tested


def test_importing_the_package_is_cheap() -> None:
    """The command line starts without pandas and without reading anything."""
    code = (
        "import sys; before = set(sys.modules); import reviewpress; "
        "print([m for m in sys.modules if m not in before and not m.startswith('reviewpress')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pandas", "yaml", "bibtexparser", "numpy", "dataclasses", "typing"}
    loaded = {name.strip(" '[]\n") for name in found.stdout.split(",")}
    assert not heavy & loaded - {"typing"}


def test_frames_hold_other_kinds_of_columns() -> None:
    """Dates, truth values and numbers have their pandas types."""
    from reviewpress.tables.frames import to_frame
    from reviewpress.tables.reader import parse_table
    from reviewpress.tables.schema import Field, Table

    fields = (Field("d", "date"), Field("t", "boolean"), Field("n", "number"), Field("y", "year"))
    content = b"d,t,n,y\n2023-06-30,true,1.5,2023\n,,,2024\n2024-01-01,,,\n"
    frame = to_frame(parse_table(content, Table("x", "x.csv", fields), "x.csv"))
    assert frame.d[0] == pd.Timestamp("2023-06-30")
    assert frame.t[0]
    assert (frame.n[0], frame.y[0]) == (1.5, 2023)
    assert frame.isna().sum().tolist() == [1, 2, 2, 1]
