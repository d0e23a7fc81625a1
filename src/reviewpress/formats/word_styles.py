"""The Word reference document: pandoc's own, in the brand's fonts, colours and block styles.

Editors track changes in what is made with it, so every kind of text has a named style.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from reviewpress.brand import Brand

# Half points, and twentieths of a point, as Word counts.
BODY_SIZE = 24
PAGE = (11906, 16838)
MARGIN = 1418
TEXT_WIDTH = PAGE[0] - 2 * MARGIN
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FALLBACK_FONT = "Arial"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style: what it is called, what it looks like."""

    name: str
    based_on: str = "Body Text"
    size: int | None = None
    bold: bool = False
    italic: bool = False
    colour: str = ""
    fill: str = ""
    edge: str = ""
    line: str = "single"
    sides: tuple[str, ...] = ("left",)
    before: int | None = None
    after: int | None = None
    indent: int = 0
    hanging: int = 0
    level: int | None = None
    keep_next: bool = False
    page_break: bool = False
    following: str = ""
    headings: bool = False
    tight: bool = False
    leader: bool = False

    @property
    def identifier(self) -> str:
        """Word's name for it in the file: the name without spaces, a capital first."""
        return style_id(self.name)


def style_id(name: str) -> str:
    """Return what Word's file calls the style of a name.

    >>> style_id("heading 1")
    'Heading1'
    """
    joined = name.replace(" ", "")
    return joined[:1].upper() + joined[1:]


@dataclass(frozen=True, slots=True)
class Panel:
    """A box in the text. Its words, its bar's line and its sides tell it from others in grey."""

    name: str
    role: str
    line: str = "single"
    sides: tuple[str, ...] = ("left",)
    size: int | None = None
    inverse: bool = False


PANELS = (
    Panel("Evidence Box", "primary", sides=("left", "right"), size=22, inverse=True),
    Panel("Key Message", "tertiary", sides=("left", "right")),
    Panel("Callout Note", "info"),
    Panel("Callout Tip", "success", "dashed"),
    Panel("Callout Important", "danger", inverse=True),
    Panel("Callout Warning", "warning", "double"),
    Panel("Callout Caution", "warning", "dotted"),
)
PANEL_INDENT = 170


def brand_reference(base: bytes, brand: Brand) -> bytes:
    """Return the reference document `base` (a DOCX) in the styles of a brand.

    `base` is pandoc's, or one made here before. The same input gives the same bytes.
    """
    parts = read_parts(base)
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"].decode(), brand).encode()
    parts["word/fontTable.xml"] = _font_table(brand).encode()
    parts["word/theme/theme1.xml"] = _theme(parts["word/theme/theme1.xml"].decode(), brand).encode()
    if "word/footer1.xml" not in parts:
        _add_footer(parts)
    return write_parts(parts)


def brand_styles(brand: Brand) -> tuple[Style, ...]:
    """Say what each style of the reference document looks like."""
    colours = brand.light
    primary, secondary = colours["primary"], colours["secondary"]
    return (
        Style("Normal", "", BODY_SIZE, colour=colours["foreground"]),
        Style("Body Text", "Normal", before=0, after=160),
        Style("First Paragraph", before=120, following="Body Text"),
        Style("After Block", before=280, following="Body Text"),
        Style("Compact", before=20, after=40),
        Style("Title", "Normal", 64, bold=True, colour=primary, before=2400, after=120,
              following="Subtitle", headings=True),
        Style("Subtitle", "Normal", 32, colour=secondary, after=360, following="Author"),
        Style("Author", "Normal", 26, after=80, following="Date"),
        Style("Date", "Normal", 26, colour=secondary, after=80),
        Style("Edition Facts", "Date"),
        *_headings(brand),
        Style("TOC Heading", "heading 1", level=9),
        Style("toc 1", "Normal", 23, bold=True, before=140, after=40, tight=True, leader=True),
        Style("toc 2", "Normal", 22, before=0, after=40, indent=400, tight=True, leader=True),
        Style("table of figures", "Normal", 22, after=100, tight=True, leader=True),
        Style("Block Text", indent=400, before=120, after=160),
        Style("Footnote Text", "Normal", 20, after=60),
        Style("Bibliography", after=120),
        Style("Caption", "Normal", 22, before=120, after=160),
        Style("Table Caption", "Caption", keep_next=True, before=200, after=80),
        Style("Table Text", "Normal", 20, before=20, after=20, tight=True),
        Style("Image Caption", "Caption"),
        Style("Figure", before=160),
        Style("Captioned Figure", "Figure", keep_next=True),
        Style("Lead", size=29),
        *(style for panel in PANELS for style in _panel(panel, brand)),
        Style("Plain Summary", size=26, fill=colours["light"], edge=secondary, indent=170),
        Style("Reference", size=22, after=100, indent=400, hanging=400),
        Style("Reference Numbered", "Reference", indent=600, hanging=600),
        Style("Cited In", size=20, colour=secondary, after=140, indent=600),
    )  # fmt: skip


