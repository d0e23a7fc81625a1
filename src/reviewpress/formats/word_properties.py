"""The properties of a Word file: the document's own, none of the template's."""

from lxml import etree

from reviewpress.formats.properties import Properties
from reviewpress.formats.word_parts import DOCUMENT, Element, WordFile, find_all, qualified, said

_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_APPLICATION = "Reviewpress"


def set_properties(word: WordFile, properties: Properties) -> None:
    """Say in a Word file what it is, and how many words it has: pages only Word counts."""
    core = word.tree(_CORE)
    told = {
        "dc:title": properties.title,
        "dc:description": properties.description,
        "cp:keywords": "; ".join(properties.keywords),
        "dc:identifier": properties.identifier,
        # Word has no property for rights; of those that it has, this one it shows.
        "cp:category": properties.rights,
    }
    for name, text in told.items():
        _set(core, name, text)
    if _APP in word.parts:
        _describe(word, properties.publisher)


def _set(core: Element, name: str, text: str) -> None:
    tag = qualified(name)
    found = core.find(tag)
    if not text:
        if found is not None:
            core.remove(found)
        return
    if found is None:
        found = etree.SubElement(core, tag)
    found.text = text


def _describe(word: WordFile, company: str) -> None:
    paragraphs = find_all(word.tree(DOCUMENT), "//w:p")
    texts = [text for text in map(said, paragraphs) if text.strip()]
    told = {
        "Application": _APPLICATION,
        "Company": company,
        "Paragraphs": str(len(texts)),
        "Words": str(sum(len(text.split()) for text in texts)),
        "Characters": str(sum(len("".join(text.split())) for text in texts)),
        "CharactersWithSpaces": str(sum(map(len, texts))),
    }
    app = word.tree(_APP)
    app[:] = []
    app.text = None
    for name, text in told.items():
        if text:
            etree.SubElement(app, f"{{{_EXTENDED}}}{name}").text = text
