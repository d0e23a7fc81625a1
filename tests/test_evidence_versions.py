"""An update: what is of the earlier version is counted as such, and needs no new decision."""

from typing import Any

import pytest

from reviewpress.errors import ReportError
from reviewpress.evidence.flow import parse_flow, write_flow
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.evidence.records import check_records
from reviewpress.evidence.screening import check_screening, empty_flow
from reviewpress.figures.charts.prisma import flow_text
from reviewpress.review import Review, load

HEADER = "record,stage,decision,reason,reviewer,source,date\n"
TITLE, FULL = "title and abstract", "full text"
LOG = "file,sha256,number,outcome,key,like,reason,title,differences\n"
SEARCHES = """\
{}sources:
  - {{id: one, name: One, kind: database}}
  - {{id: web, name: Web, kind: website}}
searches:
  - {{id: first, source: one, date: 2024-01-10, file: old.ris}}
  - {{id: again, source: one, date: 2025-01-10, file: new.ris}}
"""
UNTIL = "earlier-version: {until: 2024-02-01}\n"
OLD = (
    f"known2020,{TITLE},include,,AB,,\nknown2020,{FULL},include,,AB,,\n"
    f"gone2019,{TITLE},exclude,Topic,AB,,\n"
)
NEW = f"other2021,{TITLE},include,,AB,,\nother2021,{FULL},include,,AB,,\n"
ROWS_OF_LOG = (
    "old.ris,aa,1,merged,known2020,,,T,\nold.ris,aa,2,added,gone2019,,,T,\n"
    "new.ris,bb,1,already there,known2020,,,T,\nnew.ris,bb,2,merged,other2021,,,T,\n"
)


def update(
    project: Any, rows: str = OLD + NEW, *, until: str = UNTIL, log: str = ROWS_OF_LOG,
    folder: str = "review", **files: str,
) -> Review:  # fmt: skip
    return load(
        project(
            runs=False,
            folder=folder,
            files={
                "data/screening.csv": HEADER + rows,
                "data/searches.yml": SEARCHES.format(until),
                "data/imports.csv": LOG + log,
                **files,
            },
        )
    )


def found(review: Review) -> list[str]:
    """Return what is wrong, but for records that the small bibliography lacks."""
    problems = [*check_flow(review.flow), *check_screening(review), *check_records(review)]
    return [p.message for p in problems if p.severity == "error"]


def test_a_search_run_again_a_year_later(project: Any) -> None:
    """The boxes are of the new search; what the first one found is a duplicate in it."""
    review = update(project)
    known = review.flow.known
    assert (known["database_results"], known["duplicates"]) == (2, 1)
    assert (known["records_screened"], known["records_excluded"]) == (1, 0)
    assert (known["previous_studies"], known["previous_reports"]) == (1, 1)
    assert (known["new_studies"], known["new_reports"]) == (1, 1)
    assert (known["total_studies"], known["total_reports"]) == (2, 2)
    assert found(review) == []


def test_without_an_earlier_version_all_is_new(project: Any) -> None:
    """The same files, and no word of an earlier version."""
    known = update(project, until="").flow.known
    assert (known["database_results"], known["duplicates"], known["records_screened"]) == (4, 1, 3)
    assert "previous_reports" not in known
    assert "total_reports" not in known


def test_papers_of_a_version_made_elsewhere(project: Any) -> None:
    """Papers without any decision are of the earlier version, as many as the flow says."""
    flow = parse_flow(empty_flow(), "f").with_counts({"previous_studies": 1, "previous_reports": 1})
    first = "  - {id: first, source: one, date: 2024-01-10, file: old.ris}\n"
    searches = SEARCHES.format("").replace(first, "")
    files = {"data/flow.csv": flow.content.decode(), "data/searches.yml": searches}
    new = "new.ris,bb,1,merged,known2020,,,T,\nnew.ris,bb,2,merged,other2021,,,T,\n"
    review = update(project, NEW, until="", log=new, **files)
    known = review.flow.known
    assert (known["database_results"], known["duplicates"]) == (2, 1)
    assert (known["total_studies"], known["total_reports"]) == (2, 2)
    assert found(review) == []


