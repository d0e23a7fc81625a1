"""What a Word document says, read from its text and styles: for the comparison of engines."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

Said = dict[str, list[tuple[str, str]]]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CAPTIONS = frozenset(("ImageCaption", "TableCaption", "Caption", "CaptionedFigureCaption"))
_REFERENCES = frozenset(("Reference", "ReferenceNumbered", "Bibliography"))
# The lists of places that cite a reference, as on the pages, and contents lists, as in a PDF.
_ASIDE = re.compile(r"(?i)CitedIn|TOC.*|TableOfFigures")


def read_word(path: Path) -> Said:
    """Return what a Word document says, by kind; each thing with a name (or none) and its words.

    headings (by level), captions, alternatives, crossrefs and citations (by the bookmark they lead
    to), other links, references, messages (key messages), scopes (header rows of tables), sizes (of
    pictures) and text. Whether a caption is styled as a figure's or a table's is left out, and so
    are tables that only hold a figure: Quarto lays figures out in such tables.
    """
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
        targets = _targets(archive)
    kinds = ("headings", "captions", "alternatives", "crossrefs", "citations", "links",
             "references", "messages", "scopes", "sizes", "text")  # fmt: skip
    said: Said = {kind: [] for kind in kinds}
    for drawing in root.iter(f"{_DRAWING}docPr"):
        said["alternatives"].append(("", drawing.get("descr", "")))
    for extent in root.iter(f"{_DRAWING}extent"):
        said["sizes"].append(("", f"{extent.get('cx')} by {extent.get('cy')}"))
    for table in root.iter(f"{_W}tbl"):
        rows = sum(1 for _ in table.iter(f"{_W}tblHeader"))
        if rows:
            said["scopes"].append(("", f"header rows {rows}"))
    for paragraph in root.iter(f"{_W}p"):
        style = _style(paragraph)
        words = _text(paragraph)
        if words and not _ASIDE.fullmatch(style):
            kind, name = _kind_of(style)
            said[kind].append((name, words))
        if not _ASIDE.fullmatch(style):
            for link in paragraph.iter(f"{_W}hyperlink"):
                kind, name = _kind_of_link(link, targets)
                said[kind].append((name, _text(link)))
    return said


def _kind_of(style: str) -> tuple[str, str]:
    if style.startswith("Heading"):
        return "headings", style
    if style in _CAPTIONS:
        return "captions", ""
    if style in _REFERENCES:
        return "references", ""
    return ("messages", "") if style == "KeyMessage" else ("text", "")


def _kind_of_link(link: ElementTree.Element, targets: dict[str, str]) -> tuple[str, str]:
    anchor = link.get(f"{_W}anchor", "")
    if anchor.startswith(("fig-", "tbl-", "sec-", "eq-")):
        return "crossrefs", anchor
    if anchor.startswith("ref-"):
        return "citations", anchor.removeprefix("ref-")
    return "links", anchor or targets.get(link.get(f"{_R}id", ""), "")


def _style(paragraph: ElementTree.Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else found.get(f"{_W}val", "")


def _text(element: ElementTree.Element) -> str:
    return " ".join("".join(_texts(element)).split())


def _texts(element: ElementTree.Element) -> Iterator[str]:
    for node in element.iter():
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag in (f"{_W}tab", f"{_W}br"):
            yield " "


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    name = "word/_rels/document.xml.rels"
    if name not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read(name))
    return {each.get("Id", ""): each.get("Target", "") for each in root}
