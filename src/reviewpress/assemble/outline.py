"""A chapter as plain text in order: what two editions of it are compared by.

Numbers of figures, tables and sections come and go with what stands before them. So captions are
without theirs, and a reference to one is `@id` here, as a citation is `@key`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.edition import KeptBlock, KeptValue

FLOAT = re.compile(r"(fig|tbl)-")
_SPACES = ("Space", "SoftBreak", "LineBreak")
_MARKUP = re.compile(r"\]\{[^}]*\}|\]\([^)\s]*\)|<!--.*?-->", re.S)
_Site = tuple[Node, str, int]
"""A value's span, its words, and where in its text they begin; -1 where that is not known."""
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(slots=True)
class OutlinedFloat:
    """A figure or table as a chapter has it."""

    id: str
    caption: str
    alt: str = ""
    rows: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """A chapter's blocks in order, its figures and tables, its key messages."""

    blocks: list[KeptBlock] = field(default_factory=list)
    floats: list[OutlinedFloat] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Origins:
    """The letters that an author wrote in a chapter's text cells, and those that its code made."""

    written: str
    made: str

    @classmethod
    def of(cls, written: Sequence[str], made: Sequence[str]) -> "Origins":
        """Take them from the Markdown of a chapter's cells."""
        return cls(" ".join(map(_letters, written)), " ".join(map(_letters, made)))

    def of_text(self, text: str) -> str:
        """Return where a text is from: `text`, `code`, or empty where that is not known."""
        letters = _letters(text)
        if letters and letters in self.written:
            return "text"
        return "code" if letters and letters in self.made else ""


def outline_chapter(
    blocks: Sequence[Node], origins: Origins, reads: Mapping[str, tuple[str, ...]]
) -> Outline:
    """Return what a chapter says and shows, in reading order.

    `reads` are the columns that values were made from, by the values' ids.
    """
    found = Outline()
    _Reader(found, origins, reads).read(blocks)
    return found


