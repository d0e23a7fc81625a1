"""A book's pages as documents of one format: links, images and metadata as that format needs."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.images import find_image, wrong_images
from reviewpress.assemble.links import EXTERNAL
from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.config.page_files import page_styles, style_addresses
from reviewpress.config.resources import list_resources
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, raise_all
from reviewpress.formats.objects import HTML

REFERENCE_LISTS = ("refs-included", "refs-additional", "refs")
FIGURE_FILES = (".svg", ".png", ".csv", "-narrow.svg")
"""The files published with a figure, by what stands in place of the image's own ending."""


def page_blocks(manuscript: Manuscript, page: Page) -> list[Node]:
    """Return a chapter's blocks for its HTML page: links lead to pages, images stay relative."""
    book = manuscript.book
    pages = _pages_of_chapters(book)

    def change(node: Node) -> None:
        if node["t"] == "Link":
            target = node["c"][2]
            target[0] = _page_link(book, page, target[0], pages)
        elif node["t"] == "Image":
            _name_image(node, page, relative=True)

    return _changed(page.copy_for(HTML.name), change)


def part_blocks(manuscript: Manuscript, page: Page, name: str) -> list[Node]:
    """Return a chapter's blocks as a part of a one-file format: every link is a `#fragment`.

    Automatic heading ids that recur from chapter to chapter are made different.
    """
    book = manuscript.book
    pages = _pages_of_chapters(book)
    renamed = _renamed(book, page)
    begins = begun_part(book, page)

    def change(node: Node) -> None:
        if node["t"] == "Header":
            own = ast.attr(node)
            own[0] = renamed.get(own[0], own[0])
            if begins and node["c"][0] == 1:
                ast.set_attribute(node, "part", begins)
        elif node["t"] == "Link":
            target = node["c"][2]
            target[0] = _fragment_link(book, target[0], pages, renamed)
        elif node["t"] == "Image":
            _name_image(node, page, relative=False)

    return _changed(page.copy_for(name), change)


def part_key(manuscript: Manuscript, page: Page, name: str) -> bytes:
    """Return what changes when the blocks of a chapter's part of a one-file format do.

    It is the same for all formats where nothing in the chapter is for one alone.
    """
    book = manuscript.book
    pages = _pages_of_chapters(book)
    renamed = _renamed(book, page)
    links = [_fragment_link(book, href, pages, renamed) for href in page.links]
    depends = name if page.stage.facts["by-format"] else ""
    parts = [depends, page.key, page.chapter.path, begun_part(book, page), renamed, links]
    return ast.to_json(parts)


def page_key(manuscript: Manuscript, page: Page) -> bytes:
    """Return what changes when the blocks of an HTML page do."""
    book = manuscript.book
    pages = _pages_of_chapters(book)
    links = [_page_link(book, page, href, pages) for href in page.links]
    parts = [page.key, page.chapter.page, links]
    return ast.to_json(parts)


def begun_part(book: Book, page: Page) -> str | None:
    """Return the part of the book that begins with a page, None where none does."""
    at = book.pages.index(page)
    part = part_of(book, page)
    return part if at == 0 or part != part_of(book, book.pages[at - 1]) else None


def copy_images(manuscript: Manuscript, folder: Path, *, beside: Sequence[str] = ()) -> None:
    """Copy every image of the book to `folder`, at its place in the review.

    The files published with a figure that end as `beside` says are copied along. Raises Problems
    for images that do not exist or would come from the network.
    """
    raise_all(list(wrong_images(manuscript.book, manuscript.figures)))
    for page in manuscript.book.pages:
        for source in page.images:
            _copy_image(manuscript, page, source, folder, beside)


def copy_linked_files(book: Book, folder: Path) -> None:
    """Copy the files of the review that pages link to, a table for instance, to `folder`.

    Chapters are pages and no files. What lies outside the review, or is hidden in it, stays there;
    a file that an edition makes itself, such as its PDF, is not in the review.
    """
    root = book.config.root.resolve()
    for page in book.pages:
        for link in page.links:
            name = page.path_of(unquote(link.partition("#")[0]))
            file = (root / name).resolve()
            is_hidden = any(part.startswith((".", "_")) for part in Path(name).parts)
            if link.startswith(EXTERNAL) or is_hidden or name.endswith(CHAPTER_ENDINGS):
                continue
            if file.is_file() and file.is_relative_to(root):
                goal = folder / name
                goal.parent.mkdir(parents=True, exist_ok=True)
                goal.write_bytes(file.read_bytes())


def copy_resources(manuscript: Manuscript, folder: Path) -> None:
    """Copy the files that `project: resources:` names to `folder`, each at its place.

    Of the published figures they are those of this edition's chapters: not what an earlier build
    left there, nor those of chapters whose key messages alone are gathered.
    """
    config = manuscript.book.config
    for path in list_resources(config):
        name = path.relative_to(config.root).as_posix()
        if path.parent == config.root / "figures":
            if path.name not in manuscript.figures:
                continue
            path = manuscript.figures[path.name]
        goal = folder / name
        if not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(path.read_bytes())


