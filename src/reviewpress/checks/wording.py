"""Words of a title that claim something about the data: superlatives, comparisons and counts."""

import re
from collections.abc import Iterator

GAP = "\ufffc"
"""Stands in a title for what is computed."""
_COMPARED = (
    "more fewer less higher lower larger smaller greater longer shorter older younger better worse "
    "bigger stronger weaker"
)
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred dozen half"
)
_NAMED = (
    "question section part paper code figure table chapter step item level phase version stage "
    "strand tier grade wave round group arm model scenario class type zone district ward cohort "
    "criterion number appendix"
)
_UNITS = "year month week day hour minute km mile"
_PLURALS = frozenset(("people", "children", "criteria", "men", "women", "feet", "phenomena"))
_STOPS = "of in on at for to by from with and or is was has as its this us"
_NO_SUPERLATIVE = (
    "arrest attest behest bequest breast chest conquest contest crest detest digest disinterest "
    "disinvest divest earnest everest forest guest harvest honest incest infest ingest inquest "
    "interest invest jest latest manifest midwest modest molest nest northeast northwest pest "
    "pretest priest protest quest request rest retest southwest suggest tempest test unrest vest "
    "west wrest zest"
)


def _any(words: str) -> str:
    return "|".join(words.split())


_SUPERLATIVES = {
    "en": re.compile(
        r"(?<!at )\b(?:most|least)\b|\b(?:fewest|majority|worst)\b"
        r"|\bbest\b(?! (?:interests?|practices?|available|evidence)\b)|\b[a-z]{2,}est\b"
        rf"|\b(?:{_any(_COMPARED)})\b[^.;:?!]*?\bthan\b(?! (?:\d|{GAP}))",
        re.I,
    ),
    "fr": re.compile(
        r"\b(?:le|la|les) (?:plus|moins)\b|\bla (?:plupart|majorité|moitié)\b"
        r"|\b(?:plus|moins|davantage)\b[^.;:?!]*?\bque\b",
        re.I,
    ),
}
_NUMBER = re.compile(
    rf"(?<![\w.,–-])(?:\d[\d,]*(?:\.\d+)?|(?:{_any(_NUMBERS)})\b)(?![\d.]\d)", re.I
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_COUNT_BEFORE = re.compile(
    rf"(?:\b(?i:{_any(_NAMED)})s? |\b(?i:ages?|aged|than|under|over|above|below|at least|at most|"
    r"up to|between) |\b[A-Z]{2,} |\d,? (?:to|and|or) |\d, )$"
)
_NO_COUNT_AFTER = re.compile(
    rf"(?:[\s-]*(?:{_any(_UNITS)})s?\b| or (?:more|fewer|less|older|younger)\b| to \d|[-–]\w)", re.I
)
_PART = {
    "en": re.compile(r" (?:of|in|out of)\b"),
    "fr": re.compile(r" (?:sur|des|de ces)\b"),
}
_PERCENT = re.compile(r"\s*%| per cent\b")
_WORD = re.compile(r" ([^\W\d][\w’'-]*)")


def claims(text: str, lang: str) -> Iterator[str]:
    """Yield the words of a title that claim who has most, and the numbers that count something.

    Of languages other than English and French, only percentages are found.
    """
    yield from superlatives(text, lang)
    language = lang.split("-")[0].lower()
    for match in _NUMBER.finditer(text):
        if _counts(text[: match.start()], match[0].lower(), text[match.end() :], language):
            yield match[0]


def superlatives(text: str, lang: str) -> Iterator[str]:
    """Yield the superlatives and comparisons of a text; "Everest" and "ProQuest" are none."""
    pattern = _SUPERLATIVES.get(lang.split("-")[0].lower())
    for match in pattern.finditer(text) if pattern else ():
        begins_large = match[0].istitle() and match.start() > 0
        has_large_inside = match[0][1:] != match[0][1:].lower() and not match[0].isupper()
        is_name = (begins_large or has_large_inside) and match[0].lower().endswith("est")
        if match[0].lower() not in _NO_SUPERLATIVE.split() and not is_name:
            yield match[0]


def _counts(before: str, number: str, after: str, language: str) -> bool:
    """Whether a number counts something: no year, no threshold, and not the number of a part."""
    if _PERCENT.match(after):
        return not _NO_COUNT_BEFORE.search(before)
    if language not in _PART or (language != "en" and not number[0].isdigit()):
        return False
    if _YEAR.fullmatch(number) or _NO_COUNT_BEFORE.search(before) or _NO_COUNT_AFTER.match(after):
        return False
    begins = not before.strip() or bool(re.search(r"\b(?i:only|just) $", before))
    if number in ("one", "half") and not begins and not after.startswith(" of "):
        return False
    return bool(_PART[language].match(after)) or _is_of_things(number, after, language)


def _is_of_things(number: str, after: str, language: str) -> bool:
    """Whether a noun in the plural follows, at most three words on; after "one", any word."""
    position = 0
    for _ in range(3):
        match = _WORD.match(after, position)
        if match is None or match[1].lower() in _STOPS.split():
            return False
        word, position = match[1].lower(), match.end()
        is_plural = word.endswith("s") and not word.endswith("ss")
        if number == "one" or is_plural or word in _PLURALS:
            return True
        if language == "fr" and word.endswith("x"):
            return True
    return False
