"""What pandoc leaves out of a Word file: contents, lists, table widths, page numbers everywhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from reviewpress.config.options import Options
from reviewpress.formats.layout import Lists, lists_of
from reviewpress.formats.properties import Properties
from reviewpress.formats.word_fields import SEQUENCES, count_numbers, numbered_paragraphs
from reviewpress.formats.word_heads import part_chapters, set_heads
from reviewpress.formats.word_language import set_language
from reviewpress.formats.word_parts import (
    DOCUMENT,
    SETTINGS,
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
    value,
    w,
)
from reviewpress.formats.word_properties import set_properties
from reviewpress.formats.word_styles import PANEL_INDENT, PANELS, style_id

# A row with more text than this may run over the end of a page.
WHOLE_ROW = 900
_LIST_INDENT = 284
_VAL = qualified("w:val")
_TITLE_BLOCK = ("Title", "Subtitle", "Author", "Date")
_PANELS = tuple(style_id(panel.name) for panel in PANELS)
_TEXTS = ("BodyText", "FirstParagraph")
_GALLERIES = ("Table of Contents", "List of Figures", "List of Tables")
"""The lists that pandoc makes where it is asked to: fields without entries."""
_OF_CAPTIONS = ("figure-in-words", "table-continued")
"""Lines that say the label and number of a figure or table again."""
_UNLISTED = "UnlistedHeading"
_FINISHED = "reviewpress-finished"
# What templates need and readers of the file's properties do not.
_INTERNAL = ("reviewpress-labels", "edition", "author-notes", "status", "newer", "date-words",
             "version-words", "version-in-line")  # fmt: skip

Entry = tuple[str, str, str]
"""A line of a list: the bookmark that it leads to, its style, its words."""


def is_finished(document: bytes) -> bool:
    """Say whether `finish_word` made a Word file what it is."""
    marks = WordFile(document).tree(SETTINGS).iter(qualified("w:docVar"))
    return any(value(mark, name="name") == _FINISHED for mark in marks)


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a language that lead to an address."""

    lang: str
    words: str
    address: str


def finish_word(
    document: bytes,
    labels: Mapping[str, str],
    facts: Sequence[str | Link],
    made: datetime,
    lang: str,
    lists: Lists | None = None,
    *,
    hyphenate: bool = False,
    described: Properties | None = None,
    mark: str = "",
) -> bytes:
    """Return pandoc's Word file with what it lacks.

    These are a contents list and lists of figures and tables, filled in so that they are there
    before Word counts pages; `facts` (publisher, version, licence, links) on the first page; page
    numbers in every section, and a section of each chapter, with its title in the running heads;
    tables as wide as the text, with rows kept whole; the document's date
    and language; `mark` in each running head. With `hyphenate` words of running text are
    hyphenated, and not those of tables alone. Raises EngineError where the file is not as pandoc
    makes it.
    """
    word = WordFile(document)
    body = need(word.tree(DOCUMENT), "w:body")
    _drop_empty_sections(body)
    _number_pages(body)
    _set_tables(body)
    _set_blocks(body)
    _add_lists(word, body, labels, facts, lists or lists_of(Options({}), labels))
    core = word.tree("docProps/core.xml")
    for name in ("dcterms:created", "dcterms:modified"):
        need(core, name).text = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    set_heads(word, core.findtext(qualified("dc:title"), ""), mark)
    part_chapters(word, body)
    if described is not None:
        set_properties(word, described)
    set_language(word, lang, hyphenate=hyphenate)
    settings = word.tree(SETTINGS)
    put(settings, w("docVars", w("docVar", name=_FINISHED, val="yes")))
    if "docProps/custom.xml" in word.parts:
        for kept in find_all(word.tree("docProps/custom.xml"), "custom:property"):
            if kept.get("name") in _INTERNAL:
                kept.getparent().remove(kept)
    return word.content()


