"""Readers of search exports: each format, however wrapped, and nothing lost."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.bibliography import Entry, check_bibliography, parse_bibliography
from reviewpress.errors import BibliographyError, ReportError
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading, find_doi

RIS = """\
TY  - JOUR
AU  - Wang, Li
AU  - Scottish Government
TI  - Joining up NHS services: costs & benefits
T2  - Journal of Care
PY  - 2020/03/05
VL  - 12
IS  - 2
SP  - 101
EP  - 119
DO  - https://doi.org/10.1000/ABC.1
UR  - https://example.org/a_b
SN  - 1234-567x (Print)
KW  - children
KW  - care
AB  - First line
of the abstract.
XY  - unknown tag
ER  -

TY  - CHAP
A1  - Jo Bloggs
T1  - A chapter
BT  - The book
ED  - Ed, Itor
PB  - Press
CY  - Leeds
Y1  - 2019
ER  -
"""
FLAT = (
    "TY - JOUR AU - J. Soraghan AU - A. B. McTier A1 - AB - BACKGROUND: EU - wide study. "
    "PY - 2025 T1 - A flattened record: does it read? TI - A flattened record: does it read? "
    "JF - Int J Test DO - 10.5334/t.1 VL - 25 IS - 4 SP - 17 DP - NLM AN - 4132 ER - "
    "TY - JOUR TI - Second ER -"
)
NBIB = """\
PMID- 123
OWN - NLM
DP  - 2021 Mar 5
TI  - Care that is joined up: a title that
      goes on.
PG  - 11-9
LID - 10.1000/n.1 [doi]
LID - S123 [pii]
AB  - Abstract text.
FAU - Wang, Li
AU  - Wang L
CN  - Care Group
JT  - Journal of care
TA  - J Care
VI  - 3
IP  - 2
IS  - 1234-5678 (Electronic)
MH  - Child
GR  - R01/NIH

PMID- 124
AB  - no title here
"""
XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<xml><records>
<record><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style>Wang, Li</style></author><author>Li, J.</author></authors>
</contributors>
<titles><title><style face="normal">Joined-up </style><style face="italic">care</style></title>
<secondary-title>Journal of Care</secondary-title></titles>
<pages>1-9</pages><volume>4</volume><number>2</number>
<keywords><keyword>a</keyword><keyword>b</keyword></keywords>
<dates><year>2020</year></dates><electronic-resource-num>10.1000/x.1</electronic-resource-num>
<urls><related-urls><url>https://a.org</url><url>https://b.org</url></related-urls></urls></record>
<record><titles><title></title></titles><abstract>lost</abstract></record>
</records></xml>
"""
CSL = [
    {
        "id": "x",
        "type": "article-journal",
        "title": "Joined-up care",
        "author": [
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
            {"literal": "Care Group"},
        ],
        "issued": {"date-parts": [[2020, 3]]},
        "container-title": "Journal of Care",
        "page": "1-9",
        "DOI": "10.1000/X.1",
        "custom": {"a": 1},
    },
    {"type": "book"},
    "text",
]
ERIC = """\
OWN - ERIC
TI  - Tests in schools: who sits them
AU  - van Groen, Maaike M.
JT  - Journal of Tests
SO  - v21 n1 p12-24 Mar 2020
AID - http://dx.doi.org/10.1000/e.1
OID - EJ123
ISSN - ISSN-1234-5678

OWN - ERIC
TI  - More tests in schools
AU  - Oak, Olive
SO  - v22 2021
"""
WOS = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Li, W
   Dou, ZG
AF Li, Wei
   Dou, Zhiguo
TI Gardens at different stages of care in a
   lakeside town
SO JOURNAL OF GARDENS
VL 6
IS 1
BP 12
EP 19
DI 10.1000/W.1
PD DEC 16
PY 2020
AB First line
   ER is no end here.
DE a; b
SN 1234-5678
UT WOS:000123
CR One, 2001
   Two, 2002
ER

PT S
AU Oak, O
BE Elm, E
TI A chapter
SO THE BOOK
PY 2019
ER

PT J
AU Nobody, N
ER

EF
"""
PUBMED = """\
<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID>
<Article><Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>3</Volume><Issue>2</Issue><PubDate>
<Year>2021</Year><Month>03</Month></PubDate></JournalIssue><Title>Journal of care</Title></Journal>
<ArticleTitle>Care that is <i>joined</i> up.</ArticleTitle><Pagination><MedlinePgn>11-9</MedlinePgn>
</Pagination><ELocationID EIdType="pii">S1</ELocationID><Abstract><AbstractText Label="AIM">To care.
</AbstractText><AbstractText>It helps.</AbstractText></Abstract><AuthorList><Author><LastName>Wang
</LastName><ForeName>Li</ForeName></Author><Author>
<CollectiveName>Care Group</CollectiveName></Author>
</AuthorList><Language>eng</Language></Article></MedlineCitation><PubmedData><ArticleIdList>
<ArticleId IdType="doi">10.1000/P.1</ArticleId></ArticleIdList><ReferenceList><Reference>
<ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId></ArticleIdList></Reference>
</ReferenceList></PubmedData></PubmedArticle><PubmedArticle><MedlineCitation><PMID>13</PMID>
<Article/></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""
COVIDENCE = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,"
    "Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"
    '"Joined, up","Wang, L.; Li, J.",Text,2020,Mar,Journal of Care,4,2,1-9,,10.1000/x.1,77,#12,'
    'Wang 2020,"a\nb",tag\n'
    ",,,2020,,,,,,,,,#13,,,\n"
    "Short,Wang\n"
)


def read(text: str | bytes, file: str = "export.txt") -> Reading:
    return parse_records(text if isinstance(text, bytes) else text.encode(), file)


def plain(entry: Entry) -> dict[str, str]:
    return {name: entry.text(name) for name in entry.fields}


