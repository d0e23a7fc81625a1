"""Tables that cells display as HTML, as Markdown that every format can hold."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from reviewpress.errors import EngineError, Problem
from reviewpress.shapes import Plain, as_list, as_text
from reviewpress.speed.pandoc_pool import read_markdown_text, write_text

_WRITTEN = "markdown-raw_html-raw_attribute-simple_tables-multiline_tables-native_spans-native_divs"
_LOST = "[TABLE]"
"""What pandoc writes in place of a table that Markdown cannot hold."""
_ATTRIBUTES = 0
_CAPTION = 1
_HEAD = 3
_LEVELS = 40
_SHALLOW = frozenset(
    """
    area base br col embed hr img input link meta source track wbr
    p li td th tr thead tbody tfoot colgroup caption option dt dd
    """.split()  # noqa: SIM905 - as a list it takes ten lines more
)
"""Elements that need no end tag: unclosed, they do not stand in one another."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TYPE = re.compile(r"<[a-z]+>")
"""How R names the type of a column, below its name."""


def html_table_markdown(html: str) -> str | list[Problem]:
    """Return the tables of an HTML text as Markdown, or what is wrong with it.

    The caption that a table has is left to the cell's options.
    """
    if _is_deep(html):
        return [_problem(f"more than {_LEVELS} elements of the HTML stand in one another.")]
    if _SURROGATE.search(html):
        return [_problem("the HTML holds half of a character (a lone surrogate).")]
    try:
        document = json.loads(read_markdown_text(html, "html"))
    except EngineError as error:
        return [_problem(f"the table cannot be read: {error.message}")]
    tables = [*_tables(document["blocks"])]
    if not tables:
        return [_problem("the cell has the label of a table, and the HTML that it shows has none.")]
    source = json.dumps({**document, "meta": {}, "blocks": tables})
    written = write_text(source, {"to": "markdown", "as": _WRITTEN, "filters": [], "folder": "."})
    if _LOST in written:
        return [_problem("the table has cells that no table in Markdown can have.")]
    return written


class _Depth(HTMLParser):
    """Counts how deep elements stand in one another, those aside that end by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.most = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Go in."""
        if tag not in _SHALLOW:
            self.depth += 1
            self.most = max(self.most, self.depth)

    def handle_endtag(self, tag: str) -> None:
        """Go out."""
        if tag not in _SHALLOW:
            self.depth = max(0, self.depth - 1)


def _is_deep(html: str) -> bool:
    """Say whether pandoc, or we, might not come to an end with a text."""
    found = _Depth()
    found.feed(html)
    return found.most > _LEVELS


def _tables(value: Plain) -> Iterator[Plain]:
    """Yield the tables in a tree of pandoc's, without ids, classes, styles and captions."""
    if isinstance(value, list):
        for item in value:
            yield from _tables(item)
    elif isinstance(value, dict) and value.get("t") == "Table":
        content = value["c"]
        assert isinstance(content, list)
        kept = [_bare(part) for part in content]
        kept[_ATTRIBUTES], kept[_CAPTION] = ["", [], []], [None, []]
        kept[_HEAD] = _without_types(kept[_HEAD])
        yield {"t": "Table", "c": kept}
    elif isinstance(value, dict):
        yield from _tables(value.get("c"))


def _without_types(head: Plain) -> Plain:
    """Return a table's head without the rows that give the types of columns alone."""
    assert isinstance(head, list)
    rows = as_list(head[1])
    named = [row for row in rows if not all(_TYPE.fullmatch(each) for each in _texts(row))]
    return [head[0], named or rows]


def _texts(value: Plain) -> list[str]:
    """Return the words in a part of a table."""
    if isinstance(value, dict):
        return [as_text(value["c"])] if value.get("t") == "Str" else _texts(value.get("c"))
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _bare(value: Plain) -> Plain:
    """Return a part of a table with attributes of pandoc's form emptied, wherever they are."""
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str) and value[1:] and _is_attributes(value):
            return ["", [], []]
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    return value


def _is_attributes(value: list[Plain]) -> bool:
    return all(isinstance(item, list) for item in value[1:])


def _problem(message: str) -> Problem:
    return Problem("figure", message, hint="End the cell with review.table(df, id=…, caption=…).")
