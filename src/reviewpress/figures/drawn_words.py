"""How many words a figure draws: more are refused before matplotlib measures and draws them.

It takes minutes for a label of 2,000,000 characters, and as long to see that it is no date.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib import units
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryConverter
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

from reviewpress.errors import FigureError

MOST_CHARACTERS = 50_000
"""Of text in a figure: some ten pages, which take seconds to draw."""
HINT = "Show less text in it, or a table."


def excess_characters(figure: Figure) -> str:
    """Return that a figure holds more characters than it may; nothing of one that does not."""
    count = _characters(figure)
    return _excess(count) if count > MOST_CHARACTERS else ""


def refuse_long_categories() -> None:
    """Have matplotlib refuse the name of a category that is longer than a figure's words may be."""
    for kind, known in list(units.registry.items()):
        if type(known) is StrCategoryConverter:
            units.registry[kind] = _Categories()


class _Categories(StrCategoryConverter):
    """Places along an axis for categories, by their names."""

    @staticmethod
    def default_units(data: Any, axis: Axis) -> Any:
        """Return the places of categories; FigureError where a name is too long."""
        names: Sequence[object] = [data] if isinstance(data, str | bytes) else data
        longest = max((len(name) for name in names if isinstance(name, str | bytes)), default=0)
        if longest > MOST_CHARACTERS:
            raise FigureError(f"the name of a category {_excess(longest)}", hint=HINT)
        return StrCategoryConverter.default_units(data, axis)  # type: ignore[no-untyped-call]


def _excess(count: int) -> str:
    return f"holds {count:,} characters of text: {MOST_CHARACTERS:,} at most."


def _characters(artist: Artist) -> int:
    """Return how long the words in a figure are.

    Ticks are not asked for their own: to ask makes them, and in another style than the page's.
    """
    if isinstance(artist, Axis):
        places, form = artist.get_major_locator(), artist.get_major_formatter()
        fixed = form.format_ticks(list(places())) if isinstance(places, FixedLocator) else ()
        categories = getattr(artist.units, "_mapping", ())
        return sum(map(len, (artist.label.get_text(), *fixed, *map(str, categories))))
    own = len(artist.get_text()) if isinstance(artist, Text) else 0
    return own + sum(map(_characters, artist.get_children()))
