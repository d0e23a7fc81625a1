"""RIS, also badly wrapped: records flattened to one line, continued lines, missing ends.

A record goes from the end of the one before to its own end, `ER  -` alone on a line; the order of
its tags is free. What stands between two records, and is no tag, belongs to none. A file that is
flattened has several tags in a line. There a tag is known by its two letters, a
hyphen and a space on both sides, which in a well-formed file stand at the start of a line only.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewpress.bibliography import Entry, Name, bare_doi, fold_accents
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
    read_people,
)

TAGS = frozenset((
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "BT", "C1", "C2", "C3", "C4", "C5", "C6",
    "C7", "C8", "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER",
    "ET", "ID", "IS", "J1", "J2", "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB",
    "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB", "PMID",
    "PP", "PY", "RI", "RN", "RP", "SE",
    "SN", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT", "TY", "U1", "U2", "U3", "U4",
    "U5", "UR", "VL", "VO", "Y1", "Y2",
))  # fmt: skip
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
_LINE = re.compile(r"\s{0,3}(PMID|[A-Z][A-Z0-9])\s{0,3}-(?:\s(.*)|)$")
_STRICT = re.compile(r"\s{0,3}(PMID|[A-Z][A-Z0-9])  -\s?(.*)$")
_TYPE = re.compile(r"\s{0,3}TY  -")
_SPONSOR = re.compile(r"[A-Z]{2,8}$")
_END = re.compile(r"\s{0,3}ER\s{0,3}-\s*$")
_INLINE = re.compile(r"(?:(?<=\s)|^)([A-Z][A-Z0-9])\s{1,2}-(?=\s|$)")
_FLAT = re.compile(r"\s*TY\s{1,2}-\s.*\s(?:A1|AU|TI|T1|PY|Y1|JO|JF|T2|AB|ER)\s{1,2}-(?:\s|$)")

_NUMBERING = re.compile(r"<?\d{1,6}[.>)]?|(?:Provider|Database|Content):.*")
"""Lines between records that say nothing: the record's number, or who made the file."""
_GAP = "\n"
"""What stands for an empty line."""
_BETWEEN = "NL"
"""A tag that Ovid writes between two records."""
_WHOLE = ("", "TY", "ER", "AU", "A1", "ED", "A2", "KW", "N1")
"""Tags whose values all go into one field."""
_DOI_TAGS = ("DO", "DI", "M3", "U3", "L3", "UR")

Tags = Mapping[str, list[str]]
Pieces = list[tuple[str, str]]


def read_ris(text: str, file: str) -> Reading:
    """Read RIS; every record is either in the records or among the rejected."""
    records: list[Record] = []
    rejected: list[Rejected] = []
    between: list[str] = []
    for number, pieces in enumerate(_split(text, between), start=1):
        tags: dict[str, list[str]] = defaultdict(list)
        for tag, value in pieces:
            tags[tag].append(value)
        title = _first(tags, "TI", "T1", "CT", "BT", "ST")
        if title:
            records.append(Record(file, number, _entry(tags, title, _authors(pieces))))
        else:
            rejected.append(Rejected(file, number, "", f"has no title: “{_sample(tags)}”"))
    return Reading("RIS", tuple(records), tuple(rejected), _left_out(between))


def _split(text: str, between: list[str]) -> Iterator[Pieces]:
    """Yield the tags of each record, in order; add the lines between records to `between`."""
    pieces: Pieces = []
    typed, gap = False, 0
    for tag, value in _pieces(text):
        if tag == _GAP:
            gap = len(pieces)
            continue
        if tag == "ER" or (tag == "TY" and typed):
            # Without an end, an empty line parts records whose type comes late.
            late = gap if tag == "TY" and _repeats_title(pieces, gap) else len(pieces)
            if _is_record(pieces[:late]):
                yield pieces[:late]
            pieces, typed, gap = pieces[late:], False, 0
        if tag and tag != "ER" and not (tag == _BETWEEN and not typed):
            pieces.append((tag, value))
            typed = typed or tag == "TY"
        elif not tag and pieces:
            last, before = pieces[-1]
            pieces[-1] = (last, f"{before} {value}".strip())
        elif value and tag != "ER" and not _NUMBERING.fullmatch(value):
            between.append(value)
    if _is_record(pieces):
        yield pieces


def _repeats_title(pieces: Pieces, gap: int) -> bool:
    before, after = (
        {tag for tag, _ in part} & {"TI", "T1"} for part in (pieces[:gap], pieces[gap:])
    )
    return bool(before and after)


def _is_record(pieces: Pieces) -> bool:
    return any(value for _, value in pieces)


