"""Which record of a review a row of decisions is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reviewpress.bibliography import Entry
from reviewpress.config import Config
from reviewpress.evidence.duplicates import entry_key_of, one_work, read_pair_decisions
from reviewpress.evidence.import_log import read_log
from reviewpress.imports.ballots import DecidedRecord, DecisionFile
from reviewpress.imports.index import Index
from reviewpress.imports.stored_index import open_index
from reviewpress.imports.traits import Traits, traits_of
from reviewpress.imports.writing import files_of_records

_WORDY = 4
"""So many words a title has at least that tells a work from others by itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of the review, and the rule by which a record was recognised as it."""

    key: str
    reason: str


class Matching:
    """The records of a review, and by what those of a file are recognised."""

    def __init__(self, config: Config, *, kept: bool) -> None:
        files = files_of_records(config)
        optional = [config.records] if config.records else []
        self.stored = open_index(config.store, files, config.root, kept=kept, optional=optional)
        self.log = read_log(config.root)
        self.same = one_work(read_pair_decisions(config.root), self.log)
        self.index = Index(self.stored)
        self.perhaps: dict[tuple[str, int], str] = {}

    def match(self, file: DecisionFile) -> list[tuple[DecidedRecord, Found | None]]:
        """Return each record of a file with the entry that it is, None where that is not sure."""
        return [(record, self._find(file.file, record)) for record in file.records]

    def _find(self, file: str, record: DecidedRecord) -> Found | None:
        found = self._by_name(record.name) or self._by_identifier(record.entry)
        if found is None and record.entry.title:
            match = self.index.find(traits_of(record.entry))
            if match is not None and match.verdict == "same":
                found = Found(match.key, match.reason)
            elif only := self._by_title(traits_of(record.entry)):
                found = Found(only, "same title")
            elif match is not None:
                self.perhaps[file, record.number] = f"perhaps @{match.key}, {match.reason}"
        return None if found is None else replace_key(found, self.same)

    def _by_name(self, name: str) -> Found | None:
        if self.stored.place(name):
            return Found(name, "citekey")
        if "#" in name:
            key = entry_key_of(name, self.log)
            return Found(key, "record of an export") if self.stored.place(key) else None
        key = self.stored.named(name)
        return Found(key, "key of an export") if key else None

    def _by_title(self, traits: Traits) -> str:
        """Return the only entry of a title, where a row says no more of its record than that."""
        if traits.people or traits.year or len(traits.words) < _WORDY:
            return ""
        keys = self.index.titled(traits)
        return keys[0] if len(keys) == 1 else ""

    def _by_identifier(self, entry: Entry) -> Found | None:
        """Return the entry with the DOI or PubMed number of a record without a title."""
        if entry.title:
            return None
        traits = traits_of(entry)
        for name, value in (("doi", traits.doi), ("pmid", traits.pmid)):
            keys = self.index.identified(name, value) if value else ()
            if len(keys) == 1:
                return Found(keys[0], name.upper())
        return None


def replace_key(found: Found, same: Mapping[str, str]) -> Found:
    """Return what was found as the entry that is counted for it."""
    return replace(found, key=same.get(found.key, found.key))
