"""Whether the boxes of a PRISMA 2020 flow add up."""

from collections import Counter
from collections.abc import Iterator, Mapping

from reviewpress.errors import Place, Problem, all_of
from reviewpress.evidence.flow import Flow

OPTIONAL = (
    "register_results",
    "excluded_automatic",
    "excluded_other",
    "other_assessed",
    "other_excluded",
    "previous_studies",
    "previous_reports",
    "records_excluded_automatic",
    "awaiting_reports",
    "ongoing_reports",
)
"""Boxes that a review may lack: a blank one hides its line and counts as none in a sum."""
POOLED = ("total_studies_synthesis", "total_studies_ma", "total_reports_ma")
"""What of the included studies is in the synthesis, and in the meta-analysis."""
_RULES = (
    (
        ("database_results", "register_results"),
        ("duplicates", "excluded_automatic", "excluded_other", "records_screened"),
    ),
    (("records_screened",), ("records_excluded", "dbr_sought_reports")),
    (("dbr_sought_reports",), ("dbr_notretrieved_reports", "dbr_assessed")),
    (("other_sought_reports",), ("other_notretrieved_reports", "other_assessed")),
    (
        ("dbr_assessed", "other_assessed"),
        ("dbr_excluded", "other_excluded", "new_reports", "awaiting_reports", "ongoing_reports"),
    ),
    (("previous_studies", "new_studies"), ("total_studies",)),
    (("previous_reports", "new_reports"), ("total_reports",)),
    (("database_specific_results",), ("database_results",)),
    (("register_specific_results",), ("register_results",)),
)
"""What goes into a box, and what comes out of it."""


_ZERO = "A template has 0 where a number is to be filled in: write it, or leave the cell blank."


def check_flow(flow: Flow) -> list[Problem]:
    """Return a problem for each arithmetic rule of the PRISMA 2020 flow that does not hold.

    A rule counts only where all its boxes are known. The rules are those of the diagram (Page et
    al. 2021): what goes into a box is what comes out of it.
    """
    return [*_sums(flow), *_limits(flow)]


def _sums(flow: Flow) -> Iterator[Problem]:
    """Check that what goes into a box comes out of it."""
    for into, out in _RULES:
        yield from _balance(flow, into, out)


def _balance(flow: Flow, into: tuple[str, ...], out: tuple[str, ...]) -> Iterator[Problem]:
    known = flow.known
    needed = [box for box in (*into, *out) if box not in OPTIONAL]
    if any(box not in known for box in needed):
        return
    if not any(box in known for box in into) or not any(box in known for box in out):
        return
    left, right = (sum(known.get(box, 0) for box in side) for side in (into, out))
    if left != right:
        message = f"{_told(into, known)} is {left}, but {_told(out, known)} is {right}."
        blank = [box for box in (*into, *out) if box not in known]
        hint = f"Boxes left blank count as none: {', '.join(blank)}." if blank else ""
        place = _differing(flow, into, out)
        yield Problem("flow", message, place, hint, subject=" + ".join(into))


def _limits(flow: Flow) -> Iterator[Problem]:
    """Check that no box is larger than the one it comes out of, also where others are unknown."""
    pairs = (
        ("records_excluded", "records_screened"),
        ("dbr_sought_reports", "records_screened"),
        ("dbr_notretrieved_reports", "dbr_sought_reports"),
        ("dbr_assessed", "dbr_sought_reports"),
        ("dbr_excluded", "dbr_assessed"),
        ("other_assessed", "other_sought_reports"),
        ("other_excluded", "other_assessed"),
        ("records_excluded_automatic", "records_excluded"),
        ("new_studies", "new_reports"),
        ("previous_studies", "previous_reports"),
        ("total_studies", "total_reports"),
        ("awaiting_studies", "awaiting_reports"),
        ("total_studies_ma", "total_reports_ma"),
        ("total_studies_ma", "total_studies_synthesis"),
        ("total_studies_synthesis", "total_studies"),
        ("total_studies_ma", "total_studies"),
        ("total_reports_ma", "total_reports"),
        ("ongoing_studies", "ongoing_reports"),
        ("new_reports", "total_reports"),
    )
    known = flow.known
    first = () if any(map(known.get, ("previous_studies", "previous_reports"))) else tuple(
        (part, whole.replace("total", "new"))
        for part, whole in pairs
        if part in POOLED and whole.startswith("total") and whole not in (*known, *POOLED)
    )  # fmt: skip
    for part, whole in (*pairs, *first):
        if part in known and whole in known and known[part] > known[whole]:
            message = f"{part} ({known[part]}) is more than {whole} ({known[whole]})."
            place = _differing(flow, (whole,), (part,), missing=False)
            hint = "" if known[whole] else _ZERO
            yield Problem("flow", message, place, hint, subject=part)


def _differing(
    flow: Flow, into: tuple[str, ...], out: tuple[str, ...], *, missing: bool = True
) -> Place:
    """Return where a sum can be mended: a number that was typed, or what was counted.

    Of what was counted, these are the records that are on one side alone; without `missing`, only
    those that come out and did not go in.
    """
    boxes = [box for box in (*into, *out) if box in flow.known]
    counted = {box: flow.counted_from[box] for box in boxes if box in flow.counted_from}
    typed = [box for box in boxes if box not in counted]
    totals = [box for box in boxes if box in counted and len(counted[box]) != flow.known[box]]
    if typed or totals:
        return flow.place(typed[-1] if typed else totals[0])
    left, right = (
        Counter(name for box in side for name in counted.get(box, ())) for side in (into, out)
    )
    names = [*(right - left), *(left - right if missing else ())]
    places = {name: place for found in counted.values() for name, place in found.items()}
    return all_of(places[name] for name in names) or flow.place(boxes[-1])


def _told(boxes: tuple[str, ...], known: Mapping[str, int]) -> str:
    return " + ".join(f"{box} ({known[box]})" for box in boxes if box in known)
