"""Characters that no font of the PDF has are found by the checks, with their places."""

from pathlib import Path

import pytest
from chapters_made import write_chapters

from reviewpress import fallback_fonts
from reviewpress.checks import Subject
from reviewpress.checks.glyphs import check_glyphs
from reviewpress.config import load_config
from reviewpress.pipeline import assemble_edition

BIB = "@book{wang2020, author = {王, 芳}, title = {Things}, publisher = {P}, year = {2020}}"


def told(root: Path, text: str, bibliography: str = "") -> list[str]:
    config = write_chapters(root, {"one": text}, bibliography)
    made = assemble_edition(config, {})
    subject = Subject(config, made.book, {}, made.references, None, main=True)
    return [str(problem) for problem in check_glyphs(subject)]


@pytest.fixture(autouse=True)
def no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the extra `fonts` is installed."""
    monkeypatch.setattr(fallback_fonts, "PACKAGES", ("not_installed",) * 4)


@pytest.mark.parametrize(
    ("character", "script"), [("王", "Han"), ("😀", ""), ("ก", "Thai"), ("ش", "Arabic")]
)
def test_a_character_has_its_line_and_what_mends_it(
    character: str, script: str, tmp_path: Path
) -> None:
    """Of whatever script; letters that Typst has in a font of its own are none of the review's."""
    [message] = told(tmp_path, f"# One\n\nArrows → and ∑.\n\nHere {character} is.\n")
    code = f"U+{ord(character):04X}{script and f', {script}'}"
    assert message.startswith(
        f'one.qmd, line 5: the fonts of the PDF lack the character "{character}" ({code}).'
    )
    assert 'pip install "reviewpress[fonts]"' in message


def test_many_characters_of_a_line_are_one_problem(tmp_path: Path) -> None:
    """A chapter in Chinese is not told letter by letter."""
    messages = told(tmp_path, "# One\n\n证据综述方法研究\n\nHere 王.\n")
    assert len(messages) == 2
    assert 'line 3: the fonts of the PDF lack 8 characters of Han: "证", ' in messages[0]
    assert "and 3 more" in messages[0]


def test_the_words_of_a_language_are_looked_at(tmp_path: Path) -> None:
    """Names of months, which an edition writes and no chapter."""
    write_chapters(tmp_path, {"one": "# One\n\nWords.\n"})
    file = tmp_path / "_quarto.yml"
    written = file.read_text("utf-8").replace("lang: en-GB", "lang: ar")
    file.write_text(f"{written}language: {{months: 'ك ب م'}}\n", "utf-8")
    config = load_config(tmp_path)
    made = assemble_edition(config, {})
    [problem] = check_glyphs(Subject(config, made.book, {}, made.references, None, main=True))
    assert str(problem).startswith("_quarto.yml: the fonts of the PDF lack ")
    assert 'of what is written in the language "ar"' in str(problem)


@pytest.mark.parametrize("text", ["Привет", "Ελληνικά ἀρχή", "סקירת ראיות", "Thường", "∀ ⊂ ≈"])
def test_what_comes_with_the_extension_is_there(text: str, tmp_path: Path) -> None:
    """Greek, Cyrillic, Hebrew, Vietnamese, and signs."""
    assert told(tmp_path, f"# One\n\nHere {text}.\n") == []


def test_a_character_of_a_reference_is_told_with_its_entry(tmp_path: Path) -> None:
    """The author of a work that is cited, in the line of the bibliography where it begins."""
    [message] = told(tmp_path, "# One\n\nShown [@wang2020].\n", f"\n\n{BIB}")
    assert message.startswith("references.bib, line 3: the fonts of the PDF lack 2 characters")
    assert '"王", "芳" of @wang2020.' in message or '"芳", "王" of @wang2020.' in message


def test_what_the_pdf_does_not_show_is_no_problem(tmp_path: Path) -> None:
    """A comment, and what is for pages alone."""
    text = '# One\n\n<!-- 王 -->\n\n[芳]{.content-visible when-format="html"} words.\n'
    assert told(tmp_path, text) == []
