"""Which form of a noun stands after a number, and its gender.

The categories (`one`, `few`, `many` …) are those of Unicode's plural rules, which CLDR has for
each language. Forms are the author's, but for the regular ones of English and French, and for
languages in which a noun stays as it is after a number.
"""

from collections.abc import Callable, Mapping
from functools import cache

from reviewpress.cldr import plural_rule
from reviewpress.errors import DataError, nearest
from reviewpress.languages import base_of

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_SINGULAR_AFTER_NUMBERS = frozenset(
    ("az", "bn", "cy", "dz", "fa", "hu", "hy", "id", "ja", "ka", "kk", "km", "ko", "ku", "ky", "lo",
     "mn", "ms", "my", "ta", "te", "th", "tr", "tt", "ug", "uz", "vi", "yo", "yue", "zh")
)  # fmt: skip
"""Languages in which the noun after a number is the one that stands alone."""

_ENGLISH = {
    "child": "children", "person": "people", "man": "men", "woman": "women", "datum": "data",
    "criterion": "criteria", "phenomenon": "phenomena", "medium": "media", "curriculum":
    "curricula",
    "life": "lives", "half": "halves", "leaf": "leaves", "quiz": "quizzes", "series": "series",
    "data": "data", "staff": "staff", "people": "people", "children": "children", "matrix":
    "matrices",
    "passer-by": "passers-by", "runner-up": "runners-up",
    "appendix": "appendices", "index": "indices", "wife": "wives", "knife": "knives", "self":
    "selves",
    "shelf": "shelves", "foot": "feet", "tooth": "teeth", "hero": "heroes", "veto": "vetoes",
}  # fmt: skip
_ENGLISH_PREPOSITIONS = frozenset(
    ("about", "after", "against", "among", "around", "at", "before", "between", "by", "during",
     "for",
     "from", "in", "into", "of", "on", "over", "per", "that", "through", "to", "under", "who",
     "with",
     "within", "without")
)  # fmt: skip
_FRENCH = {
    "bail": "baux", "corail": "coraux", "émail": "émaux", "travail": "travaux", "vitrail":
    "vitraux",
    "œil": "yeux", "bijou": "bijoux", "caillou": "cailloux", "chou": "choux", "genou": "genoux",
    "hibou": "hiboux", "joujou": "joujoux", "pou": "poux", "bal": "bals", "carnaval": "carnavals",
    "chacal": "chacals", "choral": "chorals", "festival": "festivals", "récital": "récitals",
    "régal": "régals", "banal": "banals", "fatal": "fatals", "final": "finals", "natal": "natals",
    "naval": "navals", "bleu": "bleus", "pneu": "pneus", "landau": "landaus", "aïeul": "aïeux",
    "mot-clé": "mots-clés", "centre-ville": "centres-villes", "porte-parole": "porte-parole",
    "tout": "tous", "monsieur": "messieurs", "madame": "mesdames", "mademoiselle": "mesdemoiselles",
}  # fmt: skip
_FRENCH_PREPOSITIONS = frozenset(
    ("à", "au", "aux", "avec", "chez", "dans", "de", "des", "du", "en", "entre", "et", "ou", "par",
     "pour", "sans", "selon", "sous", "sur", "vers")
)  # fmt: skip

_GENDERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fr": (
        ("analyse", "approche", "base", "cause", "classe", "clinique", "commune", "donnée",
         "échelle",
         "école", "enquête", "étude", "famille", "femme", "fille", "forme", "grille",
         "intervention",
         "langue", "ligne", "méthode", "mesure", "note", "page", "partie", "pratique", "preuve",
         "question", "recherche", "règle", "réponse", "revue", "source", "synthèse",
         "thèse", "ville",
         "personne", "tion", "sion", "xion", "ison", "ance", "ence", "ude", "ette", "esse", "sité",
         "lité", "rité", "cité", "nité", "vité", "dité", "ée", "ure"),
        ("article", "cas", "chapitre", "critère", "document", "effet", "enfant", "essai", "groupe",
         "guide", "jour", "lieu", "livre", "mémoire", "modèle", "mois", "musée", "lycée", "pays",
         "participant", "programme", "protocole", "rapport", "résultat", "résumé",
         "service", "site",
         "thème", "type", "texte", "ment", "age", "isme", "oir", "eau", "ail", "al"),
    ),
    "de": (
        ("arbeit", "frage", "gruppe", "klinik", "methode", "person", "quelle", "schule", "stadt",
         "studie", "woche", "ung", "heit", "keit", "schaft", "ion", "tät", "enz", "anz",
         "ur", "ik"),
        ("artikel", "aufsatz", "befund", "bericht", "beitrag", "buch", "ergebnis", "fall", "kind",
         "kapitel", "land", "monat", "ort", "tag", "teilnehmer", "text", "thema", "papier",
         "projekt",
         "programm", "ling", "chen", "lein", "ment", "ismus", "um"),
    ),
    "cy": (
        ("adran", "ardal", "astudiaeth", "blwyddyn", "cymuned", "egwyddor", "erthygl",
         "ffynhonnell", "gardd", "gwefan", "gwlad", "menyw", "merch", "pennod", "rhaglen",
         "tudalen", "wythnos", "ysgol", "ystafell", "eg", "es"),
        ("papur", "arolwg", "bachgen", "claf", "cofnod", "cwestiwn", "diwrnod", "dull", "dyn",
         "grŵp", "gwaith", "iad", "lle", "llyfr", "math", "mater", "mesur", "mis", "nod", "person",
         "plentyn", "rhiant", "treial", "wr"),
    ),
    "es": (("parte", "clase", "fase", "serie", "a", "ción", "sión", "xión", "dad", "tad", "tud",
    "umbre"),
           ("tema", "problema", "programa", "sistema", "día", "mapa", "o", "or", "aje",
            "ambre", "informe",
            "ensayo", "país", "mes", "l", "artículo")),
    "pt": (("parte", "classe", "fase", "série", "a", "ção", "são", "dade", "gem", "tude"),
           ("tema", "problema", "programa", "sistema", "dia", "mapa", "o", "or", "país",
            "mês", "l")),
}  # fmt: skip
"""Ends of feminine nouns and of others, the longest that fits being the one that counts."""


def category(number: float, lang: str) -> str:
    """Return the category of a number by Unicode's plural rules: `one`, `few`, `other` …

    >>> category(1, "en"), category(0, "fr"), category(3, "pl"), category(5, "pl")
    ('one', 'one', 'few', 'many')
    """
    return plural_rule(lang)(abs(number))


def noun_for(number: float, noun: str, lang: str, plural: str | Mapping[str, str] = "") -> str:
    """Return the form of a noun that a number takes.

    `plural` is its form for more than one, or a mapping of categories to forms. Raises DataError
    where the form is not known.
    """
    wanted = category(number, lang)
    if isinstance(plural, Mapping):
        return _given(wanted, noun, lang, plural)
    if wanted == "one" or (number == 1 and not _several(lang)):
        return noun
    if plural and not _several(lang):
        return plural
    if not plural and base_of(lang) in _SINGULAR_AFTER_NUMBERS:
        return noun
    if not plural and base_of(lang) in _REGULAR:
        return _REGULAR[base_of(lang)](noun)
    raise _unknown(noun, lang, plural)


def is_feminine(noun: str, lang: str) -> bool | None:
    """Say whether a noun is feminine by its ending; None where that cannot be known."""
    feminine, other = _GENDERS.get(base_of(lang), ((), ()))
    head = _head(noun, lang)
    ends = [(len(end), True) for end in feminine if head.endswith(end)]
    ends += [(len(end), False) for end in other if head.endswith(end)]
    return max(ends)[1] if ends else None


