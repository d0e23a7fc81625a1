"""Reviewpress: evidence reviews whose numbers, citations and figures come from data, checked.

A chapter begins with:

    import reviewpress
    from reviewpress import words

    review = reviewpress.load()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewpress.evidence.headlines import Share, joined, rank, share
    from reviewpress.evidence.words import Words, words
    from reviewpress.review import Review, load

__all__ = ["Review", "Share", "Words", "joined", "load", "rank", "share", "words"]

_HOMES = {
    "Review": "reviewpress.review",
    "Share": "reviewpress.evidence.headlines",
    "joined": "reviewpress.evidence.headlines",
    "rank": "reviewpress.evidence.headlines",
    "share": "reviewpress.evidence.headlines",
    "load": "reviewpress.review",
    "Words": "reviewpress.evidence.words",
    "words": "reviewpress.evidence.words",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the command line starts without any."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'reviewpress' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
