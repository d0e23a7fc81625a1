#!/usr/bin/env python
"""Feed every reader with spoiled files, and look at what becomes of them.

    make fuzz                                   an hour, shared out among the readers
    make fuzz ARGS="--seconds 60 ris yaml"      a minute for two of them

A reader may refuse a file with a message; it may not end in another exception, take more than ten
seconds, or lose a record without a word: where it rejects none, all that were not touched are
there. What is
found is kept in `.reviewpress/fuzz/`, named reader-exception-number. A new reader adds itself to
`READERS`.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from reviewpress.config import load_config
from reviewpress.errors import ReportError
from reviewpress.extension import find_extension
from reviewpress.imports.readers import parse_records
from reviewpress.notebooks.source import read_notebook
from reviewpress.tables.schema import read_schema
from reviewpress.tidy import tidy_file
from reviewpress.yaml import load_yaml

ROOT = Path(__file__).resolve().parents[1]
MINIMAL = ROOT / "tests" / "projects" / "minimal"
LONGEST = 10
_EDGE = 12
RECORDS = 6
PIECES: tuple[bytes, ...] = (
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\r", b"\n\n", b"{", b"}", b"[", b"]", b'"', b"'",
    b"<", b">", b"&", b"&a ", b"*a", b": ", b"- ", b"\\", b"%", b"@", b",", b";", b"\t", b"  - ",
    b"null", b"true", b"-1", b"1e999", b"9" * 30, b"9" * 5000, b"[" * 300, b"{a: " * 60,
    b"\xef\xbb\xbf", "é\u202e\u0301".encode(), b"2026-13-45", b"<!ENTITY x 'y'>", b"]]>",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader to feed: good files, what reads one, the modules whose lines are counted.

    `records` are the pieces of a file of records, of which only one is spoiled at a time.
    """

    seeds: Sequence[bytes]
    read: Callable[[bytes], object]
    modules: tuple[str, ...]
    records: tuple[bytes, Sequence[bytes], bytes] | None = None


@dataclass(slots=True)
class Outcome:
    """What became of one reader's files."""

    files: int = 0
    refused: int = 0
    found: list[str] = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)


class TooLong(BaseException):
    """A file that takes more than ten seconds."""


