"""The sentence in which something is wrong, as a message quotes it."""

import re

_END = re.compile(r"(?:[!?…]|\.(?!\s+[a-zà-ÿ\d(]))[”’\"')\]]*(?=\s|$)")
"""A point before a small letter or a number is that of an abbreviation: fig. 1, et al. (2019)."""
_MOST = 90
_LONGEST = 300
"""As much is quoted where no space allows a cut, as in an address, or in Chinese."""


def sentence_at(text: str, at: int) -> str:
    """Return the sentence around a position of a text, shortened where it is long.

    >>> sentence_at("We looked. There are 3 papers. They agree.", 21)
    'There are 3 papers.'
    """
    # A quotation begins so near that no more needs to be looked through.
    near = max(0, at - _LONGEST)
    start = max((m.end() for m in _END.finditer(text, near, at)), default=near)
    stop = _END.search(text, at)
    end = stop.end() if stop else len(text)
    before, after = "", ""
    if at - start > _MOST // 2:
        start, before = text.rfind(" ", near, at - _MOST // 2) + 1 or near, "…"
    if end - start > _MOST:
        space = text.find(" ", start + _MOST, start + _LONGEST)
        space = space if space >= 0 else min(len(text), start + _LONGEST)
        if space < end:
            end, after = space, "…"
    return f"{before}{' '.join(text[start:end].split())}{after}"
