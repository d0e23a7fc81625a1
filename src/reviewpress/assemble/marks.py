"""Where each node of a chapter's tree stands in its text: the text read again, with marks in it.

Pandoc's Markdown reader says nothing of places. So each thing that may become a node gets a mark
of its own: an attribute, or letters of an old script in the place of the first ones of a citekey,
an address or a number. Pandoc decides which of them were nodes. The marks count where the tree
without them is the tree of the author's text; where they changed how pandoc reads it, half of them
are tried, and a quarter. This is done only for a chapter in which something is wrong.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.source import prose

KEY = "rp-at"
NUMBER = re.compile(r"\d[\d,.]*")

Spots = dict[tuple[int, int], int]
"""Where a part of a node stands, by the node's number in the tree: an offset in the text.

The parts of a citation are its keys, counted from 0; those of words, the letters of the words.
"""

_READINGS = 40
_PAIRED = (0x12000, 879)
_SINGLE = (0x13000, 1071)
_LETTERS = re.compile("[\U00012000-\U0001236e]{2}|[\U00013000-\U0001342e]")
_VALUE = r"(?:\"(?:[^\"\\]|\\.)*\"|[^\s\"'{}]+)"
_ATTRIBUTES = re.compile(rf"\{{(?:\s*(?:[#.][\w:.-]+|-|[\w:-]+={_VALUE}))+(?P<here>)\s*\}}")
_HEADING = re.compile(
    r"^[ \t>]*(?:[-*+] +)?#{1,6}(?:[ \t][^\n]*?)?(?<![\s}])(?P<here>)[ \t]*$"
    r"|^[ \t>]*(?:[-*+] +)?#{1,6}[ \t][^\n]*\S\{[^\n{}]*\}(?P<late>)[ \t]*$"
    r"|(?:\A|(?<=\n\n))[^\s#:|>-][^\n]*(?<![\s}])(?P<over>)[ \t]*(?=\n(?:=+|-+)[ \t]*\n)",
    re.M,
)
_DIV = re.compile(r"^[ \t>]*:{3,}[ \t]*(?P<here>[\w-]+)[ \t]*:*$", re.M)
_TAG = re.compile(r"<\w[\w-]*(?P<here>)(?=[\s>/])")
_LIVE = re.compile(r"(?<!`)`\{\w+\}[^`]*`(?P<here>)(?![`{])")
_CITED = re.compile(r"(?<![\w\\])@\{?(?P<here>\w{1,2})")
_ADDRESS = re.compile(r"\]\(\s*<?[^\w\s)>]*(?P<here>\w{1,2})", re.M)
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]+\]:\s*<?[^\w\s>]*(?P<here>\w{1,2})", re.M)
_TYPED = re.compile(r"(?<![\w.,/§^#=-])(?P<here>\d{1,2})[\d,.]*(?![\w-])")
_NO_NUMBERS = re.compile(r"^[ \t>]*(?:[-*+] +)?(?:#{1,6}[ \t][^\n]*|\d+[.)])|^[^\n]*\n[-=]+$", re.M)
_EQUATION = re.compile(
    r"\$\$.+?\$\$(?:\s*\{#eq-[^{}]*\})?|(?<!\\)\$[^\s$](?:[^$\n]*[^\s$\\])?\$(?!\d)"
    r"|^[ \t>]*\\(?:(?:re|provide)?newcommand|def|DeclareMathOperator)\b[^\n]*", re.S | re.M
)  # fmt: skip
"""What pandoc reads as TeX, in which a mark would change the formula."""
_PUT = re.compile(rf"\{{{KEY}=\d+ \.([\w-]+)\}}| ?\{{{KEY}=\d+\}}| {KEY}=(?:\d+|\"\d+\")")
"""What marks leave in a text; pandoc puts quotes around the value in a tag that is a block."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in a text: what it takes the place of, from where on, and where that stands."""

    start: int
    end: int
    written: str
    stands: int


def marks_of(text: str, *, numbers: bool = False) -> list[Mark]:
    """Return the marks of a text, in order; with those of typed numbers if they are wanted."""
    if KEY in text or _LETTERS.search(text):
        return []
    made: list[Mark] = []
    letters = _Letters()
    equations = [each.span() for each in _EQUATION.finditer(text)]
    found = [
        each
        for each in sorted(_found(text, numbers=numbers), key=lambda each: each[:2])
        if not any(start <= each[0] < stop for start, stop in equations)
    ]
    end = -1
    for start, stop, kind in found:
        if start < end:
            continue
        end = stop
        given = text[start:stop]
        is_spelled = kind == "letters"
        given = letters.next(len(given)) if is_spelled else kind.format(given, len(made))
        if given:
            made.append(Mark(start, stop, given, start))
    return made


def find_spots(
    text: str, marks: Sequence[Mark], plain: Sequence[Node], read: Callable[[str], Any]
) -> Spots:
    """Return where the nodes of `plain`, the tree of `text`, stand; `read` is how it was read."""
    spots: Spots = {}
    waiting = [marks]
    for _ in range(_READINGS):
        if not waiting:
            break
        tried = waiting.pop(0)
        found = _try(text, tried, plain, read) if tried else {}
        if found is not None:
            spots |= found
        elif len(tried) > 1:
            half = len(tried) // 2
            waiting += [tried[:half], tried[half:]]
    return spots


