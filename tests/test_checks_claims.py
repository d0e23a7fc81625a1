"""Claims in a build: what chapters give them, and what is found wrong with that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NUMBERS = "chapters/numbers.ipynb"
TABLE = "data/claims.csv"
AGAIN = "  chapters/numbers.ipynb: running"


def replace(root: Path, name: str, old: str, new: str) -> None:
    """Replace a part of a file, which is there once."""
    text = (root / name).read_text("utf-8")
    assert text.count(old) == 1, old
    (root / name).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def root(project: Callable[..., Path]) -> Path:
    """A review whose chapter gives two claims a value and says that a third has none."""
    return project("claims-in-cells")


def test_claims_are_listed_and_kept(root: Path, reviewpress: Callable[..., Any]) -> None:
    """`check --claims` executes the chapter that gives them once, and no other."""
    first = reviewpress("check --claims", cwd=root)
    assert first.stdout.splitlines() == [
        "agrees         papers  published 2, computed 2  (Papers)",
        "differs        grey    published 3, computed 1  (Grey papers)",
        "not checkable  lost    published 1,224  (Records screened)",
        "3 claims: 1 agrees, 1 differs, 1 not checkable",
    ]
    assert "Executing 1 notebook\n" in first.stderr
    again = reviewpress("check --claims", cwd=root)
    assert (again.stdout, again.status) == (first.stdout, 0)
    assert "Executing nothing: 1 notebook unchanged" in again.stderr


def test_an_edited_claim_or_paper_is_found(root: Path, reviewpress: Callable[..., Any]) -> None:
    """What was kept of other data is not taken: the chapter is executed again."""
    assert reviewpress("check", cwd=root).status == 0
    replace(root, TABLE, "Summary,2,", "Summary,4,")
    found = reviewpress("check", cwd=root)
    assert found.status == 1
    place = f"error: {TABLE}, row 2, column published: "
    assert f"{place}Papers: published 4, computed 2." in found.stderr
    assert 'rule "claim-differs", place "papers"' in found.stderr
    replace(root, "data/papers.csv", "Peer reviewed", "Grey literature")
    assert (
        "differs        grey    published 3, computed 2"
        in reviewpress("check --claims", cwd=root).stdout
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "places", "message"),
    [
        (
            NUMBERS,
            'review.claim(\\"papers\\", ',
            'review.claim(\\"paper\\", ',
            ("cell 3, line 1", ""),
            'there is no claim "paper".',
        ),
        (
            NUMBERS,
            'review.not_checkable(\\"lost\\")',
            'review.claim(\\"papers\\", 2)',
            ("cell 3, line 3", ", row 2, column published"),
            'the claim "papers" is given a value twice.',
        ),
        (
            NUMBERS,
            "len(papers)",
            "str(len(papers))",
            ("cell 3, line 1", ", row 2, column published"),
            "“2” was published, a number, and the value is a text ('2').",
        ),
        (
            TABLE,
            "Summary,3,",
            "Summary,three,",
            ("cell 3, line 2", ", row 3, column published"),
            "“three” was published, a text, and the value is a number (1).",
        ),
        (
            TABLE,
            "lost,Records",
            "new,Papers,,2,\nlost,Records",
            ("cell 4, line 1", ", row 4, column id"),
            'no cell gives the claim "new" a value.',
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "check --claims"])
def test_what_is_wrong_with_a_value_is_said(
    root: Path,
    reviewpress: Callable[..., Any],
    command: str,
    name: str,
    old: str,
    new: str,
    places: tuple[str, str],
    message: str,
) -> None:
    """With the cell that gives it and the row of the claim; by both commands."""
    replace(root, name, old, new)
    outcome = reviewpress(command, cwd=root)
    assert outcome.status == 1
    cell, row = places
    assert f"error: {NUMBERS}, {cell}: {TABLE}{row}: {message}" in outcome.stderr


def test_a_claim_without_a_value_is_found_where_no_chapter_shows_the_table(
    root: Path, reviewpress: Callable[..., Any]
) -> None:
    """By its row, for every claim at once."""
    replace(root, NUMBERS, "review.claims[[", 'review.frame(\\"claims\\")[[')
    replace(root, NUMBERS, ', \\"computed\\", \\"status\\"', "")
    replace(root, NUMBERS, 'review.not_checkable(\\"lost\\")', "")
    replace(root, NUMBERS, 'review.claim(\\"papers\\", len(papers))', "")
    for command in ("check", "check --claims"):
        found = reviewpress(command, cwd=root)
        assert found.status == 1
        for row, id in ((2, "papers"), (4, "lost")):
            place = f"error: {TABLE}, row {row}, column id: "
            assert f'{place}no cell gives the claim "{id}" a value.' in found.stderr
        assert '"grey"' not in found.stderr


def test_two_chapters_that_give_a_value_are_found(
    root: Path, reviewpress: Callable[..., Any]
) -> None:
    """The second is named, and the first in its message."""
    name = "chapters/findings.ipynb"
    replace(
        root,
        name,
        'review.section(\\"Outcomes\\")',
        'review.section(\\"Outcomes\\"); review.claim(\\"papers\\", 2)',
    )
    for command in ("check", "check --claims"):
        found = reviewpress(command, cwd=root)
        assert found.status == 1
        said = f'error: {NUMBERS}: the claim "papers" is given a value in {name} too.'
        assert said in found.stderr


def test_claims_of_another_edition_are_left_alone(
    root: Path, reviewpress: Callable[..., Any]
) -> None:
    """The summary has no chapter that gives values, and needs none."""
    assert reviewpress("check --profile summary", cwd=root).status == 0
    assert reviewpress("check --profile summary --claims", cwd=root).status == 1
