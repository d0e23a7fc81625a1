"""Where what is wrong with a chapter stands: found when somebody asks, by the node it is about."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.marks import NUMBER, every_node
from reviewpress.assemble.source import ChapterText, without_code, without_comments
from reviewpress.errors import Place

AT = "at"
"""Under which a node of a located tree has its spots: the chapter and offset of each part."""

Spots = dict[int, tuple[str, int]]
Tree = Callable[[bool], Sequence[Node]]


class Places:
    """The places of a chapter's nodes; `tree` makes its blocks with their spots.

    Without a tree, the text that is looked for is searched for outside code.
    """

    def __init__(
        self,
        source: ChapterText,
        tree: Tree | None = None,
        sources: Mapping[str, ChapterText] | None = None,
    ) -> None:
        self._source = source
        self._tree = tree
        self.sources = {source.chapter.path: source, **(sources or {})}
        self._nodes: list[Node] | None = None
        self._cited: dict[str, list[tuple[int, int, str]]] | None = None

    @property
    def nodes(self) -> list[Node]:
        """The nodes with their spots, in reading order, as `ast.walk` yields them."""
        if self._nodes is None:
            self._nodes = list(ast.walk(self.blocks(numbers=False)))
        return self._nodes

    def blocks(self, numbers: bool) -> list[Node]:
        """Return the blocks with their spots; of typed numbers too where they are wanted."""
        return list(self._tree(numbers)) if self._tree else []

    def of(self, nodes: Sequence[Node], node: Node, needle: str, part: int = 0) -> Place:
        """Return the place of a node among `nodes`, the same as ours; of a citation, of a part."""
        index = _index(nodes, node)
        if index is None or len(nodes) != len(self.nodes):
            return self._source.place_of(needle)
        if self.nodes[index]["t"] != node["t"]:
            return self._source.place_of(needle)
        return self._at(index, needle, part)

    def where(self, matches: Callable[[Node], bool], needle: str) -> list[Place]:
        """Return the places of all nodes that match; at least one."""
        found = [self._at(i, needle) for i, node in enumerate(self.nodes) if matches(node)]
        return _once(found) or [self._source.place_of(needle)]

    def citing(self, key: str) -> list[Place]:
        """Return the places that cite a key or refer to an id; at least one."""
        cited = self._citations()
        spots = sorted({*cited.get(key, ()), *cited.get(f"{key[:1].upper()}{key[1:]}", ())})
        found = [self._at(index, f"@{name}", part) for index, part, name in spots]
        return _once(found) or [self._source.place_of(f"@{key}")]

    def _citations(self) -> Mapping[str, list[tuple[int, int, str]]]:
        """Return for each key or id the nodes, and their parts, in which it is cited."""
        if self._cited is None:
            self._cited = defaultdict(list)
            for index, node in enumerate(self.nodes):
                for part, citation in enumerate(node["c"][0] if node["t"] == "Cite" else ()):
                    name = citation["citationId"]
                    self._cited[name].append((index, part, name))
        return self._cited

    def of_numbers(self, apart: Callable[[Node], bool]) -> Iterator[Callable[[str, str], Place]]:
        """Yield for each paragraph outside what is set apart a function from a number to its place.

        It answers the places of equal numbers one after the other; the words around the number
        help where its place is not known.
        """
        for node in ast.walk(ast.without(self.blocks(numbers=True), apart)):
            if node["t"] in ("Para", "Plain"):
                yield self._taker(node)

    def _taker(self, paragraph: Node) -> Callable[[str, str], Place]:
        waiting: dict[str, list[Place]] = defaultdict(list)
        for node in every_node(paragraph["c"]):
            for at, (path, offset) in sorted(node.get(AT, {}).items()):
                number = NUMBER.match(node["c"], at) if node["t"] == "Str" else None
                if number:
                    waiting[_bare(number[0])].append(self.sources[path].place(offset))

        def take(number: str, around: str) -> Place:
            places = waiting[_bare(number)]
            if not places:
                return self._source.place_of_number(number, around)
            return places.pop(0) if len(places) > 1 else places[0]

        return take

    def _at(self, index: int, needle: str, part: int = 0) -> Place:
        spots = self.nodes[index].get(AT, {})
        if self.nodes[index]["t"] == "Figure" and not spots:
            spots = next((n[AT] for n in ast.walk(self.nodes[index]["c"]) if AT in n), {})
        if part in spots:
            path, offset = spots[part]
            return self.sources[path].place(offset)
        return self._between(index, needle)

    def _between(self, index: int, needle: str) -> Place:
        """Return where a node without a spot stands: after those before it, before the next."""
        text = without_code(self._source.text)
        if self.nodes[index]["t"] in ("Code", "CodeBlock"):
            text = self._source.text
        if self.nodes[index]["t"] == "RawInline" and self.nodes[index]["c"][0] != "html":
            text = without_comments(self._source.text)
        start, end = (
            self._spot(range(index - 1, -1, -1)),
            self._spot(range(index + 1, len(self.nodes))),
        )
        is_heading = self.nodes[index]["t"] == "Header" and start is not None
        line = text.rfind("\n", 0, start or 0) + 1
        if is_heading:
            # What is before a heading is in a line above it.
            line = len(text) - len(text[start:].partition("\n")[2].lstrip())
        last = len(text) if end is None else end
        at = text.find(needle, line, last) if needle else -1
        if self.nodes[index]["t"] in ("Link", "Image"):
            at = max(at, text.find(f"]({needle}", line, last))
        if at >= 0 or is_heading:
            return self._source.place(max(at, line) if line < len(text) else start or 0)
        return self._source.place_of(needle)

    def _spot(self, indexes: range) -> int | None:
        home = self._source.chapter.path
        for index in indexes:
            node = self.nodes[index]
            # What is marked at its end says nothing of what stands in it.
            if AT in node and node["t"] != "Span":
                spots: Spots = node[AT]
                path, offset = min(spots.values())
                if path == home:
                    return offset
        return None


def _index(nodes: Sequence[Node], node: Node) -> int | None:
    for same in (lambda each: each is node, lambda each: each == node):
        for index, each in enumerate(nodes):
            if same(each):
                return index
    return None


def _bare(number: str) -> str:
    return number.rstrip(".,")


def _once(places: list[Place]) -> list[Place]:
    return list(dict.fromkeys(places))
