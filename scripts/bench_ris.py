"""Measure how much of RIS exports is read, beside rispy.

    python scripts/bench_ris.py

The exports are those of `tests/generators/ris_exports.py`: made-up works in the kinds that
databases and people write. A record is right if its title, its year, the family name of its first
author and its DOI are. rispy is in an environment of its own under .reviewpress/bench/, and is
told the encoding of each file, which Reviewpress finds out.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypedDict

from bench_peers import peers_python, record, stamp

from reviewpress.bibliography import Entry
from reviewpress.errors import ReportError
from reviewpress.imports.readers import parse_records

HERE = Path(__file__).resolve().parent
PEER = "rispy==0.10.0"
RECORDS = 20_000
Key = tuple[str, str, str, str]


class _Answer(TypedDict):
    """What rispy read of a file: how many records, in how many seconds, and their fields."""

    count: int
    seconds: float
    found: list[dict[str, str]]


def main() -> None:
    """Print how many records of each kind each of the two reads right; write it into the page."""
    version = PEER.replace("==", " ")
    record("ris", "\n\n".join([stamp(version), ris_table(), times()]))


def ris_table() -> str:
    """Return a Markdown table of the records that were read right, by kind of export."""
    rows, totals = [], [0, 0, 0]
    for what, content, encoding, works in exports():
        ours, theirs = read_right(content, works), _peer(content, encoding, works)
        rows.append(f"| {what} | {ours} | {theirs} |")
        totals = [sum(pair) for pair in zip(totals, (ours, theirs, len(works)), strict=True)]
    head = ["| How an export is written | Reviewpress | rispy |", "| --- | ---: | ---: |"]
    return "\n".join([*head, *rows, f"| **of {totals[2]} records** | {totals[0]} | {totals[1]} |"])


def exports() -> Iterable[tuple[str, bytes, str, set[Key]]]:
    """Yield each kind of export: what is particular, content, encoding, and what it holds."""
    made = _generator("ris_exports")
    works = made.made_up_works()
    for kind in made.KINDS:
        held = made.with_accents(works) if kind in made.ACCENTED else works
        encoding = made.ENCODINGS.get(kind, "utf-8")
        yield kind.__doc__, kind(works), encoding, {_key(**_named(work)) for work in held}


def read_right(content: bytes, works: set[Key]) -> int:
    """Return how many of the works Reviewpress reads."""
    try:
        found = parse_records(content, "export.ris").records
    except ReportError:
        return 0
    return len(works & {_key_of(each.entry) for each in found})


def times() -> str:
    """Say what both take for a large export."""
    with tempfile.TemporaryDirectory() as folder:
        path = _generator("large_export").make_export(Path(folder) / "export.ris", RECORDS)
        start = time.process_time()
        count = len(parse_records(path.read_bytes(), "export.ris").records)
        seconds = time.process_time() - start
        answer = _ask({"path": str(path), "encoding": "utf-8", "records": False})
    return (
        f"Of an export of {RECORDS:,} records as the description has it, Reviewpress reads "
        f"{count:,} in {seconds:.1f} s of processor time, and rispy {answer['count']:,} in "
        f"{answer['seconds']:.1f} s."
    )


def _named(work: Mapping[str, str]) -> dict[str, str]:
    return {"title": work["title"], "year": work["year"], "author": work["author"],
            "doi": work["doi"]}  # fmt: skip


def _key(title: str, year: str, author: str, doi: str) -> Key:
    """Return what makes a record right, without what is a matter of taste.

    Blanks, capitals, the address before a DOI, and what follows the year do not count.
    """
    family = author.partition(",")[0]
    bare = re.sub(r"^https?://(dx\.)?doi\.org/", "", doi.strip().lower())
    return " ".join(title.split()).casefold(), year.strip()[:4], family.strip().casefold(), bare


def _key_of(entry: Entry) -> Key:
    family = entry.authors[0].family if entry.authors else ""
    return _key(entry.title, str(entry.year or ""), family, entry.text("doi"))


def _peer(content: bytes, encoding: str, works: set[Key]) -> int:
    with tempfile.NamedTemporaryFile(suffix=".ris") as file:
        Path(file.name).write_bytes(content)
        answer = _ask({"path": file.name, "encoding": encoding, "records": True})
    return len(works & {_key(**found) for found in answer["found"]})


def _ask(question: Mapping[str, object]) -> _Answer:
    answer = subprocess.run(
        [str(peers_python(PEER)), "-W", "ignore", str(HERE / "bench_ris_peer.py")],
        input=json.dumps(question), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: _Answer = json.loads(answer.stdout.splitlines()[-1])
    return told


@cache
def _generator(name: str) -> ModuleType:
    folder = str(HERE.parent / "tests" / "generators")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return __import__(name)


if __name__ == "__main__":
    main()
