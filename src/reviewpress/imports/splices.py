"""Cut entries out of a bibliography file, and put others after its end; the rest stays as it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewpress.imports.merging import gap_after
from reviewpress.imports.stored_index import Span, StoredIndex

Part = tuple[int, int, bytes]
"""From which byte to which, and what comes there instead."""
_HEAD = 1 << 16
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class End:
    """The end of a file to which entries are added: how long it is, and how they are parted."""

    size: int
    gap: bytes
    newline: bytes


def find_cuts(
    stored: StoredIndex, files: list[Path], keys: Iterable[str]
) -> dict[int, list[tuple[str, Span]]]:
    """Return, by file, what goes with each entry that is taken out, in the order of the file."""
    found: dict[int, dict[str, Span]] = {}
    for key in keys:
        placed = stored.place(key)
        if placed is not None:
            found.setdefault(placed[0], {})[key] = placed[1]
    return {place: _cuts(files[place], spans) for place, spans in found.items()}


def end_after(path: Path, parts: Iterable[Part]) -> End:
    """Return the end of a file as it is when parts of it are others."""
    if not path.is_file():
        return End(0, b"", b"\n")
    at = size = path.stat().st_size
    last = b""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        for start, stop, text in sorted(parts, reverse=True):
            size += len(text) - (stop - start)
            if stop == at and not last:
                at, last = start, text[-1:]
        file.seek(max(0, at - 1))
        last = last or file.read(min(at, 1))
    newline = b"\r\n" if b"\r\n" in head else b"\n"
    is_empty = size <= len(_MARK) and head[:size] in (b"", _MARK)
    gap = b"" if is_empty else gap_after(last.decode("latin-1")).encode()
    return End(size, gap.replace(b"\n", newline), newline)


def _cuts(path: Path, spans: Mapping[str, Span]) -> list[tuple[str, Span]]:
    """Return what goes with each entry: the end of its line, and an empty line before it."""
    found, done = [], 0
    with path.open("rb") as file:
        for key, (start, stop) in sorted(spans.items(), key=lambda item: item[1]):
            file.seek(max(0, start - 4))
            before = re.search(rb"(?<=\n)\r?\n\Z", file.read(min(4, start)))
            file.seek(stop)
            after = re.match(rb"[ \t]*\r?\n" if before else rb"\s{0,4}", file.read(16))
            begin = max(done, start - (len(before[0]) if before else 0))
            done = stop + (after.end() if after else 0)
            found.append((key, (begin, done)))
    return found
