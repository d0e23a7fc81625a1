"""robvis tables: read whatever their letter case, kept in order, written unchanged."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reviewpress
from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.evidence.appraisal.robvis import (
    Judged,
    Robvis,
    appraisal_robvis,
    parse_robvis,
    write_robvis,
)

ROOT = Path(__file__).parent / "projects" / "small-evidence"
LEVELS = ("Low", "Some concerns", "High")
TABLE = (
    b"Study,D1,D2,Overall,Weight\r\nB 2020,low,High,HIGH,2.5\r\nA 2019,Low,some concerns,Low,\r\n"
)


def test_a_table_keeps_its_order_and_gets_one_spelling() -> None:
    """Letter case is tolerated, the order of studies is the file's."""
    found = parse_robvis(TABLE, "robvis.csv", LEVELS)
    assert found.domains == ("D1", "D2")
    assert found.studies == (
        Judged("B 2020", ("Low", "High"), "High", 2.5),
        Judged("A 2019", ("Low", "Some concerns"), "Low", None),
    )


def test_what_was_read_is_written_byte_for_byte() -> None:
    """Line ends, case and blanks come out as they went in."""
    assert write_robvis(parse_robvis(TABLE, "robvis.csv", LEVELS)) == TABLE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Study,D1\nA,Low\n", "not those of robvis"),
        ("D1,D2,Overall\nA,Low,Low\n", "not those of robvis"),
        ("Study,D1,Overall\nA,Low\n", "row 2: the row has 2 cells, the header 3."),
        ("Study,D1,Overall\nA,Lo,Low\n", 'row 2, column D1: "Lo" is no judgement. Did you mean'),
        ("Study,D1,Overall\nA,Low,Low\nA,Low,Low\n", 'row 3: "A" stands in row 2 already.'),
        ("Study,D1,Overall\n,Low,Low\n", "row 2: the study has no name."),
        ("Study,D1,Overall,Weight\nA,Low,Low,big\n", 'column Weight: "big" is not a weight.'),
    ],
)
def test_a_bad_table_is_told(text: str, message: str) -> None:
    """Another layout, ragged rows, unknown judgements and weights."""
    with pytest.raises((DataError, Problems)) as raised:
        parse_robvis(text.encode(), "robvis.csv", LEVELS)
    assert message in str(raised.value)


def test_an_appraisal_is_written_by_design() -> None:
    """The criteria of a design are the domains; an unanswered one is an empty cell."""
    appraisal = reviewpress.load(ROOT).appraisal
    table = appraisal_robvis(appraisal, "basics", {1: "Abel 2020"})
    assert write_robvis(table) == b"Study,B1,B2,Overall\nAbel 2020,Yes,No,50%\n2,Yes,,100%\n"
    with pytest.raises(DataError, match='Did you mean "basics"'):
        appraisal_robvis(appraisal, "basic")


cells = st.text("abc ,\"'", max_size=5)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells, st.none() | st.integers(0, 99)), max_size=5))
def test_what_was_made_is_read_again(rows: list[tuple[str, str, int | None]]) -> None:
    """Any studies survive a round through the table."""
    studies = tuple(
        Judged(f"s{number}", (one.strip(),), two.strip(), weight)
        for number, (one, two, weight) in enumerate(rows)
    )
    found = parse_robvis(write_robvis(Robvis(("D1",), studies)), "robvis.csv")
    assert found.studies == studies


@settings(deadline=None)
@given(
    st.binary(max_size=100)
    | st.text(max_size=60).map(lambda t: f"Study,D1,Overall\n{t}".encode("utf-8", "replace"))
)
def test_arbitrary_bytes_load_or_are_told(content: bytes) -> None:
    """Nothing but errors of our tree comes out of any file."""
    with suppress(ReportError):
        parse_robvis(content, "robvis.csv", LEVELS)
