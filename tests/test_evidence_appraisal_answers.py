"""Appraisal: which criteria apply, what they amount to, and where published ratings differ."""

import csv
import shutil
from pathlib import Path

import pytest
import yaml

import reviewpress
from reviewpress.checks.validation import validate
from reviewpress.errors import ConfigError
from reviewpress.evidence.appraisal.answers import Appraisal, Criterion, Score
from reviewpress.review import Review

ROOT = Path(__file__).parent / "projects" / "small-evidence"
FLAGSHIP = Path(__file__).parent.parent


@pytest.fixture
def review() -> Review:
    return reviewpress.load(ROOT)


def mmat(answers: dict[str, str], published: int | None = None) -> Appraisal:
    """Return the appraisal of one paper by MMAT: answers (Y, N, C) by criterion."""
    import pandas as pd

    words = {"Y": "Yes", "N": "No", "C": "Can't tell"}
    tool = tuple(
        Criterion(f"{part}.{number}", name)
        for part, name in enumerate(
            ("qualitative", "randomised", "other", "descriptive", "mixed"), 1
        )
        for number in range(1, 6)
    )
    marks = tuple(
        Score(1, f"{part}.{number}", words[letter], "answered")
        for part, letters in answers.items()
        for number, letter in enumerate(letters, 1)
    )
    status = "answered" if published is not None else "not available"
    return Appraisal(
        tool, tuple(words.values()), marks, {1: (published, status)}, lambda name: pd.DataFrame()
    )


@pytest.mark.parametrize(
    ("answers", "rating"),
    [
        ({"1": "YYYYY"}, 100),
        ({"1": "CCCCY"}, 20),
        ({"3": "YYYNY"}, 80),
        ({"1": "YYYYY", "3": "YYYNY", "4": "YYYYY"}, 80),
        ({"1": "YYYYY", "4": "YYYYY", "5": "YYYNN"}, 60),
        ({"2": "YYNCC"}, 40),
        ({"3": "NCNCC"}, 0),
    ],
)
def test_the_rating_is_that_of_the_weakest_part(answers: dict[str, str], rating: int) -> None:
    """Five criteria a part, the share answered Yes, and no study better than its weakest part."""
    assert mmat(answers).computed(1) == rating


def test_a_paper_without_answers_has_no_rating() -> None:
    """What is not known is not rated, and agrees with nothing."""
    appraisal = mmat({}, None)
    assert appraisal.computed(1) is None
    assert appraisal.compare()[0].verdict == "not checkable"


def test_published_ratings_are_compared_with_computed_ones(review: Review) -> None:
    """Agreements and disagreements are listed with the weakest part."""
    found = {row.code: row for row in review.appraisal.compare()}
    assert (found[1].published, found[1].computed, found[1].weakest, found[1].verdict) == (
        50,
        50,
        ("basics",),
        "agrees",
    )
    assert (found[2].computed, found[2].verdict) == (100, "differs")
    assert found[3].verdict == found[4].verdict == "not checkable"
    frame = review.appraisal.agreement()
    assert frame.verdict.tolist() == ["agrees", "differs", "not checkable", "not checkable"]


def test_the_tool_comes_from_the_form(review: Review) -> None:
    """Criteria, their order, designs and wording are configuration, not code."""
    assert [(c.id, c.design, c.ask) for c in review.appraisal.tool] == [
        ("T1", "trial", "Was it random?"),
        ("T2", "trial", "Was it blind?"),
        ("B1", "basics", "Is the question clear?"),
        ("B2", "basics", "Do the data fit?"),
    ]
    assert review.appraisal.answers == ("Yes", "No", "Unclear")


def test_designs_and_answers_are_counted(review: Review) -> None:
    """A paper of two parts counts in each; unanswered criteria are counted as such."""
    by_design = review.appraisal.by_design().set_index("design")
    assert by_design.loc["trial"].tolist() == [1, 2, 2, 0, 0, 0, 100]
    assert by_design.loc["basics"].tolist() == [2, 3, 2, 1, 0, 1, 67]
    criteria = review.appraisal.criteria().set_index("criterion")
    assert criteria.loc["B2", ["papers", "Yes", "No", "Unclear", "unanswered"]].tolist() == [
        2,
        0,
        1,
        0,
        1,
    ]
    assert review.appraisal.criteria([2]).papers.tolist() == [0, 0, 1, 1]


