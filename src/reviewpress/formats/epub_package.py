"""The file of an EPUB: package document, navigation, title page, and the archive.

    mimetype, META-INF/container.xml
    EPUB/package.opf     metadata, files, their order
    EPUB/nav.xhtml       contents and landmarks
    EPUB/title.xhtml     title page
    EPUB/…               chapters, pictures, styles, fonts: at their place in the review

As in EPUB 3.3 and EPUB Accessibility 1.1 (W3C Recommendations of May 2023).
"""

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from itertools import groupby
from mimetypes import guess_type
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from reviewpress.assemble import Book
from reviewpress.formats.epub_pages import XHTML, Element, EpubChapter, Heading
from reviewpress.formats.objects import EPUB
from reviewpress.formats.parts import document_time

_OPF, _DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
_OPS = "http://www.idpf.org/2007/ops"
_TYPE = f"{{{_OPS}}}type"
_NAV, _TITLE = "nav.xhtml", "title.xhtml"
_CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_FEATURES = (
    "alternativeText", "displayTransformability", "longDescription", "readingOrder",
    "structuralNavigation", "tableOfContents", "ARIA",
)  # fmt: skip
_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_MEDIA = {".xhtml": "application/xhtml+xml", ".woff2": "font/woff2", ".ttf": "font/ttf",
          ".otf": "font/otf", ".woff": "font/woff", ".svg": "image/svg+xml"}  # fmt: skip
_FIRST_YEAR = 1980
"""Before which an archive knows no time."""

H = ElementMaker(namespace=XHTML, nsmap={None: XHTML, "epub": _OPS})
_O = ElementMaker(namespace=_OPF, nsmap={None: _OPF, "dc": _DC})
_D = ElementMaker(namespace=_DC, nsmap={None: _OPF, "dc": _DC})


def pack_epub(book: Book, chapters: Sequence[EpubChapter], files: Mapping[str, bytes]) -> bytes:
    """Return the EPUB of chapters and of the files that they show, by their names in it."""
    pages = {_TITLE: _title_page(book), _NAV: _navigation(book, chapters)}
    direction = chapters[0].tree.get("dir")
    for page in pages.values() if direction else ():
        page.set("dir", direction)
    texts = {name: _written(tree) for name, tree in pages.items()}
    texts |= {chapter.name: _written(chapter.tree) for chapter in chapters}
    shown = {name for chapter in chapters for name in chapter.images}
    others = {name: each for name, each in files.items()
              if name in shown or name.startswith("assets/")}  # fmt: skip
    held = {chapter.name: chapter.holds for chapter in chapters}
    has_pictures = bool(shown) or any("svg" in each for each in held.values())
    package = _package(
        book, [*texts], [*others], held, direction or "ltr", has_pictures=has_pictures
    )
    content = {"package.opf": _written(package, doctype=""), **texts, **others}
    return _archive(book, {f"EPUB/{name}": each for name, each in content.items()})


# Package document


def _package(
    book: Book,
    texts: Sequence[str],
    others: Sequence[str],
    held: Mapping[str, Sequence[str]],
    direction: str,
    *,
    has_pictures: bool,
) -> Element:
    names = {name: f"file-{number}" for number, name in enumerate([*texts, *others], 1)}
    manifest = [
        _O.item(
            {"id": key, "href": name, "media-type": _media_type(name)}
            | ({"properties": "nav"} if name == _NAV else {})
            | ({"properties": " ".join(held[name])} if held.get(name) else {})
        )
        for name, key in names.items()
    ]
    spine = [_O.itemref(idref=names[name]) for name in texts]
    return _O.package(
        {"version": "3.0", "unique-identifier": "id", "prefix": "a11y: http://www.idpf.org/epub/"
         "vocab/package/a11y/#"},
        _O.metadata(*_metadata(book, has_pictures=has_pictures)),
        _O.manifest(*manifest),
        _O.spine({"page-progression-direction": direction}, *spine),
    )  # fmt: skip


def _metadata(book: Book, *, has_pictures: bool) -> Iterator[Element]:
    config, given = book.config, book.config.publication
    options = config.options(EPUB.name)
    yield _D.identifier({"id": "id"}, f"urn:uuid:{_identity(book)}")
    yield _D.title({"id": "title"}, config.title)
    yield _meta("title-type", "main", refines="#title")
    if config.subtitle:
        yield _D.title({"id": "subtitle"}, config.subtitle)
        yield _meta("title-type", "subtitle", refines="#subtitle")
    yield _D.language(config.lang)
    for author in config.author_names:
        yield _D.creator(author)
    words = {
        "date": config.date,
        "publisher": given.publisher,
        "rights": ". ".join(filter(None, [given.copyright, given.licence])),
        "source": given.address,
        "description": given.description,
    }
    for name, value in words.items():
        if value:
            yield _D(name, value)
    for subject in options.items("keywords"):
        yield _D.subject(str(subject))
    modified = document_time(config).astimezone(UTC)
    yield _meta("dcterms:modified", modified.strftime("%Y-%m-%dT%H:%M:%SZ"))
    yield from _accessibility(book, has_pictures=has_pictures)


def _accessibility(book: Book, *, has_pictures: bool) -> Iterator[Element]:
    """Yield how the EPUB can be read, and what it conforms to.

    Whatever a picture shows is in its alternative text, so the text alone is enough.
    """
    modes = ("textual", "visual") if has_pictures else ("textual",)
    for mode in modes:
        yield _meta("schema:accessMode", mode)
    yield _meta("schema:accessModeSufficient", "textual")
    if has_pictures:
        yield _meta("schema:accessModeSufficient", "textual,visual")
    for feature in _FEATURES:
        yield _meta("schema:accessibilityFeature", feature)
    yield _meta("schema:accessibilityHazard", "none")
    yield _meta("schema:accessibilitySummary", book.labels["epub-summary"])
    yield _meta("dcterms:conformsTo", _CONFORMS, id="conforms")
    by = book.config.publication.publisher or ", ".join(book.config.author_names)
    yield _meta("a11y:certifiedBy", by or book.config.title, refines="#conforms")


