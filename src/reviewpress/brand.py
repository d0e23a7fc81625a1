"""The brand: `_brand.yml` (Quarto's format) read once, checked, and told to pages, PDF and charts.

A review's own `_brand.yml` may say as little as it likes; what it leaves out comes from the
extension's. Two things are ours and stand under `defaults: reviewpress:`, where Quarto leaves
them alone: `charts` (the order of a chart's colours) and `dark` (the roles on a dark page).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.escaping import css_string, typst_string
from reviewpress.fonts import families_of
from reviewpress.keys import BRAND
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.svg import check_svg, is_svg
from reviewpress.yaml import YamlFile, read_yaml

ROLES = (
    "foreground",
    "background",
    "light",
    "primary",
    "secondary",
    "tertiary",
    "link",
    "info",
    "success",
    "warning",
    "danger",
)
TINTED = ("primary", "tertiary", "info", "success", "warning", "danger")
TEXT_CONTRAST = 4.5
GRAPHICS_CONTRAST = 3.0

_OURS = ("defaults", "reviewpress")
_DARK = (*_OURS, "dark")

FONT_SOURCES = ("file", "google", "bunny", "system")
FONT_STYLES = ("normal", "italic", "oblique")
FONT_ENDINGS = (".ttf", ".otf", ".woff", ".woff2")
LOGO_ENDINGS = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400,
    "regular": 400, "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700,
    "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip
"""What Quarto calls the weights of a font."""

Colours = Mapping[str, str]


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
class Brand:
    """Colours by role (`#rrggbb`), chart colours in order, fonts and logo.

    `light` and `dark` hold the roles of `ROLES` and what follows from them: `on-primary` (text on
    the primary colour), `line` (hair lines) and a `<role>-tint` for each of `TINTED`.
    """

    light: Colours
    dark: Colours
    charts: tuple[str, ...]
    base_family: str
    headings_family: str
    fallback_family: str
    line_height: float
    fonts: tuple[FontFile, ...]
    logo: Path | None
    file: Path

    @property
    def missing_families(self) -> tuple[str, ...]:
        """The families that text is to be set in and that no font file brings."""
        brought = {name for font in self.fonts for name in font.families}
        wanted = dict.fromkeys((self.base_family, self.headings_family))
        return tuple(family for family in wanted if family.casefold() not in brought)

    @property
    def font_folders(self) -> tuple[Path, ...]:
        """The folders that hold the font files, for Typst's font paths."""
        return tuple(sorted({font.path.parent for font in self.fonts}))


