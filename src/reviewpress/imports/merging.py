"""Merge records into entries, and write them into a bibliography without touching the rest."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from reviewpress.bibliography import (
    Entry,
    entry_spans,
    normalise,
    plain,
    split_names,
    write_bibtex,
)
from reviewpress.bibliography.entries import first_name
from reviewpress.identifiers import plain_letters

_CONTAINERS = ("journal", "booktitle", "institution", "school")
_PEOPLE = frozenset(("author", "editor"))
_OTHERS = {
    name: re.compile(
        rf"(\b{name}\s*=\s*)(?:\{{[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*?\band\s+others\s*\}}"
        r'|"(?:[^"\\]|\\.)*\band\s+others\s*")',
        re.IGNORECASE,
    )
    for name in sorted(_PEOPLE)
}
"""A list of names that ends in "and others", as it stands in a file."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_:-]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that an entry and a record say differently; the entry's stays."""

    field: str
    kept: str
    other: str

    def __str__(self) -> str:
        return f"{self.field}: {self.other}"


def merge_record(
    entry: Entry, record: Entry
) -> tuple[Entry, dict[str, str], tuple[Difference, ...]]:
    """Add to an entry the fields it lacks, and the names where it says "et al.".

    Returns the merged entry, the fields that were added or completed, and those that the two say
    differently.
    """
    added, differences = {}, []
    for name, value in record.fields.items():
        known = entry.fields.get(name)
        if known is None:
            if value:
                added[name] = value
        elif _completes(name, known, value):
            added[name] = value
        elif not _same_value(name, known, value):
            differences.append(Difference(name, plain(known), plain(value)))
    if not added:
        return entry, {}, tuple(differences)
    kind = _kind(entry, record)
    return (
        replace(entry, type=kind, fields={**entry.fields, **added}), added, tuple(differences)
    )  # fmt: skip


def _kind(entry: Entry, record: Entry) -> str:
    """Return the type of a merged entry: misc says no more than that nobody knew it yet.

    Styles show neither volume nor pages of a misc, whatever journal a record has added to it.
    """
    known = entry.type != "misc" or any(entry.fields.get(name) for name in _CONTAINERS)
    return entry.type if known or record.fields.keys().isdisjoint(_CONTAINERS) else record.type


def insert_fields(source: str, added: Mapping[str, str], kind: str = "misc") -> str:
    """Return an entry's BibTeX with more fields before its end; what stood there stays as it is.

    Names take the place of a list that ends in "and others". A misc becomes an entry of the type
    `kind`.
    """
    source = re.sub(r"^@\s*misc\b", f"@{kind}", source, count=1, flags=re.IGNORECASE)
    added = dict(added)
    for name in _PEOPLE & added.keys():
        found = _OTHERS[name].search(source)
        if found:
            names = f"{{{added.pop(name)}}}"
            source = f"{source[: found.end(1)]}{names}{source[found.end() :]}"
    body, end = source.rstrip()[:-1].rstrip(), source.rstrip()[-1]
    comma = "" if body.endswith(",") else ","
    lines = [f"  {name} = {{{value}}}," for name, value in added.items()]
    return "\n".join([f"{body}{comma}", *lines, end])


def replace_fields(
    entry: Entry, record: Entry
) -> tuple[Entry, dict[str, str], tuple[Difference, ...]]:
    """Put the values of a record in the place of an entry's; the entry keeps what it has beside.

    Returns the entry, the fields that were added, and the values that were replaced.
    """
    added, differences = {}, []
    for name, value in record.fields.items():
        known = entry.fields.get(name)
        if known is None:
            added[name] = value
        elif known != value:
            differences.append(Difference(name, plain(value), plain(known)))
    fields = {**entry.fields, **record.fields}
    return replace(entry, fields=fields), added, tuple(differences)


def rewrite_bibliography(
    content: bytes,
    name: str,
    before: Mapping[str, Entry],
    after: Mapping[str, Entry],
    new: Iterable[Entry] = (),
) -> bytes:
    """Return a bibliography with the changes between two states of its entries, and new entries.

    What did not change stays byte for byte; so does a field to take away or to replace that is not
    written as an import writes it.
    """
    changed = {key for key, entry in before.items() if after.get(key) != entry}
    new = list(new)
    if not changed and not new:
        return content
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    pieces, end = [], 0
    for key, start, stop in entry_spans(text, name) if changed else ():
        if key in changed:
            pieces.append(text[end:start])
            entry = after.get(key)
            if entry is not None:
                pieces.append(_edit(text[start:stop], before[key], entry))
                end = stop
            else:
                end = stop + len(text[stop:]) - len(text[stop:].lstrip("\n"))
    rest = "".join([*pieces, text[end:]])
    if not text[end:].strip() and end and pieces:
        rest = f"{rest.rstrip()}\n" if rest.strip() else ""  # the gap before what was last
    result = append_entries(rest, new)
    return mark + result.replace("\n", newline).encode()


