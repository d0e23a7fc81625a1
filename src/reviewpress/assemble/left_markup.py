"""Markup that means nothing where it is, so that pandoc takes it for text, or drops what it holds.

Looked for in the words of pandoc's tree: what is markup there is none of them. Tables and fences of
code are looked for in the author's text, as the tree no longer has what was dropped.
"""

import re
from collections.abc import Iterator, Sequence

from reviewpress.assemble.ast import Node
from reviewpress.assemble.marks import every_node
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.assemble.stray_markup import StrayMarkup
from reviewpress.errors import Problem

_KINDS = "fig|tbl|lst|sec|nte|tip|wrn|imp|cau"
_IN_WORDS = (
    StrayMarkup(
        re.compile(
            r"\{[#.](?!eq-)[A-Za-z][^{}]*\}?|\{[A-Za-z-]+=[^{}]*\}?"
            rf"|\{{(?:{_KINDS})-[\w-]+\}}|(?<=\])[. ]?\{{[a-z-]+\}}"
        ),
        "the attributes `{0}` belong to nothing, and would be published.",
        'They follow at once what they are of, and each is `#id`, `.class` or `key="value"`.',
    ),
    StrayMarkup(
        re.compile(rf"(?<!\S)#(?:{_KINDS})-[\w-]+"),
        "the id `{0}` has no braces, and would be published.",
        "Write `{{#…}}` around it.",
    ),
    StrayMarkup(
        re.compile(r"!\[[^\]]*|\]\((?:https?:|[\w./-]+\.\w+)[^)]*|\] \(https?:[^)]*"),
        "`{0}` is neither a link nor an image, and would be published.",
        "Write `[words](address)`, or `![caption](file)`, without a space between the brackets.",
    ),
    StrayMarkup(
        re.compile(r"\*\*(?=\w)[^*]{0,40}"),
        "bold letters begin at `{0}` and never end.",
        "Write `**` where they end, or `\\*` for an asterisk.",
    ),
    StrayMarkup(
        re.compile(r"\^\[[^\]]{0,40}"),
        "the note `{0}` never ends.",
        "Write `]` where it ends.",
    ),
    StrayMarkup(
        re.compile(r"(?<!\S)`\w[^`]{0,40}"),
        "the code `{0} never ends.",
        "Write a backtick where it ends.",
    ),
    StrayMarkup(
        re.compile(r"(?<!\{)\{< ?[a-z]+[^{}]*>\}"),
        "`{0}` is not a shortcode, and would be published.",
        "Write `{{{{< … >}}}}`.",
    ),
    StrayMarkup(
        re.compile(r"^={2,6} .+ ={2,6}$|^h[1-6]\. \S.*|\[\[[^\[\]]+\]\]"),
        "`{0}` is markup of a wiki, and would be published.",
        "A heading is `## Its words`, a link `[words](file.qmd)`.",
    ),
    StrayMarkup(
        re.compile(r"(?<![\w$])\$[A-Za-z]\w? ?[<>=≤≥][^$]{0,20}"),
        "the formula `{0}` never ends.",
        "Write it in letters and signs: formulas are not supported; `\\$` is a dollar sign.",
    ),
    StrayMarkup(
        re.compile(r"&(?:nbsp|copy|ndash|mdash|euro|pound|hellip|times)\b(?!;)"),
        "`{0}` lacks its semicolon, and would be published.",
        "Write `;` after it, or the sign itself.",
    ),
)
_IN_LINES = (
    StrayMarkup(
        re.compile(r"^::[ \t]*(?:\{[^\n]*)?$", re.M),
        "`{0}` neither opens a block nor closes one: it has two colons.",
        "Write three: `:::`.",
    ),
    StrayMarkup(
        re.compile(
            r"(?<=\n)[-*+][A-Za-z][^\n]*(?=\n[ \t]*[-*+] )|(?<=\n\n)(?:\d+\.[A-Za-z][^\n]*\n){2,}"
        ),
        "`{0}` is not an item of a list, and would be published.",
        "Write a space after the mark of the item.",
    ),
    StrayMarkup(
        re.compile(r"(?<=\n\n)#[A-Z][^\n#]{0,60}(?=\n\n)"),
        "`{0}` would be published as text, not as a heading.",
        "Write a space after the `#`.",
    ),
)
_NO_TABLE = StrayMarkup(
    re.compile(""),
    "`{0}` is not a row of a table, and would be published.",
    "A table has a line `|---|---|` below its head, with as many parts.",
)
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_ROW = re.compile(r"^[ \t>]*\|[^|]+(?:\|[^|]+)+\|[ \t]*$")
_CELL = re.compile(r"\\.|`[^`]*`|\|")
_FENCE = re.compile(r"^[ \t>]{0,3}(`{3,}|~{3,})")
_SHOWN = 60
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def find_left_markup(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield what was meant as markup in a chapter, each at its place."""
    text = without_code(source.text)
    done: dict[str, int] = {}
    for node in every_node(list(blocks)):
        if node["t"] == "Str":
            yield from _in_words(node["c"], source, text, done)
    for kind in _IN_LINES:
        for match in kind.pattern.finditer(text):
            yield _problem(kind, match[0].split("\n")[0], source, match.start())
    yield from _wrong_rows(source, text)
    yield from _open_fence(source)


def _in_words(
    words: str, source: ChapterText, text: str, done: dict[str, int]
) -> Iterator[Problem]:
    for kind in _IN_WORDS:
        for match in kind.pattern.finditer(words):
            # Words of the tree have other quotation marks: the first signs are as they were.
            needle = re.split(r"[\"'“”‘’ ]", match[0])[0]
            at = text.find(needle, done.get(needle, 0)) if needle else -1
            # What an author has escaped, or data brought, is meant.
            # Fences of blocks are looked at by `stray_markup` and as slips.
            line = text[text.rfind("\n", 0, max(at, 0)) + 1 : max(at, 0)].lstrip(" \t>")
            if at < 0 or text[at - 1 : at] == "\\" or line.startswith("::"):
                continue
            done[needle] = at + 1
            if not _is_authors(source, at, needle) or not _begins(text[at:], match[0]):
                continue
            yield _problem(kind, match[0], source, at)


def _begins(text: str, shown: str) -> bool:
    """Whether a text begins with words of the tree, whose quotation marks and blanks may differ."""
    wanted = _typed(shown)
    return _typed(text[: 2 * len(shown) + 20]).startswith(wanted)


def _typed(text: str) -> str:
    return " ".join(text.replace("\\", "").translate(_STRAIGHT).split())


def _is_authors(source: ChapterText, at: int, needle: str) -> bool:
    """Whether the author typed it: what a cell has computed, or a value brought, is no markup."""
    cell = source.place(at).cell
    return cell is None or needle in source.cells[cell - 1]


def _wrong_rows(source: ChapterText, text: str) -> Iterator[Problem]:
    """Yield rows of tables with more cells than columns, which pandoc drops, and rows of none."""
    at, rows = 0, list[tuple[int, str]]()
    for line in [*text.split("\n"), ""]:
        is_grid = line.lstrip(" \t>").startswith("+")
        if "|" in line and not is_grid:
            rows.append((at, line))
        else:
            yield from _wrong_in([] if is_grid else rows, source)
            rows = []
        at += len(line) + 1


def _wrong_in(rows: list[tuple[int, str]], source: ChapterText) -> Iterator[Problem]:
    rule = next((line for _, line in rows[1:2] if _RULE.match(line)), "")
    for at, line in rows if rule else ():
        if _cells(line) > _cells(rule):
            message = f"the row has {_cells(line)} cells, and the table {_cells(rule)} columns."
            hint = "The cells after those would be lost: add columns, or write `\\|` for the sign."
            yield Problem("slip", message, source.place(at), hint)
    is_table = len(rows) > 1 and all(_ROW.match(line) for _, line in rows)
    if is_table and not any(_RULE.match(line) for _, line in rows):
        yield _problem(_NO_TABLE, rows[0][1].strip(), source, rows[0][0])


def _cells(row: str) -> int:
    bare = row.strip()
    marks = sum(match[0] == "|" for match in _CELL.finditer(bare))
    return marks + 1 - bare.startswith("|") - (bare.endswith("|") and not bare.endswith("\\|"))


def _open_fence(source: ChapterText) -> Iterator[Problem]:
    """Yield the fence of code that nothing closes: all below it would be code."""
    fence, opened, at = "", 0, 0
    for line in source.text.split("\n"):
        match = _FENCE.match(line)
        if fence and match and match[1].startswith(fence) and line.strip(" \t>") == match[1]:
            fence = ""
        elif not fence and match and not ("`" in match[1] and "`" in line[match.end() :]):
            fence, opened = match[1], at
        at += len(line) + 1
    if fence:
        message = "the code that begins here never ends, and all below would be code."
        yield Problem("slip", message, source.place(opened), f"Write `{fence}` where it ends.")


def _problem(kind: StrayMarkup, shown: str, source: ChapterText, at: int) -> Problem:
    short = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return Problem("slip", kind.message.format(short.strip()), source.place(at), kind.hint.format())
