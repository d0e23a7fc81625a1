"""Assemble: chapters and their runs become one numbered, cross-referenced book.

text ── shortcodes ── pandoc ── conditions, callouts ── key messages ── numbers ── references
"""

from reviewpress.assemble.assembling import assemble, read_ahead
from reviewpress.assemble.book import Book, Page

__all__ = ["Book", "Page", "assemble", "read_ahead"]
