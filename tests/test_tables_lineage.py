"""What is noted of the columns that a value was made from."""

from reviewpress.tables.lineage import (
    ColumnRead,
    NotedColumns,
    ReadColumns,
    lineage_data,
    read_lineage,
    recorder,
    remembered,
)


class Counted:
    """Counts how often its property is computed."""

    def __init__(self) -> None:
        self.computed = 0

    @remembered
    def number(self) -> int:
        """A number from a column."""
        self.computed += 1
        recorder.note("t.csv", "a")
        return 3


def test_rows_of_one_column_are_joined() -> None:
    """A column read twice has the rows of both, or all of them; only keyed rows stay keyed."""
    found = ReadColumns()
    found.update([ColumnRead("t.csv", "a", (1, 3), True)])
    found.update([ColumnRead("t.csv", "a", (2,), True)])
    assert [*found] == [ColumnRead("t.csv", "a", (1, 2, 3), True)]
    found.update([ColumnRead("t.csv", "a", (9,))])
    assert [*found] == [ColumnRead("t.csv", "a", (1, 2, 3, 9), False)]
    found.update([ColumnRead("t.csv", "a")])
    assert [*found] == [ColumnRead("t.csv", "a")]


def test_only_rows_asked_for_by_key_keep_others_out() -> None:
    """A row that was looked through can matter, though it is not among those found."""
    assert ColumnRead("t.csv", "a", (1,)).depends_on(2)
    assert ColumnRead("t.csv", "a").depends_on(2)
    assert not ColumnRead("t.csv", "a", (1,), True).depends_on(2)


def test_what_is_computed_once_is_noted_each_time() -> None:
    """The second look at a property notes what the first one read."""
    counted = Counted()
    try:
        for _ in range(2):
            noted = recorder.begin()
            assert counted.number == 3
            assert [*noted] == [ColumnRead("t.csv", "a")]
    finally:
        recorder.stop()
    assert counted.computed == 1


def test_a_column_is_noted_when_it_is_looked_at() -> None:
    """Not when somebody asks whether there is one, and not during a pause."""
    columns = NotedColumns({"a": 1, "b": 2}, "t.csv")
    noted = recorder.begin()
    try:
        assert "b" in columns
        assert list(columns) == ["a", "b"]
        with recorder.paused():
            assert columns["b"] == 2
        assert columns["a"] == 1
    finally:
        recorder.stop()
    assert [read.column for read in noted] == ["a"]


def test_lineage_comes_back_from_plain_data() -> None:
    """Rows keep their kind: numbers and texts."""
    reads = (ColumnRead("t.csv", "a", (1, "b"), True), ColumnRead("u.yml"))
    assert read_lineage(lineage_data(reads)) == reads
