"""Claims: published numbers against what the data computes."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.evidence.claims import CLAIMS


def check_claims(subject: Subject) -> Iterator[Problem]:
    """Find claims whose published and computed values differ."""
    if subject.review is None or not subject.main or not subject.review.has(CLAIMS):
        return
    for claim in subject.review.recomputed:
        if claim.status == "differs":
            message = f"{claim.statement}: published {claim.published}, computed {claim.computed}."
            place = Place(claim.where.file, row=claim.where.row, column="published")
            yield Problem("claim-differs", message, place, subject=claim.id)
