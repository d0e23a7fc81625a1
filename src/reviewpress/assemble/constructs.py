"""The subset of Quarto Markdown that both engines understand, and what lies outside it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.floats import kind_of
from reviewpress.assemble.macros import defines_macros
from reviewpress.assemble.origins import Text
from reviewpress.assemble.places import Places
from reviewpress.assemble.raw_html import ELEMENTS, UNPAIRED
from reviewpress.assemble.refusals import (
    CALLOUT,
    CLOSE_VALUE,
    CODE_CELL,
    CONDITION,
    CONDITION_FORMAT,
    EMPTY_FLOAT,
    FOREIGN_VALUE,
    IMAGE_SIZE,
    MIXED_CITATION,
    PYTHON_VALUE,
    RAW_ELSEWHERE,
    RAW_HTML,
    RAW_TEX,
    RAW_UNREAD,
    SLIDES,
    TYPST_PACKAGE,
    UNPAIRED_TAG,
    Refusal,
)
from reviewpress.assemble.refused_cells import advice_on_cells
from reviewpress.assemble.source import ChapterText
from reviewpress.assemble.theorems import COUNTED
from reviewpress.code_cells import find_cells
from reviewpress.errors import Place, Problem, nearest
from reviewpress.formats.objects import FORMATS

CALLOUTS = ("note", "tip", "important", "warning", "caution")
CALLOUT_TITLE = "callout-title"
"""The class of the block that is the title of a callout."""
CALLOUT_KINDS = {
    "nte": "callout-note", "tip": "callout-tip", "imp": "callout-important",
    "wrn": "callout-warning", "cau": "callout-caution",
}  # fmt: skip
"""What begins the id of a callout that can be referred to, and its class."""
REFERENCE_KINDS = ("fig", "tbl", "sec", "lst", "eq", *CALLOUT_KINDS, *COUNTED)
OTHER_FORMATS = frozenset(
    """
    latex beamer context epub epub2 epub3 odt opendocument rtf pptx revealjs slidy s5 dzslides
    slideous markdown gfm commonmark commonmark_x md hugo hugo-md docusaurus-md jats ipynb
    asciidoc asciidoctor confluence confluence-html plain rst org man ms muse mediawiki dokuwiki
    tei texinfo textile xwiki zimwiki jira haddock fb2 icml docbook dashboard email native json
    llms-txt
    """.split()  # noqa: SIM905 - a list of them is ten lines longer
)
"""What Quarto knows, whether it is made here or not."""
CONDITIONS = ("content-visible", "content-hidden")
CONDITION_KEYS = (
    "when-format", "unless-format", "when-profile", "unless-profile", "when-meta", "unless-meta",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Construct:
    """One thing that Quarto Markdown has: its name, an example, and a note."""

    name: str
    example: str
    note: str = ""


SUPPORTED = (
    Construct("Headings with ids", "# Chapter {#sec-chapter}\n\n## Part {#sec-part}"),
    Construct("Unnumbered heading", "# Preface {.unnumbered}"),
    Construct("Emphasis and strong", "Some *emphasis* and **strong** words."),
    Construct("Lists", "- one\n- two\n\n1. first\n2. second"),
    Construct("Definition list", "Review\n:   A synthesis of studies."),
    Construct("Block quotation", "> Quoted text."),
    Construct("Footnote", "A claim.[^1]\n\n[^1]: A footnote.", "inline notes `^[…]` too"),
    Construct("Link", "[A page](https://example.org/)"),
    Construct("Link to a chapter", "[Methods](methods.qmd#sec-searches)", "also `.ipynb`"),
    Construct("Code", "Run `reviewpress render`.\n\n```bash\nreviewpress render\n```"),
    Construct(
        "Code of a file",
        '```yaml {filename="_quarto.yml"}\nnumber-depth: 2\n```',
        "the file's name stands above it",
    ),
    Construct("Pipe table", "| a | b |\n|:--|--:|\n| x | 1 |\n\n: A caption {#tbl-example}"),
    Construct("Figure", '![A caption](figure.svg){#fig-example fig-alt="What it shows."}'),
    Construct(
        "Figure or table as a block",
        "::: {#tbl-block}\n\n| a |\n|---|\n| 1 |\n\nThe caption.\n:::",
        "the last paragraph is the caption",
    ),
    Construct(
        "Figure in parts",
        '::: {#fig-parts}\n\n![One](figure.svg){#fig-part-a fig-alt="A."}\n\n'
        '![Two](figure.svg){#fig-part-b fig-alt="B."}\n\nThe whole.\n:::',
        "parts are (a), (b); `@fig-part-a` refers to one; `layout-ncol`, `layout-nrow` or "
        '`layout="[[30,70],[100]]"` say which stand side by side',
    ),
    Construct("Listing", '```{#lst-one .python lst-cap="A listing"}\nx = 1\n```', "`@lst-one`"),
    Construct(
        "Cross-reference",
        "# One {#sec-one}\n\nSee @sec-one, [Chapter @sec-one] and [-@sec-one].",
        "to `fig-`, `tbl-`, `lst-`, `sec-`, `eq-` and callouts’ ids, across chapters",
    ),
    Construct(
        "Equation",
        "With $I^2 = 45$, the mean is in @eq-mean.\n\n"
        "$$\n\\bar{x} = \\frac{1}{n} \\sum_i x_i\n$$ "
        '{#eq-mean alt="x bar is the sum of x, divided by n"}',
        "`alt` is what is read out where the equation cannot be seen; without it the formula is "
        "said in signs or in words, and what has none is read out as TeX, with a warning",
    ),
    Construct(
        "TeX of MathJax",
        "In $\\ce{2H2 + O2 -> 2H2O}$, with $$ {\\rm Var}(x) \\\\ {a \\over b} \\tag{A} $$",
        "chemical formulas, fonts and fractions of old, lines without an environment, `equation`, "
        "`align` and the like without `$$`; sizes and colours are left out",
    ),
    Construct(
        "Commands for formulas",
        "\\newcommand{\\est}[1]{\\hat{\\theta}_{#1}}\n\nThe mean is $\\est{1}$.",
        "between `$$` too, alone or before a formula; Quarto’s PDF and Word need them outside",
    ),
    Construct("Citation", "Shown twice [@known2020; see also @known2020, p. 3]."),
    Construct("Citation in the text", "@known2020 shows it."),
    Construct("Callout", "::: {.callout-note}\n## Title\nText.\n:::", ", ".join(CALLOUTS)),
    Construct(
        "Numbered callout",
        "::: {#tip-one .callout-tip}\n## Title\nText.\n:::\n\nSee @tip-one.",
        "ids begin with " + ", ".join(f"`{kind}-`" for kind in CALLOUT_KINDS),
    ),
    Construct(
        "Theorem and its like",
        "::: {#thm-line}\n## Lines\nTwo points have a line.\n:::\n\n"
        "::: {.proof}\nSee @thm-line.\n:::",
        "ids begin with " + ", ".join(f"`{kind}-`" for kind in COUNTED)
        + "; `.proof`, `.remark` and `.solution` have no number",
    ),
    Construct(
        "List of references",
        "::: {#refs-additional}\n:::",
        "`#refs-included` lists the included papers, `#refs-additional` all others, `#refs` those"
        " that have no other place; without any, they are placed at the end of the last chapter",
    ),
    Construct(
        "Conditional content",
        '::: {.content-visible when-profile="report"}\nOnly there.\n:::',
        "`content-visible`, `content-hidden`; " + ", ".join(CONDITION_KEYS)
        + "; what a format does not show has no number and no id there",
    ),
    Construct("Fenced block", "::: {.evidence-box}\nText.\n:::"),
    Construct("Span", "[text]{.value}"),
    Construct(
        "Line break and page break",
        "One\\\ntwo\n\n{{< pagebreak >}}",
        "within a block, as a callout, a page break has no effect in the PDF: `check` warns of it",
    ),
    Construct(
        "Shortcodes",
        "{{< meta title >}}",
        "`include`, `meta`, `var`, `pagebreak`, `kbd`, and `video` as a link",
    ),
    Construct(
        "HTML",
        "CO<sub>2</sub>, <kbd>Esc</kbd>",
        f"{', '.join(f'`{each}`' for each in ELEMENTS)}; Quarto keeps it for pages alone",
    ),
    Construct("Tabs", "::: {.panel-tabset}\n## A tab\nIts words.\n:::", "one under the other"),
    Construct(
        "Columns",
        ":::: {.columns}\n::: {.column}\nThe left.\n:::\n::: {.column}\nThe right.\n:::\n::::",
        "`layout-ncol` too, around what is not pictures alone; side by side in pages, "
        "one under the other elsewhere",
    ),
    Construct(
        "Margin content",
        "::: {.column-margin}\nIn the margin.\n:::\n\nWords[a note]{.aside}.",
        "at its place in the text; words become a footnote; `column-page` and the like have no "
        "effect",
    ),
    Construct("Raw content for one format",
              '::: {.content-visible when-format="typst"}\n```{=typst}\n#v(1em)\n```\n:::'),
)  # fmt: skip

_SLIDES = ("fragment", "incremental", "notes")
_KNOWN_FORMATS = {*OTHER_FORMATS, *(name for each in FORMATS for name in each.conditions)}
_LENGTH = re.compile(r"(?=[\d.]*[1-9])\d*\.?\d+(?:px|pt|pc|em|rem|cm|mm|in|%)?")
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.S)
_PLAIN_FENCE = re.compile(r"^(.*?(?:`{3,}|~{3,})).*", re.S)
_PACKAGE = re.compile(r"@(?!local/)[\w-]+/[\w-]+:[\d.]*\d")
_LONG = 40
_SHOWN = 3
"""How many different examples of one construct a message shows."""

Outside = tuple[Refusal, str, str, str, Node, int]
"""What lies outside the subset: why, a detail, an example, what to look for, its node, its part."""


def is_comment(node: Node) -> bool:
    """Say whether a node is an HTML comment, which no format shows."""
    return node["t"] in ("RawBlock", "RawInline") and bool(_COMMENT.fullmatch(node["c"][1]))


def without_cells(source: ChapterText) -> ChapterText:
    """Return a chapter with its code cells, which are refused, as code of no language.

    Pandoc does not know them for code, and would read what they hold as Markdown.
    """
    cells = [*find_cells(source.text)]
    if not cells:
        return source
    text = Text(source.text, source.pieces).change(
        change
        for cell in cells
        for change in (
            (cell.start, cell.opened, _PLAIN_FENCE.sub(r"\1", cell.opening(source.text))),
            *([(cell.end, cell.end, f"\n{cell.fence}\n")] if not cell.is_closed else []),
        )
    )
    refused = tuple(
        (cell.opening(source.text)[len(cell.within) :].strip(), source.place(cell.start))
        for cell in cells
    )
    return replace(source, text=text.content, pieces=text.pieces, refused=refused)


def check_constructs(blocks: list[Node], source: ChapterText, places: Places) -> Iterator[Problem]:
    """Yield a problem for each construct of Quarto Markdown that lies outside the subset.

    One that recurs is one problem for each place, of which all but the place is the same.
    """
    found: dict[tuple[Refusal, str], dict[tuple[str, Place], None]] = defaultdict(dict)
    for fence, place in source.refused:
        found[CODE_CELL, ""][fence, place] = None
    outside = [*_find_outside(blocks, None)]
    nodes = [*ast.walk(blocks)] if outside else []
    for refusal, detail, shown, needle, node, part in outside:
        found[refusal, detail][shown, places.of(nodes, node, needle, part)] = None
    for (refusal, detail), each in found.items():
        examples = list(dict.fromkeys(example for example, _ in each if example))
        shown = _examples(examples, limit=len(each) if refusal is RAW_HTML else _SHOWN)
        if refusal is PYTHON_VALUE:
            executed = source.chapter.path.endswith((".qmd", ".ipynb"))
            detail = "between more than one backtick" if executed else "outside a notebook"
        hint = refusal.hint
        if refusal is CODE_CELL:
            hint = advice_on_cells([example for example, _ in each], source.chapter.path)
        for where in dict.fromkeys(where for _, where in each):
            yield Problem("construct", refusal.message(detail, shown), where, hint)


def find_unpaired(blocks: list[Node], source: ChapterText, places: Places) -> Iterator[Problem]:
    """Yield tags of HTML without their other half that have no effect."""
    yield from (_without_effect(tag, where) for tag, where in source.unclosed)
    nodes = [*ast.walk(blocks)] if "<" in source.text else []
    for node in nodes:
        if UNPAIRED in node and is_comment(node):
            tag = node[UNPAIRED]
            yield _without_effect(tag, places.of(nodes, node, tag))


def _without_effect(tag: str, where: Place) -> Problem:
    message = f"the tag `{tag[:_LONG]}` has no other half, and no effect."
    hint = "Delete it, or write its other half in the same paragraph, list item or block."
    return Problem("unpaired-tag", message, where, hint)


def find_html(blocks: list[Node]) -> list[str]:
    """Return the tags of a chapter, as they stand, that are for all formats."""
    found = _find_outside(blocks, None)
    return [needle for refusal, _, _, needle, *_ in found if refusal in (RAW_HTML, UNPAIRED_TAG)]


def refers(citation: Node) -> bool:
    """Say whether a citation is a cross-reference."""
    prefix, _, rest = citation["citationId"].partition("-")
    return bool(rest) and prefix in REFERENCE_KINDS


def begins_with_another(cite: Node) -> bool:
    """Say whether a reference is followed by citations in brackets, or a citation by references."""
    first, *rest = cite["c"][0]
    is_in_text = first["citationMode"]["t"] == "AuthorInText"
    return is_in_text and {refers(each) for each in rest} == {not refers(first)}


def _examples(shown: list[str], limit: int) -> str:
    return ", ".join([*shown[:limit], *(["…"] if len(shown) > limit else [])])


def _find_outside(value: object, raw_for: str | None) -> Iterator[Outside]:
    """Walk `value`, knowing which format's conditional block it stands in."""
    if isinstance(value, list):
        for item in value:
            yield from _find_outside(item, raw_for)
        return
    if not isinstance(value, dict):
        return
    if "t" not in value:
        for item in value.values():
            yield from _find_outside(item, raw_for)
        return
    yield from _outside(value, raw_for)
    if value["t"] in ("Div", "Span") and "content-visible" in ast.classes(value):
        raw_for = ast.attribute(value, "when-format") or raw_for
    yield from _find_outside(value.get("c"), raw_for)


