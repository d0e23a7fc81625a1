"""How easy a text is to read, measured in the same way whatever the text."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

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


@pytest.fixture
def readability() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("readability", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_only_prose_is_measured(readability: ModuleType) -> None:
    """No heading, table, figure, caption, citation, reference, name or address."""
    assert readability.prose(readability.read_blocks(TEXT)) == [
        "The cat sat on the mat. It saw a dog.",
        "Who ran?",
        "The dog that it had seen ran to the cat.",
        "A box stands between the pages.",
    ]


def test_the_formula_is_that_of_flesch(readability: ModuleType) -> None:
    """206.835 - 1.015 × words a sentence - 84.6 × syllables a word."""
    found = readability.measure(["The cat sat on the mat. It ran."])
    assert (found.sentences, found.words, found.syllables) == (2, 8, 8)
    assert found.ease == pytest.approx(206.835 - 1.015 * 4 - 84.6)


@pytest.mark.parametrize(
    ("word", "count"), [("mat", 1), ("services", 3), ("people", 2), ("care", 1), ("evidence", 3)]
)
def test_syllables_are_groups_of_vowels(readability: ModuleType, word: str, count: int) -> None:
    """But for a silent e."""
    assert readability.count_syllables(word) == count


def test_no_file_of_a_machine_is_named() -> None:
    """What the summary is compared with is given on the command line."""
    assert "seeds" not in SCRIPT.read_text(encoding="utf-8")
