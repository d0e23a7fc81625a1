"""Print how easy the summary is to read: the Flesch reading ease of its text.

    python scripts/readability.py [TEXT_FILE …]

206.835 - 1.015 × words a sentence - 84.6 × syllables a word (Flesch 1948): 60 to 70 is plain
English, below 30 very hard. Text files named are measured the same way, to compare. Syllables are
counted by groups of vowels, so that the figures serve comparison between texts.
"""

import re
import sys
from pathlib import Path

from reviewpress.assemble import ast
from reviewpress.build import execute, make_manuscript
from reviewpress.config import load_config
from reviewpress.display import choose_display

EDITION = "summary"
LEFT_OUT = ("Table", "Figure", "Header", "CodeBlock")
_VOWELS = re.compile(r"[aeiouy]+")


def main() -> None:
    """Measure the summary edition, and each file named on the command line."""
    print(f"{EDITION}: {reading_ease(summary_text()):.1f}")
    for name in sys.argv[1:]:
        print(f"{name}: {reading_ease(Path(name).read_text(encoding='utf-8')):.1f}")


def reading_ease(text: str) -> float:
    """Return the Flesch reading ease of a text; lines without a full stop are no sentences."""
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", text) if len(s.split()) > 2]
    words = [w for s in sentences for w in re.findall(r"[A-Za-z’']+", s)]
    syllables = sum(count_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def count_syllables(word: str) -> int:
    """Count the groups of vowels of a word; a silent e at its end does not count."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee")):
        count -= 1
    return max(count, 1)


def summary_text() -> str:
    """Return the running text of the summary's own chapters, references left out."""
    config = load_config(profile=EDITION)
    with choose_display() as display:
        runs = execute(config, parameters={}, jobs=None, progress=display)
    book = make_manuscript(config, runs).book
    parts = []
    for page in book.pages:
        blocks = ast.transform(list(page.blocks), lambda n: [] if n["t"] in LEFT_OUT else None)
        for node in ast.walk(blocks):
            if node["t"] in ("Para", "Plain"):
                parts.append(ast.text([i for i in node["c"] if i["t"] != "Cite"]))
    return "\n".join(parts)


if __name__ == "__main__":
    main()
