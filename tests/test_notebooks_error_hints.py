"""What to do about errors whose own words do not say it."""

import errno
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import reviewpress
from reviewpress.config import load_config
from reviewpress.errors import DataError, Problems, ReportError
from reviewpress.notebooks.error_hints import (
    hint_of_cells,
    hint_of_error,
    hint_of_file,
    hint_of_key,
    hint_of_signs,
    hint_of_text,
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
    sources = [(7, "x = 1"), (8, "total = 3"), (9, "def shown(): pass\nimport numpy as np")]
    cells = [(number, "code", source) for number, source in sources]
    message = "NameError: name '{}' is not defined"
    assert "Cell 8 defines total" in hint_of_cells(message.format("total"), 7, cells)
    assert "Cell 9 defines shown" in hint_of_cells(message.format("shown"), 7, cells)
    assert "Cell 9 defines np" in hint_of_cells(message.format("np"), 7, cells)
    assert hint_of_cells(message.format("totl"), 7, cells) == ""
    assert hint_of_cells(message.format("total"), 9, cells) == "", "it was run, and deleted"
    assert hint_of_cells("KeyError: 'total'", 7, cells) == ""


@pytest.mark.parametrize(("kind", "said"), [("markdown", "a text cell"), ("raw", "a raw cell")])
def test_a_name_defined_in_a_cell_that_is_no_code_is_found(kind: str, said: str) -> None:
    """Code turned into text by a slip of the hand is named, above as below."""
    cells = [(3, kind, "import reviewpress\n\nreview = reviewpress.load()"), (4, "code", "review")]
    hint = hint_of_cells("NameError: name 'review' is not defined", 4, cells)
    assert hint == f"Cell 3 defines review, and is {said}: make it code."


@pytest.mark.parametrize(
    ("source", "is_text"),
    [
        ("## What people say {#sec-say}", True),
        ("There are `{python} words(3)` papers.", True),
        ("They found it [@ash2019].", True),
        ("- one\n- two", True),
        ("**Key message:** gardens help", True),
        ("# a remark\nx = 3 +", False),
        ("if x = 3:", False),
    ],
)
def test_text_in_a_cell_of_code_is_known(source: str, is_text: bool) -> None:
    """Headings, live values, citations and sentences are no mistake of code."""
    assert bool(hint_of_text(source)) == is_text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("words(3", "Close the bracket"),
        ("x = 'abc", "Close the bracket or quotation mark"),
        ("import seabornn", 'Did you mean "seaborn"?'),
        ("import seaborn", "pip install seaborn"),
        ("mean:.1f", 'f"{mean:.1f}"'),
        ("import Reviewpress", 'Did you mean "reviewpress"?'),
        ("import gardenometrics", "`pip install gardenometrics`"),
        ("x = 1\nraise ValueError('cannot assign without a target object')", "year == 2019"),
        ("from pathlib import Path; Path('nothing-of-this-name.csv').read_text()", ""),
        ("open('/home/anna/papers.csv')", "Put it into the review"),
        ("percent(40)", "`from reviewpress import percent`"),
        ("pd.DataFrame()", "`import pandas as pd`"),
        ("nobody", 'quotation marks: "nobody"'),
    ],
)
def test_what_is_missing_is_named(code: str, said: str) -> None:
    """Packages, imports, files outside the review and closing brackets have their hint."""
    with pytest.raises((SyntaxError, ImportError, OSError, NameError, ValueError)) as caught:
        exec(compile(code, "cell", "exec"), {})
    assert said in hint_of_error(caught.value, {})
    assert bool(said) == bool(hint_of_error(caught.value, {}))


def test_a_full_disk_is_said() -> None:
    """Whatever of a cell's writes does not fit."""
    assert hint_of_error(OSError(errno.ENOSPC, "No space left"), {}).startswith("The disk is full")


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


def test_a_line_of_the_list_that_is_indented_too_far_is_known(
    project: Callable[..., Path],
) -> None:
    """YAML joins it to the line above."""
    root = project(runs=False)
    settings = root / "_quarto-report.yml"
    text = settings.read_text("utf-8")
    line = "    - chapters/findings.ipynb\n"
    settings.write_text(text.replace(line, f"{line}        - chapters/new.qmd\n"), "utf-8")
    with pytest.raises((Problems, ReportError)) as caught:
        load_config(root, None)
    assert "A line is indented too far" in str(caught.value)


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


def test_a_file_of_the_data_folder_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is proposed for a name that no file has, nor for the folder alone."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/papers.csv").write_text("a\n", "utf-8")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    assert hint_of_file("papers.csv") == 'Did you mean `review.path("data/papers.csv")`?'
    assert hint_of_file("studies.csv") == hint_of_file("data/outcome.csv") == ""


def test_a_cell_that_asks_somebody_is_told_that_nobody_is_there() -> None:
    """`input()` waits for an answer in Jupyter alone."""
    raised = type("StdinNotImplementedError", (Exception,), {})()
    assert "A build cannot ask questions" in hint_of_error(raised, {})


def test_a_call_with_wrong_arguments_says_how_it_is_called() -> None:
    """What is needed is listed; for an argument that nobody knows, the nearest one."""
    names: dict[str, object] = {"words": reviewpress.words, "percent": reviewpress.percent}
    said = {
        "words()": "It is called as `words(number, …)`.",
        "percent()": "It is called as `percent(share, …)`.",
        "words(3, 'paper', plurl='papers')": 'Did you mean "plural"?',
        "len()": "",
    }
    for code, hint in said.items():
        with pytest.raises(TypeError) as caught:
            eval(code, dict(names))
        assert hint_of_error(caught.value, names) == hint


def test_a_column_to_be_dropped_has_the_nearest_name() -> None:
    """Pandas says "not found in axis", and puts the name into a list."""
    frame = pd.DataFrame({"people": [1], "regions": ["Wales"]})
    with pytest.raises(KeyError) as caught:
        frame.drop(columns="peopel")
    assert hint_of_error(caught.value, {}) == 'Did you mean "people"?'


def test_what_does_not_exist_is_named_by_what_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of the review, a text without its marks, what a module has, a file beside."""

    class Box:
        papers = 3

    class Review:
        papers = ()

    (tmp_path / "data").mkdir()
    (tmp_path / "data/papers.csv").write_text("code\n", "utf-8")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    names: dict[str, object] = {"review": Review(), "box": Box(), "total": 3}
    for code, hint in (
        ("len(papers)", "Did you mean `review.papers`?"),
        ("totl + 1", 'Did you mean "total"?'),
        ("print(Outcomes)", 'If it is a text, put it between quotation marks: "Outcomes".'),
        ("from reviewpress import wrds", 'Did you mean "words"?'),
        ("box.papers()", "It is a value, not a function: leave out the round brackets after it."),
        ('box["papers"]', "Write a point and a name, as in `box.papers`."),
        ('open("data/paper.csv")', 'Did you mean `review.path("data/papers.csv")`?'),
        ('open("../data/papers.cvs")', 'Did you mean `review.path("data/papers.csv")`?'),
        ('open("data/elsewhere.txt")', ""),
    ):
        with pytest.raises(Exception) as caught:  # noqa: PT011 -- of whichever kind
            exec(code, dict(names))
        assert hint_of_error(caught.value, names) == hint, code
