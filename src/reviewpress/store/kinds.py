"""Everything that a build keeps and finds again: one table, one way to address it.

A thing's address is a hash of all that could make it another one: the inputs that its maker names,
and what its kind declares. Of nearly all kinds that is the whole of this package, and the programs
that make it: so an upgrade of either never finds what the one before had made, and a build after it
gives what a build from nothing gives. Runs of chapters declare neither, so that an upgrade of what
comes after them executes no notebook. What those depend on is found out while they are made, and
recorded with them (`records.py`).
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from reviewpress.store.digests import digest_parts
from reviewpress.store.files import mark_used, write_cached
from reviewpress.store.versions import package_digest, program_state

T = TypeVar("T")

PANDOC, TYPST = "pypandoc-binary", "typst"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that are kept: the folder of the store, the ending, what they depend on.

    `programs` are the distributions that make it, beside this package unless `by_package` says
    that it depends on what its records name instead. `spread` puts them into folders of 256th
    parts, where there are very many. What was used longest ago goes where they take more bytes
    than `limit`.
    """

    folder: str
    ending: str = ""
    programs: tuple[str, ...] = ()
    by_package: bool = True
    spread: bool = False
    limit: int = 250 * 2**20

    def key(self, inputs: Iterable[object]) -> str:
        """Return the address of what is made of these inputs, as a hash."""
        made_by = _made_by(self.programs, self.by_package)
        return digest_parts([self.folder, self.ending, made_by, *inputs])

    def place_of(self, store: Path, key: str) -> Path:
        """Return the file (or folder) of a key, whether it is there or not."""
        name = f"{key[:2]}/{key[2:]}" if self.spread else key
        return store / self.folder / f"{name}{self.ending}"

    def place(self, store: Path, inputs: Iterable[object]) -> Path:
        """Return where what is made of these inputs is kept, whether it is there or not."""
        return self.place_of(store, self.key(inputs))

    def get(
        self,
        store: Path,
        inputs: Iterable[object],
        *,
        make: Callable[[], tuple[T, bytes]],
        read: Callable[[bytes], T],
    ) -> T:
        """Return what is kept of these inputs; what is not there, or damaged, is made and kept.

        `make` returns it both as it is used and as it is written. What it raises is not kept.
        """
        place = self.place(store, inputs)
        if mark_used(place):
            with suppress(OSError, ValueError, KeyError, TypeError):
                return read(place.read_bytes())
        made, written = make()
        write_cached(place, written)
        return made


TREES = Kind("trees", ".json", (PANDOC,))
"""A text as pandoc reads it."""
STAGES = Kind("chapters", ".json", (PANDOC,), spread=True)
"""A chapter, one for each step of assembling it."""
LOOKS = Kind("looks", ".json", (PANDOC,), spread=True)
"""What a check found in a chapter."""
REFERENCES = Kind("references", ".json", ("bibtexparser", "pylatexenc"))
"""The bibliography, read."""
BIBLIOGRAPHIES = Kind("bibliographies", ".json", ("bibtexparser", "pylatexenc"))
"""The entries of a large bibliography, as they stand in its files."""
INCLUDED = Kind("included", ".json", ("bibtexparser", "pylatexenc"))
"""The included papers as files for reference managers."""
CITATIONS = Kind("citations", ".json", (PANDOC,))
"""An edition's citations and references as CSL sets them."""
PAGES = Kind("pages", ".html", (PANDOC,))
TYPST_PARTS = Kind("typst", ".typ", (PANDOC,))
"""A chapter as Typst's source."""
WORD_PARTS = Kind("docx", ".json", (PANDOC,))
"""A chapter as the filters leave it for Word."""
PDFS = Kind("pdf", ".pdf", (PANDOC, TYPST, "pikepdf"))
WORD_FILES = Kind("docx", ".docx", (PANDOC,))
EPUB_PAGES = Kind("epub", ".xhtml", (PANDOC,))
EPUB_FILES = Kind("epub", ".epub", (PANDOC,))
SEARCH = Kind("search", programs=("pagefind-bin",))
"""The search index of an edition's pages: a folder, with a record."""
RUNS = Kind("runs", by_package=False, limit=2**30)
"""What kernels computed, and the files that they made, with a record."""
GLYPHS = Kind("glyphs", ".txt", (TYPST,))
"""Which characters no font of the PDF has."""
PICTURES = Kind("pictures", ".txt", (TYPST,))
"""What Typst says of an author's picture."""
FACES = Kind("faces", ".woff2", ("fonttools",))
"""A font cut to the characters that an edition's pages need of it."""

KINDS = tuple(kind for kind in tuple(globals().values()) if isinstance(kind, Kind))
PROGRAMS = tuple(sorted({program for kind in KINDS for program in kind.programs}))


@cache
def _made_by(programs: tuple[str, ...], by_package: bool) -> str:
    """Return what changes with this package or one of the programs; once a process (see there)."""
    return digest_parts([package_digest() if by_package else "", *map(program_state, programs)])
