"""Links: the one resolver, from what an author wrote to where it leads in each format.

    [the note](../b/note.qmd#end) ─▶ Destination(b/note.qmd, end) ─▶ ../b/note.html#end
                                                                     #end in one file

In one file no id may recur: the second chapter that has an id gets another in its place, and
whatever leads there leads to that.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol
from urllib.parse import quote, unquote

from reviewpress.config import CHAPTER_ENDINGS, Chapter
from reviewpress.formats.objects import Format

REFERENCE_LISTS = ("refs-included", "refs-additional", "refs")
"""The ids of the places that filters fill with references."""
_EXTERNAL = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)
_MISTYPED = re.compile(
    r"(?:https?:/*\Z|https?(?::(?!//)|//|/)|(?:ttps?|htps?|hhttps?):?//|https?;//|www\.|[a-z]:\\|(?:[\w-]+\.)+"
    r"(?:com|org|net|edu|gov|int|info|eu|uk|ie|de|fr|es|it|pl|ca|au)(?:[/?#]|\Z)"
    r"|\s*(?:file|javascript|vbscript|data):)",
    re.I,
)
"""What was meant to lead to the web, files of the author's own machine, and programs."""
_LONGEST = 8000
"""Letters of an address; Typst takes no more."""
_NOT_IN_ADDRESSES = re.compile(r'[\s%?#"<>\[\]{}|\\^`]')


class Linked(Protocol):
    """A chapter as links know it."""

    @property
    def chapter(self) -> Chapter:
        """Its file."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that it has."""

    @property
    def title_id(self) -> str:
        """The id of its title."""

    def path_of(self, file: str) -> str:
        """Return where a file that it names lies in the review."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads: the page of a chapter, and an id in it; the whole page without one."""

    page: Linked
    fragment: str

    @property
    def is_there(self) -> bool:
        """Whether the chapter has the id."""
        return not self.fragment or self.fragment in self.page.ids


