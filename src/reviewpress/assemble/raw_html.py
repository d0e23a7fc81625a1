"""HTML among Markdown that every format can hold: what it means takes its place.

    H<sub>2</sub>O    one<br>two    <img src="a.png" alt="A map">    <details>…</details>

Attributes that only say how something looks have no effect. Other tags, other attributes, and tags
that have no partner and mean something stay as they are, and are refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node

ELEMENTS = (
    "br", "img", "hr", "a", "span", "sub", "sup", "b", "strong", "i", "em", "cite", "dfn", "var",
    "u", "ins", "s", "strike", "del", "mark", "kbd", "small", "big", "font", "q", "code", "tt",
    "samp", "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "aside",
    "header", "footer", "main", "nav", "center", "figure", "figcaption", "details", "summary",
    "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
)  # fmt: skip
"""What is read; `docs/reference/quarto-markdown.md` lists it."""
UNPAIRED = "unpaired"
"""Under which a raw node has the tag that it is without its other half; a comment has no effect."""
_NO_EFFECT: Node = {"t": "RawBlock", "c": ["html", "<!-- -->"]}
_NAME = r"[A-Za-z][\w-]*"
_ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_TAG = re.compile(rf"<(/?)({_NAME})((?:\s+{_ATTRIBUTE.pattern})*)\s*/?>")
_VOID = frozenset(("br", "img", "hr"))
_BLOCKS = ("p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "center")
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_FRAMES = frozenset((*_BLOCKS, "span", "font", "big", "a"))
"""What says nothing of its words: where it is never closed, it is as if it were not there."""
_CELLS, _GROUPS = ("th", "td"), ("thead", "tbody", "tfoot")
_ENDED_BY: Mapping[str, tuple[str, ...]] = {
    "p": ("p",), "li": ("li",), **dict.fromkeys(("dt", "dd"), ("dt", "dd")),
    **dict.fromkeys(_CELLS, _CELLS), "tr": (*_CELLS, "tr"),
    **dict.fromkeys(_GROUPS, (*_CELLS, "tr", *_GROUPS)),
}  # fmt: skip
"""What need not be closed before a tag, in HTML."""
_TAKEN = {
    "a": {"href", "title", "id", "name"},
    "img": {"src", "alt", "width", "height", "title", "style"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    **{name: {"id"} for name in (*_BLOCKS, *_HEADINGS, "table", "span")},
    "details": {"open"},
}
_LAYOUT = frozenset(
    """
    class style align valign width height border cellpadding cellspacing bgcolor color face size
    hspace vspace frame rules nowrap target rel loading decoding role type referrerpolicy
    """.split()  # noqa: SIM905 - as a list it takes ten lines more
)
"""Attributes that say how something looks, or how a browser goes about it: they have no effect."""
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:px|%|in|cm|mm|pt|em)?")
_STYLED = re.compile(rf"(?<![\w-])(width|height):\s*({_SIZE.pattern})\s*(?:;|$)")
_WRITTEN = re.compile(r"\s*<pre\b[^<>]*>(.*?)</pre>\s*", re.S | re.I)
_WRAPPED = {
    "sub": "Subscript", "sup": "Superscript", "b": "Strong", "strong": "Strong", "i": "Emph",
    "em": "Emph", "cite": "Emph", "dfn": "Emph", "var": "Emph", "u": "Underline",
    "ins": "Underline", "s": "Strikeout", "strike": "Strikeout", "del": "Strikeout",
}  # fmt: skip
_ALIGNED = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_NO_ATTRIBUTES: list[object] = ["", [], []]
_BLOCK_NODES = frozenset(
    """
    Plain Para LineBlock CodeBlock RawBlock BlockQuote OrderedList BulletList DefinitionList
    Header HorizontalRule Table Figure Div
    """.split()  # noqa: SIM905 - as a list it takes ten lines more
)


@dataclass(slots=True)
class _Element:
    """An element that is open: its tag as it stands, and what it holds so far."""

    name: str
    attributes: Mapping[str, str]
    raw: Node
    held: "list[Node | _Element]" = field(default_factory=list)


def plain_tag(text: str) -> str:
    """Return a tag of an element that is read, without the attributes that are not.

    >>> plain_tag('<img src="a.png" style="width: 40%" onclick="show()">')
    '<img src="a.png" style="width: 40%">'
    """
    tag = _TAG.fullmatch(text)
    name = tag[2].lower() if tag else ""
    if tag is None or name not in ELEMENTS or _attributes(name, tag[3]) is not None:
        return text
    said = {each[1].lower(): each for each in _ATTRIBUTE.finditer(tag[3])}
    taken = _TAKEN.get(name, set()) | _LAYOUT
    kept = [each[0] for key, each in said.items() if key in taken]
    return f"<{' '.join([tag[1] + tag[2], *kept])}>"


def read_raw_html(blocks: list[Node]) -> list[Node]:
    """Return a chapter's blocks with the HTML that every format can hold read."""
    read: list[Node] = _read(blocks)
    return read


