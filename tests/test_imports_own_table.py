"""A table of papers that somebody has: labels, headers, numbers, several rows a paper."""

import csv
import runpy
from pathlib import Path

import pytest

from reviewpress.bibliography import load_bibliography
from reviewpress.checks.validation import validate
from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.evidence.studies import read_studies
from reviewpress.imports.own_table import OwnPapers, read_papers
from reviewpress.imports.study_labels import is_label, read_label
from reviewpress.imports.workbooks import _filled
from reviewpress.new import make_review
from reviewpress.review import load

workbook = runpy.run_path(str(Path(__file__).parent / "generators" / "workbook.py"))["workbook"]


def table(folder: Path, text: str, name: str = "papers.csv") -> Path:
    """Write a table and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def column(papers: OwnPapers, name: str) -> list[str]:
    """Return the cells of a column of the table of papers."""
    return [row[papers.rows[0].index(name)] for row in papers.rows[1:]]


@pytest.mark.parametrize(
    ("label", "authors", "year"),
    [
        ("Aaron (2005)", "Aaron", "2005"),
        ("Smith et al. 2020", "Smith and others", "2020"),
        ("Smith et al., 2020b", "Smith and others", "2020"),
        ("Elderberry_2022", "Elderberry", "2022"),
        ("Elderberry.2022", "Elderberry", "2022"),
        ("O Mara et al.", "{O Mara} and others", ""),
        ("Smith, 2022", "Smith", "2022"),
        ("Quince J 2020", "Quince, J", "2020"),
        ("Fern & Gorse [1999]", "Fern and Gorse", "1999"),
        ("Rowan-Ash, Berg, & Wild 2001", "Rowan-Ash and Berg and Wild", "2001"),
        ("van der Linden and Lee 2011", "van der Linden and Lee", "2011"),
        ("Ash, J. & Doe, K. (2014)", "Ash, J. and Doe, K", "2014"),
        ("WHO 2020", "WHO", "2020"),
        ("Holly and colleagues 2009, cohort 2", "Holly and others", "2009"),
    ],
)
def test_a_label_is_an_author_and_a_year(label: str, authors: str, year: str) -> None:
    """However tables write it; the year is no part of a name."""
    found = read_label(label)
    assert (found.authors, found.year) == (authors, year)
    assert is_label(label) == bool(year)


@pytest.mark.parametrize(
    ("header", "rows", "papers"),
    [
        ("id,study,task", ["ash2020bench,Ash 2020,a", "ash2020trial,Ash 2020,b"], 2),
        ("Study ID,study,task", ["S001,Ash 2020,a", "S002,Ash 2020,b", "S003,Fir 2021,c"], 3),
        ("study,doi,task", ["Ash 2020,10.1/a,a", "Ash 2020,10.1/b,b"], 2),
        ("authors,year,letter", ["Ash,2020,a", "Ash,2020,b", "Fir,2021,"], 3),
        ("id,study,task", ["1,Ash 2020,a", "2,Ash 2020,b"], 1),
        ("id,study,task", ["1a,Ash 2020,a", "1b,Ash 2020,b", "2,Fir 2021,c"], 2),
        ("id,study,task", ["ash_1,Ash 2020,a", "ash_2,Ash 2020,b", "fir_1,Fir 2021,c"], 2),
        ("study,doi,task", ["Ash 2020,10.1/a,a", "Ash 2020,,b"], 1),
    ],
)
def test_what_tells_papers_of_one_label_apart(
    tmp_path: Path, header: str, rows: list[str], papers: int
) -> None:
    """Names of their own, DOIs and letters do; numbers of rows and of parts do not."""
    found = read_papers(table(tmp_path, "\n".join([header, *rows]) + "\n"))
    assert len(found.keys) == papers
    assert bool(found.results) == (papers < len(rows))
    if "letter" in header:
        assert "{Ash 2020b}" in found.bibtex or "Ash 2020b" in found.bibtex


def test_a_title_may_stand_in_the_first_row_of_a_paper_alone(tmp_path: Path) -> None:
    """The rows below are its results where they have its key or label; others lack a title."""
    text = "key,Title,dose\nash2020,Ponds and frogs,1\nash2020,,2\nfir2021,Lamp posts,3\n"
    found = read_papers(table(tmp_path, text))
    assert (len(found.keys), len(found.results)) == (2, 4)
    with pytest.raises(Problems, match="row 5, column title: the paper has no title"):
        read_papers(table(tmp_path, text + "oak2022,,4\n"))


def test_a_label_may_go_on_with_the_title(tmp_path: Path) -> None:
    """After a comma, in as many words as no arm or sample has; a capital begins it."""
    long = "Ash, 1954, Protection Afforded by Ponds Against the Heat of Summer"
    found = read_label(long)
    assert (found.authors, found.year) == ("Ash", "1954")
    assert found.title == "Protection Afforded by Ponds Against the Heat of Summer"
    assert not read_label("Ash 1999, low dose of water in the second of two summers").title
    assert not read_label("Ash 1999, Second summer").title
    rows = [long, "Ash, 1954, Another Paper That Has as Many Words as This"]
    papers = read_papers(table(tmp_path, "source,n\n" + "".join(f'"{row}",1\n' for row in rows)))
    assert len(papers.keys) == 2


def test_a_count_below_the_table_is_left_out(tmp_path: Path) -> None:
    """As other sums are, also where it stands below a gap and lists of what cells may say."""
    text = "key,title,author,kind\nash,Ponds,Ash,x\nfir,Lamps,Fir,y\n,,,\n,,,Manual\nCount,,36,\n"
    assert len(read_papers(table(tmp_path, text)).keys) == 2


def test_the_encoding_of_a_table_can_be_said(tmp_path: Path) -> None:
    """The message on one that is not certain names the option."""
    path = tmp_path / "papers.csv"
    path.write_bytes("study,note\nAsh 2020,na\xefve\nFir 2021,b\n".encode("cp1252"))
    with pytest.raises(ReportError, match="--encoding cp1252"):
        read_papers(path)
    assert "naïve" in column(read_papers(path, encoding="cp1252"), "note")


def test_arms_of_one_paper_are_one_paper_and_letters_two() -> None:
    """What stands after the year tells arms apart, unless it is the letter of the year."""
    assert read_label("Ash 2020 (arm 1)").paper == read_label("Ash 2020 (arm 2)").paper
    assert read_label("Ash 2020a").paper != read_label("Ash 2020b").paper


@pytest.mark.parametrize(
    ("reference", "authors", "year", "title"),
    [
        ("Ash A, Birch B. Ponds of the north. J Gard. 2010;1:2-3.", "Ash, A and Birch, B", "2010",
         "Ponds of the north"),
        ("Ash, A., & Birch, B. (2010). Ponds of the north. J Gard, 1, 2–3.",
         "Ash, A. and Birch, B", "2010", "Ponds of the north"),
        ("Ash A, Birch B (2010) Ponds of the north. J Gard 1:2-3", "Ash, A and Birch, B", "2010",
         "Ponds of the north"),
        ("Fir F, et al. Gardens in 2009 and before. Park Life 2011; 3: 4", "Fir, F and others",
         "2011", "Gardens in 2009 and before"),
    ],
)  # fmt: skip
def test_a_whole_reference_is_a_label_with_a_title(
    reference: str, authors: str, year: str, title: str
) -> None:
    """Of one the authors end before the title, and the year may come last."""
    found = read_label(reference)
    assert (found.authors, found.year, found.title) == (authors, year, title)
    assert is_label(reference)
    assert read_label("St. John 2010").authors == "{St. John}"


def test_labels_in_a_column_that_may_hold_numbers(tmp_path: Path) -> None:
    """What it is called decides only where its cells do not."""
    text = 'Paper,Year,N\n"Ash et al., 2010",2010,12\n"Birch, 2012",2012,9\n'
    assert "author = {Ash and others}" in read_papers(table(tmp_path, text)).bibtex
    text = "Paper,Author,Title\n7,Ash,First\n9,Birch,Second\n"
    assert list(read_papers(table(tmp_path, text)).keys) == [7, 9]
    text = "Reference,N\nAsh A. Ponds of the north. J Gard. 2010;1:2.,12\n"
    papers = read_papers(table(tmp_path, text))
    assert "title  = {Ponds of the north}" in papers.bibtex
    assert not any("no title" in remark for remark in papers.remarks)


def test_a_column_tells_which_name_comes_first(tmp_path: Path) -> None:
    """Two whole names may be one person of two family names, unless longer lists say otherwise."""
    longer = '"Ann One, Bo Two, Cy Three, Di Four"'
    rows = ['"Eve Five, Fay Six"', longer]
    text = "Title,Authors,pubdate\n"
    text += "".join(f"Paper {n},{who},2020-03-0{n}\n" for n, who in enumerate(rows, start=1))
    bibtex = read_papers(table(tmp_path, text)).bibtex
    assert "author = {Five, Eve and Six, Fay}" in bibtex
    assert "author = {One, Ann and Two, Bo and Three, Cy and Four, Di}" in bibtex
    assert bibtex.count("year   = {2020}") == 2
    alone = read_papers(table(tmp_path, text.replace(longer, '"Ash Elm, Bo, Oak, Cy"'))).bibtex
    assert "author = {Eve Five, Fay Six}" in alone


def test_what_stands_above_and_beside_a_table(tmp_path: Path) -> None:
    """A title above the header, and numbers of rows without a name, are left out and named."""
    text = 'Table 1. Studies,,\n"","study","n"\n"1","Ash 2010",3\n"2","Birch 2011",4\n'
    papers = read_papers(table(tmp_path, text))
    assert papers.rows[0] == ("code", "citekey", "study", "n", "sections")
    assert [("row 1" in r, "numbers the rows" in r) for r in papers.remarks[:2]] == [
        (True, False), (False, True),
    ]  # fmt: skip
    header = "Table 1. Studies,,\nauthor,title,n\nAsh,First,3\n"
    with pytest.raises(Problems) as caught:
        read_papers(table(tmp_path, f"{header}Birch,,4\n"))
    assert caught.value.problems[0].where.row == 4
    with pytest.raises(DataError, match="row 1"):
        read_papers(table(tmp_path, "Table 1. Yields,,\nplot,yield,n\n1,2,3\n"))


def test_labels_and_headers_of_other_programs(tmp_path: Path) -> None:
    """Snake case and dots part words; NA is no value; decimals are numbers."""
    path = table(
        tmp_path,
        "Study_ID,first.author,pubYear,mean_age,se.value,country\n"
        "1,Ash et al.,2019,57.9,.05,NA\n2,Birch,NA,36,1e-05,Wales\n3,O'Hara,2021,NA,2.50,Wales\n",
    )
    papers = read_papers(path)
    assert column(papers, "mean_age") == ["57.9", "36", ""]
    assert column(papers, "se_value") == ["0.05", "0.00001", "2.50"]
    assert column(papers, "country") == ["", "Wales", "Wales"]
    assert "author = {Ash and others}" in papers.bibtex
    assert any("1 paper has no year (first: Birch)" in remark for remark in papers.remarks)
    assert any("3 papers have no title" in remark for remark in papers.remarks)
    make_review(tmp_path / "review", papers=path)
    review = load(tmp_path / "review")
    assert validate(review) == []
    assert review.papers["mean_age"].mean() == pytest.approx(46.95)


def test_several_rows_a_paper_become_results(tmp_path: Path) -> None:
    """What is the same in all rows of a paper is in its row, what differs in data/results.csv."""
    path = table(
        tmp_path,
        "study,country,outcome,yi,vi\nAsh 2019,Wales,diet,0.1,0.02\nAsh 2019,Wales,sleep,-.3,0.01\n"
        "Birch (2020),France,diet,0.2,0.04\nAsh 2019 (arm 2),Wales,diet,0.5,0.03\n",
    )
    told: list[str] = []
    make_review(tmp_path / "review", papers=path, tell=told.append)
    papers, results = (
        list(csv.DictReader((tmp_path / f"review/data/{name}.csv").read_text("utf-8").splitlines()))
        for name in ("papers", "results")
    )
    assert [row["country"] for row in papers] == ["Wales", "France"]
    assert [(row["code"], row["outcome"], row["yi"]) for row in results] == [
        ("1", "diet", "0.1"), ("1", "sleep", "-0.3"), ("2", "diet", "0.2"), ("1", "diet", "0.5")
    ]  # fmt: skip
    assert any("4 rows are of 2 papers" in remark for remark in told)
    review = load(tmp_path / "review")
    assert validate(review) == []
    assert review.frame("results")["yi"].sum() == pytest.approx(0.5)


def test_themes_are_no_chapters(tmp_path: Path) -> None:
    """A column of that name is data as any other; one called sections says where papers belong."""
    path = table(tmp_path, 'author,title,year,themes\n"Ash, A",First,2019,Costs; Access\n')
    papers = read_papers(path)
    assert (papers.sections, column(papers, "themes")) == (("Findings",), ["Costs; Access"])


def test_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """Of its sheets, the fullest is the table; the other holds notes."""
    rows = [["Study", "N", "Effect"], ["Ash (2019)", "20", "0.25"], ["Birch et al. 2020", "31", ""]]
    (tmp_path / "table.xlsx").write_bytes(workbook(rows))
    papers = read_papers(tmp_path / "table.xlsx")
    assert (column(papers, "n"), column(papers, "effect")) == (["20", "31"], ["0.25", ""])


@pytest.mark.parametrize(
    "text",
    [
        "study,yi,vi\n1,0.2,0.1\n2,0.3,0.1\n",
        "district,school,year\n11,1,1976\n11,2,1976\n",
        "outcome,effect\nDiet of children,0.2\nSleep,0.1\n",
    ],
)
def test_a_table_that_does_not_say_which_papers_is_refused(tmp_path: Path, text: str) -> None:
    """Numbers are no labels; the message says what to add."""
    with pytest.raises(DataError, match="no column author") as caught:
        read_papers(table(tmp_path, text))
    assert 'a column "Study"' in str(caught.value.hint)


def test_the_bibliography_of_labels_can_be_read(tmp_path: Path) -> None:
    """Keys are made of names and years, never of "untitled"."""
    path = table(tmp_path, "study,n\nAaron (2005),3\nO Mara et al.,4\nvan Dijk 2001,9\n")
    bibliography = tmp_path / "a.bib"
    bibliography.write_text(read_papers(path).bibtex, encoding="utf-8")
    entries = list(load_bibliography(bibliography))
    assert [entry.key for entry in entries] == ["aaron2005", "omarand", "vandijk2001"]
    assert [entry.short_author for entry in entries] == ["Aaron", "O Mara et al.", "van Dijk"]


def test_of_several_sheets_the_one_that_names_papers_is_read(tmp_path: Path) -> None:
    """Fuller ones hold what was measured; which was read, and which were not, is said."""
    measured = [["unique_id", "site", "trap_nights", "caught"]]
    measured += [[f"{n}", "field", "20", "3"] for n in range(30)]
    studies = [
        ["link", "year_publication", "title", "main_author"],
        ["", "2019", "Of frogs and of the ponds they live in", "Ash, A"],
        ["", "2020", "Of newts and of the ditches they live in", "Birch, B"],
    ]
    (tmp_path / "table.xlsx").write_bytes(workbook(studies, measured))
    papers = read_papers(tmp_path / "table.xlsx")
    assert column(papers, "citekey") == ["ash2019", "birch2020"]
    assert "of the sheets, “Records” was read; left out: “Notes”" in papers.remarks


def test_references_may_be_labels_of_studies(tmp_path: Path) -> None:
    """In the plural, as the tables of meta-analyses have them, with a row for each effect."""
    rows = "References,Pyrolysis_temp,Cm\n"
    rows += '"Hu et al., 2015",low,100.8\n"Hu et al., 2015",high,99\n"Lei et al., 2016",low,\n'
    papers = read_papers(table(tmp_path, rows))
    assert column(papers, "citekey") == ["hu2015", "lei2016"]


@pytest.mark.parametrize(
    ("text", "header", "left_out"),
    [
        (
            "Study,,Intervention,,Control,\nAuthor,Year,n,mean,n,mean\n"
            "Ash,2001,20,1.5,21,1.4\nBirch,2004,30,2.5,31,2.2\n",
            ["intervention_n", "intervention_mean", "control_n", "control_mean"],
            ["rows 1 and 2 were read as one header"],
        ),
        (
            "Study,Country,Drug group,\n,,n,mean\nAsh 2001,UK,20,1.5\nBirch 2004,US,30,2.5\n"
            "Overall,,50,\n\n* From the authors\nNR: not reported\n",
            ["study", "country", "drug_group_n", "drug_group_mean"],
            [
                "rows 1 and 2 were read as one header",
                "row 5 holds sums and was left out: “Overall 50”",
                "row 7 is below the table and was left out: “* From the authors”",
                "row 8 is below the table and was left out: “NR: not reported”",
            ],
        ),
        (
            "Authors,Year,Title,,Participants,\n"
            "Ash A,2001,One,,30,\nBirch B,2004,Two,,40,\nTotal,,,,70,\n",
            ["participants"],
            ["row 4 holds sums and was left out: “Total 70”"],
        ),
        (
            "Study,Setting,Design\nAsh 2001,school,RCT\nBirch 2004,,\n",
            ["study", "setting", "design"],
            [],
        ),
        (
            "Author,Year,Setting,Design\nAsh,2001,,RCT\nOverall-Berg,2004,school,RCT\n",
            ["setting", "design"],
            [],
        ),
    ],
)
def test_what_stands_round_a_table_is_left_out_and_said(
    tmp_path: Path, text: str, header: list[str], left_out: list[str]
) -> None:
    """Names of groups, sums and notes are no papers; a paper of which little is known is one."""
    papers = read_papers(table(tmp_path, text))
    assert papers.keys[1] == "ash2001"
    assert len(papers.keys) == 2
    assert [c for c in papers.rows[0] if c not in ("code", "citekey", "sections")] == header
    said = [r for r in papers.remarks if "was left out" in r or "one header" in r]
    assert said == left_out


def test_a_wrong_row_is_named_by_its_number_in_the_file(tmp_path: Path) -> None:
    """Empty rows above it count, for spreadsheets show them."""
    text = "Authors,Year,Title\n\nAsh A,2001,One\n\nBirch B,2004,\nElm E,2005,Three\n"
    with pytest.raises(Problems) as caught:
        read_papers(table(tmp_path, text))
    assert str(caught.value.problems[0].where) == "papers.csv, row 5, column title"


def test_decimal_commas_become_points(tmp_path: Path) -> None:
    """Where semicolons part the cells; with commas between them, a comma may part a list."""
    text = "Study;Effect;Codes;Note\nAsh 2001;0,35;3;a, b\nBirch 2004;-1,5;12;c\n"
    papers = read_papers(table(tmp_path, text))
    assert column(papers, "effect") == ["0.35", "-1.5"]
    assert column(papers, "note") == ["a, b", "c"]
    assert any('points: "effect"' in remark for remark in papers.remarks)
    text = 'Study,Domains\nAsh 2001,"1,2"\nBirch 2004,"2,3"\n'
    assert column(read_papers(table(tmp_path, text)), "domains") == ["1,2", "2,3"]


@pytest.mark.parametrize("label", ["Larch in press", "Larch (in press)", "Larch, n.d.", "Larch nd"])
def test_a_paper_in_press_has_a_name_and_no_year(label: str) -> None:
    """The words that stand where a year would are no part of a name."""
    assert (read_label(label).authors, read_label(label).year) == ("Larch", "")
    assert is_label(label)


def test_initials_are_no_missing_year() -> None:
    """Jones, N. D. is somebody."""
    assert read_label("Jones ND").authors == "Jones, ND"
    assert not is_label("Jones ND")


@pytest.mark.parametrize("text", ["Author,Year,Title\n&\n", "Study,Year\n…,2020\n", "Study\n--\n"])
def test_a_sign_alone_names_nobody(text: str, tmp_path: Path) -> None:
    """It is a row that says nothing, and is named with its number."""
    path = tmp_path / "own.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Problems, match="nothing says which paper it is") as raised:
        read_papers(path)
    assert "row 2" in str(raised.value)


def test_a_row_below_merged_cells_is_asked_for_its_paper(tmp_path: Path) -> None:
    """A spreadsheet says who wrote it in the first row alone: the message says what to do."""
    path = tmp_path / "own.csv"
    path.write_text("Study,Outcome,g\nAsh 2020,Sleep,0.3\n,Mood,0.2\nElm 2019,Sleep,0.1\n", "utf-8")
    with pytest.raises(Problems, match="row 3, column study: nothing says which") as raised:
        read_papers(path)
    (problem,) = raised.value.problems
    assert problem.hint.startswith("If the row belongs to the paper above, repeat")


def test_a_column_of_studies_groups_and_is_not_counted(tmp_path: Path) -> None:
    """How many studies there are is said; a name of a study is no trait of papers."""
    rows = "Ash A,2020,First,Night trial,yes\nAsh A,2021,Second,Night trial,\nElm E,2019,Third,,\n"
    papers = read_papers(table(tmp_path, "authors,year,title,study,primary\n" + rows))
    assert '3 papers are of 2 studies by the column "study" (“Night trial” has 2)' in papers.remarks
    root = make_review(tmp_path / "review", papers=tmp_path / "papers.csv")
    fields = {field.name: field for field in load(root).schema.table("papers").fields}
    assert [(fields[name].evidence, fields[name].enum) for name in ("study", "primary")] == [
        ("", ()), ("", ()),
    ]  # fmt: skip
    assert [study.codes for study in read_studies(load(root))] == [(1, 2), (3,)]


def test_names_above_rows_become_a_column(tmp_path: Path) -> None:
    """A row that is but a name is no paper; what is below it is of that group."""
    rows = (
        "Trials,,\nHolly 2001,Wales,30\nIvy et al.,,\nIvy 2002,Spain,20\nCohorts,,\nPine 2003,,5\n"
    )
    papers = read_papers(table(tmp_path, "Study,Country,n\n" + rows))
    assert column(papers, "study") == ["Holly 2001", "Ivy et al.", "Ivy 2002", "Pine 2003"]
    assert column(papers, "group") == ["Trials", "Trials", "Trials", "Cohorts"]
    assert 'names above rows are in the column "group" now' in papers.remarks[0]
    titles = read_papers(table(tmp_path, "Title,Authors,n\nA,Ash A,1\nB,Elm E,\n", "other.csv"))
    assert "group" not in titles.rows[0]


def test_what_extractors_agreed_on_is_taken(tmp_path: Path) -> None:
    """As in Covidence's data extraction; without a consensus all rows are kept as results."""
    header = "Covidence #,Study ID,Title,Reviewer Name,n\n"
    rows = "1,Ash 2020,Ferries,Ann,4\n1,Ash 2020,Ferries,Bo,5\n"
    agreed = "1,Ash 2020,Ferries,Consensus,4\n2,Elm 2021,Tides,Ann,7\n"
    papers = read_papers(table(tmp_path, header + rows + agreed))
    assert column(papers, "n") == ["4", "7"]
    told = "2 rows of “Ann”, “Bo” were left out: what was agreed is there"
    assert told in papers.remarks
    apart = read_papers(table(tmp_path, header + rows, "apart.csv"))
    assert len(apart.results) == 3


