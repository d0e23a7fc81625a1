"""Style sheets and lines of the head that pages have of their own: safe, whole, and local."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from reviewpress.checks.subject import Subject
from reviewpress.config.page_files import header_texts, page_styles, style_addresses
from reviewpress.errors import Place, Problem
from reviewpress.formats.objects import HTML
from reviewpress.store.ordinary_files import not_a_file

_RELATIONS = frozenset(
    ("alternate", "author", "canonical", "help", "license", "me", "next", "prev")
)
"""Links that say something, and load nothing."""
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", re.I)
_OWN = "Pages load only files of their own: keep a copy in the review."


def check_page_files(subject: Subject) -> Iterator[Problem]:
    """Find style sheets that are not there or load from elsewhere, and heads that run code."""
    if not subject.embedded or HTML.name not in subject.config.formats:
        return
    config = subject.config
    for page in subject.book.pages:
        front = page.source.front
        own = Place(
            page.chapter.path, line=front.lines.get(("css",)) or front.lines.get(("format",))
        )
        for name, is_own in page_styles(config, page.chapter, front.data):
            yield from _check_style(config.root, name, own if is_own else config.place_of("css"))
    for file, text in header_texts(config):
        if text is None:
            place = config.place_of("include-in-header")
            yield Problem("page-file", f"there is no file {file} to include.", place)
        else:
            place = Place(file) if file else config.place_of("include-in-header")
            yield from _check_header(text, place, of_file=bool(file))


def _check_style(root: Path, name: str, place: Place) -> Iterator[Problem]:
    path = root / name
    if ":/" in name or name.startswith("//"):
        message = f"the style sheet {name} would be loaded from elsewhere."
        yield Problem("page-file", message, place, _OWN)
        return
    if not path.is_file():
        odd = not_a_file(path)
        message = f"the style sheet {name} {odd}." if odd else f"there is no style sheet {name}."
        yield Problem("page-file", message, place)
        return
    if path.suffix != ".css":
        message = f"the style sheet {name} is not CSS."
        yield Problem("page-file", message, place, "Write it as .css: nothing compiles it.")
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    for address, line in style_addresses(text):
        here = Place(name, line=line)
        if _REMOTE.match(address):
            shown = address if len(address) < 80 else f"{address[:80]}…"
            yield Problem("page-file", f"the style sheet would load {shown}.", here, _OWN)
        elif not (path.parent / address).is_file():
            message = f"the style sheet names {address}, which is not there."
            yield Problem("page-file", message, here)


def _check_header(text: str, place: Place, *, of_file: bool) -> Iterator[Problem]:
    found = _Head()
    found.feed(text)
    found.close()
    for line, what in found.wrong:
        where = Place(place.file, line=line) if of_file else place
        yield Problem("page-file", f"the head cannot have {what}.", where, found.hint)


class _Head(HTMLParser):
    """Reads what is to stand in the head of pages, and notes what would not work there.

    Tag by tag: a tree would have put in order, or left out, what is in the wrong place.
    """

    hint = (
        "It takes <meta> and links that load nothing; styles go into `css:`, and pages run no"
        " scripts but their own."
    )

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that would run, load or show something."""
        given = dict(attrs)
        relations = set((given.get("rel") or "").lower().split())
        is_fine = (tag == "meta" and "http-equiv" not in given) or (
            tag == "link" and relations and relations <= _RELATIONS
        )
        if not is_fine:
            self.wrong.append((self.getpos()[0], f"<{tag}>"))

    def handle_data(self, data: str) -> None:
        """Note text, which belongs into a chapter."""
        if data.strip() and not self.wrong:
            self.wrong.append((self.getpos()[0], "text"))
