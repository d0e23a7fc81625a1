#!/usr/bin/env python
"""Feed every reader with spoiled files, and look at what becomes of them.

    make fuzz                                   an hour of processor time, shared out
    make fuzz ARGS="--seconds 60 ris yaml"      a minute of it for two of the readers
    make fuzz ARGS="--seeds exports ris"        with more good files, from a folder of your own

A reader may refuse a file with a message; it may not end in another exception, take more than ten
seconds (of processor time, or of waiting), or lose a record without a word: a record whose title is
still in the spoiled file has to be among those that were read, or in the words of a rejection. What
is found is kept in `.reviewpress/fuzz/`, named reader-exception-number.

A format that can be imported is a reader here without being listed: it is among
`reviewpress.imports.readers.reader_modules()`, and needs a good file in `tests/fuzz_seeds/` and a
row in `COUNTS`. Any other is a row of `scripts/fuzz_readers.py`: a test fails for a module that
reads a kind of file and is in no row.
"""

import argparse
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from fuzz_readers import READERS, Reader, slug
from spoiling import rewrite, text_of

from reviewpress.errors import ReportError
from reviewpress.imports.records import Reading

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 10
_IDLE = 0.001
"""Seconds of processor time that whoever does anything has used after a second, on any machine."""
_TITLE_WORD = re.compile(r"\b[a-z]{6,}\b")


@dataclass(frozen=True, slots=True)
class Title:
    """A record's title in a good file: its number, a word that nothing else there has, and the
    line as far as that word.
    """

    number: int
    word: str
    line: str


@dataclass(slots=True)
class Outcome:
    """What became of one reader's files; `followed` counts the titles that were looked for."""

    files: int = 0
    refused: int = 0
    followed: int = 0
    found: list[str] = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)


class TooLong(BaseException):
    """A file that takes more than ten seconds."""


