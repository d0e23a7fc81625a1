"""What a page says of its findings and numbers: links between tellings and rows, and sources."""

from collections.abc import Mapping, Sequence

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.links import page_address
from reviewpress.engine import Manuscript
from reviewpress.formats.documents import references_page
from reviewpress.formats.objects import Format
from reviewpress.provenance.pages import page_provenance
from reviewpress.shapes import Plain


def finding_links(book: Book, page: Page) -> dict[str, Plain]:
    """Return where the findings that a page tells have their row, and where its rows are told.

    The first page gathers what is told elsewhere.
    """
    here = page.chapter.page
    if not any(other.rows for other in book.pages):
        return {}
    rows = {name: other.chapter.page for other in book.pages for name in other.rows}
    told: dict[str, str] = {}
    for other in book.pages[1:]:
        address = page_address(here, other.chapter.page)
        for name, first in other.tells.items():
            told.setdefault(name, f"{address}#told-{first}")
    found: dict[str, Plain] = {
        name: {"row": f"{page_address(here, rows[name])}#row-{name}"}
        for name in page.tells
        if name in rows
    }
    found |= {name: {"told": told[name]} for name in page.rows if name in told}
    return found


def finding_places(book: Book, made: Format) -> dict[str, dict[str, str]]:
    """Return of each finding the page of its `row`, and of where it is first `told`, in one file.

    What the format leaves out is no place for a link to lead to.
    """
    shown = [(page.chapter.page, _shown(page, made)) for page in book.pages]
    rows = {name: page for page, (_, rows) in reversed(shown) for name in rows}
    told = {name: page for page, (told, _) in reversed(shown[1:]) for name in told}
    return {
        name: {"row": row} | ({"told": told[name]} if name in told else {})
        for name, row in rows.items()
    }


def findings_in_part(places: Mapping[str, Mapping[str, str]], page: Page) -> dict[str, Plain]:
    """Return of these places what a page needs: which are its own, for links to lead to."""
    here = page.chapter.page
    return {
        name: {kind: "here" if where == here else "there" for kind, where in places[name].items()}
        for name in {*page.tells, *page.rows} & {*places}
    }


def _shown(page: Page, made: Format) -> tuple[Sequence[str], Sequence[str]]:
    """Return the findings that a page tells in a format, and those of which it has the row."""
    if not (page.tells or page.rows) or not page.stage.facts["by-format"]:
        return tuple(page.tells), page.rows
    spans = [node for node in ast.walk(page.copy_for(made.name)) if node["t"] == "Span"]
    told, rows = (
        [
            name
            for span in spans
            if kind in ast.classes(span)
            for name in (ast.attribute(span, "of") or "").split()
        ]
        for kind in ("finding", "finding-id")
    )
    return told, rows


def shown_provenance(manuscript: Manuscript, page: Page) -> dict[str, Plain]:
    """Return where what a page shows comes from; empty where the edition leaves that out."""
    book = manuscript.book
    if not book.config.settings.show_values:
        return {}
    listing = references_page(book)
    return page_provenance(manuscript.provenance(), page, listing, book.cited, book.labels)