def test_three_ways_of_not_knowing_stay_apart(review: Review) -> None:
    """Not applicable, not available and unanswered are three different things."""
    appraisal = review.appraisal
    assert appraisal.available == (1, 2)
    assert appraisal.not_available == (3,)
    assert appraisal.not_applicable == (4,)
    assert [mark.status for mark in appraisal.of(2)].count("unanswered") == 1


def test_criteria_that_the_form_asks_and_no_one_answered_are_told(review: Review) -> None:
    """The published routing and the published answers are compared."""
    (problem,) = [p for p in validate(review) if p.rule.startswith("appraisal")]
    assert (problem.rule, problem.subject) == ("appraisal-unanswered", "paper 2")
    assert "B2" in problem.message


def test_answers_that_no_route_asks_together_are_told(tmp_path: Path) -> None:
    """A trial's criteria alone are on no route of the checklist."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    path = root / "data" / "appraisal.csv"
    path.write_text(path.read_text().replace("1,B1,Yes,answered\n1,B2,No,answered\n", ""))
    rules = {p.rule: p for p in validate(reviewpress.load(root))}
    assert rules["appraisal-route"].message == "paper 1: no route of the form asks T1, T2."


def test_a_review_without_appraisal_says_so(tmp_path: Path) -> None:
    """The evidence box leaves quality out; asking for it is an error with a hint."""
    review = reviewpress.load(ROOT.parent / "minimal")
    assert "Quality" not in str(review.evidence_box("Outcomes"))
    with pytest.raises(ConfigError, match="the review has no appraisal"):
        review.appraisal  # noqa: B018 - the access is what is tested


def test_an_unknown_form_is_told(tmp_path: Path) -> None:
    """The settings name the appraisal tool's form."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    path = root / "_quarto.yml"
    path.write_text(path.read_text().replace("form: checklist", "form: checklst"))
    with pytest.raises(ConfigError, match='Did you mean "checklist"'):
        reviewpress.load(root).appraisal  # noqa: B018 - the access is what is tested


def test_the_flagships_ratings_differ_for_two_papers() -> None:
    """Of the 35 published ratings with answers, those of papers 8 and 26 are not the rule's."""
    found = reviewpress.load(FLAGSHIP).appraisal.compare()
    assert [row.code for row in found if row.verdict == "differs"] == [8, 26]
    assert sum(row.verdict == "agrees" for row in found) == 33
    assert sum(row.verdict == "not checkable" for row in found) == 52


def test_published_judgements_are_shown_as_they_are(tmp_path: Path) -> None:
    """A rating in words is counted and compared as words, in the order of its vocabulary."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    schema = yaml.safe_load((root / "data/schema.yml").read_text("utf-8"))
    fields = schema["tables"]["appraisal_overall"]["fields"]
    overall = next(field for field in fields if field["name"] == "overall")
    terms = ["Low", "Some concerns", "High"]
    overall.clear()
    overall |= {"name": "overall", "type": "string", "constraints": {"enum": terms}}
    (root / "data/schema.yml").write_text(yaml.safe_dump(schema, sort_keys=False), "utf-8")
    path = root / "data/appraisal_overall.csv"
    header, *rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    at, state = header.index("overall"), header.index("status")
    for number, row in enumerate(rows):
        if row[state] == "answered":
            row[at] = ("High", "Some concerns")[number % 2]
    path.write_text("".join(",".join(row) + "\n" for row in [header, *rows]), "utf-8")
    appraisal = reviewpress.load(root).appraisal
    counted = appraisal.rating_counts()
    assert set(counted) <= set(terms)
    assert list(counted) == [term for term in terms if term in counted]
    frame = appraisal.agreement()
    assert set(frame["published"].dropna()) == set(counted)
    assert set(frame["verdict"]) == {"not checkable"}
    review = reviewpress.load(root)
    boxes = [review.evidence_box(section)._repr_markdown_() for section in ("Causes", "Remedies")]
    told = " ".join(boxes)
    assert "High (" in told
    assert "Some concerns (" in told
    assert "concerns%" not in told
