"""Acknowledged problems: true, known, and staying, each with its reason."""

from collections.abc import Mapping
from typing import Any

from reviewpress.checks.subject import Subject
from reviewpress.errors import DataError, Place, Problem
from reviewpress.yaml import read_yaml

FILE = "data/acknowledged.yml"
_KEYS = ("rule", "place", "reason")


def settle(
    subject: Subject, problems: list[Problem]
) -> tuple[list[Problem], list[tuple[Problem, str]]]:
    """Part problems into those that remain and those acknowledged, with the reason.

    An entry names a problem by its rule and by its subject or place. In the main edition, an
    entry that no longer occurs is a problem itself.
    """
    entries = _load(subject)
    remaining: list[Problem] = []
    acknowledged: list[tuple[Problem, str]] = []
    used: set[int] = set()
    for problem in problems:
        at = next((n for n, entry in enumerate(entries) if _names(entry, problem)), None)
        if at is None:
            remaining.append(problem)
        else:
            used.add(at)
            acknowledged.append((problem, str(entries[at]["reason"])))
    if subject.main:
        for number, entry in enumerate(entries):
            if number not in used:
                message = f"{entry['rule']} at {entry['place']} no longer occurs."
                hint = "Take it out of the acknowledged problems."
                remaining.append(Problem("acknowledged", message, Place(FILE), hint))
    return remaining, acknowledged


def _load(subject: Subject) -> list[Mapping[str, Any]]:
    path = subject.config.root / FILE
    if not path.is_file():
        return []
    entries = read_yaml(path, subject.config.root).data.get("acknowledged") or []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or any(not entry.get(key) for key in _KEYS):
            message = f"entry {number} needs a rule, a place and a reason."
            raise DataError(message, Place(FILE))
    return list(entries)


def _names(entry: Mapping[str, Any], problem: Problem) -> bool:
    place = str(entry["place"])
    where = str(problem.where) if problem.where else ""
    return bool(entry["rule"] == problem.rule and place in (problem.subject, where))
