"""References for other programs: RIS and CSL JSON that say all that BibTeX says."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reviewpress.bibliography.entries import CODE_FIELD, GROUP_FIELD, Entry, Name
from reviewpress.shapes import Plain

OWN_FIELDS = frozenset((GROUP_FIELD, "possible-duplicate", "ids", "original-key"))
"""Fields that say something of the review's file, not of the work."""
_RIS_TYPES = {
    "article": "JOUR", "book": "BOOK", "inbook": "CHAP", "incollection": "CHAP",
    "inproceedings": "CPAPER", "manual": "RPRT", "mastersthesis": "THES", "online": "ELEC",
    "phdthesis": "THES", "proceedings": "CONF", "report": "RPRT", "techreport": "RPRT",
    "thesis": "THES", "unpublished": "UNPB", "webpage": "ELEC",
}  # fmt: skip
_CSL_TYPES = {
    "article": "article-journal", "book": "book", "dataset": "dataset", "inbook": "chapter",
    "incollection": "chapter", "inproceedings": "paper-conference", "manual": "report",
    "mastersthesis": "thesis", "online": "webpage", "phdthesis": "thesis", "proceedings": "book",
    "report": "report", "software": "software", "techreport": "report", "thesis": "thesis",
    "unpublished": "manuscript", "webpage": "webpage",
}  # fmt: skip
_CONTAINERS = ("journal", "journaltitle", "booktitle", "series")
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_OWN_PLACES = {"chapter": "booktitle", "paper-conference": "booktitle", "report": "institution",
               "thesis": "school"}  # fmt: skip
