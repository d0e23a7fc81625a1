"""The files that describe a review as one profile sees it, and what is wrong with them."""

from collections.abc import Sequence

from reviewpress.errors import Place, Problem
from reviewpress.yaml import YamlFile


class ConfigFiles:
    """`_quarto.yml` and what lies over it; `problems` gathers what is wrong, in order."""

    def __init__(self, files: Sequence[YamlFile]) -> None:
        self.files = tuple(files)
        self.problems: list[Problem] = []

    def add(
        self, path: tuple[str, ...], message: str, hint: str = "", item: str | None = None
    ) -> None:
        """Note a problem of the key at `path`, or of an item in its list."""
        self.problems.append(Problem("config", message, self.place(path, item), hint))

    def place(self, path: tuple[str, ...], item: str | None = None) -> Place:
        """Return where the last file that says something at `path` says it, or around it."""
        for file in reversed(self.files):
            if item is not None and (line := file.line_of_item(path, item)):
                return Place(file.name, line=line)
        for length in range(len(path), 0, -1):
            for file in reversed(self.files):
                line = file.line(path[:length])
                if line is not None:
                    return Place(file.name, line=line)
        return Place(self.files[0].name, line=1)

    def option_places(self) -> dict[str, Place]:
        """Return where each option of documents is said last."""
        return {
            path[-1]: Place(file.name, line=line)
            for file in self.files
            for path, line in file.lines.items()
            if len(path) == 1 or (path[0] == "format" and len(path) == 3)
        }

    def option(self, name: str) -> tuple[str, ...]:
        """Return where an option of documents is said last: at the top, or below a format."""
        found = [
            path
            for file in self.files
            for path in file.lines
            if path[-1] == name and (len(path) == 1 or (path[0] == "format" and len(path) == 3))
        ]
        return found[-1] if found else (name,)
