"""Measuring and placing text in charts, in centimetres."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.patches import Rectangle

from reviewpress.figures.style import CENTIMETRE, TEXT, brand, families

POINT = 2.54 / 72
LINE = 1.25
KEY_BOX = 0.34
CAPITAL = 0.66
SAMPLE = 100
FIXED_POINT = 65536
"""Height of a capital as a share of the type size."""
_EAST = "\u2e80-\u3000\u3003-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CLOSING = "\u3001\u3002\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
_PIECE = re.compile(f" ?[{_EAST}][{_CLOSING}]*|(?: |^)?[^ {_EAST}]+| ")
"""What no line ends within: a word, or a letter of a script without spaces."""


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One entry of a chart's key: how a patch looks, and what it stands for."""

    label: str
    fill: str
    edge: str
    hatch: str = ""


def text_width(text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """Return the width of one line of text in centimetres."""
    return _width(text, size, bold, families())


def text_height(lines: int, size: float = TEXT) -> float:
    """Return the height of so many lines of text in centimetres."""
    return lines * size * LINE * POINT


def wrap(text: str, width: float, size: float = TEXT, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` centimetres; a longer word stands alone.

    Chinese and Japanese, which have no spaces, are broken between any two of their letters.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph):
            longer = line + piece
            if line and text_width(longer, size, bold=bold) > width:
                lines.append(line)
                line = piece.removeprefix(" ")
            else:
                line = longer
        lines.append(line)
    return lines


def write(
    axes: "Axes",
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    ha: str = "left",
    size: float = TEXT,
    bold: bool = False,
    colour: str | None = None,
) -> None:
    """Write lines of text in axes made by `sheet`, their middle at `y`.

    Each line stands alone: matplotlib's own line spacing depends on the letters in the lines.
    """
    pitch = text_height(1, size)
    first = y - pitch * (len(lines) - 1) / 2 + CAPITAL / 2 * size * POINT
    for number, line in enumerate(lines):
        axes.text(
            x, first + number * pitch, line, ha=ha, va="baseline", size=size,
            weight="bold" if bold else "normal", color=colour or ink(),
        )  # fmt: skip


def sheet(figure: "Figure") -> "Axes":
    """Return axes over the whole figure whose unit is the centimetre, y counted from the top."""
    width, height = (inches / CENTIMETRE for inches in figure.get_size_inches())
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return axes


def place_axes(figure: "Figure", left: float, top: float, width: float, height: float) -> "Axes":
    """Return axes of `width` by `height` centimetres whose upper left corner is at left, top."""
    full_width, full_height = (inches / CENTIMETRE for inches in figure.get_size_inches())
    box = (
        left / full_width,
        1 - (top + height) / full_height,
        width / full_width,
        height / full_height,
    )
    return figure.add_axes(box)


def key_rows(labels: Sequence[str], width: float) -> list[list[str]]:
    """Break the labels of a key into rows that fit `width`."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for label in labels:
        need = KEY_BOX + 0.15 + text_width(label) + 0.6
        if rows[-1] and used + need > width:
            rows.append([])
            used = 0.0
        rows[-1].append(label)
        used += need
    return rows


def key_height(items: Sequence[KeyItem], width: float) -> float:
    """Return the height of a key in centimetres."""
    return len(key_rows([item.label for item in items], width)) * 0.6 + 0.2 if items else 0.0


def draw_key(axes: "Axes", items: Sequence[KeyItem], left: float, top: float, width: float) -> None:
    """Draw a key in axes made by `sheet`, rows of boxes with their labels."""
    by_label = {item.label: item for item in items}
    for row, labels in enumerate(key_rows([item.label for item in items], width)):
        x, y = left, top + row * 0.6
        for label in labels:
            item = by_label[label]
            patch = Rectangle(
                (x, y), KEY_BOX, KEY_BOX, facecolor=item.fill, edgecolor=item.edge, linewidth=0.7
            )
            if item.hatch:
                patch.set_hatch(item.hatch)
            axes.add_patch(patch)
            x += KEY_BOX + 0.15
            write(axes, x, y + KEY_BOX / 2, [label])
            x += text_width(label) + 0.6


def ink() -> str:
    """Return the colour of text and outlines."""
    return brand().light["foreground"]


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool, family: tuple[str, ...]) -> float:
    return sum(_advance(character, bold, family) for character in text) * size * POINT


@lru_cache(maxsize=1024)
def _advance(character: str, bold: bool, family: tuple[str, ...]) -> float:
    """Return how far a character moves the pen, as a share of the type size.

    One that no font has is as wide as it is high: publishing the figure says what is lacking.
    """
    code = ord(character)
    for name in family:
        properties = FontProperties(family=[name], weight="bold" if bold else "normal")
        font = get_font(fontManager.findfont(properties))
        if font.get_char_index(code):
            font.set_size(SAMPLE, 72)
            glyph = font.load_char(code, flags=LoadFlags.NO_HINTING)
            return float(glyph.linearHoriAdvance) / FIXED_POINT / SAMPLE
    return 1.0
