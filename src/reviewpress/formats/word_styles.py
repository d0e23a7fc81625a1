"""The Word reference document: pandoc's own, in the brand's fonts, colours and block styles.

Editors track changes in what is made with it, so every kind of text has a named style.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviewpress.brand import Brand
from reviewpress.formats.word_parts import (
    DOCUMENT,
    STYLES,
    Element,
    WordFile,
    find_all,
    need,
    qualified,
    value,
    w,
)

# Half points, and twentieths of a point, as Word counts.
BODY_SIZE = 24
PAGE = (11906, 16838)
MARGIN = 1418
TEXT_WIDTH = PAGE[0] - 2 * MARGIN
_FALLBACK_FONT = "Arial"


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
    opens: bool = False
    """Whether it begins a box of its own: Word joins neighbours that have the same edges."""
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
    word = WordFile(base)
    _set_styles(word.tree(STYLES), brand)
    _set_fonts(word.tree("word/fontTable.xml"), brand)
    _set_theme(word.tree("word/theme/theme1.xml"), brand)
    if "word/footer1.xml" not in word.parts:
        _add_margins(word)
    return word.content()


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
        Style("header", "Normal", 18, colour=secondary),
        Style("Block Text", indent=400, before=120, after=160),
        Style("Footnote Text", "Normal", 20, after=60),
        Style("Bibliography", after=120),
        Style("Caption", "Normal", 22, before=120, after=160),
        Style("Table Caption", "Caption", keep_next=True, before=200, after=80),
        Style("Table Continued", "Table Caption", bold=True),
        Style("Listing Caption", "Table Caption"),
        Style("Table Text", "Normal", 20, before=20, after=20, tight=True),
        Style("Table Note", "Normal", 20, before=60, after=60, tight=True),
        # Above its figure, mostly.
        Style("Image Caption", "Caption", keep_next=True),
        Style("Figure", before=160),
        Style("Captioned Figure", "Figure", keep_next=True),
        Style("Figure Source", size=20, colour=secondary, after=200),
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
                  after=80)  # fmt: skip
    ink, fill = (colours["on-primary"], colour) if panel.inverse else (colour, plain.fill)
    title = replace(plain, name=f"{panel.name} Title", based_on=panel.name, bold=True, colour=ink,
                    fill=fill, before=200, after=0, keep_next=True, following=panel.name,
                    opens=True)  # fmt: skip
    return plain, title


def _set_styles(styles: Element, brand: Brand) -> None:
    """Put the brand's styles in the place of pandoc's, and its colours into links."""
    link = w("rPr", w("color", val=_hex(brand.light["link"])), w("u", val="single"))
    made = [_style(style, brand) for style in brand_styles(brand)]
    made += [
        w("style", w("name", val="Hyperlink"), link, type="character", styleId="Hyperlink"),
        _table_style(brand),
    ]
    ours = {value(style, name="styleId") for style in made}
    for style in styles.findall(qualified("w:style")):
        if value(style, name="styleId") in ours:
            styles.remove(style)
    styles.extend(made)
    for language in find_all(styles, ".//w:lang[@w:val='en-US']"):
        language.set(qualified("w:val"), "en-GB")


def _style(style: Style, brand: Brand) -> Element:
    default = 1 if style.name == "Normal" else None
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val=style_id(style.based_on)) if style.based_on else None,
        w("next", val=style_id(style.following)) if style.following else None,
        w("qFormat"),
        _paragraph(style),
        _run(style, brand),
        type="paragraph", default=default, styleId=style.identifier,
    )  # fmt: skip


def _paragraph(style: Style) -> Element:
    fill, edge = _hex(style.fill), _hex(style.edge)
    edges = [w(side, val=style.line, sz=24, space=8, color=edge) for side in style.sides]
    if style.opens:
        edges.insert(0, w("top", val="single", sz=2, space=0, color=fill))
    leader = w("tab", val="right", leader="dot", pos=TEXT_WIDTH)
    line = 264 if style.name == "Normal" else 240 if style.tight else None
    height = {"line": line, "lineRule": "auto"} if line else {}
    spacing = w("spacing", before=style.before, after=style.after, **height)
    right = style.indent if "right" in style.sides else None
    return w(
        "pPr",
        w("keepNext") if style.keep_next else None,
        w("keepLines") if style.keep_next or edge else None,
        w("pageBreakBefore") if style.page_break else None,
        w("pBdr", *edges) if edge else None,
        w("shd", val="clear", color="auto", fill=fill) if fill else None,
        w("tabs", leader) if style.leader else None,
        spacing if spacing.attrib else None,
        w("ind", left=style.indent, right=right, hanging=style.hanging or None)
        if style.indent else None,
        w("outlineLvl", val=style.level) if style.level is not None else None,
    )  # fmt: skip


def _run(style: Style, brand: Brand) -> Element:
    family = _of_word(brand, brand.headings_families if style.headings else brand.base_families)
    named = style.headings or not style.based_on
    return w(
        "rPr",
        w("rFonts", ascii=family, hAnsi=family, cs=family) if named else None,
        # What is written from right to left has its own marks of bold and italic.
        *((w("b"), w("bCs")) if style.bold else ()),
        *((w("i"), w("iCs")) if style.italic else ()),
        w("color", val=_hex(style.colour)) if style.colour else None,
        *((w("sz", val=style.size), w("szCs", val=style.size)) if style.size else ()),
    )


def _of_word(brand: Brand, families: Sequence[str]) -> str:
    """Return the first family that a reader's Word may have: none that files of the brand bring."""
    brought = {name for font in brand.fonts for name in font.families}
    return next((name for name in families if name.casefold() not in brought), _FALLBACK_FONT)


