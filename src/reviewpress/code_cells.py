"""Code cells in the text of a chapter: fences as ```{python}, and where they begin and end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WITHIN = r"^((?:[ \t]|>|[-*+] |\d+[.)] )*)"
_FENCE = re.compile(_WITHIN + r"(`{3,}|~{3,})(.*)")
_CELL = re.compile(_WITHIN + r"(?:`{3,}|~{3,})\s*\{\s*([A-Za-z][\w.+-]*)((?:[ \t,][^\n]*)?)\}")
_OPTIONS = re.compile(r"\s*\{[A-Za-z]\w*[ ,][^{}]*\}\s*")
_ANY_CELL = re.compile(_CELL.pattern, re.M)
_VALUE = re.compile(r"(?<![`\\])`\{python\}(?:\s|$)")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)]|\(?[a-zA-Z#@]+[.)])\s|[ \t]*\[\^[^\]]+\]:|:\s")
_INDENTED = 4


@dataclass(frozen=True, slots=True)
class CodeCell:
    """A code cell: what it says in braces, and the offsets of its fences and its code."""

    start: int
    opened: int
    """Where the line of the first fence ends."""
    code: slice
    end: int
    """Where the line of the last fence ends."""
    within: str
    """What stands before its fence: blanks, or marks of lists and quotations."""
    fence: str
    language: str
    header: str
    """What its braces hold besides the language."""
    is_closed: bool = True

    @property
    def runs(self) -> bool:
        """Whether it is for the kernel of a chapter: in Python, and in no list or quotation."""
        return self.runs_in("python")

    def runs_in(self, language: str) -> bool:
        """Whether it is for a kernel of a language."""
        return self.language.lower() == language and not self.within.strip()

    def opening(self, text: str) -> str:
        """Return the line of its first fence."""
        return text[self.start : self.opened]


def has_python(text: str) -> bool:
    """Say whether a text has a code cell or a value in Python, so that a kernel is needed.

    >>> has_python("In `{python} words(3)` papers"), has_python("In `words(3)` papers")
    (True, False)
    """
    if "{python" not in text.replace(" ", ""):
        return False
    if any(cell.runs for cell in find_cells(text)):
        return True
    fence = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if fence:
            is_end = match and match[2].startswith(fence) and not match[3].strip()
            fence = "" if is_end else fence
        elif match and _opens(match):
            fence = match[2]
        elif _VALUE.search(line):
            return True
    return False


def find_cells(text: str) -> Iterator[CodeCell]:
    """Yield the code cells of a text, ```{python} and the like, in order.

    A cell may be in lists and quotations; in a longer fence, or in indented code, it is an example.

    >>> [(cell.language, cell.header) for cell in find_cells("```{python}\\n1\\n```\\n")]
    [('python', '')]
    """
    if not _ANY_CELL.search(text):
        return
    fence, opened, at = "", (0, 0), 0
    before: list[str] = []
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if fence and match and match[2].startswith(fence) and not match[3].strip():
            yield from _cell(text, opened, fence, (at, at + len(line)))
            fence = ""
        elif not fence and match and _opens(match) and not is_indented_code(line, before):
            fence, opened = match[2], (at, at + len(line))
        before.append(line)
        at += len(line) + 1
    if fence:
        yield from _cell(text, opened, fence, None)


def _cell(
    text: str, opened: tuple[int, int], fence: str, closed: tuple[int, int] | None
) -> Iterator[CodeCell]:
    start, after = opened
    match = _CELL.match(text[start:after])
    if match is None:
        return
    begin, end = closed or (len(text), len(text))
    code = slice(min(after + 1, begin), begin)
    yield CodeCell(
        start, after, code, end, match[1], fence, match[2], match[3].strip(" \t,"),
        is_closed=closed is not None,
    )  # fmt: skip


def _opens(fence: re.Match[str]) -> bool:
    """Say whether what looks like a fence opens a block: no code span that begins a line.

    The options of a cell may hold backticks, as a caption does: knitr takes them.
    """
    is_span = fence[2].startswith("`") and "`" in fence[3]
    return not is_span or bool(_OPTIONS.fullmatch(fence[3]))


def is_indented_code(line: str, before: Sequence[str]) -> bool:
    """Say whether a line is indented code: further in than text is, and in no list."""
    depth = _depth(line)
    if depth < _INDENTED:
        return False
    outer = (each for each in reversed(before) if each.strip() and _depth(each) < depth)
    return not _ITEM.match(next(outer, ""))


def _depth(line: str) -> int:
    expanded = line.expandtabs(_INDENTED)
    return len(expanded) - len(expanded.lstrip())
