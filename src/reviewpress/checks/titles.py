"""Titles of figures and tables that claim what is typed, where the data would say it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reviewpress.assemble import Page
from reviewpress.checks.subject import Subject
from reviewpress.checks.wording import GAP, claims, superlatives
from reviewpress.errors import Place, Problem
from reviewpress.notebooks.source import read_notebook, read_options
from reviewpress.shapes import Plain

PUBLISHING = ("figure", "table")
TITLES = ("title", "subtitle", "caption")
OPTIONS = ("fig-cap", "fig-subcap", "tbl-cap")
RANKED = ("rank", "share", "Share")
_FENCE = re.compile(r"^(`{3,})\{python[^}]*\}[^\n]*\n(.*?)^\1`*\s*$", re.M | re.S)
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's code, with its label and the captions among its options; in a text file its line."""

    number: int
    source: str
    name: str
    captions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TitleClaim:
    """What a title claims: of which figure, in which cell or on which line, in which words."""

    name: str
    cell: int
    kind: str
    words: tuple[str, ...]


def check_titles(subject: Subject) -> Iterator[Problem]:
    """Warn of titles whose superlatives, comparisons or counts are typed.

    A superlative that stands beside a value from `rank(…)` or `share(…)` is made from the data, and
    so is a title that is chosen by a condition. `typed-claims: false` under `reviewpress:` turns
    the warning off.
    """
    if not subject.config.settings.typed_claims:
        return

    def look(page: Page) -> Iterator[Problem]:
        for claim in _claims(_code_cells(subject, page), subject.config.lang):
            found = " and ".join(f"“{word}”" for word in dict.fromkeys(claim.words))
            message = f"the {claim.kind} of {claim.name} claims {found}, which is typed by hand."
            hint = (
                "Make it from the data: `words(…)` writes a number, `rank(…)` names who has most "
                "with all that are tied, `share(…)` says of how many."
            )
            where = _place(subject, page, claim.cell)
            yield Problem("typed-claim", message, where, hint, subject=claim.name)

    yield from subject.look_at_pages("titles", [subject.config.lang], look)


def _place(subject: Subject, page: Page, number: int) -> Place:
    """Return where a cell is of which `_code_cells` gives the number."""
    path = page.chapter.path
    if not page.chapter.is_notebook:
        return Place(path, line=number)
    notebook = read_notebook(subject.config.root / path, subject.config.root)
    return notebook.place(notebook.cells[number - 1])


def _code_cells(subject: Subject, page: Page) -> tuple[Code, ...]:
    """Return the code of a chapter by the number of its cell, or in a text file by its line."""
    path = page.chapter.path
    if page.chapter.is_notebook:
        notebook = read_notebook(subject.config.root / path, subject.config.root)
        return tuple(_code(c.number, c.source, c.options) for c in notebook.cells if c.runs)
    text = "\n".join(page.source.cells)
    found = []
    for block in _FENCE.finditer(text):
        line = text[: block.start(2)].count("\n") + 1
        found.append(_code(line, block[2], read_options(block[2], Place(path, line=line))))
    return tuple(found)


def _code(number: int, source: str, options: Mapping[str, Plain]) -> Code:
    name = str(options.get("label", "the figure"))
    captions: list[tuple[str, str]] = []
    for option in OPTIONS:
        given = options.get(option)
        for text in given if isinstance(given, list) else [given] if given else []:
            captions.append((option, str(text)))
    return Code(number, source, name, tuple(captions))


@lru_cache(maxsize=200)
def _claims(cells: tuple[Code, ...], lang: str) -> tuple[TitleClaim, ...]:
    trees = {cell.number: tree for cell in cells if (tree := _parse(cell.source)) is not None}
    known = _definitions(trees.values())
    found = []
    for cell in cells:
        for option, text in cell.captions:
            found.append(TitleClaim(cell.name, cell.number, option, tuple(claims(text, lang))))
        if cell.number in trees:
            found += _in_calls(trees[cell.number], cell.number, known, lang)
    return tuple(claim for claim in found if claim.words)


