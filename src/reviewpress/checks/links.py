"""Links of chapters: whether each leads somewhere, and what Quarto's navigation would show."""

import re
from collections.abc import Iterator, Sequence

from reviewpress.assemble.ast import Node
from reviewpress.assemble.book import Book
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem, nearest

_TITLE = re.compile(r"^# .+$", re.M)
_SHORTCODE = re.compile(r"\{\{<\s*[\w-]")


def check_links(subject: Subject) -> Iterator[Problem]:
    """Find links that lead nowhere and, for Quarto, titles that its navigation cannot show."""
    yield from _dead_links(subject.book)
    if not subject.embedded:
        yield from _labels_with_shortcodes(subject.book)


def _dead_links(book: Book) -> Iterator[Problem]:
    """Yield a problem for each link to a chapter that the edition lacks, or to an id of no page."""
    for page in book.pages:
        for link in page.links:
            for message, name, others in book.links.problems_of(page, link):
                for place in page.leading_to("Link", link):
                    yield Problem("dead-link", message, place, _meant(name, others))


def _meant(name: str, others: Sequence[str]) -> str:
    hint = "Write the whole address: `https://…`. Files of the review are named from the chapter."
    return nearest(name, others) if others else hint


def _labels_with_shortcodes(book: Book) -> Iterator[Problem]:
    """Yield a problem for each chapter that Quarto's navigation would call by a shortcode.

    Quarto resolves it on the page alone: not in breadcrumbs, links to the next page and search.
    """
    for page in book.pages:
        title = _TITLE.search("\n\n".join(page.source.cells))
        if title and _SHORTCODE.search(title[0]) and not page.chapter.label:
            message = "Quarto's navigation would show the shortcode in the title as it is written."
            place = page.places.where(_is_title, title[0])[0]
            entry = f"`- href: {page.chapter.path}` with `text: …`"
            hint = f"Say what navigation is to call it: {entry} under chapters."
            yield Problem("navigation-label", message, place, hint)


def _is_title(node: Node) -> bool:
    return bool(node["t"] == "Header" and node["c"][0] == 1)
