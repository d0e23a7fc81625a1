"""A figure to take away: its title, subtitle, source and licence around it, at twice the size.

What leaves the page has to say for itself what it shows, and whose it is.
"""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

from reviewpress.context import review_facts
from reviewpress.escaping import css_string
from reviewpress.figures.drawing.layout import CAPITAL, POINT, ink, text_height, text_width, wrap
from reviewpress.figures.letters import lend_letters
from reviewpress.figures.published import part_names
from reviewpress.figures.style import TEXT, brand, new_figure, usual_families
from reviewpress.figures.vector import named, new_drawing, write_svg
from reviewpress.fonts import cut_for_pages, needs_shaping

PNG_DPI = 200
"""Dots an inch: a little more than twice the 96 of a screen."""
TIMES = 2
LEAST = 11.0
"""Centimetres: a title beside a smaller chart would have a word a line."""
MARGIN = 0.3
GAP = 0.15
TITLE = 13.0
_PIXEL = 2.54 / PNG_DPI
_EDGE = round(MARGIN / _PIXEL)
"""Pixels beside a chart: it begins where its title does, and touches no edge."""


@dataclass(frozen=True, slots=True)
class FigureWords:
    """What is said around a figure."""

    title: str
    subtitle: str
    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: how far its base is from the top of its band, in centimetres."""

    text: str
    base: float
    size: float
    weight: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Band:
    """Lines above or below a chart, and how high they are in whole pixels."""

    lines: tuple[_Line, ...]
    pixels: int

    @property
    def height(self) -> float:
        return self.pixels * _PIXEL


def write_framed(
    figures: Sequence[Figure], drawn: Sequence[Element], base: Path, words: FigureWords
) -> None:
    """Write the PNG of each figure, and all of them below one another with their words.

    `drawn` are the figures as SVG; `base` is where the first is, without an ending.
    """
    pictures = [_raster(figure) for figure in figures]
    for picture, name in zip(pictures, part_names(base.name, len(pictures)), strict=True):
        picture.save(base.with_name(f"{name}.png"), dpi=(PNG_DPI, PNG_DPI))
    pixels = max(round(LEAST / _PIXEL), *(picture.width for picture in pictures)) + 2 * _EDGE
    head, foot = _head(words, pixels * _PIXEL), _foot(words, pixels * _PIXEL)
    titled = f"{base.name}-titled"
    whole = _pasted(pictures, _said(head, foot, pixels, base.name), head, pixels)
    whole.save(base.with_name(f"{titled}.png"), dpi=(PNG_DPI, PNG_DPI))
    heights = [picture.height * _PIXEL for picture in pictures]
    text = write_svg(_joined(drawn, heights, head, foot, pixels * _PIXEL, words))
    base.with_name(f"{titled}.svg").write_text(text, encoding="utf-8")


def _raster(figure: Figure) -> Image.Image:
    """Draw a figure in pixels; it has a ground, so that none of them is transparent."""
    content = BytesIO()
    figure.savefig(content, format="rgba", dpi=PNG_DPI)
    width = int(float(figure.get_size_inches()[0]) * PNG_DPI)
    size = (width, len(content.getvalue()) // 4 // width)
    return Image.frombuffer("RGBA", size, content.getvalue()).convert("RGB")


def _head(words: FigureWords, width: float) -> _Band:
    titles = wrap(words.title, width - 2 * MARGIN, TITLE, bold=True)
    below = wrap(words.subtitle, width - 2 * MARGIN) if words.subtitle else []
    under = MARGIN + text_height(len(titles), TITLE) + GAP
    lines = [*_lines(titles, MARGIN, TITLE, ink(), bold=True), *_lines(below, under, TEXT, ink())]
    return _Band(tuple(lines), round((under + text_height(len(below)) + GAP) / _PIXEL))


def _foot(words: FigureWords, width: float) -> _Band:
    texts = [text for text in (words.source, review_facts()) if text]
    rows = [row for text in texts for row in wrap(text, width - 2 * MARGIN)]
    lines = _lines(rows, GAP, TEXT, brand().light["secondary"])
    return _Band(tuple(lines), round((GAP + text_height(len(rows)) + MARGIN) / _PIXEL))


def _lines(
    texts: Sequence[str], top: float, size: float, colour: str, *, bold: bool = False
) -> Iterator[_Line]:
    pitch = text_height(1, size)
    for number, text in enumerate(texts):
        base = top + (number + 0.5) * pitch + CAPITAL / 2 * size * POINT
        yield _Line(text, base, size, "bold" if bold else "normal", colour)


def _pasted(
    pictures: Sequence[Image.Image], said: Image.Image, head: _Band, width: int
) -> Image.Image:
    """Return charts in pixels between the words around them."""
    height = said.height + sum(picture.height for picture in pictures)
    whole = Image.new("RGB", (width, height), brand().light["background"])
    whole.paste(said.crop((0, 0, width, head.pixels)), (0, 0))
    top = head.pixels
    for picture in pictures:
        whole.paste(picture, (_EDGE, top))
        top += picture.height
    whole.paste(said.crop((0, head.pixels, width, said.height)), (0, top))
    return whole


def _said(head: _Band, foot: _Band, pixels: int, name: str) -> Image.Image:
    """Draw the words above and below a chart in one picture."""
    width, height = pixels * _PIXEL, head.height + foot.height
    # A hair more: what is drawn is cut to whole pixels.
    figure = new_figure(height + _PIXEL / 9, width + _PIXEL / 9)
    for band, top in ((head, 0.0), (foot, head.height)):
        for line in band.lines:
            figure.text(
                MARGIN / width, 1 - (top + line.base) / height, line.text,
                size=line.size, weight=line.weight, color=line.colour, va="baseline",
            )  # fmt: skip
    lend_letters(figure, name)
    return _raster(figure)


def _joined(
    drawn: Sequence[Element],
    heights: Sequence[float],
    head: _Band,
    foot: _Band,
    width: float,
    words: FigureWords,
) -> Element:
    """Return charts as SVG between the words around them, twice as large."""
    height = head.height + sum(heights) + foot.height
    size = (width / POINT, height / POINT)
    root = new_drawing(size, tuple(f"{round(each * TIMES * 96 / 72)}" for each in size))
    root.append(
        Element("rect", {"width": "100%", "height": "100%", "fill": brand().light["background"]})
    )
    root.extend(_text_of(line, line.base) for line in head.lines)
    top = head.height
    for part, tall in zip(drawn, heights, strict=True):
        root.append(_placed(part, top))
        top += tall
    root.extend(_text_of(line, top + line.base) for line in foot.lines)
    written: defaultdict[bool, set[str]] = defaultdict(set)
    for text, points, bold in _texts(root):
        # A program that reads no fonts from a file has another, in which the text would run over.
        length = text_width(text.text or "", points, bold=bold) / POINT
        text.attrib |= {"textLength": f"{length:.2f}", "lengthAdjust": "spacingAndGlyphs"}
        written[bold] |= set(text.text or "")
    root.insert(0, _fonts_in(written))
    description = " ".join(filter(None, (words.subtitle, words.alt, words.source)))
    return named(root, words.title, description)


def _fonts_in(written: Mapping[bool, set[str]]) -> Element:
    """Return a style sheet that holds the fonts of a picture's texts, of its characters alone."""
    rules = []
    family = usual_families()[0]
    for bold, characters in sorted(written.items()):
        weight = 700 if bold else 400
        wanted = font_manager.FontProperties(family=[family], weight=weight)
        path = Path(font_manager.findfont(wanted))
        text = "".join(sorted(characters))
        # Each text has its length, so that kerning would change nothing.
        cut = cut_for_pages(path, text, f"{family} Part", shaping=needs_shaping(text))
        content = b64encode(cut)
        rules.append(
            f"@font-face{{font-family:{css_string(family)};font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{content.decode('ascii')})}}"
        )
    style = Element("style")
    style.text = "\n".join(rules)
    return style


