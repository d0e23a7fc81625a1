"""An import under way: the entries so far, and what each record that is taken in does to them."""

import re
from collections import ChainMap
from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from reviewpress.bibliography import Entry
from reviewpress.bibliography.latex import encode_latex
from reviewpress.evidence.duplicates import PairDecision, entry_key_of, kept_apart, one_work
from reviewpress.evidence.import_log import MADE, LogRow
from reviewpress.imports.crossrefs import INHERITING, follow, named_in, without_circles
from reviewpress.imports.index import Index
from reviewpress.imports.matching import Match
from reviewpress.imports.merging import Difference, Keys, merge_record, replace_fields
from reviewpress.imports.outcomes import Outcome
from reviewpress.imports.records import Record
from reviewpress.imports.stored_index import StoredIndex
from reviewpress.imports.traits import Traits, traits_of

LIKE_FIELD = "possible-duplicate"
OTHER_KEYS_FIELD = "ids"
"""biblatex's field for other keys of an entry: the one it had where it came from."""
_OWN_KEY_FIELD = "original-key"
"""Where that is kept when it cannot be a key, or is the key of another entry by now."""
_ALIAS = re.compile(r"[^\s\"#%'(),={}\\~]+")
_PEOPLE = frozenset(("author", "editor"))


@dataclass(slots=True)
class Intake:
    """The entries of a bibliography while records are taken in.

    `known` are the entries as they were, `stored` the index of them, `replaceable` those that a
    record of the export in their stead may change. `same` and `apart` are what people decided on
    pairs.
    """

    known: MutableMapping[str, Entry]
    stored: StoredIndex | None = None
    decisions: tuple[PairDecision, ...] = ()
    log: tuple[LogRow, ...] = ()
    replaceable: set[str] = field(default_factory=set)
    entries: MutableMapping[str, Entry] = field(default_factory=dict)
    index: Index = field(default_factory=Index)
    keys: Keys = field(default_factory=Keys)
    new: dict[str, None] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    """Known entries that may have changed."""
    gone: dict[str, None] = field(default_factory=dict)
    """Known entries that are taken out."""
    file_keys: dict[str, str] = field(default_factory=dict)
    """The keys of the file under way, in lower case, and what became of them."""
    same: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.same = one_work(self.decisions, self.log)
        self.apart = kept_apart(self.decisions)
        self.entries = ChainMap({}, self.known)  # known ones are not read until they are needed
        if self.stored:
            self.index.known = self.stored
            self.keys.known = self.stored.is_taken

    def changed(self) -> list[str]:
        """Return the keys of known entries that are other than they were."""
        keys = [key for key in self.touched if key in self.entries and key not in self.gone]
        return [key for key in keys if self.entries[key] != self.known[key]]

    def traits_to_keep(self, entry: Entry) -> Traits:
        """Return what of a new entry will be compared when it is read from its file."""
        if _OWN_KEY_FIELD in entry.fields:
            return traits_of(entry)
        return self.index.variants[entry.key][0]

    def is_split(self, before: LogRow) -> bool:
        """Whether a record that was merged is to be an entry of its own again."""
        return before.outcome not in MADE and before.key in self._apart_from(before.record)

    def strip(self, row: LogRow) -> None:
        """Take the fields that a record gave out of its entry; not people, which it completed.

        It is for the last record of an entry only: one after it may have had them too.
        """
        entry = self.entries.get(row.key) if row.fields else None
        if entry is None:
            return
        gone = {name for name in row.fields.split("; ") if name} - _PEOPLE
        fields = {name: value for name, value in entry.fields.items() if name not in gone}
        self.entries[row.key] = replace(entry, fields=fields)
        self.touched[row.key] = None

    def heirs(self, keys: Collection[str]) -> dict[str, set[str]]:
        """Return, for some entries, those that inherit from each."""
        found: dict[str, set[str]] = {key: set() for key in keys}
        for heir, key in self.stored.naming(keys, *INHERITING) if self.stored else ():
            if heir not in self.touched:
                found[key].add(heir)
        for heir in (*self.new, *self.touched):
            for key in named_in(self.entries[heir], INHERITING):
                if key in found:
                    found[key].add(heir)
        return found

    def remove(self, keys: Collection[str]) -> None:
        """Take known entries out; what may be the same as one of them is no longer unsure."""
        self.gone = dict.fromkeys(keys)
        known = self.stored.naming(keys, LIKE_FIELD) if self.stored else ()
        unsure = {**dict.fromkeys(key for key, _ in known), **self.new, **self.touched}
        for key in unsure.keys() - self.gone.keys():
            entry = self.entries[key]
            if entry.fields.get(LIKE_FIELD) in self.gone:
                fields = {name: text for name, text in entry.fields.items() if name != LIKE_FIELD}
                self.entries[key] = replace(entry, fields=fields)
                if key not in self.new:
                    self.touched[key] = None

    def take(self, record: Record) -> Outcome:
        """Add a record, or merge it into the entry that it is."""
        followed = follow(record.entry, self.file_keys)
        prepared = record.traits if followed is record.entry else None
        if followed is not record.entry:
            record = replace(record, entry=followed)
        traits = prepared or traits_of(followed)
        match = self.index.find(traits, self._apart_from(f"{record.file}#{record.number}"))
        if match is None or match.verdict != "same":
            return self._add(record, traits, match)
        key = self.same.get(match.key, match.key)
        if key not in self.entries:
            key = match.key
        added, differences = self._merge(key, record, traits)
        return Outcome(
            record.file,
            record.number,
            record.title,
            "merged" if added else "already there",
            key=key,
            reason=match.reason,
            added_fields=tuple(added),
            differences=differences,
        )

    def _merge(
        self, key: str, record: Record, traits: Traits
    ) -> tuple[Mapping[str, str], tuple[Difference, ...]]:
        """Give an entry what a record has and it lacks; return that, and what they differ in."""
        whole = without_circles(record.entry, key, self.entries)
        if key in self.replaceable:
            self.replaceable.discard(key)
            entry, added, differences = replace_fields(self.entries[key], whole)
        else:
            entry, added, differences = merge_record(self.entries[key], whole)
        self.entries[key] = entry
        if key not in self.new:
            self.touched[key] = None
        if added or differences:
            self.index.add(traits_of(entry), traits)
        return added, differences

    def _apart_from(self, record: str) -> frozenset[str]:
        """Return the entries that a record was decided to differ from."""
        names = self.apart.get(record)
        if not names:
            return frozenset()
        return frozenset(key for key in (entry_key_of(name, self.log) for name in names) if key)

    def _add(self, record: Record, traits: Traits, match: Match | None) -> Outcome:
        key = self.keys.make(record.entry)
        fields = {**record.entry.fields, **self._other_keys(record.entry, key)}
        if not fields.get(OTHER_KEYS_FIELD, "-"):
            del fields[OTHER_KEYS_FIELD]
        if match is not None and match.verdict == "unsure":
            fields[LIKE_FIELD] = match.key
        entry = replace(record.entry, key=key, fields=fields)
        self.entries[key] = entry
        self.index.add(replace(traits, key=key))
        self.new[key] = None
        if match is None:
            return Outcome(record.file, record.number, record.title, "added", key=key)
        return Outcome(
            record.file,
            record.number,
            record.title,
            "unsure" if match.verdict == "unsure" else "added",
            key=key,
            like=match.key,
            reason=match.reason,
        )

    def _other_keys(self, entry: Entry, key: str) -> dict[str, str]:
        """Return the fields with the keys that an entry had; no other entry may have them."""
        own = [] if entry.key in ("", key) else [entry.key]
        names = [*own, *entry.fields.get(OTHER_KEYS_FIELD, "").split(",")]
        aliases = []
        for name in dict.fromkeys(name.strip() for name in names):
            if _ALIAS.fullmatch(name) and not self.keys.is_taken(name):
                self.keys.add(name)
                aliases.append(name)
        fields = {}
        if OTHER_KEYS_FIELD in entry.fields or aliases:
            fields[OTHER_KEYS_FIELD] = ",".join(aliases)
        if own and own[0] not in aliases:
            fields[_OWN_KEY_FIELD] = encode_latex(own[0])
        return fields
