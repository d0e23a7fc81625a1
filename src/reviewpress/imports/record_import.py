"""Import records of search exports into the bibliography; nothing is overwritten or lost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import BibliographyError, ConfigError, Place
from reviewpress.evidence.duplicates import read_pair_decisions
from reviewpress.evidence.import_log import (
    MADE,
    LogRow,
    glance_at_log,
    read_log,
    read_long_log,
)
from reviewpress.imports.cleaning import clean_text
from reviewpress.imports.crossrefs import parents_first
from reviewpress.imports.file_kinds import format_named
from reviewpress.imports.intake import Intake
from reviewpress.imports.outcomes import ImportReport, Outcome, Withdrawal
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading, Record
from reviewpress.imports.stored_index import (
    KnownEntries,
    StoredIndex,
    damage_is_an_error,
    open_index,
)
from reviewpress.imports.withdrawal import choose_exports, remove_orphans
from reviewpress.imports.writing import (
    files_of_records,
    home_of,
    write_import,
)
from reviewpress.speed.workers import workers
from reviewpress.store.digests import digest_bytes
from reviewpress.store.journal import finish_changes
from reviewpress.store.locks import IMPORT, sole_lock
from reviewpress.store.pruning import clear_leftovers


@dataclass(frozen=True, slots=True)
class _Request:
    """What an import was asked to do."""

    files: Sequence[Path]
    encoding: str = ""
    replace: bool = False
    withdraw: Sequence[Path] = ()
    kind: str = ""


def import_records(
    config: Config,
    files: Sequence[Path],
    dry_run: bool = False,
    encoding: str = "",
    *,
    replace: bool = False,
    withdraw: Sequence[Path] = (),
    kind: str = "",
    beside: Callable[[], Mapping[Path, bytes]] = dict,
) -> ImportReport:
    """Import files of records into the review's bibliography.

    Every record is added, merged into the entry that it is, already there, unsure, or rejected
    with its reason; `data/imports.csv` logs which, and `data/duplicates.csv` may have decided it.
    New entries go to the end of the first bibliography file, new fields of an entry before its
    end; all else stays byte for byte. With `dry_run` nothing is written. A record that was
    imported before is not imported again.

    With `replace`, each file takes the place of the exports of its name; `withdraw` names exports
    to take back, by name or by file. Entries that nothing else brought or uses are removed, and
    decisions on them set aside in `data/withdrawn.csv`.

    Fields that the setting `import-without` names are left out. `encoding` is that of files which
    do not show theirs, `kind` what they are to be taken for: a name of `FORMATS`.

    `beside` gives other files that are written with it, or not at all, where the caller is the
    import that is under way.

    Raises BibliographyError for a file that cannot be read as a whole, an export that was never
    imported, or an unknown `kind`; Problems where the bibliography or the log is broken, SetupError
    where the disk is full or read-only or another import is under way; then everything is as it
    was.
    """
    if not config.bibliography:
        raise BibliographyError("the review has no bibliography.", hint="Name one in _quarto.yml.")
    request = _Request(files, encoding, replace, withdraw, format_named(kind) if kind else "")
    if dry_run or beside is not dict:
        return _import(config, request, dry_run, beside)
    hint = "Nothing was imported: do it again when that one has ended."
    with sole_lock(config.store / IMPORT, "an import", hint=hint):
        finish_changes(config.root)
        clear_leftovers(config.root)
        return _import(config, request, False, beside)


def _import(
    config: Config,
    request: _Request,
    dry_run: bool,
    beside: Callable[[], Mapping[Path, bytes]],
) -> ImportReport:
    unwanted = _unwanted_fields(config)
    readings = [_read(path, unwanted, request.encoding, request.kind) for path in request.files]
    digests = {
        clean_text(path.name): sha for path, (_, sha) in zip(request.files, readings, strict=True)
    }
    files = files_of_records(config)
    optional = [config.records] if config.records else []
    stored = open_index(config.store, files, config.root, kept=not dry_run, optional=optional)
    with damage_is_an_error(config.store), closing(stored):
        work = _begin(config, stored, digests, request)
        outcomes, rows = _take_files(readings, work.log, work.intake)
        formats = tuple(
            (clean_text(path.name), found.kind)
            for path, (found, _) in zip(request.files, readings, strict=True)
        )
        remarks = (
            *_remarks(request.files, readings),
            *_named_before(digests, work.exports),
            *_copies(digests, work.exports),
        )
        del readings
        withdrawals = _finish(config, work, rows, None if dry_run else beside)
    return ImportReport(
        outcomes=tuple(outcomes),
        formats=formats,
        bibliography=files[home_of(config)],
        dry_run=dry_run,
        remarks=remarks,
        withdrawals=withdrawals,
    )


@dataclass(slots=True)
class _Work:
    """An import under way: what it takes in, and the part of the log that matters to it.

    `whole` is all of the log, where rows of it go or change.
    """

    intake: Intake
    log: Sequence[LogRow]
    exports: Mapping[tuple[str, str], str]
    withdrawn: Sequence[LogRow] = ()
    whole: Sequence[LogRow] | None = None


def _begin(
    config: Config, stored: StoredIndex, digests: Mapping[str, str], request: _Request
) -> _Work:
    decisions = read_pair_decisions(config.root)
    named = {name for decision in decisions for name in decision.pair}
    if request.withdraw or request.replace:
        log = read_long_log(config.root)
        withdrawn = choose_exports(log, request.withdraw, digests if request.replace else {})
        if withdrawn:
            kept = _without_rows(log, withdrawn)
            wanted = {row.key for row in log if row.record in named} | named
            of_import = set(digests.values())
            told = [row for row in log if row.sha256 in of_import or row.key in wanted]
            work = Intake(KnownEntries(stored), stored, decisions, tuple(told))
            _take_back(work, log, kept, withdrawn)
            told = [row for row in kept if row.sha256 in of_import or row.key in wanted]
            exports = {(row.file, row.sha256): row.date for row in reversed(kept)}
            return _Work(work, told, exports, withdrawn, kept)
    glance = glance_at_log(config.root, set(digests.values()), named)
    work = Intake(KnownEntries(stored), stored, decisions, glance.rows)
    whole = None if glance.is_current else read_log(config.root)
    return _Work(work, glance.rows, glance.exports, whole=whole)


def _take_back(
    work: Intake, log: Sequence[LogRow], kept: Sequence[LogRow], withdrawn: Sequence[LogRow]
) -> None:
    """Take the fields that withdrawn records gave out of entries that no later one is part of."""
    places = {(row.sha256, row.number): place for place, row in enumerate(log)}
    last = {row.key: places[row.sha256, row.number] for row in kept}
    for row in withdrawn:
        if last.get(row.key, -1) < places[row.sha256, row.number]:
            work.strip(row)
    work.replaceable = {row.key for row in withdrawn if row.outcome in MADE} - last.keys()


def _finish(
    config: Config,
    work: _Work,
    rows: Sequence[LogRow],
    beside: Callable[[], Mapping[Path, bytes]] | None,
) -> tuple[Withdrawal, ...]:
    """Write what an import did, unless it is a trial; return what became of withdrawn exports."""
    before = work.log if work.whole is None else work.whole
    again = {(row.sha256, row.number) for row in before} & {(r.sha256, r.number) for r in rows}
    if work.whole is None and again:
        before = work.whole = read_log(config.root)
    if not work.withdrawn:
        if rows and beside is not None:
            log = None if work.whole is None else _joined(before, rows)
            write_import(config, work.intake, rows, log, beside())
        return ()
    removal = remove_orphans(config, work.withdrawn, _joined(before, rows), work.intake)
    if beside is not None:
        write_import(config, work.intake, (), removal.log, {**beside(), **removal.files})
    return removal.withdrawals


def _joined(before: Iterable[LogRow], rows: Iterable[LogRow]) -> list[LogRow]:
    """Return a log with new rows, each in the place of the one on the same record."""
    return list({(row.sha256, row.number): row for row in [*before, *rows]}.values())


def _copies(digests: Mapping[str, str], exports: Iterable[tuple[str, str]]) -> list[str]:
    """Return a remark for each export whose content was imported under another name."""
    names: dict[str, list[str]] = {}
    for file, sha256 in exports:
        names.setdefault(sha256, []).append(file)
    return [
        f"{name}: the same was imported as {names[sha256][0]}, and is not counted again"
        for name, sha256 in digests.items()
        if sha256 in names and name not in names[sha256]
    ]


def _without_rows(log: Iterable[LogRow], rows: Iterable[LogRow]) -> list[LogRow]:
    gone = {(row.sha256, row.number) for row in rows}
    return [row for row in log if (row.sha256, row.number) not in gone]


def _take_files(
    readings: Iterable[tuple[Reading, str]], log: Iterable[LogRow], work: Intake
) -> tuple[list[Outcome], list[LogRow]]:
    """Take in the records of each file; return what became of them, and the new rows of the log."""
    rows, outcomes = [], []
    done = {(row.sha256, row.number): row for row in log if row.key in work.entries or not row.key}
    for reading, sha256 in readings:
        for outcome in _take_all(reading, sha256, done, work):
            outcomes.append(outcome)
            if (sha256, outcome.number) not in done:
                row = _log_row(outcome, sha256)
                rows.append(row)
                done[sha256, outcome.number] = row
    return outcomes, rows


def _remarks(files: Iterable[Path], readings: Iterable[tuple[Reading, str]]) -> list[str]:
    return [
        f"{clean_text(path.name)}: {remark}"
        for path, (found, _) in zip(files, readings, strict=True)
        for remark in found.remarks
    ]


def _named_before(digests: Mapping[str, str], exports: Mapping[tuple[str, str], str]) -> list[str]:
    """Return a remark for each export whose name another one had, with other content."""
    dates = {
        file: day for (file, sha256), day in exports.items() if digests.get(file, sha256) != sha256
    }
    return [
        f"{name}: an export of this name was imported before{f', on {day}' if day else ''}, with"
        " other content, and the flow counts both. If this one corrects it, use --replace;"
        " otherwise give it a name of its own"
        for name, day in dates.items()
    ]


def _unwanted_fields(config: Config) -> frozenset[str]:
    """Return the fields that the review keeps out of its bibliography, abstracts for example."""
    names = config.settings.other.get("import-without") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = "import-without takes a list of fields, as in [abstract]."
        raise ConfigError(message, Place("_quarto.yml"))
    return frozenset(name.lower() for name in names)


def _read(path: Path, unwanted: frozenset[str], encoding: str, kind: str) -> tuple[Reading, str]:
    size = path.stat().st_size if path.is_file() else 0
    with workers(size) as share:  # they start before there is anything to copy
        content = _content(path)
        reading = parse_records(content, path.name, encoding, kind, share)
    if unwanted:
        kept = tuple(_without(record, unwanted) for record in reading.records)
        reading = replace(reading, records=kept)
    return reading, digest_bytes(content)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        hint = f"Name the files in it, as in {path.name}/*.ris."
        raise BibliographyError(f"{path} is a folder.", hint=hint) from None
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise BibliographyError(f"the file {path} {reason}.") from None


def _without(record: Record, unwanted: frozenset[str]) -> Record:
    if unwanted.isdisjoint(record.entry.fields):
        return record
    kept = {name: text for name, text in record.entry.fields.items() if name not in unwanted}
    return replace(record, entry=replace(record.entry, fields=kept), traits=None)


def _take_all(
    reading: Reading, sha256: str, done: dict[tuple[str, int], LogRow], work: Intake
) -> list[Outcome]:
    found = [
        Outcome(one.file, one.number, one.title, "rejected", reason=one.reason)
        for one in reading.rejected
    ]
    work.file_keys.clear()
    for record in parents_first(reading.records):
        before = done.get((sha256, record.number))
        if before is not None and before.key and work.is_split(before):
            rows = list(done.values())
            if all(row.key != before.key for row in rows[rows.index(before) + 1 :]):
                work.strip(before)
            del done[sha256, record.number]
            before = None
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
        fields="; ".join(outcome.added_fields),
        date=date.today().isoformat(),
    )
