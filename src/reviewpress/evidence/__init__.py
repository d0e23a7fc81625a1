"""The evidence of a review: its tables, read strictly and only when needed.

schema      data/schema.yml: tables, columns, vocabularies
tables      the strict CSV reader; cells reads one column's cells
frames      tables as DataFrames
review      Review, what chapters see; sections counts a section's papers; box shows them
headlines   who has most, ties included, and shares that state their whole
appraisal   MMAT and other appraisal tools; flow PRISMA 2020; forms, searches, claims
validation  everything checked, also across tables
reads       what was read, with hashes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewpress.evidence.review import Review, load
    from reviewpress.evidence.validation import validate

__all__ = ["Review", "load", "validate"]

_HOMES = {
    "Review": "reviewpress.evidence.review",
    "load": "reviewpress.evidence.review",
    "validate": "reviewpress.evidence.validation",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'reviewpress.evidence' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
