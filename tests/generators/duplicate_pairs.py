"""Make the labelled pairs of records on which duplicate detection is measured.

    python tests/generators/duplicate_pairs.py > tests/data/duplicates.csv

A pair is two records as two databases might give them, and whether they are the same work. Three
kinds: works of this review's bibliography, changed in one of the ways that exports change them
(same); pairs of different works of the bibliography that have an author and year, or most words of
their titles, in common (different); and cases written by hand after the difficulties that
systematic reviewers report: parts and years of a series, protocols, corrections, replies,
conference abstracts, translations, columns with one title (both labels).
"""

import csv
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from reviewpress.bibliography import Entry, load_bibliography

ROOT = Path(__file__).parent.parent.parent
FIELDS = ("title", "author", "year", "journal", "volume", "pages", "doi")
Work = dict[str, str]

AMERICAN = (
    ("programme", "program"), ("organis", "organiz"), ("centre", "center"),
    ("behaviour", "behavior"),
    ("paediatric", "pediatric"), ("labour", "labor"), ("utilis", "utiliz"), ("realis", "realiz"),
)  # fmt: skip
JOURNALS = (
    ("International Journal of", "Int J"), ("Journal of", "J"), ("Integrated", "Integr"),
    ("Services", "Serv"), ("Research", "Res"), ("Health", "Hlth"), ("Review", "Rev"),
)  # fmt: skip


def work(entry: Entry) -> Work:
    """Return an entry as the plain fields that an export has."""
    names = [f"{n.family}, {n.given}" if n.given else f"{{{n.family}}}" for n in entry.authors]
    return {
        "title": entry.title,
        "author": " and ".join(names),
        "year": str(entry.year or ""),
        "journal": entry.first("journal", "booktitle", "institution"),
        "volume": entry.text("volume"),
        "pages": entry.text("pages"),
        "doi": entry.doi,
    }


def without_doi(rng: random.Random, one: Work) -> Work:
    """One database gives no DOI."""
    return one | {"doi": ""}


def abbreviated(rng: random.Random, one: Work) -> Work:
    """The journal is abbreviated, first names are initials, no DOI."""
    journal = one["journal"]
    for long, short in JOURNALS:
        journal = journal.replace(long, short)
    names = [name.partition(",") for name in one["author"].split(" and ")]
    initials = [(family, given.strip()[:1]) for family, _, given in names]
    author = " and ".join(f"{family}, {given}." if given else family for family, given in initials)
    return one | {"journal": journal, "author": author, "doi": ""}


def capitals(rng: random.Random, one: Work) -> Work:
    """The title is in capitals, with a full stop."""
    return one | {"title": one["title"].upper() + ".", "doi": ""}


def first_author_only(rng: random.Random, one: Work) -> Work:
    """Only the first author is given."""
    return one | {"author": one["author"].split(" and ")[0], "doi": ""}


def no_subtitle(rng: random.Random, one: Work) -> Work:
    """The subtitle is missing."""
    return one | {"title": re.split(r"[:?–] ", one["title"])[0], "doi": ""}


def online_first(rng: random.Random, one: Work) -> Work:
    """The year is that of the online publication, without volume and pages."""
    year = str(int(one["year"]) - 1) if one["year"] else ""
    return one | {"year": year, "volume": "", "pages": "", "doi": ""}


def american(rng: random.Random, one: Work) -> Work:
    """American spelling, and an ampersand."""
    title = one["title"]
    for british, other in AMERICAN:
        title = title.replace(british, other)
    return one | {"title": title.replace(" and ", " & "), "doi": ""}


def typing_error(rng: random.Random, one: Work) -> Work:
    """Two letters of the title are swapped, another is lost."""
    letters = list(one["title"])
    swap = rng.randrange(5, len(letters) - 5)
    letters[swap], letters[swap + 1] = letters[swap + 1], letters[swap]
    del letters[rng.randrange(2, len(letters) - 3)]
    return one | {"title": "".join(letters), "doi": ""}


def quotes_and_dashes(rng: random.Random, one: Work) -> Work:
    """Typographic marks have become plain or none."""
    title = re.sub(r"[’‘“”\"']", "", one["title"]).replace("–", "-").replace(":", " -")
    return one | {"title": title, "doi": ""}


def no_authors(rng: random.Random, one: Work) -> Work:
    """A library catalogue without authors."""
    return one | {"author": "", "doi": "", "journal": ""}


def other_address(rng: random.Random, one: Work) -> Work:
    """The same DOI, the title cut at its end."""
    return one | {"title": one["title"][: max(40, len(one["title"]) * 2 // 3)]}


CHANGES: tuple[Callable[[random.Random, Work], Work], ...] = (
    without_doi, abbreviated, capitals, first_author_only, no_subtitle, online_first, american,
    typing_error, quotes_and_dashes, no_authors, other_address,
)  # fmt: skip


def changed_pairs(entries: list[Entry], rng: random.Random) -> Iterator[list[str]]:
    """Yield each work with itself, changed in two of the ways."""
    for number, entry in enumerate(entries):
        one = work(entry)
        for step in (0, 1):
            change = CHANGES[(number + step * 5) % len(CHANGES)]
            if not fits(change, one):
                continue
            told = (change.__doc__ or "").rstrip(".")
            yield pair("same", told, one, change(rng, one))


def fits(change: Callable[[random.Random, Work], Work], one: Work) -> bool:
    """Whether a change can be made to a work."""
    if change is online_first:
        return bool(one["year"])
    if change is other_address:
        return bool(one["doi"])
    return change is not typing_error or len(one["title"]) > 25


def near_pairs(entries: list[Entry]) -> Iterator[list[str]]:
    """Yield pairs of different works that have much in common."""
    works = [work(entry) for entry in entries]
    for position, one in enumerate(works):
        for other in works[position + 1 :]:
            shared = set(one["title"].lower().split()) & set(other["title"].lower().split())
            long = [word for word in shared if len(word) > 5]
            author = one["author"].split(",")[0] == other["author"].split(",")[0] != ""
            if (author and one["year"] == other["year"]) or len(long) > 2:
                yield pair("different", "Works with much in common", one | {"doi": ""}, other)


def pair(label: str, why: str, one: Work, other: Work) -> list[str]:
    """Return a row of the table."""
    cells = [one.get(name, "") for name in FIELDS] + [other.get(name, "") for name in FIELDS]
    return [label, why, *cells]


def written_pairs() -> Iterator[list[str]]:
    """Yield the cases written by hand."""
    path = Path(__file__).with_name("duplicate_cases.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides = [{name: row[f"{name}{side}"] for name in FIELDS} for side in ("1", "2")]
            yield pair(row["label"], row["why"], *sides)


def main() -> None:
    """Print the table."""
    entries = list(load_bibliography(ROOT / "bib/references.bib", ROOT))
    rng = random.Random(7)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["label", "why", *(f"{n}1" for n in FIELDS), *(f"{n}2" for n in FIELDS)])
    writer.writerows(changed_pairs(entries, rng))
    writer.writerows(near_pairs(entries))
    writer.writerows(written_pairs())


if __name__ == "__main__":
    main()
