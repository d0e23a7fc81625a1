"""Engines: what turns an assembled book into the files of an edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reviewpress.assemble import Book
from reviewpress.references import ReferenceIndex


@dataclass(frozen=True, slots=True)
class Manuscript:
    """All that an engine needs to render an edition.

    `figures` maps the name of each published file (`fig-methods.svg`) to where the run keeps it,
    `notebooks` each notebook chapter to its run as a notebook.
    """

    book: Book
    references: ReferenceIndex
    figures: Mapping[str, Path]
    notebooks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Engine(Protocol):
    """Something that renders a manuscript into a folder, one file or page a chapter."""

    name: str

    def get_ready(self, manuscript: Manuscript) -> None:
        """Do what need not wait until the book has been checked; `render` then finds it done."""

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`.

        Raises EngineError, or Problems, where a format cannot be made.
        """