def test_cells_merged_down_are_of_each_row() -> None:
    """The name of a study beside several arms; a merged head of a group stays one cell."""
    rows = [["", "Arms"], ["Ash 2018", "A"], ["", "B"], ["", "C"], ["Elm 2019", "A"]]
    merged = [((2, 1), (4, 1)), ((0, 1), (0, 2)), ((0, 0), (9, 0))]
    filled = _filled([list(row) for row in rows], merged, (1, 1))
    assert [row[0] for row in filled] == ["", "Ash 2018", "Ash 2018", "Ash 2018", "Elm 2019"]
    assert filled[0] == ["", "Arms"]


def test_reference_numbers_tell_papers_apart(tmp_path: Path) -> None:
    """Two papers of one author and year may differ by nothing else."""
    rows = "1,Adams (2001) [12],USA\n2,Baker (2003) [45],UK\n3,Baker (2003) [46],UK\n"
    papers = read_papers(table(tmp_path, f"No.,First author (year) [ref],Country\n{rows}"))
    assert column(papers, "code") == ["1", "2", "3"]
    assert len(set(column(papers, "citekey"))) == 3
    assert papers.results == ()


def test_papers_without_authors_are_taken_and_said(tmp_path: Path) -> None:
    """A table of titles and years is one of papers; the bibliography lacks who wrote them."""
    papers = read_papers(table(tmp_path, "pmid,title,year,source\n1,Ponds,2020,Scopus\n"))
    assert "author" not in papers.bibtex
    assert any("1 paper has no author (first: Ponds)" in remark for remark in papers.remarks)


