"""What an import writes: bibliography, log, and decisions that were set aside, together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from reviewpress.bibliography import Entry, write_bibtex
from reviewpress.config import Config
from reviewpress.evidence.import_log import FILE, LogRow, log_tail, write_log
from reviewpress.imports.crossrefs import parents_last
from reviewpress.imports.intake import Intake
from reviewpress.imports.merging import edit_entry
from reviewpress.imports.splices import End, end_after, find_cuts
from reviewpress.imports.stored_index import Placed, Span
from reviewpress.store.journal import Spliced, write_together

Edits = dict[int, list[tuple[Span, bytes]]]


def files_of_records(config: Config) -> list[Path]:
    """Return the files whose entries a record may be: the bibliography's, and that of records."""
    return [*config.bibliography, *([config.records] if config.records else [])]


def home_of(config: Config) -> int:
    """Return which of these files takes in new entries."""
    return len(config.bibliography) if config.records else 0


def write_import(
    config: Config,
    work: Intake,
    rows: Sequence[LogRow],
    log: Sequence[LogRow] | None,
    beside: Mapping[Path, bytes],
) -> None:
    """Write what an import changed, added and took out; all else stays byte for byte.

    The new `rows` come after those of the log, unless all of it is given.
    """
    files, home = files_of_records(config), home_of(config)
    changed = work.changed()
    edits = _edits(changed, work)
    cuts = find_cuts(work.stored, files, work.gone) if work.stored and work.gone else {}
    parts = {
        place: [
            *((start, stop, text) for (start, stop), text in edits.get(place, ())),
            *((start, stop, b"") for _, (start, stop) in cuts.get(place, ())),
        ]
        for place in {home, *edits, *cuts}
    }
    new = parents_last(work.entries[key] for key in work.new)
    lengths: list[int] = []
    changes: dict[Path, bytes | Spliced] = dict(beside)
    end = end_after(files[home], parts[home])
    for place, found in parts.items():
        tail = _written(new, end, lengths) if place == home else ()
        if found or (place == home and new):
            changes[files[place]] = Spliced(files[place], found, tail)
    path = config.root / FILE
    if log is not None:
        changes[path] = write_log(log)
    elif path.is_file():
        changes[path] = Spliced(path, tail=[log_tail(rows)])
    else:
        changes[path] = write_log(rows)
    write_together(config.root, changes)
    if work.stored is not None:
        work.stored.follow(
            gone=cuts,
            edited={
                place: [(span, len(text)) for span, text in found] for place, found in edits.items()
            },
            changed=[work.entries[key] for key in changed],
            added={home: _placed(new, work, end, lengths)},
        )


def _edits(changed: Iterable[str], work: Intake) -> Edits:
    """Return, by file, what is to stand in the place of entries that changed."""
    found: Edits = {}
    for key in changed:
        source = work.stored.source(key) if work.stored else None
        if source is not None:
            place, span, text = source
            after = edit_entry(text, work.known[key], work.entries[key]).encode()
            if after != text.encode():
                found.setdefault(place, []).append((span, after))
    return found


def _written(entries: Iterable[Entry], end: End, lengths: list[int]) -> Iterator[bytes]:
    """Yield the BibTeX of new entries, with what comes before them; note how long each is."""
    gap = end.gap
    for entry in entries:
        text = write_bibtex([entry]).encode().replace(b"\n", end.newline)
        lengths.append(len(text))
        yield gap + text
        gap = end.newline


def _placed(
    entries: Sequence[Entry], work: Intake, end: End, lengths: Sequence[int]
) -> Iterator[Placed]:
    """Yield new entries with what of them is compared, and where they were written."""
    start, newline = end.size + len(end.gap), len(end.newline)
    for entry, length in zip(entries, lengths, strict=True):
        yield entry, work.traits_to_keep(entry), (start, start + length - newline)
        start += length + newline