"""Where each type of CSL is first of all, and what a reader takes its place for."""
_RIS_FIELDS = {
    "volume": "VL", "number": "IS", "doi": "DO", "url": "UR", "issn": "SN", "isbn": "SN",
    "abstract": "AB", "address": "CY", "edition": "ET", "affiliation": "AD", "language": "LA",
    "note": "N1", CODE_FIELD: "C1",
}  # fmt: skip
_CSL_FIELDS = {
    "volume": "volume", "number": "issue", "doi": "DOI", "url": "URL", "issn": "ISSN",
    "isbn": "ISBN", "pmid": "PMID", "pmcid": "PMCID", "abstract": "abstract",
    "address": "publisher-place", "edition": "edition", "language": "language",
    "keywords": "keyword", "note": "note",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MORE = Name("others")
"""BibTeX's name for authors that are not listed."""
_TOLD = frozenset((
    "author", "editor", "title", "subtitle", "year", "month", "date", "pages", "keywords",
    *OWN_FIELDS,
))  # fmt: skip


def write_ris(entries: Iterable[Entry]) -> str:
    """Return references as RIS; what RIS has no tag for stands in U5, with its name."""
    return "".join(
        "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in _ris(entry))
        + "ER  - \n\n"
        for entry in entries
    )


def write_csl(entries: Iterable[Entry]) -> str:
    """Return references as CSL JSON; what CSL has no name for stands in `custom`."""
    return json.dumps([_csl(entry) for entry in entries], ensure_ascii=False, indent=1) + "\n"


def without_own_fields(entry: Entry) -> Entry:
    """Return an entry without what only its own file needs."""
    fields = {name: text for name, text in entry.fields.items() if name not in OWN_FIELDS}
    return replace(entry, fields=fields)


def _ris(entry: Entry) -> Iterator[tuple[str, str]]:
    kind = _RIS_TYPES.get(entry.type, "GEN")
    yield "TY", kind
    yield "ID", entry.key
    yield from (("AU", _ris_name(name)) for name in entry.authors)
    yield from (("ED", _ris_name(name)) for name in entry.editors)
    first, _, last = entry.text("pages").replace("–", "--").partition("--")
    parts = {
        "TI": entry.title,
        "JF" if entry.type == "article" else "T2": entry.text(_place(entry, _CONTAINERS)),
        "PY": "-".join(_years(entry)) or entry.first("year", "date"),
        "DA": _ris_date(entry),
        "SP": first.strip("- "),
        "EP": last.strip("- "),
        "T3": _series(entry),
        "PB": entry.text(_place(entry, _PUBLISHERS)),
    }
    yield from ((tag, value) for tag, value in parts.items() if value)
    # Of a report SN is the number: readers would take an ISBN for that.
    fields = {name: tag for name, tag in _RIS_FIELDS.items() if (kind, tag) != ("RPRT", "SN")}
    yield from ((tag, _value(entry, name)) for name, tag in fields.items() if _value(entry, name))
    yield from (("KW", word) for word in _keywords(entry))
    if entry.text("pmid"):
        yield "AN", entry.text("pmid")
        yield "DB", "PubMed"
    for name, value in _others(entry, {*fields, "pmid"}):
        yield "U5", f"{name}: {value}"


def _csl(entry: Entry) -> dict[str, Plain]:
    item: dict[str, Plain] = {
        "id": entry.key,
        "citation-key": entry.key,
        "type": _CSL_TYPES.get(entry.type, "document"),
        "title": entry.title,
        "author": [_csl_name(name) for name in entry.authors],
        "editor": [_csl_name(name) for name in entry.editors],
        "issued": _csl_date(entry),
        "container-title": entry.text(_place(entry, _CONTAINERS)),
        "publisher": entry.text(_place(entry, _PUBLISHERS)),
        "page": entry.text("pages").replace("--", "-"),
    }
    item |= {csl: _value(entry, name) for name, csl in _CSL_FIELDS.items()}
    item["custom"] = dict(_others(entry, _CSL_FIELDS.keys() - {"keywords"}))
    item["collection-title"] = _series(entry)
    return {name: value for name, value in item.items() if value}


def _others(entry: Entry, told: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that a format has no place for: of two publishers the second, too."""
    known = {*told, *_TOLD, "series"}
    known |= {_place(entry, _CONTAINERS), _place(entry, _PUBLISHERS)}
    for name in entry.fields:
        if name not in known and entry.text(name):
            yield name, entry.text(name)


def _place(entry: Entry, names: Iterable[str]) -> str:
    """Return the first field that an entry has of several, that of its type before all others."""
    own = _OWN_PLACES.get(_CSL_TYPES.get(entry.type, ""))
    present = [name for name in names if entry.fields.get(name)]
    return own if own in present else present[0] if present else ""


def _series(entry: Entry) -> str:
    """Return the series of what is in a book or journal, too; else the series is told as that."""
    return entry.text("series") if _place(entry, _CONTAINERS) != "series" else ""


def _value(entry: Entry, name: str) -> str:
    return {"doi": entry.doi, "url": entry.url}.get(name) or entry.text(name)


def _keywords(entry: Entry) -> list[str]:
    text = entry.text("keywords")
    mark = ";" if ";" in text else ","
    return [word.strip() for word in text.split(mark) if word.strip()]


def _ris_name(name: Name) -> str:
    """Return a name as RIS writes it; a comma at the end says that it is a body's."""
    if name == _MORE:
        return "et al."
    if name.is_body:
        return f"{name.family},"
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _csl_name(name: Name) -> Mapping[str, str]:
    if name == _MORE:
        return {"literal": "et al."}
    if name.is_body or not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _month(entry: Entry) -> str:
    found = re.fullmatch(r"\d{4}-(\d{1,2})(?:-\d{1,2})?", entry.text("date"))
    month = found[1] if found else entry.text("month")
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    if month[:3].lower() in names:
        return str(names.index(month[:3].lower()) + 1)
    return str(int(month)) if month.isdecimal() and 0 < int(month) < 13 else ""


def _years(entry: Entry) -> tuple[str, ...]:
    """Return the year, the first and the last of several, or none where words stand for it."""
    found = re.fullmatch(r"(\d{4})\s*(?:/|-{1,2}|–)\s*(\d{4})", entry.first("year", "date"))
    if found:
        return (found[1], found[2])
    return (str(entry.year),) if entry.year else ()


def _ris_date(entry: Entry) -> str:
    whole = _DAY.fullmatch(entry.text("date"))
    if whole:
        return "/".join(whole.groups())
    month = _month(entry)
    return f"{entry.year}/{month.zfill(2)}" if entry.year and month else ""


def _csl_date(entry: Entry) -> Mapping[str, Plain]:
    years = _years(entry)
    if not years:
        words = entry.first("year", "date")
        return {"literal": words} if words else {}
    if len(years) > 1:
        return {"date-parts": [[int(year)] for year in years]}
    whole = _DAY.fullmatch(entry.text("date"))
    if whole:
        return {"date-parts": [[int(part) for part in whole.groups()]]}
    month = _month(entry)
    return {"date-parts": [[entry.year, int(month)] if month else [entry.year]]}
