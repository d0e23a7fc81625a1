"""What to do about errors whose own words do not say it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import reviewpress
from reviewpress.config import load_config
from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.notebooks.error_hints import (
    hint_of_error,
    hint_of_file,
    hint_of_key,
    hint_of_later,
    hint_of_signs,
)

FRAME = pd.DataFrame({"people": [1], "year": [2020]})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = words(“a”)", 'a curly quotation mark: type " instead'),
        ("x = it’s", "a curly quotation mark: type ' instead"),
        ("x =\u00a03", "a no-break space: delete it"),
        ("x = 3 – 2", "a dash (–): type - instead"),
        ("x = 3 +", ""),
    ],
)
def test_a_sign_that_code_may_not_hold_is_named(line: str, said: str) -> None:
    """The hint names the sign and what to type; a plain error has none."""
    hint = hint_of_signs(line)
    assert said in hint
    assert bool(said) == bool(hint)


@pytest.mark.parametrize(
    "fail",
    [
        lambda: FRAME["peopel"],
        lambda: FRAME[["peopel", "year"]],
        lambda: FRAME.sort_values("peopel"),
        lambda: FRAME.groupby("peopel").size(),
    ],
)
def test_a_mistyped_column_has_the_nearest(fail: Callable[[], object]) -> None:
    """Wherever pandas looks for a column, the nearest is named."""

    with pytest.raises(KeyError) as caught:
        fail()
    assert hint_of_key(caught.value) == 'Did you mean "people"?'


def test_a_name_defined_further_down_is_found() -> None:
    """The hint names the cell that defines it, by assignment, loop, function or import."""
    cells = [(7, "x = 1"), (8, "total = 3"), (9, "def shown(): pass\nimport numpy as np")]
    message = "NameError: name '{}' is not defined"
    assert "Cell 8 defines total" in hint_of_later(message.format("total"), cells)
    assert "Cell 9 defines shown" in hint_of_later(message.format("shown"), cells)
    assert "Cell 9 defines np" in hint_of_later(message.format("np"), cells)
    assert hint_of_later(message.format("totl"), cells) == ""
    assert hint_of_later("KeyError: 'total'", cells) == ""


def test_a_text_for_regions_is_explained() -> None:
    """Regions given as one text are no list of letters."""

    with pytest.raises(DataError) as caught:
        reviewpress.load(regions="Scotland")
    assert "takes a list of regions" in str(caught.value)
    assert "['Scotland']" in str(caught.value)


@pytest.mark.parametrize("name", ["results-of-all", "synthesis", "findngs"])
def test_a_renamed_chapter_has_the_file_that_no_edition_lists(
    name: str, project: Callable[..., Path]
) -> None:
    """However different its new name, the one file that no edition lists is the nearest."""

    root = project(runs=False)
    (root / "chapters/findings.ipynb").rename(root / f"chapters/{name}.ipynb")
    with pytest.raises((Problems, ReportError)) as caught:
        load_config(root, None)
    assert f'Did you mean "chapters/{name}.ipynb", which no edition lists?' in str(caught.value)


def test_a_file_that_is_there_from_the_root_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chapters run in their folder, and authors write addresses as the review has them."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "papers.csv").touch()
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    for name in ("data/papers.csv", "./data/papers.csv"):
        error = FileNotFoundError(2, "No such file or directory", name)
        assert '`review.path("data/papers.csv")` finds the file.' in hint_of_error(error, {})
    for name in ("data/peopel.csv", str(tmp_path / "data/papers.csv"), "", "data"):
        assert hint_of_error(FileNotFoundError(2, "No such file", name), {}) == ""
    monkeypatch.delenv("REVIEWPRESS_ROOT")
    assert hint_of_file("data/papers.csv") == ""


def test_a_cell_that_asks_somebody_is_told_that_nobody_is_there() -> None:
    """`input()` waits for an answer in Jupyter alone."""
    raised = type("StdinNotImplementedError", (Exception,), {})()
    assert "A build asks nobody" in hint_of_error(raised, {})
