"""Word files as trees of elements.

Whoever writes a Word file chooses prefixes, blanks and the order of attributes; a tree has none of
these. Properties of a thing have an order in Word's schema (ECMA-376), which `put` keeps.
"""

import io
import zipfile
from functools import cache
from itertools import count
from typing import TypeAlias

from lxml import etree

from reviewpress.archives import unpack
from reviewpress.errors import EngineError

Element: TypeAlias = etree._Element
DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "custom": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "type": "http://schemas.openxmlformats.org/package/2006/content-types",
}
_FOLLOWING = {
    "pPr": "keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr"
    " shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE"
    " autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing"
    " mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl"
    " divId cnfStyle rPr sectPr pPrChange",
    "sectPr": "titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange",
    "trPr": "cantSplit trHeight tblHeader tblCellSpacing jc hidden ins del trPrChange",
    "tcPr": "tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign"
    " hideMark headers cellIns cellDel cellMerge tcPrChange",
    "style": "pPr rPr tblPr trPr tcPr tblStylePr",
    "tblPr": "bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd"
    " tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "settings": "autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps"
    " showEnvelope summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders"
    " bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets drawingGridHorizontalSpacing"
    " drawingGridVerticalSpacing displayHorizontalDrawingGridEvery"
    " displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin"
    " drawingGridHorizontalOrigin drawingGridVerticalOrigin doNotShadeFormData"
    " noPunctuationKerning characterSpacingControl printTwoOnOne strictFirstAndLastChars"
    " noLineBreaksAfter noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema"
    " saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml"
    " saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace"
    " updateFields hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr"
    " attachedSchema themeFontLang clrSchemeMapping"
    " doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions"
    " readModeInkLockDown smartTagType schemaLibrary shapeDefaults doNotEmbedSmartTags"
    " decimalSymbol listSeparator",
}
"""The end of the order in which each has its parts, from the first that is put in."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
for _prefix, _address in NAMES.items():
    etree.register_namespace(_prefix, _address)


class WordFile:
    """The parts of a Word file. Those that were taken as trees are written anew, others kept."""

    def __init__(self, content: bytes) -> None:
        self.parts = unpack(content)
        self._trees: dict[str, Element] = {}

    def tree(self, name: str) -> Element:
        """Return a part as a tree that may be changed; EngineError where it is not as in Word."""
        if name not in self._trees:
            try:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                self._trees[name] = etree.fromstring(self.parts[name], parser)
            except (KeyError, etree.XMLSyntaxError):
                raise EngineError(f"the Word file has no valid {name}.") from None
        return self._trees[name]

    def add(self, name: str, root: Element, kind: str) -> str:
        """Add a part that belongs to the document, and return the id of that relation."""
        relations = self.tree("word/_rels/document.xml.rels")
        taken = {relation.get("Id") for relation in relations}
        number = next(
            name for name in map("rId{}".format, count(len(relations) + 80)) if name not in taken
        )
        _extend(relations, "rel:Relationship", Id=number, Target=name.removeprefix("word/"),
                Type=f"{NAMES['r']}/{kind}")  # fmt: skip
        content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        _extend(self.tree("[Content_Types].xml"), "type:Override", PartName=f"/{name}",
                ContentType=content)  # fmt: skip
        self.parts[name], self._trees[name] = b"", root
        return number

    def content(self) -> bytes:
        """Return the file: the same parts give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in self.parts.items():
                if name in self._trees:
                    content = etree.tostring(self._trees[name], xml_declaration=True,
                                             encoding="UTF-8", standalone=True)  # fmt: skip
                method = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, method)
        return buffer.getvalue()


@cache
def qualified(name: str) -> str:
    """Return a name with a prefix as lxml has it.

    >>> qualified("dcterms:created")
    '{http://purl.org/dc/terms/}created'
    """
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def w(tag: str, *content: Element | str | None, **attributes: object) -> Element:
    """Make an element of Word's, of others or of text. What is None is left out.

    >>> etree.tostring(w("pPr", w("ind", left=400, right=None))).partition(b">")[2]
    b'<w:ind w:left="400"/></w:pPr>'
    """
    given = {qualified(f"w:{key}"): str(of) for key, of in attributes.items() if of is not None}
    element = etree.Element(qualified(f"w:{tag}"), given)
    for each in content:
        if isinstance(each, str):
            element.text = each
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif each is not None:
            element.append(each)
    return element


def find_all(element: Element, path: str) -> list[Element]:
    """Return all elements that an XPath leads to, those of Word's with the prefix `w`."""
    found: list[Element] = element.xpath(path, namespaces=NAMES)
    return found


def need(element: Element, path: str) -> Element:
    """Return the first element at a path; EngineError where a Word file has none."""
    found = element.find(path, NAMES)
    if found is None:
        raise EngineError(f"the Word file has a {element.tag} without {path}.")
    return found


def value(element: Element, path: str = "", name: str = "val") -> str:
    """Return an attribute of Word's, of the first element at a path; empty where there is none."""
    found = element.find(path, NAMES) if path else element
    return "" if found is None else found.get(qualified(f"w:{name}"), "")


def style_of(element: Element) -> str:
    """Return the id of a paragraph's style, empty for what has none."""
    return value(element, "w:pPr/w:pStyle") if element.tag == qualified("w:p") else ""


def said(element: Element, *, between_lines: str = "") -> str:
    """Return the words in an element, and what is asked for in place of its line breaks."""
    line = qualified("w:br")
    parts = element.iter(qualified("w:t"), line)
    return "".join(between_lines if part.tag == line else part.text or "" for part in parts)


def properties(element: Element) -> Element:
    """Return the properties of a paragraph, row or cell, which stand first in it."""
    found = element.find(f"{element.tag}Pr")
    if found is None:
        found = element.makeelement(f"{element.tag}Pr")
        element.insert(0, found)
    return found


def put(parent: Element, child: Element) -> None:
    """Put a property in its place, instead of another of its name."""
    following = _following(parent.tag, child.tag)
    at = next((n for n, each in enumerate(parent) if each.tag in following), len(parent))
    parent.insert(at, child)
    for old in child.itersiblings(child.tag):
        parent.remove(old)


@cache
def _following(parent: str, child: str) -> tuple[str, ...]:
    """Return the tags of what may not stand before a property."""
    tags = [qualified(f"w:{name}") for name in _FOLLOWING[parent.rpartition("}")[2]].split()]
    return tuple(tags[tags.index(child) :])


def _extend(parent: Element, name: str, **attributes: str) -> None:
    etree.SubElement(parent, qualified(name), attributes)
