"""The brand: roles and palettes, contrast, what pages and Typst are told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tinycss2
import typst as typst_compiler
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.brand import contrast, css, load_brand, mix, typst, web_fonts
from reviewpress.errors import ConfigError, Problems, ReportError

EXTENSION = Path(__file__).parents[1] / "_extensions" / "reviewpress"
DEFAULT = EXTENSION / "_brand.yml"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_extensions_own_brand_is_sound() -> None:
    """The brand that ships has no failing pair, in light or dark."""
    brand = load_brand(DEFAULT)
    assert brand.light["primary"] == "#0b5567"
    assert brand.dark["background"] == "#12181f"
    assert len(brand.charts) == 6


def test_own_brand_says_only_what_differs(tmp_path: Path) -> None:
    """A review's brand may name one colour; the rest is the extension's."""
    own = tmp_path / "_brand.yml"
    own.write_text("color:\n  palette: {wine: '#7b1e3a'}\n  primary: wine\n")
    brand = load_brand(DEFAULT, own)
    assert brand.light["primary"] == "#7b1e3a"
    assert brand.light["link"] == load_brand(DEFAULT).light["link"]
    assert brand.base_family == "Review Sans"


def test_faint_text_is_an_error_that_names_the_pair(tmp_path: Path) -> None:
    """Contrast below 4.5:1 names both colours and says what is needed."""
    own = tmp_path / "_brand.yml"
    own.write_text("color:\n  secondary: '#999999'\n")
    with pytest.raises(Problems) as caught:
        load_brand(DEFAULT, own)
    assert str(caught.value.problems[0]) == (
        "_brand.yml, line 2: light secondary (#999999) on background (#ffffff) has a contrast "
        "of 2.8:1. It must be 4.5:1 or more: choose a colour further from #ffffff."
    )


def test_faint_chart_colour_is_an_error(tmp_path: Path) -> None:
    """Graphics need 3:1."""
    own = tmp_path / "_brand.yml"
    own.write_text("defaults:\n  reviewpress:\n    charts: ['#eeeeee']\n")
    with pytest.raises(Problems, match=r"charts 1 \(#eeeeee\) on background .* must be 3:1"):
        load_brand(DEFAULT, own)


def test_unknown_colour_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    """A colour that is no name of the palette is reported, with what was meant."""
    own = tmp_path / "_brand.yml"
    own.write_text("color:\n  primary: petrl\n")
    with pytest.raises(Problems, match=r'"petrl".*Did you mean "petrol"'):
        load_brand(DEFAULT, own)


def test_colours_that_name_each_other_end_as_an_error(tmp_path: Path) -> None:
    """A circle in the palette is no endless loop."""
    own = tmp_path / "_brand.yml"
    own.write_text("color:\n  palette: {a: b, b: a}\n  primary: a\n")
    with pytest.raises(Problems, match='color primary is "a"'):
        load_brand(DEFAULT, own)


def test_missing_font_file_is_an_error(tmp_path: Path) -> None:
    """A font file that is not there is named."""
    own = tmp_path / "_brand.yml"
    own.write_text(
        "typography:\n  fonts:\n    - {family: X, source: file, files: [{path: x.ttf}]}\n"
    )
    with pytest.raises(ConfigError, match=r"there is no font file x\.ttf"):
        load_brand(DEFAULT, own)


def test_pages_get_every_role_in_light_and_dark() -> None:
    """Each role is a custom property twice: light, and dark for those who ask for it."""
    brand = load_brand(DEFAULT)
    sheet = css(brand)
    for role, colour in brand.light.items():
        assert f"--rp-{role}:{colour}" in sheet
    dark = sheet[sheet.index("prefers-color-scheme:dark") :]
    for role, colour in brand.dark.items():
        assert f"--rp-{role}:{colour}" in dark


def test_pages_get_the_compressed_fonts() -> None:
    """A WOFF2 beside a font file is what pages load."""
    brand = load_brand(DEFAULT)
    assert {path.suffix for path in web_fonts(brand)} == {".woff2"}
    assert css(brand).count("@font-face") == len(brand.fonts) == 4


@pytest.mark.parametrize("name", ["html/reviewpress.css", "quarto/theme.css"])
def test_style_sheets_have_no_colours_of_their_own(name: str) -> None:
    """Pages take every colour from the brand, but for the black of shadows."""
    text = (EXTENSION / name).read_text()
    values = re.sub(r"/\*.*?\*/|[^{}]*\{", "", text, flags=re.DOTALL)
    assert (
        re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\((?!0 0 0 /)[^)]*\)", values) == []
    )


def test_print_template_has_no_colours_of_its_own() -> None:
    """Typst takes every colour from the brand."""
    text = (EXTENSION / "typst" / "typst-template.typ").read_text()
    assert re.findall(r"\b(?:rgb|luma|cmyk|oklch)\(", text) == []


def test_typst_gets_a_dictionary() -> None:
    """Typst's brand is one dictionary of colours, chart colours and fonts."""
    text = typst(load_brand(DEFAULT))
    assert text.startswith("#let brand = (\n")
    assert '"primary": rgb("#0b5567")' in text
    assert 'font: "Review Sans"' in text


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_bounded(first: str, second: str) -> None:
    """A ratio lies from 1 to 21, whichever colour is text."""
    assert contrast(first, second) == contrast(second, first)
    assert 1 <= contrast(first, second) <= 21.0001


