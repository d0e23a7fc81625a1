"""Reporting checklists: their items as data, and where a review answers each.

    prisma-2020       PRISMA 2020, 27 items (42 with sub-items)
    prisma-abstracts  PRISMA 2020 for Abstracts, 12 items
    prisma-rapid      the six items that the interim guidance for rapid reviews adds
    prisma-s          PRISMA-S, 16 items on searches
    prisma-lsr        PRISMA-LSR, what living reviews add
    prisma-scr        PRISMA-ScR, 22 items for scoping reviews
    prisma-p          PRISMA-P, for protocols
    swim, entreq, prior, roses

A file `data/checklists/NAME.yml` of the same form is a team's own. A review says in
`data/checklists.yml` where it answers an item (ids of sections, figures, tables), or why it does
not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
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
OWN = "data/checklists"
"""The folder of a team's own checklists."""
_TOLD = ("about", "wording", "version", "date", "licence", "compared")
_ITEM_HINT = 'Write an item as {item: "1", part: Methods, label: "Where was searched"}.'
_KEYS = ("at", "note", "unanswered", "not-applicable")
ANSWERED, NOT_ANSWERED, NOT_APPLICABLE = "answered", "not answered", "not applicable"
_COLUMNS = ("item", "part", "asks", "where")
_STATES = {NOT_ANSWERED: "checklist-not-answered", NOT_APPLICABLE: "checklist-not-applicable"}
_ID = re.compile(r"[\w:.-]+")
_PLACEHOLDER = re.compile(
    r"\W*(?:(?:to be (?:written|done|added|completed|confirmed|determined)|to (?:do|come|follow)"
    r"|(?:noch )?zu schreiben|[àa] (?:écrire|rédiger)|por (?:escribir|escrever|redactar|redigir)"
    r"|i[’']w ysgrifennu|todo|fixme|tbc|tbd|tbw|xxx|lorem ipsum[^.]*)\s*(?:[:.,;…!]|\Z)"
    r"|(?-i:TODO|FIXME|TBC|TBD|TBW|XXX)\b)",
    re.IGNORECASE,
)
"""What stands in the place of a text: in each language of the template, and as people note it."""
_WRITE = "Write it, or take the answer away until it is written."
_REASON = 'Say why, as in {not-applicable: "No register was searched."}.'


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist: its number, the part it stands in, our short label."""

    item: str
    part: str
    label: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist, the address of its official wording, and of which version and date that is.

    `licence` is that of the wording, which is not ours; `compared` says how far a second reader
    compared the items and our labels with it.
    """

    id: str
    title: str
    about: str
    wording: str
    items: tuple[Item, ...]
    version: str = ""
    date: str = ""
    licence: str = ""
    compared: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a review answers an item: ids to refer to, and a note; or the reason it does not.

    `state` is answered, not answered, or not applicable; an item that the review's file does not
    name is not answered and has no reason.
    """

    item: Item
    places: tuple[str, ...] = ()
    note: str = ""
    state: str = ANSWERED
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

    def without(self, unwritten: Collection[str]) -> Answered:
        """Return the same where a place that is still to be written answers nothing."""
        return replace(
            self, answers=tuple(_unless_unwritten(answer, unwritten) for answer in self.answers)
        )

    def with_state(self, state: str) -> tuple[Answer, ...]:
        """Return the items in one state: answered, not answered, not applicable."""
        return tuple(answer for answer in self.answers if answer.state == state)


def read_checklist(name: str, root: Path | None = None) -> Checklist:
    """Return a checklist by its name; ConfigError with the nearest name otherwise.

    Raises ConfigError for one of a review's own that lacks a title, or an item its number or label.
    """
    known = _files(root)
    if name not in known:
        raise ConfigError(f'there is no checklist "{name}".', Place(FILE), nearest(name, known))
    path = known[name]
    file = read_yaml(path, root if root is not None and root in path.parents else FOLDER, ANYTHING)
    data = file.data
    told = {key: str(data.get(key) or "") for key in _TOLD}
    items = tuple(_item(item, number, file) for number, item in enumerate(_listed(file), start=1))
    return Checklist(name, str(data.get("title") or name), items=items, **told)


def _files(root: Path | None) -> dict[str, Path]:
    """Return the file of each checklist by its name; one of the review's own wins."""
    folders = [FOLDER, *([root / OWN] if root is not None else [])]
    return {path.stem: path for folder in folders for path in folder.glob("*.yml")}


