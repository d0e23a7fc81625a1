"""Markdown to pandoc's tree, each text read once."""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.list_numbers import keep_numbers
from reviewpress.assemble.macros import has_macros
from reviewpress.assemble.nesting import LEVELS, blocks_of, find_brackets, find_depth
from reviewpress.errors import ChapterError, EngineError, OutOfTime, Place
from reviewpress.programs.limits import USUAL, Limits
from reviewpress.speed.dialect import is_whole, quick_form
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import read_markdown_text
from reviewpress.store.kinds import TREES

MARKDOWN = "markdown+lists_without_preceding_blankline-latex_macros"
PLAIN = f"{MARKDOWN}-implicit_figures"
"""How a `.md` chapter is read: as a forge shows it, where an image is no figure with a caption."""


_A_WHILE = 5
"""Seconds for a paragraph by itself: more than a thousand like it take."""

_FEW = 40
_SURE = 10_000
"""Letters that pandoc reads in a second at least; usually a hundred times as many."""


class Unreadable(ChapterError):
    """A text that pandoc or we cannot go through; `line` is the line of the text that keeps us."""

    def __init__(self, message: str, where: Place, hint: str = "", *, line: int) -> None:
        super().__init__(message, where, hint)
        self.line = line


def read_markdown(
    texts: Sequence[tuple[str, str]], *, store: Path, limits: Limits = USUAL
) -> list[dict[str, Any]]:
    """Return the tree of each (chapter path, text), in order.

    A text read before comes from the store. Raises ChapterError where pandoc refuses one, or
    would not come to an end; where it is known, its `needle` says what text it is about.
    """
    workers = min(len(texts), os.cpu_count() or 1)
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        return list(pool.map(lambda item: _read(item[0], item[1], store, limits), texts))


def read_blocks(path: str, text: str, store: Path, limits: Limits) -> list[ast.Node]:
    """Return the blocks of one text; raises and keeps as `read_markdown` does."""
    [document] = read_markdown([(path, text)], store=store, limits=limits)
    blocks: list[ast.Node] = document["blocks"]
    return blocks


def _read(path: str, text: str, store: Path, limits: Limits) -> dict[str, Any]:
    written = PLAIN if path.endswith(".md") else MARKDOWN
    if has_macros(text):
        written = written.replace("-latex_macros", "")

    def make() -> tuple[dict[str, Any], bytes]:
        return _ask_pandoc(path, text, written, limits)

    return TREES.get(store, [written.encode(), text.encode()], make=make, read=ast.from_json)


def _ask_pandoc(path: str, text: str, written: str, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the tree of a text, and the JSON of it."""
    _check_brackets(path, text)
    try:
        answer = _ask_soon(path, text, written, limits.program(len(text)))
    except OutOfTime as error:
        raise ChapterError(error.message, Place(path), error.hint) from None
    except EngineError as error:
        raise ChapterError(error.message, Place(path)) from None
    joined = join_words(answer)
    return _within_levels(path, text, written, joined), joined


def _ask_soon(path: str, text: str, written: str, seconds: float) -> bytes:
    """Return pandoc's JSON of a text; where it is not there soon, look for what keeps it."""
    soon = 2 * _A_WHILE + len(text) / _SURE
    try:
        return _ask(text, written, min(soon, seconds))
    except OutOfTime:
        slow = _slow_paragraph(text, written)
        if slow:
            message = "pandoc does not come to an end with this paragraph."
            hint = "Look for signs that are opened and never closed: quotation marks, [, <, `."
            raise Unreadable(message, Place(path), hint, line=slow) from None
        if soon >= seconds:
            raise
    return _ask(text, written, seconds)


def _ask(text: str, written: str, seconds: float) -> bytes:
    """Return pandoc's JSON of a text, asked for in its quick form and, if need be, in its own."""
    text = keep_numbers(text)
    quick, form = quick_form(text, written)
    if quick != text:
        try:
            answer = read_markdown_text(quick, form, seconds=seconds)
        except OutOfTime:
            raise
        except EngineError:
            answer = b""
        if answer and is_whole(answer):
            return answer
    # What pandoc says of a text, it says of the author's own.
    return read_markdown_text(text, written if quick != text else form, seconds=seconds)


def _check_brackets(path: str, text: str) -> None:
    """Refuse a text that pandoc would never have read."""
    found = find_brackets(text)
    if found is not None:
        line, message = found
        hint = r"Close them, or write \[ where no link, note or citation is meant."
        raise Unreadable(message, Place(path), hint, line=line)


def _within_levels(path: str, text: str, written: str, joined: bytes) -> dict[str, Any]:
    """Return the tree, unless more stands in one another than can be gone through."""
    read, is_deep = _look_into(joined)
    if is_deep:
        message = f"more than {LEVELS} lists, notes, quotations, divs or tags are nested."
        raise Unreadable(message, Place(path), line=_deep_line(text, written))
    return read


def _look_into(joined: bytes) -> tuple[dict[str, Any], bool]:
    """Return the tree, and whether more stands in one another than can be gone through."""
    try:
        read: dict[str, Any] = ast.from_json(joined)
    except ValueError:
        return {}, True
    return read, find_depth(read) is not None


def _deep_line(text: str, written: str) -> int:
    """Return the number of the line with which a text comes to stand too deep."""
    lines = text.split("\n")
    fits, deep = 0, len(lines)
    while deep - fits > 1:
        middle = (fits + deep) // 2
        try:
            answer = read_markdown_text("\n".join(lines[:middle]), written, seconds=_A_WHILE)
            is_deep = _look_into(join_words(answer))[1]
        except EngineError:
            is_deep = True
        fits, deep = (fits, middle) if is_deep else (middle, deep)
    return deep


def _slow_paragraph(text: str, written: str) -> int:
    """Return the line of the paragraph that keeps pandoc from coming to an end; 0 for none.

    What looks like code is looked at too: to pandoc it may be none.
    """
    for line, block in dict.fromkeys((*blocks_of(text), *_between_blank_lines(text))):
        if len(block) < _FEW:
            continue
        try:
            read_markdown_text(block, written, seconds=_A_WHILE + len(block) / _SURE)
        except OutOfTime:
            return line
        except EngineError:
            continue
    return 0


def _between_blank_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a text, code or not, each with its first line."""
    line = 1
    for block in re.split(r"(\n[ \t]*\n)", text):
        if block.strip():
            yield line, block
        line += block.count("\n")
