"""Reporting checklists: their items as data, and where a review answers each.

    prisma-2020   PRISMA 2020, 27 items (42 with sub-items)
    prisma-rapid  the six items that the interim guidance for rapid reviews adds
    prisma-s      PRISMA-S, 16 items on searches

A review says in `data/checklists.yml` where it answers an item (ids of sections, figures, tables),
or why it does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.context import review_labels
from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.keys import CHECKLISTS
from reviewpress.labels import FALLBACK, Labels
from reviewpress.markdown import escape, md
from reviewpress.shapes import ANYTHING, Plain
from reviewpress.yaml import YamlFile, read_yaml

if TYPE_CHECKING:
    import pandas as pd

Texts = Mapping[str, str]

FOLDER = Path(__file__).resolve().parent
FILE = "data/checklists.yml"
_KEYS = ("at", "note", "unanswered", "not-applicable")
NOT_ANSWERED, NOT_APPLICABLE = "not answered", "not applicable"
_COLUMNS = ("item", "part", "asks", "where")
_STATES = {NOT_ANSWERED: "checklist-not-answered", NOT_APPLICABLE: "checklist-not-applicable"}
_ID = re.compile(r"[\w:.-]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist: its number, the part it stands in, our short label."""

    item: str
    part: str
    label: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist, and the address of its official wording."""

    id: str
    title: str
    about: str
    wording: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a review answers an item: ids to refer to, and a note; or the reason it does not.

    `state` is answered, not answered, or not applicable; an item that the review's file does not
    name is not answered and has no reason.
    """

    item: Item
    places: tuple[str, ...] = ()
    note: str = ""
    state: str = "answered"
    line: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said anything about the item yet."""
        return self.state == NOT_ANSWERED and not self.note


@dataclass(frozen=True, slots=True)
class Answered:
    """A checklist as a review answers it, item by item."""

    checklist: Checklist
    answers: tuple[Answer, ...]

    def with_state(self, state: str) -> tuple[Answer, ...]:
        """Return the items in one state: answered, not answered, not applicable."""
        return tuple(answer for answer in self.answers if answer.state == state)


def list_checklists() -> tuple[str, ...]:
    """Return the names of the checklists that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def read_checklist(name: str) -> Checklist:
    """Return a checklist by its name; ConfigError with the nearest name otherwise."""
    if name not in list_checklists():
        hint = nearest(name, list_checklists())
        raise ConfigError(f'there is no checklist "{name}".', Place(FILE), hint)
    data = read_yaml(FOLDER / f"{name}.yml", FOLDER, ANYTHING).data
    items = tuple(Item(**item) for item in data["items"])
    return Checklist(data["id"], data["title"], data["about"], data["wording"], items)


def load_checklists(root: Path) -> dict[str, Answered]:
    """Return the checklists that a review answers, by name; none where it has no such file.

    Raises ConfigError or Problems for unknown checklists, items and keys.
    """
    path = root / FILE
    if not path.is_file():
        return {}
    file = read_yaml(path, root, CHECKLISTS)
    problems: list[Problem] = []
    found = {}
    for name, given in file.data.items():
        try:
            checklist = read_checklist(str(name))
        except ConfigError as error:
            place = Place(file.name, line=file.line((str(name),)))
            problems.append(Problem("checklist", error.message, place, error.hint))
            continue
        answers = given if isinstance(given, Mapping) else {}
        found[checklist.id] = _answered(checklist, answers, file, problems)
    raise_all(problems)
    return found


def checklist_frame(answered: Answered) -> pd.DataFrame:
    """Return a checklist as a table to publish: Item, Part, What it asks for, Where.

    Columns, items and states are in the review's language where we have it (English, French).
    Places are cross-references, so that a reader can follow them.
    """
    # Imported here: what checks the answers needs no tables.
    import pandas as pd

    labels = review_labels()
    parts, items = _translated(answered.checklist.id, labels)
    rows = [
        (
            a.item.item,
            parts.get(a.item.part, a.item.part),
            items.get(a.item.item, a.item.label),
            md(_told(a, labels)),
        )
        for a in answered.answers
    ]
    return pd.DataFrame(rows, columns=[labels[f"checklist-{name}"] for name in _COLUMNS])


def check_places(checklists: Mapping[str, Answered], known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each answer that points to an id which the report does not have."""
    for answered in checklists.values():
        for answer in answered.answers:
            for place in answer.places:
                if place not in known:
                    message = (
                        f"{answered.checklist.title}, item {answer.item.item}, points to {place},"
                        " which is nowhere in the report."
                    )
                    where = Place(FILE, line=answer.line)
                    yield Problem("checklist", message, where, nearest(place, known))


def _answered(
    checklist: Checklist, given: Mapping[str, Plain], file: YamlFile, problems: list[Problem]
) -> Answered:
    names = [item.item for item in checklist.items]
    for key in given:
        if str(key) not in names:
            place = Place(file.name, line=file.line((checklist.id, str(key))))
            message = f"{checklist.title} has no item {key}."
            problems.append(Problem("checklist", message, place, nearest(str(key), names)))
    answers = {str(key): value for key, value in given.items()}
    return Answered(
        checklist,
        tuple(
            _answer(item, answers.get(item.item), checklist, file, problems)
            for item in checklist.items
        ),
    )


def _answer(
    item: Item, value: Plain, checklist: Checklist, file: YamlFile, problems: list[Problem]
) -> Answer:
    line = file.line((checklist.id, item.item))
    if value is None:
        return Answer(item, state=NOT_ANSWERED, line=line)
    at = value.get("at") if isinstance(value, Mapping) else value
    for place in _ids(at):
        if not _ID.fullmatch(place):
            message = f'"{place[:60]}", at item {item.item}, is not an id of the report.'
            problems.append(Problem("checklist", message, Place(file.name, line=line)))
    if not isinstance(value, Mapping):
        return Answer(item, _ids(value), line=line)
    for key in value:
        if key not in _KEYS:
            message = f'unknown key "{key}" at item {item.item}.'
            hint = nearest(str(key), _KEYS)
            problems.append(Problem("checklist", message, Place(file.name, line=line), hint))
    for key, state in (("unanswered", NOT_ANSWERED), ("not-applicable", NOT_APPLICABLE)):
        if key in value:
            return Answer(item, _ids(value.get("at")), str(value[key] or ""), state, line)
    return Answer(item, _ids(value.get("at")), str(value.get("note") or ""), line=line)


def _ids(value: Plain) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(str(item).lstrip("@") for item in values)


def is_translated(name: str, labels: Labels) -> bool:
    """Say whether the items of a checklist are in the review's language."""
    return labels.language == FALLBACK or bool(_translated(name, labels)[1])


def _translated(name: str, labels: Labels) -> tuple[Texts, Texts]:
    """Return the parts and the items of a checklist in a language; empty for English."""
    path = FOLDER / "language" / f"{labels.language}.yml"
    if not path.is_file():
        return {}, {}
    data = read_yaml(path, FOLDER, ANYTHING).data
    return data.get("parts", {}), data.get(name, {})


def _told(answer: Answer, labels: Labels) -> str:
    """Say as Markdown where an item is answered, or why not."""
    places = labels["list-separator"].join(f"@{place}" for place in answer.places)
    if answer.state == "answered":
        return ". ".join(part for part in (places, escape(answer.note)) if part)
    told = labels[_STATES[answer.state]]
    if answer.note:
        told = f"{told}{labels['caption-separator']}{escape(answer.note)}"
    return f"{told} {labels.fill('checklist-see', places=places)}" if places else told