def test_a_number_of_earlier_papers_that_is_wrong(project: Any) -> None:
    """A paper whose decision is mistyped does not pass for one of the earlier version."""
    flow = parse_flow(empty_flow(), "f").with_counts({"previous_studies": 1, "previous_reports": 1})
    files = {"data/flow.csv": flow.content.decode()}
    wrong = NEW.replace("other2021", "othre2021")
    review = update(project, wrong, until="", log="", **files)
    told = found(review)
    assert any("previous_reports is 1, but the screening decisions give 2." in one for one in told)
    assert any('no decision on full text includes "known2020", "other2021"' in one for one in told)


def test_a_new_report_of_an_earlier_study(project: Any) -> None:
    """It is a new report, and none of a new study."""
    study = "study,papers\nTrial,1; 2\n"
    known = update(project, **{"data/studies.csv": study}).flow.known
    assert (known["new_studies"], known["new_reports"]) == (0, 1)
    assert (known["total_studies"], known["total_reports"]) == (1, 2)


def test_records_that_no_search_found(project: Any) -> None:
    """They are of the version in which they were decided on, or their source was searched."""
    late = f"web1,{FULL},exclude,Topic,AB,Web,\n"
    searches = SEARCHES.format(UNTIL) + "  - {id: w, source: web, date: 2025-02-01, records: 1}\n"
    files = {"data/searches.yml": searches}
    review = update(project, OLD + NEW + late, **files)
    assert review.flow.known["other_assessed"] == 1
    early = f"web1,{FULL},exclude,Topic,AB,Web,2024-01-20\n"
    review = update(project, OLD + NEW + early, folder="early", **files)
    assert review.flow.get("other_assessed") in (None, 0)
    undated = f"web1,{FULL},exclude,Topic,AB,,\n"
    review = update(project, OLD + NEW + undated, folder="undated")
    assert review.flow.known["dbr_assessed"] == 1


def test_a_wrong_day_is_told(project: Any) -> None:
    """`until` is a date."""
    review = update(project, until="earlier-version: {until: last year}\n")
    with pytest.raises(ReportError, match="a date, as in"):
        _ = review.searches


def test_a_report_that_waited_is_read_now(project: Any) -> None:
    """It is new, by way of other methods; earlier decisions on it are not counted."""
    waited = f"late,{TITLE},include,,AB,,\nlate,{FULL},awaiting classification,,AB,,\n"
    log = ROWS_OF_LOG + "old.ris,aa,3,added,late,,,T,\n"
    before = update(project, OLD + NEW + waited, log=log).flow.known
    assert "awaiting_reports" not in before
    settled = f"late,{FULL},exclude,Design,agreed,,2025-01-20\n"
    flow = update(project, OLD + NEW + waited + settled, log=log, folder="settled").flow
    assert (flow["other_assessed"], flow["records_screened"]) == (1, 1)
    assert [reason.name for reason in flow.reasons("other_excluded")] == ["Design"]
    assert check_flow(flow) == []
    assert (flow["reopened_reports"], "reopened_reports" in before) == (1, False)
    absent = ("website_results", "organisation_results", "citations_results")
    told = flow_text(flow, without=absent).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "- Reports that waited in the previous version (n = 1)" in told
    assert b"reopened_reports" in write_flow(flow)


