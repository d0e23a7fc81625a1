"""What pages tell search engines, social networks and reference managers of an edition.

Open Graph and Twitter cards for links that are shared, the `citation_` names that Google Scholar
and Zotero read, and schema.org as JSON-LD. Addresses are given where the review says under `url`,
or `book: site-url`, where it is published.
"""

import json
import re
from collections.abc import Mapping
from posixpath import splitext
from textwrap import shorten
from urllib.parse import urljoin

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.translations import web_address
from reviewpress.config import Config
from reviewpress.config.authors import Author
from reviewpress.config.publication import Funder
from reviewpress.formats.documents import published_tables
from reviewpress.formats.objects import HTML, TYPST
from reviewpress.formats.self_citation import full_title
from reviewpress.formats.status import edition_status
from reviewpress.shapes import Plain

_HOME = "index.html"
_LINKED_DATA = "application/ld+json"
_SHORTEST, _LONGEST = 40, 160
"""Characters of a paragraph that says what a page is about, and of what is shown of it."""
_KEY = re.compile(r"(?<!\w)@\w")
_STATES = {"": "Published", "draft": "Draft", "embargoed": "Embargoed", "superseded": "Superseded"}
_CARDS = {"card-style": "card", "creator": "creator", "site": "site"}
_DATA = {".csv": "text/csv", ".json": "application/json", ".xlsx": "application/vnd.openxmlformats-"
         "officedocument.spreadsheetml.sheet"}  # fmt: skip


def page_description(config: Config, page: Page) -> str:
    """Return what a page is about: its chapter's word, else the review's, else how it begins."""
    said = config.options(HTML.name, page.source.front.data).text("description")
    told = " ".join((said or config.publication.description).split())
    return told or _beginning(page)


def _beginning(page: Page) -> str:
    """Return the first sentences of a page, as long as search engines show them."""
    for node in ast.walk_blocks(list(page.blocks)):
        words = ast.uncited_text(node["c"]) if node["t"] in ("Para", "Plain") else ""
        # A key means nothing to a reader: a paragraph that names authors by it says nothing here.
        if len(words) >= _SHORTEST and not _KEY.search(words):
            return shorten(words, _LONGEST, placeholder=" …")
    return ""


def page_keywords(config: Config, page: Page) -> list[str]:
    """Return them: the review's, and its chapter's own after them."""
    words = config.options(HTML.name, page.source.front.data).items("keywords")
    return list(dict.fromkeys(map(str, words)))


def discovery_metadata(book: Book, page: Page) -> dict[str, Plain]:
    """Return what the head of a page says of it, as the template of pages takes it."""
    metadata: dict[str, Plain] = {
        "canonical": _canonical(book.config, page),
        "open-graph": [{"property": name, "content": text} for name, text in _graph(book, page)],
        "named": [{"name": name, "content": text} for name, text in _named(book, page)],
    }
    if page.chapter.page == _HOME:
        metadata["structured-data"] = _as_script(_structured(book, page))
    return metadata


def head_elements(book: Book, page: Page) -> list[Plain]:
    """Return the same as elements, each `[tag, attributes]`, or with a text."""
    status = edition_status(book.config, book.labels)
    canonical = _canonical(book.config, page)
    found: list[Plain] = []
    found += [["meta", {"property": name, "content": text}] for name, text in _graph(book, page)]
    found += [["meta", {"name": name, "content": text}] for name, text in _named(book, page)]
    if status and status.is_hidden:
        found.append(["meta", {"name": "robots", "content": "noindex"}])
    if canonical:
        found.append(["link", {"rel": "canonical", "href": canonical}])
    if page.chapter.page == _HOME:
        found.append(["script", {"type": _LINKED_DATA}, _as_text(_structured(book, page))])
    return found


def _graph(book: Book, page: Page) -> list[tuple[str, str]]:
    cards = _cards(book, page).items()
    return [(name, text) for name, text in cards if text and name.startswith("og:")]


def _named(book: Book, page: Page) -> list[tuple[str, str]]:
    cards = _cards(book, page).items()
    return [
        *((name, text) for name, text in cards if text and name.startswith("twitter:")),
        *((f"citation_{name}", text) for name, text in _citation(book, page)),
    ]