def test_a_date_without_a_year_is_not_the_year(tmp_path: Path) -> None:
    """Of two columns the one with years gives the year; the other is kept as data."""
    text = "study_ID,title,first_author,pub_date,pub_year\nAsh 2020,Ponds,Ash,May-20,2020\n"
    papers = read_papers(table(tmp_path, text))
    assert "year   = {2020}" in papers.bibtex
    assert column(papers, "pub_date") == ["May-20"]
    assert not any("no year" in remark for remark in papers.remarks)


def test_brackets_in_a_header_and_names_of_other_languages(tmp_path: Path) -> None:
    """What brackets add to “Study” is no other column; titles have names in other languages."""
    papers = read_papers(table(tmp_path, '"Study (n1=Treated, n2=not)",Year\n"FERN (7, 8)",2020\n'))
    assert "year   = {2020}" in papers.bibtex
    assert "FERN" in papers.bibtex
    text = (
        'ID,Título do paper,authors,year\nS01,Ponds of the north,"Fern, Ann and Gorse, Bo",2020\n'
    )
    papers = read_papers(table(tmp_path, text))
    assert "title  = {Ponds of the north}" in papers.bibtex
    assert "author = {Fern, Ann and Gorse, Bo}" in papers.bibtex


def test_a_list_of_names_is_not_a_label(tmp_path: Path) -> None:
    """Without titles, too, "Fern, Ann and Gorse, Bo" are two people."""
    papers = read_papers(table(tmp_path, 'authors,year\n"Fern, Ann and Gorse, Bo",2020\n'))
    assert "author = {Fern, Ann and Gorse, Bo}" in papers.bibtex


