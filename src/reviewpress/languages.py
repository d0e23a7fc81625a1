"""Texts that a review's YAML has in several languages: `title: {en: Regions, cy: Rhanbarthau}`."""

import re
from collections.abc import Mapping
from typing import TypeVar

from reviewpress.shapes import Plain

T = TypeVar("T")

LOCALISED = frozenset(("ask", "description", "evidence", "label", "note", "title"))
"""The keys whose texts may be in several languages, by language tag."""
_JOINS = {
    "a/ac": "[aeiouwyàâáäèêéëìîíïòôóöùûúüŵẁẃẅŷỳýÿ]",
    "y/e": "h?[ií](?![aeoáéó])",
    "o/u": "h?[oó]",
}
"""Two forms of a word that joins, and how words begin that ask for the second."""
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def in_language(value: Plain, lang: str, key: str = "") -> Plain:
    """Return what YAML holds below a key, with each text of several languages in one of them.

    >>> in_language({"title": {"en": "Region", "cy": "Rhanbarth"}, "unit": "m"}, "cy-GB")
    {'title': 'Rhanbarth', 'unit': 'm'}
    """
    if isinstance(value, Mapping):
        if key in LOCALISED and is_by_language(value):
            return choose(value, lang)
        return {name: in_language(inner, lang, name) for name, inner in value.items()}
    return [in_language(item, lang) for item in value] if isinstance(value, list) else value


def is_by_language(value: object) -> bool:
    """Say whether a value is texts by language tag."""
    return isinstance(value, Mapping) and all(
        TAG.fullmatch(str(tag)) and not isinstance(text, Mapping | list)
        for tag, text in value.items()
    )


def choose(texts: Mapping[str, Plain], lang: str) -> Plain:
    """Return the text for a language: of its region, else of the language, else the first one."""
    tag = tag_for(texts, lang)
    return next(iter(texts.values()), "") if tag is None else texts[tag]


def tag_for(texts: Mapping[str, T], lang: str) -> str | None:
    """Return the tag under which texts of several languages have one; None where they have not."""
    base = base_of(lang)
    same = (tag for tag in texts if base_of(str(tag)) == base)
    return next((tag for tag in (lang, base) if tag in texts), next(same, None))


def base_of(lang: str) -> str:
    """Return a language without its region or script.

    >>> base_of("pt-BR")
    'pt'
    """
    return lang.split("-")[0].lower()


def settle_joins(text: str) -> str:
    """Choose between two forms of "and" or "or" by the word after it, as a label leaves it open.

    >>> settle_joins("Ash a/ac Oakley"), settle_joins("Ash a/ac Birch")
    ('Ash ac Oakley', 'Ash a Birch')
    >>> settle_joins("padres y/e hijos"), settle_joins("siete o/u ocho")
    ('padres e hijos', 'siete u ocho')
    """
    for joins, before in _JOINS.items():
        if joins in text:
            first, second = joins.split("/")
            text = re.sub(rf"\b{joins}(?= {before})", second, text, flags=re.I)
            text = re.sub(rf"\b{joins}\b", first, text)
    return text
