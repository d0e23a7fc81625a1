"""Studies: papers grouped by a column or a table of their own, and counted as the review says."""

from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import DataError, Problems
from reviewpress.evidence.flow import parse_flow
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.evidence.screening import check_screening, empty_flow
from reviewpress.evidence.studies import check_studies, read_studies
from reviewpress.review import Review, load

PAPERS = "code,citekey,source_type,regions,sections{}\n"
ROWS = (
    ("1", "known2020", "Peer reviewed", "Scotland", "Outcomes"),
    ("2", "other2021", "Grey literature", "Europe; Oceania", "Outcomes"),
    ("3", "third2022", "Peer reviewed", "Scotland", "Outcomes"),
)
THIRD = """
@article{third2022,
  author = {Known, Ada},
  title = {A third},
  journal = {T},
  year = {2022},
  code = {3},
}
"""
FULL, TITLE = "full text", "title and abstract"


def review_of(
    project: Any,
    *columns: tuple[str, ...],
    files: dict[str, str] | None = None,
    unit: str = "studies",
) -> Review:
    """Return a review of three papers; `columns` are a name and a cell for each."""
    header = PAPERS.format("".join(f",{name}" for name, *_ in columns))
    lines = [",".join([*row, *(cells[n] for _, *cells in columns)]) for n, row in enumerate(ROWS)]
    root: Path = project(
        runs=False, files={"data/papers.csv": header + "\n".join(lines) + "\n", **(files or {})}
    )
    bib = root / "bib" / "references.bib"
    bib.write_text(bib.read_text("utf-8") + THIRD, "utf-8")
    schema = root / "data" / "schema.yml"
    text = schema.read_text("utf-8")
    for name, *_ in columns:
        text = text.replace(
            "      - name: regions",
            f"      - name: {name}\n        type: string\n      - name: regions",
            1,
        )
    schema.write_text(text, "utf-8")
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text("utf-8") + f"  unit: {unit}\n", "utf-8")
    return load(root)


def test_a_column_groups_papers(project: Any) -> None:
    """The first paper is primary unless one is marked; a paper without a study is one itself."""
    review = review_of(
        project, ("study", "Known trial", "", "Known trial"), ("primary", "", "", "yes")
    )
    found = list(read_studies(review))
    assert [(study.name, study.codes) for study in found] == [
        ("Known trial", (3, 1)),
        ("Other 2021", (2,)),
    ]
    assert str(review.cite_study("Known trial")) == "Known trial: [@third2022; @known2020]"
    with pytest.raises(DataError, match='there is no study "Known trail"'):
        review.cite_study("Known trail")
    assert list(review.studies["primary"]) == [3, 2]


def test_counts_are_of_studies(project: Any) -> None:
    """A study has the terms of all its papers, once each; the box says both numbers."""
    review = review_of(project, ("study", "Known trial", "", "Known trial"))
    assert dict(review.count("regions").itertuples(index=False)) == {
        "Scotland": 1, "Europe": 1, "Oceania": 1,
    }  # fmt: skip
    assert list(review.count("regions").columns) == ["term", "studies"]
    section = review.section("Outcomes")
    assert (section.papers, section.studies) == (3, 2)
    box = str(review.evidence_box("Outcomes"))
    assert "Two studies (three papers)" in box
    assert "A study with several" in box


def test_counts_are_of_papers_unless_said(project: Any) -> None:
    """Grouping alone changes no count of papers."""
    review = review_of(project, ("study", "Known trial", "", "Known trial"), unit="papers")
    assert dict(review.count("regions").itertuples(index=False))["Scotland"] == 2
    assert review.section("Outcomes").studies is None
    assert "Three papers" in str(review.evidence_box("Outcomes"))


def test_a_table_of_studies(project: Any) -> None:
    """The first of its papers is primary; other columns are the author's."""
    table = "study,papers,country\nKnown trial,3; 1,Wales\n"
    review = review_of(project, files={"data/studies.csv": table})
    assert [study.codes for study in read_studies(review)] == [(3, 1), (2,)]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("study,papers\nA,1; 9\n", "no paper has the code 9."),
        ("study,papers\nA,1\nB,1; 2\n", 'the paper 1 is of the study "A" already.'),
        ("study,papers\nA,\n", "A value is needed here."),
    ],
)
def test_a_table_of_studies_that_cannot_be(table: str, message: str, project: Any) -> None:
    """Each with its row and column."""
    review = review_of(project, files={"data/studies.csv": table})
    with pytest.raises(Problems) as caught:
        read_studies(review)
    assert message in str(caught.value)
    assert "data/studies.csv, row" in str(caught.value)


