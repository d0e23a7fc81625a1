"""The chapters that a book lists: their files, parts and pages."""

import json
import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from reviewpress.code_cells import has_python
from reviewpress.config.files import ConfigFiles
from reviewpress.errors import Place, ReportError, nearest
from reviewpress.identifiers import composed
from reviewpress.keys import FRONT_MATTER
from reviewpress.shapes import Plain, as_mapping
from reviewpress.store.ordinary_files import not_a_file
from reviewpress.yaml import items_of, load_yaml_lines

CHAPTER_ENDINGS = (".qmd", ".ipynb", ".md")
_KEYS_ABOVE = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)


@dataclass(frozen=True)
class Chapter:
    """One file of the book, with the part it stands in."""

    path: str
    part: str | None = None
    appendix: bool = False
    label: str = ""
    """What navigation calls it where `text:` says so; else it has the chapter's title."""
    address: str = ""
    """Address of its page where that is not its file's."""
    has_cells: bool = False
    """Whether a `.qmd` has cells or values in Python."""

    @cached_property
    def name(self) -> str:
        """The file's name without ending: what `sections:` and `from=` call it."""
        return Path(self.path).stem

    @cached_property
    def page(self) -> str:
        """Address of its page in the edition, the same in both engines."""
        return self.address or posixpath.splitext(posixpath.normpath(self.path))[0] + ".html"

    @property
    def is_notebook(self) -> bool:
        """Whether it is executed."""
        return self.has_cells or self.path.endswith(".ipynb")

    @property
    def is_plain(self) -> bool:
        """Whether it is Markdown as a forge shows it: words in an image's brackets are its
        alternative text, and an image is no figure with a caption."""
        return self.path.endswith(".md")


def chapter_bibliographies(root: Path, chapters: Iterable[Chapter]) -> Iterator[tuple[Place, Path]]:
    """Yield the bibliographies that chapters name above their text, each with its place.

    Their addresses begin at the chapter's folder. What is wrong with the keys of a chapter is said
    where it is assembled.
    """
    for chapter in chapters:
        keys, lines = _keys_above(root, chapter, "bibliography")
        for name in items_of(keys.get("bibliography")):
            base = root if str(name).startswith("/") else (root / chapter.path).parent
            line = lines.get(("bibliography", str(name)), lines.get(("bibliography",), 0)) + 1
            is_cell = chapter.path.endswith(".ipynb")
            where = Place(chapter.path, cell=1) if is_cell else Place(chapter.path, line=line)
            yield where, Path(os.path.normpath(base / str(name).lstrip("/")))


def keys_of(root: Path, chapter: Chapter, name: str) -> Mapping[str, Plain]:
    """Return what a chapter says above its text, if `name` is among it."""
    return _keys_above(root, chapter, name)[0]


def _keys_above(
    root: Path, chapter: Chapter, name: str
) -> tuple[Mapping[str, Plain], Mapping[tuple[str, ...], int]]:
    """Return what a chapter says above its text, and the lines of that, counted from its first."""
    head = _head(root / chapter.path, f"{name}:")
    found = _KEYS_ABOVE.match(head) if f"{name}:" in head else None
    with suppress(ReportError):
        data, lines = load_yaml_lines(found[1], FRONT_MATTER) if found else ({}, {})
        return as_mapping(data), lines
    return {}, {}


def leave_out_drafts(
    root: Path, book: Mapping[str, Any], chapters: tuple[Chapter, ...]
) -> tuple[Chapter, ...]:
    """Return the chapters that are not drafts, by their own word or that of `drafts:`.

    As in Quarto, `draft-mode: visible` shows them all.
    """
    if book.get("draft-mode") == "visible":
        return chapters
    listed = {str(name).removeprefix("/") for name in items_of(book.get("drafts"))}
    return tuple(
        chapter
        for chapter in chapters
        if chapter.path not in listed and keys_of(root, chapter, "draft").get("draft") is not True
    )


def _head(path: Path, asked: str) -> str:
    """Return the text that a chapter begins with; that of a notebook's first cell.

    A notebook in which nothing is as `asked` is not read: it takes time. What is no ordinary file,
    as a pipe or a device, would never end.
    """
    if not path.is_file():
        return ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix != ".ipynb" or asked not in text:
            return text if path.suffix != ".ipynb" else ""
        first = json.loads(text)["cells"][0]["source"]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return ""
    return first if isinstance(first, str) else "".join(map(str, first))


