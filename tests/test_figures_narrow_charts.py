"""The versions of charts that narrow screens get."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewpress.figures import figure
from reviewpress.figures.charts import (
    bars,
    flowchart,
    grouped_bars,
    new_figure,
    stacked_bars,
    traffic_light,
    years,
)
from reviewpress.figures.narrow_charts import NARROW, narrow_version
from reviewpress.figures.style import CENTIMETRE, WIDTH, page_width

COUNTS = {"Meeting needs and improving lives": 21, "Service improvement": 15, "Costs": 4}
TABLE = pd.DataFrame(
    {"Peer reviewed": [66, 8, 3], "Grey literature": [7, 1, 1]},
    index=["Primary research", "Review", "Secondary review (without a systematic method)"],
)
BY_YEAR = TABLE.reindex(range(2012, 2023), fill_value=2)
STEPS = {"search": "Search the databases", "read": "Read", "end": "Excluded"}
ARROWS = [("search", "read", "include"), ("search", "end", "exclude")]


def size(drawn: Any) -> tuple[float, float]:
    width, height = drawn.get_size_inches()
    return width / CENTIMETRE, height / CENTIMETRE


def words(drawn: Any) -> set[str]:
    """Return the words of a chart; a number in a part stands only where it has room."""
    texts = [artist.get_text() for artist in drawn.findobj(lambda a: hasattr(a, "get_text"))]
    return {word for word in " ".join(texts).split() if not word.isdigit()}


@pytest.mark.parametrize(
    "draw",
    [
        lambda: bars(COUNTS, highlight="Costs", unit="papers"),
        lambda: stacked_bars(TABLE),
        lambda: grouped_bars(TABLE),
        lambda: years(BY_YEAR),
        lambda: flowchart(STEPS, ARROWS),
    ],
)
def test_a_chart_has_a_narrow_version(draw: Callable[[], Any]) -> None:
    """It is as wide as a telephone, says the same, and no text reaches over its edge."""
    wide = draw()
    narrow = narrow_version(wide)
    assert narrow is not None
    assert size(wide)[0] == pytest.approx(WIDTH)
    assert size(narrow)[0] == pytest.approx(NARROW)
    assert words(narrow) == words(wide)
    assert page_width() == WIDTH


def test_arguments_that_end_are_kept_for_both() -> None:
    """A generator is gone through once; both versions show what it gave."""
    drawn = bars(COUNTS, highlight=(name for name in ["Costs"]))
    narrow = narrow_version(drawn)
    assert narrow is not None
    fills = [
        [bar.get_facecolor() for axes in each.axes for bar in axes.patches]
        for each in (drawn, narrow)
    ]
    assert fills[0] == fills[1]
    assert len(set(fills[0])) == 2


def test_a_chart_that_was_changed_has_none() -> None:
    """What an author adds to a chart would be missing from its narrow version."""
    drawn = bars(COUNTS)
    assert narrow_version(drawn) is not None
    drawn.axes[0].axvline(10)
    assert narrow_version(drawn) is None
    drawn = bars(COUNTS)
    drawn.findobj(lambda artist: hasattr(artist, "get_text"))[0].set_text("mine")
    assert narrow_version(drawn) is None


def test_a_chart_that_does_not_fit_has_none() -> None:
    """Many criteria, a word wider than the screen, a figure of one's own: these scroll."""
    criteria = [str(n) for n in range(20)]
    answers = pd.DataFrame([["Yes"] * 20], columns=criteria).assign(Study="1")
    assert narrow_version(traffic_light(answers)) is None
    few = answers[["Study", *criteria[:5]]]
    assert narrow_version(traffic_light(few)) is not None
    assert narrow_version(bars({"W" * 40: 1, "b": 2})) is None
    assert narrow_version(new_figure(3)) is None


def test_the_narrow_version_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file stands with the others, named and described; the Markdown tells of it."""
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path))
    told = {"title": "Needs lead", "subtitle": "Papers by reason", "alt": "Needs 21, costs 4."}
    made = figure(bars(COUNTS), id="fig-reasons", data=COUNTS, **told)
    assert "{#fig-reasons size=582x" in made.markdown
    names = [path.name for path in made.files]
    assert "fig-reasons-narrow.svg" in names
    text = (tmp_path / "figures" / "fig-reasons-narrow.svg").read_text(encoding="utf-8")
    assert "<title>Needs lead</title>" in text
    assert "<desc>Needs 21, costs 4.</desc>" in text
