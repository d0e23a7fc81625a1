"""Numbers typed by hand in findings chapters, where a live value would follow the data."""

import re
from collections.abc import Iterator

from reviewpress.assemble import Page, ast
from reviewpress.checks.subject import Subject, once_a_page
from reviewpress.errors import Problem

_NUMBER = re.compile(r"(?<![\w.,/§-])\d[\d,.]*(?![\w-])")
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
    for node in ast.walk(prose):
        if node["t"] not in ("Para", "Plain"):
            continue
        for match in _NUMBER.finditer(ast.text(node["c"])):
            number = match[0].rstrip(".,")
            if not _YEAR.fullmatch(number):
                message = f"the number {number} is typed by hand."
                hint = "Compute it in a live value, or mark it `[…]{.typed}`."
                place = page.source.place(match[0])
                yield Problem("typed-number", message, place, hint, subject=number)


def _is_set_apart(node: ast.Node) -> bool:
    if node["t"] in ("Table", "Figure", "Header", "Cite", "Link", "Code", "CodeBlock", "Note"):
        return True
    names = set(ast.classes(node))
    return bool(names & {"value", "typed", "evidence-box", "figure-data", "caption-label"})
