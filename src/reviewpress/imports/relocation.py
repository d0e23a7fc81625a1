"""Move entries between the bibliography and the file of records.

The bibliography holds what the review cites, includes or has read in full; all other records that
imports brought are in the file that `records` names.
"""

import csv
import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.bibliography import Entry
from reviewpress.config import Config
from reviewpress.config.profiles import PROJECT_FILE
from reviewpress.errors import BibliographyError
from reviewpress.evidence.decisions import FULL, decided_keys
from reviewpress.evidence.import_log import FILE, MADE
from reviewpress.imports.crossrefs import INHERITING, named_in
from reviewpress.imports.splices import end_after, find_cuts
from reviewpress.imports.stored_index import (
    Placed,
    Span,
    StoredIndex,
    damage_is_an_error,
    open_index,
)
from reviewpress.imports.traits import traits_of
from reviewpress.imports.usage import cited_keys, tabled_words
from reviewpress.imports.writing import files_of_records
from reviewpress.store.journal import Spliced, finish_changes, write_together
from reviewpress.store.locks import IMPORT, sole_lock

NAME = "records.bib"


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: keys `taken` into the bibliography, and those set `aside` as records."""

    taken: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    new_file: bool = False


def move_records(config: Config) -> Moved:
    """Put each entry where it belongs; a review that has no file of records gets one.

    Of the bibliography, only entries that an import made are moved. Each keeps its text, byte for
    byte. All is written, or nothing. Raises as an import does.
    """
    if not config.bibliography:
        raise BibliographyError("the review has no bibliography.", hint="Name one in _quarto.yml.")
    hint = "Nothing was moved: do it again when that one has ended."
    with sole_lock(config.store / IMPORT, "an import", hint=hint):
        finish_changes(config.root)
        settings = b"" if config.records else _with_setting(config)
        if not config.records:
            name = (config.bibliography[0].parent / NAME).relative_to(config.root).as_posix()
            other = {**config.settings.other, "records": name}
            config = replace(config, settings=replace(config.settings, other=other))
        return _move(config, settings)


def _move(config: Config, settings: bytes) -> Moved:
    files = files_of_records(config)
    stored = open_index(config.store, files, config.root, kept=True, optional=files[-1:])
    with damage_is_an_error(config.store), closing(stored):
        taken, aside = _choose(config, stored)
        cuts = find_cuts(stored, files, [*taken, *aside])
        goals = {0: taken, len(files) - 1: aside}
        changes: dict[Path, bytes | Spliced] = {}
        added: dict[int, list[Placed]] = {}
        for place in {*cuts, *(place for place, keys in goals.items() if keys)}:
            gone = cuts.get(place, [])
            placed, tail = _appended(stored, files[place], gone, goals.get(place, ()))
            added[place] = placed
            changes[files[place]] = Spliced(files[place], [(*s, b"") for _, s in gone], tail)
        if settings:
            changes[config.root / PROJECT_FILE] = settings
        if changes:
            write_together(config.root, changes)
            stored.follow(gone=cuts, added=added)
    return Moved(tuple(taken), tuple(aside), bool(settings))


def _choose(config: Config, stored: StoredIndex) -> tuple[list[str], list[str]]:
    """Return the records that the review uses, and the entries of imports that it does not."""
    root, last = config.root, len(config.bibliography)
    used = cited_keys(root) | tabled_words(root) | decided_keys(root, (FULL,))
    at = {key: found[0] for key in used if (found := stored.place(key))}
    taken = [key for key, place in at.items() if place == last]
    taken = sorted({*taken, *_parents(stored, taken, last)})
    here = [key for key in _made(root) if (found := stored.place(key)) and found[0] != last]
    entries = {key: entry for key in here if (entry := stored.entry(key)) is not None}
    staying = {name for key in [*at, *taken] for name in _inherited(stored.entry(key))}
    aside = [
        key
        for key, entry in entries.items()
        if key not in used and key not in staying and entry.code is None
    ]
    return taken, aside


def _made(root: Path) -> list[str]:
    """Return the keys of the entries that imports made, in order."""
    path = root / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return list(dict.fromkeys(str(row["key"]) for row in rows if row.get("outcome") in MADE))


def _parents(stored: StoredIndex, keys: Iterable[str], place: int) -> set[str]:
    """Return the entries of a file from which some others inherit."""
    names = {name for key in keys for name in _inherited(stored.entry(key))}
    return {name for name in names if (found := stored.place(name)) and found[0] == place}


def _inherited(entry: Entry | None) -> list[str]:
    return [] if entry is None else named_in(entry, INHERITING)


def _appended(
    stored: StoredIndex, path: Path, cuts: Iterable[tuple[str, Span]], keys: Iterable[str]
) -> tuple[list[Placed], list[bytes]]:
    """Return entries as they will be in a file after its end, and the text that puts them there."""
    end = end_after(path, [(*span, b"") for _, span in cuts])
    at, gap, placed, tail = end.size, end.gap, list[Placed](), list[bytes]()
    for key in keys:
        source, entry = stored.source(key), stored.entry(key)
        if source is not None and entry is not None:
            text = source[2].replace("\r\n", "\n").encode().replace(b"\n", end.newline)
            at += len(gap)
            placed.append((entry, traits_of(entry), (at, at + len(text))))
            tail.append(gap + text + end.newline)
            at, gap = at + len(text) + len(end.newline), end.newline
    return placed, tail


def _with_setting(config: Config) -> bytes:
    """Return `_quarto.yml` with the key that names the file of records."""
    name = (config.bibliography[0].parent / NAME).relative_to(config.root).as_posix()
    text = (config.root / PROJECT_FILE).read_bytes().decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    found = re.search(r"^reviewpress:[ \t]*(?:#.*)?\r?\n", text, re.MULTILINE)
    if found is None:
        end = "" if text.endswith("\n") else newline
        return f"{text}{end}{newline}reviewpress:{newline}  records: {name}{newline}".encode()
    inner = re.match(r"[ \t]+", text[found.end() :])
    line = f"{inner[0] if inner else '  '}records: {name}{newline}"
    return f"{text[: found.end()]}{line}{text[found.end() :]}".encode()
