"""Move entries between the bibliography and the file of records.

The bibliography holds what the review cites, includes or has read in full; all other records that
imports brought are in the file that `records` names.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from reviewpress.bibliography import Entry
from reviewpress.config import Config
from reviewpress.config.profiles import PROJECT_FILE
from reviewpress.errors import BibliographyError
from reviewpress.evidence.import_log import FILE, MADE
from reviewpress.imports.merging import gap_after
from reviewpress.imports.stored_index import Placed, Span, StoredIndex, open_index
from reviewpress.imports.traits import traits_of
from reviewpress.imports.usage import assessed_keys, cited_keys, tabled_words
from reviewpress.imports.writing import files_of_records
from reviewpress.store.journal import Spliced, finish_changes, write_together
from reviewpress.store.locks import IMPORT, sole_lock

NAME = "records.bib"
_INHERITED = ("crossref", "xdata")


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
    try:
        taken, aside = _choose(config, stored)
        cuts = {
            place: _cuts(files[place], spans)
            for place, spans in _by_file(stored, [*taken, *aside]).items()
        }
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
            stored.follow_move(cuts, added)
    finally:
        stored.close()
    return Moved(tuple(taken), tuple(aside), bool(settings))


def _choose(config: Config, stored: StoredIndex) -> tuple[list[str], list[str]]:
    """Return the records that the review uses, and the entries of imports that it does not."""
    root, last = config.root, len(config.bibliography)
    used = cited_keys(root) | tabled_words(root) | assessed_keys(root)
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
    if entry is None:
        return []
    return [
        name.strip()
        for field in _INHERITED
        for name in entry.fields.get(field, "").split(",")
        if name.strip()
    ]


def _by_file(stored: StoredIndex, keys: Iterable[str]) -> Mapping[int, dict[str, Span]]:
    """Return, by file, where each entry starts and ends."""
    found: dict[int, dict[str, Span]] = {}
    for key in keys:
        placed = stored.place(key)
        if placed is not None:
            found.setdefault(placed[0], {})[key] = placed[1]
    return found


def _cuts(path: Path, spans: Mapping[str, Span]) -> list[tuple[str, Span]]:
    """Return what goes with each entry: the end of its line, and an empty line before it."""
    found = []
    with path.open("rb") as file:
        for key, (start, stop) in spans.items():
            file.seek(max(0, start - 4))
            before = re.search(rb"(?<=\n)\r?\n\Z", file.read(min(4, start)))
            file.seek(stop)
            after = re.match(rb"[ \t]*\r?\n" if before else rb"\s{0,4}", file.read(16))
            begin = start - (len(before[0]) if before else 0)
            found.append((key, (begin, stop + (after.end() if after else 0))))
    return found


def _appended(
    stored: StoredIndex, path: Path, cuts: Iterable[tuple[str, Span]], keys: Iterable[str]
) -> tuple[list[Placed], list[bytes]]:
    """Return entries as they will be in a file after its end, and the text that puts them there."""
    size = path.stat().st_size if path.is_file() else 0
    gone = sum(stop - start for _, (start, stop) in cuts)
    kept_to_the_end = not any(stop == size for _, (_, stop) in cuts)
    with path.open("rb") if path.is_file() else BytesIO() as file:
        file.seek(max(0, size - 1))
        last = file.read()
    gap = gap_after(last.decode("latin-1")).encode() if size > gone and kept_to_the_end else b""
    at, placed, tail = size - gone, list[Placed](), list[bytes]()
    for key in keys:
        source, entry = stored.source(key), stored.entry(key)
        if source is not None and entry is not None:
            text = source[2].replace("\r\n", "\n").encode()
            at += len(gap)
            placed.append((entry, traits_of(entry), (at, at + len(text))))
            tail.append(gap + text + b"\n")
            at, gap = at + len(text) + 1, b"\n"
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
