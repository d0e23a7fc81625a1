"""The review's own methods: appraisal, coding, searches, flow, forms and deviations, held."""

from collections import Counter
from pathlib import Path

import pytest

import reviewpress
from reviewpress.evidence.appraisal.routes import check_forms, walk_form
from reviewpress.review import Review

ROOT = Path(__file__).parent.parent

RATINGS = {  # Appendix 5, row "Overall Rating"
    1: 80, 2: 100, 3: 80, 4: 20, 5: 100, 6: 80, 7: 60, 8: 100, 9: 40, 10: 100, 11: 100, 12: 100,
    13: 100, 14: 100, 15: 100, 16: 40, 17: 100, 18: 100, 19: 20, 20: 100, 21: 60, 22: 100, 23: 60,
    24: 40, 26: 20, 27: 60, 28: 40, 29: 60, 32: 100, 82: 100, 83: 100, 84: 100, 85: 100, 86: 40,
    87: 80,
}  # fmt: skip

SECTIONS = {  # papers with an answer in each section of Appendix 5, by the tool's first digit
    "1": {*range(1, 8), 9, 10, *range(12, 16), *range(18, 25), *range(26, 30), 82, 84, 85, 86},
    "2": {16},
    "3": {1, 5, 6, 7, 8, 9, 17, 18, 23, 26, 83, 84},
    "4": {1, 5, 6, 7, 9, 14, 18, 23, 26, 27, 84, 86},
    "5": {11, 14, 27, 32, 87},
}


@pytest.fixture(scope="module")
def review() -> Review:
    return reviewpress.load(ROOT)


def test_each_paper_has_each_criterion_once(review: Review) -> None:
    """Every paper has a row for each of the tool's 25 criteria."""
    scores = review.appraisal.scores
    assert len(scores) == 87 * 25
    assert scores.groupby("code")["criterion"].nunique().eq(25).all()


def test_published_questions_are_one_section_on(review: Review) -> None:
    """Criterion 1.1 is published as question 2.1, and so on for all."""
    for criterion, question in review.appraisal.scores[["criterion", "published_question"]].values:
        section, _, number = criterion.partition(".")
        assert question == f"Q{int(section) + 1}.{number}"


def test_answers_mean_what_the_cells_say(review: Review) -> None:
    """1 is Yes, 0 is No, 3 is Can't tell, and only answered cells hold anything."""
    pairs = Counter(
        (str(row.published), str(row.answer), str(row.status))
        for row in review.appraisal.scores.itertuples()
    )
    answered = {(p, a): n for (p, a, s), n in pairs.items() if s == "answered"}
    assert answered == {("1", "Yes"): 227, ("0", "No"): 8, ("3", "Can't tell"): 54}
    assert {(p, a) for p, a, s in pairs if s != "answered"} == {("nan", "nan")}


def test_sections_of_the_form_are_those_of_the_published_tables(review: Review) -> None:
    """The papers with answers in a section are those of the published tables."""
    scores = review.appraisal.scores
    answered = scores[scores["status"] == "answered"]
    found = {
        design: set(part["code"]) for design, part in answered.groupby(answered["criterion"].str[0])
    }
    assert found == SECTIONS


def test_statuses_keep_apart_what_is_not_known(review: Review) -> None:
    """Lost tables, reviews and blanks that the routing calls for are three different things."""
    scores, overall = review.appraisal.scores, review.appraisal.overall
    lost = set(range(33, 82))
    assert set(scores.loc[scores["status"] == "not available", "code"]) == lost
    assert set(overall.index[overall["status"] == "not available"]) == lost
    assert set(overall.index[overall["status"] == "not applicable"]) == {25, 30, 31}
    blank = scores[scores["status"] == "unanswered"]
    by_section = {key: set(part["code"]) for key, part in blank.groupby(blank["criterion"].str[0])}
    assert by_section == {
        "1": {11, 23, 32, 87},
        "4": {8, 11, 16, 17, 32, 83, 87},
        "5": {1, 5, 6, 7, 9, 18, 23, 26, 84, 86},
    }


def test_overall_ratings_are_as_published(review: Review) -> None:
    """The overall ratings are those of Appendix 5."""
    overall = review.appraisal.overall
    rated = overall[overall["status"] == "answered"]
    assert {code: int(value) for code, value in rated["overall"].items()} == RATINGS


def test_ratings_follow_from_the_criteria_but_for_two(review: Review) -> None:
    """The weakest part gives the published rating, except for papers 8 and 26."""
    differ = {
        row.code: (row.published, row.computed)
        for row in review.appraisal.compare()
        if row.verdict == "differs"
    }
    assert differ == {8: (100, 80), 26: (20, 0)}


def test_coding_structure_has_the_published_codes(review: Review) -> None:
    """Appendix 4 lists eight high-level codes, 54 sub-codes and six below these."""
    coding = review.coding
    sizes = coding.groupby("level1", sort=False).size().to_dict()
    assert list(sizes.values()) == [5, 8, 6, 6, 8, 12, 10, 5]
    assert int((coding["level3"] != "").sum()) == 6


def test_search_strings_agree_but_for_the_slips(review: Review) -> None:
    """Two published strings are the generated ones; the slips of the others are named."""
    strings = {string.id: string for string in review.searches.strings}
    assert [id for id, s in strings.items() if s.generated == s.published] == [
        "rationales",
        "process",
    ]
    assert strings["outcomes"].published == strings["outcomes"].generated + ")"
    rights = strings["rights"]
    assert rights.published == rights.generated.replace('OR "structure"', 'or "structure"')
    assert all(bool(s.slips) == (s.generated != s.published) for s in strings.values())


def test_eight_searches_were_made_in_two_databases(review: Review) -> None:
    """Four strings were run in each of two databases, and two searches were of another kind."""
    searches = review.searches["searches"]
    runs = Counter(search["source"] for search in searches if search.get("string"))
    assert runs == {"scopus": 4, "assia": 4}
    assert [s["id"] for s in searches if not s.get("string")] == [
        "scie-integration",
        "steering-group-suggestions",
    ]


def test_flow_knows_only_what_was_included(review: Review) -> None:
    """Of the flow only the included reports are known."""
    assert dict(review.flow.known) == {"new_reports": 87}


def test_forms_reach_every_question_and_end(review: Review) -> None:
    """Every question of both forms can be reached, and every route ends."""
    assert check_forms(review.forms) == []
    for name, size in (("extraction", 31), ("mmat", 33)):
        form = review.forms[name]
        assert len(form.questions) == size
        reached = {id for owner, id in walk_form(form, review.forms).reached if owner == name}
        assert reached == {question.id for question in form.questions}


def test_appraisal_form_has_the_tools_criteria(review: Review) -> None:
    """The form holds five criteria for each of the five designs."""
    criteria = [criterion for criterion, _, _ in review.forms["mmat"].criteria]
    assert sorted(criteria) == [f"{part}.{n}" for part in range(1, 6) for n in range(1, 6)]


def test_deviations_hold_the_known_ones(review: Review) -> None:
    """The deviations that the report itself shows are all listed."""
    known = {"screening", "grey-literature", "years", "certainty", "synthesis"}
    assert known <= set(review.deviations.index)
    assert (review.deviations[["protocol", "conduct"]] != "").all(axis=None)
