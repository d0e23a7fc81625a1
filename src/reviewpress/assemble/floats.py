"""Floats: what stands in `::: {#fig-x}`, `{#tbl-x}` and `{#lst-x}` becomes one figure or table.

Everything in such a block stays: its caption is the attribute `fig-cap=`, `tbl-cap=` or `lst-cap=`,
else its last paragraph, else that of the one table or picture in it.
"""

from collections.abc import Callable, Iterator, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.places import Places
from reviewpress.errors import Problem

KINDS = ("fig", "tbl", "lst")
"""What floats are, by the beginning of their ids."""
SUB = "sub-float"
"""The class of a part of a float that has a letter of its own."""
LAYOUT = ("layout", "layout-ncol", "layout-nrow")

Parse = Callable[[str], list[Node]]
"""Reads a line of Markdown, such as an attribute that is a caption, into inlines."""


def kind_of(node: Node) -> str:
    """Return what kind of float the id of a node makes it, empty for another node."""
    prefix, _, rest = ast.identifier(node).partition("-")
    return prefix if rest and prefix in KINDS else ""


def make_float(node: Node, parse: Parse) -> Node | list[Node] | None:
    """Return the figure, or the table with what stands around it, that a node is; else None."""
    kind = kind_of(node)
    if node["t"] == "Div" and kind:
        return _of_block(node, kind, parse)
    if node["t"] == "CodeBlock" and (kind == "lst" or ast.attribute(node, "lst-cap")):
        return _of_code(node, parse)
    if node["t"] == "Para":
        return _of_picture(node, parse)
    if node["t"] == "Figure" and kind:
        return _captioned(node, kind, parse)
    return None


def find_hidden_captions(blocks: list[Node], places: Places) -> Iterator[Problem]:
    """Yield the captions that nobody sees, as an attribute gives another one."""
    nodes = [*ast.walk(blocks)]
    for node in nodes:
        for kind in KINDS if node["t"] in ("Div", "Image", "Link") else ():
            given = ast.attribute(node, f"{kind}-cap")
            words = ast.text(_hidden(node, kind)) if given else ""
            if words and words != given:
                message = f'the caption "{words}" is not shown: {kind}-cap= gives another.'
                where = places.of(nodes, node, f"{kind}-cap")
                yield Problem("key-without-effect", message, where, "Delete one of the two.")


def _hidden(node: Node, kind: str) -> Sequence[Node]:
    """Return the caption that an attribute of a node takes the place of."""
    if node["t"] == "Div":
        tables = [block for block in node["c"][1] if block["t"] == "Table"]
        is_one = kind == "tbl" and len(tables) == 1 and not kind_of(tables[0])
        return _captions(tables[0]) if is_one else ()
    image = node["c"][1][0] if node["t"] == "Link" and len(node["c"][1]) == 1 else node
    # Without an alternative text of its own, an image is read out by its words.
    is_read_out = any(ast.attribute(each, "fig-alt") for each in (node, image))
    return image["c"][1] if image["t"] == "Image" and is_read_out else ()


def _of_block(node: Node, kind: str, parse: Parse) -> Node | list[Node]:
    given = ast.attribute(node, f"{kind}-cap")
    blocks = [_paragraph(block) for block in node["c"][1]]
    caption = parse(given) if given else None
    tables = [block for block in blocks if block["t"] == "Table"]
    if caption is None and kind == "tbl" and len(tables) == 1 and not kind_of(tables[0]):
        caption = _captions(tables[0]) or None
    if caption is None and len(blocks) > 1 and blocks[-1]["t"] == "Para" and _says(blocks[-1]):
        caption = _bare(blocks.pop()["c"])
    parts = [block for block in blocks if block["t"] in ("Figure", "Table") and _captions(block)]
    if caption is None and len(parts) == 1 and not kind_of(parts[0]):
        caption = _captions(parts[0])
        parts[0]["c"][1] = [None, []]
    attr = _attr(node, kind)
    if kind == "tbl" and tables and not any(kind_of(block) for block in blocks):
        return _table(node, blocks, tables[0], caption)
    attr[2] += [pair for pair in ast.attr(node)[2] if pair[0] in LAYOUT]
    body = [_part(block) for block in blocks]
    return {**node, "t": "Figure", "c": [attr, _caption(caption), body]}


def _table(node: Node, blocks: list[Node], table: Node, caption: list[Node] | None) -> list[Node]:
    """Return a table that can be referred to among all that stands in its block."""
    attr, own = _attr(node, "tbl"), ast.attr(table)
    merged = [attr[0], [*own[1], *attr[1]], [*own[2], *attr[2]]]
    whole = {**node, "t": "Table", "c": [merged, _caption(caption), *table["c"][2:]]}
    return [whole if block is table else block for block in blocks]


