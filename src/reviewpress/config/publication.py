"""What a review says of itself to those who find, cite, catalogue and archive it.

Quarto has keys for some of it, at the top of `_quarto.yml` or below `book:`; `reviewpress:` has
keys for all of it. Where both say something, they have to say the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviewpress.config.files import ConfigFiles
from reviewpress.identifiers import plain_doi
from reviewpress.shapes import as_mapping
from reviewpress.yaml import items_of

_CREATIVE = re.compile(r"(cc by(?:-[a-z]+)*)\s*(\d\.\d)?$", re.IGNORECASE)
_OF_QUARTO: Mapping[str, Sequence[tuple[str, ...]]] = {
    "url": (("book", "site-url"),),
    "doi": (("book", "doi"), ("doi",)),
    "isbn": (("book", "isbn"), ("book", "ISBN"), ("isbn",)),
    "issn": (("book", "issn"), ("book", "ISSN"), ("issn",)),
    "publisher": (("book", "publisher"), ("publisher",)),
    "licence": (("book", "license"), ("license",)),
    "copyright": (("copyright",),),
    "funders": (("funding",),),
    "abstract": (("book", "abstract"), ("abstract",)),
    "description": (("book", "description"), ("description",)),
    "keywords": (("keywords",),),
}

URL_KEYS = (("reviewpress", "url"), *_OF_QUARTO["url"])
"""Where the address of an edition is said."""


@dataclass(frozen=True, slots=True)
class Funder:
    """Who paid for a review: a name, its address in the ROR, and the number of the award."""

    name: str
    ror: str = ""
    award: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """The facts of a review as published; empty where it does not say."""

    version: str = ""
    publisher: str = ""
    publisher_ror: str = ""
    licence: str = ""
    licence_url: str = ""
    copyright: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    url: str = ""
    shared_url: str = ""
    """The address that the review gives of all its editions, where it gives none of this one."""
    description: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    funders: tuple[Funder, ...] = ()
    funding: str = ""
    """How the funding is stated, in words."""

    @property
    def address(self) -> str:
        """Where the work is for good: its DOI as an address, else where it is published."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def facts(self) -> dict[str, str]:
        """Those that title pages and footers state, by the names that templates have."""
        named = {
            "version": self.version, "licence": self.licence, "licence-url": self.licence_url,
            "publisher": self.publisher, "doi": self.doi, "url": self.url, "isbn": self.isbn,
            "issn": self.issn, "copyright": self.copyright, "funding": self.funding,
        }  # fmt: skip
        return {name: text for name, text in named.items() if text}


def read_publication(data: Mapping[str, Any], files: ConfigFiles) -> Publication:
    """Return the facts of a review; what is said twice differently is noted in `files`."""
    settings = as_mapping(data.get("reviewpress"))

    def said(name: str, read: Any = str) -> Any:
        """Return a fact as whichever key says it has it, read; None where none does."""
        ways = [("reviewpress", name), *_OF_QUARTO.get(name, ())]
        found = [(path, read(value)) for path in ways if (value := _at(data, path))]
        for path, other in found[1:]:
            if _bare(other) != _bare(found[0][1]) and found[0][0][0] == "reviewpress":
                message = f"{': '.join(path)} says something else than reviewpress: {name}."
                files.add(path, message, "Leave one of the two out.")
        return found[0][1] if found else None

    licence, of_licence = said("licence", _licence) or ("", "")
    funders, funding = said("funders", _funding) or ((), "")
    keywords = said("keywords", lambda value: tuple(map(str, items_of(value)))) or ()
    return Publication(
        version=str(settings.get("version") or ""),
        publisher=said("publisher", _name) or "",
        publisher_ror=str(settings.get("publisher-ror") or ""),
        licence=licence,
        licence_url=str(settings.get("licence-url") or of_licence),
        copyright=said("copyright", _copyright) or "",
        doi=said("doi", lambda value: plain_doi(str(value))) or "",
        isbn=said("isbn") or "",
        issn=said("issn") or "",
        url=said("url") or "",
        description=said("description", _line) or "",
        abstract=said("abstract", lambda value: str(value).strip()) or "",
        keywords=keywords,
        funders=funders,
        funding=funding,
    )


def _at(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None  # type: ignore[assignment]
    return data


def _bare(value: object) -> object:
    return value.rstrip("/") if isinstance(value, str) else value


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _name(value: object) -> str:
    return str(value.get("name") or "") if isinstance(value, Mapping) else str(value)


def _licence(value: Any) -> tuple[str, str]:
    """Return a licence's name and address; Quarto knows the addresses of Creative Commons'."""
    first = next(iter(items_of(value)), "")
    if isinstance(first, Mapping):
        return str(first.get("text") or first.get("type") or ""), str(first.get("url") or "")
    text = str(first)
    found = _CREATIVE.match(text.strip())
    if not found:
        return text, ""
    kind, version = found[1].upper(), found[2] or "4.0"
    folder = kind.removeprefix("CC ").lower()
    return f"{kind} {version}", f"https://creativecommons.org/licenses/{folder}/{version}/"


def _copyright(value: Any) -> str:
    """Return a statement of copyright: as it is written, or of years and holder."""
    if not isinstance(value, Mapping):
        return str(value)
    if value.get("statement"):
        return str(value["statement"])
    years = ", ".join(map(str, items_of(value.get("year"))))
    return " ".join(part for part in ("©", years, str(value.get("holder") or "")) if part)


def _funding(value: Any) -> tuple[tuple[Funder, ...], str]:
    """Return who paid and how it is stated; a text alone is the statement."""
    funders: list[Funder] = []
    statements: list[str] = []
    for group in items_of(value):
        if not isinstance(group, Mapping):
            statements.append(str(group))
            continue
        if group.get("name"):
            funders.append(_funder(group, group.get("award")))
        if group.get("statement"):
            statements.append(str(group["statement"]))
        for award in map(as_mapping, items_of(group.get("awards"))):
            funders += [
                _funder(source, award.get("id")) for source in items_of(award.get("source"))
            ]
    return tuple(funders), " ".join(statements)


def _funder(source: Any, award: Any) -> Funder:
    given = source if isinstance(source, Mapping) else {"name": source}
    name = given.get("name") or given.get("text") or ""
    return Funder(str(name), str(given.get("ror") or ""), str(award or ""))
