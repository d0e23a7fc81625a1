"""Words of authors and data made safe where they enter another language.

Markdown has `evidence.markdown.escape`, BibTeX `bibliography.latex.encode_latex`, XML and HTML the
standard library's `escape`, a command line a list of arguments. The rest is here.
"""

import re
import unicodedata

_CSS_SPECIAL = re.compile(r'["\\<\x00-\x1f\x7f]')
_COMPUTED = "=+-@"
_LONGEST_NUMBER = 60
_ENDS_CELL = re.compile(r"[;,\t\r\n]")
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:[,.' \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]\d{3})+(?:[.,]\d+)?"
    r"|\d[\d,]*[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?\s?%?"
    r"|[+-]?(?:inf|infinity|nan)",
    re.IGNORECASE,
)


def typst_string(text: str) -> str:
    """Return a text as a string of Typst's code.

    >>> print(typst_string('A "B" \\\\C'))
    "A \\"B\\" \\\\C"
    """
    marked = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in marked) + '"'


def css_string(text: str) -> str:
    """Return a text as a string of a style sheet.

    >>> print(css_string('Noto "x"</style>'))
    "Noto \\22 x\\22 \\3c /style>"
    """
    return '"' + _CSS_SPECIAL.sub(lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


def spreadsheet_cell(text: str) -> str:
    """Return a text as a cell of a CSV file that no spreadsheet takes for a formula.

    What begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it, as
    OWASP's page on CSV injection says. So does what a program would take for such a beginning:
    full-width signs, signs after blanks or quotes, and signs after what ends a cell elsewhere
    (`1;=2` is two cells where the semicolon does). Numbers and single signs stay as they are.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell("-0.5"), spreadsheet_cell("-")
    ("'=1+1", '-0.5', '-')
    >>> spreadsheet_cell("1;=2"), spreadsheet_cell("3; -5")
    ("1;'=2", '3; -5')
    """
    if _is_figure(text) or (len(text) == 1 and text not in "\t\r\n"):
        return text
    if text[:1].isascii() and text[:1].isalnum() and not _ENDS_CELL.search(text):
        return text
    written, start = "", 0
    for end in (*(found.end() for found in _ENDS_CELL.finditer(text)), len(text)):
        piece = text[start:end]
        written += f"'{piece}" if _computes(piece) and not written.endswith("'") else piece
        start = end
    # One that does not end a cell at a semicolon takes what follows for a part of the formula.
    begins = text[0] in "\t\r\n" or _computes(text) if text else False
    return f"'{written}" if begins and not written.startswith("'") else written


def _computes(piece: str) -> bool:
    """Whether a spreadsheet could take a piece for a formula."""
    first = next((n for n, sign in enumerate(piece) if not _is_passed_over(sign)), len(piece))
    body = piece[first:].strip()
    begins = unicodedata.normalize("NFKC", body[:1])
    return bool(begins) and begins in _COMPUTED and not _is_figure(body.rstrip("\"';, \t"))


def _is_figure(text: str) -> bool:
    """Whether a text is a number."""
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def _is_passed_over(sign: str) -> bool:
    """Whether programs skip a sign at the beginning of a cell: blanks, quotes, what is unseen."""
    return sign in "\"'" or sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Zs")
