"""The PRISMA 2020 flow: read, added up, written unchanged."""

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.evidence.flow import COLUMNS, COUNTS, LISTS, Flow, Reason, parse_flow, write_flow
from reviewpress.evidence.flow_sums import check_flow

PROJECTS = Path(__file__).parent / "projects"
NAME = "data/flow.csv"
HEADER = "data,node,box,description,boxtext,tooltips,url,n\n"


@pytest.fixture
def content() -> bytes:
    return (PROJECTS / "small-evidence" / NAME).read_bytes()


@pytest.fixture
def flow(content: bytes) -> Flow:
    return parse_flow(content, NAME)


def row(data: str, n: str) -> str:
    return f"{data},node,box,What,Text,Tip,x.html,{n}\n"


def test_counts_are_read_by_box(flow: Flow) -> None:
    """A number is a count, a list counts its parts, a box that is not there is not known."""
    assert (flow["database_results"], flow["dbr_excluded"]) == (100, 5)
    assert flow.get("website_results") is None
    assert flow.row("database_results").text("tooltips") == "Two, in all"


def test_reasons_of_exclusion_are_read(flow: Flow) -> None:
    """A list names each reason with its number."""
    assert flow.reasons("dbr_excluded") == (Reason("Wrong place", 3), Reason("Wrong people", 2))


@pytest.mark.parametrize("n", ["Wrong place, 3", '"Reason, one, 3; Other, 4"', "7"])
def test_a_single_reason_and_a_plain_number_are_legal(n: str) -> None:
    """PRISMA2020 takes one reason, reasons with commas, and a number."""
    cell = n if n.startswith('"') or "," not in n else f'"{n}"'
    found = parse_flow((HEADER + row("dbr_excluded", cell)).encode(), NAME)
    assert found["dbr_excluded"] == (3 if "place" in n else 7)


@pytest.mark.parametrize(
    ("n", "reasons"),
    [
        ("Scopus, 1,234; WoS, 567", [("Scopus", 1234), ("WoS", 567)]),
        ("Scopus,1,234", [("Scopus", 1234)]),
        ("Before 2000, 1\N{NO-BREAK SPACE}234; 4", [("Before 2000", 1234), ("", 4)]),
        ("Aged 5, 12, 345; Other, 12.0", [("Aged 5, 12", 345), ("Other", 12)]),
    ],
)
def test_numbers_in_lists_may_have_marks_between_thousands(
    n: str, reasons: list[tuple[str, int]]
) -> None:
    """As numbers of boxes may; what stands before them is the reason, commas and all."""
    flow = parse_flow((HEADER + row("dbr_excluded", f'"{n}"')).encode(), NAME)
    assert flow.reasons("dbr_excluded") == tuple(Reason(*each) for each in reasons)


@pytest.mark.parametrize(
    ("n", "count"),
    [("n = 438", 438), ("(n=1,204)", 1204), ("N = 7", 7), ("?", None), ("n = ?", None)],
)
def test_a_count_may_have_the_words_of_the_diagram(n: str, count: int | None) -> None:
    """People write the "n =" that the package draws, and a question mark for what is to come."""
    content = (HEADER + row("duplicates", f'"{n}"')).encode()
    flow = parse_flow(content, NAME)
    assert flow["duplicates"] == count
    assert flow.with_counts({"duplicates": count}).content == content


def test_a_list_of_question_marks_is_blank() -> None:
    """As one of "xxx" is."""
    flow = parse_flow((HEADER + row("dbr_excluded", '"Reason 1, ?; Reason 2, ?"')).encode(), NAME)
    assert (flow["dbr_excluded"], flow.reasons("dbr_excluded")) == (None, ())


@pytest.mark.parametrize("n", ["Place, 3, People, 4", "Place, 3\nPeople, 4", "A, 1; B, 2, C, 3"])
def test_items_without_a_semicolon_between_them_are_not_counted_as_one(n: str) -> None:
    """The first numbers would be lost in the words of a reason."""
    with pytest.raises(Problems, match="put a semicolon between the items"):
        parse_flow((HEADER + row("dbr_excluded", f'"{n}"')).encode(), NAME)
    kept = parse_flow((HEADER + row("dbr_excluded", '"No \nstatistics, 12"')).encode(), NAME)
    assert kept["dbr_excluded"] == 12


def test_a_zero_that_a_template_has_is_explained() -> None:
    """Studies without a report are an error, and the zero may be one that nobody filled in."""
    text = HEADER + row("new_studies", "64") + row("new_reports", "0")
    (problem,) = check_flow(parse_flow(text.encode(), NAME))
    assert problem.message == "new_studies (64) is more than new_reports (0)."
    assert "A template has 0" in problem.hint
    more = check_flow(parse_flow(text.replace(",0\n", ",3\n").encode(), NAME))
    assert [each.hint for each in more] == [""]