def _edit(source: str, before: Entry, after: Entry) -> str:
    """Return an entry's BibTeX with its fields taken away, replaced and added."""
    added = {}
    for name in dict.fromkeys((*before.fields, *after.fields)):
        old, new = before.fields.get(name), after.fields.get(name)
        if old == new:
            continue
        if old is None or (name in _PEOPLE and _OTHERS[name].search(source)):
            added[name] = str(new)
            continue
        line = rf"^(\s*{re.escape(name)}\s*=\s*)\{{{re.escape(old)}\}}(,?)\n"
        found = re.search(line, source, re.MULTILINE | re.IGNORECASE)
        if found:
            put = "" if new is None else f"{found[1]}{{{new}}}{found[2]}\n"
            source = f"{source[: found.start()]}{put}{source[found.end() :]}"
    return insert_fields(source, added, after.type) if added else source


def edit_entry(source: str, before: Entry, after: Entry) -> str:
    """Return an entry's BibTeX, as it is in a file, with what an import changed of it."""
    newline = "\r\n" if "\r\n" in source else "\n"
    return _edit(source.replace("\r\n", "\n"), before, after).replace("\n", newline)


def append_entries(text: str, entries: Iterable[Entry]) -> str:
    """Return a bibliography's text with entries after its last one."""
    written = write_bibtex(entries)
    if not written:
        return text
    return f"{text}{gap_after(text[-1:])}{written}"


def gap_after(end: str) -> str:
    """Return what comes between the end of a bibliography and an entry after it."""
    return "" if not end else "\n" if end == "\n" else "\n\n"


@dataclass(slots=True)
class Keys:
    """The citation keys in use, and new ones beside them.

    A key is the first author's family name (or body, or first word of the title) in ASCII and
    lower case, and the year; a second one of the same kind gets the letter a, the next b. Keys
    are compared without case, as BibTeX does.
    """

    taken: set[str] = field(default_factory=set)
    known: Callable[[str], bool] = field(default=lambda _: False)
    """Whether a key, in lower case, was taken before."""
    _next: dict[str, int] = field(default_factory=dict)

    def add(self, key: str) -> None:
        """Note a key that is in use."""
        self.taken.add(key.casefold())

    def is_taken(self, key: str) -> bool:
        """Whether a key is in use."""
        return key.casefold() in self.taken or self.known(key.casefold())

    def make(self, entry: Entry) -> str:
        """Return a free key for an entry and note it; its own, where it has one that is free."""
        own = entry.key
        if own and _KEY.fullmatch(own) and not self.is_taken(own):
            self.add(own)
            return own
        base = base_key(entry)
        key = base
        position = self._next.get(base, 0)
        while self.is_taken(key):
            key = f"{base}{_letters(position)}"
            position += 1
        self._next[base] = position
        self.add(key)
        return key


def base_key(entry: Entry) -> str:
    """Return an entry's key without a letter after it.

    >>> base_key(Entry("", "misc", {"author": "O'Hara-Løwe, J", "year": "2020"}))
    'oharalowe2020'
    """
    person = first_name(entry.fields.get("author", "")) or first_name(
        entry.fields.get("editor", "")
    )
    if person:
        words = plain_letters(person.family).split()
        name = "".join(words if not person.is_body else words[:3])
    else:
        words = [word for word in plain_letters(entry.title).split() if len(word) > 3]
        name = "".join(words[:2])
    year = str(entry.year) if entry.year else "nd"
    return f"{re.sub(r'[^a-z0-9]', '', name)[:40].lstrip('0123456789') or 'untitled'}{year}"


def _letters(position: int) -> str:
    """Return a, b, …, z, aa, ab, … for 0, 1, …

    >>> _letters(0), _letters(25), _letters(26)
    ('a', 'z', 'aa')
    """
    letters = ascii_lowercase[position % 26]
    return letters if position < 26 else _letters(position // 26 - 1) + letters


def _same_value(name: str, one: str, other: str) -> bool:
    if one == other:
        return True
    if name in ("author", "editor"):
        return _people(one) == _people(other)
    return normalise(one) == normalise(other)


def _completes(name: str, known: str, value: str) -> bool:
    """Whether a list of names goes on where a known one says "and others"."""
    if name not in _PEOPLE or not known.rstrip().endswith("others"):
        return False
    first, whole = split_names(known), split_names(value)
    if first[-1].family != "others" or len(whole) < len(first) or whole[-1].family == "others":
        return False
    pairs = zip(first[:-1], whole, strict=False)
    return all(normalise(one.family) == normalise(other.family) for one, other in pairs)


def _people(value: str) -> list[str]:
    return [normalise(f"{name.family} {name.given[:1]}") for name in split_names(value)]
