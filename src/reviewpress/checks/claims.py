"""Claims: published numbers against the values that chapters compute from the data."""

from collections.abc import Iterator, Mapping

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.evidence.claims import CLAIMS, read_claims, without_value
from reviewpress.notebooks.runs import Run


def check_claims(subject: Subject) -> Iterator[Problem]:
    """Find claims without one value, and those whose published and computed values differ."""
    if subject.review is None or not subject.main or not subject.review.has(CLAIMS):
        return
    values, problems = collect_values(subject.runs)
    rows = subject.review.rows(CLAIMS)
    problems += without_value(rows, values)
    yield from problems
    if problems:
        return
    for claim in read_claims(rows, values):
        if claim.status == "differs":
            message = f"{claim.statement}: published {claim.published}, computed {claim.computed}."
            yield Problem("claim-differs", message, claim.where, subject=claim.id)


def collect_values(runs: Mapping[str, Run]) -> tuple[dict[str, str | None], list[Problem]]:
    """Return the values that chapters give, and a problem for each claim that two give one."""
    values: dict[str, str | None] = {}
    givers: dict[str, str] = {}
    problems = []
    for run in runs.values():
        for id, value in run.claims.items():
            if id in values:
                message = f'the claim "{id}" is given a value in {givers[id]} too.'
                where = Place(run.chapter)
                problems.append(Problem("claim", message, where, "Delete one.", subject=id))
            values[id], givers[id] = value, run.chapter
    return values, problems
