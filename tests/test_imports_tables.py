"""Tables of records: their columns by whatever name, nothing lost, refused with what is known."""

import runpy
from pathlib import Path

import pytest

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading

workbook = runpy.run_path(str(Path(__file__).parent / "generators" / "workbook.py"))["workbook"]

SCOPUS = (
    '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue",'
    '"Art. No.","Page start","Page end","DOI","Link","Abstract","Document Type","PubMed ID","EID"\n'
    '"Smith, J.; Li, K.","Smith, John (12345); Li, Kim (67890)","1","Gardens","2020","J Care","12",'
    '"3","","101","119","10.1000/X","https://s.com/x","Text","Conference Paper","77","2-s2.0"\n'
)
RAYYAN = (
    "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,"
    "location,abstract,notes,doi,keywords,pubmed_id,pmc_id\n"
    '1,Gardens,2020,3,1,J Care,1353-8292,12,3,101-119,"Smith, J. and Li, K.",https://s.com/x,eng,P,'
    "UK,Text,,10.1000/x,garden,77,PMC1\n"
)
IEEE = (
    '"Document Title",Authors,"Author Affiliations","Publication Title","Publication Year",'
    '"Volume","Issue","Start Page","End Page","Abstract","ISSN","DOI","PDF Link","Author Keywords",'
    '"Document Identifier"\n'
    '"Gardens","J. Smith; K. Li","A; B","J Care","2020","12","3","101","119","Text","1353-8292",'
    '"10.1000/x","https://i.org/x.pdf","a;b","IEEE Journals"\n'
)
WOS = (
    "Publication Type\tAuthors\tAuthor Full Names\tArticle Title\tSource Title\tPublication Year\t"
    "Volume\tIssue\tStart Page\tEnd Page\tDOI\tAbstract\tPubmed Id\tUT (Unique WOS ID)\n"
    "J\tSmith, J; Li, K\tSmith, John; Li, Kim\tGardens\tJ Care\t2020\t12\t3\t101\t119\t10.1000/x\t"
    "Text\t77\tWOS:1\n"
)
LENS = (
    '"Lens ID","Title","Date Published","Publication Year","Publication Type","Source Title",'
    '"ISSNs","Author/s","Abstract","Volume","Issue Number","Start Page","End Page","PMID","DOI"\n'
    '"1","Gardens","2020-03-01",2020,"journal article","J Care","13538292","J. Smith; K. Li",'
    '"Text","12","3","101","119","77","10.1000/x"\n'
)
ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url",'
    '"Abstract Note","Date","Pages","Issue","Volume"\n'
    '"A","journalArticle","2020","Smith, J.; Li, K.","Gardens","J Care","10.1000/x","","Text",'
    '"2020-03","101-119","3","12"\n'
)
EMBASE = (
    "Title,Author Names,Source,Abstract,Emtree Medical Index Terms,Publication Year,DOI\n"
    'Gardens,"Smith J., Li K.",J Care (2020) 12:3 (101-119). Date of Publication: 2020,Text,,2020,'
    "10.1000/x\n"
)
PUBMED = (
    'PMID,Title,Authors,Citation,"First Author",Journal/Book,"Publication Year",DOI\n'
    '77,Gardens,"Smith J, Li K.","J Care. 2020 Mar;12(3):101-119. doi: 10.1000/x.",Smith J,J Care,'
    "2020,10.1000/x\n"
)
DIMENSIONS = (
    '"About the data: Exported on 1 May 2022; who made it, and, more, commas"\n'
    "Rank,Publication ID,DOI,PMID,Title,Abstract,Source title/Anthology title,PubYear,Volume,Issue,"
    "Pagination,Authors\n"
    '1,pub.1,10.1000/x,77,Gardens,Text,J Care,2020,12,3,101-119,"Smith, J.; Li, K."\n'
)
PUBLISH_OR_PERISH = (
    "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,GSRank,QueryDate,DOI,Volume,Issue,"
    "StartPage,EndPage,Abstract\n"
    '5,"J Smith, K Li",[PDF][PDF] Gardens,2020,J Care,P,https://s.com/x,1,2024-05-01 10:00:00,'
    "10.1000/x,12,3,101,119,Text\n"
)
OPENALEX = (
    "id,doi,display_name,publication_year,type,primary_location.source.display_name,"
    "primary_location.source.issn_l,authorships.author.display_name,biblio.volume,biblio.issue,"
    "biblio.first_page,biblio.last_page,ids.pmid,abstract\n"
    "https://openalex.org/W1,https://doi.org/10.1000/x,Gardens,2020,article,J Care,1353-8292,"
    "John Smith|Kim Li,12,3,101,119,https://pubmed.ncbi.nlm.nih.gov/77,Text\n"
)
EBSCO = (
    '"Article Title","Author","Journal Title","ISSN","Publication Date","Volume","Issue",'
    '"First Page","Last Page","Accession Number","DOI","Doctype","Abstract"\n'
    '"Gardens","Smith, J.; Li, K.","J Care","13538292","20200301","12","3","101","119","9",'
    '"10.1000/x","Article","Text"\n'
)
WOS_TAGS = (
    "PT\tAU\tTI\tSO\tPY\tVL\tIS\tBP\tEP\tDI\tAB\tPM\tUT\n"
    "J\tSmith, J; Li, K\tGardens\tJ Care\t2020\t12\t3\t101\t119\t10.1000/x\tText\t77\tWOS:1\n"
)
TABLES = {
    "Scopus": SCOPUS, "Rayyan": RAYYAN, "IEEE Xplore": IEEE, "Web of Science": WOS, "Lens": LENS,
    "Zotero": ZOTERO, "Embase": EMBASE, "PubMed": PUBMED, "Dimensions": DIMENSIONS,
    "Publish or Perish": PUBLISH_OR_PERISH, "OpenAlex": OPENALEX, "EBSCO": EBSCO,
}  # fmt: skip


