"""Screening decisions: settled, in order, and counted into the flow of records."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import Place, Problems
from reviewpress.evidence.decisions import read_screening
from reviewpress.evidence.flow import parse_flow
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.evidence.screening import check_screening, empty_flow
from reviewpress.figures.charts.prisma import flow_text
from reviewpress.new import make_review
from reviewpress.review import Review, load

HEADER = "record,stage,decision,reason,reviewer,source\n"
PROJECTS = Path(__file__).parent / "projects"
TITLE, FULL = "title and abstract", "full text"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review that `reviewpress new` makes."""
    return make_review(tmp_path_factory.mktemp("screening") / "review")


def review_with(project: Any, rows: str, folder: str = "review", **files: str) -> Review:
    files = {"data/screening.csv": HEADER + rows, **files}
    root = project(runs=False, files=files, folder=folder)
    return load(root)


def test_example_adds_up(example: Path) -> None:
    """Every box of the example's flow is computed, and the boxes add up."""
    review = load(example)
    known = review.flow.known
    assert known["database_results"] == 35
    assert known["duplicates"] == 5
    assert known["records_screened"] == 30
    assert known["records_excluded"] + known["dbr_sought_reports"] == 30
    assert known["new_reports"] == len(review.papers) == 6
    assert list(check_flow(review.flow)) == []
    assert list(check_screening(review)) == []


def test_reasons_and_sources_are_listed(example: Path) -> None:
    """Databases and reasons of exclusion are lists, as PRISMA2020 has them."""
    flow = load(example).flow
    databases = {reason.name: reason.number for reason in flow.reasons("database_specific_results")}
    assert databases == {"Made-up Index": 24, "Other Index": 11}
    assert {r.name: r.number for r in flow.reasons("dbr_excluded")} == {
        "School garden": 2,
        "No findings on people": 1,
    }


def test_kinds_of_sources_that_were_not_searched(example: Path, project: Any) -> None:
    """Their lines are left out of the diagram; without searches nobody knows which they are."""
    assert load(example).not_searched == (
        "register_results",
        "organisation_results",
        "citations_results",
    )
    assert review_with(project, "").not_searched == ()


def test_boxes_that_do_not_add_up_are_named(example: Path, tmp_path: Path) -> None:
    """A record that was found and never decided on breaks the sum, which names its boxes."""
    root = make_review(tmp_path / "review")
    path = root / "data" / "searches.yml"
    path.write_text(path.read_text("utf-8").replace("records: 24", "records: 25"), "utf-8")
    (problem,) = check_flow(load(root).flow)
    assert "database_results (36)" in problem.message
    assert "records_screened (30)" in problem.message
    line = path.read_text("utf-8")[: path.read_text("utf-8").index("records: 25")].count("\n") + 1
    assert problem.where is not None
    assert problem.where.file == "data/searches.yml"
    assert line in (problem.where.line, *problem.where.others)


def test_decisions_that_break_a_sum_are_named(project: Any) -> None:
    """A report that was read and never screened is named by its row; others are not."""
    rows = (
        f"a,{TITLE},exclude,Other topic,AB,\nb,{TITLE},include,,AB,\nb,{FULL},include,,AB,\n"
        f"c,{FULL},include,,AB,\nd,{FULL},exclude,Other topic,AB,\n"
    )
    told = {str(problem.where) for problem in check_flow(review_with(project, rows).flow)}
    assert told == {"data/screening.csv, rows 5 and 6"}
    rows = f"a,{TITLE},exclude,Other topic,AB,\na,{FULL},include,,AB,\n"
    (problem,) = check_flow(review_with(project, rows, folder="other").flow)
    assert str(problem.where) == "data/screening.csv, row 3"


def test_a_number_that_was_typed_is_named_before_decisions(project: Any) -> None:
    """Where the flow gives one number of a sum itself, that is the one to look at."""
    rows = f"a,{TITLE},include,,AB,\na,{FULL},include,,AB,\n"
    flow = parse_flow(empty_flow(), "flow").with_counts({"records_screened": 9})
    review = review_with(project, rows, **{"data/flow.csv": flow.content.decode()})
    (problem,) = check_flow(review.flow)
    row = flow.row("records_screened").row
    assert problem.where == Place("data/flow.csv", row=row, column="n")


