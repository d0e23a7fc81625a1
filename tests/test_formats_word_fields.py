"""Numbers that Word counts: headings by their styles, captions by SEQ, references by REF."""

import subprocess
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml.etree import _Element as Element
from reading import NAMES, W, said, styled, word_part

from reviewpress.formats.word_document import finish_word
from reviewpress.formats.word_parts import DOCUMENT, WordFile, w
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc

REFERENCE = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "docx" / "reference.docx"


def heading(level: int, number: str, title: str, name: str) -> str:
    """Write a heading as the embedded engine's filter leaves it."""
    before = f'[{number}]{{custom-style="Section Number"}} ' if number else ""
    return f"\n\n{'#' * level} {before}{title} {{#{name}}}\n\n"


def table(number: str, name: str) -> str:
    """Write a caption: pandoc gives a table's the style, and its first words a run of their own."""
    return f"\n\nTable: **Table\u00a0{number}**: {name}\n\n| a |\n|---|\n| {name} |\n\n".replace(
        f"{name}\n\n|", f"{name} {{#{name}}}\n\n|", 1
    )


def finish(text: str, folder: Path) -> Element:
    """Return the text of a Word file made of Markdown, finished."""
    arguments = ["--from=markdown-smart", "--to=docx", f"--reference-doc={REFERENCE}"]
    run_pandoc([*arguments, "--output=a.docx"], text, folder=folder)
    made = datetime(2026, 11, 29, tzinfo=UTC)
    document = finish_word((folder / "a.docx").read_bytes(), load_language("en"), [], made, "en")
    (folder / "made.docx").write_bytes(document)
    return word_part(document)


