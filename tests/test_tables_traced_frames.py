"""Frames note the columns that are looked at, and give what any other frame gives."""

import pickle
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from reviewpress.tables.lineage import recorder
from reviewpress.tables.traced_frames import table_origins, trace_frame

EVERY = "a b c d e"
QUESTIONS: dict[str, tuple[Callable[[pd.DataFrame], object], str]] = {
    "a column": (lambda p: p["a"].sum(), "a"),
    "an attribute": (lambda p: p.a.max(), "a"),
    "how many": (lambda p: len(p), ""),
    "chosen by a column": (lambda p: len(p[p["b"] == "x"]), "b"),
    "a column of chosen rows": (lambda p: p[p["b"] == "x"]["c"].sum(), "b c"),
    "a cell": (lambda p: p.loc[2, "b"], "b"),
    "a cell by at": (lambda p: p.at[2, "b"], "b"),
    "a cell by position": (lambda p: p.iat[1, 1], "b"),
    "a column by position": (lambda p: p.iloc[:, 1].tolist(), "b"),
    "a column of rows by mask": (lambda p: list(p.loc[p.b == "x", "a"]), "a b"),
    "a column of rows by list": (lambda p: p.loc[[1, 2]]["e"].sum(), "e"),
    "a row": (lambda p: p.loc[2].tolist(), EVERY),
    "some columns": (lambda p: p[["a", "b"]], "a b"),
    "records": (lambda p: p[["a", "b"]].to_dict("records"), "a b"),
    "a query": (lambda p: p.query("a > 2")["c"].sum(), "a c"),
    "a query with a name": (lambda p: (lambda least: len(p.query("a > @least")))(2), "a"),
    "an evaluation": (lambda p: p.eval("a + c").sum(), "a c"),
    "groups": (lambda p: p.groupby("b")["a"].sum().to_dict(), "a b"),
    "sizes of groups": (lambda p: p.groupby("b").size().to_dict(), "b"),
    "sums of groups": (lambda p: p.groupby("b").agg(n=("a", "sum"))["n"].sum(), "a b"),
    "each group": (lambda p: [g["a"].sum() for _, g in p.groupby("b")], "a b"),
    "sorted": (lambda p: p.sort_values("a")["b"].iloc[0], "a b"),
    "a new column": (lambda p: p.assign(z=p["a"] * 2)["z"].sum(), "a"),
    "a new column by function": (lambda p: p.assign(z=lambda f: f["c"] * 2)["z"].sum(), "c"),
    "a new name": (lambda p: p.rename(columns={"a": "A"})["A"].sum(), "a"),
    "a prefix": (lambda p: p.add_prefix("x_")["x_a"].sum(), "a"),
    "sums": (lambda p: p[["a", "c"]].sum().to_dict(), "a c"),
    "means of rows": (lambda p: p[["a", "e"]].mean(axis=1).tolist(), "a e"),
    "an array": (lambda p: p[["a", "e"]].to_numpy().tolist(), "a e"),
    "an array by numpy": (lambda p: np.asarray(p[["a", "e"]]).tolist(), "a e"),
    "values": (lambda p: p[["a"]].values.tolist(), "a"),
    "rows": (lambda p: [r["a"] for _, r in p[["a", "b"]].iterrows()], "a b"),
    "rows as tuples": (lambda p: [r.a for r in p[["a", "b"]].itertuples()], "a b"),
    "a function of rows": (lambda p: p[["a", "b"]].apply(len, axis=1).tolist(), "a b"),
    "missing": (lambda p: p.isna()["c"].sum(), "c"),
    "repeated": (lambda p: p.duplicated("b").sum(), "b"),
    "without the repeated": (lambda p: len(p.drop_duplicates("b")), "b"),
    "without the missing": (lambda p: len(p.dropna(subset=["c"])), "c"),
    "joined": (lambda p: p.merge(p[["a", "c"]], on="a")["e"].sum(), "a e"),
    "one after the other": (lambda p: pd.concat([p[["a"]], p[["a"]]])["a"].sum(), "a"),
    "exploded": (lambda p: p.explode("d")["d"].count(), "d"),
    "crossed": (lambda p: pd.crosstab(p["a"], p["b"]), "a b"),
    "pivoted": (lambda p: p.pivot(columns="b", values="a")["x"].sum(), "a b"),
    "melted": (lambda p: p.melt(value_vars=["a", "c"])["value"].sum(), "a c"),
    "turned": (lambda p: p[["a", "e"]].T[1].tolist(), "a e"),
    "by another index": (lambda p: p.set_index("b")["a"].to_dict(), "a b"),
    "the index as a column": (lambda p: p.reset_index()["code"].sum(), "code"),
    "counted": (lambda p: p["b"].value_counts().to_dict(), "b"),
    "counted together": (lambda p: p.value_counts(["b"]).to_dict(), "b"),
    "types": (lambda p: p.dtypes.tolist(), ""),
    "as text": (lambda p: p[["a", "b"]].to_csv(), "a b"),
    "shown": (lambda p: repr(p), EVERY),
    "the largest": (lambda p: p.nlargest(2, "a")["b"].tolist(), "a b"),
    "none left": (lambda p: p[p["b"] == "q"].empty, "b"),
    "stored": (lambda p: pickle.loads(pickle.dumps(p))["a"].sum(), ""),
}


def table() -> pd.DataFrame:
    """Return a small table."""
    return pd.DataFrame(
        {
            "a": [1, 2, 3, 4],
            "b": ["x", "y", "x", "z"],
            "c": [1.0, 2.0, None, 4.0],
            "d": [(1,), (2, 3), (), (4,)],
            "e": [True, False, True, True],
        },
        index=pd.Index([1, 2, 3, 4], name="code"),
    )


def asked(question: Callable[[pd.DataFrame], object]) -> tuple[object, str]:
    """Return the answer of a frame that notes, and the columns that it noted."""
    recorder.begin()
    try:
        frame = trace_frame(table(), table_origins(table(), "data/t.csv"))
        noted = recorder.begin()
        answer = question(frame)
        return answer, " ".join(read.column for read in noted)
    finally:
        recorder.stop()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_frame_notes_the_columns_that_are_looked_at(name: str) -> None:
    """No other column is noted, and the answer is that of an ordinary frame."""
    question, columns = QUESTIONS[name]
    answer, noted = asked(question)
    expected = question(table())
    assert noted == columns if not isinstance(answer, pd.DataFrame) else True
    if isinstance(expected, pd.DataFrame):
        assert isinstance(answer, pd.DataFrame)
        assert_frame_equal(pd.DataFrame(answer), expected)
    elif isinstance(expected, pd.Series):
        assert isinstance(answer, pd.Series)
        assert_series_equal(answer, expected)
    else:
        assert answer == expected


def test_a_column_that_was_set_comes_from_what_was_looked_at() -> None:
    """A column of a frame's own is traced back to those of the table."""

    def question(frame: pd.DataFrame) -> object:
        frame["share"] = frame["a"] / 2
        noted = recorder.begin()
        frame["share"].sum()
        return [read.column for read in noted]

    assert asked(question)[0] == ["a"]


def test_an_open_notebook_has_ordinary_frames() -> None:
    """Where nobody wants to know, a frame is what pandas made."""
    assert type(trace_frame(table(), table_origins(table(), "data/t.csv"))) is pd.DataFrame
