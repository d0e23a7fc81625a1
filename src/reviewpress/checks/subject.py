"""What the checks look at: an assembled edition, its runs, its references and its evidence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.numbering import is_reference
from reviewpress.config import Config, Section
from reviewpress.errors import Problem
from reviewpress.notebooks import Run
from reviewpress.reference_index import ReferenceIndex
from reviewpress.review import Review
from reviewpress.store.digests import digest_file, digest_parts
from reviewpress.store.kinds import LOOKS


@dataclass(frozen=True, slots=True)
class CheckedEvidence:
    """A review's data, and what is wrong with it that an edition can be made in spite of."""

    review: Review
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """An edition to be checked.

    `evidence` is None for a project without a data schema; checks of evidence have nothing to say
    of it then. `official` says that no parameters were given for this build, `main` that it is the
    default edition too, of which the whole data is told; `embedded`, that the embedded engine is
    to render it: Quarto obeys more keys.
    """

    config: Config
    book: Book
    runs: Mapping[str, Run]
    references: ReferenceIndex
    evidence: CheckedEvidence | None
    main: bool
    embedded: bool = True
    official: bool = True

    @property
    def review(self) -> Review | None:
        """The review's data."""
        return self.evidence.review if self.evidence else None

    def findings_pages(self) -> Iterator[tuple[Page, tuple[Section, ...]]]:
        """Yield each findings chapter of the edition with its sections."""
        for page in self.book.pages:
            names = self.names_of(page)
            sections = tuple(
                each for each in self.config.settings.sections if each.chapter in names
            )
            if sections:
                yield page, sections

    def look_at_pages(
        self,
        check: str,
        depends_on: Iterable[object],
        look: Callable[[Page], Iterable[Problem]],
        pages: Iterable[Page] | None = None,
    ) -> Iterator[Problem]:
        """Yield what `look` finds in each chapter, which is kept until the chapter changes.

        `depends_on` are JSON values of what else the check `check` looks at.
        """
        other = digest_parts(depends_on)
        for page in self.book.pages if pages is None else pages:
            inputs = [check, other, page.key, *self._texts_of(page)]

            def make(page: Page = page) -> tuple[list[Problem], bytes]:
                found = list(look(page))
                return found, ast.to_json([asdict(each) for each in found])

            yield from LOOKS.get(self.config.store, inputs, make=make, read=_read_problems)

    def _texts_of(self, page: Page) -> Iterator[str]:
        """Yield what the places of a chapter's problems depend on, besides its blocks."""
        sources = page.places.sources
        # Key messages that it gathers stand in others.
        for path in sources if page.answers else (page.chapter.path,):
            yield digest_file(self.config.root / path)
            # Also of files that it includes, of which the lines may be others for the same text.
            yield repr(sources[path].pieces)

    def names_of(self, page: Page) -> tuple[str, ...]:
        """Return the name of a chapter, and those of its counterparts in other languages."""
        path = page.chapter.path
        others = (PurePath(t.pages[path]).stem for t in self.book.translations if path in t.pages)
        return (page.chapter.name, *others)

    def section_nodes(self, page: Page, section: Section) -> list[Node]:
        """Return the blocks of a chapter that belong to a section: its part, or all but others'."""
        names = self.names_of(page)
        parts = {
            other.anchor: other
            for other in self.config.settings.sections
            if other.chapter in names and other.anchor
        }
        found: list[Node] = []
        here: Section | None = None
        level = 0
        for block in page.blocks:
            if block["t"] == "Header":
                name = ast.identifier(block)
                if name in parts:
                    here, level = parts[name], block["c"][0]
                elif here is not None and block["c"][0] <= level:
                    here = None
            if here == section or (here is None and section.anchor is None):
                found.append(block)
        return found


def _read_problems(kept: bytes) -> list[Problem]:
    return [Problem.of(each) for each in ast.from_json(kept)]


def cites(blocks: object) -> Iterator[tuple[Node, list[str]]]:
    """Yield each citation of the bibliography below `blocks` with its citekeys."""
    return _cites(ast.walk(blocks))


def page_cites(page: Page) -> Iterator[tuple[Node, list[str]]]:
    """Yield each citation of the bibliography in a chapter with its citekeys."""
    return _cites(page.nodes)


def _cites(nodes: Iterable[Node]) -> Iterator[tuple[Node, list[str]]]:
    for node in nodes:
        if node["t"] == "Cite" and not is_reference(node):
            yield node, [citation["citationId"] for citation in node["c"][0]]
