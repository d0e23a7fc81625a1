"""What Typst leaves out of a PDF's tags and properties; how long it is: only importer of pikepdf.

Typst 0.15 tags the header row of a table and leaves the cells that name a row as data. The
templates set those in strong type; here they become header cells, as they are on the pages. It
reads a caption before its figure wherever it stands, and a link to a heading by its number alone.
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pikepdf
from pikepdf import Array, Object, Pdf, String

from reviewpress.formats.properties import Properties

_Spot = tuple[str, ...]
_NUMBER = re.compile(r"\d+")


class _Bag(set[str]):
    """A set that is gone through in order: as XMP's bag it is written the same each time."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))


def finish_pdf(pdf: bytes, properties: Properties) -> bytes:
    """Return a PDF that says what it is and opens with its bookmarks, with what its tags lacked.

    Cells in strong type at the beginning of a row are its headers. Each gets an identifier, which
    the other cells of the row name among theirs; one that is a row by itself heads the rows below
    it, up to the next. A caption is read where it is painted. A link to a heading says the
    heading. The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.get("/StructTreeRoot")
        if root is not None:
            _finish_tags(document, root)
        _describe(document, properties)
        _identify(document, properties)
        out = io.BytesIO()
        document.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue()


def count_pages(path: Path) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(path) as document:
        return len(document.pages)


def destination_pages(path: Path) -> dict[str, int]:
    """Return the page of each named destination of a PDF, from 1 on.

    They are where LibreOffice puts them, in a dictionary of the catalogue.
    """
    with pikepdf.open(path) as document:
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        if "/Dests" not in document.Root:
            return {}
        named = document.Root["/Dests"].items()
        return {str(name)[1:]: numbers[goal[0].objgen] for name, goal in named}


def _finish_tags(document: Pdf, root: Object) -> None:
    count = 0
    for table in [each for each in _elements(root) if each.get("/S") == "/Table"]:
        _join_tail(table)
    for rows in _bodies(root):
        count = _mark_rows(document, root, rows, count)
    for element in list(_elements(root)):
        _read_where_painted(element)
    _lead_where_seen(document)
    _name_headings(document)


def _identify(document: Pdf, properties: Properties) -> None:
    """Give the document an id of its own: Typst makes it of the title and the authors alone."""
    own = uuid5(NAMESPACE_URL, properties.document).bytes
    known = document.trailer.get("/ID")
    document.trailer.ID = Array([String(own), known[1] if known is not None else String(own)])


def _describe(document: Pdf, properties: Properties) -> None:
    """Write the properties, as XMP and where older programs look for some of them."""
    if "/Outlines" in document.Root:
        document.Root.PageMode = pikepdf.Name.UseOutlines
    words = ", ".join(properties.keywords)
    told: dict[str, str | set[str]] = {
        "dc:title": properties.title,
        "dc:description": properties.description,
        "dc:subject": _Bag(properties.keywords),
        "pdf:Keywords": words,
        "dc:publisher": {properties.publisher} if properties.publisher else set(),
        "dc:rights": properties.rights,
        "dc:identifier": properties.identifier,
        "xmpMM:DocumentID": properties.document,
    }
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name, value in told.items():
            if value:
                metadata[name] = value
    older = {"/Title": properties.title, "/Subject": properties.description, "/Keywords": words}
    for name, text in older.items():
        if text:
            document.docinfo[name] = text


def _elements(element: Object) -> Iterator[Object]:
    for child in _children(element):
        yield child
        yield from _elements(child)


def _bodies(element: Object) -> Iterator[list[Object]]:
    """Yield the rows of each table's body."""
    for child in _children(element):
        if child.get("/S") == "/TBody":
            yield [row for row in _children(child) if row.get("/S") == "/TR"]
        else:
            yield from _bodies(child)


def _join_tail(table: Object) -> None:
    """Give the body of a table its last rows, which the template keeps whole as a foot."""
    parts = list(_children(table))
    bodies = [part for part in parts if part.S == "/TBody"]
    for foot in [part for part in parts if part.S == "/TFoot"] if bodies else []:
        for row in _children(foot):
            row.P = bodies[-1]
        bodies[-1].K = pikepdf.Array([*_kids(bodies[-1]), *_kids(foot)])
        table.K = pikepdf.Array([kid for kid in _kids(table) if not _is_same(kid, foot)])


