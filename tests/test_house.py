"""The house: which package may import which, and how far its types reach.

The order of packages is the table of `docs/explanation/design.md`, from top to bottom. An arrow is
any import of one of our modules by another: also one inside a function, and one that only the type
checker sees, for a reader has to follow it just the same.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "reviewpress"
PAGE = ROOT / "docs" / "explanation" / "design.md"
LONGEST = 500
MOST_ANY = 5.0
"""`Any` per 1,000 lines."""
MOST_INNER = 3.0
"""Imports inside functions per 1,000 lines."""
FACE = "reviewpress"
"""The package itself: what chapters import. It is above everything."""


@cache
def modules() -> Mapping[str, Path]:
    """Return every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def targets(node: ast.stmt) -> Iterator[str]:
    """Yield which of our modules an import statement leads to."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return
    for name in names:
        found = name
        while found and found not in modules():
            found = found.rpartition(".")[0]
        if found:
            yield found


@cache
def arrows() -> Mapping[str, Mapping[str, int]]:
    """Return which module imports which others, each with the line of the first import."""
    found: dict[str, dict[str, int]] = {name: {} for name in modules()}
    for name in modules():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for target in targets(node):
                    if target != name:
                        found[name].setdefault(target, node.lineno)
    return found


def room(module: str) -> str:
    """Return the package, or the module beside the packages, that a module belongs to.

    A package within another belongs to itself where it has a row of its own.
    """
    parts = module.split(".")[1:]
    inner = "/".join(parts[:2])
    return inner if inner in order() else parts[0] if parts else FACE


@cache
def order() -> list[str]:
    """Return the rooms from top to bottom, as the page on the design lists them."""
    pattern = r"^## Where things are\n.*?^\| --- [^\n]*\n(.*?)\n\n"
    table = re.search(pattern, PAGE.read_text("utf-8"), re.M | re.S)
    assert table is not None
    cells = [row.split("|")[1] for row in table[1].splitlines()]
    return [name for cell in cells for name in re.findall(r"`([\w/]+?)(?:/|\.py)`", cell)]


def circles(graph: Mapping[str, Mapping[str, int]]) -> list[tuple[str, ...]]:
    """Return every circle of a graph: what leads to itself by way of others."""

    @cache
    def reached(start: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(graph[start])
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += graph[name]
        return frozenset(found)

    found = (
        tuple(sorted(other for other in reached(name) if name in reached(other)))
        for name in graph
        if name in reached(name)
    )
    return sorted(set(found))


def test_no_circle_of_files() -> None:
    """A file can be read, and changed, after those it imports."""
    assert circles(arrows()) == []


def test_circles_are_found() -> None:
    """The test above would pass if none were."""
    graph = {"a": {"b": 1}, "b": {"c": 1}, "c": {"b": 1}, "d": {"a": 1}}
    assert circles(graph) == [("b", "c")]


def test_every_package_has_its_place_in_the_order() -> None:
    """A new package gets a row in the page's table, between those it imports and its users."""
    listed = order()
    assert len(listed) == len(set(listed))
    assert {room(name) for name in modules()} - {FACE} == set(listed)


def test_imports_point_downwards() -> None:
    """What is below knows nothing of what is above it; the table says which is which."""
    rank = {name: place for place, name in enumerate([FACE, *order()])}
    assert [
        f"{modules()[name].relative_to(ROOT)}:{line} imports {target}"
        for name, found in arrows().items()
        for target, line in found.items()
        if rank[room(target)] < rank[room(name)]
    ] == []


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_is_longer_than_a_reader_reads_at_once(name: str) -> None:
    """A longer one has a second subject."""
    assert len(modules()[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


def count_any(name: str) -> int:
    """Count `Any` in a module's code: as a name, wherever, and in annotations that are text."""
    text = modules()[name].read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    count = sum(token.type == tokenize.NAME and token.string == "Any" for token in tokens)
    for node in ast.walk(tree(name)):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.AST):
                texts = (part for part in ast.walk(annotation) if isinstance(part, ast.Constant))
                count += sum(bool(re.search(r"\bAny\b", str(part.value))) for part in texts)
    return count


def inner_imports(name: str) -> list[int]:
    """Return the lines of a module's imports inside functions."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= {part.lineno for part in ast.walk(node)
                      if isinstance(part, ast.Import | ast.ImportFrom)}  # fmt: skip
    return sorted(found)


def per_thousand(count: int) -> float:
    """Return how many there are of something in 1,000 lines of the package."""
    lines = (len(path.read_text(encoding="utf-8").splitlines()) for path in modules().values())
    return 1000 * count / sum(lines)


def test_seams_carry_types() -> None:
    """`Any` stands where a library gives nothing better, and nowhere else."""
    counts = {name: count_any(name) for name in modules()}
    worst = sorted(counts.items(), key=lambda item: -item[1])[:10]
    assert per_thousand(sum(counts.values())) < MOST_ANY, worst


def test_few_imports_stand_inside_functions() -> None:
    """They are for what is slow to import and seldom needed."""
    counts = {name: len(inner_imports(name)) for name in modules()}
    worst = sorted(counts.items(), key=lambda item: -item[1])[:10]
    assert per_thousand(sum(counts.values())) < MOST_INNER, worst


@cache
def public_names() -> Mapping[str, tuple[str, ...]]:
    """Return each public class and function, with the modules that define it.

    Commands are left out: each is named after the verb that a user types.
    """
    found: dict[str, list[str]] = {}
    for name in modules():
        if name.startswith("reviewpress.cli."):
            continue
        for node in tree(name).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name)
    return {name: tuple(where) for name, where in found.items()}


def test_no_two_things_share_a_name() -> None:
    """Classes and functions that a module offers to others have one meaning in the package."""
    assert {name: where for name, where in public_names().items() if len(where) > 1} == {}


def test_nothing_is_there_for_tests_alone() -> None:
    """What a module defines is used by another place of the source, the scripts or a review."""
    texts = [path.read_text(encoding="utf-8") for path in modules().values()]
    for folder, ending in (("scripts", "*"), ("chapters", "*.ipynb"), ("docs", "*.md")):
        files = (path for path in (ROOT / folder).rglob(ending) if path.is_file())
        texts += [path.read_text(encoding="utf-8", errors="replace") for path in files]
    used = Counter(word for text in texts for word in re.findall(r"\w+", text))
    assert [name for name in public_names() if used[name] < 2] == []
