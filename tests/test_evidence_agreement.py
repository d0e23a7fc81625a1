"""Agreement of reviewers and extractors: before consensus, by the measure that fits."""

from typing import Any

import pytest

from reviewpress.evidence.agreement import (
    check_extraction,
    extraction_agreement,
    measure_agreement,
    screening_agreement,
    wilson_interval,
)
from reviewpress.review import load

HEADER = "record,stage,decision,reason,reviewer\n"
TITLE, FULL = "title and abstract", "full text"


def pair(counts: dict[tuple[str, str], int]) -> list[tuple[str, str, str]]:
    """Return the judgements of two people from a table of two by two."""
    found = []
    for (one, other), number in counts.items():
        for unit in range(number):
            name = f"{one}-{other}-{unit}"
            found += [("AB", name, one), ("CD", name, other)]
    return found


def test_kappa_of_a_fixed_pair() -> None:
    """The example of Cohen's kappa that everybody computes: 20, 5, 10, 15 give 0.4."""
    found = measure_agreement(
        "x", pair({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15})
    )
    assert (found.twice, found.agreed, found.share) == (50, 35, 0.7)
    assert (found.measure, found.people) == ("kappa", ("AB", "CD"))
    assert found.value == pytest.approx(0.4)
    assert (found.low, found.high) == pytest.approx((0.562, 0.809), abs=0.001)


