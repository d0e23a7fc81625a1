"""The sentence in which something is wrong, as a message quotes it."""

import re

_END = re.compile(r"[.!?…][”’\"')\]]*(?=\s|$)")
_MOST = 90


def sentence_at(text: str, at: int) -> str:
    """Return the sentence around a position of a text, shortened where it is long.

    >>> sentence_at("We looked. There are 3 papers. They agree.", 21)
    'There are 3 papers.'
    """
    start = max((m.end() for m in _END.finditer(text, 0, at)), default=0)
    stop = _END.search(text, at)
    end = stop.end() if stop else len(text)
    before, after = "", ""
    if at - start > _MOST // 2:
        start, before = text.rfind(" ", 0, at - _MOST // 2) + 1, "…"
    if end - start > _MOST:
        space = text.find(" ", start + _MOST)
        if 0 <= space < end:
            end, after = space, "…"
    return f"{before}{' '.join(text[start:end].split())}{after}"
