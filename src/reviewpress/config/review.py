"""A review as one profile sees it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reviewpress.config.authors import Author
from reviewpress.config.chapters import Chapter
from reviewpress.config.options import Options, options_of
from reviewpress.config.profiles import PROJECT_FILE
from reviewpress.config.publication import Publication
from reviewpress.config.settings import Settings
from reviewpress.errors import ConfigError, Place, Problem, nearest
from reviewpress.formats.objects import ALL_NAMES, FORMATS, Format, find_format
from reviewpress.programs.limits import Limits

_WHOLE_FILE = re.compile(rf"\.({'|'.join(each.ending for each in FORMATS)})$")


@dataclass(frozen=True, slots=True)
class Collection:
    """Editions of one review with different parameters: their title, and their index.

    `index` is its address from an edition's first page; empty in the index itself.
    """

    title: str
    index: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """A review as one profile sees it: everything the four steps need to know."""

    root: Path
    profile: str
    profiles: tuple[str, ...]
    title: str
    subtitle: str
    authors: tuple[Author, ...]
    date: str
    lang: str
    chapters: tuple[Chapter, ...]
    formats: tuple[str, ...]
    output_dir: Path
    bibliography: tuple[Path, ...]
    csl: Path | None
    settings: Settings
    publication: Publication
    limits: Limits
    metadata: Mapping[str, Any]
    variables: Mapping[str, Any]
    sources: tuple[Path, ...]
    remarks: tuple[Problem, ...] = ()
    """What is to be said of keys that are refused, ask for something in vain, or are unknown."""
    drafts: tuple[Chapter, ...] = ()
    """The chapters that are left out, because they are drafts."""
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    collection: "Collection | None" = None
    """The editions of which this is one, or which it lists; see `matrix`."""

    def place_of(self, name: str) -> Place:
        """Return where an option of documents is said last."""
        return self.places.get(name, Place(PROJECT_FILE))

    @property
    def author_names(self) -> list[str]:
        """The authors as they are named on a title page, in order."""
        return [author.name for author in self.authors]

    @property
    def own_profile(self) -> str | None:
        """The profile to read the review by again, None where it has none of this name."""
        return self.profile if self.profile in self.profiles else None

    @property
    def store(self) -> Path:
        """The folder of runs and caches, ignored by git."""
        return self.root / ".reviewpress"

    @property
    def records(self) -> Path | None:
        """The file of records that are neither cited nor included, None where it is not set."""
        named = self.settings.other.get("records")
        return self.root / str(named) if named else None

    @property
    def retractions(self) -> Path | None:
        """The table of Retraction Watch, None where it is not set."""
        named = self.settings.other.get("retractions")
        return self.root / str(named) if named else None

    @property
    def made(self) -> tuple[Format, ...]:
        """The formats of the edition, as objects."""
        return tuple(each for each in FORMATS if each.name in self.formats)

    def file_name(self, ending: str) -> str:
        """Return the name of a format that is one file: `report.pdf`, or as `output-file` says."""
        given = str((self.metadata.get("book") or {}).get("output-file") or self.profile)
        return f"{_WHOLE_FILE.sub('', given)}.{ending}"

    def chapter(self, name: str) -> Chapter:
        """Return the chapter whose file is called `name`; ConfigError otherwise."""
        for chapter in self.chapters:
            if chapter.name == name or chapter.path == name:
                return chapter
        raise ConfigError(
            f'edition "{self.profile}" has no chapter "{name}".',
            Place(f"_quarto-{self.profile}.yml"),
            nearest(name, [chapter.name for chapter in self.chapters]),
        )

    def options(self, name: str, own: Mapping[str, Any] = MappingProxyType({})) -> Options:
        """Return what documents of a format are asked to be like; `own` is a chapter's word."""
        return options_of(name, self.metadata, own)

    def with_formats(self, formats: Sequence[str]) -> "Config":
        """Return the same review with these formats alone, which `format:` need not list.

        Raises ConfigError for one that is not made here.
        """
        wanted = []
        for name in formats:
            found = find_format(name)
            if found is None:
                raise ConfigError(
                    f'edition "{self.profile}" has no format "{name}".',
                    hint=nearest(name, ALL_NAMES),
                )
            wanted.append(found.name)
        return replace(self, formats=tuple(dict.fromkeys(wanted)))

    def with_output(self, output_dir: Path) -> "Config":
        """Return the same review written to another folder."""
        return replace(self, output_dir=output_dir)
