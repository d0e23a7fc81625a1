"""Pandoc's document tree as JSON: walk it, change it, read its text.

A node is `{"t": type, "c": content}`; attributes are `[id, [classes], [[key, value], …]]`.
See https://hackage.haskell.org/package/pandoc-types. The only importer of orjson: a long chapter's
tree is half a megabyte, read and written at each stage of its making.

Words that follow one another are one `Str`, the spaces between them included, as pandoc's writer of
Word documents joins them too. Pandoc's readers give each word and each space a node, which costs
all who walk the tree, read it or hand it on ten times as much, and says nothing more.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

Node = dict[str, Any]
Attr = list[Any]
Change = Callable[[Node], Node | list[Node] | None]

# Where the attributes of a node with attributes stand in its content.
_ATTR_AT = {
    "Header": 1, "Div": 0, "Span": 0, "Figure": 0, "Table": 0, "Image": 0, "Link": 0,
    "CodeBlock": 0, "Code": 0,
}  # fmt: skip

_WORDS = frozenset({"Str", "Space", "SoftBreak"})
_TEXTS = frozenset({"Para", "Plain", "Header", "LineBlock", "CodeBlock", "RawBlock"})


def walk(value: Any, *, past: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yield every node below `value`, parents before children, in reading order.

    Words and the space between them, most of all nodes, are left out: nobody looks for them. What
    stands in a node of a kind in `past` is not looked at.
    """
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if type(item) is dict:
            if "t" not in item:
                item = list(item.values())
            else:
                yield item
                item = None if item["t"] in past else item.get("c")
                if type(item) is dict:
                    item = [item]
                elif type(item) is not list:
                    continue
        for part in reversed(item):
            kind = type(part)
            if kind is list:
                if part:
                    stack.append(part)
            elif kind is dict and part.get("t") not in _WORDS:
                stack.append(part)


def walk_blocks(value: Any) -> Iterator[Node]:
    """Yield every block below `value`, parents before children; notes are left out."""
    return walk(value, past=_TEXTS)


def transform(value: Any, change: Change) -> Any:
    """Return a copy of `value` in which `change` has been applied to every node, bottom up.

    `change` answers a node, a list of nodes that take the node's place, or None to keep it.
    """
    if isinstance(value, list):
        return _transform_list(value, change)
    if isinstance(value, dict):
        if "t" not in value:
            return {key: transform(item, change) for key, item in value.items()}
        if "c" not in value:
            return value
        return {**value, "c": transform(value["c"], change)}
    return value


def _transform_list(items: list[Any], change: Change) -> list[Any]:
    result: list[Any] = []
    for item in items:
        new = transform(item, change)
        if isinstance(new, dict) and "t" in new:
            answer = change(new)
            if isinstance(answer, list):
                result.extend(answer)
                continue
            new = new if answer is None else answer
        result.append(new)
    return result


def replace(items: list[Any], kind: str, change: Callable[[Node], list[Node]]) -> None:
    """Put what `change` answers in the place of each node of a kind, in reading order, in place.

    Nothing is copied, and what stands in such a node is not looked at.
    """
    found = False
    for item in items:
        if type(item) is list:
            replace(item, kind, change)
        elif type(item) is dict:
            name = item.get("t")
            if name == kind:
                found = True
            elif name not in _WORDS:
                _replace_below(item, kind, change)
    if found:
        items[:] = [
            new
            for item in items
            for new in (change(item) if type(item) is dict and item.get("t") == kind else [item])
        ]


def _replace_below(value: dict[str, Any], kind: str, change: Callable[[Node], list[Node]]) -> None:
    for inside in value.values():
        if type(inside) is list:
            replace(inside, kind, change)
        elif type(inside) is dict:
            _replace_below(inside, kind, change)


def attr(node: Node) -> Attr:
    """Return the attributes of a node; empty ones for a node that has none."""
    at = _ATTR_AT.get(node["t"])
    return ["", [], []] if at is None else node["c"][at]


def identifier(node: Node) -> str:
    """Return a node's id, empty where it has none."""
    return str(attr(node)[0])


def classes(node: Node) -> list[str]:
    """Return a node's classes."""
    return list(attr(node)[1])


def attribute(node: Node, key: str) -> str | None:
    """Return the value of a node's attribute, None where it has none of that name."""
    for name, value in attr(node)[2]:
        if name == key:
            return str(value)
    return None


def set_attribute(node: Node, key: str, value: str) -> None:
    """Set an attribute of a node in place."""
    pairs = attr(node)[2]
    pairs[:] = [pair for pair in pairs if pair[0] != key] + [[key, value]]


