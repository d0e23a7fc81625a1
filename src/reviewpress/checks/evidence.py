"""The evidence itself: every table as its schema says, and tables that agree with each other."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem


def check_evidence(subject: Subject) -> Iterator[Problem]:
    """Find what is wrong in the tables and the bibliography."""
    if subject.review is None:
        return
    from reviewpress.evidence import validate

    yield from validate(subject.review)