def lists(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the levels of each list that is defined: kind of number and text."""
    root = word_part(folder / "made.docx", "word/numbering.xml")
    kinds = {each.get(f"{W}abstractNumId"): each for each in root.iter(f"{W}abstractNum")}
    found = {}
    for number in root.iter(f"{W}num"):
        levels = kinds[number.find(f"{W}abstractNumId").get(f"{W}val")].iter(f"{W}lvl")
        found[number.get(f"{W}numId")] = [
            (level.find(f"{W}numFmt").get(f"{W}val"), level.find(f"{W}lvlText").get(f"{W}val"))
            for level in levels
        ]
    return found


def number_of(paragraph: Element, folder: Path) -> tuple[str, str] | None:
    """Return how Word numbers a heading: by itself, else by its style; None for no number."""
    styles = word_part(folder / "made.docx", "word/styles.xml")
    style = paragraph.xpath("string(w:pPr/w:pStyle/@w:val)", namespaces=NAMES)
    [defined] = styles.xpath("w:style[@w:styleId=$name]", namespaces=NAMES, name=style)
    for place in (paragraph, defined):
        numbers = place.xpath("w:pPr/w:numPr", namespaces=NAMES)
        if numbers:
            number = numbers[0].xpath("string(w:numId/@w:val)", namespaces=NAMES)
            level = int(numbers[0].xpath("string(w:ilvl/@w:val)", namespaces=NAMES) or 0)
            return lists(folder)[number][level] if number != "0" else None
    return None


def fields(element: Element) -> list[str]:
    """Return the fields of an element, without the names of bookmarks."""
    found = element.xpath(".//w:fldSimple/@w:instr", namespaces=NAMES)
    return [" ".join(word for word in field.split() if not word.startswith("_Ref"))
            for field in found]  # fmt: skip


EMBEDDED = (
    heading(1, "", "A note on access", "sec-note")
    + heading(1, "1", "2020 in *short*", "sec-short")
    + heading(2, "1.1", "Within", "sec-within")
    + heading(2, "", "Apart", "sec-apart")
    + heading(3, "1.1.1", "Deeper", "sec-deeper")
    + heading(1, "2", "Two", "sec-two")
    + heading(1, "A", "Forms", "sec-forms")
    + heading(2, "A.1", "A form", "sec-form")
)
QUARTO = """
# A note on access {#sec-note}

# 1. 2020 in *short* {#sec-short}

## 1.1 Within {#sec-within}

## Apart {#sec-apart}

### 1.1.1 Deeper {#sec-deeper}

# 2. Two {#sec-two}

# Appendix A — Forms {#sec-forms}

## A.1 A form {#sec-form}
"""


@pytest.mark.parametrize(
    ("text", "chapter", "appendix"),
    [(EMBEDDED, "%1", "%1"), (QUARTO, "%1.", "Appendix %1 —")],
    ids=["embedded", "quarto"],
)
def test_headings_are_numbered_by_word(
    text: str, chapter: str, appendix: str, tmp_path: Path
) -> None:
    """Both engines' numbers are taken from the text and defined; a title may begin with one."""
    root = finish(text, tmp_path)
    found = {
        said(paragraph): number_of(paragraph, tmp_path)
        for level in (1, 2, 3) for paragraph in styled(root, f"Heading{level}")
    }  # fmt: skip
    assert found == {
        "A note on access": None, "2020 in short": ("decimal", chapter),
        "Within": ("decimal", "%1.%2"), "Apart": None, "Deeper": ("decimal", "%1.%2.%3"),
        "Two": ("decimal", chapter), "Forms": ("upperLetter", appendix),
        "A form": ("decimal", "%1.%2"),
    }  # fmt: skip
    [title] = styled(root, "TOCHeading")
    assert number_of(title, tmp_path) is None
    listed = [said(entry) for entry in styled(root, "Toc1")]
    assert listed[1].endswith(" 2020 in short")
    assert listed[1] != "2020 in short"


@pytest.mark.parametrize(
    "text",
    [
        "# Vitamin A {#a}\n\n# A history {#b}\n\n# 10 things {#c}\n",
        "# 1. Mine {#a}\n\n# 3. Later {#b}\n",
    ],
    ids=["no number", "not the next"],
)
def test_what_is_no_number_of_a_heading_stays(text: str, tmp_path: Path) -> None:
    """Letters and figures of a title stay in it, and a number that Word would not count."""
    titles = [said(paragraph) for paragraph in styled(finish(text, tmp_path), "Heading1")]
    assert set(titles) <= {"Vitamin A", "A history", "10 things", "Mine", "3. Later"}
    assert len(titles) == text.count("#") - text.count("{#")


FLOATS = (
    heading(1, "1", "One", "sec-one") + table("1.1", "tbl-a") + table("1.2", "tbl-b")
    + "See [Table\u00a01.2](#tbl-b), [1.1](#tbl-a), [section 2](#sec-two) and [it](#tbl-a).\n"
    + heading(1, "2", "Two", "sec-two") + table("2.1", "tbl-c")
    + heading(1, "", "After", "sec-after") + table("1", "tbl-d")
)  # fmt: skip


def test_captions_are_counted_in_their_chapter(tmp_path: Path) -> None:
    """The number is the chapter's, a point, and a count that begins again at each chapter."""
    captions = styled(finish(FLOATS, tmp_path), "TableCaption")
    by_chapter = [r"STYLEREF 1 \s", r"SEQ Table \* ARABIC \s 1"]
    assert [fields(caption) for caption in captions] == [by_chapter] * 3 + [by_chapter[1:]]
    assert [said(caption) for caption in captions] == [
        "Table 1.1: tbl-a", "Table 1.2: tbl-b", "Table 2.1: tbl-c", "Table 1: tbl-d",
    ]  # fmt: skip
    bold = captions[0].xpath(".//w:fldSimple/w:r/w:rPr/w:b", namespaces=NAMES)
    assert len(bold) == 2


def test_a_number_after_arabic_keeps_its_order(tmp_path: Path) -> None:
    """A mark of direction stands at both ends of its fields; Latin captions have none."""
    arabic = table("1.1", "T").replace("Table\u00a0", "الجدول ")
    body = finish(f"{heading(1, '1', 'A', 'a')}{arabic}", tmp_path)
    assert said(styled(body, "TableCaption")[0]).startswith("الجدول \u200e1.1\u200e:")
    body = finish(f"{heading(1, '1', 'A', 'a')}{table('1.1', 'T')}", tmp_path)
    assert "\u200e" not in said(styled(body, "TableCaption")[0])


@pytest.mark.parametrize(("one", "two", "switch"), [("1", "2", "ARABIC"), ("i", "ii", "roman")])
def test_captions_may_be_counted_through_a_book(
    one: str, two: str, switch: str, tmp_path: Path
) -> None:
    """Numbers go on from chapter to chapter, in the figures that they are written in."""
    text = heading(1, "1", "One", "a") + table(one, "t") + heading(1, "2", "Two", "b")
    captions = styled(finish(text + table(two, "u"), tmp_path), "TableCaption")
    assert [fields(caption) for caption in captions] == [[rf"SEQ Table \* {switch}"]] * 2


def test_a_number_that_word_would_not_count_stays(tmp_path: Path) -> None:
    """A caption that an author numbered otherwise is not renumbered behind their back."""
    text = heading(1, "1", "One", "a") + table("1.1", "t") + table("1.9", "u")
    captions = styled(finish(text, tmp_path), "TableCaption")
    assert [bool(fields(caption)) for caption in captions] == [True, False]
    assert said(captions[1]) == "Table 1.9: u"


def test_references_take_their_numbers_from_what_they_lead_to(tmp_path: Path) -> None:
    """The words around a number stay; a link without one stays a link alone."""
    root = finish(FLOATS, tmp_path)
    [paragraph] = [p for p in root.iter(f"{W}p") if said(p).startswith("See ")]
    assert said(paragraph) == "See Table 1.2, 1.1, section 2 and it."
    assert fields(paragraph) == [*[r"REF \h \* MERGEFORMAT"] * 2, r"REF \r \t \h"]
    assert len([*paragraph.iter(f"{W}hyperlink")]) == 4
    names = {name for field in paragraph.xpath(".//@w:instr", namespaces=NAMES)
             for name in field.split() if name.startswith("_Ref")}  # fmt: skip
    marked = {mark.get(f"{W}name"): mark for mark in root.iter(f"{W}bookmarkStart")}
    assert names <= marked.keys()
    ids = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids))