def test_ris_is_read_field_by_field() -> None:
    """Authors, title, place, identifiers and what no field takes."""
    one, two = read(RIS).records
    assert one.entry.type == "article"
    assert plain(one.entry) == {
        "author": "Wang, Li and Scottish Government",
        "title": "Joining up NHS services: costs & benefits",
        "journal": "Journal of Care",
        "year": "2020",
        "month": "3",
        "volume": "12",
        "number": "2",
        "pages": "101--119",
        "doi": "10.1000/abc.1",
        "url": "https://example.org/a_b",
        "issn": "1234-567X",
        "keywords": "children; care",
        "abstract": "First line of the abstract.",
        "ris-py": "2020/03/05",
        "ris-xy": "unknown tag",
    }
    assert one.entry.fields["title"] == "Joining up {NHS} services: costs \\& benefits"
    assert (two.entry.type, two.entry.text("booktitle")) == ("incollection", "The book")
    assert [name.family for name in two.entry.authors] == ["Bloggs"]
    assert two.entry.text("address") == "Leeds"


def test_a_flattened_record_is_read() -> None:
    """Several tags in a line, names as they are spoken, an empty tag, words that look like tags."""
    one, two = read(FLAT).records
    assert one.title == "A flattened record: does it read?"
    assert [(n.family, n.given) for n in one.entry.authors] == [
        ("Soraghan", "J."),
        ("McTier", "A. B."),
    ]
    assert one.entry.text("abstract") == "BACKGROUND: EU - wide study."
    assert (one.entry.doi, one.entry.text("pmid"), one.entry.text("pages")) == (
        "10.5334/t.1",
        "4132",
        "17",
    )
    assert two.title == "Second"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("ER  -\n\n", ""),
        lambda text: text.replace("  - ", " - "),
        lambda text: text.replace("ER  -", "ER  - "),
        lambda text: " ".join(text.split("\n")),
    ],
    ids=["windows", "byte order mark", "no ends", "one space", "blank end", "one line"],
)
def test_ris_is_read_however_it_is_wrapped(change: object) -> None:
    """Line ends, marks, missing ends and flattening do not lose a record."""
    found = read(change(RIS))  # type: ignore[operator]
    assert [record.title for record in found.records] == [
        "Joining up NHS services: costs & benefits",
        "A chapter",
    ]
    assert found.rejected == ()


def test_ris_of_databases_that_number_records_is_read() -> None:
    """Ovid numbers its records, others say who made the file: no record is made of that."""
    text = "Provider: EBSCOhost\nContent: text/plain\n\n1. \n" + RIS.replace(
        "ER  -", "ER  -\n\n2. "
    )
    found = read(text)
    assert [record.number for record in found.records] == [1, 2]
    assert found.rejected == ()


def test_pages_are_written_with_the_dash_of_bibtex() -> None:
    """Two hyphens between pages stay two hyphens: with braces between them they are no dash."""
    assert read(RIS).records[0].entry.fields["pages"] == "101--119"


def test_bad_ris_records_are_rejected_by_number_and_the_others_kept() -> None:
    """A record without title has its reason; records alone are counted."""
    text = "stray text\n" + RIS.replace("TI  - Joining", "N1  - Joining")
    found = read(text)
    assert [record.number for record in found.records] == [2]
    assert [(one.number, one.reason.split(":")[0]) for one in found.rejected] == [
        (1, "has no title"),
    ]
    assert found.remarks == (
        "a line between records belongs to none and was left out: “stray text”.",
    )


def test_what_ovid_writes_between_records_is_no_record() -> None:
    """Numbers, links and the journal's abbreviation after the end of a record are passed over."""
    link = "NL  - J Care\n\nLink to the Ovid Full Text or citation: http://x.org/y\n\n2. \n"
    found = read("1. \n" + RIS.replace("ER  -", f"ER  -\n{link}"))
    assert [record.number for record in found.records] == [1, 2]
    assert found.rejected == ()
    assert found.remarks == (
        "4 lines between records belong to none and were left out: “J Care”, …",
    )


def test_the_order_of_tags_is_free() -> None:
    """The type may come late, and the database and its version before it."""
    one, two = RIS.split("ER  -\n")[:2]
    late = [
        "VN  - 1\nDB  - Here\n" + "\n".join([*lines[1:], lines[0]]) + "\nER  -\n"
        for lines in (part.strip().splitlines() for part in (one, two))
    ]
    late[0] = late[0].replace("XY  - unknown tag\n", "")
    found = read("\n".join(late))
    assert [(record.number, record.entry.type) for record in found.records] == [
        (1, "article"),
        (2, "incollection"),
    ]
    assert [record.title for record in found.records] == [r.title for r in read(RIS).records]


def test_an_empty_line_parts_records_that_have_no_ends() -> None:
    """Where the type comes late, the title before it belongs to its own record."""
    text = "TI  - A one\nTY  - JOUR\nAU  - Ash, A\n\nTI  - B two\nTY  - BOOK\nAU  - Birch, B\n"
    assert [(one.title, one.entry.type) for one in read(text).records] == [
        ("A one", "article"),
        ("B two", "book"),
    ]
    text = "TY  - JOUR\nTI  - A\n\nAB  - x\n\ny\nTY  - BOOK\nTI  - B\n"
    assert [one.entry.text("abstract") for one in read(text).records] == ["x y", ""]


def test_a_record_without_type_is_read() -> None:
    """A title is enough."""
    (record,) = read("TY  - JOUR\nTI  - A\nER  -\nTI  - B\nAU  - Oak, O\nER  -\n").records[1:]
    assert (record.title, record.entry.type) == ("B", "misc")


@pytest.mark.parametrize(
    "line",
    ["ER - positive tumours were seen", "ER  - negative ones too", "AU - gold was used", "ERs -"],
)
def test_a_text_line_that_looks_like_a_tag_ends_nothing(line: str) -> None:
    """In a well-formed file two spaces make a tag, and the end has nothing after it."""
    text = RIS.replace("of the abstract.", f"{line}\nof the abstract.")
    found = read(text)
    assert [record.number for record in found.records] == [1, 2]
    assert found.records[0].entry.text("abstract") == (
        f"First line {' '.join(line.split())} of the abstract."
    )
    assert len(found.records[0].entry.authors) == 2


def test_an_end_with_text_on_it_is_an_end() -> None:
    """A program that writes something after ER writes the next record below it."""
    found = read(RIS.replace("ER  -", "ER  - end"))
    assert len(found.records) == 2


