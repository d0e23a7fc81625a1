"""EPPI-Reviewer: records and decisions of its JSON export of references.

JSON (seen in public exports, 2026-11): `CodeSets`, trees of codes that have an `AttributeId`, an
`AttributeName` and an `AttributeType`, which for screening is Include or Exclude; `References`,
each with the `Codes` that it was given. The coding of an export is what was agreed. `Authors` are
family names first, without a comma: "Ash Ann B; de Birch Bob".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from reviewpress.bibliography import Entry, Name
from reviewpress.evidence.decisions import AGREED, EXCLUDE, INCLUDE
from reviewpress.imports.ballots import Asked, Ballot, DecidedRecord, DecisionFile
from reviewpress.imports.decision_words import decision_of, stage_of
from reviewpress.imports.json_items import read_items, said_again
from reviewpress.imports.people import read_names
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_issn,
    find_month,
    join_pages,
    make_entry,
    more_than_doi,
    name_titles,
    read_year,
)
from reviewpress.shapes import Plain, as_list, as_mapping

MAKER = "EPPI-Reviewer"
_FIELDS = {"volume": "Volume", "number": "Issue", "abstract": "Abstract", "url": "URL",
           "publisher": "Publisher", "institution": "Institution", "address": "City",
           "edition": "Edition"}  # fmt: skip
_TYPES = {"Journal": "article", "Article": "article", "Book, Chapter": "incollection",
          "Book": "book", "Conference": "inproceedings", "Dissertation": "phdthesis",
          "Report": "report", "Document From Internet": "online"}  # fmt: skip
"""What types begin with, and what they are; the more exact ones first."""
_SINGLE = {"Year": "year", "ParentTitle": "journal", "DOI": "DOI", "Volume": "volume",
           "Issue": "issue"}  # fmt: skip
"""What a work has one of, beside its title."""
_CONTAINERS = {"incollection": "booktitle", "inproceedings": "booktitle"}
_FAMILY = re.compile(r"((?:[^\W\d_A-ZÀ-Þ][^\W\d_]*['’ ]\s*)*\S+)\s+(.+)")
"""A family name, with the small words before it, and what is given."""


def is_eppi(text: str) -> bool:
    """Whether a text is a JSON export of EPPI-Reviewer."""
    head = text[:2_000_000]
    return head.lstrip()[:1] == "{" and '"CodeSets"' in head and '"References"' in text


def read_eppi(text: str, file: str, asked: Asked) -> DecisionFile | None:
    """Read the decisions in an export; None where it has no codes that are decisions.

    Raises BibliographyError where it is no JSON.
    """
    data = as_mapping(read_items(text, file))
    codes = dict(_codes(data))
    if not codes:
        return None
    records = []
    for number, item in enumerate(_references(data), start=1):
        given = [codes[str(one)] for one in _given(item) if str(one) in codes]
        ballots = tuple(join_ballots(given, asked, asked.reviewer or AGREED))
        name = str(item.get("ItemId", ""))
        records.append(DecidedRecord(number, f"record {number}", _entry(item), name, ballots))
    remarks = () if asked.reviewer else ("the coding of an export is taken as what was agreed",)
    return DecisionFile(file, MAKER, tuple(records), remarks)


def read_eppi_records(text: str, file: str) -> Reading:
    """Read the records of an export, without their codes.

    Raises BibliographyError where it is no JSON.
    """
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    for number, item in enumerate(_references(as_mapping(read_items(text, file))), start=1):
        entry = _entry(item)
        titles = said_again(item).get("Title", [])
        if titles:
            reason = name_titles([entry.title, *map(str, titles)], "the end of an item")
            rejected.append(Rejected(file, number, entry.title, reason))
        elif entry.title:
            records.append(Record(file, number, entry))
            repeated += [(number, name) for key, name in _SINGLE.items() if key in said_again(item)]
        else:
            told = str(item.get("ShortTitle") or item.get("ItemId") or "")[:60]
            rejected.append(Rejected(file, number, "", f"has no title (“{told}”)"))
    return Reading(
        "EPPI-Reviewer JSON", tuple(records), tuple(rejected), maker=MAKER, repeated=tuple(repeated)
    )


def _references(data: Mapping[str, Plain]) -> Iterator[Mapping[str, Plain]]:
    for references in (data.get("References"), *said_again(data).get("References", ())):
        yield from map(as_mapping, as_list(references))


def _given(item: Mapping[str, Plain]) -> Iterator[Plain]:
    for code in as_list(item.get("Codes")):
        yield as_mapping(code).get("AttributeId")


def _codes(data: Mapping[str, Plain]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Yield each code that is a decision: its id, with stage, decision and reason."""
    for item in map(as_mapping, as_list(data.get("CodeSets"))):
        name = str(item.get("SetName", ""))
        kind = str(as_mapping(item.get("SetType")).get("SetTypeName", ""))
        found = list(_attributes(item))
        types = {str(one.get("AttributeType", "")).casefold() for one in found}
        if kind == "Screening" or "screen" in name.casefold() or types & {"include", "exclude"}:
            for one in found:
                decided = _decision(one)
                if decided:
                    stage = stage_of(name) or stage_of(str(one.get("AttributeName", "")))
                    yield str(one.get("AttributeId")), (stage, *decided)


