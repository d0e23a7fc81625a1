"""Searches: full strings generated from concepts, compared with the published ones."""

from pathlib import Path

import pytest

import reviewpress
from reviewpress.errors import ConfigError, Problems
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


SOURCES = """\
sources:
  - {id: one, name: Made-up Index, kind: database}
strings:
  - {id: main, title: Main}
searches:
  - {id: first, source: one, string: main, date: 2025-01-15, records: 24}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source: one", "source: oen", 'line 6: the search "first" names the source "oen"'),
        ("string: main", "string: mian", 'which is not there. Did you mean "main"?'),
        ("kind: database", "kind: databass", 'line 2: "kind" takes one of database, register'),
        ("kind: database", "kind: [database]", 'line 2: "kind" takes one of database, register'),
        ("records: 24", "records: -4", 'line 6: "records" takes a whole number'),
        ("records: 24", "records: 24.5", 'line 6: "records" takes a whole number'),
        ("records: 24", "records: many", 'line 6: "records" takes a whole number'),
        ("date: 2025-01-15", "date: Jan 2025", 'line 6: "date" takes a date'),
        ("source: one, ", "", 'line 6: "source" takes a text, not nothing'),
        ("searches:", "  - {id: main, title: Other}\nsearches:", 'id "main" is given twice'),
        ("strings:", "  - {id: one, kind: website}\nstrings:", 'id "one" is given twice under'),
        ("  - {id: first", "  - 5\n  - {id: first", "item 1 of"),
        ("sources:", "sources: 5\nother:", "sources"),
    ],
)
def test_a_search_that_would_not_be_counted_is_an_error(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    """What would leave a search out of the flow without a word is named with its line."""
    path = tmp_path / "searches.yml"
    assert old in SOURCES
    path.write_text(SOURCES.replace(old, new))
    with pytest.raises((ConfigError, Problems)) as raised:
        read_searches(path, tmp_path)
    assert message in str(raised.value)


@pytest.mark.parametrize("date", ["2025", "2025-01", "'2025-01-15'", "null"])
def test_a_date_may_be_a_month_or_a_year(date: str, tmp_path: Path) -> None:
    """What is known of a date is enough."""
    path = tmp_path / "searches.yml"
    path.write_text(SOURCES.replace("2025-01-15", date))
    assert list(check_searches(read_searches(path, tmp_path), "searches.yml")) == []


def test_a_source_with_records_needs_a_kind(tmp_path: Path) -> None:
    """Without a kind its records are in no box of the flow; without records it needs none."""
    path = tmp_path / "searches.yml"
    text = SOURCES.replace(", kind: database", "")
    path.write_text(text)
    (problem,) = check_searches(read_searches(path, tmp_path), "searches.yml")
    assert 'line 2: the source "one" has no kind' in str(problem)
    path.write_text(text.replace("records: 24", "records: null"))
    assert list(check_searches(read_searches(path, tmp_path), "searches.yml")) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Main", 'title: Main, published: "1. a  20", hits: {1: 21}', "found 20 records"),
        ("title: Main", 'title: Main, published: "1. a", hits: {2: 21}', 'has no line 2, of which'),
        ("records: 24", "records: 24, limit: English", '"limit", of "first" under searches'),
        ("kind: database", "kind: database, Platform: Ovid", 'read. Did you mean "platform"?'),
        ("sources:", "title: A\noperator: {within: OR}\nsources:", 'line 2: "operator" is not'),
        ("sources:", "operators:\n  betwen: NOT\nsources:", '2: "betwen", of operators, is not'),
        ("sources:", "concepts: {a: {terms: [b], comon: true}}\nsources:",
         '"comon", of concepts: a, is not read. Did you mean "common"?'),
    ],
)  # fmt: skip
def test_what_would_not_be_read_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    """Hits that contradict the strategy, and keys that are like one that is known."""
    path = tmp_path / "searches.yml"
    path.write_text(SOURCES.replace(old, new))
    (problem,) = check_searches(read_searches(path, tmp_path), "searches.yml")
    assert message in str(problem)
    path.write_text(SOURCES.replace("records: 24", "records: 24, interface: null, fields: [title]"))
    assert list(check_searches(read_searches(path, tmp_path), "searches.yml")) == []