GOOD = "TY  - JOUR\nAU  - Ash, A\nTI  - Ash and its seeds\nPY  - 2020\nER  - \n\n"
OTHER = "TY  - BOOK\nAU  - Birch, B\nTI  - BIRCH and bark\nPY  - 2021\nER  - \n\n"
LOWER = "ty  - book\nau  - Birch, B\nti  - BIRCH and bark\npy  - 2021\ner  - \n\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD + LOWER,
        LOWER + GOOD,
        GOOD + LOWER.replace("  - ", " - "),
        GOOD + OTHER.replace("  - ", " - "),
        GOOD + OTHER.replace("  - ", "   - "),
        GOOD + OTHER.replace("  - ", "\t-\t"),
        GOOD + OTHER.replace("  - ", "  -\t"),
        GOOD + OTHER.replace("  - ", "  -"),
        GOOD + OTHER.replace("  - ", "-"),
        GOOD + OTHER.replace("  - ", "  \N{EN DASH} "),
        GOOD + OTHER.replace("  - ", "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}- "),
        GOOD + OTHER.replace("TY  -", "TY -"),
        GOOD + OTHER.replace("PY  -", "PY -").replace("AU  -", "AU -"),
        GOOD + OTHER.title().replace("Birch And Bark", "BIRCH and bark"),
        GOOD.replace("ER  - \n\n", "") + OTHER,
        GOOD.replace("ER  - \n\n", "\n") + OTHER.replace("TY  - BOOK\n", ""),
        GOOD.replace("ER  - \n\n", "") + OTHER.replace("TY  - BOOK\n", ""),
        GOOD.replace("ER  - \n\n", "ER") + "\n" + OTHER,
        GOOD.strip() + "\n" + OTHER.strip(),
        GOOD + "\ufeff" + OTHER,
        "\ufeff" + GOOD + "\n\ufeff" + LOWER,
        (GOOD + OTHER).replace("\n", "\n\n"),
        (GOOD + OTHER).replace("TY  - JOUR\n", "").replace("TY  - BOOK\n", ""),
        "".join(f"  {line}\n" for line in (GOOD + LOWER).splitlines()),
    ],
)
def test_no_record_is_lost_by_the_way_its_tags_are_written(text: str) -> None:
    """Lower case, one blank or three, tabs, none: beside records that are written as RIS says."""
    found = read(text)
    assert {record.title for record in found.records} == {"Ash and its seeds", "BIRCH and bark"}
    assert sorted(str(n) for record in found.records for n in record.entry.authors) == [
        "A Ash",
        "B Birch",
    ]
    assert sorted(record.entry.year or 0 for record in found.records) == [2020, 2021]
    assert found.rejected == ()


@pytest.mark.parametrize(
    "line",
    ["T1 - weighted images were used", "au - gold, silver", "is - as was said", "T2-weighted ones"],
)
def test_wrapped_text_beside_other_ways_of_tags_stays_text(line: str) -> None:
    """A line of an abstract that begins like a tag is one only if its value looks like it."""
    long = "A line of an abstract that a program has wrapped at some place"
    text = GOOD.replace("PY  -", f"AB  - {long}\n{line}\nPY -")
    (record,) = read(text).records
    assert record.entry.text("abstract") == f"{long} {line}"
    assert record.entry.year == 2020


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["A1  - Alder, K and Beech, R and Cedar, PE"], ["K Alder", "R Beech", "PE Cedar"]),
        (["AU  - Alder, K; Beech, R"], ["K Alder", "R Beech"]),
        (["AU  - Ann Alder and Bo Beech"], ["Ann Alder", "Bo Beech"]),
        (["AU  - Alder, K., Beech, R., Cedar, P."], ["K. Alder", "R. Beech", "P. Cedar"]),
        (["A1  - Alder, A", "AU  - Beech, B", "AU  - Cedar, C"], ["A Alder", "B Beech", "C Cedar"]),
        (["AU  - Alder, A", "A1  - Beech, B", "AU  - Cedar, C"], ["A Alder", "B Beech", "C Cedar"]),
        (["AU  - Alder, A", "AU  - Beech, B", "A1  - Alder, Ann", "A1  - Beech, Bo"],
         ["Ann Alder", "Bo Beech"]),
        (["A1  - Alder, A", "AU  - Alder, A", "AU  - Beech, B"], ["A Alder", "B Beech"]),
        (["AU  - Wang, L", "AU  - Wang, L"], ["L Wang"]),
        (["AU  - Alder, A", "AU  - El-Sayed, B", "A1  - Alder, A", "A1  - ElSayed, B"],
         ["A Alder", "B El-Sayed"]),
        (["AU  - Alder, A", "A1  - IEEE"], ["A Alder"]),
        (["AU  - Alder, A", "A1  - Care Home Consortium"], ["A Alder", "Care Home Consortium"]),
        (["A1  - OECD"], ["OECD"]),
        (["AU  - World Bank,"], ["World Bank"]),
        (["AU  - Health and Safety Executive"], ["Health and Safety Executive"]),
        (["AU  - Marks and Spencer"], ["Marks and Spencer"]),
        (["AU  - Department of Health, Social Services and Public Safety"],
         ["Department of Health, Social Services and Public Safety"]),
        (["AU  - Smith, J., Jr."], ["J. Smith"]),
        (["AU  - Alder, K and others"], ["K Alder", "others"]),
        (["AU  - Alder et al."], ["Alder", "others"]),
        (["AU  - Alder, K. [et al.]"], ["K. Alder", "others"]),
        (["AU  - Alder, K., Beech, R., & Cedar, P. E."], ["K. Alder", "R. Beech", "P. E. Cedar"]),
        (["AU  - Alder KM, Beech R"], ["KM Alder", "R Beech"]),
        (["AU  - Alder K. M.; Beech R"], ["K. M. Alder", "R Beech"]),
        (["AU  - Karl Alder, Rosa Beech and Pat Cedar"], ["Karl Alder", "Rosa Beech", "Pat Cedar"]),
        (["AU  - Alder, Karl and Beech, Rosa and Larch Group"],
         ["Karl Alder", "Rosa Beech", "Larch Group"]),
        (["AU  - Alder, K. and the TREE Study Group"], ["K. Alder", "the TREE Study Group"]),
        (["AU  - Alder, K. and Health and Safety Executive"],
         ["K. Alder", "Health and Safety Executive"]),
        (["AU  - Karl Alder; and Pat Cedar"], ["Karl Alder", "Pat Cedar"]),
        (["AU  - Alder, Karl, MD, PhD"], ["Karl Alder"]),
        (["AU  - de la Cruz Jr, Ana"], ["Ana de la Cruz Jr"]),
    ],
)  # fmt: skip
def test_authors_of_one_tag_and_of_two_are_told_apart(lines: list[str], names: list[str]) -> None:
    """Persons that an export has joined are persons again, in the order of their tags."""
    text = "\n".join(["TY  - JOUR", "TI  - A title", *lines, "ER  -"])
    assert [str(name) for name in read(text).records[0].entry.authors] == names


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1892/0891-6640(2003)017<0680:DPFICK>2.3.CO;2",
         "10.1892/0891-6640(2003)017<0680:dpfick>2.3.co;2"),
        ("https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
         "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"),
        ("10.1175/1520-0442(1995)008&lt;0001:ABC&gt;2.0.CO;2",
         "10.1175/1520-0442(1995)008<0001:abc>2.0.co;2"),
        ("see 10.1000/abc(2003).", "10.1000/abc(2003)"),
        ("(10.1000/abc)", "10.1000/abc"),
        ("10.1000/abc</a>", "10.1000/abc"),
        ("10.1000/abc<jats:p>x</jats:p>", "10.1000/abc"),
        ("<10.1000/abc>", "10.1000/abc"),
        ("https://publisher.example/doi/10.1000/abc/abstract", "10.1000/abc"),
        ("https://publisher.example/doi/full/10.1000/abc?journalCode=j", "10.1000/abc"),
        ("https://doi.org/10.1000/abc/full", "10.1000/abc/full"),
    ],
)  # fmt: skip
def test_dois_are_whole(text: str, doi: str) -> None:
    """Those with angle brackets too, and none with the brackets of what it stands in."""
    assert find_doi(text) == doi
    entry = read(f"TY  - JOUR\nTI  - T\nDO  - {text}\nER  -").records[0].entry
    assert entry.doi == doi
    bibliography = parse_bibliography(f"@misc{{a, title={{T}}, doi={{{doi}}}}}".encode(), "a.bib")
    assert not [p for p in check_bibliography(bibliography) if p.rule == "bibliography-doi"]


