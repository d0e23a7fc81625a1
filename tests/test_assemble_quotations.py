"""Quotation marks as each language has them, in every format."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from reading import Page, word_part
from reading import said as words_of

from reviewpress.assemble import ast
from reviewpress.assemble.quotations import quotation_marks, set_quotation_marks
from reviewpress.programs.tools import run_pandoc

ROOT = Path(__file__).parent.parent


def quoted(kind: str, *words: object) -> dict[str, object]:
    return {"t": "Quoted", "c": [{"t": kind}, list(words)]}


def said(word: str) -> dict[str, object]:
    return {"t": "Str", "c": word}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "«\u202fa“b”\u202f»"),
        ("fr-CH", "«\u202fa‹\u202fb\u202f›\u202f»"),
        ("de-AT", "„a‚b‘“"),
        ("pl", "„a«b»”"),
        ("sv", "”a’b’”"),
        ("ja", "「a『b』」"),
        ("zh-CN", "“a‘b’”"),
        ("cy", "‘a“b”’"),
    ],
)
def test_marks_of_languages(lang: str, text: str) -> None:
    """Outer and inner marks, of the region where it has its own."""
    blocks = [
        {"t": "Para", "c": [quoted("DoubleQuote", said("a"), quoted("SingleQuote", said("b")))]}
    ]
    set_quotation_marks(blocks, lang, quotation_marks(ROOT, lang, ""))
    assert "".join(node["c"] for node in blocks[0]["c"]) == text


def test_english_is_left_to_the_writers() -> None:
    """Nothing is read or changed for a text that has English alone."""
    assert quotation_marks(ROOT, "en-GB", 'He said "so".') == {}


def test_every_format_quotes_alike(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Pages, PDF and Word have a language's marks, in titles and parts in others too."""
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nlang: de\nbook: {title: T, chapters: [index.qmd]}\n"
        "format: {html: default, typst: default, docx: default}\n",
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text(
        '# Vom "Amt"\n\nDas "Wort \'so\'", [der "one"]{lang=en}, [dit "mot"]{lang=fr}.\n', "utf-8"
    )
    assert reviewpress("render", cwd=tmp_path).status == 0
    page = Page(next(tmp_path.rglob("index.html"))).root.text_content()
    for text in (page, words_of(word_part(next(tmp_path.rglob("*.docx"))))):
        assert "Vom „Amt“" in text
        for mark in ("„Wort ‚so‘“", "“one”", "«\u202fmot\u202f»"):
            assert mark in text


@pytest.mark.parametrize("lang", ["mt", "zh-CN", "sw", "tlh"])
def test_a_language_that_pandoc_has_no_words_of(
    tmp_path: Path, reviewpress: Callable[..., Any], lang: str
) -> None:
    """All formats are made: what pandoc would call "Abstract" or "Contents" has labels of ours."""
    (tmp_path / "_quarto.yml").write_text(
        f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [index.qmd]}}\n"
        "format: {html: default, typst: default, docx: default}\n",
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text("# A\n\nText.\n", "utf-8")
    made = reviewpress("render", cwd=tmp_path)
    assert made.status == 0, made.stderr


CHINESE = '她说"是"，又说\'不是\'。"NHS 报告"里写*"很 好"*，他说"她说\'好\'吧"。D\'Arcy有5" 和 6"。'
CHINESE_SAID = "她说“是”，又说‘不是’。“NHS 报告”里写“很 好”，他说“她说‘好’吧”。D’Arcy有5” 和 6”。"


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh-CN", CHINESE, CHINESE_SAID),
        (
            "ja",
            "彼女は\"はい\"と、'いいえ'とも言った。",
            "彼女は「はい」と、『いいえ』とも言った。",
        ),
        ("zh-CN", "她说“是”和”错", "她说“是”和”错"),
    ],
)
def test_quotes_without_spaces_are_paired(lang: str, text: str, expected: str) -> None:
    """By the embedded engine and by the filter, and apostrophes and inches stay."""
    blocks = json.loads(run_pandoc(["--from=markdown", "--to=json"], text, folder=ROOT))["blocks"]
    set_quotation_marks(blocks, lang, quotation_marks(ROOT, lang, ""))
    assert ast.text(blocks) == expected
    filter_file = ROOT / "_extensions/reviewpress/filters/languages.lua"
    helper = ROOT / "tests/lua/as_quarto.lua"
    arguments = ["--from=markdown", "--to=plain", "--wrap=none", f"--metadata=lang:{lang}"]
    code = f"return dofile({json.dumps(str(helper))})({json.dumps(str(filter_file))})"
    with TemporaryDirectory() as folder:
        (Path(folder) / "as.lua").write_text(code, "utf-8")
        filtered = run_pandoc([*arguments, f"--lua-filter={folder}/as.lua"], text, folder=ROOT)
    assert filtered.strip().replace("_", "") == expected
