r"""EPPI-Reviewer's report of all coding of one set of codes, in each form that it is saved in.

Its source is public (read in November 2026). All forms say of each item its number, short title,
title and flag, and of each code who gave it, and whether their coding of the item is complete:

HTML   a row an item and a column a code, in the cells the names, and what they noted below them;
       opened in a spreadsheet program and saved as CSV, it loses which coding is complete
xlsx   the same with a column for each code and reviewer: a mark where the code was given
JSON   `attributes` and `items`, these with a `codingsList`

The path of a code has those above it, `EXCLUDE\on topic`. Of two people who coded an item, the one
whose coding is complete has what was agreed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError, Place
from reviewpress.evidence.decisions import AGREED, EXCLUDE
from reviewpress.html_tree import Element, parse_html
from reviewpress.imports.ballots import Asked, Ballot, DecidedRecord, DecisionFile
from reviewpress.imports.decision_words import decision_of, plain_words, reviewer_of, stage_of
from reviewpress.imports.eppi import MAKER, join_ballots
from reviewpress.imports.json_items import read_items
from reviewpress.shapes import Plain, as_list, as_mapping

JSON_MARK = '"codingsList"'
PAGE_MARK = "<title>Full Comparison Report</title>"
_FLAG = "i e d s flag"
_ITEM = frozenset(("itemid", "item id"))
_SHORT = ("short title", "shorttitle")
_TITLES = ("title", "full title")
_PATHS = frozenset(("fullpath", "full path", "full code path"))
_REVIEWERS = "reviewers"
_NAMES = re.compile(r"[\n;]|<br\s*/?>|,(?!\s*(?:Jr|Sr)\b)")
_SAID = re.compile(r"\[(?:info|text)\]:")
_COMPLETE = re.compile(r"\s*[\[(]completed?[\])]", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:[\[(](?:not )?(?:completed?|incomplete)[\])]|\[Arm: [^\]]*\])", re.I)


@dataclass(slots=True)
class _Item:
    """One item of a report: what it is called, and the codes that each person gave it."""

    number: int
    place: str
    name: str
    title: str
    given: dict[str, list[str]] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)

    def add(self, who: str, path: str, is_complete: bool) -> None:
        self.given.setdefault(who, []).append(path)
        if is_complete:
            self.complete.add(who)


def is_report(header: Sequence[str]) -> bool:
    """Whether a header is that of the report of all coding."""
    words = {plain_words(cell) for cell in header}
    return bool(words & _ITEM) and _FLAG in words


def is_coding_json(text: str) -> bool:
    """Whether a text is the report as JSON."""
    return text.lstrip()[:1] == "{" and JSON_MARK in text and '"attributes"' in text


def read_coding_json(text: str, file: str, asked: Asked) -> DecisionFile:
    """Read the decisions in the report as JSON.

    Raises BibliographyError where it is no JSON, or none of its codes is a decision.
    """
    items = []
    data = as_mapping(read_items(text, file))
    for number, one in enumerate(map(as_mapping, as_list(data.get("items"))), start=1):
        title = str(one.get("title") or "")
        name = str(one.get("shortTitle") or one.get("itemId") or "")
        item = _Item(number, f"record {number}", name, title)
        for coding in map(as_mapping, as_list(one.get("codingsList"))):
            path = _path(as_mapping(coding.get("key")))
            for given in map(as_mapping, as_list(coding.get("value"))):
                who = str(given.get("contactName") or "")
                item.add(who, path, given.get("isComplete") is True)
        items.append(item)
    return _decisions(file, items, asked)


def _path(code: Mapping[str, Plain]) -> str:
    return str(code.get("fullPath") or code.get("attName") or "")


def page_rows(text: str) -> list[list[str]]:
    """Return the first table of the report as a web page, with a line a name in its cells."""
    tables = list(parse_html(text).iter("table"))
    rows = tables[0].iter("tr") if tables else ()
    return [[cell for one in row for cell in _cells(one)] for row in rows]


def _cells(cell: Element) -> list[str]:
    """Return the text of a cell of a page, and what else it spans; of coders the name alone."""
    spans = list(cell.iter("span"))
    coders = [one for one in spans if one.get("class") != "codedText"]
    names = [
        f"{(one.text or '').strip()}{' [completed]' if one.get('class') == 'complete' else ''}"
        for one in coders
    ]
    text = "\n".join(names) if coders else " ".join("".join(map(str, cell.itertext())).split())
    return [text, *[""] * (int(cell.get("colspan") or 1) - 1)]


def read_report(
    header: Sequence[str], rows: Iterable[tuple[int, int, Sequence[str]]], file: str, asked: Asked
) -> DecisionFile:
    """Read the rows below the header of a report: their number, their row in the file, their cells.

    Raises BibliographyError where none of its codes is a decision, records have no titles, or what
    the marks of its codes mean does not show.
    """
    words = [plain_words(name) for name in header]
    title = next((words.index(name) for name in _TITLES if name in words), None)
    identity = next(n for n, name in enumerate(words) if name in _ITEM)
    paths, reviewers, body = list(header), [""] * len(header), []
    for number, row, found in rows:
        cells = [*found, *[""] * (len(header) - len(found))]
        first = plain_words(next(filter(None, cells), ""))
        if first in _PATHS:
            paths = [cell.strip() or name for cell, name in zip(cells, header, strict=False)]
        elif first == _REVIEWERS:
            reviewers = [cell.strip() for cell in cells]
        else:
            body.append((number, row, cells))
    start = words.index(_FLAG) + 1
    is_marked = any(reviewers[start:])
    columns = _filled(paths, start) if is_marked else dict(enumerate(paths[start:], start))
    coded = _marks(columns, body, file) if is_marked else None
    known = {who for _, _, cells in body for n in columns for who in _first(cells[n])}
    items = []
    for number, row, cells in body:
        name = next((cells[n].strip() for n, one in enumerate(words) if one in _SHORT), "")
        name = name or cells[identity].strip()
        item = _Item(number, f"row {row}", name, cells[title].strip() if title is not None else "")
        for n, path in columns.items():
            if coded is not None:
                if cells[n].strip() in coded:
                    item.add(reviewers[n], path, coded[cells[n].strip()])
                continue
            for who in _people(cells[n], known):
                item.add(_BESIDE.sub("", who), path, bool(_COMPLETE.search(who)))
        items.append(item)
    return _decisions(file, items, asked)


def _filled(paths: Sequence[str], start: int) -> dict[int, str]:
    """Return the path of each column where a code has one for each reviewer, and is named once."""
    found: dict[int, str] = {}
    for position in range(start, len(paths)):
        found[position] = paths[position] or found.get(position - 1, "")
    return found


def _marks(
    columns: Collection[int], body: Sequence[tuple[int, int, Sequence[str]]], file: str
) -> dict[str, bool]:
    """Return the marks of codes that were given, and whether each is that of complete coding.

    To begin with 1 is a code and 0 is none; with labels for what is complete (1) and what is not
    (0), none is blank.
    """
    said = {cells[n].strip() for _, _, cells in body for n in columns}
    if "" not in said and not said <= {"0", "1"}:
        marks = ", ".join(f"“{one}”" for one in sorted(said)[:4])
        message = f"it is not clear which mark means that no code was given: {marks}."
        hint = "Save the report again, with no label for no coding."
        raise BibliographyError(message, Place(file), hint)
    if "" not in said:
        return {"1": False}
    return {one: not _is_incomplete(one) for one in said - {""}}


def _is_incomplete(mark: str) -> bool:
    return mark == "0" or plain_words(mark).startswith(("incomplete", "not ", "no"))


def _first(cell: str) -> list[str]:
    """Return who is named first in a cell."""
    first = _NAMES.split(_SAID.split(cell)[0])[0].strip()
    return [_BESIDE.sub("", first)] if first else []


def _people(cell: str, known: Collection[str]) -> Iterator[str]:
    """Yield who is named in a cell; below what one of them noted, only who is known from others."""
    head, *noted = _SAID.split(cell)
    yield from (who for part in _NAMES.split(head) if (who := part.strip()))
    for line in (line.strip() for part in noted for line in part.split("\n")):
        if _BESIDE.sub("", line) in known:
            yield line


def _decisions(file: str, items: Sequence[_Item], asked: Asked) -> DecisionFile:
    paths = dict.fromkeys(path for item in items for found in item.given.values() for path in found)
    decided = {path: said for path in paths if (said := _decided(path))}
    if not decided:
        message = "the report has no code that is a decision on screening."
        hint = "They begin with include or exclude. Save the report of the set that has them."
        raise BibliographyError(message, Place(file), hint)
    if not any(item.title for item in items):
        message = "the report has no titles, by which its records are recognised."
        hint = "Save it again with “Show Full Title”."
        raise BibliographyError(message, Place(file), hint)
    of_file = stage_of(re.sub(r"full (?:coding|comparison)", "", plain_words(file)))
    records = []
    for item in items:
        ballots = tuple(_ballots(item, decided, of_file, asked))
        entry = Entry("", "misc", {"title": item.title})
        records.append(DecidedRecord(item.number, item.place, entry, item.name, ballots))
    return DecisionFile(file, MAKER, tuple(records), whole=False)


def _decided(path: str) -> tuple[str, str, str] | None:
    """Return the stage, decision and reason of a code, by its name or by a code above it."""
    *above, name = path.split("\\")
    stage = stage_of(path.replace("\\", " "))
    said = decision_of(name)
    if said and said[0]:
        return stage, *said
    over = next((one for n in reversed(above) if (one := decision_of(n)) and one[0]), None)
    if over is None:
        return None
    return stage, over[0], name.strip() if over[0] == EXCLUDE else ""


def _ballots(
    item: _Item, decided: Mapping[str, tuple[str, str, str]], of_file: str, asked: Asked
) -> Iterator[Ballot]:
    """Yield what each person decided on an item, and what was agreed where that shows."""
    cast: dict[str, list[Ballot]] = {}
    for who, paths in item.given.items():
        said = [decided[path] for path in paths if path in decided]
        given = [(stage or of_file, decision, reason) for stage, decision, reason in said]
        reviewer = reviewer_of(who)
        if reviewer and given:
            cast[who] = list(join_ballots(given, asked, reviewer))
    for ballots in cast.values():
        yield from ballots
    complete = [who for who in cast if who in item.complete]
    every = [(one.stage, one.decision) for ballots in cast.values() for one in ballots]
    for ballot in cast[complete[0]] if len(complete) == 1 else ():
        if any(stage == ballot.stage and said != ballot.decision for stage, said in every):
            yield replace(ballot, reviewer=AGREED, settles=True)
