"""CSV that every reader takes apart alike."""

import csv
import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.tables.writer import write_csv

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    """Line ends, quotes and separators in cells come back as they were."""
    text = write_csv(rows).decode()
    assert [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)] == rows


def test_pandas_reads_a_carriage_return_in_a_cell() -> None:
    """Another reader than Python's own takes no cell for two rows."""
    content = write_csv([["file", "key"], ["a\rb.ris", "x"], ["c\r\nd", "y"]])
    found = pd.read_csv(io.BytesIO(content), dtype=str, lineterminator=None)
    assert list(found["key"]) == ["x", "y"]
    assert list(found["file"]) == ["a\rb.ris", "c\r\nd"]
