"""LaTeX in the values of BibTeX, in and out: the only importer of pylatexenc."""

import re
from functools import cache, lru_cache
from typing import Any

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
_ENCODED = re.compile(r"[\\~^&%$#_{}]|-(?=-)|`(?=`)|'(?=')|[!?](?=`)")


def decode_latex(value: str) -> str:
    """Return a value as readers see it: LaTeX marks as Unicode, no braces of groups.

    What cannot be understood stays as it is, without braces.

    >>> decode_latex(r'{\\"O}zt{\\"u}rk \\& {Sons}')
    'Öztürk & Sons'
    """
    if "\\" not in value:
        return value.replace("{", "").replace("}", "").replace("~", " ")
    pieces = _NAMED.split(value)
    if len(pieces) > 1:
        return "".join(_NAMES.get(piece) or decode_latex(piece) for piece in pieces)
    if _COMPLEX.search(value):
        return _converted(value)
    return _SIMPLE.sub(r"\1", value.replace("{", "").replace("}", "").replace("~", " "))


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
    try:
        return str(_converter().latex_to_text(source))
    except Exception:  # pylatexenc raises many kinds, and a title is better shown raw than lost
        return value.replace("{", "").replace("}", "")


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim")
