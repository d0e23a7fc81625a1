"""Numbers that are typed in words where papers are counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.checks.numbers import _counted_papers
from reviewpress.labels import load_language


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "Four papers, and three small studies.", ["Four papers", "three small studies"]),
        ("en", "One paper of two people; twenty-four papers; two reviewers; a two paper rule.", []),
        ("de", "Vier Studien und drei kleine Arbeiten; zwei Menschen.",
         ["Vier Studien", "drei kleine Arbeiten"]),
        ("fr", "Quatre études et deux parents.", ["Quatre études"]),
        ("cy", "Mae tri phapur, a phum astudiaeth.", ["tri phapur"]),
        ("zh-CN", "四篇论文", []),
    ],
)  # fmt: skip
def test_papers_that_are_counted_in_words(lang: str, text: str, found: list[str]) -> None:
    """In the numbers and nouns of the review's language, with at most one word between."""
    counted = _counted_papers(load_language(lang))
    assert [match[0] for match in counted.finditer(text)] == found


def test_a_number_in_words_is_named_with_its_cell(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """It is a warning as one in digits is; what is marked `.typed`, or a live value, is meant."""
    root = project("typed-number")
    path = root / "chapters/findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    texts = ["[Four]{.typed} papers of all.", "They say that four papers agree."]
    notebook["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": t} for t in texts]
    path.write_text(json.dumps(notebook), "utf-8")
    said = reviewpress("check", cwd=root).stderr
    last = len(notebook["cells"])
    assert f"cell {last}: the number four is typed by hand: “They say that four papers" in said
    assert said.count("the number four is typed") == 1
    assert "the number Four" not in said
