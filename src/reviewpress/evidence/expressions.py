"""Expressions that stand in data: a small, closed part of Python with an interpreter of our own.

Data are not trusted as notebooks are, so an expression of `claims.csv` can read the evidence and
calculate, and nothing else: names and attributes are those listed here, there are no imports,
assignments or powers, and attributes with an underscore do not exist.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, TypeGuard, runtime_checkable

from reviewpress.errors import DataError, Problems, ReportError, nearest

if TYPE_CHECKING:
    import pandas as pd

FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "round": round,
    "set": set,
    "sorted": sorted,
    "str": str,
    "sum": sum,
    "tuple": tuple,
}
Operation = Callable[..., object]
"""What an operator does; values that it cannot take are its own to refuse."""
_BINARY: Mapping[type[ast.AST], Operation] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: lambda left, right: _multiply(left, right),
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: lambda left, right: _remainder(left, right),
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_UNARY: Mapping[type[ast.AST], Operation] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARE: Mapping[type[ast.AST], Operation] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: _is_in(left, right),
    ast.NotIn: lambda left, right: not _is_in(left, right),
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_FRAME = (
    "all", "any", "between", "columns", "count", "drop_duplicates", "dropna", "duplicated",
    "empty", "eq", "explode", "fillna", "ge", "gt", "head", "index", "isin", "isna", "items",
    "le", "loc", "lt", "map", "max", "mean", "median", "min", "ne", "notna", "nunique", "shape",
    "size", "sort_index", "sort_values", "sum", "tail", "to_list", "tolist", "unique",
    "value_counts", "values",
)  # fmt: skip
_TEXT = ("count", "casefold", "endswith", "lower", "split", "startswith", "strip", "upper")
_GROUP = ("count", "difference", "get", "index", "intersection", "isdisjoint", "issubset",
    "issuperset", "items", "keys", "union", "values",
)  # fmt: skip
_REVIEW = (
    "appraisal", "bibliography", "cite", "codes", "coding", "count", "deviations", "finding",
    "findings", "flow", "forms", "papers", "people", "searches", "section", "without_value",
)  # fmt: skip
Names = dict[str, object]
Part = Callable[[Names], object]
"""A part of an expression, ready to be asked for its value with some names in scope."""

_OURS = "reviewpress"
_names_of: dict[type, tuple[str, ...]] = {}
"""What may be asked of each kind of record; looking it up takes long."""
_LENGTH = 2000
_DEPTH = 40


def evaluate_expression(
    expression: str, names: Mapping[str, object], shared: dict[bytes, object] | None = None
) -> object:
    """Return an expression's value with `names` in scope.

    `shared` keeps the values of parts that several expressions have in common, where these are
    evaluated one after the other with the same names.

    Raises DataError for what is not part of the language, and for what fails; the Problems of a
    table that cannot be read stay what they are.
    """
    if len(expression) > _LENGTH:
        raise DataError(f"the expression is longer than {_LENGTH} characters.")
    text = expression.strip().replace("\r\n", "\n").replace("\r", "\n")
    try:
        tree = ast.parse(text, mode="eval")
        part = _Reader(tree, text, {} if shared is None else shared).read(tree.body, 0)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        raise DataError(f"the expression is not complete: {reason}.") from None
    try:
        return part({**FUNCTIONS, **names})
    except Problems:
        raise  # a table that cannot be read: the expression is not to blame
    except ReportError as error:
        raise DataError(error.message, hint=error.hint) from None
    except Exception as error:  # whatever an expression does wrong is the author's to mend
        raise DataError(f"the expression fails: {type(error).__name__}: {error}.") from None


@runtime_checkable
class _Subscripted(Protocol):
    def __getitem__(self, key: object, /) -> object: ...


class _Reader:
    """Turns the parts of an expression into functions of the names in scope.

    A part that uses no name of a comprehension or lambda has one value: it is kept, for what a
    comprehension asks for each paper is often the same table.
    """

    def __init__(self, tree: ast.AST, text: str, shared: dict[bytes, object]) -> None:
        self.lines = [line.encode() for line in text.split("\n")]
        self.shared = shared
        self.bound: set[str] = set()
        self.varying: set[ast.AST] = set()
        if "for" not in text and "lambda" not in text:
            return
        self._note_varying(tree)

    def _note_varying(self, tree: ast.AST) -> None:
        """Note the names that comprehensions and lambdas bind, and every part that uses one."""
        found: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
        for node, _ in found:
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    self.bound.add(node.id)
                continue
            if isinstance(node, ast.arg):
                self.bound.add(node.arg)
            found += [(child, node) for child in ast.iter_child_nodes(node)]
        for node, parent in reversed(found):
            if node in self.varying or (isinstance(node, ast.Name) and node.id in self.bound):
                self.varying |= {node, parent}

    def read(self, node: ast.AST, depth: int) -> Part:
        """Return a part as a function; DataError for what is not part of the language."""
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None or depth > _DEPTH:
            raise _unusable(type(node).__name__)
        part: Part = reader(node, depth + 1)
        return _kept(part, self._text(node), self.shared) if self._has_one_value(node) else part

    def _text(self, node: ast.expr) -> bytes:
        """Return a part as it is written: the same text means the same everywhere."""
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines)

    def _has_one_value(self, node: ast.AST) -> TypeGuard[ast.expr]:
        is_asked = isinstance(node, ast.Attribute | ast.Call | ast.Subscript)
        return is_asked and node not in self.varying

    def _all(self, nodes: Iterable[ast.AST], depth: int) -> list[Part]:
        return [self.read(node, depth) for node in nodes]

    def _constant(self, node: ast.Constant, depth: int) -> Part:
        value = node.value
        return lambda names: value

    def _name(self, node: ast.Name, depth: int) -> Part:
        name = node.id

        def part(names: Names) -> object:
            try:
                return names[name]
            except KeyError:
                hint = nearest(name, names)
                raise DataError(f'an expression does not know "{name}".', hint=hint) from None

        return part

    def _attribute(self, node: ast.Attribute, depth: int) -> Part:
        of, name = self.read(node.value, depth), node.attr
        return lambda names: _ask(of(names), name)

    def _call(self, node: ast.Call, depth: int) -> Part:
        function, arguments = self.read(node.func, depth), self._all(node.args, depth)
        if any(keyword.arg is None for keyword in node.keywords):
            raise _unusable("**")
        named = [(str(word.arg), self.read(word.value, depth)) for word in node.keywords]
        if not named:
            return lambda names: _callable(function(names))(*[part(names) for part in arguments])
        return lambda names: _callable(function(names))(
            *[argument(names) for argument in arguments],
            **{name: value(names) for name, value in named},
        )

    def _subscript(self, node: ast.Subscript, depth: int) -> Part:
        of, index = self.read(node.value, depth), self.read(node.slice, depth)
        if self._has_one_value(node.value) and not self._has_one_value(node):
            column = b"column " + self._text(node.value)
            of = _kept(lambda names, of=of: _as_mapping(of(names)), column, self.shared)  # type: ignore[misc]
        return lambda names: _subscripted(of(names))[index(names)]

    def _slice(self, node: ast.Slice, depth: int) -> Part:
        ends = [
            self.read(end, depth) if end is not None else None
            for end in (node.lower, node.upper, node.step)
        ]
        return lambda names: slice(*(end(names) if end else None for end in ends))

    def _binop(self, node: ast.BinOp, depth: int) -> Part:
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise _unusable(type(node.op).__name__)
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        return lambda names: operation(left(names), right(names))

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Part:
        operation, operand = _UNARY[type(node.op)], self.read(node.operand, depth)
        return lambda names: operation(operand(names))

    def _compare(self, node: ast.Compare, depth: int) -> Part:
        first = self.read(node.left, depth)
        rest = [
            (_COMPARE[type(operation)], self.read(comparator, depth))
            for operation, comparator in zip(node.ops, node.comparators, strict=True)
        ]
        if len(rest) == 1:
            only, second = rest[0]
            return lambda names: only(first(names), second(names))

        def part(names: Names) -> object:
            left = first(names)
            result: object = True
            for operation, comparator in rest:
                right = comparator(names)
                result = result and operation(left, right)
                left = right
            return result

        return part

    def _boolop(self, node: ast.BoolOp, depth: int) -> Part:
        parts, wanted = self._all(node.values, depth), isinstance(node.op, ast.Or)

        def part(names: Names) -> object:
            value: object = None
            for each in parts:
                value = each(names)
                if bool(value) is wanted:
                    break
            return value

        return part

    def _ifexp(self, node: ast.IfExp, depth: int) -> Part:
        test, yes, no = self._all((node.test, node.body, node.orelse), depth)
        return lambda names: yes(names) if test(names) else no(names)

    def _list(self, node: ast.List, depth: int) -> Part:
        items = self._all(node.elts, depth)
        return lambda names: [item(names) for item in items]

    def _tuple(self, node: ast.Tuple, depth: int) -> Part:
        items = self._all(node.elts, depth)
        return lambda names: tuple(item(names) for item in items)

    def _set(self, node: ast.Set, depth: int) -> Part:
        items = self._all(node.elts, depth)
        return lambda names: {item(names) for item in items}

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp, depth: int) -> Part:
        each = self._each(node.generators, self.read(node.elt, depth), depth)
        return lambda names: list(each(names))

    _generatorexp = _listcomp

    def _setcomp(self, node: ast.SetComp, depth: int) -> Part:
        each = self._each(node.generators, self.read(node.elt, depth), depth)
        return lambda names: set(each(names))

    def _each(
        self, generators: list[ast.comprehension], element: Part, depth: int
    ) -> Callable[[Names], Iterator[object]]:
        """Return a function that yields the element's value for each round of a comprehension."""
        first = generators[0]
        items = self.read(first.iter, depth)
        tests = self._all(first.ifs, depth)
        bind = self._binding(first.target)
        inner = self._each(generators[1:], element, depth) if len(generators) > 1 else None

        def each(names: Names) -> Iterator[object]:
            here = dict(names)
            for item in _iterable(items(names)):
                bind(here, item)
                for test in tests:
                    if not test(here):
                        break
                else:
                    if inner is None:
                        yield element(here)
                    else:
                        yield from inner(here)

        return each

    def _binding(self, target: ast.AST) -> Callable[[Names, object], None]:
        if isinstance(target, ast.Name):
            return lambda names, item: names.__setitem__(target.id, item)
        if not isinstance(target, ast.Tuple):
            raise _unusable(type(target).__name__)
        if all(isinstance(part, ast.Name) for part in target.elts):
            ids = [part.id for part in target.elts if isinstance(part, ast.Name)]
            return lambda names, item: names.update(zip(ids, _iterable(item), strict=True))
        parts = [self._binding(part) for part in target.elts]

        def bind(names: Names, item: object) -> None:
            for part, value in zip(parts, _iterable(item), strict=True):
                part(names, value)

        return bind

    def _lambda(self, node: ast.Lambda, depth: int) -> Part:
        arguments, body = [argument.arg for argument in node.args.args], self.read(node.body, depth)

        def part(names: Names) -> object:
            def call(*values: object) -> object:
                return body({**names, **dict(zip(arguments, values, strict=True))})

            return call

        return part


