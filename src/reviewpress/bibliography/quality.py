"""What is wrong with references that can be read: repeated, incomplete or malformed ones."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from reviewpress.bibliography.entries import (
    DOI,
    INCLUDED,
    Bibliography,
    Entry,
    normalise,
    outside_braces,
)
from reviewpress.errors import Problem, nearest
from reviewpress.identifiers import is_web_address

REQUIRED = {
    "article": ("author", "title", "journal|journaltitle", "year|date"),
    "book": ("author|editor", "title", "publisher", "year|date"),
    "booklet": ("title",),
    "collection": ("editor", "title", "year|date"),
    "conference": ("author", "title", "booktitle", "year|date"),
    "dataset": ("author|editor|organization", "title", "year|date"),
    "inbook": ("author|editor", "title", "chapter|pages|booktitle", "year|date"),
    "incollection": ("author", "title", "booktitle", "year|date"),
    "inproceedings": ("author", "title", "booktitle", "year|date"),
    "manual": ("title",),
    "mastersthesis": ("author", "title", "school|institution", "year|date"),
    "misc": ("title",),
    "online": ("author|editor|organization|title", "title", "url|doi"),
    "phdthesis": ("author", "title", "school|institution", "year|date"),
    "proceedings": ("title", "year|date"),
    "report": ("author|editor|institution", "title", "institution|publisher", "year|date"),
    "software": ("title",),
    "techreport": ("author|editor", "title", "institution|publisher", "year|date"),
    "thesis": ("author", "title", "school|institution", "year|date"),
    "unpublished": ("author", "title"),
    "webpage": ("title", "url|doi"),
}
"""What an entry of each type needs (`a|b`: one of them), after BibTeX's and biblatex's manuals."""

_VOLUMES = {
    "book": "title", "collection": "title", "inbook": "booktitle", "incollection": "booktitle",
    "inproceedings": "booktitle", "conference": "booktitle", "proceedings": "title",
}  # fmt: skip
"""Types of which our style shows no number of a volume, and the field that is shown."""
_GROUP = re.compile(r"\{[^{}]*\}")
_MOST_COMMAS = 2
_BIBLATEX = ("date", "journaltitle")
"""Names that biblatex has for a field of BibTeX's: taken, but not asked for."""


def check_bibliography(
    bibliography: Bibliography, *, years: tuple[int, int] | None = None, has_style: bool = False
) -> list[Problem]:
    """Return everything wrong with the entries, in the file's order.

    `years` are the first and last year of publication of an included paper, both counted in.
    `has_style` says whether the review has a citation style of its own, which may show more.
    Entries are duplicates with the same DOI, or the same normalised title, year and authors:
    "Editorial" and "Vorwort" are titles that many works have.
    """
    problems: list[Problem] = []
    for entry in bibliography:
        problems += _fields(bibliography, entry)
        problems += _names(bibliography, entry)
        problems += _identifiers(bibliography, entry)
        problems += [] if has_style else _unshown(bibliography, entry)
        if years and entry.group == INCLUDED:
            problems += _years(bibliography, entry, years)
    problems += _duplicates(bibliography)
    return sorted(problems, key=lambda problem: (problem.where and problem.where.line) or 0)


def _fields(bibliography: Bibliography, entry: Entry) -> Iterator[Problem]:
    place = bibliography.where(entry)
    if entry.type not in REQUIRED:
        message = f'"{entry.key}" is of an unknown type, "{entry.type[:40]}".'
        hint = nearest(entry.type[:40], REQUIRED)
        yield Problem("bibliography-type", message, place, hint, subject=entry.key)
        return
    for wanted in REQUIRED[entry.type]:
        names = wanted.split("|")
        if not entry.first(*names) and not _is_inherited(bibliography, entry, names):
            usual = [name for name in names if name not in _BIBLATEX]
            message = f'"{entry.key}" ({entry.type}) lacks {" or ".join(usual)}.'
            hint = f"Add {usual[0]} = {{…}} to it, or give it the type it is of."
            yield Problem("bibliography-field", message, place, hint, subject=entry.key)


def _is_inherited(bibliography: Bibliography, entry: Entry, names: Sequence[str]) -> bool:
    """Whether an entry that `crossref` leads to has one of some fields.

    As in BibTeX, a field is inherited by its name: a book has its title as `booktitle` too.
    """
    seen: set[str] = set()
    above: Entry | None = entry
    while above is not None and above.key not in seen:
        seen.add(above.key)
        above = bibliography.get(above.fields.get("crossref", "").strip())
        if above is not None and above is not entry and above.first(*names):
            return True
    return False


def _names(bibliography: Bibliography, entry: Entry) -> Iterator[Problem]:
    """Yield a problem for each list of names that commas part: all after the third would be lost.

    The most that BibTeX takes is `von Last, Jr, First`.
    """
    for field in ("author", "editor"):
        for name in outside_braces(entry.fields.get(field, "")):
            if _outside_groups(name).count(",") > _MOST_COMMAS:
                message = f'the {field} of "{entry.key}" has several names without "and" between.'
                hint = f"Part them by and: {field} = {{Oak, Ann and Elm, Bo}}."
                yield Problem("bibliography", message, bibliography.where(entry), hint)


