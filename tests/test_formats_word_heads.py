"""Running heads of a Word file: each chapter's title, also for programs that do not look for it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reading import W, said, word_part

from reviewpress.formats.word_document import finish_word
from reviewpress.formats.word_parts import STYLES, WordFile, find_all
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc

REFERENCE = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "docx" / "reference.docx"
TEXT = """---
title: Bread & rest
---

# What we found {.unnumbered}

A loaf.

# Ways & means

| A | B |
|---|---|
| 1 | 2 |

# Last

The end.
"""
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@pytest.fixture(scope="module")
def pandocs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Word file of three chapters, the second of which ends with a table."""
    folder = tmp_path_factory.mktemp("heads")
    run_pandoc(
        ["--from=markdown", "--to=docx", f"--reference-doc={REFERENCE}", "--output=a.docx"],
        TEXT, folder=folder,
    )  # fmt: skip
    return (folder / "a.docx").read_bytes()


def finish(document: bytes, mark: str = "") -> bytes:
    """Finish a Word file."""
    made = datetime(2026, 11, 30, tzinfo=UTC)
    return finish_word(document, load_language("en"), ["Us"], made, "en", mark=mark)


def heads(document: bytes) -> list[str]:
    """Return what the running head of each section says, without fields looked up."""
    relations = word_part(document, "word/_rels/document.xml.rels")
    parts = {each.get("Id"): f"word/{each.get('Target')}" for each in relations}
    sections = word_part(document).iter(f"{W}sectPr")
    ids = [section.find(f"{W}headerReference").get(_ID) for section in sections]
    return [said(word_part(document, parts[each])) for each in ids]


def test_each_chapter_has_its_title_in_its_running_head(pandocs: bytes) -> None:
    """The front has none; a chapter after a table begins no page more than it did."""
    document = finish(pandocs, mark="Draft")
    assert heads(document) == [
        f"Draft · Bread & rest{title}" for title in ("", "What we found", "Ways & means", "Last")
    ]
    sections = list(word_part(document).iter(f"{W}sectPr"))
    assert [section.find(f"{W}titlePg") is not None for section in sections] == [
        True, False, False, False,
    ]  # fmt: skip
    assert all(section.find(f"{W}footerReference") is not None for section in sections)
    names = [name for name in WordFile(document).parts if re.search(r"header\d+\.xml$", name)]
    types = word_part(document, "[Content_Types].xml")
    listed = [each.get("PartName") for each in types if "header" in each.get("PartName", "")]
    assert sorted(listed) == sorted(f"/{name}" for name in names)


def test_chapters_that_begin_on_no_new_page_have_no_sections(pandocs: bytes) -> None:
    """A reference document of the author's may let them follow each other."""
    word = WordFile(pandocs)
    path = "//w:style[@w:styleId='Heading1']/w:pPr/w:pageBreakBefore"
    for each in find_all(word.tree(STYLES), path):
        each.getparent().remove(each)
    assert heads(finish(word.content())) == ["Bread & rest"]
