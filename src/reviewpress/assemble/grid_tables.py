"""Tables drawn with `+`, `-` and `|`: those whose lines do not meet, or whose cells are code."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Any
from unicodedata import east_asian_width

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.errors import Problem

_EDGE = re.compile(r"[ \t>]*\+(?:[-=:]{2,}\+)+[ \t]*")
_LINE = re.compile(r"[ \t>]*[+|]")
_LEFT = re.compile(r"\+(?:[–—]|[-=:]{2})|(?:[–—]|[-=]{2})\+")
"""What is left of the lines of a table among the words of a cell."""

_NO_WORD = re.compile(
    r"\\.|<!--.*?-->|\{=\w+\}|(?<=\|) *\(?(?:\d+|[A-Za-z]|[ivxlcIVXLC]+)[.)] ", re.S
)
"""What the words of a cell have otherwise, or not at all, as the numbers of a list."""
_WORD = re.compile(r"[^\W_]+")

Read = Callable[[str], Sequence[Node]]


def find_crooked_grids(source: ChapterText, read: Read) -> Iterator[Problem]:
    """Yield tables of which pandoc makes none, drops words, or has the lines among the words.

    `read` reads Markdown as the chapter is read.
    """
    for at, drawn in _grids(source.text):
        blocks = read(drawn)
        if _is_crooked(drawn, blocks):
            message = "the lines of the table that begins here do not meet."
            hint = "Put each `|` right below a `+`, and end all lines in the same column."
            yield Problem("slip", message, source.place(at), hint)
            continue
        for words in _indented(drawn, blocks):
            message = f"the cell begins with many spaces, and would be code: “{words}”"
            hint = "Align a column by the line below the head: `+:=====:+` centres it."
            yield Problem("slip", message, source.place(source.text.find(words, at)), hint)


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
    held = {word for text in _texts(blocks[0]["c"]) for word in _WORD.findall(text)}
    # A sign that is written as a reference may be a part of a word: "CO&#8322;".
    if not held.issuperset(_WORD.findall(unescape(_NO_WORD.sub(" ", drawn)))):
        return True
    paragraphs = (node for node in ast.walk_blocks(list(blocks)) if node["t"] in ("Plain", "Para"))
    words = [ast.text(each["c"]) for each in paragraphs]
    bars = sum(each.count("|") for each in words)
    return any(map(_LEFT.search, words)) or bars > _bars_between_edges(drawn)


def _indented(drawn: str, blocks: Sequence[Node]) -> Iterator[str]:
    """Yield the first line of each cell that is code for its spaces alone."""
    for node in () if "```" in drawn or "~~~" in drawn else ast.walk_blocks(list(blocks)):
        if node["t"] == "CodeBlock":
            yield node["c"][1].split("\n")[0].strip()


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a tree, what it calls its nodes left out."""
    if isinstance(value, str):
        yield value
    for item in value if isinstance(value, list) else ():
        yield from _texts(item)
    for key, item in value.items() if isinstance(value, dict) else ():
        if key != "t":
            yield from _texts(item)


def _bars_between_edges(drawn: str) -> int:
    """Return how many `|` stand where no line of the table goes, and so are words of a cell."""
    lines = [_columns(line) for line in drawn.splitlines()]
    if any(len(line) > len(lines[0]) for line in lines):
        return 0
    edges = {at for line in lines for at, sign in enumerate(line) if sign == "+"}
    return sum(sign == "|" and at not in edges for line in lines for at, sign in enumerate(line))


def _columns(line: str) -> str:
    """Return a line in which each sign stands in its column: wide ones take two."""
    wide = {sign: sign + " " for sign in set(line) if east_asian_width(sign) in "WF"}
    return "".join(wide.get(sign, sign) for sign in line.rstrip())
