"""EndNote XML."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from reviewpress.bibliography import Entry, Name, bare_doi
from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.people import read_people
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
    find_repeated,
    join_pages,
    make_entry,
    name_titles,
    read_year,
)
from reviewpress.imports.xmlfiles import flat_text, iterate_elements

TYPES = {
    "book": "book",
    "book section": "incollection",
    "conference paper": "inproceedings",
    "conference proceedings": "inproceedings",
    "edited book": "book",
    "electronic article": "article",
    "journal article": "article",
    "magazine article": "article",
    "newspaper article": "article",
    "report": "report",
    "thesis": "phdthesis",
    "web page": "online",
}
_PLACES = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_SIMPLE = {
    "volume": "volume",
    "number": "number",
    "abstract": "abstract",
    "language": "language",
    "edition": "edition",
    "pub-location": "address",
    "auth-address": "affiliation",
    "remote-database-name": "endnote-database",
    "accession-num": "endnote-accession",
    "work-type": "endnote-work-type",
    "label": "endnote-label",
    "caption": "endnote-caption",
    "section": "endnote-section",
    "research-notes": "endnote-research-notes",
    "notes": "note",
}
_SINGLE = {
    "dates/year": "year", "titles/secondary-title": "journal", "electronic-resource-num": "DOI",
    "volume": "volume", "number": "issue",
}  # fmt: skip
"""What a work has one of; one with two titles is rejected."""
_OWN = frozenset(("database", "source-app", "rec-number", "foreign-keys", "ref-type"))
"""What EndNote says of its own library, not of the work."""
_TAKEN = frozenset(
    (*_SIMPLE, "titles/title", "contributors/authors", "contributors/secondary-authors", "keywords",
     "urls/related-urls")
)  # fmt: skip
"""Elements of which all is in a field."""


def read_endnote(content: bytes, file: str) -> Reading:
    """Read EndNote's XML.

    Raises BibliographyError where the file is no XML, for nothing of it can be trusted then, and
    where it is XML of another kind.
    """
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    for number, element in enumerate(
        iterate_elements(content, file, ("record",), "EndNote XML"), start=1
    ):
        title = _text(element, "titles/title")
        titles = [flat_text(one) for one in element.findall("titles/title")]
        if len(titles) > 1:
            reason = name_titles(titles, "the end of a record")
            rejected.append(Rejected(file, number, title, reason))
        elif title:
            records.append(Record(file, number, _entry(element, title)))
            said = {path: map(flat_text, element.findall(path)) for path in _SINGLE}
            repeated += find_repeated(number, said, _SINGLE)
        else:
            sample = " ".join("".join(element.itertext()).split())[:60]
            rejected.append(Rejected(file, number, "", f"has no title (“{sample}”)"))
    if not records and not rejected and b"<records" not in content:
        message = "the file is XML, but not of EndNote or PubMed: it holds no <records>."
        raise BibliographyError(message, Place(file), "In EndNote choose File, Export, XML.")
    return Reading("EndNote XML", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _entry(element: Element, title: str) -> Entry:
    kind_element = element.find("ref-type")
    name = (kind_element.get("name") or "") if kind_element is not None else ""
    kind = TYPES.get(name.lower(), "misc")
    authors = _people(element, "authors")
    editors = _people(element, "secondary-authors")
    container = _text(element, "titles/secondary-title") or _text(element, "periodical/full-title")
    publisher = {"report": "institution", "phdthesis": "school"}.get(kind, "publisher")
    urls = [flat_text(url) for url in element.findall("urls/related-urls/url")]
    texts = {name: _text(element, tag) for tag, name in _SIMPLE.items()}
    texts |= {
        "title": title,
        _PLACES.get(kind, "series"): container,
        publisher: _text(element, "publisher"),
        "year": read_year(_text(element, "dates/year")),
        "pages": join_pages(_text(element, "pages"), ""),
        "doi": find_doi(_text(element, "electronic-resource-num"), *urls),
        "url": urls[0] if urls else "",
        "isbn" if kind in ("book", "incollection") else "issn": _text(element, "isbn"),
        "keywords": "; ".join(flat_text(word) for word in element.findall("keywords/keyword")),
    }
    if len(urls) > 1:
        texts["endnote-urls"] = "; ".join(urls[1:])
    texts["month"] = find_month(_text(element, "dates/pub-dates/date"))
    if kind == "misc" and name not in ("", "Generic"):
        texts["endnote-type"] = name
    texts |= _others(element, texts)
    return make_entry(kind, texts, authors, editors)


def _others(element: Element, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what no field takes, under names that tell the element: nothing is lost."""
    taken = {_squeezed(text) for text in (*texts.values(), _text(element, "pages"))}
    others: dict[str, list[str]] = {}
    for child in element:
        is_first = element.find(child.tag) is child
        for path, text in _leaves(child) if is_first or child.tag not in _SIMPLE else (
            (child.tag, flat_text(child)),
        ):  # fmt: skip
            if text and _squeezed(bare_doi(text)) not in taken:
                name = (path.split("/") * 2)[
                    1
                ]  # of contributors/tertiary-authors/author the second
                others.setdefault(f"endnote-{name}", []).append(text)
    return {name: "; ".join(dict.fromkeys(found)) for name, found in others.items()}


def _leaves(element: Element, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and text of what has a text of its own, styles aside."""
    path = f"{above}/{element.tag}".lstrip("/")
    inner = [child for child in element if child.tag != "style"]
    if element.tag in _OWN or path in _TAKEN:
        return
    if not inner:
        yield path, flat_text(element)
    for child in inner:
        yield from _leaves(child, path)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _people(element: Element, kind: str) -> list[Name]:
    names = [flat_text(author) for author in element.findall(f"contributors/{kind}/author")]
    return [person for name in names if name.strip(" ,;.") for person in read_people(name)]


def _text(element: Element, path: str) -> str:
    return flat_text(element.find(path))
