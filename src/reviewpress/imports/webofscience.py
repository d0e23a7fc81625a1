"""Web of Science's tagged text (.ciw, savedrecs.txt): two letters and a space before each value."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from reviewpress.bibliography import Entry
from reviewpress.imports.people import read_name
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
    find_repeated,
    join_pages,
    make_entry,
    more_than_doi,
    name_titles,
    read_year,
)

_TAG = re.compile(r"([A-Z][A-Z0-9]) (.*)$|([A-Z][A-Z0-9])$")
_FILE = ("FN", "VR", "EF")
"""Tags of the file, not of a record."""
_TYPES = {"J": "article", "B": "book", "S": "incollection", "C": "inproceedings", "P": "misc"}
_FIELDS = {
    "AB": "abstract", "VL": "volume", "IS": "number", "PU": "publisher", "PA": "address",
    "LA": "language", "PM": "pmid", "C1": "affiliation",
}  # fmt: skip
_USED = frozenset((
    *_FIELDS, "PT", "AU", "AF", "BA", "BE", "ED", "CA", "TI", "SO", "PY", "PD", "BP", "EP", "DI",
    "DE", "ID", "SN", "BN", "ER",
))  # fmt: skip
_LISTS = frozenset(("AU", "AF", "BA", "BE", "ED", "CA", "CR", "C1", "C3", "RI", "OI"))
"""Tags of which each line is a value."""
_SINGLE = {"PY": "year", "SO": "journal", "DI": "DOI", "VL": "volume", "IS": "issue"}
"""What a work has one of."""
_ONE = frozenset((
    *_SINGLE, "PT", "PD", "BP", "EP", "AR", "SN", "EI", "BN", "PU", "PA", "LA", "PM",
))  # fmt: skip
"""Tags whose first value is in a field."""

Tags = Mapping[str, list[str]]


def is_web_of_science(lines: list[str]) -> bool:
    """Whether the first lines of a file are those of the Web of Science."""
    return any(line.startswith("PT ") for line in lines[:20]) and not any(
        line[2:6] == "  - " for line in lines[:20]
    )


def read_web_of_science(text: str, file: str) -> Reading:
    """Read tagged text; every record is either in the records or among the rejected."""
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    for number, tags in enumerate(_split(text), start=1):
        titles = list(dict.fromkeys(filter(None, tags.get("TI", []))))
        if len(titles) > 1:
            reason = name_titles(titles, "a line between records")
            rejected.append(Rejected(file, number, titles[0], reason))
        elif titles:
            records.append(Record(file, number, _entry(tags, titles[0])))
            repeated += find_repeated(number, tags, _SINGLE)
        else:
            sample = " ".join(value for values in tags.values() for value in values)[:60]
            rejected.append(Rejected(file, number, "", f"has no title (“{sample}”)"))
    return Reading("Web of Science", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _split(text: str) -> Iterator[Tags]:
    tags: dict[str, list[str]] = defaultdict(list)
    last = ""
    for line in text.split("\n"):
        found = _TAG.match(line.rstrip())
        tag = (found[1] or found[3]) if found else ""
        if tag == "ER" or (tag == "PT" and "PT" in tags):
            if tags:
                yield tags
            tags, last = defaultdict(list), ""
        if found and tag not in ("ER", *_FILE):
            last = tag
            tags[last].append((found[2] or "").strip())
        elif last and line.strip() and not found:
            if last in _LISTS:
                tags[last].append(line.strip())
            else:
                tags[last][-1] = f"{tags[last][-1]} {line.strip()}".strip()
    if tags:
        yield tags


def _entry(tags: Tags, title: str) -> Entry:
    kind = _TYPES.get(_all(tags, "PT")[:1].upper(), "misc")
    authors = [read_name(name) for name in tags.get("AF") or tags.get("AU", [])]
    editors = [read_name(name) for name in tags.get("BE") or tags.get("ED", [])]
    container = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
    texts = {
        "title": title,
        container.get(kind, "series"): _all(tags, "SO"),
        "year": read_year(_all(tags, "PY"), _all(tags, "PD")),
        "month": find_month(_all(tags, "PD").title()),
        "pages": join_pages(_all(tags, "BP"), _all(tags, "EP")),
        "doi": find_doi(_all(tags, "DI")),
        "wos-di": more_than_doi(_all(tags, "DI")),
        "keywords": "; ".join(filter(None, (_all(tags, "DE"), _all(tags, "ID")))),
        "issn": _all(tags, "SN") or _all(tags, "EI"),
        "isbn": _all(tags, "BN"),
        **{name: _all(tags, tag) for tag, name in _FIELDS.items()},
    }
    if tags.get("AR"):
        texts["eid"] = _all(tags, "AR")
    texts |= {
        f"wos-{tag.lower()}": "; ".join(values)
        for tag, values in tags.items()
        if tag not in _USED and tag != "AR" and any(values)
    }
    texts |= {
        f"wos-{tag.lower()}": "; ".join(others)
        for tag in _ONE
        if (others := [value for value in tags.get(tag, [])[1:] if value != tags[tag][0]])
    }
    if len(tags.get("AU", [])) > len(tags.get("AF", tags.get("AU", []))):
        texts["wos-au"] = _all(tags, "AU")  # somebody has no full name
    return make_entry(kind, texts, authors, editors)


def _all(tags: Tags, tag: str) -> str:
    values = tags.get(tag, [])
    return "; ".join(values) if tag in _LISTS else " ".join(values[: 1 if tag in _ONE else None])
