"""Claims: published numbers beside the values that cells give them."""

import math
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reviewpress
from reviewpress.checks.validation import validate
from reviewpress.errors import DataError, Problems
from reviewpress.evidence.claims import claim_text, same_value
from reviewpress.figures.published import RUN_ENV
from reviewpress.review import Review

ROOT = Path(__file__).parent / "projects" / "small-evidence"
MOVE = "`reviewpress tidy` writes them as cells, in chapters/claim-cells.ipynb."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small evidence."""
    return shutil.copytree(ROOT, tmp_path / "review")


@pytest.fixture
def review(root: Path) -> Review:
    """Its review, with all values given."""
    review = reviewpress.load(root)
    review.claim("papers", len(review.codes))
    review.claim("welsh", review.section("Causes").regions["Wales"])
    review.not_checkable("lost")
    return review


def said(error: pytest.ExceptionInfo[Problems]) -> list[str]:
    """Return problems as they are printed, without their hints."""
    return [f"{problem.where}: {problem.message}" for problem in error.value.problems]


def test_claims_agree_differ_or_cannot_be_checked(review: Review) -> None:
    """Each claim has its computed value beside the published one, in the table's order."""
    claims = review.claims
    assert list(claims.index) == ["papers", "welsh", "lost"]
    assert claims.index.name == "id"
    assert claims["status"].tolist() == ["agrees", "differs", "not checkable"]
    assert claims["published"].tolist() == ["4", "3", "1,224"]
    assert claims["computed"].tolist() == ["4", "2", ""]
    assert claims["explanation"].tolist()[1] == "Paper 4 may be Welsh."


def test_claims_are_of_the_whole_review(root: Path, review: Review) -> None:
    """A part of the papers gives no value; that of the whole is shown there too."""
    part = reviewpress.load(root, regions=["Scotland"])
    for give in (lambda: part.claim("papers", 1), lambda: part.not_checkable("papers")):
        with pytest.raises(DataError, match="of the whole review") as error:
            give()
        assert "review.whole.claim" in error.value.hint
    part.whole.claim("papers", 5)
    assert part.claims["computed"].tolist() == review.claims["computed"].tolist() == ["5", "2", ""]


def test_claims_without_a_value_are_listed_together(root: Path) -> None:
    """Each with its row, and with what to write."""
    review = reviewpress.load(root)
    review.claim("welsh", 2)
    with pytest.raises(Problems) as error:
        _ = review.claims
    assert said(error) == [
        'data/claims.csv, row 2, column id: no cell gives the claim "papers" a value.',
        'data/claims.csv, row 4, column id: no cell gives the claim "lost" a value.',
    ]
    assert 'review.not_checkable("lost")' in error.value.problems[1].hint


@pytest.mark.parametrize("id", ["paper", "Papers", "papers "])
def test_an_unknown_id_is_refused(review: Review, id: str) -> None:
    """With the nearest of the table."""
    for give in (lambda: review.claim(id, 4), lambda: review.not_checkable("welsh", id)):
        with pytest.raises(DataError, match=f'no claim "{id}"') as error:
            give()
        assert str(error.value.where) == "data/claims.csv"
        assert '"papers"' in error.value.hint