def _is_same(one: Object, other: Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.objgen == other.objgen


def _mark_rows(document: Pdf, root: Object, rows: list[Object], count: int) -> int:
    group: list[pikepdf.String] = []
    spanning: dict[str, int] = {}
    for row in rows:
        above = [pikepdf.String(name) for name in spanning]
        spanning = {name: left - 1 for name, left in spanning.items() if left > 1}
        cells = list(_children(row))
        if any(cell.get("/S") != "/TD" for cell in cells):
            continue
        named = _mark_cells(document, root, cells, count)
        count += len(named)
        others = cells[len(named) :]
        if named and not others and _span(cells[0], "/ColSpan") > 1:
            group = named
        below = {
            str(name): _span(cell, "/RowSpan") - 1 for name, cell in zip(named, cells, strict=False)
        }
        spanning |= {name: left for name, left in below.items() if left}
        for cell in others:
            attributes = _table_attributes(cell)
            given = [*attributes.get("/Headers", []), *group, *above]
            attributes.Headers = pikepdf.Array([*given, *named])
    return count


def _mark_cells(
    document: Pdf, root: Object, cells: list[Object], count: int
) -> list[pikepdf.String]:
    """Make headers of the cells in strong type at the beginning of a row; return their names."""
    named: list[pikepdf.String] = []
    for cell in cells:
        if not _is_strong(cell):
            break
        name = pikepdf.String(f"row-header-{count + len(named) + 1:05d}")
        cell.S = pikepdf.Name.TH
        cell.ID = name
        _table_attributes(cell).Scope = pikepdf.Name.Row
        _names(document, root)[str(name)] = cell
        named.append(name)
    return named


def _span(cell: Object, name: str) -> int:
    """Return how many columns, or rows, a cell spans."""
    return int(_table_attributes(cell).get(name, 1))


def _is_strong(cell: Object) -> bool:
    """Whether a cell holds strong type, with links in it or not, and nothing else."""
    children = list(_children(cell))
    return len(children) == 1 and len(_kids(cell)) == 1 and children[0].get("/S") == "/Strong"


def _table_attributes(cell: Object) -> Object:
    """Return the cell's attributes as a table cell, made where there are none."""
    attributes = cell.get("/A")
    if isinstance(attributes, pikepdf.Dictionary):
        cell.A = pikepdf.Array([attributes])
    elif attributes is None:
        cell.A = pikepdf.Array([])
    for item in cell.A:
        if item.get("/O") == "/Table":
            return item
    cell.A.append(pikepdf.Dictionary(O=pikepdf.Name.Table))
    return cell.A[-1]


def _names(document: Pdf, root: Object) -> pikepdf.NameTree:
    if "/IDTree" not in root:
        root.IDTree = document.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array([])))
    return pikepdf.NameTree(root.IDTree)


def _read_where_painted(element: Object) -> None:
    """Put a caption that is painted below what it names behind it."""
    children = list(_children(element))
    if len(children) < 2 or children[0].S != "/Caption":
        return
    caption, *named = children
    below, above = _first_painted(caption), _first_painted(named[0])
    if below is not None and above is not None and below >= above:
        element.K = pikepdf.Array([*named, caption])


def _first_painted(element: Object, page: int = 0) -> tuple[int, int] | None:
    """Return the page, by its object, and the number of the first content of an element."""
    page = element.Pg.objgen[0] if "/Pg" in element else page
    for kid in _kids(element):
        if not isinstance(kid, pikepdf.Dictionary):
            return page, int(kid)
        if "/MCID" in kid:
            return (kid.Pg.objgen[0] if "/Pg" in kid else page), int(kid.MCID)
        found = _first_painted(kid, page) if "/S" in kid else None
        if found:
            return found
    return None


def _name_headings(document: Pdf) -> None:
    """Let links to headings say them, as bookmarks do."""
    titles = dict(_bookmarks(document.Root.get("/Outlines")))
    named: dict[str, _Spot] = {}
    if "/Dests" in document.Root.get("/Names", {}):
        tree = pikepdf.NameTree(document.Root.Names.Dests)
        named |= {str(name): _spot(goal) for name, goal in tree.items()}
    for link in (link for page in document.pages for link in page.get("/Annots", ())):
        goal = link.get("/Dest")
        spot = named.get(str(goal), ()) if isinstance(goal, pikepdf.String) else _spot(goal)
        title = titles.get(spot)
        if title and _is_by_number(str(link.get("/Contents", "")), title):
            link.Contents = pikepdf.String(title)


def _is_by_number(said: str, title: str) -> bool:
    """Say whether a link names a heading by its number or page; a figure may stand as high."""
    return said.split()[-1:] == title.split()[:1] or not _NUMBER.search(said.rpartition(", ")[0])


def _lead_where_seen(document: Pdf) -> None:
    """Let an entry whose page number leads elsewhere lead there, and the number say the entry."""
    for page in document.pages:
        links = list(page.get("/Annots", ()))
        # The number of an entry of several lines comes before it.
        for entry, number in (*pairwise(links), *pairwise(reversed(links))):
            said = str(number.get("/Contents", ""))
            name, _, leads_to = str(entry.get("/Contents", "")).rpartition(", ")
            # "page 12", in the language of the document.
            numbers = name and _NUMBER.sub("", said) == _NUMBER.sub("", leads_to)
            if numbers and _is_beside(number, entry):
                entry.Dest = number.Dest
                entry.Contents = number.Contents = pikepdf.String(f"{name}, {said}")


def _is_beside(link: Object, other: Object) -> bool:
    (_, low, _, high), (_, bottom, _, top) = link.Rect, other.Rect
    return bool(bottom < (low + high) / 2 < top)


def _bookmarks(parent: Object | None) -> Iterator[tuple[_Spot, str]]:
    item = parent.get("/First") if parent is not None else None
    while item is not None:
        yield _spot(item.get("/Dest")), str(item.Title)
        yield from _bookmarks(item)
        item = item.get("/Next")


def _spot(goal: Object | None) -> _Spot:
    """Return where a destination is: its page, by its object, and the place there."""
    if not isinstance(goal, pikepdf.Array):
        return ()
    page, *place = goal
    return (str(page.objgen), *map(str, place))


def _children(element: Object) -> Iterator[Object]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