def _attributes(item: Mapping[str, Plain]) -> Iterator[Mapping[str, Plain]]:
    """Yield the codes of a set or below a code, however deep."""
    for one in map(as_mapping, as_list(as_mapping(item.get("Attributes")).get("AttributesList"))):
        yield one
        yield from _attributes(one)


def _decision(code: Mapping[str, Plain]) -> tuple[str, str] | None:
    name, kind = str(code.get("AttributeName", "")), str(code.get("AttributeType", "")).casefold()
    decided = decision_of(name)
    if decided and decided[0]:
        return decided
    if kind.startswith(("include", "exclude")):
        return (INCLUDE, "") if kind.startswith("include") else (EXCLUDE, name.strip())
    return None


def join_ballots(
    given: Sequence[tuple[str, str, str]], asked: Asked, reviewer: str
) -> Iterator[Ballot]:
    """Yield a decision a stage; further reasons of one exclusion become a note."""
    stages: dict[tuple[str, str], list[str]] = {}
    for stage, decision, reason in given:
        stages.setdefault((stage, decision), []).append(reason)
    for (stage, decision), found in stages.items():
        reasons = [reason for reason in found if reason]
        also = f"also: {', '.join(reasons[1:])}" if reasons[1:] else ""
        yield Ballot(
            asked.stage_or(stage), decision, reviewer, reason=next(iter(reasons), ""), note=also
        )


def _entry(item: Mapping[str, Plain]) -> Entry:
    said = str(item.get("TypeName") or "")
    journal = str(item.get("ParentTitle") or "")
    kind = next((of for name, of in _TYPES.items() if said.startswith(name)), "")
    kind = kind or ("article" if journal else "misc")
    texts = {name: str(item.get(field) or "") for name, field in _FIELDS.items()}
    texts |= {
        "title": str(item.get("Title") or ""),
        _CONTAINERS.get(kind, "journal"): journal,
        "year": read_year(str(item.get("Year") or "")),
        "pages": join_pages(str(item.get("Pages") or ""), ""),
        "doi": find_doi(str(item.get("DOI") or ""), texts["url"]),
        "eppi-doi": more_than_doi(str(item.get("DOI") or "")),
        "issn": find_issn(str(item.get("StandardNumber") or "")),
        "month": find_month(str(item.get("Month") or "")),
        "keywords": "; ".join(map(str.strip, str(item.get("Keywords") or "").splitlines())),
        "note": str(item.get("Comments") or ""),
        "eppi-id": str(item.get("ItemId") or ""),
    }
    for key, values in said_again(item).items():
        texts[f"eppi-{key.casefold()}"] = "; ".join(map(str, values))
    authors, editors = (_people(str(item.get(key) or "")) for key in ("Authors", "ParentAuthors"))
    return make_entry(kind, texts, authors, editors)


def _people(text: str) -> list[Name]:
    """Return the people of a cell: the family's name comes first, and no comma after it."""
    people: list[Name] = []
    for person in filter(None, (" ".join(one.split()) for one in text.split(";"))):
        found, names = _FAMILY.fullmatch(person), read_names(person)
        in_order = found is None or "," in person or any(name.is_body for name in names)
        people += names if found is None or in_order else [Name(found[1], found[2])]
    return people
