"""Tables as pandas DataFrames.

Columns with a vocabulary are categorical, in the vocabulary's order; list columns hold tuples;
whole numbers are nullable integers (Int64); free text is never missing but empty.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reviewpress.tables.cells import Cell
from reviewpress.tables.reader import TableRows
from reviewpress.tables.schema import Field


def to_frame(rows: TableRows) -> pd.DataFrame:
    """Return a table as a DataFrame, indexed by its primary key where that is one column."""
    data = {field.name: _series(field, rows[field.name]) for field in rows.table.fields}
    frame = pd.DataFrame(data)
    if len(rows.table.primary_key) == 1:
        frame = frame.set_index(rows.table.primary_key[0], drop=True)
    return frame


def keep_kinds_of_text() -> None:
    """Let columns of text hold marked text, as citations are, whatever else is installed.

    Where pyarrow is, pandas would make plain words of it.
    """
    pd.set_option("mode.string_storage", "python")


def text_series(values: list[str]) -> pd.Series[str]:
    """Return text as a column."""
    return pd.Series(values, dtype="str")


def tuple_series(values: Sequence[Cell | tuple[int | str, ...]]) -> pd.Series:
    """Return tuples as a column: pandas would otherwise make several columns of them."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = [None] * len(values)
    for position, value in enumerate(values):
        cells[position] = value
    return pd.Series(cells)


def _series(field: Field, values: tuple[Cell, ...]) -> pd.Series:
    if field.type == "list":
        return tuple_series(list(values))
    if field.type in ("integer", "year"):
        whole = None not in values and field.required
        return pd.Series(list(values), dtype="int64" if whole else "Int64")
    if field.type == "number":
        return pd.Series(list(values), dtype="Float64")
    if field.type == "boolean":
        return pd.Series(list(values), dtype="boolean")
    if field.type == "date":
        return pd.Series(pd.to_datetime(pd.Series(list(values), dtype="object")))
    if field.enum:
        return pd.Series(pd.Categorical(list(values), categories=list(field.enum)))
    return text_series(["" if value is None else str(value) for value in values])
