"""A format as an object: everything that the rest of the package asks about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Image = Literal["svg", "png"]


@dataclass(frozen=True, slots=True)
class Format:
    """What an edition can be made into.

    `name` is what `format:` calls it, with or without `reviewpress-` before it, and `also` are
    other names for the same. `words` name its file in messages, `short` in tables, and `ending` is
    that of its file, or of each of its pages. `writer` is pandoc's. `maker` names the module and
    the function of the embedded engine that make it, loaded only where they are needed. Its
    templates, filters and styles are in the folder `name` of the extension.
    """

    name: str
    words: str
    short: str
    ending: str
    writer: str
    maker: str
    also: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """What `when-format=` may call it."""
    raw: tuple[str, ...] = ()
    """What pandoc calls raw text that stays in it."""
    is_one_file: bool = True
    """Whether an edition is one file of it, named after the edition; else a page a chapter."""
    page_ending: str = ""
    """The ending of the file of a chapter, to which links to the chapter lead.

    Without one, chapters have no files: each link is a `#fragment`, and no id recurs.
    """
    has_plain_names: bool = False
    """Whether names of its files have plain letters alone."""
    image: Image = "svg"
    """Which of a figure's files it shows."""
    page_break: tuple[str, str] | None = None
    """A page break as raw text: what pandoc calls it, and the text."""
    breaks_within: bool = True
    """Whether it may be within a block, as a callout or a list."""
    keys: frozenset[str] = field(default_factory=frozenset)
    """The keys of Quarto's that it obeys, of those that only some formats obey."""
    download: str = ""
    """The label of the link to its file on the first page."""
    by_quarto: bool = True
    """Whether the extension has it for Quarto as well."""
    in_preview: bool = False
    """Whether a preview makes it."""

    def page_name(self, page: str) -> str:
        """Return what a chapter's file is called, given its page: `process.xhtml`."""
        return self.file_name(page.removesuffix(".html") + self.page_ending)

    def file_name(self, name: str) -> str:
        """Return what a file of the review is called in the format."""
        if not self.has_plain_names:
            return name
        return re.sub(r"[^A-Za-z0-9_./-]", lambda odd: f"_{ord(odd[0]):x}_", name)


def base_name(name: str) -> str:
    """Return what a name of `format:` ends in: `typst` for `reviewpress-typst+smart`."""
    return re.sub(r"^.*-(?=[^-]+$)", "", name).split("+")[0]


def names_of(formats: Sequence[Format]) -> dict[str, Format]:
    """Return formats by every name that they have."""
    return {name: each for each in formats for name in (each.name, *each.also)}
