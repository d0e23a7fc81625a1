"""In what form pandoc reads a Markdown text quickest, to the same tree.

What stands in brackets, pandoc reads as a citation, and again as a span when it was none: twice for
each bracket around it. Chapters whose findings are spans with citations in them took three times as
long to read as others. What stands in `<span>` it reads once. And it looks at every word for signs,
`$`, `\\` and `<`, that few texts have.

A text keeps its form where another could make another tree: outside plain prose, and where
pandoc, which counts the columns of what is in brackets from 1 again, would take the end of one
span for a word before a sign in the next. Whatever is left of a `<span>` in the tree shows that it
was read as something else (`is_whole`).
"""

import re

from reviewpress.speed import is_on

_SIGNS = {
    "$": ("tex_math_dollars",),
    "\\": ("raw_tex",),
    "<": ("raw_html", "native_divs", "markdown_in_html_blocks", "native_spans"),
}
"""Which of pandoc's extensions do nothing in a text without a sign."""

_FORBIDDEN = re.compile(
    r"<|^ *[-=+][-=+ ]*$"  # HTML, and what may rule a table, whose columns count.
    # Spans in which a sign follows no word, so that the columns matter that are counted anew.
    r"|\[(?!-?@|\^)[^\w\s\]]\W{0,99}[@'_]|\[&"
    r"|\[-?@\w*[^][\w]+[@'_][^][]*\]\{|\[-?@\w*[^][\w]*\["
    r"|\\\w",  # A command of TeX.
    re.M,
)
_PROSE = re.compile(
    r"(?! {4}|\t)(?:[-*+] +|\d+[.)] +)?"
    r"(?:(?!\]\(|\]\[|(?<!\w)_|_(?!\w))[\w\s.,;:?!()\[\]@'’‘\"“”%/*=…–—-])*"
)
_ATTRIBUTES = re.compile(r"(?<=\])\{\.[^{}]*\}")
_PLAIN_ATTRIBUTES = re.compile(
    r"\{(?P<classes>\.[a-z][a-z0-9-]*(?: \.[a-z][a-z0-9-]*)*)"
    r"(?P<keys>(?: [a-z]+=\"[\w .,;:#/-]*\")*)\}"
)
_BEFORE = frozenset("\t [(\"'“‘")
_CONTENT = re.compile(r"(?:\w|(?:\[\w|[\w(“‘\"']).*[^\s\"'])$")


def quick_form(text: str, written: str) -> tuple[str, str]:
    """Return a text of pandoc's format `written`, and a format, that make its tree most quickly.

    Where the text is another than before, its tree counts if `is_whole` says so.
    """
    if not is_on():
        return text, written
    quick = text
    unused: list[str] = []
    if "]{." in text and not _FORBIDDEN.search(text):
        quick = "\n".join(_quick_line(line) for line in text.split("\n"))
    for sign, extensions in _SIGNS.items():
        if sign not in text:
            unused += extensions
    if quick != text:
        unused.remove("native_spans")
    return quick, "".join([written, *(f"-{name}" for name in unused)])


def is_whole(tree: bytes) -> bool:
    """Whether pandoc's JSON of a text that had no `<` has none of what `quick_form` put there."""
    return not (b"<" in tree or b"\\u003c" in tree)


def _quick_line(line: str) -> str:
    """Return a line with `<span>` for its bracketed spans, if it is prose in which this is safe."""
    words = _ATTRIBUTES.sub("", line)
    if words == line or not _PROSE.fullmatch(words):
        return line
    changes: list[tuple[int, int, str]] = []
    opened: list[int] = []
    at = 0
    while at < len(line):
        if line[at] == "[":
            opened.append(at)
        elif line[at] == "]" and opened:
            begin = opened.pop()
            given = _ATTRIBUTES.match(line, at + 1)
            plain = _PLAIN_ATTRIBUTES.match(line, at + 1)
            is_apart = begin == 0 or line[begin - 1] in _BEFORE
            if plain and is_apart and _CONTENT.match(line[begin + 1 : at]):
                classes = plain["classes"].replace(".", "")
                changes.append((begin, begin + 1, f'<span class="{classes}"{plain["keys"]}>'))
                changes.append((at, plain.end(), "</span>"))
            at = given.end() - 1 if given else at
        at += 1
    parts, done = [], 0
    for begin, end, new in sorted(changes):
        parts += [line[done:begin], new]
        done = end
    return "".join([*parts, line[done:]])
