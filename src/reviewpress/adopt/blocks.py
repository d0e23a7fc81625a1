"""Blocks of Markdown by lines: what stands together, and what is code."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"^(?:\s|>)*(`{3,}|~{3,})(?!.*`)")
_DIV = re.compile(r"^\s*:{3,}")
_CLOSING = re.compile(r"\s*:{3,}\s*$")
_INLINE = re.compile(r"(?<![\\$])\$(?![\s$])[^$]*?(?<![\s\\])\$(?!\d)")


def block_at(lines: Sequence[str], at: int) -> tuple[int, int]:
    """Return where the block at a line begins and ends: between empty lines, fences and divs.

    A formula between `$$` is one, with empty lines in it too.

    >>> block_at(["One", "", "two", "three", ":::"], 3)
    (2, 4)
    """
    first = above = head_of(lines)
    if at < above:
        return at, at
    for number in range(above, at):
        if not _goes_on(lines[number]):
            first = number + 1
    end = next((n for n in range(at, len(lines)) if not _goes_on(lines[n])), len(lines))
    opened = [n for n in range(above, end) if displays_in(lines[n]) % 2]
    for one, two in zip(opened[::2], [*opened[1::2], end - 1], strict=False):
        if one <= at <= two:
            first, end = min(first, one), max(end, two + 1)
    return (at, at) if first >= end else (first, end)


def closed_block(lines: Sequence[str], at: int) -> tuple[str, str] | None:
    """Return a text whose block at a line is closed, and what was done.

    None where as many blocks are closed as are opened: one more would close none.

    >>> closed_block(["::: {.a}", "<center>One</center>", ":::"], 0)
    ('::: {.a}\\n<center>One</center>\\n\\n:::', 'An empty line is above its `:::` now.')
    """
    if "<div" in "".join(lines[at : at + 1]).lower():
        opening, closing = re.compile(r"<div\b", re.I), "</div>"
    else:
        opening, closing = re.compile(r"^\s*:{3,}\s*[{\w]"), ":::"
        for number in range(at + 1, len(lines)):
            # Right below a tag, pandoc takes it for words.
            if _CLOSING.match(lines[number]) and lines[number - 1].rstrip().endswith(">"):
                made = [*lines[:number], "", *lines[number:]]
                return "\n".join(made), "An empty line is above its `:::` now."
    opened = sum(len(opening.findall(line)) for line in lines)
    closed = sum(line.strip() == closing for line in lines)
    if closed >= opened:
        return None
    made = [*"\n".join(lines).rstrip().split("\n"), "", closing, ""]
    return "\n".join(made), "It is closed at the end of the file."


def displays_in(line: str) -> int:
    """Return how many marks of formulas on lines of their own a line has.

    >>> displays_in("$$x$$ {#eq-a}"), displays_in("so $y = 2$$")
    (2, 0)
    """
    return _INLINE.sub("", line).count("$$")


def in_code(lines: Sequence[str], at: int) -> bool:
    """Say whether a line is within a code block, or one of its fences."""
    fence = ""
    for number, line in enumerate(lines[: at + 1]):
        match = _FENCE.match(line)
        if fence:
            closes = match is not None and match[1].startswith(fence) and line.strip("`~ >") == ""
            if closes:
                fence = ""
                if number == at:
                    return True
        elif match:
            fence = match[1]
    return bool(fence)


def opening_of(lines: Sequence[str], at: int) -> int:
    """Return the line of the fence that opens the code a line is in; the line itself for none."""
    return next((n for n in range(min(at, len(lines) - 1), -1, -1) if _FENCE.match(lines[n])), at)


def head_of(lines: Sequence[str]) -> int:
    """Return how many lines the front matter has."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (n for n in range(1, len(lines)) if lines[n].rstrip() in ("---", "..."))
    return next(ends, -1) + 1


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not _DIV.match(line) and not _FENCE.match(line)
