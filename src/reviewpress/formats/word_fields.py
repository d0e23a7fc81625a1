"""Numbers that Word counts itself: of headings, figures and tables, and in references to them.

An editor who adds a heading or a figure gets all others right by updating fields. A number becomes
one that Word counts only where that is the same number: nothing that is read changes.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from unicodedata import bidirectional

from reviewpress.assemble.number_style import written_number
from reviewpress.formats.word_parts import (
    STYLES,
    Element,
    WordFile,
    need,
    properties,
    put,
    qualified,
    said,
    style_of,
    value,
    w,
)
from reviewpress.store.digests import digest_bytes

SEQUENCES = {"ImageCaption": "Figure", "TableCaption": "Table", "ListingCaption": "Listing"}
"""Styles of captions, and the sequence in which Word counts each."""
_HEADINGS = {f"Heading{level}": level for level in range(1, 10)}
_SWITCHES = {"arabic": "ARABIC", "alpha a": "alphabetic", "alpha A": "ALPHABETIC",
             "roman i": "roman", "roman I": "ROMAN"}  # fmt: skip
_CHAPTERS = {"decimal": "arabic", "upperLetter": "alpha A"}
_MARKED = "SectionNumber"
_LEFT_TO_RIGHT = "\u200e"
# As Quarto writes them: "1. Title", "Appendix A — Title", and "1.1 Title" below.
_OF_QUARTO = (
    re.compile(r"()(\d+)(\.)[ \xa0]"),
    re.compile(r"(\w+ )([A-Z])( —) "),
    re.compile(r"()((?:\d+|[A-Z])(?:\.\d+)+)()[ \xa0]"),
)
_PLACE = re.compile(r"\{\w+\}")
_IN_CAPTION = re.compile(r"(.*\s)(?:(\d+|[A-Z])\.)?(\w+)", re.DOTALL)


@dataclass(slots=True)
class _Count:
    """What was counted so far, in the order of the text."""

    chapters: Counter[str] = field(default_factory=Counter)
    chapter: str = ""
    below: list[int] = field(default_factory=list)
    floats: Counter[str] = field(default_factory=Counter)
    by_chapter: bool = True
    around: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What stands before and after the number of a chapter, by the kind of number."""
    levels: set[int] = field(default_factory=set)
    plain: list[Element] = field(default_factory=list)
    """Headings without a number."""
    appended: list[Element] = field(default_factory=list)
    """Headings of appendices."""

    @property
    def kind(self) -> str:
        """The kind of the chapter's number."""
        return "upperLetter" if self.chapter.isalpha() else "decimal"

    def is_next(self, number: str, level: int) -> bool:
        """Count a heading whose number is the one that follows."""
        if level == 1:
            self.chapter, self.below = number, []
            following = written_number(self.chapters[self.kind] + 1, _CHAPTERS[self.kind])
            if number == following:
                self.chapters[self.kind] += 1
            else:
                self.chapter = ""
            return bool(self.chapter)
        counts = [*self.below, *[0] * level][: level - 1]
        counts[-1] += 1
        if not self.chapter or number != ".".join([self.chapter, *map(str, counts)]):
            return False
        self.below = counts
        return True


def count_numbers(word: WordFile, body: Element, lines: Collection[str] = ()) -> frozenset[str]:
    """Let Word count what has a number, and return the sequences of captions that it counts.

    `lines` are what else is said of a figure or table in a paragraph of its own, with `{figure}`
    or `{table}` for its label and number, which then are those of the caption.
    """
    links = [link for link in body.iter(qualified("w:hyperlink")) if value(link, name="anchor")]
    wanted = {value(link, name="anchor") for link in links}
    found = [*numbered_paragraphs(body)]
    derived = _derived(body, [_first_words(caption) for _, caption in found], lines)
    marks = itertools.count(
        1 + max((int(value(mark, name="id")) for mark in body.iter(qualified("w:bookmarkStart"))),
                default=0)
    )  # fmt: skip
    count = _Count(by_chapter=not _run_through([paragraph for _, paragraph in found]))
    is_marked = any(value(style) == _MARKED for style in body.iter(qualified("w:rStyle")))
    targets = {}
    for mark, paragraph in found:
        level = _HEADINGS.get(style_of(paragraph), 0)
        whole = "" if level else _first_words(paragraph)
        if level:
            number, parts = _count_heading(paragraph, level, count, is_marked=is_marked)
        else:
            number, parts = _count_caption(paragraph, count)
        following = derived.pop(whole, []) if number else []
        if number and (mark in wanted or following):
            name = f"_Ref{int(digest_bytes((mark or whole).encode())[:12], 16) % 10**9:09d}"
            identity = next(marks)
            parts[0].addprevious(w("bookmarkStart", id=identity, name=name))
            parts[-1].addnext(w("bookmarkEnd", id=identity))
            # What it refers to is in bold type, which it would take on.
            switches = r"\r \t \h" if level else r"\h \* MERGEFORMAT"
            targets[mark] = (number, f"REF {name} {switches}")
            for line in following:
                _refer(line, *targets[mark], after=said(line).partition(whole)[2])
    _define_headings(word, count)
    for link in links:
        if value(link, name="anchor") in targets:
            _refer(link, *targets[value(link, name="anchor")])
    return frozenset(count.floats)


