"""How long a text is and how easy to read, measured in the same way whatever the text."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.programs.tools import run_pandoc
from reviewpress.readability import FORMULAS, count_syllables, measure, read_through

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "readability.py"
TEXT = """# A heading of many complicated considerations

The cat sat on the mat (Feeley, 2021). It saw a dog.^3,14^

- Who ran?

Figure 1: Components of internationalisation

| Organisation | Responsibility |
|--------------|----------------|
| Municipality | Administration |

![Incomprehensible illustration](figure.png)

Dr Somebody, University of Elsewhere

[www.example.org](http://www.example.org)

The dog that it had seen

A box stands between the pages.

ran to the cat [@somebody2020].

## References

Feeley, D. (2021) *Extraordinarily complicated documentation*.
"""


def test_only_prose_is_measured(tmp_path: Path) -> None:
    """No heading, table, figure, caption, citation, reference, name or address."""
    blocks = json.loads(run_pandoc(["--to=json"], TEXT, folder=tmp_path))["blocks"]
    assert read_through(blocks) == [
        "The cat sat on the mat. It saw a dog.",
        "Who ran?",
        "The dog that it had seen ran to the cat.",
        "A box stands between the pages.",
    ]


def test_the_formula_is_that_of_flesch() -> None:
    """206.835 - 1.015 × words a sentence - 84.6 × syllables a word."""
    found = measure(["The cat sat on the mat. It ran."])
    assert (found.sentences, found.words, found.syllables) == (2, 8, 8)
    assert found.ease == pytest.approx(206.835 - 1.015 * 4 - 84.6)


@pytest.mark.parametrize(
    ("word", "count"),
    [("mat", 1), ("services", 3), ("people", 2), ("care", 1), ("evidence", 3), ("Äpfel", 2)],
)
def test_syllables_are_groups_of_vowels(word: str, count: int) -> None:
    """But for a silent e; marks above letters change nothing."""
    assert count_syllables(word) == count


@pytest.mark.parametrize(
    ("text", "lang", "words", "sentences"),
    [
        ("Żółw szedł do Łodzi. Dokąd?", "pl", 5, 2),
        ("Τι έγινε; Ήρθε.", "el", 3, 1),
        ("我们读了四篇论文。没有别的。", "zh-CN", 12, 2),
        ("قرأنا أربع دراسات.", "ar", 3, 1),
        ("L’école n’est pas loin.", "fr", 4, 1),
    ],
)
def test_words_of_any_script_are_counted(text: str, lang: str, words: int, sentences: int) -> None:
    """Chinese is counted by characters; what has no formula has no reading ease."""
    found = measure([text], lang)
    assert (found.words, found.sentences) == (words, sentences)
    assert (found.ease is None) is (lang[:2] not in FORMULAS)


def test_a_text_without_words_has_no_ease() -> None:
    """It would be a division by nothing."""
    assert (measure([]).ease, measure([]).length) == (None, 0)


def test_the_command_measures_each_chapter(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A line for each chapter of the edition, and one for all."""
    outcome = reviewpress("check --words", cwd=project(runs=False))
    lines = outcome.stdout.splitlines()
    assert [line.split()[-1] for line in lines][-1] == "report"
    assert "chapters/findings.ipynb" in outcome.stdout
    numbers = [int(re.findall(r"[\d,]+", line)[0].replace(",", "")) for line in lines]
    assert sum(numbers[:-1]) == numbers[-1] > 0
    assert "reading ease" in lines[-1]


def test_no_file_of_a_machine_is_named() -> None:
    """What the summary is compared with is given on the command line."""
    assert "seeds" not in SCRIPT.read_text(encoding="utf-8")
