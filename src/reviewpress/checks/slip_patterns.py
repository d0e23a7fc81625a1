"""How slips look that would be published as they stand: what is mistyped, or pasted from elsewhere.

Each is looked for in an author's cell, whose code and comments are spaces.
"""

import re
from dataclasses import dataclass

_BEGIN = r"(?:\A|(?<=\n\n))"
"""Where a paragraph begins."""
_MONTH = (
    "(?i:Jan(?:uary?)?|Jänner|Feb(?:ruary?)?|Mär[sz]|Mar(?:ch|s|ts)?|Apr(?:il)?|Ma[ijy]|Jun[ei]?"
    "|Jul[iy]?|Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[csz](?:ember)?)"
)
"""A month in English or a language that writes a point after the day."""
_SPACE = "\u00a0\u2007\u202f"
_BULLET = r"(?:[•▪◦‣●■·\uf0b7\uf0a7\uf0d8][ \t\u00a0]*(?=\S)|[o§–][\t\u00a0])"
_SIGN = r"^[ \t]*(?:[–—➢➤►▶→✓✔✗☐□◆◇★»][ \t]*(?=\S)|-(?=[^\W\d_]))[^\n]*(?:\n|\Z)"
_MARK = r"(?:[-*+]|(?:\d+|[^\W\d_]|[ivxlcIVXLC]+)[.)])\t"
_ROW = rf"^(?![ \t]*(?:{_MARK}|{_BULLET}))[^\n]*\S\t+[^\n]*\S[^\n]*(?:\n|\Z)"
_SPACED = r"^(?![ \t]*(?:[-*+:|>=]|\d+[.)]))[^\n|]*[^\s.!?:|] {2,}(?=[^\s\\|])[^\n|]*(?:\n|\Z)"
_APART = r"(?=(?:[^\n]*\n)?[^\n]*\S(?: {3,}\S| {2,}\S[^\n]{0,200}\S {2,}\S))"
"""In the first two lines a wide gap, or two gaps: one of two blanks is a slip of the thumb."""
_SEPARATED = r"^[^\n,;|]{1,40}(?:,(?=[^\s,])[^\n,;|]{1,40})+(?:\n|\Z)"
_MEASURE = r"(?:%|°|per ?cent\b|degrees?\b|(?:percentage )?points?\b|SD\b)"
_KINDS = "note|tip|important|warning|caution"
LINED_TABLE = re.compile(
    r"^[^\n]*\n[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*\n(?:[^\n]*\S[^\n]*(?:\n|\Z))*"
    r"|^[ \t]*-{3,}[- \t]*\n(?:.*\n)*?[ \t]*-{3,}[- \t]*$",
    re.M,
)
"""A table of pandoc's whose columns are lines of dashes: nothing is mistyped in it."""


