"""Patterns that a schema gives for cells: the only importer of regex.

Python's own `re` may try for years whether `(a+)+` matches a long cell; regex can be told to stop.
"""

import re
from dataclasses import dataclass
from functools import cache
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

SECONDS = 0.5
"""How long cells may take, together, to be compared with a pattern, where each takes long.

Of the processor: on a busy machine a moment on the clock says nothing of a pattern.
"""

_LONG = 0.01
"""What counts as long for a cell, in seconds: it usually takes microseconds."""

LONGEST = 100_000
"""How long a pattern may be, each part counted as often as it is repeated: regex copies them."""

_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d*)(?:,(?P<most>\d*))?\}|.", re.DOTALL
)
"""A piece of a pattern: an escaped sign, a set, a number of times, or any other sign."""

_spent: dict[str, float] = {}
"""The seconds that a pattern has taken with such cells; after `SECONDS` no other is tried."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that a whole cell has to match."""

    pattern: str

    def matches(self, cell: str) -> bool | None:
        """Return whether a cell matches, None where that would take too long to say."""
        left = SECONDS - _spent.get(self.pattern, 0)
        if left <= 0:
            return None
        began = thread_time()
        try:
            return compiled(self.pattern).fullmatch(cell, timeout=left) is not None
        except TimeoutError:
            return None
        finally:
            took = thread_time() - began
            if took > _LONG:
                _spent[self.pattern] = SECONDS - left + took


def read_pattern(text: str) -> Pattern | str:
    """Return a pattern, or in words why the text is none."""
    import regex

    if _length(text) > LONGEST:
        return "it repeats too much"
    try:
        compiled(text)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        return str(error) or type(error).__name__
    return Pattern(text)


def _length(text: str) -> int:
    """Return how long a pattern is when each of its parts is written as often as it is repeated."""
    groups, last = [0], 0
    for found in _PIECE.finditer(text):
        if found[0] == "(":
            groups.append(0)
            last = 0
            continue
        if found["least"] is not None:
            times = max(int(number[:9] or 0) for number in (found["least"], found["most"] or ""))
            groups[-1] += last * max(0, times - 1)
            last *= max(1, times)
            continue
        last = groups.pop() if found[0] == ")" and len(groups) > 1 else 1
        groups[-1] += last
    return sum(groups)


@cache
def compiled(text: str) -> "regex.Pattern[str]":
    """Return regex's pattern; a schema without patterns does not wait for the import."""
    import regex

    return regex.compile(text)