def _canonical(config: Config, page: Page) -> str:
    """Return the address by which search engines are to know a page: its own, unless it says."""
    said = {**config.metadata, **page.source.front.data}.get("canonical-url")
    if isinstance(said, str):
        return said
    return "" if said is False else _address(config, page)


def _address(config: Config, page: Page) -> str:
    here = page.chapter.page
    return web_address(config, "" if here == _HOME else here)


def _cards(book: Book, page: Page) -> dict[str, str]:
    """Return what is shown of a page where its link is shared."""
    config = book.config
    given = config.metadata.get("book") or {}
    graph, twitter = given.get("open-graph", True), given.get("twitter-card", False)
    home = page.chapter.page == _HOME
    told = {
        "title": full_title(book) if home else page.title,
        "description": page_description(config, page),
        **_picture(config, page, given),
    }
    cards: dict[str, str] = {}
    if graph is not False:
        own = _own(config, page, graph)
        cards = {f"og:{name}": text for name, text in (told | own).items()}
        # Not a website: Zotero would file it as a page of one.
        cards["og:type"] = "book" if home else "article"
        cards["og:site_name"] = own.get("site-name", config.title)
        cards["og:locale"] = own.get("locale", config.lang).replace("-", "_")
        cards["og:url"] = _address(config, page)
        for name in ("og:site-name", "og:image-alt"):
            cards.pop(name, None)
        cards["og:image:alt"] = (told | own).get("image-alt", "") if cards.get("og:image") else ""
    if twitter is not False:
        own = _own(config, page, twitter)
        cards |= {
            f"twitter:{name}": text for name, text in (told | own).items() if name not in _CARDS
        }
        cards |= {f"twitter:{new}": own[name] for name, new in _CARDS.items() if name in own}
        style = "summary_large_image" if cards.get("twitter:image") else "summary"
        cards.setdefault("twitter:card", style)
        cards["twitter:image:alt"] = cards.pop("twitter:image-alt", "")
    return cards


def _own(config: Config, page: Page, given: object) -> dict[str, str]:
    """Return what a review says of cards itself; a page of its own words comes first."""
    if not isinstance(given, Mapping):
        return {}
    front = page.source.front.data
    own = {str(name): str(value) for name, value in given.items() if value and name not in front}
    if own.get("image"):
        own["image"] = _absolute(config, own["image"])
    return own


def _picture(config: Config, page: Page, given: Mapping[str, object]) -> dict[str, str]:
    """Return the picture of a page: its chapter's, else the review's; with what it shows."""
    front = page.source.front.data
    source = front if front.get("image") else given
    name = str(source.get("image") or "")
    if source is front and not name.startswith("/"):
        name = page.path_of(name)
    address = _absolute(config, name) if name else ""
    return {"image": address, "image-alt": str(source.get("image-alt") or "") if address else ""}


def _absolute(config: Config, name: str) -> str:
    """Return the address on the web of a file of the review; empty where it has none there."""
    base = web_address(config, "")
    return name if "://" in name else urljoin(base, name.lstrip("/")) if base else ""


def _citation(book: Book, page: Page) -> list[tuple[str, str]]:
    """Return what a reference manager files: the edition, and of its other pages a chapter."""
    config, given = book.config, book.config.publication
    home = page.chapter.page == _HOME
    title = full_title(book)
    named = [("title", title)] if home else [("title", page.title), ("inbook_title", title)]
    whole = web_address(config, config.file_name(TYPST.ending)) if TYPST in config.made else ""
    told = [
        *named,
        *(pair for author in config.authors for pair in _cited_author(author)),
        ("publication_date", config.date.replace("-", "/")),
        ("publisher", given.publisher),
        ("technical_report_institution", (given.publisher or _body(config)) if home else ""),
        ("abstract", " ".join(given.abstract.split()) if home else ""),
        *(("keywords", word) for word in page_keywords(config, page)),
        ("isbn", given.isbn),
        ("issn", given.issn),
        ("doi", given.doi),
        ("language", config.lang),
        ("pdf_url", whole if home else ""),
        ("fulltext_html_url", _address(config, page)),
    ]
    return [(name, text) for name, text in told if text]


