"""The project held to what is known of Quarto: `quarto_facts.md` says which test holds what."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from quarto_cases import RECORDINGS, lay_out, load_cases, make_edits

from reviewpress.config import load_config

REPOSITORY = Path(__file__).resolve().parents[1]
FACTS = REPOSITORY / "tests" / "quarto_facts.md"
PLAYER = REPOSITORY / "tests" / "fake_quarto" / "player.py"
COMPARE = REPOSITORY / "scripts" / "compare_engines.py"
CASES = load_cases()


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review as it was recorded, in a folder with spaces in its name, made by our engine."""
    root = tmp_path_factory.mktemp("new reviews") / "project"
    lay_out(CASES["new-review"], root)
    words = ["render", "--profile", "report,summary", "--engine", "pandoc"]
    command = [sys.executable, "-c", "from reviewpress.cli import main; main()", *words]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


def recorded(case: str, run: str) -> dict[str, Any]:
    """Return what is known of a run."""
    said: dict[str, Any] = json.loads((RECORDINGS / case / run / "run.json").read_text())
    return said


def test_every_fact_has_its_tests() -> None:
    """The table of facts names all facts, and tests that exist."""
    rows = re.findall(r"^\| (\d+) \| .*? \| (.+) \|$", FACTS.read_text(encoding="utf-8"), re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 48))
    for number, tests in rows:
        for file, name in re.findall(r"(\w+): (test_\w+)", tests):
            text = (REPOSITORY / "tests" / f"test_quarto_{file}.py").read_text()
            assert f"def {name}(" in text, (number, name)
        assert "test_" in tests, number