def test_studies_that_are_named_twice(project: Any) -> None:
    """Two tables of studies, or two primary reports of one, are problems."""
    named = ("study", "A", "A", "")
    review = review_of(project, named, files={"data/studies.csv": "study,papers\nB,3\n"})
    with pytest.raises(Problems, match="in the table of papers as well"):
        read_studies(review)


def test_two_primary_reports(project: Any) -> None:
    """Only one report stands for a study."""
    review = review_of(project, ("study", "A", "A", ""), ("primary", "yes", "yes", ""))
    (problem,) = check_studies(review)
    assert problem.message == 'the study "A" has 2 primary reports.'


def test_papers_alike_are_not_one_study(project: Any) -> None:
    """Two papers of one author and year without a study are two studies."""
    review = review_of(project, ("study", "", "", ""))
    bib = review.root / "bib" / "references.bib"
    bib.write_text(bib.read_text("utf-8").replace("year = {2022}", "year = {2020}"), "utf-8")
    names = [study.name for study in read_studies(load(review.root))]
    assert names == ["Known 2020a", "Other 2021", "Known 2020b"]


def test_the_flow_counts_studies(project: Any) -> None:
    """New studies are those of the reports; they are never more than these."""
    rows = "".join(
        f"{key},{TITLE},include,,AB\n{key},{FULL},include,,AB\n"
        for key in ("known2020", "other2021", "third2022")
    )
    files = {"data/screening.csv": "record,stage,decision,reason,reviewer\n" + rows}
    review = review_of(project, ("study", "Known trial", "", "Known trial"), files=files)
    assert (review.flow["new_reports"], review.flow["new_studies"]) == (3, 2)
    assert check_flow(review.flow) == []
    counts = {"previous_studies": 4, "previous_reports": 3}
    told = [p.message for p in check_flow(parse_flow(empty_flow(), "f").with_counts(counts))]
    assert told == ["previous_studies (4) is more than previous_reports (3)."]


def flow_file(**counts: int) -> dict[str, str]:
    """Return the file of a flow with these counts, and with no others."""
    return {"data/flow.csv": parse_flow(empty_flow(), "f").with_counts(counts).content.decode()}


GROUPED = ("study", "Known trial", "", "Known trial")


def test_without_decisions_the_table_gives_reports_and_studies(project: Any) -> None:
    """What the flow leaves blank is counted; an update has what was there before in its totals."""
    review = review_of(project, GROUPED, files=flow_file())
    assert dict(review.flow.known) == {"new_studies": 2, "new_reports": 3}
    path = review.root / "data" / "flow.csv"
    path.write_text(flow_file(previous_reports=2, previous_studies=1)["data/flow.csv"], "utf-8")
    flow = load(review.root).flow
    assert (flow["new_studies"], flow["new_reports"]) == (1, 1)
    assert (flow["total_studies"], flow["total_reports"]) == (2, 3)
    path.write_text(flow_file(new_studies=2)["data/flow.csv"], "utf-8")
    assert load(review.root).flow["new_reports"] is None  # the rows may be studies


@pytest.mark.parametrize(
    ("counts", "messages"),
    [
        ({"new_studies": 2, "new_reports": 3}, []),
        ({"new_studies": 2, "new_reports": 5}, []),
        ({"new_studies": 3, "new_reports": 3},
         ["the flow counts 3 studies that are included, but the table of papers has 2."]),
        ({"new_reports": 2},
         ["the flow counts 2 reports that are included, but the table of papers has 3."]),
        ({"previous_reports": 2, "new_reports": 1}, []),
    ],
)  # fmt: skip
def test_a_flow_that_the_table_of_papers_contradicts(
    counts: dict[str, int], messages: list[str], project: Any
) -> None:
    """More reports than papers may be; more or fewer studies than groups of papers may not."""
    review = review_of(project, GROUPED, files=flow_file(**counts))
    found = list(check_screening(review))
    assert [problem.message for problem in found] == messages
    assert all(problem.where and problem.where.column == "n" for problem in found)


