"""SVG pictures of a review: what in them would run, or fetch something, when they are opened.

A picture is published as its author made it or not at all: nothing is taken out in silence. What
may be in one is listed here; https://www.w3.org/TR/SVG2/ calls the rest script and foreign content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reviewpress.errors import Place, Problem

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES = 20_000_000
"""What an SVG picture may take: to read that many bytes takes seconds."""
HINT = "Draw it without that, or save it as “plain SVG” from the program that made it."

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_ELEMENTS = frozenset(
    ("a", "animate", "animateMotion", "animateTransform", "circle", "clipPath",
     "color-profile", "cursor", "defs", "desc", "ellipse", "feBlend", "feColorMatrix",
     "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting",
     "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB",
     "feFuncG", "feFuncR", "feGaussianBlur", "feImage", "feMerge", "feMergeNode",
     "feMorphology", "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile",
     "feTurbulence", "filter", "font", "font-face", "font-face-format", "font-face-name",
     "font-face-src", "font-face-uri", "g", "glyph", "hkern", "image", "line",
     "linearGradient", "marker", "mask", "metadata", "missing-glyph", "mpath", "path",
     "pattern", "polygon", "polyline", "radialGradient", "rect", "set", "solidcolor", "stop",
     "style", "svg", "switch", "symbol", "text", "textPath", "title", "tref", "tspan", "use",
     "view", "vkern")
)  # fmt: skip
_DESCRIBES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://inkscape.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns",
    "http://web.resource.org/cc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.serif.com/",
    "http://schemas.microsoft.com/visio/",
    "http://www.corel.com/",
    "https://boxy-svg.com",
    "http://xmlns.com/foaf/",
)
"""Vocabularies in which programs note what is theirs: nothing draws, runs or fetches by them."""

_ADDRESSES = ("href", "src", "base")
_HELD = re.compile(
    r"data:(?:image/(?:png|jpe?g|gif|webp)|(?:application/)?(?:x-)?font\b)[^,]*,", re.I
)
_LINKED = ("http", "https", "mailto")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.S)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_FETCHED = re.compile(r"\burl\(\s*['\"]?\s*([^'\")]*)|(?:-webkit-)?image-set\(|\bsrc\(", re.I)
_ACTIVE = re.compile(
    r"@import|@namespace|javascript:|expression\s*\(|-moz-binding|behavior\s*:", re.I
)


def check_svg(content: bytes, name: str) -> Iterator[Problem]:
    """Yield a problem for each part of a picture that would run or fetch something.

    What cannot be read as XML is one, too, and what is too large for a page to show.
    """
    if len(content) > MOST_BYTES:
        size = f"{len(content) / 1_000_000:,.0f} MB"
        message = f"the picture takes {size}, more than a page can show: {MOST_BYTES // 10**6} MB."
        yield Problem("picture", message, Place(name), "Draw fewer shapes, or save it as PNG.")
        return
    for line, what in _active_parts(content):
        yield Problem("picture", f"the picture {what}", Place(name, line=line), HINT)


def is_svg(path: Path) -> bool:
    """Whether a file's name says that it is an SVG picture."""
    return path.suffix.lower() in (".svg", ".svgz")


def _active_parts(content: bytes) -> Iterator[tuple[int | None, str]]:
    # Imported here: few reviews have pictures of their own, and all look for them.
    from lxml import etree

    if content[:2] == b"\x1f\x8b":
        yield None, "is compressed, and cannot be looked into."
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        yield line or None, "is not valid XML."
        return
    if root.tag != f"{{{_SVG}}}svg":
        yield 1, f"is not SVG: its outermost element is <{_local(root.tag)}>."
        return
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in (*subset.entities(), *subset.elements())):
        yield 1, "defines entities."
    before = root.getprevious()
    while before is not None:
        yield from _of_node(before)
        before = before.getprevious()
    for node in root.iter():
        yield from _of_node(node)


def _of_node(node: etree._Element) -> Iterator[tuple[int | None, str]]:
    line = node.sourceline
    if not isinstance(node.tag, str):
        kind = node.tag.__name__  # what makes it: lxml's way to say what is no element
        if kind == "ProcessingInstruction":
            yield line, f"has the instruction <?{node.target}?>."
        elif kind == "Entity":
            yield line, f"has the entity {node.text}."
        return
    space, name = _space(node.tag), _local(node.tag)
    if space.startswith(_DESCRIBES):
        return
    if space != _SVG or name not in _ELEMENTS:
        yield line, f"has the element <{name}>."
        return
    if name == "style":
        yield from ((line, what) for what in _of_style("".join(map(str, node.itertext()))))
    for attribute, value in node.attrib.items():
        yield from ((line, what) for what in _of_attribute(name, str(attribute), str(value)))


def _of_attribute(element: str, attribute: str, value: str) -> Iterator[str]:
    space, name = _space(attribute), _local(attribute)
    if space.startswith(_DESCRIBES):
        return
    lower = name.lower()
    if lower.startswith("on"):
        yield f"has the attribute {name} of <{element}>."
    elif lower in _ADDRESSES and space in ("", _XLINK, _XML):
        if not _stays_inside(element, value):
            yield f"leads to {_shown(value)}."
    elif lower == "attributename":
        target = value.strip().lower().rpartition(":")[2]
        if target in _ADDRESSES or target.startswith("on"):
            yield f"changes {value.strip()} by itself."
    else:
        yield from _of_style(value)


def _of_style(text: str) -> Iterator[str]:
    """Yield what a style sheet, or a value that may hold an address, would fetch or run."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", text))
    active = _ACTIVE.search(plain)
    if active:
        yield f"has {active[0]} in a style."
    for found in _FETCHED.finditer(plain):
        if found[1] is None or not _stays_inside("", found[1]):
            yield f"fetches {_shown(found[1] or found[0])}."


def _stays_inside(element: str, address: str) -> bool:
    """Whether an address is of the picture itself, or only followed where a reader clicks."""
    written = "".join(address.split())
    if not written or written.startswith("#") or _HELD.match(written):
        return True
    try:
        return element == "a" and urlsplit(written).scheme.lower() in _LINKED
    except ValueError:
        return False


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return str(found[2])
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0xD800 else "\N{REPLACEMENT CHARACTER}"


def _shown(address: str) -> str:
    line = " ".join(address.split())
    return line if len(line) <= 60 else f"{line[:60]}…"


def _space(tag: object) -> str:
    return str(tag).rpartition("}")[0].lstrip("{")


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
