"""Tables without a number: a frame that a cell shows, as `review.table` would set it."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reviewpress.errors import Problem, raise_all
from reviewpress.figures.cells import control_problems, write_table_file
from reviewpress.figures.published import inline, run_folder
from reviewpress.figures.tables import (
    Tabular,
    alignments_of,
    as_frame,
    pipe_table,
    size_problems,
    table,
    table_markdown,
)
from reviewpress.markdown import Markdown, md

MOST_ROWS, MOST_COLUMNS = 60, 20
"""As many as pandas shows of a frame; of a larger one it leaves some out."""


def frame_markdown(value: object, label: str, caption: str) -> str:
    """Return a frame or a series as a table; empty for another value.

    Without a label it has no number. `caption` is Markdown. Raises Problems for what is wrong.
    """
    if not isinstance(value, pd.DataFrame | pd.Series):
        return ""
    if not label:
        return _unnumbered(value, md(caption))
    return table(value, id=label, caption=md(caption)).markdown


def _unnumbered(data: Tabular, caption: str | Markdown) -> str:
    """Return a frame as Markdown, with its caption if it has one.

    Raises Problems for one that is empty, or too large to have been meant.
    """
    frame = as_frame(data, flat=False)
    assert frame is not None
    rows, columns = frame.shape
    found = control_problems(frame, "the frame")
    if not rows or not columns:
        hint = "Say in the text that there is nothing to list."
        found.append(Problem("figure", "the frame that the cell shows is empty.", hint=hint))
    elif (rows > MOST_ROWS or columns > MOST_COLUMNS) and not str(caption):
        message = f"the cell shows a frame of {rows:,} rows and {columns} columns."
        hint = (
            "Show those that matter, as by `.head(20)`; with a label and a caption all are shown."
        )
        found.append(Problem("figure", message, hint=hint))
    raise_all([*found, *size_problems(columns, "the frame", 1)])
    text, more = table_markdown(frame)
    own = " ".join(("row-headers=1", *more))
    return f"{text}\n\n: {inline(caption)} {{.rp-table {own}}}\n".replace(":  {", ": {")


def rows_markdown(id: str, rows: Sequence[Mapping[str, object]]) -> str:
    """Write the numbers behind a chart as CSV; return them as the block that readers open."""
    frame = pd.DataFrame(rows)
    raise_all(control_problems(frame, id))
    folder, temporary = run_folder()
    if not temporary:
        write_table_file(frame, folder / f"{id}.csv")
    shown = f"{pipe_table(frame, alignments_of(frame))}\n\n: {{row-headers=1}}"
    return f'::: {{.figure-data for="{id}"}}\n\n{shown}\n\n:::\n'