def _part(block: Node) -> Node:
    """Return a block of a figure: a part with a letter, or what it shows without a caption."""
    if block["t"] == "Para" and not _says(block):
        return {"t": "Plain", "c": block["c"]}
    if block["t"] not in ("Figure", "Table") or not (kind_of(block) or _captions(block)):
        return block
    said = _captions(block)
    if block["t"] == "Figure":
        shown = list(block["c"][2])
    else:
        shown = [{"t": "Table", "c": [["", *ast.attr(block)[1:]], [None, []], *block["c"][2:]]}]
    name = ast.identifier(block)
    words = [{"t": "Para", "c": said}]
    return {**block, "t": "Div", "c": [[name, [SUB], []], [*shown, *words]]}


def _of_code(node: Node, parse: Parse) -> Node | None:
    """Return a listing: a block of code with an id or a caption of its own."""
    given = ast.attribute(node, "lst-cap")
    name, names, pairs = ast.attr(node)
    rest = [pair for pair in pairs if pair[0] != "lst-cap"]
    code = {"t": "CodeBlock", "c": [["", names, rest], node["c"][1]]}
    caption = _caption(parse(given) if given else None)
    return {**node, "t": "Figure", "c": [[name, [], []], caption, [code]]}


def _of_picture(node: Node, parse: Parse) -> Node | None:
    """Return the figure that a picture alone in its paragraph is, which may be a link."""
    if len(node["c"]) != 1 or node["c"][0]["t"] not in ("Image", "Link"):
        return None
    [shown] = node["c"]
    image = shown
    if shown["t"] == "Link":
        if len(shown["c"][1]) != 1 or shown["c"][1][0]["t"] != "Image":
            return None
        image = shown["c"][1][0]
    holder = next((each for each in (shown, image) if kind_of(each)), None)
    kind = kind_of(holder) if holder else "fig"
    given = ast.attribute(image, f"{kind}-cap") or ast.attribute(shown, f"{kind}-cap")
    if holder is None and not given:
        return None
    said = parse(given) if given else image["c"][1]
    name = ast.identifier(holder) if holder else ""
    for each in (shown, image):
        own = ast.attr(each)
        own[0] = "" if own[0] == name else own[0]
        own[2][:] = [pair for pair in own[2] if pair[0] != f"{kind}-cap"]
    alt = ast.attribute(shown, "fig-alt") or (_alt(image) if given else None)
    if alt:
        ast.set_attribute(image, "fig-alt", alt)
    plain = {"t": "Plain", "c": [shown]}
    return {**node, "t": "Figure", "c": [[name, [], []], _caption(said), [plain]]}


def _captioned(node: Node, kind: str, parse: Parse) -> Node | None:
    """Return a figure whose picture says by `fig-cap=` what its caption is."""
    for image in ast.walk(node["c"][2]):
        given = ast.attribute(image, f"{kind}-cap") if image["t"] == "Image" else None
        if given:
            own = ast.attr(image)
            own[2][:] = [pair for pair in own[2] if pair[0] != f"{kind}-cap"]
            if alt := _alt(image):
                ast.set_attribute(image, "fig-alt", alt)
            return {**node, "c": [node["c"][0], _caption(parse(given)), node["c"][2]]}
    return None


def _alt(image: Node) -> str:
    """Return what is read out for an image whose caption is elsewhere: its own words."""
    return ast.attribute(image, "fig-alt") or ast.text(image["c"][1])


def _attr(node: Node, kind: str) -> ast.Attr:
    name, names, pairs = ast.attr(node)
    return [name, names, [pair for pair in pairs if pair[0] not in (*LAYOUT, f"{kind}-cap")]]


def _caption(inlines: list[Node] | None) -> ast.Attr:
    return [None, [{"t": "Plain", "c": inlines}] if inlines else []]


def _captions(block: Node) -> list[Node]:
    """Return the words of a figure's or table's own caption."""
    blocks = block["c"][1][1]
    return list(blocks[0]["c"]) if blocks else []


def _says(paragraph: Node) -> bool:
    """Say whether a paragraph has words, and not pictures alone."""
    return bool(ast.text(ast.without(paragraph["c"], lambda node: node["t"] == "Image")))


def _bare(inlines: list[Node]) -> list[Node]:
    """Return a caption without the colon that begins one of a table."""
    first = inlines[0]
    if first["t"] == "Str" and first["c"].startswith(": "):
        return [{**first, "c": first["c"][2:]}, *inlines[1:]]
    return inlines


def _paragraph(block: Node) -> Node:
    return {**block, "t": "Para"} if block["t"] == "Plain" else block
