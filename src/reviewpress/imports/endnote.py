"""EndNote XML."""

import io
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from reviewpress.bibliography import Entry, Name, bare_doi
from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
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
_OWN = frozenset(("database", "source-app", "rec-number", "foreign-keys", "ref-type"))
"""What EndNote says of its own library, not of the work."""
_TAKEN = frozenset(
    (*_SIMPLE, "titles/title", "contributors/authors", "contributors/secondary-authors", "keywords",
     "urls/related-urls")
)  # fmt: skip
"""Elements of which all is in a field."""
_NO_XML = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#0*(?:[0-8]|1[124-9]|2\d|3[01]);|&#[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]);"
)
"""Control characters, which EndNote exports from copied abstracts and XML does not allow."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_endnote(content: bytes, file: str) -> Reading:
    """Read EndNote's XML.

    Raises BibliographyError where the file is no XML, for nothing of it can be trusted then, and
    where it is XML of another kind.
    """
    if re.match(rb"\s*<(?:!doctype\s+)?html", content[:200].removeprefix(b"\xef\xbb\xbf"), re.I):
        message = "the file is a web page, not an export."
        raise BibliographyError(message, Place(file), "Log in to the database and export again.")
    if not content.startswith(_UTF_16):
        content = _NO_XML.sub(b" ", content)
    records, rejected = [], []
    for number, element in enumerate(_records(content, file), start=1):
        title = _text(element, "titles/title")
        if title:
            records.append(Record(file, number, _entry(element, title)))
        else:
            sample = " ".join("".join(element.itertext()).split())[:60]
            rejected.append(Rejected(file, number, "", f"has no title (“{sample}”)"))
    if not records and not rejected and b"<records" not in content:
        message = "the file is XML, but not of EndNote: it holds no <records>."
        raise BibliographyError(message, Place(file), "In EndNote choose File, Export, XML.")
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
        hint = "It may have been cut off while it was saved: export it again."
        raise BibliographyError(message, Place(file, line=line), hint) from None


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
        for path, text in _leaves(child):
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
        yield path, _flat(element)
    for child in inner:
        yield from _leaves(child, path)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _people(element: Element, kind: str) -> list[Name]:
    names = [_flat(author) for author in element.findall(f"contributors/{kind}/author")]
    return [read_name(name) for name in names if name.strip(" ,;.")]


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return _flat(found) if found is not None else ""


def _flat(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
