"""Live values where none can be: in the address of a link or image, in a tag or its attributes."""

import re
from collections.abc import Iterator

from reviewpress.assemble import Page
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.notebooks.source import Cell, Notebook, read_notebook
from reviewpress.notebooks.values import Site, find_values

_ADDRESS = (
    re.compile(r"(?<!\\)\]\(<?(?:[^\s()]|\([^\s()]*\))*(?:\s+[\"'][^)\n]*)?\Z"),
    re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*\Z"),
    re.compile(r"(?:\A|\n) {0,3}\[[^]\n]+\]:[ \t]*\S*\Z"),
    re.compile(r"https?://[^\s()<>\"]*[/=?&#]\Z"),
)  # fmt: skip
"""What is before a value in an address, and nothing after it closes that."""
_ATTRIBUTES = (
    re.compile(r"(?:[\])]|^#[^\n]*|:::+[ \t]*)\{[^{}\n]*\Z", re.M),
    re.compile(r"<[A-Za-z][\w-]*\s[^<>]*=[ ]?[\"'][^\"'<>]*\Z"),
)


def check_live_values(subject: Subject) -> Iterator[Problem]:
    """Find live values in addresses and attributes, where their markup would be published."""

    def look(page: Page) -> Iterator[Problem]:
        notebook = read_notebook(subject.config.root / page.chapter.path, subject.config.root)
        for cell in notebook.cells:
            if cell.kind == "markdown" and not cell.is_hidden:
                yield from misplaced_values(notebook, cell)

    pages = [page for page in subject.book.pages if page.chapter.is_notebook]
    yield from subject.look_at_pages("live-values", [], look, pages)


def misplaced_values(notebook: Notebook, cell: Cell) -> Iterator[Problem]:
    """Yield an error for each live value of a text cell that is in an address or an attribute."""
    plain = cell.source
    for site in find_values(cell.source, notebook.language.live):
        before = plain[: site.start]
        shown = cell.source[site.start : site.end]
        if any(each.search(before) for each in _ADDRESS):
            what, hint = "the address of a link or image", _whole(site)
        elif any(each.search(before) for each in _ATTRIBUTES):
            what, hint = "an attribute", "Write the words out, or let a cell show the whole."
        else:
            what = hint = ""
        if what:
            message = f"a live value cannot be in {what}: {shown}"
            yield Problem("slip", message, notebook.place_in(cell, site.start), hint, shown)
        # For the next, it is a word without spaces.
        plain = before + "x" * (site.end - site.start) + plain[site.end :]


def _whole(site: Site) -> str:
    """Say how a link is written as one value."""
    value = f"{{{site.expression}}}"
    return f'Make the link one value: `md(f"[words](https://…{value})")`, with `md` of reviewpress.'
