"""Assemble: chapters and their runs become one numbered, cross-referenced book.

text ── shortcodes ── pandoc ── conditions, callouts ── key messages ── numbers ── references
"""

from reviewpress.assemble.book import Book, Page, assemble, read_ahead

__all__ = ["Book", "Page", "assemble", "read_ahead"]
