"""Theorems and their like: counted by kind, named, and called what the review's language says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.theorems import COUNTED, UNCOUNTED, make_theorem, title_theorem
from reviewpress.labels import load_language


def words(text: str) -> dict[str, Any]:
    return {"t": "Para", "c": ast.text_inlines(text)}


def div(own: str, names: list[str], *blocks: dict[str, Any], **pairs: str) -> dict[str, Any]:
    return {"t": "Div", "c": [[own, names, [[*pair] for pair in pairs.items()]], [*blocks]]}


HEADING = {"t": "Header", "c": [2, ["lines", [], []], ast.text_inlines("Lines")]}


@pytest.mark.parametrize(
    ("node", "number", "shown"),
    [
        (div("thm-a", [], HEADING, words("Two.")), "1.2", "Theorem\u00a01.2 (Lines) Two."),
        (div("def-a", [], words("Two."), name="Lines"), "3", "Definition\u00a03 (Lines) Two."),
        (div("", ["proof"], words("Two.")), "", "Proof. Two."),
        (div("sol-a", [], words("Two.")), "4", "Solution\u00a04. Two."),
        (div("lem-a", []), "5", "Lemma\u00a05"),
    ],
)
def test_a_theorem_begins_with_what_it_is(node: Any, number: str, shown: str) -> None:
    """Its kind, its number and its name, which may be a heading in it or an attribute."""
    made = make_theorem(node, ast.text_inlines)
    assert made is not None
    assert make_theorem(made, ast.text_inlines) is None
    title_theorem(made, load_language("en"), number)
    assert ast.text(made["c"][1]).strip() == shown
    assert "name" not in dict(ast.attr(made)[2])


@pytest.mark.parametrize("name", ["theory", "thm", "fig-thm", ""])
def test_other_divs_are_none(name: str) -> None:
    """A kind without a name of its own, and what only begins so."""
    assert make_theorem(div(name, ["note"], words("Two.")), ast.text_inlines) is None


@pytest.mark.parametrize("lang", ["en", "fr", "de", "es", "pt", "cy"])
def test_every_kind_has_a_word(lang: str) -> None:
    """In the languages that are complete, no two alike."""
    labels = load_language(lang)
    found = [labels.of_kind(kind) for kind in {*COUNTED, *UNCOUNTED.values()}]
    assert all(found)
    assert len(set(found)) == len(found)


def test_theorems_are_counted_by_kind_and_referred_to_across_chapters(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """A reference to one that does not exist is a problem with the nearest."""
    text = (
        "# Home {.unnumbered #sec-index}\n\n::: {#thm-a}\nOne.\n:::\n\n::: {#def-a}\nTwo.\n:::\n\n"
        "::: {#thm-b}\nSee @thm-a and @def-a.\n:::\n"
    )
    root = project(files={"index.qmd": text})
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    page = (root / "_output/report/index.html").read_text("utf-8")
    for shown in ("Theorem\u00a01<", "Definition\u00a01<", "Theorem\u00a02<"):
        assert shown in page
    (root / "index.qmd").write_text(f"{text}\n@thm-c\n", "utf-8")
    wrong = reviewpress("render --engine pandoc", cwd=root)
    assert "the cross-reference @thm-c points to nothing." in wrong.stderr
    assert 'Did you mean "thm-' in wrong.stderr
