"""What was changed in moving in, and what is left to do, with file and line."""

from dataclasses import dataclass

from reviewpress.errors import Place


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was changed; what is left to do where `is_left`."""

    where: Place
    message: str
    is_left: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
