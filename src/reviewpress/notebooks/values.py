"""Live values: `` `{python} expression` `` in a text cell, and what stands in its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

FENCE = re.compile(r"^(?:[ \t]|>|[-*+] |\d+[.)] )*(`{3,}|~{3,})(.*)$")
TOKEN = re.compile(r"\\.|`+|<!--.*?-->|\n[ \t]*\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a live value stands in a cell's text, and its expression."""

    start: int
    end: int
    expression: str


@lru_cache(maxsize=8192)
def find_values(text: str, language: str = "python") -> tuple[Site, ...]:
    """Return the live values of a text cell, in order.

    A value is a code span of single backticks that begins with `{python}`, or with what the values
    of another language begin with; a language without has none. Code spans of more
    backticks, fenced code, escaped backticks and comments hold none.

    >>> [site.expression for site in find_values("In `{python} words(3)` papers, ``{python} x``")]
    ['words(3)']
    """
    if not language or f"{{{language}}}" not in text:
        return ()
    opening = re.compile(rf"\{{{language}\}}(?=\s|$)")
    return tuple(site for start, end in _prose(text) for site in _sites(text, start, end, opening))


def fill_values(text: str, spans: Sequence[str], language: str = "python") -> str:
    """Put `spans`, one for each live value of `text`, in their places."""
    parts, at = [], 0
    for site, span in zip(find_values(text, language), spans, strict=True):
        parts += [text[at : site.start], span]
        at = site.end
    return "".join([*parts, text[at:]])


def value_span(result: str, expression: str, id: str = "") -> str:
    r"""Return the Markdown of a value: its result, with its expression kept, and which one it is.

    >>> value_span("34", 'box.regions["Oceania"]')
    '[34]{.value expr="box.regions[\\"Oceania\\"]"}'
    """
    kept = expression.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    kept = kept.replace("{{", "{&#123;").replace("<", "&lt;").replace(">", "&gt;")
    # A table is cut into cells before anything in them is read.
    kept = kept.replace("|", "&#124;")
    which = f' of="{id}"' if id else ""
    return f'[{result}]{{.value expr="{kept}"{which}}}'


def _prose(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of `text` that are not fenced code."""
    start = at = 0
    closing: re.Pattern[str] | None = None
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        if closing is not None:
            if closing.match(line):
                closing, start = None, end
        elif (fence := FENCE.match(line.rstrip("\n"))) and not (
            fence[1][0] == "`" and "`" in fence[2]
        ):
            yield start, at
            mark, length = re.escape(fence[1][0]), len(fence[1])
            closing = re.compile(rf"^[ \t>]*{mark}{{{length},}}[ \t]*$")
        at = end
    if closing is None:
        yield start, len(text)


def _sites(text: str, start: int, end: int, opening: re.Pattern[str]) -> Iterator[Site]:
    """Yield the live values of a stretch of prose: pair runs of backticks of equal length."""
    tokens = [(match.start(), match.end(), match[0]) for match in TOKEN.finditer(text, start, end)]
    index = 0
    while index < len(tokens):
        first, opened, token = tokens[index]
        index += 1
        if not token.startswith("`"):
            continue
        close = _closing(tokens, index, token, text)
        if close is None:
            continue
        content = text[opened : close[0]]
        if token == "`" and (found := opening.match(content)):
            expression = re.sub(r"\s*\n\s*", " ", content[found.end() :]).strip()
            yield Site(first, close[1], expression)
        while index < len(tokens) and tokens[index][0] < close[1]:
            index += 1


def _closing(
    tokens: list[tuple[int, int, str]], index: int, run: str, text: str
) -> tuple[int, int] | None:
    """Return start and end of the run of backticks that closes `run`, if its paragraph has one."""
    for start, end, token in tokens[index:]:
        if token.startswith("\n"):
            return None
        if token == run:
            return start, end
        # Inside code a backslash escapes nothing: the run after it may close.
        if token == "\\`" and len(run) == 1 and text[end : end + 1] != "`":
            return end - 1, end
    return None
