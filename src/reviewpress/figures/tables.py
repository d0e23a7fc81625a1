"""Tables as Markdown: what a cell says, and pipe tables that every engine reads."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import SupportsFloat, TypedDict

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from reviewpress.context import review_labels, term_name
from reviewpress.errors import Problem, raise_all
from reviewpress.figures.published import Published, figure_problem, id_problems, inline, run_folder
from reviewpress.labels import Labels
from reviewpress.markdown import Markdown, escape

Tabular = (
    pd.DataFrame
    | pd.Series
    | Mapping[str, object]
    | Sequence[Mapping[str, object]]
    | Sequence[Sequence[object]]
)
"""What makes a table: pandas' own, columns or numbers by name, rows."""
ALIGNMENTS = ("left", "right", "center")
Align = Sequence[str] | Mapping[str, str]
"""How columns are aligned: each in order, or some by name."""

_CITATION = re.compile(r"\[@[^\[\]]+\]")
LINE_WIDTH = 72
_LINE_SPACE = re.compile(r"[ \t\r\n\v\f]+")
MARKS = {"left": ":{}", "right": "{}:", "center": ":{}:"}


class TableOptions(TypedDict, total=False):
    """What `table` can be given, for those who pass it on."""

    id: str
    caption: str | Markdown
    widths: Sequence[float] | None
    landscape: bool
    row_headers: int
    align: Align | None
    missing: str | None


def table(
    frame: Tabular,
    *,
    id: str = "",
    caption: str | Markdown = "",
    widths: Sequence[float] | None = None,
    landscape: bool = False,
    row_headers: int = 1,
    align: Align | None = None,
    missing: str | None = None,
) -> Published:
    """Publish a table from a DataFrame (or what makes one).

    A named index becomes the first columns. Cells are shown as text: lists joined by semicolons,
    whole numbers without decimals, missing values as `missing` ("not recorded" in the review's
    language). A cell that is a citation as
    `review.cite` gives it, or marked with `md(…)`, is Markdown. `widths` are the columns' shares;
    without them, long columns get more, and in print the table is made as low as it can be.
    `row_headers` first columns name their row. `align` gives `left`, `right` or `center` for each
    column, or for some by name; numbers stand right.

    Raises Problems naming all that is missing or wrong.
    """
    shown = as_frame(frame)
    raise_all(_table_problems(shown, id, caption, widths, row_headers, align))
    assert shown is not None
    _tell_plain_citations(shown, id)
    alignments = alignments_of(shown, align)
    classes = [".rp-table", *([".landscape"] if landscape else [])]
    asked = " widths=asked" if widths is not None else ""
    attributes = f"{{#{id} {' '.join(classes)} row-headers={row_headers}{asked}}}"
    rows = pipe_table(shown, alignments, widths=widths, missing=missing)
    text = f"{rows}\n\n: {inline(caption)} {attributes}\n"
    if run_folder()[1]:
        return Published(id, text, preview=shown.to_html(index=False))
    return Published(id, text)


def as_frame(data: Tabular | None) -> pd.DataFrame | None:
    """Return data as a DataFrame whose index says nothing; None for no data.

    A Series becomes two columns, a mapping of numbers likewise; a named or labelled index becomes
    columns of its own.
    """
    if data is None:
        return None
    labels = review_labels()
    category, number = labels["column-category"], labels["column-number"]
    if isinstance(data, Mapping) and not any(_is_column(value) for value in data.values()):
        data = pd.Series(dict(data), name=number).rename_axis(category)
    if isinstance(data, pd.Series):
        named = data.to_frame(data.name if data.name is not None else number)
        data = named.rename_axis(index=str(data.index.name or category)).reset_index()
    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
    labelled = not isinstance(frame.index, pd.RangeIndex) and frame.index.inferred_type != "integer"
    if labelled or any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if frame.columns.nlevels > 1:
        frame = frame.set_axis([", ".join(map(str, name)) for name in frame.columns], axis=1)
    return frame


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
    return labels.mark(_number(value)) if labels and _is_number(value) else _number(value)


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
    return escape(text)


