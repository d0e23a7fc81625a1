"""Markup that means nothing where it is, so that pandoc takes it for text, or drops what it holds.

Looked for in the words of pandoc's tree: what is markup there is none of them. Tables and fences of
code are looked for in the author's text, as the tree no longer has what was dropped.
"""

import re
from collections.abc import Iterator, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.marks import every_node
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.assemble.stray_markup import CLASSES, StrayMarkup
from reviewpress.assemble.typed_words import find_typed, find_words, slip_at
from reviewpress.errors import Problem

_KINDS = "fig|tbl|lst|sec|nte|tip|wrn|imp|cau"
_OURS = "|".join(CLASSES)
_LIVE = "A live value is written `{{python}} expression`, in backticks."
_FORMULA_ENDS = (
    "Write the same sign where it ends, without an empty line within; `\\$` is a dollar sign."
)
_HEADING = StrayMarkup(
    re.compile(r"(?:\A|(?<=\S ))#{2,6} (?=\w).{0,40}"),
    "`{0}` is not a heading, and would be published.",
    "Write it at the beginning of a line, below an empty one.",
)
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
        re.compile(
            r"!\[[^\]]*|\]\((?:https?:|[\w./-]+\.\w+)[^)]*|\] \(https?:[^)]*"
            r"|\]\{(?:https?:|www\.|[\w./-]+\.\w+\})[^}]*"
        ),
        "`{0}` is neither a link nor an image, and would be published.",
        "Write `[words](address)`, or `![caption](file)`, without a space between the brackets.",
    ),
    StrayMarkup(
        re.compile(r"(?<!=)==[^\W_][^=]{0,60}==(?!=)|%%[^%]{1,60}%%"),
        "`{0}` is markup of another tool, and would be published.",
        "Write `*italic*`, `**bold**`, or `<!-- a comment -->`.",
    ),
    StrayMarkup(
        re.compile(r"\{(?:\+\+|--|–|~~|>>|==)[^{}]{1,80}?(?:\+\+|--|–|~~|<<|==)\}"),
        "`{0}` marks a change or a comment for another tool, and would be published.",
        "Write what is right, or `<!-- a comment -->`.",
    ),
    StrayMarkup(
        re.compile(r"``\w[^`]{0,60}[”’\"']"),
        "`{0}` has the quotation marks of LaTeX, which would be published.",
        'Write `"` before and after the words.',
    ),
    StrayMarkup(
        re.compile(r"[^\s^~]{0,20}[A-Za-z0-9)]\^(?:-?\d|[a-z]\b)\S{0,20}|[A-Z]\w{0,20}~\d\S{0,20}"),
        "`{0}` has a raised or lowered sign that never ends.",
        "Write `x^2^` and `H~2~O`.",
    ),
    StrayMarkup(
        re.compile(r"<%=?[^%]*%>|[$#]\{\w[^{}]*\}"),
        "the placeholder `{0}` would be published as it is written.",
        _LIVE,
    ),
    StrayMarkup(
        re.compile(
            r"(?<![\w{}$#])\{(?!(?:python|r|julia)\})[A-Za-z_]\w*(?:\.?[\w.]*[(\[][^{}\s]*[)\]])?\}(?!\})"
        ),
        "the placeholder `{0}` would be published as it is written.",
        _LIVE,
        in_notebooks=True,
    ),
    StrayMarkup(
        re.compile(r"\[[^\][]+\]\[[^\][]*\]"),
        "`{0}` is a link to an address that is not given.",
        "Write `[words](address)`, or give it: a line `[name]: address`.",
    ),
    StrayMarkup(
        re.compile(rf"\[[^\][]+\]\.(?:{_OURS})\b"),
        "`{0}` has its class without braces, and would be published.",
        "Write `[words]{{.class}}`.",
    ),
    StrayMarkup(
        re.compile(rf"\[-?(?:{_KINDS})-[\w-]+\]"),
        "`{0}` is not a cross-reference, and would be published: it has no `@`.",
        "Write `@` before the id.",
    ),
    StrayMarkup(
        re.compile(r"<https?://\S*|!\([^)]*\)?"),
        "`{0}` is neither a link nor an image, and would be published.",
        "Write `<address>`, `[words](address)` or `![caption](file)`.",
    ),
    _HEADING,
    StrayMarkup(
        re.compile(r"-?–>"),
        "`-->` ends no comment, and would be published.",
        "Delete it, or write → for an arrow.",
    ),
    StrayMarkup(
        re.compile(r"\^\[[^\]]{0,40}"),
        "the note `{0}` never ends.",
        "Write `]` where it ends.",
    ),
    StrayMarkup(
        re.compile(r"\[\w{1,3}\^\]"),
        "`{0}` is not a note, and would be published.",
        "Write `[^1]`, and the note below: `[^1]: Its words.`",
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
        re.compile(r"^={2,6} .+ ={2,6}$|^h[1-6]\. \S.*|\[\[[^\[\]]+\]\]|^\.\. [\w-]+::.*"),
        "`{0}` is markup of a wiki, and would be published.",
        "A heading is `## Its words`, a link `[words](file.qmd)`.",
    ),
    StrayMarkup(
        re.compile(r"(?<![\w$])\$[A-Za-z]\w? ?[<>=≤≥][^$]{0,20}"),
        "the formula `{0}` never ends.",
        _FORMULA_ENDS,
    ),
    StrayMarkup(
        re.compile(r"\A\$\$\Z|\A\$\$(?=[\\\w])[^$]{0,20}"),
        "the formula `{0}` never ends.",
        _FORMULA_ENDS,
    ),
    StrayMarkup(
        re.compile(r"&(?:nbsp|lt|gt|amp|copy|ndash|mdash|euro|pound|hellip|times)\b(?!;)"),
        "`{0}` lacks its semicolon, and would be published.",
        "Write `;` after it, or the sign itself.",
    ),
    StrayMarkup(
        re.compile(r"(?<![A-Z\d/?&=])&[A-Za-z]{2,8};"),
        "`{0}` is not the name of a sign, and would be published.",
        "Write the sign itself.",
    ),
)
_QUERY = StrayMarkup(
    re.compile(r"\$?= ?(?:this|dv|date|choice|link)\b"),
    "the code `{0}` is a query of another tool, and would be published.",
    "Compute it in a notebook: `{{python}} expression`, in backticks.",
)
_IN_LINES = (
    StrayMarkup(
        re.compile(
            r"^#\| ?[\w-]+:[^\n]*|^%%?(?:matplotlib|load_ext|config|run|capture|time)\b[^\n]*", re.M
        ),
        "`{0}` belongs into a cell with code, and would be published.",
        "Put it into a code cell.",
    ),
    StrayMarkup(
        re.compile(r"(?<=\n\n)(?:={7}|\+\+\+)(?=\n)"),
        "`{0}` is left over from another tool, and would be published.",
        "Delete it: keys of a chapter are written between two lines `---` at its top.",
    ),
    StrayMarkup(
        re.compile(r"(?<!')'{2,3}\w[^'\n]*'{2,3}(?!')"),
        "`{0}` is markup of a wiki, and would be published.",
        "Write `*italic*` or `**bold**`.",
    ),
    StrayMarkup(
        re.compile(r"(?<!\S)! \[[^\]\n]*\]\([^)\n]*"),
        "`{0}` is a link, not an image.",
        "Write `![caption](file)`, without a space after the `!`.",
    ),
    StrayMarkup(
        re.compile(r"\]\((?:\s*|\([^)]*\)|\.[a-z][\w-]*)\)"),
        "`{0}` leads nowhere.",
        "Write the address between the parentheses, or a class as `[words]{{.class}}`.",
    ),
    StrayMarkup(
        re.compile(r"^::[ \t]*(?:\{[^\n]*)?$", re.M),
        "`{0}` neither opens a block nor closes one: it has two colons.",
        "Write three: `:::`.",
    ),
    StrayMarkup(
        re.compile(
            r"(?<=\n)[-*+][A-Za-z][^\n]*(?=\n[ \t]*[-*+] )|(?<=\n\n)(?:\d+\.[A-Za-z][^\n]*\n){2,}"
            r"|(?<=\n\n)(?:\*[A-Za-z][^\n*]*\n){2,}"
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
_IS_CAPTION = re.compile(r"(?:Table)?: ?\w")
_CAPTION = StrayMarkup(
    re.compile(r""),
    "`{0}` is the caption of no table, and would be published as a paragraph.",
    "Write it directly below or above the table, with an empty line between the two.",
)
_NO_TABLE = StrayMarkup(
    re.compile(""),
    "`{0}` is not a row of a table, and would be published.",
    "A table has a line `|---|---|` below its head, with as many parts.",
)
_NO_EMPTY_LINE = StrayMarkup(
    re.compile(""),
    "the table `{0}` has no empty line above it, and would be text of the paragraph.",
    "Put an empty line above it.",
)
_SHOWN = 60
_RULE = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_WORDS = re.compile(r"[ \t>]*[^\s>#:<|]")
"""How a line of a paragraph begins, or of a list."""
_ROW = re.compile(r"^[ \t>]*\|[^|]+(?:\|[^|]+)+\|[ \t]*$")
_BARE_ROW = re.compile(r"^[ \t>]*[^\s|>#:*+-][^|]*(?: \|[ \t]+[^\s|][^|]*){2,}$")
"""A row of at least three cells without a sign before the first: two may be a heading's words."""
_OPEN_ATTRIBUTES = StrayMarkup(
    re.compile(r""), "the attributes of the code, `{0}`, never end.", "Write `}}` after them."
)
_NO_BLOCK = StrayMarkup(
    re.compile(r"\{[^{}\n]*\}|\S+(?:[ \t]*\{[^{}\n]*\})?"),
    "`{0}` after a fence opens no block of code, and its lines would be published as words.",
    'After the language come attributes in braces: `python {{filename="x.py"}}`.',
)
"""What may stand after a fence of code."""
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_NOTE_TEXT = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:", re.M)
_IN_NOTE = "Write it into the text of the outer note, or after it."
_CELL = re.compile(r"\\.|`[^`]*`|\|")
_FENCE = re.compile(r"^[ \t>]{0,3}(`{3,}|~{3,})")


def find_left_markup(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield what was meant as markup in a chapter, each at its place."""
    text = without_code(source.text)
    done: dict[str, int] = {}
    for node in every_node(list(blocks)):
        if node["t"] == "Str":
            yield from _in_words(node["c"], source, text, done)
        elif node["t"] == "Note":
            yield from _notes_in(node, source, text)
        elif node["t"] == "Code":
            yield from _in_code(node["c"][1], source)
        elif node["t"] == "Para" and _IS_CAPTION.match(ast.text(node["c"])):
            yield from _lone_caption(ast.text(node["c"]), source, text)
    for kind in _IN_LINES:
        for match in kind.pattern.finditer(text):
            yield slip_at(kind, match[0].split("\n")[0], source, match.start())
    yield from _wrong_rows(source, text)
    yield from _wrong_fences(source, blocks)


def _in_code(shown: str, source: ChapterText) -> Iterator[Problem]:
    """Yield code that is a query of another tool."""
    if _QUERY.pattern.match(shown):
        yield slip_at(_QUERY, shown, source, max(source.text.find(shown), 0))


def _notes_in(note: Node, source: ChapterText, text: str) -> Iterator[Problem]:
    """Yield the notes in a note: pages and Word have no words of them, nor has pandoc of `[^a]`."""
    for node in every_node(note["c"]):
        if node["t"] == "Note":
            shown = ast.text(node["c"])
            message = f"a footnote is in another, and would be lost: “{shown[:_SHOWN]}”"
            at = find_words(shown, text, {})[0]
            yield Problem("slip", message, source.place(max(at, 0)), _IN_NOTE)
        for match in _NOTE.finditer(node["c"]) if node["t"] == "Str" else ():
            written = re.finditer(rf"(?<!\\){re.escape(match[0])}(?!:)", text)
            at = next((one.start() for one in written if _is_in_note(text, one.start())), -1)
            if at >= 0 and f"{match[0]}:" in text:
                message = f"the footnote {match[0]} is in another, and would be lost."
                yield Problem("slip", message, source.place(at), _IN_NOTE)


def _is_in_note(text: str, at: int) -> bool:
    """Say whether something stands in the text of a note; its later paragraphs are indented."""
    *above, before = re.sub(r"\\.", "", text[:at]).split("\n\n")
    while above and before[:1] in (" ", "\t"):
        before = above.pop()
    inline = before[before.rfind("^[") + 1 :] if "^[" in before else ""
    is_open = inline.startswith("[") and inline.count("[") > inline.count("]")
    return is_open or _NOTE_TEXT.search(before) is not None


def _lone_caption(shown: str, source: ChapterText, text: str) -> Iterator[Problem]:
    """Yield a caption that no table takes; the last one in a block is the block's."""
    at = find_words(shown.split(" ")[0], text, {})[0]
    after = text[at:].partition("\n\n")[2].lstrip("\n")
    if at >= 0 and not after.startswith(":::") and "\n:::" not in text[at:].partition("\n\n")[0]:
        yield slip_at(_CAPTION, shown, source, at)


def _in_words(
    words: str, source: ChapterText, text: str, done: dict[str, int]
) -> Iterator[Problem]:
    for kind in _IN_WORDS:
        for match in kind.pattern.finditer(words):
            before = words[max(match.start() - 1, 0) : match.start()]
            at = find_typed(match[0], source, text, done, before=before)
            # Fences of blocks are looked at by `stray_markup` and as slips.
            line = text[text.rfind("\n", 0, max(at, 0)) + 1 : max(at, 0)].lstrip(" \t>")
            if at < 0 or line.startswith("::"):
                continue
            if kind is _HEADING and _is_below_words(text, at):
                continue  # as a slip it has a better hint
            if kind.in_notebooks and source.place(at).cell is None:
                continue
            yield slip_at(kind, match[0], source, at)


def _wrong_rows(source: ChapterText, text: str) -> Iterator[Problem]:
    """Yield rows of tables with more cells than columns, which pandoc drops, and rows of none."""
    at, rows = 0, list[tuple[int, str]]()
    above, before = "", ""
    for line in [*text.split("\n"), ""]:
        is_grid = line.lstrip(" \t>").startswith("+")
        if "|" in line and not is_grid:
            above = above if rows else before
            rows.append((at, line))
        else:
            yield from _wrong_in([] if is_grid else rows, source)
            if len(rows) > 1 and _RULE.match(rows[1][1]) and _WORDS.match(above):
                yield slip_at(_NO_EMPTY_LINE, rows[0][1].strip(), source, rows[0][0])
            rows = []
        before = line
        at += len(line) + 1


def _wrong_in(rows: list[tuple[int, str]], source: ChapterText) -> Iterator[Problem]:
    rule = next((line for _, line in rows[1:2] if _RULE.match(line)), "")
    for at, line in rows if rule else ():
        if _cells(line) > _cells(rule):
            message = f"the row has {_cells(line)} cells, and the table {_cells(rule)} columns."
            hint = "The cells after those would be lost: add columns, or write `\\|` for the sign."
            yield Problem("slip", message, source.place(at), hint)
    counts = (
        {_cells(line) for _, line in rows} if all(_BARE_ROW.match(row) for _, row in rows) else ()
    )
    is_table = len(rows) > 1 and (all(_ROW.match(line) for _, line in rows) or len(counts) == 1)
    if is_table and not any(_RULE.match(line) for _, line in rows):
        yield slip_at(_NO_TABLE, rows[0][1].strip(), source, rows[0][0])


def _cells(row: str) -> int:
    bare = row.strip().lstrip("> \t")
    marks = sum(match[0] == "|" for match in _CELL.finditer(bare))
    return marks + 1 - bare.startswith("|") - (bare.endswith("|") and not bare.endswith("\\|"))


def _is_below_words(text: str, at: int) -> bool:
    """Say whether a position begins a line, under one of a paragraph."""
    line = text[:at].rpartition("\n")[2]
    before = text[: at - len(line)].removesuffix("\n").rpartition("\n")[2]
    return at > 0 and not line.strip() and bool(_WORDS.match(before))


def _wrong_fences(source: ChapterText, blocks: Sequence[Node]) -> Iterator[Problem]:
    """Yield fences that open no block of code, and the one that nothing closes: all is code then.

    What pandoc takes for no fence is code within a line, with the attributes as its first words.
    """
    fence, opened, at = "", 0, 0
    in_lines = tuple(node["c"][1] for node in every_node(list(blocks)) if node["t"] == "Code")
    for line in source.text.split("\n"):
        match = _FENCE.match(line)
        if fence and match and match[1].startswith(fence) and line.strip(" \t>") == match[1]:
            fence = ""
        elif not fence and match and not ("`" in match[1] and "`" in line[match.end() :]):
            fence, opened = match[1], at
            words = line[match.end() :].strip()
            if "{" in line and "}" not in line:
                yield slip_at(_OPEN_ATTRIBUTES, line.strip(), source, at)
            elif words and (
                not _NO_BLOCK.pattern.fullmatch(words)
                or (words.startswith("{") and any(each.startswith(words) for each in in_lines))
            ):
                yield slip_at(_NO_BLOCK, words, source, at)
        at += len(line) + 1
    if fence:
        message = "the code that begins here never ends, and all below would be code."
        yield Problem(
            "slip",
            message,
            source.place(opened),
            f"Write {fence} on a line of its own where it ends.",
        )
