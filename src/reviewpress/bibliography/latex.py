"""LaTeX in the values of BibTeX, in and out: the only importer of pylatexenc."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.macrospec import LatexContextDb

_SIMPLE = re.compile(r"\\([&%$#_])")
_COMPLEX = re.compile(r"\\(?![&%$#_])")
_NAMES = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
}
_NAMED = re.compile(f"({'|'.join(map(re.escape, _NAMES))})")
_MARKS = {
    **{mark: name for name, mark in _NAMES.items()},
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}
_QUOTES = {"glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»"}
_SIGNS = {"textless": "<", "textgreater": ">", "textbar": "|", "textquotedbl": '"',
          "textunderscore": "_", "textbraceleft": "{", "textbraceright": "}", "slash": "/",
          "S": "§", "P": "¶", "pounds": "£", "copyright": "©", "lbrack": "[", "rbrack": "]",
          "ddag": "‡", "sun": "☉", "hyphen": "-", "mathsemicolon": ";"}  # fmt: skip
"""Commands for signs that pylatexenc takes for nothing; Mendeley writes the first two, Zotero the
last."""
_JOURNALS = {
    "aap": "Astronomy and Astrophysics", "aapr": "Astronomy and Astrophysics Reviews",
    "aaps": "Astronomy and Astrophysics Supplement", "aj": "The Astronomical Journal",
    "ao": "Applied Optics", "apj": "The Astrophysical Journal",
    "apjl": "The Astrophysical Journal Letters",
    "apjs": "The Astrophysical Journal Supplement Series", "apss": "Astrophysics and Space Science",
    "araa": "Annual Review of Astronomy and Astrophysics",
    "baas": "Bulletin of the American Astronomical Society",
    "gca": "Geochimica et Cosmochimica Acta", "grl": "Geophysical Research Letters",
    "icarus": "Icarus",
    "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jcp": "Journal of Chemical Physics", "jgr": "Journal of Geophysical Research",
    "maps": "Meteoritics and Planetary Science",
    "mnras": "Monthly Notices of the Royal Astronomical Society", "nat": "Nature",
    "physrep": "Physics Reports", "planss": "Planetary and Space Science",
    "pasj": "Publications of the Astronomical Society of Japan",
    "pasp": "Publications of the Astronomical Society of the Pacific",
    "pra": "Physical Review A", "prb": "Physical Review B", "prc": "Physical Review C",
    "prd": "Physical Review D", "pre": "Physical Review E", "prl": "Physical Review Letters",
    "psj": "The Planetary Science Journal", "solphys": "Solar Physics",
    "sovast": "Soviet Astronomy", "ssr": "Space Science Reviews",
}  # fmt: skip
"""What the Astrophysics Data System writes for journals: commands that its styles define."""
_NAMES_OF_TEX = {name: name for name in ("LaTeX", "TeX", "BibTeX")}
_ARGUMENTS = {
    **dict.fromkeys(("mbox", "nolinkurl", "text", "textmd", "textsf", "texttt", "textup", "url"),
                    "%s"),
    **dict.fromkeys(("foreignlanguage", "href", "raisebox", "scalebox"), "%(2)s"),
    **dict.fromkeys(("enquote", "mkbibquote"), "“%s”"),
    "noopsort": "", "textcommabelow": "%s\N{COMBINING COMMA BELOW}",
}  # fmt: skip
"""Commands with arguments that bibliographies use and pylatexenc does not read, and their text."""
_SILENT = frozenset(
    ("em", "it", "bf", "sc", "tt", "rm", "sf", "sl", "bfseries", "itshape", "mdseries",
     "normalfont", "scshape", "slshape", "upshape", "protect", "relax", "textsubscript",
     "textsuperscript")
)  # fmt: skip
"""Commands that change the look of letters, and give none."""
_MATH = re.compile(
    r"(?<!\\)(?:\$\$(?=\S)([^$]*?[^\s$\\])\$\$|\$(?=\S)([^$]*?[^\s$\\])\$(?!\d)"
    r"|\\\(((?:(?!\\[()]).)*)\\\)|\\\[((?:(?!\\[][]).)*)\\\])",
    re.DOTALL,
)
"""A formula: pandoc's rule, by which the dollars of prices are none."""
_WORD = re.compile(r"(?<![A-Za-z\\{])[A-Za-z]{3,}")
_BRACKET = re.compile(r"(?<!\\)((?:\\\\)*)\\([][()])")
"""A bracket after a backslash that begins no formula: reference managers write them so."""
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_SCRIPTS = re.compile(r"(?<!\\)[_^]")
_ENCODED = re.compile(r"[\\~^&%$#_{}]|-(?=-)|`(?=`)|'(?=')|[!?](?=`)")


