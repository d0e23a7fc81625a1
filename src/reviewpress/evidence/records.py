"""Whether searches, imports, decisions and papers speak of the same records.

A flow can add up and be wrong: an export that no search names is not counted, and a mistyped key
is one record too many here and one too few there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from reviewpress.bibliography import keys_in
from reviewpress.errors import Place, Problem, nearest
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.decisions import FILE, FULL, INCLUDE, Screening, read_screening
from reviewpress.evidence.duplicates import check_pair_decisions
from reviewpress.evidence.import_log import FILE as IMPORTS
from reviewpress.evidence.import_log import LogRow, read_log
from reviewpress.evidence.screening import load_flow, versions_of
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.versions import Versions
from reviewpress.shapes import Plain

_SHOWN = 5
_ADD = "`reviewpress include` adds it to the table; or change the decision."


def check_records(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for records that one file names and another lacks.

    Raises DataError or Problems where one of the files cannot be read.
    """
    log = read_log(evidence.root)
    screening = read_screening(evidence)
    exports: set[str] | None = None
    if evidence.holds(SEARCHES):
        exports = {str(item["file"]) for item in _searches(evidence) if item["file"]}
        yield from _exports(evidence, log)
    versions = versions_of(evidence, screening)
    yield from _included(evidence, screening, versions)
    if log:
        yield from _decided(evidence, screening, log, exports, versions)


def check_duplicates(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for each decision on a pair of records that cannot be obeyed.

    Raises DataError or Problems where the decisions, or the log of imports, cannot be read.
    """
    yield from check_pair_decisions(evidence.root, read_log(evidence.root), _known(evidence))


def _exports(evidence: Evidence, log: Iterable[LogRow]) -> Iterator[Problem]:
    """Compare the exports that searches name with those that were imported."""
    imported: dict[str, set[str]] = defaultdict(set)
    for row in log:
        imported[row.file].add(row.sha256)
    searches = _searches(evidence)
    named = Counter(str(item["file"]) for item in searches if item["file"])
    place = Place(SEARCHES)
    for file, count in named.items():
        if count > 1:
            message = f'{count} searches name the export "{file}": its records are counted twice.'
            hint = "Each search has a file of its own."
            yield Problem("search", message, place, hint, subject=file)
    for search in searches:
        file = str(search["file"] or "")
        if file and file not in imported and search.get("records") is None:
            message = f'the export "{file}" of the search "{search.get("id")}" was not imported.'
            hint = nearest(file, imported) or f"Import it: reviewpress import {file}"
            yield Problem("search", message, place, hint, subject=file)
    for file, contents in imported.items():
        if file not in named:
            message = f'no search names the export "{file}": the flow does not count its records.'
            hint = f"Say which search it is from, as in file: {file}."
            yield Problem("search-file", message, place, hint, file)
        elif len(contents) > 1:
            message = f'{len(contents)} exports named "{file}" were imported: each is counted.'
            hint = (
                "An export that was corrected replaces the one before: reviewpress import --replace"
                f" {file}. Give other exports names of their own."
            )
            yield Problem("search", message, Place(IMPORTS), hint, subject=file)


def _searches(evidence: Evidence) -> list[Mapping[str, Plain]]:
    """Return the searches that may name an export."""
    return [item for item in evidence.searches.listed("searches") if "file" in item]


def _included(evidence: Evidence, screening: Screening, versions: Versions) -> Iterator[Problem]:
    """Compare the reports that were included with the table of papers, one by one.

    Papers of an earlier version need no decision, as long as they are as many as it had.
    """
    rows = evidence.rows("papers") if evidence.has("papers") else None
    if rows is None or "citekey" not in rows.table.columns:
        return
    papers = {str(key) for key in rows["citekey"]}
    included = {settled.record: settled for settled in screening.with_decision(FULL, INCLUDE)}
    for key in sorted(included.keys() - papers):
        message = f'"{key}" is included on full text, but is not a citekey of the table of papers.'
        place = Place(FILE, row=included[key].row, column="record")
        meant = nearest(key, papers)
        hint = meant if meant.startswith("Did") else _ADD
        yield Problem("screening", message, place, hint, subject=key)
    lacking = sorted(papers - included.keys())
    before = load_flow(evidence).get("previous_reports") if versions.is_update else None
    if lacking and before != len(versions.papers) + len(versions.included):
        message = f"no decision on full text includes {_listed(lacking)} of the table of papers."
        yield Problem("screening", message, Place(FILE), subject=lacking[0])


def _decided(
    evidence: Evidence,
    screening: Screening,
    log: Iterable[LogRow],
    counted: Collection[str] | None,
    versions: Versions,
) -> Iterator[Problem]:
    """Name imported records without a decision, and decisions on records of no import.

    The former is wrong where the flow counts their exports; without searches it may be on its way.
    """
    decided = {name for found in screening.stages.values() for name in found}
    known = _known(evidence)
    keys = {row.key for row in log if row.key and (counted is None or row.file in counted)}
    keys = {screening.one_work.get(key, key) for key in keys}
    waiting = sorted(keys - decided - set(versions.papers))
    if waiting:
        message = f"no decision says what became of {_listed(waiting)}."
        hint = f"Each imported record needs a row in {FILE}."
        rule = "screening" if counted else "screening-open"
        yield Problem(rule, message, Place(FILE), hint)
    unknown = sorted(decided - known)
    if unknown:
        message = f"the bibliography lacks {_listed(unknown)}, on which there are decisions."
        hint = nearest(unknown[0], known) if len(unknown) == 1 else ""
        yield Problem("screening-unknown", message, Place(FILE), hint)


def _known(evidence: Evidence) -> set[str]:
    """Return the keys of all entries: the bibliography's, and those of records."""
    records = evidence.config.records
    return {*evidence.bibliography.keys, *(keys_in(records) if records else ())}


def _listed(keys: Collection[str]) -> str:
    """Return some keys of many, and how many more there are."""
    names = [f'"{key}"' for key in keys]
    more = len(names) - _SHOWN
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_SHOWN])} and {more} more records"
