"""Take an export back: its rows of the log, the entries that it alone brought, decisions on them.

What another import found stays, and so does what the review uses: an included paper, a citation, a
row of one of its tables.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import BibliographyError, nearest
from reviewpress.evidence.decisions import FILE as SCREENING
from reviewpress.evidence.import_log import MADE, LogRow
from reviewpress.imports.cleaning import clean_text
from reviewpress.imports.intake import Intake
from reviewpress.imports.outcomes import Withdrawal
from reviewpress.imports.usage import ASIDE, cited_keys, tabled_words
from reviewpress.store.digests import digest_file
from reviewpress.tables.reader import decode_table, read_bytes, split_segments
from reviewpress.tables.writer import write_csv


@dataclass(frozen=True, slots=True)
class Removal:
    """The log and other files as they are after it, and what is said of each export."""

    log: tuple[LogRow, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    files: Mapping[Path, bytes] = field(default_factory=dict)


def choose_exports(
    log: Sequence[LogRow], withdraw: Iterable[Path], replaced: Mapping[str, str]
) -> list[LogRow]:
    """Return the rows of the exports to withdraw, and of those that others take the place of.

    `replaced` has the names of the new exports with their SHA-256. An export is known by its
    name; where several had that name, and the file is at hand, by its content, too. Raises
    BibliographyError for one that was not imported.
    """
    chosen: list[LogRow] = []
    for path in withdraw:
        sha256 = digest_file(path) if path.is_file() else ""
        rows = _named(log, path.name, sha256)
        chosen += [row for row in rows if row.sha256 == sha256] or rows
    for name, sha256 in replaced.items():
        chosen += [row for row in _named(log, name, sha256) if row.sha256 != sha256]
    return list({(row.sha256, row.number): row for row in chosen}.values())


def remove_orphans(
    config: Config, withdrawn: Sequence[LogRow], log: Sequence[LogRow], work: Intake
) -> Removal:
    """Remove what only withdrawn exports brought; set decisions on it aside.

    An entry that stays because another import found it is from now on one that this import added.
    """
    if not withdrawn:
        return Removal(tuple(log))
    made = dict.fromkeys(row.key for row in withdrawn if row.outcome in MADE)
    found = {row.key for row in log}
    alone = {key for key in made if key not in found and key in work.known}
    used = _used(config, alone, work)
    orphans = alone - used.keys()
    work.remove(orphans)
    files, decisions = _set_aside(config.root, orphans, withdrawn)
    kept_log = tuple(_promoted(log, made, orphans))
    return Removal(kept_log, tuple(_withdrawals(withdrawn, orphans, used, decisions)), files)


def _named(log: Sequence[LogRow], name: str, sha256: str) -> list[LogRow]:
    rows = [row for row in log if row.file == clean_text(name)]
    if not rows:
        message = f'no export named "{name}" was imported.'
        copy = next((row.file for row in log if row.sha256 == sha256), "")
        hint = f'"{copy}" has the same content.' if copy else ""
        raise BibliographyError(message, hint=hint or nearest(name, {row.file for row in log}))
    return rows


def _used(config: Config, keys: Collection[str], work: Intake) -> dict[str, str]:
    """Return which entries the review uses by itself, and how."""
    if not keys:
        return {}
    coded = work.stored.coded() if work.stored else ()
    used = {key: "it is an included paper" for key in coded if key in keys}
    used |= dict.fromkeys(cited_keys(config.root).intersection(keys), "the review cites it")
    tabled = tabled_words(config.root).intersection(keys)
    used |= dict.fromkeys(tabled, "a table of the review names it")
    heirs = work.heirs(keys)
    while more := {
        key
        for key, found in heirs.items()
        if key not in used and any(one in used or one not in keys for one in found)
    }:
        used |= dict.fromkeys(more, "another entry inherits from it")
    return used


def _promoted(
    log: Iterable[LogRow], made: Collection[str], orphans: Collection[str]
) -> Iterator[LogRow]:
    """Yield the log, an entry's first record being the one that added it."""
    waiting = set(made)
    for row in log:
        if row.like in orphans and row.outcome in MADE:
            row = replace(row, outcome="added", like="", reason="")
        if row.key in waiting:
            waiting.discard(row.key)
            if row.outcome not in MADE:
                row = replace(row, outcome="added", fields="")
        yield row


def _set_aside(
    root: Path, orphans: Collection[str], withdrawn: Sequence[LogRow]
) -> tuple[dict[Path, bytes], dict[str, list[str]]]:
    """Move the screening decisions on removed entries to a file of their own.

    All else in the table stays byte for byte. Raises DataError or Problems where it cannot be read.
    """
    path = root / SCREENING
    if not orphans or not path.is_file():
        return {}, {}
    content = read_bytes(path, SCREENING)
    decode_table(content, SCREENING)
    found = split_segments(content.decode("utf-8-sig"), SCREENING)
    header, *rows = [(raw, [cell.strip() for cell in cells]) for raw, cells in found or [("", [])]]
    column = header[1].index("record") if "record" in header[1] else 0
    moved, stay = [], [header[0]]
    for raw, cells in rows:
        if len(cells) > column and cells[column] in orphans:
            moved.append(cells)
        else:
            stay.append(raw)
    if not moved:
        return {}, {}
    files = {row.key: row.file for row in withdrawn}
    today = date.today().isoformat()
    before = (root / ASIDE).read_bytes() if (root / ASIDE).is_file() else b""
    aside = [[files.get(cells[column], ""), today, *cells] for cells in moved]
    if not before:
        aside.insert(0, ["export", "withdrawn", *header[1]])
    told: dict[str, list[str]] = {}
    for cells in moved:
        told.setdefault(cells[column], []).append(
            f"@{cells[column]}: {', '.join(cell for cell in cells[column + 1 :] if cell)}"
        )
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return {
        path: mark + "".join(stay).encode(),
        root / ASIDE: before + write_csv(aside),
    }, told


def _withdrawals(
    withdrawn: Sequence[LogRow],
    orphans: Collection[str],
    used: Mapping[str, str],
    decisions: Mapping[str, list[str]],
) -> Iterator[Withdrawal]:
    exports: dict[str, list[LogRow]] = {}
    for row in withdrawn:
        exports.setdefault(row.sha256, []).append(row)
    for rows in exports.values():
        made = dict.fromkeys(row.key for row in rows if row.outcome in MADE)
        removed = tuple(key for key in made if key in orphans)
        yield Withdrawal(
            rows[0].file,
            rows[0].date,
            len(rows),
            removed,
            tuple((key, used[key]) for key in made if key in used),
            tuple(text for key in removed for text in decisions.get(key, ())),
        )
