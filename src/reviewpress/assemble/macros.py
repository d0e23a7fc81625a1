"""Commands of TeX that a chapter defines for its formulas, into which pandoc puts them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewpress.assemble.origins import Text
from reviewpress.assemble.source import ChapterText

_NAMES = r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def|newenvironment)\b"
_ANY = re.compile(_NAMES)
_DEFINED = re.compile(rf"(?:\s*(?:%[^\n]*\n|{_NAMES}\*?\s*(?:\\[A-Za-z]+)?(?:\#\d)*)\s*)+")
_GROUP = re.compile(r"(?<!\\)\{[^{}]*\}|\[[^\[\]{}]*\]")
_BEGINS = re.compile(
    rf"\s*(?:%[^\n]*\n\s*)*{_NAMES}\*?\s*(?:\{{\s*\\?[A-Za-z]+\s*\}}|\\[A-Za-z]+)"
    r"\s*(?:\[[^\[\]]*\]\s*|\#\d\s*)*"
)
"""A definition up to what it stands for."""
_SIGN = re.compile(r"(?s)\\.|\S")
_DISPLAY = re.compile(r"(\$\$)(.*?)(\$\$)", re.S)


def defines_macros(tex: str) -> bool:
    """Say whether TeX defines commands and does nothing else.

    >>> defines_macros(r"\\newcommand{\\R}[1]{\\mathbb{R}^{#1}}"), defines_macros(r"\\newpage")
    (True, False)
    """
    before = ""
    while tex != before:
        before, tex = tex, _GROUP.sub("", tex)
    return bool(_DEFINED.fullmatch(tex))


def has_macros(text: str) -> bool:
    """Say whether a text may define commands."""
    return bool(_ANY.search(text))


def with_macros(source: ChapterText) -> ChapterText:
    """Return a chapter whose definitions are none between `$$`, where pandoc would not see them.

    MathJax reads such a formula, which is often hidden, for all that come after it.
    """
    if not has_macros(source.text):
        return source
    text = Text(source.text, source.pieces).change(_signs(source.text))
    return replace(source, text=text.content, pieces=text.pieces)


def _signs(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _DISPLAY.finditer(text):
        if defines_macros(match[2]):
            yield match.start(1), match.end(1), "\n"
            yield match.start(3), match.end(3), "\n"
        elif end := _definitions(match[2]):
            yield match.start(1), match.end(1), "\n"
            yield match.start(2) + end, match.start(2) + end, "\n$$"


def _definitions(tex: str) -> int:
    """Return where the definitions end that a formula begins with; 0 where it begins with none.

    >>> _definitions(r"\\newcommand{\\R}[1]{\\mathbb{R}^{#1}} \\R{2}")
    35
    """
    end = 0
    while begun := _BEGINS.match(tex, end):
        after = _group_end(tex, begun.end())
        if "newenvironment" in begun[0]:
            after = _group_end(tex, after)
        if not after:
            break
        end = after
    return end


def _group_end(tex: str, at: int) -> int:
    """Return where the braces that open at an offset are closed; 0 where none open."""
    depth = 0
    for sign in _SIGN.finditer(tex, at):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.end() if sign[0] == "}" else 0
    return 0
