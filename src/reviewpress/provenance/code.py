"""The code that computed something, as its author wrote it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from textwrap import dedent
from typing import NamedTuple

from reviewpress.notebooks.runs import Run
from reviewpress.shapes import as_list, as_mapping, as_text

_OPTION = "#|"
_ANY = ".*"


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

    Where the id is itself computed, as in a loop, the code is the whole statement; where several
    may have given it they are all there, and no cell is named but that of all.
    """
    found: dict[str, tuple[int, str]] = {}
    statements: list[_Statement] = []
    for number, source in cell_code(run).items():
        for node in _parsed(source).body:
            code = ast.get_source_segment(source, node) or ""
            statements.append(_Statement.of(number, code, node))
            for name, value in _given_claims(node):
                text = ast.get_source_segment(source, value)
                if isinstance(name, ast.Constant) and text:
                    found[str(name.value)] = number, dedent(text)
    for id in run.claims.keys() - found.keys():
        best = max((each.nearness(id) for each in statements), default=0)
        near = [each for each in statements if best and each.nearness(id) == best]
        if near:
            cells = {each.cell for each in near}
            code = "\n".join(each.code for each in near)
            found[id] = (cells.pop() if len(cells) == 1 else 0), code
    return found


class _Statement(NamedTuple):
    """A statement of a cell: the texts in it, and the patterns of ids that it gives to claims."""

    cell: int
    code: str
    texts: frozenset[str]
    patterns: tuple[str, ...]
    is_call: bool

    @classmethod
    def of(cls, cell: int, code: str, node: ast.stmt) -> _Statement:
        ids = [id for id, _ in _given_claims(node)]
        patterns = tuple(_pattern(id) for id in ids if not isinstance(id, ast.Constant))
        texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
        named = frozenset(text for text in texts if isinstance(text, str))
        is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        return cls(cell, code, named, patterns, is_call)

    def nearness(self, id: str) -> int:
        """Say how probable it is that it gives a claim its value; 0 where it cannot."""
        fits = [pattern for pattern in self.patterns if re.fullmatch(pattern, id)]
        if id in self.texts and (fits or self.is_call):
            return 4 if fits else 3
        return 0 if not fits else 2 if any(pattern != _ANY for pattern in fits) else 1


def _parsed(source: str) -> ast.Module:
    with suppress(SyntaxError, ValueError):
        return ast.parse(source)
    return ast.Module([], [])


def _pattern(id: ast.expr) -> str:
    """Return which ids an expression may make: an f-string has parts that are known."""
    parts = id.values if isinstance(id, ast.JoinedStr) else [id]
    said = (each.value if isinstance(each, ast.Constant) else None for each in parts)
    return "".join(re.escape(text) if isinstance(text, str) else _ANY for text in said)


def _given_claims(within: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield id and value of each claim that calls give one, as `review.claim("id", value)`."""
    for node in ast.walk(within):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        named = {each.arg: each.value for each in node.keywords if each.arg}
        given = dict(zip(("id", "value"), node.args, strict=False)) | named
        id, value = given.get("id"), given.get("value")
        if node.func.attr == "claim" and id is not None and value is not None:
            yield id, value
