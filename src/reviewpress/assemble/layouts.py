"""Layouts of Quarto's that lead beside or over one another: tabs, columns, margins.

A report is read in one order, on paper and aloud. So each part stands after the other, tabs under
their headings; pages set columns side by side where the window has room.
"""

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.floats import LAYOUT, kind_of

TABS = "panel-tabset"
COLUMNS = "columns"
COLUMN = "column"
ASIDE = "aside"
_PLACES = "column-"
"""What begins the classes that say how far into the margins something reaches."""
_IN_MARGIN = frozenset((ASIDE, "column-margin"))
_PANELS = frozenset(("grid", "panel-sidebar", "panel-fill", "panel-center", "panel-input"))
_IN_VAIN = (*LAYOUT, "layout-align", "layout-valign", "lightbox", "group")


def lay_out(node: Node) -> Node | list[Node] | None:
    """Return what a block or span with such a layout is in a report; None for any other node."""
    names = frozenset(ast.classes(node))
    if node["t"] == "Div" and TABS in names:
        return _tabs(node)
    if node["t"] == "Div" and not kind_of(node) and _is_layout(node):
        return _beside(node)
    if node["t"] == "Span" and names & _IN_MARGIN:
        return {"t": "Note", "c": [{"t": "Para", "c": node["c"][1]}]}
    placed = [each for each in names if each.startswith(_PLACES) or each in (ASIDE, *_PANELS)]
    wide = any(ast.attribute(node, key) is not None for key in ("lightbox", "group"))
    return _plain(node, names & _IN_MARGIN) if placed or wide else None


def _is_layout(node: Node) -> bool:
    return any(ast.attribute(node, key) is not None for key in LAYOUT)


def _tabs(node: Node) -> Node:
    """Return tabs as parts with headings, which have no numbers and are in no list."""
    for block in node["c"][1]:
        if block["t"] == "Header":
            names = ast.attr(block)[1]
            names += [each for each in ("unnumbered", "unlisted") if each not in names]
    return {"t": "Div", "c": [[ast.identifier(node), ["tabs"], []], _paragraphs(node["c"][1])]}


def _beside(node: Node) -> Node:
    """Return pictures alone in rows, as the formats lay them out; else columns of what there is."""
    if node["c"][1] and all(map(_is_picture, node["c"][1])):
        said = [pair for pair in ast.attr(node)[2] if pair[0] in LAYOUT]
        return {"t": "Div", "c": [[ast.identifier(node), [], said], node["c"][1]]}
    parts = [
        {"t": "Div", "c": [["", [COLUMN], []], _paragraphs([block])]} for block in node["c"][1]
    ]
    return {"t": "Div", "c": [[ast.identifier(node), [COLUMNS], []], parts]}


def _is_picture(block: Node) -> bool:
    if block["t"] == "Para":
        return all(each["t"] in ("Image", "Space", "SoftBreak") for each in block["c"])
    return bool(block["t"] == "Figure")


def _plain(node: Node, in_margin: frozenset[str]) -> Node:
    """Return a node without what says where beside the text it stands."""
    name, names, pairs = ast.attr(node)
    kept = [
        each for each in names if not each.startswith(_PLACES) and each not in (ASIDE, *_PANELS)
    ]
    kept += [ASIDE] if in_margin and node["t"] == "Div" else []
    said = [pair for pair in pairs if pair[0] not in _IN_VAIN]
    at = 1 if node["t"] == "Header" else 0
    content = list(node["c"])
    content[at] = [name, kept, said]
    if node["t"] == "Div":
        content[1] = _paragraphs(content[1])
    return {**node, "c": content}


def _paragraphs(blocks: list[Node]) -> list[Node]:
    """Return blocks whose last words are a paragraph, as they are where a blank line follows."""
    return [{**each, "t": "Para"} if each["t"] == "Plain" else each for each in blocks]