def _read(value: Any) -> Any:
    if isinstance(value, list):
        items = [_read(item) for item in value]
        return _paired(items) if any(map(_tag_of, items)) else items
    if isinstance(value, dict):
        if value.get("t") == "RawBlock" and (written := _WRITTEN.fullmatch(value["c"][1])):
            code = unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", written[1])).strip("\n")
            return {"t": "CodeBlock", "c": [["", [], []], code]}
        return {key: _read(item) for key, item in value.items()}
    return value


def _tag_of(item: object) -> re.Match[str] | None:
    """Return the tag that a raw node is, one of those that are read."""
    if not isinstance(item, dict) or item.get("t") not in ("RawInline", "RawBlock"):
        return None
    kind, text = item["c"]
    found = _TAG.fullmatch(text.strip()) if kind == "html" else None
    return found if found and found[2].lower() in ELEMENTS else None


def _paired(items: list[Node]) -> list[Node]:
    """Return a list in which each element takes the place of its tags and what they hold."""
    opened = [_Element("", {}, {})]
    refused: list[str] = []
    for item in items:
        tag = _tag_of(item)
        name = tag[2].lower() if tag else ""
        attributes = _attributes(name, tag[3]) if tag else None
        if tag is None:
            opened[-1].held.append(item)
        elif attributes is None:
            refused.append(name)
            opened[-1].held.append(item)
        elif tag[1] and name == "br":
            # Browsers take it for a line break, too.
            opened[-1].held.append(_Element(name, attributes, item))
        elif tag[1] and (inside := _open_inside(opened, name)) is not None:
            _close(opened, inside + 1)
        elif tag[1] and name in refused:
            refused.remove(name)
            opened[-1].held.append(item)
        elif tag[1]:
            opened[-1].held += _alone(item, {})
        elif name in _VOID:
            opened[-1].held.append(_Element(name, attributes, item))
        else:
            while opened[-1].name in _ENDED_BY.get(name, ()):
                _close(opened, 1)
            opened.append(_Element(name, attributes, item))
    while len(opened) > 1:
        left = opened.pop()
        opened[-1].held += [*_alone(left.raw, left.attributes, left.name), *left.held]
    return _made(opened[0])


def _open_inside(opened: list[_Element], name: str) -> int | None:
    """Return how many elements within the last of a name are open, that need not be closed.

    None where it is not open, or one within it has to be closed before it.
    """
    for count, each in enumerate(reversed(opened)):
        if each.name == name:
            return count
        if each.name not in _ENDED_BY:
            return None
    return None


def _close(opened: list[_Element], count: int) -> None:
    for _ in range(count):
        closed = opened.pop()
        opened[-1].held.append(closed)


def _alone(raw: Node, attributes: Mapping[str, str], name: str = "") -> list[Node]:
    """Return a tag without its other half: a comment where browsers go on as if it were not there.

    They do after what closes nothing, for which no `name` is given.
    """
    tag = {UNPAIRED: raw["c"][1].strip()}
    if name and (name not in _FRAMES or "href" in attributes):
        return [{**raw, **tag}]
    named = attributes.get("id") or attributes.get("name")
    kind = "Span" if raw["t"] == "RawInline" else "Div"
    place: list[Node] = [{"t": kind, "c": [[named, [], []], []]}] if named else []
    return [{**_NO_EFFECT, "t": raw["t"], **tag}, *place]


def is_frame(tag: str) -> bool:
    """Say whether a tag says only how what is in it looks.

    >>> is_frame('<div class="row" style="color: red">'), is_frame('<div id="here">')
    (True, False)
    """
    found = _TAG.fullmatch(tag)
    return (
        found is not None and found[2].lower() in _FRAMES and _attributes(found[2], found[3]) == {}
    )


def _attributes(name: str, text: str) -> dict[str, str] | None:
    """Return the attributes of a tag; None where one is not taken."""
    found = {
        each[1].lower(): unescape(each[2] or each[3] or each[4] or "")
        for each in _ATTRIBUTE.finditer(text)
    }
    taken = _TAKEN.get(name, set())
    kept = {
        key: value for key, value in found.items()
        if key in taken or not (key in _LAYOUT or key.startswith("data-"))
    }  # fmt: skip
    return kept if kept.keys() <= taken else None


def _made(element: _Element) -> list[Node]:
    """Return what an element holds as nodes."""
    nodes: list[Node] = []
    for each in element.held:
        nodes += _node(each) if isinstance(each, _Element) else [each]
    return nodes


def _node(element: _Element) -> list[Node]:
    """Return the nodes that an element is."""
    make = _MAKERS.get(element.name)
    return make(element) if make else _made(element)


