"""A chapter's tree before its profile is decided: what pandoc does not know of made, and located.

HTML that every format can hold, equations, quotation marks: a tree with the spots of its nodes is
made as the one without, else no node of one would answer to that of the other.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.constructs import find_html
from reviewpress.assemble.equations import set_equations
from reviewpress.assemble.marks import every_node, find_spots, marks_of
from reviewpress.assemble.numbering import small_references
from reviewpress.assemble.places import AT, Places
from reviewpress.assemble.quotations import quotation_marks, set_quotation_marks
from reviewpress.assemble.raw_html import read_raw_html
from reviewpress.assemble.reader import read_blocks
from reviewpress.assemble.source import ChapterText
from reviewpress.assemble.table_shapes import make_regular
from reviewpress.config import Config
from reviewpress.errors import ChapterError, Problem
from reviewpress.references import load_aliases


def complete_tree(
    config: Config, source: ChapterText, blocks: list[Node], places: Places
) -> tuple[list[Node], list[Problem]]:
    """Return blocks that pandoc read as the chapter means them, and what is wrong with equations.

    The blocks are changed.
    """
    if "<" in source.text and find_html(blocks):
        blocks = read_raw_html(blocks)
    make_regular(blocks)
    ast.rename_citations(blocks, load_aliases(config))
    small_references(blocks)
    problems = set_equations(blocks, places, config.lang)
    quotes = quotation_marks(config.root, config.lang, source.text)
    set_quotation_marks(blocks, config.lang, quotes)
    return blocks, problems


class Located:
    """The trees of chapters with their spots in them, each made when it is asked for."""

    def __init__(self, config: Config, sources: Sequence[ChapterText]) -> None:
        self.sources: Mapping[str, ChapterText] = {each.chapter.path: each for each in sources}
        self._cache = config.store
        self._config = config
        self._trees: dict[tuple[str, bool], list[Node]] = {}

    def read(self, path: str, *, numbers: bool = False) -> list[Node]:
        """Return a chapter's blocks as pandoc reads them, with their spots; nobody changes them."""
        if (path, numbers) not in self._trees:
            self._trees[path, numbers] = self._read(self.sources[path], numbers=numbers)
        return self._trees[path, numbers]

    def _read(self, source: ChapterText, *, numbers: bool) -> list[Node]:
        path = source.chapter.path
        limits = self._config.limits
        blocks = read_blocks(path, source.text, self._cache, limits)

        def read(text: str) -> list[Node] | None:
            try:
                return read_blocks(path, text, self._cache, limits)
            except ChapterError:
                return None

        marks = marks_of(source.text, numbers=numbers)
        spots: dict[int, dict[int, tuple[str, int]]] = defaultdict(dict)
        for (index, part), offset in find_spots(source.text, marks, blocks, read).items():
            spots[index][part] = (path, offset)
        for index, node in enumerate(every_node(blocks)):
            if index in spots:
                node[AT] = spots[index]
        return complete_tree(self._config, source, blocks, Places(source))[0]
