"""Blocks whose content depends on the format."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.blocks import for_format
from reviewpress.assemble.reader import read_blocks
from reviewpress.assemble.source import expand_shortcodes, read_chapter
from reviewpress.config import load_config

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


def test_what_is_in_a_page_break_stays() -> None:
    """Words between the fences of a page break written by hand come after it."""
    held = {"t": "Div", "c": [["", ["pagebreak"], []], [TEXT]]}
    raw = {"t": "RawBlock", "c": ["typst", "#pagebreak(weak: true)"]}
    assert for_format([held], "typst") == [raw, TEXT]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("- a\n\n  BREAK\n\n  b\n- c\n", ["BulletList"]),
        ("- a BREAK b\n- c\n", ["BulletList"]),
        ("1.  a\n\n\tBREAK\n2.  c\n", ["OrderedList"]),
        ("> a\n>\n> BREAK\n>\n> b\n", ["BlockQuote"]),
        ("> - a\n>   BREAK\n>   b\n", ["BlockQuote"]),
        ("a\nBREAK\nb\n", ["Para", "Div", "Para"]),
        ("   BREAK\n\nb\n", ["Div", "Para"]),
        ("- a\n\nBREAK\n\n- b\n", ["BulletList", "Div", "BulletList"]),
        ("- a\n\nWords.\n\n  BREAK\n", ["BulletList", "Para", "Div"]),
        ("A. Smith BREAK wrote\n", ["Para", "Div", "Para"]),
        ("Said[^n].\n\n[^n]: a\n\n    BREAK\n\n    b\n", ["Para"]),
    ],
)
def test_a_page_break_is_in_the_block_in_which_it_is_written(
    project: Callable[..., Path], text: str, kinds: list[str]
) -> None:
    """It does not end a list, a quotation or a note, whose rest would be no part of it."""
    root = project(runs=False)
    (root / "index.qmd").write_text(text.replace("BREAK", "{{< pagebreak >}}"), "utf-8")
    config = load_config(root)
    expanded, problems = expand_shortcodes(config, read_chapter(config, config.chapters[0]))
    blocks = read_blocks("index.qmd", expanded.text, config.store, config.limits)
    assert [each["t"] for each in blocks] == kinds
    assert [ast.classes(each) for each in ast.walk(blocks) if each["t"] == "Div"] == [["pagebreak"]]
    assert problems == []


def test_an_included_file_that_cannot_be_read_is_named(project: Callable[..., Path]) -> None:
    """The place is that of the shortcode, as for one that is not there."""
    root = project(runs=False)
    (root / "index.qmd").write_text("One.\n\n{{< include part.md >}}\n", "utf-8")
    (root / "part.md").write_bytes("Été".encode("latin-1"))
    config = load_config(root)
    _, (problem,) = expand_shortcodes(config, read_chapter(config, config.chapters[0]))
    assert str(problem.where) == "index.qmd, line 3"
    assert problem.message == "part.md: the file is not UTF-8 (byte 1)."
