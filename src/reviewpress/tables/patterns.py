"""Patterns that a schema gives for cells: the only importer of regex.

Python's own `re` may try for years whether `(a+)+` matches a long cell; regex can be told to stop.
"""

from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

SECONDS = 0.5
"""How long cells may take, together, to be compared with a pattern, where each takes long."""

_LONG = 0.01
"""What counts as long for a cell, in seconds: it usually takes microseconds."""

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
        began = perf_counter()
        try:
            return compiled(self.pattern).fullmatch(cell, timeout=left) is not None
        except TimeoutError:
            return None
        finally:
            took = perf_counter() - began
            if took > _LONG:
                _spent[self.pattern] = SECONDS - left + took


def read_pattern(text: str) -> Pattern | str:
    """Return a pattern, or in words why the text is none."""
    import regex

    try:
        compiled(text)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        return str(error) or type(error).__name__
    return Pattern(text)


@cache
def compiled(text: str) -> "regex.Pattern[str]":
    """Return regex's pattern; a schema without patterns does not wait for the import."""
    import regex

    return regex.compile(text)
