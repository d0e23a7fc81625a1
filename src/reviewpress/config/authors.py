"""Who wrote a review, as Quarto's `author:` says: names, or their parts with what is known of them.

author:
  - Ann Ash
  - name: {given: Ben, family: Birch}      # or {literal: …} for a body
    orcid: 0000-0002-1825-0097
    email: ben@example.org
    corresponding: true                    # or `attributes: {corresponding: true}`
    equal-contributor: true
    roles: [conceptualization, writing]
    affiliations: [{ref: uni}, Another institute]
affiliations:
  - {id: uni, name: University of Examples, department: Health, ror: https://ror.org/…}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reviewpress.config.person_names import parts_of, persons_in
from reviewpress.errors import nearest
from reviewpress.identifiers import Wrong, is_orcid, plain_orcid
from reviewpress.name_words import EAST_ASIAN
from reviewpress.shapes import as_mapping
from reviewpress.yaml import items_of

AUTHOR_KEYS = ("author", "authors")
"""Where they are named; Quarto reads either."""
_OF_PERSONS = ("orcid", "degrees", "deceased")
"""What persons have and bodies do not: who has one is a person, whatever the name looks like."""
_PLACES = ("department", "group", "name", "city", "region", "state", "country")
_DENIED = frozenset(("false", "no", "none", "0", ""))
_ROLES = {"writing": "writing – original draft", "editing": "writing – review & editing"}
"""Quarto's short names for roles of CRediT."""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where an author works, and its address in the Research Organization Registry."""

    name: str
    ror: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A person with a family name, or a body with its name alone.

    `orcid` is the number without an address before it; `roles` are in words, as CRediT has them.
    """

    name: str
    family: str = ""
    given: str = ""
    suffix: str = ""
    orcid: str = ""
    email: str = ""
    corresponding: bool = False
    equal: bool = False
    deceased: bool = False
    roles: tuple[str, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()

    @property
    def is_body(self) -> bool:
        """Whether it is an organisation or a team."""
        return not self.family

    @property
    def inverted(self) -> str:
        """The name as lists of references sort it: `Ash, Ann`; a body's as it is."""
        return ", ".join(filter(None, (self.family, self.given, self.suffix))) or self.name

    def __str__(self) -> str:
        return self.name


def read_authors(value: Any, affiliations: Any = None) -> tuple[Author, ...]:
    """Return the authors that `author:` names; `affiliations` is what their references lead to.

    A text that names several persons, as `Ann Ash, Ben Birch and Cy Cedar`, is as many authors.
    """
    known = _known_affiliations(value, affiliations)
    return tuple(
        author
        for item in items_of(value)
        for each in (persons_in(item) if isinstance(item, str) else [item])
        if (author := _author(each, known))
    )


def wrong_authors(data: Mapping[str, Any]) -> Iterator[Wrong]:
    """Give what `_quarto.yml` says of authors that is no ORCID, or refers to no affiliation."""
    book = as_mapping(data.get("book"))
    shared = book.get("affiliations") or data.get("affiliations")
    for path in ((*at, key) for at in (("book",), ()) for key in AUTHOR_KEYS):
        value = (book if len(path) == 2 else data).get(path[-1])
        known = _known_affiliations(value, shared)
        for item in items_of(value):
            if not isinstance(item, Mapping):
                continue
            orcid = item.get("orcid")
            if orcid and not is_orcid(str(orcid)):
                message = f'"{str(orcid)[:60]}" is not an ORCID.'
                yield path, message, "Sixteen digits, as in 0000-0002-1825-0097; the last checks."
            for id in filter(None, map(_reference, _where(item))):
                if id not in known:
                    message = f'{_author(item, {})} refers to "{id}", which is not an affiliation.'
                    hint = nearest(id, known) if known else "Give it that `id` in `affiliations:`."
                    yield path, message, hint


