"""Live values in text cells."""

import json
from typing import Any

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.notebooks.values import fill_values, find_values, value_span


def expressions(text: str) -> list[str]:
    return [site.expression for site in find_values(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There are `{python} n` papers.", ["n"]),
        ("`{python} a` and `{python} b`", ["a", "b"]),
        ("## In `{python} n` papers {#sec-x}", ["n"]),
        ("| `{python} n` | b |", ["n"]),
        ('`{python} box.regions["Europe (non-UK)"]`', ['box.regions["Europe (non-UK)"]']),
        ("over two lines `{python} words(\n    n)` here", ["words( n)"]),
        ("`{python}`", [""]),
        ('two  spaces `{python} "a  b"`', ['"a  b"']),
        ("a `code` span, then `{python} n`", ["n"]),
        ("an escaped \\` tick and `{python} n`", ["n"]),
    ],
)
def test_values_are_found(text: str, expected: list[str]) -> None:
    """A code span of single backticks that begins with {python} is a value."""
    assert expressions(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "no values",
        "`` `{python} n` ``",
        "```\n`{python} n`\n```",
        "~~~~ markdown\n`{python} n`\n~~~\n~~~~",
        "- item\n\n  ```python\n  `{python} n`\n  ```",
        "> ```\n> `{python} n`\n> ```",
        "<!-- `{python} n` -->",
        "`{pythonic} n`",
        "`n {python}`",
        "\\`{python} n`",
        "an open `{python} n\n\nparagraph` end",
        "```\nunclosed\n`{python} n`",
    ],
)
def test_code_and_comments_hold_no_values(text: str) -> None:
    """Fences, longer code spans, comments and escaped backticks are left alone."""
    assert expressions(text) == []


def test_values_after_a_fence_are_found() -> None:
    """A closed fence ends the code."""
    assert expressions("```{.md}\n`{python} a`\n```\n\n`{python} b`\n") == ["b"]


def test_results_take_the_places_of_values() -> None:
    """The text around values stays as it is."""
    text = "A `{python} a`, ``{python} b``, `{python} c`."
    assert fill_values(text, ["1", "2"]) == "A 1, ``{python} b``, 2."


def test_as_many_results_as_values_are_needed() -> None:
    """A result too few is an error and not a shift of the others."""
    with pytest.raises(ValueError, match="zip"):
        fill_values("`{python} a` `{python} b`", ["1"])


def inlines(markdown: str) -> Any:
    document = json.loads(pypandoc.convert_text(markdown, "json", "markdown"))
    return document["blocks"][0]["c"]


def test_a_value_can_stand_in_a_table() -> None:
    """Its expression may hold the sign that divides cells."""
    table = f"| a | b |\n|---|---|\n| {value_span('3', 'x | y')} | z |\n"
    document = json.loads(pypandoc.convert_text(table, "json", "markdown"))
    row = document["blocks"][0]["c"][4][0][3][0][1]
    assert len(row) == 2
    assert row[0][4][0]["c"][0]["c"][0][2] == [["expr", "x | y"]]


TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40)


@given(TEXT.map(str.strip).filter(bool))
def test_the_expression_survives_on_the_value(expression: str) -> None:
    """Whatever stands in an expression, pandoc reads it back from the span."""
    span = inlines(value_span("34", expression))[0]
    attributes = dict(span["c"][0][2])
    assert span["t"] == "Span"
    assert span["c"][0][1] == ["value"]
    assert attributes["expr"] == expression
