"""CSL JSON, as Zotero and pandoc write it."""

import json
from collections.abc import Mapping

from reviewpress.bibliography import Entry, Name
from reviewpress.imports.json_items import read_items, said_again
from reviewpress.imports.people import read_people
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
    join_pages,
    make_entry,
    more_than_doi,
    name_titles,
    read_year,
)
from reviewpress.shapes import Plain, as_list

TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "report",
    "thesis": "phdthesis",
    "webpage": "online",
}
_PLACES = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_SIMPLE = {
    "volume": "volume",
    "issue": "number",
    "abstract": "abstract",
    "language": "language",
    "edition": "edition",
    "publisher-place": "address",
    "URL": "url",
    "ISSN": "issn",
    "ISBN": "isbn",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "keyword": "keywords",
    "note": "note",
}
_DATES = ("issued", "published", "published-print", "published-online")
"""Dates of publication, as CSL and as Crossref call them; the first one counts."""
_SINGLE = {
    "issued": "year", "container-title": "journal", "DOI": "DOI", "volume": "volume",
    "issue": "issue",
}  # fmt: skip
"""What a work has one of, beside its title."""
_USED = frozenset(
    (*_SIMPLE, "id", "type", "title", "author", "editor", "issued", "page", "DOI", "publisher",
     "container-title", "citation-key")
)  # fmt: skip


def read_csl(text: str, file: str) -> Reading:
    """Read CSL JSON: a list of items, or an object that holds one.

    Raises BibliographyError where the file is no JSON.
    """
    data = read_items(text, file)
    items = data.get("items", [data]) if isinstance(data, dict) else data
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
        title = _title(item.get("title")) if isinstance(item, dict) else ""
        others = said_again(item)
        if "title" in others:
            reason = name_titles([title, *map(_title, others["title"])], "the end of an item")
            rejected.append(Rejected(file, number, title, reason))
        elif title:
            records.append(Record(file, number, _entry(item, title)))
            repeated += [(number, name) for key, name in _SINGLE.items() if key in others]
        else:
            reason = "has no title" if isinstance(item, dict) else "is not a reference"
            sample = json.dumps(item, ensure_ascii=False)[:60]
            rejected.append(Rejected(file, number, "", f"{reason} (“{sample}”)"))
    return Reading("CSL JSON", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _entry(item: Mapping[str, Plain], title: str) -> Entry:
    kind, used = TYPES.get(str(item.get("type")), "misc"), _USED
    publisher = {"report": "institution", "phdthesis": "school"}.get(kind, "publisher")
    texts = {name: _plain(item.get(key)) for key, name in _SIMPLE.items()}
    texts |= {
        "title": title,
        _PLACES.get(kind, "series"): _title(item.get("container-title")),
        publisher: _plain(item.get("publisher")),
        **_issued(next((item[name] for name in _DATES if item.get(name)), None)),
        "csl-type": _plain(item.get("type")) if kind == "misc" else "",
        "pages": join_pages(_plain(item.get("page")), ""),
        "doi": find_doi(_plain(item.get("DOI")), _plain(item.get("URL"))),
        "csl-doi": more_than_doi(_plain(item.get("DOI"))),
    }
    if not texts.get("series"):
        texts["series"] = _title(item.get("collection-title"))
        used |= {"collection-title"}
    texts |= {
        f"csl-{_field_name(key)}": _said(value)
        for key, value in item.items()
        if key not in used and _plain(value)
    }
    for key, values in said_again(item).items():
        name = f"csl-{_field_name(key)}"
        texts[name] = "; ".join(filter(None, (texts.get(name, ""), *map(_said, values))))
    custom = item.get("custom")
    if isinstance(custom, dict) and all(isinstance(value, str) for value in custom.values()):
        texts.pop("csl-custom", None)  # fields of another bibliography, by their names
        texts |= {name: value for name, value in custom.items() if not texts.get(name)}
    key = _plain(item.get("citation-key"))
    return make_entry(kind, texts, _names(item.get("author")), _names(item.get("editor")), key)


def _said(value: Plain) -> str:
    """Return what a field has no place for: names as names, all else as it stands."""
    people = _names(value) if isinstance(value, list) else []
    is_people = people and all(isinstance(one, dict) for one in as_list(value))
    return "; ".join(map(str, people)) if is_people else _plain(value)


def _field_name(key: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in key.lower())[:40]


def _plain(value: Plain) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(str(value).split())
    if isinstance(value, dict) and len(value) == 1:  # a date, unless it says more than one
        return _date(value) or json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and all(isinstance(one, (str, int, float)) for one in value):
        return "; ".join(filter(None, map(_plain, value)))
    return json.dumps(value, ensure_ascii=False) if value else ""


def _date(value: Mapping[str, Plain]) -> str:
    """Return a date of CSL as ISO 8601 writes it, or as it stands in words."""
    parts = value.get("date-parts")
    if not isinstance(parts, list):
        return _plain(value.get("raw") or value.get("literal"))
    dates = (one for one in parts if isinstance(one, list))
    return "/".join("-".join(_plain(part).zfill(2) for part in one if part) for one in dates)


def _title(value: Plain) -> str:
    """Return a title, of a list the first: the others are the same in other words."""
    return next(filter(None, map(_plain, value)), "") if isinstance(value, list) else _plain(value)


def _issued(issued: Plain) -> dict[str, str]:
    """Return year and month of publication, and all that is said where that is more."""
    whole = _plain(issued)
    date = _date(issued) if isinstance(issued, dict) else whole
    year, month = read_year(date), find_month(date)
    told = {year, date if year == date else "", f"{year}-{month.zfill(2)}"} if year else {""}
    return {"year": year, "month": month, "csl-issued": "" if whole in told else whole}


def _names(value: Plain) -> list[Name]:
    """Return people, of whichever parts they have; a text is one of them, or all."""
    people = value if isinstance(value, list) else [value] if value else []
    return [name for person in people for name in _people(person)]


def _people(person: Plain) -> list[Name]:
    if isinstance(person, str):
        return read_people(person)
    if not isinstance(person, dict):
        return []
    parts = {part: _plain(text) for part, text in person.items() if _plain(text)}
    whole = parts.get("literal") or parts.get("name") or parts.get("full") or ""
    if whole.strip(".") in ("et al", "others"):
        return [Name("others")]
    family, given = parts.get("family", ""), parts.get("given", "")
    if whole and not family:
        return [Name(whole, is_body=True)]
    if not family:  # one name is all that some have
        return [Name(given, is_body=" " in given)] if given else []
    particle = parts.get("non-dropping-particle") or parts.get("dropping-particle") or ""
    return [Name(f"{particle} {family}".strip(), given, parts.get("suffix", ""))]
