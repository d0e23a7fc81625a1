"""Tables that cells display as HTML, as Markdown that every format can hold.

What pandas, its Styler, great-tables and R make of tables is read by pandoc and set in order:

    title rows in the head   the caption, where the table has none of its own
    names of an index        in the row of the other names, not in one below it
    an index that counts     left out, as `review.table` leaves it out
    columns of numbers       aligned right
    notes in the foot        below the table
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

from reviewpress.errors import EngineError, Problem
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.speed.pandoc_pool import read_markdown_text, write_text

_WRITTEN = "markdown-raw_html-raw_attribute-simple_tables-multiline_tables-native_spans-native_divs"
_LOST = "[TABLE]"
"""What pandoc writes in place of a table that Markdown cannot hold."""
_CAPTION, _COLUMNS, _HEAD, _BODIES, _FOOT = 1, 2, 3, 4, 5
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
_KIND = re.compile(r"An? [\w.: ]+: \d+ × \d+")
"""What R says of a data frame in the place of a caption."""
_CUT = re.compile(r"<p>(\d+) rows × (\d+) columns</p>")
"""What pandas says below a frame that it has left rows or columns out of."""
_NUMBER = re.compile(r"[−-]?[\d.,\u202f\u00a0]*\d(?:[eE][+-]?\d+)? ?%?|nan|NaN|–|")
_HINT = "End the cell with review.table(df, id=…, caption=…)."


def html_table_markdown(
    html: str, *, captioned: bool = False, alone: bool = True
) -> str | list[Problem]:
    """Return the tables of an HTML text as Markdown, or what is wrong with it.

    The caption that a table has stays where it is `captioned`; else it is left to the cell's
    options. HTML that shows more than its tables is refused; empty is returned for it where
    tables need not be `alone`.
    """
    if is_deep(html):
        return [_problem(f"more than {_LEVELS} elements of the HTML are nested.")]
    if _SURROGATE.search(html):
        return [_problem("the HTML holds half of a character (a lone surrogate).")]
    cut = _CUT.search(html)
    if cut:
        message = f"the frame has {cut[1]} rows and {cut[2]} columns, of which pandas shows some."
        hint = "Show those that matter, as by `.head(20)`, or give the cell a label and a caption."
        return [Problem("figure", message, hint=hint)]
    try:
        return _written(html, captioned=captioned, alone=alone)
    except EngineError as error:
        # A limit of time, too: who records the run knows the chapter and the cell.
        return [_problem(f"the table cannot be read: {error.message}")]


def has_heads(html: str) -> bool:
    """Say whether HTML is a table that tells its heads from its cells."""
    return "<table" in html and "<th" in html


def _written(html: str, *, captioned: bool, alone: bool) -> str | list[Problem]:
    document = as_mapping(json.loads(read_markdown_text(html, "html")))
    tables = [*tables_of(document["blocks"])]
    if not tables:
        return [_problem("the cell has the label of a table, and the HTML that it shows has none.")]
    beside = " ".join(_beside(document["blocks"]))
    if beside and not alone:
        return ""
    if beside:
        return [_problem(f'the HTML shows more than a table: "{beside[:60]}".')]
    written = [write_table(document, table, captioned=captioned) for table in tables]
    return lost_cells(written) or "\n\n".join(written) + "\n"


def lost_cells(written: Sequence[str]) -> list[Problem]:
    """Say so where a table could not be written."""
    is_lost = any(_LOST in each for each in written)
    message = "the table has cells that no table in Markdown can have."
    return [_problem(message)] if is_lost else []


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


def is_deep(html: str) -> bool:
    """Say whether pandoc, or we, might not come to an end with a text."""
    found = _Depth()
    found.feed(html)
    return found.most > _LEVELS


def tables_of(value: Plain) -> Iterator[list[Plain]]:
    """Yield the parts of the tables in a tree of pandoc's, without ids, classes and styles."""
    if isinstance(value, list):
        for item in value:
            yield from tables_of(item)
    elif isinstance(value, dict) and value.get("t") == "Table":
        yield [_bare(part) for part in _items(value["c"])]
    elif isinstance(value, dict):
        yield from tables_of(value.get("c"))


def _beside(value: Plain) -> Iterator[str]:
    """Yield the words of a tree that stand in no table."""
    if isinstance(value, dict):
        if value.get("t") == "Str":
            yield as_text(value["c"])
        elif value.get("t") != "Table":
            yield from _beside(value.get("c"))
    elif isinstance(value, list):
        for item in value:
            yield from _beside(item)


def write_table(document: Mapping[str, Plain], table: list[Plain], *, captioned: bool) -> str:
    """Write a table and what stands below it."""
    notes, heads = _put_in_order(table, captioned=captioned)

    def markdown(*blocks: Plain) -> str:
        source = json.dumps({**document, "meta": {}, "blocks": blocks})
        task = {"to": "markdown", "as": _WRITTEN, "filters": [], "folder": "."}
        return write_text(source, task).strip("\n")

    said = _items(table[_CAPTION])[1]
    table[_CAPTION] = [None, []]
    caption = " ".join(markdown(*_items(said)).split())
    below = markdown(*notes) if notes else ""
    lines = [markdown({"t": "Table", "c": table}), table_line(caption, f"row-headers={heads}")]
    return "\n\n".join([*lines, *([f"::: {{.table-notes}}\n{below}\n:::"] if below else [])])


def table_line(caption: str, own: str, label: str = "") -> str:
    """Return the line below a table that has its caption and says what is its own."""
    named = f"#{label} " if label else ""
    return f": {caption} {{{named}.rp-table {own}}}".replace(":  ", ": ")


