"""The Lua filters that a review has of its own, in the order in which Quarto runs them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewpress.config.review import Config
from reviewpress.keys import EXTENSION
from reviewpress.yaml import items_of, read_yaml

ENTRY_POINTS = (
    "pre-ast", "post-ast", "pre-quarto", "post-quarto", "pre-render", "post-render",
    "pre-finalize", "post-finalize",
)  # fmt: skip
"""Where Quarto lets a filter in, in order. Those of our extension are among the third."""

_MARKS = ("quarto", "citeproc")
_QUARTO = re.compile(r"(?<![\w.:])_?quarto\s*[.\[]\s*[\w.\"']*")
_GUARD = re.compile(r"(?<![\w.:])quarto\s+(?:and|then|~=|==)|not\s+quarto\b")
_LUA_COMMENT = re.compile(r"--\[(=*)\[.*?\]\1\]|--[^\n]*", re.S)
_LUA_TEXT = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\[(=*)\[.*?\]\1\]", re.S)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """A filter as it is asked for: its name, its file where there is one, where it runs."""

    name: str
    path: Path | None
    at: str

    @property
    def is_first(self) -> bool:
        """Whether it runs before those of our extension."""
        return self.at in ENTRY_POINTS[:2]


def list_filters(config: Config, name: str) -> tuple[ReviewFilter, ...]:
    """Return the filters for documents of a format, in the order in which they run."""
    items = config.options(name).items("filters")
    marked = next((n for n, item in enumerate(items) if item == "quarto"), len(items))
    found: list[ReviewFilter] = []
    for number, item in enumerate(items):
        usual = "pre-quarto" if number < marked else "post-quarto"
        found += _resolve(config.root, item, usual)
    known = {point: number for number, point in enumerate(ENTRY_POINTS)}
    return tuple(sorted(found, key=lambda each: known.get(each.at, len(known))))


def quarto_calls(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each use of Quarto's own Lua interface.

    One that first asks whether there is any does without.
    """
    code = _LUA_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), _without_texts(text))
    if _GUARD.search(code):
        return
    for call in _QUARTO.finditer(code):
        yield code.count("\n", 0, call.start()) + 1, re.sub(r"[\s.\[\"']+$", "", call[0])


def _without_texts(code: str) -> str:
    """Return Lua code with empty texts, line by line; comments stay."""
    pattern = re.compile(f"{_LUA_COMMENT.pattern}|(?P<text>{_LUA_TEXT.pattern})".replace(
        r"\1", "(?:=*)"), re.S)  # fmt: skip
    return pattern.sub(
        lambda found: re.sub(r"[^\n]", " ", found[0]) if found["text"] else found[0], code
    )


def _resolve(root: Path, item: Any, usual: str) -> list[ReviewFilter]:
    """Return the filters that an entry names: a file, or those of an extension."""
    name = str(item.get("path") if isinstance(item, Mapping) else item)
    at = str(item.get("at") or usual) if isinstance(item, Mapping) else usual
    if name in _MARKS:
        return []
    path = root / name
    if path.is_file():
        return [ReviewFilter(name, path, at)]
    brought = _of_extension(root, name)
    if brought is None:
        return [ReviewFilter(name, None, at)]
    folder, items = brought
    found = []
    for each in items:
        own = str(each.get("at") or at) if isinstance(each, Mapping) else at
        file = str(each.get("path") if isinstance(each, Mapping) else each)
        where = folder / file
        shown = where.relative_to(root).as_posix()
        found.append(ReviewFilter(shown, where if where.is_file() else None, own))
    return found


def _of_extension(root: Path, name: str) -> tuple[Path, Sequence[Any]] | None:
    """Return the folder of an installed extension of a name, and the filters that it brings."""
    for pattern in (f"_extensions/{name}", f"_extensions/*/{name}"):
        for folder in sorted(root.glob(pattern)) if not name.startswith(("/", ".")) else ():
            file = folder / "_extension.yml"
            if file.is_file():
                contributes = read_yaml(file, root, EXTENSION).data.get("contributes") or {}
                return folder, items_of(contributes.get("filters"))
    return None
