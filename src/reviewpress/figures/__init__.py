"""Figures and tables: house style, the review's charts, and publishing with text alternatives."""

from reviewpress.figures.publish import Markdown, Published, figure, md, table

__all__ = ["Markdown", "Published", "figure", "md", "table"]
