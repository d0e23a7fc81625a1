"""The language of a Word file: fonts for other scripts, direction, hyphens."""

import pytest
from reading import NAMES, W

from reviewpress.extension import installed_extension
from reviewpress.formats.word_language import set_language
from reviewpress.formats.word_parts import DOCUMENT, SETTINGS, STYLES, WordFile, w


def word_in(lang: str, *, turned: bool = False, hyphenate: bool = False) -> WordFile:
    """Return our reference document as a file in a language."""
    reference = installed_extension().folder / "docx" / "reference.docx"
    word = WordFile(reference.read_bytes())
    if turned:
        body = word.tree(DOCUMENT).find("w:body", NAMES)
        assert body is not None
        body.insert(0, w("p", w("pPr", w("bidi"))))
        body.insert(1, w("p"))
    set_language(word, lang, hyphenate=hyphenate)
    return word


def fonts(word: WordFile, name: str) -> set[str]:
    """Return what running text says of the font of a kind of script."""
    path = f"//w:style[@w:styleId='Normal']//w:rFonts/@w:{name}"
    return set(word.tree(STYLES).xpath(path, namespaces=NAMES))


def suppressed(word: WordFile, style: str) -> str | None:
    """Return what a style says of hyphens: nothing, `on` or `0`."""
    [found] = word.tree(STYLES).xpath(f"//w:style[@w:styleId='{style}']", namespaces=NAMES)
    marks = found.xpath("w:pPr/w:suppressAutoHyphens", namespaces=NAMES)
    return marks[0].get(f"{W}val", "on") if marks else None


@pytest.mark.parametrize(
    ("lang", "east", "complex_"),
    [
        ("en-GB", set(), {"Arial"}),
        ("zh-CN", {"Microsoft YaHei"}, {"Arial"}),
        ("zh-Hant", {"Microsoft JhengHei"}, {"Arial"}),
        ("ja", {"Yu Gothic"}, {"Arial"}),
        ("ar", set(), {"Arial"}),
        ("hi", set(), {"Nirmala UI"}),
    ],
)
def test_other_scripts_have_fonts(lang: str, east: set[str], complex_: set[str]) -> None:
    """Word sets them apart from Latin letters, which stay in the brand's font."""
    word = word_in(lang)
    assert fonts(word, "eastAsia") == east
    assert fonts(word, "cs") == complex_
    assert fonts(word, "ascii") == {"Arial"}


def test_words_are_hyphenated_in_tables_alone() -> None:
    """Running text only where the review says so, headings never."""
    word = word_in("de")
    assert word.tree(SETTINGS).find("w:autoHyphenation", NAMES) is not None
    assert [suppressed(word, s) for s in ("Normal", "TableText", "Heading1")] == ["on", "0", "on"]
    word = word_in("de", hyphenate=True)
    assert [suppressed(word, s) for s in ("Normal", "TableText", "Heading1")] == [None, None, "on"]


def test_a_file_from_right_to_left_is_so_throughout() -> None:
    """Lists that are put in before, too; bars stand where lines begin."""
    word = word_in("he", turned=True)
    body = word.tree(DOCUMENT)
    assert all(p.find("w:pPr/w:bidi", NAMES) is not None for p in body.iter(f"{W}p"))
    styles = word.tree(STYLES)
    assert styles.xpath("//w:pBdr[w:left][not(w:right)]", namespaces=NAMES) == []
    note = styles.xpath("//w:style[@w:styleId='CalloutNote']//w:pBdr/w:right", namespaces=NAMES)
    assert len(note) == 1


def test_bold_type_is_bold_from_right_to_left() -> None:
    """Word asks another mark for it."""
    [heading] = (
        word_in("ar").tree(STYLES).xpath("//w:style[@w:styleId='Heading1']/w:rPr", namespaces=NAMES)
    )
    assert heading.find("w:bCs", NAMES) is not None
