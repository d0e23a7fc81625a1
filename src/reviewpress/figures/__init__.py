"""Figures and tables: house style, the review's charts, and publishing with text alternatives.

charts      what `review.charts` has; drawing lays out boxes and text, style is the house's
publish     a figure: its files, its text alternative and its data
tables      a table, and cells as text
published   ids, texts and folders of both
folder      the published figures of the last build
"""

from typing import TYPE_CHECKING

from reviewpress.markdown import Markdown, md

if TYPE_CHECKING:
    from reviewpress.figures.publish import figure
    from reviewpress.figures.tables import table

__all__ = ["Markdown", "figure", "md", "table"]

if not TYPE_CHECKING:  # or every name would seem to exist
    _HOMES = {"figure": "publish", "table": "tables"}

    def __getattr__(name):
        """Import what publishes when it is asked for: builds import other modules from here."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
