"""Fonts for letters that a brand lacks: which are chosen, and what a package is not needed for."""

from pathlib import Path

import pytest

from reviewpress.extension import installed_extension
from reviewpress.fallback_fonts import choose_fonts, fallbacks

FOLDER = installed_extension().folder
OWN = [FOLDER / "fonts/ReviewSans-Regular.ttf"]


@pytest.mark.parametrize(
    ("text", "lang", "families"),
    [
        ("Déjà “vu” – 1 ≤ 2", "en", []),
        ("Привет, ἀρχή, Thường", "en", ["Review Sans More"]),
        ("סקירת ראיות", "he", ["Review Sans Hebrew"]),
        ("مراجعة پژوهش ۱۲", "ar", ["Kurinto Sans"]),
        ("साक्ष्य समीक्षा", "hi", ["Noto Sans Devanagari"]),
        ("ภาษาไทย", "th", ["Noto Sans Thai"]),
        ("证据综述，", "zh-CN", ["Kurinto Sans SC"]),
        ("證據綜述", "zh-Hant", ["Kurinto Sans TC"]),
        ("日本の証拠", "ja", ["Noto Sans CJK JP"]),
        ("증거 검토", "ko", ["Kurinto Sans KR"]),
        ("王 and ひ", "en", ["Noto Sans CJK JP"]),
        ("Well 😀 👩‍🔬", "en", ["Noto Emoji"]),
    ],
)
def test_each_script_has_a_family(text: str, lang: str, families: list[str]) -> None:
    """The language decides between fonts that have the same characters."""
    choice = choose_fonts(text, OWN, lang, FOLDER)
    assert [family.family for family in choice.families] == families
    assert choice.lacking == ""


def test_what_no_font_has_is_left() -> None:
    """Letters that nobody has written for two thousand years."""
    choice = choose_fonts("a𓀀", OWN, "en", FOLDER)
    assert (choice.families, choice.lacking) == ((), "𓀀")


def test_a_brand_that_has_the_letters_needs_no_other() -> None:
    """Its own family comes first, whatever else could stand in."""
    cyrillic = FOLDER / "fonts-more/ReviewSansMore-Regular.ttf"
    assert choose_fonts("Привет", [*OWN, cyrillic], "ru", FOLDER).families == ()


def test_a_brand_without_latin_is_filled_by_ours(tmp_path: Path) -> None:
    """A family of Hebrew alone, and a text in both."""
    own = tmp_path / "acme.ttf"
    own.write_bytes((FOLDER / "fonts-more/ReviewSansHebrew-Regular.ttf").read_bytes())
    choice = choose_fonts("ראיות łódź", [own], "he", FOLDER)
    assert [family.family for family in choice.families] == ["Review Sans"]


def test_every_face_is_a_file() -> None:
    """Each family has a file for text, and each of the packages one for bold type."""
    for family in fallbacks(FOLDER, "en"):
        assert all(face.path.is_file() for face in family.faces)
        assert any("700" in face.weight for face in family.faces)


def test_the_templates_of_the_pdf_ask_for_no_other_font() -> None:
    """Fonts are chosen for all that a source holds: a letter of the template would count, too."""
    folder = installed_extension().folder
    typed = "".join(path.read_text("utf-8") for path in sorted((folder / "typst").glob("*.typ")))
    own = [folder / "fonts/ReviewSans-Regular.ttf"]
    assert choose_fonts(typed, own, "en", folder).families == ()
    russian = choose_fonts(f"{typed} шесть", own, "ru", folder).families
    assert [family.family for family in russian] == ["Review Sans More"]
