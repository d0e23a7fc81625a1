"""What is made from what is followed by the names in a chapter's code."""

import ast
from collections.abc import Iterator, Sequence

import pytest

from reviewpress.notebooks.dataflow import DataFlow, read_statement
from reviewpress.tables.lineage import recorder


@pytest.fixture(autouse=True)
def _stop() -> Iterator[None]:
    """Note nothing for other tests."""
    yield
    recorder.stop()


def run(cells: Sequence[str], expression: str) -> str:
    """Execute cells that read columns by `read(name)`; return what an expression was made from."""
    names: dict[str, object] = {"made": [], "shown": lambda id: names["made"].append(id)}  # type: ignore[attr-defined]

    def read(column: str) -> str:
        recorder.note("t.csv", column)
        return column

    names["read"] = read
    flow = DataFlow()
    flow.start(lambda: names, lambda: names["made"], lambda paths: ())  # type: ignore[arg-type, return-value]
    names["flow"] = flow
    for cell in cells:
        tree = flow.visit(ast.parse(cell))
        text = ast.unparse(tree).replace(
            "__import__('reviewpress.notebooks.dataflow', fromlist=['flow']).flow", "flow"
        )
        exec(text, names)
        flow.end()
    if expression.startswith("fig-"):
        return " ".join(each.column for each in flow.published[expression])
    _, reads = flow.evaluate(expression, lambda: eval(expression, names))
    return " ".join(each.column for each in reads)


@pytest.mark.parametrize(
    ("cells", "expression", "columns"),
    [
        (["x = read('a')\ny = read('b')"], "x", "a"),
        (["x = read('a')\ny = read('b')"], "x + y", "a b"),
        (["x = read('a')", "y = x + read('b')", "z = y"], "z", "a b"),
        (["x = read('a')", "x = read('b')"], "x", "b"),
        (["x = read('a')", "x += read('b')"], "x", "a b"),
        (["x = []\nx.append(read('a'))"], "len(x)", "a"),
        (["x = {}\nx['k'] = read('a')"], "x", "a"),
        (["x = read('a')\nfor i in [1]:\n    x = read('b')"], "x", "a b"),
        (["def f():\n    return x\n", "x = read('a')"], "f()", "a"),
        (["def f(x):\n    return x\n", "x = read('a')"], "f(1)", ""),
        (["x = read('a')\ny = [x for x in 'ab']"], "y", ""),
        (["if read('a'):\n    x = read('b')"], "x", "a b"),
        (["x = read('a')"], "read('b')", "b"),
        (["import math\nmath.floor(len(read('a')))\nx = math.pi"], "x", ""),
        (["x = read('a')\nshown('fig-x')\n"], "fig-x", ""),
        (["x = read('a')\nshown('fig-' + x)\n"], "fig-a", "a"),
        (["ax = []\nax.append(read('a'))\nshown('fig-x')\n"], "fig-x", "a"),
        (["ax = []\nax.append(read('a'))", "shown('fig-x')\n"], "fig-x", ""),
        (["x = (lambda: read('a'))()"], "x", "a"),
        (["with open('/dev/null') as f:\n    x = read('a')"], "x", "a"),
    ],
)
def test_names_carry_what_they_were_made_from(
    cells: list[str], expression: str, columns: str
) -> None:
    """From statement to statement and from cell to cell, and no other name does."""
    assert run(cells, expression) == columns


def test_a_local_name_is_none_of_the_chapters() -> None:
    """What functions and comprehensions name for themselves is not used of the chapter."""
    statement = read_statement(ast.parse("def f(a):\n    b = a\n    return b + c").body[0])
    assert (sorted(statement.uses), sorted(statement.assigns)) == (["c"], ["f"])
