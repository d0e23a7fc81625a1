"""Rename a chapter, and mend everything in the review that names it, whole or not at all.

chapters/process.ipynb       its file, and its counterparts in other languages
sec-process, sec-process-…   the ids of its headings, and what refers to them
_quarto*.yml, data/*.yml     the lists of chapters, sections, checklists, acknowledged problems
other chapters               links, `from="process"`, `review.section("process")`
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reviewpress.config import Config, list_profiles, load_config
from reviewpress.config.chapters import CHAPTER_ENDINGS
from reviewpress.errors import ConfigError, ReportError, nearest
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.shapes import Plain
from reviewpress.store.freshness import is_source_folder
from reviewpress.store.journal import finish_changes, write_together
from reviewpress.store.locks import IMPORT, sole_lock
from reviewpress.store.pruning import clear_leftovers
from reviewpress.tidy import to_bytes

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID = re.compile(r"\{[^{}\n]*#(sec-[\w-]+)")
_REFERENCE = re.compile(r"(?<![\w-])sec-\w[\w-]*")
_CALLS = "section|section_codes|find_section|evidence_box|preview"
_MADE = ("_extensions", "node_modules")
_PAGES = ("html", *(ending[1:] for ending in CHAPTER_ENDINGS))


_Change = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a renaming changes: the files that are moved, and in how many places of which others."""

    moved: Mapping[str, str]
    mended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Names:
    """The old name and the new one; the chapters that bear it, and the ids of their headings."""

    old: str
    new: str
    chapters: tuple[str, ...]
    ids: frozenset[str]
    sections: tuple[str, ...]

    def mend(self, text: str, file: str) -> tuple[str, int]:
        """Return a text of a file with the new name, and in how many places it was the old one."""
        count = 0
        for pattern, change in self._changes(file):
            before = text
            text = pattern.sub(change, before)
            changed = (found for found in pattern.finditer(before) if change(found) != found[0])
            count += sum(1 for _ in changed)
        return text, count

    def _changes(self, file: str) -> Iterator[tuple[re.Pattern[str], _Change]]:
        old = re.escape(self.old)

        def named(match: re.Match[str]) -> str:
            return f"{match[1]}{self.new}"

        yield _REFERENCE, self._reference
        ending = "|".join(_PAGES)
        yield re.compile(rf"(?<![\w./-])((?:[\w.-]+/)*){old}\.({ending})\b"), self._path(file)
        yield re.compile(rf"(\bfrom=[\"']){old}(?=[\"'#])"), named
        yield re.compile(rf"(^translation-of:\s*[\"']?){old}(?=[\"']?\s*$)", re.M), named
        if file.endswith((".ipynb", ".qmd", ".md")):
            yield re.compile(rf"(\.(?:{_CALLS})\(\s*[\"']){old}(?=[\"'])"), named
            yield re.compile(rf"(^section\s*=\s*[\"']){old}(?=[\"'])", re.M), named
        if file.startswith("_quarto"):
            keys = "|".join(["chapter", "section", *map(re.escape, self.sections)])
            key = rf"(?:^|[{{,])\s*[\"']?(?:{keys})[\"']?:\s*(?:\{{\s*chapter:\s*)?[\"']?"
            yield re.compile(rf"({key}){old}(?=[\"']?\s*(?:#|,|\}}|$))", re.M), named
        if file.endswith(".yml"):
            yield re.compile(rf"(^\s*-?\s*place:\s*[\"']?){old}(?= )", re.M), named

    def _reference(self, match: re.Match[str]) -> str:
        if match[0] not in self.ids:
            return match[0]
        return f"sec-{self.new}{match[0].removeprefix(f'sec-{self.old}')}"

    def _path(self, file: str) -> _Change:
        pages = {posixpath.splitext(path)[0] for path in self.chapters}

        def change(match: re.Match[str]) -> str:
            for base in (posixpath.dirname(file), ""):
                if posixpath.normpath(posixpath.join(base, match[1], self.old)) in pages:
                    return f"{match[1]}{self.new}.{match[2]}"
            return match[0]

        return change


def rename_chapter(root: Path, old: str, new: str) -> Renaming:
    """Rename a chapter, given by its name or file, and mend what names it; return what changed.

    Nothing is changed where anything is wrong. Raises ConfigError for a chapter that is not there
    and for a name that cannot be, ChapterError or Problems for a notebook that cannot be read.
    """
    with sole_lock(root / ".reviewpress" / IMPORT, "a renaming"):
        finish_changes(root)
        clear_leftovers(root)
        return _rename(root, old, new)


