"""Links of chapters: whether each leads somewhere, and what Quarto's navigation would show."""

from collections.abc import Iterator

from reviewpress.assemble.links import dead_links, labels_with_shortcodes
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem


def check_links(subject: Subject) -> Iterator[Problem]:
    """Find links that lead nowhere and, for Quarto, titles that its navigation cannot show."""
    yield from dead_links(subject.book)
    if not subject.embedded:
        yield from labels_with_shortcodes(subject.book)
