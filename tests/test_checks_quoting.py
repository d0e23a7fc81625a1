"""The sentence that a message quotes."""

import time

import pytest

from reviewpress.checks.quoting import sentence_at


@pytest.mark.parametrize(
    ("text", "at", "quoted"),
    [
        ("We looked. There are 3 papers. They agree.", 21, "There are 3 papers."),
        ("word " * 400 + "end", 1000, "…" + "word " * 18 + "word…"),
        ("One. " * 400, 1002, "One."),
        ("x" * 900, 0, "x" * 300 + "…"),
        ("x" * 900, 450, "…" + "x" * 300 + "…"),
        (f"See {'h' * 150} here.", 0, f"See {'h' * 150}…"),
    ],
)
def test_a_sentence_is_quoted_whole_or_shortened(text: str, at: int, quoted: str) -> None:
    """It is cut between words, and in a word only where that has no end."""
    assert sentence_at(text, at) == quoted


def test_a_sentence_far_down_is_found_at_once() -> None:
    """What is above it is not looked through again for each."""
    text = "Words of a chapter. " * 50_000
    begun = time.process_time()
    for at in range(0, len(text), 1000):
        assert sentence_at(text, at + 3) == "Words of a chapter."
    assert time.process_time() - begun < 2