def read(text: str) -> Reading:
    return parse_records(text.encode(), "a.csv")


@pytest.mark.parametrize("maker", TABLES)
def test_tables_of_each_maker_are_read(maker: str) -> None:
    """The same article has the same fields, whatever a database calls its columns."""
    found = read(TABLES[maker])
    if maker == "Web of Science":  # its other table has tags for columns
        assert read(WOS_TAGS).kind == found.kind
        kept = read(WOS_TAGS).records[0].entry
        for name in ("author", "title", "journal", "volume", "number", "pages", "doi", "pmid"):
            assert kept.text(name) == (
                found.records[0].entry.text(name).replace("John", "J").replace("Kim", "K")
            )
    (record,) = found.records
    entry = record.entry
    assert (found.format, found.maker) == ("CSV", maker if maker != "EBSCO" else "")
    assert [(name.family, name.given[:1]) for name in entry.authors] == [
        ("Smith", "J"),
        ("Li", "K"),
    ]
    assert (entry.title, entry.year, entry.doi) == ("Gardens", 2020, "10.1000/x")
    assert entry.first("journal", "booktitle") == "J Care"
    assert (entry.text("volume"), entry.text("number")) == ("12", "3")
    assert entry.text("pages") == "101--119"
    if maker != "PubMed":
        assert entry.text("abstract") == "Text"
    if "77" in TABLES[maker]:
        assert entry.text("pmid") == "77"


