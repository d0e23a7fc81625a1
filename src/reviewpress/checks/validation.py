"""Everything about the evidence that can be wrong, found in one pass over all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from reviewpress.bibliography import INCLUDED, check_bibliography
from reviewpress.errors import Place, Problem, ReportError, nearest
from reviewpress.evidence.agreement import check_extraction
from reviewpress.evidence.appraisal.answers import check_appraisal
from reviewpress.evidence.appraisal.routes import check_forms
from reviewpress.evidence.appraisal.scores import SCORES
from reviewpress.evidence.automation import check_automation
from reviewpress.evidence.claims import CLAIMS, old_expressions
from reviewpress.evidence.data import PAPERS
from reviewpress.evidence.decisions import FILE as SCREENING
from reviewpress.evidence.duplicates import FILE as PAIRS
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.evidence.import_log import waiting_keys
from reviewpress.evidence.records import check_duplicates, check_records
from reviewpress.evidence.screening import FLOW, check_screening
from reviewpress.evidence.searches import check_searches
from reviewpress.evidence.studies import check_studies
from reviewpress.review import Review
from reviewpress.tables.cells import Cell
from reviewpress.tables.dictionary import check_dictionary
from reviewpress.tables.reader import TableRows
from reviewpress.tables.reads import relative_name

_HINTS = 100
T = TypeVar("T")


def validate(review: Review) -> list[Problem]:
    """Read every table, the bibliography and the forms, and check them against each other.

    Returns every problem, those of one file together; raises nothing that an author can mend.
    """
    whole = review.whole
    problems: list[Problem] = []
    if not _try(lambda: whole.schema, problems):
        return problems
    tables = {
        name: rows
        for name in whole.schema.tables
        if (rows := _try(lambda name=name: whole.rows(name), problems)) is not None  # type: ignore[misc]
    }
    for rows in tables.values():
        problems += rows.warnings
    problems += _bibliography(whole)
    values = _key_values(whole, tables, problems)
    for rows in tables.values():
        problems += _foreign_keys(rows, values)
    problems += _papers(whole, tables)
    problems += _sections(whole, tables)
    problems += check_dictionary(whole.schema, whole.root)
    for check in (_flow, _studies, _searches, _forms, _appraisal, _claims):
        problems += check(whole)
    return list(dict.fromkeys(problems))


def _try(read: Callable[[], T], problems: list[Problem]) -> T | None:
    """Return what `read` gives; None, with its problems noted, where it cannot be read."""
    try:
        return read()
    except ReportError as error:
        problems += error.problems
        return None


def _bibliography(review: Review) -> list[Problem]:
    """Check the references, but for records that an import added and nobody has cited yet.

    `check_references` looks at those once they are cited.
    """
    problems: list[Problem] = []
    bibliography = _try(lambda: review.bibliography, problems)
    if bibliography is not None:
        years = review.config.settings.included_years
        waiting = _try(lambda: waiting_keys(review.root, bibliography), problems) or ()
        found = check_bibliography(
            bibliography, years=years, has_style=review.config.csl is not None
        )
        problems += [problem for problem in found if problem.subject not in waiting]
    return problems


def _key_values(
    review: Review, tables: Mapping[str, TableRows], problems: list[Problem]
) -> dict[tuple[str, str], set[Cell]]:
    """Return the values that each foreign key may take, by what it refers to."""
    wanted = {
        (key.resource, key.target) for rows in tables.values() for key in rows.table.foreign_keys
    }
    values: dict[tuple[str, str], set[Cell]] = {}
    for resource, target in wanted:
        if resource == "bibliography":
            bibliography = _try(lambda: review.bibliography, [])
            if bibliography is not None:
                values[resource, target] = set(bibliography.keys)
        elif resource == "sections":
            values[resource, target] = {each.name for each in review.config.settings.sections}
        elif resource in tables:
            values[resource, target] = set(tables[resource][target])
    return values


def _foreign_keys(
    rows: TableRows, values: Mapping[tuple[str, str], set[Cell]]
) -> Iterator[Problem]:
    for key in rows.table.foreign_keys:
        valid = values.get((key.resource, key.target))
        if valid is None:
            continue
        hinted = 0
        for position, cell in enumerate(rows[key.field]):
            items: tuple[Cell, ...] = (
                cell if isinstance(cell, tuple) else () if cell is None else (cell,)
            )
            for item in items:
                if item is None or item in valid:
                    continue
                hinted += 1
                hint = ""
                if isinstance(item, str) and hinted <= _HINTS and len(item) < 200:
                    hint = nearest(item, [str(value) for value in valid])
                what = "the bibliography" if key.resource == "bibliography" else key.resource
                message = f'"{str(item)[:60]}" is not a {key.target} of {what}.'
                place = rows.where(position, key.field)
                yield Problem("reference-unknown", message, place, hint[:300])


def _papers(review: Review, tables: Mapping[str, TableRows]) -> Iterator[Problem]:
    """Check that papers and included references are the same, with the same codes."""
    papers = tables.get("papers")
    bibliography = _try(lambda: review.bibliography, [])
    if papers is None or bibliography is None or "citekey" not in papers.table.columns:
        return
    code_column = papers.table.primary_key[0] if papers.table.primary_key else "code"
    codes = dict(zip(papers.texts("citekey"), papers[code_column], strict=True))
    for position, key in enumerate(papers.texts("citekey")):
        entry = bibliography.get(key)
        if entry is not None and entry.code is not None and str(entry.code) != str(codes[key]):
            message = (
                f'"{key}" has the code {codes[key]} here and {entry.code} in the bibliography.'
            )
            yield Problem("paper-code", message, papers.where(position, code_column), subject=key)
        elif entry is not None and entry.group != INCLUDED:
            message = f'"{key}" is a paper, but the bibliography does not give it a code.'
            place = bibliography.where(entry)
            hint = f"Add the field code = {{{codes[key]}}}."
            yield Problem("paper-code", message, place, hint, subject=key)
    for entry in bibliography:
        if entry.group == INCLUDED and entry.key not in codes:
            message = f'"{entry.key}" is included, but the table of papers lacks it.'
            place = bibliography.where(entry)
            yield Problem(
                "paper-missing", message, place, nearest_text(entry.key, codes), subject=entry.key
            )


def nearest_text(name: str, valid: Iterable[Cell]) -> str:
    """Return the nearest valid name as a hint, none where no name is near."""
    hint = nearest(name, [str(value) for value in valid if value is not None])
    return "" if hint.startswith("Valid") else hint


def _sections(review: Review, tables: Mapping[str, TableRows]) -> Iterator[Problem]:
    """Check that the sections of the tables are the review's, and the reverse."""
    sections = review.config.settings.sections
    recorded = {section.name for section in sections if section.recorded}
    papers = tables.get("papers")
    if papers is not None:
        for field in papers.table.with_role("sections"):
            for position, cell in enumerate(papers[field.name]):
                for name in map(str, cell) if isinstance(cell, tuple) else ():
                    if name not in recorded:
                        message = f'"{name}" is not a section of the review.'
                        place = papers.where(position, field.name)
                        yield Problem("section-unknown", message, place, nearest(name, recorded))
            for name in sorted(set(field.enum) - recorded) if field.enum else ():
                message = (
                    f'the vocabulary of sections has "{name}", the review\'s settings have not.'
                )
                place = Place(review.schema.file, line=field.line)
                yield Problem("section-unknown", message, place)
    findings = tables.get("findings")
    if findings is not None and "section" in findings.table.columns:
        known = {section.name for section in sections}
        for position, name in enumerate(findings.texts("section")):
            if name and name not in known:
                place = findings.where(position, "section")
                message = f'"{name}" is not a section of the review.'
                yield Problem("section-unknown", message, place, nearest(name, known))


