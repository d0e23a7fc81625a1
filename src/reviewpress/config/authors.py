"""Who wrote a review, as Quarto's `author:` says: names, or their parts with what is known of them.

author:
  - Ann Ash
  - name: {given: Ben, family: Birch}      # or {literal: …} for a body
    orcid: 0000-0002-1825-0097
    email: ben@example.org
    corresponding: true                    # or `attributes: {corresponding: true}`
    affiliations: [{ref: uni}, Another institute]
affiliations:
  - {id: uni, name: University of Examples, department: Health, ror: https://ror.org/…}
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reviewpress.yaml import items_of

AUTHOR_KEYS = ("author", "authors")
"""Where they are named; Quarto reads either."""
_PARTICLES = frozenset((
    "van", "von", "de", "der", "den", "del", "di", "da", "do", "dos", "das", "du", "la", "le",
    "el", "al", "bin", "ibn", "ben", "ter", "ten", "zu", "zum", "y", "e", "ap", "ab", "mac", "st",
))  # fmt: skip
_OF_BODIES = re.compile(
    r"\b(?:agency|alliance|association|associates|authority|board|bureau|cent(?:er|re|ro|rum)"
    r"|collaborati(?:on|ve)|college|commission|committee|company|consortium|corporation|council"
    r"|department|directorate|editors|federation|foundation|government|group|inc|initiative"
    r"|institut\w*|laboratory|library|limited|ltd|ministry|network|nhs|office|organi[sz]ation"
    r"|panel|partners\w*|press|programme|project|review|scho+ol|secretariat|service|services"
    r"|society|team|trust|unit|universit\w*|gmbh|équipe|grupo|gruppe)\b",
    re.IGNORECASE,
)
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$")


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where an author works, and its address in the Research Organization Registry."""

    name: str
    ror: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A person with a family name, or a body with its name alone.

    `orcid` is the number without an address before it.
    """

    name: str
    family: str = ""
    given: str = ""
    orcid: str = ""
    email: str = ""
    corresponding: bool = False
    affiliations: tuple[Affiliation, ...] = ()

    @property
    def is_body(self) -> bool:
        """Whether it is an organisation or a team."""
        return not self.family

    @property
    def inverted(self) -> str:
        """The name as lists of references sort it: `Ash, Ann`; a body's as it is."""
        return ", ".join(part for part in (self.family, self.given) if part) or self.name

    def __str__(self) -> str:
        return self.name


def read_authors(value: Any, affiliations: Any = None) -> tuple[Author, ...]:
    """Return the authors that `author:` names; `affiliations` is what their references lead to."""
    known = {
        str(item["id"]): item
        for item in items_of(affiliations)
        if isinstance(item, Mapping) and "id" in item
    }
    return tuple(author for item in items_of(value) if (author := _author(item, known)))


def _author(item: Any, known: Mapping[str, Any]) -> Author | None:
    if not isinstance(item, Mapping):
        return _named(item)
    named = _named(item.get("name") or item.get("literal") or item)
    if named is None:
        return None
    orcid = _ORCID.search(str(item.get("orcid") or ""))
    attributes = item.get("attributes") or {}
    corresponding = item.get("corresponding")
    if isinstance(attributes, Mapping):
        corresponding = corresponding or attributes.get("corresponding")
    where = item.get("affiliations") or item.get("affiliation")
    return Author(
        named.name,
        named.family,
        named.given,
        orcid=orcid[1] if orcid else "",
        email=str(item.get("email") or ""),
        corresponding=bool(corresponding),
        affiliations=tuple(_affiliations(where, known)),
    )


def _named(value: Any) -> Author | None:
    if not isinstance(value, Mapping):
        return split_name(str(value)) if value else None
    if value.get("literal") and not value.get("family"):
        return Author(str(value["literal"]))
    given, particle, family = (
        str(value.get(key) or "") for key in ("given", "non-dropping-particle", "family")
    )
    family = " ".join(part for part in (str(value.get("dropping-particle") or ""), particle, family)
                      if part)  # fmt: skip
    order = (family, given) if _FAMILY_FIRST.search(family) else (given, family)
    name = str(value.get("literal") or " ".join(part for part in order if part))
    return Author(name, family, given) if name else None


def split_name(text: str) -> Author:
    """Return an author whose name is one text: a person, unless it plainly is a body's.

    >>> split_name("Ludwig van Beethoven").inverted, split_name("The Care Team").is_body
    ('van Beethoven, Ludwig', True)
    """
    name = " ".join(text.split())
    family, comma, given = name.partition(", ")
    if comma and "," not in given and not _is_body(f"{given} {family}"):
        return Author(f"{given} {family}", family, given)
    words = name.split()
    if len(words) < 2 or _is_body(name):
        return Author(name)
    if _FAMILY_FIRST.search(name):
        return Author(name, words[0], " ".join(words[1:]))
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold().strip(".") in _PARTICLES:
        start -= 1
    return Author(name, " ".join(words[start:]), " ".join(words[:start]))


def _is_body(name: str) -> bool:
    words = name.split()
    plain = [word for word in words if word.casefold() not in _PARTICLES]
    return (
        len(words) > 6
        or bool(re.match(r"(?:the|le|la|les|das|der|die|el) ", name, re.IGNORECASE))
        or bool(_OF_BODIES.search(name))
        or any(not word[0].isalpha() or word[0].islower() for word in plain)
        or any(
            len(word) > 3 and word.isupper() and not _FAMILY_FIRST.search(word) for word in words
        )
    )


def _affiliations(value: Any, known: Mapping[str, Any]) -> Iterator[Affiliation]:
    for item in items_of(value):
        found = known.get(str(item.get("ref")), item) if isinstance(item, Mapping) else item
        if not isinstance(found, Mapping):
            yield Affiliation(str(known.get(str(found), {}).get("name") or found))
            continue
        parts = (found.get(key) for key in ("department", "name", "city", "country"))
        name = ", ".join(str(part) for part in parts if part)
        if name:
            yield Affiliation(name, str(found.get("ror") or ""))
