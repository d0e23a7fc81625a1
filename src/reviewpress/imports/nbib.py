"""NBIB, as PubMed exports it: tags of four places, continued lines indented by six."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from reviewpress.bibliography import Entry, Name
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
)

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)$")
_YEAR_AND_MONTH = re.compile(r"\d{4}(?: [A-Z][a-z]{2})?")
_USED = frozenset((
    "PMID", "TI", "BTI", "VI", "IP", "PG", "AB", "LA", "FAU", "AU", "CN", "FED", "ED", "MH", "OT",
    "PL", "PB", "AD", "PMC", "SO",
))  # fmt: skip
_ADMINISTRATIVE = frozenset((
    "OWN", "STAT", "DCOM", "LR", "JID", "SB", "EDAT", "MHDA", "CRDT", "PHST", "PST", "DRDT",
    "DEP", "VTI",
))  # fmt: skip

Tags = Mapping[str, list[str]]


def read_nbib(text: str, file: str) -> Reading:
    """Read NBIB; every record is either in the records or among the rejected."""
    records, rejected = [], []
    for number, tags in enumerate(_split(text), start=1):
        title = _first(tags, "TI", "BTI")
        if title:
            records.append(Record(file, number, _entry(tags, title)))
        else:
            known = _first(tags, "PMID") or _first(tags, *tags)
            rejected.append(Rejected(file, number, "", f"has no title (“{known[:60]}”)"))
    return Reading("NBIB", tuple(records), tuple(rejected))


def _split(text: str) -> Iterator[Tags]:
    tags: dict[str, list[str]] = defaultdict(list)
    last = ""
    for line in text.splitlines():
        found = _TAG.match(line)
        if found and found[1] == "PMID" and tags:
            yield tags
            tags = defaultdict(list)
        if found:
            last = found[1]
            tags[last].append(found[2].strip())
        elif line.strip() and last and tags:
            tags[last][-1] = f"{tags[last][-1]} {line.strip()}"
        elif line.strip():
            tags[""].append(line.strip())
    if tags:
        yield tags


def _entry(tags: Tags, title: str) -> Entry:
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
        "year": find_year(date, _first(tags, "SO")),
        "month": find_month(date),
        "volume": _first(tags, "VI"),
        "number": _first(tags, "IP"),
        "pages": join_pages(_first(tags, "PG"), ""),
        "doi": find_doi(*(v for v in [*tags.get("LID", []), *tags.get("AID", [])] if "[doi]" in v)),
        "issn": find_issn(_first(tags, "IS")),
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
        if tag and new and tag not in _USED | _ADMINISTRATIVE:
            others[f"nbib-{tag.lower()}"] = "; ".join(new)
    return others


def _first(tags: Tags, *names: str) -> str:
    return next((value for name in names for value in tags.get(name, []) if value), "")