def _known_affiliations(value: Any, affiliations: Any = None) -> dict[str, Mapping[str, Any]]:
    """Return what references lead to, by id: what an author says in full, others may refer to."""
    full = (
        item
        for each in (*items_of(value), {"affiliations": affiliations})
        if isinstance(each, Mapping)
        for item in _where(each)
    )
    return {
        str(item["id"]): item
        for item in full
        if isinstance(item, Mapping) and "id" in item and item.keys() - {"id"}
    }


def split_name(text: str) -> Author:
    """Return an author whose name is one text: a person, unless it plainly is a body's.

    >>> split_name("Ludwig van Beethoven").inverted, split_name("The Care Team").is_body
    ('van Beethoven, Ludwig', True)
    """
    return Author(*parts_of(text))


def _author(item: Any, known: Mapping[str, Any]) -> Author | None:
    if not isinstance(item, Mapping):
        return _named(item)
    is_person = any(item.get(key) for key in _OF_PERSONS)
    named = _named(item.get("name") or item.get("literal") or item, is_person=is_person)
    if named is None:
        return None
    said = {**_attributes(item.get("attributes")), **item}
    return replace(
        named,
        orcid=plain_orcid(str(item.get("orcid") or "")),
        email=str(item.get("email") or ""),
        corresponding=_is_said(said, "corresponding"),
        equal=_is_said(said, "equal-contributor"),
        deceased=_is_said(said, "deceased"),
        roles=tuple(_roles(item.get("roles") or item.get("role"))),
        affiliations=tuple(_affiliations(item, known)),
    )


def _attributes(value: Any) -> Mapping[str, Any]:
    """Return what is true of an author: a mapping, or a list of what is."""
    return value if isinstance(value, Mapping) else dict.fromkeys(map(str, items_of(value)), True)


def _is_said(attributes: Mapping[str, Any], name: str) -> bool:
    return str(attributes.get(name) or "").casefold() not in _DENIED


def _named(value: Any, *, is_person: bool = False) -> Author | None:
    if not isinstance(value, Mapping):
        return Author(*parts_of(str(value), is_person=is_person)) if value else None
    literal = str(value.get("literal") or "")
    if literal and not value.get("family"):
        return Author(*parts_of(literal, is_person=True)) if is_person else Author(literal)

    def joined(*keys: str) -> str:
        return " ".join(str(value[key]) for key in keys if value.get(key))

    # A particle that is dropped in sorting comes after the given names: Beethoven, Ludwig van.
    family, given = joined("non-dropping-particle", "family"), joined("given", "dropping-particle")
    suffix = joined("suffix")
    order = (family, given) if EAST_ASIAN.search(family) else (given, family)
    name = literal or " ".join(filter(None, (*order, suffix)))
    # Who has one name alone has it as a family name.
    return Author(name, family or given, given if family else "", suffix) if name else None


def _roles(value: Any) -> Iterator[str]:
    """Yield the words of roles, each a text or, as Quarto has it, a role with its degree."""
    for item in items_of(value):
        named = item if not isinstance(item, Mapping) else item.get("role") or next(iter(item), "")
        words = str(named).strip()
        if words:
            yield _ROLES.get(words.casefold(), words)


def _where(item: Mapping[str, Any]) -> list[Any]:
    return items_of(item.get("affiliations") or item.get("affiliation"))


def _reference(item: Any) -> str:
    """Return the id that an entry refers to; empty where it says the affiliation itself."""
    if not isinstance(item, Mapping):
        return ""
    return str(item["ref"]) if "ref" in item else str(item["id"]) if item.keys() == {"id"} else ""


def _affiliations(author: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Affiliation]:
    for item in _where(author):
        found = known.get(_reference(item) or str(item), item)
        if not isinstance(found, Mapping):
            yield Affiliation(str(found))
            continue
        name = ", ".join(str(found[key]) for key in _PLACES if found.get(key))
        if name:
            yield Affiliation(name, str(found.get("ror") or ""))
