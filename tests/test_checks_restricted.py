"""Chapters that restrict an official edition to a part of the evidence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CHAPTER = "chapters/findings.ipynb"


def change_cell(root: Path, number: int, source: str, tags: list[str] | None = None) -> None:
    """Write the source of a cell of the minimal review's notebook, and its tags."""
    path = root / CHAPTER
    notebook = json.loads(path.read_text("utf-8"))
    cell = notebook["cells"][number - 1]
    cell["source"] = source
    if tags is not None:
        cell["metadata"]["tags"] = tags
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('regions = ["Scotland"]', "regions is ['Scotland']"),
        ('regions: tuple = ("Scotland", "Oceania")', "regions is ('Scotland', 'Oceania')"),
        ('regions = [name for name in ["Scotland"]]', "regions is computed"),
    ],
)
def test_a_restricted_parameters_cell_is_an_error_of_check(
    source: str, said: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Check names the chapter and cell that restrict the evidence, and how to make a variant."""
    root = project()
    change_cell(root, 2, source)
    outcome = reviewpress("check", cwd=root)
    assert f"error: {CHAPTER}, cell 2: {said}: an official edition" in outcome.stderr
    assert "-P regions:" in outcome.stderr
    assert outcome.status == 1


@pytest.mark.parametrize("value", ["None", "()", "[]"])
def test_no_region_is_the_whole_review(
    value: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Every way to say that no region is asked for loads all papers, and is no problem."""
    root = project()
    change_cell(root, 2, f"regions = {value}")
    source = 'assert len(review.papers) == 2\nbox = review.section("Outcomes")'
    start = "import reviewpress\nfrom reviewpress import words\n\n"
    change_cell(root, 3, f"{start}review = reviewpress.load(regions=regions)\n{source}")
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 0, outcome.stderr
    assert "regions" not in outcome.stderr


def test_a_variant_may_be_restricted(project: Any, reviewpress: Callable[..., Any]) -> None:
    """What the command line restricts is labelled, and no error."""
    root = project()
    outcome = reviewpress("render --engine pandoc --to html -P regions:Scotland", cwd=root)
    assert "official edition" not in outcome.stderr


@pytest.mark.parametrize("tags", [[], ["parameter"], ["Parameters", "hide"]])
def test_a_lost_tag_is_an_error(
    tags: list[str], project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A parameters cell without its tag, or with a tag that is spelt otherwise, is named."""
    root = project()
    change_cell(root, 2, "regions = []", tags)
    outcome = reviewpress("check", cwd=root)
    assert f"error: {CHAPTER}, cell 2: the cell sets regions and has no tag" in outcome.stderr
    assert outcome.status == 1


def test_regions_set_elsewhere_are_found(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Regions written into the call that loads the review restrict it too; a second load may."""
    root = project()
    start = "import reviewpress\nfrom reviewpress import words\n\n"
    box = 'box = review.section("Outcomes")'
    change_cell(root, 3, f'{start}review = reviewpress.load(regions=["Scotland"])\n{box}')
    said = reviewpress("check", cwd=root).stderr
    assert f"error: {CHAPTER}, cell 3: the chapter loads the papers of ['Scotland'] alone" in said
    both = 'review = reviewpress.load()\nthere = reviewpress.load(regions=["Scotland"])\n'
    change_cell(root, 3, f"{start}{both}{box}")
    assert "alone" not in reviewpress("check", cwd=root).stderr


def test_a_tag_on_another_cell_is_an_error(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Where the tag went to the wrong cell, both cells are named."""
    root = project()
    change_cell(root, 2, "regions = []", [])
    notebook = json.loads((root / CHAPTER).read_text("utf-8"))
    change_cell(root, 3, "".join(notebook["cells"][2]["source"]), ["parameters"])
    said = reviewpress("check", cwd=root).stderr
    assert f"error: {CHAPTER}, cell 2: the cell sets regions and has no tag" in said
    assert "Cell 3 has the tag." in said
