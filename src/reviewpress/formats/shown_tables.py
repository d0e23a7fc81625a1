"""Tables that no program made, as files: what their pages say of them, as CSV.

The filter for tables leads from a table to its file (`filters/downloads.lua`); here that file is
written, once the page is there, whichever engine made it. A cell of several rows or columns is
repeated in each. A row of one cell, which heads those below it, is a column of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote

from reviewpress.escaping import spreadsheet_cell
from reviewpress.figures.folder import FOLDER
from reviewpress.html_tree import Element, classes_of, parse_html, with_class, words_of
from reviewpress.tables.writer import different_names, write_csv

MARK = "table-download as-shown"
_BLOCKS = ("p", "div", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "figure", "table", "tr")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_INDEX = re.compile(r"[-0-9+=()ni,; \N{EN DASH}\N{NO-BREAK SPACE}]+")
_NOTE = "@role='doc-noteref'"

_MOST_COLUMNS = 1000
"""What browsers make of a larger `colspan`."""
_LONGEST_SPAN = 6

Grid = list[list[Element | None]]
"""Rows of a table, with the cell that each place belongs to."""


def write_shown_tables(folder: Path, labels: Mapping[str, str]) -> None:
    """Write the files of the tables that the pages in `folder` show as they were typed."""
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if MARK in text:
            for name, table in _marked(parse_html(text)):
                file = folder / FOLDER / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(table_file(table, labels))


def table_file(table: Element, labels: Mapping[str, str]) -> bytes:
    """Return what a table of a page says as CSV, with one row of heads.

    Notes that cells refer to are in a last column. Formulas are text; see `spreadsheet_cell`.
    """
    heads, rows = (
        _grid([*table.iterchildren("thead")]),
        _grid([*table.iterchildren("tbody", "tfoot")]),
    )
    width = max((len(row) for row in (*heads, *rows)), default=0)
    names = different_names(
        _head([row[at] for row in heads if at < len(row)]) for at in range(width)
    )
    grouped = any(_is_group(row, width) for row in rows)
    first, lines, group = [labels["column-category"]] * grouped, [], ""
    for row in rows:
        if _is_group(row, width):
            group = cell_words(row[0])
            continue
        cells = [cell_words(cell) for _, cell in zip_longest(names, row)]
        lines.append([*[group] * grouped, *cells, "; ".join(_notes(row, names))])
    last = [labels["column-notes"]] if any(line[-1] for line in lines) else []
    head = different_names([*first, *names, *last])
    return write_csv(map(spreadsheet_cell, line[: len(head)]) for line in [head, *lines])


def cell_words(cell: Element | None, *, hidden: bool = False) -> str:
    """Return what a cell says, an empty line between its paragraphs.

    Codes of citations and exponents are signs of their own: "in Leeds⁶⁷", "m²". Words for those who
    hear a page alone are left out unless `hidden`.
    """
    said = "".join(_parts(cell, hidden)) if cell is not None else ""
    lines = re.sub(r" *\n *", "\n", said)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" {2,}", " ", lines)).strip()


def _marked(page: Element) -> Iterator[tuple[str, Element]]:
    """Yield the name of the file and the table of each link to one that is as it is shown."""
    # Quarto puts the notes of a table between the two.
    before = f"preceding-sibling::div[{with_class('table-scroll')}][1]//table"
    for place in page.xpath(f"//div[{with_class('as-shown')}]"):
        for link, table in zip(place.xpath(".//a[@href]"), place.xpath(before), strict=False):
            yield Path(unquote(link.get("href", ""))).name, table


def _grid(parts: Sequence[Element]) -> Grid:
    """Return the rows of some parts of a table, all as wide as the widest."""
    rows: Grid = []
    for part in parts:
        lines = [*part.iterchildren("tr")]
        places: dict[tuple[int, int], Element] = {}
        for at, line in enumerate(lines):
            column = 0
            for cell in line.iterchildren("td", "th"):
                while (at, column) in places:
                    column += 1
                below = min(_span(cell, "rowspan") or len(lines), len(lines) - at)
                across = max(1, min(_span(cell, "colspan"), _MOST_COLUMNS))
                for down in range(below):
                    places.update({(at + down, column + n): cell for n in range(across)})
                column += across
        width = max((column + 1 for _, column in places), default=0)
        rows += [[places.get((at, n)) for n in range(width)] for at in range(len(lines))]
    return rows


def _span(cell: Element, name: str) -> int:
    value = str(cell.get(name, "1"))
    return int(value) if value.isdecimal() and len(value) < _LONGEST_SPAN else 1


def _is_group(row: Sequence[Element | None], width: int) -> bool:
    return width > 1 and len(row) == width and row[0] is not None and len({*row}) == 1


def _head(cells: Sequence[Element | None]) -> str:
    """Return what a column is called, with the heads above it; a hidden name is a name."""
    told = [" ".join(cell_words(cell, hidden=True).split()) for cell in dict.fromkeys(cells)]
    return ", ".join(filter(None, told))


def _notes(row: Sequence[Element | None], names: Sequence[str]) -> Iterator[str]:
    """Yield the notes that a row's cells refer to, after the name of the column."""
    for name, cell in zip(names, row, strict=False):
        for link in cell.xpath(f".//a[{_NOTE}]") if cell is not None else ():
            id = unquote(str(link.get("href", "")).rpartition("#")[2])
            for note in link.getroottree().getroot().xpath("//*[@id=$id]", id=id)[:1]:
                yield f"{name}: {' '.join(''.join(_inner(note, hidden=False)).split())}"


def _parts(element: Element, hidden: bool) -> Iterator[str]:
    """Yield the words of an element, with line breaks where blocks begin and end."""
    if not isinstance(element.tag, str) or _is_silent(element, hidden):
        return
    if element.tag in ("br", "img"):
        yield "\n" if element.tag == "br" else str(element.get("alt", ""))
        return
    edge = "\n\n" if element.tag in _BLOCKS else ""
    yield f"\n{_mark(element)}" if element.tag == "li" else edge
    if element.tag in ("sup", "sub"):
        yield _set(" ".join("".join(_inner(element, hidden)).split()), raised=element.tag == "sup")
    elif element.tag == "math":
        yield "".join(element.xpath("string(.//*[local-name()='annotation'])")) or words_of(element)
    else:
        yield from _inner(element, hidden)
    yield edge


def _inner(element: Element, hidden: bool) -> Iterator[str]:
    yield _in_line(element.text)
    for child in element:
        yield from _parts(child, hidden)
        yield _in_line(child.tail)


def _is_silent(element: Element, hidden: bool) -> bool:
    """Say whether readers of the page do not see an element, or it leads to a note."""
    is_hidden = not hidden and "visually-hidden" in classes_of(element)
    is_note = element.get("role") in ("doc-noteref", "doc-backlink")
    return is_hidden or is_note or element.tag in ("script", "style", "template", "svg")


def _mark(element: Element) -> str:
    """Return the number before an item of a numbered list."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    return f"{int(_start(parent)) + [*parent.iterchildren('li')].index(element)}. "


def _start(items: Element) -> str:
    start = str(items.get("start", "1"))
    return start if start.isdecimal() and len(start) < _LONGEST_SPAN else "1"


def _set(text: str, *, raised: bool) -> str:
    """Return an index as signs of its own where there are such for all of it."""
    signs = _RAISED if raised else _LOWERED
    return text.translate(signs) if _INDEX.fullmatch(text) else text


def _in_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
