"""Numbers of records that a library keeps in the place of issues."""

from collections.abc import Sequence
from dataclasses import replace

from reviewpress.bibliography import Entry

FIELD = "record-number"
"""Where they are kept: a reference shows an issue, and two records are compared by it."""
_ISSUE = ("number", "issue")
_FEWEST, _JOURNALS, _UNLIKE, _WEEKS = 20, 5, 0.95, 52
_DIGITS = 16
"""How many digits no number of records has; Python reads none of thousands of them."""


def are_record_numbers(entries: Sequence[Entry]) -> bool:
    """Whether what an export says in the place of issues counts its records instead.

    A journal has few issues a year, so among twenty records of several journals one comes again.
    Numbers of which hardly any does, and that go beyond the weeks of a year, are not of issues.
    """
    numbered = [entry for entry in entries if _number(entry)]
    journals = {entry.text("journal").casefold() for entry in numbered}
    distinct = {int(_number(entry)) for entry in numbered}
    return (
        len(numbered) >= _FEWEST
        and len(journals) >= _JOURNALS
        and len(distinct) >= _UNLIKE * len(numbered)
        and max(distinct) > _WEEKS
    )


def set_number_aside(entry: Entry) -> Entry:
    """Return an entry in which the number of an issue is the number of a record.

    >>> article = {"journal": "Lung", "number": "1765"}
    >>> set_number_aside(Entry("", "article", article)).fields
    {'journal': 'Lung', 'record-number': '1765'}
    """
    if not _number(entry):
        return entry
    fields = {FIELD if name in _ISSUE else name: text for name, text in entry.fields.items()}
    return replace(entry, fields=fields)


def _number(entry: Entry) -> str:
    """Return the issue of an article where it is a whole number and no more; else nothing."""
    number = entry.first(*_ISSUE) if entry.fields.get("journal") else ""
    return number if number.isdecimal() and len(number) < _DIGITS else ""