def test_disagreement_needs_an_agreed_row(project: Any) -> None:
    """Two reviewers who differ, or one who is unsure, are told with their decisions."""
    rows = f"a,{TITLE},include,,AB,\na,{TITLE},exclude,Other topic,CD,\nb,{TITLE},unsure,,AB,\n"
    with pytest.raises(Problems) as caught:
        read_screening(review_with(project, rows))
    told = [problem.message for problem in caught.value.problems]
    assert told[0].endswith("is not settled: include (AB), exclude (CD).")
    assert told[1].endswith("is not settled: unsure (AB).")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (  # since it was agreed, by the dates
            ["include,,agreed,2025-03-01", "exclude,Old,AB,2025-06-10"],
            'exclude (AB) is of 2025-06-10, and "include" was agreed on "smith2020"',
        ),
        (  # the order of rows says nothing
            ["exclude,Old,AB,2025-06-10", "include,,agreed,2025-03"],
            'exclude (AB) is of 2025-06-10, and "include" was agreed on "smith2020"',
        ),
        (  # what waited may have been read since
            ["awaiting classification,,agreed,2025-03-01", "include,,AB,"],
            'include (AB) is below, without a date, and "awaiting classification" was agreed',
        ),
        (
            ["ongoing,,agreed,", "exclude,Old,AB,"],
            'exclude (AB) is below, without a date, and "ongoing" was agreed',
        ),
        (  # two agreements of which none is the last
            ["include,,agreed,", "exclude,Old,agreed,"],
            "is not settled: include (agreed), exclude (agreed)",
        ),
        (["include,,agreed,2025", "exclude,Old,agreed,2025-02"], "is not settled"),
    ],
)
def test_what_is_decided_after_an_agreement_is_a_question(
    rows: list[str], said: str, project: Any
) -> None:
    """Somebody has decided otherwise since; or may have, of a report that only waited."""
    table = "record,stage,decision,reason,reviewer,date\n"
    table += "".join(f"smith2020,full text,{row}\n" for row in rows)
    root = project(runs=False, files={"data/screening.csv": table})
    with pytest.raises(Problems) as caught:
        read_screening(load(root))
    [problem] = caught.value.problems
    assert said in problem.message
    assert problem.where is not None
    assert problem.where.row in (2, 3)
    assert "agreed" in problem.hint


@pytest.mark.parametrize(
    ("rows", "decision"),
    [
        (["include,,agreed,", "exclude,Old,AB,"], "include"),  # imported later, decided before
        (["include,,agreed,2025-06-10", "exclude,Old,AB,2025-03-01"], "include"),
        (["include,,agreed,2025-06-10", "exclude,Old,AB,2025-06"], "include"),
        (["include,,agreed,2025-06-10", "exclude,Old,AB,"], "include"),
        (["include,,agreed,2025-03-01", "include,,AB,2025-06-10"], "include"),
        (["include,,agreed,2025-03-01", "exclude,Old,agreed,2025-06-10"], "exclude"),
        (["exclude,Old,agreed,2025-06-10", "include,,agreed,2025-03-01"], "exclude"),
        (["include,,AB,", "awaiting classification,,agreed,"], "awaiting classification"),
    ],
)
def test_what_was_agreed_last_settles(rows: list[str], decision: str, project: Any) -> None:
    """Wherever its row is: rows come in the order of imports, not of time."""
    table = "record,stage,decision,reason,reviewer,date\n"
    table += "".join(f"smith2020,full text,{row}\n" for row in rows)
    root = project(runs=False, files={"data/screening.csv": table})
    settled = read_screening(load(root)).stages["full text"]["smith2020"]
    assert settled.decision == decision


def test_agreed_row_settles(project: Any) -> None:
    """The row of the reviewer `agreed` decides, whatever the others said."""
    rows = (
        f"a,{TITLE},include,,AB,\na,{TITLE},exclude,,CD,\na,{TITLE},exclude,Other topic,agreed,\n"
    )
    settled = read_screening(review_with(project, rows)).stages[TITLE]["a"]
    assert (settled.decision, settled.reason) == ("exclude", "Other topic")