def pipe_table(
    frame: pd.DataFrame,
    alignments: Sequence[str],
    *,
    widths: Sequence[float] | None = None,
    missing: str | None = None,
) -> str:
    """Return a DataFrame as a pipe table; its index is left out.

    Where lines are long the columns share the page's width, by `widths` or by what stands in
    them; short tables without `widths` are as wide as their text.
    """
    head = [escape(term_name(str(name))) for name in frame.columns]
    rows = [
        [cell_markdown(value, missing=missing) for value in row]
        for row in frame.itertuples(index=False, name=None)
    ]
    dashes = _dashes(head, rows, widths)
    rule = [MARKS[side].format("-" * count) for side, count in zip(alignments, dashes, strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def check_widths(frame: pd.DataFrame, widths: Sequence[float] | None) -> list[str]:
    """Return what is wrong with the widths asked for."""
    if widths is None:
        return []
    if len(widths) != len(frame.columns):
        return [f"{len(widths)} widths for {len(frame.columns)} columns."]
    return [] if all(width > 0 for width in widths) else ["a width is not above 0."]


def alignments_of(frame: pd.DataFrame, align: Align | None = None) -> list[str]:
    """Return the alignment of each column: as asked, else numbers right and text left."""
    if align is not None and not isinstance(align, Mapping):
        asked = dict(zip(frame.columns, align, strict=False))
    else:
        asked = dict(align or {})
    numeric = [is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in frame.dtypes]
    return [
        asked.get(name, "right" if number and position else "left")
        for position, (name, number) in enumerate(zip(frame.columns, numeric, strict=True))
    ]


def _table_problems(
    frame: pd.DataFrame | None,
    id: str,
    caption: str | Markdown,
    widths: Sequence[float] | None,
    row_headers: int,
    align: Align | None,
) -> list[Problem]:
    found = id_problems(id, "tbl-")
    if not str(caption or "").strip():
        found.append(
            figure_problem(f"{id or 'the table'} has no caption.", "Say what the table holds.")
        )
    if frame is None or frame.columns.empty:
        found.append(figure_problem(f"{id or 'the table'} has no columns.", "Give it a DataFrame."))
        return found
    if frame.empty:
        hint = "Say in the text that there is nothing to list."
        found.append(figure_problem(f"{id or 'the table'} has no rows.", hint))
    if not 0 <= row_headers <= len(frame.columns):
        found.append(figure_problem(f"{id} has fewer columns than row_headers={row_headers}.", ""))
    found += [figure_problem(f"{id}: {message}", "") for message in check_widths(frame, widths)]
    values = align.values() if isinstance(align, Mapping) else align or ()
    for value in values:
        if value not in ALIGNMENTS:
            found.append(
                figure_problem(f'{id} cannot be aligned "{value}".', "Use left, right, center.")
            )
    return found


def _tell_plain_citations(frame: pd.DataFrame, id: str) -> None:
    """Say in the cell's own words where a text of a table reads as a citation and is none."""
    for row in frame.itertuples(index=False, name=None):
        for cell in row:
            plain = isinstance(cell, str) and not hasattr(cell, "_repr_markdown_")
            if plain and _CITATION.fullmatch(cell):
                remedy = "review.cite(…) and md(…) make citations"
                print(f'{id}: "{cell}" is shown as it is written; {remedy}.', file=sys.stderr)
                return


def _dashes(head: list[str], rows: list[list[str]], widths: Sequence[float] | None) -> list[int]:
    """Return the length of each column's rule: pandoc reads them as shares in wide tables."""
    if widths is None:
        longest = max(sum(map(len, row)) + 3 * len(row) for row in [head, *rows])
        if longest <= LINE_WIDTH:
            return [3] * len(head)
        widths = [_need(name, [row[i] for row in rows]) for i, name in enumerate(head)]
    total = sum(widths)
    return [max(3, round(100 * width / total)) for width in widths]


def _need(name: str, column: list[str]) -> float:
    """Return how much width a column needs: its longest word, and the root of its length."""
    texts = [_visible(text) for text in [name, *column]]
    word = max(len(part) for text in texts for part in text.split() or [""])
    typical = sorted(len(text) for text in texts)[int(len(texts) * 0.9)]
    return float(max(word + 2, min(typical, 12 * typical**0.4)))


def _visible(text: str) -> str:
    """Return about what a reader sees: a citation is a superscript code, a link its text."""
    text = re.sub(r"@\S+", "000", text)
    return re.sub(r"\]\([^)]*\)|\\", "", text)


def _number(value: object) -> str:
    floats = isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"
    if floats and isinstance(value, SupportsFloat):
        number = float(value)
        if number.is_integer():
            return str(int(number))
        digits = f"{number:.2f}" if abs(number) >= 1 else f"{float(f'{number:.2g}'):f}"
        return digits.rstrip("0").rstrip(".")
    return str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or getattr(value, "dtype", None) is not None


def _is_missing(value: object) -> bool:
    """Whether a value is missing as Python, numpy or pandas has it; only NaN is not itself."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    scalar = isinstance(value, SupportsFloat) and getattr(value, "shape", ()) == ()
    return scalar and bool(value != value)


def _is_column(value: object) -> bool:
    if isinstance(value, str):
        return False
    return isinstance(value, Sequence | set) or getattr(value, "shape", ()) != ()
