"""Chapters that a review has, and an edition does not: where what it refers to may be."""

import re
from collections.abc import Iterable
from pathlib import Path

from reviewpress.config import CHAPTER_ENDINGS, Config


def find_elsewhere(config: Config, name: str) -> str:
    """Return the file with an id that is no chapter of the edition; empty where none has it.

    Folders whose names begin with `_` or a point are not looked into.
    """
    defined = re.compile(
        rf"\{{[^{{}}\n]*#{re.escape(name)}(?![\w:-])|\blabel: *{re.escape(name)}\b"
    )
    known = {chapter.path for chapter in config.chapters}
    for file in sorted(_chapter_files(config.root)):
        path = file.relative_to(config.root).as_posix()
        if path not in known and defined.search(file.read_text("utf-8", errors="replace")):
            return path
    return ""


def list_it(path: str) -> str:
    """Say what to do about a file that is no chapter of the edition."""
    return (
        f"It is in {path}, which is not a chapter of this edition: list it under `chapters:`, or"
        ' show the sentence only where it is, with `when-profile="…"`.'
    )


def _chapter_files(root: Path) -> Iterable[Path]:
    for file in root.rglob("*"):
        inner = file.relative_to(root).parts
        if file.suffix in CHAPTER_ENDINGS and not any(each[0] in "_." for each in inner):
            yield file
