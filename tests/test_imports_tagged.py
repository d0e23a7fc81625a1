"""EndNote's and RefWorks's tagged text: read like RIS, with nothing of a record lost."""

import pytest

from reviewpress.errors import BibliographyError
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading

ENDNOTE = """%0 Journal Article
%A Alder, Ann
%A Beech, Bo
%T Seeds of friendship
%J Journal of Made-up Studies
%V 12
%N 3
%P 101-119
%D 2020
%R 10.5555/seeds
%@ 1234-5678
%X First line of the abstract
and its second line.
%K gardens
%K friends
%1 shelf 4

%0 Book Section
%A Cedar, Cy
%E Larch, Lee
%T A chapter
%B A book
%I Made-up Press
%D 2019
"""
REFWORKS = """Refworks Export Tagged Format
RT=Reference Type
*****
BEGIN EXPORT DATABASE
RT Journal Article
SR Electronic(1)
ID 7
A1 Alder,Ann
A1 Beech,Bo
T1 Seeds of friendship
JF Journal of Made-up Studies
YR 2020
FD Feb
VO 12
IS 3
SP 101
OP 119
K1 gardens
K1 friends
AB First line of the abstract
and its second line.
NO doi: 10.5555/seeds
SN 1234-5678
U1 shelf 4

RT Book, Section
A1 Cedar,Cy
T1 A chapter
YR 2019
A2 Larch,Lee
T2 A book
PB Made-up Press
END EXPORT DATABASE
"""


def read(text: str) -> Reading:
    return parse_records(text.encode(), "library.txt")


@pytest.mark.parametrize(
    ("text", "kind"), [(ENDNOTE, "EndNote tagged"), (REFWORKS, "RefWorks")], ids=["enw", "refworks"]
)
def test_tagged_text_is_read_field_by_field(text: str, kind: str) -> None:
    """People, places, pages and DOI stand in the fields of an entry."""
    found = read(text)
    assert (found.format, found.rejected, found.remarks) == (kind, (), ())
    one, two = (record.entry for record in found.records)
    assert [str(name) for name in one.authors] == ["Ann Alder", "Bo Beech"]
    assert (one.type, one.title, one.year) == ("article", "Seeds of friendship", 2020)
    assert (one.text("journal"), one.text("volume"), one.text("number")) == (
        "Journal of Made-up Studies", "12", "3",
    )  # fmt: skip
    assert (one.fields["pages"], one.doi) == ("101--119", "10.5555/seeds")
    assert one.text("abstract") == "First line of the abstract and its second line."
    assert one.text("keywords") == "gardens; friends"
    assert "shelf 4" in one.fields.values()
    assert (two.type, two.text("booktitle"), two.editors[0].family) == (
        "incollection", "A book", "Larch",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        ENDNOTE.replace("\n\n", "\n"),
        ENDNOTE.replace("\n", "\r\n"),
        "\ufeff" + ENDNOTE,
        ENDNOTE.replace("%0 Journal Article\n", "").replace("%0 Book Section\n", ""),
        ENDNOTE.replace("%0 Journal Article\n", "").replace("%T S", "%0 Journal Article\n%T S"),
        REFWORKS.replace("\n\n", "\n"),
        REFWORKS[REFWORKS.index("RT Journal") :],
    ],
)  # fmt: skip
def test_no_record_of_tagged_text_is_lost(text: str) -> None:
    """Records need no empty line between them, and EndNote's need no type."""
    found = read(text)
    assert [record.title for record in found.records] == ["Seeds of friendship", "A chapter"]
    assert found.rejected == ()


def test_a_tagged_record_without_title_is_rejected_by_number() -> None:
    """The others are kept."""
    found = read(ENDNOTE.replace("%T A chapter\n", "").replace("%B A book\n", ""))
    assert [record.number for record in found.records] == [1]
    assert [one.number for one in found.rejected] == [2]


def test_a_comment_of_bibtex_is_no_tag() -> None:
    """BibTeX may begin with lines that a per cent sign makes comments."""
    text = "% Encoding: UTF-8\n%This was made by hand\n@article{a, title = {A title}}\n"
    assert read(text).format == "BibTeX"


@pytest.mark.parametrize(
    "text", ["%A Alder, Ann\n%E Larch, Lee\n", "%A Alder, Ann\n", "%E Larch, Lee\n%D 2019\n"]
)
def test_a_piece_of_a_record_is_known_by_its_people(text: str) -> None:
    """Without a title it is rejected as a record, and not refused as a file."""
    found = parse_records(text.encode(), "a.enw")
    assert found.kind == "records, EndNote tagged"
    assert [one.reason.split(":")[0] for one in found.rejected] == ["has no title"]


@pytest.mark.parametrize(
    "text", ["%A line of a comment\n\\section{B}\n", "%!PS\n%E end\n", "% A\n"]
)
def test_a_comment_is_no_piece_of_a_record(text: str) -> None:
    """Other languages begin a line with a per cent sign, too."""
    with pytest.raises(BibliographyError, match="in no format that can be imported"):
        parse_records(text.encode(), "a.enw")