def _given(wanted: str, noun: str, lang: str, forms: Mapping[str, str]) -> str:
    for name in forms:
        if name not in CATEGORIES:
            message = f'there is no plural category "{name}".'
            raise DataError(message, hint=nearest(name, CATEGORIES) or ", ".join(CATEGORIES))
    if wanted in forms:
        return forms[wanted]
    if wanted == "one" or base_of(lang) in _SINGULAR_AFTER_NUMBERS:
        return forms.get("one", noun)
    if "other" in forms:
        return forms["other"]
    message = f'the form of "{noun}" for "{wanted}" is not given.'
    raise DataError(message, hint=_example(noun, lang))


def _unknown(noun: str, lang: str, plural: str) -> DataError:
    message = f'the plural of "{noun}" is not known in the language "{lang}".'
    if plural:
        message = f'the language "{lang}" has several plurals, and "{plural}" is one.'
    return DataError(message, hint=_example(noun, lang))


def _example(noun: str, lang: str) -> str:
    if not _several(lang):
        return f'Give it: `words(…, "{noun}", plural="…")`.'
    forms = ", ".join(f'"{name}": "…"' for name in _several(lang))
    return f'Give each: `words(…, "{noun}", plural={{{forms}}})`.'


@cache
def _several(lang: str) -> tuple[str, ...]:
    """Return the categories that whole numbers take beside `one`, where they are more than one."""
    found = {category(number, lang) for number in range(200)} - {"one"}
    if base_of(lang) == "he":
        # Two of something is a word of its own for times alone, as two days.
        found.discard("two")
    if base_of(lang) in _SINGULAR_AFTER_NUMBERS or len(found) < 2:
        return ()
    return tuple(name for name in CATEGORIES if name in found)


def _head(noun: str, lang: str) -> str:
    """Return the word of a noun that has its gender: the first in Romance languages, else the
    last."""
    words = noun.lower().split()
    return (words[-1] if base_of(lang) == "de" else words[0]) if words else ""


def _english_plural(noun: str) -> str:
    """Put the last word before a preposition in the plural.

    >>> _english_plural("member of staff"), _english_plural("case study")
    ('members of staff', 'case studies')
    """
    words = noun.split(" ")
    last = next(
        (i for i, word in enumerate(words) if i and word in _ENGLISH_PREPOSITIONS), len(words)
    )
    words[last - 1] = _english_word(words[last - 1])
    return " ".join(words)


def _english_word(word: str) -> str:
    if word in _ENGLISH:
        return _ENGLISH[word]
    first, *rest = word.split("-")
    if len(rest) > 1 and rest[0] in _ENGLISH_PREPOSITIONS:
        return "-".join([_english_word(first), *rest])
    if word.endswith("-by"):
        return f"{word}s"
    for end in ("child", "person", "man", "woman", "life"):
        if word.endswith(f"-{end}") or (end in ("woman", "child") and word.endswith(end)):
            return word.removesuffix(end) + _ENGLISH[end]
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "z")) else "s")


def _french_plural(noun: str) -> str:
    """Put the noun and the adjectives after it in the plural, up to what a preposition begins.

    >>> _french_plural("étude de cas"), _french_plural("travail régional contrôlé")
    ('études de cas', 'travaux régionaux contrôlés')
    """
    found: list[str] = []
    rest = noun.split(" ")
    while rest and rest[0] not in _FRENCH_PREPOSITIONS and not rest[0].startswith(("d’", "d'")):
        found.append(_french_word(rest.pop(0)))
    return " ".join([*found, *rest])


def _french_word(word: str) -> str:
    if word in _FRENCH:
        return _FRENCH[word]
    first, *rest = word.split("-")
    if rest and (rest[0] in _FRENCH_PREPOSITIONS or rest[0].startswith(("d’", "d'"))):
        return "-".join([_french_word(first), *rest])
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-1] + "ux"
    return word + ("x" if word.endswith(("au", "eu")) else "s")


_REGULAR: Mapping[str, Callable[[str], str]] = {"en": _english_plural, "fr": _french_plural}
