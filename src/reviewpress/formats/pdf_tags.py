"""Row headers in a tagged PDF, and how long it is: the only importer of pikepdf.

Typst 0.15 tags the header row of a table and leaves the cells that name a row as data. The
templates set those in strong type; here they become header cells, as they are on the pages.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Object, Pdf


def mark_row_headers(pdf: bytes) -> bytes:
    """Return a tagged PDF whose cells in strong type at the beginning of a row are row headers.

    Each gets an identifier, which the other cells of its row name among their headers. One that is
    a row by itself heads the rows below it, up to the next. A PDF without such cells comes back as
    it is. The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.get("/StructTreeRoot")
        if root is None:
            return pdf
        count = 0
        for rows in _bodies(root):
            count = _mark_rows(document, root, rows, count)
        if not count:
            return pdf
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


def _bodies(element: Object) -> Iterator[list[Object]]:
    """Yield the rows of each table's body."""
    for child in _children(element):
        if child.get("/S") == "/TBody":
            yield [row for row in _children(child) if row.get("/S") == "/TR"]
        else:
            yield from _bodies(child)


def _mark_rows(document: Pdf, root: Object, rows: list[Object], count: int) -> int:
    group: list[pikepdf.String] = []
    for row in rows:
        cells = list(_children(row))
        if any(cell.get("/S") != "/TD" for cell in cells):
            continue
        named = _mark_cells(document, root, cells, count)
        count += len(named)
        others = cells[len(named) :]
        if named and not others and _spans(cells[0]):
            group = named
        for cell in others:
            attributes = _table_attributes(cell)
            attributes.Headers = pikepdf.Array([*attributes.get("/Headers", []), *group, *named])
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


def _spans(cell: Object) -> bool:
    """Whether a cell spans columns."""
    return int(_table_attributes(cell).get("/ColSpan", 1)) > 1


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


def _children(element: Object) -> Iterator[Object]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
