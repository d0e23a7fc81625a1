"""Theorems and their like: divs that are counted, and begin with what they are.

    ::: {#thm-line}          a theorem: its words begin with "Theorem 1.1 (Lines)", in bold
    ## Lines
    ::: {.proof}             a proof: with "Proof.", in italics, and no number

As Quarto sets them. The name is a heading in the div, or its attribute `name=`.
"""

from collections.abc import Callable

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.labels import Labels

COUNTED = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg")
"""What begins the ids of those that are counted."""
UNCOUNTED = {"proof": "prf", "remark": "rem", "solution": "sol"}
"""The classes of those that need no number, and their kinds."""
CLASS = "theorem"
_NAME = "theorem-name"
_TITLE = "theorem-title"
_ITALIC = ("prf", "sol", "rem")

Parse = Callable[[str], list[Node]]


def theorem_kind(node: Node) -> str:
    """Return what kind of theorem a div is, by its id or its class; empty for another node."""
    if node["t"] != "Div":
        return ""
    prefix, _, rest = ast.identifier(node).partition("-")
    if rest and prefix in COUNTED:
        return prefix
    return next((UNCOUNTED[name] for name in ast.classes(node) if name in UNCOUNTED), "")


def is_counted(node: Node) -> bool:
    """Say whether a theorem has a number, and can be referred to."""
    return ast.identifier(node).partition("-")[0] in COUNTED


def make_theorem(node: Node, parse: Parse) -> Node | None:
    """Return a theorem whose name, if it has one, is its first block; None for another node."""
    kind = theorem_kind(node)
    if not kind or CLASS in ast.classes(node):
        return None
    name, names, pairs = ast.attr(node)
    # Words right before the end of a div are no paragraph to pandoc.
    blocks = [{**b, "t": "Para"} if b["t"] == "Plain" else b for b in node["c"][1]]
    given = ast.attribute(node, "name")
    title = parse(given) if given else []
    if not title and blocks and blocks[0]["t"] == "Header":
        title = blocks.pop(0)["c"][2]
    if title:
        blocks.insert(0, {"t": "Div", "c": [["", [_NAME], []], [{"t": "Plain", "c": title}]]})
    rest = [pair for pair in pairs if pair[0] != "name"]
    return {**node, "c": [[name, [CLASS, *names], rest], blocks]}


def title_theorem(node: Node, labels: Labels, number: str) -> str:
    """Begin a theorem with its kind, number and name, in place; return its name."""
    kind, blocks = theorem_kind(node), node["c"][1]
    name: list[Node] = []
    if blocks and _NAME in ast.classes(blocks[0]):
        name = blocks.pop(0)["c"][1][0]["c"]
    label = f"{labels.of_kind(kind)}\u00a0{number}" if number else labels.of_kind(kind)
    shown = ast.text_inlines(label)
    if name:
        shown += [{"t": "Space"}, {"t": "Str", "c": "("}, *name, {"t": "Str", "c": ")"}]
    is_italic = kind in _ITALIC
    content: list[Node] = [{"t": "Emph" if is_italic else "Strong", "c": shown}]
    content += [{"t": "Str", "c": "."}] if is_italic else []
    title = [ast.span(content, _TITLE), {"t": "Space"}]
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        blocks[0]["c"][:0] = title
    else:
        blocks.insert(0, {"t": "Para", "c": title[:1]})
    return ast.text(name)
