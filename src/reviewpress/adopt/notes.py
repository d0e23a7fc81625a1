"""What was changed in moving in, and what is left to do, with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reviewpress.errors import Place, all_of


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
