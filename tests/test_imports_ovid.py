"""Ovid's own text, with the names of fields on lines of their own."""

import pytest

from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading

OVID = """<1>
Accession Number
  00042-2015.
Author
  Alder, Ann MD 1;  Beech, Bo B. 2;  van Elm, Eve RN, PhD *
Institution
  (1)Department of Gardens, University of Wood
Title
  Seeds of friendship: a review.[Review]
Source
  Journal of Made-up Studies.   28(2):103-106, April 2015.
Abstract
  First paragraph.

  (C) 2015 by the Made-up Society
Author Keywords
  gardens;  friends.
Language
  English.
ISSN
  1234-5678
DOI Number
  10.5555/seeds
Link to the Ovid Full Text or citation
 http://ovid.example/x

<2>
Author
  Cedar C
Title
  A second title.[Article]
Source
  Health in Trees. Vol.9(4), 2016, pp. 12-19.
"""


def read(text: str) -> Reading:
    return parse_records(text.encode(), "citation.txt")


def test_ovid_text_is_read_field_by_field() -> None:
    """Authors lose their degrees and marks; the source gives journal, volume, pages and year."""
    found = read(OVID)
    assert (found.format, found.rejected, found.remarks) == ("Ovid text", (), ())
    one, two = (record.entry for record in found.records)
    assert [str(name) for name in one.authors] == ["Ann Alder", "Bo B. Beech", "Eve van Elm"]
    assert (one.title, one.text("note")) == ("Seeds of friendship: a review", "Review")
    assert (one.text("journal"), one.text("volume"), one.text("number")) == (
        "Journal of Made-up Studies", "28", "2",
    )  # fmt: skip
    assert (one.fields["pages"], one.year, one.doi) == ("103--106", 2015, "10.5555/seeds")
    assert one.text("abstract") == "First paragraph. (C) 2015 by the Made-up Society"
    assert one.text("keywords") == "gardens; friends"
    assert (two.title, two.text("ovid-m3")) == ("A second title", "Article")
    assert (two.text("volume"), two.text("number"), two.fields["pages"], two.year) == (
        "9", "4", "12--19", 2016,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "journal", "volume", "number", "pages", "year"),
    [
        ("BMJ Open. 9(3):e025091, 2019 03 05.", "BMJ Open", "9", "3", "e025091", 2019),
        ("Lancet. 388 (10050) (pp 2023-2038), 2016. Date of Publication: 22 Oct 2016.",
         "Lancet", "388", "10050", "2023--2038", 2016),
        ("Heart. 28:103-6, April 2015.", "Heart", "28", "", "103--6", 2015),
        ("Journal of Trauma.", "Journal of Trauma", "", "", "", None),
        ("J. Trees. Vol.12, 2001, pp. 7-9.", "J. Trees", "12", "", "7--9", 2001),
    ],
)  # fmt: skip
def test_a_source_says_where_an_article_is(
    source: str, journal: str, volume: str, number: str, pages: str, year: int | None
) -> None:
    """MEDLINE, Embase and PsycINFO write it in ways of their own."""
    text = OVID[OVID.index("<2>") :].replace("Health in Trees. Vol.9(4), 2016, pp. 12-19.", source)
    (record,) = read(text).records
    entry = record.entry
    assert entry.text("journal") == journal
    assert (entry.text("volume"), entry.text("number")) == (volume, number)
    assert (entry.fields.get("pages", ""), entry.year) == (pages, year)


@pytest.mark.parametrize(
    "text",
    [
        OVID.replace("<1>\n", "").replace("<2>\n", ""),
        OVID.replace("Author\n", "AU\n").replace("Title\n", "TI\n").replace("Source\n", "SO\n"),
        OVID.replace("\n", "\r\n"),
    ],
)  # fmt: skip
def test_no_record_of_ovid_text_is_lost(text: str) -> None:
    """Records may lack their numbers, and fields have short names."""
    assert [record.title for record in read(text).records] == [
        "Seeds of friendship: a review",
        "A second title",
    ]


def test_a_record_of_ovid_without_title_is_rejected_by_number() -> None:
    """The other record is kept."""
    found = read(OVID.replace("Title\n  A second title.[Article]\n", ""))
    assert [one.number for one in found.rejected] == [2]
    assert len(found.records) == 1
