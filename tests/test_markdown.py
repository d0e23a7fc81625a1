"""Text from data in Markdown: it reads as it stands, whatever it holds."""

import json

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.evidence.words import Words, words
from reviewpress.labels import load_language
from reviewpress.markdown import cite_keys, escape


def read_back(markdown: str) -> str:
    """Return the text of Markdown that is one paragraph of plain text."""
    blocks = json.loads(pypandoc.convert_text(markdown, "json", "markdown-smart"))["blocks"]
    assert [block["t"] for block in blocks] == ["Para"], blocks
    words = {"Space": " ", "SoftBreak": " "}
    return "".join(part.get("c") or words[part["t"]] for part in blocks[0]["c"])


@pytest.mark.parametrize(
    "text",
    ["1. one", "(a) two", "- three", "# four", "@wang2020", "*x* _y_ `z`", "[a](b)", "$x$",
     "a -- b", "a ... b", "<b>", "&amp;", ": def", "::: x", "| a | b |", "\\n", "x^2^ ~y~",
     "% title", "+ a",
     "{#id}", "#. a", "(@) a", "==="],
)  # fmt: skip
def test_text_with_marks_reads_as_it_stands(text: str) -> None:
    """Marks of lists, headings, citations, mathematics and code are only characters."""
    assert read_back(escape(text)) == text


@settings(deadline=None, max_examples=60)
@given(st.text("ab1. *_-+#=[](){}<>@&|\\`~^$!:%'\"/,;", min_size=1, max_size=20).map(str.strip))
def test_any_text_reads_as_it_stands(text: str) -> None:
    """No run of marks does anything in Markdown once escaped."""
    if text:
        assert read_back(escape(text)) == " ".join(text.split())


def test_a_text_of_several_lines_becomes_one() -> None:
    """A line break in a cell cannot end a list or table."""
    assert escape("a\n\nb") == "a b"


def test_citations_of_odd_keys_are_braced() -> None:
    """A key that pandoc would cut short stands in braces."""
    assert cite_keys(["wang2020", "a.b:c", "odd key", "end."]) == (
        "[@wang2020; @a.b:c; @{odd key}; @{end.}]"
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0,), "zero"),
        ((9,), "nine"),
        ((10,), "10"),
        ((-1,), "-1"),
        ((1224,), "1,224"),
        ((2.5,), "2.5"),
        ((1, "paper"), "one paper"),
        ((0, "paper"), "no papers"),
        ((2, "literature review"), "two literature reviews"),
        ((2, "country"), "two countries"),
        ((2, "survey"), "two surveys"),
        ((2, "child"), "two children"),
        ((12, "box"), "12 boxes"),
    ],
)
def test_numbers_in_a_sentence(arguments: tuple[float, str], text: str) -> None:
    """Words below ten, digits from ten on, and the noun in its number."""
    assert words(*arguments) == text


def test_numbers_at_the_start_of_a_sentence() -> None:
    """A capital letter, and a plural that is given."""
    assert Words(2, "datum", plural="data") == "Two data"
    labels = load_language("en")
    assert labels.join([]) == ""
    assert labels.join(["a"]) == "a"
