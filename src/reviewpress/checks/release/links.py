"""Links between the pages of an edition, as the files have them."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reviewpress.errors import Place, Problem, nearest
from reviewpress.formats.objects.html import LOST_PAGE
from reviewpress.html_tree import parse_html

_ADDRESSES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}


@dataclass(frozen=True, slots=True)
class _Page:
    ids: frozenset[str]
    links: tuple[tuple[int, str, str], ...]


def check_page_links(folder: Path) -> Iterator[Problem]:
    """Find links to files, pages and fragments that the edition does not have.

    What is in another language is of another edition, which may be made later.

    A page that would load something from another site is a problem too: nothing may leave it.
    """
    pages = {path.relative_to(folder).as_posix(): _read(path) for path in _html_files(folder)}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, page in pages.items():
        base = _base(page) if name == LOST_PAGE else ""
        for line, tag, address in page.links:
            message, hint = _wrong(name, tag, address.removeprefix(base), pages, files)
            if message:
                yield Problem("dead-link", message, Place(name, line=line), hint, subject=address)


def _base(page: _Page) -> str:
    """Return where a page says that the edition is published: it is shown at any depth there."""
    return min((each for _, _, each in page.links if each.startswith("/")), key=len, default="")


def _wrong(
    name: str, tag: str, address: str, pages: dict[str, _Page], files: set[str]
) -> tuple[str, str]:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        if tag == "a" or parts.scheme == "data":
            return "", ""
        if tag == "link":
            return "", ""
        return f"the page loads {address} from another site.", "Keep a copy in the review."
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
    target = name if not parts.path else target
    # A server, and a browser of files alike, shows a folder's first page.
    index = posixpath.normpath(posixpath.join(target, "index.html"))
    target = index if target not in files and index in files else target
    if target not in files:
        return f"the link to {address} leads to no file.", nearest(target, files)
    fragment = unquote(parts.fragment)
    if fragment and target in pages and fragment not in pages[target].ids:
        return f"the link to {address} leads to no such place.", nearest(
            fragment, pages[target].ids
        )
    return "", ""


def _html_files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.html")))


def _read(path: Path) -> _Page:
    page = parse_html(path.read_text(encoding="utf-8"))
    links = [
        (element.sourceline, element.tag, element.get(_ADDRESSES[element.tag]))
        for element in page.iter(*_ADDRESSES)
        if _ADDRESSES[element.tag] in element.attrib and "hreflang" not in element.attrib
    ]
    return _Page(frozenset(map(str, page.xpath("//@id"))), tuple(links))