@pytest.mark.parametrize("doi", [
    "10.1000/abcTI Kitchens of cartographers", "10.1000/abc (Kitchens of cartographers)",
])  # fmt: skip
@pytest.mark.parametrize(
    "export",
    [
        "TY  - JOUR\nTI  - T\nDO  - {}\nER  -",
        "@article{{a, title={{T}}, doi={{{}}}}}",
        "FN Clarivate\nVR 1.0\nPT J\nTI T\nDI {}\nER\n\nEF\n",
        '[{{"id": "a", "type": "article-journal", "title": "T", "DOI": "{}"}}]',
        "Title,DOI,Year\nT,{},2020\n",
        '{{"CodeSets": [], "References": [{{"ItemId": 7, "Title": "T", "TypeName": "Journal, '
        'Article", "DOI": "{}"}}]}}',
        '<xml><records><record><ref-type name="Journal Article">17</ref-type><titles><title>T'
        "</title></titles><electronic-resource-num>{}</electronic-resource-num></record></records>"
        "</xml>",
    ],
)  # fmt: skip
def test_what_follows_a_doi_is_kept(export: str, doi: str) -> None:
    """A lost end of a line puts another record's title there, and people put notes there."""
    (record,) = read(export.format(doi)).records
    assert record.entry.doi.startswith("10.1000/abc")
    assert "cartographers" in repr({n: t for n, t in record.entry.fields.items() if n != "doi"})


@pytest.mark.parametrize(
    ("less", "greater"),
    [("{\\textless}", "{\\textgreater}"), ("$<$", "$>$"), ("\\textless ", "\\textgreater "),
     ("{\\%}3C", "{\\%}3E"), ("\\&lt;", "\\&gt;")],
)  # fmt: skip
def test_the_angle_brackets_of_a_doi_may_be_latex(less: str, greater: str) -> None:
    """Reference managers escape them in BibTeX, each in a way of its own."""
    doi = f"10.1000/(SICI)1-2(199808)17:15{less}166::AID-SIM9{greater}3.0.CO;2-2"
    entry = read(f"@article{{a, title={{T}}, doi={{{doi}}}}}").records[0].entry
    assert entry.doi == "10.1000/(sici)1-2(199808)17:15<166::aid-sim9>3.0.co;2-2"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A {\\textless}i{\\textgreater}b{\\textless}/i{\\textgreater} c", "A b c"),
        ("A <i>b</i> c<sub>2</sub>", "A b c2"),
        ("A \\&amp; b &amp; c {\\&}amp; d", "A & b & c & d"),
        ("A \\&\\#38; b \\&#x2013; c {\\&}{\\#}37; d \\&quot;e\\&quot;", 'A & b – c % d "e"'),
        ("Fish \\&chips; salt \\&notes;", "Fish &chips; salt &notes;"),
        ("p {\\textless} 0.05 {\\textgreater} 0", "p < 0.05 > 0"),
    ],
)
def test_html_in_bibtex_is_no_text(title: str, shown: str) -> None:
    """Signs of less and greater that are meant stay."""
    assert read(f"@article{{a, title={{{title}}}}}").records[0].title == shown


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2019-2021", "2019/2021"), ("2019–2021", "2019/2021"), ("2019--2021", "2019/2021"),
        ("2019-21", "2019/2021"), ("1999/2000", "1999/2000"), ("n.d.", "n.d."),
        ("In press", "In press"), ("forthcoming", "forthcoming"), ("[no date]", "[no date]"),
        ("submitted", "submitted"), ("2019-11", "2019"), ("2021-2019", "2021"),
    ],
)  # fmt: skip
def test_years_and_words_for_none_are_kept(written: str, year: str) -> None:
    """Several years, and "n.d." or "in press", are what a database says in the place of a year."""
    texts = [
        f"TY  - JOUR\nTI  - A title\nPY  - {written}\nER  -\n",
        f"%0 Book\n%T A title\n%D {written}\n",
        f"title,authors,year\nA title,Ash,{written}\n",
        json.dumps([{"title": "A title", "issued": {"literal": written}}]),
    ]
    if "date" not in written and written not in ("2019-11", "2021-2019"):
        texts.append(f"@misc{{a, title={{A title}}, year={{{written}}}}}")
    for text in texts:
        assert plain(read(text).records[0].entry)["year"] == year, text