def _callable(value: object) -> Callable[..., object]:
    if not callable(value):
        raise TypeError(f"'{type(value).__name__}' object is not callable")
    return value


def _subscripted(value: object) -> _Subscripted:
    if not isinstance(value, _Subscripted):
        raise TypeError(f"'{type(value).__name__}' object is not subscriptable")
    return value


def _iterable(value: object) -> Iterable[object]:
    if not isinstance(value, Iterable):
        raise TypeError(f"'{type(value).__name__}' object is not iterable")
    return value


def _is_in(item: object, group: object) -> bool:
    if not isinstance(group, Container):
        raise TypeError(f"argument of type '{type(group).__name__}' is not iterable")
    return item in group


def _is_series(value: object) -> TypeGuard[pd.Series]:
    # By name: whoever has a column has imported pandas, and nobody else needs it.
    return type(value).__name__ == "Series"


def _kept(part: Part, name: bytes, shared: dict[bytes, object]) -> Part:
    def kept(names: Names) -> object:
        try:
            return shared[name]
        except KeyError:
            value = shared[name] = part(names)
            return value

    return kept


def _as_mapping(value: object) -> object:
    """Return a pandas column as a dict: one that is asked for every paper is faster so."""
    if _is_series(value) and value.index.is_unique:
        return _Column(value)
    return value


