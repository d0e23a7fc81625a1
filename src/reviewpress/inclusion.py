"""The table of papers, made from what screening included, and added to later.

Each paper gets the next free code, in its row and in the bibliography. Codes that were given stay
as they are, for readers cite by them: a later call adds below, and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.bibliography import Entry, load_bibliographies
from reviewpress.config import Config
from reviewpress.errors import ConfigError, DataError, Place, Problem, nearest, raise_all
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import FILE, FULL, INCLUDE, Screening, read_screening
from reviewpress.identifiers import plain_letters
from reviewpress.imports.merging import rewrite_bibliography
from reviewpress.imports.relocation import move_records
from reviewpress.imports.writing import files_of_records
from reviewpress.store.journal import finish_changes, write_together
from reviewpress.store.locks import IMPORT, sole_lock
from reviewpress.tables.reader import TableRows, decode_table
from reviewpress.tables.writer import write_csv


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper that was added: its code, its key, and how it is cited."""

    code: int
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What was added to the table of papers, and what somebody has to look at.

    `empty` are the columns of new rows that have to be filled in; `excluded` the papers of the
    table that decisions no longer include.
    """

    added: tuple[NewPaper, ...]
    there: int
    empty: tuple[str, ...]
    excluded: tuple[str, ...]


def include_papers(config: Config, *, dry_run: bool = False) -> Inclusion:
    """Add to the table of papers what was included on full text and is not in it.

    Rows and codes that are there stay byte for byte. Raises ConfigError or DataError without
    decisions or a table of papers, Problems for records that the bibliography lacks; then nothing
    is written. Records that were read in full move to the bibliography first.
    """
    if dry_run:
        return _include(config, dry_run=True)
    if config.records:
        move_records(config)
    hint = "Nothing was written: do it again when that one has ended."
    with sole_lock(config.store / IMPORT, "an import", hint=hint):
        finish_changes(config.root)
        return _include(config, dry_run=False)


def _include(config: Config, *, dry_run: bool) -> Inclusion:
    evidence = Evidence(config.root, config=config)
    if not evidence.holds(FILE):
        raise DataError(
            "there are no decisions yet.", Place(FILE), "Import them: reviewpress import FILE."
        )
    screening = read_screening(evidence)
    rows = evidence.rows(PAPERS)
    if "citekey" not in rows.table.columns:
        raise ConfigError('the table of papers has no column "citekey".', Place(rows.name))
    known = rows.texts("citekey")
    decided = {one.record: one for one in screening.with_decision(FULL, INCLUDE)}
    files = [path for path in files_of_records(config) if path.is_file()]
    bibliography = load_bibliographies(files, config.root) if dry_run else evidence.bibliography
    problems = [
        Problem(
            "screening",
            f'the bibliography lacks "{key}", which is included.',
            Place(FILE, row=decided[key].row),
            nearest(key, bibliography.keys),
        )
        for key in decided
        if key not in bibliography.keys
    ]
    raise_all(problems)
    new = [bibliography[key] for key in decided if key not in known]
    added = _numbered(sorted(new, key=_order), rows)
    if added and not dry_run:
        write_together(config.root, _changes(config, evidence, rows, added, screening))
    full = screening.stages.get(FULL, {})
    return Inclusion(
        tuple(NewPaper(code, entry.key, entry.label) for code, entry in added),
        len(known),
        tuple(_to_fill(rows)) if added else (),
        tuple(key for key in known if key in full and full[key].decision != INCLUDE),
    )


def _order(entry: Entry) -> tuple[str, int, str]:
    """Return what papers are ordered by when they are given codes: author, year, key."""
    return plain_letters(entry.short_author), entry.year or 0, entry.key


def _numbered(new: Iterable[Entry], rows: TableRows) -> list[tuple[int, Entry]]:
    """Give each new paper the next free code, or the one that the bibliography gives it."""
    codes = [code for code in rows.row_keys if isinstance(code, int)]
    if len(codes) < len(rows.row_keys):
        message = "codes that are words cannot be given by a command."
        raise DataError(message, Place(rows.name), "Add the papers with codes of your own.")
    following = max(codes, default=0) + 1
    return [(following + number, entry) for number, entry in enumerate(new)]


def _changes(
    config: Config,
    evidence: Evidence,
    rows: TableRows,
    added: Sequence[tuple[int, Entry]],
    screening: Screening,
) -> dict[Path, bytes]:
    path = evidence.schema.folder / rows.table.path
    content = path.read_bytes()
    header = [
        name.strip(' "\r')
        for name in decode_table(content, rows.name).partition("\n")[0].split(",")
    ]
    code_column = (rows.table.primary_key or ("code",))[0]
    lines = []
    for code, entry in added:
        cells = {
            code_column: str(code),
            "citekey": entry.key,
            "study": screening.studies.get(entry.key, ""),
        }
        lines.append([cells.get(name, "") for name in header])
    gap = b"" if content.endswith(b"\n") else b"\n"
    changed = {path: content + gap + write_csv(lines)}
    codes = {entry.key: code for code, entry in added}
    return changed | _with_codes(config, codes)


def _with_codes(config: Config, codes: Mapping[str, int]) -> dict[Path, bytes]:
    """Return the bibliography files with the codes of the new papers in their entries."""
    before = {one.key: one for one in load_bibliographies(config.bibliography, config.root)}
    after = {
        key: replace(one, fields={**one.fields, "code": str(codes[key])}) if key in codes else one
        for key, one in before.items()
    }
    changed = {}
    for path in config.bibliography:
        content = path.read_bytes()
        written = rewrite_bibliography(content, path.name, before, after)
        if written != content:
            changed[path] = written
    return changed


def _to_fill(rows: TableRows) -> Iterable[str]:
    given = {*(rows.table.primary_key or ("code",)), "citekey"}
    return (field.name for field in rows.table.fields if field.name not in given)
