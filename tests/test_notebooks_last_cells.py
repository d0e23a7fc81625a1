"""Which cells of a chapter nothing else in it depends on."""

import pytest

from reviewpress.notebooks.last_cells import last_cells


@pytest.mark.parametrize(
    ("cells", "expressions", "last"),
    [
        (["n = 1"], [], [0]),
        (["n = 1"], ["n + 1"], []),
        (["n = 1", "review.figure(n, id='fig-a')", "print(n)"], [], [1, 2]),
        (["def f():\n    return n", "n = 1"], ["f()"], []),
        (["a = [1]", "a.append(2)"], ["a[0]"], []),
        (["df = load()", "df['x'] = 1", "m = df.sum()\nreview.table(m)"], ["len(df)"], [2]),
        (["import pandas as pd", "pd.options.x = 1"], ["pd.NA"], []),
        (["%matplotlib inline", "n = 1"], [], []),
        (["for n in range(3):\n    pass", "n = 2"], ["k"], [0, 1]),
        (["n += 1"], [], [0]),
        ([], ["1"], []),
    ],
)
def test_a_cell_that_nothing_uses_is_found(
    cells: list[str], expressions: list[str], last: list[int]
) -> None:
    """Names count where functions use them, too, and so does what may be changed in place."""
    assert [*last_cells(cells, expressions)] == last
