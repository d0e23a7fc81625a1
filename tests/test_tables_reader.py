"""The strict CSV reader: it loads a table whole, or says everything wrong with it."""

import csv
import io
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewpress.errors import DataError, Place, Problem, Problems, ReportError
from reviewpress.identifiers import composed
from reviewpress.review import load
from reviewpress.tables.reader import TableRows, parse_table, read_table, with_commas
from reviewpress.tables.schema import Field, Table

NAME = "data/papers.csv"
DESCRIBE = 'Describe it among the fields of "papers", in the tables of the schema; or delete it.'
REGIONS = ("Scotland", "UK (Other)", "North America")
TABLE = Table(
    name="papers",
    path="papers.csv",
    fields=(
        Field("code", "integer", required=True, unique=True, minimum=1, maximum=99),
        Field("kind", enum=("Peer reviewed", "Grey literature"), required=True),
        Field(
            "regions", "list", enum=REGIONS, missing={"": "not recorded", "N/A": "not applicable"}
        ),
        Field("refers", "list", item_type="integer"),
        Field("note"),
    ),
    primary_key=("code",),
)
HEADER = "code,kind,regions,refers,note\n"


def parse(text: str | bytes, table: Table = TABLE) -> TableRows:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_table(content, table, NAME)


def problems_of(text: str | bytes, table: Table = TABLE) -> list[str]:
    with pytest.raises(Problems) as raised:
        parse(text, table)
    return [str(problem) for problem in raised.value.problems]


def rows(*lines: str) -> str:
    return HEADER + "\n".join(lines) + "\n"


def test_a_good_table_loads_with_its_types() -> None:
    """Numbers, terms, lists and text come out as such, cells without a value as none."""
    found = parse(rows("1,Peer reviewed,Scotland; UK (Other),2; 3,a note", "2,Grey literature,,,"))
    assert list(found.records()) == [
        {
            "code": 1,
            "kind": "Peer reviewed",
            "regions": ("Scotland", "UK (Other)"),
            "refers": (2, 3),
            "note": "a note",
        },
        {"code": 2, "kind": "Grey literature", "regions": (), "refers": (), "note": None},
    ]
    assert found.numbers == (2, 3)
    assert found.warnings == ()


def test_what_a_cell_without_a_value_says_is_kept() -> None:
    """Not recorded and not applicable are two different things."""
    found = parse(rows("1,Peer reviewed,,,", "2,Peer reviewed,N/A,,"))
    assert found["regions"] == ((), ())
    assert found.missing["regions"] == {0: "not recorded", 1: "not applicable"}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_mark_and_line_ends_do_not_matter(mark: bytes, newline: str) -> None:
    """UTF-8 loads with and without a byte order mark, from Windows and from elsewhere."""
    text = rows("1,Peer reviewed,Scotland,,é").replace("\n", newline)
    assert parse(mark + text.encode())["note"] == ("é",)


def test_the_order_of_columns_does_not_matter() -> None:
    """Columns are found by name and come out in the schema's order."""
    found = parse("note,refers,regions,kind,code\nx,,,Peer reviewed,7\n")
    assert list(found.columns) == ["code", "kind", "regions", "refers", "note"]
    assert found["code"] == (7,)


def test_a_quoted_line_break_stays_in_its_cell() -> None:
    """Rows are counted as a spreadsheet shows them, not as lines."""
    text = rows('1,Peer reviewed,,,"two\nlines"', "2,Peer revewed,,,")
    assert problems_of(text) == [
        f'{NAME}, row 3, column kind: "Peer revewed" is not a term of this column. '
        'Did you mean "Peer reviewed"?'
    ]


