"""What Unicode's Common Locale Data Repository says of languages: the only importer of babel.

babel has the data with it, and comes with the extra `languages`. The languages that the extension
has its own labels for need none of it: what is asked of them stands here, the same in all places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from reviewpress.errors import missing_extra
from reviewpress.languages import base_of

if TYPE_CHECKING:
    from babel.core import Locale

_OWN_NAMES = {
    "cy": "Cymraeg", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français",
    "pt": "Português",
}  # fmt: skip
_WELSH = ("zero", "one", "two", "few", "other", "other", "many")
_ENGLISH = frozenset(("en", "en-AU", "en-CA", "en-GB", "en-IE", "en-IN", "en-NZ", "en-US"))
"""English as the labels have it, with a point before decimals."""
_REGIONAL = {"pt-PT": {"number-thousands": "\u00a0"}}
_USUAL = frozenset((*_ENGLISH, *_OWN_NAMES, "cy-GB", "de-AT", "de-DE", "es-ES", "fr-FR", "pt-BR"))
"""Regions that write numbers as the labels of their language do."""
_FIELD = re.compile(r"'((?:[^']|'')*)'|(M+)([^\x00-\x7f]?)|(y+|d+|G+)|([^'])")
_NUMBERS = ("number-decimal", "number-thousands", "percent")
_NO_BREAK = "\u00a0"


def plural_rule(lang: str) -> Callable[[float], str]:
    """Return Unicode's plural rule of a language: what category a number has."""
    base = base_of(lang)
    if base == "cy":
        return lambda number: _WELSH[int(number)] if number in range(7) else "other"
    if base in ("fr", "pt"):
        return lambda number: "one" if 0 <= number < 2 else "other"
    locale = None if base in _OWN_NAMES else _locale(lang)
    if locale is None:
        return lambda number: "one" if number == 1 else "other"
    return locale.plural_form


@cache
def own_name(lang: str) -> str:
    """Return what a language calls itself, with its region where the tag has one.

    >>> own_name("cy"), own_name("fr"), own_name("xx")
    ('Cymraeg', 'Français', 'xx')
    """
    if lang in _OWN_NAMES:
        return _OWN_NAMES[lang]
    locale = _locale(lang)
    name = locale.get_display_name(locale) if locale else None
    return name[:1].upper() + name[1:] if name else lang


@cache
def english_name(lang: str) -> str:
    """Return what a language is called in English; its tag where nobody knows.

    >>> english_name("cy"), english_name("zh-TW"), english_name("xx")
    ('Welsh', 'Chinese (Traditional, Taiwan)', 'xx')
    """
    locale = _locale(lang)
    return (locale.get_display_name("en") if locale else None) or lang


@cache
def known_labels(lang: str) -> Mapping[str, str]:
    """Return the labels that CLDR gives for a language: numbers, dates, what joins a list."""
    locale = None if base_of(lang) in _OWN_NAMES else _locale(lang)
    if locale is None:
        return {}
    return {**_numbers(locale), **_date(locale), **dict(_joins(locale))}


@cache
def regional_labels(lang: str) -> Mapping[str, str]:
    """Return how a region writes numbers, where that is not as its language does.

    >>> regional_labels("es-MX")["number-decimal"], regional_labels("es-ES")
    ('.', {})
    """
    if lang in _USUAL or lang in _REGIONAL:
        return _REGIONAL.get(lang, {})
    region, language = _locale(lang), _locale(base_of(lang))
    if region is None or language is None or region == language:
        return {}
    own, usual = _numbers(region), _numbers(language)
    return {name: own[name] for name in own if own[name] != usual[name]}


@cache
def _locale(lang: str) -> Locale | None:
    try:
        from babel.core import Locale, UnknownLocaleError
    except ImportError:
        raise missing_extra(f'babel, which knows the language "{lang}",', "languages") from None
    for tag in (lang, base_of(lang)):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _numbers(locale: Locale) -> dict[str, str]:
    symbols = locale.number_symbols.get("latn") or {}
    decimal, thousands = symbols.get("decimal", "."), symbols.get("group", ",")
    pattern = re.sub(r"[#,.0]+", "{number}", locale.percent_formats[None].pattern.split(";")[0])
    percent = pattern.replace("%", symbols.get("percentSign", "%"))
    return dict(zip(_NUMBERS, (decimal, thousands, percent), strict=True))


def _date(locale: Locale) -> dict[str, str]:
    """Return the pattern of a date in words, and the months as that pattern has them."""
    months = [str(locale.months["format"]["wide"][number]) for number in range(1, 13)]
    parts: list[str] = []
    for quoted, month, after, other, literal in _FIELD.findall(locale.date_formats["long"].pattern):
        if month:
            if len(month) < 3:
                # A number with its sign, as in 3月, which is one word.
                months = [f"{number}{after}" for number in range(1, 13)]
            parts += ["{month}", after if len(month) > 2 else ""]
        elif other:
            era = locale.eras["abbreviated"][1]
            parts.append({"y": "{year}", "d": "{day}", "G": str(era)}[other[0]])
        else:
            parts.append(quoted or literal)
    pattern = "".join(parts)
    names = " ".join(re.sub(r"\s", _NO_BREAK, name) for name in months)
    return {"date": pattern, "date-first": pattern, "months": names}


def _joins(locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield how the last two of several are joined; not where CLDR has the English word alone."""
    for kind, names in (("standard", ("list-last", "two-authors")), ("or", ("list-either",))):
        pattern = locale.list_patterns.get(kind, {}).get("2", "")
        if not pattern or re.search(r" (or|and) ", pattern):
            continue
        for name in names:
            first, second = ("first", "second") if name == "two-authors" else ("items", "last")
            yield name, pattern.replace("{0}", f"{{{first}}}").replace("{1}", f"{{{second}}}")
