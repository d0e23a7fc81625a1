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

from reviewpress.brand_fonts import (
    FontFile,
    PageFont,
    families_named,
    file_inside,
    fonts_of,
    for_pages,
    option_of,
    typst_families,
)
from reviewpress.errors import Place, Problem, nearest, raise_all
from reviewpress.escaping import css_string
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

LOGO_ENDINGS = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")

Colours = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brand:
    """Colours by role (`#rrggbb`), chart colours in order, fonts and logo.

    `light` and `dark` hold the roles of `ROLES` and what follows from them: `on-primary` (text on
    the primary colour), `line` (hair lines) and a `<role>-tint` for each of `TINTED`.
    """

    light: Colours
    dark: Colours
    charts: tuple[str, ...]
    base_families: tuple[str, ...]
    headings_families: tuple[str, ...]
    code_families: tuple[str, ...]
    fallback_family: str
    line_height: float
    fonts: tuple[FontFile, ...]
    logo: Path | None
    file: Path

    @property
    def base_family(self) -> str:
        """The family that text is set in."""
        return self.base_families[0]

    @property
    def missing_families(self) -> tuple[str, ...]:
        """The families that text is to be set in and that no font file brings."""
        brought = {name for font in self.fonts for name in font.families}
        wanted = dict.fromkeys((*self.base_families, *self.headings_families, *self.code_families))
        return tuple(family for family in wanted if family.casefold() not in brought)

    @property
    def text_files(self) -> tuple[Path, ...]:
        """The files of the families that text is set in, as a PDF can be set in them."""
        base = {family.casefold() for family in self.base_families}
        return tuple(font.path for font in self.fonts if font.families & base)

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
    base = families_named(typography.get("base"), ("sans-serif",))
    brand = Brand(
        light=MappingProxyType(light),
        dark=MappingProxyType(dark),
        charts=charts,
        base_families=base,
        headings_families=families_named(typography.get("headings"), base),
        code_families=families_named(typography.get("monospace"), ()),
        fallback_family=families_named(default_type["base"], ("sans-serif",))[0],
        line_height=float(as_text(option_of(typography.get("base"), "line-height", 1.5))),
        fonts=fonts_of(layers.files),
        logo=_logo(layers.files),
        file=layers.files[-1].path,
    )
    if brand.missing_families:
        fonts = dict.fromkeys((*brand.fonts, *fonts_of(layers.files[:1])))
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


def css(brand: Brand, stand_ins: Sequence[PageFont] = (), *, fonts: str = "fonts/") -> str:
    """Write the style sheet that every other one builds on: font faces and custom properties.

    `fonts` is the address of the folder with the font files, relative to the style sheet. A WOFF2
    file beside a font file is preferred to it: see `web_fonts`. `stand_ins` are the fonts for what
    the brand's own lack.
    """
    own = [
        PageFont(font.family, path.name, str(font.weight), font.style)
        for font, path in zip(brand.fonts, web_fonts(brand), strict=True)
    ]
    shared = _stacks(brand, stand_ins)
    shared.append(f"--rp-line-height:{brand.line_height:g}")
    shared += [f"--rp-chart-{i}:{colour}" for i, colour in enumerate(brand.charts, 1)]
    light = [f"--rp-{role}:{colour}" for role, colour in brand.light.items()]
    dark = [f"--rp-{role}:{colour}" for role, colour in brand.dark.items()]
    paper = f"--rp-paper:{brand.light['background']}"
    return "\n".join(
        [
            *(face.rule(fonts) for face in (*own, *stand_ins)),
            f":root{{color-scheme:light dark;{';'.join([*shared, *light, paper])}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}",
            "",
        ]
    )


def _stacks(brand: Brand, stand_ins: Sequence[PageFont]) -> list[str]:
    """Return the families of text, headings and code, each asked for what those before lack."""
    first = dict.fromkeys(face.family for face in stand_ins if face.range)
    last = dict.fromkeys(face.family for face in stand_ins if not face.range)
    text = ("system-ui", "sans-serif")
    heads = dict.fromkeys((*brand.headings_families, *brand.base_families))
    stacks = {"--rp-font": (brand.base_families, text), "--rp-font-headings": (heads, text)}
    written = [
        f"{name}:{','.join([*map(css_string, (*first, *families, *last)), *end])}"
        for name, (families, end) in stacks.items()
    ]
    if brand.code_families or last:
        code = [*map(css_string, brand.code_families), "ui-monospace", *map(css_string, last)]
        written.append(f"--rp-font-code:{','.join(code)}")
    return written


def web_fonts(brand: Brand) -> tuple[Path, ...]:
    """Give the font file that pages use for each font: its WOFF2 neighbour where there is one."""
    return tuple(for_pages(font.path) for font in brand.fonts)


def typst(brand: Brand, stand_ins: Sequence[str] = (), lang: str = "en") -> str:
    """Write the brand as a Typst dictionary, `#let brand = (…)`.

    `stand_ins` are the families for what the brand's own lack; `lang` is the document's language.
    """
    colours = [f'"{role}": rgb("{colour}")' for role, colour in brand.light.items()]
    charts = ", ".join(f'rgb("{colour}")' for colour in brand.charts)
    base, last = brand.base_families, (brand.fallback_family, *stand_ins)
    families = {
        "font": (*base, *last),
        "headings": (*brand.headings_families, *base, *last),
        "code": (*brand.code_families, "DejaVu Sans Mono", *stand_ins),
    }
    written = [f"  {name}: {typst_families(found, lang)},\n" for name, found in families.items()]
    return (
        "#let brand = (\n"
        f"  colours: ({', '.join(colours)}),\n"
        f"  charts: ({charts},),\n"
        f"{''.join(written)}"
        ")\n"
    )


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


def _logo(layers: Sequence[YamlFile]) -> Path | None:
    """Return the small logo; every picture that is named for a logo is looked at."""
    chosen: Path | None = None
    for layer in layers:
        logo = layer.data.get("logo")
        sizes = logo if isinstance(logo, dict) else {"small": logo}
        for size, picture in sizes.items():
            for written in _pictures(picture):
                path = file_inside(layer, written, "logo", LOGO_ENDINGS)
                if is_svg(path) and layer is not layers[0]:
                    raise_all(list(check_svg(path.read_bytes(), written)))
            first = next(iter(_pictures(picture)), None)
            if size == "small" and first:
                chosen = file_inside(layer, first, "logo", LOGO_ENDINGS)
    return chosen


def _pictures(picture: object) -> list[str]:
    """Return the files of a logo in one size, for light pages first."""
    if isinstance(picture, dict):
        return [str(picture[key]) for key in ("light", "path", "dark") if picture.get(key)]
    return [str(picture)] if picture else []