def test_all_problems_of_a_file_are_told_at_once_in_order() -> None:
    """Every wrong cell has its own message, in the order of the rows."""
    text = rows("x,Peer reviewed,Scotlnd,,", "2,,Scotland,1; 2-Jan,", "2,Grey,,,")
    assert problems_of(text) == [
        f'{NAME}, row 2, column code: "x" is not a whole number.',
        f'{NAME}, row 2, column regions: "Scotlnd" is not a term of this column. '
        'Did you mean "Scotland"?',
        f"{NAME}, row 3, column kind: the cell is empty. A value is needed here; if cells were "
        "merged in a spreadsheet, fill each of them.",
        f'{NAME}, row 3, column refers: "2-Jan" is not a whole number. '
        "A spreadsheet seems to have made a date of it: type the value again, as text.",
        f'{NAME}, row 4, column kind: "Grey" is not a term of this column. '
        "Valid: Grey literature, Peer reviewed.",
        f'{NAME}, row 4, column code: the code "2" is in row 3 already. Each must be unique.',
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "code,kind,regions,refers\n",
            f"{NAME}, row 1, column note: the column “note” is missing.",
        ),
        (
            "code,kind,region,refers,note\n",
            f"{NAME}, row 1, column region: unknown column “region”. Did you mean “regions”?",
        ),
        (
            "code,kind,regions,refers,note,extra\n",
            f"{NAME}, row 1, column extra: unknown column “extra”. {DESCRIBE}",
        ),
        (
            "code,kind,regions,refers,note,note\n",
            f"{NAME}, row 1, column note: the column “note” is given twice in the header. "
            "Rename or delete one of them.",
        ),
        (
            "code,kind,regions,refers,note,\n",
            f"{NAME}, row 1, column 6: column 6 has no name. {DESCRIBE}",
        ),
        (
            "code,kind,regions,refers,note,,,\n",
            f"{NAME}, row 1, column 6: column 6 has no name, and neither have 2 more. {DESCRIBE}",
        ),
    ],
    ids=["missing", "mistyped", "extra", "twice", "unnamed", "several unnamed"],
)
def test_a_wrong_header_is_told(header: str, message: str) -> None:
    """A missing, unknown, repeated or unnamed column is named, with the nearest valid one."""
    assert problems_of(header)[0] == message.replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(
    ("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_a_wrong_delimiter_is_told(mark: str, name: str) -> None:
    """A file exported with another delimiter gives one message, not one for each row."""
    text = rows("1,Peer reviewed,,,").replace(",", mark)
    assert problems_of(text) == [
        f"{NAME}, row 1: the columns are separated by {name}, not by commas. "
        "Run `reviewpress tidy`, which writes commas, or export it again with commas."
    ]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_commas_are_put_back(mark: str) -> None:
    """Cells stay what they are, those that hold a mark, a comma or a quote among them."""
    cells = [["code", "text"], ["1", f'a{mark} b, "c"\nd'], ["2", ""]]
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\r\n").writerows(cells)
    written = with_commas(b"\xef\xbb\xbf" + out.getvalue().encode(), NAME)
    assert written is not None
    assert list(csv.reader(io.StringIO(written.decode(), newline=""))) == cells
    assert with_commas(written, NAME) is None


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_line_for_excel_is_named_and_taken_out(mark: str) -> None:
    """`sep=;` above the header is one problem, not one for each column that is not found."""
    header, row = (
        mark.join(cells) for cells in (TABLE.columns, ["1", "Peer reviewed", "", "", ""])
    )
    content = f"sep={mark}\r\n{header}\r\n{row}\r\n".encode("utf-8-sig")
    assert problems_of(content) == [
        f"{NAME}, row 1: the line says what separates the columns, which Excel alone understands. "
        "Run `reviewpress tidy`, which takes it out and writes commas; or delete it."
    ]
    written = with_commas(content, NAME)
    assert written is not None
    assert len(parse(written)) == 1


@pytest.mark.parametrize("end", [".xlsx", ".ods"])
def test_a_table_that_was_saved_as_a_workbook_is_named(end: str, tmp_path: Path) -> None:
    """With what to save it as; not with some other table whose name is nearest."""
    (tmp_path / f"papers{end}").write_bytes(b"PK")
    (tmp_path / "papers-2.csv").write_text("a\n", "utf-8")
    with pytest.raises(DataError) as raised:
        read_table(
            tmp_path / "papers.csv", replace(TABLE, stated=Place("data/schema.yml")), tmp_path
        )
    assert str(raised.value).endswith(
        f"papers{end} is there: save it as “CSV UTF-8 (comma delimited)”."
    )


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2;3\n", b'a;b\n"1;2\n', b"a;b\n\xff;1\n"])
def test_a_table_that_is_not_certain_is_left_alone(content: bytes) -> None:
    """Nothing is written where cells could be lost or moved."""
    assert with_commas(content, NAME) is None


def test_windows_1252_is_told_with_the_line_and_the_words_around_it() -> None:
    """A file that is not UTF-8 shows where, and how to save it."""
    with pytest.raises(DataError) as raised:
        parse(rows("1,Peer reviewed,,,Rösel").encode("cp1252"))
    assert str(raised.value) == (
        f"{NAME}, line 2: the file is not UTF-8, but perhaps Windows-1252 "
        "(near “reviewed,,,Rösel”). Save it as “CSV UTF-8 (comma delimited)”."
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [("code".encode("utf-16"), "UTF-16"), (b"PK\x03\x04rest", "a spreadsheet or zip file")],
)
def test_a_file_of_another_kind_is_told(content: bytes, what: str) -> None:
    """A workbook renamed to CSV is recognised."""
    with pytest.raises(DataError, match=what):
        parse(content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,Peer reviewed,,", "the row has 4 cells, the header 5. It ends at the column"),
        ("1,Peer reviewed,,,a,b", "the row has 6 cells, the header 5. A cell that holds a comma"),
        ("", "the row is empty. Delete the line."),
        (", ,,,", "the row is empty. Delete the line."),
        ('1,Peer reviewed,,,"a"b', "the row cannot be read: ',' expected after '\"'"),
        ('1,Peer reviewed,,,"a', "the row cannot be read: unexpected end of data"),
    ],
)
def test_a_row_of_another_shape_is_told_and_never_dropped(line: str, message: str) -> None:
    """Ragged, empty and badly quoted rows are problems."""
    found = problems_of(rows("1,Peer reviewed,,,", line, "3,Peer reviewed,,,"))
    assert found[0].startswith(f"{NAME}, row 3")
    assert message in found[0]


def test_rows_that_a_spreadsheet_left_empty_are_one_problem() -> None:
    """Not one for each cell that needs a value."""
    found = problems_of(rows("1,Peer reviewed,,,", *[",,,,"] * 3))
    assert found == [f"{NAME}, rows 3, 4 and 5: the rows are empty. Delete the lines."]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("12.0", '"12.0" is not a whole number. Write 12.'),
        ('"1,224"', '"1,224" is not a whole number. Write it without a mark for thousands.'),
        (" 12", '" 12" is not a whole number. Delete the space at its start or end.'),
        ("0", "0 is less than 1."),
        ("100", "100 is more than 99."),
        ("#REF!", '"#REF!" is a spreadsheet\'s error, not a value. Type the value.'),
        ("１２", '"１２" is not a whole number.'),
        ("9" * 5000, "is not a whole number."),
    ],
)
def test_a_wrong_number_is_told_with_what_to_write(cell: str, message: str) -> None:
    """What spreadsheets make of whole numbers is named."""
    assert message in problems_of(rows(f"{cell},Peer reviewed,,,"))[0]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('"Scotland, UK (Other)"', "Separate several terms by “; ”."),
        ("Scotland; Scotland", '"Scotland" is given twice in one cell. Delete one of them.'),
        ("Scotland; ", 'an item of "Scotland; " is empty.'),
        ("scotland", 'Did you mean "Scotland"?'),
        ("2-Jan", "A spreadsheet seems to have made a date of it"),
    ],
)
def test_a_wrong_list_is_told_with_what_to_do(cell: str, message: str) -> None:
    """Other separators, repetitions, empty items and wrong case do not change a count."""
    assert message in problems_of(rows(f"1,Peer reviewed,{cell},,"))[0]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "=1+1", "@SUM(A1)", "+cmd", "-rm"])
