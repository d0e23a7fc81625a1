"""`data/duplicates.csv`: which records are one publication, decided by people.

    record, other       a citekey, or a record of an export: `psycinfo.ris#12`
    decision            `same` or `different`
    reviewer, note      optional

A decision wins over what `reviewpress import` makes of two records. `same` settles a pair that was
*unsure*: wherever records are counted, the two are one, also where one of them is the author's own
paper. `different` keeps two apart, and takes a merge back when the export is imported again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.errors import Place, Problem, nearest
from reviewpress.evidence.import_log import LogRow
from reviewpress.tables.reader import decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table

FILE = "data/duplicates.csv"
SAME, DIFFERENT = "same", "different"
_REQUIRED = (
    Field("record", title="Record", required=True),
    Field("other", title="Other record", required=True),
    Field("decision", title="Decision", required=True, enum=(SAME, DIFFERENT)),
)
_OPTIONAL = (Field("reviewer", title="Reviewer"), Field("note", title="Note"))
_RECORD = re.compile(r"(?P<file>.+)#(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What was decided on two records; `row` is where it stands."""

    record: str
    other: str
    decision: str
    row: int

    @property
    def pair(self) -> tuple[str, str]:
        """The two, in the order in which they are written."""
        return self.record, self.other


def read_pair_decisions(root: Path) -> tuple[PairDecision, ...]:
    """Read the decisions; none without the file. Raises DataError, or Problems by cell."""
    path = root / FILE
    if not path.is_file():
        return ()
    content = read_bytes(path, FILE)
    names = {
        name.strip(' "\r') for name in decode_table(content, FILE).partition("\n")[0].split(",")
    }
    optional = tuple(field for field in _OPTIONAL if field.name in names)
    table = Table("duplicates", path.name, (*_REQUIRED, *optional), title="Decided duplicates")
    rows = parse_table(content, table, FILE)
    return tuple(
        PairDecision(str(row["record"]), str(row["other"]), str(row["decision"]), number)
        for number, row in zip(rows.numbers, rows.records(), strict=True)
    )


def entry_key_of(record: str, log: Iterable[LogRow]) -> str:
    """Return the entry that a record is part of: the key itself, or that of `export.ris#12`."""
    found = _RECORD.fullmatch(record)
    if found is None:
        return record
    file, number = found["file"], int(found["number"])
    return next((row.key for row in log if row.file == file and row.number == number), "")


def one_work(decisions: Sequence[PairDecision], log: Sequence[LogRow]) -> dict[str, str]:
    """Return, for each entry that was decided to be another, the entry that is counted for it.

    That is the one which no import brought, or else the one found first.
    """
    parents: dict[str, str] = {}

    def top(key: str) -> str:
        while parents.get(key, key) != key:
            key = parents[key]
        return key

    first: dict[str, int] = {}
    for position, row in enumerate(log):
        if row.outcome in ("added", "unsure"):
            first.setdefault(row.key, position)
    for decided in decisions:
        one, other = (top(entry_key_of(name, log)) for name in decided.pair)
        if decided.decision == SAME and one and other and one != other:
            kept, joined = sorted((other, one), key=lambda key: first.get(key, -1))
            parents[joined] = kept
    return {key: top(key) for key in parents}


def kept_apart(decisions: Iterable[PairDecision]) -> dict[str, set[str]]:
    """Return, for each record or key, the names that it was decided to differ from."""
    apart: dict[str, set[str]] = {}
    for decided in decisions:
        if decided.decision == DIFFERENT:
            apart.setdefault(decided.record, set()).add(decided.other)
            apart.setdefault(decided.other, set()).add(decided.record)
    return apart


def check_pair_decisions(
    root: Path, log: Sequence[LogRow], keys: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem for each decision on what does not exist, and for those that contradict.

    Raises DataError or Problems where the file cannot be read.
    """
    decisions = read_pair_decisions(root)
    exports = {f"{row.file}#{row.number}": row for row in log}
    for decided in decisions:
        yield from _unknown(decided, exports, keys)
        if decided.record == decided.other:
            yield _problem(decided, f'"{decided.record}" is compared with itself.', "record")
    yield from _contradictions(decisions, log)
    yield from _not_split(decisions, log, exports)


def _unknown(
    decided: PairDecision, exports: Mapping[str, LogRow], keys: Collection[str]
) -> Iterator[Problem]:
    for column, name in (("record", decided.record), ("other", decided.other)):
        if _RECORD.fullmatch(name):
            if name not in exports:
                message = f'no import brought the record "{name}".'
                hint = nearest(name, exports) or "Write it as in export.ris#12."
                yield _problem(decided, message, column, hint)
        elif name not in keys:
            message = f'the bibliography has no entry "{name}".'
            yield _problem(decided, message, column, nearest(name, keys))


def _contradictions(decisions: Sequence[PairDecision], log: Sequence[LogRow]) -> Iterator[Problem]:
    """Yield a problem for each pair that is the same by some rows and different by another."""
    kept = one_work(decisions, log)
    for decided in decisions:
        one, other = (entry_key_of(name, log) for name in decided.pair)
        if decided.decision != DIFFERENT or not one or one == other:
            continue
        if kept.get(one, one) == kept.get(other, other):
            message = (
                f'"{decided.record}" and "{decided.other}" are different here, and the same by'
                " other rows."
            )
            yield _problem(decided, message, "decision", "Keep the one that is right.")


def _not_split(
    decisions: Sequence[PairDecision], log: Sequence[LogRow], exports: Mapping[str, LogRow]
) -> Iterator[Problem]:
    """Yield a problem for each merge that is to be taken back, and is not yet."""
    for decided in decisions:
        one, other = (entry_key_of(name, log) for name in decided.pair)
        if decided.decision != DIFFERENT or not one or one != other or len(set(decided.pair)) < 2:
            continue
        record = record_to_split(decided, exports)
        message = f'"{decided.record}" and "{decided.other}" are still one entry.'
        hint = (
            f"Import {exports[record].file} again." if record else "Name the record of an export."
        )
        yield _problem(decided, message, "decision", hint)


def record_to_split(decided: PairDecision, exports: Mapping[str, LogRow]) -> str:
    """Return which of two records of one entry becomes an entry again: not the one that made it."""
    rows = {name: exports[name] for name in decided.pair if name in exports}
    merged = [name for name, row in rows.items() if row.outcome in ("merged", "already there")]
    return next(iter((*merged, *rows)), "")


def _problem(decided: PairDecision, message: str, column: str, hint: str = "") -> Problem:
    place = Place(FILE, row=decided.row, column=column)
    return Problem("duplicates", message, place, hint, subject=decided.record)
