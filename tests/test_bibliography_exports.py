"""References as RIS, BibTeX and CSL JSON: each comes back from another program as it went out."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reviewpress.bibliography import Entry, load_bibliography, write_bibtex
from reviewpress.bibliography.exports import without_own_fields, write_csl, write_ris
from reviewpress.imports.readers import parse_records
from reviewpress.programs.tools import find_pandoc

OWN = Path(__file__).parents[1] / "bib" / "references.bib"
ENTRY = Entry(
    "berg2020",
    "article",
    {
        "code": "67", "group": "included", "ids": "old", "original-key": "o",
        "possible-duplicate": "x",
        "author": "van der Berg, Jan and {World Bank} and Groß, Kim and Smith, Jr., Jo",
        "editor": "Elm, Eva",
        "title": "Costs \\& benefits of {NHS} gardens: 50\\% {\\'E}cosse",
        "subtitle": "A trial",
        "journal": "Journal of Care", "year": "2020", "month": "3", "volume": "12", "number": "2",
        "pages": "101--119", "doi": "10.1892/0891-6640(2003)017<0680:dpfick>2.3.co;2",
        "url": "https://example.org/a_b%20c", "issn": "1234-567X", "abstract": "About it.",
        "keywords": "care; gardens", "publisher": "Press", "address": "Leeds", "language": "eng",
        "pmid": "123", "pmcid": "PMC9", "note": "A note", "affiliation": "A body", "eid": "e12",
    },
)  # fmt: skip
PLAIN = {
    name: text
    for name, text in {
        **{name: ENTRY.text(name) for name in ENTRY.fields},
        "author": "van der Berg, Jan and World Bank and Groß, Kim and Smith, Jr., Jo",
        "title": "Costs & benefits of NHS gardens: 50% Écosse: A trial",
    }.items()
    if name not in ("group", "ids", "original-key", "possible-duplicate", "subtitle")
}


def read(text: str, file: str) -> Entry:
    reading = parse_records(text.encode(), file)
    assert not reading.rejected
    assert not reading.remarks
    return reading.records[0].entry


def people(entry: Entry) -> list[tuple[str, str, str, bool]]:
    names = (*entry.authors, *entry.editors)
    return [(name.family, name.given, name.suffix, name.is_body) for name in names]


def test_ris_says_all_that_the_bibliography_says() -> None:
    """What has no tag of its own stands in one, with its name."""
    entry = read(write_ris([ENTRY]), "a.ris")
    told = {name: entry.text(name) for name in entry.fields}
    assert people(entry) == people(ENTRY)
    assert told.pop("ris-u5") == "pmcid: PMC9; eid: e12"
    assert told.pop("ris-c1") == "67"
    assert told.pop("ris-id") == "berg2020"
    assert told.pop("ris-da") == "2020/03"
    assert told.pop("ris-db") == "PubMed"
    wanted = {n: t for n, t in PLAIN.items() if n not in ("code", "pmcid", "eid")}
    assert (entry.type, told) == ("article", wanted)


def test_csl_json_says_all_that_the_bibliography_says() -> None:
    """What CSL has no name for comes back under its own."""
    entry = read(write_csl([ENTRY]), "a.json")
    told = {name: entry.text(name) for name in entry.fields}
    assert people(entry) == people(ENTRY)
    assert (entry.key, entry.type, told) == ("berg2020", "article", PLAIN)


def test_bibtex_is_the_entry_without_what_only_its_file_needs() -> None:
    """Other programs need not know of its groups and of the keys that it had."""
    entry = read(write_bibtex([without_own_fields(ENTRY)]), "a.bib")
    fields = {n: t for n, t in ENTRY.fields.items() if n in PLAIN or n == "subtitle"}
    assert entry.fields == fields


@pytest.mark.parametrize(
    ("text", "made"),
    [(write_csl, "csljson"), (lambda entries: write_bibtex(entries), "bibtex")],
)
def test_a_way_through_pandoc_loses_nothing_that_it_knows(text: object, made: str) -> None:
    """Names, place, identifiers and abstract come back from pandoc's own CSL JSON."""
    given = text([without_own_fields(ENTRY)])  # type: ignore[operator]
    command = [find_pandoc(), "--from", made, "--to", "csljson"]
    done = subprocess.run(
        command, input=given.encode(), capture_output=True, timeout=60, check=True
    )
    entry = read(done.stdout.decode(), "a.json")
    known = ("journal", "year", "volume", "number", "pages", "doi", "url", "issn", "abstract",
             "publisher", "note", "pmid")  # fmt: skip
    found = {name: entry.text(name) for name in known if name in entry.fields}
    assert found.items() <= PLAIN.items()
    assert set(known) - set(found) <= {"pmid"}
    assert people(entry)[:3] == people(ENTRY)[:3]
    assert entry.title.casefold() == PLAIN["title"].casefold()