def _put_in_order(table: list[Plain], *, captioned: bool) -> tuple[list[Plain], int]:
    """Set a table as readers have one; return its notes, and how many columns name rows."""
    caption, table[_CAPTION] = table[_CAPTION], [None, []]
    count = len(_items(table[_COLUMNS]))
    rows = _without_types(_rows(table[_HEAD]))
    titles = [row for row in rows if _spans(row, count)] if count > 1 else []
    rows = _with_index_names([row for row in rows if row not in titles])
    own = _items(_items(caption)[1])
    if _KIND.fullmatch(" ".join(_words(own))):
        own = []
    said = own or _joined_titles(titles)
    if captioned:
        table[_CAPTION] = [None, said]
    elif titles:
        rows = [*titles, *rows]
    table[_HEAD] = [["", [], []], rows]
    notes = [row for row in _rows(table[_FOOT]) if _spans(row, count)]
    foot = [row for row in _rows(table[_FOOT]) if row not in notes]
    table[_FOOT] = [["", [], []], foot]
    if _counts(table):
        _leave_out_first(table)
    _align_numbers(table)
    heads = min((int(as_text(_items(body)[1])) for body in _items(table[_BODIES])), default=0)
    below = [block for row in notes for block in _items(_cells(row)[0][4])]
    paragraphs = [{"t": "Para", "c": as_mapping(block)["c"]} for block in below]
    return [*paragraphs], max(1, heads)


def _rows(part: Plain) -> list[Plain]:
    """Return the rows of a head or a foot."""
    return _items(_items(part)[1])


def _cells(row: Plain) -> list[list[Plain]]:
    """Return the cells of a row, each its attributes, alignment, spans and blocks."""
    return [_items(cell) for cell in _items(_items(row)[1])]


def _spans(row: Plain, count: int) -> bool:
    """Say whether one cell goes over a whole row."""
    cells = _cells(row)
    return len(cells) == 1 and cells[0][3] == count


def _joined_titles(titles: Sequence[Plain]) -> list[Plain]:
    """Return title and subtitle as one caption."""
    words = [text for row in titles if (text := " ".join(_words(row)))]
    if not words:
        return []
    text = " ".join([*(f"{each.rstrip('.')}." for each in words[:-1]), words[-1]])
    parts: list[Plain] = []
    for word in text.split():
        parts += [{"t": "Space"}, {"t": "Str", "c": word}]
    return [{"t": "Plain", "c": parts[1:]}]


def _with_index_names(rows: list[Plain]) -> list[Plain]:
    """Put the names of an index, which pandas has in a row below, beside those of the columns."""
    if len(rows) < 2:
        return rows
    above, below = _cells(rows[-2]), _cells(rows[-1])
    named = [bool(_words(cell)) for cell in below]
    levels = sum(named)
    empty = len(above) == len(below) and not any(_words(cell) for cell in above[:levels])
    if not empty or not levels or named != [True] * levels + [False] * (len(named) - levels):
        return rows
    return [*rows[:-2], [["", [], []], [*below[:levels], *above[levels:]]]]


def _counts(table: list[Plain]) -> bool:
    """Say whether the first column only counts the rows: pandas' own index, which has no name."""
    rows = [row for body in _items(table[_BODIES]) for row in _items(_items(body)[3])]
    heads = _rows(table[_HEAD])
    firsts = [" ".join(_words(_cells(row)[0])) for row in rows]
    nameless = bool(heads) and not any(_words(_cells(row)[0]) for row in heads)
    return nameless and len(_items(table[_COLUMNS])) > 1 and firsts == [*map(str, range(len(rows)))]


def _leave_out_first(table: list[Plain]) -> None:
    table[_COLUMNS] = _items(table[_COLUMNS])[1:]
    for row in _rows(table[_HEAD]):
        _items(_items(row)[1]).pop(0)
    for body in map(_items, _items(table[_BODIES])):
        body[1] = max(0, int(as_text(body[1])) - 1)
        for row in _items(body[3]):
            _items(_items(row)[1]).pop(0)


def _align_numbers(table: list[Plain]) -> None:
    """Align the columns right whose cells are numbers, but for the first."""
    rows = [_cells(row) for body in _items(table[_BODIES]) for row in _items(_items(body)[3])]
    columns = _items(table[_COLUMNS])
    if any(cell[3] != 1 for row in rows for cell in row):
        return
    for at in range(1, len(columns)):
        # A row is shorter where a name above goes on over it.
        place = at - len(columns)
        texts = [" ".join(_words(row[place])) for row in rows if len(row) >= -place]
        if any(texts) and all(_NUMBER.fullmatch(text) for text in texts):
            columns[at] = [{"t": "AlignRight"}, _items(columns[at])[1]]


def _without_types(rows: list[Plain]) -> list[Plain]:
    """Return a head's rows without those that give the types of columns alone."""
    named = [row for row in rows if not all(_TYPE.fullmatch(each) for each in _words(row))]
    return named or rows


def _items(value: Plain) -> list[Plain]:
    """Return the items of a list of pandoc's, which can be changed."""
    assert isinstance(value, list)
    return value


def _words(value: Plain) -> list[str]:
    """Return the words in a part of a table."""
    if isinstance(value, dict) and value.get("t") == "Str":
        return [word] if (word := as_text(value["c"]).strip("\u00a0")) else []
    if isinstance(value, dict):
        return _words(value.get("c"))
    return [text for item in value for text in _words(item)] if isinstance(value, list) else []


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
    return Problem("figure", message, hint=_HINT)