def _outside(node: Node, raw_for: str | None) -> Iterator[Outside]:
    kind = node["t"]
    if kind in ("RawBlock", "RawInline") and not is_comment(node):
        raw_format, raw = node["c"]
        if not raw.strip() or (raw_format == "tex" and defines_macros(raw)):
            return
        if raw_for is None or not _same_format(raw_format, raw_for):
            first = raw.strip().split("\n")[0]
            # What closes a tag is of the construct that opens it.
            shown = "" if first.startswith("</") else f"`{first[:_LONG]}`"
            tag = re.match(r"<([A-Za-z][\w:-]*)", first) if raw_format == "html" else None
            # Of an element that is read, its attributes are wrong, or what it holds.
            if UNPAIRED in node:
                shown = ""
            elif tag and tag[1].lower() not in ELEMENTS:
                shown = f"`<{tag[1].lower()}>`"
            yield *_raw(node, raw_format), shown, first, node, 0
        elif raw_format == "typst":
            for package in _PACKAGE.findall(raw):
                yield TYPST_PACKAGE, "", f"`{package}`", package, node, 0
    elif kind == "Code":
        yield from _outside_code(node)
        yield from _outside_attributes(node)
    elif kind in ("Div", "Span", "Figure", "Table", "Header", "Image", "CodeBlock"):
        yield from _outside_attributes(node)
    elif kind == "Cite":
        yield from _outside_cite(node)


