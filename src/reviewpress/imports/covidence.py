"""Covidence's CSV exports, and those of others that have such columns."""

import csv
import io
import sys
from collections.abc import Mapping

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError, Place
from reviewpress.evidence.tables import find_separator
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
    find_year,
    join_pages,
    make_entry,
    read_names,
)

_FIELDS = {
    "abstract": "abstract",
    "journal": "journal",
    "volume": "volume",
    "issue": "number",
    "notes": "note",
    "url": "url",
    "publisher": "publisher",
    "tags": "keywords",
    "keywords": "keywords",
    "pmid": "pmid",
    "pmcid": "pmcid",
}
_ALIASES = {
    "journal/book": "journal",
    "publication title": "journal",
    "publication year": "year",
    "source title": "journal",
}
"""What PubMed, Scopus and Zotero call a column."""
_USED = frozenset(
    (*_FIELDS, "title", "authors", "published year", "year", "published month", "pages", "doi",
     "covidence #", "covidence#", "accession number")
)  # fmt: skip


def is_covidence(header: str) -> bool:
    """Whether a header line is one of Covidence's, or near enough to be read so."""
    cells = header.split(find_separator(header))
    names = {name.strip(' "\r\n').casefold() for name in cells}
    return "title" in names and bool(names & {"authors", "covidence #", "published year", "doi"})


def read_covidence(text: str, file: str) -> Reading:
    """Read a Covidence CSV; rows that are longer or shorter than the header are rejected.

    Raises BibliographyError where the file cannot be read as CSV or has no column Title.
    """
    rows = _rows(text, file)
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    header = [_ALIASES.get(name, name) for name in names]
    if "title" not in header:
        raise BibliographyError("the file has no column Title.", Place(file, row=1))
    records, rejected = [], []
    for number, cells in enumerate((row for row in rows[1:] if row), start=1):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        title = row.get("title", "")
        if len(cells) != len(header):
            reason = f"has {len(cells)} cells, the header {len(header)}"
            rejected.append(Rejected(file, number, title, reason))
        elif not title:
            rejected.append(Rejected(file, number, "", f"has no title (“{' '.join(cells)[:60]}”)"))
        else:
            records.append(Record(file, number, _entry(row, title)))
    return Reading("Covidence CSV", tuple(records), tuple(rejected))


def _rows(text: str, file: str) -> list[list[str]]:
    previous = csv.field_size_limit(sys.maxsize)
    separator = find_separator(text.lstrip().partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        message = f"the table cannot be read: {error}."
        raise BibliographyError(message, Place(file, line=reader.line_num)) from None
    finally:
        csv.field_size_limit(previous)


def _entry(row: Mapping[str, str], title: str) -> Entry:
    texts = {"title": title}
    for column, name in _FIELDS.items():
        value = row.get(column, "")
        texts[name] = "; ".join(filter(None, (texts.get(name, ""), value)))
    texts["year"] = find_year(row.get("published year", ""), row.get("year", ""))
    texts["month"] = find_month(row.get("published month", ""))
    texts["pages"] = join_pages(row.get("pages", ""), "")
    texts["doi"] = find_doi(row.get("doi", ""))
    texts["covidence"] = (row.get("covidence #") or row.get("covidence#") or "").lstrip("#")
    texts["accession"] = row.get("accession number", "")
    for column, value in row.items():
        if column and column not in _USED and value:
            name = "".join(char if char.isascii() and char.isalnum() else "-" for char in column)
            texts[f"covidence-{name.strip('-')[:40]}"] = value
    kind = "article" if row.get("journal") else "misc"
    return make_entry(kind, texts, read_names(row.get("authors", "")))
