"""The kernel's side: values, errors, what was read."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewpress.errors import FigureError, Place, Problem, Problems
from reviewpress.notebooks import kernel


def evaluate(value: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(kernel, "_namespace", lambda: {"value": value, "counts": [1]})
    return kernel.evaluate(["value"]).payload["values"][0]


class Marked:
    """Says of itself that it is Markdown."""

    def _repr_markdown_(self) -> str:
        return "[@wang2020]\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (34, "34"),
        ("three", "three"),
        ("", ""),
        (3.0, "3"),
        (1 / 3, "0.33"),
        (0.000123, "0.00012"),
        (12.345, "12.35"),
        (-2.5, "-2.5"),
        (2.3e-8, "2.3×10⁻⁸"),
        (np.int64(7), "7"),
        (np.float64(7.25), "7.25"),
        (np.str_("a"), "a"),
        (date(2023, 6, 1), "2023-06-01"),
        (Path("a/b"), "a/b"),
    ],
)
def test_numbers_and_texts_are_shown(
    value: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers without needless decimals."""
    assert evaluate(value, monkeypatch) == {"text": text, "raw": False}


def test_what_is_markdown_stays_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A citation can be the value of an expression."""
    assert evaluate(Marked(), monkeypatch) == {"text": "[@wang2020]", "raw": True}


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, "the expression gives nothing (None)."),
        (..., "the expression gives a ellipsis."),
        ([1, 2], "the expression gives a list."),
        (True, "the expression gives True."),
        (np.bool_(False), "the expression gives False."),
        ({}, "the expression gives a dict."),
        (pd.DataFrame({"a": [1]}), "the expression gives a DataFrame."),
        (np.array([1, 2]), "the expression gives a ndarray."),
        (object(), "the expression gives a object."),
        (float("nan"), "the expression gives a missing value."),
        (np.float64("inf"), "the expression gives a missing value."),
        (pd.NA, "the expression gives a missing value."),
        (pd.NaT, "the expression gives a missing value."),
    ],
)
def test_what_no_sentence_can_hold_is_an_error(
    value: Any, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never Python's own way of writing it, and never nothing at all."""
    reply = evaluate(value, monkeypatch)
    assert reply["error"] == error
    assert reply["hint"]


@pytest.mark.parametrize(
    ("expression", "error", "hint"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero", ""),
        ("1 +", "SyntaxError: invalid syntax", ""),
        ("conuts", "NameError: name 'conuts' is not defined", 'Did you mean "counts"?'),
        ("counts.apend", "AttributeError: 'list' object has no attribute 'apend'", "append"),
    ],
)
def test_a_failing_expression_says_why(
    expression: str, error: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Python's words, with the nearest name where one was mistyped."""
    monkeypatch.setattr(kernel, "_namespace", lambda: {"counts": []})
    [reply] = kernel.evaluate([expression]).payload["values"]
    assert reply["error"] == error
    assert hint in reply["hint"]


def test_expected_errors_are_told_in_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each problem with its place in the data and its hint."""
    error = FigureError("fig-a has no alt.", Place("data/a.csv", row=3), "Write one.")
    monkeypatch.setattr("sys.last_value", error, raising=False)
    assert kernel.describe_error().payload == {
        "problems": [{"message": "data/a.csv, row 3: fig-a has no alt.", "hint": "Write one."}],
        "changes": [],
    }
    several = Problems([Problem("a", "one."), Problem("b", "two.")])
    monkeypatch.setattr("sys.last_value", several, raising=False)
    assert [p["message"] for p in kernel.describe_error().payload["problems"]] == ["one.", "two."]


def test_other_errors_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to tell of a ValueError but what Python says."""
    monkeypatch.setattr(kernel, "_namespace", dict)
    monkeypatch.setattr("sys.last_value", ValueError("x"), raising=False)
    assert kernel.describe_error().payload == {"problems": [], "hint": "", "changes": []}


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path / ".reviewpress" / "tmp" / "x"))
    monkeypatch.setattr(kernel, "_opened", {})
    monkeypatch.setattr(kernel, "_recorded", lambda: {"data/known.csv": "1", "/brand.yml": "2"})
    return tmp_path


def test_files_opened_past_the_review_are_noticed(review: Path) -> None:
    """They count as read, and the author is told."""
    for name in ("data/known.csv", "data/extra.csv", ".git/x", "a/__pycache__/b", "local.py"):
        path = review / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        kernel._watch("open", (str(path), "r", 0))
    kernel._watch("open", (str(review / "gone.csv"), "r", 0))
    kernel._watch("open", (os.fsencode(review / "out.csv"), "w", 0))
    kernel._watch("open", (3, "r", 0))
    kernel._watch("open", ("/etc/hostname", "r", 0))
    kernel._watch("import", ("x",))
    told = kernel.finish().payload
    assert [(each["path"], each["writing"]) for each in told["unrecorded"]] == [
        ("data/extra.csv", False),
        ("out.csv", True),
    ]
    assert {name: sha for name, sha in told["reads"].items() if not name.endswith(".py")} == {
        "data/extra.csv": kernel.digest_or_absent(review / "data/extra.csv"),
        "data/known.csv": "1",
        "gone.csv": "absent",
    }


def test_what_stands_outside_the_review_belongs_to_the_package(review: Path) -> None:
    """The extension's brand, installed with the package, is no file of the review."""
    told = kernel.finish().payload
    assert "2" in told["modules"].values()
    assert not any(name.startswith("/") for name in [*told["reads"], *told["modules"]])
    assert "pandas" in told["imported"]
    assert "os" not in told["imported"]
