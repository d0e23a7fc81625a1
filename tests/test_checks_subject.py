"""What checks look at: chapters that have changed, or of which something else they ask has."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from reviewpress.assemble import Page
from reviewpress.checks.subject import Subject
from reviewpress.config import load_config
from reviewpress.errors import Problem
from reviewpress.pipeline import prepare

FINDINGS = "chapters/findings.ipynb"
Looked = dict[str, list[str]]


class Silent:
    """Follows the steps of a build, and says nothing."""

    def step(self, name: str, detail: str = "") -> None: ...

    def chapter(self, event: object) -> None: ...


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """Return which chapters each check looks at from now on."""
    seen: Looked = {}
    before = Subject.look_at_pages

    def look_at_pages(
        self: Subject,
        check: str,
        depends_on: Iterable[object],
        look: Callable[[Page], Iterable[Problem]],
        pages: Iterable[Page] | None = None,
    ) -> Iterator[Problem]:
        def noted(page: Page) -> Iterable[Problem]:
            seen.setdefault(check, []).append(page.chapter.path)
            return look(page)

        return before(self, check, depends_on, noted, pages)

    monkeypatch.setattr(Subject, "look_at_pages", look_at_pages)
    return seen


def problems(root: Path) -> list[str]:
    report = prepare(load_config(root), progress=Silent()).report
    return [f"{each.where}: {each.message}" for each in (*report.errors, *report.warnings)]


def write(root: Path, text: str) -> None:
    """Add a text cell to the chapter of findings."""
    path = root / FINDINGS
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})
    path.write_text(json.dumps(notebook), "utf-8")


def test_a_chapter_is_looked_at_once(project: Callable[..., Path], looked: Looked) -> None:
    """Not again while it stays as it is; what was found in it is found again."""
    root = project()
    write(root, "They say that 44 of them agree.")
    first = problems(root)
    assert any("the number 44 is typed by hand" in each for each in first)
    assert {"accessibility", "by-hand", "findings", "numbers", "slips"} <= looked.keys()
    looked.clear()
    assert problems(root) == first
    assert looked == {}


def test_a_changed_chapter_is_looked_at_and_no_other(
    project: Callable[..., Path], looked: Looked
) -> None:
    """By every check of chapters; the place is where it now stands."""
    root = project()
    write(root, "They say that 44 of them agree.")
    problems(root)
    looked.clear()
    write(root, "And 45 do not.")
    [found] = [each for each in problems(root) if "45" in each]
    cells = json.loads((root / FINDINGS).read_text("utf-8"))["cells"]
    assert f"{FINDINGS}, cell {len(cells)}" in found
    assert set(map(tuple, looked.values())) == {(FINDINGS,)}


def test_what_else_a_check_asks_makes_it_look_again(
    project: Callable[..., Path], looked: Looked
) -> None:
    """A finding that rests on another paper is compared with its text, which is as before."""
    root = project()
    problems(root)
    looked.clear()
    path = root / "data/findings.csv"
    table = path.read_text("utf-8")
    path.write_text(table.replace(",1; 2,", ",1,"), "utf-8")
    assert any("the text of finding outcomes-01 cites paper 2" in each for each in problems(root))
    assert looked["findings"] == [FINDINGS]


def test_a_place_in_an_included_file_is_where_it_now_stands(project: Callable[..., Path]) -> None:
    """Also where that file has more lines before the same text: its front matter is not shown."""
    root = project(files={"chapters/_part.qmd": "---\na: 1\n---\n\nWords.\n\n![](a.svg)\n"})
    for folder in ("chapters", "."):
        (root / folder / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    page = root / "index.qmd"
    page.write_text(page.read_text("utf-8") + "\n{{< include chapters/_part.qmd >}}\n", "utf-8")

    def lines() -> list[str]:
        found = (each for each in problems(root) if "has no alternative text" in each)
        return [each.split(": ")[0] for each in found]

    assert lines() == ["chapters/_part.qmd, line 7"]
    part = root / "chapters/_part.qmd"
    part.write_text(part.read_text("utf-8").replace("a: 1\n", "a: 1\nb: 2\n"), "utf-8")
    assert lines() == ["chapters/_part.qmd, line 8"]
