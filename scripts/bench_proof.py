"""Is a tool's report the whole report? What lost the text would be quick, and prove nothing.

Of each chapter some runs of plain words are looked for in the pages that the tool made.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from reviewpress.html_tree import parse_html, words_of

SAMPLES = 6
"""Runs of words looked for in each chapter. Half must be there: some are for one format alone."""

_WORDS = re.compile(r"(?<![\w{])(?:[A-Za-z]+ ){7}[A-Za-z]+(?![\w}])")
_NO_PROSE = re.compile(r"(```|:::|\||#|<|!\[|\[)")


def lost_chapters(review: Path, chapters: Sequence[str], pages: Sequence[str]) -> list[str]:
    """Return the chapters whose text the pages, globs below the review, do not hold."""
    made = " ".join(_text(path) for glob in pages for path in sorted(review.glob(glob)))
    return [name for name in chapters if _is_lost(_samples(review / name), made)]


def _is_lost(samples: Sequence[str], made: str) -> bool:
    return sum(sample in made for sample in samples) * 2 < len(samples)


def _samples(chapter: Path) -> list[str]:
    """Return runs of eight words from all over a chapter's text."""
    found = [run for text in _texts(chapter) for run in _runs(text)]
    return found[:: max(len(found) // SAMPLES, 1)][:SAMPLES]


def _texts(chapter: Path) -> Iterator[str]:
    text = chapter.read_text(encoding="utf-8")
    if chapter.suffix != ".ipynb":
        # What stands between the dashes at the top is no text.
        yield re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        return
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])


def _runs(text: str) -> Iterator[str]:
    for line in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).splitlines():
        if not _NO_PROSE.match(line):
            yield from _WORDS.findall(line)


def _text(page: Path) -> str:
    """Return the words of a page as they are read, without its markup."""
    return words_of(parse_html(page.read_text(encoding="utf-8")))