def test_every_reference_of_a_review_comes_back_from_each_format() -> None:
    """Two hundred references of all types, as they stand in a bibliography that people keep."""
    entries = list(load_bibliography(OWN))
    for text, file in ((write_ris(entries), "a.ris"), (write_csl(entries), "a.json")):
        reading = parse_records(text.encode(), file)
        assert len(reading.records) == len(entries)
        for record, entry in zip(reading.records, entries, strict=True):
            assert (record.title, record.entry.year) == (entry.title, entry.year)
            assert record.entry.doi == entry.doi
            assert people(record.entry) == people(entry)


@pytest.mark.parametrize("kind", ["book", "incollection", "phdthesis", "report", "online", "misc"])
def test_types_come_back(kind: str) -> None:
    """A chapter is in a book, and a report of an institution, after a way out and in."""
    place = {"incollection": "booktitle", "report": "institution", "phdthesis": "school"}
    fields = {"title": "A title", "year": "in press", place.get(kind, "publisher"): "The place"}
    entry = Entry("a", kind, fields)
    for text in (write_ris([entry]), write_csl([entry])):
        again = read(text, "a")
        assert (again.type, again.text(place.get(kind, "publisher"))) == (kind, "The place")
    item = json.loads(write_csl([entry]))[0]
    assert item["issued"] == {"literal": "in press"}


@pytest.mark.parametrize("write", [write_ris, write_csl])
@pytest.mark.parametrize("kind", ["incollection", "inproceedings"])
def test_the_series_of_a_book_comes_back_beside_the_book(kind: str, write: Any) -> None:
    """Nothing is dropped because another field is of its kind."""
    places = {"booktitle": "A book", "series": "Notes on Gardens", "publisher": "Press"}
    entry = Entry("a", kind, {"title": "A chapter", "year": "2020", **places})
    back = read(write([entry]), "a")
    assert {name: back.text(name) for name in places} == places


@pytest.mark.parametrize("kind", ["report", "article", "phdthesis", "incollection", "book", "misc"])
@pytest.mark.parametrize("write", [write_ris, write_csl])
def test_a_second_publisher_or_place_is_told(write: Any, kind: str) -> None:
    """A report of an institution may have a publisher, and an article stand in a book."""
    fields = {"title": "T", "year": "2020", "publisher": "Press", "institution": "Fern Office",
              "school": "School", "journal": "J Care", "booktitle": "A book",
              "series": "Notes"}  # fmt: skip
    back = read(write([Entry("a", kind, fields)]), "a")
    said = " ".join(back.text(name) for name in back.fields)
    assert [text for text in fields.values() if text not in said] == []


@pytest.mark.parametrize("year", ["n.d.", "in press", "forthcoming", "2019/2021", "1999/2000"])
@pytest.mark.parametrize("write", [write_ris, write_csl, lambda one: write_bibtex(one)])
def test_what_stands_for_a_year_goes_out_and_comes_back(year: str, write: Any) -> None:
    """Words and years from one to another are what they were, in each download."""
    entry = Entry("ash", "article", {"title": "Ash", "author": "Ash, A.", "year": year})
    back = read(write([entry]), "a.dat")
    assert back.text("year") == year
    assert not any(year in back.text(name) for name in back.fields if name != "year")


def test_the_isbn_of_a_report_is_not_its_number() -> None:
    """In RIS the tag of an ISBN is that of a report's number: readers would mistake it."""
    told = {"title": "A", "year": "2026", "isbn": "978-1-4028-9462-6", "issn": "1234-5679"}
    report = write_ris([Entry("a2026", "techreport", told)])
    assert "SN  -" not in report
    assert "U5  - isbn: 978-1-4028-9462-6\n" in report
    assert "SN  - 978-1-4028-9462-6\n" in write_ris([Entry("a2026", "book", told)])
