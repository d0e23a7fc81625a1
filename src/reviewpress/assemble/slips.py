"""Slips of the pen, and ways of other tools, that would be published as they stand in the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewpress.assemble.ast import Node
from reviewpress.assemble.marks import every_node
from reviewpress.assemble.source import ChapterText, prose, without_code
from reviewpress.errors import Place, Problem, nearest

CLASSES = (
    "finding", "value", "evidence-box", "key-message", "key-messages", "plain-summary", "lead",
    "callout-note", "callout-tip", "callout-important", "callout-warning", "callout-caution",
    "content-visible", "content-hidden", "unnumbered", "landscape",
)  # fmt: skip
"""The classes that do something: a name that is nearly one of them is a slip."""
_ALIKE = 0.88


@dataclass(frozen=True, slots=True)
class Slip:
    """What a text should not hold: how it looks, what is wrong, and what to do."""

    pattern: re.Pattern[str]
    message: str
    hint: str


_LIVE = "Write `{python} expression`, in small letters, with a space, in a notebook."
_IN_CODE = (
    Slip(
        re.compile(r"(?<!`)`r +[^`\n]+`(?!`)"),
        "`{0}` is an expression of R for knitr, and would be published as it is written.",
        "Compute it in a notebook: `{{python}} expression`.",
    ),
    Slip(
        re.compile(r"(?<!`)`\{(?!(?:python|r|julia|ojs|mermaid|dot)\} )\w+\}[^`\n]+`(?!`)"),
        "`{0}` is nearly a live value, and would be published as it is written.",
        _LIVE.replace("{", "{{").replace("}", "}}"),
    ),
)
_IN_TEXT = (
    Slip(
        re.compile(r"\\@ref\([^)\n]*\)"),
        "`{0}` is a cross-reference of bookdown, and would be published as it is written.",
        "Write `@fig-name`, `@tbl-name` or `@sec-name`, with the id of what it refers to.",
    ),
    Slip(
        re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.M),
        "`{0}` is the mark of a merge conflict.",
        "Decide which of the texts it holds, and delete the marks.",
    ),
    Slip(
        re.compile(r"(?<=\n\n)#{2,6}[^\W\d_][^\n]*|\A#{1,6}[^\W\d_][^\n]*"),
        "`{0}` is no heading.",
        "Write a space after the `#`.",
    ),
    Slip(
        re.compile(r"(?<![\w\\\]])\[-?@[\w:.-]+(?:(?!\n[ \t]*\n)[^\][])*(?=\n[ \t]*\n|\Z|\[)"),
        "the bracket of the citation `{0}` is never closed.",
        "Write `]` where the citation ends.",
    ),
    Slip(
        re.compile(r"(?<!\{)\{\{<(?!(?:(?!\n[ \t]*\n|\{\{<).)*>\}\})[^\n]*", re.S),
        "the shortcode `{0}` is never closed.",
        "Write ` >}}}}` where it ends.",
    ),
)
_FENCE = Slip(
    re.compile(r""),
    "`{0}` neither opens a block nor closes one.",
    'Write `::: {{.name}}` after an empty line, words in quotation marks: `title="Two words"`.',
)
_COLONS = re.compile(r"^[ \t>]*(:{3,}[^\n]*)$", re.M)
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'{}]+)"
_OPENS = re.compile(
    r":{3,}[ \t]*(?:[\w-]+|\{(?:\s*(?:[#.][^\s{}=]+|[\w:-]+="
    rf"{_VALUE}|-))*\s*\}})[ \t]*:*[ \t]*"
)
_DEFINED = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
_NOTED = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_SHOWN = 60
_NAMED = re.compile(r"\{[^{}\n]*\}")
_CLASS = re.compile(r"(?<=[\s{])\.([A-Za-z][\w-]*)")


def find_slips(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield the slips of a chapter, each at its place; `blocks` is what pandoc read."""
    text = without_code(source.text)
    for slip in _IN_TEXT:
        for match in slip.pattern.finditer(text):
            yield _problem(slip, match[0].strip(), source.place(match.start()))
    for start, end in prose(source.text, spans=False):
        for slip in _IN_CODE:
            for match in slip.pattern.finditer(source.text, start, end):
                yield _problem(slip, match[0].strip("`"), source.place(match.start()))
    if ":::" in text and any(_is_fence(node) for node in every_node(list(blocks))):
        for match in _stray(text):
            yield _problem(_FENCE, match[1].strip(), source.place(match.start(1)))
    notes = {match[1] for match in _DEFINED.finditer(text)}
    for match in _NOTED.finditer(text):
        if match[1] not in notes:
            message = f"the note [^{match[1]}] is nowhere written."
            yield Problem("slip", message, source.place(match.start()), nearest(match[1], notes))


def find_oddities(source: ChapterText) -> Iterator[Problem]:
    """Yield what is hardly meant, and loses nothing that is: warnings."""
    text = without_code(source.text)
    used = {match[1] for match in _NOTED.finditer(text)}
    for match in _DEFINED.finditer(text):
        if match[1] not in used:
            message = f"nothing refers to the note [^{match[1]}], which no reader will see."
            hint = nearest(match[1], used) or f"Write [^{match[1]}] where it belongs, or delete it."
            yield Problem("unused-note", message, source.place(match.start()), hint)
    for given in _NAMED.finditer(text):
        for match in _CLASS.finditer(given[0]):
            name = match[1]
            hint = nearest(name, CLASSES, cutoff=_ALIKE)
            if name not in CLASSES and hint.startswith("Did you mean"):
                message = f"the class .{name} does nothing, and is nearly one that does."
                place = source.place(given.start() + match.start())
                yield Problem("class-misspelt", message, place, hint)


def _is_fence(node: Node) -> bool:
    return bool(node["t"] == "Str" and node["c"].startswith(":::"))


def _stray(text: str) -> list[re.Match[str]]:
    """Return the lines of colons that open or close nothing, at least one."""
    lines = [*_COLONS.finditer(text)]
    stray, depth = [], 0
    for match in lines:
        follows = text[: match.start()].rpartition("\n\n")[2].strip().split("\n")[-1].strip()
        if match[1].strip(" \t:") == "":
            depth -= 1
        elif _OPENS.fullmatch(match[1]) and (not follows or follows.startswith(":::")):
            depth += 1
        else:
            stray.append(match)
        if depth < 0:
            depth = 0
            stray.append(match)
    return stray or lines[:1]


def _problem(slip: Slip, shown: str, place: Place) -> Problem:
    first = shown.split("\n")[0].strip()
    short = first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
    return Problem("slip", slip.message.format(short), place, slip.hint.format())
