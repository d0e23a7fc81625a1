"""The index beside the bibliography: what an import needs of entries that were there before.

It is made of the bibliography's files and of nothing else, so whoever deletes it loses the time to
make it. What is asked of it is asked by number and key; an import of six records reads no others.

    files       each file as it was read: its SHA-256, and its abbreviations
    entries     key and fingerprint of each entry
    spans       where it is in its file
    names       every key that is taken, in lower case
    traits      what of it is compared
    blocks      which entries share a block
    said        what entries say in the fields by which others are found
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from reviewpress.bibliography import (
    Entry,
    SpannedBibliography,
    load_bibliographies,
    load_bibliography,
    load_with_spans,
    read_entries,
    read_in_pieces,
)
from reviewpress.errors import ReportError, SetupError
from reviewpress.imports.index import traits_blocks
from reviewpress.imports.traits import Traits, pack_traits, traits_of, unpack_traits
from reviewpress.store.digests import digest_file
from reviewpress.store.pruning import RECORDS
from reviewpress.store.versions import package_digest

_OF_FILE = 1 << 40
"""Entries are numbered in the order of their file; those of the next file begin so much later."""
_AT_A_TIME = 10_000
_MANY = 2_000
"""So many questions on blocks are worth a look at all of them: most records share none."""
_MARKS = 1 << 23
_SCHEMA = """
create table made (digest text);
create table files (place integer primary key, name text, sha256 text, strings text);
create table entries (id integer primary key, key text, fingerprint integer);
create table spans (id integer primary key, start integer, stop integer);
create table names (name text, id integer, primary key (name, id)) without rowid;
create table traits (id integer primary key, traits text);
create table blocks (block integer, id integer, primary key (block, id)) without rowid;
create table said (field text, name text, id integer, primary key (field, name, id)) without rowid;
create index entry_keys on entries (key);
create index entry_fingerprints on entries (fingerprint);
create index said_ids on said (id);
create index name_ids on names (id);
"""
_TABLES = ("entries", "spans", "names", "traits", "blocks", "said")
_SAID = ("crossref", "xdata", "possible-duplicate", "code")
"""Fields in which an entry names others, or is one of the included papers."""

_NAMING = "select key from said join entries using (id) where field = ? and name = ? order by id"

Span = tuple[int, int]
Placed = tuple[Entry, Traits, Span]


class StoredIndex:
    """The entries of some bibliography files, none of which is read until it is asked for."""

    def __init__(self, connection: sqlite3.Connection, files: Sequence[Path]) -> None:
        self._ask = connection
        self._files = files
        self._cached = lru_cache(maxsize=50_000)(self._traits)
        self._count = int(connection.execute("select count(*) from entries").fetchone()[0])
        self._asked = 0
        self._taken = bytearray()

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Let the file of the index go."""
        self._ask.close()

    def keys(self) -> list[str]:
        """Return all keys, in the order of the files."""
        return [key for (key,) in self._ask.execute("select key from entries order by id")]

    def traits(self, key: str) -> Traits | None:
        """Return what of an entry is compared, None where there is no such entry."""
        return self._cached(key)

    def entry(self, key: str) -> Entry | None:
        """Return an entry as it is in its file, None where there is none of this key."""
        found = self.source(key)
        if found is None:
            return None
        place, _, text = found
        strings = self._one("select strings from files where place = ?", place)
        entries, _ = read_entries(f"{strings}{text}", self._files[place].name)
        return entries[0]

    def source(self, key: str) -> tuple[int, Span, str] | None:
        """Return the file of an entry, where it starts and ends there, and what stands there."""
        found = self.place(key)
        if found is None:
            return None
        place, (start, stop) = found
        with self._files[place].open("rb") as file:
            file.seek(start)
            return place, (start, stop), file.read(stop - start).decode("utf-8")

    def place(self, key: str) -> tuple[int, Span] | None:
        """Return in which file an entry is, and where it starts and ends there, in bytes."""
        row = self._ask.execute(
            "select id, start, stop from entries join spans using (id) where key = ?", (key,)
        ).fetchone()
        return None if row is None else (row[0] // _OF_FILE, (row[1], row[2]))

    def is_taken(self, name: str) -> bool:
        """Whether a key, in lower case, is one of an entry, or one that it had elsewhere."""
        return self._one("select 1 from names where name = ?", name) is not None

    def named(self, name: str) -> str:
        """Return the entry that had a key, in any case, elsewhere or here; empty where none had."""
        question = "select key from names join entries using (id) where name = ? order by id"
        return str(self._one(question, name.casefold()) or "")

    def fingerprinted(self, fingerprint: int) -> str:
        """Return the first entry that has a fingerprint, empty where none has."""
        found = self._one("select key from entries where fingerprint = ? order by id", fingerprint)
        return str(found or "")

    def in_block(self, block: int, limit: int) -> Sequence[str]:
        """Return the entries of a block, in the order of the bibliography, or `limit` and one."""
        self._asked += 1
        if self._asked == _MANY:
            self._taken = _marks(self._ask)
        if self._taken and not self._taken[block & _MARKS - 1]:
            return ()
        rows = self._ask.execute(
            "select key from blocks join entries using (id) where block = ? order by id limit ?",
            (block, limit + 1),
        )
        return [key for (key,) in rows]

    def naming(self, names: Iterable[str], *fields: str) -> Iterator[tuple[str, str]]:
        """Yield each entry that names others in one of some fields, with the one that it names."""
        for field in fields:
            for name in names:
                rows = self._ask.execute(_NAMING, (field, name)).fetchall()
                yield from ((key, name) for (key,) in rows)

    def coded(self) -> list[str]:
        """Return the entries that have a code: those of included papers."""
        question = "select key from said join entries using (id) where field = 'code'"
        return [key for (key,) in self._ask.execute(question)]

    def follow(
        self,
        *,
        gone: Mapping[int, Sequence[tuple[str, Span]]] = MappingProxyType({}),
        edited: Mapping[int, Sequence[tuple[Span, int]]] = MappingProxyType({}),
        changed: Iterable[Entry] = (),
        added: Mapping[int, Iterable[Placed]] = MappingProxyType({}),
    ) -> None:
        """Note what was written, so that the next import finds it.

        All is by file: `gone` are entries that were taken out, with what was cut; `edited` the
        spans that were rewritten and how long each is now; `changed` their entries; `added` new
        ones. Where it cannot be noted, on a full disk say, the next import reads the files again.
        """
        with suppress(sqlite3.Error, OSError), self._ask:
            for place, cuts in gone.items():
                self._remove([key for key, _ in cuts], place)
            for place in {*gone, *edited}:
                cut = [(span, 0) for _, span in gone.get(place, ())]
                _move_spans(self._ask, place, [*edited.get(place, ()), *cut])
            for entry in changed:
                self._replace(entry)
            for place, entries in added.items():
                _insert(self._ask, place, entries)
            self._note_digests({*gone, *edited, *added})

    def _note_digests(self, places: Iterable[int]) -> None:
        """Note what files hold now; one to which nothing was written may not be there."""
        for place in places:
            if self._files[place].is_file():
                digest = digest_file(self._files[place])
                self._ask.execute("update files set sha256 = ? where place = ?", (digest, place))

    def _remove(self, keys: Sequence[str], place: int) -> None:
        question = "select id from entries where key = ? and id >= ? and id < ?"
        within = place * _OF_FILE, (place + 1) * _OF_FILE
        ids = [self._ask.execute(question, (key, *within)).fetchone() for key in keys]
        for key, (number,) in zip(keys, ids, strict=True):
            traits = self._traits(key)
            blocks = {block for block, _ in traits_blocks(traits)} if traits else set()
            rows = [(block, number) for block in blocks]
            self._ask.executemany("delete from blocks where block = ? and id = ?", rows)
        for table in ("entries", "spans", "names", "traits", "said"):
            self._ask.executemany(f"delete from {table} where id = ?", ids)

    def _replace(self, entry: Entry) -> None:
        number = self._one("select id from entries where key = ?", entry.key)
        before, traits = self._traits(entry.key), traits_of(entry)
        gone = {block for block, _ in traits_blocks(before)} if before else set()
        ask = self._ask
        ask.executemany(
            "delete from blocks where block = ? and id = ?", [(b, number) for b in gone]
        )
        ask.execute("update entries set fingerprint = ? where id = ?", (traits.fingerprint, number))
        ask.execute("update traits set traits = ? where id = ?", (_packed(traits), number))
        ask.execute("delete from said where id = ?", (number,))
        _insert_blocks(ask, [(int(str(number)), entry, traits)])

    def _traits(self, key: str) -> Traits | None:
        row = self._ask.execute(
            "select traits, fingerprint from traits join entries using (id) where key = ?", (key,)
        ).fetchone()
        return None if row is None else unpack_traits(json.loads(row[0]), row[1])

    def _one(self, question: str, value: object) -> object:
        row = self._ask.execute(question, (value,)).fetchone()
        return None if row is None else row[0]


class KnownEntries(MutableMapping[str, Entry]):
    """The entries of an index by key, each read when it is asked for; nothing is written to it."""

    def __init__(self, stored: StoredIndex) -> None:
        self._stored = stored
        self._read: dict[str, Entry | None] = {}

    def __getitem__(self, key: str) -> Entry:
        if key not in self._read:
            self._read[key] = self._stored.entry(key)
        entry = self._read[key]
        if entry is None:
            raise KeyError(key)
        return entry

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._stored.place(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored.keys())

    def __len__(self) -> int:
        return len(self._stored)

    def __setitem__(self, key: str, entry: Entry) -> None:
        raise NotImplementedError

    def __delitem__(self, key: str) -> None:
        raise NotImplementedError


def open_index(
    store: Path, files: Sequence[Path], root: Path, *, kept: bool, optional: Sequence[Path] = ()
) -> StoredIndex:
    """Return the index of some bibliography files, made anew of those that have changed.

    It is written into `store` only if `kept`. Of `files`, those that are `optional` need not exist.
    Raises BibliographyError and Problems as reading the bibliography does.
    """
    for path in files:
        if not path.is_file() and path not in optional:
            load_bibliography(path, root)
    path = store / RECORDS
    if not kept:
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            if not _stale(connection, files, root):
                return StoredIndex(connection, files)
        return _refreshed(_empty(":memory:"), files, root)
    try:
        return _refreshed(_opened(path), files, root)
    except sqlite3.Error:
        # Damaged, or on a disk that takes no more: nothing depends on its being kept.
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return _refreshed(_empty(":memory:"), files, root)


@contextmanager
def damage_is_an_error(store: Path) -> Iterator[None]:
    """Delete the index where it turns out to be damaged while it is asked: SetupError then.

    That is before an import writes: `follow` raises nothing.
    """
    try:
        yield
    except sqlite3.Error as error:
        path = store / RECORDS
        with suppress(OSError):
            path.unlink(missing_ok=True)
        message = f"{path}: cannot be read ({error}), and was deleted: it is made anew."
        hint = "Nothing was changed: give the same command again."
        raise SetupError(message, hint=hint) from None


def _opened(path: Path) -> sqlite3.Connection:
    if path.is_file():
        connection = sqlite3.connect(path)
        with suppress(sqlite3.Error):
            if connection.execute("select digest from made").fetchone() == (package_digest(),):
                return connection
        connection.close()
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    return _empty(path)


def _empty(place: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(place)
    connection.execute("pragma cache_size = -32000")
    with connection:
        connection.executescript(_SCHEMA)
        connection.execute("insert into made values (?)", (package_digest(),))
    return connection


def _states(files: Sequence[Path], root: Path) -> list[tuple[int, str, str]]:
    """Return place, name and SHA-256 of each file, which is empty for one that does not exist."""
    return [
        (place, os.path.relpath(path, root), digest_file(path) if path.is_file() else "")
        for place, path in enumerate(files)
    ]


def _stale(connection: sqlite3.Connection, files: Sequence[Path], root: Path) -> set[int]:
    """Return the places of files that are other than the index has them."""
    if connection.execute("select digest from made").fetchone() != (package_digest(),):
        return set(range(len(files) or 1))
    known = set(connection.execute("select place, name, sha256 from files"))
    return {place for place, *_ in known ^ set(_states(files, root))}


def _refreshed(connection: sqlite3.Connection, files: Sequence[Path], root: Path) -> StoredIndex:
    with connection:
        states = _states(files, root)
        for place in sorted(_stale(connection, files, root)):
            _forget(connection, place)
            for _, name, digest in states[place : place + 1]:
                strings = _read(connection, place, files[place], root) if digest else ""
                row = (place, name, digest, strings)
                connection.execute("insert into files values (?, ?, ?, ?)", row)
        twice = "select 1 from entries group by lower(key) having count(*) > 1"
        if connection.execute(twice).fetchone():
            load_bibliographies([path for path in files if path.is_file()], root)
    return StoredIndex(connection, files)


def _forget(connection: sqlite3.Connection, place: int) -> None:
    connection.execute("delete from files where place = ?", (place,))
    for table in _TABLES:
        ids = place * _OF_FILE, (place + 1) * _OF_FILE
        connection.execute(f"delete from {table} where id >= ? and id < ?", ids)


def _read(connection: sqlite3.Connection, place: int, path: Path, root: Path) -> str:
    """Read a file into the index; return its abbreviations.

    It is read in pieces; one that cannot be read by itself is read again with all the others.
    """
    try:
        for piece in read_in_pieces(path):
            _insert_all(connection, place, piece)
    except ReportError:
        _forget(connection, place)
        found = load_with_spans(path, root)
        _insert_all(connection, place, found)
        return found.strings
    return ""


def _insert_all(connection: sqlite3.Connection, place: int, found: SpannedBibliography) -> None:
    pairs = zip(found.entries, found.spans, strict=True)
    _insert(connection, place, ((entry, traits_of(entry), span) for entry, span in pairs))


def _insert(connection: sqlite3.Connection, place: int, added: Iterable[Placed]) -> None:
    """Add entries of a file after those that it has."""
    within = place * _OF_FILE, (place + 1) * _OF_FILE
    last = "select max(id) from entries where id >= ? and id < ?"
    number = connection.execute(last, within).fetchone()[0]
    number = within[0] if number is None else number + 1
    rows = ((number + n, *one) for n, one in enumerate(added))
    while batch := list(islice(rows, _AT_A_TIME)):
        connection.executemany(
            "insert into entries values (?, ?, ?)",
            [(n, e.key, t.fingerprint) for n, e, t, _ in batch],
        )
        connection.executemany(
            "insert into spans values (?, ?, ?)", [(n, *span) for n, _, _, span in batch]
        )
        connection.executemany(
            "insert into traits values (?, ?)", [(n, _packed(t)) for n, _, t, _ in batch]
        )
        _insert_blocks(connection, [(n, e, t) for n, e, t, _ in batch])


def _insert_blocks(
    connection: sqlite3.Connection, rows: Sequence[tuple[int, Entry, Traits]]
) -> None:
    """Add the blocks of entries, the keys that they take, and those that they name."""
    blocks = sorted({(block, n) for n, _, traits in rows for block, _ in traits_blocks(traits)})
    connection.executemany("insert into blocks values (?, ?)", blocks)
    names = {(key.casefold(), n) for n, entry, _ in rows for key in (entry.key, *entry.other_keys)}
    connection.executemany("insert or ignore into names values (?, ?)", sorted(names))
    said = {
        (field, name.strip(), n)
        for n, entry, _ in rows
        for field in _SAID
        for name in entry.fields.get(field, "").split(",")
        if name.strip()
    }
    connection.executemany("insert into said values (?, ?, ?)", sorted(said))


def _move_spans(
    connection: sqlite3.Connection, place: int, edits: Sequence[tuple[Span, int]]
) -> None:
    """Move the entries of a file behind what was rewritten in it."""
    rows = connection.execute(
        "select id, start, stop from spans where id >= ? and id < ? and start >= ? order by start",
        (place * _OF_FILE, (place + 1) * _OF_FILE, min(edits)[0][0]),
    ).fetchall()
    before = [(start, length - (stop - start)) for (start, stop), length in sorted(edits)]
    moved, by, done = [], 0, 0
    for number, start, stop in rows:
        while done < len(before) and before[done][0] < start:
            by += before[done][1]
            done += 1
        own = before[done][1] if done < len(before) and before[done][0] == start else 0
        moved.append((start + by, stop + by + own, number))
    connection.executemany("update spans set start = ?, stop = ? where id = ?", moved)


def _marks(connection: sqlite3.Connection) -> bytearray:
    """Return a mark for each block that an entry has, at the end of its number."""
    marks = bytearray(_MARKS)
    for (block,) in connection.execute("select distinct block from blocks"):
        marks[block & _MARKS - 1] = 1
    return marks


def _packed(traits: Traits) -> str:
    return json.dumps(pack_traits(traits), ensure_ascii=False, separators=(",", ":"))
