"""Tables that cells display as HTML."""

import pytest

from reviewpress.errors import Problem
from reviewpress.notebooks.html_tables import html_table_markdown

TABLE = "<table><tr><th>a</th></tr><tr><td>{}</td></tr></table>"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<b>" * 5000, "more than 40 elements of the HTML stand in one another."),
        ("<div>" * 300 + "x" + "</div>" * 300, "more than 40 elements"),
        (TABLE * 3 + "<ul><li>" * 50, "more than 40 elements"),
        ("a\ud800b", "half of a character"),
    ],
)
def test_html_that_would_not_come_to_an_end_is_refused(cell: str, said: str) -> None:
    """Nor is it given to pandoc."""
    [problem] = html_table_markdown(TABLE.format(cell))
    assert isinstance(problem, Problem)
    assert said in problem.message


def test_cells_without_end_tags_are_no_depth() -> None:
    """HTML lets a row and a cell end where the next begins."""
    rows = "".join(f"<tr><td>{number}<td>b" for number in range(200))
    assert "stand in one another" not in str(html_table_markdown(f"<table>{rows}</table>"))