def test_a_build_takes_one_value_of_a_claim(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook that somebody works in, a cell is executed again and its last value counts."""
    review.claim("papers", 5)
    assert review.claims["computed"].iloc[0] == "5"
    monkeypatch.setenv(RUN_ENV, "run")
    with pytest.raises(DataError, match='"papers" is given a value twice') as error:
        review.claim("papers", 4)
    assert str(error.value.where) == "data/claims.csv, row 2, column published"
    with pytest.raises(DataError, match='"lost" is given a value twice'):
        review.not_checkable("lost")


@pytest.mark.parametrize(
    ("published", "value", "text"),
    [
        ("80", 80.0, "80"),
        ("1,224", np.int64(1224), "1224"),
        ("47%", 47.5, "47.5"),
        ("0", np.bool_(True).astype(int), "1"),
        ("7", 10**20, "1" + 20 * "0"),
        ("yes", True, "yes"),
        ("No", np.bool_(False), "no"),
        ("seven", "eight", "eight"),
        ("2012 to 2022", "2013 to 2022", "2013 to 2022"),
        ("a; b", ("a", "b"), "a; b"),
        ("a; b", {"b", "a"}, "a; b"),
        ("a; b", pd.Series(["a", "b"]), "a; b"),
        ("a; 1", ["a", np.float64(2)], "a; 2"),
        ("in May", date(2023, 5, 1), "2023-05-01"),
        ("none", [], ""),
    ],
)
def test_values_become_text(published: str, value: object, text: str) -> None:
    """Of Python, numpy and pandas: one value, or several in a list."""
    assert claim_text(published, value) == text


@pytest.mark.parametrize(
    ("published", "value", "message"),
    [
        ("8", "8", "“8” was published, a number, and the value is a text ('8')."),
        ("1,224", ["1224"], "“1,224” was published, a number, and the value is a list."),
        ("47%", True, "“47%” was published, a number, and the value is True."),
        ("seven", 7, "“seven” was published, a text, and the value is a number (7)."),
        ("52 to 68", 52.5, "“52 to 68” was published, a text, and the value is a number (52.5)."),
        ("ja", False, "“ja” was published, and the value is False."),
        ("8", None, "the value is None."),
        ("8", math.nan, "the value is missing."),
        ("8", math.inf, "the value is a number (inf)."),
        ("8", pd.NA, "the value is missing."),
        ("8", pd.NaT, "the value is missing."),
        ("8", np.float64("nan"), "the value is missing."),
        ("a", ["a", None], "the value is a list."),
        ("8", pd.DataFrame({"a": [1]}), "the value is a DataFrame."),
        ("8", len, "the value is a builtin_function_or_method."),
        ("8", {"a": 1}, "the value is a dict."),
    ],
)
def test_values_of_another_kind_are_refused(published: str, value: object, message: str) -> None:
    """A number where a text was published, the reverse, and what is neither."""
    with pytest.raises(DataError) as error:
        claim_text(published, value)
    assert error.value.message == message


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["8", "1,224", "yes", "seven", ""]), VALUES)
def test_any_value_becomes_text_or_is_refused(published: str, value: object) -> None:
    """Nothing but a DataError comes out of any value."""
    with suppress(DataError):
        assert isinstance(claim_text(published, value), str)


@pytest.mark.parametrize(
    ("published", "computed", "same"),
    [
        ("34", "34", True),
        ("1,224", "1224", True),
        ("47%", "47", True),
        ("47%", "46.9", False),
        ("1,22", "122", False),
        ("yes", "Yes", True),
        ("seven", "7", False),
        ("2012 to 2022", "2012  to 2022", True),
        ("80", "8", False),
        ("0.3", "0.30000000000000004", False),
    ],
)
def test_values_are_compared_as_readers_do(published: str, computed: str, same: bool) -> None:
    """Marks for thousands and per cent do not count, words and digits differ."""
    assert same_value(published, computed) is same


OLD = """id,statement,place,published,expression,explanation,section
papers,Papers,,4,len(review.codes),,Causes
welsh,Papers of Wales,,3,"review.section(""Causes"")
  .regions[""Wales""]  # as in the box",,Causes
lost,Records screened,,"1,224",,Lost.,Methods
broken,What was never right,,1,len(review.codes,,Methods
"""


@pytest.fixture
def old(root: Path) -> Path:
    """The same with a table of claims of an earlier version."""
    (root / "data/claims.csv").write_text(OLD)
    schema = root / "data/schema.yml"
    moved = schema.read_text().replace(
        "      - {name: explanation}\n", "      - {name: expression}\n      - {name: explanation}\n"
    )
    schema.write_text(moved)
    return root


def test_a_table_with_expressions_is_refused(old: Path) -> None:
    """Once, with what becomes of them, by checks and by chapters alike."""
    place = "data/claims.csv, row 1, column expression"
    [problem] = [p for p in validate(reviewpress.load(old)) if p.rule == "claim"]
    assert str(problem.where) == place
    assert "not evaluated any more" in problem.message
    assert problem.hint.startswith(MOVE)
    with pytest.raises(Problems) as error:
        _ = reviewpress.load(old).claims
    assert [str(found.where) for found in error.value.problems] == [place]


def test_tidy_writes_expressions_as_cells(old: Path) -> None:
    """One cell a section, each expression as it was written; the table stays as it is."""
    from reviewpress.notebooks.source import read_notebook
    from reviewpress.tidy import tidy

    assert "chapters/claim-cells.ipynb" in tidy((), old)
    assert (old / "data/claims.csv").read_text() == OLD
    path = old / "chapters/claim-cells.ipynb"
    load, causes, methods = (cell.source for cell in read_notebook(path, old).cells)
    assert load == "import reviewpress\n\nreview = reviewpress.load()"
    values: dict[str, object] = {}

    class Noted:
        """Notes what the cells give."""

        def __getattr__(self, name: str) -> object:
            return getattr(reviewpress.load(ROOT), name)

        def claim(self, id: str, value: object) -> None:
            """Note it."""
            values[id] = value

        def not_checkable(self, *ids: str) -> None:
            """Note them."""
            values.update(dict.fromkeys(ids))

    for code in (causes, methods):
        exec(code, {"review": Noted()})
    assert values == {"papers": 4, "welsh": 2, "lost": None}
    assert causes.startswith("# Causes\n")
    assert '#     "broken",\n#     len(review.codes\n' in methods


def test_tidy_leaves_cells_that_were_written_before(old: Path) -> None:
    """Somebody may have worked on them; of a new table, none are written."""
    from reviewpress.tidy import tidy

    path = old / "chapters/claim-cells.ipynb"
    tidy((), old)
    mine = path.read_text().replace("# Causes", "# My causes")
    path.write_text(mine)
    assert "chapters/claim-cells.ipynb" not in tidy((), old)
    assert path.read_text() == mine
    path.unlink()
    shutil.copytree(ROOT / "data", old / "data", dirs_exist_ok=True)
    assert "chapters/claim-cells.ipynb" not in tidy((), old)
    assert not path.exists()
