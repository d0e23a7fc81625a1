"""How much text a table may hold: more is refused before it is made.

A table of 200 MB would be escaped, measured and written for minutes, and only then be counted
among what the cell shows.
"""

import os
from collections.abc import Iterable
from numbers import Number

from reviewpress.errors import Problem
from reviewpress.figures.table_notes import Noted
from reviewpress.programs.limits import CELL_MEGABYTES, SHOW_LESS, SHOWN_ENV

_MEGABYTE = 1_000_000


def excess_problems(values: Iterable[object], what: str) -> list[Problem]:
    """Return a problem where the text of some values is more than a cell may show."""
    most, count = float(os.environ.get(SHOWN_ENV) or CELL_MEGABYTES), 0
    for value in values:
        count += _length(value)
        if count > most * _MEGABYTE:
            return [
                Problem("figure", f"{what} holds more than {most:g} MB of text.", hint=SHOW_LESS)
            ]
    return []


def _length(value: object) -> int:
    if value is None or isinstance(value, Number):
        return 0
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(_length, value))
    if isinstance(value, dict):
        return sum(map(_length, (*value, *value.values())))
    return _length(value.value) if isinstance(value, Noted) else len(str(value))