def test_pooled_studies_are_no_more_than_included() -> None:
    """Also where a first version gives no total; and no more are pooled than synthesised."""

    def told(**counts: int) -> list[str]:
        flow = parse_flow(empty_flow(), "f").with_counts(counts)
        return [problem.message for problem in check_flow(flow)]

    assert told(new_studies=4, total_studies_ma=3, total_studies_synthesis=4) == []
    assert told(new_studies=4, total_studies_ma=5) == [
        "total_studies_ma (5) is more than new_studies (4)."
    ]
    assert told(total_studies_synthesis=2, total_studies_ma=3) == [
        "total_studies_ma (3) is more than total_studies_synthesis (2)."
    ]
    assert told(new_reports=4, total_reports=6, previous_reports=2, total_reports_ma=6) == []


def test_the_table_of_studies_is_by_study(project: Any) -> None:
    """A row a study: its reports, what they are counted by, and the columns of studies.csv."""
    table = "study,papers,Funder\nKnown trial,1; 3,Made-up Fund\n"
    review = review_of(project, files={"data/studies.csv": table})
    schema = review.root / "data" / "schema.yml"
    named = "      - name: regions\n"
    text = schema.read_text("utf-8").replace(named, f"{named}        evidence: Where\n", 1)
    schema.write_text(text, "utf-8")
    review = load(review.root)
    frame = review.study_table
    assert list(frame["Study"]) == ["Known trial", "Other 2021"]
    assert list(frame["Reports"].map(str)) == ["[@known2020; @third2022]", "[@other2021]"]
    title = review.schema.table("papers").field("regions").title or "regions"
    assert list(frame[title]) == ["Scotland", "Europe; Oceania"]
    assert list(frame["Funder"]) == ["Made-up Fund", ""]


def test_the_table_of_studies_says_what_was_retracted(project: Any) -> None:
    """Of a study with several reports, which one it was; a study of one report needs no code."""
    review = review_of(project, files={"data/studies.csv": "study,papers\nKnown trial,1; 3\n"})
    bib = review.root / "bib" / "references.bib"
    text = bib.read_text("utf-8")
    for key in ("third2022", "other2021"):
        head, found, tail = text.partition(f"{{{key},")
        assert found
        text = f"{head}{found}\n  nbib-rin = {{J Tests. 2026;1(1):9}},{tail}"
    bib.write_text(text, "utf-8")
    assert list(load(review.root).study_table["Reports"].map(str)) == [
        r"[@known2020; @third2022] \[3: Retracted\]",
        r"[@other2021] \[Retracted\]",
    ]


SCORES = """  appraisal:
    path: appraisal.csv
    primaryKey: [code, criterion]
    fields:
      - {name: code, type: integer}
      - {name: criterion, type: string}
      - name: answer
        type: string
        constraints: {enum: ["Yes", "No"]}
"""


def test_a_study_is_appraised_once(project: Any) -> None:
    """On any of its reports; the box counts studies, and charts name them."""
    review = review_of(project, ("study", "Known trial", "", "Known trial"))
    schema = review.root / "data" / "schema.yml"
    schema.write_text(schema.read_text("utf-8").rstrip("\n") + "\n" + SCORES, "utf-8")
    table = review.root / "data" / "appraisal.csv"
    table.write_text("code,criterion,answer\n3,1.1,Yes\n3,1.2,No\n", "utf-8")
    review = load(review.root)
    assert dict(review.appraisal.names) == {3: "Known trial"}
    section = review.section("Outcomes")
    assert (section.appraised, section.studies) == (1, 2)
    assert "appraisal available for one of the two studies" in str(review.evidence_box("Outcomes"))
    table.write_text("code,criterion,answer\n3,1.1,Yes\n1,1.1,No\n", "utf-8")
    with pytest.raises(Problems, match='the study "Known trial" is appraised on the papers'):
        _ = load(review.root).appraisal
