"""NBIB, as PubMed and ERIC export it: tags of four places, continued lines indented by six."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain, takewhile

from reviewpress.bibliography import Entry, Name
from reviewpress.imports.people import read_name
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
    name_titles,
    read_year,
)

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)$")
_TITLE_INSIDE = re.compile(r"TI {2}- (.+)")
"""The title of another record, where the end of a line and what followed it are damaged."""
_NEXT = re.compile(r"\n[ \t]*\n(?=PMID {0,2}- )")
_ISSN = re.compile(r"(?:ISSN-)*(?=[EX\d])", re.IGNORECASE)
_ERIC_SOURCE = re.compile(r"v(?P<VI>\S+)|n(?P<IP>\S+)|pp?(?P<PG>[\w-]+)")
"""Where in a journal, as ERIC says it: "v21 n1 p12-24 2020"."""
_YEAR_AND_MONTH = re.compile(r"\d{4}(?: [A-Z][a-z]{2})?")
_USED = frozenset((
    "PMID", "TI", "BTI", "VI", "IP", "PG", "AB", "LA", "FAU", "AU", "CN", "FED", "ED", "MH", "OT",
    "PL", "PB", "AD", "PMC", "SO",
))  # fmt: skip
_IDS = frozenset(("PMID", "PMC", "PMCR", "OWN", "OID"))
"""Tags that a record may begin with."""
_ADMINISTRATIVE = frozenset((
    "OWN", "STAT", "DCOM", "LR", "JID", "SB", "EDAT", "MHDA", "CRDT", "PHST", "PST", "DRDT",
    "DEP", "VTI",
))  # fmt: skip

_SINGLE = {"DP": "year", "JT": "journal", "VI": "volume", "IP": "issue"}
"""What a work has one of."""
_ONE = frozenset(("VI", "IP", "PG", "AB", "LA", "PL", "PB", "PMID", "PMC", "SO", "BTI"))
"""Tags whose first value is in a field."""
_FIRST = frozenset(("OWN", "STAT", "FAU", "JT", "LID", "AID", "OID", "PMID"))
"""Tags that NBIB has and RIS has not."""

Tags = Mapping[str, list[str]]


def is_nbib(lines: list[str]) -> bool:
    """Whether the first lines of a file are tags of NBIB, and not of RIS."""
    tags = [found[1] for found in map(_TAG.match, lines[:50]) if found]
    return "TY" not in tags and ("PMID" in tags or ("TI" in tags and bool(_FIRST & set(tags))))


def pieces_of_nbib(text: str, size: int = 1_000_000) -> Iterator[str]:
    """Yield a text of NBIB in pieces, each of which ends with a record, and can be read by itself.

    One piece where the first record does not begin with PMID: then others need not, either.
    """
    start, parted = 0, text.lstrip().startswith("PMID")
    while parted and (found := _NEXT.search(text, start + size)):
        yield text[start : found.end()]
        start = found.end()
    yield text[start:]


def read_nbib(text: str, file: str) -> Reading:
    """Read NBIB; every record is either in the records or among the rejected."""
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    for number, tags in enumerate(_split(text), start=1):
        title = _first(tags, "TI", "BTI", "CTI")
        titles = [value for value in tags.get("TI", ()) if value]
        titles += _TITLE_INSIDE.findall("\n".join(chain.from_iterable(tags.values())))
        if len(titles) > 1:
            reason = name_titles(titles, "a line between records")
            rejected.append(Rejected(file, number, titles[0], reason))
        elif title:
            records.append(Record(file, number, _entry(tags, title)))
            repeated += find_repeated(number, tags, _SINGLE)
        else:
            known = _first(tags, "PMID") or _first(tags, *tags)
            rejected.append(Rejected(file, number, "", f"has no title (“{known[:60]}”)"))
    return Reading("NBIB", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _split(text: str) -> Iterator[Tags]:
    """Yield the tags of each record.

    A record begins with the tag that the file begins with, PMID at any place, or after an empty
    line with another tag, where a title or an identifier of its own follows.
    """
    tags: dict[str, list[str]] = defaultdict(list)
    last = first = ""
    after_blank = True
    lines = text.split("\n")
    for position, line in enumerate(lines):
        found = _TAG.match(line)
        if found and not first:
            first = found[1]
        if found and tags and _begins(found[1], first, after_blank, tags, lines[position:]):
            yield tags
            tags, last = defaultdict(list), ""
        if found:
            if found[1] == last == "TI":  # a title on several lines, each with its tag
                tags[last][-1] = f"{tags[last][-1]} {found[2].strip()}".strip()
            else:
                last = found[1]
                tags[last].append(found[2].strip())
        elif line.strip() and last and tags and not (after_blank and line[:1].strip()):
            tags[last][-1] = f"{tags[last][-1]} {line.strip()}".strip()
        elif line.strip():
            tags[""].append(line.strip())
        after_blank = not line.strip()
    if tags:
        yield tags


def _begins(tag: str, first: str, after_blank: bool, tags: Tags, lines: list[str]) -> bool:
    """Whether a tag begins a record: the lines are those from it on."""
    if tag == "PMID" == first or (tag == first and after_blank):
        return True
    if not after_blank or not ({"TI", "BTI", "PMID"} & tags.keys()):
        return False
    block = (found[1] for found in map(_TAG.match, takewhile(str.strip, lines)) if found)
    return bool({"TI", "BTI", "CTI", "PMID"} & set(block)) and (tag in _IDS or "TI" in tags)


def _entry(tags: Tags, title: str) -> Entry:
    tags = _with_source(tags)
    is_book = "BTI" in tags and "JT" not in tags
    kind = "book" if is_book else "article"
    authors = [read_name(name) for name in tags.get("FAU") or tags.get("AU", [])]
    authors += [Name(name, is_body=True) for name in tags.get("CN", [])]
    editors = [read_name(name) for name in tags.get("FED") or tags.get("ED", [])]
    date = _first(tags, "DP")
    terms = [*tags.get("MH", []), *tags.get("OT", [])]
    texts = {
        "title": title.rstrip(".") if not title.endswith("..") else title,
        "journal": "" if is_book else _first(tags, "JT", "TA"),
        "publisher": _first(tags, "PB"),
        "year": read_year(date, _first(tags, "SO")),
        "month": find_month(date),
        "volume": _first(tags, "VI"),
        "number": _first(tags, "IP"),
        "pages": join_pages(_first(tags, "PG"), ""),
        "doi": find_doi(
            *(
                v
                for v in [*tags.get("LID", []), *tags.get("AID", [])]
                if "[doi]" in v or "doi.org/" in v
            )
        ),
        "issn": find_issn(_ISSN.sub("", _first(tags, "IS", "ISSN"), count=1)),
        "abstract": _first(tags, "AB"),
        "language": _first(tags, "LA"),
        "address": _first(tags, "PL"),
        "affiliation": "; ".join(dict.fromkeys(tags.get("AD", []))),
        "keywords": "; ".join(dict.fromkeys(terms)),
        "pmid": _first(tags, "PMID"),
        "pmcid": _first(tags, "PMC"),
    }
    texts |= _others(tags, texts)
    return make_entry(kind, texts, authors, editors)


def _with_source(tags: Tags) -> Tags:
    """Return the tags of a record with what only ERIC's source says."""
    found: dict[str, list[str]] = {}
    for part in _first(tags, "SO").split() if "PMID" not in tags else ():
        said = _ERIC_SOURCE.fullmatch(part)
        if said and said.lastgroup and said.lastgroup not in tags:
            found.setdefault(said.lastgroup, [said[said.lastgroup]])
    return {**tags, **found}


def _others(tags: Tags, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what no field takes, under names that tell the tag: nothing of a work is lost."""
    told = {texts["journal"], _first(tags, "IS"), f"{texts['doi']} [doi]"}
    others = {}
    for tag, values in tags.items():
        new = [
            value for value in dict.fromkeys(values) if value and not told & {value, value.lower()}
        ]
        if tag == "DP" and _YEAR_AND_MONTH.fullmatch(new[0] if new else ""):
            continue
        if tag in _ONE:
            new = [value for value in new if value != values[0]]
        elif tag in _USED and len(values) <= len(tags.get(f"F{tag}", values)):
            new = []  # otherwise somebody has no full name
        if tag and new and tag not in _ADMINISTRATIVE:
            others[f"nbib-{tag.lower()}"] = "; ".join(new)
    return others


def _first(tags: Tags, *names: str) -> str:
    return next((value for name in names for value in tags.get(name, []) if value), "")
