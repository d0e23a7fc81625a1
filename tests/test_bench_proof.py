"""The benchmark measures no tool that loses what the chapters say."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SENTENCE = "The review asks how services for children are brought together in practice."


@pytest.fixture(scope="module")
def proof(load_script: Callable[[str], ModuleType]) -> ModuleType:
    return load_script("bench_proof")


@pytest.fixture
def review(tmp_path: Path) -> Path:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [f"# Title\n\n{SENTENCE}\n"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"# {SENTENCE}"]},
    ]
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "two.qmd").write_text(f"---\ntitle: T\n---\n\n{SENTENCE}\n", encoding="utf-8")
    return tmp_path


def test_pages_with_the_text_pass(proof: ModuleType, review: Path) -> None:
    words = SENTENCE.replace("services for", "services\nfor").replace("brought", "<b>brought</b>")
    (review / "page.html").write_text(f"<p>{words}</p>", encoding="utf-8")
    assert proof.lost_chapters(review, ["one.ipynb", "two.qmd"], ["*.html"]) == []


def test_pages_without_the_text_are_told(proof: ModuleType, review: Path) -> None:
    page = f"<title>T</title><script>'{SENTENCE}'</script><h1>Title</h1>"
    (review / "page.html").write_text(page, encoding="utf-8")
    assert proof.lost_chapters(review, ["one.ipynb", "two.qmd"], ["*.html"]) == [
        "one.ipynb",
        "two.qmd",
    ]
