"""What stands in one another so deeply that reading it would take for ever, or too much memory.

Pandoc's time doubles with each bracket that stands open in a paragraph: eight pairs in one another
take two seconds, twenty would take an hour.
"""

import re
from collections.abc import Iterator
from typing import Any

PAIRS = 7
"""How many pairs of brackets may stand in one another: a link in a note in a caption has three."""

OPEN = 10
"""How many brackets of a paragraph may lack their end, as those of intervals like [0, 1) do."""

LEVELS = 20
"""How many lists, notes, quotations, divs or elements of HTML may stand in one another; Typst gives
up at 24."""

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_BEGINS = re.compile(r"\s*(?:[-*+]\s|\(?[0-9a-zA-Z@]{1,3}[.)]\s|#+\s|\||>|:::|\[\^[^\]]+\]:)")
"""A line that begins a block, though none may be empty before it."""

_TOKEN = re.compile(
    r"\\.|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\$(?![\s\d])[^$\n]*\$|<!--.*?-->|[\[\]]", re.S
)
"""What is no bracket to pandoc (escaped, code, a formula, a comment), or a bracket."""

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)\b[^<>]*>")


def find_brackets(text: str) -> tuple[int, str] | None:
    """Return the line of the first paragraph with too many open brackets, and what is wrong."""
    for first, block in blocks_of(text):
        if block.count("[") <= PAIRS:
            continue
        pairs, unclosed = _count(block)
        if pairs > PAIRS:
            return first, f"{pairs} pairs of brackets are nested; at most {PAIRS} may be."
        if unclosed > OPEN:
            return first, f"{unclosed} brackets of one paragraph lack their end, and {OPEN} may."
    return None


def find_depth(document: Any) -> tuple[int, str] | None:
    """Return how many levels stand in one another, where too many do, and words from in there."""
    stack: list[tuple[Any, int]] = [(document["blocks"], 0)]
    deepest, words = 0, ""
    while stack:
        value, depth = stack.pop()
        if isinstance(value, list):
            deepest = max(deepest, depth + _elements(value))
            stack += [(item, depth) for item in reversed(value) if isinstance(item, list | dict)]
        elif isinstance(value, dict):
            if value.get("t") == "Str" and depth >= deepest > LEVELS:
                words = words if depth == deepest and words else str(value["c"])
            inner = value.get("c")
            if isinstance(inner, list):
                stack.append((inner, depth + 1))
                deepest = max(deepest, depth + 1)
    return (deepest, words) if deepest > LEVELS else None


def _elements(items: list[Any]) -> int:
    """Return how many elements of HTML stand in one another among nodes; to pandoc they do not."""
    names: list[str] = []
    depths: list[int] = []
    deepest = 0
    for item in items:
        is_raw = isinstance(item, dict) and item.get("t") in ("RawInline", "RawBlock")
        tag = _TAG.fullmatch(str(item["c"][1]).strip()) if is_raw else None
        if tag and not tag[1]:
            names.append(tag[2].lower())
            depths.append(0)
        elif tag and tag[2].lower() in names:
            at = len(names) - 1 - names[::-1].index(tag[2].lower())
            # As deep as the deepest inside, and one more; what is not closed in there is none.
            depth = max(depths[at:]) + 1
            deepest = max(deepest, depth)
            del names[at:], depths[at:]
            if depths:
                depths[-1] = max(depths[-1], depth)
    return deepest


def blocks_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between empty lines, code aside, each with its first line."""
    block: list[str] = []
    first, fence = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and line.strip() == mark[1]:
                fence = ""
            continue
        if mark or not line.strip() or _BEGINS.match(line):
            if block:
                yield first, "\n".join(block)
            block, first = [], number
        if mark:
            fence = mark[1]
        elif line.strip():
            first = first if block else number
            block.append(line)
    if block:
        yield first, "\n".join(block)


def _count(block: str) -> tuple[int, int]:
    """Return how many pairs stand in one another at most, and how many brackets lack their end."""
    open_at: list[int] = []
    depth_at: list[int] = []
    deepest = 0
    for found in _TOKEN.finditer(block):
        if found[0] == "[":
            open_at.append(found.start())
            depth_at.append(0)
        elif found[0] == "]" and open_at:
            open_at.pop()
            # As deep as the deepest pair inside, and one more.
            depth = depth_at.pop() + 1
            deepest = max(deepest, depth)
            if depth_at:
                depth_at[-1] = max(depth_at[-1], depth)
    return deepest, len(open_at)