def _parse(code: str) -> ast.Module | None:
    """Return code as a tree, without the lines that only IPython understands."""
    lines = ["" if line.lstrip()[:1] in "%!" else line for line in code.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return None


def _definitions(trees: Iterable[ast.Module]) -> dict[str, list[ast.expr]]:
    """Return what each name of a notebook is: the values assigned to it, what it returns."""
    known: dict[str, list[ast.expr]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for name in ast.walk(target):
                        if isinstance(name, ast.Name):
                            known.setdefault(name.id, []).append(node.value)
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
                if isinstance(node.target, ast.Name) and node.value is not None:
                    known.setdefault(node.target.id, []).append(node.value)
            elif isinstance(node, ast.FunctionDef):
                returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
                known.setdefault(node.name, []).extend(v for v in returned if v is not None)
    return known


def _in_calls(
    tree: ast.Module, cell: int, known: Mapping[str, list[ast.expr]], lang: str
) -> Iterator[TitleClaim]:
    """Yield the claims in the titles of what a cell publishes."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or _called(call) not in PUBLISHING:
            continue
        given = dict(_arguments(call, known))
        name = given.get("id")
        if not isinstance(name, ast.Constant):
            continue
        for kind in TITLES:
            if kind in given:
                words = tuple(_typed(given[kind], known, lang))
                yield TitleClaim(str(name.value), cell, kind, words)


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _arguments(
    call: ast.Call, known: Mapping[str, list[ast.expr]]
) -> Iterator[tuple[str, ast.expr]]:
    """Yield the named arguments of a call, with those of a dictionary that is spread into it."""
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
            continue
        values = known.get(keyword.value.id, []) if isinstance(keyword.value, ast.Name) else []
        for value in [keyword.value, *values]:
            if isinstance(value, ast.Dict):
                for key, item in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield str(key.value), item


def _typed(title: ast.expr, known: Mapping[str, list[ast.expr]], lang: str) -> Iterator[str]:
    """Yield the claims of a title; with a ranking in it, superlatives are the ranking's."""
    ranked = _is_ranked(title, known, set())
    for text in _texts(title, known, _DEPTH):
        allowed = set(superlatives(text, lang)) if ranked else set()
        yield from (word for word in claims(text, lang) if word not in allowed)


def _is_ranked(node: ast.AST, known: Mapping[str, list[ast.expr]], seen: set[str]) -> bool:
    """Whether a value comes, through whatever names, from a ranking or a share."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and _called(part) in RANKED:
            return True
        if isinstance(part, ast.Name) and part.id not in seen:
            seen.add(part.id)
            if any(_is_ranked(value, known, seen) for value in known.get(part.id, ())):
                return True
    return False


def _texts(node: ast.expr, known: Mapping[str, list[ast.expr]], depth: int) -> list[str]:
    """Return the texts that an expression may be, with a mark for what is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = [str(p.value) if isinstance(p, ast.Constant) else GAP for p in node.values]
        return ["".join(parts)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [
            one + other
            for one in _texts(node.left, known, depth)
            for other in _texts(node.right, known, depth)
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return [re.sub(r"%[-\d.]*[a-z]", GAP, text) for text in _texts(node.left, known, depth)]
    if isinstance(node, ast.Call) and depth:
        return _called_texts(node, known, depth)
    if isinstance(node, ast.Name) and depth and len(known.get(node.id, ())) == 1:
        return _texts(known[node.id][0], known, depth - 1)
    return [GAP]


def _called_texts(call: ast.Call, known: Mapping[str, list[ast.expr]], depth: int) -> list[str]:
    """Return the texts of `md("…")`, `"…".format(…)` and functions of the chapter."""
    name = _called(call)
    if name in ("md", "Markdown", "str", "begin") and call.args:
        return _texts(call.args[0], known, depth - 1)
    if isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, ast.Name):
        texts = _texts(call.func.value, known, depth - 1)
        return [re.sub(r"\{[^}]*\}", GAP, text) for text in texts]
    returned = known.get(name, ()) if isinstance(call.func, ast.Name) else ()
    return [text for value in returned for text in _texts(value, known, depth - 1)] or [GAP]