def test_alpha_where_pairs_change() -> None:
    """Krippendorff's example C of four observers, nominal, with missing judgements: 0.743."""
    table = {
        "A": "1 2 3 3 2 1 4 1 2 . . .",
        "B": "1 2 3 3 2 2 4 1 2 5 . 3",
        "C": ". 3 3 3 2 3 4 2 2 5 1 .",
        "D": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    given = [
        (who, str(unit), value)
        for who, line in table.items()
        for unit, value in enumerate(line.split())
        if value != "."
    ]
    found = measure_agreement("x", given)
    assert found.measure == "alpha"
    assert found.value == pytest.approx(0.743, abs=0.001)
    assert (found.units, found.twice) == (12, 11)


def test_no_coefficient_where_all_is_the_same() -> None:
    """Chance agreement is certain then; the raw agreement still has its interval."""
    found = measure_agreement("x", pair({("no", "no"): 10}))
    assert (found.measure, found.value, found.share) == ("undefined", None, 1.0)
    assert found.low == pytest.approx(0.722, abs=0.001)
    assert found.high == 1.0


def test_wilson_at_the_ends() -> None:
    """No share below none or above all."""
    assert wilson_interval(0, 10)[0] == pytest.approx(0.0)
    assert wilson_interval(10, 10)[1] == pytest.approx(1.0)


def test_decisions_before_consensus_by_stage(project: Any) -> None:
    """Unsure is include; the agreed, automation and single decisions are no second judgement."""
    rows = (
        f"a,{TITLE},include,,AB\na,{TITLE},unsure,,CD\na,{TITLE},include,,agreed\n"
        f"b,{TITLE},exclude,,AB\nb,{TITLE},include,,CD\nb,{TITLE},exclude,,agreed\n"
        f"c,{TITLE},exclude,,AB\nd,{TITLE},exclude,,automation\n"
        f"a,{FULL},ongoing,,AB\nb,retrieval,exclude,,AB\ne,before screening,exclude,,AB\n"
    )
    review = load(project(runs=False, files={"data/screening.csv": HEADER + rows}))
    title, full = screening_agreement(review)
    assert (title.name, title.units, title.twice, title.agreed) == (TITLE, 3, 2, 1)
    assert (full.name, full.units, full.twice, full.share) == (FULL, 1, 0, None)
    told = str(review.agreement_text)
    assert "of 3 records, 2 were judged by at least two people" in told
    assert "They agreed on 1 (50%; 95% confidence interval 9% to 91%)." in told
    assert "“unsure” counts as include" in told
    assert list(review.agreement["measure"]) == ["kappa", ""]


def test_two_extractors(project: Any) -> None:
    """Agreement is by item; what differs needs a row of the agreed."""
    rows = "paper,item,value,extractor\n1,country,Wales,AB\n1,country,Scotland,CD\n"
    rows += "2,country,Wales,AB\n2,country,Wales,CD\n1,n,20,AB\n1,n,20,CD\n"
    review = load(project(runs=False, files={"data/extraction.csv": rows}))
    country, number = extraction_agreement(review)
    assert (country.name, country.twice, country.agreed) == ("country", 2, 1)
    assert number.measure == "undefined"
    (problem,) = check_extraction(review)
    assert problem.message == '"country" of paper 1 is not settled: Wales (AB), Scotland (CD).'
    assert str(problem.where) == "data/extraction.csv, row 3"
    settled = load(
        project(
            runs=False,
            files={"data/extraction.csv": rows + "1,country,Wales,agreed\n"},
            folder="settled",
        )
    )
    assert list(check_extraction(settled)) == []
    assert extraction_agreement(settled)[0].agreed == 1


def test_agreement_is_known_before_disagreements_are_settled(project: Any) -> None:
    """A team looks at it after its first records, and then discusses them."""
    votes = "a,AB:include,CD:include b,AB:exclude,CD:exclude c,AB:include,CD:exclude"
    rows = "".join(
        f"{record},{TITLE},{decision},,{who}\n"
        for record, *cast in (one.split(",") for one in votes.split())
        for who, decision in (vote.split(":") for vote in cast)
    )
    review = load(project(runs=False, files={"data/screening.csv": HEADER + rows}))
    (title,) = screening_agreement(review)
    assert (title.twice, title.agreed, title.measure) == (3, 2, "kappa")
    assert title.value == pytest.approx(0.4)


def test_what_was_only_agreed_is_said(project: Any) -> None:
    """Exports of Covidence have no votes: the sentence does not pass over what they settled."""
    rows = (
        f"a,{FULL},include,,AB\na,{FULL},include,,CD\nb,{FULL},include,,AB\nb,{FULL},exclude,x,CD\n"
    )
    rows += f"b,{FULL},include,,agreed\nc,{FULL},include,,agreed\nd,{FULL},exclude,x,agreed\n"
    rows += "".join(f"{name},{TITLE},include,,agreed\n" for name in "abcd")
    files = {"data/screening.csv": HEADER + rows}
    review = load(project(runs=False, files=files))
    title, full = screening_agreement(review)
    assert (title.units, title.settled, title.share) == (0, 4, None)
    assert (full.units, full.twice, full.settled) == (2, 2, 2)
    assert list(review.agreement["settled"]) == [4, 2]
    told = str(review.agreement_text)
    assert told.startswith(
        "Title and abstract: of 4 records, only what was agreed is recorded. "
        "Full text: of 2 records, 2 were judged by at least two people"
    )
    assert "In addition, only what was agreed is recorded of 2 records." in told


def test_where_all_was_only_agreed_nothing_is_said_of_unsure(project: Any) -> None:
    """Without a judgement before consensus there is nothing that the rule would count."""
    rows = f"a,{TITLE},include,,agreed\nb,{TITLE},exclude,,automation\n"
    review = load(project(runs=False, files={"data/screening.csv": HEADER + rows}))
    assert str(review.agreement_text) == (
        "Title and abstract: of one record, only what was agreed is recorded."
    )


def test_values_that_were_only_agreed(project: Any) -> None:
    """Of extraction it is said likewise."""
    rows = "paper,item,value,extractor\n1,country,Wales,AB\n1,country,Wales,CD\n"
    rows += "2,country,Wales,agreed\n"
    review = load(project(runs=False, files={"data/extraction.csv": rows}))
    (country,) = extraction_agreement(review)
    assert (country.twice, country.settled) == (1, 1)
    assert "In addition, only what was agreed is recorded of one value." in str(
        review.agreement_text
    )
