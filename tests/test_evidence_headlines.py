"""Headlines made from the data: ties, denominators, missing answers."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress import Share, joined, rank, share
from reviewpress.errors import DataError

COUNTS = st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 5), min_size=1)


def test_a_tie_names_all_that_are_tied() -> None:
    """In the order of the data, with a verb and a number that fit several."""
    most = rank({"Processes": 27, "Rights": 2, "Experiences": 27}).most
    assert f"{most} {most.verb('has', 'have')} {most.number}" == (
        "Processes and Experiences have 27 each"
    )
    assert most.tied


def test_one_that_has_most_stands_alone() -> None:
    """With the verb and the number of one."""
    most = rank(pd.Series({"Team": 13, "National": 7})).most
    assert f"{most} {most.verb('has', 'have')} {most.number}" == "Team has 13"
    assert not most.tied


def test_the_fewest_are_tied_as_well() -> None:
    """None of them is left out because another came first."""
    ranking = rank({"a": 1, "b": 4, "c": 1, "d": 0, "e": 0})
    assert ranking.fewest.names == ("d", "e")
    assert ranking.fewest.number == "zero each"
    assert [found.value for found in ranking.ranks] == [4, 1, 0]


def test_when_all_are_alike_nothing_has_most() -> None:
    """The headline can ask, and say something else."""
    assert rank({"a": 3, "b": 3}).alike
    assert not rank({"a": 3, "b": 2}).alike


def test_the_table_of_count_can_be_ranked() -> None:
    """A table of terms and papers, as `review.count` returns it."""
    table = pd.DataFrame({"term": ["Survey", "Interview"], "papers": [2, 2]})
    assert rank(table).most.names == ("Survey", "Interview")


def test_keys_stay_what_they_are_in_the_data() -> None:
    """A pair of region and theme is named by a function, and kept."""
    cells = pd.Series({("Asia", "Rights"): 1, ("Africa", "Costs"): 1})
    most = rank(cells, named=lambda pair: f"{pair[1].lower()} in {pair[0]}").most
    assert str(most) == "rights in Asia and costs in Africa"
    assert most.keys == (("Asia", "Rights"), ("Africa", "Costs"))


def test_names_for_the_middle_of_a_sentence() -> None:
    """Begin with a small letter; an abbreviation keeps its capitals."""
    ranking = rank({"Local government": 3, "UK law": 3}).lower()
    assert ranking.most.names == ("local government", "UK law")
    assert ranking.most.keys == ("Local government", "UK law")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_number_cannot_be_ranked(missing: object) -> None:
    """A rank beside what is not known may be wrong: the name is said, and what to do."""
    with pytest.raises(DataError, match=r"b cannot be ranked: the number is missing\.") as caught:
        rank(pd.Series({"a": 1, "b": missing, "c": 2}, dtype="object"))
    assert "dropna()" in str(caught.value.problems[0].hint)


def test_nothing_cannot_be_ranked() -> None:
    """An empty table is an error of the chapter, and no headline without names."""
    with pytest.raises(DataError, match="nothing to rank"):
        rank({})


@given(COUNTS)
def test_most_are_exactly_those_with_the_highest_number(counts: dict[str, int]) -> None:
    """Whatever the numbers; and the ranks hold every name once."""
    ranking = rank(counts)
    top = sorted(counts.values())[-1]
    assert set(ranking.most.names) == {name for name, number in counts.items() if number == top}
    assert sorted(name for found in ranking.ranks for name in found.names) == sorted(counts)


def test_a_share_states_its_whole_with_those_that_did_not_answer() -> None:
    """Five yes, ten no answer: of 15, and not of five."""
    criterion = share([True] * 5 + [None] * 10)
    assert (str(criterion), criterion.unknown) == ("five of 15", 10)
    assert not criterion.most
    assert not criterion.few


@pytest.mark.parametrize(
    ("part", "whole", "unknown", "most", "few"),
    [
        (2, 4, 0, False, False),
        (3, 4, 0, True, False),
        (1, 4, 0, False, True),
        (1, 4, 1, False, False),
        (0, 0, 0, False, False),
    ],
)
def test_most_is_more_than_half_and_few_less(
    part: int, whole: int, unknown: int, most: bool, few: bool
) -> None:
    """A half is neither, and no answer is never taken for one."""
    found = Share(part, whole, unknown)
    assert (found.most, found.few) == (most, few)


def test_missing_values_of_pandas_are_no_answers() -> None:
    """A comparison with a number that a paper does not give is neither true nor false."""
    staff = pd.Series([30, None, 10], dtype="Int64")
    assert share(staff > 25) == Share(1, 3, 1)


def test_names_are_joined_as_a_sentence_lists_them() -> None:
    """One, two, and more."""
    assert [joined(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
