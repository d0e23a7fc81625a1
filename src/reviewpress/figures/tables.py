"""Tables as Markdown: what a cell says, and pipe tables that every engine reads."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from reviewpress.context import review_labels, term_name
from reviewpress.errors import Problem, nearest, raise_all
from reviewpress.figures.amount import excess_problems
from reviewpress.figures.cells import (
    cell_markdown,
    control_problems,
    file_words,
    write_table_file,
)
from reviewpress.figures.decimals import align_numbers
from reviewpress.figures.published import (
    Published,
    figure_problem,
    figures_address,
    id_problems,
    inline,
    run_folder,
    tell_plain_marks,
)
from reviewpress.figures.table_layout import (
    Layout,
    Spans,
    build_layout,
    column_name,
    column_paths,
    grid_table,
)
from reviewpress.figures.table_notes import (
    Noted,
    Notes,
    note_problems,
    notes_by_symbol,
    notes_markdown,
    unmarked,
)
from reviewpress.figures.table_pages import PAGES, map_attributes, page_problems
from reviewpress.markdown import Markdown, escape
from reviewpress.tables.writer import different_names

Tabular = (
    pd.DataFrame
    | pd.Series
    | Mapping[str, object]
    | Sequence[Mapping[str, object]]
    | Sequence[Sequence[object]]
)
"""What makes a table: pandas' own, columns or numbers by name, rows."""
ALIGNMENTS = ("left", "right", "center", "decimal")
Align = Sequence[str] | Mapping[str, str]
"""How columns are aligned: each in order, or some by name."""

_CITATION = re.compile(r"\[@[^\[\]]+\]")
LINE_WIDTH = 72
MARKS = {"left": ":{}", "right": "{}:", "center": ":{}:"}
_MOST_NAMES = 5
_MOST_COLUMNS = 100
"""What print can hold: columns that name rows on each page, and columns on eight pages across."""


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
    spans: Spans | None = None,
    groups: str = "",
    notes: Notes | None = None,
    units: Mapping[str, str] | None = None,
    pages: str = "grid",
    map: Sequence[str] = (),
    quality: str = "",
) -> Published:
    """Publish a table from a DataFrame (or what makes one).

    A named index becomes the first columns. Cells are shown as text: lists joined by semicolons,
    whole numbers without decimals, others with two (below one, with two digits, below 0.0001 with a
    power of ten; unrounded in the CSV), missing values as `missing` ("not recorded" in the review's
    language). Words with an empty line between are paragraphs. A cell that is a citation as
    `review.cite` gives it, or marked with `md(…)`, is Markdown. `widths` are the columns' shares;
    without them, long columns get more, and in print the table is made as low as it can be.
    `row_headers` first columns name their row.
    `align` gives `left`, `right`, `center` or `decimal` for each column, or for some by name;
    numbers stand right, and by their decimal mark where their decimals differ.

    `spans` sets heads above several columns, by the names of these; so do columns of several
    levels. `groups` names a column whose values head the rows that share them. `notes` stand below
    the table: one, several, or by the symbols that `noted(…)` marks cells and columns with. `units`
    gives the unit of columns by name.

    `pages` is what a table is on pages: a `grid`, `entries` (each row a short list of its cells),
    or `explore`, a table that readers filter, sort and count. `map` names two columns of such a
    table, by which an evidence map beside it counts its rows, and `quality` a third, by which each
    cell of the map is divided. The PDF and Word have a table.

    Raises Problems naming all that is missing or wrong.
    """
    raise_all(excess_problems((caption, notes), id or "the table"))
    shown = as_frame(frame, flat=False)
    asked = notes_by_symbol(notes)
    grouped, body = _without_groups(shown, groups)
    found = _table_problems(body, id, caption, widths, row_headers, align)
    found += _name_problems(shown, id, spans or {}, groups, units or {}, align)
    found += page_problems(body, id, pages, map, quality, rich=bool(groups) or len(spans or {}) > 0)
    found += note_problems(id, asked, _symbols(shown))
    found += control_problems(shown, id)
    raise_all(found)
    assert body is not None
    assert shown is not None
    tell_plain_marks(id, [("caption", caption), *(("notes", text) for text in asked.values())])
    _tell_plain_citations(body, id)
    text, more = table_markdown(
        body, align=align, spans=spans, groups=grouped, units=units or {}, id=id,
        missing=missing, widths=widths,
    )  # fmt: skip
    classes = [".rp-table", *([".landscape"] if landscape else []), *PAGES[pages]]
    own = [f"row-headers={row_headers}"]
    own += ["widths=asked"] if widths is not None else []
    own += more
    own += ["groups=yes"] if grouped is not None else []
    own += [f"notes=notes-{id}"] if asked else []
    own += map_attributes(body, map, quality)
    own += [f"data={figures_address()}/{id}.csv"]
    attributes = f"{{#{id} {' '.join(classes)} {' '.join(own)}}}"
    text = f"{text}\n\n: {inline(caption)} {attributes}\n{notes_markdown(asked, id)}"
    folder, temporary = run_folder()
    if temporary:
        return Published(id, text)
    file = folder / f"{id}.csv"
    write_table_file(published_frame(shown, units or {}, asked), file)
    return Published(id, text, (file,))


