"""Reporting checklists: each answer points to something that the report has."""

from collections.abc import Iterator

from reviewpress.checklists import check_places, load_checklists
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem, ReportError


def check_checklists(subject: Subject) -> Iterator[Problem]:
    """Find answers of `data/checklists.yml` that point nowhere, and entries that are wrong."""
    if not subject.main:
        return
    try:
        answered = load_checklists(subject.config.root)
    except ReportError as error:
        yield from error.problems
        return
    yield from check_places(answered, subject.book.targets)
