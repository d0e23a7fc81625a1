"""Quotation marks as each language has them; the filter `languages.lua` sets them under Quarto."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.extension import find_extension

MARKS = "language/quotation-marks.json"
_KINDS = {"DoubleQuote": 0, "SingleQuote": 2}
_UNSPACED = frozenset(("ja", "km", "lo", "my", "th", "yue", "zh"))
"""Languages without spaces between words: pandoc takes straight quotes in them for closing ones."""
_BETWEEN = "\0"
_OUTER = re.compile("“[^“”]*”|”([^“”]*)”")
_INNER = re.compile("‘[^‘’]*’|(?<![\x01-\x7f])’([^‘’]*)’(?![\x01-\x7f])")


def quotation_marks(root: Path, lang: str, text: str) -> Mapping[str, str]:
    """Return the four marks of each language, outer ones first; none where English ones will do.

    English ones are left to pandoc and Typst. A text that names no language has only its own.
    """
    if lang.startswith("en") and "lang=" not in text:
        return {}
    return _read_marks(find_extension(root).file(MARKS))


def set_quotation_marks(blocks: list[Node], lang: str, marks: Mapping[str, str]) -> None:
    """Put a language's marks around what is quoted, those of a part's own `lang` in that part."""
    if marks:
        _mark(blocks, lang, marks)


@cache
def _read_marks(file: Path) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _mark(value: object, lang: str, marks: Mapping[str, str]) -> None:
    if isinstance(value, list):
        if lang.partition("-")[0] in _UNSPACED:
            _pair(value, _marks(lang, marks) or ["“", "”", "‘", "’"])
        for position in range(len(value) - 1, -1, -1):
            item = value[position]
            _mark(item, lang, marks)
            found = _marks(lang, marks)
            if found and isinstance(item, dict) and item.get("t") == "Quoted":
                value[position : position + 1] = _quoted(item, found)
    elif isinstance(value, dict) and "c" in value:
        own = ast.attribute(value, "lang") if value["t"] in ("Span", "Div") else None
        _mark(value["c"], own or lang, marks)


def _marks(lang: str, marks: Mapping[str, str]) -> list[str] | None:
    found = marks.get(lang) or marks.get(lang.partition("-")[0])
    return found.split(" ") if found else None


def _quoted(node: Node, marks: list[str]) -> list[Node]:
    at = _KINDS[node["c"][0]["t"]]
    return [{"t": "Str", "c": marks[at]}, *node["c"][1], {"t": "Str", "c": marks[at + 1]}]


def _pair(inlines: list[object], marks: list[str]) -> None:
    """Put marks around what straight quotes enclose between letters without a space."""
    words = [item for item in inlines if isinstance(item, dict) and item.get("t") == "Str"]
    text = _BETWEEN.join(item["c"] for item in words)
    if "”" not in text and "’" not in text:
        return
    text = _INNER.sub(lambda found: _between(found, marks[2:]), text)
    text = _OUTER.sub(lambda found: _between(found, marks) if _is_apart(found) else found[0], text)
    for item, changed in zip(words, text.split(_BETWEEN), strict=True):
        item["c"] = changed


def _between(found: re.Match[str], marks: list[str]) -> str:
    return found[0] if found[1] is None else f"{marks[0]}{found[1]}{marks[1]}"


def _is_apart(found: re.Match[str]) -> bool:
    """Say whether both marks stand at letters of such a language: 5" has none."""
    ends = (found.start(), found.end() - 1)
    beside = (found.string[max(at - 1, 0) : at] + found.string[at + 1 : at + 2] for at in ends)
    return not any(each.isascii() for each in beside)
