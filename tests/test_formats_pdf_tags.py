"""Row headers in the tags of a PDF, and what it says of itself."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reviewpress.formats.pdf_tags import finish_pdf
from reviewpress.formats.properties import Properties
from reviewpress.programs.typesetting import Typesetter

FONTS = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "fonts"
SAID = Properties(
    "A table: of papers", "What there is.", ("gardens", "spring"), "Elm Press",
    "© Elm Press. CC BY 4.0", "https://doi.org/10.1234/g.1", "uuid:1",
)  # fmt: skip
TABLE = """
#set document(title: "A table")
#set text(font: "Review Sans", lang: "en")
= A heading
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
    with Typesetter() as typst:
        return typst.typeset(file, root=tmp_path, fonts=[FONTS], timestamp=moment, seconds=60)


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
    marked = cells(finish_pdf(pdf, SAID))
    assert [kind for kind, _, _ in marked] == ["/TH"] * 3 + ["/TH", "/TD", "/TD"] + ["/TD"] * 3
    assert marked[3][1] == "/Row"
    assert marked[4][2][-1] == "row-header-00001"
    assert len(marked[4][2]) == 2
    assert all("row-header" not in name for _, _, names in marked[6:] for name in names)


def test_headers_that_cells_name_can_be_found(pdf: bytes) -> None:
    """Every identifier that a cell names is in the document's tree of identifiers."""
    marked = finish_pdf(pdf, SAID)
    named = {name for _, _, names in cells(marked) for name in names}
    with pikepdf.open(io.BytesIO(marked)) as document:
        tree = pikepdf.NameTree(document.Root.StructTreeRoot.IDTree)
        assert named <= set(tree.keys())


def typeset(folder: Path, table: str) -> bytes:
    """Return a finished PDF of a table in Typst's markup."""
    file = folder / "table.typ"
    file.write_text(TABLE[: TABLE.index("#table")] + table, encoding="utf-8")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with Typesetter() as typst:
        made = typst.typeset(file, root=folder, fonts=[FONTS], timestamp=moment, seconds=60)
    return finish_pdf(made, SAID)


def test_a_header_that_spans_rows_heads_each_of_them(tmp_path: Path) -> None:
    """Cells of the rows below name it before the header of their own row; those after do not."""
    table = """#table(columns: 3, table.header([Kind], [Of], [Papers]),
      table.cell(rowspan: 2)[*Grey*], [*Theses*], [3], [*Reports*], [6], [*Peer*], [All], [31])"""
    body = [named for kind, _, named in cells(typeset(tmp_path, table)) if kind == "/TD"]
    ours = [[name for name in named if name.startswith("row-header")] for named in body]
    assert ours == [
        ["row-header-00001", "row-header-00002"],
        ["row-header-00001", "row-header-00003"],
        ["row-header-00004"],
        ["row-header-00004"],
    ]


def test_rows_that_are_kept_whole_as_a_foot_belong_to_the_body(tmp_path: Path) -> None:
    """They are rows like others, with their headers, and the table has no foot."""
    table = """#table(columns: 2, table.header([Kind], [Papers]),
      [*Grey*], [3], table.footer(repeat: false, [*Peer*], [31], [*All*], [34]))"""
    made = typeset(tmp_path, table)
    assert [each[0] for each in cells(made)][2:] == ["/TH", "/TD"] * 3
    with pikepdf.open(io.BytesIO(made)) as document:
        elements = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
        [table] = [each for each in elements if each.get("/S") == "/Table"]
        assert [str(part.S) for part in table.K] == ["/THead", "/TBody"]
        assert all(table.K[1] == row.P for row in table.K[1].K)


def test_same_input_gives_the_same_bytes(pdf: bytes) -> None:
    """Marking is reproducible, and marking again finds nothing to do."""
    assert finish_pdf(pdf, SAID) == finish_pdf(pdf, SAID)
    once = finish_pdf(pdf, SAID)
    assert cells(finish_pdf(once, SAID)) == cells(once)


def test_a_pdf_says_what_it_is(pdf: bytes) -> None:
    """In XMP and where older programs look; it opens with its bookmarks."""
    with pikepdf.open(io.BytesIO(finish_pdf(pdf, SAID))) as document:
        with document.open_metadata() as metadata:
            told = {name: metadata.get(name) for name in (
                "dc:title", "dc:description", "pdf:Keywords", "dc:rights", "dc:identifier",
                "xmpMM:DocumentID",
            )}  # fmt: skip
            assert told == {
                "dc:title": "A table: of papers", "dc:description": "What there is.",
                "pdf:Keywords": "gardens, spring", "dc:rights": "© Elm Press. CC BY 4.0",
                "dc:identifier": "https://doi.org/10.1234/g.1", "xmpMM:DocumentID": "uuid:1",
            }  # fmt: skip
            assert metadata["dc:publisher"] == {"Elm Press"}
            assert metadata["pdfuaid:part"] == "1" if "pdfuaid:part" in metadata else True
        info = {name: str(document.docinfo[name]) for name in ("/Title", "/Subject", "/Keywords")}
        assert info == {
            "/Title": "A table: of papers", "/Subject": "What there is.",
            "/Keywords": "gardens, spring",
        }  # fmt: skip
        assert document.Root.get("/PageMode") == "/UseOutlines"


def test_two_documents_are_told_apart(project: Any, reviewpress: Any) -> None:
    """Report and summary have titles and identities of their own; versions of one have the same."""
    root = project(formats=("typst",))
    seen = []
    for version in ("1.0", "1.1"):
        config = root / "_quarto.yml"
        text = config.read_text("utf-8").partition("\n  version:")[0]
        config.write_text(f'{text}\n  version: "{version}"\n', "utf-8")
        for profile in ("report", "summary"):
            done = reviewpress(f"render --profile {profile} --to typst", cwd=root)
            assert done.status == 0, done.stderr
            with pikepdf.open(root / f"_output/{profile}/{profile}.pdf") as document:
                metadata = document.open_metadata()
                seen.append((str(metadata["dc:title"]), str(metadata["xmpMM:DocumentID"])))
    assert seen[:2] == seen[2:]
    assert seen[0][1] != seen[1][1]


def test_pdf_without_tags_is_only_described() -> None:
    """A PDF that has no structure gets its properties alone."""
    blank = pikepdf.new()
    blank.add_blank_page()
    out = io.BytesIO()
    blank.save(out)
    with pikepdf.open(io.BytesIO(finish_pdf(out.getvalue(), SAID))) as document:
        assert str(document.docinfo["/Title"]) == "A table: of papers"
        assert "/StructTreeRoot" not in document.Root
