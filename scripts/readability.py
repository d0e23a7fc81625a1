"""Print how easy the summary is to read: the Flesch reading ease of its prose.

    python scripts/readability.py [TEXT_FILE …]

Text files named, of Markdown or of plain text, are measured in the same way, to compare: paragraphs
of prose and items of lists count, whatever the text; headings, tables, figures and their captions,
citations, references and lines that are no sentence (names, addresses) do not.

206.835 - 1.015 × words a sentence - 84.6 × syllables a word (Flesch 1948): 60 to 70 is plain
English, below 30 very hard. Syllables are counted by groups of vowels, so that the figures serve
comparison between texts.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.config import load_config
from reviewpress.display import choose_display
from reviewpress.pipeline import assemble_edition, execute_runs, plan_runs
from reviewpress.programs.tools import run_pandoc

EDITION = "summary"
LEFT_OUT = ("Table", "Figure", "CodeBlock", "RawBlock", "Image", "Cite", "Note", "Superscript")
REFERENCES = "references"
_SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹˒,]*")
_AUTHOR_DATE = re.compile(r"\s*\([A-Z][^()]*\b(?:19|20)\d\d[a-z]?(?:[:,][^()]*)?\)")
_CAPTION = re.compile(r"(?:Figure|Table) [\d.]+:")
_END = re.compile(r"[.!?:][\"”’)\]]*$")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text holds."""

    sentences: int
    words: int
    syllables: int

    @property
    def ease(self) -> float:
        """The Flesch reading ease."""
        length, weight = self.words / self.sentences, self.syllables / self.words
        return 206.835 - 1.015 * length - 84.6 * weight

    def __str__(self) -> str:
        length = self.words / self.sentences
        return f"{self.ease:.1f} ({self.words} words, {length:.1f} a sentence)"


def main() -> None:
    """Measure the summary edition, and each file named on the command line."""
    print(f"{EDITION}: {measure(prose(summary_blocks()))}")
    for name in sys.argv[1:]:
        text = Path(name).read_text(encoding="utf-8")
        print(f"{Path(name).name}: {measure(prose(read_blocks(text)))}")


def summary_blocks() -> list[Node]:
    """Return the blocks of all pages of the summary, in order."""
    config = load_config(profile=EDITION)
    with choose_display() as display:
        runs = execute_runs(plan_runs(config, parameters={}), config, progress=display)
    return [block for page in assemble_edition(config, runs).book.pages for block in page.blocks]


def read_blocks(text: str) -> list[Node]:
    """Return the blocks of a text."""
    blocks: list[Node] = json.loads(run_pandoc(["--to=json"], text, folder=Path.cwd()))["blocks"]
    return blocks


def prose(blocks: list[Node]) -> list[str]:
    """Return the paragraphs and items of lists that a reader reads through."""
    return join_broken([text for node in _kept(blocks) for text in _paragraphs(node)])


def join_broken(paragraphs: list[str]) -> list[str]:
    """Join a sentence that a page or a box divides; leave out what is no sentence."""
    whole: list[str] = []
    open_at: int | None = None
    for text in paragraphs:
        if open_at is not None and text[:1].islower():
            whole[open_at] += f" {text}"
            open_at = None
        else:
            whole.append(text)
            open_at = open_at if _END.search(text) else len(whole) - 1
    return [text for text in whole if _END.search(text)]


def measure(paragraphs: list[str]) -> Measure:
    """Count sentences, words and syllables."""
    divided = [s for text in paragraphs for s in re.split(r"(?<=[.!?:])[\"”’)\]]*\s+", text)]
    words = [found for s in divided if (found := re.findall(r"[A-Za-z’'-]+", s))]
    flat = [word for sentence in words for word in sentence]
    return Measure(len(words), len(flat), sum(map(count_syllables, flat)))


def count_syllables(word: str) -> int:
    """Count the groups of vowels of a word; a silent e at its end does not count."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee")):
        count -= 1
    return max(count, 1)


def _kept(blocks: list[Node]) -> Iterator[Node]:
    """Yield the blocks outside the list of references and what stands under its heading."""
    within: int | None = None
    for node in blocks:
        if node["t"] == "Header":
            level = node["c"][0]
            if within is None or level <= within:
                within = level if ast.text(node["c"][2]).lower() == REFERENCES else None
        elif within is None:
            yield node


def _paragraphs(node: Node) -> Iterator[str]:
    for found in ast.walk(ast.transform([node], lambda n: [] if n["t"] in LEFT_OUT else None)):
        if found["t"] in ("Para", "Plain"):
            text = _AUTHOR_DATE.sub("", _SUPERSCRIPTS.sub("", ast.text(found["c"])))
            text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
            if text and not _CAPTION.match(text):
                yield text


if __name__ == "__main__":
    main()
