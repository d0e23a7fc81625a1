"""Markup that pandoc reads as text: that of other tools, and what opens or closes nothing.

`checks/slips.py` looks for what an author did not mean to publish, in the author's own cells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewpress.assemble.ast import Node
from reviewpress.assemble.marks import every_node
from reviewpress.assemble.source import ChapterText, prose, without_code
from reviewpress.code_cells import is_indented_code
from reviewpress.errors import Place, Problem, nearest

CLASSES = (
    "finding", "value", "evidence-box", "key-message", "key-messages", "headlines",
    "plain-summary", "lead", "callout-note", "callout-tip", "callout-important",
    "callout-warning", "callout-caution",
    "content-visible", "content-hidden", "unnumbered", "landscape",
)  # fmt: skip
"""The classes that do something: a name that is nearly one of them is a slip."""
_ALIKE = 0.88


@dataclass(frozen=True, slots=True)
class StrayMarkup:
    """What a text should not hold: how it looks, what is wrong, and what to do.

    `in_notebooks` is what only there is hardly meant.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str
    in_notebooks: bool = False


_LIVE = "Write `{python} expression`, in small letters, with a space, in a notebook."
_IN_CODE = (
    StrayMarkup(
        re.compile(r"(?<!`)`r +[^`\n]+`(?!`)"),
        "`{0}` is an expression of R for knitr, and would be published as it is written.",
        "Compute it in a notebook: `{{python}} expression`.",
    ),
    StrayMarkup(
        re.compile(
            r"(?<!`)`\{(?!(?:python|r|julia|ojs|mermaid|dot)\} )[ \t]*\w+[ \t]*\}[^`\n]+`(?!`)"
            r"|(?<!`)`\{[ \t]*(?i:python)[ \t:]+[^`\n]+\}`(?!`)"
            r"|(?<!`)`[\[(<][ \t]*(?i:python)[ \t]*[\])>][ \t]*[^`\s][^`\n]*`(?!`)"
            r"|(?<!`)`\{[ \t]*(?i:python)(?:[ \t:]+(?![.#])[^`\n}]+|[ \t]*[\])][^`\n]*)`(?!`)"
            r"|(?<!`)`(?i:python3?|py)[ \t]+[A-Za-z_][\w.]*[(\[][^`\n]*`(?!`)"
        ),
        "`{0}` is nearly a live value, and would be published as it is written.",
        _LIVE.replace("{", "{{").replace("}", "}}"),
    ),
)
_IN_TEXT = (
    StrayMarkup(
        re.compile(r"\\@ref\([^)\n]*\)"),
        "`{0}` is a cross-reference of bookdown, and would be published as it is written.",
        "Write `@fig-name`, `@tbl-name` or `@sec-name`, with the id of what it refers to.",
    ),
    StrayMarkup(
        re.compile(r"\(\\?\\#[A-Za-z]+:[^)\n]*\)"),
        "`{0}` is a label of bookdown, and would be published as it is written.",
        "Write the id behind the caption or the formula: `{{#fig-name}}`, `{{#tbl-name}}`, "
        "`{{#eq-name}}`.",
    ),
    StrayMarkup(
        re.compile(r"(?<!\S)\(ref:[\w-]+\)"),
        "`{0}` stands for a caption in bookdown, and would be published as it is written.",
        "Write the caption where it belongs.",
    ),
    StrayMarkup(
        re.compile(r"(?<=\n\n)#{2,6}[^\W\d_][^\n]*|\A#{1,6}[^\W\d_][^\n]*"),
        "`{0}` would be published as text, not as a heading.",
        "Write a space after the `#`.",
    ),
    StrayMarkup(
        re.compile(r"(?<![\w\\\]])\[-?@[\w:.-]+(?:(?!\n[ \t]*\n)[^\][])*(?=\n[ \t]*\n|\Z|\[)"),
        "the bracket of the citation `{0}` is never closed.",
        "Write `]` where the citation ends.",
    ),
    StrayMarkup(
        re.compile(r"(?<!\{)\{\{<(?!(?:(?!\n[ \t]*\n|\{\{<).)*>\}\})[^\n]*", re.S),
        "the shortcode `{0}` is never closed.",
        "Write ` >}}}}` where it ends.",
    ),
)
_METADATA = StrayMarkup(
    re.compile(
        r"(?<=\n\n)---[ \t]*\n(?=[\w-]+:(?:\s|$))"
        r"(?:(?!---|\.\.\.)[^\n]*\n)+(?:---|\.\.\.)[ \t]*$",
        re.M,
    ),
    "the text between `---` and `---` is read as metadata, and is not published.",
    "Put keys at the top of the chapter, and rule off text with `***`.",
)
_CONTROL = StrayMarkup(
    re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"),
    "a control character (U+{0}) is in the text, and no font can show it.",
    "Delete it, or type what it stands for: it may be a quotation mark of an old encoding.",
)
_FENCE = StrayMarkup(
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


def find_stray_markup(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield the stray markup of a chapter, each at its place; `blocks` is what pandoc read."""
    text = without_code(source.text)
    for kind in _IN_TEXT:
        for match in kind.pattern.finditer(text):
            yield _problem(kind, match[0].strip(), source.place(match.start()))
    for match in _METADATA.pattern.finditer(text):
        yield _problem(_METADATA, "", source.place(match.start()))
    for match in _CONTROL.pattern.finditer(source.text):
        yield _problem(_CONTROL, f"{ord(match[0]):04X}", source.place(match.start()))
    for start, end in prose(source.text, spans=False):
        for kind in _IN_CODE:
            for match in kind.pattern.finditer(source.text, start, end):
                yield _problem(kind, match[0].strip("`"), source.place(match.start()))
    if ":::" in text and any(_is_fence(node) for node in every_node(list(blocks))):
        for match in _stray(text):
            yield _problem(_FENCE, match[1].strip(), source.place(match.start(1)))
    yield from _unused_notes(source, text)
    yield from _misspelt_classes(source, text)


def _unused_notes(source: ChapterText, text: str) -> Iterator[Problem]:
    used = {match[1] for match in _NOTED.finditer(text)}
    for match in _DEFINED.finditer(text):
        if match[1] not in used:
            message = f"nothing refers to the note [^{match[1]}], which no reader will see."
            near = nearest(match[1], used)
            where = f"Write [^{match[1]}] where it belongs, or delete it."
            hint = near if near.startswith("Did you mean") else where
            yield Problem("unused-note", message, source.place(match.start()), hint)


def _misspelt_classes(source: ChapterText, text: str) -> Iterator[Problem]:
    """Yield classes of spans that are nearly ours; those of blocks are looked at as slips."""
    for given in _NAMED.finditer(text):
        line = text[text.rfind("\n", 0, given.start()) + 1 : given.start()]
        if line.lstrip(" \t>").startswith(":::"):
            continue
        for match in _CLASS.finditer(given[0]):
            name = match[1]
            turned = [each for each in CLASSES if sorted(each) == sorted(name)]
            hint = nearest(name, turned or CLASSES, cutoff=0 if turned else _ALIKE)
            if name not in CLASSES and hint.startswith("Did you mean"):
                message = f"the class .{name} does nothing, and is nearly one that does."
                place = source.place(given.start() + match.start())
                yield Problem("class-misspelt", message, place, hint)


def _is_fence(node: Node) -> bool:
    return bool(node["t"] == "Str" and node["c"].startswith(":::"))


def _stray(text: str) -> list[re.Match[str]]:
    """Return the lines of colons that open or close nothing, at least one.

    Those whose words are no attributes are left to `checks/slips.py`, which knows what they meant.
    """
    lines = [match for match in _COLONS.finditer(text) if not _is_code(match, text)]
    stray, depth, is_explained = [], 0, False
    for match in lines:
        follows = text[: match.start()].rpartition("\n\n")[2].strip().split("\n")[-1].strip()
        if match[1].strip(" \t:") == "":
            depth -= 1
        elif not _OPENS.fullmatch(match[1]):
            depth, is_explained = depth + 1, True
        elif not follows or follows.startswith(":::"):
            depth += 1
        else:
            stray.append(match)
        if depth < 0:
            depth = 0
            stray.append(match)
    return stray or ([] if is_explained else lines[:1])


def _is_code(line: re.Match[str], text: str) -> bool:
    """Say whether a line of colons is so far in that it is code, and no fence."""
    before = text[: line.start()].split("\n")[:-1]
    return is_indented_code(line[0], before) and not any(each.strip() for each in before[-1:])


def _problem(kind: StrayMarkup, shown: str, place: Place) -> Problem:
    first = shown.split("\n")[0].strip()
    short = first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
    return Problem("slip", kind.message.format(short), place, kind.hint.format())
