"""Words of pandoc's tree, found again in the text that an author typed."""

import re

from reviewpress.assemble.source import ChapterText
from reviewpress.assemble.stray_markup import StrayMarkup
from reviewpress.errors import Problem

_SHOWN = 60
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "…": "..."})


def find_typed(
    shown: str, source: ChapterText, text: str, done: dict[str, int], *, before: str = ""
) -> int:
    """Return where words of the tree stand in the text as the author typed them, -1 for nowhere.

    What an author has escaped, or data brought, is meant. `done` keeps how far each was found.
    `before` is the sign that the tree has before them: after a blank they are not what others are.
    """
    at, needle = find_words(shown, text, done, before)
    if at < 0 or text[at - 1 : at] == "\\":
        return -1
    return at if _is_authors(source, at, needle) else -1


def find_words(shown: str, text: str, done: dict[str, int], before: str = "") -> tuple[int, str]:
    """Return where words of the tree stand in the text, -1 for nowhere, and how they begin there.

    Words of the tree have other quotation marks and dashes: the first signs are as they were.
    """
    needle = re.split(r"[\"'“”‘’–… ]", shown)[0]
    if not needle:
        typed = shown.translate(_STRAIGHT)
        needle = re.split(r" ", typed)[0]
    at = text.find(needle, done.get(needle, 0))
    while at >= 0 and not (_begins(text[at:], shown) and _follows(text[at - 1 : at], before)):
        at = text.find(needle, at + 1)
    if at >= 0:
        done[needle] = at + 1
    return at, needle


def slip_at(kind: StrayMarkup, shown: str, source: ChapterText, at: int) -> Problem:
    """Return the problem that markup of a kind stands at an offset of a chapter's text."""
    short = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return Problem("slip", kind.message.format(short.strip()), source.place(at), kind.hint.format())


def _is_authors(source: ChapterText, at: int, needle: str) -> bool:
    """Whether the author typed it: what a cell has computed, or a value brought, is no markup."""
    cell = source.place(at).cell
    if cell is None:
        return not source.chapter.has_cells or needle in "\n".join(source.cells)
    return needle in source.cells[cell - 1]


def _follows(sign: str, before: str) -> bool:
    """Whether a sign of the text can be the one that the tree has there: a blank is a blank."""
    return not before or not sign or sign.isspace() == before.isspace()


def _begins(text: str, shown: str) -> bool:
    """Whether a text begins with words of the tree, whose quotation marks and blanks may differ."""
    wanted = _typed(shown)
    return _typed(text[: 2 * len(shown) + 20]).startswith(wanted)


def _typed(text: str) -> str:
    return " ".join(text.replace("\\", "").translate(_STRAIGHT).split())
