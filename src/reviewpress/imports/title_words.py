"""In which words two titles differ, and what that says of what they stand for."""

import re
from collections import Counter

from rapidfuzz.fuzz import ratio

_CONTRASTS = frozenset(
    ("qualitative", "quantitative", "interim", "final", "boys", "girls", "mothers", "fathers",
     "parents", "teachers", "children", "adults", "urban", "rural", "before", "after", "men",
     "women", "male", "female", "males", "females")
)  # fmt: skip
_OTHER_WORKS = frozenset(
    ("annex", "comment", "commentary", "correction", "corrigendum", "errata", "erratum", "reply",
     "response", "retracted", "retraction", "withdrawn")
)  # fmt: skip
OTHER_REPORTS = frozenset(
    ("design", "followup", "interim", "pilot", "preliminary", "protocol", "rationale", "summary",
     "update", "updated")
)  # fmt: skip
_WORD = re.compile("[\u3041-\u30ff\u3400-\u9fff]|[^\\s\u3041-\u30ff\u3400-\u9fff]+")
_SAME = 97.0


def has_other_words(one: str, other: str) -> bool:
    """Whether two like titles differ in a word, and not only in how words are spelt.

    Parents and teachers, qualitative and quantitative, are two studies by the same people.
    """
    if one == other:
        return False
    if are_contrasted(one, other):
        return True
    first, second = _apart(one, other)
    if ratio(one.replace(" ", ""), other.replace(" ", "")) >= _SAME:
        return False
    return _has_word_without_like(first, second) and _has_word_without_like(second, first)


def are_contrasted(one: str, other: str) -> bool:
    """Whether two titles name two groups, or two designs, in each other's place."""
    first, second = _apart(one, other)
    if any(map(_is_letter, first)) and any(map(_is_letter, second)):
        return True  # part A and part B, vitamin A and vitamin D
    return any(_CONTRASTS & {a, b} == {a, b} for a in first for b in second)


def _is_letter(word: str) -> bool:
    """Whether a word is one letter, or one character of Chinese or Japanese."""
    return len(word) == 1 and word.isalpha()


def _apart(one: str, other: str) -> tuple[set[str], set[str]]:
    """Return the words that each of two titles has more often than the other.

    A word of Chinese or Japanese is not parted from the next: there each character counts.
    """
    here, there = (Counter(_WORD.findall(title)) for title in (one, other))
    return set(here - there), set(there - here)


def is_another_kind(one: str, other: str) -> bool:
    """Whether only one of two titles says that it is a correction, a reply, a protocol …"""
    return bool((set(one.split()) ^ set(other.split())) & (_OTHER_WORKS | OTHER_REPORTS))


def _has_word_without_like(words: set[str], others: set[str]) -> bool:
    return any(all(ratio(word, other) < 70 for other in others) for word in words)
