"""Entries that name other entries: the names follow when those are renamed or merged.

A name in a file means an entry of that file. What it names there may have another key in the
bibliography, or be part of an entry that was there before; and an entry of the bibliography that
has the name by chance must not become the parent of a stranger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reviewpress.bibliography import Entry
from reviewpress.imports.records import Record

_REFERENCES = ("crossref", "xdata", "xref", "related", "entryset")
"""Fields that name entries; an entry inherits from those of the first two."""
INHERITING = _REFERENCES[:2]
_DEEPEST = 20


def parents_first(records: Iterable[Record]) -> list[Record]:
    """Return records so that each stands after those that it names; otherwise in their order."""
    records = list(records)
    by_key: dict[str, Record] = {}
    for record in records:
        by_key.setdefault(record.entry.key.casefold(), record)
    if not any(name in record.entry.fields for record in records for name in _REFERENCES):
        return records
    return sorted(records, key=lambda record: _depth(record, by_key))


def parents_last(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries so that those which others inherit from are last, as BibTeX wants them."""
    entries = list(entries)
    named = {name.casefold() for entry in entries for name in named_in(entry, INHERITING)}
    return sorted(entries, key=lambda entry: entry.key.casefold() in named)


def follow(entry: Entry, keys: Mapping[str, str]) -> Entry:
    """Return an entry with the present keys of the entries that it names.

    `keys` are those of its file, in lower case, and what became of them. A name that is not among
    them is kept in a field of its own, in which it does nothing.
    """
    if not any(name in entry.fields for name in _REFERENCES):
        return entry
    fields = dict(entry.fields)
    for field in _REFERENCES:
        if field not in fields:
            continue
        names = named_in(entry, (field,))
        found = [keys[name.casefold()] for name in names if name.casefold() in keys]
        lost = [name for name in names if name.casefold() not in keys]
        del fields[field]
        if found:
            fields[field] = ",".join(dict.fromkeys(found))
        if lost:
            fields[f"bibtex-{field}"] = ", ".join(lost)
    return entry if fields == entry.fields else replace(entry, fields=fields)


def without_circles(entry: Entry, key: str, entries: Mapping[str, Entry]) -> Entry:
    """Return an entry that, as part of the entry `key`, does not inherit from itself."""
    bad = [
        field
        for field in INHERITING
        if any(_leads_to(name, key, entries) for name in named_in(entry, (field,)))
    ]
    if not bad:
        return entry
    fields = {name: text for name, text in entry.fields.items() if name not in bad}
    return replace(entry, fields=fields)


def _depth(record: Record, by_key: Mapping[str, Record]) -> int:
    """Return how many generations of entries stand above a record."""
    level, depth = [record], 0
    while level and depth < _DEEPEST:
        names = {name.casefold() for one in level for name in named_in(one.entry, _REFERENCES)}
        level = [by_key[name] for name in names if name in by_key]
        depth += bool(level)
    return depth


def _leads_to(name: str, key: str, entries: Mapping[str, Entry]) -> bool:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one == key:
            return True
        if one not in seen and one in entries:
            waiting += named_in(entries[one], INHERITING)
        seen.add(one)
    return False


def named_in(entry: Entry, fields: Iterable[str]) -> list[str]:
    """Return the keys that an entry names in some of its fields."""
    return [
        name.strip()
        for field in fields
        if field in entry.fields
        for name in entry.fields[field].split(",")
        if name.strip()
    ]
