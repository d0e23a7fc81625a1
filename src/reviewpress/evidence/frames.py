"""What the evidence says as DataFrames: this module imports pandas, so import it when needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from reviewpress.bibliography import Entry
from reviewpress.errors import DataError, Place
from reviewpress.evidence.claims import Claim
from reviewpress.evidence.counts import Counts
from reviewpress.evidence.findings import Code
from reviewpress.tables.frames import text_series, to_frame
from reviewpress.tables.lineage import ColumnRead
from reviewpress.tables.reader import TableRows
from reviewpress.tables.traced_frames import Origins, table_origins

CLAIM_COLUMNS = (
    "section", "statement", "place", "published", "computed", "status", "explanation",
)  # fmt: skip


def papers_frame(
    rows: TableRows, entries: Sequence[Entry | None], labels: Mapping[str, str]
) -> pd.DataFrame:
    """Return the papers with year, author and title of their entries of the bibliography.

    Authors are named with the labels of a language: `two-authors` and `et-al`.
    """
    frame = to_frame(rows)
    years = pd.Series([entry.year if entry else None for entry in entries], dtype="Int64")
    two, others = labels["two-authors"], labels["et-al"]
    named = [entry.name_authors(two, others) if entry else "" for entry in entries]
    authors = text_series(named)
    titles = text_series([entry.title if entry else "" for entry in entries])
    for name, column in (("year", years), ("author", authors), ("title", titles)):
        if name not in frame:
            frame[name] = column.set_axis(frame.index)
    return frame


def papers_origins(frame: pd.DataFrame, rows: TableRows, files: Iterable[str]) -> Origins:
    """Return where the columns of `papers_frame` come from: the table, or the bibliography."""
    entries = (ColumnRead(rows.name, "citekey"), *map(ColumnRead, files))
    from_entries = [name for name in frame.columns if name not in rows.columns]
    return {**table_origins(frame, rows.name), **dict.fromkeys(from_entries, entries)}


def count_frame(
    counts: Counts,
    *,
    zeros: bool,
    names: Mapping[str, str] = MappingProxyType({}),
    unit: str = "papers",
) -> pd.DataFrame:
    """Return counts as a DataFrame: term, and papers or studies; `names` are for readers."""
    terms = [term for term in counts.vocabulary if zeros or counts[term]]
    terms.sort(key=lambda term: -counts[term])
    papers = pd.Series([counts[term] for term in terms], dtype="int64")
    return pd.DataFrame(
        {
            "term": pd.Series([names.get(term, term) for term in terms], dtype="str"),
            unit: papers,
        }
    )


def people_frame(rows: TableRows, kept: set[Code]) -> pd.DataFrame:
    """Count papers and people by group; see `Review.people`."""
    fields = rows.table.with_role("people")
    if not fields:
        raise DataError("the papers table counts no people.", Place(rows.name))
    table = []
    for field in fields:
        pairs = zip(rows.row_keys, rows[field.name], strict=True)
        cells = [value for code, value in pairs if code in kept]
        numbers = [int(value) for value in cells if isinstance(value, int | float) and value]
        table.append(
            {
                "group": field.evidence or field.title or field.name,
                "column": field.name,
                "papers": len(numbers),
                "people": sum(numbers),
                "largest": max(numbers, default=0),
                "without_number": sum(value is None for value in cells),
            }
        )
    return pd.DataFrame(table)


def claims_frame(claims: Iterable[Claim]) -> pd.DataFrame:
    """Return claims as a DataFrame indexed by id.

    Columns: section, statement, place, published, computed, status (agrees, differs, not
    checkable), explanation; all text.
    """
    found = tuple(claims)
    data = {name: [getattr(claim, name) for claim in found] for name in CLAIM_COLUMNS}
    frame = pd.DataFrame(data, index=pd.Index([claim.id for claim in found], name="id"))
    return frame.astype("str")
