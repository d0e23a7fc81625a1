"""Decisions in the notes of records: what Rayyan writes there.

Rayyan's exports of every format have one note a record (seen in public exports, 2026-11):

    RAYYAN-INCLUSION: {"Ann"=>"Included", "Bo"=>"Maybe"} | RAYYAN-LABELS: gardens,ponds
    | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Bo"=>["odd"]}

The reasons are of the record, not of a reviewer.
"""

import re

from reviewpress.evidence.decisions import (
    AGREED,
    AWAITING,
    EXCLUDE,
    FULL,
    ONGOING,
)
from reviewpress.imports.ballots import Asked, Ballot
from reviewpress.imports.decision_words import decision_of, reviewer_of

MARK = "RAYYAN-INCLUSION"
_PARTS = ("RAYYAN-INCLUSION", "RAYYAN-LABELS", "RAYYAN-EXCLUSION-REASONS", "RAYYAN-SCREENERS",
          "USER-NOTES")  # fmt: skip
_PART = re.compile(
    rf"({'|'.join(_PARTS)}):\s*(.*?)\s*(?=\|?\s*(?:{'|'.join(_PARTS)}):|\Z)", re.DOTALL
)
_PAIR = re.compile(
    r"""["']+([^"'{}]+?)["']+\s*(?:=>|:)\s*(?:["']+(?=[^"']*["'])|(?=true|false))([\w ]*)"""
)
_NOTE = re.compile(r"""["']+([^"'\[\]{}]+?)["']+\s*(?:=>|:)\s*\[(.*?)\]""", re.DOTALL)
_LABEL_REASON = "__EXR__"


def is_rayyan(text: str) -> bool:
    """Whether a text has decisions as Rayyan writes them."""
    return MARK in text


def rayyan_ballots(note: str, asked: Asked) -> tuple[Ballot, ...]:
    """Return the decisions in a note of Rayyan's, one a reviewer; none where it has none."""
    parts = {name: text.strip(" |\n") for name, text in _PART.findall(note)}
    votes = _PAIR.findall(parts.get(MARK, ""))
    labels = _listed(parts.get("RAYYAN-LABELS", ""))
    reasons = _listed(parts.get("RAYYAN-EXCLUSION-REASONS", ""))
    reasons += [one.removeprefix(_LABEL_REASON) for one in labels if one.startswith(_LABEL_REASON)]
    labels = [one for one in labels if not one.startswith(_LABEL_REASON)]
    said = {
        reviewer_of(name): _unquoted(text)
        for name, text in _NOTE.findall(parts.get("USER-NOTES", ""))
    }
    stage = asked.stage_or("")
    ballots = []
    for name, word in votes:
        decided = decision_of(word)
        if decided is None or not decided[0]:
            continue
        excluded = decided[0] == EXCLUDE
        also = f"also: {', '.join(reasons[1:])}" if excluded and reasons[1:] else ""
        reviewer = reviewer_of(name)
        ballots.append(
            Ballot(
                stage,
                decided[0],
                reviewer,
                reason=reasons[0] if excluded and reasons else "",
                labels="; ".join(labels),
                note="; ".join(filter(None, (also, said.get(reviewer, "")))),
            )
        )
    return (*ballots, *_by_label(ballots, labels, stage))


def _by_label(ballots: list[Ballot], labels: list[str], stage: str) -> tuple[Ballot, ...]:
    """Return what a label says of a full text for which Rayyan has no decision."""
    found = next(
        (d[0] for label in labels if (d := decision_of(label)) and d[0] in (AWAITING, ONGOING)), ""
    )
    if not found or stage != FULL or not ballots:
        return ()
    return (Ballot(stage, found, AGREED, labels="; ".join(labels)),)


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _unquoted(text: str) -> str:
    return "; ".join(part.strip(" \"'") for part in re.split(r"""["']\s*,\s*["']""", text))