def without(value: Any, apart: Callable[[Node], bool]) -> Any:
    """Return `value` without the nodes set apart and what stands in them; the rest is shared."""
    if isinstance(value, list):
        return [
            item if isinstance(item, dict) and item.get("t") in _WORDS else without(item, apart)
            for item in value
            if not (isinstance(item, dict) and "t" in item and apart(item))
        ]
    if isinstance(value, dict):
        return {key: without(item, apart) for key, item in value.items()}
    return value


def text(value: Any) -> str:
    """Return the plain text of inlines or blocks, notes left out."""
    parts: list[str] = []
    _collect_text(value, parts)
    return "".join(parts).strip()


def heading_text(header: Node) -> str:
    """Return the words of a heading, without the citations in brackets that its text has."""
    return uncited_text(header["c"][2])


def uncited_text(value: Any) -> str:
    """Return the plain text of inlines or blocks as one line, without citations in brackets."""
    words = " ".join(text(without(value, _is_in_brackets)).split())
    return re.sub(r" (?=[.,](?:\s|$))", "", words)


def _is_in_brackets(node: Node) -> bool:
    return node["t"] == "Cite" and not _is_in_sentence(node)


def _is_in_sentence(cite: Node) -> bool:
    return any(each["citationMode"]["t"] == "AuthorInText" for each in cite["c"][0])


def _collect_text(value: Any, parts: list[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _collect_text(item, parts)
        return
    if not isinstance(value, dict) or "t" not in value:
        if isinstance(value, dict):
            for item in value.values():
                _collect_text(item, parts)
        return
    kind: str = value["t"]
    content: Any = value.get("c")
    if kind == "Str":
        parts.append(content)
    elif kind in ("Space", "SoftBreak", "LineBreak"):
        parts.append(" ")
    elif kind in ("Code", "Math", "CodeBlock"):
        parts.append(content[1])
    elif kind == "Cite":
        _collect_text(content[1], parts)
    elif kind == "Quoted":
        marks = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        parts.append(marks[0])
        _collect_text(content[1], parts)
        parts.append(marks[1])
    elif kind not in ("Note", "RawInline", "RawBlock"):
        _collect_text(content, parts)
        if kind in ("Para", "Plain", "Header"):
            parts.append(" ")


def text_inlines(value: str) -> list[Node]:
    """Return plain text as inlines; spaces at its ends are nodes of their own."""
    text = value.strip(" ")
    inlines: list[Node] = [{"t": "Space"}] if value.startswith(" ") else []
    if text:
        inlines.append({"t": "Str", "c": text})
        if value.endswith(" "):
            inlines.append({"t": "Space"})
    return inlines


def span(inlines: list[Node], *names: str, **attributes: str) -> Node:
    """Return a Span of these classes and attributes."""
    return {"t": "Span", "c": [["", list(names), [list(i) for i in attributes.items()]], inlines]}


def link(inlines: list[Node], target: str, *names: str, title: str = "") -> Node:
    """Return a Link of these classes."""
    return {"t": "Link", "c": [["", list(names), []], inlines, [target, title]]}


def meta(value: Any) -> Node:
    """Return a Python value as pandoc metadata; strings are taken as plain text."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict):
        if "t" in value and "c" in value:
            return value
        return {"t": "MetaMap", "c": {key: meta(item) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [meta(item) for item in value]}
    return {"t": "MetaString", "c": str(value)}


def dump(blocks: Sequence[Node], metadata: Mapping[str, Any], version: Sequence[int]) -> str:
    """Return a document as pandoc's JSON; equal documents give equal text."""
    document = {
        "pandoc-api-version": list(version),
        "meta": {key: meta(value) for key, value in metadata.items()},
        "blocks": blocks,
    }
    return to_json(document).decode()


def to_json(value: Any) -> bytes:
    """Return a value of lists, tuples, mappings with text as keys, and scalars as JSON in UTF-8."""
    return orjson.dumps(value)


def from_json(text: bytes | str) -> Any:
    """Return the value of JSON; ValueError where it is none."""
    return orjson.loads(text)


def rename_citations(blocks: list[Node], aliases: Mapping[str, str]) -> None:
    """Let citations below `blocks` name each work by its entry's key."""
    if not aliases:
        return
    for node in walk(blocks):
        if node["t"] == "Cite":
            for citation in node["c"][0]:
                citation["citationId"] = aliases.get(citation["citationId"], citation["citationId"])


def name_works_in_headings(blocks: list[Node], names: Mapping[str, str]) -> None:
    """Let what a citation in a heading's sentence says without its filter be the work's name.

    Lists of contents, links and the titles of windows have the words of a heading alone.
    """
    if not names:
        return
    cites = (
        each
        for node in walk(blocks)
        if node["t"] == "Header"
        for each in walk(node["c"][2])
        if each["t"] == "Cite" and _is_in_sentence(each)
    )
    for cite in cites:
        name = names.get(cite["c"][0][0]["citationId"])
        if name:
            cite["c"][1] = text_inlines(name)
