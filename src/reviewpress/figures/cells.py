"""What a cell of a table says, and how it stands in Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import SupportsFloat, TypeGuard

import numpy as np
import pandas as pd

from reviewpress.context import review_labels, term_name
from reviewpress.errors import Problem
from reviewpress.escaping import spreadsheet_cell
from reviewpress.labels import Labels
from reviewpress.markdown import Citation, Verbatim, escape
from reviewpress.rounding import powers_of_ten, rounded

_KEY = re.compile(r"@\{?([\w:.#$%&+?<>~/-]*\w)")
_CITED = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*\)|\{[^{}]*\})(?:\{[^{}]*\})?")
_MARKS = re.compile(r"\\(?=\W)|\*\*?|(?<!\w)_|_(?!\w)|\^")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 5
_HYPHEN = re.compile(r"(?<![^\s(\[{<>≤≥~≈=±×^,;:–−$£€¥“‘])-(?=[$£€¥]?[.,]?\d|∞)")
_LINE_SPACE = re.compile(r"[ \t\r\n\v\f]+")


def cell_text(value: object, *, missing: str | None = None, labels: Labels | None = None) -> str:
    """Return what a cell says, before escaping; `missing` is "not recorded" unless given.

    With `labels`, numbers and lists bear the marks of that language; without, those that other
    programs read.

    >>> cell_text(3.0), cell_text(0.5), cell_text(("Interview", "Survey")), cell_text(None)
    ('3', '0.5', 'Interview; Survey', 'not recorded')
    """
    if hasattr(value, "_repr_markdown_"):
        return str(value._repr_markdown_())
    if isinstance(value, str):
        return term_name(value)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        separator = labels["list-separator"] if labels else "; "
        return separator.join(cell_text(item, missing=missing, labels=labels) for item in items)
    if _is_missing(value):
        return review_labels()["not-recorded"] if missing is None else missing
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return review_labels()["cell-yes" if value else "cell-no"]
    return _number(value, labels)


def cell_markdown(value: object, *, missing: str | None = None) -> str:
    r"""Return a cell as it stands in a pipe table.

    Words are escaped; what `review.cite` or `md(…)` gives is Markdown already.

    >>> from reviewpress.markdown import cite_keys
    >>> cell_markdown("a|b*"), cell_markdown(cite_keys(["wang2020"])), cell_markdown("@wang2020")
    ('a\\|b\\*', '[@wang2020]', '\\@wang2020')
    """
    shown = cell_text(value, missing=missing, labels=review_labels())
    text = _LINE_SPACE.sub(" ", shown).strip(" ")
    if hasattr(value, "_repr_markdown_"):
        return re.sub(r"(?<!\\)\|", r"\\|", text)
    return escape_words(text)


def escape_words(text: str) -> str:
    r"""Return what a cell says as Markdown; a hyphen before a number is a minus sign.

    >>> escape_words("-0.5 to *"), escape_words("CD-12"), escape_words("-£5")
    ('−0.5 to \\*', 'CD-12', '−£5')
    """
    return escape(_HYPHEN.sub("\N{MINUS SIGN}", powers_of_ten(text)))


def write_table_file(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: the words of its cells, in none of which a spreadsheet sees a formula.

    Citations are the keys of what they cite, Markdown is its words, and what is missing is empty.
    """
    text = frame.map(lambda value: spreadsheet_cell(file_words(value)))
    text.columns = [spreadsheet_cell(term_name(str(name)).strip()) for name in frame.columns]
    text.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def file_words(value: object) -> str:
    """Return what a cell of a file says: words, without the marks of Markdown.

    Numbers are not rounded, as they are where they are read.
    """
    if isinstance(value, Verbatim):
        return str(value)
    if _is_float(value) and not _is_missing(value):
        return _unrounded(float(value))
    text = cell_text(value, missing="")
    if isinstance(value, Citation):
        return "; ".join(_KEY.findall(text))
    if hasattr(value, "_repr_markdown_"):
        text = _CITED.sub(lambda cited: "; ".join(_KEY.findall(cited[0])), text)
        return _MARKS.sub("", _LINK.sub(r"\1", text))
    return text


def control_problems(frame: pd.DataFrame | None, id: str) -> list[Problem]:
    """Return the first cells with a character that no font shows, by row and column."""
    found: list[Problem] = []
    hint = "It may be a quotation mark or a dash: read the file in the encoding that it has."
    rows = frame.itertuples(index=False, name=None) if frame is not None else ()
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            match = _CONTROL.search(value) if isinstance(value, str) else None
            if match and frame is not None and len(found) < _MOST_CONTROLS:
                message = (
                    f'{id}, row {number}, column "{frame.columns[at]}": '
                    f"a control character (U+{ord(match[0]):04X}), which no font can show."
                )
                found.append(Problem("figure", message, hint=hint))
    return found


def _is_float(value: object) -> TypeGuard[SupportsFloat]:
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return isinstance(value, float) or (kind == "f" and isinstance(value, SupportsFloat))


def _unrounded(number: float, digits: int = 12) -> str:
    """Return a number with its digits, but for the last ones, which are those of binary sums."""
    return np.format_float_positional(float(f"{number:.{digits}g}"), trim="-")


def _number(value: object, labels: Labels | None) -> str:
    text = rounded(float(value)) if _is_float(value) else str(value)
    return labels.mark(text) if labels and _is_number(value) else text


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or getattr(value, "dtype", None) is not None


def _is_missing(value: object) -> bool:
    """Whether a value is missing as Python, numpy or pandas has it; only NaN is not itself."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    scalar = isinstance(value, SupportsFloat) and getattr(value, "shape", ()) == ()
    return scalar and bool(value != value)