def _raw(node: Node, raw_format: str) -> tuple[Refusal, str]:
    """Return why raw content is refused, and a detail of that."""
    if raw_format in ("tex", "html"):
        if UNPAIRED in node:
            return UNPAIRED_TAG, f"`{node[UNPAIRED][:_LONG]}`"
        return (RAW_TEX if raw_format == "tex" else RAW_HTML), ""
    is_read = any(raw_format in each.raw for each in FORMATS)
    return (RAW_ELSEWHERE if is_read else RAW_UNREAD), raw_format


def _outside_cite(node: Node) -> Iterator[Outside]:
    """Yield references to what does not exist here, and those that are mixed with citations."""
    is_reference = [refers(citation) for citation in node["c"][0]]
    for part, citation in enumerate(node["c"][0]):
        name = citation["citationId"]
        words = ast.walk([citation["citationPrefix"], citation["citationSuffix"]])
        inside = (each for cite in words if cite["t"] == "Cite" for each in cite["c"][0])
        mixed = [each["citationId"] for each in inside if not is_reference[part]]
        if is_reference[part] and not all(is_reference) and not begins_with_another(node):
            mixed.append(name)
        for other in mixed:
            yield MIXED_CITATION, "", f"@{other}", f"@{other}", node, part


def _same_format(raw: str, wanted: str) -> bool:
    return raw == wanted or any(raw in each.raw for each in FORMATS if wanted in each.conditions)


