"""How far people who judged the same agree, before consensus.

Raw agreement is the share of what at least two people judged on which all of them agree, with the
interval of Wilson (1927). Of chance-corrected coefficients, Cohen's kappa is for one fixed pair;
for any others it is Krippendorff's alpha, of which each judgement may be missing. Both are computed
by NLTK: this module is the only importer of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from reviewpress.errors import Place, Problem, missing_extra
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.decisions import (
    AGREED,
    AUTOMATION,
    FILE,
    FULL,
    INCLUDE,
    TITLE,
    UNSURE,
    read_votes,
)
from reviewpress.labels import Labels
from reviewpress.tables.reader import TableRows, decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table

EXTRACTION = "data/extraction.csv"
KAPPA, ALPHA, UNDEFINED = "kappa", "alpha", "undefined"
_EXTRACTION_FIELDS = (
    Field("paper", title="Paper", required=True),
    Field("item", title="Item", required=True),
    Field("value", title="Value"),
    Field("extractor", title="Extractor", required=True),
)

Judgement = tuple[str, str, str]
"""Who judged, what, and how."""


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """How people agree on one thing: a stage of screening, or an item of extraction.

    `units` were judged, `twice` of them by at least two people, who agree on `agreed`; `low` and
    `high` are the 95 % interval of that share. `measure` is kappa, alpha, or undefined where all
    judgements are the same; it is empty where nothing was judged twice. Of `settled` more, only
    what was agreed is recorded, as in exports of Covidence: how often people agreed is not known.
    """

    name: str
    people: tuple[str, ...]
    units: int
    twice: int
    agreed: int
    low: float = 0.0
    high: float = 1.0
    measure: str = ""
    value: float | None = None
    settled: int = 0

    @property
    def share(self) -> float | None:
        """The share on which they agree."""
        return self.agreed / self.twice if self.twice else None


def measure_agreement(
    name: str, judgements: Iterable[Judgement], settled: Collection[str] = ()
) -> RaterAgreement:
    """Measure how people agree; of several judgements of one person on one thing the last counts.

    `settled` are the things on which something was agreed, whoever judged them before.

    Raises SetupError where NLTK is not installed.
    """
    units: dict[str, dict[str, str]] = defaultdict(dict)
    for person, unit, judged in judgements:
        units[unit][person] = judged
    twice = {unit: cast for unit, cast in units.items() if len(cast) > 1}
    people = tuple(dict.fromkeys(person for cast in twice.values() for person in cast))
    agreed = sum(len(set(cast.values())) == 1 for cast in twice.values())
    only = len(set(settled) - units.keys())
    if not twice:
        return RaterAgreement(name, people, len(units), 0, 0, settled=only)
    low, high = wilson_interval(agreed, len(twice))
    given = [(one, unit, judged) for unit, cast in twice.items() for one, judged in cast.items()]
    measure, value = _coefficient(given, people)
    return RaterAgreement(
        name, people, len(units), len(twice), agreed, low, high, measure, value, only
    )


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson EB 1927, J Am Stat Assoc 22: 209–212).

    >>> tuple(round(limit, 3) for limit in wilson_interval(81, 263))
    (0.255, 0.366)
    """
    z = NormalDist().inv_cdf(0.975)
    share, scale = successes / trials, 1 + z * z / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def _coefficient(given: Sequence[Judgement], people: tuple[str, ...]) -> tuple[str, float | None]:
    if len({judged for _, _, judged in given}) < 2:
        return UNDEFINED, None
    # Imported here: NLTK takes more than a second, and only those who measure agreement need it.
    try:
        from nltk.metrics.agreement import AnnotationTask
    except ImportError:
        raise missing_extra("nltk, which computes agreement,", "agreement") from None
    task = AnnotationTask(data=given)
    if len(people) == 2:
        return KAPPA, float(task.kappa())
    return ALPHA, float(task.alpha())


