"""What is added to pandoc's Word file."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from reading import NAMES, W, said, styled, word_part

from reviewpress.brand import load_brand
from reviewpress.errors import EngineError
from reviewpress.formats.word_document import finish_word, is_finished
from reviewpress.formats.word_parts import WordFile, w
from reviewpress.formats.word_reference import complete_reference
from reviewpress.formats.word_styles import brand_reference
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc

EXTENSION = Path(__file__).parents[1] / "_extensions" / "reviewpress"
MADE = datetime(2026, 11, 22, tzinfo=UTC)
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
    return finish(pandocs)


def finish(document: bytes) -> bytes:
    """Finish a Word file as the review above."""
    return finish_word(document, load_language("en"), ["Us · Version 2"], MADE, "fr")


def test_contents_are_filled_and_lead_somewhere(finished: bytes) -> None:
    """The contents field holds each heading's words before Word updates it."""
    entries = [*styled(word_part(finished), "Toc1"), *styled(word_part(finished), "Toc2")]
    assert [said(entry) for entry in entries] == [
        "Ways & means", "Ends", "Within",
    ]  # fmt: skip
    links = [link.get(f"{W}anchor") for entry in entries for link in entry.iter(f"{W}hyperlink")]
    assert links == ["sec-ways", "sec-ends", "within"]
    assert 'TOC \\o "1-2" \\h \\z' in "".join(word_part(finished).itertext())


def test_what_contents_leave_out_has_a_style_that_word_leaves_out(tmp_path: Path) -> None:
    """It is based on that of its level, of which it has looks, outline and number."""
    text = '# Ways\n\n## [Aside with *stress*]{custom-style="Unlisted Heading"}\n\n## Within\n'
    run_pandoc(["--from=markdown", "--to=docx", "--output=a.docx"], text, folder=tmp_path)
    done = finish((tmp_path / "a.docx").read_bytes())
    assert [said(entry) for entry in styled(word_part(done), "Toc2")] == ["Within"]
    [aside] = styled(word_part(done), "UnlistedHeading2")
    assert said(aside) == "Aside with stress"
    assert [said(heading) for heading in styled(word_part(done), "Heading2")] == ["Within"]
    styles = word_part(done, "word/styles.xml").iter(f"{W}style")
    [own] = (each for each in styles if each.get(f"{W}styleId") == "UnlistedHeading2")
    assert own.find(f"{W}basedOn").get(f"{W}val") == "Heading2"


def test_other_lists_end_the_text_on_a_page_of_their_own(finished: bytes) -> None:
    """The contents come before the text, and the list of tables after it."""
    body = word_part(finished).find(f"{W}body")
    assert body is not None
    told = [said(each) for each in body]
    (tables,) = [at for at, words in enumerate(told) if words.startswith("Tables")]
    assert (
        told[tables] == 'TablesTOC \\h \\z \\t "Table Caption,1" Table: Wide'
        or "Wide" in told[tables]
    )
    assert told.index("Last words.") < tables == len(told) - 2
    heads = styled(word_part(finished), "TOCHeading")
    breaks = [each.find(f"{W}pPr/{W}pageBreakBefore") is not None for each in heads]
    assert breaks == [False, True]


