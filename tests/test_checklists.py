"""Checklists: whole, in our own words, and answered by something the report has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.checklists import (
    check_places,
    checklist_frame,
    is_placeholder,
    load_checklists,
    read_checklist,
)
from reviewpress.errors import ConfigError, Problems
from reviewpress.new import make_review
from reviewpress.shapes import ANYTHING
from reviewpress.yaml import read_yaml

REPOSITORY = Path(__file__).resolve().parents[1]
TEMPLATE = REPOSITORY / "src/reviewpress/template"


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
        ("prisma-p", 26), ("entreq", 21), ("prior", 46), ("roses", 47),
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


@pytest.mark.parametrize(
    "text",
    [
        "To be written: who decided.", "**To be written.**", "TODO", "TODO describe the searches",
        "todo: searches", "TBC", "Zu schreiben: was gefragt wird.", "Noch zu schreiben.",
        "À rédiger : la question.", "Por escribir: quién decidió.", "Por escrever: quem decidiu.",
        "I’w ysgrifennu: pwy.", "To be completed.", "…", "Lorem ipsum dolor sit amet.", "",
    ],
)  # fmt: skip
def test_what_holds_the_place_of_a_text_is_none(text: str) -> None:
    """In each language that a review begins in, and as people note it."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "To be written up, a study had to end.", "Todo el equipo decidió.", "To follow people",
        "Por escrito se pidió.", "Two people decided.", "To come to a decision, they talked.",
    ],
)  # fmt: skip
def test_a_text_that_begins_alike_is_one(text: str) -> None:
    """Ordinary sentences of six languages are no placeholders."""
    assert not is_placeholder(text)


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es", "pt", "cy"])
def test_the_texts_of_a_new_review_are_placeholders(lang: str) -> None:
    """What the template says of a text that is to be written is known for it."""
    texts = read_yaml(TEMPLATE / f"language/{lang}.yml", TEMPLATE, ANYTHING).data
    own = [str(texts[key]) for key in texts if key.startswith("methods-") and key.endswith("-own")]
    assert len(own) == 6
    assert all(map(is_placeholder, [*own, str(texts["statement-own"]) + "."]))


UNWRITTEN = {
    "To be written: where papers were looked for.": 2,
    "": 0,
    "<!-- later -->": 0,
    "We looked.\n\nTODO say when": 4,
    "- To be written.": 2,
    "::: {.todo}\nAsk Wei\n:::": 0,
    "### Where\n\n### When\n\nZu schreiben: wann.": 6,
    "### Whom": 0,
}
"""Sections without a text, and how many lines below their heading that shows."""
WRITTEN = (
    "Two databases.",
    "![A map](map.svg){fig-alt='A map'}",
    "| a | b |\n|---|---|\n| TBC | 1 |",
    "### There\n\nIn two databases.",
)


def test_what_is_to_be_written_answers_nothing(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """An answer that leads to a section without a text is an error, and counts as none.

    What a cell of a table says is the data's, and a picture is a text of its kind.
    """
    text, answers, told = "# Home {#sec-index}\n", "prisma-s:\n", []
    for number, (words, line) in enumerate([*UNWRITTEN.items(), *((w, -1) for w in WRITTEN)], 1):
        text += f"\n## Part {number} {{#sec-{number}}}\n"
        if line >= 0:
            place = f"(index.qmd, line {text.count(chr(10)) + line})"
            told.append(
                f"item {number}, points to sec-{number}, which is still to be written {place}"
            )
        text += f"\n{words}\n" if words else ""
        answers += f'  "{number}": sec-{number}\n'
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    files = {"data/checklists.yml": answers, "index.qmd": text, "map.svg": svg}
    outcome = reviewpress("check --prisma", cwd=project(files=files))
    assert [one for one in told if one not in outcome.stderr] == []
    assert outcome.stderr.count("still to be written") == len(told) == len(UNWRITTEN)
    assert f"PRISMA-S: {16 - len(WRITTEN)} of 16 not answered" in outcome.stdout
    assert "sec-1 is still to be written" in outcome.stdout


@pytest.mark.parametrize(
    ("answer", "state"),
    [("''", "not answered"), ("[]", "not answered"), ("{note: To be written.}", "not answered"),
     ("{note: None was looked for.}", "answered"), ("{unanswered: TODO}", "not answered")],
)  # fmt: skip
def test_an_answer_without_a_place_or_words_is_none(
    tmp_path: Path, answer: str, state: str
) -> None:
    """Neither an empty entry nor a note to oneself answers an item."""
    root = review_with(tmp_path, f"prisma-s: {{'1': {answer}}}")
    (first, *_) = load_checklists(root)["prisma-s"].answers
    assert (first.state, first.is_open) == (state, state != "answered")


@pytest.mark.parametrize("reason", ["''", "TBC", "~"])
def test_not_applicable_needs_a_reason(tmp_path: Path, reason: str) -> None:
    """No item is put aside without a word."""
    with pytest.raises(Problems, match="item 3 is not applicable, but nothing says why"):
        load_checklists(review_with(tmp_path, f"prisma-s: {{'3': {{not-applicable: {reason}}}}}"))