def test_what_is_said_of_a_caption_again_takes_its_number(tmp_path: Path) -> None:
    """Lines of ours do, also where nothing leads to the table; words of an author are theirs."""
    lines = "**Table\u00a01.1, continued**\n\nTable\u00a01.1, continued by Ash\n\n"
    text = heading(1, "1", "One", "a") + table("1.1", "t").replace(" {#t}", "") + lines
    root = finish(text + table("1.2", "u"), tmp_path)
    ours, theirs = [p for p in root.iter(f"{W}p") if "continued" in said(p)]
    assert said(ours) == "Table 1.1, continued"
    assert fields(ours) == [r"REF \h \* MERGEFORMAT"]
    assert all(run.find(f"{W}rPr/{W}b") is not None for run in ours.iter(f"{W}r"))
    [name] = [each for each in ours.xpath("string(.//@w:instr)", namespaces=NAMES).split()
              if each.startswith("_Ref")]  # fmt: skip
    caption, _ = styled(root, "TableCaption")
    assert name in [mark.get(f"{W}name") for mark in caption.iter(f"{W}bookmarkStart")]
    assert not fields(theirs)


def test_an_added_table_and_chapter_renumber_the_others(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """LibreOffice counts again: captions, headings and what refers to them."""
    finish(FLOATS + "Table\u00a01.2, continued\n", tmp_path)
    word = WordFile((tmp_path / "made.docx").read_bytes())
    body = word.tree(DOCUMENT)[0]
    chapter, *_ = styled(body, "Heading1")
    chapter.addprevious(w("p", deepcopy(chapter[0]), w("r", w("t", "Added"))))
    caption, *_ = styled(body, "TableCaption")
    copy = deepcopy(caption)
    for mark in copy.xpath(".//w:bookmarkStart | .//w:bookmarkEnd", namespaces=NAMES):
        mark.getparent().remove(mark)
    caption.addprevious(copy)
    (tmp_path / "edited.docx").write_bytes(word.content())
    home = f"-env:UserInstallation={tmp_path.as_uri()}/home"
    command = [tool("soffice"), home, "--headless", "--convert-to", "pdf", "edited.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    shown = subprocess.run([tool("pdftotext"), "edited.pdf", "-"], cwd=tmp_path, check=True,
                           capture_output=True, text=True).stdout  # fmt: skip
    text = " ".join(shown.split())
    assert "1 Added" in text
    assert "2 One" in text
    # STYLEREF, the chapter's part of a caption, this LibreOffice may not know.
    assert ".3, 1.2, section 3 and it." in text
    assert ".3, continued" in text
