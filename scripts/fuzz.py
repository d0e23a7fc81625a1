#!/usr/bin/env python
"""Feed every reader with spoiled files, and look at what becomes of them.

    make fuzz                                   an hour, shared out among the readers
    make fuzz ARGS="--seconds 60 ris yaml"      a minute for two of them
    make fuzz ARGS="--seeds exports ris"        with more good files, from a folder of your own

A reader may refuse a file with a message; it may not end in another exception, take more than ten
seconds, or lose a record without a word: a record whose title is still in the spoiled file has to
be among those that were read, or in the words of a rejection. What is found is kept in
`.reviewpress/fuzz/`, named reader-exception-number.

A format that can be imported is a reader here without being listed: it is among
`reviewpress.imports.readers.reader_modules()`, and needs a good file in `tests/fuzz_seeds/` and a
row in `COUNTS`. Any other reader registers itself with `add_reader`.
"""

import argparse
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from spoiling import (
    Spoil,
    make_workbook,
    rewrite,
    rows_of,
    spoil_bytes,
    spoil_json,
    spoil_lines,
    spoil_rows,
    spoil_workbook,
    spoil_yaml,
    text_of,
)

from reviewpress.bibliography import ADDITIONAL, INCLUDED, Entry, load_bibliography, normalise
from reviewpress.config import load_config
from reviewpress.errors import ReportError
from reviewpress.evidence.searches import read_searches
from reviewpress.extension import find_extension
from reviewpress.imports.readers import parse_records, reader_modules
from reviewpress.imports.records import Reading
from reviewpress.notebooks.source import parameters_of, read_notebook
from reviewpress.tables.reader import read_table
from reviewpress.tables.schema import read_schema
from reviewpress.tidy import tidy_file
from reviewpress.yaml import load_yaml

ROOT = Path(__file__).resolve().parents[1]
MINIMAL = ROOT / "tests" / "projects" / "minimal"
SEEDS = ROOT / "tests" / "fuzz_seeds"
LONGEST = 10
_TITLE_WORD = re.compile(r"\b[a-z]{6,}\b")
COUNTS: dict[str, bytes] = {
    "RIS": rb"(?m)^TY  - ",
    "NBIB": rb"(?m)^PMID- ",
    "EndNote XML": rb"<record>",
    "PubMed XML": rb"<Pubmed(?:Book)?Article>",
    "Web of Science": rb"(?m)^PT ",
    "EndNote tagged": rb"(?m)^%0 ",
    "RefWorks": rb"(?m)^RT ",
    "Ovid text": rb"(?m)^<\d+>$",
    "BibTeX": rb"(?im)^@(?!string|preamble|comment)\w+\s*[{(]",
    "CSL JSON": rb'"id":',
    "CSV": rb"(?m)#\d+$",
    "spreadsheet": rb"<row>(?!\n<c [^>]*><is><t>Article Title)",
}
"""What begins a record in the good files of each format, counted without its reader."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader to feed: good files, what reads one, the modules whose lines are counted.

    `spoil` are the ways of spoiling that fit its files. Where `count` is set, it reads records,
    and says how many a good file has.
    """

    seeds: Sequence[bytes]
    read: Callable[[bytes], object]
    modules: tuple[str, ...]
    spoil: Sequence[Spoil] = (spoil_bytes, spoil_lines)
    count: Callable[[bytes], int] | None = None


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


READERS: dict[str, Reader] = {}
"""Each reader by its name."""


def add_reader(name: str, reader: Reader) -> None:
    """Have a reader fed by `make fuzz` and by the tests."""
    assert name not in READERS, f"there are two readers called {name}"
    READERS[name] = reader


def main() -> None:
    """Feed the readers that are named, or all, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--seconds", type=float, default=3600)
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
                if _slug(reading.format).endswith(name) and not reading.rejected:
                    found.append(path.read_bytes())
    return found


def fuzz(
    name: str, seconds: float, seed: int, *, kept: Path | None = None, more: Sequence[bytes] = ()
) -> Outcome:
    """Feed one reader for so many seconds."""
    reader, outcome, chance = READERS[name], Outcome(), random.Random(f"{seed}-{name}")
    end = time.monotonic() + seconds
    seeds = [*reader.seeds, *more]
    titles = [titles_of(reader, content) for content in seeds]
    seen: set[str] = set()
    while time.monotonic() < end or not outcome.files:
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
    """Raise TooLong after so many seconds of processor time, where the system counts them."""

    def stop(*_: object) -> None:
        raise TooLong

    if not hasattr(signal, "setitimer"):
        yield
        return
    # Not by the clock on the wall: on a busy machine that would tell of the others.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


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


@cache
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    """Return the folder for the small reviews, which goes when the program ends."""
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def _in_review(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return what writes a file into a small review and reads it there."""

    @cache
    def review() -> Path:
        folder = Path(tempfile.mkdtemp(dir=_scratch().name))
        for path in MINIMAL.rglob("*"):
            if path.is_file():
                goal = folder / path.relative_to(MINIMAL)
                goal.parent.mkdir(parents=True, exist_ok=True)
                goal.write_bytes(path.read_bytes())
        return folder

    def feed_file(content: bytes) -> object:
        (review() / name).write_bytes(content)
        return read(review())

    return feed_file


