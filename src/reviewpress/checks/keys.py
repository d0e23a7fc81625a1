"""Keys of `_quarto.yml` and of chapters that ask for something in vain."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.config.known import chapter_remarks, find_unobeyed, refusals
from reviewpress.errors import Problem


def check_keys(subject: Subject) -> Iterator[Problem]:
    """Find keys that nobody knows, that have no effect, and in chapters that are refused."""
    for problem in subject.config.remarks:
        if subject.embedded or problem.rule == "unknown-key":
            yield problem
    if not subject.embedded:
        return
    found = {
        page.chapter.path: list(find_unobeyed(page.source.front.data, page.source.front.lines,
                                              "chapter"))
        for page in subject.book.pages
    }  # fmt: skip
    for file, each in found.items():
        yield from refusals(each, file)
    yield from chapter_remarks(found, subject.config.root)
