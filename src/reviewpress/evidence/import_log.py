"""`data/imports.csv`: what became of every record of every import, for the flow of records."""

import csv
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from reviewpress.bibliography import Entry
from reviewpress.tables.reader import decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table
from reviewpress.tables.writer import write_csv

FILE = "data/imports.csv"
OUTCOMES = ("added", "merged", "already there", "unsure", "rejected")
MADE = ("added", "unsure")
"""The outcomes of the record that made an entry."""
_LATER = ("fields", "date")
"""Columns that the log of version 0.1.0 lacks."""
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
        Field("fields"),
        Field("date"),
    ),
    primary_key=("sha256", "number"),
)


@dataclass(frozen=True, slots=True)
class LogRow:
    """What became of one record.

    `key` is the entry it is now part of; `like` the entry it may be the same as, where the two
    have to be looked at; `differences` are the values that the entry has otherwise; `fields` are
    those that the record gave an entry that was there. `date` is that of the import.
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
    fields: str = ""
    date: str = ""

    @property
    def record(self) -> str:
        """The name of the record, as decisions write it: `export.ris#12`."""
        return f"{self.file}#{self.number}"


def read_log(root: Path) -> list[LogRow]:
    """Read the log; empty where nothing was imported yet. Raises DataError or Problems."""
    path = root / FILE
    return list(_parse(read_bytes(path, FILE))) if path.exists() else []


def read_long_log(root: Path) -> list[LogRow]:
    """Read the log as an import wrote it, in less time; otherwise as `read_log` does."""
    try:
        return list(_rows(root / FILE)) if (root / FILE).exists() else []
    except (ValueError, csv.Error):
        return read_log(root)


@dataclass(frozen=True, slots=True)
class LogGlance:
    """What an import needs of a log that may be long.

    `rows` are those that were asked for; `exports` are name and SHA-256 of every export with the
    date of its import; `is_current` says whether rows may be written after the last one.
    """

    rows: tuple[LogRow, ...] = ()
    exports: Mapping[tuple[str, str], str] = field(default_factory=dict)
    is_current: bool = True


def glance_at_log(root: Path, digests: Collection[str], records: Collection[str]) -> LogGlance:
    """Return the rows on some exports, by SHA-256, and on some entries, named as decisions do."""
    path = root / FILE
    if not path.exists():
        return LogGlance()
    exports: dict[tuple[str, str], str] = {}
    try:
        wanted = {row.key for row in _chosen(path, (), records)} | set(records)
        rows = tuple(_chosen(path, digests, wanted, exports))
    except (ValueError, csv.Error):
        # Of an earlier version, or wrong: then its reader says where.
        log = read_log(root)
        exports = {(row.file, row.sha256): row.date for row in reversed(log)}
        return LogGlance(tuple(log), exports, is_current=False)
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return LogGlance(rows, exports, is_current=file.read() == b"\n")


def _chosen(
    path: Path,
    digests: Collection[str],
    records: Collection[str],
    exports: dict[tuple[str, str], str] | None = None,
) -> Iterator[LogRow]:
    """Yield the rows of a log that are asked for; note all exports."""
    if not records and exports is None:
        return
    for cells in _cells(path):
        if exports is not None:
            exports.setdefault((cells[0], cells[1]), cells[10])
        if cells[1] in digests or cells[4] in records or f"{cells[0]}#{cells[2]}" in records:
            yield LogRow(cells[0], cells[1], int(cells[2]), *cells[3:])


def _rows(path: Path) -> Iterator[LogRow]:
    """Yield all rows of a log; what is the same in many of them is kept once."""
    once = sys.intern
    for file, sha256, number, outcome, key, like, reason, *rest in _cells(path):
        yield LogRow(once(file), once(sha256), int(number), once(outcome), key, like,
                     once(reason), *rest)  # fmt: skip


def _cells(path: Path) -> Iterator[list[str]]:
    """Yield the cells of each row of a log; ValueError where they are not those of today's."""
    columns = TABLE.columns
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(file):
            if len(cells) != len(columns):
                raise ValueError
            if cells[1] != columns[1]:
                yield cells


def log_tail(rows: Iterable[LogRow]) -> bytes:
    """Return rows as they stand in a log, without a header."""
    columns = TABLE.columns
    return write_csv([getattr(row, name) for name in columns] for row in rows)


def waiting_keys(root: Path, entries: Iterable[Entry]) -> frozenset[str]:
    """Return the keys of records that an import added and that no decision has included.

    They are in the bibliography so that nothing is lost, and need not be complete, or cited, or
    told apart from their doubles. Raises DataError or Problems where the log is broken.
    """
    kept = {row.key for row in read_log(root) if row.outcome in MADE}
    return frozenset(entry.key for entry in entries if entry.key in kept and entry.code is None)


def write_log(rows: Iterable[LogRow]) -> bytes:
    """Return the log as CSV."""
    return write_csv([TABLE.columns]) + log_tail(rows)


@lru_cache(maxsize=1)
def _parse(content: bytes) -> tuple[LogRow, ...]:
    """Return the rows of a log. Several checks read it, and a large one takes a second."""
    header = decode_table(content, FILE).partition("\n")[0]
    table = TABLE
    if not {name for name in _LATER if name in header.strip().split(",")}:
        table = replace(TABLE, fields=tuple(f for f in TABLE.fields if f.name not in _LATER))
    rows = parse_table(content, table, FILE)
    texts = [name for name in table.columns if name != "number"]
    return tuple(
        LogRow(number=int(row.text("number")), **{name: row.text(name) for name in texts})
        for row in rows.records()
    )
