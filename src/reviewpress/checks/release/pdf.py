"""PDF/UA-1 of each PDF, by outloud: the only importer of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pikepdf import Array

from reviewpress.errors import Place, Problem, missing_extra

# A line of this many words is prose to outloud; running heads are shorter.
_PROSE = 8
_MOST_HEADS = 3


def check_pdfs(folder: Path) -> Iterator[Problem]:
    """Yield each finding of outloud on the PDFs of an edition; its warnings stay warnings.

    Machines find about two thirds of PDF/UA's failure conditions: the rest need eyes. Raises
    SetupError where outloud is not installed.
    """
    try:
        import outloud
    except ImportError:
        raise missing_extra("outloud", "release") from None
    for path in sorted(folder.glob("*.pdf")):
        result = outloud.check(str(path))
        for finding in result.findings:
            severity = _value(finding, "severity")
            if severity not in ("error", "warning"):
                continue
            page = _value(finding, "page")
            rule = _value(finding, "rule")
            if rule == "TAG-002" and _repeats_header(path, int(str(page))):
                continue
            if rule in ("TBL-004", "TBL-010") and _tables_are_sound(path):
                continue
            if rule == "ORD-001" and _is_painted_in_order(path):
                continue
            where = Place(f"{path.name}, page {page}" if page else path.name)
            message = f"{_value(finding, 'rule')}: {_value(finding, 'message')}."
            rule = "pdf-ua" if severity == "error" else "pdf-ua-warning"
            yield Problem(rule, message, where, subject=str(_value(finding, "rule")))


def _repeats_header(path: Path, page: int) -> bool:
    """Say whether the prose outside the tags of a page is the header of a table that goes on.

    A header row that is printed again on each page is an artifact, as PDF/UA-1 wants it (ISO
    14289-1, 7.1): it is tagged where the table begins. outloud takes it for lost text.
    """
    from outloud.model import Document

    document = Document(str(path))
    try:
        lines = document.content(page - 1).lines
        outside = {_words(line) for line in lines if line.artifact_share >= 0.8}
        missing = {text for text in outside if len(text.split()) >= _PROSE}
        for before in range(page - 2, -1, -1):
            if not missing:
                break
            lines = document.content(before).lines
            missing -= {_words(line) for line in lines if line.tagged_share > 0.8}
    finally:
        document.close()
    return not missing


def _words(line: Any) -> str:
    """Return what a line says, without places where it might have ended."""
    return " ".join(line.text.replace("\u200b", "").split())


def _is_painted_in_order(path: Path) -> bool:
    """Whether each page is painted as its tags are read, but for a fifth of it.

    outloud reads what a paragraph has itself before all links in it: each link is out of place.
    """
    from outloud.model import Document

    document = Document(str(path))
    try:
        read: dict[int, list[int]] = {}
        for page, mark in _marks(document, document.struct_root, None):
            read.setdefault(page, []).append(mark)
        for page, marks in read.items():
            ranks = {mark: rank for rank, mark in enumerate(marks)}
            painted = [
                ranks[mark] for _, mark in document.content(page).paint_order if mark in ranks
            ]
            late = sum(after < before for before, after in pairwise(painted))
            if late > len(painted) / 5:
                return False
    finally:
        document.close()
    return True


def _marks(document: Any, node: Any, page: int | None) -> Iterator[tuple[int, int]]:
    """Yield the page and the number of all marked content below a node, as it is read."""
    kids = node.get("/K")
    own = node.get("/Pg")
    page = document.page_index[own.objgen] if own is not None else page
    for kid in kids if isinstance(kids, Array) else () if kids is None else (kids,):
        if isinstance(kid, int):
            yield page or 0, kid
        elif "/MCID" in kid:
            given = kid.get("/Pg")
            at = document.page_index[given.objgen] if given is not None else page
            yield at or 0, int(kid["/MCID"])
        else:
            yield from _marks(document, kid, page)


def _value(finding: object, name: str) -> object:
    return finding.get(name) if isinstance(finding, dict) else getattr(finding, name, None)


def _tables_are_sound(path: Path) -> bool:
    """Whether all rows of each table have the same columns, and few rows are heads.

    outloud forgets cells at the end of a row that reach down into it, and takes each row that names
    a group for one of the table's head.
    """
    from outloud.model import Document
    from outloud.rules.tables import grids

    document = Document(str(path))
    try:
        return all(
            _closes(grid.rows) and _heads(grid.rows) <= _MOST_HEADS for grid in grids(document)
        )
    finally:
        document.close()


def _closes(rows: Sequence[Sequence[Any]]) -> bool:
    reaching: dict[int, int] = {}
    widths = set()
    for row in rows:
        below = {column: left - 1 for column, left in reaching.items() if left > 1}
        column = 0
        for cell in row:
            while column in reaching:
                column += 1
            for at in range(column, column + cell.colspan):
                below |= {at: cell.rowspan - 1} if cell.rowspan > 1 else {}
            column += cell.colspan
        widths.add(len({*range(column), *reaching}))
        reaching = below
    return len(widths) < 2


def _heads(rows: Sequence[Sequence[Any]]) -> int:
    """Count the rows of heads alone, without those of one cell that names a group."""
    return sum(len(row) > 1 and all(cell.kind == "TH" for cell in row) for row in rows)