@pytest.mark.parametrize("year", ["2020a", "c2020", "{2020}", "[2020]", "2020, May"])
def test_a_year_of_bibtex_is_a_number(year: str) -> None:
    """Nothing else is published as one; what stood there is kept."""
    entry = read(f"@article{{a, title={{T}}, year={{{year}}}}}").records[0].entry
    assert entry.year == 2020
    assert plain(entry).get("bibtex-year", "2020") == plain(Entry("", "misc", {"y": year}))["y"]
    entry = read("@article{a, title={T}, year={in press}}").records[0].entry
    assert plain(entry)["year"] == "in press"


def test_fields_that_entries_share_are_theirs() -> None:
    """An xdata entry of biblatex is no record; what names it has its fields, also at one remove."""
    found = read(
        "@xdata{place, publisher={P}}\n@xdata{Both, xdata={place}, year={2011}}\n"
        "@book{a, title={One}, xdata={both}}\n@book{b, title={Two}, year={2012}, xdata={BOTH,c}}\n"
        "@xdata{loop, xdata={loop}, note={n}}\n@book{d, title={Three}, xdata={loop}}"
    )
    assert found.rejected == ()
    assert [(one.number, one.entry.key) for one in found.records] == [(1, "a"), (2, "b"), (3, "d")]
    one, two, three = (plain(record.entry) for record in found.records)
    assert one == {"title": "One", "publisher": "P", "year": "2011"}
    assert two == {"title": "Two", "publisher": "P", "year": "2012", "xdata": "c"}
    assert three == {"title": "Three", "note": "n"}


def test_shared_fields_that_multiply_end() -> None:
    """Sixty entries that each name two above them, and a chain of thousands, are read once each."""
    pairs = "".join(
        f"@xdata{{{a}{n}, xdata={{a{n + 1}, b{n + 1}}}}}\n" for n in range(60) for a in "ab"
    )
    chain = "".join(f"@xdata{{c{n}, xdata={{c{n + 1}}}}}\n" for n in range(3000))
    ends = "@xdata{a60, note={n}}\n@xdata{b60, year={2011}}\n@xdata{c3000, publisher={P}}\n"
    found = read(f"{pairs}{chain}{ends}@book{{d, title={{Three}}, xdata={{a0, c0}}}}")
    one = plain(found.records[0].entry)
    assert one == {"title": "Three", "note": "n", "year": "2011", "publisher": "P"}


@pytest.mark.parametrize("end", ["ER", "ER  ", "ER  -", "ER - "])
def test_an_end_may_lack_its_hyphen(end: str) -> None:
    """The last line of a record does not become part of its title."""
    found = read(f"TY  - JOUR\nTI  - One\n{end}\nTY  - JOUR\nTI  - Two\n{end}\n")
    assert [record.title for record in found.records] == ["One", "Two"]


def test_a_wrapped_abstract_is_kept_once() -> None:
    """Spaces that the export has doubled make no second field."""
    entry = read("TY  - JOUR\nTI  - One\nAB  - An  abstract\nER  -").records[0].entry
    assert plain(entry) == {"title": "One", "abstract": "An abstract"}


@pytest.mark.parametrize(
    ("title", "kept", "notes"),
    [
        ("Gardens: an approach. [Review] [87 refs]", "Gardens: an approach", "Review; 87 refs"),
        (
            "Gardens.[Erratum appears in Exp Gard. 2010 May;202(4):943]",
            "Gardens",
            "Erratum appears in Exp Gard. 2010 May;202(4):943",
        ),
        ("Gardens? [see comment] [German]", "Gardens?", "see comment; German"),
        (
            "Gardens [Published erratum appears in J Gard 1999;1:2]",
            "Gardens",
            "Published erratum appears in J Gard 1999;1:2",
        ),
        (
            "Gardens [Erratum appears in J 2001;3:1 Note: Foe [corrected to Fir]]",
            "Gardens",
            "Erratum appears in J 2001;3:1 Note: Foe [corrected to Fir]",
        ),
        ("Gardens. [Article in German]", "Gardens", "Article in German"),
        ("Gardens [Portuguese; English]", "Gardens", "Portuguese; English"),
        ("[Gardens of one's own]", "[Gardens of one's own]", ""),
        ("Gardens [protocol]", "Gardens [protocol]", ""),
        ("[Review]", "[Review]", ""),
    ],
)
def test_what_a_database_writes_after_a_title_is_a_note(title: str, kept: str, notes: str) -> None:
    """A title is the same in each database, whatever one of them adds to it."""
    for text in (
        f"TY  - JOUR\nTI  - {title}\nER  -",
        f"PMID- 1\nTI  - {title}\n",
        f"@article{{a, title = {{{title}}}}}",
        json.dumps([{"title": title}]),
    ):
        entry = read(text).records[0].entry
        assert (entry.title, entry.text("note")) == (kept, notes)


@pytest.mark.parametrize(
    ("first", "last"), [("No", "Specified"), ("No Pagination Specified", ""), ("N.PAG", "N.PAG"),
                        ("n/a", ""), ("NA", "NA"),
                        ("No Pagination Specified-No Pagination Specified", "")]
)  # fmt: skip
def test_no_pages_are_no_pages(first: str, last: str) -> None:
    """What a database writes where an article has no pages is not published as its pages."""
    entry = read(f"TY  - JOUR\nTI  - T\nSP  - {first}\nEP  - {last}\nER  -").records[0].entry
    assert "pages" not in entry.fields
    entry = read(f"@article{{a, title={{T}}, pages={{{first}--{last}}}}}").records[0].entry
    assert "pages" not in entry.fields


def test_nbib_is_read() -> None:
    """PubMed's tags, continued lines, full names, the DOI among other numbers."""
    found = read(NBIB)
    (record,) = found.records
    assert record.entry.type == "article"
    assert plain(record.entry) == {
        "author": "Wang, Li and Care Group",
        "title": "Care that is joined up: a title that goes on",
        "journal": "Journal of care",
        "year": "2021",
        "month": "3",
        "volume": "3",
        "number": "2",
        "pages": "11--9",
        "doi": "10.1000/n.1",
        "issn": "1234-5678",
        "abstract": "Abstract text.",
        "keywords": "Child",
        "pmid": "123",
        "nbib-dp": "2021 Mar 5",
        "nbib-lid": "S123 [pii]",
        "nbib-ta": "J Care",
        "nbib-gr": "R01/NIH",
    }
    assert [(one.number, one.reason) for one in found.rejected] == [(2, "has no title (“124”)")]


