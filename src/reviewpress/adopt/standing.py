"""What is wrong in the original already, and may stay: acknowledged, until its author mends it.

Quarto publishes a bracket too many, or a list that is none; a review stops at them. Moving in
changes no sentence, so they are named as left to do, and keep nobody from a first edition.
"""

from dataclasses import replace
from pathlib import Path

from reviewpress.adopt.notes import Note
from reviewpress.checks.acknowledgements import FILE
from reviewpress.config import load_config
from reviewpress.errors import Place, Problem, ReportError
from reviewpress.pipeline import assemble_edition, check_edition
from reviewpress.rules import RULES
from reviewpress.shapes import Plain
from reviewpress.yaml import dump_yaml

_REASON = "It was so in the original, when this was moved in."


def acknowledge_what_stands(root: Path) -> list[Note]:
    """Write `data/acknowledged.yml` for what the text of a review breaks; return what that is.

    Chapters that are executed are left out: nothing runs while a project is moved in.
    """
    found = [each for each in _problems(root) if RULES[each.rule].may_be_acknowledged]
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


def _problems(root: Path) -> tuple[Problem, ...]:
    try:
        config = load_config(root)
        text = tuple(each for each in config.chapters if not each.is_notebook)
        if not text:
            return ()
        config = replace(config, chapters=text)
        made = assemble_edition(config, {})
        return check_edition(config, made, {}, None, official=False).errors
    except ReportError:
        # Rendering says so, with all that keeps a book from being made.
        return ()