def every_node(value: Any) -> Iterator[Node]:
    """Yield every node below `value`, words too, parents before children."""
    if isinstance(value, list):
        for item in value:
            yield from every_node(item)
    elif isinstance(value, dict):
        if "t" in value:
            yield value
            yield from every_node(value.get("c"))
        else:
            for item in value.values():
                yield from every_node(item)


class _Letters:
    """Letters that no text has, for so many marks."""

    def __init__(self) -> None:
        self._single = self._paired = 0

    def next(self, length: int) -> str:
        if length == 1:
            self._single += 1
            begin, count = _SINGLE
            return chr(begin + self._single - 1) if self._single <= count else ""
        begin, count = _PAIRED
        first, second = divmod(self._paired, count)
        self._paired += 1
        return chr(begin + first) + chr(begin + second) if first < count else ""


def _found(text: str, *, numbers: bool) -> Iterator[tuple[int, int, str]]:
    """Yield what is marked: from where to where, and `letters` or how the mark is written."""
    inserted = f" {KEY}={{1}}"
    patterns = [
        (_ATTRIBUTES, "{0}" + inserted),
        (_HEADING, "{0} {{" + KEY + "={1}}}"),
        (_DIV, "{{" + KEY + "={1} .{0}}}"),
        (_TAG, "{0}" + inserted),
        (_LIVE, "{0}{{" + KEY + "={1}}}"),
        (_CITED, "letters"),
        (_ADDRESS, "letters"),
        (_DEFINED, "letters"),
    ]
    if numbers:
        patterns.append((_TYPED, "letters"))
    barred = [match.span() for match in _NO_NUMBERS.finditer(text)] if numbers else []
    barred += [match.span() for match in _ATTRIBUTES.finditer(text)] if numbers else []
    fences = [*_outside_fences(text)]
    for pattern, kind in patterns:
        for start, end in fences:
            for match in pattern.finditer(text, start, end):
                name = next(k for k, v in match.groupdict().items() if v is not None)
                here = match.span(name)
                if pattern is _TYPED and any(a <= here[0] < b for a, b in barred):
                    continue
                yield *here, kind


def _outside_fences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text outside fenced code."""
    return prose(text, spans=False)


def _try(
    text: str, marks: Sequence[Mark], plain: Sequence[Node], read: Callable[[str], Any]
) -> Spots | None:
    """Return where nodes stand, None where the marks changed how the text is read."""
    parts, done = [], 0
    for mark in marks:
        parts += [text[done : mark.start], mark.written]
        done = mark.end
    blocks = read("".join([*parts, text[done:]]))
    if blocks is None:
        return None
    letters = {m.written: (text[m.start : m.end], m.stands) for m in marks}
    numbered = {number: m.stands for m in marks if (number := _number(m.written)) is not None}
    spots: Spots = {}
    for index, node in enumerate(every_node(blocks)):
        for part, spot in _spots_of(node, letters, numbered):
            spots.setdefault((index, part), spot)
    restored = _restore(blocks, {key: original for key, (original, _) in letters.items()})
    return spots if restored == list(plain) else None


def _number(written: str) -> int | None:
    match = re.search(rf"{KEY}=\"?(\d+)", written)
    return int(match[1]) if match else None


def _spots_of(
    node: Node, letters: dict[str, tuple[str, int]], numbered: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the marks of a node, by which of its parts they are of, and take its attribute."""
    kind = node["t"]
    if kind == "Cite":
        for part, citation in enumerate(node["c"][0]):
            yield from ((part, s) for _, s in _spelled(citation["citationId"], letters))
    elif kind in ("Link", "Image"):
        yield from ((0, s) for _, s in _spelled(node["c"][2][0], letters))
    elif kind == "Str":
        yield from _spelled(node["c"], letters)
    elif kind in ("RawInline", "RawBlock"):
        number = _number(node["c"][1])
        if number in numbered:
            yield 0, numbered[number]
    pairs = ast.attr(node)[2]
    for pair in [pair for pair in pairs if pair[0] == KEY]:
        pairs.remove(pair)
        if int(pair[1]) in numbered:
            yield 0, numbered[int(pair[1])]


def _spelled(text: str, letters: dict[str, tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Yield where the letters of a mark stand in a text, and what they mark."""
    for match in _LETTERS.finditer(text):
        if match[0] in letters:
            yield match.start(), letters[match[0]][1]


def _restore(value: Any, originals: dict[str, str]) -> Any:
    """Return a tree without the marks in its texts."""
    if isinstance(value, str):
        if value.isascii() and KEY not in value:
            return value
        value = _LETTERS.sub(lambda match: originals.get(match[0], match[0]), value)
        return _PUT.sub(lambda match: match[1] or "", value)
    if isinstance(value, list):
        return [_restore(item, originals) for item in value]
    if isinstance(value, dict):
        return {key: _restore(item, originals) for key, item in value.items()}
    return value
