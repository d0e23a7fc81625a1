"""Import records of search exports into the bibliography; nothing is overwritten or lost."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reviewpress.bibliography import Entry, entry_spans, load_bibliographies
from reviewpress.bibliography.latex import encode_latex
from reviewpress.config import Config
from reviewpress.errors import BibliographyError, ConfigError, Place
from reviewpress.imports.cleaning import clean_text
from reviewpress.imports.crossrefs import follow, parents_first, parents_last, without_circles
from reviewpress.imports.index import Index
from reviewpress.imports.log import FILE, LogRow, read_log, write_log
from reviewpress.imports.matching import Match
from reviewpress.imports.merging import Difference, Keys, append_entries, insert_fields, merge
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading, Record
from reviewpress.imports.traits import Traits, describe
from reviewpress.journal import finish_changes, write_together
from reviewpress.lock import IMPORT, sole_lock
from reviewpress.storage import clear_leftovers

LIKE_FIELD = "possible-duplicate"
OTHER_KEYS_FIELD = "ids"
"""biblatex's field for other keys of an entry: the one it had where it came from."""
_OWN_KEY_FIELD = "original-key"
"""Where that is kept when it cannot be a key, or is the key of another entry by now."""
_ALIAS = re.compile(r"[^\s\"#%'(),={}\\~]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record.

    `kind` is added, merged, already there, unsure or rejected. `key` is the entry that the record
    is now part of. An unsure record is added under a key of its own, with the entry `like` that it
    may be named in the field `possible-duplicate`. `added_fields` are those that a merge brought.
    """

    file: str
    number: int
    title: str
    kind: str
    key: str = ""
    like: str = ""
    reason: str = ""
    added_fields: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}, record {self.number}"
        if self.kind == "rejected":
            return f"{place}{f', “{self.title}”,' if self.title else ''} {self.reason}"
        like = f", perhaps @{self.like}" if self.like else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"@{self.key}{like} {self.title}{reason}, {place}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: one outcome a record, in the order of the files."""

    outcomes: tuple[Outcome, ...]
    formats: tuple[tuple[str, str], ...]
    bibliography: Path
    dry_run: bool = False
    remarks: tuple[str, ...] = ()
    """How files were read, and what was taken out of them or left out."""

    def of_kind(self, kind: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == kind)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """Records that are new."""
        return self.of_kind("added")

    @property
    def merged(self) -> tuple[Outcome, ...]:
        """Records that brought fields to an entry that was there."""
        return self.of_kind("merged")

    @property
    def already_there(self) -> tuple[Outcome, ...]:
        """Records that brought nothing new."""
        return self.of_kind("already there")

    @property
    def unsure(self) -> tuple[Outcome, ...]:
        """Records added that may be duplicates: someone has to look."""
        return self.of_kind("unsure")

    @property
    def rejected(self) -> tuple[Outcome, ...]:
        """Records that cannot be used, each with its reason."""
        return self.of_kind("rejected")


@dataclass(slots=True)
class _Import:
    """An import under way: the entries so far, and what is new of them."""

    entries: dict[str, Entry]
    index: Index = field(default_factory=Index)
    keys: Keys = field(default_factory=Keys)
    new: dict[str, None] = field(default_factory=dict)
    added_fields: dict[str, dict[str, str]] = field(default_factory=dict)
    file_keys: dict[str, str] = field(default_factory=dict)
    """The keys of the file under way, in lower case, and what became of them."""

    def __post_init__(self) -> None:
        for key, entry in self.entries.items():
            self.index.add(describe(entry))
            self.keys.add(key)
            for alias in entry.fields.get(OTHER_KEYS_FIELD, "").split(","):
                self.keys.add(alias.strip())

    def take(self, record: Record) -> Outcome:
        """Add a record, or merge it into the entry that it is."""
        record = replace(record, entry=follow(record.entry, self.file_keys))
        traits = describe(record.entry)
        match = self.index.find(traits)
        if match is None or match.verdict != "same":
            return self._add(record, traits, match)
        whole = without_circles(record.entry, match.key, self.entries)
        entry, added, differences = merge(self.entries[match.key], whole)
        if added or differences:
            self.index.add(describe(entry), traits)
        if added:
            self.entries[match.key] = entry
            if match.key not in self.new:
                self.added_fields.setdefault(match.key, {}).update(added)
        return Outcome(
            record.file,
            record.number,
            record.title,
            "merged" if added else "already there",
            key=match.key,
            reason=match.reason,
            added_fields=tuple(added),
            differences=differences,
        )

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
            if _ALIAS.fullmatch(name) and name.casefold() not in self.keys.taken:
                self.keys.add(name)
                aliases.append(name)
        fields = {}
        if OTHER_KEYS_FIELD in entry.fields or aliases:
            fields[OTHER_KEYS_FIELD] = ",".join(aliases)
        if own and own[0] not in aliases:
            fields[_OWN_KEY_FIELD] = encode_latex(own[0])
        return fields


def import_records(
    config: Config, files: Sequence[Path], dry_run: bool = False, encoding: str = ""
) -> ImportReport:
    """Import files of records into the review's bibliography.

    Every record is added, merged into the entry that it is, already there, unsure, or rejected
    with its reason; `data/imports.csv` logs which. New entries go to the end of the first
    bibliography file, new fields of an entry before its end; all else stays byte for byte. With
    `dry_run` nothing is written. A record that was imported before is not imported again.

    Fields that the setting `import-without` names are left out. `encoding` is that of files which
    do not show theirs.

    Raises BibliographyError for a file that cannot be read as a whole, Problems where the
    bibliography or the log is broken, SetupError where the disk is full or read-only or another
    import is under way; then everything is as it was.
    """
    if not config.bibliography:
        raise BibliographyError("the review has no bibliography.", hint="Name one in _quarto.yml.")
    if dry_run:
        return _import(config, files, encoding, dry_run=True)
    hint = "Nothing was imported: do it again when that one has ended."
    with sole_lock(config.store / IMPORT, "an import", hint=hint):
        finish_changes(config.root)
        clear_leftovers(config.root)
        return _import(config, files, encoding, dry_run=False)


def _import(config: Config, files: Sequence[Path], encoding: str, *, dry_run: bool) -> ImportReport:
    known = load_bibliographies(config.bibliography, config.root)
    log = read_log(config.root)
    unwanted = _unwanted_fields(config)
    readings = [_read(path, unwanted, encoding) for path in files]
    work = _Import({entry.key: entry for entry in known})
    rows, outcomes = [], []
    done = {(row.sha256, row.number): row for row in log if row.key in work.entries or not row.key}
    for reading, sha256 in readings:
        for outcome in _take_all(reading, sha256, done, work):
            outcomes.append(outcome)
            if (sha256, outcome.number) not in done:
                row = _log_row(outcome, sha256)
                rows.append(row)
                done[sha256, outcome.number] = row
    report = ImportReport(
        outcomes=tuple(outcomes),
        formats=tuple(
            (path.name, found.format) for path, (found, _) in zip(files, readings, strict=True)
        ),
        bibliography=config.bibliography[0],
        dry_run=dry_run,
        remarks=tuple(
            f"{clean_text(path.name)}: {remark}"
            for path, (found, _) in zip(files, readings, strict=True)
            for remark in found.remarks
        ),
    )
    if not dry_run:
        _write(config, work, log, rows)
    return report


def _unwanted_fields(config: Config) -> frozenset[str]:
    """Return the fields that the review keeps out of its bibliography, abstracts for example."""
    names = config.settings.other.get("import-without") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = "import-without takes a list of fields, as in [abstract]."
        raise ConfigError(message, Place("_quarto.yml"))
    return frozenset(name.lower() for name in names)


def _read(path: Path, unwanted: frozenset[str], encoding: str) -> tuple[Reading, str]:
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        hint = f"Name the files in it, as in {path.name}/*.ris."
        raise BibliographyError(f"{path} is a folder.", hint=hint) from None
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise BibliographyError(f"the file {path} {reason}.") from None
    reading = parse_records(content, path.name, encoding)
    kept = tuple(replace(record, entry=_without(record.entry, unwanted))
                 for record in reading.records)  # fmt: skip
    return replace(reading, records=kept), hashlib.sha256(content).hexdigest()


def _without(entry: Entry, unwanted: frozenset[str]) -> Entry:
    if unwanted.isdisjoint(entry.fields):
        return entry
    kept = {name: text for name, text in entry.fields.items() if name not in unwanted}
    return replace(entry, fields=kept)


def _take_all(
    reading: Reading, sha256: str, done: dict[tuple[str, int], LogRow], work: _Import
) -> list[Outcome]:
    found = [
        Outcome(one.file, one.number, one.title, "rejected", reason=one.reason)
        for one in reading.rejected
    ]
    work.file_keys.clear()
    for record in parents_first(reading.records):
        before = done.get((sha256, record.number))
        if before is not None and before.key:
            found.append(
                Outcome(
                    record.file,
                    record.number,
                    record.title,
                    "already there",
                    key=before.key,
                    reason="imported before",
                )
            )
        else:
            found.append(work.take(record))
        if record.entry.key:
            work.file_keys.setdefault(record.entry.key.casefold(), found[-1].key)
    return sorted(found, key=lambda outcome: outcome.number)


def _log_row(outcome: Outcome, sha256: str) -> LogRow:
    return LogRow(
        file=outcome.file,
        sha256=sha256,
        number=outcome.number,
        outcome=outcome.kind,
        key=outcome.key,
        like=outcome.like,
        reason=outcome.reason,
        title=outcome.title,
        differences=" | ".join(str(difference) for difference in outcome.differences),
    )


def _write(config: Config, work: _Import, log: list[LogRow], rows: list[LogRow]) -> None:
    """Write what changed, bibliography and log together."""
    changed = {}
    added = parents_last(work.entries[key] for key in work.new)
    for position, path in enumerate(config.bibliography):
        content = path.read_bytes()
        new = added if position == 0 else []
        if not new and not work.added_fields:
            continue
        after = _changed(content, path.name, work, new)
        if after != content:
            changed[path] = after
    if rows:
        kept = {(row.sha256, row.number): row for row in [*log, *rows]}
        changed[config.root / FILE] = write_log(kept.values())
    if changed:
        write_together(config.root, changed)


def _changed(content: bytes, name: str, work: _Import, new: list[Entry]) -> bytes:
    """Return a bibliography's content with more fields in its entries and more entries."""
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    pieces, end = [], 0
    for key, start, stop in entry_spans(text, name) if work.added_fields else ():
        if key in work.added_fields:
            added, kind = work.added_fields[key], work.entries[key].type
            pieces += [text[end:start], insert_fields(text[start:stop], added, kind)]
            end = stop
    changed = append_entries("".join([*pieces, text[end:]]), new)
    return mark + changed.replace("\n", newline).encode()
