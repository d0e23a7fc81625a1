"""Expressions that stand in data: a small, closed part of Python, interpreted and never executed.

Data are not trusted as notebooks are, so an expression of `claims.csv` can read the evidence and
calculate, and nothing else: names and attributes are those listed here, there are no imports,
assignments or powers, and attributes with an underscore do not exist.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reviewpress.errors import DataError, nearest

FUNCTIONS: Mapping[str, Any] = {
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
_BINARY: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_UNARY: Mapping[type[ast.AST], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARE: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
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
_OURS = "reviewpress"
_LENGTH = 2000
_DEPTH = 40


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """Return an expression's value with `names` in scope.

    Raises DataError for what is not part of the language, and for what fails.
    """
    if len(expression) > _LENGTH:
        raise DataError(f"the expression is longer than {_LENGTH} characters.")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        raise DataError(f"the expression is not complete: {reason}.") from None
    scope = {**FUNCTIONS, **names}
    try:
        return _value(tree.body, scope, 0)
    except DataError:
        raise
    except Exception as error:  # whatever an expression does wrong is the author's to mend
        raise DataError(f"the expression fails: {type(error).__name__}: {error}.") from None


def _value(node: ast.AST, scope: Mapping[str, Any], depth: int) -> Any:
    reader = _READERS.get(type(node))
    if reader is None or depth > _DEPTH:
        what = type(node).__name__
        raise DataError(f"an expression in data cannot use this: {what}.")
    return reader(node, scope, depth + 1)


def _constant(node: ast.Constant, scope: Mapping[str, Any], depth: int) -> Any:
    return node.value


def _name(node: ast.Name, scope: Mapping[str, Any], depth: int) -> Any:
    if node.id not in scope:
        raise DataError(f'an expression does not know "{node.id}".', hint=nearest(node.id, scope))
    return scope[node.id]


def _attribute(node: ast.Attribute, scope: Mapping[str, Any], depth: int) -> Any:
    owner = _value(node.value, scope, depth)
    allowed = _allowed(owner)
    if node.attr.startswith("_") or node.attr not in allowed:
        message = f'an expression cannot ask "{node.attr}" of a {type(owner).__name__}.'
        raise DataError(message, hint=nearest(node.attr, allowed))
    return getattr(owner, node.attr)


def _allowed(owner: Any) -> Iterable[str]:
    kind = type(owner)
    if kind.__module__.split(".")[0] == _OURS:
        if kind.__name__ == "Review":
            return _REVIEW
        listed = _GROUP if isinstance(owner, dict) else ()
        return (*listed, *(name for name in dir(kind) if not name.startswith("_")))
    if kind.__module__.split(".")[0] == "pandas":
        columns = getattr(owner, "columns", ())
        return (*_FRAME, *(str(column) for column in columns))
    if isinstance(owner, str):
        return _TEXT
    return _GROUP if isinstance(owner, (list, tuple, dict, set, frozenset)) else ()


def _call(node: ast.Call, scope: Mapping[str, Any], depth: int) -> Any:
    function = _value(node.func, scope, depth)
    arguments = [_value(argument, scope, depth) for argument in node.args]
    named = {
        keyword.arg: _value(keyword.value, scope, depth)
        for keyword in node.keywords
        if keyword.arg is not None
    }
    if len(named) < len(node.keywords):
        raise DataError("an expression in data cannot use this: **.")
    return function(*arguments, **named)


def _subscript(node: ast.Subscript, scope: Mapping[str, Any], depth: int) -> Any:
    return _value(node.value, scope, depth)[_value(node.slice, scope, depth)]


def _slice(node: ast.Slice, scope: Mapping[str, Any], depth: int) -> Any:
    parts = (node.lower, node.upper, node.step)
    return slice(*(None if part is None else _value(part, scope, depth) for part in parts))


def _binary(node: ast.BinOp, scope: Mapping[str, Any], depth: int) -> Any:
    operation = _BINARY.get(type(node.op))
    if operation is None:
        raise DataError(f"an expression in data cannot use this: {type(node.op).__name__}.")
    left, right = _value(node.left, scope, depth), _value(node.right, scope, depth)
    if isinstance(node.op, (ast.Mult, ast.Mod)) and isinstance(left, (str, list, tuple)):
        raise DataError("an expression in data can only multiply numbers.")
    if isinstance(node.op, ast.Mult) and isinstance(right, (str, list, tuple)):
        raise DataError("an expression in data can only multiply numbers.")
    return operation(left, right)


def _unary(node: ast.UnaryOp, scope: Mapping[str, Any], depth: int) -> Any:
    return _UNARY[type(node.op)](_value(node.operand, scope, depth))


def _compare(node: ast.Compare, scope: Mapping[str, Any], depth: int) -> Any:
    left = _value(node.left, scope, depth)
    result: Any = True
    for position, (operation, comparator) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = _value(comparator, scope, depth)
        found = _COMPARE[type(operation)](left, right)
        result = found if position == 0 else result and found
        left = right
    return result


def _boolean(node: ast.BoolOp, scope: Mapping[str, Any], depth: int) -> Any:
    wanted = isinstance(node.op, ast.Or)
    value: Any = None
    for part in node.values:
        value = _value(part, scope, depth)
        if bool(value) is wanted:
            break
    return value


def _condition(node: ast.IfExp, scope: Mapping[str, Any], depth: int) -> Any:
    chosen = node.body if _value(node.test, scope, depth) else node.orelse
    return _value(chosen, scope, depth)


def _list(node: ast.List, scope: Mapping[str, Any], depth: int) -> Any:
    return [_value(item, scope, depth) for item in node.elts]


def _tuple(node: ast.Tuple, scope: Mapping[str, Any], depth: int) -> Any:
    return tuple(_value(item, scope, depth) for item in node.elts)


def _set(node: ast.Set, scope: Mapping[str, Any], depth: int) -> Any:
    return {_value(item, scope, depth) for item in node.elts}


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Mapping[str, Any], depth: int
) -> Any:
    def scopes(
        generators: list[ast.comprehension], inner: Mapping[str, Any]
    ) -> Iterable[Mapping[str, Any]]:
        if not generators:
            yield inner
            return
        first = generators[0]
        for item in _value(first.iter, inner, depth):
            bound = {**inner, **_bind(first.target, item)}
            if all(_value(test, bound, depth) for test in first.ifs):
                yield from scopes(generators[1:], bound)

    found = [_value(node.elt, bound, depth) for bound in scopes(node.generators, scope)]
    return set(found) if isinstance(node, ast.SetComp) else found


def _bind(target: ast.AST, item: Any) -> dict[str, Any]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    if isinstance(target, ast.Tuple):
        bound: dict[str, Any] = {}
        for part, value in zip(target.elts, item, strict=True):
            bound |= _bind(part, value)
        return bound
    raise DataError(f"an expression in data cannot use this: {type(target).__name__}.")


def _lambda(node: ast.Lambda, scope: Mapping[str, Any], depth: int) -> Any:
    names = [argument.arg for argument in node.args.args]

    def call(*values: Any) -> Any:
        return _value(node.body, {**scope, **dict(zip(names, values, strict=True))}, depth)

    return call


_READERS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.GeneratorExp: _comprehension,
    ast.IfExp: _condition,
    ast.Lambda: _lambda,
    ast.List: _list,
    ast.ListComp: _comprehension,
    ast.Name: _name,
    ast.Set: _set,
    ast.SetComp: _comprehension,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Tuple: _tuple,
    ast.UnaryOp: _unary,
}
