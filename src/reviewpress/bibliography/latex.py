"""LaTeX in the values of other people's BibTeX: the only importer of pylatexenc."""

from functools import cache, lru_cache
from typing import Any


@lru_cache(maxsize=20_000)
def decode_latex(value: str) -> str:
    """Return a value with LaTeX accents and marks as Unicode; braces and mathematics stay.

    What cannot be understood is returned as it is.

    >>> decode_latex(r'{\\"O}zt{\\"u}rk \\& Sons')
    'Öztürk & Sons'
    """
    try:
        return str(_converter().latex_to_text(value))
    except Exception:  # pylatexenc raises many kinds, and a title is better shown raw than lost
        return value


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(keep_braced_groups=True, math_mode="verbatim")
