"""Page numbers in the lists of a Word file, as LibreOffice counts its pages.

Word counts them when it opens the file, LibreOffice and viewers do not. These are for who has no
Word: they depend on the LibreOffice and the fonts of the machine, so only a review that asks for
them has them.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from reviewpress.errors import EngineError
from reviewpress.formats.pdf_tags import destination_pages
from reviewpress.formats.word_fields import numbered_paragraphs
from reviewpress.formats.word_parts import (
    DOCUMENT,
    Element,
    WordFile,
    find_all,
    need,
    properties,
    put,
    value,
    w,
)
from reviewpress.programs.libreoffice import convert_to_pdf, find_libreoffice

SETTING = "word-page-numbers"
_ROOM = 567
"""Of a line of a list, what its number has for itself: a centimetre."""
_WIDEST = "000"
_MARK = "reviewpresspage"
_FIRST = 1_000_000
"""Above the numbers that other bookmarks have."""

Pages = Callable[[bytes], Mapping[str, int]]
"""Returns the page of each bookmark of a Word file."""


def find_pages(document: bytes, *, seconds: float) -> Mapping[str, int]:
    """Return the page of each bookmark of a Word file, as LibreOffice sets it.

    Raises SetupError without LibreOffice, EngineError where it makes nothing of the file, and
    OutOfTime where it takes too long.
    """
    program = find_libreoffice(f"`{SETTING}`")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.docx"
        path.write_bytes(document)
        made = convert_to_pdf(program, path, seconds=seconds)
        if made is None:
            hint = f"Open it there; or leave `{SETTING}` out: Word counts pages by itself."
            raise EngineError("LibreOffice could not read the Word file.", hint=hint)
        return destination_pages(made)


def number_lists(document: bytes, pages: Pages) -> bytes:
    """Return a finished Word file whose lists say on which page each entry is.

    What is counted has numbers already, so that no line is longer when they are known.
    """
    word = WordFile(document)
    body = need(word.tree(DOCUMENT), "w:body")
    links = find_all(body, "w:sdt//w:p/w:hyperlink[@w:anchor]")
    marks = _mark(body, {value(link, name="anchor") for link in links})
    width = _text_width(body)
    numbers = {id(link): _add_number(link, width) for link in links}
    found = pages(word.content())
    for link in links:
        page = found.get(marks.get(value(link, name="anchor"), ""))
        numbers[id(link)].text = str(page) if page else ""
    for mark in find_all(body, f".//*[starts-with(@w:name, '{_MARK}')]"):
        need(mark, "..").remove(mark)
    for end in find_all(body, f".//w:bookmarkEnd[@w:id >= {_FIRST}]"):
        need(end, "..").remove(end)
    return word.content()


def _mark(body: Element, wanted: set[str]) -> dict[str, str]:
    """Give what is wanted another bookmark, whose name stays as it is in a PDF.

    Those of the file stand before the paragraph: before a new page they are on the one before.
    """
    marks: dict[str, str] = {}
    for name, paragraph in [*numbered_paragraphs(body)]:
        if name in wanted and name not in marks:
            number = len(marks)
            marks[name] = f"{_MARK}{number}"
            start = w("bookmarkStart", id=_FIRST + number, name=marks[name])
            paragraph[1:1] = [start, w("bookmarkEnd", id=_FIRST + number)]
    return marks


def _add_number(link: Element, width: int) -> Element:
    """Add a leader and room for a number to an entry, and return what the number goes into."""
    own = properties(need(link, ".."))
    leader = w("tab", val="right", leader="dot", pos=width)
    put(own, w("tabs", leader))
    put(own, w("ind", right=_ROOM))
    number = w("t", _WIDEST)
    link.append(w("r", w("tab")))
    link.append(w("r", number))
    return number


def _text_width(body: Element) -> int:
    """Return how wide the text of the last section is, in twentieths of a point."""
    section = find_all(body, "w:sectPr")[-1]
    sides = (int(value(section, "w:pgMar", name=side) or 0) for side in ("left", "right"))
    return int(value(section, "w:pgSz", name="w") or 0) - sum(sides)
