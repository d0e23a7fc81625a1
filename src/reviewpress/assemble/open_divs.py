"""A `<div>` that is never closed, as in texts copied from the web: Quarto publishes the rest."""

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewpress.assemble.origins import Text
from reviewpress.assemble.raw_html import is_frame
from reviewpress.assemble.reader import read_markdown
from reviewpress.assemble.reader_errors import unclosed_blocks
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.assemble.stray_markup import CLASSES
from reviewpress.config import Config
from reviewpress.errors import ChapterError

_ROUNDS = 5
_TAG = re.compile(r"<div\b[^<>]*>[ \t]*", re.I)
_HALVES = re.compile(r"<(/?)div\b", re.I)
_MEANT = frozenset(
    (*CLASSES, "columns", "column", "column-margin", "aside", "panel-tabset", "proof", "remark",
     "solution", "fragment", "incremental", "notes", "pagebreak", "refs")
)  # fmt: skip
_CLASSED = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)


def without_open_divs(config: Config, source: ChapterText) -> ChapterText:
    """Return a chapter without `<div>` that are never closed, and only say how something looks.

    Pandoc would close them at the end of the chapter, or of what they are in. One with an id, or
    with a class that means something here, stays, and is refused when it is read.
    """
    for _ in range(_ROUNDS):
        halves = [*_HALVES.finditer(without_code(source.text))]
        if len(halves) <= 2 * sum(bool(each[1]) for each in halves):
            break
        tags = [*_open(config, source)]
        if not tags:
            break
        text = Text(source.text, source.pieces)
        places = ((tag[0].strip(), source.place(tag.start())) for tag in tags)
        text = text.change((tag.start(), tag.end(), "") for tag in tags)
        source = replace(
            source, text=text.content, pieces=text.pieces, unclosed=(*source.unclosed, *places)
        )
    return source


def _open(config: Config, source: ChapterText) -> Iterator[re.Match[str]]:
    """Yield the tags to be left out; none where another block is never closed too."""
    try:
        read_markdown(
            [(source.chapter.path, source.text)], store=config.store, limits=config.limits
        )
    except ChapterError as error:
        spots = sorted({*unclosed_blocks(error, source.text)})
        tags = [_TAG.match(source.text, at) for at in spots]
        found = [tag for tag in tags if tag and _says_nothing(tag[0].strip())]
        yield from found if len(found) == len(tags) else ()


def _says_nothing(tag: str) -> bool:
    classes = " ".join(filter(None, (part for each in _CLASSED.findall(tag) for part in each)))
    meant = [each for each in classes.split() if each in _MEANT or each.startswith("callout")]
    return is_frame(tag) and not meant