def test_a_formula_is_kept_as_text_and_reported(cell: str) -> None:
    """A cell that a spreadsheet would run loads unchanged, with a warning."""
    found = parse(rows(f"1,Peer reviewed,,,{cell}"))
    assert found["note"] == (cell,)
    assert [problem.severity for problem in found.warnings] == ["warning"]
    assert "looks like a formula" in found.warnings[0].message


def test_a_date_that_a_spreadsheet_made_in_text_is_a_warning() -> None:
    """A range in a free text may have become a date; the reader cannot be sure."""
    found = parse(rows("1,Peer reviewed,,,2-Jan", "2,Peer reviewed,,,02/01/2022"))
    assert [str(problem.where) for problem in found.warnings] == [
        f"{NAME}, row 2, column note",
        f"{NAME}, row 3, column note",
    ]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x9d", "\u202e", "\ufffd", "\ufeff"])
def test_invisible_and_damaged_characters_are_problems(character: str) -> None:
    """Control characters, marks that reverse writing and lost letters never get into a report."""
    found = problems_of(rows(f"1,Peer reviewed,,,a{character}b"))
    assert f"U+{ord(character):04X}" in found[0]


def test_letters_garbled_by_a_conversion_are_a_warning() -> None:
    """UTF-8 read as Windows-1252 somewhere on the way is recognised."""
    found = parse(rows("1,Peer reviewed,,,Ã©tude"))
    assert "garbled" in found.warnings[0].message


def test_a_cell_of_ten_megabytes_loads() -> None:
    """There is no limit to a cell's size, and a message shows only its start."""
    big = "x" * 10_000_000
    assert len(parse(rows(f"1,Peer reviewed,,,{big}"))["note"][0]) == len(big)
    assert all(len(message) < 400 for message in problems_of(rows(f"{big},{big},,,")))