def test_endnote_xml_is_read() -> None:
    """Styled text is joined, all addresses are kept."""
    found = read(XML)
    (record,) = found.records
    assert record.title == "Joined-up care"
    assert [name.family for name in record.entry.authors] == ["Wang", "Li"]
    assert record.entry.text("pages") == "1--9"
    assert record.entry.text("keywords") == "a; b"
    assert record.entry.text("endnote-urls") == "https://b.org"
    assert [one.number for one in found.rejected] == [2]


def test_endnote_control_characters_are_passed_over() -> None:
    """Abstracts that were copied hold characters that XML does not allow, raw or as numbers."""
    found = read(XML.replace("<pages>", "<abstract>A\x0bB&#x1F;C&#31;D&#xD;E</abstract><pages>"))
    assert found.records[0].entry.text("abstract") == "A B C D E"


def test_nothing_of_an_endnote_record_is_lost() -> None:
    """Elements that no field takes are kept under their names; what a field has is not repeated."""
    more = (
        "<custom2>PMC12</custom2><dates><year>in press</year><pub-dates><date>Mar 3</date>"
        "</pub-dates></dates><periodical><full-title>Journal of Care</full-title></periodical>"
        "<electronic-resource-num>not a DOI</electronic-resource-num>"
        "<contributors><tertiary-authors><author>Third, T.</author></tertiary-authors>"
        "</contributors></record>"
    )
    entry = read(XML.replace("</record>", more, 1)).records[0].entry
    assert {name: text for name, text in plain(entry).items() if name.startswith("endnote-")} == {
        "endnote-urls": "https://b.org",
        "endnote-custom2": "PMC12",
        "endnote-year": "in press",
        "endnote-pub-dates": "Mar 3",
        "endnote-electronic-resource-num": "not a DOI",
        "endnote-tertiary-authors": "Third, T.",
    }


def test_broken_xml_is_told() -> None:
    """A file cut short gives nothing to rely on."""
    with pytest.raises(BibliographyError, match="not EndNote XML"):
        read(XML[:-30])


def test_xml_that_would_grow_without_end_is_refused() -> None:
    """Entities that multiply do not fill the memory."""
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
    )
    bomb = (
        f"<!DOCTYPE x [{entities}]><xml><record><titles><title>&k;</title></titles></record></xml>"
    )
    with pytest.raises(BibliographyError):
        read(bomb)


def test_csl_json_is_read() -> None:
    """Names with particles and bodies, dates as parts, and what no field takes."""
    found = read(json.dumps(CSL))
    (record,) = found.records
    assert [str(name) for name in record.entry.authors] == ["Jan van der Berg", "Care Group"]
    assert (record.entry.year, record.entry.doi) == (2020, "10.1000/x.1")
    assert record.entry.text("csl-custom") == '{"a": 1}'
    assert record.entry.text("month") == "3"
    assert [(one.number, one.reason.split(" (")[0]) for one in found.rejected] == [
        (2, "has no title"),
        (3, "is not a reference"),
    ]
    assert len(read(json.dumps({"items": CSL[:1]})).records) == 1


@pytest.mark.parametrize(
    ("issued", "year", "month", "kept"),
    [
        ({"date-parts": [[2019]]}, "2019", "", ""),
        ({"date-parts": [["2019", 4]]}, "2019", "4", ""),
        ({"date-parts": [[2019, 4, 2]]}, "2019", "4", "2019-04-02"),
        ({"date-parts": [[2019], [2020]]}, "2019/2020", "", ""),
        ({"raw": "c. 2015"}, "2015", "", "c. 2015"),
        ({"date-parts": [[2019]], "circa": 1}, "2019", "", '{"date-parts": [[2019]], "circa": 1}'),
        ({"date-parts": [[None]]}, "", "", '{"date-parts": [[null]]}'),
    ],
)
def test_csl_dates_are_kept_whole(issued: object, year: str, month: str, kept: str) -> None:
    """Year and month have fields; a date that says more is kept as it is."""
    entry = read(json.dumps([{"title": "T", "issued": issued}])).records[0].entry
    told = plain(entry)
    assert (told.get("year", ""), told.get("month", "")) == (year, month)
    assert told.get("csl-issued", "") == kept


def test_broken_json_is_told() -> None:
    """The line of the mistake is named."""
    with pytest.raises(BibliographyError, match="line 2: not valid JSON"):
        read('[{"title": "x"},\n}')


def test_covidence_is_read() -> None:
    """Columns by name; a row without title or of another length is rejected."""
    found = read(COVIDENCE)
    (record,) = found.records
    assert record.title == "Joined, up"
    assert [name.family for name in record.entry.authors] == ["Wang", "Li"]
    assert (record.entry.text("covidence"), record.entry.text("month")) == ("12", "3")
    assert [(one.number, one.title) for one in found.rejected] == [(2, ""), (3, "Short")]


def test_eric_is_read() -> None:
    """A record needs no number of PubMed; the source says where in a journal it is."""
    one, two = read(ERIC).records
    assert plain(one.entry) == {
        "author": "van Groen, Maaike M.",
        "title": "Tests in schools: who sits them",
        "journal": "Journal of Tests",
        "year": "2020",
        "volume": "21",
        "number": "1",
        "pages": "12--24",
        "doi": "10.1000/e.1",
        "issn": "1234-5678",
        "nbib-oid": "EJ123",
        "nbib-aid": "http://dx.doi.org/10.1000/e.1",
        "nbib-issn": "ISSN-1234-5678",
    }
    assert (two.number, two.title, two.entry.text("volume")) == (2, "More tests in schools", "22")


def test_web_of_science_is_read() -> None:
    """Two letters and a space are a tag; lines of names are names, other lines go on."""
    found = read(WOS)
    one, two = found.records
    assert plain(one.entry) == {
        "author": "Li, Wei and Dou, Zhiguo",
        "title": "Gardens at different stages of care in a lakeside town",
        "journal": "JOURNAL OF GARDENS",
        "year": "2020",
        "month": "12",
        "volume": "6",
        "number": "1",
        "pages": "12--19",
        "doi": "10.1000/w.1",
        "abstract": "First line ER is no end here.",
        "keywords": "a; b",
        "issn": "1234-5678",
        "wos-ut": "WOS:000123",
        "wos-cr": "One, 2001; Two, 2002",
    }
    assert (two.entry.type, two.entry.text("booktitle")) == ("incollection", "THE BOOK")
    assert [name.family for name in two.entry.editors] == ["Elm"]
    assert [(one.number, one.reason) for one in found.rejected] == [
        (3, "has no title (“J Nobody, N”)"),
    ]


