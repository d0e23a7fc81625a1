"""Retracted papers: none is included or cited without a reason that somebody wrote down."""

from collections.abc import Iterator

from reviewpress.bibliography import CONCERN, ERRATUM, RETRACTED
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem

_TOLD = {RETRACTED: "was retracted", CONCERN: "is under an expression of concern"}


def check_retractions(subject: Subject) -> Iterator[Problem]:
    """Find papers that are included or cited though they were retracted.

    One under an expression of concern is a warning; an erratum is neither, and only shown.
    """
    review = subject.review
    if review is None:
        return
    for key, notice in review.notices.items():
        entry = review.bibliography[key]
        used = "included" if entry.code is not None else "cited" if _cites(subject, key) else ""
        if not used or notice.kind == ERRATUM:
            continue
        message = f'"{key}" is {used}, and {_TOLD[notice.kind]} ({notice.source}).'
        hint = "Take it out, or say in data/acknowledged.yml why it stays and what it changes."
        place = review.bibliography.where(entry)
        yield Problem(notice.kind, message, place, hint, subject=key)


def _cites(subject: Subject, key: str) -> bool:
    return key in subject.book.cited