def test_every_field_begins_and_ends(finished: bytes) -> None:
    """A field without an end would swallow the rest of the text."""
    kinds = [field.get(f"{W}fldCharType") for field in word_part(finished).iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * 2


def test_front_names_the_edition(finished: bytes) -> None:
    """Facts of the edition follow the date."""
    assert [said(p) for p in styled(word_part(finished), "EditionFacts")] == ["Us · Version 2"]


def test_every_section_has_page_numbers(finished: bytes) -> None:
    """Each section has the footer; the first page has none. A chapter that ends across has one."""
    sections = list(word_part(finished).iter(f"{W}sectPr"))
    assert len(sections) == 3
    assert all(section.find(f"{W}footerReference") is not None for section in sections)
    assert [section.find(f"{W}titlePg") is not None for section in sections] == [True, False, False]


def test_tables_fill_their_pages(finished: bytes) -> None:
    """Columns add up to the width of the text, here of a page across; rows are kept whole."""
    table = next(word_part(finished).iter(f"{W}tbl"))
    columns = [int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")]
    assert sum(columns) == 16838 - 2 * 1134
    for row in table.iter(f"{W}tr"):
        widths = [int(cell.get(f"{W}w", "0")) for cell in row.iter(f"{W}tcW")]
        assert widths == columns
        assert row.find(f"{W}trPr/{W}cantSplit") is not None
    assert len(styled(word_part(finished), "TableText")) == 4


def test_a_list_in_a_box_keeps_the_box(finished: bytes) -> None:
    """Its paragraphs have the box's style and an indent that leaves its bar in line."""
    items = styled(word_part(finished), "EvidenceBox")
    assert len(items) == 2
    indent = items[0].find(f"{W}pPr/{W}ind")
    assert indent is not None
    assert indent.get(f"{W}hanging") == "284"
    assert [said(p) for p in styled(word_part(finished), "AfterBlock")] == ["After the box."]


def test_properties_say_when_and_in_which_language(finished: bytes) -> None:
    """The file's date is the edition's, and what templates need is no property of it."""
    dates = word_part(finished, "docProps/core.xml").xpath("*[contains(text(), '2026-11-22T00')]")
    assert [date.text for date in dates] == ["2026-11-22T00:00:00Z"] * 2
    [language] = word_part(finished, "word/settings.xml").iter(f"{W}themeFontLang")
    assert language.get(f"{W}val") == "fr"
    assert "reviewpress-labels" not in word_part(finished, "docProps/custom.xml").xpath("*/@name")


def test_finishing_gives_the_same_bytes(pandocs: bytes, finished: bytes) -> None:
    """The same file gives the same bytes."""
    assert finish(pandocs) == finished


def test_the_contents_list_of_pandoc_is_replaced(tmp_path: Path) -> None:
    """Quarto lets pandoc make a contents list: there is one in the end, and the file is done."""
    run_pandoc(["--from=markdown", "--to=docx", "--toc", "--output=a.docx"], TEXT, folder=tmp_path)
    pandocs = (tmp_path / "a.docx").read_bytes()
    done = finish(pandocs)
    galleries = [g.get(f"{W}val") for g in word_part(done).iter(f"{W}docPartGallery")]
    assert galleries.count("Table of Contents") == 1
    assert len(styled(word_part(done), "TOCHeading")) == len(galleries)
    assert (is_finished(pandocs), is_finished(done)) == (False, True)


def retold(document: bytes, change: Callable[[etree._Element], None] = lambda _: None) -> bytes:
    """Return a Word file as another program writes it: prefixes, blanks, order of attributes."""
    goal = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(goal, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith((".xml", ".rels")):
                root = etree.fromstring(content)
                change(root)
                prefixes = {f"x{n}": address for n, address in enumerate(_addresses(root))}
                content = etree.tostring(_copied(root, prefixes), encoding="UTF-16")
            new.writestr(name, content)
    return goal.getvalue()


def _addresses(root: etree._Element) -> list[str]:
    names = [name for each in root.iter(etree.Element) for name in (each.tag, *each.keys())]
    spaces = {etree.QName(name).namespace for name in names}
    return sorted(spaces - {None, "http://www.w3.org/XML/1998/namespace"}, reverse=True)


def _copied(element: etree._Element, prefixes: dict[str, str]) -> etree._Element:
    is_text = element.tag in (f"{W}t", f"{W}instrText") or (element.text or "").strip()
    copy = etree.Element(element.tag, dict(reversed(element.items())), nsmap=prefixes)
    copy.text = element.text if is_text else "\n\t "
    for child in element.iterchildren(etree.Element):
        copy.append(_copied(child, prefixes))
        copy[-1].tail = " \n"
    return copy


def same(document: bytes) -> dict[str, str]:
    """Return what each part of a Word file says, whoever wrote it."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {
            name: etree.canonicalize(
                etree.fromstring(archive.read(name)), strip_text=True, rewrite_prefixes=True
            )
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def branded(document: bytes) -> bytes:
    """Give a Word file the extension's brand."""
    return brand_reference(document, load_brand(EXTENSION / "_brand.yml"))


def as_reference(document: bytes) -> bytes:
    """Take a Word file as an author's reference document, with ids of styles in German."""
    word = WordFile(document)
    for name in ("word/styles.xml", "word/document.xml", "word/footer1.xml"):
        for title in word.tree(name).xpath("//@w:*[.='Title']/..", namespaces=NAMES):
            if f"{W}styleId" in title.attrib or title.tag == f"{W}pStyle":
                title.set(f"{W}{'styleId' if title.tag == f'{W}style' else 'val'}", "Titel")
    [paragraph] = word.tree("word/footer1.xml")
    paragraph[0].insert(0, w("pStyle", val="Titel"))
    own = w("style", w("name", val="Mine"), type="paragraph", styleId="Title")
    word.tree("word/styles.xml").append(own)
    ours = (EXTENSION / "docx" / "reference.docx").read_bytes()
    return complete_reference(word.content(), "own.docx", ours)


def test_styles_of_an_author_get_our_ids_wherever_they_are_named(pandocs: bytes) -> None:
    """Also in a footer; a style of another name that has such an id makes way."""
    made = as_reference(pandocs)
    styles = word_part(made, "word/styles.xml").iter(f"{W}style")
    ids = {style.find(f"{W}name").get(f"{W}val"): style.get(f"{W}styleId") for style in styles}
    assert (ids["Title"], ids["Mine"]) == ("Title", "TitleOwn")
    assert len(styled(word_part(made, "word/footer1.xml"), "Title")) == 1
    assert len(styled(word_part(made), "Title")) == 1


@pytest.mark.parametrize("step", [finish, branded, as_reference])
def test_it_does_not_matter_who_wrote_the_file(
    step: Callable[[bytes], bytes], pandocs: bytes
) -> None:
    """Other prefixes, blanks and orders of attributes than pandoc's give the same Word file."""
    assert same(step(retold(pandocs))) == same(step(pandocs))
    assert same(step(pandocs)) != same(pandocs)


@pytest.mark.parametrize("path", ["w:body/w:sectPr", "//w:tblPr", "//w:tblPr/w:tblW"])
def test_what_pandoc_no_longer_writes_is_missed(path: str, pandocs: bytes) -> None:
    """A step that finds nothing to change says so, instead of leaving the file as it is."""

    def remove(root: etree._Element) -> None:
        for found in root.xpath(path, namespaces=NAMES):
            found.getparent().remove(found)

    with pytest.raises(EngineError, match="the Word file has"):
        finish(retold(pandocs, remove))
