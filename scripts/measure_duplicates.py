"""Measure how well duplicates are recognised, on labelled pairs; print the tables of the docs.

    python scripts/measure_duplicates.py

docs/explanation/recognising-duplicates.md shows what this prints; a test compares the two.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reviewpress.bibliography import Entry, split_names
from reviewpress.imports.index import Index
from reviewpress.imports.records import make_entry
from reviewpress.imports.traits import traits_of

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
SETS = {
    "Set by": "duplicates.csv",
    "Looked at": "duplicates_looked_at.csv",
    "Held out": "duplicates_held_out.csv",
    "Kinds of real exports": "duplicates_kinds.csv",
}
FIELDS = (
    "title",
    "author",
    "year",
    "journal",
    "volume",
    "number",
    "pages",
    "doi",
    "abstract",
    "note",
)
Found = Counter[tuple[str, str]]


def labelled(name: str) -> Iterator[tuple[str, str, Entry, Entry]]:
    """Yield each pair of a set: its label, why it is in, and the two records."""
    with (DATA / SETS[name]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = (_entry(row, side) for side in ("1", "2"))
            yield row["label"], row["why"], one, other


def verdict(one: Entry, other: Entry) -> str:
    """Return the verdict as an import reaches it: through the index's blocks."""
    index = Index()
    index.add(traits_of(one))
    match = index.find(traits_of(other))
    return match.verdict if match else "different"


def measure(name: str) -> tuple[Found, dict[tuple[str, str], Counter[str]]]:
    """Count labels with verdicts, over a set and by kind of pair."""
    found, kinds = Found(), dict[tuple[str, str], Counter[str]]()
    for label, why, one, other in labelled(name):
        said = verdict(one, other)
        found[label, said] += 1
        kinds.setdefault((label, why), Counter())[said] += 1
    return found, kinds


def precision(found: Found) -> float:
    """Return the share of one publication's pairs among the pairs that were merged."""
    return found["same", "same"] / sum(
        found[label, "same"] for label in ("same", "different", "study")
    )


def recall(found: Found, *, unsure: bool = False) -> float:
    """Return the share of one publication's pairs that were merged (or, with `unsure`, shown)."""
    shown = found["same", "unsure"] + found["same", "related"]
    kept = found["same", "same"] + (shown if unsure else 0)
    return kept / sum(count for (label, _), count in found.items() if label == "same")


def summary_table() -> str:
    """Return precision and recall of each set as a Markdown table."""
    lines = [
        "| Pairs | one work | two works | precision | recall | or shown |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in SETS:
        found, _ = measure(name)
        counts = Counter({"same": 0, "different": 0})
        for (label, _), count in found.items():
            counts["same" if label == "same" else "different"] += count
        shares = (precision(found), recall(found), recall(found, unsure=True))
        cells = [name, str(counts["same"]), str(counts["different"]), *(f"{s:.2f}" for s in shares)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def kinds_table(name: str) -> str:
    """Return what became of each kind of pair of a set as a Markdown table."""
    lines = [
        "| Label | How the second record differs | merged | unsure | one study | apart |",
        "| ----- | ---------------------------------- | ---: | ---: | ---: | ---: |",
    ]
    _, kinds = measure(name)
    for (label, why), said in kinds.items():
        counts = " | ".join(str(said[each]) for each in ("same", "unsure", "related", "different"))
        lines.append(f"| {label} | {why} | {counts} |")
    return "\n".join(lines)


def _entry(row: dict[str, str], side: str) -> Entry:
    texts = {name: row.get(f"{name}{side}", "") for name in FIELDS}
    people = split_names(texts.pop("author"))
    kind = row.get(f"type{side}") or "article"
    return replace(make_entry(kind, texts, people), key=f"k{side}")


if __name__ == "__main__":
    print(summary_table())
    for each in tuple(SETS)[1:]:
        print(f"\n{each}\n\n{kinds_table(each)}")
