"""What a page says of its findings and numbers: links between tellings and rows, and sources."""

from reviewpress.assemble import Book, Page
from reviewpress.assemble.links import page_address
from reviewpress.engine import Manuscript
from reviewpress.formats.documents import references_page
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


def shown_provenance(manuscript: Manuscript, page: Page) -> dict[str, Plain]:
    """Return where what a page shows comes from; empty where the edition leaves that out."""
    book = manuscript.book
    if not book.config.settings.show_values:
        return {}
    listing = references_page(book)
    return page_provenance(manuscript.provenance(), page, listing, book.cited, book.labels)
