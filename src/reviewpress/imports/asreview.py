"""Decisions of ASReview LAB: columns of its tables, and the same in the notes of RIS.

Versions 2 and 3 write `asreview_label` (1, 0, or empty where nobody saw the record), `_time`,
`_note`, `_user_name`, `_user_email`, `_group_id`, and `asreview_tag_GROUP_TAG` for each box that
may be ticked (seen in its source, 2026-11). In RIS each is a note of its own, with its value as
JSON; the label is a word. Version 1 has `included` and `asreview_prior`.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from reviewpress.evidence.decisions import AUTOMATION, EXCLUDE, INCLUDE
from reviewpress.imports.ballots import REVIEWER, Asked, Ballot
from reviewpress.imports.decision_words import decision_of, plain_words

NOT_SEEN = "not seen: screening had stopped"
_LABELS = {"relevant": INCLUDE, "irrelevant": EXCLUDE, "not_seen": ""}
_LABEL = re.compile(r"ASReview_(relevant|irrelevant|not_seen)", re.IGNORECASE)
_NOTE = re.compile(r'(asreview_\w[\w -]*?): ("(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false)')
_TAG = re.compile(r"asreview tag (.+)")
_REASON = re.compile(r"(?:.*\b)?(?:reasons?(?: (?:for|of) exclu\w+)?|exclu\w+) (.+)")
_TICKED = ("1", "1.0", "true")


def is_asreview(text: str) -> bool:
    """Whether a text has decisions as ASReview writes them into notes."""
    return _LABEL.search(text) is not None


def ballot_of_notes(note: str, asked: Asked) -> tuple[Ballot, ...]:
    """Return the decision in the notes of a record; none where they have none."""
    found = _LABEL.search(note)
    if found is None:
        return ()
    said = {plain_words(name): _value(text) for name, text in _NOTE.findall(note)}
    return _ballot(_LABELS[found[1].lower()], said, asked)


def ballot_of_row(said: Mapping[str, str], asked: Asked) -> tuple[Ballot, ...]:
    """Return the decision in a row of a table, by the words of its columns."""
    decided = decision_of(said.get("asreview label", said.get("included", "")))
    return _ballot(decided[0] if decided else "", said, asked)


def _ballot(decision: str, said: Mapping[str, str], asked: Asked) -> tuple[Ballot, ...]:
    """Return a decision; automation excludes what nobody saw."""
    stage = asked.stage_or("")
    if not decision:
        return (Ballot(stage, EXCLUDE, AUTOMATION, NOT_SEEN),)
    tags = [
        found[1]
        for name, value in said.items()
        if value.casefold() in _TICKED and (found := _TAG.fullmatch(name))
    ]
    reasons = [found[1] for tag in tags if (found := _REASON.fullmatch(tag))]
    excluded = decision == EXCLUDE and bool(reasons)
    prior = said.get("asreview prior", "").casefold() in _TICKED
    also = f"also: {', '.join(reasons[1:])}" if excluded and reasons[1:] else ""
    notes = (said.get("asreview note", ""), also, "prior knowledge" if prior else "")
    names = ("asreview user name", "asreview user", "asreview user email")
    named = next((name for column in names if (name := said.get(column, ""))), "")
    return (
        Ballot(
            stage,
            decision,
            asked.reviewer or named or REVIEWER,
            reasons[0] if excluded else "",
            date=_day(said.get("asreview time", "")),
            labels="; ".join(tags),
            note="; ".join(filter(None, notes)),
        ),
    )


def _value(text: str) -> str:
    """Return what a note's value says, of which not all need be JSON after other programs.

    >>> _value('"Zo\\\\u00eb"'), _value("1"), _value('"a \\\\q"')
    ('Zoë', '1', 'a \\\\q')
    """
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip('"')


def _day(time: str) -> str:
    """Return the day of a time, which ASReview 2 wrote as seconds since 1970.

    >>> _day("1748773800.25"), _day("2025-06-01 10:30:00")
    ('2025-06-01', '2025-06-01')
    """
    if found := re.fullmatch(r"(\d{9,10})(?:\.\d*)?", time):
        return datetime.fromtimestamp(int(found[1]), UTC).date().isoformat()
    return time[:10]
