"""Which cells of a chapter nothing else in it depends on, as those that only draw a figure."""

import ast
from collections.abc import Iterator, Sequence

from reviewpress.notebooks.dataflow import read_statement

_PUBLISHES = frozenset(("figure", "table", "claim", "not_checkable"))


def last_cells(cells: Sequence[str], expressions: Sequence[str]) -> Iterator[int]:
    """Yield the places of cells whose names no other cell, and no live value, uses.

    A cell that may change what another made is not among them.

    >>> list(last_cells(["n = 1", "m = n + 1\\nreview.figure(m)", "k = 2"], ["k"]))
    [1]
    """
    names = [_names(code) for code in (*cells, *expressions)]
    read = [each for each in names if each is not None]
    if len(read) < len(names):
        # What cannot be read may use anything.
        return
    for at, (_, makes) in enumerate(read[: len(cells)]):
        if not any(makes & uses for place, (uses, _) in enumerate(read) if place != at):
            yield at


def _names(code: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the names that code uses, and those that it makes or changes; None for no Python."""
    uses, makes = set[str](), set[str]()
    try:
        for node in ast.parse(code).body:
            found = read_statement(node)
            uses |= found.uses
            makes |= found.assigns | (frozenset() if _only_publishes(node) else found.changes)
    except (SyntaxError, ValueError):
        return None
    return frozenset(uses), frozenset(makes)


def _only_publishes(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    named = call.func if isinstance(call, ast.Call) else None
    return isinstance(named, ast.Attribute) and named.attr in _PUBLISHES
