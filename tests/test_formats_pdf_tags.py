"""Row headers in the tags of a PDF."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from reviewpress.formats.pdf_tags import finish_tags
from reviewpress.programs.typesetting import Typesetter

FONTS = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "fonts"
TABLE = """
#set document(title: "A table")
#set text(font: "Review Sans", lang: "en")
#table(columns: 3,
  table.header([Kind], [Papers], [Share]),
  [*Grey*], [3], [*9%*],
  [Peer], [31], [91%],
)
"""


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    """A tagged PDF with one table, whose first row is named in strong type."""
    file = tmp_path / "table.typ"
    file.write_text(TABLE)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Typesetter().typeset(file, root=tmp_path, fonts=[FONTS], timestamp=moment, seconds=60)


def cells(pdf: bytes) -> list[tuple[str, str, list[str]]]:
    """List each cell's kind, scope and headers, in order."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk = [document.Root.StructTreeRoot.K]
        while walk:
            item = walk.pop(0)
            if isinstance(item, pikepdf.Array):
                walk = [*item, *walk]
            elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
                if item.S in ("/TH", "/TD"):
                    table = next((a for a in item.get("/A", []) if a.get("/O") == "/Table"), {})
                    headers = [str(name) for name in table.get("/Headers", [])]
                    found.append((str(item.S), str(table.get("/Scope", "")), headers))
                walk = [item.get("/K", pikepdf.Array()), *walk]
    return found


def test_cell_in_strong_type_that_begins_a_row_becomes_its_header(pdf: bytes) -> None:
    """The row's other cells name it after their column's header; other rows stay as they are."""
    marked = cells(finish_tags(pdf))
    assert [kind for kind, _, _ in marked] == ["/TH"] * 3 + ["/TH", "/TD", "/TD"] + ["/TD"] * 3
    assert marked[3][1] == "/Row"
    assert marked[4][2][-1] == "row-header-00001"
    assert len(marked[4][2]) == 2
    assert all("row-header" not in name for _, _, names in marked[6:] for name in names)


def test_headers_that_cells_name_can_be_found(pdf: bytes) -> None:
    """Every identifier that a cell names is in the document's tree of identifiers."""
    marked = finish_tags(pdf)
    named = {name for _, _, names in cells(marked) for name in names}
    with pikepdf.open(io.BytesIO(marked)) as document:
        tree = pikepdf.NameTree(document.Root.StructTreeRoot.IDTree)
        assert named <= set(tree.keys())


def test_same_input_gives_the_same_bytes(pdf: bytes) -> None:
    """Marking is reproducible, and marking again finds nothing to do."""
    assert finish_tags(pdf) == finish_tags(pdf)
    once = finish_tags(pdf)
    assert cells(finish_tags(once)) == cells(once)


def test_pdf_without_tags_comes_back_as_it_is() -> None:
    """A PDF that has no structure is left alone."""
    blank = pikepdf.new()
    blank.add_blank_page()
    out = io.BytesIO()
    blank.save(out)
    assert finish_tags(out.getvalue()) == out.getvalue()
