"""The book that an edition's chapters make, ready for an engine to render."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewpress.assemble.ast import Node
from reviewpress.assemble.blocks import for_format
from reviewpress.assemble.links import Links
from reviewpress.assemble.numbering import Target
from reviewpress.assemble.places import Places
from reviewpress.assemble.source import ChapterText
from reviewpress.assemble.stages import Stage
from reviewpress.assemble.translations import Translation
from reviewpress.config import Chapter, Config
from reviewpress.errors import Place, Problem
from reviewpress.formats.objects import Format
from reviewpress.labels import Labels


@dataclass(frozen=True, slots=True)
class Page:
    """One chapter of the book: its numbered, cross-referenced blocks.

    The blocks are read when they are first looked at, and never changed.
    """

    chapter: Chapter
    number: str
    title: str
    source: ChapterText
    stage: Stage
    places: Places

    def place(self, node: Node, needle: str, part: int = 0) -> Place:
        """Return where one of `nodes` stands in the author's file; of a citation, a part of it."""
        return self.places.of(self.nodes, node, needle, part)

    def citing(self, key: str) -> list[Place]:
        """Return where the chapter cites a key."""
        return self.places.citing(key)

    def leading_to(self, kind: str, target: str) -> list[Place]:
        """Return where the links, or the images, of an address stand."""
        return self.places.where(
            lambda node: node["t"] == kind and node["c"][2][0] == target, target
        )

    def path_of(self, file: str) -> str:
        """Return where a file that the chapter names lies in the review."""
        if file.startswith("/"):
            return file.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.chapter.path), file))

    @property
    def blocks(self) -> tuple[Node, ...]:
        """The chapter's blocks."""
        return self.stage.tree.blocks

    def copy_for(self, name: str) -> list[Node]:
        """Return blocks as the format `name` gets them, to be changed."""
        blocks = self.stage.copy_blocks()
        return for_format(blocks, name) if self.stage.facts["by-format"] else blocks

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the chapter but words, parents before children, in reading order."""
        return self.stage.tree.nodes

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id of the chapter, in reading order."""
        return tuple(self.stage.facts["ids"])

    @property
    def dropped(self) -> tuple[str, ...]:
        """The ids of the headings that went with their empty lists of references."""
        return tuple(self.stage.facts["dropped"])

    @property
    def title_id(self) -> str:
        """The id of the chapter's title."""
        return str(self.stage.facts["title-id"])

    @property
    def links(self) -> tuple[str, ...]:
        """What the chapter's links lead to, as it is written in the chapter."""
        return tuple(self.stage.facts["links"])

    @property
    def tells(self) -> Mapping[str, str]:
        """The findings that its sentences tell, each with the one that its sentence is called by.

        A sentence that tells several is called by the first that no sentence before it told.
        """
        return dict(self.stage.facts["tells"])

    @property
    def rows(self) -> tuple[str, ...]:
        """The findings of which it has the row in a table of findings."""
        return tuple(self.stage.facts["rows"])

    @property
    def values(self) -> tuple[str, ...]:
        """The live values that it shows, by the ids that their runs gave them."""
        return tuple(self.stage.facts["values"])

    @property
    def answers(self) -> bool:
        """Whether it has key messages, or gathers them."""
        return bool(self.stage.facts["answers"])

    @property
    def html(self) -> tuple[str, ...]:
        """Its tags of HTML for all formats, as they are written."""
        return tuple(self.stage.facts["html"])

    @property
    def images(self) -> tuple[str, ...]:
        """The images that the chapter shows, as it is written in the chapter."""
        return tuple(self.stage.facts["images"])

    @property
    def cited(self) -> tuple[str, ...]:
        """The citekeys that the chapter cites, each once, whatever the format."""
        return tuple(dict.fromkeys(key for key, _, _ in self.stage.facts["citing"]))

    @property
    def cites(self) -> tuple[str, ...]:
        """The JSON of each different citation of the chapter, whatever the format."""
        return tuple(self.stage.facts["cites"])

    @property
    def key(self) -> str:
        """What changes when the chapter's blocks change."""
        return self.stage.key


@dataclass(frozen=True, slots=True)
class Citing:
    """A place that cites: a page, and the nearest heading above."""

    page: str
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Book:
    """An edition before it takes a format.

    `targets` maps the id of each heading, figure and table to what it is; `cited` maps each
    citekey to the places that cite it, in reading order. `links` says where each link leads.
    `problems` is what assembling found;
    a book with errors among them is not rendered.
    """

    config: Config
    pages: tuple[Page, ...]
    targets: Mapping[str, Target]
    cited: Mapping[str, tuple[Citing, ...]]
    labels: Labels
    api_version: tuple[int, ...]
    problems: tuple[Problem, ...]
    links: Links
    translations: tuple[Translation, ...] = ()
    """The editions of the same text in other languages."""
    companions: tuple[Config, ...] = ()
    """The other editions in the same language."""
    views: Mapping[str, "Book"] = field(default_factory=dict)
    """The book as each format shows it, where numbers or ids differ between them; else empty."""

    def in_format(self, made: Format) -> "Book":
        """Return the book as a format shows it."""
        return self.views.get(made.name, self)

    def let_go(self) -> None:
        """Forget the chapters' trees, once they are checked: engines copy them one by one."""
        for book in (self, *self.views.values()):
            for page in book.pages:
                page.stage.tree.let_go()
