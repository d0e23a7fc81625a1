"""The entries of a BibTeX file with their places in it, all at once or some at a time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from reviewpress.bibliography.bibtex import (
    decode_bibliography,
    parse_blocks,
    read_entries,
    read_library,
    spans_in,
)
from reviewpress.bibliography.entries import Entry
from reviewpress.errors import BibliographyError, Problems

_PIECE = 1 << 22
"""So many bytes are read at once: parsed, they take twenty times as much."""
_START = re.compile(rb"\n(?=@\w+[ \t]*\{)")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SpannedBibliography:
    """The entries of a file, where each starts and ends in it, in bytes, and its abbreviations."""

    entries: tuple[Entry, ...]
    spans: tuple[tuple[int, int], ...]
    strings: str


def load_with_spans(path: Path, root: Path) -> SpannedBibliography:
    """Read a BibTeX file with the place of each entry; raises as `load_bibliography` does."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return _spanned(path.read_bytes(), name, 0)


def read_in_pieces(path: Path) -> Iterator[SpannedBibliography]:
    """Yield the entries of a BibTeX file, some thousand at a time.

    Raises ReportError where they cannot be read apart: one is damaged, a key comes twice, or there
    are abbreviations. Only `load_with_spans`, which reads all of it, says what is wrong, and where.
    """
    keys = set[str]()
    for at, content in _pieces(path):
        found = _spanned(content, path.name, at)
        before = len(keys)
        keys.update(entry.key.casefold() for entry in found.entries)
        if found.strings or len(keys) - before < len(found.entries):
            raise BibliographyError("the file is to be read as a whole.")
        yield found


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield a file in pieces of whole entries, each with the place of its beginning."""
    at, rest = 0, b""
    with path.open("rb") as file:
        while more := file.read(_PIECE):
            rest += more
            cut = max((found.end() for found in _START.finditer(rest, len(rest) // 2)), default=0)
            if cut:
                yield at, rest[:cut]
                at, rest = at + cut, rest[cut:]
    if rest:
        yield at, rest


def _spanned(content: bytes, name: str, at: int) -> SpannedBibliography:
    text = decode_bibliography(content, name)
    original = content.decode("utf-8-sig")
    as_written = original.replace("\r\n", "\n")
    library = parse_blocks(as_written, name)
    same = as_written == text and "\r" not in text
    entries, problems = read_library(library, name) if same else read_entries(text, name)
    if problems:
        raise Problems(problems)
    begin = at + len(content) - len(content.removeprefix(_MARK))
    spans = tuple(_byte_spans(spans_in(library, as_written), as_written, original, begin))
    strings = "".join(f"{string.raw}\n" for string in library.strings)
    return SpannedBibliography(tuple(entries), spans, strings)


def _byte_spans(
    spans: Iterable[tuple[str, int, int]], text: str, original: str, at: int
) -> Iterator[tuple[int, int]]:
    """Yield where entries start and end in a file whose lines may end in two characters."""
    wide = [len(found) - 1 for found in re.findall(r"\r?\n", original)] if "\r" in original else []
    extra = [0, *accumulate(wide)]
    end = lines = 0
    for _, start, stop in spans:
        edges = []
        for edge in (start, stop):
            passed = text[end:edge]
            count = passed.count("\n") if wide else 0
            at += len(passed.encode()) + extra[lines + count] - extra[lines]
            end, lines = edge, lines + count
            edges.append(at)
        yield edges[0], edges[1]
