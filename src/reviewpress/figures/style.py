"""The house style of charts: the brand's colours and type, no frames, direct labels.

Charts are made at the width they are printed, 15.4 cm, so that a text size is what it says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from pathlib import Path

import matplotlib
from cycler import cycler
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

from reviewpress.brand import TEXT_CONTRAST, Brand, contrast, mix
from reviewpress.context import review_labels, review_root
from reviewpress.extension import find_extension
from reviewpress.fallback_fonts import Face, fallbacks
from reviewpress.store.digests import digest_or_absent
from reviewpress.tables.reads import reads, relative_name

WIDTH = 15.4
PAGE_HEIGHT = 22.5
"""Centimetres that a page has for a figure and its caption."""
_width: ContextVar[float] = ContextVar("width", default=WIDTH)
_in_style: ContextVar[bool] = ContextVar("in_style", default=False)
CENTIMETRE = 1 / 2.54
TEXT = 10.0
SMALL = 10.0
FALLBACK = "DejaVu Sans"


def brand() -> Brand:
    """Return the review's brand, and record its files as read."""
    return _brand(review_root())


@contextmanager
def house_style() -> Iterator[None]:
    """Make matplotlib draw in house style, whatever the user's own settings are.

    Within the block, entering it again changes nothing.
    """
    if _in_style.get():
        yield
        return
    before = _in_style.set(True)
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(settings())
            yield
    finally:
        _in_style.reset(before)


def page_width() -> float:
    """Return how many centimetres wide charts are drawn: as printed, unless told otherwise."""
    return _width.get()


@contextmanager
def drawn_at(width: float) -> Iterator[None]:
    """Make charts `width` centimetres wide within the block."""
    before = _width.set(width)
    try:
        yield
    finally:
        _width.reset(before)


def new_figure(height: float, width: float | None = None) -> "Figure":
    """Return an empty figure of so many centimetres, as wide as the page unless told."""
    with house_style():
        return Figure(figsize=((width or page_width()) * CENTIMETRE, height * CENTIMETRE))


def families() -> tuple[str, ...]:
    """Return the fonts that charts are set in, the first that has a character first."""
    return _families(review_root(), review_labels().lang)


def usual_families() -> tuple[str, ...]:
    """Return the first of them, which have all letters of most texts.

    matplotlib looks for each font that a text names whenever it draws the text.
    """
    return (families()[0], FALLBACK)


def settings() -> dict[RcKeyType, object]:
    """Return matplotlib's settings for house style."""
    colours = brand().light
    return {
        "font.family": list(usual_families()),
        # What an author's figure is set in that names no font.
        "font.sans-serif": list(usual_families()),
        "font.size": TEXT,
        "text.color": colours["foreground"],
        "axes.labelcolor": colours["secondary"],
        "axes.labelsize": SMALL,
        "axes.edgecolor": colours["secondary"],
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "axes.prop_cycle": _cycle(),
        "axes.axisbelow": True,
        "xtick.color": colours["secondary"],
        "ytick.color": colours["secondary"],
        "xtick.labelcolor": colours["foreground"],
        "ytick.labelcolor": colours["foreground"],
        "xtick.labelsize": TEXT,
        "ytick.labelsize": TEXT,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "grid.color": colours["line"],
        "grid.linewidth": 0.5,
        "legend.frameon": False,
        "legend.fontsize": SMALL,
        "figure.facecolor": colours["background"],
        "savefig.facecolor": colours["background"],
        "savefig.bbox": None,
        "savefig.dpi": 200,
        "svg.fonttype": "none",
        "svg.hashsalt": "reviewpress",
        "hatch.linewidth": 0.7,
        "hatch.color": colours["background"],
        "path.simplify": True,
        # A dollar sign in the data is a dollar sign.
        "text.parse_math": False,
    }


def series_colours(count: int) -> tuple[str, ...]:
    """Return fills for `count` series, from dark to light, so that they differ in grey as well."""
    chosen = brand()
    ground = chosen.light["background"]
    shares = {1: (1.0,), 2: (1.0, 0.3), 3: (1.0, 0.6, 0.2), 4: (1.0, 0.7, 0.42, 0.14)}
    steps = shares.get(count) or tuple(1 - 0.85 * i / (count - 1) for i in range(count))
    colours = chosen.charts or (chosen.light["primary"],)
    if count == 2:
        colours = colours[:1]
    return tuple(
        readable_fill(colours[i % len(colours)], ground, step) for i, step in enumerate(steps)
    )


def readable_fill(colour: str, ground: str, share: float) -> str:
    """Mix a fill, a little lighter where no text would be readable on it."""
    fill = mix(colour, ground, share)
    while share > 0 and contrast(text_on(fill), fill) < TEXT_CONTRAST:
        share -= 0.04
        fill = mix(colour, ground, max(share, 0.0))
    return fill


def text_on(fill: str) -> str:
    """Return the brand's text colour that reads best on a fill."""
    colours = brand().light
    return max((colours["foreground"], colours["background"]), key=lambda c: contrast(c, fill))


@cache
def _brand(folder: Path) -> Brand:
    extension = find_extension(folder)
    found = extension.brand(folder)
    own = folder / "_brand.yml"
    for path in (own, extension.folder / "_brand.yml", *(font.path for font in found.fonts)):
        name = relative_name(path.resolve(), folder.resolve())
        reads.record(name, digest_or_absent(path))
    _register(found)
    return found


def _register(found: Brand) -> None:
    for font in found.fonts:
        font_manager.fontManager.addfont(str(font.path))


@cache
def _families(root: Path, lang: str) -> tuple[str, ...]:
    """Make the fonts of charts known to matplotlib, and return their families in order."""
    found = brand()
    brought = {font.family.casefold(): font.family for font in found.fonts}
    own = [brought[name.casefold()] for name in found.base_families if name.casefold() in brought]
    others = fallbacks(find_extension(root).folder, lang)
    names = dict.fromkeys((*own, found.fallback_family, *(each.family for each in others)))
    _leave_out_the_machines({*names, FALLBACK}, {str(font.path) for font in found.fonts})
    for family in others:
        for face in family.faces:
            _add_face(face)
    known = {font.name for font in font_manager.fontManager.ttflist}
    return (*(name for name in names if name in known), FALLBACK)


def _leave_out_the_machines(names: set[str], own: set[str]) -> None:
    """Forget fonts of the machine that are called as ours: another version gives another chart."""
    with_matplotlib = matplotlib.get_data_path()
    known = font_manager.fontManager
    known.ttflist = [
        entry
        for entry in known.ttflist
        if entry.name not in names or entry.fname in own or entry.fname.startswith(with_matplotlib)
    ]


def _add_face(face: Face) -> None:
    """Make a font file known to matplotlib; one with all weights has its text's for bold too."""
    known = font_manager.fontManager
    before = len(known.ttflist)
    known.addfont(str(face.path))
    if " " in face.weight:
        known.ttflist += [replace(entry, weight=700) for entry in known.ttflist[before:]]


def _cycle() -> object:
    return cycler(color=list(brand().charts or (brand().light["primary"],)))
