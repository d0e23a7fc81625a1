"""Emphasis that begins and never ends, or ends and never began: its signs would be published.

So would a dollar sign that is left beside a formula.
A star may be meant: it says how sure a result is, or refers to a note that begins with as many.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.equations import is_equation
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.assemble.stray_markup import StrayMarkup
from reviewpress.assemble.typed_words import find_typed, slip_at
from reviewpress.errors import Problem

_PROBABLE = r"p ?[<=≤]"
"""What stars before it say: how sure a result is."""
_ENDS = "Write `**` at their first and last letter, or `\\*` for an asterisk."
_BEGINNINGS = (
    StrayMarkup(
        re.compile(
            rf"\*\*(?=\w)(?!{_PROBABLE})[^*]{{0,40}}"
            rf"|(?<!\S)\*\* (?!{_PROBABLE})\w[^*]{{0,40}} \*\*(?!\*)"
            r"|(?<!\S)__(?=[^\W_])(?![^_]*__)[^_]{0,40}"
        ),
        "bold letters begin at `{0}` and never end.",
        _ENDS,
    ),
    StrayMarkup(
        re.compile(
            rf"(?<![^\s(“‘])(?:\*(?=[^\W_])(?!{_PROBABLE})[^*]{{1,40}}"
            r"|_(?=[^\W_]+(?: |$))[^_]{1,40})"
        ),
        "italic letters begin at `{0}` and never end.",
        "Write the sign where they end too, or a backslash before one that is meant.",
    ),
)
_ENDING = StrayMarkup(
    re.compile(r"[^\W\d_]{2,40}\*{1,3}(?=\s+\w)"),
    "emphasis ends at `{0}` and never began.",
    _ENDS,
)
_BESIDE = StrayMarkup(
    re.compile(r""), "a `{0}` is left beside emphasis, and would be published.", _ENDS
)
_TAKEN = StrayMarkup(
    re.compile(r"[,;:.!?)]"),
    "the stars at `{0}` make what follows italic or bold, and are lost.",
    "Write a backslash before each star that is meant.",
)
_STRUCK = StrayMarkup(
    re.compile(r""),
    "struck-out letters begin at `{0}` and never end.",
    "Write `~~` where they end too, or `\\~` for the sign.",
)
_DOLLAR = StrayMarkup(
    re.compile(r""),
    "a `{0}` is left beside a formula, and would be published.",
    "Write one `$` before and after a formula in a line, `$$` for one that stands alone.",
)
_STARS = re.compile(r"\*+")
_REFERS = re.compile(r"[\w)|,.](\*+)(?=[\s|,;.)]|$)")
_NOTE = re.compile(rf"^[ \t>|:]*\\?\*+(?:\S|[ ]?{_PROBABLE})", re.M)
_EMPHASIS = ("Emph", "Strong")


@dataclass(slots=True)
class _Text:
    """A chapter's text, the stars that referred to a note so far, how far signs were found."""

    source: ChapterText
    text: str
    referred: set[str] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)

    def find(self, kind: StrayMarkup, shown: str, needle: str = "") -> Iterator[Problem]:
        """Yield the problem that markup of a kind is left, unless it begins or refers to a note."""
        at = find_typed(needle or shown, self.source, self.text, self.done)
        line = self.text[self.text.rfind("\n", 0, max(at, 0)) + 1 : max(at, 0)].lstrip(" \t>")
        stars = _STARS.match(shown)
        is_note = bool(stars and stars[0] in self.referred and not line)
        refers = kind is _ENDING and _NOTE.search(self.text, at)
        if at >= 0 and not is_note and not refers:
            yield slip_at(kind, shown, self.source, at)


def find_left_emphasis(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield where emphasis is left open in a chapter, each at its place."""
    lines = [*_lines(list(blocks), in_table=False)]
    text = without_code(source.text)
    if not any(sign in text for sign in ("*", "_", "~~", "$$")):
        return
    held = _Text(source, text)
    for line, in_table in lines:
        found = [*_left_open(line, held)]
        yield from found
        if not found and not in_table:
            yield from _left_closed(line, held)
        words = (node["c"] for node in line if node["t"] == "Str")
        held.referred.update(match[1] for each in words for match in _REFERS.finditer(each))


def _left_open(line: Sequence[Node], held: _Text) -> Iterator[Problem]:
    """Yield emphasis that never ends; `***a* b` is two stars, and italic letters."""
    for node, after in pairwise((*line, None)):
        if node is not None and node["t"] == "Subscript" and not node["c"]:
            yield from held.find(_STRUCK, "~~")
        if node is not None and after:
            yield from _beside_formula(node, after, held)
        if node is not None and node["t"] in _EMPHASIS:
            yield from _begins_with_sign(node, held)
        if node is None or node["t"] != "Str":
            continue
        for kind in _BEGINNINGS:
            for match in kind.pattern.finditer(node["c"]):
                yield from held.find(kind, match[0])
        stars = re.search(r"\*+$", node["c"])
        if stars and after and after["t"] in _EMPHASIS:
            yield from held.find(_BESIDE, stars[0], f"{stars[0]}*")


def _begins_with_sign(node: Node, held: _Text) -> Iterator[Problem]:
    """Yield emphasis whose first sign ends something: its star was to say how sure a result is."""
    first = node["c"][0] if node["c"] else None
    if first and first["t"] == "Str" and _TAKEN.pattern.match(first["c"]):
        yield from held.find(_TAKEN, f"*{first['c']}")


def _beside_formula(node: Node, after: Node, held: _Text) -> Iterator[Problem]:
    """Yield a dollar sign that touches a formula: it was meant to begin or to end one."""
    ends = node["t"] == "Str" and node["c"].endswith("$")
    begins = after["t"] == "Str" and after["c"].startswith("$")
    formula = after if ends else node
    if not (ends or begins) or not (formula["t"] == "Math" or is_equation(formula)):
        return
    typed = f"${ast.text([formula])}$"
    at = held.text.find(f"${typed}" if ends else f"{typed}$")
    if at >= 0 and held.text[at - 1 : at] != "\\":
        yield slip_at(_DOLLAR, "$", held.source, at)


def _left_closed(line: Sequence[Node], held: _Text) -> Iterator[Problem]:
    """Yield emphasis that never began, in words: in a table, stars refer to what is said below."""
    for node in line:
        for match in _ENDING.pattern.finditer(node["c"]) if node["t"] == "Str" else ():
            yield from held.find(_ENDING, match[0])


def _lines(value: Any, *, in_table: bool) -> Iterator[tuple[list[Node], bool]]:
    """Yield each run of inlines that has words, and whether a table holds it."""
    if isinstance(value, list):
        if any(isinstance(item, dict) and item.get("t") == "Str" for item in value):
            yield value, in_table
        for item in value:
            yield from _lines(item, in_table=in_table)
    elif isinstance(value, dict):
        inside = in_table or value.get("t") == "Table"
        for item in value.values():
            yield from _lines(item, in_table=inside)