def test_decisions_out_of_order_are_problems(project: Any) -> None:
    """Excluded and read all the same, included and forgotten, excluded without a reason."""
    rows = (
        f"a,{TITLE},exclude,Other topic,AB,\na,{FULL},include,,AB,\n"
        f"b,{TITLE},include,,AB,\nc,{TITLE},include,,AB,\nc,{FULL},exclude,,AB,\n"
    )
    told = [p.message for p in check_screening(review_with(project, rows))]
    assert '"a" was excluded (title and abstract), yet decided on at full text.' in told
    assert '"b" was included (title and abstract), and has no decision after that.' in told
    assert '"c" was excluded on full text without a reason.' in told


def test_reasons_at_title_and_abstract(project: Any) -> None:
    """They are shown where asked for: one a record, in one cell, unseen records apart."""
    rows = (
        f"a,{TITLE},exclude,Wrong topic,AB,\na,{TITLE},exclude,Wrong age,CD,\n"
        f"b,{TITLE},exclude,Wrong topic,AB,\nc,{TITLE},exclude,,AB,\n"
        f"d,{TITLE},exclude,,automation,\n"
    )
    flow = review_with(project, rows).flow
    assert flow.row("records_excluded").cells[-1] == "4"
    told = flow.with_reasons()
    parts = [(part.name, part.number) for part in told.reasons("records_excluded")]
    unseen = "by automation tools, unseen"
    assert parts == [("Wrong topic", 2), (unseen, 1), ("No reason given", 1)]
    assert told.known == flow.known
    before, after = (one.content.decode().splitlines() for one in (flow, told))
    assert [line.split(",")[0] for line in set(after) - set(before)] == ["records_excluded"]
    words = flow_text(told).text.replace("\N{NO-BREAK SPACE}", " ")
    assert words.count(unseen) == 1
    assert "Wrong topic (n = 2)" in words
    assert "Wrong topic" not in flow_text(flow).text


def test_without_reasons_at_title_and_abstract_nothing_changes(project: Any) -> None:
    """Such a flow is the same with reasons as without."""
    flow = review_with(project, f"a,{TITLE},exclude,,AB,\n").flow
    assert flow.with_reasons().content == flow.content


def test_number_that_the_decisions_belie(project: Any) -> None:
    """A number typed into the flow must be the one that the decisions give."""
    rows = f"a,{TITLE},include,,AB,\na,{FULL},include,,AB,\n"
    flow = parse_flow(empty_flow(), "flow").with_counts({"records_screened": 9})
    review = review_with(project, rows, **{"data/flow.csv": flow.content.decode()})
    told = [p.message for p in check_screening(review)]
    assert "records_screened is 9, but the screening decisions give 1." in told


def test_import_log_gives_records_and_duplicates(project: Any) -> None:
    """A search that names its export is counted in the log; merged records are duplicates."""
    log = "file,sha256,number,outcome,key,like,reason,title,differences\n" + "".join(
        f"one.ris,aa,{n},{outcome},{key},,,T,\n"
        for n, (outcome, key) in enumerate(
            [("added", "k1"), ("added", "k2"), ("merged", "k1"), ("already there", "k2"),
             ("rejected", "")], 1,
        )
    )  # fmt: skip
    searches = (
        "sources: [{id: one, name: One, kind: database}]\n"
        "searches: [{id: s, source: one, file: one.ris, records: null}]\n"
    )
    rows = f"k1,{TITLE},exclude,Other topic,AB,\nk2,{TITLE},include,,AB,\nk2,{FULL},include,,AB,\n"
    files = {"data/imports.csv": log, "data/searches.yml": searches}
    known = review_with(project, rows, **files).flow.known
    assert (known["database_results"], known["duplicates"], known["excluded_other"]) == (5, 2, 1)
    assert known["records_screened"] == 2