def copy_styles(book: Book, folder: Path) -> None:
    """Copy the style sheets of pages to `folder`, with the files that they load."""
    config = book.config
    names = [
        name
        for page in book.pages
        for name, _ in page_styles(config, page.chapter, page.source.front.data)
    ]
    for name in names:
        text = (config.root / name).read_text(encoding="utf-8", errors="replace")
        for address, _ in style_addresses(text):
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            if inner not in names:
                names.append(inner) if inner.endswith(".css") else _copy_file(config, inner, folder)
        _copy_file(config, name, folder)


def copy_favicon(config: Config, folder: Path) -> None:
    """Copy the picture that browsers show beside the title of a page, where there is one."""
    name = str((config.metadata.get("book") or {}).get("favicon") or "")
    if name:
        _copy_file(config, name.removeprefix("./"), folder)


def _copy_file(config: Config, name: str, folder: Path) -> None:
    """Copy a file of the review to its place in `folder`, which may not be another file's."""
    goal = folder / name
    content = (config.root / name).read_bytes()
    if goal.exists() and goal.read_bytes() != content:
        raise ConfigError(f"{name} would take the place of another file of the edition.")
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_bytes(content)


def part_of(book: Book, page: Page) -> str | None:
    """Return the part of the book that a page stands in, None for one outside the parts."""
    return book.labels["section-title-appendices"] if page.chapter.appendix else page.chapter.part


def references_page(book: Book) -> str | None:
    """Return the address of the page that lists the references."""
    for page in book.pages:
        if has_reference_list(page):
            return page.chapter.page
    return None


def has_reference_list(page: Page) -> bool:
    """Say whether a page holds a list of references."""
    return any(name in REFERENCE_LISTS for name in page.ids)


@lru_cache(maxsize=65_536)
def relative(from_page: str, to_page: str) -> str:
    """Return the address of one page from another.

    >>> relative("chapters/process.html", "index.html")
    '../index.html'
    """
    return posixpath.relpath(to_page, posixpath.dirname(from_page) or ".")


def _changed(blocks: list[Node], change: Callable[[Node], None]) -> list[Node]:
    """Apply `change` to every node of blocks of one's own."""
    for node in ast.walk(blocks):
        change(node)
    return blocks


def _pages_of_chapters(book: Book) -> dict[str, Page]:
    return {page.chapter.path: page for page in book.pages}


def _page_link(book: Book, page: Page, href: str, pages: Mapping[str, Page]) -> str:
    if href.startswith(EXTERNAL):
        return href
    file, _, fragment = href.partition("#")
    end = f"#{fragment}" if fragment else ""
    if not file:
        target = book.targets.get(fragment)
        if target is None or target.page == page.chapter.page:
            return href
        own = fragment in page.ids
        return href if own else relative(page.chapter.page, target.page) + end
    other = pages.get(page.path_of(file))
    return relative(page.chapter.page, other.chapter.page) + end if other else href


def _fragment_link(
    book: Book, href: str, pages: Mapping[str, Page], renamed: Mapping[str, str]
) -> str:
    if href.startswith(EXTERNAL):
        return href
    file, _, fragment = href.partition("#")
    if not file:
        return f"#{renamed.get(fragment, fragment)}"
    name = posixpath.basename(file)
    other = next((p for path, p in pages.items() if posixpath.basename(path) == name), None)
    if other is None:
        return href
    if fragment:
        return f"#{_renamed(book, other).get(fragment, fragment)}"
    title = next((n for n in other.blocks if n["t"] == "Header" and n["c"][0] == 1), None)
    return f"#{ast.identifier(title)}" if title else href


def _renamed(book: Book, page: Page) -> dict[str, str]:
    """Map the heading ids of a page that another page had first to ids of its own."""
    return {
        name: f"{page.chapter.name}-{name}"
        for name in page.headings
        if name in book.targets and book.targets[name].page != page.chapter.page
    }


def _name_image(node: Node, page: Page, *, relative: bool) -> None:
    target = node["c"][2]
    if not relative and not target[0].startswith(EXTERNAL):
        target[0] = page.path_of(target[0])


def _copy_image(
    manuscript: Manuscript, page: Page, source: str, folder: Path, beside: Sequence[str]
) -> None:
    path = page.path_of(source)
    names = [path]
    if path.startswith("figures/") or path.endswith(".svg"):
        names += [str(Path(path).with_suffix("")) + ending for ending in beside]
    for name in dict.fromkeys(names):
        file = find_image(manuscript.book.config.root, name, manuscript.figures)
        if file is not None:
            goal = folder / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(file.read_bytes())
