"""What a brand says of type: its families, and the files that bring them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reviewpress.errors import ConfigError, Place, nearest
from reviewpress.escaping import css_string, typst_string
from reviewpress.fonts import families_of
from reviewpress.shapes import Plain, as_text
from reviewpress.store.ordinary_files import not_a_file, real_path
from reviewpress.yaml import YamlFile

FONT_SOURCES = ("file", "google", "bunny", "system")
FONT_STYLES = ("normal", "italic", "oblique")
FONT_ENDINGS = (".ttf", ".otf", ".woff", ".woff2")
EAST_ASIAN = ("zh", "ja", "yue")
"""Languages whose quotation marks and dashes are as wide as their letters."""
WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400,
    "regular": 400, "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700,
    "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip
"""What Quarto calls the weights of a font."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file of a family: what `@font-face` and Typst need to know of it."""

    family: str
    path: Path
    weight: int = 400
    style: str = "normal"
    families: frozenset[str] = frozenset()
    """The families that the file holds for a PDF, in lower case."""


@dataclass(frozen=True, slots=True)
class PageFont:
    """A font as pages are given it; with `range` it is for those characters alone, and first."""

    family: str
    file: str
    weight: str = "400"
    style: str = "normal"
    range: str = ""

    def rule(self, folder: str) -> str:
        """Return its rule of a style sheet; `folder` is the address of the files."""
        only = f"unicode-range:{self.range};" if self.range else ""
        return (
            f"@font-face{{font-family:{css_string(self.family)};"
            f"src:url({css_string(folder + quote(self.file))});"
            f"font-weight:{self.weight};font-style:{self.style};{only}font-display:swap}}"
        )


def for_pages(path: Path) -> Path:
    """Return the WOFF2 file beside a font file, or the font file where there is none."""
    woff = path.with_suffix(".woff2")
    return woff if woff.is_file() else path


def typst_families(families: Sequence[str], lang: str) -> str:
    """Return families as Typst has them, the first that has a character first.

    In Chinese and Japanese, marks that Latin shares with them are as wide as their letters.

    >>> typst_families(["Acme"], "en"), typst_families(["Acme", "Kanji"], "ja")
    ('"Acme"', '((name: "Acme", covers: "latin-in-cjk"), "Kanji")')
    """
    names = list(map(typst_string, dict.fromkeys(families)))
    if lang.split("-")[0] in EAST_ASIAN and len(names) > 1:
        names[0] = f'(name: {names[0]}, covers: "latin-in-cjk")'
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def families_named(value: Plain, otherwise: Sequence[str]) -> tuple[str, ...]:
    """Return the families that a brand names for a kind of text: one or a list, in their order.

    >>> families_named({"family": ["Acme Sans", "Cairo"]}, ["sans-serif"])
    ('Acme Sans', 'Cairo')
    """
    named = option_of(value, "family", None) if isinstance(value, dict) else value
    names = named if isinstance(named, list) else [named] if named is not None else otherwise
    return tuple(dict.fromkeys(map(str, names)))


def option_of(value: Plain, key: str, otherwise: Plain) -> Plain:
    """Return what a kind of text says of a key, or else `otherwise`."""
    given = value.get(key) if isinstance(value, dict) else None
    return otherwise if given is None else given


def fonts_of(layers: Sequence[YamlFile]) -> tuple[FontFile, ...]:
    """Take the fonts of the last file that lists any: its paths are relative to that file."""
    for layer in reversed(layers):
        listed = (layer.data.get("typography") or {}).get("fonts") or []
        files = [
            _font_file(layer, str(font.get("family", "")), entry, is_own=layer is not layers[0])
            for font in listed
            if _is_file(layer, font)
            for entry in font.get("files") or []
        ]
        if files:
            return tuple(files)
    return ()


def _is_file(layer: YamlFile, font: Mapping[str, Plain]) -> bool:
    """Whether a font comes from files; ConfigError for a source that nobody knows."""
    source = str(font.get("source", "file"))
    if source not in FONT_SOURCES:
        place = Place(layer.name, line=layer.line(("typography", "fonts"), source))
        message = f'the source of a font cannot be "{source}".'
        raise ConfigError(message, place, nearest(source, FONT_SOURCES))
    return font.get("source") == "file"


def _font_file(layer: YamlFile, family: str, entry: Plain, *, is_own: bool) -> FontFile:
    values = entry if isinstance(entry, Mapping) else {"path": entry}
    written = str(values["path"])
    path = file_inside(layer, written, "font file", FONT_ENDINGS)
    place = _place_of(layer, written)
    style = str(values.get("style", "normal"))
    if style not in FONT_STYLES:
        message = f'the style of a font cannot be "{style}".'
        raise ConfigError(message, place, nearest(style, FONT_STYLES))
    weight = values.get("weight", 400)
    number = weight if isinstance(weight, int) else WEIGHTS.get(as_text(weight), 400)
    # The extension's own fonts are what they are called: looking into them takes time.
    holds = families_of(path, written, place) if is_own else frozenset((family.casefold(),))
    return FontFile(family, path, number, style, holds)


def file_inside(layer: YamlFile, written: str, what: str, endings: tuple[str, ...]) -> Path:
    """Return a file that the brand names; it is published, so it has to be the review's own.

    Links are followed: what counts is where the file really is, and what it is.
    """
    place, folder = _place_of(layer, written), layer.path.parent.resolve()
    path = real_path(folder / written)
    if not path.is_relative_to(folder):
        hint = f"Copy it into {folder.name}/, and name it relative to {layer.name}."
        raise ConfigError(f"the {what} {written} is outside the review.", place, hint)
    if not path.is_file():
        odd = not_a_file(folder / written)
        message = f"the {what} {written} {odd}." if odd else f"there is no {what} {written}."
        raise ConfigError(message, place)
    if path.suffix.lower() not in endings:
        hint = f"It has to end in {', '.join(endings)}."
        raise ConfigError(f"{written} cannot be a {what}.", place, hint)
    return path


def _place_of(layer: YamlFile, written: str) -> Place:
    """Return where the brand names a file."""
    return Place(layer.name, line=layer.line((), written))