def _add_lists(
    word: WordFile,
    body: Element,
    labels: Mapping[str, str],
    facts: Sequence[str | Link],
    lists: Lists,
) -> None:
    """Put facts and the contents behind the title, and the other lists at the end of the text.

    Whoever looks for a figure knows where to; nobody reads through its list to come to the text.
    """
    for gallery in find_all(body, "w:sdt[w:sdtPr/w:docPartObj/w:docPartGallery]"):
        if value(gallery, "w:sdtPr/w:docPartObj/w:docPartGallery") in _GALLERIES:
            body.remove(gallery)
    at = next((n for n, each in enumerate(body) if style_of(each) not in _TITLE_BLOCK), len(body))
    listed = _listed(body, lists.depth)
    counted = count_numbers(word, body, [labels[name] for name in _OF_CAPTIONS])
    _set_unlisted(word, body)
    runs = (_run(fact) if isinstance(fact, str) else _linked(fact) for fact in facts)
    front = [_paragraph("EditionFacts", run) for run in runs]
    back: list[Element] = []
    for kind, gallery, title, instruction in _wanted_lists(lists, labels, counted):
        if kind in listed:
            filled = _field_list(gallery, title, instruction, listed[kind])
            (front if gallery == _GALLERIES[0] else back).append(filled)
    if back:
        put(properties(need(back[0], ".//w:p")), w("pageBreakBefore"))
    body[-1:-1] = back
    body[at:at] = front


def _listed(body: Element, depth: int) -> dict[str, list[Entry]]:
    """Return the headings and captions of the text by their kind of paragraph."""
    listed: dict[str, list[Entry]] = {}
    for mark, paragraph in numbered_paragraphs(body):
        style = style_of(paragraph)
        if style in SEQUENCES:
            entry = mark, "Tableoffigures", said(paragraph, between_lines=" ")
            listed.setdefault(style, []).append(entry)
        elif int(style[-1]) <= depth and not _is_unlisted(paragraph):
            entry = mark, style.replace("Heading", "Toc"), said(paragraph)
            listed.setdefault("Heading", []).append(entry)
    return listed


def _is_unlisted(paragraph: Element) -> bool:
    return bool(find_all(paragraph, f".//w:rStyle[@w:val='{_UNLISTED}']"))


def _set_unlisted(word: WordFile, body: Element) -> None:
    """Give headings that the contents leave out styles of their own, with the looks and levels.

    Word makes its contents of the styles of headings, and not of styles that are based on these.
    """
    styles = word.tree(STYLES)
    for _, paragraph in [*numbered_paragraphs(body)]:
        if not _is_unlisted(paragraph):
            continue
        number = style_of(paragraph)[-1]
        own = f"{_UNLISTED}{number}"
        if not find_all(styles, f"w:style[@w:styleId='{own}']"):
            name = w("name", val=f"Unlisted Heading {number}")
            base = w("basedOn", val=f"Heading{number}")
            styles.append(w("style", name, base, type="paragraph", customStyle=1, styleId=own))
        need(paragraph, "w:pPr/w:pStyle").set(_VAL, own)
        for style in find_all(paragraph, f".//w:rStyle[@w:val='{_UNLISTED}']"):
            need(style, "..").remove(style)