def test_the_limit_of_the_csv_module_is_left_as_it_was() -> None:
    """Reading a table changes nothing for others in the process."""
    before = csv.field_size_limit()
    parse(rows("1,Peer reviewed,,,"))
    assert csv.field_size_limit() == before


def test_an_empty_file_is_a_problem() -> None:
    """A table needs a header at least."""
    assert problems_of(b"") == [f"{NAME}: the table is empty."]
    assert problems_of(b"\xef\xbb\xbf\n\n") == [f"{NAME}: the table is empty."]


def test_a_header_without_rows_loads() -> None:
    """A table may have no rows yet."""
    assert len(parse(HEADER)) == 0


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A table that is not there is an error with its place below the review."""
    with pytest.raises(DataError) as raised:
        read_table(tmp_path / "data" / "papers.csv", TABLE, tmp_path)
    assert str(raised.value) == "data/papers.csv: the file does not exist."


def test_a_path_of_the_schema_that_leads_nowhere_is_told_there(project: Any) -> None:
    """Where the schema names the file, its line is the place; the nearest file is proposed."""
    root = project(runs=False)
    file = root / "data/schema.yml"
    lines = file.read_text("utf-8").splitlines()
    at = lines.index("  papers:") + 1
    for path, hint in (("paper.csv", 'Did you mean "papers.csv"?'), (".", "")):
        file.write_text("\n".join([*lines[:at], f"    path: {path}", *lines[at + 1 :]]), "utf-8")
        with pytest.raises(
            DataError, match=r"there is no file data.*, from which the table|data is a folder, not"
        ) as raised:
            load(root).rows("papers")
        assert raised.value.where == Place("data/schema.yml", line=at + 1)
        assert raised.value.hint.startswith(hint)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    """What the system refuses to read is an error of ours."""
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path, TABLE, tmp_path)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_load_or_are_told(content: bytes) -> None:
    """Nothing but errors of our tree comes out of any file."""
    with suppress(ReportError):
        parse(content)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=6))
def test_arbitrary_rows_load_whole_or_are_told(lines: list[list[str]]) -> None:
    """A table that loads has as many rows as the file has records with cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TABLE.columns)
    writer.writerows(lines)
    try:
        content = out.getvalue().encode()
    except UnicodeEncodeError:
        return
    try:
        found = parse(content)
    except ReportError:
        return
    kept = lines
    while kept and not kept[-1]:
        kept = kept[:-1]
    assert len(found) == len(kept)


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf")))
good_rows = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("Peer reviewed", "Grey literature")),
        "regions": st.lists(st.sampled_from(REGIONS), unique=True),
        "refers": st.lists(st.integers(-(10**14), 10**14), unique=True),
        "note": cells,
    }
)


@settings(deadline=None)
@given(st.lists(good_rows, max_size=20))
def test_what_was_written_is_what_is_read(records: list[dict[str, Any]]) -> None:
    """Any valid table comes back row by row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TABLE.columns)
    for code, record in enumerate(records, start=1):
        lists = ["; ".join(map(str, record[name])) for name in ("regions", "refers")]
        writer.writerow([code, record["kind"], *lists, record["note"]])
    assume("\ufffd" not in out.getvalue())
    found = parse(out.getvalue())
    assert [record["refers"] for record in found.records()] == [
        tuple(record["refers"]) for record in records
    ]
    assert [record["note"] or "" for record in found.records()] == [
        composed(record["note"]) for record in records
    ]


@pytest.mark.usefixtures("uncollected")
def test_reading_is_linear_also_where_everything_is_wrong() -> None:
    """Four times the wrong rows take about four times as long, not sixteen."""

    def once(count: int) -> float:
        lines = [f"{n},Peer,Regionx{n}; {n}y,zz{n},=x{n}" for n in range(count)]
        content = rows(*lines).encode()
        start = time.process_time()
        with pytest.raises(Problems):
            parse(content)
        return time.process_time() - start

    def seconds(count: int) -> float:
        """The least of several: whatever else the machine does only adds to it."""
        return min(once(count) for _ in range(4))

    seconds(200)
    assert seconds(8000) < 10 * max(seconds(2000), 0.01)


def test_messages_are_problems_with_a_rule() -> None:
    """Each problem can be acknowledged by its rule and place."""
    with pytest.raises(Problems) as raised:
        parse(rows("x,Peer reviewed,,,"))
    (problem,) = raised.value.problems
    assert isinstance(problem, Problem)
    assert (problem.rule, str(problem.where)) == ("table", f"{NAME}, row 2, column code")
