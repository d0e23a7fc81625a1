"""Results: tables with several rows a paper, counted and summed up by study or by paper.

Nothing is pooled here: no effect is weighted or combined, and a median of medians is no estimate.
What is said is how many studies have results, and between which values these lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from reviewpress.errors import DataError, Place
from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.findings import Code
from reviewpress.evidence.sections import units_of
from reviewpress.tables.cells import Cell
from reviewpress.tables.lineage import recorder
from reviewpress.tables.reader import TableRows

_NUMBERS = ("integer", "number")


@dataclass(frozen=True, slots=True)
class ResultsSummary:
    """The results of one term, such as an outcome: rows, and units (studies or papers) with any.

    Of values, each unit counts once, with the median of its own: `without` has none.
    """

    term: str
    results: int
    units: int
    without: int = 0
    median: float | None = None
    lowest: float | None = None
    highest: float | None = None


def summarise_results(
    evidence: Evidence, by: str, value: str | None, table: str, codes: Iterable[Code]
) -> tuple[ResultsSummary, ...]:
    """Sum up a table of results by the terms of a column, those of most units first.

    Raises DataError where no column of the table holds the codes of papers, or `value` is no
    column of numbers.
    """
    rows = evidence.rows(table)
    rows.table.field(by)
    if value is not None and rows.table.field(value).type not in _NUMBERS:
        message = f'the column "{value}" of {rows.name} does not hold numbers.'
        raise DataError(message, Place(rows.name, column=value))
    unit_of: dict[Cell, Code] = {
        code: unit[0] for unit in units_of(evidence, codes) for code in unit
    }
    with recorder.paused():
        papers = rows[_codes_column(rows)]
        kept = [n for n, code in enumerate(papers) if code in unit_of]
        by_term: dict[str, list[int]] = {}
        for position in kept:
            for term in terms_of(rows[by][position]):
                by_term.setdefault(term, []).append(position)
        cells = rows[value] if value is not None else None
        units: dict[int, Cell] = {n: unit_of[papers[n]] for n in kept}
        found = [_summary(term, units, cells, here) for term, here in by_term.items()]
    for column in filter(None, (by, value)):
        recorder.note(rows.name, column, (rows.row_keys[position] for position in kept))
    return tuple(sorted(found, key=lambda one: -one.units))


def _codes_column(rows: TableRows) -> str:
    """Return the column that holds the codes of papers."""
    for key in rows.table.foreign_keys:
        if key.resource == PAPERS:
            return key.field
    hint = "In the schema, `foreignKeys` say which column holds the codes of papers."
    raise DataError("the table does not say which paper a row is of.", Place(rows.name), hint)


def _summary(
    term: str, units: Mapping[int, Cell], cells: tuple[Cell, ...] | None, here: list[int]
) -> ResultsSummary:
    of_units: dict[Cell, list[float]] = {units[position]: [] for position in here}
    for position in here:
        cell = cells[position] if cells is not None else None
        if isinstance(cell, int | float):
            of_units[units[position]].append(cell)
    values = [median(some) for some in of_units.values() if some]
    if cells is None or not values:
        without = 0 if cells is None else len(of_units)
        return ResultsSummary(term, len(here), len(of_units), without)
    without = len(of_units) - len(values)
    return ResultsSummary(
        term, len(here), len(of_units), without, median(values), min(values), max(values)
    )
