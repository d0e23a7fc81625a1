"""What pandoc says of a text that it does not read, at the author's own lines."""

import re

from reviewpress.assemble.reader import Unreadable
from reviewpress.assemble.source import ChapterText, leads, without_code
from reviewpress.errors import ChapterError, Place, Problem

_LINE = re.compile(r"\bline (\d+)(?: column \d+)?")
_UNCLOSED = re.compile(r"\bDiv at (_chunk )?line (\d+) column (\d+) unclosed")
_FENCE = re.compile(r"^:{3,}[: \t]*([^\s:]?)|<(/?)div\b", re.I)
_UNUSED = re.compile(r"Note with key '([^']+)' defined at line (\d+)(?: column \d+)? but not used")
_NOTED_TWICE = re.compile(r"Duplicate note reference '([^']+)' at line (\d+)")


def faults_of_reading(error: ChapterError, source: ChapterText) -> list[Problem]:
    """Return what pandoc says of a text, with the lines of the author's file."""
    found = [_unclosed(at, source) for at in unclosed_blocks(error, source.text)]
    return found or [_refusal(error, source)]


def unclosed_blocks(error: ChapterError, text: str) -> list[int]:
    """Return where blocks begin that pandoc says are never closed, fenced ones and those of HTML.

    The offsets are those of the text, in order.
    """
    # Pandoc names those within others first.
    found = sorted(_UNCLOSED.finditer(error.message), key=lambda match: int(match[2]))
    within = _open_within(text) if any(match[1] for match in found) else []
    return sorted(_beginning(match, text, within) for match in found)


def _beginning(match: re.Match[str], text: str, within: list[int]) -> int:
    """Return where a block begins; pandoc counts anew the lines of those `within` items."""
    if match[1]:
        return within.pop(0) if within else 0
    return _offset(text, int(match[2])) + int(match[3]) - 1


def _unclosed(at: int, source: ChapterText) -> Problem:
    closed = "</div>" if source.text.startswith("<", at) else ":::"
    message = "the block that opens here is never closed."
    hint = f"Write `{closed}` on a line of its own where it ends."
    return Problem("chapter", message, source.place(at), hint)


def _open_within(text: str) -> list[int]:
    """Return where blocks open in items of lists and in quotations that do not end in there."""
    opened: list[tuple[int, int, int]] = []
    left: list[int] = []
    at = 0
    for line in without_code(text).split("\n"):
        quoted, indent, mark = leads(line)
        depth, rest = quoted.count(">"), line[len(quoted + indent + mark) :]
        while opened and (
            depth < opened[-1][1] or (bool(rest.strip()) and len(indent) < opened[-1][2])
        ):
            left.append(opened.pop()[0])
        begins = at + len(quoted + indent + mark)
        for fence in _FENCE.finditer(rest):
            if fence[1] or fence[2] == "":
                opened.append((begins + fence.start(), depth, len(indent + mark)))
            elif opened:
                opened.pop()
        at += len(line) + 1
    return sorted([*left, *(each[0] for each in opened if each[1] or each[2])])


def _refusal(error: ChapterError, source: ChapterText) -> Problem:

    def place(line: str) -> Place:
        return source.place(_offset(source.text, int(line)))

    if isinstance(error, Unreadable):
        return Problem(error.rule, error.message, place(str(error.line)), error.hint)
    found = _LINE.search(error.message)
    if found is None:
        return error.problems[0]
    if noted := _NOTED_TWICE.search(error.message):
        message = f"the text of the footnote [^{noted[1]}] is given twice in the chapter."
        hint = "Give one of the two notes another name."
        return Problem(error.rule, message, place(noted[2]), hint)
    if unused := _UNUSED.search(error.message):
        message = f"the footnote [^{unused[1]}] is nowhere used, and would not be published."
        hint = f"Write `[^{unused[1]}]` where it belongs."
        return Problem(error.rule, message, place(unused[2]), hint)
    message = _LINE.sub(lambda match: f"line {place(match[1]).line or match[1]}", error.message)
    return Problem(error.rule, message, place(found[1]), error.hint)


def _offset(text: str, line: int) -> int:
    """Return the offset at which a line begins, counted from 1."""
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1])
