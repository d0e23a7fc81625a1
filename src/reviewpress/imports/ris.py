"""RIS, also badly wrapped: records flattened to one line, continued lines, missing ends.

A file that is flattened has several tags in a line. There a tag is known by its two letters, a
hyphen and a space on both sides, which in a well-formed file stand at the start of a line only.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from reviewpress.bibliography import Entry, Name, bare_doi
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_issn,
    find_month,
    find_year,
    join_pages,
    make_entry,
    read_name,
    read_names,
)

TAGS = frozenset((
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "BT", "C1", "C2", "C3", "C4", "C5", "C6",
    "C7", "C8", "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER",
    "ET", "ID", "IS", "J1", "J2", "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB",
    "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB", "PP", "PY", "RI", "RN", "RP", "SE",
    "SN", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT", "TY", "U1", "U2", "U3", "U4",
    "U5", "UR", "VL", "VO", "Y1", "Y2",
))  # fmt: skip
TYPES = {
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
    "INPR": "article",
    "JFULL": "article",
    "JOUR": "article",
    "MGZN": "article",
    "NEWS": "article",
    "RPRT": "report",
    "THES": "phdthesis",
    "UNPB": "unpublished",
    "WEB": "online",
}
_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])\s{0,3}-(?:\s(.*)|)$")
_INLINE = re.compile(r"(?:(?<=\s)|^)([A-Z][A-Z0-9])\s{1,2}-(?=\s|$)")
_FLAT = re.compile(r"\s*TY\s{1,2}-\s.*\s(?:A1|AU|TI|T1|PY|Y1|JO|JF|T2|AB|ER)\s{1,2}-(?:\s|$)")

_NO_RECORD = re.compile(r"<?\d{1,6}[.>)]?|(?:Provider|Database|Content):.*")
"""Lines between records that some databases write: the record's number, or who made the file."""
_WHOLE = ("", "TY", "ER", "AU", "A1", "ED", "A2", "KW", "N1")
"""Tags whose values all go into one field."""
_DOI_TAGS = ("DO", "DI", "M3", "U3", "L3", "UR")

Tags = Mapping[str, list[str]]


def read_ris(text: str, file: str) -> Reading:
    """Read RIS; every record is either in the records or among the rejected."""
    records, rejected = [], []
    for number, tags in enumerate(_split(text), start=1):
        title = _first(tags, "TI", "T1", "CT", "BT", "ST")
        if "TY" not in tags:
            reason = f"stands before any record: “{_sample(tags)}”"
            rejected.append(Rejected(file, number, title, reason))
        elif not title:
            rejected.append(Rejected(file, number, "", f"has no title: “{_sample(tags)}”"))
        else:
            records.append(Record(file, number, _entry(tags, title)))
    return Reading("RIS", tuple(records), tuple(rejected))


def _split(text: str) -> Iterator[Tags]:
    """Yield the tags of each record; text outside of one has a tag without letters."""
    tags: dict[str, list[str]] = defaultdict(list)
    last = ""
    for tag, value in _pieces(text):
        if tag == "TY" and tags:
            yield tags
            tags, last = defaultdict(list), ""
        if tag == "ER":
            if tags:
                yield tags
            tags, last = defaultdict(list), ""
        elif tag:
            tags[tag].append(value)
            last = tag
        elif last:
            tags[last][-1] = f"{tags[last][-1]} {value}".strip()
        elif not _NO_RECORD.fullmatch(value):
            tags[""].append(value)
            last = ""
    if tags:
        yield tags


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each tag with its value, and each line that continues one with an empty tag."""
    lines = text.splitlines()
    if any(_FLAT.match(line) for line in lines):
        joined = " ".join(lines)
        marks = [found for found in _INLINE.finditer(joined) if found[1] in TAGS]
        start = marks[0].start() if marks else len(joined)
        if joined[:start].strip():
            yield "", joined[:start].strip()
        for mark, after in zip(marks, [*marks[1:], None], strict=True):
            end = after.start() if after else len(joined)
            yield mark[1], joined[mark.end() : end].strip()
        return
    for line in lines:
        found = _LINE.match(line)
        if found and (found[1] in TAGS or line[2:6] == "  - "):
            yield found[1], (found[2] or "").strip()
        elif line.strip():
            yield "", line.strip()


def _entry(tags: Tags, title: str) -> Entry:
    kind = TYPES.get(_first(tags, "TY").upper(), "misc")
    texts = {"title": title}
    for name, names in _fields(kind).items():
        texts[name] = _first(tags, *names)
    if "issn" in texts:
        texts["issn"] = find_issn(texts["issn"])
    texts["year"] = find_year(*(_first(tags, tag) for tag in ("PY", "Y1", "DA", "Y2")))
    texts["month"] = find_month(_first(tags, "DA") or _first(tags, "Y1", "PY"))
    texts["pages"] = join_pages(_first(tags, "SP"), _first(tags, "EP"))
    texts["doi"] = find_doi(*(value for tag in _DOI_TAGS for value in tags.get(tag, [])))
    texts["keywords"] = "; ".join(dict.fromkeys(filter(None, tags.get("KW", []))))
    texts["note"] = "; ".join(dict.fromkeys(filter(None, tags.get("N1", []))))
    if "PubMed" in _first(tags, "DB") or _first(tags, "DP") == "NLM":
        texts["pmid"] = _first(tags, "AN")
    if _first(tags, "TY").upper() not in (*TYPES, "GEN"):
        texts["ris-ty"] = _first(tags, "TY")
    texts |= _others(tags, texts)
    return make_entry(kind, texts, _people(tags, "AU", "A1"), _people(tags, "ED", "A2"))


def _people(tags: Tags, *names: str) -> list[Name]:
    listed = [value for name in names for value in tags.get(name, []) if value.strip(" ,;.")]
    return [
        person
        for value in dict.fromkeys(listed)
        for person in (read_names(value) if ";" in value else [read_name(value)])
    ]


def _fields(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the tags that give each field of a type of entry, the best first."""
    container = ("JF", "T2", "JO", "JA", "J1", "J2", "TA", "BT")
    place = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
    publisher = {"report": "institution", "phdthesis": "school"}
    fields: dict[str, tuple[str, ...]] = {place.get(kind, "series"): container}
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


def _others(tags: Tags, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what no field takes, under names that tell the tag: nothing of a record is lost."""
    known = {" ".join(text.split()).casefold() for text in texts.values()}
    known |= {_first(tags, "SP").casefold(), _first(tags, "EP").casefold()}
    others = {}
    for tag, values in tags.items():
        new = [
            value
            for value in dict.fromkeys(values)
            if value and not known & {value.casefold(), bare_doi(value), find_issn(value).lower()}
        ]
        if tag not in _WHOLE and new:
            others[f"ris-{tag.lower()}"] = "; ".join(new)
    return others


def _first(tags: Tags, *names: str) -> str:
    return next((value for name in names for value in tags.get(name, []) if value), "")


def _sample(tags: Tags) -> str:
    text = " ".join(value for values in tags.values() for value in values)
    return text if len(text) < 60 else text[:60] + "…"