def test_what_was_read_is_written_byte_for_byte(content: bytes, flow: Flow) -> None:
    """Quotes, order and NA cells come out as they went in."""
    assert write_flow(flow) == content
    assert flow.with_counts({}).content == content


def test_other_counts_are_written_in_place(flow: Flow) -> None:
    """A computed flow keeps every other cell of the template."""
    found = flow.with_counts({"database_results": 120, "duplicates": None})
    again = parse_flow(write_flow(found), NAME)
    assert (again["database_results"], again["duplicates"]) == (120, None)
    assert again["records_screened"] == 80


def test_a_flow_that_adds_up_has_no_problems(flow: Flow) -> None:
    """What goes into each box comes out of it."""
    assert check_flow(flow) == []


@pytest.mark.parametrize(
    ("box", "value", "message"),
    [
        (
            "duplicates",
            21,
            "database_results (100) is 100, but duplicates (21) + records_screened (80) is 101.",
        ),
        (
            "records_excluded",
            60,
            "records_screened (80) is 80, "
            "but records_excluded (60) + dbr_sought_reports (10) is 70.",
        ),
        (
            "dbr_notretrieved_reports",
            2,
            "dbr_sought_reports (10) is 10, "
            "but dbr_notretrieved_reports (2) + dbr_assessed (9) is 11.",
        ),
        (
            "new_reports",
            5,
            "dbr_assessed (9) is 9, but dbr_excluded (5) + new_reports (5) is 10.",
        ),
        ("new_studies", 6, "new_studies (6) is more than new_reports (4)."),
    ],
)
def test_boxes_that_do_not_add_up_are_named(flow: Flow, box: str, value: int, message: str) -> None:
    """A wrong sum says which boxes it is made of, and in which row to look."""
    found = check_flow(flow.with_counts({box: value}))
    assert message in [problem.message for problem in found]
    assert all(problem.where and problem.where.column == "n" for problem in found)


def test_unknown_boxes_are_not_guessed(flow: Flow) -> None:
    """A sum with a box that is not known is not checked, its other boxes still are."""
    found = check_flow(flow.with_counts({"duplicates": None, "records_screened": None}))
    assert found == []
    found = check_flow(flow.with_counts({"dbr_sought_reports": None, "dbr_assessed": 500}))
    assert [problem.subject for problem in found] == ["dbr_assessed + other_assessed"]


def test_the_lists_of_databases_add_up_to_their_box() -> None:
    """The databases by name are as many as the databases together."""
    text = HEADER + row("database_results", "10") + row("database_specific_results", '"A, 4; B, 5"')
    (problem,) = check_flow(parse_flow(text.encode(), NAME))
    assert problem.message == "database_specific_results (9) is 9, but database_results (10) is 10."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data,n\n", "the columns are not those of PRISMA2020"),
        (HEADER + "duplicate,a,b,c,d,e,f,3\n", 'no row "duplicate". Did you mean "duplicates"?'),
        (HEADER + row("duplicates", "3") * 2, '"duplicates" is in row 2 already.'),
        (HEADER + row("duplicates", "many"), '"many" is not a number of records.'),
        (HEADER + row("dbr_excluded", "Wrong"), "A list is written as Reason, 3"),
        (HEADER + row("duplicates", "-3"), '"-3" is not a number of records.'),
        (HEADER + "duplicates,3\n", "the row has 2 cells, the header 8."),
        (HEADER + 'duplicates,"a"b,,,,,,3\n', "the row cannot be read"),
    ],
)
def test_a_bad_table_is_told(text: str, message: str) -> None:
    """Another layout, unknown and repeated boxes, and counts that are none."""
    with pytest.raises((DataError, Problems)) as raised:
        parse_flow(text.encode(), NAME)
    assert message in " ".join(str(problem) for problem in raised.value.problems)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 10**6) | st.none(), max_size=26))
def test_any_counts_are_written_read_and_checked(counts: dict[str, int | None]) -> None:
    """Whatever the numbers, the table comes back and the check ends."""
    rows = "".join(row(data, "" if n is None else str(n)) for data, n in counts.items())
    flow = parse_flow((HEADER + rows).encode(), NAME)
    assert {data: flow.row(data).number for data in counts} == counts
    assert flow.with_counts({}).content == flow.content
    check_flow(flow)


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: (HEADER + text).encode("utf-8", "replace"))
)
def test_arbitrary_bytes_load_or_are_told(content: bytes) -> None:
    """Nothing but errors of our tree comes out of any file."""
    with suppress(ReportError):
        check_flow(parse_flow(content, NAME))