@pytest.mark.parametrize(
    ("edition", "run", "formats"), [("report", "first", 3), ("summary", "summary", 2)]
)
def test_a_new_review_is_the_same_from_both_engines(
    review: Path, edition: str, run: str, formats: int
) -> None:
    """What Quarto was seen to make, finished by our hooks, says what our engine's files say."""
    goal = review / "_output" / edition
    embedded = Path(shutil.copytree(goal, review / "_output" / f"{edition}-embedded"))
    done = subprocess.run(
        [sys.executable, PLAYER, *recorded("new-review", run)["command"]],
        cwd=review, capture_output=True, text=True, check=False,
        env=os.environ | {"PLAY_CASE": str(RECORDINGS / "new-review")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = subprocess.run(
        [sys.executable, COMPARE, embedded, goal], capture_output=True, text=True, check=False
    )
    lines = [line for line in said.stdout.splitlines() if " 0 differences" not in line]
    assert lines == []
    assert said.stdout.count("compared, 0 differences") == formats
    for file in goal.glob("*.docx"):
        with zipfile.ZipFile(file) as archive:
            media = [name for name in archive.namelist() if "/media/" in name]
        assert media
        assert {Path(name).suffix for name in media} == {".png"}


def test_the_first_page_has_one_main_heading() -> None:
    """The book's title is the h1; the chapter's own ranks below it (fact 27)."""
    for case in ("new-review", "small-review", "flagship-shape"):
        page = (RECORDINGS / case / "first" / "index.made.html").read_text()
        assert len(re.findall(r"<h1\b", page)) == 1


def test_a_missing_chapter_ends_the_render(
    recorded_review: Path, reviewpress: Callable[..., Any]
) -> None:
    """Quarto stops before any hook (fact 1); our command says the same before it calls Quarto."""
    run = recorded("small-review", "missing-chapter")
    assert run["status"] == 1
    assert any("Book chapter 'chapters/finding.ipynb' not found" in at for at in run["printed"])
    assert run["calls"] == []
    (case,) = [each for each in CASES["small-review"].runs if each.name == "missing-chapter"]
    make_edits(recorded_review, case.edits)
    done = reviewpress("check", cwd=recorded_review)
    assert done.status == 1
    assert "the chapter chapters/finding.ipynb does not exist" in done.stderr + done.stdout


@pytest.mark.parametrize("edition", ["report", "summary"])
def test_every_chapter_begins_with_a_title_that_can_be_referred_to(edition: str) -> None:
    """The first heading is the title and has an id of its own (fact 19)."""
    for chapter in load_config(REPOSITORY, edition).chapters:
        text = (REPOSITORY / chapter.path).read_text()
        if chapter.is_notebook:
            cells = json.loads(text)["cells"]
            text = "".join(next(c for c in cells if c["cell_type"] == "markdown")["source"])
        assert re.match(r"# .+\{.*#sec-[\w-]+.*\}\n", text + "\n"), chapter.path


@pytest.mark.parametrize(
    ("case", "run", "edition"),
    [
        ("small-review", "settings", "report"),
        ("small-review", "settings-summary", "summary"),
        ("flagship-shape", "settings", "report"),
    ],
)
def test_settings_are_read_as_quarto_reads_them(
    tmp_path: Path, case: str, run: str, edition: str
) -> None:
    """Chapters, formats, hooks and folder are those that `quarto inspect` said (fact 29)."""
    lay_out(CASES[case], tmp_path / "project")
    text = json.dumps(recorded(case, run)["answer"])
    answer = json.loads(text.replace("{project}", (tmp_path / "project").as_posix()))
    _compare_settings(tmp_path / "project", answer, edition)


@pytest.mark.quarto
@pytest.mark.parametrize("edition", ["report", "summary"])
def test_the_real_quarto_reads_the_settings_alike(edition: str, tool: Callable[[str], str]) -> None:
    """The same of the real `quarto inspect`, where Quarto is installed (fact 29)."""
    said = subprocess.run(
        [tool("quarto"), "inspect", "--profile", edition], cwd=REPOSITORY, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    _compare_settings(REPOSITORY, json.loads(said), edition)


@pytest.mark.quarto
def test_the_real_quarto_takes_no_longer_than_it_did(
    review: Path, tool: Callable[[str], str]
) -> None:
    """Nothing but Quarto's own time, some seconds, in a render of what is up to date (fact 15).

    The processes' own time is measured: a busy machine is not Quarto's fault.
    """
    command = [tool("quarto"), "render", "--to", "reviewpress-html", "--output-dir", "_output/q"]
    spent = []
    for _ in range(2):
        before = os.times()
        subprocess.run(command, cwd=review, check=True, capture_output=True)
        after = os.times()
        spent.append(after.children_user - before.children_user)
    assert spent[1] < 60


def _compare_settings(root: Path, answer: dict[str, Any], edition: str) -> None:
    config = load_config(root, edition)
    inputs = [Path(root, name).relative_to(root) for name in answer["files"]["input"]]
    assert [path.as_posix() for path in inputs] == [chapter.path for chapter in config.chapters]
    project = answer["config"]["project"]
    assert project["output-dir"] == config.output_dir.relative_to(root).as_posix()
    for hook in ("pre-render", "post-render"):
        given = project[hook]
        assert (given if isinstance(given, list) else [given]) == [
            f"scripts/{hook.replace('-', '_')}.py"
        ]
    assert answer["config"]["format"] == config.metadata["format"]
    assert answer["config"]["execute"]["ipynb-filters"] == ["../scripts/executed.py"]
    assert "reviewpress" in [extension["id"]["name"] for extension in answer["extensions"]]


def test_the_extension_needs_nothing_beside_it() -> None:
    """No file of the extension names a path outside it, or an address that is loaded."""
    extension = REPOSITORY / "_extensions" / "reviewpress"
    for file in extension.rglob("*"):
        if file.suffix not in (".lua", ".typ", ".css", ".yml", ".html", ".js"):
            continue
        text = file.read_text()
        named = re.findall(r"""resolve_path\(["']([^"']+)["']""", text)
        named += [f"{name}.lua" for name in re.findall(r"""require\("([^"]+)"\)""", text)]
        for name in named:
            goal = (file.parent / name).resolve()
            assert goal.is_relative_to(extension), (file, name)
            assert goal.exists() or name.endswith("/"), (file, name)
        loads = r"""(?:src=|url\(|@import\s+|<link[^>]+href=)["']?(?:https?:)?//"""
        assert not re.search(loads, text), file
