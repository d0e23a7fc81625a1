"""What the checks look at: an assembled edition, its runs, its references and its evidence."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.numbering import is_reference
from reviewpress.config import Config, Section
from reviewpress.errors import Problem
from reviewpress.notebooks import Run
from reviewpress.reference_index import ReferenceIndex
from reviewpress.review import Review

_REMEMBERED = 1000


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
            sections = tuple(
                section
                for section in self.config.settings.sections
                if section.chapter in self.names_of(page)
            )
            if sections:
                yield page, sections

    def names_of(self, page: Page) -> tuple[str, ...]:
        """Return the name of a chapter, and those of its counterparts in other languages."""
        path = page.chapter.path
        others = (PurePath(t.pages[path]).stem for t in self.book.translations if path in t.pages)
        return (page.chapter.name, *others)

    def section_nodes(self, page: Page, section: Section) -> list[Node]:
        """Return the blocks of a chapter that belong to a section: its part, or all but others'."""
        parts = {
            other.anchor: other
            for other in self.config.settings.sections
            if other.chapter in self.names_of(page) and other.anchor
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


def once_a_page(
    check: Callable[[Page], Iterator[Problem]],
) -> Callable[[Page], tuple[Problem, ...]]:
    """Let a check that looks at one chapter and nothing else look at it once in a process.

    A preview checks the whole book at every change, of which all chapters but one are as before.
    """
    found: OrderedDict[str, tuple[Problem, ...]] = OrderedDict()

    def look(page: Page) -> tuple[Problem, ...]:
        if page.key not in found:
            found[page.key] = tuple(check(page))
            while len(found) > _REMEMBERED:
                found.popitem(last=False)
        return found[page.key]

    return look


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
