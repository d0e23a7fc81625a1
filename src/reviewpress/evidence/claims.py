"""Published numbers beside the same numbers recomputed from the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reviewpress.errors import DataError, Place, Problem, Problems, raise_all
from reviewpress.evidence.expressions import evaluate_expression
from reviewpress.tables.reader import TableRows

CLAIMS = "claims"
Status = Literal["agrees", "differs", "not checkable"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One published number: what it says, where, and what the data say.

    `computed` is empty where no expression recomputes it (`status` is then not checkable).
    """

    id: str
    section: str
    statement: str
    place: str
    published: str
    computed: str
    status: Status
    expression: str
    explanation: str
    where: Place


def recompute_claims(rows: TableRows, names: Mapping[str, object]) -> tuple[Claim, ...]:
    """Recompute every claim of a table, in its order, with `names` in scope of the expressions.

    Raises Problems for expressions that fail, each with its row.
    """
    problems: list[Problem] = []
    claims = tuple(_claims(rows, names, problems))
    raise_all(list(dict.fromkeys(problems)))
    return claims


def same_value(published: str, computed: object) -> bool:
    """Tell whether a published value and a computed one are the same.

    Numbers are compared as numbers (a comma for thousands and a per cent sign do not count),
    anything else as text without case.

    >>> same_value("1,224", 1224), same_value("47%", 47.0), same_value("seven", 7)
    (True, True, False)
    """
    number = _number(published)
    if number is not None and isinstance(computed, (int, float)):
        return number == computed
    return _fold(published) == _fold(show(computed))


def show(value: object) -> str:
    """Return a computed value as text: whole numbers without a decimal point.

    >>> show(80.0), show(("a", "b"))
    ('80', 'a; b')
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return "; ".join(show(item) for item in items)
    return str(value)


def _claims(
    rows: TableRows, names: Mapping[str, object], problems: list[Problem]
) -> Iterator[Claim]:
    shared: dict[bytes, object] = {}
    for position, record in enumerate(rows.records()):
        expression = record.text("expression")
        where = rows.where(position, "expression")
        published = record.text("published")
        computed = ""
        status: Status = "not checkable"
        if expression:
            try:
                value = plain_value(evaluate_expression(expression, names, shared))
            except Problems as error:
                # A table is wrong: said once, not again for each claim that needs it.
                problems += error.problems
                continue
            except DataError as error:
                place = Place(where.file, where.row, where.column, expression=expression)
                problems.append(Problem("claim", error.message, place, error.hint))
                continue
            computed = show(value)
            status = "agrees" if same_value(published, value) else "differs"
        yield Claim(
            id=record.text("id"),
            section=record.text("section"),
            statement=record.text("statement"),
            place=record.text("place"),
            published=published,
            computed=computed,
            status=status,
            expression=expression,
            explanation=record.text("explanation"),
            where=where,
        )


def plain_value(value: object) -> object:
    """Return a value of numpy or pandas as a plain one."""
    return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value


def _number(text: str) -> float | None:
    bare = re.sub(r"(?<=\d)[,\u202f\u00a0](?=\d{3}\b)", "", text.strip()).removesuffix("%").strip()
    return float(bare) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", bare) else None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
