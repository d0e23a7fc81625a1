"""Tables drawn with `+`, `-` and `|`: those whose lines do not meet, and rows without cells."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.errors import Problem

_EDGE = re.compile(r"[ \t>]*\+(?:[-=:]{2,}\+)+[ \t]*")
_LINE = re.compile(r"[ \t>]*[+|]")
_LEFT = re.compile(r"\+(?:[–—]|[-=:]{2})|(?:[–—]|[-=]{2})\+")
"""What is left of the lines of a table among the words of a cell."""

_NO_WORD = re.compile(r"&\w+;|\\.")

Read = Callable[[str], Sequence[Node]]


def find_crooked_grids(source: ChapterText, read: Read) -> Iterator[Problem]:
    """Yield tables of which pandoc makes none, drops words, or has the lines among the words.

    `read` reads Markdown as the chapter is read.
    """
    for at, drawn in _grids(source.text):
        if _is_crooked(drawn, read(drawn)):
            message = "the lines of the table that begins here do not meet."
            hint = "Put each `|` right below a `+`, and end all lines in the same column."
            yield Problem("slip", message, source.place(at), hint)


def _grids(text: str) -> Iterator[tuple[int, str]]:
    """Yield each table that is drawn outside code, and where it begins."""
    at, begun, lines = 0, 0, list[str]()
    # Code in a cell is blanked where tables are looked for, and read as it is.
    for shown, line in zip(
        [*without_code(text).split("\n"), ""], [*text.split("\n"), ""], strict=True
    ):
        if _EDGE.fullmatch(shown) if not lines else _LINE.match(line):
            begun = begun if lines else at
            lines.append(line.lstrip(" \t>"))
        else:
            if len(lines) > 1:
                yield begun, "\n".join(lines) + "\n"
            lines = []
        at += len(line) + 1


def _is_crooked(drawn: str, blocks: Sequence[Node]) -> bool:
    if len(blocks) != 1 or blocks[0]["t"] != "Table":
        return True
    held = ast.to_json(list(blocks)).decode()
    if any(word not in held for word in re.findall(r"\w+", _NO_WORD.sub(" ", drawn))):
        return True
    texts = (node for node in ast.walk_blocks(list(blocks)) if node["t"] in ("Plain", "Para"))
    return any(_LEFT.search(ast.text(each["c"])) for each in texts)


def drop_empty_rows(blocks: list[Node]) -> None:
    """Take rows without cells out of tables, in place: cells from above reach over all of them.

    Typst cannot be given such a row.
    """
    for node in ast.walk(blocks):
        if node["t"] == "Table":
            _, _, _, head, bodies, foot = node["c"]
            for rows in (head[1], *(part for body in bodies for part in body[2:]), foot[1]):
                _drop(rows)


def _drop(rows: list[Any]) -> None:
    for at in [n for n, row in enumerate(rows) if not row[1]][::-1]:
        for above, row in enumerate(rows[:at]):
            for cell in row[1]:
                if above + cell[2] > at:
                    cell[2] -= 1
        del rows[at]
