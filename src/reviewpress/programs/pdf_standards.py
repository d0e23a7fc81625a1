"""The standards that a PDF can be made to conform to, and which of them it can at once."""

from collections.abc import Sequence
from itertools import combinations

PDF_STANDARDS = ("a-2a", "ua-1")
"""What a PDF conforms to where nothing else is asked for."""

_ARCHIVES = ("a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a")
_VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_NEW = ("a-4", "a-4f", "a-4e")
ALL_STANDARDS = (*_VERSIONS, "2.0", *_ARCHIVES, *_NEW, "ua-1")
"""What Typst can make a PDF conform to."""


def conflict(standards: Sequence[str]) -> tuple[str, str] | None:
    """Return two standards that no PDF can conform to at once, None where it can to all."""
    groups = [set(_VERSIONS) | {"2.0"}, set(_ARCHIVES) | set(_NEW)]
    for one, other in combinations(dict.fromkeys(standards), 2):
        if any(one in group and other in group for group in groups):
            return one, other
        if any(_is_of_another_time(*pair) for pair in ((one, other), (other, one))):
            return one, other
    return None


def _is_of_another_time(one: str, other: str) -> bool:
    """Say whether a standard is for a version of PDF, and the other for one that it is not for."""
    if one in _NEW:
        return other in _VERSIONS or other == "ua-1"
    if one == "2.0":
        return other in _ARCHIVES or other == "ua-1"
    return one.startswith("a-1") and other in _VERSIONS and other != "1.4"
