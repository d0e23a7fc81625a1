"""Reports by what was decided on their full texts, and what automation did to records."""

from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import DataError, Problems
from reviewpress.evidence.automation import check_automation
from reviewpress.evidence.decisions import read_screening
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.review import Review, load

HEADER = "record,stage,decision,reason,reviewer,note\n"
PROJECTS = Path(__file__).parent / "projects"
TITLE, FULL = "title and abstract", "full text"
ROWS = "".join(
    f"{key},{TITLE},include,,AB,\n{key},{FULL},{decision},{reason},AB,{note}\n"
    for key, decision, reason, note in [
        ("known2020", "include", "", ""),
        ("other2021", "include", "", ""),
        ("method2018", "exclude", "No findings", ""),
        ("late", "awaiting classification", "", "No full text yet"),
        ("slow", "ongoing", "", ""),
    ]
)


def review_of(project: Any, rows: str = ROWS, settings: str = "") -> Review:
    root = project(runs=False, files={"data/screening.csv": HEADER + rows})
    path = root / "_quarto.yml"
    path.write_text(path.read_text("utf-8") + settings, "utf-8")
    return load(root)


def test_four_outcomes_are_counted(project: Any) -> None:
    """What was assessed is included, excluded, awaiting or ongoing: the sum says so."""
    flow = review_of(project).flow
    assert flow["dbr_assessed"] == 5
    assert (flow["new_reports"], flow["dbr_excluded"]) == (2, 1)
    assert (flow["awaiting_reports"], flow["ongoing_reports"]) == (1, 1)
    assert check_flow(flow) == []
    assert flow.content.decode().endswith("Reports of ongoing studies,NA,1\n")


def test_the_diagram_has_lines_for_them(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The box of what is included has them, and so has its text alternative."""
    review = review_of(project)
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(review.root))
    told = review.charts.flow_text(review.flow).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Studies awaiting classification (n = 1)" in told
    assert "Ongoing studies (n = 1)" in told


def test_lists_in_cochranes_order(project: Any) -> None:
    """One call each; a reference is there whether or not it is cited or in the bibliography."""
    review = review_of(project)
    excluded = review.reports("excluded")
    assert list(excluded.columns) == ["Study", "Reference", "Reason for exclusion"]
    assert list(excluded["Study"]) == ["Method 2018"]
    assert str(excluded["Reference"][0]) == "Method D (2018) How to review. *Test Press*."
    assert list(excluded["Reason for exclusion"]) == ["No findings"]
    awaiting = review.reports("awaiting")
    assert (list(awaiting["Study"]), list(awaiting["Note"])) == (["late"], ["No full text yet"])
    assert list(review.reports("ongoing").columns) == ["Study", "Reference"]
    assert list(review.reports("included")["Study"]) == ["Known 2020", "Other 2021"]
    with pytest.raises(DataError, match='Did you mean "excluded"'):
        review.reports("exclude")


def test_lists_are_in_the_order_of_letters_with_and_without_marks(project: Any) -> None:
    """Šimić comes before Tanaka, and Østby before Pine."""
    names = ("Tanaka", "Šimić", "Pine", "Østby")
    entry = "@book{{{key},\n  author = {{{name}, A}},\n  title = {{On}},\n  year = {{2020}},\n}}\n"
    bib = (PROJECTS / "minimal" / "bib" / "references.bib").read_text("utf-8")
    bib += "".join(entry.format(key=f"k{n}", name=name) for n, name in enumerate(names))
    rows = "".join(f"k{n},{FULL},exclude,No findings,AB,\n" for n in range(len(names)))
    files = {"bib/references.bib": bib, "data/screening.csv": HEADER + rows}
    listed = load(project(runs=False, files=files)).reports("excluded")
    assert list(listed["Study"]) == ["Østby 2020", "Pine 2020", "Šimić 2020", "Tanaka 2020"]


def test_outcomes_are_of_full_texts_alone(project: Any) -> None:
    """A title and abstract can be unsure, not ongoing."""
    with pytest.raises(Problems, match='"ongoing" is decided on full text, not at the stage'):
        read_screening(review_of(project, f"a,{TITLE},ongoing,,AB,\n"))


def test_the_reason_is_the_settled_one(project: Any) -> None:
    """Two reasons for one exclusion of a full text have to be settled; the agreed one counts."""
    two = f"a,{FULL},exclude,Topic,AB,\na,{FULL},exclude,Design,CD,\n"
    with pytest.raises(Problems, match=r"the reason for excluding .* Topic \(AB\), Design \(CD\)"):
        read_screening(review_of(project, two))
    root = project(
        runs=False,
        folder="settled",
        files={"data/screening.csv": HEADER + two + f"a,{FULL},exclude,Design,agreed,\n"},
    )
    assert read_screening(load(root)).stages[FULL]["a"].reason == "Design"


UNSEEN = f"x,{TITLE},exclude,not seen,automation,\ny,{TITLE},exclude,not seen,automation,\n"
RULE = """\
  automation:
    - tool: ASReview
      version: "2.2"
      step: screening titles and abstracts
      checked-by: AB
      stopping-rule: 100 irrelevant records in a row
"""


def test_unseen_records_are_excluded_by_automation(project: Any) -> None:
    """They are screened and excluded, and told apart, as PRISMA 2020's footnote has it."""
    seen = f"z,{TITLE},exclude,Topic,AB,\nx,{TITLE},include,,CD,\nx,{FULL},exclude,Topic,CD,\n"
    flow = review_of(project, ROWS + UNSEEN + seen).flow
    assert (flow["records_screened"], flow["records_excluded"]) == (8, 2)
    assert flow["records_excluded_automatic"] == 1, "what somebody saw later is no longer unseen"
    assert check_flow(flow) == []


def test_the_diagram_says_who_excluded(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many by people, and so many by automation: the footnote asks for both."""
    review = review_of(project, ROWS + UNSEEN + f"z,{TITLE},exclude,Topic,AB,\n")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(review.root))
    told = review.charts.flow_text(review.flow).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "by people (n = 1)" in told
    assert "by automation tools, unseen (n = 2)" in told


def test_unseen_records_need_a_rule(project: Any) -> None:
    """Without a rule for stopping the flow fails, and the message says where to give it."""
    (problem,) = check_automation(review_of(project, ROWS + UNSEEN))
    assert problem.message.startswith("2 records were not seen by a reviewer")
    assert "stopping-rule" in problem.hint
    root = project(runs=False, folder="ruled", files={"data/screening.csv": HEADER + ROWS + UNSEEN})
    (root / "_quarto.yml").write_text((root / "_quarto.yml").read_text("utf-8") + RULE, "utf-8")
    review = load(root)
    assert list(check_automation(review)) == []
    assert str(review.automation) == (
        "ASReview 2.2 was used for screening titles and abstracts. The rule for stopping was:"
        " 100 irrelevant records in a row. Its judgements were checked by AB."
    )


def test_a_tool_is_no_reviewer(project: Any) -> None:
    """What a tool suggests has a column of its own."""
    rows = f"a,{TITLE},exclude,,asreview,\n"
    (problem,) = check_automation(review_of(project, rows, RULE))
    assert problem.message == '"asreview" is a tool, and no reviewer.'


def test_no_automation_is_a_statement_too(project: Any) -> None:
    """An empty list says that there was none; no list says nothing."""
    assert str(review_of(project).automation) == ""
    root = project(runs=False, folder="none")
    path = root / "_quarto.yml"
    path.write_text(path.read_text("utf-8") + "  automation: []\n", "utf-8")
    assert "No AI or automation" in str(load(root).automation)
