"""Make the fonts for letters that few reviews need, as `../fonts/make_fonts.py` makes the others.

    python make_fonts.py FOLDER

FOLDER holds SourceSans3[wght].ttf, SourceSans3-Italic[wght].ttf and NotoSansHebrew[wght].ttf. The
cuts are called "Review Sans More" (Greek, Cyrillic, the rest of Latin) and "Review Sans Hebrew";
they are apart from "Review Sans" so that readers who need none of them load none. Needs fonttools
and brotli; run once, commit the result.
"""

import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

Ranges = tuple[tuple[int, int], ...]

RANGES = (
    (0x0180, 0x02FF),  # Latin Extended-B, phonetic signs
    (0x0300, 0x036F),
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1D00, 0x1DBF),
    (0x1E00, 0x1EFF),  # Latin Extended Additional: Vietnamese
    (0x1F00, 0x1FFF),  # Greek of the ancients
    (0x20A0, 0x20BF),  # currencies
    (0x2C60, 0x2C7F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)
HEBREW = (
    ("Regular", "NotoSansHebrew[wght].ttf", 400, False),
    ("Bold", "NotoSansHebrew[wght].ttf", 700, False),
)
HEBREW_RANGES = ((0x0590, 0x05FF), (0xFB1D, 0xFB4F))


def main(folder: Path) -> None:
    """Write a TTF and a WOFF2 for each cut beside this script."""
    here = Path(__file__).parent
    make = SourceFileLoader("make", str(here.parent / "fonts" / "make_fonts.py")).load_module()
    latin = make.RANGES
    families = (
        ("Review Sans More", make.CUTS, _without(RANGES, latin)),
        ("Review Sans Hebrew", HEBREW, HEBREW_RANGES),
    )
    for make.FAMILY, cuts, make.RANGES in families:
        for style, source, weight, italic in cuts:
            font = TTFont(folder / source)
            font = instantiateVariableFont(font, {"wght": weight}) if "fvar" in font else font
            make._subset(font)
            make._rename(font, style, weight, italic)
            stem = f"{make.FAMILY.replace(' ', '')}-{style}"
            font["name"].setName(f"3.052;RVWP;{stem}", 3, 3, 1, 0x409)
            font["name"].setName(stem, 6, 3, 1, 0x409)
            font.save(here / f"{stem}.ttf")
            font.flavor = "woff2"
            font.save(here / f"{stem}.woff2")


def _without(ranges: Ranges, other: Ranges) -> Ranges:
    taken = {point for low, high in other for point in range(low, high + 1)}
    points = (point for low, high in ranges for point in range(low, high + 1))
    return tuple((point, point) for point in points if point not in taken)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
