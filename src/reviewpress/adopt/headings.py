"""Headings that are moved in: with words, an empty line above, and no level left out.

Quarto passes over what screen readers stumble upon; a review does not.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_HEADING = re.compile(r"^(#{1,9})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{([^{}]*)\}$")
_ID = re.compile(r"#([\w:.-]+)")
_UNSPACED = re.compile(r"^(#{2,6})(?=[A-Z])")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)(?:\{[^{}]*\})?|<img\b[^<>]*>")
_HTML = re.compile(r"^\s*<h([1-6])\b[^<>]*>(.*?)</h\1>\s*$", re.I)


@dataclass(slots=True)
class Headings:
    """The headings of a chapter so far: the level that each is given for that of its author."""

    ids: Mapping[str, str]
    """New ids, by those that bookdown gives by itself or its author."""
    taken: set[str] = field(default_factory=set)
    """The ids of headings in chapters before; one book has each once."""
    above: int = 1
    """The level that stands above the first heading."""
    open: list[tuple[int, int]] = field(default_factory=list)

    def convert(self, line: str, before: str) -> tuple[list[str], list[str]] | None:
        """Return the lines of a heading and what was changed; None for what is no heading.

        `before` is the line above it.

        >>> Headings({}).convert("### Results", "Words.")[0]
        ['', '## Results']
        """
        written = _HTML.match(line)
        spaced = _UNSPACED.sub(r"\1 ", line)
        match = _HEADING.match(f"{'#' * int(written[1])} {written[2]}" if written else spaced)
        if match is None:
            return None
        words, said = match[2], ["the heading is Markdown now."] if written else []
        if spaced != line:
            said.append("a space is before the words of the heading now; it was text without.")
        attributes = _ATTRIBUTES.search(words)
        bare = words[: attributes.start()] if attributes else words
        if not bare.strip():
            return [], ["the heading without words is left out."]
        if _PICTURE.fullmatch(bare.strip()):
            return ["", bare, ""], ["the heading that is only a picture is a picture now."]
        level = self._level(len(match[1]))
        if level != len(match[1]):
            said.append(f"the heading is of level {level} now: one was left out above it.")
        inside = attributes[1] if attributes else ""
        words = self._named(bare, inside, words)
        if (given := _ID.search(inside)) and given[1] in self.taken:
            words = f"{bare} {{{_ID.sub('', inside).strip()}}}".replace(" {}", "")
            said.append(f"the id {given[1]} is left out: another heading has it.")
        elif given:
            self.taken.add(given[1])
        lines = [f"{'#' * level} {words}"]
        if before.strip():
            said.append("an empty line is above the heading now; it was text without.")
            lines = ["", *lines]
        unchanged = not said and words == match[2] and not written
        return ([line] if unchanged else lines), said

    def _level(self, given: int) -> int:
        while self.open and self.open[-1][0] >= given:
            self.open.pop()
        above = self.open[-1][1] if self.open else self.above
        level = min(given, above + 1)
        self.open.append((given, level))
        return level

    def _named(self, bare: str, attributes: str, words: str) -> str:
        """Give a heading the id that references to it have, where bookdown makes one itself."""
        new = self.ids.get(automatic_id(bare))
        if new is None or "#" in attributes:
            return words
        return f"{bare} {{{f'#{new} {attributes}'.strip()}}}"


def automatic_id(words: str) -> str:
    """Return the id that pandoc makes of the words of a heading.

    >>> automatic_id("3. What *was* found: costs")
    'what-was-found-costs'
    """
    plain = re.sub(r"\]\([^)]*\)|[*`\[\]]", "", words).lower()
    kept = "".join(
        c for c in plain if c in "-_. " or unicodedata.category(c)[0] in "LN"
    )  # fmt: skip
    joined = "-".join(kept.split())
    start = next((at for at, c in enumerate(joined) if c.isalpha()), len(joined))
    return joined[start:]