def test_words_to_choose_from_below_a_table_are_left_out(tmp_path: Path) -> None:
    """Below an empty row, rows without title and author are of no paper."""
    text = "Title,Author,Year,Design\nPonds,Ash,2020,trial\nLakes,Fir,2021,cohort\n,,,\n"
    papers = read_papers(table(tmp_path, text + ",,,trial\n,,,cohort\n"))
    assert len(column(papers, "design")) == 2
    assert any("rows 5 to 6 are below the table" in remark for remark in papers.remarks)
    with pytest.raises(Problems, match="no title"):
        read_papers(table(tmp_path, "Title,Author,Year,Design\nPonds,Ash,2020,trial\n,,,cohort\n"))


def test_a_formula_that_failed_is_no_value(tmp_path: Path) -> None:
    """What a spreadsheet shows for it is no title either."""
    with pytest.raises(Problems, match="row 3, column title"):
        read_papers(table(tmp_path, "Title,Author,Year\nPonds,Ash,2020\n#REF!,Fir,2021\n"))
    papers = read_papers(table(tmp_path, "Title,Author,Year,Mean\nPonds,Ash,2020,#DIV/0!\n"))
    assert column(papers, "mean") == [""]


def test_rows_of_two_extractors_are_one_paper(tmp_path: Path) -> None:
    """One number and one title are one paper, however each of them wrote its authors."""
    text = (
        "Covidence #,Title,Reviewer Name,Authors,Publication date,Design\n"
        '261,Ponds of the north,Ann,"Fern, A; Gorse, B",May 2020,trial\n'
        '261,Ponds of the north,Bo,"Fern A, Gorse B",2020,cohort\n'
        '262,Lakes of the south,Bo,"Heath, C",2021,cohort\n'
    )
    papers = read_papers(table(tmp_path, text))
    assert [row[0] for row in papers.rows[1:]] == ["261", "262"]
    assert len(papers.results) == 4
    assert any("the rows of 1 paper differ" in remark for remark in papers.remarks)


def test_what_was_agreed_counts_though_extractors_dated_a_paper_otherwise(tmp_path: Path) -> None:
    """The number of a paper says which rows are of it, where papers have numbers."""
    text = "Covidence #,Study ID,Title,Reviewer Name,Publication date,Design\n"
    for who, date, design in (("Ann", "Jul-20", "trial"), ("Bo", "Jul-21", "cohort"),
                              ("Consensus", "Jul-20", "cohort")):  # fmt: skip
        text += f"261,Fern 2020,Ponds of the north,{who},{date},{design}\n"
    papers = read_papers(table(tmp_path, text))
    assert column(papers, "design") == ["cohort"]
    assert not papers.results


def test_the_year_of_a_label_completes_a_date_without_one(tmp_path: Path) -> None:
    """Covidence's extraction has the year in “Study ID”; a list of Python's is one of names."""
    text = (
        "Covidence #,Study ID,Title,Authors,Publication date\n"
        """261,Fern 2020,Ponds of the north,"['Fern, A', 'Gorse, B']",Jul-20\n"""
    )
    bibtex = read_papers(table(tmp_path, text)).bibtex
    assert "year   = {2020}" in bibtex
    assert "author = {Fern, A and Gorse, B}" in bibtex
