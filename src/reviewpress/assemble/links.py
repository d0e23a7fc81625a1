"""Links that lead nowhere, and titles that Quarto's navigation cannot show."""

import re
from collections.abc import Iterator

from reviewpress.assemble.ast import Node
from reviewpress.assemble.book import Book, Page
from reviewpress.config import CHAPTER_ENDINGS
from reviewpress.errors import Problem, nearest

EXTERNAL = ("http:", "https:", "mailto:", "ftp:", "doi:", "tel:")
_TITLE = re.compile(r"^# .+$", re.M)
_SHORTCODE = re.compile(r"\{\{<\s*[\w-]")


def dead_links(book: Book) -> Iterator[Problem]:
    """Yield a problem for each link to a chapter that the edition lacks, or to an id of no page."""
    pages = {page.chapter.path: page for page in book.pages}
    for page in book.pages:
        for link in page.links:
            message, hint = _wrong(book, page, link, pages)
            for place in page.leading_to("Link", link) if message else ():
                yield Problem("dead-link", message, place, hint)


def _wrong(book: Book, page: Page, link: str, pages: dict[str, Page]) -> tuple[str, str]:
    """Return what is wrong with a link, and what to do; nothing where it leads somewhere."""
    if link.startswith(EXTERNAL):
        return "", ""
    file, _, fragment = link.partition("#")
    if not file:
        if fragment in page.ids or fragment in book.targets:
            return "", ""
        return f"the link to #{fragment} leads to nothing.", nearest(fragment, book.targets)
    path = page.path_of(file)
    if path in pages:
        ids = pages[path].ids
        if not fragment or fragment in ids:
            return "", ""
        return f"the link to {link} leads to nothing in that chapter.", nearest(fragment, ids)
    if not file.endswith(CHAPTER_ENDINGS):
        return "", ""
    return f"the link to {file} leads to no chapter of this edition.", nearest(path, pages)


def labels_with_shortcodes(book: Book) -> Iterator[Problem]:
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
