"""Numbers in a sentence, in the review's language: words below ten, digits from ten on."""

from collections.abc import Callable, Mapping

from reviewpress.errors import DataError
from reviewpress.labels import Labels, review_labels

_NAMED = 10
_IRREGULAR = {"child": "children", "person": "people", "study": "studies", "analysis": "analyses"}
_INVARIABLE = ("s", "x", "z")
_IN_X = ("au", "eu")
_PREPOSITIONS = frozenset(
    ("à", "au", "aux", "avec", "chez", "dans", "de", "des", "du", "en", "entre", "et", "ou", "par",
     "pour", "sans", "selon", "sous", "sur", "vers")
)  # fmt: skip


def words(number: float, noun: str = "", *, plural: str = "", feminine: bool = False) -> str:
    """Return a number as a sentence has it in the review's language, with a noun if one is given.

    Whole numbers below ten are words, others digits with the language's marks for thousands and
    decimals. The noun takes its plural as English or French makes it; `plural` gives one that is
    made otherwise, and has to where the language is neither. `feminine` is for languages in which
    "one" or "no" agrees with the noun: `words(1, "étude", feminine=True)` is "une étude". Raises
    DataError for a plural that is not known.

    >>> words(3), words(10), words(1224)
    ('three', '10', '1,224')
    >>> words(1, "paper"), words(3, "paper"), words(0, "paper")
    ('one paper', 'three papers', 'no papers')
    >>> words(2, "study")
    'two studies'
    """
    labels = review_labels()
    text = spell(number, labels, counts=bool(noun), feminine=feminine)
    if not noun:
        return text
    return f"{text} {noun if _is_single(number, labels) else plural or _plural(noun, labels)}"


def Words(number: float, noun: str = "", *, plural: str = "", feminine: bool = False) -> str:
    """Return the same with a capital letter, for the start of a sentence.

    >>> Words(3, "paper")
    'Three papers'
    """
    return begin(words(number, noun, plural=plural, feminine=feminine))


def spell(number: float, labels: Labels, *, counts: bool = False, feminine: bool = False) -> str:
    """Return a number in a language: in words below ten, else in digits.

    One that `counts` stands before its noun: there none is "no", not "zero".
    """
    names = labels["number-words"].split()
    if int(number) != number or not 0 <= number < min(_NAMED, len(names)):
        return labels.digits(number)
    if number == 0 and counts:
        return labels["number-none-feminine" if feminine else "number-none"]
    if number == 1 and feminine:
        return labels["number-one-feminine"]
    return names[int(number)]


def begin(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def _is_single(number: float, labels: Labels) -> bool:
    """Whether a number takes the noun as it is; in French everything below two does."""
    return abs(number) < 2 if labels.language == "fr" else number == 1


def _plural(noun: str, labels: Labels) -> str:
    rule = _PLURALS.get(labels.language)
    if rule is None:
        message = f'the plural of "{noun}" is not known in the language "{labels.lang}".'
        raise DataError(message, hint=f'Give it: `words(…, "{noun}", plural="…")`.')
    return rule(noun)


def _english_plural(noun: str) -> str:
    head, _, word = noun.rpartition(" ")
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        word = word[:-1] + "ies"
    elif word.endswith(("s", "x", "ch", "sh")):
        word += "es"
    else:
        word += "s"
    return f"{head} {word}".strip()


def _french_plural(noun: str) -> str:
    """Put the noun and the adjectives after it in the plural, up to what a preposition begins.

    >>> _french_plural("étude de cas"), _french_plural("essai régional contrôlé")
    ('études de cas', 'essais régionaux contrôlés')
    """
    found: list[str] = []
    rest = noun.split(" ")
    while rest and rest[0] not in _PREPOSITIONS and not rest[0].startswith(("d’", "d'")):
        found.append(_french_word(rest.pop(0)))
    return " ".join([*found, *rest])


def _french_word(word: str) -> str:
    if word.endswith(_INVARIABLE):
        return word
    if word.endswith("al"):
        return word[:-1] + "ux"
    return word + ("x" if word.endswith(_IN_X) else "s")


_PLURALS: Mapping[str, Callable[[str], str]] = {"en": _english_plural, "fr": _french_plural}