def _wrapped(element: _Element) -> list[Node]:
    return [{"t": _WRAPPED[element.name], "c": _made(element)}]


def _classed(element: _Element) -> list[Node]:
    return [ast.span(_made(element), element.name)]


def _linked(element: _Element) -> list[Node]:
    """Return a link, or a place that links lead to; an address that would run is none."""
    said = element.attributes
    words, href = _made(element), said.get("href", "").strip()
    named = said.get("id") or said.get("name") or ""
    if re.match(r"(?:javascript|vbscript|data):", href, re.I):
        return [element.raw, *words]
    if not href:
        return [{"t": "Span", "c": [[named, [], []], words]}] if named else words
    return [{"t": "Link", "c": [[named, [], []], words, [href, said.get("title", "")]]}]


def _named_span(element: _Element) -> list[Node]:
    named = element.attributes.get("id", "")
    return [{"t": "Span", "c": [[named, [], []], _made(element)]}] if named else _made(element)


def _code(element: _Element) -> list[Node]:
    return [{"t": "Code", "c": [["", [], []], ast.text(_made(element))]}]


def _quoted(element: _Element) -> list[Node]:
    return [{"t": "Quoted", "c": [{"t": "DoubleQuote"}, _made(element)]}]


def _image(element: _Element) -> list[Node]:
    said = element.attributes
    given = {**dict(_STYLED.findall(said.get("style", ""))), **said}
    sizes = [[k, given[k]] for k in ("width", "height") if _SIZE.fullmatch(given.get(k, ""))]
    sizes += [["fig-alt", said["alt"]]] if said.get("alt") else []
    target = [said.get("src", ""), said.get("title", "")]
    return [{"t": "Image", "c": [["", [], sizes], [], target]}]


def _heading(element: _Element) -> list[Node]:
    words = [inline for each in _made(element) for inline in _inlines(each)]
    named = element.attributes.get("id", "")
    return [{"t": "Header", "c": [int(element.name[1]), [named, [], []], words]}]


def _inlines(node: Node) -> list[Node]:
    """Return a paragraph's words; what is no paragraph is one of the words itself."""
    return list(node["c"]) if node["t"] in ("Plain", "Para") else [node]


def _paragraphs(element: _Element) -> list[Node]:
    made = _made(element)
    if made and all(each["t"] not in _BLOCK_NODES for each in made):
        return made
    blocks: list[Node] = [{**each, "t": "Para"} if each["t"] == "Plain" else each for each in made]
    named = element.attributes.get("id", "")
    return [{"t": "Div", "c": [[named, [], []], blocks]}] if named else blocks


def _figure(element: _Element) -> list[Node]:
    """Return a picture with its caption; what holds more than that, one after the other."""
    captions = [each for each in element.held if _is_named(each, "figcaption")]
    rest = _Element("", {}, {}, [each for each in element.held if each not in captions])
    blocks = _paragraphs(rest)
    inside = [each for node in blocks for each in _inlines(node) if each["t"] != "SoftBreak"]
    words = [_made(each) for each in captions if isinstance(each, _Element)]
    if len(words) != 1 or len(inside) != 1 or inside[0]["t"] != "Image":
        return [*blocks, *(each for held in words for each in _as_blocks(held))]
    caption = _as_blocks(words[0])
    inside[0]["c"][1] = [each for node in caption for each in _inlines(node)]
    return [
        {"t": "Figure", "c": [["", [], []], [None, caption], [{"t": "Plain", "c": inside}]]}
    ]  # fmt: skip


def _as_blocks(nodes: list[Node]) -> list[Node]:
    are_blocks = any(each["t"] in _BLOCK_NODES for each in nodes)
    return nodes if are_blocks else [{"t": "Plain", "c": nodes}]


def _is_named(each: "Node | _Element", name: str) -> bool:
    return isinstance(each, _Element) and each.name == name


def _definitions(element: _Element) -> list[Node]:
    """Return terms with what is said of each; where something else is between them, its tag."""
    items: list[tuple[list[Node], list[list[Node]]]] = []
    for each in element.held:
        if _is_named(each, "dt"):
            assert isinstance(each, _Element)
            words = [inline for node in _made(each) for inline in _inlines(node)]
            items.append((words, []))
        elif _is_named(each, "dd") and items:
            assert isinstance(each, _Element)
            items[-1][1].append(_as_blocks(_made(each)))
        else:
            return [element.raw, *_made(element)]
    return [{"t": "DefinitionList", "c": [list(item) for item in items]}]


def _details(element: _Element) -> list[Node]:
    """Return what can be opened as it is in print: open, its summary above it."""
    blocks: list[Node] = []
    for each in element.held:
        if isinstance(each, _Element) and each.name == "summary":
            words = [inline for block in _made(each) for inline in block.get("c", [])]
            blocks.append({"t": "Para", "c": [{"t": "Strong", "c": words}]})
        else:
            blocks += _node(each) if isinstance(each, _Element) else [each]
    return [{"t": "Div", "c": [["", ["details"], []], blocks]}]