def _listed(file: YamlFile) -> list[Plain]:
    items = file.data.get("items") if isinstance(file.data, Mapping) else None
    if not isinstance(items, list) or not items:
        raise ConfigError("the checklist has no items.", Place(file.name), _ITEM_HINT)
    return items


def _item(value: Plain, number: int, file: YamlFile) -> Item:
    given = value if isinstance(value, Mapping) else {}
    unknown = [str(key) for key in given if key not in ("item", "part", "label")]
    if not given.get("item") or not given.get("label") or unknown:
        message = f"item {number} of the checklist needs a number (item) and a label."
        if unknown:
            message = f'item {number} of the checklist has an unknown key "{unknown[0]}".'
        raise ConfigError(message, Place(file.name, line=file.line(("items",))), _ITEM_HINT)
    return Item(str(given["item"]), str(given.get("part") or ""), str(given["label"]))


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
            checklist = read_checklist(str(name), root)
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


def check_written(
    checklists: Mapping[str, Answered], unwritten: Mapping[str, Place]
) -> Iterator[Problem]:
    """Yield a problem for each answer that points to a part of the report without a text yet."""
    for answered in checklists.values():
        for answer in answered.answers:
            for place in answer.places if answer.state == ANSWERED else ():
                if place in unwritten:
                    message = (
                        f"{answered.checklist.title}, item {answer.item.item}, points to {place},"
                        f" which is still to be written ({unwritten[place]})."
                    )
                    yield Problem("checklist", message, Place(FILE, line=answer.line), _WRITE)


def is_placeholder(text: str) -> bool:
    """Say whether a text only holds the place of one: "To be written: …", "TODO"; or is empty."""
    return re.search(r"\w", text) is None or _PLACEHOLDER.match(text) is not None


def _unless_unwritten(answer: Answer, unwritten: Collection[str]) -> Answer:
    found = [place for place in answer.places if place in unwritten]
    if answer.state != ANSWERED or not found:
        return answer
    return replace(answer, state=NOT_ANSWERED, note=f"{', '.join(found)} is still to be written")


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
        return Answer(item, _ids(value), state=_state(value, ""), line=line)
    for key in value:
        if key not in _KEYS:
            message = f'unknown key "{key}" at item {item.item}.'
            hint = nearest(str(key), _KEYS)
            problems.append(Problem("checklist", message, Place(file.name, line=line), hint))
    for key, state in (("unanswered", NOT_ANSWERED), ("not-applicable", NOT_APPLICABLE)):
        if key in value:
            reason = _words(value[key])
            if state == NOT_APPLICABLE and not reason:
                message = f"item {item.item} is not applicable, but nothing says why."
                problems.append(Problem("checklist", message, Place(file.name, line=line), _REASON))
            return Answer(item, _ids(at), reason, state, line)
    note = _words(value.get("note"))
    return Answer(item, _ids(at), note, _state(at, note), line)


def _words(value: Plain) -> str:
    """Return a note or a reason; nothing where it only holds the place of one."""
    return "" if is_placeholder(str(value or "")) else str(value)


def _state(at: Plain, note: str) -> str:
    """Return whether an item is answered: by a place or by words."""
    return ANSWERED if _ids(at) or note else NOT_ANSWERED


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
    if answer.state == ANSWERED:
        return ". ".join(part for part in (places, escape(answer.note)) if part)
    told = labels[_STATES[answer.state]]
    if answer.note:
        told = f"{told}{labels['caption-separator']}{escape(answer.note)}"
    return f"{told} {labels.fill('checklist-see', places=places)}" if places else told