def _unshown(bibliography: Bibliography, entry: Entry) -> Iterator[Problem]:
    """Yield a problem for what a reader needs to find a work and the reference does not show.

    The number of a volume in a series is none: the reference does not show the series either.
    """
    issue, volume = entry.text("issuetitle"), entry.text("volume")
    message, name, hint = "", "", ""
    if issue and entry.type == "article":
        message, name = f'the issuetitle of "{entry.key}", “{issue[:80]}”', "issuetitle"
        hint = "Write it in the journal, as in “Plant Studies, special issue: Peas”, if it matters."
    elif volume and entry.type in _VOLUMES and not entry.text("series"):
        shown = _VOLUMES[entry.type]
        if not re.search(rf"\b{re.escape(volume)}\b", entry.text(shown)):
            message, name = f'the volume of "{entry.key}", {volume[:80]}', "volume"
            hint = f"Write it in the {shown}, as in “Garden Plants, volume 4”, if it matters."
    if message:
        message += ", is not shown in the list of references."
        place = bibliography.where(entry, name)
        yield Problem("bibliography-unshown", message, place, hint, subject=entry.key)


def _outside_groups(text: str) -> str:
    """Return a text without what is in braces."""
    before = ""
    while before != text:
        before, text = text, _GROUP.sub("", text)
    return text


def _identifiers(bibliography: Bibliography, entry: Entry) -> Iterator[Problem]:
    doi = entry.text("doi")
    if doi and doi.lower() != entry.doi:
        message = f'the DOI of "{entry.key}" has an address or label before it: {doi[:80]}.'
        place = bibliography.where(entry, "doi")
        hint = f"Write {entry.doi[:80]}."
        yield Problem("bibliography-doi", message, place, hint, subject=entry.key)
    elif doi and not DOI.fullmatch(doi):
        message = f'"{doi[:80]}" of "{entry.key}" is not a DOI.'
        place = bibliography.where(entry, "doi")
        hint = "A DOI looks like 10.5334/ijic.9145."
        yield Problem("bibliography-doi", message, place, hint, subject=entry.key)
    url = entry.url
    if url and not is_web_address(url):
        message = f'"{url[:80]}" of "{entry.key}" is not an address of the web.'
        place = bibliography.where(entry, "url")
        hint = "It starts with https:// and has no spaces."
        yield Problem("bibliography-url", message, place, hint, subject=entry.key)


def _years(bibliography: Bibliography, entry: Entry, years: tuple[int, int]) -> Iterator[Problem]:
    first, last = years
    if entry.year is None or not first <= entry.year <= last:
        message = f'"{entry.key}" is included but of {entry.year or "no year"}.'
        hint = f"The review includes papers of {first} to {last}."
        place = bibliography.where(entry, "year")
        yield Problem("bibliography-year", message, place, hint, subject=entry.key)


def _duplicates(bibliography: Bibliography) -> Iterator[Problem]:
    same: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    codes: dict[str, list[Entry]] = defaultdict(list)
    for entry in bibliography:
        if entry.doi:
            same["doi", entry.doi].append(entry)
        if entry.title:
            same["title", normalise(entry.title), str(entry.year)].append(entry)
        if entry.code is not None:
            codes[str(entry.code)].append(entry)
    told: set[tuple[str, str]] = set()
    for ground, entries in same.items():
        by_title = ground[0] == "title"
        for number, later in enumerate(entries):
            alike = (e for e in entries[:number] if not (by_title and _is_other(e, later)))
            earlier = next(alike, None)
            if earlier is None or (earlier.key, later.key) in told:
                continue
            told.add((earlier.key, later.key))
            why = "title and year" if by_title else "DOI"
            message = f'"{later.key}" has the same {why} as "{earlier.key}".'
            place = bibliography.where(later)
            hint = "Keep one of the two."
            yield Problem("bibliography-duplicate", message, place, hint, subject=later.key)
    for code, entries in codes.items():
        for later in entries[1:]:
            message = f'"{later.key}" has the code {code[:20]}, as "{entries[0].key}" has.'
            place = bibliography.where(later, "code")
            yield Problem("bibliography-code", message, place, subject=later.key)


def _is_other(one: Entry, two: Entry) -> bool:
    """Whether two works of one title have nobody in common, or stand in other issues."""
    people = [{normalise(name.family) for name in e.authors or e.editors} for e in (one, two)]
    if all(people) and people[0].isdisjoint(people[1]):
        return True
    return any(
        values[0] and values[1] and values[0] != values[1]
        for values in (
            [e.text(name).casefold() for e in (one, two)] for name in ("volume", "number")
        )
    )
