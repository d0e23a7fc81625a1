"""What an import writes: bibliography, log, and decisions that were set aside, together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.bibliography import Entry, write_bibtex
from reviewpress.config import Config
from reviewpress.evidence.import_log import FILE, LogRow, log_tail, write_log
from reviewpress.imports.crossrefs import parents_last
from reviewpress.imports.intake import Intake
from reviewpress.imports.merging import edit_entry, gap_after, rewrite_bibliography
from reviewpress.imports.stored_index import Placed, Span
from reviewpress.imports.withdrawal import Removal
from reviewpress.store.journal import Spliced, write_together

_HEAD = 1 << 16
_MARK = b"\xef\xbb\xbf"
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
    """Write what an import changed and added; all else stays byte for byte.

    The new `rows` come after those of the log, unless all of it is given.
    """
    files, home = files_of_records(config), home_of(config)
    changed = work.changed()
    edits = _edits(changed, work)
    new = parents_last(work.entries[key] for key in work.new)
    lengths: list[int] = []
    changes: dict[Path, bytes | Spliced] = dict(beside)
    for place, found in edits.items():
        changes[files[place]] = Spliced(files[place], _parts(found))
    end = _end(files[home], edits.get(home, []))
    if new:
        written = _written(new, end, lengths)
        changes[files[home]] = Spliced(files[home], _parts(edits.get(home, [])), written)
    path = config.root / FILE
    if log is not None:
        changes[path] = write_log(log)
    elif path.is_file():
        changes[path] = Spliced(path, tail=[log_tail(rows)])
    else:
        changes[path] = write_log(rows)
    write_together(config.root, changes)
    if work.stored is not None:
        rewritten = {
            place: [(span, len(text)) for span, text in found] for place, found in edits.items()
        }
        entries = [work.entries[key] for key in changed]
        placed = _placed(new, work, end, lengths)
        work.stored.follow_import(rewritten, entries, placed, home)


def write_withdrawal(
    config: Config, work: Intake, entries: Mapping[str, Entry], removal: Removal
) -> None:
    """Write the files anew from which entries were removed."""
    changes = dict(removal.files)
    files, home = files_of_records(config), home_of(config)
    added = parents_last(entries[key] for key in work.new if key in entries)
    for place, path in enumerate(files):
        content = path.read_bytes() if path.is_file() else b""
        new = added if place == home else []
        after = rewrite_bibliography(content, path.name, work.known, entries, new)
        if after != content:
            changes[path] = after
    changes[config.root / FILE] = write_log(removal.log)
    write_together(config.root, changes)


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


def _parts(edits: Iterable[tuple[Span, bytes]]) -> list[tuple[int, int, bytes]]:
    return [(start, stop, text) for (start, stop), text in edits]


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a file to which entries are added: how long it is, and how they are parted."""

    size: int
    gap: bytes
    newline: bytes


def _end(path: Path, edits: Iterable[tuple[Span, bytes]]) -> _End:
    """Return the end of a file as it is after some edits."""
    if not path.is_file():
        return _End(0, b"", b"\n")
    size = before = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, size - 1))
        last = file.read()
    for (start, stop), text in edits:
        if stop == before:
            last = text[-1:]
        size += len(text) - (stop - start)
    newline = b"\r\n" if b"\r\n" in head else b"\n"
    gap = b"" if head in (b"", _MARK) else gap_after(last.decode("latin-1")).encode()
    return _End(size, gap.replace(b"\n", newline), newline)


def _written(entries: Iterable[Entry], end: _End, lengths: list[int]) -> Iterator[bytes]:
    """Yield the BibTeX of new entries, with what comes before them; note how long each is."""
    gap = end.gap
    for entry in entries:
        text = write_bibtex([entry]).encode().replace(b"\n", end.newline)
        lengths.append(len(text))
        yield gap + text
        gap = end.newline


def _placed(
    entries: Sequence[Entry], work: Intake, end: _End, lengths: Sequence[int]
) -> Iterator[Placed]:
    """Yield new entries with what of them is compared, and where they were written."""
    start, newline = end.size + len(end.gap), len(end.newline)
    for entry, length in zip(entries, lengths, strict=True):
        yield entry, work.traits_to_keep(entry), (start, start + length - newline)
        start += length + newline
