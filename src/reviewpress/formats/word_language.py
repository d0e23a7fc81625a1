"""The language of a Word file: its fonts for other scripts, its direction, its hyphens."""

from reviewpress.formats.word_parts import (
    DOCUMENT,
    NAMES,
    SETTINGS,
    STYLES,
    Element,
    WordFile,
    find_all,
    need,
    properties,
    put,
    qualified,
    w,
)

_EAST_ASIAN = {
    "zh": "Microsoft YaHei",
    "zh-hant": "Microsoft JhengHei",
    "ja": "Yu Gothic",
    "ko": "Malgun Gothic",
}
_COMPLEX = {
    "ar": "Arial", "fa": "Arial", "ur": "Arial", "he": "Arial", "th": "Leelawadee UI",
    "hi": "Nirmala UI", "mr": "Nirmala UI", "ne": "Nirmala UI", "bn": "Nirmala UI",
    "ta": "Nirmala UI", "te": "Nirmala UI", "gu": "Nirmala UI", "pa": "Nirmala UI",
    "kn": "Nirmala UI", "ml": "Nirmala UI", "si": "Nirmala UI",
}  # fmt: skip
"""Fonts that Word's readers have, for scripts that it sets apart from Latin."""
_UNBROKEN = ("Heading1", "Heading2", "Heading3", "Heading4", "Title", "Subtitle", "TOCHeading")


def set_language(word: WordFile, lang: str, *, hyphenate: bool) -> None:
    """Say of a whole Word file in which language it is, and what follows from that.

    Words are hyphenated in tables, and in running text where `hyphenate` says so.
    """
    settings, styles = word.tree(SETTINGS), word.tree(STYLES)
    name, complex_ = _font_of(lang, _EAST_ASIAN), _font_of(lang, _COMPLEX)
    for fonts in find_all(styles, ".//w:rFonts[@w:ascii]"):
        if name:
            fonts.set(qualified("w:eastAsia"), name)
        if complex_:
            fonts.set(qualified("w:cs"), complex_)
    kinds = {"eastAsia": lang if name else None, "bidi": lang if complex_ else None}
    put(settings, w("themeFontLang", val=lang, **kinds))
    put(settings, w("autoHyphenation"))
    _hyphenate(styles, running=hyphenate)
    body = need(word.tree(DOCUMENT), "w:body")
    if find_all(body, "w:p[w:pPr/w:bidi]"):
        _turn(body)
        _turn_bars(styles)


def _font_of(lang: str, fonts: dict[str, str]) -> str:
    tags = lang.casefold().split("-")
    if tags[0] == "zh" and {"hant", "tw", "hk", "mo"} & {*tags}:
        return fonts.get("zh-hant", "")
    return fonts.get(tags[0], "")


def _hyphenate(styles: Element, *, running: bool) -> None:
    """Leave words of headings whole, and those of running text unless they are to be broken."""
    whole = _UNBROKEN if running else ("Normal", *_UNBROKEN)
    for style in find_all(styles, "w:style"):
        name = style.get(qualified("w:styleId"), "")
        if name in whole or (name == "TableText" and not running):
            value = None if name in whole else "0"
            if style.find("w:pPr", NAMES) is None:
                put(style, w("pPr"))
            put(need(style, "w:pPr"), w("suppressAutoHyphens", val=value))


def _turn(body: Element) -> None:
    """Write paragraphs and tables that have no direction from right to left, as their text is."""
    for paragraph in body.iter(qualified("w:p")):
        if paragraph.find("w:pPr/w:bidi", NAMES) is None:
            put(properties(paragraph), w("bidi"))
    for table in find_all(body, ".//w:tblPr[not(w:bidiVisual)]"):
        put(table, w("bidiVisual"))


def _turn_bars(styles: Element) -> None:
    """Put the bar of a box where its lines begin: Word turns indents by itself, and no edges."""
    for edges in find_all(styles, ".//w:pBdr[w:left][not(w:right)]"):
        need(edges, "w:left").tag = qualified("w:right")
