"""`data/imports.csv`: what became of every record of every import, for the flow of records."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reviewpress.bibliography import Entry
from reviewpress.evidence.schema import Field, Table
from reviewpress.evidence.tables import parse_table, read_bytes

FILE = "data/imports.csv"
OUTCOMES = ("added", "merged", "already there", "unsure", "rejected")
TABLE = Table(
    name="imports",
    path=Path(FILE).name,
    title="Import log",
    fields=(
        Field("file", required=True),
        Field("sha256", required=True),
        Field("number", "integer", required=True, minimum=0),
        Field("outcome", required=True, enum=OUTCOMES),
        Field("key"),
        Field("like"),
        Field("reason"),
        Field("title"),
        Field("differences"),
    ),
    primary_key=("sha256", "number"),
)


@dataclass(frozen=True, slots=True)
class LogRow:
    """What became of one record.

    `key` is the entry it is now part of; `like` the entry it may be the same as, where the two
    have to be looked at; `differences` are the values that the entry has otherwise.
    """

    file: str
    sha256: str
    number: int
    outcome: str
    key: str = ""
    like: str = ""
    reason: str = ""
    title: str = ""
    differences: str = ""


def read_log(root: Path) -> list[LogRow]:
    """Read the log; empty where nothing was imported yet. Raises DataError or Problems."""
    path = root / FILE
    return list(_parse(read_bytes(path, FILE))) if path.exists() else []


def waiting_keys(root: Path, entries: Iterable[Entry]) -> frozenset[str]:
    """Return the keys of records that an import added and that no decision has included.

    They are in the bibliography so that nothing is lost, and need not be complete, or cited, or
    told apart from their doubles. Raises DataError or Problems where the log is broken.
    """
    kept = {row.key for row in read_log(root) if row.outcome in ("added", "unsure")}
    return frozenset(entry.key for entry in entries if entry.key in kept and entry.code is None)


def write_log(rows: Iterable[LogRow]) -> bytes:
    """Return the log as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TABLE.columns)
    writer.writerows([getattr(row, name) for name in TABLE.columns] for row in rows)
    return out.getvalue().encode()


@lru_cache(maxsize=1)
def _parse(content: bytes) -> tuple[LogRow, ...]:
    """Return the rows of a log. Several checks read it, and a large one takes a second."""
    return tuple(
        LogRow(number=record.pop("number"), **{name: text or "" for name, text in record.items()})
        for record in parse_table(content, TABLE, FILE).records()
    )