TEMPLATE = (
    "data,node,box,description,boxtext,tooltips,url,n\n"
    "NA,node4,prevstud,Grey title box,Previous studies,Grey title box,prevstud.html,0\n"
    "previous_studies,node5,box1,Studies before,Studies before,Studies before,a.html,0\n"
    "previous_reports,NA,box1,Reports before,Reports before,NA,a.html,0\n"
    'database_results,node7,box2,Records: Databases,Databases,"Records, all",b.html,"1,902"\n'
    'database_specific_results,NA,box2,Databases,Specific Databases,NA,b.html,"Embase, 1902"\n'
    'register_specific_results,NA,box2,Registers,Registers,NA,b.html,"Register 1, xxx; R 2, XXX"\n'
    "duplicates,node8,box3,Duplicate records,Duplicate records,,c.html,xxx\n"
    'records_excluded,node10,box5,Records excluded,Records excluded,,d.html,"Off topic, 9; 4"\n'
    'dbr_excluded,node14,box9,"Reports excluded: [e.g. Reason1, xxx]",Reports excluded,,e.html,12\n'
    'other_excluded,node21,box15,Excluded,Excluded,,f.html,"Late, 3; 2; Reason3, xxx"\n'
    "new_studies,node15,box10,New studies,New studies,New studies,g.html,18\n"
    "total_studies,node22,box16,Total studies,Total studies,,h.html,0\n"
    "total_studies_ma,node23,box17,Studies pooled,Studies pooled,,i.html,11\n"
    "total_reports_ma,NA,box17,Reports pooled,Reports pooled,NA,i.html,12"
)


def test_a_table_that_was_half_filled_in_is_read() -> None:
    """Placeholders are blank, counts without a reason count, a template's zeros total nothing."""
    flow = parse_flow(TEMPLATE.encode(), "flow.csv")
    known = {name: number for name, number in flow.known.items() if number}
    assert known == {
        "database_results": 1902, "database_specific_results": 1902, "records_excluded": 13,
        "dbr_excluded": 12, "other_excluded": 5, "new_studies": 18, "total_studies_ma": 11,
        "total_reports_ma": 12,
    }  # fmt: skip
    assert flow["total_studies"] is None
    assert [(one.name, one.number) for one in flow.reasons("other_excluded")] == [
        ("Late", 3),
        ("", 2),
    ]
    assert check_flow(flow) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_changed_count_changes_one_cell(newline: str, mark: bytes) -> None:
    """All else stays byte for byte: quotes, ends of lines, and a last row without one."""
    content = mark + TEMPLATE.replace("\n", newline).encode()
    flow = parse_flow(content, "flow.csv")
    same = {"database_results": "1,902", "duplicates": None, "new_studies": 18}
    assert write_flow(flow.with_counts(same)) == content
    for name, count, before, after in (
        ("new_studies", 19, b"g.html,18", b"g.html,19"),
        ("duplicates", 7, b"c.html,xxx", b"c.html,7"),
        ("total_reports_ma", 14, b"i.html,12", b"i.html,14"),
        ("dbr_excluded", 'Late, 3; "Odd", 1', b"e.html,12", b'e.html,"Late, 3; ""Odd"", 1"'),
    ):
        assert write_flow(flow.with_counts({name: count})) == content.replace(before, after)


@pytest.mark.parametrize("last", ["n", "k"])
def test_the_first_tables_of_the_package_are_read(last: str) -> None:
    """They have one column less, and some call the last one k."""
    rows = [line.split(",") for line in TEMPLATE.splitlines() if '"' not in line]
    lines = [",".join([*cells[:4], *cells[5:]]) for cells in rows]
    lines[0] = lines[0].removesuffix("n") + last
    content = "\n".join(lines).encode()
    flow = parse_flow(content, "flow.csv")
    assert (flow["new_studies"], write_flow(flow.with_counts({}))) == (18, content)
    assert b"g.html,19" in write_flow(flow.with_counts({"new_studies": 19}))
    assert flow.row("new_studies").text("boxtext") == "New studies"


def test_the_count_may_be_called_k_in_tables_of_now() -> None:
    """As in the package's first ones; it keeps its name."""
    content = TEMPLATE.replace("url,n\n", "url,K\n").encode()
    flow = parse_flow(content, "flow.csv")
    assert flow["new_studies"] == 18
    assert write_flow(flow.with_counts({"duplicates": None})) == content
    assert b"url,K\n" in write_flow(flow.with_counts({"new_studies": 19}))


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("data;node;box;description;boxtext;tooltips;url", "It lacks: n"),
        ("data,node,box,description,boxtext,tooltips,url,n,N", "Twice: n"),
        ("data,node,box,boxtext,url,n", "It lacks: description, tooltips"),
        ("title,author", "template"),
    ],
)
def test_a_header_that_is_another_is_told(header: str, hint: str) -> None:
    """What to do depends on how it differs."""
    with pytest.raises(DataError) as caught:
        parse_flow(f"{header}\n".encode(), "flow.csv")
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "wrong", ["EMBASE. 1332", "Scopus", "Web of Science, about 50", "Lens, 1332."]
)
def test_the_wrong_item_of_a_list_is_named(wrong: str) -> None:
    """However long the list is before it."""
    items = "; ".join([*(f"Database number {n}, {n}" for n in range(30)), wrong, "Last, 3"])
    content = TEMPLATE.replace("Embase, 1902", items).encode()
    with pytest.raises(Problems) as caught:
        parse_flow(content, "flow.csv")
    (problem,) = caught.value.problems
    assert problem.message == f'the item "{wrong}" of the list has no number after a comma.'
    assert (problem.where.row, problem.where.column) == (6, "n")


