"""Words of authors and data made safe where they enter another language.

Markdown has `evidence.markdown.escape`, BibTeX `bibliography.latex.encode_latex`, XML and HTML the
standard library's `escape`, a command line a list of arguments. The rest is here.
"""

import re

_CSS_SPECIAL = re.compile(r'["\\<\x00-\x1f\x7f]')
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?")


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

    A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it,
    as OWASP's page on CSV injection says; numbers and single signs stay as they are.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell("-0.5"), spreadsheet_cell("-")
    ("'=1+1", '-0.5', '-')
    """
    if not text.startswith(_FORMULA) or len(text) == 1 or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