@pytest.mark.parametrize(
    ("header", "row", "kind", "container"),
    [
        ("Title,Authors,Year,Source,Citation count,ID", "A,J Smith|K Li,2020,J Care,3,W1",
         "article", "J Care"),
        ("Publication ID,Title,Authors,PubYear,Source title,Anthology title,Publication Type,"
         "Document Type", "pub.1,A,\"Smith, J.; Li, K.\",2020,,The Book of Care,Chapter,",
         "incollection", "The Book of Care"),
        ("Document Title,Authors,Publication Title,Publication Year,Document Identifier",
         "A,J. Smith; K. Li,2020 Conference on Care,2020,IEEE Conferences", "inproceedings",
         "2020 Conference on Care"),
    ],
)  # fmt: skip
def test_a_work_is_what_its_maker_says(header: str, row: str, kind: str, container: str) -> None:
    """Each has a column of its own for it, and one for what the work is in."""
    (record,) = read(f"{header}\n{row}\n").records
    assert (record.entry.type, record.entry.first("journal", "booktitle")) == (kind, container)
    assert [name.family for name in record.entry.authors] == ["Smith", "Li"]


def plain(entry: Entry) -> dict[str, str]:
    return {name: entry.text(name) for name in entry.fields}


def test_nothing_of_a_row_is_lost() -> None:
    """Columns that no field takes are kept under their names."""
    kept = plain(read(SCOPUS).records[0].entry)
    assert kept["scopus-author-full-names"] == "Smith, John (12345); Li, Kim (67890)"
    assert kept["scopus-eid"] == "2-s2.0"
    assert kept["scopus-document-type"] == "Conference Paper"
    assert read(SCOPUS).records[0].entry.type == "inproceedings"
    assert (kept["url"], kept["booktitle"]) == ("https://s.com/x", "J Care")
    text = RAYYAN.replace("key,", "key,Odd name,Odd-name,").replace("\n1,", "\n1,x,y,")
    kept = plain(read(text).records[0].entry)
    assert (kept["rayyan-odd-name"], kept["rayyan-odd-name-2"]) == ("x", "y")
    assert (kept["month"], kept["issn"], kept["language"], kept["pmcid"]) == (
        "3", "1353-8292", "eng", "PMC1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "Study,Authors,Year,Outcome",
            r"no column .* titles.*Recognised: Authors \(authors\), Year",
        ),
        ("Title,Volume,Pages", r"no column for authors.*Recognised: Title \(title\), Volume"),
    ],
)
def test_a_table_that_is_not_recognised_says_what_was(header: str, told: str) -> None:
    """An author sees which columns to rename."""
    with pytest.raises(BibliographyError, match=told):
        read(f"{header}\n1,2,3\n")


def test_a_spreadsheet_is_read() -> None:
    """The sheet with records is found, and a number is written as a person sees it."""
    rows: list[list[str | float]] = [
        ["Document Title", "Authors", "Publication Title", "Publication Year", "Volume"],
        ["Gardens &amp; care", "J. Smith; K. Li", "J Care", 2020.0, 12.0],
        ["", "", "", "", ""],
    ]
    found = parse_records(workbook(rows), "a.xlsx")
    (record,) = found.records
    assert found.kind == "records, spreadsheet from IEEE Xplore"
    assert plain(record.entry) == {
        "author": "Smith, J. and Li, K.",
        "title": "Gardens & care",
        "journal": "J Care",
        "year": "2020",
        "volume": "12",
    }


@pytest.mark.parametrize("swapped", [False, True])
def test_a_spreadsheet_of_the_web_of_science_gives_whole_names(swapped: bool) -> None:
    """Whichever column comes first, as in its CSV; where a row has no whole names, the short."""
    short, whole = ["Authors", "Smith, J; Li, K", "Oak, O"], [
        "Author Full Names", "Smith, John; Li, Kim", ""
    ]  # fmt: skip
    rows: list[list[str | float]] = [
        ["J", *people, title, "J Care", 2020.0, 12.0, "WOS:1"]
        for *people, title in zip(
            *((whole, short) if swapped else (short, whole)), ("", "Gardens", "Ferns"), strict=True
        )
    ]
    rows[0] = ["Publication Type", *rows[0][1:3], "Article Title", "Source Title",
               "Publication Year", "Volume", "UT (Unique WOS ID)"]  # fmt: skip
    found = parse_records(workbook(rows), "savedrecs.xlsx")
    assert found.kind == "records, spreadsheet from Web of Science"
    assert [record.entry.text("author") for record in found.records] == [
        "Smith, John and Li, Kim", "Oak, O",
    ]  # fmt: skip


