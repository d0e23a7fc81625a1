"""How long a text is, and how easy to read: words, words a sentence, the reading ease.

Paragraphs of prose and items of lists count, whatever the text; headings, tables, figures and their
captions, citations, references and lines that are no sentence (names, addresses) do not.

The ease is that of Flesch (1948), with the weights that were found for other languages: 60 to 70 is
plain, below 30 very hard. Syllables are counted by groups of vowels, so that the figures serve
comparison between texts of one language. Chinese and Japanese are counted by characters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import combining, normalize

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.languages import base_of

LEFT_OUT = ("Table", "Figure", "CodeBlock", "RawBlock", "Image", "Cite", "Note", "Superscript")
REFERENCES = "references"
_SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹˒,]*")
_AUTHOR_DATE = re.compile(r"\s*\([A-Z][^()]*\b(?:19|20)\d\d[a-z]?(?:[:,][^()]*)?\)")
_CAPTION = re.compile(r"(?:Figure|Table) [\d.]+:")
_END = re.compile(r"[.!?:。！？][\"”’)\]»“]*$")
_SENTENCES = re.compile(r"(?<=[.!?:])[\"”’)\]»“]*\s+|(?<=[。！？])")
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


class _Weights(NamedTuple):
    """A formula of reading ease: a constant, and what a word and a syllable take from it."""

    most: float
    word: float
    syllable: float


FORMULAS: Mapping[str, _Weights] = {
    "de": _Weights(180, 1, 58.5),  # Amstad 1978
    "en": _Weights(206.835, 1.015, 84.6),  # Flesch 1948
    "es": _Weights(206.84, 1, 62.3),  # Szigriszt Pazos 1993
    "fr": _Weights(207, 1.015, 73.6),  # Kandel and Moles 1958
    "it": _Weights(217, 1.3, 60),  # Franchina and Vacca 1986
    "nl": _Weights(206.84, 0.93, 77),  # Douma 1960
    "pt": _Weights(248.835, 1.015, 84.6),  # Martins and others 1996
}
"""By language, the formula that was found for it; others have none."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text holds, and the language whose formula says how easy it is."""

    sentences: int
    words: int
    syllables: int
    lang: str = "en"

    @property
    def length(self) -> float:
        """Words a sentence."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def ease(self) -> float | None:
        """The reading ease; None without words, and where the language has no formula."""
        weights = FORMULAS.get(base_of(self.lang))
        if weights is None or not self.words:
            return None
        most, word, syllable = weights
        return most - word * self.length - syllable * self.syllables / self.words

    def __str__(self) -> str:
        said = f"{self.words} words, {self.length:.1f} a sentence"
        return said if self.ease is None else f"{self.ease:.1f} ({said})"


def measure_blocks(blocks: Sequence[Node], lang: str = "en") -> Measure:
    """Measure the prose of blocks."""
    return measure(read_through(blocks), lang)


def read_through(blocks: Sequence[Node]) -> list[str]:
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


def measure(paragraphs: list[str], lang: str = "en") -> Measure:
    """Count sentences, words and syllables."""
    divided = [sentence for text in paragraphs for sentence in _SENTENCES.split(text)]
    words = [found for sentence in divided if (found := _WORDS.findall(sentence))]
    flat = [word for sentence in words for word in sentence]
    return Measure(len(words), len(flat), sum(map(count_syllables, flat)), lang)


def count_syllables(word: str) -> int:
    """Count the groups of vowels of a word; a silent e at its end does not count."""
    lower = "".join(c for c in normalize("NFD", word.lower()) if not combining(c))
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee")):
        count -= 1
    return max(count, 1)


def _kept(blocks: Sequence[Node]) -> Iterator[Node]:
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
