"""Markdown to pandoc's tree, each text read once."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from reviewpress.assemble import ast, dialect
from reviewpress.errors import ChapterError, EngineError, Place
from reviewpress.files import digest, digest_file, mark_used, write_cached
from reviewpress.pandocs import SCRIPT, read_markdown_text
from reviewpress.tools import pandoc_identity

MARKDOWN = "markdown+lists_without_preceding_blankline-latex_macros"
PLAIN = f"{MARKDOWN}-implicit_figures"
"""How a `.md` chapter is read: as a forge shows it, where an image is no figure with a caption."""


def read_markdown(texts: Sequence[tuple[str, str]], *, cache_folder: Path) -> list[dict[str, Any]]:
    """Return the tree of each (chapter path, text), in order.

    A text read before comes from `cache_folder`. Raises ChapterError where pandoc refuses one.
    """
    cache_folder.mkdir(parents=True, exist_ok=True)
    workers = min(len(texts), os.cpu_count() or 1)
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        return list(pool.map(lambda item: _read(item[0], item[1], cache_folder), texts))


def _read(path: str, text: str, cache_folder: Path) -> dict[str, Any]:
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
    try:
        answer = _ask(text, written)
    except EngineError as error:
        raise ChapterError(error.message, Place(path)) from None
    joined = ast.join_words(answer)
    write_cached(kept, joined)
    read: dict[str, Any] = ast.from_json(joined)
    return read


def _ask(text: str, written: str) -> bytes:
    """Return pandoc's JSON of a text, asked for in its quick form and, if need be, in its own."""
    quick, form = dialect.quick_form(text, written)
    if quick != text:
        with suppress(EngineError):
            answer = read_markdown_text(quick, form)
            if dialect.is_whole(answer):
                return answer
    # What pandoc says of a text, it says of the author's own.
    return read_markdown_text(text, written if quick != text else form)


@cache
def _reader_identity() -> str:
    return digest(digest_file(path).encode() for path in (SCRIPT, Path(dialect.__file__)))