def load_brand(default: Path, own: Path | None = None) -> Brand:
    """Read the extension's brand and a review's own over it, and check every colour pair.

    Raises `ConfigError` where a file cannot be read, and `Problems` with one problem for each
    unknown colour and for each pair whose contrast is below WCAG 2.2's 4.5:1 for text or 3:1 for
    graphics.
    """
    layers = _Layers((read_yaml(default, default.parent, BRAND),))
    if own is not None and own.is_file():
        layers = _Layers((*layers.files, read_yaml(own, own.parent, BRAND)))
    values = _merge([layer.data for layer in layers.files])
    colours = as_mapping(values.get("color"))
    ours = as_mapping(as_mapping(values.get("defaults")).get("reviewpress"))
    palette = as_mapping(colours.get("palette"))
    problems: list[Problem] = []
    light = _theme(colours, palette, layers, problems)
    dark = _theme({**colours, **as_mapping(ours.get("dark"))}, palette, layers, problems, dark=True)
    charts = tuple(_colour(c, palette, layers, problems) for c in as_list(ours.get("charts")))
    raise_all(problems)
    raise_all([*_failing_pairs(light, layers), *_failing_pairs(dark, layers, dark=True)])
    raise_all(_failing_charts(charts, light["background"], layers))
    typography = as_mapping(values.get("typography"))
    default_type = layers.files[0].data["typography"]
    brand = Brand(
        light=MappingProxyType(light),
        dark=MappingProxyType(dark),
        charts=charts,
        base_family=_family(typography.get("base"), "sans-serif"),
        headings_family=_family(typography.get("headings") or typography.get("base"), "sans-serif"),
        fallback_family=_family(default_type["base"], "sans-serif"),
        line_height=float(as_text(_option(typography.get("base"), "line-height", 1.5))),
        fonts=_fonts(layers.files),
        logo=_logo(layers.files),
        file=layers.files[-1].path,
    )
    if brand.missing_families:
        fonts = dict.fromkeys((*brand.fonts, *_fonts(layers.files[:1])))
        return replace(brand, fonts=tuple(fonts))
    return brand


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """Mix a share (0 to 1) of a colour into a ground.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def css(brand: Brand, *, fonts: str = "fonts/") -> str:
    """Write the style sheet that every other one builds on: font faces and custom properties.

    `fonts` is the address of the folder with the font files, relative to the style sheet. A WOFF2
    file beside a font file is preferred to it: see `web_fonts`.
    """
    faces = [
        f"@font-face{{font-family:{css_string(font.family)};"
        f"src:url({css_string(fonts + quote(path.name))});"
        f"font-weight:{font.weight};font-style:{font.style};font-display:swap}}"
        for font, path in zip(brand.fonts, web_fonts(brand), strict=True)
    ]
    stack = {"--rp-font": brand.base_family, "--rp-font-headings": brand.headings_family}
    shared = [f"{name}:{css_string(family)},system-ui,sans-serif" for name, family in stack.items()]
    shared.append(f"--rp-line-height:{brand.line_height:g}")
    shared += [f"--rp-chart-{i}:{colour}" for i, colour in enumerate(brand.charts, 1)]
    light = [f"--rp-{role}:{colour}" for role, colour in brand.light.items()]
    dark = [f"--rp-{role}:{colour}" for role, colour in brand.dark.items()]
    paper = f"--rp-paper:{brand.light['background']}"
    return "\n".join(
        [
            *faces,
            f":root{{color-scheme:light dark;{';'.join([*shared, *light, paper])}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}",
            "",
        ]
    )


def web_fonts(brand: Brand) -> tuple[Path, ...]:
    """Give the font file that pages use for each font: its WOFF2 neighbour where there is one."""
    woff = (font.path.with_suffix(".woff2") for font in brand.fonts)
    return tuple(
        path if path.is_file() else font.path for path, font in zip(woff, brand.fonts, strict=True)
    )


def typst(brand: Brand) -> str:
    """Write the brand as a Typst dictionary, `#let brand = (…)`."""
    colours = [f'"{role}": rgb("{colour}")' for role, colour in brand.light.items()]
    charts = ", ".join(f'rgb("{colour}")' for colour in brand.charts)
    return (
        "#let brand = (\n"
        f"  colours: ({', '.join(colours)}),\n"
        f"  charts: ({charts},),\n"
        f"  font: {_typst_families(brand.base_family, brand)},\n"
        f"  headings: {_typst_families(brand.headings_family, brand)},\n"
        ")\n"
    )


def _typst_families(family: str, brand: Brand) -> str:
    """Return a family, and what stands in for it where no font file brings it."""
    names = dict.fromkeys((family, brand.fallback_family))
    written = ", ".join(map(typst_string, names))
    return written if len(names) == 1 else f"({written})"


def _merge(layers: Sequence[Mapping[str, Plain]]) -> dict[str, Plain]:
    merged: dict[str, Plain] = {}
    for layer in layers:
        for key, value in layer.items():
            below = merged.get(key)
            both = isinstance(below, Mapping) and isinstance(value, Mapping)
            merged[key] = _merge([as_mapping(below), as_mapping(value)]) if both else value
    return merged


@dataclass(frozen=True, slots=True)
class _Layers:
    """The extension's brand, and the review's own over it."""

    files: tuple[YamlFile, ...]

    def place(self, *paths: tuple[str, ...], item: str | None = None) -> Place:
        """Return where the first of `paths` is said, in the review's own file if it is there."""
        for file in reversed(self.files):
            for path in paths:
                line = file.line(path, item)
                if line is not None:
                    return Place(file.name, line=line)
        return Place(self.files[-1].name)

    def colour(self, *roles: str, dark: bool = False) -> Place:
        """Return where the colour of the first of `roles` is said, or one that it is named by."""
        paths: list[tuple[str, ...]] = []
        for role in (name.removesuffix("-tint").removeprefix("on-") for name in roles):
            own = [(*_DARK, role)] if dark else []
            for path in (*own, ("color", role)):
                paths += [path, *(("color", "palette", name) for name in self._named(path))]
        return self.place(*paths)

    def _named(self, path: tuple[str, ...]) -> Iterator[str]:
        """Yield the name that the palette may have for the colour at a path."""
        for file in reversed(self.files):
            value: object = file.data
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                yield str(value)


