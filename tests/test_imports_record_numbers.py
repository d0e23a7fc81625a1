"""Numbers of records that a library keeps in the place of issues."""

from collections.abc import Iterable

import pytest

from reviewpress.imports.intake import Intake
from reviewpress.imports.readers import parse_records

JOURNALS = ("Lung", "Thorax", "Chest", "Heart", "Gut", "Pain")


def library(issues: Iterable[object], journals: tuple[str, ...] = JOURNALS) -> str:
    """Return an export in which each record has an issue, and the journals take turns."""
    return "".join(
        f"TY  - JOUR\nTI  - Drains and their care in ward {place}\nAU  - Marwood, H.\nPY  - 2009\n"
        f"JF  - {journals[place % len(journals)]}\nVL  - 12\nIS  - {issue}\nER  - \n"
        for place, issue in enumerate(issues)
    )


def fields(text: str) -> list[tuple[str, str]]:
    """Return the issue and the record's number of each record."""
    entries = [record.entry for record in parse_records(text.encode(), "library.ris").records]
    return [(entry.text("number"), entry.text("record-number")) for entry in entries]


def remarks(text: str) -> str:
    """Return what is remarked on a file."""
    return " ".join(parse_records(text.encode(), "library.ris").remarks)


@pytest.mark.parametrize("issues", [range(1, 81), range(1988, 1700, -3), [*range(400, 440), 404]])
def test_numbers_that_hardly_ever_come_twice_are_those_of_records(issues: list[int]) -> None:
    """They are kept under another name, and that is remarked."""
    text = library(issues)
    assert fields(text) == [("", str(issue)) for issue in issues]
    assert "count the records of a library" in remarks(text)


@pytest.mark.parametrize(
    ("issues", "journals"),
    [
        ([place % 12 + 1 for place in range(80)], JOURNALS),
        (range(1, 49), JOURNALS),
        (range(8400, 8480), ("Lancet", "BMJ")),
        (range(100, 119), JOURNALS),
        ([f"S{place}" for place in range(1, 81)], JOURNALS),
    ],
    ids=["twelve a year", "weeks", "issues counted on", "too few to say", "supplements"],
)
def test_what_may_be_an_issue_stays_one(
    issues: Iterable[object], journals: tuple[str, ...]
) -> None:
    """A weekly has fifty a year, and two old journals count theirs through all volumes."""
    issues = list(issues)
    text = library(issues, journals)
    assert fields(text) == [(str(issue), "") for issue in issues]
    assert "library" not in remarks(text)


def test_a_report_keeps_its_number() -> None:
    """Only an article has an issue."""
    report = (
        "TY  - RPRT\nTI  - Ferns of the north\nPB  - Fern Office\nIS  - 77\nPY  - 2001\nER  - \n"
    )
    assert fields(library(range(100, 160)) + report)[-1] == ("77", "")


def test_one_work_that_a_library_has_twice_is_merged() -> None:
    """Its two numbers are not of two issues."""
    text = library(range(1, 81)) + library(range(22, 24))
    work = Intake({})
    found = [work.take(record) for record in parse_records(text.encode(), "library.ris").records]
    assert [outcome.kind for outcome in found] == ["added"] * 80 + ["already there"] * 2
