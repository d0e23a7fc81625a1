"""Ask a library which records are duplicates; runs in the peers' environment.

Reads records, pairs of their positions (or null for all) and the name of the tool as JSON, and
prints the pairs that it merges, those that it leaves to people, and the seconds.
"""

import json
import sys
import time
from importlib import import_module
from itertools import combinations

Pair = tuple[int, int]
Said = tuple[set[Pair], set[Pair]]
Records = list[dict[str, str]]


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    pairs = None if asked["pairs"] is None else {_pair(*pair) for pair in asked["pairs"]}
    start = time.perf_counter()
    tool = {"bib-dedupe": bib_dedupe, "deduplicate-it": deduplicate_it}[asked["tool"]]
    merged, unsure = tool(asked["records"], pairs)
    seconds = time.perf_counter() - start
    answer = {"merged": sorted(merged), "unsure": sorted(unsure), "seconds": seconds}
    print(json.dumps(answer))


def bib_dedupe(records: Records, pairs: set[Pair] | None) -> Said:
    """Match the pairs as the library would; without pairs, cluster as it does."""
    library, frames = import_module("bib_dedupe.bib_dedupe"), import_module("pandas")
    rows = [
        {"ID": str(place), "ENTRYTYPE": "article", **record}
        for place, record in enumerate(records)
        if record["title"].strip()
    ]
    found = library.block(library.prep(frames.DataFrame(rows), cpu=1), cpu=1)
    if pairs is not None:
        both = zip(found.ID_1, found.ID_2, strict=True)
        found = found[[_pair(one, other) in pairs for one, other in both]]
    matched = library.match(found, cpu=1)
    labels: dict[str, set[Pair]] = {"duplicate": set(), "maybe": set()}
    three = zip(matched.ID_1, matched.ID_2, matched.duplicate_label, strict=True)
    for one, other, label in three:
        labels.setdefault(label, set()).add(_pair(one, other))
    if pairs is not None:
        return labels["duplicate"], labels["maybe"]
    clusters = library.cluster(matched)
    merged = {_pair(*pair) for found in clusters for pair in combinations(found, 2)}
    return merged, labels["maybe"] - merged


def deduplicate_it(records: Records, pairs: set[Pair] | None) -> Said:
    """Compare both halves of its compound key: the normalised DOI and the normalised title."""
    core = import_module("deduplicate_it.core")
    found: dict[tuple[str, str], list[int]] = {}
    for place, record in enumerate(records):
        key = core.normalize_doi(record["doi"]), core.normalize_title(record["title"])
        if all(key):
            found.setdefault(key, []).append(place)
    merged = {pair for places in found.values() for pair in combinations(places, 2)}
    return merged if pairs is None else merged & pairs, set()


def _pair(one: str | int, other: str | int) -> Pair:
    first, second = sorted((int(one), int(other)))
    return first, second


if __name__ == "__main__":
    main()