def decode_latex(value: str) -> str:
    """Return a value as readers see it: LaTeX marks as Unicode, no braces of groups.

    What cannot be understood stays as it is, without braces.

    >>> decode_latex(r'{\\"O}zt{\\"u}rk \\& {Sons}')
    'Öztürk & Sons'
    """
    if ("$" in value or "\\" in value) and _MATH.search(value):
        # As LaTeX again: braces may be open around a formula.
        value = "".join(encode_latex(math_text(text)) if is_math else text
                        for text, is_math in split_math(value))  # fmt: skip
    if "\\" not in value:
        return value.replace("{", "").replace("}", "").replace("~", " ")
    value = _BRACKET.sub(r"\1\2", value)
    pieces = _NAMED.split(value)
    if len(pieces) > 1:
        return "".join(_NAMES.get(piece) or decode_latex(piece) for piece in pieces)
    if _COMPLEX.search(value):
        return _converted(value)
    return _SIMPLE.sub(r"\1", value.replace("{", "").replace("}", "").replace("~", " "))


def knows_command(name: str) -> bool:
    """Say whether a LaTeX command, without its backslash, is one that we can read.

    >>> knows_command("dj"), knows_command("mymacro")
    (True, False)
    """
    return name in _SILENT or bool(_converter().knows(name))


def split_math(value: str) -> Iterator[tuple[str, bool]]:
    """Split a value into text and the insides of its formulas, each with whether it is one.

    >>> list(split_math("H$_2$O at $5"))
    [('H', False), ('_2', True), ('O at $5', False)]
    """
    end = 0
    for found in _MATH.finditer(value):
        text = found[found.lastindex or 0]
        words = found[4] is not None and _WORD.search(text)
        if not words and _is_balanced(text):
            yield value[end : found.start()], False
            yield text, True
            end = found.end()
    yield value[end:], False


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def math_text(formula: str) -> str:
    """Return a formula of a title in letters, without what raises or lowers them.

    >>> math_text(r"\\alpha_{2}"), math_text("H_2")
    ('α2', 'H2')
    """
    return decode_latex(_SCRIPTS.sub("{}", plain_fractions(formula)))


def plain_fractions(formula: str) -> str:
    r"""Return a formula with its fractions on one line.

    >>> plain_fractions(r"\frac{1}{2}x")
    '1/2x'
    """
    return _FRACTION.sub(r"\1/\2", formula)


def encode_latex(text: str) -> str:
    """Return plain text as a BibTeX value that means exactly this text.

    >>> encode_latex("R&D: 100% of {a}")
    'R\\\\&D: 100\\\\% of \\\\{a\\\\}'
    """
    return _ENCODED.sub(lambda found: _MARKS.get(found[0], f"{found[0]}{{}}"), text)


@lru_cache(maxsize=20_000)
def _converted(value: str) -> str:
    # A bare per cent sign is text in most exports, though LaTeX would drop the rest of the line.
    source = re.sub(r"(?<!\\)%", r"\%", value)
    # A bare dollar sign is a price: formulas are in letters by now.
    source = re.sub(r"(?<!\\)\$", r"\$", source)
    try:
        text = str(_converter().latex_to_text(source))
    except Exception:  # pylatexenc raises many kinds, and a title is better shown raw than lost
        return value.replace("{", "").replace("}", "")
    return unicodedata.normalize("NFC", text)


@cache
def _converter() -> "_Converter":
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
    from pylatexenc.latexwalker import get_default_latex_context_db as walker_context
    from pylatexenc.macrospec import std_macro

    # It logs what it cannot convert; the text that stays is what a reader sees of that.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    plain = _QUOTES | _SIGNS | _JOURNALS | _NAMES_OF_TEX
    counts = dict.fromkeys(plain, 0)
    counts |= {name: 2 if "2" in text else 1 for name, text in _ARGUMENTS.items()}
    texts = [MacroTextSpec(name, text) for name, text in (plain | _ARGUMENTS).items()]
    context = get_default_latex_context_db()
    context.add_context_category("bibtex", prepend=True, macros=texts)
    walker = walker_context()
    macros = [std_macro(name, False, count) for name, count in counts.items()]
    walker.add_context_category("bibtex", prepend=True, macros=macros)
    return _Converter(LatexNodes2Text(math_mode="verbatim", latex_context=context), walker)


class _Converter:
    """pylatexenc with the commands that bibliographies use beside those it knows."""

    def __init__(self, texts: "LatexNodes2Text", walker: "LatexContextDb") -> None:
        self._texts = texts
        self._walker = walker

    def latex_to_text(self, source: str) -> str:
        from pylatexenc.latexwalker import LatexWalker

        walker = LatexWalker(source, latex_context=self._walker, tolerant_parsing=True)
        nodes, _, _ = walker.get_latex_nodes()
        return str(self._texts.nodelist_to_text(nodes))

    def knows(self, command: str) -> bool:
        """Say whether a command, without its backslash, gives text or is known to give none."""
        return self._texts.latex_context.get_macro_spec(command) is not None