def test_a_spreadsheet_that_is_none_is_refused() -> None:
    """A zip file, a broken one, and a sheet without titles."""
    with pytest.raises(BibliographyError, match="cannot be read as a spreadsheet"):
        parse_records(b"PK\x03\x04 no more", "a.xlsx")
    with pytest.raises(BibliographyError, match=r"Recognised: Authors \(authors\)"):
        parse_records(workbook([["Study", "Authors"], ["a", "b"]]), "a.xlsx")


def test_empty_cells_after_the_last_column_are_nothing() -> None:
    """A row with commas too many is read; one with a cell too many is rejected."""
    found = parse_records(b"Title,Authors,Year\nOne,A B,2020,,\nTwo,A B,2021,x\n", "a.csv")
    assert [record.title for record in found.records] == ["One"]
    assert [one.title for one in found.rejected] == ["Two"]


TRIALS = (
    "Rank,NCT Number,Title,Status,Conditions,Start Date,First Posted,URL\n"
    '1,NCT01,"Gardens at home",Completed,Loneliness,March 2013,"May 2, 2014",https://c.gov/NCT01\n'
    '2,NCT02,Walks,Recruiting,"Expanded":Access",May 2015,"June 1, 2015",https://c.gov/NCT02\n'
    '3,NCT03,"Songs ""at"" home",Completed,Loneliness,,,https://c.gov/NCT03\n'
)
NEW_TRIALS = (
    "NCT Number,Study Title,Study URL,Study Status,Brief Summary,Conditions,Start Date\n"
    'NCT01,Gardens at home,https://c.gov/NCT01,COMPLETED,"A summary.",Loneliness,2014-03-01\n'
)
ICTRP = (
    "TrialID,Last Refreshed on,Public title,Scientific title,Date registration,web address\n"
    "NCT01,2 May 2020,Gardens at home,A trial of gardens,02/05/2014,https://c.gov/NCT01\n"
)


@pytest.mark.parametrize("text", [TRIALS, NEW_TRIALS, ICTRP], ids=["old", "new", "ictrp"])
def test_registers_of_trials_are_read(text: str) -> None:
    """A trial has a number of its register, an address and a year, and no authors."""
    entry = read(text).records[0].entry
    assert (entry.title, entry.year, entry.authors) == ("Gardens at home", 2014, ())
    assert (entry.fields["accession"], entry.fields["url"]) == ("NCT01", "https://c.gov/NCT01")


def test_a_row_that_is_not_csv_costs_no_other_one() -> None:
    """ClinicalTrials.gov leaves quotation marks single: the row is read, and the line named."""
    found = read(TRIALS)
    assert [one.title for one in found.records] == ["Gardens at home", "Walks", 'Songs "at" home']
    assert found.rejected == ()
    assert found.remarks == (
        "1 line has quotation marks inside a cell that are not doubled, and may be damaged: 3",
    )
    rows = 'title,year,abstract\nOne,2020,"ends nowhere\nTwo,2021,"Whole, text"\nThree,2022,Text\n'
    found = read(rows)
    assert [one.title for one in found.records] == ["One", "Two", "Three"]
    assert found.records[0].entry.fields["abstract"] == "ends nowhere"
    found = read('title,authors,year\nOne,"["Ash, A","Oak, B"]",2020\nTwo,"Ash, A",2021\n')
    assert [one.title for one in found.records] == ["Two"]
    assert found.rejected[0].reason.startswith("has 5 cells, the header 3 (“One [Ash")


