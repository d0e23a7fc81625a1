"""Words for numbers as they stand before a noun, and what they do to it.

Most languages have other words for "one" or "two" by the gender of what is counted. Where the
labels of a language hold only those that count alone, digits are right with every noun. Welsh
changes the beginning of the noun: tri papur is *tri phapur*. Chinese and Japanese set no space.
"""

from collections.abc import Mapping

from reviewpress.languages import base_of

_ALL = frozenset(range(10))
_AGREEING: Mapping[str, frozenset[int]] = {
    "ar": _ALL, "he": _ALL, "ko": _ALL, "lt": _ALL,
    "bg": frozenset((1, 2)), "ca": frozenset((1, 2)), "cs": frozenset((1, 2)),
    "da": frozenset((1,)), "el": frozenset((0, 1, 3, 4)), "eu": frozenset((1,)),
    "hu": frozenset((2,)), "is": frozenset((1, 2, 3, 4)), "it": frozenset((1,)),
    "ja": frozenset((0,)), "nb": frozenset((1,)), "nn": frozenset((1,)), "no": frozenset((1,)),
    "pl": frozenset((1, 2)), "ro": frozenset((1, 2)), "ru": frozenset((1, 2)),
    "sk": frozenset((1, 2)), "sl": frozenset((1, 2, 3, 4)), "sr": frozenset((1, 2)),
    "sv": frozenset((1,)), "uk": frozenset((1, 2)), "zh": frozenset((0, 2)),
}  # fmt: skip
"""Numbers whose word is another by the noun after it, or is not said before one."""
_UNSPACED = frozenset(("ja", "yue", "zh"))

_BEFORE_NOUN = {"pump": "pum", "chwech": "chwe"}
_SOFT = {
    "ll": "l", "rh": "r", "p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f",
}  # fmt: skip
_ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
_UNCHANGED = ("ch", "ph", "th", "dd", "ts")
"""Letters of two signs that begin as one that changes."""


def agrees(number: float, lang: str) -> bool:
    """Say whether a number's word is another by the noun after it.

    >>> agrees(2, "ru"), agrees(5, "ru"), agrees(2, "fr")
    (True, False, False)
    """
    return number in _AGREEING.get(base_of(lang), ())


def before_noun(number: float, word: str, noun: str, lang: str, *, feminine: bool = False) -> str:
    """Return a number's word or digits with the form of a noun that stands alone.

    >>> before_noun(3, "tri", "papur", "cy", feminine=False)
    'tri phapur'
    >>> before_noun(2, "dwy", "gardd", "cy", feminine=True)
    'dwy ardd'
    >>> before_noun(3, "三", "项研究", "zh", feminine=False)
    '三项研究'
    """
    if base_of(lang) in _UNSPACED:
        return f"{word}{noun}"
    if base_of(lang) != "cy" or word[-1:].isdigit():
        return f"{word} {noun}"
    return f"{word} {_mutated(number, noun, feminine=feminine)}"


def counting(word: str, lang: str) -> str:
    """Return a number's word as it is before a noun.

    >>> counting("pump", "cy"), counting("saith", "cy")
    ('pum', 'saith')
    """
    return _BEFORE_NOUN.get(word, word) if base_of(lang) == "cy" else word


def needs_gender(number: float, noun: str, lang: str) -> bool:
    """Say whether a noun after "one" begins otherwise if it is feminine, as in Welsh.

    >>> needs_gender(1, "gardd", "cy"), needs_gender(1, "astudiaeth", "cy")
    (True, False)
    """
    return base_of(lang) == "cy" and number == 1 and _mutated(1, noun, feminine=True) != noun


def _mutated(number: float, noun: str, *, feminine: bool) -> str:
    """Change the beginning of a noun as Welsh does after 2, after 3 or 6, and after "one woman"."""
    changes: Mapping[str, str] = {}
    if number == 2 or (number == 1 and feminine):
        changes = _SOFT
    elif number == 6 or (number == 3 and not feminine):
        changes = _ASPIRATE
    begins = next((each for each in changes if noun.lower().startswith(each)), "")
    kept = number == 1 and begins in ("ll", "rh")
    if not begins or kept or noun.lower().startswith(_UNCHANGED):
        return noun
    changed = changes[begins] + noun[len(begins) :]
    return changed[:1].upper() + changed[1:] if noun[0].isupper() else changed
