"""What pages tell search engines, social networks and reference managers of an edition.

Open Graph for links that are shared, the `citation_` names that Google Scholar and Zotero read, and
schema.org as JSON-LD. Addresses are given where the review says under `url` where it is published.
"""

import json

from reviewpress.assemble import Book, Page
from reviewpress.assemble.ast import Node
from reviewpress.assemble.translations import web_address
from reviewpress.config import Config
from reviewpress.config.authors import Author
from reviewpress.formats.objects import TYPST
from reviewpress.formats.self_citation import full_title
from reviewpress.identifiers import plain_doi
from reviewpress.shapes import Plain

_HOME = "index.html"


def discovery_metadata(book: Book, page: Page, description: str) -> dict[str, Plain]:
    """Return what the head of a page says of it; `description` is what the page is about."""
    config, here = book.config, page.chapter.page
    home = here == _HOME
    address = web_address(config, "" if home else here)
    metadata: dict[str, Plain] = {
        "canonical": address,
        "open-graph": [
            {"property": name, "content": text}
            for name, text in {
                "og:title": full_title(book) if home else page.title,
                "og:type": "website" if home else "article",
                "og:site_name": config.title,
                "og:description": description,
                "og:locale": config.lang.replace("-", "_"),
                "og:url": address,
            }.items()
            if text
        ],
        "citation-names": [
            {"name": f"citation_{name}", "content": text} for name, text in _citation(book, page)
        ],
    }
    if home:
        metadata["structured-data"] = _as_script(_structured(book, description))
    return metadata


def _citation(book: Book, page: Page) -> list[tuple[str, str]]:
    """Return what a reference manager files: the edition, and of its other pages a chapter."""
    config = book.config
    other = {name: str(value) for name, value in config.settings.other.items()}
    home = page.chapter.page == _HOME
    title = full_title(book)
    named = [("title", title)] if home else [("title", page.title), ("inbook_title", title)]
    whole = web_address(config, config.file_name(TYPST.ending)) if TYPST in config.made else ""
    told = [
        *named,
        *(pair for author in config.authors for pair in _cited_author(author)),
        ("publication_date", config.date.replace("-", "/")),
        ("publisher", other.get("publisher", "")),
        ("technical_report_institution", other.get("publisher", "") if home else ""),
        ("doi", plain_doi(other.get("doi", ""))),
        ("language", config.lang),
        ("pdf_url", whole if home else ""),
    ]
    return [(name, text) for name, text in told if text]


def _cited_author(author: Author) -> list[tuple[str, str]]:
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else ""
    return [
        ("author", author.inverted),
        *(("author_institution", each.name) for each in author.affiliations),
        *([("author_orcid", orcid)] if orcid else []),
    ]


def _structured(book: Book, description: str) -> dict[str, Plain]:
    """Return the edition as schema.org has it."""
    config = book.config
    other = {name: str(value) for name, value in config.settings.other.items()}
    doi = plain_doi(other.get("doi", ""))
    told: dict[str, Plain] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": f"https://doi.org/{doi}" if doi else "",
        "name": full_title(book),
        "headline": config.title,
        "description": description,
        "author": [_agent(author) for author in config.authors],
        "datePublished": config.date,
        "version": other.get("version", ""),
        "inLanguage": config.lang,
        "publisher": _named_body(other.get("publisher", "")),
        "license": other.get("licence-url") or other.get("licence", ""),
        "url": web_address(config, ""),
        "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": doi} if doi else "",
        "isBasedOn": _source(config),
    }
    return {name: value for name, value in told.items() if value}


def _agent(author: Author) -> dict[str, Plain]:
    if author.is_body:
        return {"@type": "Organization", "name": author.name}
    told: dict[str, Plain] = {
        "@type": "Person",
        "@id": f"https://orcid.org/{author.orcid}" if author.orcid else "",
        "name": author.name,
        "givenName": author.given,
        "familyName": author.family,
        "email": author.email if author.corresponding else "",
        "affiliation": [
            _named_body(each.name) | ({"@id": each.ror} if each.ror else {})
            for each in author.affiliations
        ],
    }
    return {name: value for name, value in told.items() if value}


def _named_body(name: str) -> dict[str, Plain]:
    return {"@type": "Organization", "name": name} if name else {}


def _source(config: Config) -> dict[str, Plain]:
    """Return the work that an edition is made from, where `source:` names one."""
    source = config.settings.other.get("source")
    if not isinstance(source, dict) or not source.get("title"):
        return {}
    told: dict[str, Plain] = {"@type": "CreativeWork", "name": str(source["title"])}
    return told | ({"datePublished": str(source["year"])} if source.get("year") else {})


def _as_script(data: dict[str, Plain]) -> Node:
    """Return data as an element of the head; no text in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    element = f'<script type="application/ld+json">{text}</script>'
    return {"t": "MetaBlocks", "c": [{"t": "RawBlock", "c": ["html", element]}]}
