"""Blocks whose content depends on the format."""

from reviewpress.assemble.blocks import for_format

BREAK = {"t": "Div", "c": [["", ["pagebreak"], []], []]}
TEXT = {"t": "Para", "c": [{"t": "Str", "c": "a"}]}


def test_a_page_break_within_a_block_is_none_in_the_pdf() -> None:
    """Typst breaks no callout or list; a condition for a format is no block of it."""
    shown = {"t": "Div", "c": [["", ["content-visible"], [["when-format", "pdf"]]], [BREAK]]}
    callout = {"t": "Div", "c": [["", ["callout-tip"], []], [TEXT, BREAK]]}
    items = {"t": "BulletList", "c": [[TEXT, BREAK]]}
    raw = {"t": "RawBlock", "c": ["typst", "#pagebreak(weak: true)"]}
    assert for_format([BREAK, shown, callout, items], "typst") == [
        raw,
        raw,
        {"t": "Div", "c": [["", ["callout-tip"], []], [TEXT]]},
        {"t": "BulletList", "c": [[TEXT]]},
    ]
    word = for_format([callout], "docx")[0]["c"][1]
    assert [each["t"] for each in word] == ["Para", "RawBlock"]
