"""Make the extension's fonts: static, Latin-only cuts of Source Sans 3 under a name of their own.

    python make_fonts.py FOLDER

FOLDER holds SourceSans3[wght].ttf and SourceSans3-Italic[wght].ttf. The Open Font License reserves
the name "Source" for unmodified fonts, so the cuts are called "Review Sans". Needs fonttools and
brotli, which nothing else here does; run once, commit the result.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY = "Review Sans"
CUTS = (
    ("Regular", "SourceSans3[wght].ttf", 400, False),
    ("Italic", "SourceSans3-Italic[wght].ttf", 400, True),
    ("SemiBold", "SourceSans3[wght].ttf", 600, False),
    ("Bold", "SourceSans3[wght].ttf", 700, False),
)
RANGES = (
    (0x0020, 0x017F),  # Latin, Latin-1, Latin Extended-A
    (0x0218, 0x021B),
    (0x02C6, 0x02DD),
    (0x0300, 0x030F),
    (0x0391, 0x03C9),  # Greek, for statistics
    (0x1E80, 0x1E85),
    (0x2000, 0x2044),  # spaces, dashes, quotation marks, bullets
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
    (0x2150, 0x215F),
    (0x2190, 0x2199),  # arrows
    (0x2202, 0x2265),  # mathematical signs
    (0x25A0, 0x25CF),  # shapes
    (0x2610, 0x2612),
    (0x2713, 0x2718),
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "pnum", "sups", "subs", "case", "frac"]


def main(folder: Path) -> None:
    """Write a TTF and a WOFF2 for each cut beside this script."""
    here = Path(__file__).parent
    for style, source, weight, italic in CUTS:
        font = instantiateVariableFont(TTFont(folder / source), {"wght": weight})
        _subset(font)
        _rename(font, style, weight, italic)
        stem = f"ReviewSans-{style}"
        font.save(here / f"{stem}.ttf")
        font.flavor = "woff2"
        font.save(here / f"{stem}.woff2")


def _subset(font: TTFont) -> None:
    options = Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[c for low, high in RANGES for c in range(low, high + 1)])
    subsetter.subset(font)


def _rename(font: TTFont, style: str, weight: int, italic: bool) -> None:
    names = font["name"]
    licence = [r for r in names.names if r.nameID in (0, 13, 14)]
    names.names = licence
    plain = style in ("Regular", "Italic", "Bold")
    for name_id, text in {
        1: FAMILY if plain else f"{FAMILY} {style}",
        2: style if plain else "Regular",
        3: f"3.052;RVWP;ReviewSans-{style}",
        4: f"{FAMILY} {style}",
        5: "Version 3.052",
        6: f"ReviewSans-{style}",
        16: FAMILY,
        17: style,
    }.items():
        names.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    selection = font["OS/2"].fsSelection & ~0b1100001
    selection |= 0b1 if italic else 0
    selection |= 0b100000 if weight == 700 else 0
    selection |= 0b1000000 if style == "Regular" else 0
    font["OS/2"].fsSelection = selection
    font["head"].macStyle = (1 if weight == 700 else 0) | (2 if italic else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
