"""Stages of assembling a chapter, each made once of the same inputs.

    draft      read, constructs checked, profile decided
    numbered   key messages gathered, headings and floats numbered
    resolved   cross-references replaced by links

A stage has facts (small, always read) and a tree (large, read only where it is looked at). Both are
kept in `.reviewpress/chapters/`, addressed by everything they depend on.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.errors import Problem
from reviewpress.store.files import mark_used, write_cached
from reviewpress.store.kinds import STAGES

_HELD = 48
"""Trees in memory: those of a usual book, a fraction of a very large one."""
_held: "dict[Tree, None]" = {}
_REMEMBERED = 1500
_memory: OrderedDict[tuple[Path, str], "Stage"] = OrderedDict()

Facts = dict[str, Any]
Made = tuple[Facts, list[Node], bool]


class Tree:
    """The blocks of a chapter, read when they are asked for. Nobody changes them.

    Of a large book only some are held at a time: those that were read first go first, and are read
    again where somebody asks for them.
    """

    def __init__(self, load: Callable[[], list[Node]], blocks: Sequence[Node] = ()) -> None:
        self._load = load
        self._blocks: tuple[Node, ...] | None = None
        self._nodes: tuple[Node, ...] | None = None
        if blocks:
            self._hold(blocks)

    @property
    def blocks(self) -> tuple[Node, ...]:
        """The chapter's blocks."""
        return self._hold(self._load()) if self._blocks is None else self._blocks

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the chapter but words, in reading order."""
        blocks = self.blocks
        if self._nodes is None:
            self._nodes = tuple(ast.walk(list(blocks)))
        return self._nodes

    def let_go(self) -> None:
        """Forget the blocks."""
        _held.pop(self, None)
        self._blocks = self._nodes = None

    def _hold(self, blocks: Sequence[Node]) -> tuple[Node, ...]:
        self._blocks = tuple(blocks)
        _held[self] = None
        while len(_held) > _HELD:
            next(iter(_held)).let_go()
        return self._blocks


class Stage:
    """A chapter at one stage of its making: the key of its inputs, facts, tree."""

    def __init__(self, key: str, facts: Facts, load: Callable[[], list[Node]]) -> None:
        self.key = key
        self.facts = facts
        self.tree = Tree(load)
        self._load = load

    def hold(self, blocks: Sequence[Node]) -> None:
        """Take blocks that were just made as the tree: they need not be read."""
        self.tree = Tree(self._load, blocks)

    def copy_blocks(self) -> list[Node]:
        """Return blocks of one's own, to be changed."""
        return self._load()


def problems_of(stage: Stage) -> list[Problem]:
    """Return what making a stage found wrong."""
    return [Problem.of(each) for each in stage.facts["problems"]]


def make_stage(store: Path, parts: Iterable[object], make: Callable[[], Made]) -> Stage:
    """Return the stage of these inputs; `make` is called where it was not made before.

    `parts` are the inputs as JSON values. `make` answers facts, blocks, and whether to keep them:
    what holds problems is made anew each time.
    """
    key = STAGES.key([ast.to_json(list(parts))])
    file = STAGES.place_of(store, key)
    is_kept = mark_used(file)
    remembered = _memory.get((store, key))
    if remembered is not None and is_kept:
        _memory.move_to_end((store, key))
        return remembered
    try:
        with file.open("rb") as opened:
            facts = ast.from_json(opened.readline())
    except (OSError, ValueError):
        facts, blocks, keep = make()
        text = ast.to_json(blocks)
        if not keep:
            return Stage(key, facts, lambda: list(ast.from_json(text)))
        write_cached(file, ast.to_json(facts) + b"\n" + text)
    stage = Stage(key, facts, lambda: _read_blocks(file))
    _memory[store, key] = stage
    while len(_memory) > _REMEMBERED:
        _memory.popitem(last=False)
    return stage


def _read_blocks(file: Path) -> list[Node]:
    with file.open("rb") as opened:
        opened.readline()
        return list(ast.from_json(opened.read()))