def numbered_paragraphs(body: Element) -> Iterator[tuple[str, Element]]:
    """Yield headings and captions, each with the bookmark that begins before it."""
    mark = ""
    for element in body.iter(*map(qualified, ("w:bookmarkStart", "w:pStyle", "w:t"))):
        if element.tag == qualified("w:bookmarkStart"):
            mark = value(element, name="name")
        elif element.tag == qualified("w:t"):
            # What is said in between is what the bookmark is of.
            mark = "" if element.text else mark
        elif value(element) in SEQUENCES or value(element) in _HEADINGS:
            yield mark, need(element, "../..")


# Headings -----------------------------------------------------------------------------------------


def _count_heading(
    paragraph: Element, level: int, count: _Count, *, is_marked: bool
) -> tuple[str, Sequence[Element]]:
    """Leave a heading's number to Word; return it, and what of the paragraph stays."""
    before, number, after, length = _number_of(paragraph, is_marked=is_marked)
    if level == 1 and count.by_chapter:
        count.floats.update({name: -counted for name, counted in count.floats.items()})
        # Word begins again by itself (`\s 1`); LibreOffice where it is told to.
        for name in count.floats:
            hidden = w("r", w("rPr", w("vanish")), w("t", ""))
            paragraph.append(w("fldSimple", hidden, instr=rf" SEQ {name} \h \r 0 "))
    if not count.is_next(number, level):
        count.plain.append(paragraph)
        return "", []
    if level == 1:
        count.around[count.kind] = before, after
    count.levels.add(level)
    if count.kind == "upperLetter":
        count.appended.append(paragraph)
    _cut(paragraph, length)
    return number, [each for each in paragraph if each.tag != qualified("w:pPr")]


def _number_of(paragraph: Element, *, is_marked: bool) -> tuple[str, str, str, int]:
    """Return a heading's number, what is around it, and how many letters these are with a blank."""
    text = said(paragraph)
    if is_marked:
        first = next(paragraph.iter(qualified("w:r")), None)
        if first is not None and value(first, "w:rPr/w:rStyle") == _MARKED:
            return "", said(first), "", len(said(first)) + 1
        return "", "", "", 0
    for pattern in _OF_QUARTO:
        if found := pattern.match(text):
            return found[1], found[2], found[3], found.end()
    return "", "", "", 0


def _cut(paragraph: Element, length: int) -> None:
    """Take letters away from the beginning of a paragraph."""
    for text in [*paragraph.iter(qualified("w:t"))]:
        words = text.text or ""
        text.text = words[length:]
        length -= min(length, len(words))
        if not text.text:
            run = need(text, "..")
            need(run, "..").remove(run)
        if not length:
            return


def _define_headings(word: WordFile, count: _Count) -> None:
    """Define how headings are numbered, by their styles and, in appendices, one by one."""
    if not count.levels:
        return
    numbering = word.tree("word/numbering.xml")
    taken = [int(value(each, name="numId")) for each in numbering.iter(qualified("w:num"))]
    kinds = [int(value(each, name="abstractNumId"))
             for each in numbering.iter(qualified("w:abstractNum"))]  # fmt: skip
    lists = {}
    for step, kind in enumerate(_CHAPTERS, 1):
        own, lists[kind] = max(kinds, default=0) + step, max(taken, default=0) + step
        before, after = count.around.get(kind, ("", ""))
        levels = [_level(level, kind, before, after) for level in range(9)]
        defined = w("abstractNum", w("multiLevelType", val="multilevel"), *levels,
                    abstractNumId=own)  # fmt: skip
        numbering.insert(len(numbering.findall(qualified("w:abstractNum"))), defined)
        numbering.append(w("num", w("abstractNumId", val=own), numId=lists[kind]))
    styles = word.tree(STYLES)
    numbered = {style for style, level in _HEADINGS.items() if level in count.levels}
    for style in styles.findall(qualified("w:style")):
        level = _HEADINGS.get(value(style, name="styleId"), 0)
        if level in count.levels:
            _give_number(style, lists["decimal"], level)
        elif value(style, "w:basedOn") in numbered:
            _give_number(style, 0)
    for paragraph in count.plain:
        _give_number(paragraph, 0)
    for paragraph in count.appended:
        _give_number(paragraph, lists["upperLetter"], _HEADINGS[style_of(paragraph)])