def main() -> None:
    """Feed the readers that are named, or all, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    names = given.readers or list(READERS)
    total = 0
    for name in names:
        outcome = fuzz(name, given.seconds / len(names), given.seed, ROOT / ".reviewpress/fuzz")
        total += len(outcome.found)
        print(describe(name, outcome), flush=True)
    sys.exit(1 if total else 0)


def fuzz(name: str, seconds: float, seed: int, kept: Path | None = None) -> Outcome:
    """Feed one reader for so many seconds."""
    reader, outcome, chance = READERS[name], Outcome(), random.Random(f"{seed}-{name}")
    end = time.monotonic() + seconds
    seen: set[str] = set()
    while time.monotonic() < end or not outcome.files:
        content, untouched = spoil(reader, chance)
        outcome.files += 1
        # Following every line is slow: every eighth file is enough.
        with follow(reader.modules, outcome.lines, on=outcome.files % 8 == 1):
            problem = feed(reader, content, untouched, outcome)
        if problem and problem not in seen:
            seen.add(problem)
            outcome.found.append(problem)
            if kept is not None:
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{name}-{problem.split(':')[0]}-{len(seen)}").write_bytes(content)
    return outcome


def feed(reader: Reader, content: bytes, untouched: Sequence[str], outcome: Outcome) -> str:
    """Give a file to a reader; return what is wrong, empty where all is well."""
    try:
        with in_time(LONGEST):
            reading = reader.read(content)
    except ReportError:
        outcome.refused += 1
        return ""
    except TooLong:
        return "TooLong: more than ten seconds"
    except Exception as error:
        return f"{type(error).__name__}: {place_of(error)}"
    if getattr(reading, "rejected", ()):
        # The author is told that something is wrong, and where.
        return ""
    told = repr(reading)
    lost = [word for word in untouched if word not in told]
    return f"Lost: {len(lost)} of {len(untouched)} records that were not touched" if lost else ""


def spoil(reader: Reader, chance: random.Random) -> tuple[bytes, list[str]]:
    """Return a spoiled file, and the words of the records that were not touched."""
    if reader.records is None:
        return _spoil(chance.choice(reader.seeds), chance), []
    head, records, tail = reader.records
    at = chance.randrange(len(records))
    # Where one record ends and the next begins is left alone: that would touch two.
    first, inside, last = records[at][:_EDGE], records[at][_EDGE:-_EDGE], records[at][-_EDGE:]
    spoiled = list(records)
    spoiled[at] = first + _spoil(inside, chance, once=True) + last
    others = [word_of(n) for n in range(len(records)) if n != at]
    return head + b"".join(spoiled) + tail, others


def _spoil(content: bytes, chance: random.Random, *, once: bool = False) -> bytes:
    for _ in range(1 if once else chance.randint(1, 4)):
        first = chance.randrange(len(content) + 1)
        last = min(len(content), first + chance.choice((0, 0, 1, 1, 4, 20, 100)))
        piece = chance.choice(PIECES)
        if chance.random() < 0.2:
            start = chance.randrange(len(content) + 1)
            piece = content[start : start + chance.randint(1, 60)]
        content = content[:first] + piece + content[last:]
    return content


def describe(name: str, outcome: Outcome) -> str:
    """Say what became of a reader's files, and how much of the reader they went through."""
    total = sum(len(lines) for lines in _lines_of(READERS[name].modules).values())
    share = round(100 * len(outcome.lines) / total) if total else 0
    head = (
        f"{name:<12} {outcome.files:>8} files, {outcome.refused:>8} refused, {share:>3} % of lines"
    )
    return "\n".join([head, *(f"    {problem}" for problem in outcome.found)])