@given(COLOURS, COLOURS)
def test_mixing_all_or_nothing_gives_either_colour(first: str, second: str) -> None:
    """A share of one is the colour, a share of nought the ground."""
    assert mix(first, second, 1) == first
    assert mix(first, second, 0) == second


TYPST_CODE = 'X", evil: panic(read("book.typ")), q: "'


@pytest.mark.parametrize("family", [TYPST_CODE, 'a"}*{display:none', "a\\", "#panic()", "</style>"])
def test_a_family_stays_a_name_in_typst_and_css(family: str, tmp_path: Path) -> None:
    """Words of the brand never end the string that they stand in."""
    own = tmp_path / "_brand.yml"
    own.write_text(yaml.safe_dump({"typography": {"base": {"family": family}}}))
    brand = load_brand(DEFAULT, own)
    compiled = typst_compiler.compile(
        f"{typst(brand)}\n#metadata(brand.font.first())<it>".encode(), format="svg"
    )
    told = typst_compiler.query(
        f"{typst(brand)}\n#metadata(brand.font.first())<it>".encode(), "<it>", field="value"
    )
    assert compiled
    assert json.loads(told) == [family]
    sheet = tinycss2.parse_stylesheet(css(brand), skip_whitespace=True)
    assert [rule.type for rule in sheet] == ["at-rule"] * 4 + ["qualified-rule", "at-rule"]
    root = tinycss2.parse_declaration_list(sheet[4].content, skip_whitespace=True)
    fonts = next(item for item in root if item.type == "declaration" and item.name == "--rp-font")
    assert next(token.value for token in fonts.value if token.type == "string") == family


@pytest.mark.parametrize(
    "what",
    ["logo: {0}", "typography: {{fonts: [{{family: X, source: file, files: ['{0}']}}]}}"],
)
def test_files_outside_the_review_are_not_published(what: str, tmp_path: Path) -> None:
    """A path out of the review is refused, whether it is absolute, climbs, or is a link."""
    review = tmp_path / "review"
    review.mkdir()
    for ending in (".svg", ".ttf"):
        (tmp_path / f"secret{ending}").write_text("secret")
        (review / f"link{ending}").symlink_to(tmp_path / f"secret{ending}")
    own = review / "_brand.yml"
    ending = ".svg" if what.startswith("logo") else ".ttf"
    for path in (tmp_path / f"secret{ending}", f"../secret{ending}", f"link{ending}"):
        own.write_text(what.format(path))
        with pytest.raises(ConfigError, match="is outside the review"):
            load_brand(DEFAULT, own)
    (review / "notes.txt").write_text("x")
    own.write_text(what.format("notes.txt"))
    with pytest.raises(ConfigError, match=r"notes\.txt cannot be a (logo|font file)"):
        load_brand(DEFAULT, own)