def _meta(name: str, value: str, **attributes: str) -> Element:
    return _O.meta({"property": name, **attributes}, value)


def _identity(book: Book) -> uuid.UUID:
    """Return what the edition is known by, the same for every build of it."""
    given = book.config.publication
    named = "/".join([book.config.title, *book.config.author_names])
    name = given.doi or given.url or named
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{name}#{book.config.profile}")


def _media_type(name: str) -> str:
    return _MEDIA.get(Path(name).suffix) or guess_type(name)[0] or "application/octet-stream"


# Title page and navigation


def _title_page(book: Book) -> Element:
    config, labels, given = book.config, book.labels, book.config.publication
    version = labels.fill("version", version=given.version) if given.version else ""
    facts = [_date_in_words(book), given.publisher, version, given.licence, given.doi]
    subtitle = [H.p({"class": "subtitle", "role": "doc-subtitle"}, config.subtitle)]
    section = H.section(
        {"class": "title-page", _TYPE: "titlepage"},
        H.h1(config.title),
        *(subtitle if config.subtitle else []),
        *(H.p({"class": "author"}, author) for author in config.author_names),
        H.div({"class": "facts"}, *(H.p(fact) for fact in facts if fact)),
    )
    return _page(book, config.title, section)


def _date_in_words(book: Book) -> str:
    """Return the edition's date as its language writes it: "22 November 2026"."""
    labels = book.labels
    try:
        made = date.fromisoformat(book.config.date)
    except ValueError:
        return book.config.date
    month = labels["months"].split()[made.month - 1]
    name = "date-first" if made.day == 1 else "date"
    return labels.fill(name, day=made.day, month=month, year=made.year)


def _navigation(book: Book, chapters: Sequence[EpubChapter]) -> Element:
    labels = book.labels
    title = book.config.options(EPUB.name).text("toc-title", labels["toc-title-document"])
    contents = H.nav(
        {_TYPE: "toc", "id": "toc", "role": "doc-toc", "aria-labelledby": "toc-title"},
        H.h1({"id": "toc-title"}, title),
        H.ol(H.li(H.a({"href": _TITLE}, labels["title-page"])), *_parts(chapters)),
    )
    places = [("titlepage", _TITLE, labels["title-page"]), ("toc", f"{_NAV}#toc", title),
              ("bodymatter", chapters[0].name, labels["begin-reading"])]  # fmt: skip
    listing = next((each for each in chapters if each.has_references), None)
    if listing:
        places.append(("bibliography", listing.name, labels["section-title-references"]))
    landmarks = H.nav(
        {_TYPE: "landmarks", "id": "landmarks", "hidden": "hidden",
         "aria-labelledby": "landmarks-title"},
        H.h2({"id": "landmarks-title"}, labels["landmarks"]),
        H.ol(*(H.li(H.a({_TYPE: kind, "href": href}, words)) for kind, href, words in places)),
    )  # fmt: skip
    return _page(book, title, contents, landmarks)


def _parts(chapters: Sequence[EpubChapter]) -> Iterator[Element]:
    """Yield the entries of chapters, those of a part below its name."""
    for part, own in groupby(chapters, key=lambda chapter: chapter.part):
        entries = [entry for chapter in own for entry in _entries(chapter)]
        yield from [H.li(H.span(part), H.ol(*entries))] if part else entries


def _entries(chapter: EpubChapter) -> Iterator[Element]:
    """Yield the entry of a chapter, with those of its sections below."""
    lists: list[tuple[int, Element]] = []
    for heading in chapter.headings:
        entry = H.li(_leading(chapter, heading))
        while lists and lists[-1][0] >= heading.level:
            lists.pop()
        if not lists:
            yield entry
        else:
            above = lists[-1][1]
            below = above.find(f"{{{XHTML}}}ol")
            if below is None:
                below = H.ol()
                above.append(below)
            below.append(entry)
        lists.append((heading.level, entry))


def _leading(chapter: EpubChapter, heading: Heading) -> Element:
    is_title = heading is chapter.headings[0]
    end = "" if is_title else f"#{heading.identifier}"
    return H.a({"href": f"{chapter.name}{end}"}, heading.words)


def _page(book: Book, title: str, *content: Element) -> Element:
    language = book.config.lang
    return H.html(
        {"lang": language, "{http://www.w3.org/XML/1998/namespace}lang": language},
        H.head(
            H.title(title),
            H.link(rel="stylesheet", type="text/css", href="assets/brand.css"),
            H.link(rel="stylesheet", type="text/css", href="assets/epub.css"),
        ),
        H.body(*content),
    )


# Archive


def _written(tree: Element, doctype: str = "<!DOCTYPE html>") -> bytes:
    written: bytes = etree.tostring(
        tree, encoding="utf-8", xml_declaration=True, doctype=doctype or None
    )
    return written


def _archive(book: Book, content: Mapping[str, bytes]) -> bytes:
    """Return files as an archive: the media type first, and as it is, so that it can be seen."""
    made = document_time(book.config).astimezone(UTC)
    moment = made.timetuple()[:6] if made.year >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        first = {"mimetype": b"application/epub+zip", "META-INF/container.xml": _CONTAINER}
        for name, each in {**first, **content}.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, each, packed, 9)
    return out.getvalue()
