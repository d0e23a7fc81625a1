"""What each format sees of a book in which some formats show what others do not.

A figure, a heading or an id under `when-format=` counts in the formats alone that show it, and
nothing that is wrong in one of them may hide behind what another shows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from reviewpress.assemble.book import Book
from reviewpress.errors import Problem
from reviewpress.formats.objects import FORMATS

_WORDS = {each.name: each.words for each in FORMATS}
_UNSEEN = ("unresolved-reference", "dead-link")
"""Rules of what leads nowhere: in another format it leads somewhere."""
_HINT = "Other formats show what it leads to: put it under the same `when-format=` as that."


def with_views(book: Book, views: Mapping[str, Book]) -> Book:
    """Return a book with what each format sees of it, and with what is wrong in any of them.

    Its targets have the numbers of the first format that shows them: the pages, where it has some.
    """
    seen = replace(book, views=views)
    targets = dict(book.targets)
    for view in reversed(tuple(views.values())):
        targets |= view.targets
    return replace(
        seen, targets=targets, problems=tuple(find_in_views(seen, lambda view: view.problems))
    )


def find_in_views(book: Book, find: Callable[[Book], Iterable[Problem]]) -> list[Problem]:
    """Return what is found wrong in a book, with the formats where it is wrong in some alone."""
    if not book.views:
        return list(find(book))
    found: dict[Problem, dict[str, Problem]] = {}
    for name, view in book.views.items():
        for problem in find(view):
            # Hints name what is near, of which a format may show more than another.
            found.setdefault(replace(problem, hint=""), {}).setdefault(_WORDS[name], problem)
    return [
        first if len(by_format) == len(book.views) else _of_some(first, list(by_format))
        for by_format in found.values()
        for first in [*by_format.values()][:1]
    ]


def _of_some(problem: Problem, names: list[str]) -> Problem:
    """Return a problem of some formats, which says so."""
    *first, last = names
    words = f"{', '.join(first)} and {last}" if first else last
    hint = _HINT if problem.rule in _UNSEEN else problem.hint
    return replace(problem, message=f"{problem.message.removesuffix('.')} (in {words}).", hint=hint)
