"""Reporting checklists: each answer points to something that the report has, in its language."""

from collections.abc import Iterable, Iterator, Sequence

from reviewpress.assemble import Book, ast
from reviewpress.assemble.ast import Node
from reviewpress.checklists import (
    FILE,
    check_places,
    check_written,
    is_placeholder,
    is_translated,
    load_checklists,
)
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem, ReportError

_PARAGRAPHS = ("Para", "Plain")


def check_checklists(subject: Subject) -> Iterator[Problem]:
    """Find answers of `data/checklists.yml` that point nowhere, and entries that are wrong.

    Warn of items that readers would see in English, where a chapter shows them.
    """
    is_shown = any(FILE in dict(run.reads) for run in subject.runs.values())
    if not (subject.main or is_shown):
        return
    try:
        answered = load_checklists(subject.config.root)
    except ReportError as error:
        yield from error.problems if subject.main else ()
        return
    if subject.main:
        yield from check_places(answered, subject.book.targets)
        yield from check_written(answered, unwritten_parts(subject.book))
    if is_shown:
        yield from _in_english(answered, subject)


def unwritten_parts(book: Book) -> dict[str, Place]:
    """Return each chapter and section without a text of its own, and where that shows.

    It has nothing below its heading, or somewhere in it is a paragraph such as "To be written: …",
    which a new review has in the place of its texts.
    """
    found: dict[str, Place] = {}
    for page in book.pages:
        headings = [n for n, node in enumerate(page.blocks) if node["t"] == "Header"]
        for first in headings:
            head = page.blocks[first]
            ends = (n for n in headings if n > first and page.blocks[n]["c"][0] <= head["c"][0])
            blocks = page.blocks[first + 1 : next(ends, len(page.blocks))]
            node = _unwritten(head, blocks)
            if node is not None and (name := ast.identifier(head)):
                found[name] = page.place(node, ast.text(node).split("\n")[0])
    return found


def _unwritten(head: Node, blocks: Sequence[Node]) -> Node | None:
    """Return the first placeholder of a section, or its heading where it has no text at all."""
    inside = ast.walk(list(blocks), past=frozenset(("Table", "Header", *_PARAGRAPHS)))
    paragraphs = [node for node in inside if node["t"] in _PARAGRAPHS and ast.text(node)]
    if not paragraphs and all(node["t"] in ("Header", *_PARAGRAPHS) for node in blocks):
        return None if _shows_more(blocks) else head
    return next((node for node in paragraphs if is_placeholder(ast.text(node))), None)


def _shows_more(blocks: Sequence[Node]) -> bool:
    """Whether paragraphs without words have something else: an image, for one."""
    return any(node["t"] in _PARAGRAPHS and node["c"] for node in blocks)


def _in_english(names: Iterable[str], subject: Subject) -> Iterator[Problem]:
    labels = subject.book.labels
    english = [name for name in names if not is_translated(name, labels)]
    if english:
        message = f'items are not known in the language "{labels.lang}", and stay English: '
        yield Problem("untranslated-label", f"{message}{', '.join(english)}.", Place(FILE))
