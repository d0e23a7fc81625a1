"""Characters that no font of the PDF has are found by the checks, with their places."""

from pathlib import Path

import pytest
from chapters_made import write_chapters

from reviewpress.checks import Subject
from reviewpress.checks.glyphs import check_glyphs
from reviewpress.pipeline import assemble_edition

BIB = "@book{wang2020, author = {王, 芳}, title = {Things}, publisher = {P}, year = {2020}}"


def told(root: Path, text: str, bibliography: str = "") -> list[str]:
    config = write_chapters(root, {"one": text}, bibliography)
    made = assemble_edition(config, {})
    subject = Subject(config, made.book, {}, made.references, None, main=True)
    return [str(problem) for problem in check_glyphs(subject)]


@pytest.mark.parametrize("character", ["王", "😀", "ក"])
def test_a_character_is_told_with_its_line(character: str, tmp_path: Path) -> None:
    """Of whatever script; what the fonts have beside Latin letters is none."""
    code = f"U+{ord(character):04X}"
    [message] = told(tmp_path, f"# One\n\nArrows → and ∑.\n\nHere {character} stands.\n")
    assert message.startswith('one.qmd, line 5: the fonts of the PDF lack the character "')
    assert f'"{character}" ({code})' in message


def test_a_character_of_a_reference_is_told_with_its_entry(tmp_path: Path) -> None:
    """The author of a work that is cited."""
    messages = told(tmp_path, "# One\n\nShown [@wang2020].\n", BIB)
    assert [message.split(" (U+")[0][-2] for message in messages] == ["王", "芳"]
    assert all(message.startswith("references.bib: ") for message in messages)
    assert all("of @wang2020" in message for message in messages)


def test_what_the_pdf_does_not_show_is_no_problem(tmp_path: Path) -> None:
    """A comment, and what is for pages alone."""
    text = '# One\n\n<!-- 王 -->\n\n[芳]{.content-visible when-format="html"} words.\n'
    assert told(tmp_path, text) == []
