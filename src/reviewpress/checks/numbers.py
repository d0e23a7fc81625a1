"""Numbers typed by hand in findings chapters, where a live value would follow the data."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from reviewpress.assemble import Page, ast
from reviewpress.checks.quoting import sentence_at
from reviewpress.checks.subject import Subject, once_a_page
from reviewpress.errors import Problem

_NUMBER = re.compile(r"(?<![\w.,/§-])\d[\d,.]*(?![\w-])")
_AROUND = 12
_SET_APART = frozenset(
    ("value", "typed", "evidence-box", "figure-data", "figure-source", "caption-label")
)
_APART = ("Table", "Figure", "Header", "Cite", "Link", "Code", "CodeBlock", "Math", "Note")
_YEAR = re.compile(r"(?:19|20)\d\d")


def check_typed_numbers(subject: Subject) -> Iterator[Problem]:
    """Warn of digits in the prose of findings chapters that are no live value and no year.

    `typed-numbers: false` under `reviewpress:` turns the warning off, a span `[12]{.typed}` for
    one number.
    """
    if not subject.config.settings.typed_numbers:
        return
    for page, _ in subject.findings_pages():
        yield from _typed_numbers(page)


@once_a_page
def _typed_numbers(page: Page) -> Iterator[Problem]:
    prose = ast.without(list(page.blocks), _is_set_apart)
    texts = [ast.text(node["c"]) for node in ast.walk(prose) if node["t"] in ("Para", "Plain")]
    if not any(_typed(_NUMBER.findall(text)) for text in texts):
        return
    # Years are no problem, and have their places among the numbers too.
    placed = zip_longest(texts, page.places.of_numbers(_is_set_apart))
    for text, place in placed:
        for found in _NUMBER.finditer(text or ""):
            number = found[0]
            around = text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
            where = place(number, around) if place else page.source.place_of(number)
            for typed in _typed([number]):
                quoted = sentence_at(text, found.start())
                message = f"the number {typed} is typed by hand: “{quoted}”"
                hint = "Compute it in a live value, or mark it `[…]{.typed}`."
                yield Problem("typed-number", message, where, hint, subject=typed)


def _typed(numbers: Iterable[str]) -> list[str]:
    """Return the numbers that are no years."""
    bare = (number.rstrip(".,") for number in numbers)
    return [number for number in bare if not _YEAR.fullmatch(number)]


def _is_set_apart(node: ast.Node) -> bool:
    if node["t"] in _APART:
        return True
    return not _SET_APART.isdisjoint(ast.classes(node))
