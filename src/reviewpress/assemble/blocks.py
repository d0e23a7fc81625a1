"""Blocks that Quarto has and pandoc has not: conditions, callouts, floats, page breaks."""

from collections.abc import Callable, Iterable, Mapping

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.constructs import CALLOUTS, CONDITIONS, is_comment
from reviewpress.shapes import Plain

_PAGEBREAK = {
    "typst": ("typst", "#pagebreak(weak: true)"),
    "docx": ("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}


def resolve_blocks(
    blocks: list[Node], *, profile: str, metadata: Mapping[str, Plain]
) -> list[Node]:
    """Return a chapter's blocks with profile conditions decided, callouts and floats made.

    Conditions on the format stay, for `for_format`.
    """

    def change(node: Node) -> Node | list[Node] | None:
        if is_comment(node):
            return []
        if node["t"] not in ("Div", "Span"):
            return None
        if set(ast.classes(node)) & set(CONDITIONS):
            return _decide(node, profile=profile, metadata=metadata)
        if node["t"] == "Div":
            made = _callout(node) or _float(node)
            return {**node, **made} if made else None
        return None

    result: list[Node] = ast.transform(blocks, change)
    return result


def depends_on_format(nodes: Iterable[Node]) -> bool:
    """Say whether `for_format` would change anything among these nodes."""
    names = {*CONDITIONS, "pagebreak"}
    return any(
        node["t"] in ("Div", "Span") and not names.isdisjoint(ast.attr(node)[1]) for node in nodes
    )


def for_format(blocks: list[Node], name: str) -> list[Node]:
    """Return blocks as the format `name` gets them: its conditions decided, page breaks made."""

    def change(node: Node) -> Node | list[Node] | None:
        if node["t"] not in ("Div", "Span"):
            return None
        names = ast.classes(node)
        if set(names) & set(CONDITIONS):
            return _decide_format(node, name)
        if "pagebreak" in names and name in _PAGEBREAK:
            return {"t": "RawBlock", "c": list(_PAGEBREAK[name])}
        return None

    result: list[Node] = ast.transform(blocks, change)
    return result


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


def _decide_format(node: Node, name: str) -> list[Node]:
    when, unless = (ast.attribute(node, f"{word}-format") for word in ("when", "unless"))
    holds = (when is None or name == when) and (unless is None or name != unless)
    return _content(node) if holds == ("content-visible" in ast.classes(node)) else []


def _content(node: Node) -> list[Node]:
    """Return what a block holds; its last words are a paragraph still where it is no more."""
    return [{**item, "t": "Para"} if item["t"] == "Plain" else item for item in node["c"][1]]


def _truth(metadata: Mapping[str, Plain], dotted: str) -> bool:
    value: Plain = metadata
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return bool(value)


def _callout(node: Node) -> Node | None:
    kind = next(
        (name for name in ast.classes(node) if name.removeprefix("callout-") in CALLOUTS), None
    )
    if kind is None or "callout" in ast.classes(node):
        return None
    blocks = list(node["c"][1])
    title = ast.attribute(node, "title") or ""
    if not title and blocks and blocks[0]["t"] == "Header":
        title = ast.text(blocks.pop(0)["c"][2])
    name = ast.identifier(node)
    others = [item for item in ast.classes(node) if item != kind]
    return {
        "t": "Div",
        "c": [[name, ["callout", kind, *others], [["title", title]] if title else []], blocks],
    }


def _float(node: Node) -> Node | None:
    """Turn a Div with a `fig-` or `tbl-` id into the Figure or Table it holds."""
    name = ast.identifier(node)
    blocks = list(node["c"][1])
    if not name.startswith(("fig-", "tbl-")) or len(blocks) < 2 or blocks[-1]["t"] != "Para":
        return None
    caption = [None, [{"t": "Plain", "c": blocks[-1]["c"]}]]
    if name.startswith("fig-"):
        body = [{"t": "Plain", "c": b["c"]} if b["t"] == "Para" else b for b in blocks[:-1]]
        return {"t": "Figure", "c": [[name, *ast.attr(node)[1:]], caption, body]}
    table = next((block for block in blocks if block["t"] == "Table"), None)
    if table is None:
        return None
    return {"t": "Table", "c": [[name, *ast.attr(node)[1:]], caption, *table["c"][2:]]}
