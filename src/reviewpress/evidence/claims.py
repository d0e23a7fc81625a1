"""Published numbers beside the same numbers recomputed from the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reviewpress.errors import DataError, Place, Problem, Problems, raise_all
from reviewpress.evidence.expressions import evaluate_expression

if TYPE_CHECKING:
    import pandas as pd

    from reviewpress.evidence.review import Review

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


def load_claims(review: Review) -> tuple[Claim, ...]:
    """Recompute every claim of the review, in the table's order.

    The whole review counts, whatever regions it is restricted to. Raises Problems for expressions
    that fail, each with its row.
    """
    return review.whole.recomputed


def recompute_claims(review: Review) -> tuple[Claim, ...]:
    """Recompute every claim; `load_claims` keeps what this finds."""
    problems: list[Problem] = []
    claims = tuple(_claims(review, problems))
    raise_all(list(dict.fromkeys(problems)))
    return claims


def claims_frame(review: Review) -> pd.DataFrame:
    """Return the claims as a DataFrame indexed by id.

    Columns: section, statement, place, published, computed, status (agrees, differs, not
    checkable), expression, explanation; all text.
    """
    import pandas as pd

    columns = (
        "section", "statement", "place", "published", "computed", "status", "expression",
        "explanation",
    )  # fmt: skip
    claims = load_claims(review)
    data = {name: [getattr(claim, name) for claim in claims] for name in columns}
    frame = pd.DataFrame(data, index=pd.Index([claim.id for claim in claims], name="id"))
    return frame.astype("str")


def same_value(published: str, computed: Any) -> bool:
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


def show(value: Any) -> str:
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


def _claims(review: Review, problems: list[Problem]) -> Iterator[Claim]:
    shared: dict[bytes, Any] = {}
    names = {"review": review}
    rows = review.rows(CLAIMS)
    for position, record in enumerate(rows.records()):
        expression = record.get("expression") or ""
        where = rows.where(position, "expression")
        computed, status = "", "not checkable"
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
            status = "agrees" if same_value(record["published"], value) else "differs"
        yield Claim(
            id=record["id"],
            section=record.get("section") or "",
            statement=record.get("statement") or "",
            place=record.get("place") or "",
            published=record["published"] or "",
            computed=computed,
            status=status,  # type: ignore[arg-type]
            expression=expression,
            explanation=record.get("explanation") or "",
            where=where,
        )


def plain_value(value: Any) -> Any:
    """Return a value of numpy or pandas as a plain one."""
    return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value


def _number(text: str) -> float | None:
    bare = re.sub(r"(?<=\d)[,\u202f\u00a0](?=\d{3}\b)", "", text.strip()).removesuffix("%").strip()
    return float(bare) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", bare) else None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
