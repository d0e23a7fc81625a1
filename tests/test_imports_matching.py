"""Recognising records: measured on labelled pairs, blocked, and linear."""

import csv
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from reviewpress.bibliography import Entry, split_names
from reviewpress.imports.matching import Index, compare, describe
from reviewpress.imports.merging import Keys, base_key
from reviewpress.imports.records import make_entry

PAIRS = Path(__file__).parent / "data" / "duplicates.csv"
FIELDS = ("title", "author", "year", "journal", "volume", "pages", "doi")


def entry(key: str = "", **texts: str) -> Entry:
    people = split_names(texts.pop("author", ""))
    return replace(make_entry("article", texts, people), key=key)


def labelled() -> list[tuple[str, str, Entry, Entry]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [
            (
                row["label"],
                row["why"],
                *(
                    entry(f"k{side}", **{name: row[f"{name}{side}"] for name in FIELDS})
                    for side in ("1", "2")
                ),
            )
            for row in csv.DictReader(file)
        ]


def verdict(one: Entry, other: Entry) -> str:
    """Return the verdict as an import reaches it: through the index's blocks."""
    index = Index()
    index.add(describe(one))
    match = index.find(describe(other))
    return match.verdict if match else "different"


def test_precision_and_recall_on_the_labelled_pairs() -> None:
    """No two works are merged into one, and at most one duplicate in 50 is not recognised.

    What is unsure is neither merged nor lost: both records stay, and someone looks.
    """
    found = Counter((label, verdict(one, other)) for label, _, one, other in labelled())
    same = sum(count for (label, _), count in found.items() if label == "same")
    different = sum(count for (label, _), count in found.items() if label == "different")
    assert same > 250
    assert different > 90
    merged = found["same", "same"] + found["different", "same"]
    assert found["same", "same"] / merged == 1.0
    assert found["same", "same"] / same > 0.98
    assert found["same", "different"] == 0
    assert found["different", "unsure"] / different < 0.10


def test_verdicts_do_not_depend_on_the_order() -> None:
    """Whichever of two records came first, they are judged alike."""
    for _, why, one, other in labelled():
        assert verdict(one, other) == verdict(other, one), (why, one.title)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"doi": "10.1000/a"}, {"doi": "https://doi.org/10.1000/A"}, "same DOI"),
        ({"pmid": "1"}, {"pmid": "1"}, "same PubMed number"),
        ({}, {"author": "Berg, A."}, "same title, same author, same year"),
        ({}, {"year": "2021"}, "same title, same author, one year apart"),
    ],
)
def test_the_reason_of_a_match_is_told(
    one: dict[str, str], other: dict[str, str], found: str
) -> None:
    """The report says why a record was taken for an entry."""
    base = {"title": "A title of a study of care", "author": "Berg, Ada", "year": "2020"}
    match = compare(describe(entry("k", **base | other)), describe(entry("k", **base | one)))
    assert match is not None
    assert (match.verdict, match.reason) == ("same", found)


def test_one_doi_on_two_works_is_for_people_to_decide() -> None:
    """A wrong DOI does not merge two works."""
    one = entry("a", title="Care in the north of the country", doi="10.1000/a", year="2020")
    other = entry("b", title="Quite another subject altogether", doi="10.1000/a", year="2020")
    assert verdict(one, other) == "unsure"


def test_finding_is_linear_also_where_titles_are_alike() -> None:
    """A thousand records of one title each are not compared with all the others."""
    rng = random.Random(1)
    words = ["care", "child", "family", "health", "service", "integrated", "children", "team"]

    def seconds(count: int) -> float:
        index = Index()
        start = time.process_time()
        for number in range(count):
            title = " ".join(rng.sample(words, 6))
            record = describe(entry(f"k{number}", title=f"{title} {number}", year="2020"))
            index.find(record)
            index.add(record)
        return time.process_time() - start

    seconds(100)
    assert seconds(2000) < 10 * max(seconds(500), 0.02)


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        ({"author": "Le Helley, A", "year": "2020"}, "lehelley2020"),
        ({"author": "O’Hara-Løwe, J", "year": "2020"}, "oharalowe2020"),
        ({"author": "{Scottish Government}", "year": "2021"}, "scottishgovernment2021"),
        ({"author": "张, 伟", "year": "2021"}, "untitled2021"),
        ({"title": "The care of children"}, "carechildrennd"),
        ({"title": "1 2 3"}, "untitlednd"),
    ],
)
def test_keys_are_family_name_and_year(texts: dict[str, str], key: str) -> None:
    """ASCII, lower case, no spaces; a body's name, or words of the title, where there is none."""
    assert base_key(entry(**texts)) == key


def test_a_second_key_of_a_kind_gets_a_letter() -> None:
    """Keys in use stay as they are, also in another case, and new ones stand beside them."""
    keys = Keys()
    keys.add("Wang2020")
    keys.add("wang2020b")
    made = [keys.make(entry(author="Wang, L", year="2020")) for _ in range(3)]
    assert made == ["wang2020a", "wang2020c", "wang2020d"]
    assert keys.make(replace(entry(author="Wang, L", year="2020"), key="own:key")) == "own:key"
    assert keys.make(replace(entry(author="Wang, L", year="2019"), key="Wang2020")) == "wang2019"
