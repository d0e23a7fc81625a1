"""Blocks that Quarto has and pandoc has not: conditions, callouts, floats, page breaks."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import count

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.constructs import (
    CALLOUT_TITLE,
    CALLOUTS,
    CONDITIONS,
    is_comment,
    refers,
)
from reviewpress.assemble.floats import Parse, make_float
from reviewpress.assemble.layouts import lay_out
from reviewpress.assemble.theorems import make_theorem
from reviewpress.formats.objects import Format, find_format
from reviewpress.shapes import Plain

_CONDITIONAL = ("Div", "Span", "Code", "CodeBlock")
NOTES = frozenset(("comment", "todo"))
"""The classes of what authors write to each other: it is never published."""


def resolve_blocks(
    blocks: list[Node], *, profile: str, metadata: Mapping[str, Plain], parse: Parse
) -> list[Node]:
    """Return a chapter's blocks with profile conditions decided, callouts and floats made.

    Conditions on the format stay, for `for_format`. `metadata` is the review's with the chapter's
    own over it; `parse` reads captions and titles that are attributes.
    """

    def change(node: Node) -> Node | list[Node] | None:
        if is_comment(node):
            return []
        if node["t"] in ("Div", "Span") and not NOTES.isdisjoint(ast.classes(node)):
            return []
        if set(ast.classes(node)) & set(CONDITIONS) and node["t"] in _CONDITIONAL:
            held = _held(node) if node["t"] in ("Code", "CodeBlock") else node
            decided = _decide(held, profile=profile, metadata=metadata)
            return held if decided is None and held is not node else decided
        if node["t"] == "Div" and (made := _callout(node, parse)):
            return {**node, **made}
        if theorem := make_theorem(node, parse):
            return theorem
        laid_out = lay_out(node)
        return make_float(node, parse) if laid_out is None else laid_out

    result: list[Node] = ast.transform(blocks, change)
    return result


def _held(code: Node) -> Node:
    """Return code under a condition as a block, or a span, that has the condition."""
    name, names, pairs = ast.attr(code)
    conditions = [pair for pair in pairs if pair[0].startswith(("when-", "unless-"))]
    rest = [pair for pair in pairs if pair not in conditions]
    own = [each for each in names if each not in CONDITIONS]
    inner = {**code, "c": [[name, own, rest], code["c"][1]]}
    kind = "Div" if code["t"] == "CodeBlock" else "Span"
    shown = [each for each in names if each in CONDITIONS]
    return {"t": kind, "c": [["", shown, conditions], [inner]]}


def depends_on_format(nodes: Iterable[Node]) -> bool:
    """Say whether `for_format` would change anything among these nodes."""
    names = {*CONDITIONS, "pagebreak"}
    return any(
        node["t"] in ("Div", "Span") and not names.isdisjoint(ast.attr(node)[1]) for node in nodes
    )


def varies(blocks: list[Node]) -> bool:
    """Say whether formats number, name or list in different ways what stands in these blocks."""
    names = {*CONDITIONS}
    held = [
        node["c"][1]
        for node in ast.walk(blocks)
        if node["t"] in ("Div", "Span") and not names.isdisjoint(ast.classes(node))
    ]
    return any(
        node["t"] == "Header"
        or ast.identifier(node)
        or (node["t"] == "Cite" and not all(map(refers, node["c"][0])))
        for node in ast.walk(held)
    )


def for_format(blocks: list[Node], name: str) -> list[Node]:
    """Return blocks as the format `name` gets them: its conditions decided, page breaks made.

    A page break within a block is none where a block cannot be broken there.
    """
    made = find_format(name)
    assert made is not None

    result: list[Node] = ast.transform(blocks, lambda node: _shown(node, made, made.page_break))
    if made.breaks_within or not made.page_break:
        return result
    broken = {"t": "RawBlock", "c": list(made.page_break)}
    return [
        each if each == broken else ast.transform([each], lambda n: [] if n == broken else None)[0]
        for each in result
    ]


def breaks_left_out(blocks: Sequence[Node], made: Format) -> list[Node]:
    """Return the page breaks that a format leaves out, which are within what it cannot break."""
    if made.breaks_within or not made.page_break:
        return []
    breaks = [node for node in ast.walk(list(blocks)) if _is_break(node)]
    numbers = map(str, count())
    shown = ast.transform(
        list(blocks),
        lambda node: _shown(node, made, ("break", next(numbers)) if _is_break(node) else None),
    )
    within = ast.walk([each["c"] for each in shown if each["t"] != "RawBlock" and "c" in each])
    return [
        breaks[int(node["c"][1])]
        for node in within
        if node["t"] == "RawBlock" and node["c"][0] == "break"
    ]


def _is_break(node: Node) -> bool:
    return node["t"] == "Div" and "pagebreak" in ast.classes(node)


def _shown(
    node: Node, made: Format, page_break: tuple[str, str] | None
) -> Node | list[Node] | None:
    """Decide a node's conditions for a format, and make it a page break where it is one."""
    if node["t"] not in ("Div", "Span"):
        return None
    if set(ast.classes(node)) & set(CONDITIONS):
        return _decide_format(node, made.conditions)
    if _is_break(node) and page_break:
        return [{"t": "RawBlock", "c": list(page_break)}, *node["c"][1]]
    return None


def _decide(node: Node, *, profile: str, metadata: Mapping[str, Plain]) -> Node | list[Node] | None:
    """Decide what does not depend on the format; None leaves the block for `for_format`."""
    tests: dict[str, Callable[[str], bool]] = {
        "profile": lambda wanted: profile in wanted.split(","),
        "meta": lambda wanted: _truth(metadata, wanted),
    }
    holds = True
    for subject, test in tests.items():
        when, unless = (ast.attribute(node, f"{word}-{subject}") for word in ("when", "unless"))
        holds = holds and (when is None or test(when)) and (unless is None or not test(unless))
    by_format = any(ast.attribute(node, f"{word}-format") for word in ("when", "unless"))
    visible = "content-visible" in ast.classes(node)
    if by_format:
        if holds:
            return None
        return [] if visible else _content(node)
    return _content(node) if holds == visible else []


def _decide_format(node: Node, names: Collection[str]) -> list[Node]:
    when, unless = (ast.attribute(node, f"{word}-format") for word in ("when", "unless"))
    holds = (when is None or when in names) and (unless is None or unless not in names)
    return _content(node) if holds == ("content-visible" in ast.classes(node)) else []


def _content(node: Node) -> list[Node]:
    """Return what a block holds; its last words are a paragraph still where it is no more."""
    return [{**item, "t": "Para"} if item["t"] == "Plain" else item for item in node["c"][1]]


def _truth(metadata: Mapping[str, Plain], dotted: str) -> bool:
    value: Plain = metadata
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return bool(value)


def _callout(node: Node, parse: Parse) -> Node | None:
    """Return a callout whose title is its first block, words as others; None for no callout."""
    kind = next(
        (name for name in ast.classes(node) if name.removeprefix("callout-") in CALLOUTS), None
    )
    if kind is None or "callout" in ast.classes(node):
        return None
    blocks = list(node["c"][1])
    given = ast.attribute(node, "title")
    title = parse(given) if given else []
    if not title and blocks and blocks[0]["t"] == "Header":
        title = blocks.pop(0)["c"][2]
    if title:
        blocks.insert(
            0, {"t": "Div", "c": [["", [CALLOUT_TITLE], []], [{"t": "Plain", "c": title}]]}
        )
    name = ast.identifier(node)
    others = [item for item in ast.classes(node) if item != kind]
    return {"t": "Div", "c": [[name, ["callout", kind, *others], []], blocks]}