def _text_of(line: _Line, base: float) -> Element:
    families = f"'{usual_families()[0]}', sans-serif"
    given = {"x": f"{MARGIN / POINT:.2f}", "y": f"{base / POINT:.2f}", "fill": line.colour,
             "font-family": families, "font-size": f"{line.size:g}px"}  # fmt: skip
    element = Element("text", given | ({"font-weight": "700"} if line.weight == "bold" else {}))
    element.text = line.text
    return element


def _placed(drawn: Element, top: float) -> Element:
    """Return a chart as a part of a larger picture."""
    inner = deepcopy(drawn)
    inner.tag = "g"
    shared = ("font-family", "font-size")
    inner.attrib = {name: inner.attrib[name] for name in shared if name in inner.attrib}
    inner.attrib["transform"] = f"translate({_EDGE * _PIXEL / POINT:.2f} {top / POINT:.2f})"
    return inner


def _texts(
    element: Element, family: str = "", size: str = ""
) -> Iterator[tuple[Element, float, bool]]:
    """Yield the texts in house style, each with its size and whether it is bold."""
    family = element.attrib.get("font-family", family)
    size = element.attrib.get("font-size", size)
    for child in element:
        if child.tag != "text":
            yield from _texts(child, family, size)
            continue
        own = child.attrib.get("font-family", family)
        given = child.attrib.get("font-size", size).removesuffix("px")
        if child.text and given and own.startswith(f"'{usual_families()[0]}'"):
            yield child, float(given), child.attrib.get("font-weight", "400") >= "600"