def screening_agreement(evidence: Evidence) -> tuple[RaterAgreement, ...]:
    """Return the agreement of reviewers at each stage of screening, before consensus.

    They may be unsettled still. Unsure is include. What was removed before, or could not be had, is
    no judgement to agree on.

    Neither what was agreed nor what automation excluded is a judgement of a reviewer.
    """
    if not evidence.holds(FILE):
        return ()
    votes = [vote for vote in read_votes(evidence) if vote.reviewer != AUTOMATION]
    return tuple(
        measure_agreement(
            stage,
            (
                (vote.reviewer, vote.record, INCLUDE if vote.decision == UNSURE else vote.decision)
                for vote in votes
                if vote.stage == stage and vote.is_independent
            ),
            {vote.record for vote in votes if vote.stage == stage and vote.reviewer == AGREED},
        )
        for stage in (TITLE, FULL)
        if any(vote.stage == stage for vote in votes)
    )


def extraction_agreement(evidence: Evidence) -> tuple[RaterAgreement, ...]:
    """Return the agreement of extractors on each item of `data/extraction.csv`.

    Raises DataError, or Problems by cell.
    """
    if not evidence.holds(EXTRACTION):
        return ()
    rows = tuple(_extraction(evidence).records())
    return tuple(
        measure_agreement(
            item,
            (
                (row.text("extractor"), row.text("paper"), row.text("value"))
                for row in rows
                if row["item"] == item and row["extractor"] != AGREED
            ),
            {
                row.text("paper")
                for row in rows
                if (row["item"], row["extractor"]) == (item, AGREED)
            },
        )
        for item in dict.fromkeys(row.text("item") for row in rows)
    )


def check_extraction(evidence: Evidence) -> Iterable[Problem]:
    """Yield a problem for each value on which extractors differ and no row `agreed` settles."""
    if not evidence.holds(EXTRACTION):
        return
    rows = _extraction(evidence)
    found: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for position, row in enumerate(rows.records()):
        cell = (row.text("extractor"), row.text("value"), rows.numbers[position])
        found[row.text("paper"), row.text("item")].append(cell)
    for (paper, item), cast in found.items():
        settled = any(who == AGREED for who, _, _ in cast)
        if settled or len({value for _, value, _ in cast}) < 2:
            continue
        told = ", ".join(f"{value or 'nothing'} ({who})" for who, value, _ in cast)
        message = f'"{item}" of paper {paper} is not settled: {told}.'
        hint = f"Add a row with what was agreed, by the extractor {AGREED}."
        yield Problem("extraction", message, Place(EXTRACTION, row=cast[-1][2]), hint, paper)


def _extraction(evidence: Evidence) -> TableRows:
    content = read_bytes(evidence.path(EXTRACTION), EXTRACTION)
    header = decode_table(content, EXTRACTION).partition("\n")[0]
    names = {name.strip(' "\r') for name in header.split(",")}
    note = (Field("note", title="Note"),) if "note" in names else ()
    table = Table("extraction", "extraction.csv", (*_EXTRACTION_FIELDS, *note), title="Extraction")
    return parse_table(content, table, EXTRACTION)


def say_agreement(found: Sequence[RaterAgreement], labels: Labels, noun: str) -> str:
    """Return in sentences how people agree; `noun` is what was judged, records or values."""
    said = [sentence for one in found for sentence in _said(one, labels, noun)]
    if noun == "records" and any(one.units for one in found):
        said.append(labels["agreement-unsure"])
    return " ".join(said)


def _said(one: RaterAgreement, labels: Labels, noun: str) -> list[str]:
    label = f"stage-{one.name.replace(' ', '-')}"
    name = labels.get(label, one.name)
    units, settled = labels.count(noun, one.units), labels.count(noun, one.settled)
    if not one.units:
        return [labels.fill("agreement-only-settled", stage=name, records=settled)]
    said = [labels.fill("agreement-once", stage=name, records=units)]
    if one.share is not None:
        value = "" if one.value is None else labels.mark(f"{one.value:.2f}")
        said = [
            labels.fill(
                "agreement-twice", stage=name, records=units, twice=labels.digits(one.twice),
                agreed=labels.digits(one.agreed), share=_percent(one.share, labels),
                low=_percent(one.low, labels), high=_percent(one.high, labels),
            ),
            labels.fill(f"agreement-{one.measure}", value=value),
        ]  # fmt: skip
    if one.settled:
        said.append(labels.fill("agreement-settled", records=settled))
    return said


def _percent(share: float, labels: Labels) -> str:
    return labels.fill("percent", number=labels.mark(f"{100 * share:.0f}"))