def _flow(review: Review) -> list[Problem]:
    problems: list[Problem] = []
    if any((review.root / name).is_file() for name in (FLOW, SCREENING)):
        flow = _try(lambda: review.flow, problems)
        if flow is not None:
            problems += [*check_flow(flow), *check_screening(review)]
            if (review.root / SCREENING).is_file():
                problems += _try(lambda: list(check_records(review)), problems) or []
    problems += _try(lambda: [*check_automation(review), *check_extraction(review)], []) or []
    if (review.root / PAIRS).is_file():
        problems += _try(lambda: list(check_duplicates(review)), problems) or []
    return problems


def _studies(review: Review) -> list[Problem]:
    problems: list[Problem] = []
    if review.has(PAPERS):
        problems += _try(lambda: list(check_studies(review)), problems) or []
    return problems


def _searches(review: Review) -> list[Problem]:
    problems: list[Problem] = []
    path = review.root / "data/searches.yml"
    if path.is_file():
        searches = _try(lambda: review.searches, problems)
        if searches is not None:
            problems += check_searches(searches, relative_name(path, review.root))
    return problems


def _forms(review: Review) -> list[Problem]:
    problems: list[Problem] = []
    forms = _try(lambda: review.forms, problems)
    return problems + (check_forms(forms) if forms is not None else [])


def _appraisal(review: Review) -> list[Problem]:
    """Check the criteria that apply to each paper against the routes of the appraisal form."""
    problems: list[Problem] = []
    if review.has(SCORES):
        appraisal = _try(lambda: review.appraisal, [])
        forms = _try(lambda: review.forms, [])
        if appraisal is not None and forms is not None:
            problems += check_appraisal(appraisal, forms, review.rows(SCORES))
    return problems


def _claims(review: Review) -> list[Problem]:
    """Report a table of an earlier version; the values are for the check of claims to look at."""
    problems: list[Problem] = []
    if review.has(CLAIMS):
        rows = _try(lambda: review.rows(CLAIMS), [])
        problems += old_expressions(rows) if rows else ()
    return problems
