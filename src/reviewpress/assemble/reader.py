"""Markdown to pandoc's tree, each text read once."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from reviewpress.assemble import ast, dialect
from reviewpress.assemble.nesting import LEVELS, blocks_of, find_brackets, find_deep_div, find_depth
from reviewpress.errors import ChapterError, EngineError, OutOfTime, Place
from reviewpress.programs.limits import USUAL, Limits
from reviewpress.programs.pandoc_pool import SCRIPT, read_markdown_text
from reviewpress.programs.tools import pandoc_identity
from reviewpress.store.files import digest_file, digest_parts, mark_used, write_cached

MARKDOWN = "markdown+lists_without_preceding_blankline-latex_macros"
PLAIN = f"{MARKDOWN}-implicit_figures"
"""How a `.md` chapter is read: as a forge shows it, where an image is no figure with a caption."""


_A_WHILE = 5
"""Seconds for a paragraph by itself: more than a thousand like it take."""


class Unreadable(ChapterError):
    """A text that nests too deeply; `needle` is what it says at that place."""

    def __init__(self, message: str, where: Place, hint: str = "", *, needle: str = "") -> None:
        super().__init__(message, where, hint)
        self.needle = needle


def read_markdown(
    texts: Sequence[tuple[str, str]], *, cache_folder: Path, limits: Limits = USUAL
) -> list[dict[str, Any]]:
    """Return the tree of each (chapter path, text), in order.

    A text read before comes from `cache_folder`. Raises ChapterError where pandoc refuses one, or
    would not come to an end; where it is known, its `needle` says what text it is about.
    """
    cache_folder.mkdir(parents=True, exist_ok=True)
    workers = min(len(texts), os.cpu_count() or 1)
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        return list(pool.map(lambda item: _read(item[0], item[1], cache_folder, limits), texts))


def read_blocks(path: str, text: str, cache_folder: Path, limits: Limits) -> list[ast.Node]:
    """Return the blocks of one text; raises and keeps as `read_markdown` does."""
    [document] = read_markdown([(path, text)], cache_folder=cache_folder, limits=limits)
    blocks: list[ast.Node] = document["blocks"]
    return blocks


def _read(path: str, text: str, cache_folder: Path, limits: Limits) -> dict[str, Any]:
    written = PLAIN if path.endswith(".md") else MARKDOWN
    program = f"{pandoc_identity()}\0{_reader_identity()}"
    key = hashlib.sha256(f"{written}\0{program}\0joined\0{text}".encode()).hexdigest()
    kept = cache_folder / f"{key}.json"
    mark_used(kept)
    try:
        document: dict[str, Any] = ast.from_json(kept.read_bytes())
        return document
    except (OSError, ValueError):
        pass
    _check_brackets(path, text)
    try:
        answer = _ask(text, written, limits.program(len(text)))
    except OutOfTime as error:
        raise _too_slow(path, text, written, error) from None
    except EngineError as error:
        raise ChapterError(error.message, Place(path)) from None
    joined = ast.join_words(answer)
    read = _within_levels(path, text, joined)
    write_cached(kept, joined)
    return read


def _ask(text: str, written: str, seconds: float) -> bytes:
    """Return pandoc's JSON of a text, asked for in its quick form and, if need be, in its own."""
    quick, form = dialect.quick_form(text, written)
    if quick != text:
        try:
            answer = read_markdown_text(quick, form, seconds=seconds)
        except OutOfTime:
            raise
        except EngineError:
            answer = b""
        if answer and dialect.is_whole(answer):
            return answer
    # What pandoc says of a text, it says of the author's own.
    return read_markdown_text(text, written if quick != text else form, seconds=seconds)


def _check_brackets(path: str, text: str) -> None:
    """Refuse a text that pandoc would never have read."""
    found = find_brackets(text)
    if found is not None:
        line, message = found
        hint = r"Close them, or write \[ where no link, note or citation is meant."
        raise Unreadable(message, Place(path), hint, needle=text.split("\n")[line - 1])


def _within_levels(path: str, text: str, joined: bytes) -> dict[str, Any]:
    """Return the tree, unless more stands in one another than can be gone through."""
    message = f"more than {LEVELS} lists, notes, quotations or divs stand in one another."
    try:
        read: dict[str, Any] = ast.from_json(joined)
        found = find_depth(read)
    except ValueError:
        read, found = {}, (LEVELS, "")
    if found is not None:
        # Words that stand elsewhere too would lead to a wrong place.
        needle = found[1] if text.count(found[1]) == 1 else find_deep_div(text)
        raise Unreadable(message, Place(path), needle=needle)
    return read


def _too_slow(path: str, text: str, written: str, error: OutOfTime) -> ChapterError:
    """Say which paragraph keeps pandoc from coming to an end."""
    for _, block in blocks_of(text):
        try:
            read_markdown_text(block, written, seconds=_A_WHILE)
        except OutOfTime:
            return Unreadable(
                "pandoc does not come to an end with this paragraph.", Place(path),
                "Look for quotation marks, brackets or emphasis that are opened and never closed.",
                needle=block.split("\n")[0],
            )  # fmt: skip
        except EngineError:
            continue
    return ChapterError(error.message, Place(path), error.hint)


@cache
def _reader_identity() -> str:
    return digest_parts(digest_file(path).encode() for path in (SCRIPT, Path(dialect.__file__)))