def main() -> None:
    """Feed the readers that are named, or all, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--seconds", type=float, default=3600, help="of processor time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, help="a folder with more good files")
    given = parser.parse_args()
    names = given.readers or list(READERS)
    total = 0
    for name in names:
        more = good_files(given.seeds, name) if given.seeds else ()
        seconds = given.seconds / len(names)
        outcome = fuzz(name, seconds, given.seed, kept=ROOT / ".reviewpress/fuzz", more=more)
        total += len(outcome.found)
        print(describe(name, outcome), flush=True)
    sys.exit(1 if total else 0)


def good_files(folder: Path, name: str) -> list[bytes]:
    """Return the files below a folder that a reader of records reads whole."""
    reader, found = READERS[name], []
    for path in sorted(folder.rglob("*")) if reader.count is not None else ():
        if path.is_file() and 0 < path.stat().st_size < 30_000:
            with suppress(ReportError):
                reading = reader.read(path.read_bytes())
                assert isinstance(reading, Reading)
                if slug(reading.format).endswith(name) and not reading.rejected:
                    found.append(path.read_bytes())
    return found


def fuzz(
    name: str, seconds: float, seed: int, *, kept: Path | None = None, more: Sequence[bytes] = ()
) -> Outcome:
    """Feed one reader for so many seconds of processor time."""
    reader, outcome, chance = READERS[name], Outcome(), random.Random(f"{seed}-{name}")
    end = time.process_time() + seconds
    seeds = [*reader.seeds, *more]
    titles = [titles_of(reader, content) for content in seeds]
    seen: set[str] = set()
    while time.process_time() < end or not outcome.files:
        at = chance.randrange(len(seeds))
        # What a second damage makes of a record that has one already, nobody can follow.
        most = chance.choice((1, 1, 4))
        content = chance.choice(reader.spoil)(seeds[at], chance, most)
        if chance.random() < 0.05 and reader.count is not None:
            content = rewrite(content, chance)
        outcome.files += 1
        # Following every line is slow: every eighth file is enough.
        with follow(reader.modules, outcome.lines, on=outcome.files % 8 == 1):
            problem = feed(reader, content, titles[at] if most == 1 else [], outcome)
        if problem and problem not in seen:
            seen.add(problem)
            outcome.found.append(problem)
            if kept is not None:
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{name}-{problem.split(':')[0]}-{len(seen)}").write_bytes(content)
    return outcome


def feed(reader: Reader, content: bytes, titles: Sequence[Title], outcome: Outcome) -> str:
    """Give a file to a reader; return what is wrong, empty where all is well."""
    try:
        with in_time(LONGEST):
            reading = reader.read(content)
    except ReportError as error:
        outcome.refused += 1
        return "" if error.problems[0].message.strip() else "Silent: a refusal without a message"
    except TooLong:
        return "TooLong: more than ten seconds"
    except Exception as error:
        return f"{type(error).__name__}: {place_of(error)}"
    if reader.count is None or not isinstance(reading, Reading):
        return ""
    lost = lost_titles(reading, content, titles, outcome)
    return f"Lost: {len(lost)} of {len(titles)}, and {len(reading.rejected)} rejected" * bool(lost)


def titles_of(reader: Reader, content: bytes) -> list[Title]:
    """Return the titles of a good file's records that can be followed.

    Raises ValueError where the reader does not find as many records as stand there.
    """
    if reader.count is None:
        return []
    reading = reader.read(content)
    assert isinstance(reading, Reading)
    told = len(reading.records) + len(reading.rejected)
    if content in reader.seeds and told != reader.count(content):
        raise ValueError(f"{told} records were read, {reader.count(content)} stand there")
    text = text_of(content).decode("utf-8", "replace")
    words = Counter(re.findall(r"[A-Za-z]+", text))
    found = []
    for record in reading.records:
        for word in _TITLE_WORD.findall(record.title):
            if words[word] == 1:
                at = text.index(word)
                line = text[text.rfind("\n", 0, at) + 1 : at + len(word)].strip()
                found.append(Title(record.number, word, line))
                break
    return found


def lost_titles(
    reading: Reading, content: bytes, titles: Sequence[Title], outcome: Outcome
) -> list[str]:
    """Return the words of titles that a spoiled file still has and that nothing tells of.

    A rejection accounts for the record of its number, or of its title, and for those after it up to
    the next that was read: where an end is lost, they have become part of it. A file of which
    nothing was read has been refused.
    """
    text = text_of(content).decode("utf-8", "replace")
    still = sorted(
        ((text.index(one.line), one) for one in titles if one.line in text), key=lambda at: at[0]
    )
    outcome.followed += len(still)
    if not reading.records and (reading.rejected or reading.remarks):
        return []
    read = repr(reading.records)
    reasons = [f"{one.title} {one.reason}" for one in reading.rejected]
    numbers = {one.number for one in reading.rejected}
    lost, is_named = [], False
    for _, one in still:
        is_read = one.word in read
        is_told = one.number in numbers or any(one.word in reason for reason in reasons)
        is_named = not is_read and (is_told or is_named)
        if not is_read and not is_named:
            lost.append(one.word)
    return lost


def describe(name: str, outcome: Outcome) -> str:
    """Say what became of a reader's files, and how much of the reader they went through."""
    shares = []
    for path, lines in _lines_of(READERS[name].modules).items():
        gone = sum(file == path for file, _ in outcome.lines)
        shares.append(f"{Path(path).name} {round(100 * gone / max(1, len(lines)))} %")
    titles = f", {outcome.followed:,} titles followed" if outcome.followed else ""
    head = f"{name:<14} {outcome.files:>9,} files, {outcome.refused:>9,} refused{titles}"
    return "\n".join([f"{head}; {', '.join(shares)}", *(f"    {each}" for each in outcome.found)])


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
    """Raise TooLong after so many seconds of processor time, or of waiting without using any.

    By the clock on the wall alone, a busy machine would count the seconds of other programs.
    """

    used, idle = time.process_time(), 0

    def stop(*_: object) -> None:
        raise TooLong

    def look(*_: object) -> None:
        nonlocal used, idle
        now = time.process_time()
        idle = idle + 1 if now - used < _IDLE else 0
        used = now
        if idle >= seconds:
            raise TooLong

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = [signal.signal(signal.SIGPROF, stop), signal.signal(signal.SIGALRM, look)]
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before[0])
        signal.signal(signal.SIGALRM, before[1])


@contextmanager
def follow(modules: Sequence[str], lines: set[tuple[str, int]], *, on: bool) -> Iterator[None]:
    """Note the lines of some modules that are executed."""
    if not on:
        yield
        return
    files = _lines_of(modules)

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and frame.f_lineno in files[frame.f_code.co_filename]:
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


@cache
def _lines_of(modules: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """Return the lines inside functions of some modules, by file."""
    found = {}
    for name in modules:
        path = ROOT / "src" / "reviewpress" / name
        code = compile(path.read_text("utf-8"), str(path), "exec")
        found[str(path)] = frozenset(_function_lines(code))
    return found


def _function_lines(code: CodeType) -> Iterator[int]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            lines = [line for *_, line in inner.co_lines() if line]
            yield from (line for line in lines if line != inner.co_firstlineno)
            yield from _function_lines(inner)


if __name__ == "__main__":
    main()
