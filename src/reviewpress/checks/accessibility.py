"""What a reader who cannot see, or cannot use a mouse, would miss: seen in the tree."""

import posixpath
from collections.abc import Iterator

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.views import find_in_views
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem


def check_accessibility(subject: Subject) -> Iterator[Problem]:
    """Find what is not said in words: of images, links and tables; and levels that are skipped."""

    def look(book: Book) -> Iterator[Problem]:
        return subject.look_at_pages("accessibility", [], _look, book.pages)

    yield from find_in_views(subject.book, look)


def _look(page: Page) -> Iterator[Problem]:
    yield from _images(page)
    yield from _headings(page)
    yield from _links(page)
    yield from _tables(page)


def _images(page: Page) -> Iterator[Problem]:
    for node in page.nodes:
        if node["t"] == "Image" and not _alternative(node, page).strip():
            source = node["c"][2][0]
            where = page.place(node, source)
            typed = page.source.cells[where.cell - 1] if where.cell and page.source.cells else ""
            is_pasted = posixpath.basename(source) not in typed and "attachment:" in typed
            named = "that is pasted into the cell" if is_pasted else source
            message = f"the image {named} has no alternative text."
            hint = 'Say what it shows: `![Caption](…){fig-alt="…"}`.'
            yield Problem("alt-text", message, where, hint, subject=source)


def _alternative(image: Node, page: Page) -> str:
    """Return an image's text alternative; in plain Markdown it stands in the brackets."""
    given = ast.attribute(image, "fig-alt") or ""
    return given or (ast.text(image["c"][1]) if page.chapter.is_plain else "")


def _headings(page: Page) -> Iterator[Problem]:
    before = 0
    for node in page.nodes:
        if node["t"] != "Header":
            continue
        level, words = node["c"][0], ast.text(node["c"][2])
        if before and level > before + 1:
            message = f'the heading "{words}" is of level {level}, under one of level {before}.'
            hint = f"Make it level {before + 1}."
            yield Problem("heading-order", message, page.place(node, words), hint, subject=words)
        if not words:
            message = "a heading has no words."
            yield Problem("heading-order", message, page.place(node, "#"), subject="empty")
        before = level


def _links(page: Page) -> Iterator[Problem]:
    for node in page.nodes:
        if node["t"] != "Link":
            continue
        words, target = ast.text(node["c"][1]), node["c"][2][0]
        has_image = any(item["t"] == "Image" for item in ast.walk(node["c"][1]))
        if not words and not has_image:
            message = f"the link to {target} has no words."
            yield Problem("link-text", message, page.place(node, target), subject=target)


def _tables(page: Page) -> Iterator[Problem]:
    for node in page.nodes:
        if node["t"] != "Table" or ast.attribute(node, "row-headers") not in (None, "0"):
            continue
        heads = [node["c"][3], *(body[2] for body in node["c"][4])]
        cells = [cell for rows in (heads[0][1], *heads[1:]) for row in rows for cell in row[1]]
        if not any(cell[4] for cell in cells):
            first = (each["c"] for each in ast.walk(node["c"][4]) if each["t"] == "Str")
            message = "the table has no header cells, so that nothing says what its columns hold."
            hint = "Name the columns in its first row; `: Caption {row-headers=1}` if the first "
            hint += "column names the rows."
            yield Problem("table-header", message, page.place(node, next(first, "")), hint)