def _rewritten(separator: str, newline: str, columns: list[str]) -> bytes:
    """Return the template's table with other columns, in another order, or otherwise parted."""
    rows = list(csv.DictReader(io.StringIO(TEMPLATE)))
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator, lineterminator=newline)
    writer.writerow(columns)
    for number, cells in enumerate(rows, start=1):
        writer.writerow([cells.get(name, str(number)) for name in columns])
    return made.getvalue().encode()


@pytest.mark.parametrize(
    ("separator", "newline", "columns"),
    [
        (";", "\n", [*COLUMNS]),
        (";", "\r\n", [*COLUMNS]),
        ("\t", "\n", [*COLUMNS]),
        (",", "\n", ["", *COLUMNS]),
        (",", "\r\n", [*COLUMNS, "checked by", ""]),
        (",", "\n", [*reversed(COLUMNS)]),
        (";", "\n", ["n", "row", *COLUMNS[:-1]]),
    ],
)
def test_a_table_that_other_programs_wrote_is_read_as_it_is(
    separator: str, newline: str, columns: list[str]
) -> None:
    """Spreadsheets part cells otherwise, R numbers the rows, and people have columns of theirs."""
    content = _rewritten(separator, newline, columns)
    flow = parse_flow(content, "flow.csv")
    assert flow.known == parse_flow(TEMPLATE.encode(), "flow.csv").known
    whole = {name: flow[name] for name in flow.known if name not in LISTS}
    assert write_flow(flow.with_counts(whole)) == content
    changed = write_flow(flow.with_counts({"duplicates": 4321, "awaiting_reports": 6}))
    assert parse_flow(changed, "flow.csv")["awaiting_reports"] == 6
    before = content.decode().split(newline)
    differing = [line for line in changed.decode().split(newline) if line not in before]
    assert len(differing) == 2  # the count, and the box that the table lacked
    assert "4321" in differing[0]


def test_empty_rows_and_titles_without_a_name_are_passed_over() -> None:
    """Spreadsheets end in rows of commas, and not all write NA for nothing."""
    content = TEMPLATE.replace("NA,", ",").encode() + b"\n,,,,,,,\n"
    flow = parse_flow(content, "flow.csv")
    assert flow.known == parse_flow(TEMPLATE.encode(), "flow.csv").known
    assert write_flow(flow) == content


@pytest.mark.parametrize("cell", ['"1,838"', "1 838", "1\N{NARROW NO-BREAK SPACE}838", "1838.0"])
def test_thousands_are_numbers_in_every_box(cell: str) -> None:
    """Also in a box that may list its parts: there is no reason "1"."""
    content = (HEADER + row("records_excluded", cell)).encode()
    flow = parse_flow(content, NAME)
    assert (flow["records_excluded"], flow.reasons("records_excluded")) == (1838, ())


@pytest.mark.parametrize("written", ["N/A", "na", "nan", "-", "–", "n = ?"])
def test_signs_of_nothing_are_blanks(written: str) -> None:
    """Spreadsheets and scripts write them where the package has "xxx"; the bytes stay."""
    text = (HEADER + row("database_results", "12") + row("duplicates", written)).encode()
    flow = parse_flow(text, NAME)
    assert flow["duplicates"] is None
    assert write_flow(flow) == text


def test_thousands_as_the_swiss_write_them() -> None:
    """In a number as in a list."""
    text = HEADER + row("duplicates", "1'054") + row("dbr_excluded", '"Late, 1’018; Short, 2"')
    flow = parse_flow(text.encode(), NAME)
    assert (flow["duplicates"], flow["dbr_excluded"]) == (1054, 1020)


def test_a_half_filled_list_names_its_item() -> None:
    """A real file: what the template left is passed over, the item that an author began is not."""
    text = HEADER + row("dbr_excluded", '"Reason1, Not of our kind;; Reason2, xxx; Reason3, xxx"')
    with pytest.raises(Problems, match='the item "Reason1, Not of our kind" of the list has no'):
        parse_flow(text.encode(), NAME)
