"""HTML in chapters that Quarto would keep for pages alone."""

import re
from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.formats.objects import HTML

_HINT = "Write it in Markdown, as in `H~2~O` and `m^2^`, or use the embedded engine."


def check_raw_html(subject: Subject) -> Iterator[Problem]:
    """Yield where Quarto would leave HTML out of an edition's PDF or Word file."""
    others = [made.words for made in subject.config.made if made is not HTML]
    if subject.embedded or not others:
        return
    for page in subject.book.pages:
        if page.html:
            named = dict.fromkeys(re.findall(r"<(\w+)", " ".join(page.html)))
            names = ", ".join(f"`<{name}>`" for name in named)
            message = f"Quarto leaves {names} out of {' and '.join(others)}."
            yield Problem("construct", message, page.source.place_of(page.html[0]), _HINT)
