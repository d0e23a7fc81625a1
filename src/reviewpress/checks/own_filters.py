"""The Lua filters of a review, before the embedded engine runs them."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.config.filters import ENTRY_POINTS, ReviewFilter, list_filters, quarto_calls
from reviewpress.errors import Place, Problem, nearest

_BY_QUARTO = "Write it for pandoc alone, or render with Quarto: `--engine quarto`."


def check_filters(subject: Subject) -> Iterator[Problem]:
    """Find filters that are not there, are not Lua's, or need what Quarto alone has."""
    if not subject.embedded:
        return
    config = subject.config
    found = [each for name in config.formats for each in list_filters(config, name)]
    for each in dict.fromkeys(found):
        place = config.place_of("filters")
        if each.path is None:
            near = config.root.glob("**/*.lua")
            names = [path.relative_to(config.root).as_posix() for path in near]
            message = f"there is no filter {each.name}, and no extension of that name."
            yield Problem("filter", message, place, nearest(each.name, names))
        elif each.path.suffix != ".lua":
            message = f"the filter {each.name} is not written in Lua."
            yield Problem("filter", message, place, _BY_QUARTO)
        elif each.at not in ENTRY_POINTS:
            message = f'no filter runs at "{each.at}".'
            yield Problem("filter", message, place, nearest(each.at, ENTRY_POINTS))
        else:
            yield from _check_calls(each)


def _check_calls(each: ReviewFilter) -> Iterator[Problem]:
    assert each.path is not None
    text = each.path.read_text(encoding="utf-8", errors="replace")
    for line, name in quarto_calls(text):
        message = f"the filter uses {name}, which only Quarto has."
        yield Problem("filter", message, Place(each.name, line=line), _BY_QUARTO)