def list_chapters(book: Mapping[str, Any], root: Path) -> tuple[Chapter, ...]:
    """Return the chapters of a book in order, its appendices last."""
    found: list[Chapter] = []
    for item in items_of(book.get("chapters")):
        if isinstance(item, Mapping) and "part" in item:
            part = str(item["part"])
            found += [_chapter(path, part=part) for path in items_of(item.get("chapters"))]
        else:
            found.append(_chapter(item))
    for item in items_of(book.get("appendices")):
        found.append(_chapter(item, appendix=True))
    return tuple(replace(chapter, path=on_disk(root, chapter.path)) for chapter in found)


def find_chapter(root: Path, path: str, listed: Chapter | None = None) -> Chapter:
    """Return the chapter of a file, which says itself whether it is executed."""
    has_cells = False
    if path.endswith(".qmd") and (root / path).is_file():
        with suppress(OSError):
            has_cells = has_python((root / path).read_text(encoding="utf-8-sig", errors="replace"))
    return replace(listed or Chapter(path), path=path, has_cells=has_cells)


def _chapter(item: object, *, part: str | None = None, appendix: bool = False) -> Chapter:
    label = str(item.get("text") or "") if isinstance(item, Mapping) else ""
    return Chapter(_chapter_path(item), part, appendix, label)


def on_disk(root: Path, name: str) -> str:
    """Return the name of a file as its folder has it: letters with accents may be apart there."""
    path = root / name
    if not name or name.isascii() or path.is_file() or not path.parent.is_dir():
        return name
    same = (p for p in path.parent.iterdir() if composed(p.name) == composed(path.name))
    found = next(same, None)
    return found.relative_to(root).as_posix() if found else name


def check_chapters(root: Path, chapters: tuple[Chapter, ...], files: ConfigFiles) -> None:
    """Note chapters that are not there, cannot be one, or would make one page."""
    if not chapters:
        files.add(("book", "chapters"), "the book lists no chapters.")
    stands = sorted(
        path.relative_to(root).as_posix()
        for path in (*root.glob("*"), *root.glob("chapters/*"))
        if path.suffix in CHAPTER_ENDINGS
    )
    # What no edition names is the likeliest new name of what is not there.
    texts = [path.read_text("utf-8", "replace") for path in root.glob("_quarto*.yml")]
    listed_somewhere = "\n".join(texts)
    for chapter in chapters:
        listed = ("book", "appendices" if chapter.appendix else "chapters")
        if not chapter.path.endswith(CHAPTER_ENDINGS):
            message = f"{chapter.path} is neither text (.qmd, .md) nor a notebook (.ipynb)."
            files.add(listed, message, item=chapter.path)
        elif not (root / chapter.path).is_file():
            if odd := not_a_file(root / chapter.path):
                message = f"the chapter {chapter.path} {odd}."
                files.add(listed, message, "Put the chapter's text there.", chapter.path)
                continue
            message = f"the chapter {chapter.path} does not exist."
            hint = _renamed(chapter.path, stands, listed_somewhere)
            hint = hint or nearest(chapter.path, stands)
            files.add(listed, message, hint, chapter.path)
    _check_names(chapters, files)
    for page, count in Counter(chapter.page for chapter in chapters).items():
        if count > 1:
            paths = [chapter.path for chapter in chapters if chapter.page == page]
            message = f"{' and '.join(paths)} would make one page, {page}."
            if len(set(paths)) == 1:
                message = f"{paths[0]} is listed {count} times."
            files.add(("book", "chapters"), message, item=paths[-1])


def _renamed(path: str, stands: list[str], listed: str) -> str:
    """Say which file that no edition lists may be a chapter that is not there, renamed."""
    if " - " in path:
        return "A line is indented too far: begin each `-` of the list below the one before it."
    unlisted = [name for name in stands if name not in listed and name != "README.md"]
    if len(unlisted) == 1:
        return f'Did you mean "{unlisted[0]}", which no edition lists?'
    hint = nearest(path, unlisted)
    return hint if hint.startswith("Did you mean") else ""


def _check_names(chapters: tuple[Chapter, ...], files: ConfigFiles) -> None:
    """Note names of parts and chapters with a shortcode: navigation would show it as it is written.

    Quarto resolves it in some places of a page alone, and leaves it out of a PDF.
    """
    names = {name: c for c in reversed(chapters) for name in (c.part, c.label) if name}
    for name, chapter in reversed(names.items()):
        if "{{<" in name:
            listed = ("book", "appendices" if chapter.appendix else "chapters")
            hint = "Write the words themselves. A YAML anchor (`&name`, then `*name`) repeats them."
            files.add(listed, f'the name "{name}" is a shortcode, not words.', hint, name)


def _chapter_path(item: Any) -> str:
    if isinstance(item, Mapping):
        return str(item.get("file") or item.get("href") or next(iter(item.values()), ""))
    return str(item)
