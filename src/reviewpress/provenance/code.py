"""The code that computed something, as its author wrote it."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from textwrap import dedent

from reviewpress.notebooks.runs import Run
from reviewpress.shapes import as_list, as_mapping, as_text

_OPTION = "#|"


def author_words(expression: str) -> tuple[str, str]:
    """Return the code of an expression, and its author's words for it: a comment at its end.

    >>> author_words('len(papers)  # all included papers')
    ('len(papers)', 'all included papers')
    """
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(expression).readline):
            if token.type == tokenize.COMMENT:
                words = token.string.lstrip("#").strip()
                return expression[: token.start[1]].strip(), words
    return expression.strip(), ""


def cell_code(run: Run) -> dict[int, str]:
    """Return the code of each cell of a chapter that was executed, without its options."""
    cells = map(as_mapping, as_list(run.notebook.get("cells")))
    found = {}
    for cell, data in zip(run.cells, cells, strict=False):
        if cell.kind == "code":
            source = "".join(map(as_text, as_list(data.get("source"))))
            lines = [line for line in source.splitlines() if not line.startswith(_OPTION)]
            found[cell.number] = "\n".join(lines).strip("\n")
    return found


def claim_code(run: Run) -> dict[str, tuple[int, str]]:
    """Return by id the cell that gives a claim its value, and the code of that.

    A claim whose id is itself computed, as in a loop, is not among them.
    """
    found: dict[str, tuple[int, str]] = {}
    for number, source in cell_code(run).items():
        for id, value in _given_claims(source):
            if code := ast.get_source_segment(source, value):
                found[id] = number, dedent(code)
    return found


def _given_claims(source: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield id and value of each claim that calls give one, as `review.claim("id", value)`."""
    nodes: Iterator[ast.AST] = iter(())
    with suppress(SyntaxError, ValueError):
        nodes = ast.walk(ast.parse(source))
    for node in nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        named = {each.arg: each.value for each in node.keywords if each.arg}
        given = dict(zip(("id", "value"), node.args, strict=False)) | named
        id, value = given.get("id"), given.get("value")
        is_text = isinstance(id, ast.Constant) and isinstance(id.value, str)
        if node.func.attr == "claim" and is_text and value is not None:
            yield str(getattr(id, "value", "")), value
