"""The parts of an appraisal: criteria, answers to them, and ratings published and computed."""

from dataclasses import dataclass

from reviewpress.evidence.findings import Code

ANSWERED = "answered"
UNANSWERED = "unanswered"
NOT_APPLICABLE = "not applicable"
NOT_AVAILABLE = "not available"
SCORES = "appraisal"
OVERALL = "appraisal_overall"
Rating = float | str | None
"""A published rating: in per cent, or a judgement."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the tool: its number, the design it belongs to, our short wording."""

    id: str
    design: str
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One paper's answer to one criterion; `answer` is None unless `status` is answered."""

    code: Code
    criterion: str
    answer: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A paper's published rating beside the one its criteria give, both in per cent or None.

    A published judgement, as "Some concerns", is that text. `weakest` names the parts that have
    the lowest rating. `verdict` is agrees, differs, or not checkable (one of the two is missing,
    or is a judgement).
    """

    code: Code
    published: Rating
    computed: int | None
    weakest: tuple[str, ...]
    verdict: str
