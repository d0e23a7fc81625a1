"""The pipeline: four steps that every verb takes, and seams that tests can stand in at."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reviewpress.build import build
from reviewpress.config import load_config
from reviewpress.engine import EngineChoice, Manuscript
from reviewpress.errors import Problems
from reviewpress.notebooks.execute import ChapterEvent
from reviewpress.notebooks.runs import CellText, standing_run
from reviewpress.pipeline import Part, assemble_edition, prepare

CHAPTER = "chapters/findings.ipynb"
Project = Callable[..., Path]


class Steps:
    """Remembers the steps that it is told of."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def step(self, name: str, detail: str = "") -> None:
        self.names.append(name)

    def chapter(self, event: ChapterEvent) -> None:
        self.names.append(event.kind)


class OnePage:
    """An engine of the fewest methods: one file that names the chapters."""

    name = "one-page"

    def get_ready(self, manuscript: Manuscript) -> None: ...

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        titles = [page.title for page in manuscript.book.pages]
        (folder / "index.html").write_text("\n".join(titles), encoding="utf-8")


def test_the_four_steps_come_in_order(project: Project) -> None:
    """A run that still holds is looked up; the book is assembled and checked."""
    root = project()
    steps = Steps()
    checked = prepare(load_config(root), progress=steps)
    assert steps.names == ["execute", "reused", "assemble", "check"]
    assert checked.report.clean
    assert checked.executed == ()
    assert [page.chapter.path for page in checked.manuscript.book.pages][1] == CHAPTER
    assert set(checked.manuscript.notebooks) == {CHAPTER}


def test_any_engine_can_be_handed_to_a_build(project: Project) -> None:
    """What renders is what was handed in, started for the review that is built."""
    root = project()
    started = []

    def start(place: Path) -> OnePage:
        started.append(place)
        return OnePage()

    built = build(load_config(root), engine=EngineChoice("one-page", start), progress=Steps())
    assert started == [root]
    assert not built.fresh
    assert "Findings" in (root / "_output/report/index.html").read_text("utf-8")


def test_what_is_begun_before_the_checks_ends_only_where_they_find_nothing(
    project: Project,
) -> None:
    """An edition with an error is not waited for: nobody renders it."""
    root = project()
    ended: list[str] = []
    begin = lambda manuscript: lambda: ended.append("ended")  # noqa: E731
    prepare(load_config(root), progress=Steps(), begin=begin)
    assert ended == ["ended"]
    index = root / "index.qmd"
    index.write_text(index.read_text("utf-8") + "\n\nSaid by @nobody1900.\n", encoding="utf-8")
    checked = prepare(load_config(root), progress=Steps(), begin=begin)
    assert [problem.rule for problem in checked.report.errors] == ["unknown-citation"]
    assert ended == ["ended"]


def test_a_part_knows_the_other_chapters_by_what_is_given(project: Project) -> None:
    """A part is assembled with the rest as it is known; it is not checked."""
    root = project()
    config = load_config(root)
    asked = []

    def standing(path: str) -> object:
        asked.append(path)
        text = "# As it was {#sec-findings}\n\nSaid by @nobody1900.\n"
        return standing_run(path, [CellText(1, "markdown", text)], {})

    steps = Steps()
    checked = prepare(config, part=Part(("index.qmd",), standing), progress=steps)
    assert asked == [CHAPTER]
    assert "check" not in steps.names
    assert checked.report.clean
    assert checked.runs == {}
    assert checked.manuscript.notebooks == {}
    assert "As it was" in [page.title for page in checked.manuscript.book.pages]


@pytest.mark.parametrize(
    ("edition", "shown", "figures"),
    [("report", "", {"tbl-papers.csv", "tbl-papers-narrow.svg"}),
     ("summary", "", set()),
     ("summary", "\n\n![A table](../figures/tbl-papers.csv)\n",
      {"tbl-papers.csv", "tbl-papers-narrow.svg"})],
)  # fmt: skip
def test_an_edition_publishes_what_its_own_pages_show(
    project: Project, edition: str, shown: str, figures: set[str]
) -> None:
    """A chapter whose key messages alone are gathered has files too, and its pages are others'."""
    root = project()
    summary = root / "chapters/summary.qmd"
    summary.write_text(summary.read_text("utf-8") + shown, encoding="utf-8")
    config = load_config(root, edition)
    made = {"tbl-papers": (Path("tbl-papers.csv"), Path("tbl-papers-narrow.svg")),
            "fig-hidden": (Path("fig-hidden.svg"),)}  # fmt: skip
    runs = {
        path: replace(run, figures=made)
        for path, run in prepare(config, progress=Steps()).runs.items()
    }
    assert set(assemble_edition(config, runs).figures) == figures


def test_wrong_data_is_said_before_what_follows_from_it(project: Project) -> None:
    """A chapter that cannot be read is not the first that an author hears of."""
    root = project()
    papers = root / "data/papers.csv"
    papers.write_text(papers.read_text("utf-8").replace("Scotland", "Scotlnd"), encoding="utf-8")
    (root / CHAPTER).write_text("{", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        prepare(load_config(root), progress=Steps())
    assert {problem.where.file for problem in caught.value.problems if problem.where} == {
        "data/papers.csv"
    }
