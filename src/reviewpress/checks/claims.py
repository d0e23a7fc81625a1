"""Claims: published numbers against what the data computes."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem


def check_claims(subject: Subject) -> Iterator[Problem]:
    """Find claims whose published and computed values differ."""
    if subject.review is None or not subject.main or not subject.review.has("claims"):
        return
    claims = subject.review.claims
    rows = claims.reset_index().to_dict("records")
    for number, row in enumerate(rows, start=2):
        if row["status"] == "differs":
            message = (
                f"{row['statement']}: published {row['published']}, computed {row['computed']}."
            )
            place = Place("data/claims.csv", row=number, column="published")
            yield Problem("claim-differs", message, place, subject=str(row["id"]))
