"""Charts drawn once more for narrow screens, where text at the printed width could not be read.

A chart function under `also_narrow` leaves its narrow version on the figure it returns; what
publishes the figure asks `narrow_version` for it. A chart that cannot be drawn so narrow, or that
its author has changed after it was drawn, has none: pages let it scroll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from reviewpress.errors import FigureError
from reviewpress.figures.letters import lend_letters
from reviewpress.figures.style import WIDTH, drawn_at, page_width

P = ParamSpec("P")
T = TypeVar("T")

NARROW = 7.0
"""Centimetres: on a screen of 320 pixels a chart's text is then nearly as large as in print."""
_VERSION = "reviewpress_narrow"


def also_narrow(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a chart function draw the narrow version of its chart as well."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        # Of the same kinds, but for iterators, which become lists: the types cannot say so.
        kept: Any = tuple(_kept(value) for value in args)
        named: Any = {name: _kept(value) for name, value in kwargs.items()}
        figure = draw(*kept, **named)
        if page_width() == WIDTH:
            setattr(figure, _VERSION, _narrow(lambda: draw(*kept, **named)))
            # Whatever changes in a figure tells it so.
            figure.stale_callback = _let_go
        return figure

    return drawn


def narrow_version(figure: Figure) -> Figure | None:
    """Return a chart's narrow version; None for one without, or changed since it was drawn."""
    found: Figure | None = getattr(figure, _VERSION, None)
    return found


def _let_go(figure: Artist, stale: bool) -> None:
    if stale:
        setattr(figure, _VERSION, None)


def _narrow(draw: Callable[[], Figure]) -> Figure | None:
    with drawn_at(NARROW):
        try:
            figure = draw()
            lend_letters(figure, "a narrow chart")
        except FigureError:
            # What is wrong at any width is told of the wide one.
            return None
    return figure if _fits(figure) else None


def _fits(figure: Figure) -> bool:
    """Whether no text reaches over the edge."""
    renderer: RendererBase = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    right = figure.bbox.x1
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text():
            box = text.get_window_extent(renderer)
            if box.x0 < 0 or box.x1 > right:
                return False
    return True


def _kept(value: T) -> T | list[object]:
    """Return an argument that can be gone through twice."""
    return list(value) if isinstance(value, Iterator) else value
