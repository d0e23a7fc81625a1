"""What pandoc leaves out of a Word file: contents, lists, table widths, page numbers everywhere.

The file is taken as text: whole parsing of a long report would take longer than writing it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from xml.sax.saxutils import escape

from reviewpress.config.options import Options
from reviewpress.formats.layout import Lists, lists_of
from reviewpress.formats.word_styles import (
    PANEL_INDENT,
    PANELS,
    read_parts,
    style_id,
    write_parts,
)

# A row with more text than this may run over the end of a page.
WHOLE_ROW = 900
_LIST_INDENT = 284
_FRONT = re.compile(
    r'<w:body>\s*(?:<w:p>\s*<w:pPr>\s*<w:pStyle w:val="(?:Title|Subtitle|Author|Date)" />'
    r".*?</w:p>\s*)*",
    re.DOTALL,
)
_LISTED = re.compile(
    r'<w:pStyle w:val="(Heading[1-9]|(?:Image|Table)Caption)" />(.*?)</w:p>',
    re.DOTALL,
)
_BOOKMARK = re.compile(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_SECTION = re.compile(r"<w:sectPr>.*?</w:sectPr>", re.DOTALL)
_SECTION_PARAGRAPH = re.compile(r"<w:p><w:pPr>(?=<w:sectPr>)")
_FOOTER = re.compile(r"<w:footerReference [^>]*/>")
_TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
_ROW = re.compile(r"<w:tr>.*?</w:tr>", re.DOTALL)
_GRID = re.compile(r'<w:gridCol w:w="(\d+)" />')
_CELL = re.compile(r"<w:tcPr ?/>|<w:tcPr>(.*?)</w:tcPr>", re.DOTALL)
_SPAN = re.compile(r'<w:gridSpan w:val="(\d+)" ?/>')
_PANEL = rf'<w:pStyle w:val="(?:{"|".join(style_id(panel.name) for panel in PANELS)})" />'
_AFTER_BLOCK = re.compile(
    rf"((?:</w:tbl>|{_PANEL}(?:(?!</w:p>).)*</w:p>)"
    r'(?:\s*<w:bookmarkEnd w:id="\d+" />)*\s*<w:p><w:pPr><w:pStyle w:val=")'
    r'(?:BodyText|FirstParagraph)"'
)
_PANEL_LIST = re.compile(rf'({_PANEL}<w:numPr><w:ilvl w:val="(\d)" />.*?</w:numPr>)')
# The contents list that pandoc makes where it is asked to: a field without entries.
_CONTENTS = re.compile(
    r'\s*<w:sdt>\s*<w:sdtPr>\s*<w:docPartObj>\s*<w:docPartGallery w:val="Table of Contents" ?/>'
    r".*?</w:sdt>",
    re.DOTALL,
)
_STAMP = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_PROPERTY = r'<property [^>]*name="{}">.*?</property>'
_LIST_TITLE = '<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>'
_FACTS = '<w:p><w:pPr><w:pStyle w:val="EditionFacts"/></w:pPr>'
# What templates need and readers of the file's properties do not.
_INTERNAL = ("reviewpress-labels", "edition", "date-words", "version-words", "version-in-line")


def is_finished(document: bytes) -> bool:
    """Say whether `finish_word` made a Word file what it is."""
    text = read_parts(document)["word/document.xml"]
    return any(mark.encode() in text for mark in (_LIST_TITLE, _FACTS))


def finish_word(
    document: bytes,
    labels: Mapping[str, str],
    facts: Sequence[str],
    made: datetime,
    lang: str,
    lists: Lists | None = None,
) -> bytes:
    """Return pandoc's Word file with what it lacks.

    These are a contents list and lists of figures and tables, filled in so that they are there
    before Word counts pages; `facts` (publisher, version, licence) on the first page; page numbers
    in every section; tables as wide as the text, with rows kept whole; the document's date.
    """
    parts = read_parts(document)
    text = parts["word/document.xml"].decode()
    text = _number_pages(text)
    text = _set_tables(text)
    text = _PANEL_LIST.sub(_indent, text)
    text = _AFTER_BLOCK.sub(r'\g<1>AfterBlock"', text)
    text = _add_front(text, labels, facts, lists or lists_of(Options({}), labels))
    parts["word/document.xml"] = text.encode()
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = _STAMP.sub(rf"\g<1>{stamp}", core).encode()
    settings = parts["word/settings.xml"].decode()
    language = f'<w:themeFontLang w:val="{escape(lang)}" />'
    settings = re.sub(r"<w:themeFontLang [^>]*/>", language, settings)
    parts["word/settings.xml"] = settings.encode()
    if "docProps/custom.xml" in parts:
        custom = parts["docProps/custom.xml"].decode()
        for name in _INTERNAL:
            custom = re.sub(_PROPERTY.format(name), "", custom, flags=re.DOTALL)
        parts["docProps/custom.xml"] = custom.encode()
    return write_parts(parts)


def _add_front(text: str, labels: Mapping[str, str], facts: Sequence[str], lists: Lists) -> str:
    front = _FRONT.search(text)
    if front is None:
        return text
    listed: dict[str, list[tuple[str | None, str, str]]] = {}
    for match in _LISTED.finditer(text):
        kind, words = match[1], "".join(_TEXT.findall(match[2]))
        heading = kind.removeprefix("Heading")
        if heading != kind and int(heading) > lists.depth:
            continue
        style = kind.replace("Heading", "Toc") if heading != kind else "Tableoffigures"
        entry = (_mark_before(text, match.start()), style, words)
        listed.setdefault(kind.rstrip("0123456789"), []).append(entry)
    added = [_paragraph("EditionFacts", _run(escape(fact))) for fact in facts]
    for kind, gallery, title, instruction in _wanted_lists(lists, labels):
        if kind in listed:
            added.append(_field_list(gallery, title, instruction, listed[kind]))
    rest = _CONTENTS.sub("", text[front.end() :], count=1)
    return text[: front.end()] + "".join(added) + rest


def _wanted_lists(lists: Lists, labels: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield of which paragraphs there is a list: its kind in Word, its title, its field."""
    figures = "Table of Figures"
    if lists.contents:
        field = rf'TOC \o "1-{lists.depth}" \h \z'
        yield "Heading", "Table of Contents", lists.title, field
    if lists.figures:
        field = r'TOC \h \z \t "Image Caption" \c'
        yield "ImageCaption", figures, labels["crossref-lof-title"], field
    if lists.tables:
        field = r'TOC \h \z \t "Table Caption" \c'
        yield "TableCaption", figures, labels["crossref-lot-title"], field


