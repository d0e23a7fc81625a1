"""Measure duplicate detection beside its peers, on the labelled pairs of the repository.

    python scripts/bench_duplicates.py
    python scripts/bench_duplicates.py --records set.csv

The peers are libraries from PyPI, in an environment of their own under .reviewpress/bench/. Each
says of every labelled pair whether it is one publication, without regard to the other pairs. With
`--records`, a table of records is measured in their stead: its columns are `title`, `author`,
`year`, `journal`, `volume`, `number`, `pages`, `doi`, `abstract`, and `work`, which two records of
one publication have in common. So sets that may not be published can be tried too.
"""

import argparse
import csv
import json
import runpy
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bench_peers import peers_python, record, stamp

from reviewpress.bibliography import Entry
from reviewpress.imports.index import Index
from reviewpress.imports.people import read_name
from reviewpress.imports.record_numbers import are_record_numbers, set_number_aside
from reviewpress.imports.records import make_entry
from reviewpress.imports.traits import traits_of

HERE = Path(__file__).resolve().parent
PEERS = ("bib-dedupe==0.11.0", "deduplicate-it==1.2.0")
FIELDS = ("title", "author", "year", "journal", "volume", "number", "pages", "doi", "abstract")


class Labelled(NamedTuple):
    """Records, and pairs of their positions, each with whether it is one publication."""

    name: str
    entries: list[Entry]
    pairs: dict[tuple[int, int], bool]


class Found(NamedTuple):
    """What a tool took for one publication, what it was unsure of, and how long it took."""

    merged: set[tuple[int, int]]
    unsure: set[tuple[int, int]]
    seconds: float


def main() -> None:
    """Print precision and recall of each tool on each set as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--records", type=Path, nargs="*", default=[], help="tables of records")
    given = parser.parse_args()
    if given.records:
        print(compare([_table_of(path) for path in given.records]))
        return
    versions = (peer.replace("==", " ") for peer in PEERS)
    record("duplicates", f"{stamp(*versions)}\n\n{compare(list(committed()))}")


def compare(sets: list[Labelled]) -> str:
    """Return a Markdown table of what each tool finds in each set."""
    lines = [
        "| Set | tool | precision | recall | or shown | unsure | seconds |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    python = peers_python(*PEERS)
    for one in sets:
        tools = {"reviewpress": find(one)}
        for peer in PEERS:
            name = peer.partition("=")[0]
            tools[name] = _peer(python, name, one)
        lines += [f"| {one.name} | {tool} | {row(found, one)} |" for tool, found in tools.items()]
    return "\n".join(lines)


def row(found: Found, labelled: Labelled) -> str:
    """Return the cells of what a tool found: precision, recall, or shown, unsure, seconds."""
    same = {pair for pair, one in labelled.pairs.items() if one}
    counted = found.merged & labelled.pairs.keys() if labelled.pairs else found.merged
    right = len(counted & same)
    shown = len((counted | found.unsure) & same)
    shares = ((right, len(counted)), (right, len(same)), (shown, len(same)))
    cells = [f"{part / whole:.3f}" if whole else "–" for part, whole in shares]
    return " | ".join([*cells, str(len(found.unsure)), f"{found.seconds:.1f}"])


def committed() -> Iterator[Labelled]:
    """Yield the labelled pairs of the repository."""
    measure = runpy.run_path(str(HERE / "measure_duplicates.py"))
    for name in measure["SETS"]:
        entries, pairs = list[Entry](), dict[tuple[int, int], bool]()
        for label, _, one, other in measure["labelled"](name):
            pairs[len(entries), len(entries) + 1] = label == "same"
            entries += [one, other]
        yield Labelled(name, entries, pairs)


def _table_of(path: Path) -> Labelled:
    """Read a table of records; every two of them are a pair."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    entries = []
    for row in rows:
        texts = {name: row.get(name) or "" for name in FIELDS}
        people = [read_name(name) for name in texts.pop("author").split(" and ") if name]
        entries.append(make_entry("article", texts, people))
    if are_record_numbers(entries):
        entries = [set_number_aside(entry) for entry in entries]
    works = [row["work"] for row in rows]
    same = {pair for pair in combinations(range(len(rows)), 2) if works[pair[0]] == works[pair[1]]}
    return Labelled(path.stem, entries, _Pairs(same))


class _Pairs(dict[tuple[int, int], bool]):
    """All pairs of a table, of which only those of one work are kept."""

    def __init__(self, same: set[tuple[int, int]]) -> None:
        super().__init__(dict.fromkeys(same, True))

    def __bool__(self) -> bool:
        return False


def find(labelled: Labelled) -> Found:
    """Return what Reviewpress takes for one publication: of each pair, or in the whole table."""
    start = time.perf_counter()
    if labelled.pairs:
        said = {pair: _verdict(*(labelled.entries[place] for place in pair))
                for pair in labelled.pairs}  # fmt: skip
        merged = {pair for pair, verdict in said.items() if verdict == "same"}
        unsure = {pair for pair, verdict in said.items() if verdict in ("unsure", "related")}
        return Found(merged, unsure, time.perf_counter() - start)
    index, clusters = Index(), dict[str, list[int]]()
    likes = list[tuple[str, str]]()
    for place, entry in enumerate(labelled.entries):
        traits = traits_of(entry)
        match = index.find(traits)
        key = match.key if match and match.verdict == "same" else str(place)
        clusters.setdefault(key, []).append(place)
        if key != str(place):
            index.add(index.variants[key][0], traits)
            continue
        index.add(replace(traits, key=key))
        if match:
            likes.append((key, match.key))
    merged = {pair for found in clusters.values() for pair in combinations(found, 2)}
    unsure = {
        (min(one, other), max(one, other))
        for first, second in likes
        for one in clusters[first]
        for other in clusters[second]
    }
    return Found(merged, unsure, time.perf_counter() - start)


def _verdict(one: Entry, other: Entry) -> str:
    index = Index()
    index.add(traits_of(replace(one, key="one")))
    match = index.find(traits_of(other))
    return match.verdict if match else "different"


def _peer(python: Path, name: str, labelled: Labelled) -> Found:
    records = [
        {field: entry.text(field) for field in FIELDS} | {"author": entry.fields.get("author", "")}
        for entry in labelled.entries
    ]
    pairs = [list(pair) for pair in labelled.pairs] if labelled.pairs else None
    asked = json.dumps({"tool": name, "records": records, "pairs": pairs})
    answer = subprocess.run(
        [str(python), "-W", "ignore", str(HERE / "bench_duplicates_peer.py")],
        input=asked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(answer.stdout.splitlines()[-1])
    counts = Counter({kind: len(told[kind]) for kind in ("merged", "unsure")})
    print(f"  {name}, {labelled.name}: {dict(counts)}", file=sys.stderr)
    merged, unsure = ({(a, b) for a, b in told[kind]} for kind in ("merged", "unsure"))
    return Found(merged, unsure, told["seconds"])


if __name__ == "__main__":
    main()
