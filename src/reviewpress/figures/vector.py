"""A figure as SVG: what matplotlib draws, for a page, for the PDF, and to stand alone.

How it looks is said by attributes: where a server's policy is strict, a style sheet inside a
picture has no effect. Its ids begin with the figure's own, so that a page can have several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

SPACE = "http://www.w3.org/2000/svg"
CLASS = "rp-chart"
"""What an SVG of ours is known by, and pages style it by."""
GROUND = "ground"
"""The class of the paper behind a chart, which pages leave out."""
_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_MEASURES = ("d", "x", "y", "width", "height", "points")
_SHARED = ("font-family", "font-size")
_UPRIGHT = re.compile(r"rotate\(-?0 [^)]*\)")
_PASSED_ON = ("fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap")
"""What a group can say for all that is in it."""


def draw_svg(figure: Figure, id: str) -> Element:
    """Draw a figure as SVG; ids in it begin with `id`."""
    drawn = BytesIO()
    figure.savefig(drawn, format="svg", metadata=_METADATA)
    root = _without_namespaces(ElementTree.fromstring(drawn.getvalue()))
    _mark_ground(root)
    for element in root.iter():
        _style_by_attributes(element)
        _shorten(element)
    _rename_ids(root, id)
    _prune(root)
    _share_type(root)
    size = (root.attrib["width"], root.attrib["height"])
    shared = {name: root.attrib[name] for name in _SHARED if name in root.attrib}
    root.attrib = _attributes(root.attrib["viewBox"], size) | shared
    return root


def new_drawing(box: tuple[float, float], size: tuple[str, ...]) -> Element:
    """Return an SVG without anything in it, of so many points, shown at `size`."""
    return Element("svg", _attributes(f"0 0 {box[0]:.2f} {box[1]:.2f}", size))


def named(root: Element, title: str, description: str) -> Element:
    """Put title and description into an SVG, for who meets the file on its own."""
    for number, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = Element(tag)
        element.text = text
        root.insert(number, element)
    return root


def write_svg(root: Element) -> str:
    """Return an SVG as text, an element a line."""
    for element in root.iter():
        element.tail = "\n"
        if len(element) and not (element.text or "").strip():
            element.text = "\n"
    return ElementTree.tostring(root, encoding="unicode")


def _attributes(box: str, size: tuple[str, ...]) -> dict[str, str]:
    # In a text from right to left, too, what is at the left stays there.
    return {
        "class": CLASS, "role": "img", "xmlns": SPACE, "width": size[0], "height": size[1],
        "viewBox": box, "stroke-linejoin": "round", "direction": "ltr",
        "text-rendering": "geometricPrecision",
    }  # fmt: skip


def _without_namespaces(root: Element) -> Element:
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if "}" in name]:
            element.attrib[name.rpartition("}")[2]] = element.attrib.pop(name)
    return root


def _mark_ground(root: Element) -> None:
    """Mark the figure's own patch, which is drawn first."""
    for group in root.iter("g"):
        if group.get("id") == "patch_1":
            for path in group.iter("path"):
                path.set("class", GROUND)
            return


def _style_by_attributes(element: Element) -> None:
    for rule in element.attrib.pop("style", "").split(";"):
        name, _, value = rule.partition(":")
        if name.strip():
            element.attrib[name.strip()] = value.strip()
    # A browser has no font of this name; its own stands in for letters and signs alike.
    family = element.attrib.get("font-family")
    if family:
        names = [name for name in family.split(", ") if name not in ("'DejaVu Sans'", "sans-serif")]
        element.attrib["font-family"] = ", ".join([*names, "sans-serif"])


def _shorten(element: Element) -> None:
    """Leave out what says nothing, and digits that nobody sees."""
    for name in _MEASURES:
        if name in element.attrib:
            short = _NUMBER.sub(_rounded, element.attrib[name])
            element.attrib[name] = " ".join(short.split())
    if _UPRIGHT.fullmatch(element.attrib.get("transform", "")):
        del element.attrib["transform"]
    if element.tag == "text" and re.search(r"  |^ | $", element.text or ""):
        element.set("xml:space", "preserve")


def _rounded(number: re.Match[str]) -> str:
    # Nothing is added to what is exact; minus nothing is nothing.
    return f"{round(float(number[0]), 2) + 0.0:g}" if abs(float(number[0])) < 10_000 else number[0]


def _rename_ids(root: Element, id: str) -> None:
    """Keep the ids that something refers to, each with the figure's own before it."""
    wanted = list(dict.fromkeys(_references(root)))
    names = {old: f"{id}-{number}" for number, old in enumerate(wanted, start=1)}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in names:
            element.attrib["id"] = names[own]
        for name, value in element.attrib.items():
            if name == "href" and value.removeprefix("#") in names:
                element.attrib[name] = f"#{names[value.removeprefix('#')]}"
            elif "url(#" in value:
                element.attrib[name] = _REFERENCE.sub(lambda f: f"url(#{names[f[1]]})", value)


def _references(root: Element) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "href" and value.startswith("#"):
                yield value[1:]
            yield from _REFERENCE.findall(value)


def _prune(element: Element) -> None:
    """Leave out groups that say nothing, and paths that nobody sees; say alike things once."""
    kept: list[Element] = []
    for child in element:
        _prune(child)
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
        elif child.tag == "defs" and not any(part.tag != "style" for part in child):
            continue
        elif not _is_unseen(child):
            kept.append(child)
    element[:] = kept
    if element.tag == "g" and len(kept) > 1 and {child.tag for child in kept} == {"use"}:
        _say_once(element)


def _is_unseen(element: Element) -> bool:
    paints = element.attrib.get("stroke"), element.attrib.get("fill")
    return element.tag == "path" and "id" not in element.attrib and paints == (None, "none")


def _say_once(group: Element) -> None:
    for name in _PASSED_ON:
        values = {child.attrib.get(name) for child in group}
        value = values.pop()
        if value is not None and not values:
            group.attrib[name] = value
            for child in group:
                del child.attrib[name]


def _share_type(root: Element) -> None:
    """Say at the root what font most texts are set in."""
    for name in _SHARED:
        given = Counter(text.attrib.get(name, "") for text in root.iter("text"))
        if not given:
            continue
        usual = given.most_common(1)[0][0]
        root.attrib[name] = usual
        for text in root.iter("text"):
            if text.attrib.get(name) == usual:
                del text.attrib[name]
