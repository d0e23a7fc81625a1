"""What was changed in moving in, and what is left to do, with file and line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reviewpress.errors import Place, all_of

_SHOWN = 2
"""In how many files the same is said of each."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was changed; what is left to do where `is_left`."""

    where: Place
    message: str
    is_left: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def gathered(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes with the same on several lines of a file as one, which names all lines."""
    groups: dict[tuple[str, str, bool], list[Note]] = {}
    for note in dict.fromkeys(notes):
        groups.setdefault((note.where.file, note.message, note.is_left), []).append(note)
    return tuple(
        replace(group[0], where=all_of([each.where for each in group]) or group[0].where)
        if all(each.where.line is not None for each in group) else group[0]
        for group in groups.values()
    )  # fmt: skip


def listing(notes: Sequence[Note], *, shortened: bool = False) -> Iterator[str]:
    """Yield the lines that say what was changed, and what is left to do.

    `shortened`, what is the same in several files is one line, which names the first.
    """
    for title, is_left in (("Changed", False), ("Left to do", True)):
        chosen = [each for each in notes if each.is_left == is_left]
        if chosen:
            yield f"{title} ({len(chosen)}):"
            yield from (f"  {line}" for line in (_short(chosen) if shortened else map(str, chosen)))


def _short(notes: Sequence[Note]) -> Iterator[str]:
    groups: dict[str, list[Note]] = {}
    for each in notes:
        groups.setdefault(each.message, []).append(each)
    for message, group in groups.items():
        if len(group) > _SHOWN:
            yield f"{group[0].where}, and in {len(group) - 1} more files: {message}"
        else:
            yield from map(str, group)