def _theme(
    colours: Mapping[str, Plain],
    palette: Mapping[str, Plain],
    layers: _Layers,
    problems: list[Problem],
    *,
    dark: bool = False,
) -> dict[str, str]:
    known = {**palette, **_own(colours)}
    theme = {
        role: _colour(colours.get(role, ""), known, layers, problems, role, dark=dark)
        for role in ROLES
    }
    if problems:
        return theme
    ground, ink = theme["background"], theme["foreground"]
    theme["on-primary"] = max(
        ("#ffffff", ground, ink), key=lambda colour: contrast(colour, theme["primary"])
    )
    theme["line"] = mix(ink, ground, 0.22)
    for role in TINTED:
        theme[f"{role}-tint"] = mix(theme[role], ground, 0.14 if dark else 0.08)
    return theme


def _own(colours: Mapping[str, Plain]) -> dict[str, Plain]:
    return {role: colours[role] for role in ROLES if role in colours}


def _colour(
    name: object,
    palette: Mapping[str, Plain],
    layers: _Layers,
    problems: list[Problem],
    role: str = "",
    *,
    dark: bool = False,
) -> str:
    """Follow a name through the palette to `#rrggbb`; an unknown one is a problem."""
    seen: list[str] = []
    text = str(name)
    while text not in seen:
        seen.append(text)
        short = re.fullmatch(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])", text)
        if short:
            return "#" + "".join(digit * 2 for digit in short.groups()).lower()
        if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            return text.lower()
        text = str(palette.get(text, text))
    if role:
        where = layers.colour(role, dark=dark)
    else:
        where = layers.place((*_OURS, "charts"), item=str(name))
    problems.append(_unknown(seen, text, palette, role or "charts", where))
    return "#000000"


def _unknown(
    seen: Sequence[str], last: str, palette: Mapping[str, Plain], role: str, where: Place
) -> Problem:
    """Say of a colour what it is, and through which names of the palette it came to that."""
    through = "".join(f', which stands for "{name}"' for name in seen[1:])
    if last in palette:
        message = f'color {role} is "{seen[0]}"{through}, and leads back to "{last}".'
        return Problem("brand", message, where, "Write #rrggbb for one of them.")
    wrong = "which is neither #rrggbb nor a name of the palette"
    message = f'color {role} is "{seen[0]}"{through}, {wrong}.'
    others = [name for name in map(str, palette) if name not in seen]
    return Problem("brand", message, where, nearest(last, others) or "Write #rrggbb.")


def _failing_pairs(theme: Colours, layers: _Layers, *, dark: bool = False) -> Iterator[Problem]:
    mode = "dark" if dark else "light"
    for text, ground in _text_pairs():
        ratio = contrast(theme[text], theme[ground])
        if ratio < TEXT_CONTRAST:
            where = layers.colour(text, ground, dark=dark)
            yield _too_faint(f"{mode} {text}", theme[text], ground, theme[ground], ratio, where)


