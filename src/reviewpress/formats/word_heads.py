"""Running heads of a Word file: the title of the edition, and that of the chapter of each page.

Word looks for the chapter's title itself, by a field. LibreOffice before 7.6 and viewers do not
know that field and show what stands in it; so each chapter is a section, with a head of its own.
"""

from collections.abc import Iterator
from copy import deepcopy
from itertools import count

from reviewpress.formats.word_parts import (
    STYLES,
    Element,
    WordFile,
    find_all,
    need,
    properties,
    put,
    qualified,
    said,
    style_of,
    w,
)

_CHAPTER = "Heading1"
_ID = qualified("r:id")
_RELATIONS = "word/_rels/document.xml.rels"
_SECTIONED = ("w:p", "w:tbl", "w:sdt")
"""What a section can end with."""


def set_heads(word: WordFile, title: str, mark: str) -> None:
    """Put the title into running heads, as Word does when it updates them, and the mark before."""
    for name in word.parts:
        if name.startswith("word/header"):
            for field in _fields(word.tree(name), "TITLE"):
                need(field, "w:r/w:t").text = title
                if mark:
                    field.addprevious(w("r", w("rPr", w("b")), w("t", f"{mark} · ")))


def part_chapters(word: WordFile, body: Element) -> None:
    """Make a section of each chapter whose running heads hold its title.

    Nothing changes where chapters do not begin on a new page, or no head asks for their titles.
    """
    heads = dict(_heads_of_chapters(word, need(body, "w:sectPr")))
    style = f"//w:style[@w:styleId='{_CHAPTER}']/w:pPr/w:pageBreakBefore"
    if not heads or not find_all(word.tree(STYLES), style):
        return
    for heading in [each for each in body if style_of(each) == _CHAPTER]:
        _end_section_before(heading, need(body, "w:sectPr"))
    sections = find_all(body, "w:p/w:pPr/w:sectPr | w:sectPr")
    for first in find_all(body, ".//w:titlePg"):
        need(first, "..").remove(first)
    put(sections[0], w("titlePg"))
    given: dict[str, str] = {}
    for element in body:
        if style_of(element) == _CHAPTER:
            title = said(element)
            given = {old: _named(word, name, title) for old, name in heads.items()}
        for reference in find_all(element, "(self::w:sectPr | w:pPr/w:sectPr)/w:headerReference"):
            reference.set(_ID, given.get(reference.get(_ID, ""), reference.get(_ID, "")))


def _heads_of_chapters(word: WordFile, section: Element) -> Iterator[tuple[str, str]]:
    """Yield the id and the part of each running head of a section that asks for a chapter."""
    for reference in find_all(section, "w:headerReference"):
        known = reference.get(_ID, "")
        path = f"//*[@Id='{known}']/@Target"
        for target in word.tree(_RELATIONS).xpath(path):
            part = f"word/{target.removeprefix('/word/')}"
            if _fields(word.tree(part), "STYLEREF 1"):
                yield known, part


def _end_section_before(heading: Element, last: Element) -> None:
    """End a section with the text before a heading, unless one ends there or there is no text."""
    before = heading.getprevious()
    while before is not None and before.tag not in map(qualified, _SECTIONED):
        before = before.getprevious()
    if before is None or find_all(before, "w:pPr/w:sectPr"):
        return
    section = deepcopy(last)
    if before.tag != qualified("w:p"):
        small = w("p", w("pPr", w("spacing", before=0, after=0, line=20, lineRule="exact")))
        before.addnext(small)
        before = small
    put(properties(before), section)


def _named(word: WordFile, part: str, title: str) -> str:
    """Add a running head that holds a chapter's title, and return its id."""
    head = deepcopy(word.tree(part))
    for field in _fields(head, "STYLEREF 1"):
        need(field, "w:r/w:t").text = title
    names = (f"word/header{number}.xml" for number in count(1))
    return word.add(next(name for name in names if name not in word.parts), head, "header")


def _fields(head: Element, instruction: str) -> list[Element]:
    return find_all(head, f"//w:fldSimple[normalize-space(@w:instr)='{instruction}']")
