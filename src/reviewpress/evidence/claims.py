"""Published numbers beside the same numbers computed from the data.

    cell of a chapter ──▶ given ──▶ record of the run ──▶ claims of the table
    review.claim(…)                                       read_claims

The table says what was published and where; what the data give is computed in cells of a chapter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from reviewpress.errors import DataError, Place, Problem, nearest, raise_all
from reviewpress.tables.reader import Row, TableRows

CLAIMS = "claims"
EXPRESSION = "expression"
"""The column that held the computation before it was given in cells."""

Status = Literal["agrees", "differs", "not checkable"]
Values = Mapping[str, str | None]
"""The values of claims by id, as text; None for one that the data cannot check."""

given: dict[Path, dict[str, str | None]] = {}
"""The values that this process gave, by the review's root; the kernel's side looks at it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One published number: what it says, where, and what the data say.

    `computed` is empty where the data cannot check it.
    """

    id: str
    section: str
    statement: str
    place: str
    published: str
    computed: str
    status: Status
    explanation: str
    where: Place


def give_value(rows: TableRows, root: Path, id: str, value: object, *, again: bool) -> None:
    """Note the value of a claim; `again` allows a second one, as when a cell is executed again.

    Raises DataError for an unknown id, a second value, and a value of another kind than the
    published one, with the claim's row.
    """
    position = _find(rows, id)
    where = rows.where(position, "published")
    _note(root, id, claim_text(rows["published"][position], value, where), where, again=again)


def leave_out(rows: TableRows, root: Path, ids: Iterable[str], *, again: bool) -> None:
    """Note that the data cannot check some claims; raises what `give_value` does."""
    for id in ids:
        _note(root, id, None, rows.where(_find(rows, id)), again=again)


def read_claims(rows: TableRows, values: Values) -> tuple[Claim, ...]:
    """Return every claim of a table, in its order, with its value.

    Raises Problems where the table is an old one, or claims have no value, each with its row.
    """
    raise_all([*old_expressions(rows)] or [*without_value(rows, values)])
    return tuple(_claims(rows, values))


def without_value(rows: TableRows, values: Values) -> Iterator[Problem]:
    """Yield a problem for each claim that no cell gives a value."""
    for position, record in enumerate(rows.records()):
        id = record.text("id")
        if id not in values:
            hint = f'Write `review.claim("{id}", …)` or `review.not_checkable("{id}")` in a cell.'
            message = f'no cell gives the claim "{id}" a value.'
            yield Problem("claim", message, rows.where(position, "id"), hint, subject=id)


def old_expressions(rows: TableRows) -> Iterator[Problem]:
    """Yield a problem where a table has the expressions of an earlier version."""
    if EXPRESSION in rows.table.columns:
        message = "expressions in data are not evaluated any more: cells of a chapter compute them."
        hint = (
            "`reviewpress tidy` writes them as cells, in chapters/claim-cells.ipynb. Move these to "
            "the chapter that shows the claims, and delete the column here and in the schema."
        )
        yield Problem("claim", message, Place(rows.name, row=1, column=EXPRESSION), hint)


def claim_text(published: object, value: object, where: Place | None = None) -> str:
    """Return a computed value as text, as it is compared and shown.

    Whole numbers have no decimal point, true and false are yes and no, the items of a list are
    joined by semicolons. Raises DataError for a value that is no number where one was published,
    or a number where none was.

    >>> claim_text("80", 80.0), claim_text("yes", 3 > 2), claim_text("a; b", ("a", "b"))
    ('80', 'yes', 'a; b')
    """
    plain = _plain(value)
    text = _text(plain)
    if text is None:
        raise DataError(f"the value is {_kind(plain)}.", where, _KINDS)
    is_number = _number(str(published)) is not None
    if is_number is not (isinstance(plain, int | float) and not isinstance(plain, bool)):
        kind = "number" if is_number else "text"
        message = f"“{published}” was published, a {kind}, and the value is {_kind(plain)}."
        raise DataError(message, where, "" if is_number else _KINDS)
    if isinstance(plain, bool) and _fold(str(published)) not in ("yes", "no"):
        message = f"“{published}” was published, and the value is {plain}."
        raise DataError(message, where, "Give it as a text.")
    return text


def same_value(published: str, computed: str) -> bool:
    """Tell whether a published value and a computed one are the same.

    Numbers are compared as numbers (a comma for thousands and a per cent sign do not count),
    anything else as text without case.

    >>> same_value("1,224", "1224"), same_value("47%", "47.0"), same_value("seven", "7")
    (True, True, False)
    """
    numbers = _number(published), _number(computed)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return _fold(published) == _fold(computed)


_KINDS = "Give a text as it was published, a list of texts, or True or False for yes or no."


def _claims(rows: TableRows, values: Values) -> Iterator[Claim]:
    for position, record in enumerate(rows.records()):
        computed = values[record.text("id")]
        yield Claim(
            id=record.text("id"),
            section=record.text("section"),
            statement=record.text("statement"),
            place=record.text("place"),
            published=record.text("published"),
            computed=computed or "",
            status=_status(record, computed),
            explanation=record.text("explanation"),
            where=rows.where(position, "published"),
        )


def _status(record: Row, computed: str | None) -> Status:
    if computed is None:
        return "not checkable"
    return "agrees" if same_value(record.text("published"), computed) else "differs"


def _find(rows: TableRows, id: str) -> int:
    ids = rows.texts("id")
    if id not in ids:
        raise DataError(f'there is no claim "{id}".', Place(rows.name), nearest(str(id), ids))
    return ids.index(id)


def _note(root: Path, id: str, text: str | None, where: Place, *, again: bool) -> None:
    values = given.setdefault(root, {})
    if id in values and not again:
        raise DataError(f'the claim "{id}" is given a value twice.', where, "Delete one of them.")
    values[id] = text


def _plain(value: object) -> object:
    """Return a value of numpy or pandas as a plain one, a column as a list."""
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return value.tolist()
    return value


def _text(value: object) -> str | None:
    """Return a value as text; None where it is of a kind that no claim has."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str | date) and type(value).__name__ != "NaTType":
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        texts = [_text(_plain(item)) for item in items]
        return None if None in texts else "; ".join(text for text in texts if text is not None)
    return None


def _kind(value: object) -> str:
    """Say what a value is, as a sentence has it."""
    name = type(value).__name__
    if name in ("NAType", "NaTType") or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str | int | float):
        return f"a {'text' if isinstance(value, str) else 'number'} ({repr(value)[:60]})"
    return f"a {name}"


def _number(text: str) -> float | None:
    bare = re.sub(r"(?<=\d)[,\u202f\u00a0](?=\d{3}\b)", "", text.strip()).removesuffix("%").strip()
    return float(bare) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", bare) else None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