def place_of(error: BaseException) -> str:
    """Return the module and line of this project that an exception came out of last."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "reviewpress" in path.parts and path.name != "fuzz.py":
            place = f"{path.name} {trace.tb_lineno}"
        trace = trace.tb_next
    return place


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """Raise TooLong after so many seconds, where the system has alarms."""

    def stop(*_: object) -> None:
        raise TooLong

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def follow(modules: Sequence[str], lines: set[tuple[str, int]], *, on: bool) -> Iterator[None]:
    """Note the lines of some modules that are executed."""
    if not on:
        yield
        return
    files = _lines_of(modules)

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return local

    def enter(frame: FrameType, event: str, _: Any) -> Any:
        return local if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)


def _lines_of(modules: Sequence[str]) -> Mapping[str, set[int]]:
    """Return the lines inside functions of some modules, by file."""
    found = {}
    for name in modules:
        path = ROOT / "src" / "reviewpress" / name
        code = compile(path.read_text("utf-8"), str(path), "exec")
        found[str(path)] = set(_function_lines(code))
    return found


def _function_lines(code: CodeType) -> Iterator[int]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            lines = [line for *_, line in inner.co_lines() if line]
            yield from (line for line in lines if line != inner.co_firstlineno)
            yield from _function_lines(inner)


def word_of(number: int) -> str:
    """Return a word that no other record has."""
    return f"Zebra{number}quagga"


def _records(form: str) -> list[bytes]:
    return [
        form.replace("WORD", word_of(n)).replace("NUMBER", str(n)).encode() for n in range(RECORDS)
    ]


def _in_review(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return what writes a file into a small review and reads it there."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for path in MINIMAL.rglob("*"):
        if path.is_file():
            goal = folder / path.relative_to(MINIMAL)
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(path.read_bytes())

    def feed_file(content: bytes) -> object:
        (folder / name).write_bytes(content)
        return read(folder)

    return feed_file


def _read_chapter(root: Path) -> object:
    chapter = root / "chapters" / "findings.ipynb"
    with suppress(ReportError):
        tidy_file(chapter, root)
    return read_notebook(chapter, root)


def _reads(file: str) -> Callable[[bytes], object]:
    return lambda content: parse_records(content, file)


def _csl() -> tuple[bytes, list[bytes], bytes]:
    item = {"id": "kNUMBER", "type": "article-journal", "title": "On WORD and others",
            "author": [{"family": "Field", "given": "Ann"}], "issued": {"date-parts": [[2020, 1]]},
            "DOI": "10.1000/NUMBER"}  # fmt: skip
    records = _records(json.dumps(item, indent=1))
    return b"[", [*(each + b",\n" for each in records[:-1]), records[-1]], b"]"


READERS: dict[str, Reader] = {
    "notebook": Reader(
        [(MINIMAL / "chapters/findings.ipynb").read_bytes()],
        _in_review("chapters/findings.ipynb", _read_chapter),
        ("notebooks/document.py", "notebooks/source.py", "tidy.py"),
    ),
    "config": Reader(
        [(MINIMAL / "_quarto.yml").read_bytes(), (ROOT / "_quarto.yml").read_bytes()],
        _in_review("_quarto.yml", load_config),
        ("config/reader.py", "config/chapters.py", "config/settings.py", "shapes.py", "yaml.py"),
    ),
    "brand": Reader(
        [(ROOT / "_extensions/reviewpress/_brand.yml").read_bytes()],
        _in_review("_brand.yml", lambda root: find_extension(root).brand(root)),
        ("brand.py", "shapes.py"),
    ),
    "yaml": Reader(
        [(ROOT / "data/searches.yml").read_bytes(), (ROOT / "data/forms/mmat.yml").read_bytes()],
        lambda content: load_yaml(content.decode("utf-8", "replace")),
        ("yaml.py", "shapes.py"),
    ),
    "schema": Reader(
        [(ROOT / "data/schema.yml").read_bytes(), (MINIMAL / "data/schema.yml").read_bytes()],
        _in_review("data/schema.yml", lambda root: read_schema(root / "data/schema.yml", root)),
        ("tables/schema.py", "shapes.py"),
    ),
    "csv": Reader(
        [], _reads("a.csv"), ("imports/tables.py", "imports/readers.py"),
        (b"Title,Authors,Year,DOI\n",
         _records('"On WORD, and others","Field, Ann; Low, Bo",2020,10.1000/NUMBER\n'), b""),
    ),
    "ris": Reader(
        [], _reads("a.ris"), ("imports/ris.py", "imports/readers.py"),
        (b"", _records("TY  - JOUR\nTI  - On WORD and others\nAU  - Field, Ann\nPY  - 2020\n"
                       "DO  - 10.1000/NUMBER\nER  - \n\n"), b""),
    ),
    "nbib": Reader(
        [], _reads("a.nbib"), ("imports/nbib.py", "imports/readers.py"),
        (b"", _records("PMID- 10NUMBER\nTI  - On WORD and\n      others.\nFAU - Field, Ann\n"
                       "DP  - 2020 Jan\nPT  - Journal Article\n\n"), b""),
    ),
    "endnote": Reader(
        [], _reads("a.xml"), ("imports/endnote.py", "imports/readers.py"),
        (b'<?xml version="1.0" encoding="UTF-8"?><xml><records>',
         _records('<record><ref-type name="Journal Article">17</ref-type><contributors><authors>'
                  "<author>Field, Ann</author></authors></contributors><titles><title>On WORD and"
                  " others</title></titles><dates><year>2020</year></dates></record>"),
         b"</records></xml>"),
    ),
    "bibtex": Reader(
        [], _reads("a.bib"), ("imports/bibtex.py", "bibliography/bibtex.py"),
        (b"", _records("@article{kNUMBER,\n  title = {On {WORD} and others},\n  author = {Field,"
                       " Ann and Low, Bo},\n  year = 2020,\n  doi = {10.1000/NUMBER}\n}\n\n"), b""),
    ),
    "csl": Reader([], _reads("a.json"), ("imports/csl.py", "imports/readers.py"), _csl()),
}  # fmt: skip
"""Each reader by its name."""


if __name__ == "__main__":
    main()
