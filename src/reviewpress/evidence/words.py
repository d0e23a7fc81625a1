"""Numbers in a sentence, in the review's language: words below ten, digits from ten on."""

from collections.abc import Mapping
from numbers import Real

from reviewpress.context import review_labels
from reviewpress.errors import DataError
from reviewpress.evidence.numerals import agrees, before_noun, counting, needs_gender
from reviewpress.evidence.plurals import category, is_feminine, noun_for
from reviewpress.labels import Labels

_NAMED = 10
_WORDS = "number-words"
_FEMININE = "number-words-feminine"
_OWN = {
    False: ("number-none", "number-one"),
    True: ("number-none-feminine", "number-one-feminine"),
}
"""Labels for none and one of something."""
_KEEPS_CAPITALS = frozenset(("de", "lb", "gsw", "nds"))
"""Languages that write all nouns with a capital letter."""


def words(
    number: float,
    noun: str = "",
    *,
    plural: str | Mapping[str, str] = "",
    feminine: bool | None = None,
) -> str:
    """Return a number as a sentence has it in the review's language, with a noun if one is given.

    Whole numbers below ten are words where the language's are known, others digits with the
    language's marks for thousands and decimals. The noun takes its plural as English or French
    makes it; `plural` gives one that is made otherwise, and has to in other languages, but for
    those in which a noun stays as it is after a number. Where a language has several plurals,
    it gives each by Unicode's category: `plural={"few": "badania", "many": "badań"}`. `feminine`
    is for languages in which "one", "two" or "no" agrees with the noun; where it is not given,
    the noun's ending says it. Raises DataError for a plural or a gender that is not known.

    >>> words(3), words(10), words(1224)
    ('three', '10', '1,224')
    >>> words(1, "paper"), words(3, "paper"), words(0, "paper")
    ('one paper', 'three papers', 'no papers')
    >>> words(2, "study"), words(4, "member of staff")
    ('two studies', 'four members of staff')
    """
    if not isinstance(number, Real):
        is_digits = isinstance(number, str) and number.strip().isdecimal()
        hint = "Leave the quotation marks out." if is_digits else "Count with len(…)."
        raise DataError(f"words(…) takes a number, not {str(number)[:40]!r}.", hint=hint)
    labels = review_labels()
    if not noun:
        return spell(number, labels, feminine=bool(feminine))
    form = noun_for(number, noun, labels.lang, plural)
    if agrees(number, labels.lang) and not labels.has(_FEMININE):
        return before_noun(number, labels.digits(number), form, labels.lang)
    if feminine is None:
        feminine = _gender(number, noun, labels)
    text = spell(number, labels, counts=True, feminine=feminine)
    if isinstance(plural, Mapping) and category(number, labels.lang) in plural:
        return f"{text} {form}"
    return before_noun(number, text, form, labels.lang, feminine=feminine)


def Words(
    number: float,
    noun: str = "",
    *,
    plural: str | Mapping[str, str] = "",
    feminine: bool | None = None,
) -> str:
    """Return the same with a capital letter, for the start of a sentence.

    >>> Words(3, "paper")
    'Three papers'
    """
    return begin(words(number, noun, plural=plural, feminine=feminine))


def percent(share: float, decimals: int = 0) -> str:
    """Return a share of one in per cent, as the review's language writes it.

    >>> percent(0.25), percent(0.125, 1)
    ('25%', '12.5%')
    """
    labels = review_labels()
    return labels.fill("percent", number=labels.mark(f"{100 * share:,.{decimals}f}"))


def spell(number: float, labels: Labels, *, counts: bool = False, feminine: bool = False) -> str:
    """Return a number in a language: in words below ten, else in digits.

    One that `counts` stands before its noun: there none is "no", not "zero". A language whose words
    are not known has digits.
    """
    names = labels[_WORDS].split() if labels.has(_WORDS) else []
    if int(number) != number or not 0 <= number < min(_NAMED, len(names)):
        return labels.digits(number)
    if counts and number < 2:
        own = _OWN[bool(feminine)][int(number)]
        return labels[own] if labels.has(own) else names[int(number)]
    if feminine and labels.has(_FEMININE):
        names = labels[_FEMININE].split()
    return counting(names[int(number)], labels.lang) if counts else names[int(number)]


def begin(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def within(term: str, labels: Labels) -> str:
    """Return a term as it stands within a sentence: with a small letter at its beginning.

    Not where its first word is an abbreviation, is written with capitals inside or has a capital
    after it, as names have, nor in languages that write all nouns with one.

    >>> from reviewpress.labels import load_language
    >>> en = load_language("en")
    >>> within("Journal article", en), within("NHS report", en), within("Care Act guidance", en)
    ('journal article', 'NHS report', 'Care Act guidance')
    """
    first, _, rest = term.partition(" ")
    names_follow = rest[:1].isupper() and rest[1:2].islower()
    is_name = names_follow or any(char.isupper() or char.isdigit() for char in first[1:])
    if labels.language in _KEEPS_CAPITALS or is_name or first in _NAMES or len(first) < 2:
        return term
    small = "i" if first[0] == "İ" else first[0].lower()
    if labels.language in ("tr", "az") and first[0] == "I":
        small = "ı"
    return small + term[1:]


def _gender(number: float, noun: str, labels: Labels) -> bool:
    """Say whether a noun is feminine, where the word for a number or the noun itself shows it."""
    forms = [spell(number, labels, counts=True, feminine=each) for each in (False, True)]
    if forms[0] == forms[1] and not needs_gender(number, noun, labels.lang):
        return False
    feminine = is_feminine(noun, labels.lang)
    if feminine is None:
        what = (
            f'"{forms[0]}" or "{forms[1]}"' if forms[0] != forms[1] else f'"{noun}" after a number'
        )
        message = f'the gender of "{noun}" is not known, on which {what} depends.'
        example = f'words(…, "{noun}", feminine=True)'
        raise DataError(message, hint=f"Say it: `{example}`, or `feminine=False`.")
    return feminine


_NAMES = frozenset(
    ("Ofsted", "Ofcom", "Ofgem", "Ofqual", "Estyn", "Nesta", "Unicef", "Unesco", "Eurostat",
     "Barnardo’s", "Barnardo's", "Mencap", "Scopus", "Medline", "Embase", "Hansard", "Whitehall",
     "Westminster", "Holyrood", "Senedd", "London", "Belfast", "Cardiff", "Edinburgh", "Gypsy",
     "Roma", "Traveller", "Muslim", "Christian", "Jewish", "Catholic", "Black", "Norwegian",
     "Swedish", "Danish", "Finnish", "Spanish", "Italian", "Polish", "Chinese", "Japanese",
     "Indian", "Indigenous", "Māori", "Latino", "Hispanic", "Norway", "Sweden", "Denmark",
     "Finland", "Spain", "Italy", "Poland", "China", "Japan", "India",
     "Africa", "African", "America", "American", "Asia", "Asian", "Australia", "Australian",
     "Bayesian",
     "Boolean", "Britain", "British", "Campbell", "Canada", "Canadian", "Cochrane", "Delphi",
     "Dutch",
     "England", "English", "Europe", "European", "France", "French", "German", "Germany", "Irish",
     "Ireland", "Likert", "Nordic", "Scotland", "Scottish", "Wales", "Welsh")
)  # fmt: skip
"""Names with which a term may begin."""