@pytest.mark.parametrize("waited", ["awaiting classification", "ongoing"])
def test_what_was_agreed_then_settles_nothing_read_since(project: Any, waited: str) -> None:
    """A report that waited by consensus is read later by one person, or by two who differ."""
    then = f"late,{TITLE},include,,AB,,\nlate,{FULL},{waited},,agreed,,\n"
    log = ROWS_OF_LOG + "old.ris,aa,3,added,late,,,T,\n"
    now = f"late,{FULL},include,,AB,,2025-01-20\n"
    flow = update(project, OLD + NEW + then + now, log=log).flow
    assert (flow["other_assessed"], flow["new_reports"], flow["total_reports"]) == (1, 2, 3)
    assert flow.get("awaiting_reports") is flow.get("ongoing_reports") is None
    differing = now + f"late,{FULL},exclude,Topic,CD,,2025-01-21\n"
    with pytest.raises(ReportError, match="is not settled: include"):
        _ = update(project, OLD + NEW + then + differing, log=log, folder="differ").flow
    settled = differing + f"late,{FULL},exclude,Topic,agreed,,2025-01-22\n"
    flow = update(project, OLD + NEW + then + settled, log=log, folder="settled").flow
    assert (flow["other_excluded"], flow["new_reports"]) == (1, 1)
    before = f"late,{FULL},include,,AB,,2023-01-20\n"
    flow = update(project, OLD + NEW + then + before, log=log, folder="before").flow
    assert flow["new_reports"] == 1


def test_what_is_new_is_listed(project: Any) -> None:
    """A row a new paper, with the findings that rest on it; without an update there is none."""
    review = update(project)
    (row,) = review.changes.to_dict("records")
    assert row["Study"] == "Other 2021"
    assert row["Paper"] == "[@other2021]"
    assert row["Change"] == "new study"
    assert row["Findings"]
    study = update(project, folder="of-a-study", **{"data/studies.csv": "study,papers\nT,1; 2\n"})
    assert list(study.changes["Change"]) == ["new report of an earlier study"]
    assert len(update(project, until="", folder="first").changes) == 0


def test_what_earlier_versions_counted(project: Any) -> None:
    """From their searches and decisions alone, so that both versions add up to the whole."""
    review = update(project)
    before, now = review.earlier_flow, review.flow
    boxes = ("database_results", "duplicates", "records_screened", "records_excluded",
             "dbr_sought_reports", "dbr_assessed", "new_reports")  # fmt: skip
    assert [before.get(box) for box in boxes] == [2, 0, 2, 1, 1, 1, 1]
    whole = update(project, until="", folder="whole").flow
    both = [(before.get(box) or 0) + (now.get(box) or 0) for box in boxes]
    assert both == [whole.get(box) for box in boxes]


def test_a_source_that_is_not_searched_again_gives_nothing(project: Any) -> None:
    """The diagram of an update says 0 of it, and not that its records are not reported."""
    again = "  - {{id: again"
    trust = "  - {{id: t, source: trust, date: 2024-01-12, records: 6}}\n"
    searches = SEARCHES.replace(again, trust + again).replace(
        "searches:", "  - {{id: trust, name: Trust, kind: organisation}}\nsearches:"
    )
    review = update(project, **{"data/searches.yml": searches.format(UNTIL)})
    assert review.earlier_flow.get("organisation_results") == 6
    assert review.flow.get("organisation_results") == 0
    assert review.flow.get("website_results") is None


def test_what_has_been_read_since_waits_in_no_version(project: Any) -> None:
    """It was assessed then, too; what still waits is counted once."""
    waited = f"known2020,{TITLE},include,,AB,,\nknown2020,{FULL},include,,AB,,2025-02-01\n"
    waits = f"gone2019,{TITLE},include,,AB,,\ngone2019,{FULL},awaiting classification,,AB,,\n"
    review = update(project, waited + waits)
    before = review.earlier_flow
    assert [before.get(box) for box in ("dbr_assessed", "awaiting_reports")] == [2, 1]
    assert review.flow.get("new_reports") == 1
    assert review.flow.get("awaiting_reports") is None


def test_without_a_date_no_earlier_flow_can_be_counted(project: Any) -> None:
    """The message names the key that it needs."""
    with pytest.raises(ReportError, match="cannot be counted") as caught:
        _ = update(project, until="").earlier_flow
    assert "earlier-version" in caught.value.hint
