"""What made files say: pages and Word files as trees of elements, for tests that look into them."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

from lxml import etree, html
from lxml.etree import _Element as Element

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
W = f"{{{NAMES['w']}}}"


class Page:
    """A web page, or a part of one."""

    def __init__(self, source: str | Path | html.HtmlElement) -> None:
        if isinstance(source, Path):
            source = source.read_text(encoding="utf-8")
        self.root = html.document_fromstring(source) if isinstance(source, str) else source

    def all(self, path: str) -> "list[Page]":
        """Return the elements that an XPath leads to."""
        return [Page(element) for element in self.root.xpath(path)]

    def one(self, path: str) -> "Page":
        """Return the one element that an XPath leads to."""
        [found] = self.all(path)
        return found

    def values(self, path: str) -> list[str]:
        """Return the attributes or texts that an XPath leads to."""
        return [str(found) for found in self.root.xpath(path)]

    def get(self, name: str) -> str:
        """Return an attribute, empty where there is none."""
        return str(self.root.get(name, ""))

    def words(self) -> str:
        """Return what is written there, runs of white space as one space."""
        said = self.root.xpath(".//text()[not(parent::script or parent::style)]")
        return " ".join("".join(said).split())


def word_part(document: bytes | Path, name: str = "word/document.xml") -> Element:
    """Return a part of a Word file as a tree."""
    source = io.BytesIO(document) if isinstance(document, bytes) else document
    with zipfile.ZipFile(source) as archive:
        return etree.fromstring(archive.read(name))


def styled(root: Element, style: str) -> list[Element]:
    """Return the paragraphs of a style."""
    path = ".//w:p[w:pPr/w:pStyle/@w:val=$style]"
    return root.xpath(path, namespaces=NAMES, style=style)


def said(element: Element) -> str:
    """Return the words in an element of a Word file."""
    return "".join(text.text or "" for text in element.iter(f"{W}t")).replace("\xa0", " ")


class Word(NamedTuple):
    """A word on a page, by its edges."""

    page: int
    top: float
    left: float
    right: float
    text: str


def words_of(folder: Path) -> list[Word]:
    """Return each word of a PDF with its place."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    [pdf] = folder.glob("*.pdf")
    told = subprocess.run([program, "-bbox", str(pdf), "-"], capture_output=True, text=True)
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>'
    return [
        Word(number, round(float(top)), float(left), float(right), text)
        for number, page in enumerate(told.stdout.split("<page "))
        for left, top, right, text in re.findall(pattern, page)
    ]
