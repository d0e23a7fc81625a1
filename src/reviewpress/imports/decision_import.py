"""Import of decisions: each is matched with a record of the review, and none is lost or merged.

Either all of them are written to `data/screening.csv`, or none is. A record that is not in the
bibliography, or of which that is not certain, is listed with its row, and so is a decision that
differs from one that the same reviewer made before. Where no record of a file is known yet, the
file brings its records as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import BibliographyError, Place, Problem, raise_all
from reviewpress.evidence.decisions import (
    AGREED,
    AWAITING,
    FILE,
    FULL,
    ONGOING,
    OPTIONAL,
    REQUIRED,
    UNSURE,
    Vote,
    last_round,
    parse_decisions,
)
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.searches import is_before, read_searches
from reviewpress.imports.ballots import Asked, Ballot, DecidedRecord, DecisionFile, Matched
from reviewpress.imports.decision_files import read_decision_file
from reviewpress.imports.decision_matching import Found, Matching
from reviewpress.imports.machine_votes import as_suggestions
from reviewpress.imports.outcomes import ImportReport, Outcome
from reviewpress.imports.record_import import import_records
from reviewpress.imports.stored_index import damage_is_an_error
from reviewpress.store.journal import finish_changes, write_together
from reviewpress.store.locks import IMPORT, sole_lock
from reviewpress.tables.reader import decode_table
from reviewpress.tables.writer import write_csv

_COLUMNS = tuple(field.name for field in (*REQUIRED, *OPTIONAL))
_ID = ("record", "stage", "reviewer")
_SAID = ("decision", "reason")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What several reviewers decided differently on a record at a stage."""

    key: str
    stage: str
    told: str

    def __str__(self) -> str:
        return f"@{self.key}, {self.stage}: {self.told}"


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What an import of decisions did, or would do."""

    files: tuple[DecisionFile, ...]
    matched: tuple[Matched, ...]
    added: int
    already: int
    replaced: int
    disagreements: tuple[Disagreement, ...]
    remarks: tuple[str, ...] = ()
    dry_run: bool = False
    records: ImportReport | None = None
    """What became of the records, where the file brought them as well."""


@dataclass(slots=True)
class _Work:
    """The rows of the table of decisions while files are taken in."""

    rows: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    places: dict[tuple[str, ...], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    added: int = 0
    already: int = 0
    replaced: int = 0
    touched: set[str] = field(default_factory=set)
    until: str = ""
    before: bytes = b""
    header: tuple[str, ...] = ()


def read_decision_files(
    files: Sequence[Path], asked: Asked, encoding: str = "", kind: str = ""
) -> tuple[DecisionFile, ...]:
    """Read those files that have decisions.

    Raises BibliographyError where only some of them have, for these are imports of two kinds.
    """
    found = [(path, _read(path, asked, encoding, kind)) for path in files]
    known = tuple(one for _, one in found if one is not None)
    lacking = [path.name for path, one in found if one is None]
    if known and lacking:
        message = f"{lacking[0]} has no decisions, and {known[0].file} has."
        raise BibliographyError(message, hint="Import records first, decisions after them.")
    return known


def _read(path: Path, asked: Asked, encoding: str, kind: str) -> DecisionFile | None:
    return read_decision_file(path, asked, encoding, kind) if path.is_file() else None


def withdraw_decisions(root: Path, names: Collection[str]) -> dict[str, int]:
    """Take the decisions that files brought out of the table; return how many each had brought.

    Files that brought none are left out. Raises DataError or Problems where it cannot be read.
    """
    path = root / FILE
    if not path.is_file():
        return {}
    work = _Work()
    _take_table(work, path)
    brought = Counter(row["export"] for row in work.rows.values() if row["export"] in names)
    if brought:
        work.rows = {key: row for key, row in work.rows.items() if row["export"] not in brought}
        work.replaced = brought.total()
        write_together(root, {path: _written(work)})
    return dict(brought)


def import_decisions(
    config: Config,
    files: Sequence[DecisionFile],
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    replace_others: bool = False,
    encoding: str = "",
) -> DecisionReport:
    """Match the decisions of files with the records of the review, and write them.

    Raises Problems with every record that is not matched and every decision that contradicts one;
    then nothing is written.
    """
    if dry_run:
        return _import(config, files, paths, True, replace_others, encoding)
    hint = "Nothing was imported: do it again when that one has ended."
    with sole_lock(config.store / IMPORT, "an import", hint=hint):
        finish_changes(config.root)
        return _import(config, files, paths, False, replace_others, encoding)


def _import(
    config: Config,
    files: Sequence[DecisionFile],
    paths: Sequence[Path],
    dry_run: bool,
    replace_others: bool,
    encoding: str,
) -> DecisionReport:
    _refuse_undecided(files)
    matching = Matching(config, kept=not dry_run)
    with damage_is_an_error(config.store):
        found = [(file, matching.match(file)) for file in files]
    brought = None
    if not any(pair for _, pairs in found for pair in pairs if pair[1]):
        bringing = all(file.whole for file in files)
        brought = import_records(config, paths, True, encoding) if bringing else None
    if brought is not None:
        found = [(file, _by_outcome(file, brought.outcomes)) for file in files]
    _refuse_unmatched(found, brought, matching.perhaps)
    matched = [
        Matched(file.file, record, one.key, one.reason)
        for file, pairs in found
        for record, one in pairs
        if record.ballots and one is not None
    ]
    matched, remarks = as_suggestions(matched)
    work = _take(config, matched, replace_others)
    raise_all(work.problems)
    content = _written(work)

    def beside() -> Mapping[Path, bytes]:
        return {config.root / FILE: content}

    if not dry_run:
        if brought is not None:
            brought = import_records(config, paths, False, encoding, beside=beside)
        elif work.added or work.replaced:
            write_together(config.root, beside())
    return DecisionReport(
        tuple(files),
        tuple(matched),
        work.added,
        work.already,
        work.replaced,
        tuple(_disagreements(work)),
        (
            *(f"{file.file}: {one}" for file in files for one in _remarks(file)),
            *remarks,
            *work.remarks,
        ),
        dry_run,
        brought,
    )


def _refuse_undecided(files: Iterable[DecisionFile]) -> None:
    """Raise Problems with each file of which no record has a decision."""
    hint = "If it is one of records, import it with `--as records`."
    message = "no record of the file has a decision."
    raise_all(
        [Problem("screening", message, Place(one.file), hint) for one in files if not one.ballots]
    )


def _by_outcome(
    file: DecisionFile, outcomes: Iterable[Outcome]
) -> list[tuple[DecidedRecord, Found | None]]:
    """Return each record of a file with the entry that its import makes of it."""
    keys = {one.number: one for one in outcomes if one.file == file.file and one.key}
    return [
        (
            record,
            Found(keys[record.number].key, "imported with it") if record.number in keys else None,
        )
        for record in file.records
    ]


def _refuse_unmatched(
    found: Sequence[tuple[DecisionFile, list[tuple[DecidedRecord, Found | None]]]],
    brought: ImportReport | None,
    perhaps: Mapping[tuple[str, int], str],
) -> None:
    """Raise Problems with each record that has decisions and is no record of the review."""
    raise_all(
        [
            _unmatched(file, record, brought, perhaps.get((file.file, record.number), ""))
            for file, pairs in found
            for record, one in pairs
            if record.ballots and one is None
        ]
    )


def _unmatched(
    file: DecisionFile, record: DecidedRecord, brought: ImportReport | None, perhaps: str
) -> Problem:
    title = record.entry.title or record.name
    message = f"“{title}” is not a record of the review, and nothing was imported."
    if brought is not None:
        message = f"“{title}” cannot be a record, and nothing was imported."
    row = record.place.removeprefix("row ")
    place = (
        Place(file.file, row=int(row)) if row.isdecimal() else Place(f"{file.file}, {record.place}")
    )
    hint = "Import its record first: the search's export, or this file with `--as records`."
    if not file.whole:
        hint = "Import its record first, from the search's export."
    if perhaps and brought is None:
        message = f"“{title}” is not for certain a record of the review ({perhaps})."
        hint = "If it is, give the file a column `record` with the citekey. Nothing was imported."
    return Problem("screening", message, place, hint, subject=record.name)


def _take(config: Config, matched: Iterable[Matched], replace_others: bool) -> _Work:
    """Take in the decisions; note problems where one contradicts another of its reviewer."""
    work = _Work(until=_until(config))
    if (config.root / FILE).is_file():
        _take_table(work, config.root / FILE)
    cast: dict[tuple[str, str], set[str]] = defaultdict(set)
    for known in work.rows.values():
        cast[known["record"], known["stage"]].add(known["decision"])
    for one in matched:
        for ballot in one.record.ballots:
            before = cast.get((one.key, ballot.stage), set())
            # What goes without saying, and what needed no settling, adds nothing to what is there.
            if before and (ballot.implied or (ballot.settles and before == {ballot.decision})):
                continue
            _take_ballot(work, one, ballot, replace_others)
    return work


def _until(config: Config) -> str:
    """Return the last day of an earlier version, empty where there was none."""
    path = config.root / SEARCHES
    return read_searches(path, config.root).earlier_until if path.is_file() else ""


def _take_table(work: _Work, path: Path) -> None:
    """Take in the decisions that are there."""
    work.before = path.read_bytes()
    rows = parse_decisions(work.before)
    work.header = _header(work.before)
    for number, row in zip(rows.numbers, rows.records(), strict=True):
        cells = {name: row.text(name) for name in _COLUMNS}
        key = tuple(cells[name] for name in _ID)
        while key in work.rows:  # several rows of one reviewer are the author's business
            key = (*key, "")
        work.rows[key], work.places[key] = cells, f"row {number} of {FILE}"


def _header(content: bytes) -> tuple[str, ...]:
    names = decode_table(content, FILE).partition("\n")[0].split(",")
    return tuple(name.strip(' "\r') for name in names)


def _take_ballot(work: _Work, one: Matched, ballot: Ballot, replace_others: bool) -> None:
    cells = {name: str(getattr(ballot, name, "")) for name in _COLUMNS}
    cells |= {"record": one.key, "export": one.file}
    key = tuple(cells[name] for name in _ID)
    here = f"{one.file}, {one.record.place}"
    work.touched.add(one.key)
    before = work.rows.get(key)
    if before is None:
        work.rows[key], work.places[key] = cells, here
        work.added += 1
    elif all(before[name] == cells[name] for name in _SAID):
        work.already += 1
        if cells["suggestion"] and not before["suggestion"]:
            work.rows[key] = {**before, "suggestion": cells["suggestion"]}
            work.already, work.replaced = work.already - 1, work.replaced + 1
        if work.places[key] != here and work.places[key].startswith(one.file):
            work.remarks.append(f"{work.places[key]} and {here} are one record, @{one.key}")
    elif replace_others and not work.places[key].startswith(one.file):
        work.rows[key] = {name: cells[name] or before[name] for name in _COLUMNS} | {
            name: cells[name] for name in _SAID
        }
        work.places[key] = here
        work.replaced += 1
    elif _waited(work, before, cells, work.places[key]):
        _take_later(work, one, ballot, cells)
    else:
        work.problems.append(_contradiction(one, ballot, before, work.places[key]))


def _waited(work: _Work, before: Mapping[str, str], cells: Mapping[str, str], where: str) -> bool:
    """Whether a report waited in the earlier version, and a decision is not of that one."""
    waited = before["decision"] in (AWAITING, ONGOING) and where.endswith(FILE)
    return bool(work.until) and waited and not is_before(cells["date"], work.until)


def _take_later(work: _Work, one: Matched, ballot: Ballot, cells: dict[str, str]) -> None:
    """Take in what has become of a report that waited in the earlier version, beside what was.

    Where a program exports no date, it is that of the import.
    """
    key = (*(cells[name] for name in _ID), "")
    before = work.rows.get(key)
    if before is not None and any(before[name] != cells[name] for name in _SAID):
        work.problems.append(_contradiction(one, ballot, before, work.places[key]))
    elif before is not None:
        work.already += 1
    else:
        if not cells["date"]:
            cells["date"] = date.today().isoformat()
            told = "waited in the earlier version: its decision has the date of this import"
            work.remarks.append(f"@{one.key} {told}")
        work.rows[key], work.places[key] = cells, f"{one.file}, {one.record.place}"
        work.added += 1


def _contradiction(one: Matched, ballot: Ballot, before: Mapping[str, str], where: str) -> Problem:
    def told(decision: str, reason: str) -> str:
        return f"{decision} ({reason})" if reason else decision

    message = (
        f"{ballot.reviewer} decided {told(ballot.decision, ballot.reason)} on @{one.key} at the"
        f" stage {ballot.stage}, and {told(before['decision'], before['reason'])} in {where}."
    )
    hint = (
        "With --reviewer agreed the file says what was settled; with --replace its decisions take"
        " the place of earlier ones."
    )
    if where.startswith(one.file):
        hint = "Two rows of the file are one record: keep the right one."
    return Problem("screening", message, Place(f"{one.file}, {one.record.place}"), hint)


def _written(work: _Work) -> bytes:
    """Return the table with the new rows at its end; what was there stays byte for byte.

    It is written anew only where a column is needed that it lacks, or a row was replaced.
    """
    rows = list(work.rows.values())
    required = [one.name for one in REQUIRED]
    others = [name for name in _COLUMNS if name not in (*required, *work.header)]
    columns = [*(work.header or required), *(n for n in others if any(row[n] for row in rows))]
    if work.before and len(columns) == len(work.header) and not work.replaced:
        new = rows[len(rows) - work.added :]
        gap = b"" if work.before.endswith(b"\n") else b"\n"
        return work.before + gap + write_csv([row[name] for name in columns] for row in new)
    return write_csv([columns, *([row[name] for name in columns] for row in rows)])


def _disagreements(work: _Work) -> Iterator[Disagreement]:
    """Yield what reviewers decided differently, and nothing settles, on the records of now."""
    cast: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in work.rows.values():
        if row["record"] in work.touched:
            cast[row["record"], row["stage"]].append(row)
    for (key, stage), rows in cast.items():
        votes = [
            Vote(key, stage, row["decision"], row["reason"], row["reviewer"], 0, row["date"])
            for row in rows
        ]
        votes = last_round(votes, work.until)
        if any(vote.reviewer == AGREED for vote in votes):
            continue
        if len({vote.decision for vote in votes}) > 1 or votes[0].decision == UNSURE:
            told = ", ".join(f"{vote.decision} ({vote.reviewer})" for vote in votes)
            yield Disagreement(key, stage, told)
        elif stage == FULL and len({vote.reason for vote in votes if vote.reason}) > 1:
            # They agree to exclude it, but the flow counts one reason.
            told = ", ".join(f"{vote.reason} ({vote.reviewer})" for vote in votes if vote.reason)
            yield Disagreement(key, stage, f"exclude, as {told}")


def _remarks(file: DecisionFile) -> Iterator[str]:
    yield from file.remarks
    none = [record for record in file.records if not record.ballots]
    if none:
        number = len(none)
        noun = "record has" if number == 1 else "records have"
        yield f"{number} {noun} no decision: {', '.join(one.place for one in none[:5])}" + (
            " …" if number > 5 else ""
        )
    unseen = sum(one.reviewer == "automation" for r in file.records for one in r.ballots)
    if unseen:
        yield (
            f"{unseen} of its records were not seen by a reviewer: they are excluded by automation,"
            " and `automation:` in _quarto.yml has to say by which rule screening was stopped"
        )


def matched_by(matched: Iterable[Matched]) -> Counter[str]:
    """Count the rules by which records were recognised."""
    return Counter(one.reason for one in matched)
