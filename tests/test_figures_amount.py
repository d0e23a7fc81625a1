"""How much text a table or a figure holds."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from reviewpress.errors import FigureError, Problems
from reviewpress.figures.amount import excess_problems
from reviewpress.figures.publish import figure, publish_picture
from reviewpress.figures.screen import FigureCanvas
from reviewpress.figures.table_notes import noted
from reviewpress.figures.tables import table
from reviewpress.figures.unnumbered import frame_markdown
from reviewpress.markdown import md
from reviewpress.programs.limits import SHOWN_ENV

LONG = "x" * 1001
LONG_WORDS = "x" * 2_000_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of a thousand characters."""
    monkeypatch.setenv(SHOWN_ENV, "0.001")


@pytest.mark.parametrize(
    "value",
    [LONG, LONG.encode(), [LONG[:600], [LONG[600:]]], {"a": LONG}, {LONG: 1}, md(LONG),
     noted(LONG, "a"), frozenset([LONG])],
)  # fmt: skip
def test_what_holds_text(value: object) -> None:
    """However the text is held."""
    assert excess_problems([1, None, 2.5, "a", LONG[:900]], "it") == []
    assert [p.message for p in excess_problems([1, value], "it")] == [
        "it holds more than 0.001 MB of text."
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda: frame_markdown(pd.DataFrame({"a": [LONG]}), "", ""),
        lambda: frame_markdown(pd.Series([LONG], name="a"), "", ""),
        lambda: frame_markdown(pd.DataFrame({"a": [1]}, index=[LONG]), "", ""),
        lambda: frame_markdown(pd.DataFrame({LONG: [1]}), "tbl-a", "A"),
        lambda: table({"a": ["b"], "c": [LONG]}, id="tbl-a", caption="A"),
        lambda: table({"a": ["b"]}, id="tbl-a", caption=LONG),
        lambda: figure(Figure(), id="fig-a", title="A", subtitle="B", alt=LONG, data={"a": 1}),
        lambda: figure(Figure(), id="fig-a", title="A", subtitle="B", alt="C", data={LONG: 1}),
    ],
)
def test_what_is_published(make: Callable[[], object]) -> None:
    """Words around it, names of columns and of rows count as cells do."""
    with pytest.raises(Problems, match=r"holds more than 0\.001 MB of text\."):
        make()


def test_words_in_a_figure() -> None:
    """They are counted before they are drawn, those of ticks and categories too."""
    words = "x" * 60_000
    for at in range(4):
        drawing = Figure()
        axes = drawing.add_subplot()
        if at == 0:
            axes.text(0, 0, words)
        elif at == 1:
            axes.set_ylabel(words)
        elif at == 2:
            axes.set_xticks([0, 1], labels=["a", words])
        else:
            axes.bar([words[:40_000], words[:20_000]], [1, 2])
        with pytest.raises(Problems, match=r"fig-a holds 60,.* characters of text: 50,000 at most"):
            publish_picture(drawing, id="fig-a", caption="A", alt="B")


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.bar(["a", LONG_WORDS], [1, 2]),
        lambda axes: axes.barh(LONG_WORDS, 1),
        lambda axes: (axes.set_title(LONG_WORDS), axes.figure.tight_layout()),
        lambda axes: (axes.set_xticks([1], [LONG_WORDS]), axes.figure.canvas.draw()),
        lambda axes: (axes.annotate(LONG_WORDS, (0, 0)), axes.figure.savefig(BytesIO())),
        lambda axes: (axes.text(0, 0, LONG_WORDS), axes.figure.savefig(BytesIO(), format="svg")),
    ],
    ids=["category", "one-category", "title", "tick", "annotation", "file"],
)
def test_words_that_a_cell_itself_measures_or_draws(draw: Callable[[Any], object]) -> None:
    """They are refused before matplotlib spends minutes on them."""
    drawing = Figure()
    FigureCanvas(drawing)
    with pytest.raises(FigureError, match=r"holds 2,000,000 characters of text: 50,000 at most"):
        draw(drawing.add_subplot())