def _table_style(brand: Brand) -> Element:
    thin = {"val": "single", "sz": 4, "space": 0, "color": _hex(brand.light["line"])}
    thick = thin | {"sz": 12, "color": _hex(brand.light["primary"])}
    margins = {"top": 40, "left": 80, "bottom": 40, "right": 80}
    cells = [w(side, w=margin, type="dxa") for side, margin in margins.items()]
    borders = w("tblBorders", w("bottom", **thin), w("insideH", **thin))
    head = w("tcPr", w("tcBorders", w("bottom", **thick)), w("vAlign", val="bottom"))
    return w(
        "style",
        w("name", val="Table"),
        w("pPr", w("spacing", before=20, after=20)),
        w("rPr", w("sz", val=20), w("szCs", val=20)),
        w("tblPr", borders, w("tblCellMar", *cells)),
        w("tblStylePr", w("rPr", w("b")), w("tblPr"), head, type="firstRow"),
        type="table", default=1, styleId="Table",
    )  # fmt: skip


def _set_fonts(table: Element, brand: Brand) -> None:
    """Name the brand's fonts, and what stands in for them where they are not installed."""
    families = {_of_word(brand, brand.base_families), _of_word(brand, brand.headings_families)}
    table[:] = [
        w("font", w("altName", val=_FALLBACK_FONT) if family != _FALLBACK_FONT else None,
          w("charset", val="00"), w("family", val="swiss"), w("pitch", val="variable"),
          name=family)
        for family in sorted(families)
    ]  # fmt: skip


def _set_theme(theme: Element, brand: Brand) -> None:
    """Offer the brand's colours where an editor picks one."""
    colours = [brand.light["primary"], brand.light["tertiary"], *brand.charts]
    for number, colour in enumerate(colours[:6], 1):
        accent = need(theme, f".//a:accent{number}")
        accent[:] = [accent.makeelement(qualified("a:srgbClr"), val=_hex(colour).upper())]


def _add_margins(word: WordFile) -> None:
    """Set paper and margins, with running heads and page numbers in them."""
    right = w("tabs", w("tab", val="right", pos=TEXT_WIDTH))
    title, chapter = (w("fldSimple", w("r", w("t", "")), instr=field)
                      for field in (" TITLE ", " STYLEREF 1 "))  # fmt: skip
    head = w("pPr", w("pStyle", val="Header"), right)
    header = w("hdr", w("p", head, title, w("r", w("tab")), chapter))
    number = w("fldSimple", w("r", w("t", "1")), instr=" PAGE ")
    footer = w("ftr", w("p", w("pPr", w("jc", val="right")), number))
    references = []
    for kind, root in (("header", header), ("footer", footer)):
        reference = w(f"{kind}Reference", type="default")
        reference.set(qualified("r:id"), word.add(f"word/{kind}1.xml", root, kind))
        references.append(reference)
    width, height = PAGE
    sides = dict.fromkeys(("top", "right", "bottom", "left"), MARGIN)
    section = need(word.tree(DOCUMENT), "w:body/w:sectPr")
    section[:] = [*references, w("pgSz", w=width, h=height),
                  w("pgMar", **sides, header=709, footer=709, gutter=0)]  # fmt: skip


def _hex(colour: str) -> str:
    return colour.removeprefix("#")
