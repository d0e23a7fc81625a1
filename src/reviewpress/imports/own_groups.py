"""Which rows of one's own table are of one paper, and what differs between them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reviewpress.evidence.studies import STUDY
from reviewpress.imports.own_columns import words_of_column

OWN_CODE = "own_code"
BIBLIOGRAPHIC = ("author", "year", "title", "journal", "doi", "url")
BIBTEX, UNTITLED = "\0bibtex", "\0untitled"
"""Marks of a row: its authors are a list of names already; its title is a label."""
_PART = re.compile(r"\d+(?:[a-z]|[._-]\d+)?", re.IGNORECASE)
"""A number of a row, or of a part of a paper: 12, 3a, 2.1."""

_SUFFIX = re.compile(r"[._ -]\w{1,3}$")


def said_above(above: dict[str, dict[str, str]], record: dict[str, str], label: str | None) -> None:
    """Give a row without a title what a row above says of its paper, where both name it alike.

    Tables of results say it once, in the first row of a paper.
    """
    name = record.get("citekey") or (record.get(label) if label else "") or ""
    if record.get("title"):
        above.setdefault(name, record)
    elif name and name in above:
        record |= {
            column: record.get(column) or above[name].get(column, "")
            for column in (*BIBLIOGRAPHIC, BIBTEX)
            if above[name].get(column)
        }


def _apart(records: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return columns that tell papers apart whose labels are the same: each row has its own.

    Numbers of rows do not, nor those of the parts of a paper; a DOI does if all rows have one.
    """
    labels: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for record in records:
        labels[record.get("author", ""), record["title"]].append(record)
    several = [one for rows in labels.values() if len(rows) > 1 for one in rows]
    found = ["doi"] if several and all(one.get("doi") for one in several) else []
    for column in ("code", "citekey", "study_id", "paper_id", "article_id", "record_id"):
        names = [record.get(column, "") for record in records]
        distinct = len(set(names)) == len(names) and all(names)
        if distinct and not any(map(_PART.fullmatch, names)) and not _are_parts(labels, column):
            found.append(column)
    return tuple(found)


def _are_parts(labels: Mapping[tuple[str, str], Sequence[Mapping[str, str]]], column: str) -> bool:
    """Whether names differ by what follows a paper's own: “Ash2020_1” and “Ash2020_2”."""
    stems = {
        label: {_SUFFIX.sub("", row[column]) for row in rows} for label, rows in labels.items()
    }
    shared = Counter(stem for found in stems.values() for stem in found)
    several = [stems[label] for label, rows in labels.items() if len(rows) > 1]
    return all(len(found) == 1 and shared[next(iter(found))] == 1 for found in several)


def group_rows(
    records: list[dict[str, str]], header: Sequence[str]
) -> tuple[list[dict[str, str]], list[tuple[int, dict[str, str]]], list[str]]:
    """Return the papers, each row with the place of its paper, and the columns of results."""
    codes = [record.get("code", "") for record in records]
    coded = all(codes) and "code" in header
    repeated = coded and len(set(codes)) < len(codes)
    telling = _apart([record for record in records if record.get(UNTITLED)])
    places: dict[tuple[str, ...], int] = {}
    papers: list[dict[str, str]] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for record in records:
        said = tuple(record.get(column, "") for column in ("author", "year", "title", "citekey"))
        key = (record["code"], *said) if repeated else said
        if repeated and not record.get(UNTITLED):
            # Two extractors may write authors and dates in two ways.
            key = (record["code"], words_of_column(record["title"]))
        if len(set(codes)) == len(records) and coded and not record.get(UNTITLED):
            key = (record["code"],)
        if record.get(UNTITLED):
            key = (*key, *(record.get(column, "") for column in telling))
        if key not in places:
            places[key] = len(papers)
            papers.append(dict(record))
        rows.append((places[key], record))
    if len(papers) == len(records):
        return papers, [], []
    apart = [
        column
        for column in header
        if column not in (*BIBLIOGRAPHIC, "citekey", "sections")
        and any(record.get(column, "") != papers[place].get(column, "") for place, record in rows)
    ]
    if "code" in apart:
        rows = [(place, {**record, OWN_CODE: record["code"]}) for place, record in rows]
        apart[apart.index("code")] = OWN_CODE
        for paper in papers:
            paper["code"] = ""
    return papers, rows, apart


def written_otherwise(
    papers: Sequence[Mapping[str, str]], rows: Iterable[tuple[int, Mapping[str, str]]]
) -> list[str]:
    """Say of which papers rows give other authors, years and the like than the first one does."""
    found: dict[int, list[str]] = {}
    for place, record in rows:
        for column in BIBLIOGRAPHIC:
            said = record.get(column, "")
            if said and said != papers[place].get(column, ""):
                found.setdefault(place, []).append(column)
    if not found:
        return []
    place, columns = next(iter(found.items()))
    count = "1 paper" if len(found) == 1 else f"{len(found)} papers"
    told = f"the rows of {count} differ in what goes into the bibliography"
    return [f"{told} (first: {papers[place]['title']}, {columns[0]}); the first row is taken"]


def say_studies(papers: Sequence[Mapping[str, str]]) -> list[str]:
    """Say which studies a column groups papers into."""
    named = Counter(name for paper in papers if (name := paper.get(STUDY)))
    name, count = max(named.items(), key=lambda item: item[1], default=("", 0))
    if count < 2:
        return []
    alone = sum(not paper.get(STUDY) for paper in papers)
    told = f"{len(papers)} papers are of {len(named) + alone} studies"
    return [f'{told} by the column "{STUDY}" (“{name}” has {count})']