def table_markdown(
    body: pd.DataFrame,
    *,
    align: Align | None = None,
    spans: Spans | None = None,
    groups: list[object] | None = None,
    units: Mapping[str, str] | None = None,
    id: str = "",
    missing: str | None = None,
    widths: Sequence[float] | None = None,
) -> tuple[str, list[str]]:
    """Return a table as Markdown without its caption, and the attributes that it needs for that."""
    sides = alignments_of(body, align)
    paths = column_paths(body, spans)
    layout = build_layout(body, paths, groups=groups, units=units or {}, id=id, missing=missing)
    return _written(align_numbers(layout, sides, _float_columns(body)), sides, widths)


def published_frame(
    frame: pd.DataFrame, units: Mapping[str, str], notes: Mapping[str, str | Markdown]
) -> pd.DataFrame:
    """Return what a table's file has: one row of heads, and the notes of each row at its end."""
    names = different_names(column_words(name, units) for name in frame.columns)
    told = [
        "; ".join(
            f"{name}: {file_words(notes[symbol])}"
            for name, value in zip(names, row, strict=True)
            for symbol in (value.symbols if isinstance(value, Noted) else ())
        )
        for row in frame.itertuples(index=False, name=None)
    ]
    plain = frame.map(lambda value: value.value if isinstance(value, Noted) else value)
    plain.columns = pd.Index(names)
    if any(told):
        plain = plain.assign(**{review_labels()["column-notes"]: told})
    return plain


def column_words(name: object, units: Mapping[str, str]) -> str:
    """Return the name of a column with the heads above it and its unit."""
    parts = [part for part in name if str(part)] if isinstance(name, tuple) else [name]
    unit = units.get(column_name(name))
    return ", ".join(term_name(str(part)) for part in parts) + (f" ({unit})" if unit else "")


def _written(
    layout: Layout, sides: Sequence[str], widths: Sequence[float] | None
) -> tuple[str, list[str]]:
    """Return a table as Markdown, and the attributes that it needs for that."""
    marks = ["right" if side == "decimal" else side for side in sides]
    words = [[" ".join(cell.blocks) for cell in row] for row in layout.rows if row[0].columns == 1]
    shares = _dashes([" ".join(cell.blocks) for cell in layout.leaves], words, widths)
    if layout.is_plain:
        head, *rows = [[cell.markdown for cell in row] for row in (*layout.heads, *layout.rows)]
        return _pipe(head, rows, marks, shares), []
    return grid_table(layout, marks), [f'shares="{" ".join(map(str, shares))}"']


