"""Searches, imports, decisions and papers have to speak of the same records."""

from typing import Any

import pytest

from reviewpress.errors import Problem
from reviewpress.evidence.records import check_records
from reviewpress.review import load

DECISIONS = "record,stage,decision,reason,reviewer\n"
LOG = "file,sha256,number,outcome,key,like,reason,title,differences\n"
PAPERS = "known2020,full text,include,,AB\nother2021,full text,include,,AB\n"
SOURCES = "sources: [{id: one, name: One, kind: database}]\nsearches:\n"
SEARCH = "  - {{id: {}, source: one, file: {}}}\n"


def problems(project: Any, rows: str, *, log: str = "", searches: str = "") -> list[Problem]:
    """Return what is wrong in the minimal review with these decisions, imports and searches."""
    files = {"data/screening.csv": DECISIONS + rows}
    if log:
        files["data/imports.csv"] = LOG + log
    if searches:
        files["data/searches.yml"] = SOURCES + searches
    return list(check_records(load(project(runs=False, files=files))))


def test_decisions_on_the_papers_alone_are_in_order(project: Any) -> None:
    """Without imports, records that were screened out need not be in the bibliography."""
    assert problems(project, PAPERS + "record-1,title and abstract,exclude,,AB\n") == []


def test_a_mistyped_record_is_named_on_both_sides(project: Any) -> None:
    """The number of reports is right, and one is not what it says."""
    wrong, lacking = problems(project, PAPERS.replace("other2021", "othre2021"))
    assert wrong.message.startswith('"othre2021" is included on full text, but is not a citekey')
    assert wrong.where is not None
    assert (wrong.where.row, wrong.hint) == (3, 'Did you mean "other2021"?')
    assert lacking.message.startswith('no decision on full text includes "other2021"')


def test_imported_records_without_decision_are_named(project: Any) -> None:
    """At most five by name; records that were rejected need none."""
    rows = "".join(f"e.ris,aa,{n},added,new{n},,,T,\n" for n in range(1, 8))
    rows += "e.ris,aa,8,merged,known2020,,,T,\ne.ris,aa,9,rejected,,,,,\n"
    (told,) = problems(project, PAPERS, log=rows)
    assert told.message.endswith('"new1", "new2", "new3", "new4", "new5" and 2 more records.')
    assert told.severity == "warning"


def test_a_record_that_the_flow_counts_needs_a_decision(project: Any) -> None:
    """Its box cannot add up without one; a record of no search is nobody's to decide on."""
    log = "e.ris,aa,1,added,new1,,,T,\nother.ris,bb,1,added,new2,,,T,\n"
    told = problems(project, PAPERS, log=log, searches=SEARCH.format("a", "e.ris"))
    assert [(one.severity, one.message) for one in told] == [
        ("warning", 'no search names the export "other.ris": the flow does not count its records.'),
        ("error", 'no decision says what became of "new1".'),
    ]


def test_decisions_on_records_of_no_import_are_named(project: Any) -> None:
    """Once records come from imports, a decision on another is likely to be mistyped."""
    rows = PAPERS + "knwon2020,title and abstract,exclude,,AB\n"
    (told,) = problems(project, rows, log="e.ris,aa,1,merged,known2020,,,T,\n")
    assert told.message == 'the bibliography lacks "knwon2020", on which there are decisions.'
    assert told.hint == 'Did you mean "known2020"?'


@pytest.mark.parametrize(
    ("searches", "message", "hint", "severity"),
    [
        (
            f"{SEARCH.format('a', 'exprt.ris')}{SEARCH.format('b', 'export.ris')}",
            'the export "exprt.ris" of the search "a" was not imported.',
            'Did you mean "export.ris"?',
            "error",
        ),
        (
            f"{SEARCH.format('a', 'export.ris')}{SEARCH.format('b', 'export.ris')}",
            '2 searches name the export "export.ris": its records are counted twice.',
            "Each search has a file of its own.",
            "error",
        ),
        (
            "  - {id: a, source: one, records: 3}",
            'no search names the export "export.ris": the flow does not count its records.',
            "Say which search it is from, as in file: export.ris.",
            "warning",
        ),
    ],
)
def test_searches_and_imports_name_the_same_exports(
    searches: str, message: str, hint: str, severity: str, project: Any
) -> None:
    """An export that is not counted, or counted twice, is told though the flow adds up."""
    log = "export.ris,aa,1,merged,known2020,,,T,\n"
    (told,) = problems(project, PAPERS, log=log, searches=searches)
    assert (told.message, told.hint, told.severity) == (message, hint, severity)


def test_two_exports_of_one_name_are_told(project: Any) -> None:
    """The log knows an export by its name; two contents under one name are both counted."""
    log = "export.ris,aa,1,merged,known2020,,,T,\nexport.ris,bb,1,already there,known2020,,,T,\n"
    searches = "  - {id: a, source: one, file: export.ris}"
    (told,) = problems(project, PAPERS, log=log, searches=searches)
    assert told.message == '2 exports named "export.ris" were imported: each is counted.'
