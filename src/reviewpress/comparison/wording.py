"""Two texts word by word: what stays, what went, what came."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

_WORD = re.compile(r"\s+|[\w@][\w:.#$%&+?<>~/’'-]*(?<![.:?])|\W")
_NAME = re.compile(r"@([\w][\w:.#$%&+?<>~/-]*(?<![.:?/]))")
_NUMBER = re.compile(r"\d[\d,.  ]*(?<![,. ])")

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class WordChange:
    """A part of two texts: it stands in both, in the first alone, or in the second alone."""

    kind: Kind
    text: str


def compare_words(before: str, after: str) -> tuple[WordChange, ...]:
    """Return two texts as one, whole words at a time.

    >>> [(each.kind, each.text) for each in compare_words("in 34 papers", "in 36 papers")]
    [('same', 'in '), ('gone', '34'), ('new', '36'), ('same', ' papers')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[WordChange] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(WordChange("same", "".join(old[i:j])))
        else:
            pieces += _split("".join(old[i:j]), "".join(new[k:m]))
    return tuple(_joined(pieces))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with the words of its references in the place of `@id` and `@key`."""
    plain = _NAME.sub(lambda found: names.get(found[1], found[0]), text)
    return re.sub(r"\[(\[[^\[\]]*\](?:; \[[^\[\]]*\])*)\]", r"\1", plain)


def same_number(before: str, after: str) -> bool:
    """Whether two texts have the same numbers, written in different ways.

    >>> same_number("34 %", "34.0%"), same_number("34", "35"), same_number("many", "most")
    (True, False, False)
    """
    old, new = (tuple(_numbers(text)) for text in (before, after))
    return bool(old) and old == new


def changed_numbers(pieces: Sequence[WordChange]) -> Iterator[tuple[str, str]]:
    """Yield the numbers in digits that one text has in the place of another's."""
    for first, second in pairwise(pieces):
        if (first.kind, second.kind) == ("gone", "new"):
            old, new = _NUMBER.findall(first.text), _NUMBER.findall(second.text)
            if len(old) == len(new):
                yield from ((one, other) for one, other in zip(old, new, strict=True)
                            if one != other)  # fmt: skip


def likeness(before: str, after: str) -> float:
    """Return from 0 to 1 how much of two texts is the same words."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.3 else 0.0


def _split(gone: str, new: str) -> Iterator[WordChange]:
    if gone:
        yield WordChange("gone", gone)
    if new:
        yield WordChange("new", new)


def _joined(pieces: Sequence[WordChange]) -> Iterator[WordChange]:
    """Yield changes that only a space separates as one: that is easier to read."""
    waiting = {"gone": "", "new": ""}
    for at, piece in enumerate(pieces):
        is_gap = piece.kind == "same" and not piece.text.strip() and 0 < at < len(pieces) - 1
        if piece.kind != "same":
            waiting[piece.kind] += piece.text
        elif is_gap and all(waiting.values()):
            waiting = {kind: text + piece.text for kind, text in waiting.items()}
        else:
            yield from _split(waiting["gone"], waiting["new"])
            waiting = {"gone": "", "new": ""}
            yield piece
    yield from _split(waiting["gone"], waiting["new"])


def _numbers(text: str) -> Iterator[float]:
    for found in _NUMBER.findall(text):
        try:
            yield float(re.sub(r"[,  ]", "", found))
        except ValueError:
            continue
