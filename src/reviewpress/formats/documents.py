"""A book's pages as documents of one format: links, images and metadata as that format needs."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.images import card_pictures, find_image, wrong_images
from reviewpress.assemble.links import REFERENCE_LISTS, is_external
from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.config.page_files import page_styles, style_addresses
from reviewpress.config.resources import list_resources
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, raise_all
from reviewpress.formats.history import FIRST, history_blocks
from reviewpress.formats.objects import HTML, TYPST, Format
from reviewpress.store.ordinary_files import real_path

TABLES = (".csv", ".json", ".xlsx")
FIGURE_FILES = (".svg", ".csv", "-narrow.svg", "-titled.svg", "-titled.png")
"""The files published with a figure, by what stands in place of the image's own ending."""


def page_blocks(manuscript: Manuscript, page: Page, made: Format = HTML) -> list[Node]:
    """Return a chapter's blocks as a file of its own: links lead to files, images stay as named."""
    links = manuscript.book.links

    def change(node: Node) -> None:
        if node["t"] == "Link":
            _lead(node, lambda href: links.target(made, page, href))

    # Pages have the same from their template.
    ends = [] if made is HTML else _history(manuscript.book, page)
    return _changed([*page.copy_for(made.name), *ends], change)


def ending_blocks(manuscript: Manuscript, made: Format) -> list[Node]:
    """Return what the first page of an edition ends with, its links as a format has them."""
    links = manuscript.book.links
    page = next((page for page in manuscript.book.pages if page.chapter.page == FIRST), None)

    def change(node: Node) -> None:
        if page and node["t"] == "Link":
            _lead(node, lambda href: links.target(made, page, href))

    return _changed(_history(manuscript.book, page, made) if page else [], change)


def part_blocks(manuscript: Manuscript, page: Page, made: Format) -> list[Node]:
    """Return a chapter's blocks as a part of a one-file format: every link is a `#fragment`.

    Ids that recur from chapter to chapter are made different. Headings that skip a level, or have
    no words, were acknowledged; a tagged PDF can have neither.
    """
    links = manuscript.book.links
    renamed = links.one_file_ids(page)
    begins = begun_part(manuscript.book, page)
    level = 0

    def change(node: Node) -> None:
        nonlocal level
        if node["t"] == "Header" and not ast.text(node["c"][2]).strip():
            node["t"], node["c"] = "Div", [node["c"][1], [{"t": "Plain", "c": node["c"][2]}]]
        elif node["t"] == "Header":
            level = node["c"][0] = min(node["c"][0], level + 1) if level else node["c"][0]
        own = ast.attr(node)
        own[0] = renamed.get(own[0], own[0])
        if node["t"] == "Header" and begins and node["c"][0] == 1:
            ast.set_attribute(node, "part", begins)
        elif node["t"] == "Link":
            _lead(node, lambda href: links.target(made, page, href))
        elif node["t"] == "Image" and not is_external(node["c"][2][0]):
            node["c"][2][0] = page.path_of(unquote(node["c"][2][0]))

    ends = _history(manuscript.book, page)
    blocks = _changed([*page.copy_for(made.name), *ends], change)
    return [*_out_of_blocks(blocks)] if made is TYPST else blocks


def _out_of_blocks(blocks: Sequence[Node]) -> Iterator[Node]:
    """Yield blocks with the title of a chapter in no other: a new page begins within none.

    What leads to a block leads to where it began.
    """
    for block in blocks:
        held = ast.walk(block["c"][1]) if block["t"] == "Div" else ()
        if not any(node["t"] == "Header" and node["c"][0] == 1 for node in held):
            yield block
            continue
        if ast.identifier(block):
            yield {"t": "Div", "c": [block["c"][0], []]}
        yield from _out_of_blocks(block["c"][1])


def _history(book: Book, page: Page, made: Format | None = None) -> list[Node]:
    """Return what the first page ends with: the corrections and versions of the edition."""
    if page.chapter.page != FIRST:
        return []
    return history_blocks(book.config, book.labels, named=made is HTML)