def _headings(brand: Brand) -> tuple[Style, ...]:
    ink, primary = brand.light["foreground"], brand.light["primary"]
    looks = ((44, primary, 0, 280), (32, ink, 480, 120), (27, ink, 360, 100), (24, ink, 280, 80))
    return tuple(
        Style(f"heading {level}", "Normal", size, bold=True, colour=colour, before=before,
              after=after, level=level - 1, keep_next=True, page_break=level == 1,
              following="Body Text", headings=True)
        for level, (size, colour, before, after) in enumerate(looks, 1)
    )  # fmt: skip


def _panel(panel: Panel, brand: Brand) -> tuple[Style, Style]:
    colours = brand.light
    colour = colours[panel.role]
    plain = Style(panel.name, size=panel.size, fill=colours[f"{panel.role}-tint"], edge=colour,
                  line=panel.line, sides=panel.sides, indent=PANEL_INDENT, before=0,
                  after=0)  # fmt: skip
    ink, fill = (colours["on-primary"], colour) if panel.inverse else (colour, plain.fill)
    title = replace(plain, name=f"{panel.name} Title", based_on=panel.name, bold=True, colour=ink,
                    fill=fill, before=200, keep_next=True, following=panel.name)  # fmt: skip
    return plain, title


def _styles(xml: str, brand: Brand) -> str:
    """Put the brand's styles in the place of pandoc's, and its colours into links."""
    for style in brand_styles(brand):
        xml = _without(xml, style.identifier)
        xml = xml.replace("</w:styles>", f"{_style(style, brand)}</w:styles>")
    xml = _without(xml, "Hyperlink")
    link = brand.light["link"].removeprefix("#")
    hyperlink = (
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:rPr><w:color w:val="{link}"/><w:u w:val="single"/></w:rPr></w:style>'
    )
    xml = _without(xml, "Table")
    xml = xml.replace("</w:styles>", f"{hyperlink}{_table_style(brand)}</w:styles>")
    return xml.replace('w:val="en-US"', 'w:val="en-GB"')


def _without(xml: str, identifier: str) -> str:
    mark = f'w:styleId="{identifier}"'
    at = xml.find(mark)
    if at < 0:
        return xml
    begin = xml.rindex("<w:style", 0, at)
    end = xml.index("</w:style>", at) + len("</w:style>")
    return xml[:begin] + xml[end:]


def _style(style: Style, brand: Brand) -> str:
    default = ' w:default="1"' if style.name == "Normal" else ""
    based = f'<w:basedOn w:val="{style_id(style.based_on)}"/>' if style.based_on else ""
    following = f'<w:next w:val="{style_id(style.following)}"/>' if style.following else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.identifier}">'
        f'<w:name w:val="{escape(style.name)}"/>{based}{following}<w:qFormat/>'
        f"<w:pPr>{_paragraph(style)}</w:pPr><w:rPr>{_run(style, brand)}</w:rPr></w:style>"
    )