def _mark_before(text: str, at: int) -> str | None:
    """Return the bookmark that begins before a place, with nothing said in between."""
    begin = text.rfind("<w:bookmarkStart ", 0, at)
    mark = _BOOKMARK.match(text, begin) if begin >= 0 else None
    return mark[1] if mark and _TEXT.search(text, begin, at) is None else None


def _field_list(
    gallery: str, title: str, instruction: str, entries: Sequence[tuple[str | None, str, str]]
) -> str:
    """Return a field that Word updates, with entries that lead to their places until it does."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines = [_entry(mark, words) for mark, _, words in entries]
    lines[0] = begin + lines[0]
    lines[-1] += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    styles = [style for _, style, _ in entries]
    body = "".join(_paragraph(*pair) for pair in zip(styles, lines, strict=True))
    return (
        "<w:sdt><w:sdtPr><w:docPartObj>"
        f'<w:docPartGallery w:val="{gallery}"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr><w:sdtContent>"
        f"{_paragraph('TOCHeading', _run(escape(title)))}{body}</w:sdtContent></w:sdt>"
    )


def _entry(mark: str | None, words: str) -> str:
    run = _run(words)
    return f'<w:hyperlink w:anchor="{mark}" w:history="1">{run}</w:hyperlink>' if mark else run


def _paragraph(style: str, content: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def _run(words: str) -> str:
    """Return a run of text that is escaped already."""
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def _number_pages(text: str) -> str:
    """Give each section the last one's footer, but none to the first page."""
    footer = _FOOTER.search(text)
    if footer is None:
        return text
    first = True

    def number(section: re.Match[str]) -> str:
        nonlocal first
        own = section[0]
        if "<w:footerReference" not in own:
            own = own.replace("<w:sectPr>", f"<w:sectPr>{footer[0]}", 1)
        if first:
            own = own.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
            first = False
        return own

    small = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return _SECTION_PARAGRAPH.sub(small, _SECTION.sub(number, text))


def _set_tables(text: str) -> str:
    """Make tables as wide as their pages' text, in a style of their own, with whole rows."""
    sections = [(match.start(), _text_width(match[0])) for match in _SECTION.finditer(text)]

    def change(match: re.Match[str]) -> str:
        width = next((width for at, width in sections if at > match.start()), None)
        return _set_table(match[0], width)

    return _TABLE.sub(change, text)


def _text_width(section: str) -> int | None:
    found = [
        re.search(rf'<w:{tag} [^>]*w:{name}="(\d+)"', section)
        for tag, name in (("pgSz", "w"), ("pgMar", "left"), ("pgMar", "right"))
    ]
    page, *margins = [int(match[1]) if match else None for match in found]
    if page is None or None in margins:
        return None
    return page - sum(margin for margin in margins if margin)


def _set_table(table: str, width: int | None) -> str:
    if table.count("<w:tbl>") > 1:
        return table
    table = table.replace('<w:pStyle w:val="Compact" />', '<w:pStyle w:val="TableText" />')
    columns = [int(number) for number in _GRID.findall(table)]
    if width and sum(columns):
        edges = [round(width * sum(columns[:at]) / sum(columns)) for at in range(len(columns) + 1)]
        columns = [after - before for before, after in pairwise(edges)]
        grid = iter(columns)
        table = _GRID.sub(lambda _: f'<w:gridCol w:w="{next(grid)}" />', table)
        table = table.replace('<w:tblW w:type="pct" w:w="5000" />',
                              f'<w:tblW w:type="dxa" w:w="{width}" />')  # fmt: skip
    else:
        columns = []
    return _ROW.sub(lambda row: _set_row(row[0], columns), table)


def _set_row(row: str, columns: Sequence[int]) -> str:
    at = 0

    def measure(cell: re.Match[str]) -> str:
        nonlocal at
        inner = cell[1] or ""
        span = _SPAN.search(inner)
        count = int(span[1]) if span else 1
        width = sum(columns[at : at + count])
        at += count
        return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{inner}</w:tcPr>'

    if columns:
        row = _CELL.sub(measure, row)
    if sum(map(len, _TEXT.findall(row))) > WHOLE_ROW:
        return row
    if "<w:trPr>" in row:
        return row.replace("<w:trPr>", "<w:trPr><w:cantSplit/>", 1)
    return row.replace("<w:tr>", "<w:tr><w:trPr><w:cantSplit/></w:trPr>", 1)


def _indent(match: re.Match[str]) -> str:
    """Put the bar of a list in a box where the bar of its other paragraphs is."""
    left = PANEL_INDENT + _LIST_INDENT * (int(match[2]) + 1)
    return f'{match[1]}<w:ind w:left="{left}" w:hanging="{_LIST_INDENT}"/>'