def _level(level: int, kind: str, before: str, after: str) -> Element:
    text = ".".join(f"%{n + 1}" for n in range(level + 1)) if level else f"{before}%1{after}"
    style = w("pStyle", val=f"Heading{level + 1}") if kind == "decimal" else None
    return w(
        "lvl", w("start", val=1), w("numFmt", val="decimal" if level else kind), style,
        w("suff", val="space"), w("lvlText", val=text), w("lvlJc", val="left"),
        w("pPr", w("ind", left=0, firstLine=0)), ilvl=level,
    )  # fmt: skip


def _give_number(element: Element, number: int, level: int = 1) -> None:
    """Let a style or a paragraph have a number of a list, none with 0."""
    if element.tag == qualified("w:p"):
        properties(element)
    elif element.find(qualified("w:pPr")) is None:
        put(element, w("pPr"))
    own = need(element, "w:pPr")
    put(own, w("numPr", w("ilvl", val=level - 1) if number else None, w("numId", val=number)))


# Captions and references --------------------------------------------------------------------------


def _run_through(paragraphs: Sequence[Element]) -> bool:
    """Say whether figures, and tables, are counted through all chapters."""
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        style = style_of(paragraph)
        read = _IN_CAPTION.fullmatch(_first_words(paragraph)) if style in SEQUENCES else None
        if read:
            counts[style] += 1
            if read[2] or not _switch(counts[style], read[3]):
                return False
    return True


def _count_caption(paragraph: Element, count: _Count) -> tuple[str, Sequence[Element]]:
    """Leave a caption's number to Word; return it, and what holds it."""
    sequence = SEQUENCES[style_of(paragraph)]
    read = _IN_CAPTION.fullmatch(_first_words(paragraph))
    switch = _switch(count.floats[sequence] + 1, read[3]) if read else ""
    if not read or not switch or (count.by_chapter and (read[2] or "") != count.chapter):
        return "", []
    count.floats[sequence] += 1
    run = next(paragraph.iter(qualified("w:r")))
    parts = [_field(r"STYLEREF 1 \s", read[2], run), _run(".", run)] if read[2] else []
    reset = r" \s 1" if count.by_chapter else ""
    parts.append(_field(rf"SEQ {sequence} \* {switch}{reset}", read[3], run))
    # After words from right to left, Writer takes the fields of "3.1" one by one, and shows "1.3".
    is_rightward = any(bidirectional(letter) in ("R", "AL") for letter in read[1])
    ends = [_run(_LEFT_TO_RIGHT, run)] if is_rightward else []
    _replace(run, [_run(read[1], run), *ends, *parts, *deepcopy(ends)])
    return f"{read[2]}.{read[3]}" if read[2] else read[3], parts


def _first_words(paragraph: Element) -> str:
    first = next(paragraph.iter(qualified("w:r")), None)
    return "" if first is None else said(first)


def _switch(number: int, written: str) -> str:
    """Return how Word is told to write a number as it is written; empty where it cannot be it."""
    ways = (way for style, way in _SWITCHES.items() if written_number(number, style) == written)
    return next(ways, "")


def _derived(
    body: Element, captions: Sequence[str], lines: Collection[str]
) -> dict[str, list[Element]]:
    """Return the paragraphs that are a line with a caption's label and number, by these."""
    known = {own.join(_PLACE.split(line)): own for line in lines for own in captions}
    derived: dict[str, list[Element]] = {}
    for paragraph in body.iter(qualified("w:p")) if known else ():
        if own := known.get(said(paragraph)):
            derived.setdefault(own, []).append(paragraph)
    return derived


def _refer(element: Element, number: str, instruction: str, *, after: str = "") -> None:
    """Let words that end with a number, and what is `after` it, take it from what has it."""
    texts = [*element.iter(qualified("w:t"))]
    words = texts[0].text or "" if len(texts) == 1 else ""
    before = words.removesuffix(number + after)
    if before == words or before[-1:].isalnum() or before[-1:] == ".":
        return
    run = need(texts[0], "..")
    parts = [*([_run(before, run)] if before else []), _field(instruction, number, run)]
    _replace(run, [*parts, *([_run(after, run)] if after else [])])


def _field(instruction: str, result: str, like: Element) -> Element:
    return w("fldSimple", _run(result, like), instr=f" {instruction} ")


def _run(words: str, like: Element) -> Element:
    """Return a run that looks like another."""
    look = like.find(qualified("w:rPr"))
    return w("r", deepcopy(look) if look is not None else None, w("t", words))


def _replace(run: Element, parts: Sequence[Element]) -> None:
    parent = need(run, "..")
    at = parent.index(run)
    parent[at : at + 1] = parts
