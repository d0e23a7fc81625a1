"""What is added to pandoc's Word file."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reviewpress.formats.word_document import finish_word, is_finished
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc

EXTENSION = Path(__file__).parents[1] / "_extensions" / "reviewpress"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECTION = (
    '<w:p><w:pPr><w:sectPr><w:pgSz w:w="16838" w:h="11906"/><w:pgMar w:top="1134" w:right="1134" '
    'w:bottom="1134" w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    "</w:pPr></w:p>"
)
TEXT = f"""---
title: Forêts & prés
date: 22 November 2026
reviewpress-labels: {{a: b}}
---

# Ways & means {{#sec-ways}}

::: {{custom-style="Evidence Box"}}
- one

- two
:::

After the box.

## Within

Table: Wide

+------------------+----------+
| A                | B        |
+==================+==========+
| 1                | 2        |
+------------------+----------+

```{{=openxml}}
{SECTION}
```

# Ends {{#sec-ends}}

Last words.
"""


@pytest.fixture(scope="module")
def pandocs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Word file as pandoc makes it."""
    folder = tmp_path_factory.mktemp("word")
    reference = EXTENSION / "docx" / "reference.docx"
    run_pandoc(
        ["--from=markdown", "--to=docx", f"--reference-doc={reference}", "--output=a.docx"],
        TEXT, folder=folder,
    )  # fmt: skip
    return (folder / "a.docx").read_bytes()


@pytest.fixture(scope="module")
def finished(pandocs: bytes) -> bytes:
    """The same file, finished."""
    made = datetime(2026, 11, 22, tzinfo=UTC)
    return finish_word(pandocs, load_language("en"), ["Us · Version 2"], made, "fr")


def body(document: bytes) -> ElementTree.Element:
    """Read the text of a Word file."""
    return ElementTree.fromstring(part(document, "word/document.xml"))


def part(document: bytes, name: str) -> str:
    """Read one part of a Word file."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name).decode()


def styled(document: bytes, style: str) -> list[ElementTree.Element]:
    """List the paragraphs of a style."""
    return [
        paragraph
        for paragraph in body(document).iter(f"{W}p")
        if (named := paragraph.find(f"{W}pPr/{W}pStyle")) is not None
        and named.get(f"{W}val") == style
    ]


def test_contents_are_filled_and_lead_somewhere(finished: bytes) -> None:
    """The contents field holds each heading's words before Word updates it."""
    entries = [*styled(finished, "Toc1"), *styled(finished, "Toc2")]
    assert ["".join(entry.itertext()).split('"1-2" \\h \\z ')[-1] for entry in entries] == [
        "Ways & means", "Ends", "Within",
    ]  # fmt: skip
    links = [link.get(f"{W}anchor") for entry in entries for link in entry.iter(f"{W}hyperlink")]
    assert links == ["sec-ways", "sec-ends", "within"]
    assert 'TOC \\o "1-2" \\h \\z' in "".join(body(finished).itertext())


def test_every_field_begins_and_ends(finished: bytes) -> None:
    """A field without an end would swallow the rest of the text."""
    kinds = [field.get(f"{W}fldCharType") for field in body(finished).iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * 2


def test_front_names_the_edition(finished: bytes) -> None:
    """Facts of the edition follow the date."""
    assert ["".join(p.itertext()) for p in styled(finished, "EditionFacts")] == ["Us · Version 2"]


def test_every_section_has_page_numbers(finished: bytes) -> None:
    """Each section has the footer; the first page has none."""
    sections = list(body(finished).iter(f"{W}sectPr"))
    assert len(sections) == 2
    assert all(section.find(f"{W}footerReference") is not None for section in sections)
    assert [section.find(f"{W}titlePg") is not None for section in sections] == [True, False]


def test_tables_fill_their_pages(finished: bytes) -> None:
    """Columns add up to the width of the text, here of a page across; rows are kept whole."""
    table = next(body(finished).iter(f"{W}tbl"))
    columns = [int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")]
    assert sum(columns) == 16838 - 2 * 1134
    for row in table.iter(f"{W}tr"):
        widths = [int(cell.get(f"{W}w", "0")) for cell in row.iter(f"{W}tcW")]
        assert widths == columns
        assert row.find(f"{W}trPr/{W}cantSplit") is not None
    assert len(styled(finished, "TableText")) == 4


def test_a_list_in_a_box_keeps_the_box(finished: bytes) -> None:
    """Its paragraphs have the box's style and an indent that leaves its bar in line."""
    items = styled(finished, "EvidenceBox")
    assert len(items) == 2
    indent = items[0].find(f"{W}pPr/{W}ind")
    assert indent is not None
    assert indent.get(f"{W}hanging") == "284"
    assert ["".join(p.itertext()) for p in styled(finished, "AfterBlock")] == ["After the box."]


def test_properties_say_when_and_in_which_language(finished: bytes) -> None:
    """The file's date is the edition's, and what templates need is no property of it."""
    assert part(finished, "docProps/core.xml").count("2026-11-22T00:00:00Z") == 2
    assert 'themeFontLang w:val="fr"' in part(finished, "word/settings.xml")
    assert "reviewpress-labels" not in part(finished, "docProps/custom.xml")


def test_finishing_gives_the_same_bytes(pandocs: bytes, finished: bytes) -> None:
    """The same file gives the same bytes."""
    made = datetime(2026, 11, 22, tzinfo=UTC)
    again = finish_word(pandocs, load_language("en"), ["Us · Version 2"], made, "fr")
    assert again == finished


def test_the_contents_list_of_pandoc_is_replaced(tmp_path: Path) -> None:
    """Quarto lets pandoc make a contents list: there is one in the end, and the file is done."""
    run_pandoc(["--from=markdown", "--to=docx", "--toc", "--output=a.docx"], TEXT, folder=tmp_path)
    pandocs = (tmp_path / "a.docx").read_bytes()
    made = datetime(2026, 11, 22, tzinfo=UTC)
    done = finish_word(pandocs, load_language("en"), [], made, "en")
    galleries = [g.get(f"{W}val") for g in body(done).iter(f"{W}docPartGallery")]
    assert galleries.count("Table of Contents") == 1
    assert len(styled(done, "TOCHeading")) == len(galleries)
    assert (is_finished(pandocs), is_finished(done)) == (False, True)