def _text_pairs() -> Iterator[tuple[str, str]]:
    tints = [f"{role}-tint" for role in TINTED]
    for text in ("foreground", "link"):
        for ground in ("background", "light", *tints):
            yield text, ground
    for text in ("primary", "secondary", "tertiary"):
        yield text, "background"
        yield text, "light"
    yield "secondary", "primary-tint"
    for role in TINTED:
        yield role, f"{role}-tint"
    yield "on-primary", "primary"


def _failing_charts(charts: tuple[str, ...], ground: str, layers: _Layers) -> list[Problem]:
    where = layers.place((*_OURS, "charts"))
    return [
        _too_faint(f"charts {i}", colour, "background", ground, ratio, where, GRAPHICS_CONTRAST)
        for i, colour in enumerate(charts, 1)
        if (ratio := contrast(colour, ground)) < GRAPHICS_CONTRAST
    ]


def _too_faint(
    what: str,
    colour: str,
    on: str,
    ground: str,
    ratio: float,
    where: Place,
    least: float = TEXT_CONTRAST,
) -> Problem:
    message = f"{what} ({colour}) on {on} ({ground}) has a contrast of {ratio:.1f}:1."
    hint = f"It must be {least:g}:1 or more: choose a colour further from {ground}."
    return Problem("brand", message, where, hint)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _family(value: object, otherwise: str) -> str:
    if value is not None and not isinstance(value, dict):
        return str(value)
    return str(_option(value, "family", otherwise))


def _option(value: Plain, key: str, otherwise: Plain) -> Plain:
    given = value.get(key) if isinstance(value, dict) else None
    return otherwise if given is None else given


def _fonts(layers: Sequence[YamlFile]) -> tuple[FontFile, ...]:
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
    path = _inside(layer, written, "font file", FONT_ENDINGS)
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


def _inside(layer: YamlFile, written: str, what: str, endings: tuple[str, ...]) -> Path:
    """Return a file that the brand names; it is published, so it has to be the review's own.

    Links are followed: what counts is where the file really is, and what it is.
    """
    place, folder = _place_of(layer, written), layer.path.parent.resolve()
    path = (folder / written).resolve()
    if not path.is_relative_to(folder):
        hint = f"Copy it into {folder.name}/, and name it relative to {layer.name}."
        raise ConfigError(f"the {what} {written} is outside the review.", place, hint)
    if not path.is_file():
        raise ConfigError(f"there is no {what} {written}.", place)
    if path.suffix.lower() not in endings:
        hint = f"It has to end in {', '.join(endings)}."
        raise ConfigError(f"{written} cannot be a {what}.", place, hint)
    return path


def _place_of(layer: YamlFile, written: str) -> Place:
    """Return where the brand names a file."""
    return Place(layer.name, line=layer.line((), written))


def _logo(layers: Sequence[YamlFile]) -> Path | None:
    """Return the small logo; every picture that is named for a logo is looked at."""
    chosen: Path | None = None
    for layer in layers:
        logo = layer.data.get("logo")
        sizes = logo if isinstance(logo, dict) else {"small": logo}
        for size, picture in sizes.items():
            for written in _pictures(picture):
                path = _inside(layer, written, "logo", LOGO_ENDINGS)
                if is_svg(path) and layer is not layers[0]:
                    raise_all(list(check_svg(path.read_bytes(), written)))
            first = next(iter(_pictures(picture)), None)
            if size == "small" and first:
                chosen = _inside(layer, first, "logo", LOGO_ENDINGS)
    return chosen


def _pictures(picture: object) -> list[str]:
    """Return the files of a logo in one size, for light pages first."""
    if isinstance(picture, dict):
        return [str(picture[key]) for key in ("light", "path", "dark") if picture.get(key)]
    return [str(picture)] if picture else []
