"""What is wrong in the original already, and may stay: acknowledged, until its author mends it.

Quarto publishes a bracket too many, or a list that is none; a review stops at them. Moving in
changes no sentence, so they are named as left to do, and keep nobody from a first edition.
"""

from collections.abc import Sequence
from pathlib import Path

from reviewpress.adopt.notes import Note
from reviewpress.checks.acknowledgements import FILE
from reviewpress.config import PROJECT_FILE, load_config
from reviewpress.errors import Place, Problem, ReportError
from reviewpress.extension import find_extension
from reviewpress.formats.pandoc_engine import PandocEngine
from reviewpress.pipeline import Progress, prepare
from reviewpress.rules import RULES
from reviewpress.shapes import Plain
from reviewpress.yaml import dump_yaml

_STOPS = "the review cannot be rendered before this is mended: "
_REASON = "It was so in the original, when this was moved in."


def acknowledge_what_stands(root: Path, progress: Progress) -> list[Note]:
    """Write `data/acknowledged.yml` for what the text of a review breaks; return what that is.

    What else is refused was not mended by moving in: it is said that it stops the review.
    """
    refused = what_is_refused(root, progress)
    found = [each for each in refused if RULES[each.rule].may_be_acknowledged]
    stops = [
        Note(each.where or Place(PROJECT_FILE), f"{_STOPS}{each.message} {each.hint}".strip(), True)
        for each in refused
        if each not in found
    ]
    return [*stops, *_acknowledged(root, found)]


def _acknowledged(root: Path, found: Sequence[Problem]) -> list[Note]:
    if not found:
        return []
    # One entry is for all that is wrong at its place, or wherever the same words stand.
    placed = {(each.rule, str(each.where)): None for each in found if not each.subject}
    named = placed | {
        (each.rule, each.subject): None
        for each in found
        if each.subject and (each.rule, str(each.where)) not in placed
    }
    entries: list[Plain] = [
        {"rule": rule, "place": place, "reason": _REASON} for rule, place in named
    ]
    (root / FILE).parent.mkdir(exist_ok=True)
    (root / FILE).write_bytes(dump_yaml({"acknowledged": entries}).encode())
    return [
        Note(each.where or Place(FILE), f"{each.message} Acknowledged, as it was so.", is_left=True)
        for each in found
    ]


def what_is_refused(root: Path, progress: Progress) -> tuple[Problem, ...]:
    """Return what keeps a review from being made, as `check` finds it."""
    try:
        checked = prepare(load_config(root), progress=progress)
        engine = PandocEngine(find_extension(root))
        return checked.report.errors or engine.refused(checked.manuscript)
    except ReportError as error:
        return error.problems