def _wanted_lists(
    lists: Lists, labels: Mapping[str, str], counted: Collection[str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield of which paragraphs there is a list: their style, its kind, its title, its field."""
    if lists.contents:
        field = rf'TOC \o "1-{lists.depth}" \h \z'
        yield "Heading", _GALLERIES[0], lists.title, field
    for style, name, is_wanted, label in (
        ("ImageCaption", "Image Caption", lists.figures, "crossref-lof-title"),
        ("TableCaption", "Table Caption", lists.tables, "crossref-lot-title"),
    ):
        of = rf'\c "{SEQUENCES[style]}"' if SEQUENCES[style] in counted else rf'\t "{name},1"'
        if is_wanted:
            yield style, "Table of Figures", labels[label], rf"TOC \h \z {of}"


def _field_list(gallery: str, title: str, instruction: str, entries: Sequence[Entry]) -> Element:
    """Return a field that Word updates, with entries that lead to their places until it does."""
    begin = w("fldChar", fldCharType="begin", dirty="true")
    lines = [_paragraph(style, _entry(mark, words)) for mark, style, words in entries]
    lines[0][1:1] = [w("r", begin), w("r", w("instrText", f" {instruction} ")),
                     w("r", w("fldChar", fldCharType="separate"))]  # fmt: skip
    lines[-1].append(w("r", w("fldChar", fldCharType="end")))
    part = w("docPartObj", w("docPartGallery", val=gallery), w("docPartUnique"))
    heading = _paragraph("TOCHeading", _run(title))
    return w("sdt", w("sdtPr", part), w("sdtContent", heading, *lines))


def _entry(mark: str, words: str) -> Element:
    return w("hyperlink", _run(words), anchor=mark, history=1) if mark else _run(words)


def _paragraph(style: str, content: Element) -> Element:
    return w("p", w("pPr", w("pStyle", val=style)), content)


def _linked(link: Link) -> Element:
    """Return a link to an address, in its language."""
    run = _run(link.words)
    run.insert(0, w("rPr", w("rStyle", val="Hyperlink"), w("lang", val=link.lang)))
    address = link.address.replace('"', "%22")
    return w("fldSimple", run, instr=f'HYPERLINK "{address}"')


def _run(words: str) -> Element:
    return w("r", w("t", words))


def _number_pages(body: Element) -> None:
    """Give each section the headers and footers of the reference document, which the last has.

    The first page has none of them. The paragraph that ends a section takes no room.
    """
    given = find_all(need(body, "w:sectPr"), "w:headerReference | w:footerReference")
    for section in find_all(body, ".//w:pPr/w:sectPr"):
        if not find_all(section, "w:headerReference | w:footerReference"):
            section[:0] = [deepcopy(each) for each in given]
        if section.getprevious() is None:
            small = w("spacing", before=0, after=0, line=20, lineRule="exact")
            put(need(section, ".."), small)
    put(find_all(body, ".//w:sectPr")[0], w("titlePg"))


def _drop_empty_sections(body: Element) -> None:
    """Take away sections that hold nothing: those between two tables across of two chapters."""
    for section in find_all(body, "w:p[w:pPr/w:sectPr]"):
        before = section.getprevious()
        if before is not None and find_all(before, "w:pPr/w:sectPr"):
            body.remove(section)


def _set_tables(body: Element) -> None:
    """Make tables as wide as their pages' text, in a style of their own, with whole rows."""
    waiting: list[Element] = []
    for element in find_all(body, ".//w:tbl[not(.//w:tbl or ancestor::w:tbl)] | .//w:sectPr"):
        if element.tag == qualified("w:tbl"):
            waiting.append(element)
            continue
        for table in waiting:
            _set_table(table, _text_width(element))
        waiting.clear()


def _text_width(section: Element) -> int | None:
    page = value(section, "w:pgSz", "w")
    margins = [value(section, "w:pgMar", side) for side in ("left", "right")]
    return int(page) - sum(map(int, margins)) if page and all(margins) else None


def _set_table(table: Element, width: int | None) -> None:
    for style in find_all(table, ".//w:pStyle[@w:val='Compact']"):
        style.set(_VAL, "TableText")
    grid = find_all(table, "w:tblGrid/w:gridCol")
    columns = [int(value(column, name="w")) for column in grid]
    if width and sum(columns):
        edges = [round(width * sum(columns[:at]) / sum(columns)) for at in range(len(columns) + 1)]
        columns = [after - before for before, after in pairwise(edges)]
        for column, broad in zip(grid, columns, strict=True):
            column.set(qualified("w:w"), str(broad))
        given = need(table, "w:tblPr/w:tblW")
        given.attrib.update(w("tblW", type="dxa", w=width).attrib)
    else:
        columns = []
    for row in table.findall(qualified("w:tr")):
        _set_row(row, columns)


def _set_row(row: Element, columns: Sequence[int]) -> None:
    at = 0
    for cell in row.findall(qualified("w:tc")) if columns else []:
        own = properties(cell)
        count = int(value(own, "w:gridSpan") or 1)
        put(own, w("tcW", w=sum(columns[at : at + count]), type="dxa"))
        at += count
        if len(columns) > 1 and count == len(columns):
            # The name of a group of rows stays with the first of them.
            for paragraph in cell.findall(qualified("w:p")):
                put(properties(paragraph), w("keepNext"))
    if len(said(row)) <= WHOLE_ROW:
        put(properties(row), w("cantSplit"))


def _set_blocks(body: Element) -> None:
    """Keep the bars of boxes in line, and text off the tables and boxes that it follows."""
    for style in body.iter(qualified("w:pStyle")):
        if style.get(_VAL) in _PANELS and (level := value(style, "../w:numPr/w:ilvl")):
            left = PANEL_INDENT + _LIST_INDENT * (int(level) + 1)
            put(need(style, ".."), w("ind", left=left, hanging=_LIST_INDENT))
        elif style.get(_VAL) in _TEXTS and _follows_block(need(style, "../..")):
            style.set(_VAL, "AfterBlock")


def _follows_block(paragraph: Element) -> bool:
    """Say whether a paragraph follows a table or a box, with no more than bookmarks between."""
    before = paragraph.getprevious()
    while before is not None and before.tag == qualified("w:bookmarkEnd"):
        before = before.getprevious()
    return before is not None and (before.tag == qualified("w:tbl") or style_of(before) in _PANELS)