def test_pubmed_xml_is_read() -> None:
    """Persons and bodies, labels of abstracts, and the DOI of the work, not of a reference."""
    found = read(PUBMED)
    (record,) = found.records
    assert plain(record.entry) == {
        "author": "Wang, Li and Care Group",
        "title": "Care that is joined up",
        "journal": "Journal of care",
        "year": "2021",
        "month": "3",
        "volume": "3",
        "number": "2",
        "pages": "11--9",
        "doi": "10.1000/p.1",
        "issn": "1234-5678",
        "abstract": "AIM: To care. It helps.",
        "language": "eng",
        "pmid": "12",
    }
    assert [(one.number, one.reason) for one in found.rejected] == [(2, "has no title (“13”)")]


def test_bibtex_is_read_and_bad_entries_rejected() -> None:
    """Good entries keep their fields as written; the others have line and reason."""
    found = read("@misc{a, title={One {NHS}}}\n@misc{b, year={2020}}\n@misc{c, title={x}")
    assert [record.entry.fields for record in found.records] == [{"title": "One {NHS}"}]
    assert found.records[0].entry.key == "a"
    assert [one.reason.split(":")[0] for one in found.rejected] == [
        "has no title (“b”)",
        "cannot be used, line 3",
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (RIS, "RIS"),
        (FLAT, "RIS"),
        ("Provider: X\n\n" + RIS, "RIS"),
        (NBIB, "NBIB"),
        (XML, "EndNote XML"),
        (json.dumps(CSL), "CSL JSON"),
        (COVIDENCE, "CSV"),
        (WOS, "Web of Science"),
        (PUBMED, "PubMed XML"),
        (ERIC, "NBIB"),
        ("% comment\n@article{a,", "BibTeX"),
    ],
)
def test_formats_are_told_apart_by_content(content: str, kind: str) -> None:
    """The name of a file is not trusted."""
    assert read(content, "export.dat").format == kind


@pytest.mark.parametrize(
    "text",
    [
        'Authors,Title,Year,Source title,Volume,DOI\n"Wang L.; Li J.",Care,2020,J Care,4,10.1000/x',
        "PMID,Title,Authors,Journal/Book,Publication Year,DOI\n"
        '1,Care,"Wang L, Li J.",J Care,2020,10.1000/x',
        "key,title,year,journal,volume,authors,doi\n"
        'k,Care,2020,J Care,4,"Wang, L and Li, J",10.1000/x',
    ],
    ids=["Scopus", "PubMed", "Rayyan"],
)
def test_tables_of_other_databases_are_read(text: str) -> None:
    """Columns that mean the same have other names elsewhere."""
    entry = read(text).records[0].entry
    assert (entry.type, entry.title, entry.year) == ("article", "Care", 2020)
    assert (entry.text("journal"), entry.doi) == ("J Care", "10.1000/x")
    assert [name.family for name in entry.authors] == ["Wang", "Li"]


def test_covidence_saved_by_a_spreadsheet_program_is_read() -> None:
    """Semicolons separate cells where commas are decimal marks, in Windows' own encoding."""
    text = (
        'Title;Authors;Published Year;Covidence #\r\n"Gärten, überall";"Groß, K.; Li, J.";2015;#3'
    )
    found = read(text.encode("cp1252"))
    (record,) = found.records
    assert (found.kind, record.title) == ("records, CSV from Covidence", "Gärten, überall")
    assert [name.family for name in record.entry.authors] == ["Groß", "Li"]


@pytest.mark.parametrize("content", [b"hello", b"a,b\n1,2\n"])
def test_a_file_of_another_format_is_told(content: bytes) -> None:
    """The formats that can be imported are listed."""
    with pytest.raises(BibliographyError, match="These can: RIS, NBIB"):
        read(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the file is empty"),
        (" \n", "the file is empty"),
        (
            "<!DOCTYPE html><html><body>Session expired</body></html>",
            "is a web page, not an export",
        ),
        ("<?xml version='1.0'?><feed><entry/></feed>", "XML of another kind"),
    ],
)
def test_a_file_that_is_no_export_is_told(content: str, told: str) -> None:
    """What a database answers in place of an export is not taken for one without records."""
    with pytest.raises(BibliographyError, match=told):
        read(content)


def test_windows_1252_and_utf_16_are_read() -> None:
    """Old exports have other encodings."""
    text = RIS.replace("Wang, Li", "Rösel, Jörg")
    for content in (text.encode("cp1252"), text.encode("utf-16")):
        assert read(content).records[0].entry.authors[0].family == "Rösel"


SAMPLES = [RIS, FLAT, NBIB, ERIC, WOS, XML, PUBMED, json.dumps(CSL), COVIDENCE]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_exports_are_read_or_told(sample: str, data: st.DataObject) -> None:
    """A file with a part cut out, doubled or overwritten never fails otherwise."""
    start = data.draw(st.integers(0, len(sample)))
    stop = data.draw(st.integers(start, min(len(sample), start + 60)))
    middle = data.draw(st.text(max_size=8) | st.just(sample[start:stop] * 2))
    damaged = (sample[:start] + middle + sample[stop:]).encode("utf-8", "replace")
    with suppress(ReportError):
        read(damaged)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_told(content: bytes) -> None:
    """Nothing but errors of our tree comes out of any file."""
    with suppress(ReportError):
        read(content)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["TI", "AU", "AB", "PY", "DO", "N1", "ZZ", "KW", "SP"]),
            st.text("abc 12.,&%{}<>-", max_size=12),
        ),
        max_size=12,
    )
)
def test_nothing_of_a_ris_record_is_lost(tags: list[tuple[str, str]]) -> None:
    """Every value stands in some field of an entry; a second title may begin a record."""
    # A title of nothing but signs would be a record's that is rejected, with its fields.
    tags = [(tag, value) for tag, value in tags if tag != "TI" or any(map(str.isalnum, value))]
    lines = [f"{tag}  - {value}" for tag, value in tags if value.strip()]
    text = "\n".join(["TY  - GEN", "TI  - Some title", *lines, "ER  - "])
    kept = " ".join(" ".join(plain(one.entry).values()) for one in read(text).records).casefold()
    letters = "".join(char for char in kept if char.isalnum())
    for tag, value in tags:
        if tag != "AU":
            wanted = "".join(char for char in value.casefold() if char.isalnum())
            assert wanted in letters, (tag, value, kept)