_ASKED = (
    r"citation needed|citation|cite|ref|reference|source|to do|todo|tbc|quelle|beleg|réf|référence"
    r"|fuente|referencia|źródło|πηγή"
)
OPEN_NOTES = re.compile(
    r"\b(?:TODO|FIXME|XXX|TBC|TBD)\b|\bto do:|\bnote to (?:self\b|(?-i:[A-Z]\w+):)|\blorem ipsum\b"
    rf"|(?<!\?)\?\?+(?!\?)|\[(?:(?:{_ASKED}|\?+)\??|(?:to |please )?(?:check|ask|confirm|comment"
    r"|query|expand|rewrite|shorten|insert|add|update|delete|fix)\b[^\]\n]*"
    r"|(?:à (?:vérifier|compléter|revoir)|(?:zu |bitte )(?:prüfen|ergänzen)|pendiente)\b[^\]\n]*"
    r"|(?-i:[A-Z]{2,3}): [^\]\n]*)\](?![({:\[])"
    rf"|\((?:citation needed|(?:{_ASKED}|check)\?+|(?-i:REF|CITE|CITATION|SOURCE))\)"
    r"|\bX{2,3} ?(?:%|(?= (?:per ?cent|papers|studies|people|participants)\b))"
    r"|\((?:check!+|to check)\)"
    r"|\[(?:n|number|percentage|value|placeholder|text|date|page)\](?![({:\[])"
    r"|(?:\A|(?<=\n\n))(?:(?:(?:more|text|table|figure)s? )?to (?:follow|come)"
    r"|to be (?:written|added|completed|confirmed|done|filled in))[.!… ]{0,3}(?=\n\n|\s*\Z)"
    r"|\b(?-i:TK|TBA)\b"
    r"|\[?\binsert [^\].\n]{1,40}\bhere\b\]?|\[[^\]\n]{1,40} (?:about )?here\](?![({:\[])"
    r"|\[(?-i:[A-Z]{2,3}|name|initials) to [^\]\n]*\](?![({:\[])|\[X{1,3}\](?![({:\[])"
    r"|\bn ?= ?(?:X{1,3}|\?)(?!\w)|(?<=\w )_{3,}(?=[\s.,;%)])|\b(?-i:(?:19|20)XX)\b"
    r"|\((?:authors?|names?|surname),? (?:year|date)\)|\bcommented \[[a-z]{1,4}\d+\]:?"
    r"|(?:\A|(?<=\n\n))[*_]{0,3}(?-i:DRAFT)\b"
    r"|\bnot for (?:circulation|citation|quotation)\b|\bplease do not (?:circulate|quote|cite)\b"
    r"|(?<!\w)(?-i:CHECK)(?=\*|:)|@@+(?!\w)|~~(?=\S)[^~\n]+~~",
    re.I,
)
"""What authors write to themselves and to each other, or leave to be filled in."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A pattern of what is never meant, what to say of it, and what to do."""

    found: re.Pattern[str]
    message: str
    hint: str


