"""What a value was made from: columns of tables, and rows where these are known exactly.

    query of `review`, column of a frame ──note──▶ the collection that is open ──▶ record of a run

Nothing is noted outside a run. `tables/reads.py` records whole files, by which a run is known
again; this says which part of them went into what, for a reader who asks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, NamedTuple, Self, TypeVar, overload

from reviewpress.shapes import Plain, as_list, as_text

T = TypeVar("T")
RowKey = int | str


class ColumnRead(NamedTuple):
    """A column of a file that was read; all of a file where `column` is empty.

    `rows` are the keys of the rows that made the value, None where that is the whole column. They
    are `keyed` where they were asked for by key, so that no other row can matter; otherwise the
    whole column was looked through to find them.
    """

    file: str
    column: str = ""
    rows: tuple[RowKey, ...] | None = None
    keyed: bool = False

    def depends_on(self, row: RowKey) -> bool:
        """Whether what is in a row can change what was made."""
        return self.rows is None or not self.keyed or row in self.rows


@dataclass(slots=True)
class _Part:
    """What was read of a column so far, as `ColumnRead` has it, its rows in no order."""

    rows: set[RowKey] | None
    keyed: bool


class ReadColumns:
    """Columns that were read, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], _Part] = {}

    def add(
        self, file: str, column: str, rows: Iterable[RowKey] | None, *, keyed: bool = False
    ) -> None:
        """Add a column; rows of one that is there already are joined."""
        known = self._found.get((file, column))
        if known is None:
            self._found[file, column] = _Part(None if rows is None else set(rows), keyed)
        elif known.rows is None or rows is None:
            known.rows, known.keyed = None, False
        else:
            known.rows.update(rows)
            known.keyed = known.keyed and keyed

    def update(self, reads: "Iterable[ColumnRead] | ReadColumns") -> None:
        """Add columns."""
        if isinstance(reads, ReadColumns):
            for (file, column), part in reads._found.items():
                self.add(file, column, part.rows, keyed=part.keyed)
        else:
            for read in reads:
                self.add(*read[:3], keyed=read.keyed)

    def __iter__(self) -> Iterator[ColumnRead]:
        for (file, column), part in sorted(self._found.items(), key=lambda item: item[0]):
            rows = None if part.rows is None else tuple(sorted(part.rows, key=_order))
            yield ColumnRead(file, column, rows, part.keyed)

    def __len__(self) -> int:
        return len(self._found)


class NotedColumns(Mapping[str, T]):
    """The columns of a table, each noted when it is looked at."""

    def __init__(self, columns: Mapping[str, T], file: str) -> None:
        self._columns, self._file = columns, file

    def __getitem__(self, name: str) -> T:
        found = self._columns[name]
        recorder.note(self._file, name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class Recorder:
    """Where reads are noted: in the collection that was opened last, if one is."""

    def __init__(self) -> None:
        self._open: list[ReadColumns | None] = []
        self.asked: set[str] = set()
        """Files that a chapter asked for by name, to read by itself."""

    @property
    def on(self) -> bool:
        """Whether anybody wants to know, now or later."""
        return bool(self._open)

    @property
    def noted(self) -> tuple[ColumnRead, ...]:
        """What was noted so far for what is made now."""
        return tuple(read for found in self._open if found for read in found)

    def note(
        self,
        file: str,
        column: str = "",
        rows: Iterable[RowKey] | None = None,
        *,
        keyed: bool = False,
    ) -> None:
        """Note that a column was read; see `ColumnRead`."""
        if self._open and (found := self._open[-1]) is not None:
            found.add(file, column, rows, keyed=keyed)

    def note_all(self, reads: Iterable[ColumnRead]) -> None:
        """Note what was noted before."""
        if self._open and (found := self._open[-1]) is not None:
            found.update(reads)

    def ask(self, file: str) -> None:
        """Note that a chapter asks for a file by name, to read it by itself."""
        if self._open and None not in self._open:
            self.asked.add(file)

    def begin(self) -> ReadColumns:
        """Open a collection, for good, in place of those that were open before."""
        self._open = [ReadColumns()]
        return self._open[0]  # type: ignore[return-value]

    def stop(self) -> None:
        """Note nothing from now on."""
        self._open = []

    @contextmanager
    def collecting(self) -> Iterator[ReadColumns]:
        """Collect what is noted, and note it outside too."""
        found = ReadColumns()
        if not self._open:
            yield found
            return
        self._open.append(found)
        try:
            yield found
        finally:
            self._open.pop()
            self.note_all(found)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Note nothing: what is read now is noted when it is asked for."""
        self._open.append(None)
        try:
            yield
        finally:
            self._open.pop()


recorder = Recorder()
"""Where what this process reads is noted; a kernel opens a collection for each statement."""


class remembered(Generic[T]):
    """A property that is computed once; each access notes what computing it read."""

    def __init__(self, compute: Callable[..., T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        kept: dict[str, tuple[T, ReadColumns]] = instance.__dict__.setdefault("_remembered", {})
        if self._name not in kept:
            with recorder.collecting() as reads:
                kept[self._name] = self._compute(instance), reads
        else:
            recorder.note_all(kept[self._name][1])
        return kept[self._name][0]


def lineage_data(reads: Iterable[ColumnRead]) -> list[Plain]:
    """Return reads as plain data, in order."""
    return [
        [read.file, read.column, None if read.rows is None else list(read.rows), read.keyed]
        for read in reads
    ]


def read_lineage(data: Plain) -> tuple[ColumnRead, ...]:
    """Return reads from plain data."""
    found = []
    for each in as_list(data):
        file, column, rows, keyed = as_list(each)
        kept = None if rows is None else tuple(_key(row) for row in as_list(rows))
        found.append(ColumnRead(as_text(file), as_text(column), kept, bool(keyed)))
    return tuple(found)


def _key(row: Plain) -> RowKey:
    return row if isinstance(row, int) else as_text(row)


def _order(row: RowKey) -> tuple[bool, RowKey]:
    return isinstance(row, str), row