@pytest.mark.parametrize(
    "said",
    [
        "[No abstract available]", "No abstract available.", "NA", "N/A", "n/a", "None", "null",
        "-",
        "Abstract not available", "[abstract unavailable]", "NaN", "--", "No-Specified",
        "There is no abstract for this article",
    ],
)  # fmt: skip
def test_a_note_of_absence_is_no_value(said: str) -> None:
    """What a database writes where it has nothing is left out, and a remark says so."""
    texts = [
        f"TY  - JOUR\nTI  - A title\nAB  - {said}\nVL  - {said}\nAU  - Ash, A\nER  -\n",
        f'Title,Authors,Abstract,Volume\nA title,"Ash, A.",{said},{said}\n',
        json.dumps([{"title": "A title", "abstract": said, "volume": said}]),
        f"@article{{a, title={{A title}}, abstract={{{said}}}, volume={{{said}}}}}",
        f"PMID- 1\nTI  - A title\nAB  - {said}\nVI  - {said}\n",
    ]
    for text in texts:
        found = read(text)
        kept = found.records[0].entry.fields
        assert {"abstract", "volume"}.isdisjoint(kept), text
        assert "2 fields say only that there is nothing" in found.remarks[-1]


def test_people_who_are_nobody_are_left_out() -> None:
    """Scopus, PsycINFO and the Web of Science have words for a work without authors."""
    for said in ("[No author name available]", "No authorship indicated", "[Anonymous]"):
        entry = read(f"TY  - JOUR\nTI  - A title\nAU  - {said}\nER  -\n").records[0].entry
        assert entry.authors == ()
    entry = (
        read("TY  - JOUR\nTI  - None\nAU  - Anonymous\nAB  - No effect\nER  -\n").records[0].entry
    )
    assert (entry.title, entry.authors[0].family, entry.text("abstract")) == (
        "None", "Anonymous", "No effect",
    )  # fmt: skip
    (rejected,) = read("TY  - JOUR\nTI  - [No title available]\nER  -\n").rejected
    assert rejected.reason == "has no title (“[No title available]”)"


def test_csl_of_other_makers_is_read() -> None:
    """Lists are lists, and a person may have one name, or be a text."""
    item = {
        "title": ["A title", "Ein Titel"], "container-title": ["A Journal"],
        "ISSN": ["1234-5678", "8765-4321"], "categories": ["care", "gardens"],
        "author": [{"given": "Plato"}, {"name": "Tree Group"}, {"family": "Ash", "given": "A"},
                   "Birch, B", {"given": "Cy Cedar"}],
        "translator": [{"family": "Oak", "given": "O"}],
        "published-print": {"date-parts": [[2020, 5]]},
    }  # fmt: skip
    entry = read(json.dumps([item])).records[0].entry
    assert [str(name) for name in entry.authors] == [
        "Plato", "Tree Group", "A Ash", "B Birch", "Cy Cedar",
    ]  # fmt: skip
    told = plain(entry)
    assert (told["title"], told["series"], told["year"]) == ("A title", "A Journal", "2020")
    assert told["issn"] == "1234-5678; 8765-4321"
    assert (told["csl-categories"], told["csl-translator"]) == ("care; gardens", "O Oak")


@pytest.mark.parametrize(
    ("kind", "place"), [("chapter", "A book"), ("book", ""), ("paper-conference", "Proceedings")]
)
def test_the_series_of_csl_is_a_series(kind: str, place: str) -> None:
    """It has a name of its own in CSL, beside that of the book."""
    item = {"type": kind, "title": "T", "container-title": place, "collection-title": "Notes"}
    told = plain(read(json.dumps([item])).records[0].entry)
    assert (told["series"], told.get("booktitle", "")) == ("Notes", place)
    assert "csl-collection-title" not in told


def test_records_of_nbib_need_not_begin_alike() -> None:
    """After an empty line, a title or an identifier of its own makes a record."""
    text = (
        "PMID- 1\nTI  - One\nAB  - Text\n\nA line of nobody.\n\nPMC - PMC2\nTI  - Two\n"
        "TI  - goes on\n"
        "\nOWN - NLM\nTI  - Three\nPMID- 3\n"
    )
    found = read(text)
    assert [record.title for record in found.records] == ["One", "Two goes on", "Three"]
    assert found.records[0].entry.text("abstract") == "Text"
    damaged = read("PMID- 1\nTI  - One\nAU  - Ash A\nPM?D- 2\nTI  - Two\nAU  - Birch B\n")
    assert [(one.title, "“Two”" in one.reason) for one in damaged.rejected] == [("One", True)]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1234-5679 (Print)", None),
        ("1234-5679 (Print) 1234-5687 (Electronic)", "1234-5679 (Print) 1234-5687 (Electronic)"),
        ("1234-5679 TI  - Other couriers", "1234-5679 TI - Other couriers"),
    ],
)
def test_what_stands_beside_an_issn_is_kept(written: str, kept: str | None) -> None:
    """A second number, or what a damaged file has joined to the line."""
    text = f"TY  - JOUR\nTI  - Bicycle couriers\nSN  - {written}\nER  - \n"
    fields = read(text).records[0].entry.fields
    assert (fields["issn"], fields.get("ris-sn")) == ("1234-5679", kept)


def test_what_stands_before_the_names_of_fields_is_not_lost() -> None:
    """Ovid's text, of which a part is missing."""
    record = "Authors\n  Ng T.\nTitle\n  {}\nSource\n  Trades. 3:5, 2011.\n"
    lost = "<2>\nUnique IdBicycle couriers.\nSource\n  Trades. 4:7, 2012.\n"
    found = read(f"Database: X\n\n<1>\n{record.format('Keepers of lights.')}\n{lost}")
    assert [record.title for record in found.records] == ["Keepers of lights."]
    assert "Bicycle couriers" in found.rejected[0].reason
