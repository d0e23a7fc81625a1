"""Searches: full strings generated from concepts, compared with the published ones."""

from pathlib import Path

import pytest

import reviewpress
from reviewpress.errors import ConfigError
from reviewpress.evidence.searches import check_searches, normalise_string, read_searches

ROOT = Path(__file__).parent / "projects" / "small-evidence"
FLAGSHIP = Path(__file__).parent.parent


def test_a_string_is_generated_from_its_concepts() -> None:
    """Terms of a concept are joined within, concepts between."""
    searches = reviewpress.load(ROOT).searches
    assert searches.string("both").generated == ('(("child" OR "famil*") AND ("social care"))')
    assert searches.string("both").agrees is True
    assert searches.string("new").agrees is None
    assert searches["title"] == "Searches"


def test_unknown_names_are_told() -> None:
    """A string or key that is not there gets the nearest name."""
    searches = reviewpress.load(ROOT).searches
    with pytest.raises(ConfigError, match='Did you mean "both"'):
        searches.string("bth")
    with pytest.raises(ConfigError, match='Did you mean "strings"'):
        searches["string"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('( "a"  OR "b" )', "('a' or “b”)"),
        ("children's", "children’s"),
        ('"a"AND"b"', '"A"AND"B"'),
    ],
)
def test_case_quotes_and_spacing_do_not_count(one: str, other: str) -> None:
    """Strings are compared after normalising."""
    assert normalise_string(one) == normalise_string(other)


def test_a_slip_has_to_be_recorded_and_true(tmp_path: Path) -> None:
    """A string that differs needs a slip that says how; one that agrees must have none."""
    text = (ROOT / "data/searches.yml").read_text()
    path = tmp_path / "searches.yml"
    path.write_text(text.replace('"social care"))', '"social care")))'))
    (problem,) = check_searches(read_searches(path, tmp_path), "searches.yml")
    assert "Correct the terms, or record the slip." in str(problem)
    path.write_text(path.read_text().replace("slips: []", "slips: [One bracket too many.]", 1))
    assert list(check_searches(read_searches(path, tmp_path), "searches.yml")) == []


def test_the_flagships_strings_are_the_published_ones_but_for_two_slips() -> None:
    """Three of the four published strings come out of the concepts, one has a bracket too many."""
    strings = reviewpress.load(FLAGSHIP).searches.strings
    assert [string.id for string in strings if string.agrees is False] == ["outcomes"]
    assert [string.id for string in strings if string.slips] == ["outcomes", "rights"]