def _paragraph(style: Style) -> str:
    parts = []
    if style.keep_next:
        parts.append("<w:keepNext/>")
    if style.keep_next or style.edge:
        parts.append("<w:keepLines/>")
    if style.page_break:
        parts.append("<w:pageBreakBefore/>")
    if style.edge:
        edge = f'w:val="{style.line}" w:sz="24" w:space="8" w:color="{_hex(style.edge)}"'
        parts.append(f"<w:pBdr>{''.join(f'<w:{s} {edge}/>' for s in style.sides)}</w:pBdr>")
    if style.fill:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(style.fill)}"/>')
    if style.leader:
        parts.append(f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>')
    before = f' w:before="{style.before}"' if style.before is not None else ""
    after = f' w:after="{style.after}"' if style.after is not None else ""
    spaced = 'w:line="264"' if style.name == "Normal" else 'w:line="240"' if style.tight else ""
    line = f' {spaced} w:lineRule="auto"' if spaced else ""
    if before or after or line:
        parts.append(f"<w:spacing{before}{after}{line}/>")
    if style.indent:
        hanging = f' w:hanging="{style.hanging}"' if style.hanging else ""
        right = f' w:right="{style.indent}"' if "right" in style.sides else ""
        parts.append(f'<w:ind w:left="{style.indent}"{right}{hanging}/>')
    if style.level is not None:
        parts.append(f'<w:outlineLvl w:val="{style.level}"/>')
    return "".join(parts)


def _run(style: Style, brand: Brand) -> str:
    parts = []
    if style.based_on == "" or style.headings:
        family = escape(brand.headings_family if style.headings else brand.base_family)
        parts.append(f'<w:rFonts w:ascii="{family}" w:hAnsi="{family}" w:cs="{family}"/>')
    if style.bold:
        parts.append("<w:b/>")
    if style.italic:
        parts.append("<w:i/>")
    if style.colour:
        parts.append(f'<w:color w:val="{_hex(style.colour)}"/>')
    if style.size:
        parts.append(f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>')
    return "".join(parts)


def _table_style(brand: Brand) -> str:
    line, primary = (brand.light[role].removeprefix("#") for role in ("line", "primary"))
    border = f'w:val="single" w:sz="4" w:space="0" w:color="{line}"'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
        '<w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr>'
        '<w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr><w:tblPr><w:tblBorders>'
        f"<w:bottom {border}/><w:insideH {border}/></w:tblBorders><w:tblCellMar>"
        '<w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{primary}"/>'
        '</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _font_table(brand: Brand) -> str:
    families = sorted({brand.base_family, brand.headings_family})
    fonts = "".join(
        f'<w:font w:name="{escape(family)}"><w:altName w:val="{_FALLBACK_FONT}"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        for family in families
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'


def _theme(xml: str, brand: Brand) -> str:
    """Offer the brand's colours where an editor picks one."""
    colours = [brand.light["primary"], brand.light["tertiary"], *brand.charts]
    for number, colour in enumerate(colours[:6], 1):
        begin = xml.index(f"<a:accent{number}>")
        end = xml.index(f"</a:accent{number}>")
        value = f'<a:srgbClr val="{colour.removeprefix("#").upper()}"/>'
        xml = f"{xml[:begin]}<a:accent{number}>{value}{xml[end:]}"
    return xml


def _add_footer(parts: dict[str, bytes]) -> None:
    changes = {
        "word/document.xml": _document,
        "[Content_Types].xml": _content_types,
        "word/_rels/document.xml.rels": _relationships,
    }
    for name, change in changes.items():
        parts[name] = change(parts[name].decode()).encode()
    parts["word/footer1.xml"] = _footer().encode()


def _footer() -> str:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<w:ftr xmlns:w="{_W}"><w:p><w:pPr>'
        f'<w:jc w:val="right"/></w:pPr>{field}</w:p></w:ftr>'
    )


def _document(xml: str) -> str:
    begin = xml.rindex("<w:sectPr>")
    section = (
        f'<w:sectPr><w:footerReference xmlns:r="{_R}" w:type="default" r:id="rId90"/>'
        f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/><w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" '
        f'w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="709" w:footer="709" w:gutter="0"/>'
        "</w:sectPr>"
    )
    return f"{xml[:begin]}{section}</w:body></w:document>"


def _content_types(xml: str) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    part = f'<Override PartName="/word/footer1.xml" ContentType="{kind}"/>'
    return xml.replace("</Types>", f"{part}</Types>")


def _relationships(xml: str) -> str:
    footer = f'<Relationship Type="{_R}/footer" Id="rId90" Target="footer1.xml"/>'
    return xml.replace("</Relationships>", f"{footer}</Relationships>")


def _hex(colour: str) -> str:
    return colour.removeprefix("#")


def read_parts(document: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """Make a Word file of parts: the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, method)
    return buffer.getvalue()
