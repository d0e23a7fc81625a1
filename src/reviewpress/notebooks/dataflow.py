"""What each value, figure and table of a chapter was made from, while its cells are executed.

    statement ── reads columns ─────────▶ lineage ──▶ the names that it assigns
              └─ uses earlier names ────▶   ▲                │
    live value, figure, table, claim ───────┴────────────────┘

Reads are noted as they happen; what a name was made from is followed by the names in the code.
Where a cell draws in several statements, its figures have all of them.
"""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TypeVar

from reviewpress.markdown import UNNUMBERED
from reviewpress.tables.lineage import ReadColumns, lineage_data, recorder

_BEGIN = '__import__("reviewpress.notebooks.dataflow", fromlist=["flow"]).flow.begin({})'

OUTPUT = "output:"
"""How the output of a cell without an id is called: by this, and the execution."""

T = TypeVar("T")

Namespace = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Statement:
    """The names that a statement, or an expression, uses and assigns, and those it may change."""

    uses: frozenset[str]
    assigns: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    defines: bool = False
    """Whether it only defines a function: what that uses matters where it is called."""
    is_plain: bool = False
    """Whether it does nothing but assign, define or import."""


@dataclass(eq=False)
class DataFlow(ast.NodeTransformer):
    """The lineage of a chapter's names so far, and of what it has published."""

    names: dict[str, ReadColumns] = field(default_factory=dict)
    published: dict[str, ReadColumns] = field(default_factory=dict)
    """Of figures, tables and claims, by id; a claim's begins with `claim:`."""
    _functions: dict[str, frozenset[str]] = field(default_factory=dict)
    _cell: list[Statement] = field(default_factory=list)
    _current: Statement | None = None
    _reads: ReadColumns = field(default_factory=ReadColumns)
    _drawn: ReadColumns = field(default_factory=ReadColumns)
    _namespace: Callable[[], Namespace] = dict
    _made: Callable[[], Iterable[str]] = tuple
    _files: Callable[[Sequence[str]], Iterable[str]] = tuple
    opened: list[str] = field(default_factory=list)
    """The files that were opened since the statement began."""

    def start(
        self,
        namespace: Callable[[], Namespace],
        made: Callable[[], Iterable[str]],
        files: Callable[[Sequence[str]], Iterable[str]],
    ) -> None:
        """Begin to follow.

        `made` gives the ids of what was published so far, `files` those files among some that were
        opened that are sources.
        """
        self._namespace, self._made, self._files = namespace, made, files
        recorder.begin()

    def visit(self, tree: ast.AST) -> ast.AST:
        """Let a cell say which of its statements is executed; IPython calls this with each cell."""
        if not isinstance(tree, ast.Module):
            return tree
        self._cell, self._drawn = [], ReadColumns()
        body: list[ast.stmt] = []
        for position, node in enumerate(tree.body):
            self._cell.append(read_statement(node))
            if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
                mark = ast.parse(_BEGIN.format(position)).body[0]
                body.append(_placed(mark, node))
            body.append(node)
        tree.body = body
        return tree

    def begin(self, position: int) -> None:
        """Note that a statement of the cell begins."""
        self.end()
        self._current = self._cell[position]
        self.opened.clear()
        self._reads = recorder.begin()
        self._reads.update(self._of(self._current.uses))

    def end(self) -> None:
        """Note that the statement has ended: what it assigned, or changed, was made from that."""
        statement, self._current = self._current, None
        if statement is None:
            return
        for file in self._files(self.opened):
            recorder.note(file)
        self._publish()
        if statement.defines:
            self._functions |= dict.fromkeys(statement.assigns, statement.uses)
        for name in statement.assigns if not statement.defines else ():
            if not statement.is_plain:
                self._add(name)
            else:
                self.names[name] = self._reads
        for name in statement.changes:
            if not _follows_itself(self._namespace().get(name)):
                self._add(name)
        if not statement.is_plain and not statement.defines:
            self._drawn.update(self._reads)
        self._reads = recorder.begin()

    def show(self, execution: int) -> None:
        """Note what the output of a cell that was executed was made from."""
        if self._cell and not self._cell[-1].is_plain and not self._cell[-1].defines:
            self.published[f"{OUTPUT}{execution}"] = everything = ReadColumns()
            everything.update(self._drawn)

    def draw(self, id: str) -> None:
        """Note that what the last cell has drawn, and shown, was published under an id, if any."""
        if not id or id.startswith(UNNUMBERED):
            return
        self.published[id] = everything = ReadColumns()
        everything.update(self._drawn)

    def evaluate(self, expression: str, give: Callable[[], T]) -> tuple[T, ReadColumns]:
        """Return what an expression gives, and what that was made from."""
        reads = recorder.begin()
        value = give()
        reads.update(self._of(read_statement(ast.parse(expression, mode="eval").body).uses))
        recorder.begin()
        return value, reads

    def data(self) -> dict[str, object]:
        """Return what was published with its lineage, as plain data."""
        return {id: lineage_data(reads) for id, reads in sorted(self.published.items())}

    def _publish(self) -> None:
        for id in self._made():
            if id not in self.published:
                self.published[id] = everything = ReadColumns()
                everything.update(self._reads)
                if not id.startswith("claim:"):
                    everything.update(self._drawn)

    def _add(self, name: str) -> None:
        # Another name may have the old one.
        before, self.names[name] = self.names.get(name, ()), ReadColumns()
        self.names[name].update(before)
        self.names[name].update(self._reads)

    def _of(self, names: Iterable[str]) -> ReadColumns:
        """Return what names were made from, those that functions use included."""
        found, waiting, seen = ReadColumns(), list(names), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                found.update(self.names.get(name, ()))
                waiting += self._functions.get(name, ())
        return found


