"""Text from data made safe to stand in Markdown."""

import re
from dataclasses import dataclass

_INLINE = re.compile(r"[\\`*_\[\]{}<>~^$@|&]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.")
_AT_START = re.compile(r"[#+\-=:%(!>]|\(?[\w]+(?=[.)])")
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_CITED = re.compile(r"\s*\[[^\]]*@[^\]]*\]")
_LINK = re.compile(r"(?<!\\)\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})?")
_MARKS = re.compile(r"(?<!\\)[*_`~^]+")
_ESCAPED = re.compile(r"\\(\W)")
_KEY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[:.#$%&\-+?<>~/](?=[A-Za-z0-9_]))*")


UNNUMBERED = "fig-cell-"
"""How the files of pictures are named that have no id, by their cell."""


def escape(text: str) -> str:
    """Return a text that Markdown renders as it stands, on one line.

    >>> print(escape("a *b* [c](d)"), escape("1. one"), escape("Europe (non-UK)"))
    a \\*b\\* \\[c\\](d) 1\\. one Europe (non-UK)
    """
    line = _INLINE.sub(r"\\\g<0>", " ".join(text.split()))
    start = _AT_START.match(line)
    if start is None:
        return line
    end = start.end()
    # A mark of a list or block is one only at the start: "1." and "(a)" need their last character
    # escaped, the others their first.
    if len(start[0]) > 1 or start[0].isalnum():
        return f"{line[:end]}\\{line[end:]}"
    return f"\\{line}"


def attribute_text(text: str) -> str:
    r"""Return a text as the value of an attribute in Markdown, between double quotes.

    >>> print(attribute_text('A "B" & C'))
    A \"B\" &amp; C
    """
    line = " ".join(text.split())
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("{{", "{&#123;")):
        line = line.replace(sign, written)
    return line


def within_brackets(words: str) -> str:
    """Return Markdown that can stand between brackets: those in it have their like.

    >>> within_brackets("[a] *b*"), within_brackets("of [0, 1)")
    ('[a] *b*', 'of \\\\[0, 1)')
    """
    depth = 0
    for sign in _BRACKET.findall(words):
        depth += 1 if sign == "[" else -1
        if depth < 0:
            break
    return words if not depth else _BRACKET.sub(r"\\\g<0>", words)


def without_marks(text: str) -> str:
    """Return Markdown of one line as it is read, without its citations.

    >>> without_marks("**Two** of [them](a.html), 5\\\\* [@wang2020]")
    'Two of them, 5*'
    """
    line = _CITED.sub("", " ".join(text.split()))
    return _ESCAPED.sub(r"\1", _MARKS.sub("", _LINK.sub(r"\1", line)))


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text that is Markdown already: citations, links and emphasis in it hold."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def md(text: str) -> Markdown:
    """Mark a title, caption or cell as Markdown.

    >>> str(md("as [@wang2020] has it"))
    'as [@wang2020] has it'
    """
    return Markdown(text)


class Citation(str):
    """A citation in Markdown: it cites in a table's cell too, where words of data only read so."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


class Verbatim(str):
    """Words that stay as they are, in a table's cell too: quotation marks in them stay straight."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return re.sub(r"[\"']", r"\\\g<0>", escape(str(self)))


def cite_keys(keys: list[str]) -> Citation:
    """Return a pandoc citation of several keys; empty for none.

    >>> cite_keys(["wang2020", "li2021"])
    '[@wang2020; @li2021]'
    """
    if not keys:
        return Citation()
    return Citation(f"[{'; '.join(_cite(key) for key in keys)}]")


def _cite(key: str) -> str:
    return f"@{key}" if _KEY.fullmatch(key) else f"@{{{key}}}"
