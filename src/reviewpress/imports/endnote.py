"""EndNote XML."""

import io
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from reviewpress.bibliography import Entry, Name
from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_year,
    join_pages,
    make_entry,
    read_name,
)

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


def read_endnote(content: bytes, file: str) -> Reading:
    """Read EndNote's XML.

    Raises BibliographyError where the file is no XML: nothing of it can be trusted then.
    """
    records, rejected = [], []
    for number, element in enumerate(_records(content, file), start=1):
        title = _text(element, "titles/title")
        if title:
            records.append(Record(file, number, _entry(element, title)))
        else:
            sample = " ".join("".join(element.itertext()).split())[:60]
            rejected.append(Rejected(file, number, "", f"has no title (“{sample}”)"))
    return Reading("EndNote XML", tuple(records), tuple(rejected))


def _records(content: bytes, file: str) -> Iterator[Element]:
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(content), events=("end",)):
            if element.tag == "record":
                yield element
                element.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (None,))[0]
        message = f"the file is not EndNote XML: {error}."
        raise BibliographyError(message, Place(file, line=line)) from None


def _entry(element: Element, title: str) -> Entry:
    kind_element = element.find("ref-type")
    name = (kind_element.get("name") or "") if kind_element is not None else ""
    kind = TYPES.get(name.lower(), "misc")
    authors = _people(element, "authors")
    editors = _people(element, "secondary-authors")
    container = _text(element, "titles/secondary-title") or _text(element, "periodical/full-title")
    publisher = {"report": "institution", "phdthesis": "school"}.get(kind, "publisher")
    urls = [_flat(url) for url in element.findall("urls/related-urls/url")]
    texts = {name: _text(element, tag) for tag, name in _SIMPLE.items()}
    texts |= {
        "title": title,
        _PLACES.get(kind, "series"): container,
        publisher: _text(element, "publisher"),
        "year": find_year(_text(element, "dates/year")),
        "pages": join_pages(_text(element, "pages"), ""),
        "doi": find_doi(_text(element, "electronic-resource-num"), *urls),
        "url": urls[0] if urls else "",
        "isbn" if kind in ("book", "incollection") else "issn": _text(element, "isbn"),
        "keywords": "; ".join(_flat(word) for word in element.findall("keywords/keyword")),
    }
    if len(urls) > 1:
        texts["endnote-urls"] = "; ".join(urls[1:])
    return make_entry(kind, texts, authors, editors)


def _people(element: Element, kind: str) -> list[Name]:
    names = [_flat(author) for author in element.findall(f"contributors/{kind}/author")]
    return [read_name(name) for name in names if name.strip(" ,;.")]


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return _flat(found) if found is not None else ""


def _flat(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
