"""The screen of a chapter's kernel: matplotlib's backend, on which `plt.show()` shows figures.

As in Jupyter, showing a figure puts it among the cell's outputs and ends it for pyplot, so that the
next plot begins another. What stands among the outputs is a mark with the figure's number here:
it is drawn when the cell's options have said what it is called.
"""

import sys
from typing import Any, TypeGuard

from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from reviewpress.errors import FigureError
from reviewpress.figures.drawn_words import HINT, excess_characters, refuse_long_categories

MARK = "application/vnd.reviewpress.figure+json"
"""The kind of an output that stands for a figure."""

refuse_long_categories()

_shown: list[Figure] = []
_published: set[int] = set()


class _Manager(FigureManagerBase):
    """Shows figures, by `figure.show()` and by `plt.show()`."""

    def show(self) -> None:
        """Put the figure among the cell's outputs."""
        _display(note(self.canvas.figure))

    @classmethod
    def pyplot_show(cls, *_: object, **__: object) -> None:
        """Show every figure that pyplot has open; what `plt.show` is given means nothing here."""
        for mark in show_open():
            _display(mark)


class _Canvas(FigureCanvasAgg):
    manager_class = _Manager

    def get_renderer(self) -> RendererAgg:
        """Return what measures and draws the figure; FigureError where its words are too many."""
        self._refuse_excess()
        renderer: RendererAgg = super().get_renderer()  # type: ignore[no-untyped-call]
        return renderer

    def print_figure(self, *given: Any, **options: Any) -> Any:
        """Write the figure to a file; FigureError where its words are too many."""
        self._refuse_excess()
        return super().print_figure(*given, **options)

    def _refuse_excess(self) -> None:
        if excess := excess_characters(self.figure):
            raise FigureError(f"the figure {excess}", hint=HINT)


FigureCanvas = _Canvas
"""What matplotlib looks for in a backend."""


def show_open() -> list[int]:
    """Take the figures that pyplot has open, which ends them there; return their marks."""
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return [note(figure) for figure in figures]


def note(figure: Figure) -> int:
    """Return the mark of a figure; it has the same for good."""
    for mark, known in enumerate(_shown):
        if known is figure:
            return mark
    _shown.append(figure)
    return len(_shown) - 1


def is_figure(value: object) -> TypeGuard[Figure]:
    """Say whether a value is a figure of matplotlib."""
    return isinstance(value, Figure)


def shown_figure(mark: int) -> Figure:
    """Return the figure that a mark is of."""
    return _shown[mark]


def forget(figure: Figure) -> None:
    """Note that a figure is published."""
    _published.add(note(figure))


def published_marks() -> list[int]:
    """Return the marks of the figures that were published."""
    return sorted(_published)


def _display(mark: int) -> None:
    shell = sys.modules.get("IPython")
    if shell is not None and shell.get_ipython() is not None:
        from IPython.display import display

        display({MARK: mark}, raw=True)  # type: ignore[no-untyped-call]