def _outside_code(node: Node) -> Iterator[Outside]:
    text = node["c"][1]
    if node["t"] == "Code" and (
        found := re.match(r"\{(python|(?:r|julia|ojs)(?=\}.))\}(\s?)", text)
    ):
        if not found[2]:
            refusal = CLOSE_VALUE
        else:
            refusal = PYTHON_VALUE if found[1] == "python" else FOREIGN_VALUE
        yield refusal, "", f"`{text}`", text, node, 0


def _outside_attributes(node: Node) -> Iterator[Outside]:
    name, names, pairs = ast.attr(node)
    if node["t"] == "Div" and kind_of(node) and not node["c"][1]:
        yield EMPTY_FLOAT, "", f"#{name}", f"#{name}", node, 0
    for item in names:
        if item in _SLIDES:
            yield SLIDES, "", f".{item}", f".{item}", node, 0
        callout = item.removeprefix("callout-")
        if callout != item and callout not in CALLOUTS:
            near = nearest(item, [f"callout-{each}" for each in CALLOUTS])
            meant = f" ({near.removesuffix('?').lower()})" if near.startswith("Did") else ""
            yield CALLOUT, f".{item}{meant}", "", f".{item}", node, 0
    for key, value in pairs:
        if key in ("width", "height") and node["t"] == "Image" and not _LENGTH.fullmatch(value):
            yield IMAGE_SIZE, f'{key} "{value}"', "", value, node, 0
        conditional = key.startswith(("when-", "unless-"))
        if conditional and set(names) & set(CONDITIONS) and key not in CONDITION_KEYS:
            yield CONDITION, key, "", key, node, 0
        elif conditional and key.endswith("-format") and value not in _KNOWN_FORMATS:
            hint = nearest(value, _KNOWN_FORMATS).rstrip(".?")
            yield CONDITION_FORMAT, f'"{value}"', hint, value, node, 0