def _lead(link: Node, target_of: Callable[[str], str]) -> None:
    """Give a link its target; one without an address, that was acknowledged, is its words."""
    own, words, target = link["c"]
    if target[0].strip():
        target[0] = target_of(target[0])
    else:
        link["t"], link["c"] = "Span", [own, words]


def part_key(manuscript: Manuscript, page: Page, made: Format) -> bytes:
    """Return what changes when the blocks of a chapter's part of a one-file format do.

    It is the same for all formats where nothing in the chapter is for one alone.
    """
    book = manuscript.book
    renamed = dict(book.links.one_file_ids(page))
    links = [book.links.target(made, page, href) for href in page.links]
    depends = made.name if page.stage.facts["by-format"] else ""
    parts = [depends, page.key, page.chapter.path, begun_part(book, page), renamed, links]
    parts += _history(book, page)
    return ast.to_json(parts)


def page_key(manuscript: Manuscript, page: Page, made: Format = HTML) -> bytes:
    """Return what changes when the blocks of a chapter's own file do."""
    links = [manuscript.book.links.target(made, page, href) for href in page.links]
    return ast.to_json([page.key, page.chapter.page, links, *_history(manuscript.book, page)])


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
            file = real_path(root / name)
            is_hidden = any(part.startswith((".", "_")) for part in Path(name).parts)
            if is_external(link) or is_hidden or name.endswith(CHAPTER_ENDINGS):
                continue
            if file.is_file() and file.is_relative_to(root):
                goal = folder / name
                goal.parent.mkdir(parents=True, exist_ok=True)
                goal.write_bytes(file.read_bytes())


def copy_tables(manuscript: Manuscript, folder: Path) -> None:
    """Copy the files of the tables that pages show to `folder`, to be downloaded."""
    for name, path in manuscript.figures.items():
        if name.startswith("tbl-"):
            goal = folder / "figures" / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(path.read_bytes())


def copy_resources(manuscript: Manuscript, folder: Path) -> None:
    """Copy the files that `project: resources:` names to `folder`, each at its place.

    Of the published figures they are those of this edition's chapters: not what an earlier build
    left there, nor those of chapters whose key messages alone are gathered.
    """
    for name, path in published_resources(manuscript).items():
        goal = folder / name
        if not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(path.read_bytes())


def published_resources(manuscript: Manuscript) -> dict[str, Path]:
    """Return those files by their places in the edition."""
    config = manuscript.book.config
    own = {f"figures/{name}": path for name, path in manuscript.figures.items()}
    return {
        name: own.get(name, config.root / name)
        for name in list_resources(config, own)
        if posixpath.dirname(name) != "figures" or name in own
    }


def published_tables(config: Config) -> list[str]:
    """Return the tables of the review that its resources name, by their places."""
    names = list_resources(config)
    return [name for name in names if name.startswith("data/") and name.endswith(TABLES)]


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


def copy_card_pictures(book: Book, folder: Path) -> None:
    """Copy the pictures that are shown where links to pages are shared, if there are any."""
    for name in sorted(card_pictures(book)):
        _copy_file(book.config, name, folder)


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


def _changed(blocks: list[Node], change: Callable[[Node], None]) -> list[Node]:
    """Apply `change` to every node of blocks of one's own."""
    for node in ast.walk(blocks):
        change(node)
    return blocks


def _copy_image(
    manuscript: Manuscript, page: Page, source: str, folder: Path, beside: Sequence[str]
) -> None:
    path = page.path_of(unquote(source))
    names = [path]
    if path.startswith("figures/") or path.endswith(".svg"):
        names += [str(Path(path).with_suffix("")) + ending for ending in beside]
    for name in dict.fromkeys(names):
        file = find_image(manuscript.book.config.root, name, manuscript.figures)
        if file is not None:
            goal = folder / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(file.read_bytes())
