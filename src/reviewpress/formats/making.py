"""What the maker of a format is given, and what it has to do."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from reviewpress.engine import Manuscript
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations
from reviewpress.formats.objects import Format
from reviewpress.formats.writers import Writers

Finish = Callable[[], Callable[[], None] | None]
"""Waits for what was begun, and puts it in its place.

What comes back, if anything does, waits for what was begun then, and has to be called as well.
"""


@dataclass(frozen=True, slots=True)
class Making:
    """An edition that is to be written as a format.

    `folder` is where the edition's files go, `work` an empty one for whatever is needed on the way,
    and `extension` has the review's own filters for the format among its own.
    """

    format: Format
    manuscript: Manuscript
    extension: Extension
    citations: SetCitations
    writers: Writers
    folder: Path
    work: Path

    @property
    def goal(self) -> Path:
        """The file of a format that is one."""
        return self.folder / self.manuscript.book.config.file_name(self.format.ending)

    def put(self, made: Callable[[], bytes]) -> Finish:
        """Return what waits for that file, and puts it in its place."""

        def finish() -> None:
            self.goal.write_bytes(made())

        return finish


Maker = Callable[[Making], Finish]
"""Begins to write an edition; what comes back waits, and puts the files in their place."""


def maker_of(made: Format) -> Maker:
    """Return the function that makes a format."""
    module, _, name = made.maker.partition(":")
    return cast(Maker, getattr(import_module(module), name))
