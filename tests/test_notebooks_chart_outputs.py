"""Charts of altair and plotly as cells show them: small bundles, made like recorded ones.

Recorded in November 2026 from altair 6.3 and plotly 7.1 with kaleido 1.
"""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import Problem
from reviewpress.notebooks import chart_outputs
from reviewpress.notebooks.chart_outputs import (
    PLOTLY,
    SVG,
    chart_in,
    chart_rows,
    draw_chart,
    is_chart,
    own_alt,
    steady,
)

ROWS = [{"Design": "Trial", "n": 3}, {"Design": "Cohort", "n": 12}]
VEGA: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "data": {"name": "data-1"},
    "datasets": {"data-1": ROWS},
    "mark": {"type": "bar"},
    "description": "Twelve cohort studies\nand three trials",
    "encoding": {"x": {"field": "Design", "type": "nominal"},
                 "y": {"field": "n", "type": "quantitative"}},
}  # fmt: skip
KIND = "application/vnd.vegalite.v5+json"


def packed(*numbers: int) -> dict[str, str]:
    return {"dtype": "i2", "bdata": base64.b64encode(struct.pack("<2h", *numbers)).decode()}


def traces(*data: dict[str, Any]) -> dict[str, Any]:
    title = {"text": "Papers"}
    return {PLOTLY: {"data": list(data), "layout": {"yaxis": {"title": title}}}}


def test_altair_is_drawn_without_a_browser() -> None:
    """In the review's letters, the same each time; nothing is fetched."""
    svg = draw_chart({KIND: VEGA}, Path())
    assert isinstance(svg, str)
    assert svg.startswith("<svg")
    assert "Review Sans" in svg
    assert svg == draw_chart({KIND: VEGA}, Path())


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            {KIND: {**VEGA, "data": {"url": "https://example.org/a.csv"}}},
            "not allowed",
            "DataFrame",
        ),
        ({KIND: {**VEGA, "mark": {"type": "no-such-mark"}}}, "cannot be drawn", "DataFrame"),
        (traces({"x": ["a"], "y": [1]}), "a plotly chart without a picture", "kaleido"),
    ],
)
def test_what_cannot_be_drawn_is_told(data: dict[str, Any], message: str, hint: str) -> None:
    """With what the author can do."""
    problem = draw_chart(data, Path())
    assert isinstance(problem, Problem)
    assert message in problem.message
    assert hint in problem.hint


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is large, and most reviews have no such chart."""
    monkeypatch.setattr(chart_outputs, "find_spec", lambda _: None)
    problem = draw_chart({KIND: VEGA}, Path())
    assert isinstance(problem, Problem)
    assert 'pip install "reviewpress[altair]"' in problem.hint


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({KIND: VEGA}, ROWS),
        ({KIND: {**VEGA, "datasets": {}, "data": {"values": ROWS}}}, ROWS),
        ({KIND: {**VEGA, "datasets": {}, "data": {"url": "a.csv"}}}, []),
        (traces({"x": ["Trial", "Cohort"], "y": packed(3, 12), "hovertext": ["a", "b"]}),
         [{"x": "Trial", "Papers": 3}, {"x": "Cohort", "Papers": 12}]),
        (traces({"name": "Old", "x": ["a"], "y": [1]}, {"name": "New", "x": ["a"], "y": [2]}),
         [{"name": "Old", "x": "a", "Papers": 1}, {"name": "New", "x": "a", "Papers": 2}]),
        (traces({"labels": ["a", "b"], "values": packed(1, 2)}),
         [{"labels": "a", "values": 1}, {"labels": "b", "values": 2}]),
    ],
    ids=["altair", "values in it", "elsewhere", "packed", "two traces", "pie"],
)  # fmt: skip
def test_the_numbers_behind_a_chart_are_found(data: dict[str, Any], rows: list[Any]) -> None:
    """However the library writes them."""
    assert is_chart(data)
    assert chart_rows(data) == rows


@pytest.mark.parametrize(
    ("data", "alt"),
    [
        ({KIND: VEGA}, "Twelve cohort studies and three trials"),
        ({SVG: "<svg><title>Box</title><desc>A box in\na corner</desc></svg>"},
         "Box: A box in a corner"),
        ({SVG: "<svg><title>Made by a program</title></svg>"}, ""),
        ({"image/png": "iVBO"}, ""),
    ],
)  # fmt: skip
def test_a_picture_may_say_what_it_shows(data: dict[str, Any], alt: str) -> None:
    """A title alone is often that of the program that drew it."""
    assert own_alt(data) == alt


def test_a_picture_of_plotly_is_the_same_each_time() -> None:
    """It names its parts anew each time it is drawn."""
    one, other = (
        steady(f'<svg><defs id="defs-{run}"><clipPath id="clip{run}xyplot"/></defs></svg>')
        for run in ("a95d05", "0f12ce")
    )
    assert one == other


PAGE = """<div id="a"></div><script>if (window.Plotly) { Plotly.newPlot( "a",
 [{"x":["a"],"y":[1]}], {"yaxis":{"title":{"text":"Papers"}}}, {"responsive": true} ) }</script>"""


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        (PAGE, [{"x": "a", "Papers": 1}]),
        (f"<script>(function(spec, o){{ vegaEmbed('#v', spec); }})({json.dumps(VEGA)}, "
         '{"mode": "vega-lite"});</script>', ROWS),
        (f"<script>var spec = {json.dumps(VEGA)}; vegaEmbed('#v', spec)</script>", ROWS),
    ],
    ids=["plotly", "altair 5", "altair 2"],
)  # fmt: skip
def test_a_chart_in_a_page_of_its_own_is_found(page: str, rows: list[Any]) -> None:
    """As plotly and altair show them outside of JupyterLab."""
    found = chart_in({"text/html": [page[:40], page[40:]], "text/plain": "alt.Chart(...)"})
    assert is_chart(found)
    assert chart_rows(found) == rows


@pytest.mark.parametrize(
    "page", ["<b>Plotly.</b>", "<script>Plotly.newPlot('a', [broken</script>",
             "<script>vegaEmbed('#v'); })({})</script>"],
)  # fmt: skip
def test_a_page_without_a_chart_stays(page: str) -> None:
    """And is refused as such."""
    assert chart_in({"text/html": page}) == {"text/html": page}