class Links:
    """All chapters of a book, and what a link from one of them leads to."""

    def __init__(self, pages: Sequence[Linked]) -> None:
        self._pages = pages
        self._by_path = {page.chapter.path: page for page in pages}
        self._by_address = {page.chapter.page: page for page in pages}

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the chapters."""
        return tuple(self._by_path)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that a chapter has."""
        return tuple(self._owners)

    def find(self, here: Linked, href: str) -> Destination | None:
        """Return where a link leads; None where it leads to no chapter and no id of this book."""
        if is_external(href):
            return None
        file, _, fragment = href.partition("#")
        if file:
            page = self._by_path.get(here.path_of(file)) or self._by_path.get(
                here.path_of(unquote(file))
            )
            return Destination(page, _known(fragment, page.ids)) if page else None
        fragment = _known(fragment, here.ids)
        if fragment in here.ids:
            return Destination(here, fragment)
        fragment = _known(fragment, self._owners)
        owner = self._owners.get(fragment)
        return Destination(owner, fragment) if owner else None

    def target(self, made: Format, here: Linked, href: str) -> str:
        """Return the address of a link in a format; as it is where it leads out of the book."""
        found = self.find(here, href)
        if found is None:
            return href if made.page_ending else self._of_file(here, href)
        if href.startswith("#") and found.page is here and made.page_ending:
            return href
        return self.address(made, here, found)

    def address(self, made: Format, here: Linked, found: Destination) -> str:
        """Return the address in a format, from a chapter, of where a link leads."""
        if not made.page_ending:
            name = found.fragment or found.page.title_id
            return f"#{self.one_file_ids(found.page).get(name, name)}"
        pages = (made.page_name(each.chapter.page) for each in (here, found.page))
        end = f"#{found.fragment}" if found.fragment else ""
        return page_address(*pages) + end

    def of_place(self, made: Format, here: Linked, page: str, anchor: str) -> str:
        """Return the address in a format, from a chapter, of an id on the page of another."""
        return self.address(made, here, Destination(self._by_address[page], anchor))

    def one_file_ids(self, page: Linked) -> Mapping[str, str]:
        """Return the ids of a chapter that have others in their place in a book of one file."""
        return self._replaced.get(page.chapter.path, {})

    def problems_of(self, page: Linked, href: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """Yield what is wrong with a link: in words, the name it has, those it might have."""
        if _MISTYPED.match(href):
            yield f"the link to {href} is not a web address.", "", ()
            return
        if len(href) > _LONGEST:
            yield f"the address {href[:40]}… has more than {_LONGEST} letters.", "", ()
        if is_external(href):
            return
        file, _, fragment = href.partition("#")
        found = self.find(page, href)
        if found is None and not file:
            yield f"the link to #{fragment} leads to nothing.", fragment, self.ids
        elif found is None and (unquote(file).endswith(CHAPTER_ENDINGS) or self._is_named(file)):
            message = f"the link to {file} leads to no chapter of this edition."
            paths = [relative(page.chapter.path, each) for each in self.paths]
            yield message, _without_folder(unquote(file), page.chapter.path), paths
        elif found is not None and not found.is_there:
            message = f"the link to {href} leads to nothing in that chapter."
            yield message, fragment, found.page.ids

    def _is_named(self, file: str) -> bool:
        """Say whether a file is a chapter without its ending, or with that of a page."""
        name = posixpath.basename(unquote(file)).lower()
        names = {each.chapter.name.lower() for each in self._pages}
        return name.removesuffix(".html") in names and name.endswith((".html", *names))

    def _of_file(self, here: Linked, href: str) -> str:
        """Return the address of a file of the review from a file that is beside the pages."""
        file, mark, fragment = href.partition("#")
        return href if is_external(href) or not file else here.path_of(file) + mark + fragment

    @cached_property
    def _owners(self) -> Mapping[str, Linked]:
        """The first chapter that has an id."""
        return {name: page for page in reversed(self._pages) for name in page.ids}

    @cached_property
    def _replaced(self) -> Mapping[str, Mapping[str, str]]:
        """By chapter, the ids that one before it has, each with the one in its place."""
        taken = set(self._owners)
        replaced = {}
        for page in self._pages:
            again = (n for n in page.ids if self._owners[n] is not page)
            own: dict[str, str] = {}
            for name in again:
                if name not in REFERENCE_LISTS:
                    own[name] = _free(page.chapter, name, taken)
                    taken.add(own[name])
            replaced[page.chapter.path] = own
        return replaced


def is_external(href: str) -> bool:
    """Say whether a link leads to the web, to mail or the like."""
    return bool(_EXTERNAL.match(href))


def page_address(from_page: str, to_page: str) -> str:
    """Return the address of one page from another, as a link has it: blanks are encoded."""
    return _quoted(relative(from_page, to_page))


def relative(from_page: str, to_page: str) -> str:
    """Return the address of one page from another.

    >>> relative("chapters/process.html", "index.html")
    '../index.html'
    """
    return _from_folder(posixpath.dirname(from_page) or ".", to_page)


@lru_cache(maxsize=65_536)
def _quoted(address: str) -> str:
    return _NOT_IN_ADDRESSES.sub(lambda odd: quote(odd[0]), address)


@lru_cache(maxsize=65_536)
def _from_folder(folder: str, to_page: str) -> str:
    return posixpath.relpath(to_page, folder)


def _without_folder(file: str, path: str) -> str:
    """Return how a file that is named from the review's folder is named from a chapter's."""
    folder = posixpath.dirname(path)
    return file.removeprefix(f"{folder}/") if folder else file


def _known(fragment: str, ids: Sequence[str] | Mapping[str, Linked]) -> str:
    """Return an id as a chapter has it: in an address its letters may be encoded."""
    return unquote(fragment) if fragment not in ids and unquote(fragment) in ids else fragment


def _free(chapter: Chapter, name: str, taken: set[str]) -> str:
    """Return an id that no chapter has, from the chapter's name, or its whole path."""
    path = re.sub(r"[^\w.]+", "-", posixpath.splitext(chapter.path)[0])
    wanted = [f"{chapter.name}-{name}", f"{path}-{name}"]
    return next(
        each
        for each in (*wanted, *(f"{wanted[1]}-{n}" for n in range(2, len(taken) + 3)))
        if each not in taken
    )
