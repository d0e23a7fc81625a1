"""Ovid's own text: the name of a field on a line, and its value, indented, on those below."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from reviewpress.imports.records import Reading
from reviewpress.imports.ris import read_tags

_NUMBER = re.compile(r"<\d{1,6}>\s*$")
_LABEL = re.compile(r"[A-Z][A-Za-z/&() -]{1,40}$")
_LABELS: Mapping[str, str] = {
    "title": "TI", "ti": "TI", "author": "AU", "authors": "AU", "au": "AU", "source": "SO",
    "so": "SO", "abstract": "AB", "ab": "AB", "accession number": "AN", "an": "AN",
    "unique identifier": "AN", "ui": "AN", "institution": "AD", "in": "AD",
    "author keywords": "KW", "key words": "KW", "keywords": "KW", "kw": "KW", "subject headings":
    "KW", "mesh subject headings": "KW", "mh": "KW", "language": "LA", "lg": "LA", "issn": "SN",
    "issn print": "SN", "is": "SN", "isbn": "SN", "doi number": "DO", "digital object identifier":
    "DO", "do": "DO", "doi": "DO", "year of publication": "PY", "yr": "PY", "date of publication":
    "DA", "dp": "DA", "publisher": "PB", "pb": "PB", "publication type": "PT", "pt": "PT",
    "document type": "M3", "journal name": "JF", "jn": "JF", "volume": "VL", "issue": "IS",
    "page": "SP", "pages": "SP", "chapter title": "CT", "database": "DB", "status": "N1",
    "pmid": "PMID", "link to the ovid full text or citation": "UR", "url": "UR", "ur": "UR",
}  # fmt: skip
"""The fields that a tag of RIS stands for, by Ovid's long and short names for them."""
_PLACE = re.compile(
    r"(?:\bvol\.?\s*)?(?P<volume>\d\w{0,12})?\s{0,9}\((?P<number>[^()]*)\)(?=\s*[:(,.])",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    r"(?:\bvol\.?\s{0,9}|\.\s{1,9})(?P<volume>\d\w{0,12})(?=\s{0,9}[:(,])", re.IGNORECASE
)
_PAGES = re.compile(r"(?::|\bpp?\.?\s*)(?P<pages>[A-Za-z]{0,2}\d+\w*(?:\s*[-–]\s*\w+)?)")
_JOURNAL = re.compile(r"(?P<journal>.+?)\.(?=\s+(?:vol|\d|\()|\s*$)", re.IGNORECASE)
_KIND = re.compile(r"[.\s]*\[(article|miscellaneous|editorial|letter|report|news|comment|erratum)\]"
                   r"\.?$", re.IGNORECASE)  # fmt: skip
_DEGREES = re.compile(
    r"(?:[\s,;]+(?:[A-Z]{1,2}[a-z]?D|MB\w*|MS\w?|MPH|MA|BA|BS\w?|RN|FAAN|FRC\w+|Dr\w*|Prof"
    r"|\[Ed\]|\(?\d+[a-z]?(?:,\d+)*\)?|[*+#^~|]+|\([a-z*+]\)))+\s*$"
)
_TYPES = (("chapter", "CHAP"), ("conference", "CPAPER"), ("dissertation", "THES"),
          ("thesis", "THES"), ("book", "BOOK"), ("report", "RPRT"))  # fmt: skip


_NO_LABEL = "ovid-line"
"""What is said of a record before any name of a field, or is such a name itself with no value."""


def is_ovid(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are Ovid's: names of fields, and indented values."""
    names = {
        line.strip().casefold()
        for line, after in pairwise(lines[:200])
        if line[:1].isalpha() and after[:1] in " \t" and after.strip()
    }
    return bool(names & {"title", "ti"}) and bool(names & {"author", "authors", "au", "source",
                                                           "so", "accession number"})  # fmt: skip


def read_ovid(text: str, file: str) -> Reading:
    """Read Ovid's text; every record is either in the records or among the rejected."""
    return read_tags(_tags(text), file, "Ovid text", "ovid")


def _tags(text: str) -> Iterator[tuple[str, str]]:
    for fields in _split(text):
        yield from _as_ris(fields)
        yield "ER", ""


def _split(text: str) -> Iterator[Mapping[str, list[str]]]:
    """Yield the fields of each record: it begins with its number, or with a name seen before."""
    fields: dict[str, list[str]] = {}
    last, numbered = "", False
    for line in text.split("\n"):
        is_label = bool(_LABEL.match(line.rstrip())) and not line[:1].isspace()
        name = line.strip().casefold() if is_label else ""
        is_number = bool(_NUMBER.match(line.strip()))
        if is_number or (name and name in fields):
            if fields:
                yield fields
            fields, last = {}, ""
        if is_number:
            numbered = True
        if name:
            last = name
            fields[last] = []
        elif line.strip() and not is_number and (last or numbered):
            fields.setdefault(last or "line", []).append(line.strip())
    if fields:
        yield fields


def _as_ris(fields: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    told = " ".join((*fields.get("publication type", ()), *fields.get("pt", ()))).casefold()
    chapter = "chapter title" in fields
    kind = next((sign for word, sign in _TYPES if word in told), "JOUR")
    yield "TY", "CHAP" if chapter else kind
    for name, lines in fields.items():
        tag, value = _LABELS.get(name, f"ovid-{name}"), " ".join(lines)
        if not value and name not in _LABELS:
            yield _NO_LABEL, name
        if tag == "AU":
            yield from (("AU", author) for author in _authors("; ".join(lines)))
        elif tag == "SO":
            yield from _source(value)
        elif tag == "TI":
            found = _KIND.search(value)
            yield ("BT" if chapter else "TI"), value[: found.start()] if found else value
            yield from (("M3", found[1]),) if found else ()
        elif tag in ("CT", "KW"):
            yield from _titles_and_words(tag, value)
        elif value.strip(" -"):
            yield tag, value.rstrip(" .") if tag in ("LA", "AN") else value


def _titles_and_words(tag: str, value: str) -> Iterator[tuple[str, str]]:
    if tag == "CT":
        yield "TI", value
    else:
        yield from (("KW", word.strip(" .")) for word in re.split(r";|\.\s{2,}", value))


def _authors(text: str) -> Iterator[str]:
    """Yield the authors without degrees, and without the marks that say where they work."""
    for part in text.split(";"):
        name = _DEGREES.sub("", part.strip(" .,") + " ").strip(" ,")
        if name and _DEGREES.sub("", f" {name} ").strip():
            yield name


def _source(value: str) -> Iterator[tuple[str, str]]:
    """Yield journal, volume, issue, pages and year of a source, and the whole of it as a note.

    "Ecohydrology. 8(6):1048-1064, September 2015.", "Heart. Vol.8(2), 2015, pp. 3-6.".
    """
    yield "ovid-source", value
    journal = _JOURNAL.match(value)
    if journal:
        yield "JF", journal["journal"]
    rest = value[journal.end("journal") :] if journal else value
    place, volume = _PLACE.search(rest), _VOLUME.search(rest)
    if place and place["volume"]:
        yield "VL", place["volume"]
        yield "IS", place["number"].strip()
    elif volume:
        yield "VL", volume["volume"]
    pages = _PAGES.search(rest)
    if pages:
        yield "SP", re.sub(r"\s", "", pages["pages"])
    year = re.search(r"(?<![\d-])(?:19|20)\d\d\b(?!-)", rest)
    if year:
        yield "PY", year[0]
