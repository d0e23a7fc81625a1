"""Names of journals: made alike, and whether one abbreviates another."""

import re
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from reviewpress.bibliography import normalise

SMALL_WORDS = frozenset(
    ("a", "an", "and", "at", "by", "da", "das", "de", "del", "della", "der", "des", "di", "die",
     "do", "du", "e", "el", "et", "for", "fur", "für", "in", "la", "le", "les", "of", "on", "the",
     "to", "und", "y", "zur")
)  # fmt: skip


@lru_cache(maxsize=20_000)
def journal_names(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a journal's name, of each name where it has two, and of its first part.

    >>> journal_names("Lancet (London, England)")
    (('lancet', 'london', 'england'), ('lancet',))
    """
    found: dict[tuple[str, ...], None] = {}
    for part in name.split("="):
        for piece in (part, re.split(r"\s*[(\[;:]|\.\s|\s[-–]\s|/", part.strip(), maxsplit=1)[0]):
            words = (word for word in normalise(piece).split() if word not in SMALL_WORDS)
            found[tuple(words)] = None
    return tuple(words for words in found if words)


@lru_cache(maxsize=20_000)
def one_journal(
    one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]
) -> bool | None:
    """Whether two journals are one by their names; None where one name only begins the other."""
    if _abbreviates(one[0], other[0]):
        return True
    if any(_abbreviates(first, second) for first in one for second in other):
        return True if len(one[0]) > 1 and len(other[0]) > 1 else None
    return len(one[0]) == len(other[0]) and ratio(" ".join(one[0]), " ".join(other[0])) >= 92


def _abbreviates(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether each word of one name shortens, or is shortened by, its word of the other.

    >>> _abbreviates(("j", "integr", "care"), ("journal", "integrated", "care"))
    True
    >>> _abbreviates(("stroke",), ("topics", "stroke", "rehabilitation"))
    False
    >>> _abbreviates(("bmj",), ("british", "medical", "journal"))
    True
    """
    if len(one) == len(other):
        return all(_shortens(a, b) or _shortens(b, a) for a, b in zip(one, other, strict=True))
    for short, long in ((one, other), (other, one)):
        if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long):
            return True
    return False


def _shortens(word: str, other: str) -> bool:
    letters = iter(other)
    return word[:1] == other[:1] and all(letter in letters for letter in word)