class _Column(dict[object, object]):
    """A column's values by label; what is no label (a slice, a condition) is asked of pandas."""

    def __init__(self, column: pd.Series) -> None:
        super().__init__(column.to_dict())
        self.column: object = column

    def __getitem__(self, label: object) -> object:
        try:
            return super().__getitem__(label)
        except (KeyError, TypeError):
            return _subscripted(self.column)[label]


def _ask(owner: object, name: str) -> object:
    if name.startswith("_") or not _may_ask(owner, name):
        message = f'an expression cannot ask "{name}" of a {type(owner).__name__}.'
        raise DataError(message, hint=nearest(name, _allowed(owner)))
    return getattr(owner, name)


def _may_ask(owner: object, name: str) -> bool:
    """Tell whether a name is allowed, without listing them all where it can be helped."""
    if isinstance(owner, str):
        return name in _TEXT
    if type(owner).__module__.startswith("pandas.") and name in _FRAME:
        return True
    return name in _allowed(owner)


def _allowed(owner: object) -> Iterable[str]:
    kind = type(owner)
    if kind.__module__.split(".")[0] == _OURS:
        return _public(kind)
    if kind.__module__.split(".")[0] == "pandas":
        columns = getattr(owner, "columns", ())
        return (*_FRAME, *(str(column) for column in columns))
    if isinstance(owner, str):
        return _TEXT
    return _GROUP if isinstance(owner, (list, tuple, dict, set, frozenset)) else ()


def _public(kind: type) -> tuple[str, ...]:
    """Return what an expression may ask of one of our own records."""
    if kind not in _names_of:
        listed = _GROUP if issubclass(kind, dict) else ()
        public = (name for name in dir(kind) if not name.startswith("_"))
        _names_of[kind] = _REVIEW if kind.__name__ == "Review" else (*listed, *public)
    return _names_of[kind]


def _multiply(left: object, right: object) -> object:
    if isinstance(left, (str, list, tuple)) or isinstance(right, (str, list, tuple)):
        raise DataError("an expression in data can only multiply numbers.")
    return operator.mul(left, right)


def _remainder(left: object, right: object) -> object:
    if isinstance(left, str):
        raise DataError("an expression in data can only divide numbers.")
    return operator.mod(left, right)


def _unusable(what: str) -> DataError:
    return DataError(f"an expression in data cannot use this: {what}.")
