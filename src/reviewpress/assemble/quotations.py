"""Quotation marks as each language has them; the filter `languages.lua` sets them under Quarto."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.extension import find_extension

MARKS = "language/quotation-marks.json"
_KINDS = {"DoubleQuote": 0, "SingleQuote": 2}


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
