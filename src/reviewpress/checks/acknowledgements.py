"""Acknowledged problems: true, known, and staying, each with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reviewpress.config import Config
from reviewpress.errors import DataError, Place, Problem, alike, nearest, together
from reviewpress.keys import ACKNOWLEDGED
from reviewpress.rules import RULES
from reviewpress.shapes import Plain
from reviewpress.yaml import read_yaml

FILE = "data/acknowledged.yml"
_TOP = "acknowledged"
_KEYS = ("rule", "place", "reason")


Acknowledgement = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class AcknowledgementResult:
    """Problems parted: those that remain, those acknowledged with the reason, entries not used."""

    remaining: tuple[Problem, ...]
    acknowledged: tuple[tuple[Problem, str], ...]
    unused: tuple[Acknowledgement, ...]


def apply_acknowledgements(config: Config, problems: Iterable[Problem]) -> AcknowledgementResult:
    """Set aside the problems that `data/acknowledged.yml` names by rule, and subject or place.

    Raises DataError for an entry without a rule, a place or a reason, and for a rule that does not
    exist or cannot be acknowledged.
    """
    entries = _load(config)
    remaining: list[Problem] = []
    acknowledged: list[tuple[Problem, str]] = []
    used: set[int] = set()
    for problem, merged in _with_merged(problems):
        at = next(
            (n for n, e in enumerate(entries) if _names(e, problem) or _names(e, merged)), None
        )
        if at is None:
            remaining.append(problem)
        else:
            used.add(at)
            acknowledged.append((problem, str(entries[at]["reason"])))
    unused = tuple(entry for number, entry in enumerate(entries) if number not in used)
    return AcknowledgementResult(tuple(remaining), tuple(acknowledged), unused)


def _with_merged(problems: Iterable[Problem]) -> Iterator[tuple[Problem, Problem]]:
    """Yield each problem, and as what it is told together with the same ones of its file."""
    for group in alike(problems):
        [merged] = together(group)
        yield from ((problem, merged) for problem in group)


def no_longer_occurs(entries: Iterable[Acknowledgement]) -> Iterator[Problem]:
    """Yield a problem for each acknowledged one that is gone."""
    for entry in entries:
        message = f"{entry['rule']} at {entry['place']} no longer occurs."
        hint = "Take it out of the acknowledged problems."
        yield Problem("acknowledged", message, Place(FILE), hint)


def _load(config: Config) -> list[Acknowledgement]:
    path = config.root / FILE
    if not path.is_file():
        return []
    file = read_yaml(path, config.root, ACKNOWLEDGED)
    for key in file.data:
        if key != _TOP:
            place = Place(FILE, line=file.line((key,)))
            raise DataError(f'unknown key "{key}".', place, f"The list is called `{_TOP}:`.")
    entries = file.data.get(_TOP) or []
    for number, entry in enumerate(entries, start=1):
        words = (str(entry[key]) for key in ("place", "reason", "rule") if entry.get(key))
        lines = (file.line_of_item((_TOP,), word) for word in words)
        place = Place(FILE, line=next(filter(None, lines), None) or file.line((_TOP,)))
        for key in entry:
            if key not in _KEYS:
                message = f'entry {number} has an unknown key, "{key}".'
                raise DataError(message, place, nearest(str(key), _KEYS))
        if any(not entry.get(key) for key in _KEYS):
            raise DataError(f"entry {number} needs a rule, a place and a reason.", place)
        name = str(entry["rule"])
        line = file.line((_TOP, "rule", name)) or file.line((_TOP,))
        _check_rule(number, name, Place(FILE, line=line))
    return list(entries)


def _check_rule(number: int, name: str, where: Place) -> None:
    rule = RULES.get(name)
    if rule is None:
        known = (rule.name for rule in RULES.values() if rule.may_be_acknowledged)
        message = f'entry {number}: there is no rule "{name}".'
        raise DataError(message, where, nearest(name, known))
    if not rule.may_be_acknowledged:
        message = f"entry {number}: {rule.finds} ({name}) cannot be acknowledged."
        raise DataError(message, where, "Mend it, and take the entry out.")


def _names(entry: Acknowledgement, problem: Problem) -> bool:
    place = str(entry["place"])
    where = str(problem.where) if problem.where else ""
    return bool(entry["rule"] == problem.rule and place in (problem.subject, where))
