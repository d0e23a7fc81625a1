"""Notes below a table, and the symbols in it that lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pandas.api.types import is_object_dtype

from reviewpress.errors import Problem, nearest
from reviewpress.figures.published import figure_problem, inline
from reviewpress.markdown import Markdown, escape

Notes = str | Markdown | Sequence[str | Markdown] | Mapping[str, str | Markdown]
"""Notes: one, several, or by the symbols that stand for them in the table."""
SYMBOL_SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Noted:
    """A value of a cell, or the name of a column, with the symbols of its notes."""

    value: object
    symbols: tuple[str, ...]

    def __str__(self) -> str:
        return str(self.value)


def noted(value: object, *symbols: str) -> Noted:
    """Mark a cell or a column's name with the symbols of notes that `notes=` explains.

    A symbol may stand in many cells: it has one note.

    >>> str(noted("0.52", "a"))
    '0.52'
    """
    return Noted(value, symbols)


def unmarked(column: pd.Series) -> pd.Series:
    """Return a column without symbols: the numbers among which some have a note are numbers."""
    if not is_object_dtype(column.dtype):
        return column
    plain = [value.value if isinstance(value, Noted) else value for value in column]
    return pd.Series(plain, dtype=object).infer_objects()


def marks_markdown(value: Noted, id: str) -> str:
    """Return the symbols of a value as Markdown: raised, each a link to its note."""
    links = [
        f"[^{escape(symbol)}^](#{_note_id(id, symbol)}){{.note-mark}}" for symbol in value.symbols
    ]
    return f"^{SYMBOL_SEPARATOR}^".join(links)


def notes_by_symbol(notes: Notes | None) -> dict[str, str | Markdown]:
    """Return notes by their symbols; those without one have numbers that nobody sees."""
    if notes is None:
        return {}
    if isinstance(notes, Mapping):
        return {str(symbol): text for symbol, text in notes.items()}
    several = [notes] if isinstance(notes, str | Markdown) else notes
    return {f" {at}": text for at, text in enumerate(several)}


def notes_markdown(notes: Mapping[str, str | Markdown], id: str) -> str:
    """Return the notes of a table as a block of their own; nothing for none."""
    if not notes:
        return ""
    lines = [_note(symbol, text, id) for symbol, text in notes.items()]
    return "\n\n".join([f"\n::: {{.table-notes #notes-{id}}}", *lines, ":::"]) + "\n"


def note_problems(
    id: str, notes: Mapping[str, str | Markdown], used: Iterable[str]
) -> list[Problem]:
    """Return the symbols that have no note, and the notes that no symbol leads to."""
    symbols = list(dict.fromkeys(used))
    explained = [symbol for symbol in notes if symbol[:1] != " "]
    found = [
        figure_problem(
            f'{id}: the symbol "{symbol}" has no note.',
            nearest(symbol, explained) if explained else f'Explain it: notes={{"{symbol}": "…"}}.',
        )
        for symbol in symbols
        if symbol not in notes
    ]
    return found + [
        figure_problem(
            f'{id}: nothing in the table leads to the note "{symbol}".',
            f'Mark a cell or a column with noted(…, "{symbol}").',
        )
        for symbol in explained
        if symbol not in symbols
    ]


def _note(symbol: str, text: str | Markdown, id: str) -> str:
    words = inline(text)
    if symbol[:1] == " ":
        return words
    return f"[^{escape(symbol)}^]{{#{_note_id(id, symbol)} .note-symbol}} {words}"


def _note_id(id: str, symbol: str) -> str:
    """Return the id of a note: letters and digits as they are, other signs by their numbers."""
    named = "".join(c if c.isascii() and c.isalnum() else f"x{ord(c):x}" for c in symbol)
    return f"note-{id}-{named}"