def _body(config: Config) -> str:
    """Return the body that a report without a publisher is of: its first author's."""
    for author in config.authors[:1]:
        return author.name if author.is_body else next((a.name for a in author.affiliations), "")
    return ""


def _cited_author(author: Author) -> list[tuple[str, str]]:
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else ""
    return [
        ("author", author.inverted),
        *(("author_institution", each.name) for each in author.affiliations),
        *([("author_orcid", orcid)] if orcid else []),
    ]


def _structured(book: Book, page: Page) -> dict[str, Plain]:
    """Return the edition as schema.org has it."""
    config, given = book.config, book.config.publication
    doi, numbers = given.doi, [("doi", given.doi), ("isbn", given.isbn), ("issn", given.issn)]
    status = edition_status(config, book.labels)
    told: dict[str, Plain] = {
        "@context": "https://schema.org",
        "@type": ["Report", "ScholarlyArticle"],
        "@id": f"https://doi.org/{doi}" if doi else "",
        "name": full_title(book),
        "headline": config.title,
        "description": page_description(config, page),
        "abstract": given.abstract,
        "keywords": list(given.keywords),
        "author": [_agent(author) for author in config.authors],
        "datePublished": config.date,
        "version": given.version,
        "inLanguage": config.lang,
        "publisher": _named_body(given.publisher, given.publisher_ror),
        "funder": [_funder(each) for each in given.funders],
        "license": given.licence_url or given.licence,
        "copyrightNotice": given.copyright,
        "creativeWorkStatus": _STATES[status.kind if status else ""],
        "url": web_address(config, ""),
        "identifier": [_number(kind, text) for kind, text in numbers if text],
        "isBasedOn": _source(config),
        "hasPart": _data(book),
    }
    return {name: value for name, value in told.items() if value}


def _number(kind: str, value: str) -> dict[str, Plain]:
    # Not `isbn`, which schema.org has for books alone.
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}


def _funder(funder: Funder) -> dict[str, Plain]:
    return _named_body(funder.name, funder.ror)


def _data(book: Book) -> dict[str, Plain]:
    """Return the tables that are published beside the pages as one data set of schema.org's."""
    config, given = book.config, book.config.publication
    tables = published_tables(config)
    if not tables:
        return {}
    told: dict[str, Plain] = {
        "@type": "Dataset",
        "name": book.labels.fill("data-set", title=full_title(book)),
        "description": book.labels.fill("data-set", title=full_title(book)),
        "creator": [_agent(author) for author in config.authors],
        "license": given.licence_url or given.licence,
        "datePublished": config.date,
        "version": given.version,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": web_address(config, name) or name,
                "encodingFormat": _DATA[splitext(name)[1]],
            }
            for name in tables
        ],
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
        "honorificSuffix": author.suffix,
        "email": author.email if author.corresponding else "",
        "affiliation": [_named_body(each.name, each.ror) for each in author.affiliations],
    }
    return {name: value for name, value in told.items() if value}


def _named_body(name: str, ror: str = "") -> dict[str, Plain]:
    if not name:
        return {}
    told: dict[str, Plain] = {"@type": "Organization", "name": name}
    return told | ({"@id": ror} if ror else {})


def _source(config: Config) -> dict[str, Plain]:
    """Return the work that an edition is made from, where `source:` names one."""
    source = config.settings.other.get("source")
    if not isinstance(source, dict) or not source.get("title"):
        return {}
    told: dict[str, Plain] = {"@type": "CreativeWork", "name": str(source["title"])}
    return told | ({"datePublished": str(source["year"])} if source.get("year") else {})


def _as_script(data: dict[str, Plain]) -> Node:
    """Return data as an element of the head."""
    element = f'<script type="{_LINKED_DATA}">{_as_text(data)}</script>'
    return {"t": "MetaBlocks", "c": [{"t": "RawBlock", "c": ["html", element]}]}


def _as_text(data: dict[str, Plain]) -> str:
    """Return data as JSON that can be in an element: no text in it ends the element."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