class _Reader:
    """Walks through blocks; a figure or table takes what stands in it."""

    def __init__(
        self, found: Outline, origins: Origins, reads: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._reads = reads
        self._found = found
        self._origins = origins

    def read(self, blocks: Sequence[Node], kind: str = "text") -> None:
        for block in blocks:
            self._read(block, kind)

    def _read(self, block: Node, kind: str) -> None:
        name = block["t"]
        content: Any = block.get("c")
        if FLOAT.match(ast.identifier(block)):
            self._float(block)
        elif name in ("Para", "Plain"):
            self._add(kind, content)
        elif name == "Header":
            self._add("heading", content[2], ast.identifier(block))
        elif name == "LineBlock":
            for line in content:
                self._add(kind, line)
        elif name == "CodeBlock":
            self._found.blocks.append(KeptBlock("code", content[1], origin="text"))
        elif name in ("BulletList", "OrderedList"):
            for item in content if name == "BulletList" else content[1]:
                self.read(item, "item")
        elif name == "DefinitionList":
            for term, definitions in content:
                self._add("item", term)
                for definition in definitions:
                    self.read(definition, "item")
        elif name == "BlockQuote":
            self.read(content, kind)
        elif name == "Table":
            for words, inlines in _rows(block):
                self._found.blocks.append(self._block("row", words, _values(inlines)))
        elif name == "Figure":
            self.read(content[2], kind)
            self.read(content[1][1], "caption")
        elif name == "Div" and not _repeats(block):
            before = len(self._found.blocks)
            self.read(content[1], kind)
            if "key-message" in ast.classes(block):
                told = (each.text for each in self._found.blocks[before:])
                self._found.messages.append(" ".join(told))

    def _add(self, kind: str, inlines: Sequence[Node], id: str = "") -> None:
        parts: list[str] = []
        values: list[_Site] = []
        _collect(inlines, parts, values)
        text = "".join(parts)
        if not text.strip():
            return
        shift = len(text) - len(text.lstrip())
        self._found.blocks.append(self._block(kind, text.strip(), values, id, shift))

    def _block(
        self, kind: str, text: str, values: Sequence[_Site], id: str = "", shift: int = 0
    ) -> KeptBlock:
        kept = (
            KeptValue(
                ast.attribute(span, "expr") or "", words, at - shift,
                self._reads.get(ast.attribute(span, "of") or "", ()),
            )
            for span, words, at in values
        )  # fmt: skip
        return KeptBlock(kind, text, id, self._origins.of_text(text), tuple(kept))

    def _float(self, block: Node) -> None:
        made = OutlinedFloat(ast.identifier(block), "")
        captions = [each for each in _captions(block) if each]
        made.caption = captions[0] if captions else ""
        nodes = list(ast.walk([block]))
        alts = (ast.attribute(node, "fig-alt") for node in nodes if node["t"] == "Image")
        made.alt = " ".join(alt for alt in alts if alt)
        if not made.id.startswith("fig-"):
            tables = (node for node in nodes if node["t"] == "Table")
            made.rows = [words for table in tables for words, _ in _rows(table)]
        self._found.floats.append(made)
        self._found.blocks.append(KeptBlock("float", f"@{made.id}"))


def _repeats(block: Node) -> bool:
    """Whether a division repeats what a figure's own file of data says, or what is elsewhere."""
    return not {"figure-data", "refs"}.isdisjoint({*ast.classes(block), ast.identifier(block)})


def _captions(block: Node) -> Iterator[str]:
    for node in ast.walk_blocks([block]):
        if node["t"] in ("Figure", "Table"):
            yield plain_text(node["c"][1][1]).removeprefix(":").strip()


def _rows(table: Node) -> Iterator[tuple[str, list[Node]]]:
    """Yield the words of each row of a table, with all its cells' blocks."""
    _, _, _, head, bodies, foot = table["c"]
    rows = [*head[1], *(row for body in bodies for part in (body[2], body[3]) for row in part)]
    for row in [*rows, *foot[1]]:
        cells = [cell[4] for cell in row[1]]
        yield " | ".join(map(plain_text, cells)), [block for cell in cells for block in cell]


def _values(blocks: Sequence[Node]) -> list[_Site]:
    """Return the values in a row, whose places are searched for in its words."""
    spans = (node for node in ast.walk(list(blocks)) if _is_value(node))
    return [(span, plain_text(span["c"][1]), -1) for span in spans]


def plain_text(content: object) -> str:
    """Return inlines or blocks as the outline has them."""
    parts: list[str] = []
    _collect(content, parts, [])
    return "".join(parts).strip()


def _is_value(node: Node) -> bool:
    return node["t"] == "Span" and "value" in ast.classes(node)


def _collect(content: object, parts: list[str], values: list[_Site]) -> None:
    if isinstance(content, list):
        for item in content:
            _collect(item, parts, values)
    elif isinstance(content, dict) and "t" in content:
        _collect_node(content, parts, values)


def _collect_node(node: Node, parts: list[str], values: list[_Site]) -> None:
    kind = node["t"]
    content: Any = node.get("c")
    if kind == "Str":
        parts.append(content)
    elif kind in _SPACES:
        parts.append(" ")
    elif kind in ("Code", "Math"):
        parts.append(content[1])
    elif kind == "Cite":
        parts.append(_citation(content[0]))
    elif kind == "Link" and "xref" in ast.classes(node):
        parts.append(f"@{content[2][0].rpartition('#')[2]}")
    elif kind == "Note":
        parts.append(f" [{plain_text(content)}]")
    elif kind == "Quoted":
        marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
        parts.append(marks[0])
        _collect(content[1], parts, values)
        parts.append(marks[1])
    elif kind == "Span" and "caption-label" in ast.classes(node):
        return
    elif _is_value(node):
        at = sum(map(len, parts))
        _collect(content[1], parts, values)
        text = "".join(parts)[at:]
        values.append((node, text, at))
    elif kind not in ("RawInline", "RawBlock", "Image"):
        _collect(content, parts, values)
        if kind in ("Para", "Plain", "Header"):
            parts.append(" ")


def _citation(cited: Sequence[Mapping[str, Node]]) -> str:
    """Return a citation by its keys, with what stands before and after each."""
    words = []
    for each in cited:
        parts = [plain_text(each["citationPrefix"]), f"@{each['citationId']}"]
        suffix = plain_text(each["citationSuffix"])
        words.append(" ".join(part for part in parts if part) + (f" {suffix}" if suffix else ""))
    alone = [each["citationMode"]["t"] == "AuthorInText" for each in cited]
    return words[0] if alone == [True] else f"[{'; '.join(words)}]"


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", _MARKUP.sub("", text))
