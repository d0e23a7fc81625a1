"""Text of labelled lines of the Cochrane Library and CNKI, and XML of the register of trials."""

from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading

COCHRANE = """\ufeffRecord #1 of 2
ID: CN-01
AU: Smith JB
AU: World Health Organization
TI: Gardens: a trial
SO: J Care
YR: 2016
VL: 12
NO: 3
PG: 101-119
PM: PUBMED 77
XR: EMBASE 88
KY: Gardens;Humans[checkword]
DOI: 10.1000/x
AB: BACKGROUND: Text.
US: https://cochrane.org/CN-01


Record #2 of 2
ID: CD000002
AU: Van Ryswyk Emer
AU: Crowther Caroline A
TI: Walks
SO: Cochrane Database of Systematic Reviews
YR: 2017
CC: HM-WALK
"""
CNKI = """DataType: 1
Title-题名: 花园
Author-作者: 王伟;李娜;
Source-刊名: 中华护理杂志
Year-年: 2020
PubTime-出版时间: 2020-03-01
Keyword-关键词: 花园;孤独
Summary-摘要: 摘要
Period-期: 03
Roll-卷: 12
PageCount-页数: 3
Page-页码: 101-119
SrcDatabase-来源库: 期刊
Link-链接: https://kns.cnki.net/x

Title-题名: 散步
Author-作者: 张敏
Year-年: 2019
"""
NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 花园
{Author}: 王伟;李娜;
{Journal}: 中华护理杂志
{Year}: 2020
{Volume}: 12
{Issue}: 03
{Pages}: 101-119
{Keywords}: 花园;孤独
{Abstract}: 摘要
{ISBN/ISSN}: 1006-2084
{URL}: https://kns.cnki.net/x

{Reference Type}: Thesis
{Title}: 散步
{Author}: 张敏
{Publisher}: 某大学
{Year}: 2019
"""
ICTRP = """<?xml version='1.0' encoding='UTF-8' ?>
<Trials_downloaded_from_ICTRP>
  <Trial><TrialID>NCT01
    </TrialID><Public_title>Gardens &amp; friends
    </Public_title><Acronym/><web_address>https://c.gov/NCT01
    </web_address><Date_registration3>20140502
    </Date_registration3></Trial>
  <Trial><TrialID>NCT02</TrialID></Trial>
</Trials_downloaded_from_ICTRP>
"""


def read(text: str) -> Reading:
    return parse_records(text.encode(), "export.txt")


def test_the_text_of_the_cochrane_library_is_read() -> None:
    """Authors of trials have initials, those of reviews whole names, the family name first."""
    for text in (COCHRANE, COCHRANE.replace("\n", "\r")):
        found = read(text)
        assert (found.format, found.rejected) == ("Cochrane text", ())
        first, second = (one.entry for one in found.records)
        assert [str(name) for name in first.authors] == ["JB Smith", "World Health Organization"]
        fields = first.fields
        assert (first.title, first.year, fields["journal"]) == ("Gardens: a trial", 2016, "J Care")
        assert (fields["volume"], fields["number"], fields["pages"]) == ("12", "3", "101--119")
        assert (fields["pmid"], fields["doi"]) == ("77", "10.1000/x")
        assert fields["keywords"] == "Gardens; Humans[checkword]"
        assert fields["abstract"] == "BACKGROUND: Text."
        assert fields["cochrane-xr"] == "EMBASE 88"
        assert [name.family for name in second.authors] == ["Van Ryswyk", "Crowther"]


def test_cnki_s_own_text_and_that_for_noteexpress_are_read() -> None:
    """One record after another, though nothing but an empty line is between them."""
    for text in (CNKI, NOTEEXPRESS):
        found = read(text)
        assert (found.format, found.rejected) == ("CNKI text", ())
        first, second = (one.entry for one in found.records)
        assert (first.title, first.year, len(first.authors)) == ("花园", 2020, 2)
        fields = first.fields
        assert (fields["journal"], fields["volume"], fields["number"]) == (
            "中华护理杂志",
            "12",
            "03",
        )
        assert (fields["pages"], fields["keywords"]) == ("101--119", "花园; 孤独")
        assert (fields["abstract"], fields["url"]) == ("摘要", "https://kns.cnki.net/x")
        assert (second.title, second.year) == ("散步", 2019)
    assert second.type == "phdthesis"


def test_xml_of_the_register_of_trials_is_read() -> None:
    """A trial is a record with its number; one without a title is rejected."""
    found = read(ICTRP)
    entry = found.records[0].entry
    assert (found.format, entry.title, entry.year) == ("ICTRP XML", "Gardens & friends", 2014)
    assert (entry.fields["accession"], entry.fields["url"]) == ("NCT01", "https://c.gov/NCT01")
    assert [one.number for one in found.rejected] == [2]
