"""Make a search export of any size in RIS, with known duplicates.

    python tests/generators/large_export.py export.ris --records 20000

One record in ten is an earlier one as another database gives it: without DOI, with initials, an
abbreviated journal, other capitals or a slip in the title. Its tag `C8` names the record that it
repeats. The same arguments make the same file.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

SYLLABLES = (
    "an", "ber", "cal", "den", "el", "far", "gen", "hol", "in", "jus", "kel", "lor", "men", "nor",
    "or", "per", "qui", "ran", "ser", "tor", "un", "ver", "wel", "zan",
)  # fmt: skip
COMMON = ("care", "children", "family", "health", "integrated", "review", "school", "services",
          "social", "support", "study", "young")  # fmt: skip


def make_export(path: Path, records: int, seed: int = 1) -> Path:
    """Write an export and return its path."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in ris_records(rng, records):
            file.write(record)
    return path


def ris_records(rng: random.Random, records: int) -> Iterator[str]:
    """Yield records as RIS."""
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(4000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    families = [word.capitalize() for word in words[1000:3000]]
    earlier: list[tuple[int, list[str], str, list[tuple[str, str]], int, str]] = []
    for number in range(1, records + 1):
        if earlier and rng.random() < 0.1:
            yield duplicate(rng, rng.choice(earlier))
            continue
        title = [*rng.choices(words, weights, k=rng.randint(6, 12)), *rng.choices(COMMON, k=3)]
        rng.shuffle(title)
        people = [(rng.choice(families), rng.choice(families)) for _ in range(rng.randint(1, 5))]
        journal = f"Journal of {rng.choice(words).capitalize()} {rng.choice(COMMON).capitalize()}"
        one = (number, title, journal, people, rng.randint(1990, 2024), f"10.1000/x.{number}")
        earlier.append(one)
        abstract = " ".join(rng.choices(words, weights, k=120))
        yield ris(one, abstract=abstract, doi=one[-1], extra=f"ID  - {number}\n")


def duplicate(
    rng: random.Random, one: tuple[int, list[str], str, list[tuple[str, str]], int, str]
) -> str:
    """Return a record that repeats an earlier one."""
    number, title, journal, people, year, doi = one
    extra = f"C8  - {number}\n"
    kind = rng.randrange(4)
    if kind == 0:
        return ris((number, title, journal, people[:1], year, doi), doi=doi.upper(), extra=extra)
    if kind == 1:
        short = "J " + " ".join(word[:5] for word in journal.split()[2:])
        return ris((number, title, short, [(f, g[0]) for f, g in people], year, doi), extra=extra)
    if kind == 2:
        return ris(
            (number, [w.upper() for w in title], journal, people, year + 1, doi), extra=extra
        )
    slip = rng.randrange(len(title))
    spoilt = [w[:-1] + "x" if n == slip else w for n, w in enumerate(title)]
    return ris((number, spoilt, journal, people, year, doi), extra=extra)


def ris(
    one: tuple[int, list[str], str, list[tuple[str, str]], int, str],
    *,
    abstract: str = "",
    doi: str = "",
    extra: str = "",
) -> str:
    """Return one record as RIS."""
    number, title, journal, people, year, _ = one
    lines = ["TY  - JOUR", *(f"AU  - {family}, {given}" for family, given in people)]
    lines += [f"TI  - {' '.join(title).capitalize()}", f"JO  - {journal}", f"PY  - {year}"]
    lines += [f"VL  - {number % 60 + 1}", f"SP  - {number}"]
    lines += [f"DO  - {doi}"] if doi else []
    lines += [f"AB  - {abstract}"] if abstract else []
    return "\n".join(lines) + f"\n{extra}ER  - \n\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make_export(given.path, given.records, given.seed)