SLIPS = (
    Slip(
        re.compile(r"\{[ \t]*python[ \t]*\}"),
        "a live value lacks one of its backticks",
        "Put it between two: `` `{python} expression` ``.",
    ),
    Slip(
        re.compile(r"(?<!\{)\{\{(?![<{])[^{}\n]*\}\}|\{%[^%\n]*%\}"),
        "a placeholder of a template is published as it is",
        "A live value is written `` `{python} expression` ``, a shortcode `{{< … >}}`.",
    ),
    Slip(
        re.compile(
            rf"^[ \t>{_SPACE}]*#{{1,6}}[{_SPACE}]|^[{_SPACE}][ \t{_SPACE}]*#{{1,6}}[ \t]", re.M
        ),
        "a no-break space keeps the line from being a heading",
        "Type the space after the `#` again.",
    ),
    Slip(
        re.compile(r"(?<=\S\n)#{1,6}[ \t]+\S"),
        "the heading has no empty line above it, and would be text of the paragraph",
        "Put an empty line above it.",
    ),
    Slip(
        # A title ends without a full stop.
        re.compile(
            rf"{_BEGIN}[^\W\d_][^\n]*(?:\n[^\n]+){{0,20}}?(?<=[.:;,])\n-{{2,}}[ \t]*(?=\n|\Z)"
        ),
        "the line of dashes below a paragraph makes it a heading",
        "Put an empty line between them.",
    ),
    Slip(
        re.compile(rf"(?:^[ \t]*{_BULLET}[^\n]*(?:\n|\Z))+", re.M),
        "a bullet pasted from elsewhere makes no list",
        "Begin each item on a line of its own with `- `, with an empty line above the first.",
    ),
    Slip(
        re.compile(rf"(?:{_SIGN}){{2,}}", re.M),
        "lines that begin with a sign make no list, and would be one paragraph",
        "Begin each item on a line of its own with `- `, with an empty line above the first.",
    ),
    Slip(
        re.compile(rf"^{_APART}(?:{_SPACED}){{2,}}|(?:{_SEPARATED}){{3,}}", re.M),
        "a table pasted from elsewhere would be one paragraph",
        "Write it as `| a | b |`, or make it with review.table(…).",
    ),
    Slip(
        re.compile(rf"(?:{_ROW}){{2,}}", re.M),
        "a table pasted from elsewhere, with tabs between its cells, would be one paragraph",
        "Write it as `| a | b |`, or make it with review.table(…).",
    ),
    Slip(
        re.compile(
            r"\[[ \t]*;[^\][\n]{0,200}?@|\[[^\][\n]{0,200}?@\w[^\][\n]{0,200};[ \t]*@?[ \t]*\]"
        ),
        "a part of the citation is empty, so that its brackets would be published",
        "Write `[@one; @two]`.",
    ),
    Slip(
        re.compile(r"<!(?:--|–|—|-(?!-))|^[ \t]*(?://|%{1,2})[ \t]+\S[^\n]*", re.M),
        "a comment that is not `<!-- … -->` would be published",
        "Begin it with `<!--` and end it with `-->`, or use a block `::: {.comment}`.",
    ),
    Slip(
        re.compile(r"^[ \t]*＃+[^\n]*", re.M),
        "a full-width ＃ makes no heading",
        "Type `#` and a space.",
    ),
    Slip(
        re.compile(
            r"^#{1,6}[ \t][^\n]*(?:\{#[ \t]+[\w-]+[ \t]*\}|\(#[a-z]+-[\w-]+\))[ \t]*$", re.M
        ),
        "the id at the end of the heading is not valid, and would be published",
        "Write `{#sec-name}`, without a space after the `#`.",
    ),
    Slip(
        re.compile(rf"^>?[ \t]*\[!(?i:{_KINDS})\]|^!!!?[ \t]+(?i:{_KINDS})\b", re.M),
        "a box of another tool would be published as it is",
        "Write `::: {.callout-note}` above its text and `:::` below, each on a line of its own.",
    ),
    Slip(
        re.compile(r"\([^()\n]+\)\[(?:https?:|www\.|#|[\w./-]+\.(?:qmd|ipynb|html|md))[^\]\n]*\]"),
        "the brackets of a link are the wrong way round",
        "Write `[words](address)`.",
    ),
    Slip(
        re.compile(
            r"(?<!\\)\\{1,2}\((?=[^\n$\\]{0,120}[\^_=]|[ ][A-Za-z][ ]\\)[^\n$\\]{1,120}\\{1,2}\)"
            r"|(?<!\\)\\{1,2}\[(?=[^\n$\\]{0,120}[\^_])[^\n$\\]{1,120}\\{1,2}\]"
        ),
        "a formula between signs of LaTeX is published as words",
        "Write it between two `$`, or between `$$` where it stands alone.",
    ),
    Slip(
        re.compile(r"\[\[-?@[\w:.-]+"),
        "the citation has two brackets, of which one would be published",
        "Write `[@key]`.",
    ),
    Slip(
        re.compile(r"(?<=\d)\*(?=[\d.,]+\*\d)"),
        "asterisks between digits make them italic, and are lost",
        "Write `×`, or `\\*`.",
    ),
    Slip(
        re.compile(
            r"(?<![\w%/&=?.+-])%(?:\([A-Za-z_]\w*\))?(?:\d*\.\d+)?[dsfg](?![\w%'’])|%\([A-Za-z_]\w*\)[a-z]"
        ),
        "a placeholder of a programme is published as it is",
        "A live value is written `` `{python} expression` ``.",
    ),
    Slip(
        re.compile(
            r"\bError! (?:Reference source|Bookmark|No text|Hyperlink)\b|\bFehler! (?:Verweis|Text)"
            r"|\bErreur ?! (?:Source|Signet)|¡Error! |\bErro! |\bADDIN (?:EN|ZOTERO|CSL)\w*"
            r"|#(?:REF|DIV/0|VALUE|NAME|NUM|NULL)[!?]|#N/A\b|\b(?:MERGEFORMAT|PAGEREF|NOTEREF)\b",
            re.I,
        ),
        "the field or formula of another programme is published as it is",
        "Cite with `[@key]`, refer with `@fig-name`, and write values as `` `{python} …` ``.",
    ),
    Slip(
        re.compile("(?<=[A-Za-z\u00c0-\u024f])[\u200b\u2060\ufeff](?=[A-Za-z\u00c0-\u024f])"),
        "an invisible character is inside a word, so that no search finds the word",
        "Type the word again.",
    ),
    Slip(
        re.compile("[\ufffc\ufffd]"),
        "a sign is in place of what could not be copied or read",
        "Type what belongs there.",
    ),
    Slip(
        # A label of pandoc's example lists: `(@good)` with its text is meant.
        re.compile(
            r"(?:\A|(?<=\n\n)|^(?=[ \t]*(?:>|[-*+][ \t])))[ \t>*+-]*"
            r"(?:@[\w-]+[.)]|\(@(?:fig|tbl|sec|eq|lst|nte|tip|wrn|cau|imp)-[\w-]+\))(?=\s|\Z)",
            re.M,
        ),
        "the reference with the sign after it begins a numbered list, and would be lost",
        "Begin with a word, or write a backslash before the sign: `@fig-name\\.`.",
    ),
    Slip(
        re.compile(
            r"(?<!\[)\b(?:Figures?|Fig\.|Tables?|Sections?|Chapters?)[ \u00a0]@(?=(?:fig|tbl|sec)-)"
        ),
        "the reference brings its own word, which would be there twice",
        "Write `@fig-name` alone, or `[Figure @fig-name]`.",
    ),
    Slip(
        re.compile(_BEGIN + r">[ ]?(?=\d[\d.,]*[ \u00a0]?(?:%|per ?cent\b))"),
        "the sign > at the beginning of a paragraph makes it a quotation, and would be lost",
        "Write it in words, or a backslash before it: `\\>`.",
    ),
    Slip(
        re.compile(_BEGIN + r"\*[ \t]+\*?p[ \t]*\*?[ \t]*[<>=≤≥]"),
        "the star at the beginning of a paragraph begins a list, and would be lost",
        "Write a backslash before it: `\\*`.",
    ),
    Slip(
        re.compile(_BEGIN + r"\d{3,}[.)][ \t]+(?=\S)(?![^\n]*\n[ \t]*\d+[.)])"),
        "the number at the beginning of the paragraph begins a numbered list",
        "Begin with a word, or write a backslash before the sign after it: `1998\\.`.",
    ),
    Slip(
        re.compile(_BEGIN + r"(?:\([cC]\)[ \t]+(?=(?:19|20)\d\d)|[a-z]\.[ \t]+[a-zA-Z]\.[ \t,])"),
        "what the paragraph begins with begins a list with letters, and would be changed",
        "Write ©, the words in full, or a backslash before the first point or bracket.",
    ),
    Slip(
        re.compile(
            r"(?<![\\$])\$(?=[\d,;.)])(?=[,;.)]|[^$]*?[^\W\d_]{2}[^$]*?[^\w$][^$]*?[^\W\d_]{2}"
            r"|[^$()]*\([^$)]*\$)(?:[^$\n\\^_=<>{}]|\n(?!\n))*(?<=[^\s$(\[])\$(?![\d$])"
        ),
        "two dollar signs make a formula of the words between them",
        "Write a backslash before each: `\\$5`.",
    ),
    Slip(
        re.compile(r"(?<![\w\\~)\]}])~(?=\d)[^~\s]+~(?!~)"),
        "two signs ~ lower what is between them, and are lost",
        "Write “about”, or a backslash before each: `\\~30`.",
    ),
    Slip(
        re.compile(
            rf"{_BEGIN}\d{{1,2}}\.[ \t]+{_MONTH}\.?[ \t]+(?:1[5-9]|20)\d\d\b"
            r"(?!.*(?:\n.+)*?\n{1,2}[ \t]*\d{1,2}[.)][ \t])"
        ),
        "the day at the beginning of the paragraph begins a numbered list",
        "Begin with a word, or write a backslash before the point: `12\\.`.",
    ),
    Slip(
        re.compile(
            rf"(?:\A|(?<=[^:]\n\n))(?:\+[ \t]+(?=\d)|-[ \t]+(?=\d[\d.,]*[ \u00a0]?{_MEASURE}))"
            r"[^\n]*(?=\n\n(?![ \t]*[-+*][ \t])|\s*\Z)"
        ),
        "the sign at the beginning of the paragraph begins a list, and would be lost",
        "Write `−` or “plus”, or a backslash before the sign.",
    ),
    Slip(
        re.compile(
            _BEGIN + r"(?:\(?a\)[ \t]+(?=[^\n]+[^\w\n]\(?b\)[ \t])"
            r"|\(?i\)[ \t]+(?=[^\n]+[^\w\n]\(?ii\)[ \t])"
            r"|\(?1\)[ \t]+(?=[^\n]+[^\w\n]\(?2\)[ \t]))"
        ),
        "the mark at the beginning of the paragraph begins a list, and the others would be words",
        "Begin each on a line of its own, or write a backslash before the first bracket: `\\(a)`.",
    ),
    Slip(
        re.compile(_BEGIN + r"\|[ \t][^\n|]*\|[^\n|]*[^\s|](?=\n\n|[ \t]*\n?\Z)"),
        "the sign | at the beginning of the paragraph would be lost",
        "Write a backslash before it: `\\|`.",
    ),
    Slip(
        re.compile(
            r"^[ \t]*([-+*])[ \t][^\n]*\n(?P<at>[ \t]*(?:\*{2,4}|-{2,4}|\+{2,4})[ \t]+"
            r"(?!\*?p\*?[ \t]*[<=>≤])(?![^\n]*\1{2})[^\n]*)",
            re.M,
        ),
        "two signs begin no item of a list within a list, and would be published",
        "Write four spaces and `- ` before the item.",
    ),
    Slip(
        re.compile(
            r"^(?![ \t]*(?:#|:::|<|\||[*_ \t]*$))[^\n]+\n"
            r"(?P<at>[ \t]*(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}))(?=\n|\Z)",
            re.M,
        ),
        "the rule has no empty line above it, and would be text of the paragraph",
        "Put an empty line above it.",
    ),
    Slip(
        re.compile(r"\]\{[ \t]*(?:finding|value|comment|todo|lead|aside)[ \t]+[\w-]+=[^{}\n]*\}"),
        "the class in braces has no point before it, and would be published",
        'Write `{.finding of="…"}`.',
    ),
    Slip(
        re.compile(_BEGIN + r"={3,}[ \t]*(?=\n|\Z)"),
        "a line of equals signs would be published as it is",
        "A rule is `***`, with an empty line above and below it.",
    ),
    Slip(
        re.compile(
            r"(?<=[^\W\d_]{2})[-\u2010]\n[ \t]*(?=[^\W\d_]{2})"
            r"(?!(?:and|or|to|und|oder|bzw|et|ou|of|og|och|en|e|y|o|i|lub|a|ac|neu)\b)(?![A-Z])"
        ),
        "a word is divided at the end of a line, and would be published with a gap",
        "Write the word on one line.",
    ),
    Slip(
        re.compile("[\ufb00-\ufb06]"),
        "a ligature copied from a PDF is in the word, so that no search finds it",
        "Type its letters: fi, fl, ff, ffi, ffl.",
    ),
    Slip(
        re.compile(r"^[ \t]*(?:\[_?TOC_?\]|\\tableofcontents\b|\{:toc\})[ \t]*$", re.M | re.I),
        "a mark for a table of contents is published as it is",
        "Delete it: pages, PDF and Word have their contents.",
    ),
)
