"""What tools decided: screening programs list an AI among a record's reviewers.

Rayyan's AI Reviewer is a member of the team, DistillerSR's robot a user. What they say is a
suggestion, and counts for nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reviewpress.evidence.decisions import is_tool
from reviewpress.imports.ballots import Matched


def as_suggestions(matched: Sequence[Matched]) -> tuple[list[Matched], list[str]]:
    """Return people's decisions, with those of tools on the same records as suggestions.

    Beside them come remarks on what was made a suggestion, and on records that no person decided.
    """
    suggested: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    tools: dict[str, None] = {}
    for one in matched:
        for ballot in one.record.ballots:
            if is_tool(ballot.reviewer):
                tools[ballot.reviewer] = None
                said = f"{ballot.decision} ({ballot.reviewer})"
                suggested[one.key, ballot.stage][said] = None
    if not suggested:
        return list(matched), []
    kept, decided = [], set()
    for one in matched:
        ballots = []
        for ballot in one.record.ballots:
            if not is_tool(ballot.reviewer):
                decided.add((one.key, ballot.stage))
                said = "; ".join(suggested.get((one.key, ballot.stage), ()))
                ballots.append(replace(ballot, suggestion=ballot.suggestion or said))
        kept.append(replace(one, record=replace(one.record, ballots=tuple(ballots))))
    return kept, _remarks(list(tools), Counter(pair in decided for pair in suggested))


def _remarks(tools: list[str], count: Counter[bool]) -> list[str]:
    names = " and ".join(tools)
    remarks = []
    if count[True]:
        remarks.append(
            f"decisions of {names} on {_records(count[True])} are kept as suggestions: a tool does"
            " not count as a reviewer"
        )
    if count[False]:
        remarks.append(
            f"{names} alone decided on {_records(count[False])}: that is no decision, and people's"
            " are still to come"
        )
    return remarks


def _records(number: int) -> str:
    return "1 record" if number == 1 else f"{number:,} records"
