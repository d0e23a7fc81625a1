"""What databases write where they have nothing: a note of absence, not a value."""

import re

from reviewpress.bibliography import Entry, plain, split_names
from reviewpress.bibliography.entries import outside_braces

_NOTHING = (
    r"n\.?\s?/?\s?a\.?|nan|null|nil|none|\#n/a|no[-– ]+(?:\w+[-– ]+){0,3}specified|not specified"
    r"|not (?:available|applicable|provided|known|given|found|stated)|unknown|unspecified|missing"
    r"|unavailable|[-–—.?*_]+|x{3,}"
)
_THING = (
    r"abstracts?|authors?|author names?|authorship|keywords?|author keywords?|titles?|source"
    r"|journal|doi|issn|isbn|issue|volume|pages?|pagination|publisher|language|affiliations?"
    r"|address|date|year|publication (?:date|year)|data|information|text|value|url|link|entry"
)
_STATED = (
    rf"no (?:{_THING})(?: (?:is |was |are )?(?:available|listed|supplied|provided|indicated"
    r"|specified|given|found|present|recorded|id available))?"
    rf"|(?:{_THING})(?: (?:is|was|are))? (?:not|un)[- ]?(?:available|listed|supplied|provided"
    r"|indicated|specified|given|found|present|recorded)"
    rf"|(?:there is )?no (?:{_THING}) for this \w+"
)
_ABSENT = re.compile(rf"[\s\[(<{{]*(?:{_NOTHING}|{_STATED})[\s\])>}}.]*", re.IGNORECASE)
_BRACKETED = re.compile(
    r"\[(?:anonymous|anon\.?|s\.\s?n\.?|s\.\s?l\.?|sine nomine)\]", re.IGNORECASE
)
_SIGN = re.compile(
    r"\b(?:n\W{0,3}a|nan|null|nil|none|no|not\w*|un\w*|missing|x{3,})\b", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_PEOPLE = ("author", "editor")
_TITLES = frozenset(("title", "booktitle", "shorttitle", "subtitle"))
_TITLE_WORDS = re.compile(
    r"(?:none|null|nil|unknown|missing|unavailable|unspecified)", re.IGNORECASE
)
"""What a work may be called, though a database writes it for nothing."""
_SAYS_SO = frozenset(("year", "date", "note", "pubstate"))
"""Fields in which such words are a value: a work may have no date."""


def is_absent(name: str, text: str) -> bool:
    """Whether the text of a field says only that there is nothing to say.

    >>> is_absent("abstract", "[No abstract available]"), is_absent("volume", "N/A")
    (True, True)
    >>> is_absent("title", "Unknown"), is_absent("year", "n.d."), is_absent("note", "No effect.")
    (False, False, False)
    """
    if len(text) > 80 or (name in _TITLES and _TITLE_WORDS.fullmatch(text.strip())):
        return False
    if name in _SAYS_SO and re.match(r"\W*(?:no date|n\.? ?d|not dated)", text, re.IGNORECASE):
        return False
    return bool(_ABSENT.fullmatch(text) or _BRACKETED.fullmatch(text.strip()))


def without_absent(entry: Entry) -> tuple[Entry, tuple[str, ...]]:
    """Return an entry without the fields and people that are no value, and what they said."""
    fields: dict[str, str] = {}
    gone: list[str] = []
    for name, value in entry.fields.items():
        if name in _PEOPLE:
            people = list(outside_braces(value))
            if not any(map(_maybe_nobody, people)):
                fields[name] = value
                continue
            kept = [one for one in people if not is_absent(name, _spoken(one))]
            gone += [_spoken(one) for one in people if one not in kept]
            value = value if len(kept) == len(people) else " and ".join(kept)
        elif len(value) < 100 and _maybe_nobody(value) and is_absent(name, plain(value)):
            gone.append(plain(value))
            value = ""
        if value:
            fields[name] = value
    if not gone:
        return entry, ()
    return Entry(entry.key, entry.type, fields, entry.line, entry.file), tuple(gone)


def _maybe_nobody(name: str) -> bool:
    """Whether a value has a word of those that say nothing, or no letter at all."""
    return "[" in name or _SIGN.search(name) is not None or not _LETTER.search(name)


def _spoken(name: str) -> str:
    """Return a name of BibTeX as it was before it was parted: what it says may be no name."""
    return " ".join(map(str, split_names(name)))