def _quotation(element: _Element) -> list[Node]:
    return [{"t": "BlockQuote", "c": _paragraphs(element)}]


def _list(element: _Element) -> list[Node]:
    items = [_made(each) for each in element.held if isinstance(each, _Element)]
    if len(items) != len(element.held):
        return [element.raw, *_made(element)]
    if element.name == "ul":
        return [{"t": "BulletList", "c": items}]
    style = [1, {"t": "DefaultStyle"}, {"t": "DefaultDelim"}]
    return [{"t": "OrderedList", "c": [style, items]}]


# Tables -------------------------------------------------------------------------------------------


def _table(element: _Element) -> list[Node]:
    """Return a table; where something else stands between its rows, its tag, to be refused."""
    rows = [*_rows(element)]
    parts = [each for row, _ in rows for each in row.held]
    strange = any(not isinstance(each, _Element) or each.name not in ("th", "td") for each in parts)
    if strange or not rows or any(not isinstance(each, _Element) for each in element.held):
        return [element.raw, *_made(element)]
    heads = [row for row, in_head in rows if in_head]
    bodies = [row for row, in_head in rows if not in_head]
    width = max(sum(_span(cell, "colspan") for cell in _cells(row)) for row, _ in rows)
    body = [_NO_ATTRIBUTES, 0, [], [_row(row) for row in bodies]]
    caption: list[Node] = []
    for each in element.held:
        if isinstance(each, _Element) and each.name == "caption":
            caption = _made(each)
    stub = bodies and all(_cells(row)[0].name == "th" for row in bodies if _cells(row))
    attributes = [element.attributes.get("id", ""), [], [["row-headers", "1"]] if stub else []]
    head = [_NO_ATTRIBUTES, [_row(row) for row in heads]]
    content = [
        attributes,
        [None, caption],
        [*_columns(bodies, width)],
        head,
        [body],
        [_NO_ATTRIBUTES, []],
    ]
    return [{"t": "Table", "c": content}]


def _columns(bodies: list[_Element], width: int) -> Iterator[list[Node]]:
    """Yield how each column is aligned: as its cell in the first row of the body."""
    said: list[str] = []
    for cell in _cells(bodies[0]) if bodies else ():
        said += [cell.attributes.get("align", "").lower()] * _span(cell, "colspan")
    for at in range(width):
        aligned = _ALIGNED.get(said[at], "") if at < len(said) else ""
        yield [{"t": aligned or "AlignDefault"}, {"t": "ColWidthDefault"}]


def _rows(element: _Element) -> Iterator[tuple[_Element, bool]]:
    """Yield the rows of a table, and whether each is of its head."""
    first = True
    for each in element.held:
        if isinstance(each, _Element) and each.name in ("thead", "tbody", "tfoot"):
            for row in each.held:
                if isinstance(row, _Element):
                    yield row, each.name == "thead" or (first and _is_head(row))
                    first = False
        elif isinstance(each, _Element) and each.name == "tr":
            yield each, first and _is_head(each)
            first = False


def _is_head(row: _Element) -> bool:
    return bool(_cells(row)) and all(cell.name == "th" for cell in _cells(row))


def _cells(row: _Element) -> list[_Element]:
    return [each for each in row.held if isinstance(each, _Element)]


def _row(row: _Element) -> list[object]:
    return [_NO_ATTRIBUTES, [_cell(cell) for cell in _cells(row)]]


def _cell(cell: _Element) -> list[object]:
    usual = {"t": "AlignDefault"}
    return [_NO_ATTRIBUTES, usual, _span(cell, "rowspan"), _span(cell, "colspan"), _made(cell)]


def _span(cell: _Element, name: str) -> int:
    said = cell.attributes.get(name, "1")
    return max(1, int(said)) if said.isdecimal() else 1


_MAKERS: Mapping[str, Callable[[_Element], list[Node]]] = {
    **dict.fromkeys(_WRAPPED, _wrapped),
    **dict.fromkeys(("mark", "kbd", "small"), _classed),
    "br": lambda _: [{"t": "LineBreak"}],
    "hr": lambda _: [{"t": "HorizontalRule"}],
    "img": _image,
    "a": _linked,
    "span": _named_span,
    "q": _quoted,
    **dict.fromkeys(("code", "tt", "samp"), _code),
    **dict.fromkeys(_HEADINGS, _heading),
    **dict.fromkeys(_BLOCKS, _paragraphs),
    "figure": _figure,
    "dl": _definitions,
    "details": _details,
    "blockquote": _quotation,
    **dict.fromkeys(("ul", "ol"), _list),
    "table": _table,
}
