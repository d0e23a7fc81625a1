"""The chapters of an EPUB as trees of elements: links, pictures, and the headings of contents."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from reviewpress.assemble.links import is_external
from reviewpress.formats.objects import EPUB

Element: TypeAlias = etree._Element
XHTML = "http://www.w3.org/1999/xhtml"
_HTML = f"{{{XHTML}}}"
_PAGE = EPUB.page_ending


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the contents: its level, its words, its id."""

    level: int
    words: str
    identifier: str


_HOLDS = {
    "mathml": "{http://www.w3.org/1998/Math/MathML}math",
    "svg": "{http://www.w3.org/2000/svg}svg",
}


@dataclass(frozen=True, slots=True)
class EpubChapter:
    """A chapter's file in an EPUB: its name, its text, and what navigation is to know of it."""

    name: str
    tree: Element
    headings: tuple[Heading, ...]
    images: frozenset[str]
    part: str
    has_references: bool
    holds: tuple[str, ...]
    """What a reader's program has to know for it: `svg`, `mathml`."""


def finish_chapter(
    tree: Element, name: str, *, folder: str, depth: int, part: str, has_references: bool
) -> EpubChapter:
    """Return a chapter whose pictures have their names in the EPUB, and links lead to files in it.

    `folder` is where the chapter's own file is in the review. What a link would lead to outside
    the EPUB, such as a table beside the pages, is not there to a reader: its words stay.
    """
    images = frozenset(_name_images(tree, name, folder))
    for link in list(tree.iter(f"{_HTML}a")):
        href = link.get("href")
        if href and not is_external(href) and not _leads_to_chapter(href):
            _unwrap(link)
    headings = tuple(_headings(tree, depth))
    holds = tuple(what for what, tag in _HOLDS.items() if next(tree.iter(tag), None) is not None)
    return EpubChapter(name, tree, headings, images, part, has_references, holds)


def words_in(element: Element) -> str:
    """Return the words of an element, without references to notes."""
    notes = {id(each) for link in element.iter(f"{_HTML}a") if link.get("role") == "doc-noteref"
             for each in link.iter()}  # fmt: skip
    said = []
    for each in element.iter():
        if id(each) not in notes:
            said.append(each.text or "")
        if each is not element:
            said.append(each.tail or "")
    return " ".join("".join(said).split())


def _name_images(tree: Element, name: str, folder: str) -> Iterator[str]:
    here = posixpath.dirname(name)
    for image in tree.iter(f"{_HTML}img"):
        source = unquote(image.get("src", ""))
        inner = source.lstrip("/") if source.startswith("/") else posixpath.join(folder, source)
        goal = EPUB.file_name(posixpath.normpath(inner))
        image.set("src", posixpath.relpath(goal, here or "."))
        yield goal


def _leads_to_chapter(href: str) -> bool:
    file = href.partition("#")[0]
    return not file or file.endswith(_PAGE)


def _unwrap(element: Element) -> None:
    """Leave the words of a link without the link."""
    element.tag = f"{_HTML}span"
    for name in ("href", "download", "title"):
        element.attrib.pop(name, None)


def _headings(tree: Element, depth: int) -> Iterator[Heading]:
    """Yield the title, and the sections as deep as the contents go: none in a box of its own."""
    wanted = {f"{_HTML}h{level}": level for level in range(1, max(depth, 1) + 1)}
    for element in tree.iter(*wanted):
        in_box = any(above.get("role") == "note" for above in element.iterancestors())
        if element.get("id") and not in_box:
            yield Heading(wanted[str(element.tag)], words_in(element), str(element.get("id")))
