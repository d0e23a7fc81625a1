"""Limits: how long a cell or a program may take, and how much memory a kernel.

They are there for what would never end, or take the whole machine along. No review meets them by
accident; one that does can set others, under `reviewpress: limits:`.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from reviewpress.errors import nearest
from reviewpress.shapes import Plain, as_mapping

CELL_SECONDS = 3600
CELL_MEGABYTES = 50
PROGRAM_SECONDS = 120
SHOWN_ENV = "REVIEWPRESS_CELL_MEGABYTES"
"""Where a kernel finds how much a cell may show."""
SHOW_LESS = "Show less of it. If it is meant, set `reviewpress: limits: cell-megabytes:`."
_GIGABYTE = 1_000_000_000
_MEGABYTE = 1_000_000
_SHARE = 0.75
"""Of the machine's memory, what a kernel may take where the review does not say."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: see `read_limits` for what each is unless a review says otherwise."""

    cell_seconds: int = CELL_SECONDS
    cell_gigabytes: float | None = None
    cell_megabytes: float = CELL_MEGABYTES
    """How much one cell may show, in millions of characters."""
    program_seconds: int = PROGRAM_SECONDS

    @property
    def cell_bytes(self) -> int | None:
        """How much memory a kernel may take; None where that is not known."""
        if self.cell_gigabytes is not None:
            return int(self.cell_gigabytes * _GIGABYTE)
        return _machine_bytes()

    def program(self, size: int) -> float:
        """Return how many seconds a program may take for so many bytes of input."""
        return program_seconds(size, self.program_seconds)


USUAL = Limits()
"""What holds where a review does not say otherwise."""


def read_limits(given: Mapping[str, Plain]) -> Limits:
    """Return the limits of a review: what it says of `cell-seconds`, `cell-gigabytes`,
    `cell-megabytes` and `program-seconds`; else an hour, three quarters of the machine's memory,
    50 MB, and two minutes.
    """
    cell, memory = given.get("cell-seconds"), given.get("cell-gigabytes")
    shown, program = given.get("cell-megabytes"), given.get("program-seconds")
    return Limits(
        cell_seconds=cell if isinstance(cell, int) else CELL_SECONDS,
        cell_gigabytes=memory if isinstance(memory, int | float) else None,
        cell_megabytes=shown if isinstance(shown, int | float) else CELL_MEGABYTES,
        program_seconds=program if isinstance(program, int) else PROGRAM_SECONDS,
    )


def wrong_limits(data: Mapping[str, Plain]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield path, message and hint of each key under `limits:` in `_quarto.yml` that is none."""
    given = as_mapping(as_mapping(data.get("reviewpress")).get("limits"))
    known = [field.name.replace("_", "-") for field in fields(Limits)]
    for key in given:
        if key not in known:
            path = ("reviewpress", "limits", str(key))
            yield path, f'unknown key "{key}" under limits.', nearest(str(key), known)


def program_seconds(size: int, least: int = PROGRAM_SECONDS) -> float:
    """Return how many seconds a program may take for so many bytes: `least`, and as much again
    for each megabyte.

    >>> program_seconds(500_000)
    180.0
    """
    return least * (1 + size / _MEGABYTE)


def _machine_bytes() -> int | None:
    try:
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * _SHARE)
    except (AttributeError, OSError, ValueError):
        return None
