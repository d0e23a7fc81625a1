"""Page breaks where a format has none: a PDF breaks no page within a block."""

from collections.abc import Iterator

from reviewpress.assemble import Page
from reviewpress.assemble.blocks import breaks_left_out
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem

_HINT = "Put it before the list, quotation, callout or other block, or behind it."


def check_page_breaks(subject: Subject) -> Iterator[Problem]:
    """Warn of page breaks that a format of the edition leaves out, as they are within a block."""
    formats = [made for made in subject.config.made if made.page_break and not made.breaks_within]

    def look(page: Page) -> Iterator[Problem]:
        for made in formats:
            for node in breaks_left_out(page.blocks, made):
                message = f"a page break within a block has no effect in {made.words}."
                yield Problem("page-break", message, page.place(node, ".pagebreak"), _HINT)

    if subject.embedded and formats:
        names = [made.name for made in formats]
        pages = [page for page in subject.book.pages if "pagebreak" in page.source.text]
        yield from subject.look_at_pages("page-breaks", names, look, pages)
