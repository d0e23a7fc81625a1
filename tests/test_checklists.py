"""Checklists: whole, in our own words, and answered by something the report has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.checklists import (
    check_places,
    checklist_frame,
    load_checklists,
    read_checklist,
)
from reviewpress.errors import ConfigError, Problems
from reviewpress.new import make_review

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("name", "items", "numbers"),
    [("prisma-2020", 42, 27), ("prisma-rapid", 6, 6), ("prisma-s", 16, 16)],
)
def test_checklists_are_whole(name: str, items: int, numbers: int) -> None:
    """Each list has all its items, once, and a link to its official wording."""
    checklist = read_checklist(name)
    names = [item.item for item in checklist.items]
    assert len(names) == len(set(names)) == items
    assert len({item.rstrip("abcdef") for item in names}) == numbers
    assert checklist.wording.startswith("https://")
    assert all(item.label and item.part for item in checklist.items)


def test_unknown_checklist_names_the_nearest() -> None:
    """A mistyped name is told with the one that was meant."""
    with pytest.raises(ConfigError, match='Did you mean "prisma-2020"'):
        read_checklist("prisma2020")


def test_every_checklist_that_is_shipped_can_be_read() -> None:
    """Eleven of them, each with a title and items."""
    files = [*(REPOSITORY / "src/reviewpress/checklists").glob("*.yml")]
    assert len(files) == 11
    assert all(read_checklist(file.stem).title for file in files)
    assert all(read_checklist(file.stem).items for file in files)


def review_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "checklists.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_answers_have_their_states(tmp_path: Path) -> None:
    """Ids answer; a reason says why not; an item that is not named is open."""
    text = """
prisma-s:
  "1": [sec-a, tbl-b]
  "2": {unanswered: Lost.}
  "3": {not-applicable: None searched.}
  "4": {at: sec-a, note: In part.}
"""
    answered = load_checklists(review_with(tmp_path, text))["prisma-s"]
    states = [answer.state for answer in answered.answers[:5]]
    assert states == ["answered", "not answered", "not applicable", "answered", "not answered"]
    assert [answer.is_open for answer in answered.answers[:5]] == [False] * 4 + [True]
    told = [str(cell) for cell in checklist_frame(answered)["Where"][:5]]
    assert told == [
        "@sec-a; @tbl-b",
        "Not answered: Lost\\.",
        "Not applicable: None searched.",
        "@sec-a. In part.",
        "Not answered",
    ]


def test_wrong_entries_are_reported_together(tmp_path: Path) -> None:
    """Unknown lists, items and keys come in one go, with their lines."""
    text = 'prisma-x: {}\nprisma-s:\n  "17": sec-a\n  "1": {wheer: sec-a}\n'
    with pytest.raises(Problems) as caught:
        load_checklists(review_with(tmp_path, text))
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 3
    assert told[1].startswith("data/checklists.yml, line 3: PRISMA-S has no item 17.")
    assert 'unknown key "wheer"' in told[2]


def test_answer_that_points_nowhere_is_a_problem(tmp_path: Path) -> None:
    """An id that the report lacks is told with the nearest one."""
    root = review_with(tmp_path, 'prisma-s: {"1": sec-methods-serches}')
    (problem,) = check_places(load_checklists(root), {"sec-methods-searches": None})
    assert "points to sec-methods-serches" in problem.message
    assert problem.hint == 'Did you mean "sec-methods-searches"?'


def test_render_fails_on_an_answer_that_points_nowhere(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """The quick checks look at the answers of the whole report."""
    root = project(files={"data/checklists.yml": 'prisma-s: {"1": sec-lost}'})
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "PRISMA-S, item 1, points to sec-lost" in outcome.stderr


def test_check_prisma_lists_what_is_unanswered(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Each unanswered item is listed with its reason; one without a reason makes the check fail."""
    text = "prisma-rapid: {R1: {unanswered: Not known.}, R2: sec-findings, R3: sec-findings, "
    text += "R4: sec-findings, R5: sec-findings%s}"
    root = project(files={"data/checklists.yml": text % ", R6: sec-findings"})
    outcome = reviewpress("check --prisma", cwd=root)
    assert outcome.status == 0
    assert "Interim items for rapid reviews: 1 of 6 not answered" in outcome.stdout
    assert "R1  Steps that were planned to change on the way: Not known." in outcome.stdout
    (root / "data" / "checklists.yml").write_text(text % "", encoding="utf-8")
    outcome = reviewpress("check --prisma", cwd=root)
    assert outcome.status == 1
    assert "no answer and no reason" in outcome.stdout


def test_flagship_answers_every_item_or_says_why() -> None:
    """No item of the three lists is left open by the repository's own review."""
    found = load_checklists(REPOSITORY)
    assert set(found) == {"prisma-2020", "prisma-rapid", "prisma-s"}
    assert [a.item.item for one in found.values() for a in one.answers if a.is_open] == []


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("prisma-abstracts", 12), ("swim", 10), ("prisma-lsr", 16), ("prisma-scr", 22),
        ("prisma-p", 26), ("entreq", 21), ("prior", 46), ("roses", 33),
    ],
)  # fmt: skip
def test_each_checklist_says_what_it_is(name: str, count: int) -> None:
    """Version, date and licence of the wording, which is not ours; and each item once."""
    checklist = read_checklist(name)
    numbers = [item.item for item in checklist.items]
    assert (len(numbers), len(set(numbers))) == (count, count)
    assert all((checklist.version, checklist.date, checklist.licence, checklist.compared))
    assert checklist.wording.startswith("https://")


def test_a_checklist_of_a_team(tmp_path: Path) -> None:
    """It stands in data/checklists/, and is answered as any other."""
    folder = tmp_path / "data/checklists"
    folder.mkdir(parents=True)
    text = (
        'title: Ours\nitems:\n  - {item: "1", label: "Asks readers"}\n  - {item: 2, label: Pays}\n'
    )
    (folder / "ours.yml").write_text(text, encoding="utf-8")
    (tmp_path / "data/checklists.yml").write_text('ours:\n  "2": sec-pay\n', encoding="utf-8")
    (answered,) = load_checklists(tmp_path).values()
    assert [(a.item.label, a.state) for a in answered.answers] == [
        ("Asks readers", "not answered"),
        ("Pays", "answered"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: Ours\n", "no items"),
        ("items:\n  - {item: 1}\n", "item 1 of the checklist needs"),
        ("items:\n  - {item: 1, label: a}\n  - {item: 2, label: b, wher: c}\n", 'key "wher"'),
        ("items: 3\n", "no items"),
    ],
)
def test_a_wrong_checklist_of_a_team(tmp_path: Path, text: str, told: str) -> None:
    """The message says what an item needs."""
    (tmp_path / "data/checklists").mkdir(parents=True)
    (tmp_path / "data/checklists/ours.yml").write_text(text, encoding="utf-8")
    (tmp_path / "data/checklists.yml").write_text('ours:\n  "1": sec-a\n', encoding="utf-8")
    with pytest.raises(Problems, match=told):
        load_checklists(tmp_path)


def test_a_new_review_has_answered_nothing(tmp_path: Path) -> None:
    """No item is answered, or not applicable, until its authors say so."""
    papers = tmp_path / "papers.csv"
    papers.write_text("study,n\nAsh 2020,3\n", encoding="utf-8")
    for review in (
        make_review(tmp_path / "example"),
        make_review(tmp_path / "own", papers=papers),
        make_review(tmp_path / "welsh", lang="cy"),
    ):
        answered = load_checklists(review)["prisma-2020"]
        assert {answer.state for answer in answered.answers} == {"not answered"}
