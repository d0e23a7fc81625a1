"""RIS, also badly wrapped: records flattened to one line, continued lines, missing ends.

A record goes from the end of the one before to its own end, `ER  -` alone on a line; the order of
its tags is free. What stands between two records, and is no tag, belongs to none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from reviewpress.bibliography import Entry, Name, bare_doi, fold_accents
from reviewpress.imports.people import read_people
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_issn,
    find_month,
    find_repeated,
    join_pages,
    make_entry,
    more_than_issn,
    read_year,
)
from reviewpress.imports.ris_tags import GAP, NUMBERING, find_tags, is_flat

TYPES = {
    "ABST": "article",
    "BLOG": "online",
    "BOOK": "book",
    "CHAP": "incollection",
    "CONF": "inproceedings",
    "CPAPER": "inproceedings",
    "DATA": "misc",
    "EBOOK": "book",
    "ECHAP": "incollection",
    "EDBOOK": "book",
    "EJOUR": "article",
    "ELEC": "online",
    "GOVDOC": "report",
    "INPR": "article",
    "JFULL": "article",
    "JOUR": "article",
    "MGZN": "article",
    "NEWS": "article",
    "RPRT": "report",
    "SER": "book",
    "THES": "phdthesis",
    "UNPB": "unpublished",
    "WEB": "online",
}
_NO_LETTER = re.compile(r"[\W_]+")
_SPONSOR = re.compile(r"[A-Z]{2,8}$")
_BETWEEN = "NL"
"""A tag that Ovid writes between two records."""
_NAMED_TYPES = frozenset((*TYPES, "GEN", ""))
_WHOLE = ("", "TY", "ER", "AU", "A1", "ED", "A2", "KW", "N1")
"""Tags whose values all go into one field."""
_WITH_A_TITLE = frozenset(("AU", "A1", "PY", "Y1", "TY", "JO", "JF", "T2", "DO"))
"""Tags of which a record has one, beside its title."""
_SINGLE = {
    "TI": "title", "T1": "title", "PY": "year", "JF": "journal", "JO": "journal", "DO": "DOI",
    "VL": "volume", "IS": "issue",
}  # fmt: skip
"""What a work has one of."""
_DOI_TAGS = ("DO", "DI", "M3", "U3", "L3", "UR")

_ENDED = re.compile(r"^ER  - ?\n", re.MULTILINE)
_DOI_NOTE = re.compile(r"(?:doi|digital object identifier)[\s:]*10\.\S+", re.IGNORECASE)

Tags = Mapping[str, list[str]]
Pieces = list[tuple[str, str]]


def read_ris(text: str, file: str) -> Reading:
    """Read RIS; every record is either in the records or among the rejected."""
    return read_tags(find_tags(text), file, "RIS", "ris")


def pieces_of_ris(text: str, size: int = 1_000_000) -> Iterator[str]:
    """Yield a text of RIS in pieces, each of which ends with a record, and can be read by itself.

    One piece where records may be flattened to lines, since then all is one line.
    """
    start, whole = 0, is_flat(text)
    while not whole and (found := _ENDED.search(text, start + size)):
        yield text[start : found.end()]
        start = found.end()
    yield text[start:]


def read_tags(tags: Iterable[tuple[str, str]], file: str, kind: str, prefix: str) -> Reading:
    """Read records of tags as RIS names them; what has no field is kept under `prefix` and tag.

    A tag that has a hyphen is the name of the field itself.
    """
    records: list[Record] = []
    rejected: list[Rejected] = []
    between: list[str] = []
    repeated: list[tuple[int, str]] = []
    for number, pieces in enumerate(_split(tags, between), start=1):
        values: dict[str, list[str]] = defaultdict(list)
        for tag, value in pieces:
            values[tag].append(value)
        title = _first(values, "TI", "T1", "CT", "BT", "ST")
        if title:
            records.append(Record(file, number, _entry(values, title, _authors(pieces), prefix)))
            repeated += find_repeated(number, values, _SINGLE)
        else:
            rejected.append(Rejected(file, number, "", f"has no title: “{_sample(values)}”"))
    return Reading(
        kind, tuple(records), tuple(rejected), left_out=tuple(between), repeated=tuple(repeated)
    )


def _split(tags: Iterable[tuple[str, str]], between: list[str]) -> Iterator[Pieces]:
    """Yield the tags of each record, in order; add the lines between records to `between`."""
    pieces: Pieces = []
    gaps: list[int] = []
    typed = False
    for tag, value in tags:
        if tag == GAP:
            gaps.append(len(pieces))
            continue
        if tag == "ER" or (tag == "TY" and typed):
            whole, pieces = _ended(pieces, gaps, tag)
            yield from filter(_is_record, whole)
            gaps, typed = [], False
        if tag and tag != "ER" and not (tag == _BETWEEN and not typed):
            pieces.append((tag, value))
            typed = typed or tag == "TY"
        elif not tag and pieces:
            last, before = pieces[-1]
            pieces[-1] = (last, f"{before} {value}".strip())
        elif value and tag != "ER" and not NUMBERING.fullmatch(value):
            between.append(value)
    yield from filter(_is_record, _parts(pieces, gaps))


def _ended(pieces: Pieces, gaps: Sequence[int], tag: str) -> tuple[list[Pieces], Pieces]:
    """Return the records that end at a tag, and what of the next one stands before it."""
    if tag == "ER":
        return _parts(pieces, gaps), []
    *whole, rest = _parts([*pieces, (tag, "")], gaps)  # the type of the last one may come late
    if whole and [name for name, _ in rest].count("TY") == 1:
        return whole, rest[:-1]
    return [*whole, rest[:-1]], []


def _parts(pieces: Pieces, gaps: Sequence[int]) -> list[Pieces]:
    """Return the records in what has one type and one end: between two of them both may be lost.

    A second title begins a record that starts after an empty line, or at the tag that the record
    before began with; the record needs another tag as well, or two where no line is empty.
    """
    first = next((tag for tag, _ in pieces if tag != "TY"), "")
    titles = [n for n, (tag, value) in enumerate(pieces) if tag in ("TI", "T1") and value]
    parts, start = [], 0
    for before, title in pairwise(titles):
        tags = [tag for tag, _ in pieces]
        begins = next(
            (n for n in range(before + 1, title + 1)
             if n in gaps or (tags[n] == first != tags[n - 1])), 0
        )  # fmt: skip
        is_other = tags[before] == tags[title] and pieces[before] != pieces[title]
        beside = _WITH_A_TITLE & set(tags[begins:])
        if begins and is_other and len(beside) > (begins not in gaps):
            parts.append(pieces[start:begins])
            start = begins
    return [*parts, pieces[start:]]


def _is_record(pieces: Pieces) -> bool:
    return any(value for _, value in pieces)


def _entry(tags: Tags, title: str, authors: list[Name], prefix: str) -> Entry:
    kind = TYPES.get(_first(tags, "TY").upper(), "misc")
    journal = ("JF", "JO", "JA") if tags.get("TY") else ("JF", "JO", "JA", "T2")
    if kind == "misc" and _first(tags, *journal) and _first(tags, "VL", "IS", "SN"):
        kind = "article"
    texts = {"title": title}
    for name, names in _fields(kind).items():
        texts[name] = _first(tags, *names)
    if "issn" in texts:
        texts["issn"] = find_issn(texts["issn"])
    texts["year"] = read_year(*(_first(tags, tag) for tag in ("PY", "Y1", "DA", "Y2")))
    texts["month"] = find_month(_first(tags, "DA") or _first(tags, "Y1", "PY"))
    texts["pages"] = join_pages(_first(tags, "SP"), _first(tags, "EP"))
    noted = (value for value in tags.get("N1", []) if _DOI_NOTE.fullmatch(value))
    texts["doi"] = find_doi(*(v for tag in _DOI_TAGS for v in tags.get(tag, [])), *noted)
    texts["keywords"] = "; ".join(dict.fromkeys(filter(None, tags.get("KW", []))))
    texts["note"] = "; ".join(dict.fromkeys(filter(None, tags.get("N1", []))))
    texts["pmid"] = _first(tags, "PMID")
    if "PubMed" in _first(tags, "DB") or _first(tags, "DP") == "NLM":
        texts["pmid"] = _first(tags, "AN")
    if _first(tags, "TY").upper() not in _NAMED_TYPES:
        texts[f"{prefix}-ty"] = _first(tags, "TY")
    if tags.get("AU"):
        texts[f"{prefix}-a1"] = "; ".join(v for v in tags.get("A1", []) if _SPONSOR.match(v))
    texts |= _others(tags, texts, prefix)
    editors = [value for tag in ("ED", "A2") for value in tags.get(tag, [])]
    return make_entry(kind, texts, authors, _people(dict.fromkeys(editors)))


def _authors(pieces: Pieces) -> list[Name]:
    """Return the authors in the order of their tags.

    Some exports list them twice, under A1 and AU or one tag after the other; others put the first
    under A1 and the rest under AU. The Web of Science puts the sponsor of a conference under A1,
    by its initials: that is no author where AU has persons.
    """
    read = [(tag, value, _people([value])) for tag, value in pieces if tag in ("A1", "AU")]
    listed = {tag: [one for name, _, people in read if name == tag for one in people]
              for tag in ("A1", "AU")}  # fmt: skip
    people = listed["A1"] or listed["AU"]
    if listed["A1"] and listed["AU"]:
        first, second = ([_author_key(name) for name in names] for names in listed.values())
        if [k[0] for k in first] == [k[0] for k in second]:
            return max(listed.values(), key=lambda names: sum(len(str(name)) for name in names))
        both, people, told = set(first) & set(second), [], set[tuple[str, str]]()
        for tag, value, persons in read:
            for person in () if tag == "A1" and _SPONSOR.match(value) else persons:
                key = _author_key(person)
                if key not in told or key not in both:
                    people.append(person)
                told.add(key)
    half = len(people) // 2
    return people[:half] if half and people[:half] == people[half:] else people


def _author_key(name: Name) -> tuple[str, str]:
    family = _NO_LETTER.sub("", fold_accents(name.family.casefold()))
    return family, fold_accents(name.given[:1].casefold())


def _people(values: Iterable[str]) -> list[Name]:
    return [person for value in values if value.strip(" ,;.") for person in read_people(value)]


@cache
def _fields(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the tags that give each field of a type of entry, the best first."""
    container = ("JF", "T2", "JO", "JA", "J1", "J2", "TA", "BT")
    place = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
    publisher = {"report": "institution", "phdthesis": "school"}
    series = () if kind == "article" else ("T3",)
    fields: dict[str, tuple[str, ...]] = {"series": (*container, *series)}
    if kind in place:
        fields |= {"series": series, place[kind]: container}
    fields[publisher.get(kind, "publisher")] = ("PB",)
    fields |= {
        "volume": ("VL",),
        "number": ("IS", "CP"),
        "isbn" if kind in ("book", "incollection") else "issn": ("SN",),
        "abstract": ("AB", "N2"),
        "address": ("CY", "PP"),
        "affiliation": ("AD",),
        "language": ("LA",),
        "url": ("UR", "LK"),
    }
    if kind == "book":
        fields["edition"] = ("ET",)
    return fields


def _others(tags: Tags, texts: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return what no field takes, under names that tell the tag: nothing of a record is lost."""
    known = {" ".join(text.split()).casefold() for text in texts.values()}
    known |= {_first(tags, "SP").casefold(), _first(tags, "EP").casefold()}
    others = {}
    for tag, values in tags.items():
        if tag in _WHOLE:
            continue
        new = [
            value
            for value in dict.fromkeys(values)
            if value
            and " ".join(value.split()).casefold() not in known
            and bare_doi(value) not in known
            and (find_issn(value).lower() not in known or more_than_issn(value))
        ]
        if new:
            others[tag if "-" in tag else f"{prefix}-{tag.lower()}"] = "; ".join(new)
    return others


def _first(tags: Tags, *names: str) -> str:
    for name in names:
        for value in tags.get(name, ()):
            if value:
                return value
    return ""


def _sample(tags: Tags) -> str:
    text = " ".join(value for values in tags.values() for value in values)
    return text if len(text) < 60 else text[:60] + "…"
