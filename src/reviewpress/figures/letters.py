"""The letters of charts: fonts that have them, and which stay text in an SVG.

Text is text where pages and the PDF have its font: that of the brand, and those that come with the
extension. Letters of another font, and formulas, are drawn as outlines.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal
from matplotlib.text import Text

from reviewpress.context import review_labels, review_root
from reviewpress.errors import FigureError
from reviewpress.extension import find_extension, installed_extension
from reviewpress.fallback_fonts import (
    LATIN,
    choose_fonts,
    fallbacks,
    is_letter,
    lacking_words,
    mending_hint,
)
from reviewpress.figures.style import FALLBACK, brand, families, usual_families
from reviewpress.fonts import cover

_GENERIC = frozenset(("sans-serif", "sans serif", "sans"))
"""Families that an author's figure has without naming a font: house style says which they are."""


def lend_letters(figure: Figure, name: str) -> bool:
    """Let each text of a figure have rare letters from the fonts of charts; say if any needed it.

    An author's figure is drawn in whatever fonts it names, and has these after them. What cannot
    stay text in an SVG is drawn as outlines. Raises FigureError for letters that no font has, of
    which matplotlib would draw boxes.
    """
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    fonts = _Fonts()
    changed = [fonts.settle(text) for text in texts]
    written = {each for text in texts for each in text.get_text()}
    lacking = _lacking("".join(sorted(written)), review_root(), review_labels().lang)
    if lacking:
        message = f"the fonts of charts lack {lacking_words(lacking)}, which {name} shows."
        raise FigureError(message, hint=mending_hint())
    return any(changed)


def know_usual_letters() -> None:
    """Look up which letters the fonts have that most reviews are set in, once for all charts."""
    _of_extension(installed_extension().folder, "en")


class _Fonts:
    """The fonts of charts, looked up once for all texts of a figure."""

    def __init__(self) -> None:
        self.usual, self.every = list(usual_families()), list(families())
        self.own = _covered(brand().text_files)
        self.carried = self.own | _shipped(review_root(), review_labels().lang)

    def settle(self, text: Text) -> bool:
        """Give a text the fonts that it needs; say whether it needed any."""
        rare = {each for each in text.get_text() if each > LATIN}
        family = text.get_fontfamily()
        changed = False
        # Of the brand's letters we know which a text in house style may lack.
        wants = rare - self.own if family == self.usual else rare
        if wants and family[-len(self.every) :] != self.every:
            in_style = family == self.usual
            text.set_fontfamily(self.every if in_style else [*family, *self.every])
            changed = True
        if not self._stays_text(text, family[0], rare) and not text.get_path_effects():
            text.set_path_effects([Normal()])
            changed = True
        return changed

    def _stays_text(self, text: Text, first: str, rare: set[str]) -> bool:
        if first not in _GENERIC and first not in self.every[:-1]:
            return False
        is_formula = text.get_parse_math() and is_math_text(text.get_text())
        return not is_formula and rare <= self.carried


@lru_cache(maxsize=256)
def _lacking(written: str, root: Path, lang: str) -> str:
    own = brand().text_files
    missing = choose_fonts(written, own, lang, find_extension(root).folder).lacking
    signs = cover(Path(font_manager.findfont(FALLBACK)))
    return "".join(each for each in missing if is_letter(each) or each not in signs)


def _covered(files: Iterable[Path]) -> frozenset[str]:
    return frozenset().union(*map(cover, files))


@cache
def _shipped(root: Path, lang: str) -> frozenset[str]:
    """Return the letters of the fonts beside the brand's that pages and the PDF have."""
    return _of_extension(find_extension(root).folder, lang)


def _of_extension(folder: Path, lang: str) -> frozenset[str]:
    others = fallbacks(folder, lang)
    return frozenset().union(*(each.characters for each in others if each.shipped))
