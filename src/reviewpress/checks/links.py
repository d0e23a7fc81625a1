"""Links of chapters: whether each leads somewhere, and what Quarto's navigation would show."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from reviewpress.assemble.ast import Node
from reviewpress.assemble.book import Book
from reviewpress.assemble.elsewhere import list_it
from reviewpress.assemble.links import is_external
from reviewpress.assemble.views import find_in_views
from reviewpress.checks.subject import Subject
from reviewpress.config import CHAPTER_ENDINGS
from reviewpress.config.aliases import moved_pages
from reviewpress.errors import Problem, nearest
from reviewpress.formats.objects import FORMATS
from reviewpress.store.files import missing_hint

_TITLE = re.compile(r"^# .+$", re.M)
_SHORTCODE = re.compile(r"\{\{<\s*[\w-]")


_BY_THE_BUILD = re.compile(
    r"CITATION\.cff|citation\.\w+|datacite\.json|crossref\.xml|edition\.json|sitemap\.xml"
    r"|robots\.txt|data-package\.zip|included-papers\.\w+|assets/.*|pagefind/.*"
)
"""What an edition has besides its chapters, its formats and the figures of its runs."""


def check_links(subject: Subject) -> Iterator[Problem]:
    """Find links that lead nowhere and, for Quarto, titles that its navigation cannot show."""
    yield from find_in_views(subject.book, _dead_links)
    yield from _missing_files(subject)
    if not subject.embedded:
        yield from _labels_with_shortcodes(subject.book)


def _dead_links(book: Book) -> Iterator[Problem]:
    """Yield a problem for each link to a chapter that the edition lacks, or to an id of no page."""
    for page in book.pages:
        for link in page.links:
            for message, name, others in book.links.problems_of(page, link):
                for place in page.leading_to("Link", link):
                    hint = _listing(book, page.path_of(unquote(link.partition("#")[0])))
                    yield Problem("dead-link", message, place, hint or _meant(name, others))


def _listing(book: Book, path: str) -> str:
    """Say of a chapter that the edition lacks that it is to be listed; empty for other files."""
    listed = {page.chapter.path for page in book.pages}
    is_there = path.endswith(CHAPTER_ENDINGS) and (book.config.root / path).is_file()
    return list_it(path) if is_there and path not in listed else ""


def _meant(name: str, others: Sequence[str]) -> str:
    hint = "Write the whole address: `https://…`. Files of the review are named from the chapter."
    return nearest(name, others) if others else hint


def _missing_files(subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each link to a file that is not in the review, or is never published.

    What lies outside the review is not looked for: another edition may lie there.
    """
    config, book = subject.config, subject.book
    runs = (files for run in subject.runs.values() for files in run.figures.values())
    made = {f"figures/{file.name}" for files in runs for file in files}
    made |= {config.file_name(each.ending) for each in FORMATS} | {*moved_pages(config)}
    for page in book.pages:
        for link in page.links:
            name = page.path_of(unquote(re.split(r"[?#]", link)[0]))
            if is_external(link) or link.startswith(("#", "?")) or name.startswith(".."):
                continue
            if name in made or _BY_THE_BUILD.fullmatch(name) or (config.root / name).is_dir():
                continue
            if book.links.find(page, link) or any(book.links.problems_of(page, link)):
                continue
            if not (config.root / name).is_file():
                message = f"the link to {name} leads to no file of the review."
                hint = missing_hint(config.root / name, name, _names_beside(config.root, name))
            elif subject.embedded and re.search(r"(?:^|/)[._]", name):
                message = f"the link to {name} leads to a file that is not published."
                hint = "Names that begin with `_` or a point are left out: give it another."
            else:
                continue
            for place in page.leading_to("Link", link):
                yield Problem("dead-link", message, place, hint)


def _names_beside(root: Path, name: str) -> Iterator[str]:
    """Yield the files of the folder that a file would lie in, or of the next one above it."""
    folder = next(each for each in (root / name).parents if each.is_dir())
    for file in sorted(folder.iterdir()):
        if file.is_file() and not file.name.startswith((".", "_")):
            yield file.relative_to(root).as_posix()


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