def as_frame(data: Tabular | None, *, flat: bool = True) -> pd.DataFrame | None:
    """Return data as a DataFrame whose index says nothing; None for no data.

    A Series becomes two columns, a mapping of numbers likewise; a named or labelled index becomes
    columns of its own. Columns of several levels have one name each where they are `flat`.

    Raises Problems for more text than a cell may show.
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
    values = (value for row in frame.itertuples(name=None) for value in row)
    raise_all(excess_problems((*frame.columns, *values), "the table"))
    labelled = not isinstance(frame.index, pd.RangeIndex) and frame.index.inferred_type != "integer"
    if labelled or any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if flat and frame.columns.nlevels > 1:
        frame = frame.set_axis([", ".join(map(str, name)) for name in frame.columns], axis=1)
    return frame


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
    return _pipe(head, rows, alignments, _dashes(head, rows, widths))


def _pipe(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    alignments: Sequence[str],
    dashes: Sequence[int],
) -> str:
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
    """Return the alignment of each column: as asked, else numbers right and text left.

    A column in which nothing is recorded has no numbers, whatever its type.
    """
    names = [column_name(name) for name in frame.columns]
    if align is not None and not isinstance(align, Mapping):
        asked = dict(zip(names, align, strict=False))
    else:
        asked = {str(name): side for name, side in (align or {}).items()}
    columns = [unmarked(frame.iloc[:, at]) for at in range(len(names))]
    numeric = [
        is_numeric_dtype(column) and not is_bool_dtype(column) and bool(column.notna().any())
        for column in columns
    ]
    return [
        asked.get(name, "right" if number and position else "left")
        for position, (name, number) in enumerate(zip(names, numeric, strict=True))
    ]


def _float_columns(frame: pd.DataFrame) -> set[int]:
    """Return the places of the columns whose numbers have decimals."""
    places = range(len(frame.columns))
    return {at for at in places if is_float_dtype(unmarked(frame.iloc[:, at]))}


def _without_groups(
    frame: pd.DataFrame | None, groups: str
) -> tuple[list[object] | None, pd.DataFrame | None]:
    """Return the group of each row and the other columns; no groups where none are asked for."""
    if frame is None or not groups:
        return None, frame
    names = [column_name(name) for name in frame.columns]
    if groups not in names:
        return None, frame
    at = names.index(groups)
    kept = [n for n in range(len(names)) if n != at]
    return list(frame.iloc[:, at]), frame.iloc[:, kept]


def _symbols(frame: pd.DataFrame | None) -> list[str]:
    """Return the symbols that cells and columns are marked with, in their order."""
    if frame is None:
        return []
    names = [
        part for name in frame.columns for part in (name if isinstance(name, tuple) else (name,))
    ]
    cells = (value for row in frame.itertuples(index=False, name=None) for value in row)
    return [s for value in (*names, *cells) if isinstance(value, Noted) for s in value.symbols]


def _name_problems(
    frame: pd.DataFrame | None,
    id: str,
    spans: Spans,
    groups: str,
    units: Mapping[str, str],
    align: Align | None,
) -> list[Problem]:
    """Return the columns that options name and the table lacks, and spans that stand apart."""
    if frame is None:
        return []
    names = [column_name(name) for name in frame.columns]
    named = {
        "spans": [name for below in spans.values() for name in below],
        "units": units,
        "groups": [groups] if groups else [],
        "align": align if isinstance(align, Mapping) else (),
    }
    found = [
        figure_problem(
            f'{id} has no column "{name}", which {option} names.', nearest(str(name), names)
        )
        for option, asked in named.items()
        for name in asked
        if str(name) not in names
    ]
    rest = [name for name in names if name != groups]
    for label, below in spans.items():
        ats = [rest.index(name) for name in below if name in rest]
        if ats and ats != list(range(ats[0], ats[0] + len(ats))):
            hint = "Put them in one order in the table and in spans."
            found.append(
                figure_problem(f'{id}: the columns below "{label}" do not follow each other.', hint)
            )
    return found


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
            hint = "Use left, right, center or decimal."
            found.append(figure_problem(f'{id} cannot be aligned "{value}".', hint))
    return found + size_problems(len(frame.columns), id, row_headers)


def size_problems(count: int, id: str, row_headers: int) -> list[Problem]:
    """Return why no paper can hold a table: it is divided by columns, but not without end."""
    if count > _MOST_COLUMNS:
        message = f"{id} has {count} columns, more than print can show: {_MOST_COLUMNS} at most."
        hint = "Show fewer of them, make several tables, or turn rows into columns."
        return [figure_problem(message, hint)]
    if count > 12 and row_headers > _MOST_NAMES:
        message = (
            f"{id} repeats {row_headers} columns on each page, which leaves no room for others."
        )
        hint = f"So wide a table is divided in print: set row_headers to {_MOST_NAMES} or fewer."
        return [figure_problem(message, hint)]
    return []


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


def _is_column(value: object) -> bool:
    if isinstance(value, str):
        return False
    return isinstance(value, Sequence | set) or getattr(value, "shape", ()) != ()