flow = DataFlow()
"""What the chapter of this process has done so far."""


def read_statement(node: ast.stmt | ast.expr) -> Statement:
    """Return which names a statement uses, assigns and may change.

    >>> statement = read_statement(ast.parse("total = len(papers)").body[0])
    >>> sorted(statement.uses), sorted(statement.assigns)
    (['len', 'papers'], ['total'])
    """
    text = ast.unparse(node)
    table = symtable.symtable(text, "statement", "exec")
    uses = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    uses |= set(_free(table))
    assigns = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    assigns |= {s.get_name() for s in table.get_symbols() if s.is_imported() or s.is_namespace()}
    augmented = {_root(n.target) for n in ast.walk(node) if isinstance(n, ast.AugAssign)}
    changes = {name for target in _changed(node) if (name := _root(target))}
    return Statement(
        frozenset(uses | changes | augmented - {""}),
        frozenset(assigns),
        frozenset(changes - assigns),
        defines=isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef),
        is_plain=isinstance(node, _PLAIN),
    )


_PLAIN = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.ClassDef)


def _follows_itself(value: object) -> bool:
    """Whether what a value was made from is noted where it is looked at, not by its name."""
    # Not imported: a chapter that has neither does not depend on them.
    return isinstance(value, ModuleType) or any(
        (module := sys.modules.get(f"reviewpress.{name}"))
        and isinstance(value, getattr(module, kind))
        for name, kind in (("evidence.data", "Evidence"), ("tables.traced_frames", "TracedFrame"))
    )


def _free(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the module that functions and comprehensions in it use."""
    for child in table.get_children():
        yield from (
            s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced()
        )
        yield from _free(child)


def _changed(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement may change: what it stores in, and whose methods it calls for that."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute | ast.Subscript) and isinstance(
            inner.ctx, ast.Store | ast.Del
        ):
            yield inner
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            yield inner.value.func


def _root(node: ast.expr) -> str:
    """Return the name that an expression begins with; empty for one that begins otherwise."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _placed(mark: ast.stmt, beside: ast.stmt) -> ast.stmt:
    for node in ast.walk(mark):
        ast.copy_location(node, beside)
    return mark
