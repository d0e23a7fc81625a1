"""Engines: what turns an assembled book into the files of an edition.

The command line chooses one and hands it in; see `cli.engines`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reviewpress.shapes import Plain

if TYPE_CHECKING:
    # For types alone: an edition that is up to date is left without loading any of this.
    from reviewpress.assemble import Book
    from reviewpress.formats.objects import Format
    from reviewpress.notebooks import Run
    from reviewpress.provenance import Provenance
    from reviewpress.reference_index import ReferenceIndex


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Manuscript:
    """All that an engine needs to render an edition.

    `figures` maps the name of each published file (`fig-methods.svg`) to where the run keeps it,
    `notebooks` each notebook chapter to its run as a notebook, `runs` to the run itself, also those
    of chapters of which key messages alone are gathered. `provenance` gives the record of
    what the edition's numbers come from.
    """

    book: Book
    references: ReferenceIndex
    figures: Mapping[str, Path]
    provenance: Callable[[], Provenance]
    notebooks: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)

    def in_format(self, made: Format) -> Manuscript:
        """Return the same with the book as a format shows it."""
        return replace(self, book=self.book.in_format(made))


class Engine(Protocol):
    """Something that renders a manuscript into a folder, one file or page a chapter."""

    name: str

    def get_ready(self, manuscript: Manuscript) -> None:
        """Do what need not wait until the book has been checked; `render` then finds it done."""

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`.

        Raises EngineError, or Problems, where a format cannot be made.
        """


class PreviewEngine(Engine, Protocol):
    """An engine that makes pages and PDF by themselves, as a preview needs them."""

    def begin_pages(self, manuscript: Manuscript, folder: Path) -> Callable[[], None]:
        """Begin the pages alone in the empty `folder`, without their search index.

        What comes back waits for them.
        """

    def make_pdf(self, manuscript: Manuscript, work: Path) -> bytes:
        """Return the edition's PDF, typeset in the folder `work`; quicker there a second time.

        Raises Overtaken where `stop_pdf` ended that.
        """

    def stop_pdf(self, after: float = 0) -> None:
        """End the typesetting of a PDF that has taken so many seconds and more."""

    def keep_ready(self, manuscript: Manuscript, work: Path) -> None:
        """Get ready, after `make_pdf` in the same folder, to typeset the next change quickly."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine by the name it was asked for; `start` makes it when an edition needs it."""

    name: str
    start: Callable[[Path], Engine]