def test_refworks_and_cnki_tables_are_read() -> None:
    """RefWorks puts the kind of a name after it, CNKI the Chinese name; authors are persons."""
    refworks = (
        "Reference Type\tAuthors, Primary\tTitle Primary\tPeriodical Full\tPub Year\tVolume\t"
        "Issue\tStart Page\tOther Pages\tTitle Secondary\tAuthors, Secondary\tISSN/ISBN\tDOI\n"
        "Journal Article\tAsh,Ann;Oak,Bo\tGardens\tJ Care\t2020\t12\t3\t101\t119\t\t\t1353-8292\t"
        "10.1000/x\n"
        "Book, Section\tAsh,Ann\tWalks\t\t2019\t\t\t\t\tA book\tElm,Eve\t978-0-306-40615-7\t\n"
    )
    found = read(refworks)
    first, second = (plain(one.entry) for one in found.records)
    assert found.maker == "RefWorks"
    assert (first["author"], first["journal"]) == ("Ash, Ann and Oak, Bo", "J Care")
    assert (first["pages"], first["issn"]) == ("101--119", "1353-8292")
    assert (second["booktitle"], second["editor"]) == ("A book", "Elm, Eve")
    assert second["isbn"] == "978-0-306-40615-7"
    cnki = (
        "SrcDatabase-来源库\tTitle-题名\tAuthor-作者\tSource-文献来源\tKeyword-关键词\tSummary-摘要\t"
        "PubTime-发表时间\tYear-年\tPeriod-期\tPageCount-页码\n"
        "期刊\t花园\t王伟;李娜\t中华护理杂志\t花园;;孤独\t摘要\t2020-03-01\t2020\t03\t101-119\n"
        "硕士\t散步\t张敏\t某大学\t\t\t2019-06-01\t2019\t\t\n"
    )
    found = read(cnki)
    first, second = (plain(one.entry) for one in found.records)
    assert (first["title"], first["journal"], first["number"]) == ("花园", "中华护理杂志", "03")
    assert (first["year"], first["pages"], first["abstract"]) == ("2020", "101--119", "摘要")
    assert first["author"].count(" and ") == 1
    assert [one.entry.type for one in found.records] == ["article", "phdthesis"]


def test_columns_in_other_languages_are_read() -> None:
    """LILACS and SciELO are exported in the language of the page, with or without accents."""
    found = read("Título;Autores;Año;Revista;Resumen\nJardines;Ana Lima;2020;Rev Enf;Texto\n")
    entry = plain(found.records[0].entry)
    assert (entry["title"], entry["year"], entry["journal"]) == ("Jardines", "2020", "Rev Enf")
    assert (entry["author"], entry["abstract"]) == ("Lima, Ana", "Texto")


def test_a_table_with_a_row_for_each_field_is_read() -> None:
    """Embase's fields by row: a name, then all values of it, an empty row after a record."""
    text = (
        '"TITLE","Gardens, and friends"\n"AUTHOR NAMES","Ash A.","Oak B."\n'
        '"SOURCE TITLE","J Care"\n"PUBLICATION YEAR","2020"\n"VOLUME","12"\n"DOI","10.1000/x"\n'
        '"MEDLINE PMID","77","http://www.ncbi.nlm.nih.gov/pubmed/77"\n\n'
        '"TITLE","Walks"\n"SOURCE TITLE","J Walk"\n"PUBLICATION YEAR","2019"\n\n'
        '"AUTHOR NAMES","Elm E."\n"PUBLICATION YEAR","2018"\n'
    )
    for form in (text, '"SEARCH QUERY","gardens"\n\n' + text, text.replace("\n\n", "\n")):
        found = read(form)
        first, second = (plain(one.entry) for one in found.records[:2])
        assert (first["author"], first["journal"]) == ("Ash, A. and Oak, B.", "J Care")
        assert (first["year"], first["doi"], first["pmid"]) == ("2020", "10.1000/x", "77")
        assert (second["title"], second["year"]) == ("Walks", "2019")
    assert [one.reason[:12] for one in read(text).rejected] == ["has no title"]