def test_a_font_that_nothing_brings_is_a_warning(project: Any, reviewpress: Any) -> None:
    """The PDF is set in the extension's font, and `check` says so."""
    root = project(files={"_brand.yml": "typography: {base: {family: Arial}}\n"})
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 0
    assert 'no font file brings "Arial": the PDF and charts are set in Review Sans' in (
        outcome.stderr + outcome.stdout
    ).replace("\n    ", " ")
    brand = load_brand(DEFAULT, root / "_brand.yml")
    assert 'font: ("Arial", "Review Sans")' in typst(brand)
    assert brand.font_folders == (EXTENSION / "fonts",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "color:\n  palette:\n    a: b\n    b: a\n  primary: a\n",
            '_brand.yml, line 5: color primary is "a", which stands for "b", and leads back to '
            '"a". '
            "Write #rrggbb for one of them.",
        ),
        (
            "color:\n  palette: {a: blu}\n  primary: a\n",
            '_brand.yml, line 3: color primary is "a", which stands for "blu", which is neither '
            "#rrggbb nor a name of the palette.",
        ),
        (
            "color:\n  link: petrl\n",
            '_brand.yml, line 2: color link is "petrl", which is neither #rrggbb nor a name of the '
            'palette. Did you mean "petrol"?',
        ),
        (
            "color:\n  palette:\n    petrol: '#eeeeee'\n",
            "_brand.yml, line 3: light primary (#eeeeee)",
        ),
        (
            "defaults:\n  reviewpress:\n    charts:\n      - petrol\n      - embr\n",
            '_brand.yml, line 5: color charts is "embr"',
        ),
        (
            "defaults:\n  reviewpress:\n    dark:\n      link: '#222222'\n",
            "_brand.yml, line 4: dark link (#222222)",
        ),
        (
            "typography:\n  fonts:\n  - family: X\n    source: flie\n",
            '_brand.yml, line 4: the source of a font cannot be "flie". Did you mean "file"?',
        ),
        (
            "logo:\n  small: a.svg\n  large: gone.png\n",
            "_brand.yml, line 2: there is no logo a.svg.",
        ),
        ("\nlogo: gone.png\n", "_brand.yml, line 2: there is no logo gone.png."),
    ],
)
def test_what_is_wrong_has_its_line(text: str, message: str, tmp_path: Path) -> None:
    """A colour, font or logo is reported where the review's own file says it."""
    own = tmp_path / "_brand.yml"
    own.write_text(text)
    with pytest.raises(ReportError) as caught:
        load_brand(DEFAULT, own)
    assert str(caught.value.problems[0]).startswith(message)


FONT = (EXTENSION / "fonts" / "ReviewSans-Regular.ttf").read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttf", b"<html></html>"),
        ("a.ttf", b""),
        ("a.ttf", FONT[:20000]),
        ("a.otf", b"OTTO" + bytes(200)),
        ("a.woff", b"wOFF" + bytes(60)),
        ("a.woff2", (EXTENSION / "fonts" / "ReviewSans-Regular.woff2").read_bytes()[:-5]),
        ("a.woff2", b"wOF2"),
    ],
)
def test_a_font_that_is_none_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    """What only has a font's name is named, with the line that lists it."""
    (tmp_path / name).write_bytes(content)
    own = tmp_path / "_brand.yml"
    own.write_text(
        "typography:\n  fonts:\n  - family: X\n    source: file\n    files:\n"
        f"    - path: {name}\n  base: X\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_brand(DEFAULT, own)
    assert str(caught.value.problems[0]).startswith(
        f"_brand.yml, line 6: {name} cannot be read as a font."
    )


def test_a_family_that_its_file_does_not_hold_is_missing(tmp_path: Path) -> None:
    """Typst finds a font by the name inside it, whatever the brand calls it."""
    (tmp_path / "a.ttf").write_bytes(FONT)
    own = tmp_path / "_brand.yml"
    listed = "typography:\n  fonts: [{{family: {0}, source: file, files: [a.ttf]}}]\n  base: {0}\n"
    own.write_text(listed.format("Acme"))
    assert load_brand(DEFAULT, own).missing_families == ("Acme",)
    own.write_text(listed.format("Review Sans"))
    assert load_brand(DEFAULT, own).missing_families == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"no picture", "the logo a.png holds no picture that can be read."),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "the logo a.jpg is a PNG file."),
        ("a.png", b"", "the logo a.png holds no picture that can be read."),
    ],
)
def test_a_logo_that_is_no_picture(
    name: str, content: bytes, said: str, project: Any, reviewpress: Any
) -> None:
    """It is an error of `check`, and not first where the PDF is made."""
    root = project(files={"_brand.yml": f"logo: {name}\n"})
    (root / name).write_bytes(content)
    assert f"error: _brand.yml: {said}" in reviewpress("check", cwd=root).stderr