def test_an_export_of_an_organisation_is_of_the_other_methods(project: Any) -> None:
    """Its decisions need not say so again, unless a database found the record as well."""
    log = "file,sha256,number,outcome,key,like,reason,title,differences\n" + "".join(
        f"{file},aa,{n},{outcome},{key},,,T,\n"
        for n, (file, outcome, key) in enumerate(
            [("one.ris", "added", "k1"), ("one.ris", "added", "k2"), ("trust.ris", "merged", "k1"),
             ("trust.ris", "added", "k3"), ("trust.ris", "added", "k4")], 1,
        )
    )  # fmt: skip
    searches = (
        "sources: [{id: one, name: One, kind: database}, {id: t, name: Trust, kind: organisation}]"
        "\nsearches: [{id: a, source: one, file: one.ris}, {id: b, source: t, file: trust.ris}]\n"
    )
    rows = (
        f"k1,{TITLE},include,,AB,\nk1,{FULL},include,,AB,\nk2,{TITLE},exclude,,AB,\n"
        f"k3,{FULL},exclude,Wrong topic,AB,\nk4,{FULL},include,,AB,\n"
    )
    files = {"data/imports.csv": log, "data/searches.yml": searches}
    flow = review_with(project, rows, **files).flow
    boxes = ("records_screened", "dbr_sought_reports", "other_sought_reports", "other_excluded")
    assert [flow.known[box] for box in boxes] == [2, 1, 2, 1]
    assert (flow.known["organisation_results"], flow.known["new_reports"]) == (3, 2)
    assert check_flow(flow) == []


def test_a_paper_known_before_its_import_is_no_duplicate(project: Any) -> None:
    """A record merged with an entry of one's own table is found for the first time, once."""
    log = "file,sha256,number,outcome,key,like,reason,title,differences\n" + "".join(
        f"{file},{file},1,{outcome},known2020,,,T,\n"
        for file, outcome in [
            ("old", "merged"),
            ("one.ris", "merged"),
            ("two.ris", "already there"),
        ]
    )
    searches = (
        "sources: [{id: one, name: One, kind: database}, {id: two, name: Two, kind: database}]\n"
        "searches:\n  - {id: a, source: one, file: one.ris}\n"
        "  - {id: b, source: two, file: two.ris}\n"
    )
    rows = f"known2020,{TITLE},include,,AB,\nknown2020,{FULL},include,,AB,\n"
    files = {"data/imports.csv": log, "data/searches.yml": searches}
    flow = review_with(project, rows, **files).flow
    assert (flow.known["database_results"], flow.known["duplicates"]) == (2, 1)
    assert check_flow(flow) == []


def test_unknown_words_are_reported(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A stage that does not exist is a problem with row, column and the nearest name."""
    root = project(files={"data/screening.csv": HEADER + "a,titel and abstract,include,,AB,\n"})
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "data/screening.csv, row 2, column stage" in outcome.stderr
    assert "title and abstract" in outcome.stderr


def test_a_chapter_is_executed_again_when_decisions_come(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A flow that was drawn without decisions is drawn anew once there are some."""
    table = tmp_path / "papers.csv"
    table.write_text('authors,year,title\n"Smith, J.",2020,A study of gardens\n')
    root = make_review(tmp_path / "own", papers=table)
    assert reviewpress("run chapters/methods.ipynb", cwd=root).status == 0
    assert not reviewpress("run chapters/methods.ipynb", cwd=root).stderr.count("running")
    rows = f"smith2020,{TITLE},include,,AB,\nsmith2020,{FULL},include,,AB,\n"
    (root / "data/screening.csv").write_text(HEADER + rows)
    reviewpress("tidy", cwd=root)
    outcome = reviewpress("run chapters/methods.ipynb", cwd=root)
    assert "chapters/methods.ipynb: done" in outcome.stderr


def test_what_was_decided_on_and_left_out_need_not_be_cited(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A report of a website is written into the bibliography by hand, and excluded in full."""
    entry = "@book{{{key},\n  author = {{Oak, Olga}},\n  title = {{On {key}}},\n"
    entry += "  publisher = {{Trust}},\n  year = {{2023}},\n}}\n"
    bib = (PROJECTS / "minimal" / "bib" / "references.bib").read_text("utf-8")
    bib += entry.format(key="oak2023") + entry.format(key="elm2024")
    rows = "".join(
        f"{key},{TITLE},include,,AB,\n{key},{FULL},{decision},AB,\n"
        for key, decision in (
            ("known2020", "include,"),
            ("other2021", "include,"),
            ("oak2023", "exclude,Not research"),
        )
    )
    files = {"bib/references.bib": bib, "data/screening.csv": HEADER + rows}
    outcome = reviewpress("check", cwd=project(files=files))
    assert "(@elm2024) is not cited" in outcome.stderr
    assert "oak2023" not in outcome.stderr
