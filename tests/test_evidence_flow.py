"""The PRISMA 2020 flow: read, added up, written unchanged."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.evidence.flow import COUNTS, Flow, Reason, check_flow, parse_flow, write_flow

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
        (HEADER + row("duplicates", "3") * 2, '"duplicates" stands in row 2 already.'),
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
    assert {data: flow.get(data) for data in counts} == counts
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
