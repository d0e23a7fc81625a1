"""What a chapter says of itself above its text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reviewpress.assemble.origins import Piece, Text, join_texts, text_of_file
from reviewpress.errors import ChapterError, ConfigError, Place, Problems
from reviewpress.keys import FRONT_MATTER
from reviewpress.shapes import Plain
from reviewpress.yaml import at_place, load_yaml_lines

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_NEVER_ENDS = re.compile(r"\A---[ \t]*\n(?:title|subtitle|author|date|format|lang|jupyter):[ \t\n]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of a chapter, and the line of the file on which each stands."""

    data: Mapping[str, Plain] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    text: str = ""
    """As it is written, with the lines around it."""


def read_front_matter(text: str, name: str) -> FrontMatter:
    """Return what stands above the text of a chapter.

    Raises ChapterError or Problems, with the line, where it is no YAML or of the wrong kind.
    """
    match = _FRONT_MATTER.match(text)
    if not match and _NEVER_ENDS.match(text):
        hint = "Write a line `---` below its keys."
        raise ChapterError("its front matter never ends.", Place(name, line=1), hint)
    if not match:
        return FrontMatter()
    try:
        data, lines = load_yaml_lines(match[1], FRONT_MATTER)
    except Problems as error:
        raise at_place(error, Place(name), after=1) from None
    except ConfigError as error:
        line = error.where.line + 1 if error.where and error.where.line else 1
        message, hint = f"of its front matter, {error.message}", error.hint
        if error.message.startswith("not valid YAML"):
            message, hint = "its front matter is not valid YAML.", "Quote text that holds a colon."
        raise ChapterError(message, Place(name, line=line), hint) from None
    if data is not None and not isinstance(data, Mapping):
        raise ChapterError("its front matter is not a list of keys and values.", Place(name))
    return FrontMatter(data or {}, {path: line + 1 for path, line in lines.items()}, match[0])


def title_in_place(text: str, front: FrontMatter, name: str) -> Text:
    """Return a chapter's text with its title as a heading in the place of its front matter."""
    if not front.text:
        return text_of_file(text, name)
    lines = front.text.count("\n")
    rest = text_of_file(text[len(front.text) :], name, line=lines + 1)
    begins = Piece(0, name, line=1, made=True)
    if front.data.get("title") is None:
        return join_texts([Text("\n" * lines, (begins,)), rest])
    heading = f"# {front.data['title']}\n" + "\n" * lines
    begins = replace(begins, line=front.lines.get(("title",), 1))
    return join_texts([Text(heading, (begins,)), rest])
