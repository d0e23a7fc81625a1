"""Errors: what, where and what to do, in one shape."""

import json
import pickle
import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from reviewpress import errors
from reviewpress.errors import (
    Place,
    Problem,
    Problems,
    ReportError,
    all_of,
    nearest,
    raise_all,
    together,
)

TREE = [value for value in vars(errors).values() if isinstance(value, type)]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", row=2, column="code"), "a.csv, row 2, column code"),
        (Place("a.ipynb", cell=3, line=4), "a.ipynb, cell 3, line 4"),
        (Place("a.qmd", line=3, others=(7, 11)), "a.qmd, lines 3, 7 and 11"),
        (Place("a.ipynb", cell=2, others=(5,)), "a.ipynb, cells 2 and 5"),
        (Place("a.ipynb", cell=3, expression="1 / 0"), "a.ipynb, cell 3, `1 / 0`"),
    ],
)
def test_places_are_told_from_wide_to_narrow(place: Place, words: str) -> None:
    """File, then row and column, or cell, line and expression."""
    assert str(place) == words


def test_the_tree_at_the_top_of_the_module_is_whole() -> None:
    """Every error stands in the module's docstring, with its exit status where it is not 1."""
    found = [kind for kind in TREE if issubclass(kind, ReportError)]
    assert len(found) == 12
    assert errors.__doc__ is not None
    assert all(kind.__name__ in errors.__doc__ for kind in found)
    assert {kind.__name__ for kind in found if kind.exit_status == 2} == {"SetupError"}
    own = [kind for kind in found if "rule" in vars(kind)]
    assert len({kind.rule for kind in own}) == len(own)


def test_several_problems_are_one_error() -> None:
    """Each is a line; the error survives the way between processes."""
    problems = [Problem("a", "One.", Place("x")), Problem("b", "Two.", hint="Do.")]
    error = Problems(problems)
    assert str(error) == "x: One.\nTwo. Do."
    assert pickle.loads(pickle.dumps(error)).problems == tuple(problems)
    with pytest.raises(ValueError, match="at least one"):
        Problems([])
    raise_all([])
    with pytest.raises(Problems):
        raise_all(problems)


def test_one_error_is_one_problem() -> None:
    """What is raised alone is told as the others are."""
    error = ReportError("Wrong.", Place("x", line=1), "Mend it.")
    assert error.problems == (Problem("error", "Wrong.", Place("x", line=1), "Mend it."),)
    assert str(error) == str(error.problems[0]) == "x, line 1: Wrong. Mend it."


def test_a_notebook_shows_words_in_place_of_a_traceback() -> None:
    """In JupyterLab and VS Code an author sees what is wrong and in which line of the cell."""
    shell = InteractiveShell()
    cell = "from reviewpress.errors import *\n\nraise DataError('Wrong.', Place('x'), 'Mend it.')"
    with capture_output() as said:
        shell.run_cell(cell, store_history=True)
    lines = re.sub(r"\x1b\[[\d;]*m", "", said.stdout).strip().splitlines()
    assert lines == ["x: Wrong. Mend it.", "Cell In[1], line 3"]


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    """A long list without a near name is not printed."""
    assert nearest("known2020", ["Known2020", "x"]) == 'Did you mean "Known2020"?'
    assert nearest("q", [f"name{n}" for n in range(60)]) == ""
    assert nearest("q", []) == ""


@given(st.text(), st.lists(st.text(), max_size=30))
def test_a_nearest_name_is_a_valid_one(name: str, valid: list[str]) -> None:
    """Whatever was typed, the answer names only what is valid."""
    said = nearest(name, valid)
    if said.startswith("Did you mean"):
        assert said.removeprefix('Did you mean "').removesuffix('"?') in valid


def test_very_many_places_are_counted() -> None:
    """A key that is repeated 20,000 times is a message of one line, of some hundred signs."""
    problems = [Problem("config", "repeated.", Place("a.yml", line=n)) for n in range(1, 40_001, 2)]
    (problem,) = together(problems)
    assert str(problem) == (
        "a.yml, lines 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 19,990 more: repeated."
    )
    assert problem.where is not None
    assert len(problem.where.others) == 19_999


def test_places_of_several_files_are_those_of_the_first() -> None:
    """Rows, lines and cells are listed in order, each once."""
    rows = [Place("a.csv", row=row) for row in (5, 3, 4, 2, 3)]
    assert str(all_of([*rows, Place("b.csv", row=9)])) == "a.csv, rows 2 to 5"
    assert str(all_of([Place("a.ipynb", cell=3), Place("a.ipynb", cell=1)])) == (
        "a.ipynb, cells 1 and 3"
    )
    assert all_of([Place("a.csv")]) == Place("a.csv")
    assert all_of([]) is None


@pytest.mark.parametrize("place", [None, Place("a.qmd", line=3, others=(4, 9)), Place("a", row=1)])
def test_a_problem_that_was_kept_is_the_same(place: Place | None) -> None:
    """What comes back of its JSON is equal to it, and can stand in a set like it."""
    problem = Problem("slip", "said.", place, "hint", "subject")
    assert {Problem.of(json.loads(json.dumps(asdict(problem))))} == {problem}
