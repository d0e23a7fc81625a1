"""What a table is on pages: a grid, entries, or one to explore with a map of its rows."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reviewpress.context import review_labels
from reviewpress.errors import Problem, nearest
from reviewpress.figures.cells import cell_text
from reviewpress.figures.published import figure_problem
from reviewpress.figures.table_layout import column_name
from reviewpress.markdown import attribute_text

PAGES: Mapping[str, tuple[str, ...]] = {
    "grid": (), "entries": (".entries",), "explore": (".explorable",),
}  # fmt: skip
_MOST_IN_MAP = 40


def map_attributes(frame: pd.DataFrame, map: Sequence[str], quality: str) -> list[str]:
    """Return the columns of a map by their places, as attributes."""
    names = [column_name(name) for name in frame.columns]
    places = [names.index(name) + 1 for name in map]
    own = [f'map-by="{places[0]} {places[1]}"'] if places else []
    if not quality:
        return own
    at = names.index(quality)
    kind = frame.dtypes.iloc[at]
    levels = list(kind.categories) if isinstance(kind, pd.CategoricalDtype) else []
    labels = review_labels()
    words = (cell_text(level, labels=labels) for level in levels)
    told = attribute_text(labels["list-separator"].join(words))
    return [*own, f"quality={at + 1}", *([f'levels="{told}"'] if levels else [])]


def page_problems(
    frame: pd.DataFrame | None, id: str, pages: str, map: Sequence[str], quality: str, *, rich: bool
) -> list[Problem]:
    """Return what is wrong with what a table is to be on pages."""
    if frame is None:
        return []
    if pages not in PAGES:
        return [figure_problem(f'{id}: pages cannot be "{pages}".', nearest(pages, PAGES))]
    if pages != "grid" and (rich or frame.columns.nlevels > 1):
        hint = "Leave out groups and spans, or leave the table a grid."
        return [figure_problem(f"{id} has groups or spans, which {pages} cannot show.", hint)]
    if (map or quality) and pages != "explore":
        return [figure_problem(f"{id} has a map and is not explored.", 'Add pages="explore".')]
    if len(map) not in (0, 2):
        hint = 'Name its rows and its columns, as in map=("Region", "Theme").'
        return [figure_problem(f"{id}: a map needs two columns.", hint)]
    names = [column_name(name) for name in frame.columns]
    found = [
        figure_problem(f'{id} has no column "{name}", which map names.', nearest(name, names))
        for name in (*map, *([quality] if quality else []))
        if name not in names
    ]
    return found or _map_problems({name: frame.iloc[:, names.index(name)] for name in map}, id)


def _map_problems(columns: Mapping[str, pd.Series], id: str) -> list[Problem]:
    """Return the columns of a map that have more values than a map has room for."""
    separator = review_labels()["list-separator"].strip()
    found = []
    for name, column in columns.items():
        items = {item.strip() for cell in column for item in cell_text(cell).split(separator)}
        if len(items) > _MOST_IN_MAP:
            message = f'{id}: the column "{name}" has {len(items)} values, too many for a map.'
            hint = f"Name a column with {_MOST_IN_MAP} at most, or group its values."
            found.append(figure_problem(message, hint))
    return found