def _rename(root: Path, old: str, new: str) -> Renaming:
    editions = _editions(root)
    there = {
        path.relative_to(root).as_posix()
        for path in root.glob("chapters/*")
        if path.suffix in CHAPTER_ENDINGS
    }
    listed = sorted({chapter.path for config in editions for chapter in config.chapters} | there)
    name = Path(old).stem
    chapters = tuple(path for path in listed if Path(path).stem == name)
    chapters = tuple(path for path in chapters if path != "index.qmd" and (root / path).is_file())
    if not chapters:
        hint = nearest(name, [Path(path).stem for path in listed])
        raise ConfigError(f'there is no chapter "{old}".', hint=hint)
    goal = _check_name(root, old, new, chapters)
    moved = {path: str(Path(path).with_stem(goal).as_posix()) for path in chapters}
    sections = (each for config in editions for each in config.settings.sections)
    recorded = sorted({each.name for each in sections if each.chapter == name})
    names = _Names(name, goal, chapters, _own_ids(root, name, goal, chapters), tuple(recorded))
    changes: dict[Path, bytes | None] = {root / path: None for path in chapters}
    mended: dict[str, int] = {}
    for path in _sources(root):
        relative = path.relative_to(root).as_posix()
        content, count = _mended(path, relative, names)
        if count:
            mended[relative] = count
        if count or relative in moved:
            changes[root / moved.get(relative, relative)] = content
    write_together(root, changes)
    return Renaming(moved, mended)


def _editions(root: Path) -> list[Config]:
    default = load_config(root, check_chapters=False)
    found = [default]
    for profile in list_profiles(root):
        # What is wrong with another edition is for its own check to say.
        with suppress(ReportError):
            found.append(load_config(root, profile, check_chapters=False))
    return found


def _check_name(root: Path, old: str, new: str, chapters: tuple[str, ...]) -> str:
    """Return the new name of a chapter; ConfigError where it cannot be."""
    name = Path(new).stem if new.endswith(CHAPTER_ENDINGS) else Path(new).name
    folders = {posixpath.dirname(path) for path in chapters}
    if posixpath.dirname(new) and posixpath.dirname(new) not in folders:
        message = f"{old} keeps its folder; a renaming changes the name alone."
        raise ConfigError(message, hint=f"Give the name: {name}.")
    endings = {Path(path).suffix for path in chapters}
    if new.endswith(CHAPTER_ENDINGS) and Path(new).suffix not in endings:
        raise ConfigError(f"{old} keeps its ending.", hint=f"Give the name: {name}.")
    if not NAME.fullmatch(name):
        hint = "Its page has the address: lower-case letters and digits, joined by hyphens."
        raise ConfigError(f'"{name}" is not a name for a chapter.', hint=hint)
    for folder in folders:
        for ending in CHAPTER_ENDINGS:
            path = posixpath.join(folder, f"{name}{ending}")
            if (root / path).exists():
                raise ConfigError(f"{path} is there already; nothing was changed.")
    return name


def _own_ids(root: Path, old: str, new: str, chapters: tuple[str, ...]) -> frozenset[str]:
    """Return the ids that chapters make of their name; ConfigError where new ones are taken."""
    texts = (text for path in chapters for text in _texts(root / path))
    ids = (id for text in texts for id in _ID.findall(text))
    own = frozenset(id for id in ids if re.match(rf"sec-{re.escape(old)}(?:-|$)", id))
    made = {f"sec-{new}{id.removeprefix(f'sec-{old}')}" for id in own}
    for path in _sources(root):
        if path.suffix == ".yml":
            continue
        taken = made.intersection(id for text in _texts(path) for id in _ID.findall(text))
        if taken:
            file = path.relative_to(root).as_posix()
            raise ConfigError(f"{file} has the id {min(taken)} already; nothing was changed.")
    return own


def _sources(root: Path) -> Iterator[Path]:
    """Yield the files of a review that may name a chapter."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(
            name
            for name in names
            if name not in _MADE and is_source_folder(os.path.join(folder, name), root)
        )
        for name in sorted(files):
            if name.endswith((*CHAPTER_ENDINGS, ".yml")):
                yield Path(folder, name)


def _texts(path: Path) -> list[str]:
    """Return the text of a file, or of each cell of a notebook."""
    if path.suffix == ".ipynb":
        return [text_of(cell) for cell in cells_of(load_document(path, path.name))]
    return [path.read_text(encoding="utf-8")]


def _mended(path: Path, file: str, names: _Names) -> tuple[bytes, int]:
    """Return the content of a file with the new name, and in how many places it had the old one."""
    if path.suffix != ".ipynb":
        with path.open(encoding="utf-8", newline="") as opened:
            text, count = names.mend(opened.read(), file)
        return text.encode(), count
    document = load_document(path, file)
    total = 0
    cells: list[Plain] = []
    for cell in cells_of(document):
        text, count = names.mend(text_of(cell), file)
        total += count
        source: Plain = text if isinstance(cell["source"], str) else list(text.splitlines(True))
        cells.append({**cell, "source": source} if count else dict(cell))
    return (to_bytes({**document, "cells": cells}) if total else path.read_bytes()), total