def _left_out(lines: Sequence[str]) -> tuple[str, ...]:
    if not lines:
        return ()
    first = lines[0] if len(lines[0]) < 60 else lines[0][:60] + "…"
    if len(lines) == 1:
        return (f"a line between records belongs to none and was left out: “{first}”.",)
    return (f"{len(lines)} lines between records belong to none and were left out: “{first}”, …",)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each tag with its value, and each line that continues one with an empty tag."""
    lines = text.split("\n")
    if any(_FLAT.match(line) for line in lines):
        yield from _pieces_of_a_line(" ".join(lines))
        return
    is_strict = any(map(_TYPE.match, lines))
    for position, line in enumerate(lines):
        found = (_STRICT if is_strict else _LINE).match(line)
        is_end = line.strip() == "ER" or (found is not None and found[1] == "ER")
        if _END.match(line) or (is_end and _nothing_follows(lines, position)):
            yield "ER", ""
        elif found and found[1] != "ER" and (found[1] in TAGS or line[2:6] == "  - "):
            yield found[1], (found[2] or "").strip()
        elif line.strip():
            yield "", line.strip()
        else:
            yield _GAP, ""


def _nothing_follows(lines: Sequence[str], position: int) -> bool:
    """Whether the file, or a record of it, ends after a line: ER may have text on it."""
    after = next((line for line in lines[position + 1 :] if line.strip()), "TY  -")
    return bool(_TYPE.match(after) or _NUMBERING.fullmatch(after.strip()))


def _pieces_of_a_line(joined: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a file in which records are flattened to lines."""
    marks = [found for found in _INLINE.finditer(joined) if found[1] in TAGS]
    start = marks[0].start() if marks else len(joined)
    if joined[:start].strip():
        yield "", joined[:start].strip()
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = after.start() if after else len(joined)
        value = joined[mark.end() : end].strip()
        if mark[1] == "ER":
            yield "ER", ""
            if value:
                yield "", value
        else:
            yield mark[1], value


def _entry(tags: Tags, title: str, authors: list[Name]) -> Entry:
    kind = TYPES.get(_first(tags, "TY").upper(), "misc")
    if kind == "misc" and _first(tags, "JF", "JO", "JA") and _first(tags, "VL", "IS", "SN"):
        kind = "article"
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
    texts["pmid"] = _first(tags, "PMID")
    if "PubMed" in _first(tags, "DB") or _first(tags, "DP") == "NLM":
        texts["pmid"] = _first(tags, "AN")
    if _first(tags, "TY").upper() not in (*TYPES, "GEN", ""):
        texts["ris-ty"] = _first(tags, "TY")
    if tags.get("AU"):
        texts["ris-a1"] = "; ".join(v for v in tags.get("A1", []) if _SPONSOR.match(v))
    texts |= _others(tags, texts)
    editors = [value for tag in ("ED", "A2") for value in tags.get(tag, [])]
    return make_entry(kind, texts, authors, _people(dict.fromkeys(editors)))


def _authors(pieces: Pieces) -> list[Name]:
    """Return the authors in the order of their tags.

    Some exports list them twice, under A1 and AU or one tag after the other; others put the first
    under A1 and the rest under AU. The Web of Science puts the sponsor of a conference under A1,
    by its initials: that is no author where AU has persons.
    """
    listed = {tag: _people(value for name, value in pieces if name == tag) for tag in ("A1", "AU")}
    first, second = ([_author_key(name) for name in names] for names in listed.values())
    if first and second and ([k[0] for k in first] == [k[0] for k in second]):
        return max(listed.values(), key=lambda names: sum(len(str(name)) for name in names))
    if second:
        pieces = [piece for piece in pieces if not (piece[0] == "A1" and _SPONSOR.match(piece[1]))]
    both = set(first) & set(second)
    people, told = [], set[tuple[str, str]]()
    for tag, value in pieces:
        if tag in listed:
            for person in _people([value]):
                key = _author_key(person)
                if key not in told or key not in both:
                    people.append(person)
                told.add(key)
    half = len(people) // 2
    return people[:half] if half and people[:half] == people[half:] else people


def _author_key(name: Name) -> tuple[str, str]:
    family = re.sub(r"[\W_]+", "", fold_accents(name.family.casefold()))
    return family, fold_accents(name.given[:1].casefold())


def _people(values: Iterable[str]) -> list[Name]:
    return [person for value in values if value.strip(" ,;.") for person in read_people(value)]


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
            if value
            and not known
            & {" ".join(value.split()).casefold(), bare_doi(value), find_issn(value).lower()}
        ]
        if tag not in _WHOLE and new:
            others[f"ris-{tag.lower()}"] = "; ".join(new)
    return others


def _first(tags: Tags, *names: str) -> str:
    return next((value for name in names for value in tags.get(name, []) if value), "")


def _sample(tags: Tags) -> str:
    text = " ".join(value for values in tags.values() for value in values)
    return text if len(text) < 60 else text[:60] + "…"
