"""What Typst says of a document, as a message about the chapter that is to be mended.

Typst names a line of the whole book's source. The chapter is the one whose part that line is of;
the author's line is where the words, images or commands of that line stand in the chapter.
"""

import re
from collections.abc import Iterator, Sequence

from reviewpress.assemble import Book, Page
from reviewpress.errors import EngineError, Place
from reviewpress.programs.typesetting import NotTypeset

_KINDS = (
    (r"failed to decode image|failed to load image|unknown image format|corrupt",
     "the image {image} cannot be read", "Open it and save it again as PNG, JPEG or SVG."),
    (r"file not found|failed to load file", "the image {image} is not there",
     "Put it into the review, or mend its address."),
    (r"label `?<(?P<name>[^>]*)>`? does not exist", "nothing has the id {name}",
     "Mend the link, or give what it leads to that id."),
    (r"label `?<(?P<name>[^>]*)>`? occurs multiple times", "the id {name} is there twice",
     "Give one of them another id."),
    (r"unknown variable: `?(?P<name>[^`]+?)`?$", "Typst knows nothing of the name {name}",
     "Define it with `#let`, or take it out: what Quarto’s own templates and extensions define for "
     "Typst is not there."),
    (r"could not be displayed|missing glyph", "the fonts lack a character",
     "Add a font that has it to `_brand.yml`, or write it in letters that the fonts have."),
    (r"missing alt text", "a figure or an equation has no text alternative",
     "Say what it shows: `fig-alt=\"…\"`."),
    (r"maximum (?:function call|layout|show rule|grouping) depth",
     "too much is nested", "Take a list, quotation or block out of the others."),
    (r"did not converge", "the pages never come to rest", "Look for raw Typst that asks for them."),
    (r"cell|columns? .*exceed", "a table has more cells than its columns can hold",
     "Give each row as many cells as the table has columns."),
)  # fmt: skip
_IMAGE = re.compile(r'image\("((?:[^"\\]|\\.)*)"')
_WORDS = re.compile(r"[^\W_]+(?:[ ,;:’'-]+[^\W_]+){2,}")
_NAMED = re.compile(r": `?([\w-]{3,})`?$")
"""What Typst does not know, at the end of what it says."""
_SEARCHED = re.compile(r" \(searched at [^()]*\)")
"""The folder in which the document was made, which is gone by then."""
_NEAR = 40
"""How many lines of Typst around the one that it names are looked at for words of the chapter."""


def explain_refusal(
    error: NotTypeset, book: Book, source: str, parts: Sequence[str]
) -> EngineError:
    """Return what Typst says as a message with chapter and line; `parts` are those of `source`."""
    said = re.sub(r"^PDF/\S+(?:, PDF/\S+)* error: ", "", error.said.split("\n")[0]).rstrip(".")
    said = _SEARCHED.sub("", said).rstrip(".")
    lines = source.split("\n")
    page = _page(error.line, book, source, parts)
    place = _place(page, lines, error.line, said) if page else Place(f"{book.config.profile}.pdf")
    line = lines[error.line - 1] if 0 < error.line <= len(lines) else ""
    image = next(iter(_IMAGE.findall(line)), "")
    for pattern, message, hint in _KINDS:
        found = re.search(pattern, said)
        if found:
            named = {"image": image, "name": "", **found.groupdict()}
            what = " ".join(message.format(**named).split())
            return EngineError(f"{what}, so that there is no PDF ({said}).", place, hint)
    at = f" It is about: {line.strip()[:80]}" if line.strip() else ""
    return EngineError(f"the PDF cannot be made: {said}.", place, f"{error.hint}{at}".strip())


def _page(line: int, book: Book, source: str, parts: Sequence[str]) -> Page | None:
    """Return the chapter whose part a line of the source is in."""
    start = 0
    for page, part in zip(book.pages, parts, strict=True):
        at = source.find(part, start) if part else -1
        if at < 0:
            continue
        first = source.count("\n", 0, at) + 1
        if first <= line <= first + part.count("\n"):
            return page
        start = at + len(part)
    return None


def _place(page: Page, lines: Sequence[str], line: int, said: str) -> Place:
    """Return the place in a chapter that a line of Typst was made of, or near it."""
    here = lines[line - 1].strip()
    for address in _IMAGE.findall(here):
        name = address.rpartition("/")[2]
        if name in page.source.text:
            return page.source.place_of(name)
    named = _NAMED.search(said)
    for needle in (*_needles(lines, line), *(named.groups() if named else ()), *_word(here)):
        if needle in page.source.text:
            return page.source.place_of(needle)
    return Place(page.chapter.path)


def _word(line: str) -> list[str]:
    """Return the longest word of a line, if it is long enough to be found by."""
    return sorted(re.findall(r"[^\W\d_]{5,}", line), key=len)[-1:]


def _needles(lines: Sequence[str], line: int) -> Iterator[str]:
    """Yield what may stand in the chapter too: the line as it is, its words, those around it."""
    yield lines[line - 1].strip() or "\0"
    for distance in range(_NEAR):
        for number in (line - 1 - distance, line - 1 + distance):
            if 0 <= number < len(lines):
                yield from (match[0] for match in _WORDS.finditer(lines[number]))
