"""The evidence itself: every table as its schema says, and tables that agree with each other."""

from collections.abc import Iterator

from reviewpress.checks.acknowledgements import apply_acknowledgements
from reviewpress.checks.subject import CheckedEvidence, Subject
from reviewpress.checks.validation import validate
from reviewpress.config import Config
from reviewpress.errors import Problem, Problems
from reviewpress.review import Review


def load_evidence(config: Config) -> CheckedEvidence | None:
    """Load and validate a review's data once, before anything is executed.

    None for a project without a data schema. Raises Problems for errors not acknowledged.
    """
    if not (config.root / config.settings.schema).is_file():
        return None
    review = Review(config.root, config=config)
    problems = validate(review)
    errors = [
        p for p in apply_acknowledgements(config, problems).remaining if p.severity == "error"
    ]
    if errors:
        raise Problems(errors)
    return CheckedEvidence(review, tuple(problems))


def check_evidence(subject: Subject) -> Iterator[Problem]:
    """Pass on what was found in the tables and the bibliography."""
    if subject.evidence is not None:
        yield from subject.evidence.problems
