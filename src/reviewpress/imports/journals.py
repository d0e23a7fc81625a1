"""Names of journals: made alike, and whether one abbreviates another."""

import re
from functools import lru_cache, partial

from rapidfuzz.fuzz import ratio

from reviewpress.bibliography import normalise

SMALL_WORDS = frozenset(
    ("a", "an", "and", "at", "by", "da", "das", "de", "del", "della", "der", "des", "di", "die",
     "do", "du", "e", "el", "et", "for", "fur", "für", "in", "la", "le", "les", "of", "on", "the",
     "to", "und", "y", "zur")
)  # fmt: skip
_FRAMES = frozenset(("j", "journal", "revista", "revue", "zeitschrift", "zhonghua", "za", "zhi"))
"""Words that say no more than that it is a journal."""


@lru_cache(maxsize=20_000)
def journal_names(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a journal's name, of each where it has several, and of its first part.

    >>> journal_names("Lancet (London, England)")
    (('lancet', 'london', 'england'), ('lancet',), ('lancet', 'london'))
    """
    found: dict[tuple[str, ...], None] = {}
    parallel = re.findall(r"\[([^\[\]]{4,})\]|/\s*([^/]{4,})$", name)
    for part in (*name.split("="), *(one or other for one, other in parallel)):
        for piece in (part, re.split(r"\s*[(\[;:]|\.\s|\s[-–]\s|/", part.strip(), maxsplit=1)[0]):
            found[_words(piece)] = None
        subtitled = _words(re.split(r",\s|(?<=[a-z])-(?=[A-Z])", part.strip(), maxsplit=1)[0])
        if len(subtitled) > 1:  # "Heart, Lung" is more than "Heart"
            found[subtitled] = None
    return tuple(words for words in found if words)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in normalise(name).split() if word not in SMALL_WORDS)


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


@lru_cache(maxsize=20_000)
def is_another_journal(
    one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]
) -> bool:
    """Whether two names share a word that says something, and differ in another one.

    Names that share none may be of one journal, in two languages.

    >>> is_another_journal(journal_names("Stroke"), journal_names("Topics in Stroke Research"))
    True
    >>> is_another_journal(journal_names("Aizheng"), journal_names("Chinese Journal of Cancer"))
    False
    """
    if not one or not other or one_journal(one, other) is not False:
        return False
    short, long = sorted(("".join(names[0]) for names in (one, other)), key=len)
    if ratio(short, long) >= 85 or (len(one[0]) > 2 < len(other[0]) and _shortens(short, long)):
        return False  # parted in other places, abbreviated, or with letters lost
    first, second = ([word for word in names[0] if word not in _FRAMES] for names in (one, other))
    shared = [word for word in first if any(map(partial(_alike, word), second))]
    rest = [word for word in second if not any(map(partial(_alike, word), first))]
    return bool(shared) and (len(shared) < len(first) or bool(rest))


def _alike(word: str, other: str) -> bool:
    return _shortens(word, other) or _shortens(other, word) or ratio(word, other) >= 80


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