def _read_chapter(root: Path) -> object:
    chapter = root / "chapters" / "findings.ipynb"
    with suppress(ReportError):
        tidy_file(chapter, root)
    return parameters_of(read_notebook(chapter, root))


def _read_references(root: Path) -> object:
    """Read a bibliography, and all that pages and checks ask of an entry."""
    bibliography = load_bibliography(root / "bib/references.bib")
    asked = [name for name, each in vars(Entry).items() if isinstance(each, property)]
    for entry in bibliography:
        assert bibliography[entry.key] is entry
        _ = [getattr(entry, name) for name in asked], bibliography.where(entry)
        _ = normalise(entry.title), [(str(name), name.bibtex) for name in entry.authors]
    return [bibliography.group(name) for name in (INCLUDED, ADDITIONAL)]


def _read_papers(root: Path) -> object:
    table = read_schema(MINIMAL / "data/schema.yml", MINIMAL).tables["papers"]
    return read_table(root / "data/papers.csv", table, root)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _add_formats() -> None:
    """Add a reader for each format that can be imported."""
    for kind, module in reader_modules().items():
        name = _slug(kind)
        paths = sorted(SEEDS.glob(f"{name}.*"))
        seeds = [path.read_bytes() for path in paths]
        spoil: tuple[Spoil, ...] = (spoil_bytes, spoil_lines)
        if kind == "spreadsheet":
            seeds = [make_workbook(rows_of(path.read_bytes())) for path in paths]
            spoil = (spoil_workbook, spoil_rows)
        elif paths and paths[0].suffix == ".json":
            spoil = (*spoil, spoil_json)
        modules = (module, "imports/readers.py", "imports/records.py")
        add_reader(name, Reader(seeds, _importer(name), modules, spoil, _counter(kind)))


def _importer(name: str) -> Callable[[bytes], Reading]:
    return lambda content: parse_records(content, f"export-{name}")


def _counter(kind: str) -> Callable[[bytes], int]:
    return lambda content: len(re.findall(COUNTS[kind], text_of(content)))


_add_formats()
add_reader("notebook", Reader(
    [(MINIMAL / "chapters/findings.ipynb").read_bytes(), (SEEDS / "options.ipynb").read_bytes()],
    _in_review("chapters/findings.ipynb", _read_chapter),
    ("notebooks/document.py", "notebooks/source.py", "tidy.py"),
    (spoil_json, spoil_json, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("config", Reader(
    [(MINIMAL / "_quarto.yml").read_bytes(), (ROOT / "_quarto.yml").read_bytes()],
    _in_review("_quarto.yml", load_config),
    ("config/reader.py", "config/chapters.py", "config/settings.py", "shapes.py", "yaml.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("brand", Reader(
    [(ROOT / "_extensions/reviewpress/_brand.yml").read_bytes()],
    _in_review("_brand.yml", lambda root: find_extension(root).brand(root)),
    ("brand.py", "shapes.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("yaml", Reader(
    [(ROOT / "data/searches.yml").read_bytes(), (ROOT / "data/forms/mmat.yml").read_bytes()],
    lambda content: load_yaml(content.decode("utf-8", "replace")),
    ("yaml.py", "shapes.py"),
))  # fmt: skip
add_reader("searches", Reader(
    [(ROOT / "data/searches.yml").read_bytes()],
    _in_review("data/searches.yml", lambda root: read_searches(root / "data/searches.yml", root)),
    ("evidence/searches.py", "yaml.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("schema", Reader(
    [(ROOT / "data/schema.yml").read_bytes(), (MINIMAL / "data/schema.yml").read_bytes()],
    _in_review("data/schema.yml", lambda root: read_schema(root / "data/schema.yml", root)),
    ("tables/schema.py", "shapes.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("table", Reader(
    [(MINIMAL / "data/papers.csv").read_bytes()],
    _in_review("data/papers.csv", _read_papers),
    ("tables/reader.py", "tables/cells.py"),
    (spoil_bytes, spoil_lines, rewrite),
))  # fmt: skip
add_reader("bibliography", Reader(
    [(SEEDS / "bibtex.bib").read_bytes(), (MINIMAL / "bib/references.bib").read_bytes()],
    _in_review("bib/references.bib", _read_references),
    ("bibliography/bibtex.py", "bibliography/entries.py", "bibliography/latex.py"),
))  # fmt: skip


if __name__ == "__main__":
    main()
