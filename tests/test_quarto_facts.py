"""The project held to what is known of Quarto: which test holds each fact, and those not held elsewhere.

The facts were seen with Quarto 1.10.18 and 1.9.38. The files are `test_quarto_….py`.

| fact | what it is | held by |
|--:|:--|:--|
| 1 | chapters must exist before a render | project: test_listed_chapters_exist; facts: test_a_missing_chapter_ends_the_render |
| 2 | notebook filter: path, standard input, folder, environment | project: test_the_filter_is_named_relative_to_the_notebooks; hooks: test_the_filter_answers_with_lists_of_lines |
| 3 | the filter's answer is cached by whole seconds | hooks: test_changed_data_reaches_the_page_though_quarto_caches; hooks: test_touching_changes_the_whole_second; hooks: test_a_second_render_leaves_quartos_cache_alone |
| 4 | hooks and their environment | project: test_hooks_exist_and_are_python; hooks: test_what_was_executed_is_told; hooks: test_a_failing_cell_ends_the_render |
| 5 | what Quarto lets pass | hooks: test_an_unresolved_reference_fails_the_render; hooks: test_a_missing_citation_fails_the_render; hooks: test_a_notebook_without_its_run_fails_the_render; compare: test_what_quarto_lets_pass_is_found |
| 6 | profiles: arrays merge, unknown ones are ignored | project: test_no_array_merges_by_accident; project: test_profiles_are_a_group_with_a_default; hooks: test_an_unknown_profile_is_an_error |
| 7 | a second format wipes the first | engine: test_one_render_makes_all_formats; engine: test_some_formats_are_made_without_wiping_each_other |
| 8 | papermill's metadata leaks | hooks: test_the_filter_answers_with_lists_of_lines |
| 9 | fig-alt reaches pages and Typst | compare: test_what_quarto_lets_pass_is_found; facts: test_a_new_review_is_the_same_from_both_engines |
| 10 | pages reference CDNs | project: test_pages_fetch_nothing; compare: test_what_quarto_lets_pass_is_found |
| 11 | the bundled Typst template fails PDF/UA-1 | project: test_the_typst_format_keeps_what_quarto_needs; typst: test_floats_are_numbered_by_chapter_everywhere |
| 12 | PDF/UA-1 is enforced by Typst | typst: test_floats_are_numbered_by_chapter_everywhere; engine: test_a_failure_leaves_the_last_edition |
| 13 | citations are left to Typst unless a filter took them | project: test_citations_are_ours; project: test_another_project_can_use_the_formats |
| 14 | citation numbers restart on every page | hooks: test_a_render_shows_runs_values_and_citations |
| 15 | times | hooks: test_the_filter_is_fast; hooks: test_a_second_render_leaves_quartos_cache_alone; facts: test_the_real_quarto_takes_no_longer_than_it_did |
| 16 | the extension's shape works for a book | project: test_the_extension_is_whole; engine: test_one_render_makes_all_formats |
| 17 | two PDF standards on 1.10, one on 1.9; no callout icons | engine: test_an_older_quarto_is_not_asked_for_two_pdf_standards; project: test_the_typst_format_keeps_what_quarto_needs |
| 18 | a cell's source is a list of lines | hooks: test_the_filter_answers_with_lists_of_lines |
| 19 | a chapter's first heading is its title and keeps its id | facts: test_every_chapter_begins_with_a_title_that_can_be_referred_to |
| 20 | figures and tables as Markdown output; `expr` becomes `data-expr` | hooks: test_a_render_shows_runs_values_and_citations |
| 21 | an empty Bibliography chapter | project: test_citations_are_ours |
| 22 | filters run once a chapter or once a book; dead links | project: test_every_edition_lists_its_references; facts: test_a_new_review_is_the_same_from_both_engines |
| 23 | `echo: false` hides code | project: test_citations_are_ours |
| 24 | `when-profile` works everywhere | facts: test_text_for_one_profile_stands_in_that_one_only |
| 25 | Word needs PNG | facts: test_a_new_review_is_the_same_from_both_engines |
| 26 | figures are numbered by chapter | typst: test_floats_are_numbered_by_chapter_everywhere; typst: test_a_chapter_without_a_number_counts_from_one |
| 27 | two h1 on the first page | facts: test_the_first_page_has_one_main_heading |
| 28 | one file runs the hooks too | hooks: test_one_chapter_can_be_rendered_alone |
| 29 | `quarto inspect` | facts: test_settings_are_read_as_quarto_reads_them; facts: test_the_real_quarto_reads_the_settings_alike |
| 30 | references to chapters of other profiles | engine: test_warnings_of_references_fail_the_render; hooks: test_an_unresolved_reference_fails_the_render |
"""  # noqa: E501

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.programs.tools import find_pandoc

REPOSITORY = Path(__file__).resolve().parents[1]
FAKE = REPOSITORY / "tests" / "fake_quarto" / "fake.py"
COMPARE = REPOSITORY / "scripts" / "compare_engines.py"


def render(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Call the stand-in for Quarto."""
    environment = {"QUARTO_PYTHON": sys.executable, "FAKE_QUARTO_PANDOC": find_pandoc()}
    return subprocess.run(
        [sys.executable, FAKE, "render", *options], cwd=root, env=os.environ | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review, in a folder with spaces in its name, made by the embedded engine."""
    folder = tmp_path_factory.mktemp("new reviews")
    for words, place in ((["new", "my review"], folder), (["render"], folder / "my review")):
        command = [sys.executable, "-c", "from reviewpress.cli import main; main()", *words]
        subprocess.run(command, cwd=place, check=True, capture_output=True)
    return folder / "my review"


def test_every_fact_has_its_tests() -> None:
    """The table above names all thirty facts, and tests that exist."""
    rows = re.findall(r"^\| (\d+) \| .*? \| (.+) \|$", __doc__ or "", re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 31))
    for number, tests in rows:
        for file, name in re.findall(r"(\w+): (test_\w+)", tests):
            text = (REPOSITORY / "tests" / f"test_quarto_{file}.py").read_text()
            assert f"def {name}(" in text, (number, name)
        assert "test_" in tests, number


def test_a_new_review_is_the_same_from_both_engines(review: Path) -> None:
    """Pages, PDF and Word of `reviewpress new` say the same; Word has PNG (facts 9, 22, 25)."""
    done = render(review, "--output-dir", "_output/by quarto")
    assert done.returncode == 0, done.stderr
    folders = [review / "_output" / name for name in ("report", "by quarto")]
    said = subprocess.run(
        [sys.executable, COMPARE, *folders], capture_output=True, text=True, check=False
    )
    # The stand-in's pages have no navigation: the recordings show what the real one's have.
    # It copies no resources either, so that figures stand beside our pages alone.
    about = ("compared", ": navigation: ", ": published only in ", "beside: ")
    lines = [line for line in said.stdout.splitlines() if not any(w in line for w in about)]
    assert lines == []
    assert said.stdout.count("file compared") + said.stdout.count("files compared") == 3
    with zipfile.ZipFile(next(folders[1].glob("*.docx"))) as archive:
        media = [name for name in archive.namelist() if "/media/" in name]
    assert media
    assert {Path(name).suffix for name in media} == {".png"}


def test_text_for_one_profile_stands_in_that_one_only(review: Path) -> None:
    """`when-profile` is decided alike whichever engine renders (fact 24)."""
    file = review / "index.qmd"
    before = file.read_text()
    try:
        only = '\n::: {.content-visible when-profile="summary"}\nOnly in short.\n:::\n'
        file.write_text(before + only)
        for profile, stands in (("report", False), ("summary", True)):
            done = render(review, "--profile", profile, "--to", "reviewpress-html")
            assert done.returncode == 0, done.stderr
            page = (review / "_output" / profile / "index.html").read_text()
            assert ("Only in short." in page) is stands
    finally:
        file.write_text(before)


def test_the_first_page_has_one_main_heading(review: Path) -> None:
    """The book's title is the h1; the chapter's own ranks below it (fact 27)."""
    done = render(review, "--to", "reviewpress-html", "--output-dir", "_output/pages")
    assert done.returncode == 0, done.stderr
    page = (review / "_output" / "pages" / "index.html").read_text()
    assert len(re.findall(r"<h1\b", page)) == 1


def test_a_missing_chapter_ends_the_render(review: Path, reviewpress: Callable[..., Any]) -> None:
    """Quarto stops at once (fact 1); our own command says the same before it calls Quarto."""
    file = review / "_quarto-report.yml"
    before = file.read_text()
    try:
        file.write_text(before.replace("chapters/methods.ipynb", "chapters/method.ipynb"))
        assert "Book chapter 'chapters/method.ipynb' not found" in render(review).stderr
        done = reviewpress("check", cwd=review)
        assert done.status == 1
        assert "the chapter chapters/method.ipynb does not exist" in done.stderr + done.stdout
    finally:
        file.write_text(before)


@pytest.mark.parametrize("edition", ["report", "summary"])
def test_every_chapter_begins_with_a_title_that_can_be_referred_to(edition: str) -> None:
    """The first heading is the title and has an id of its own (fact 19)."""
    for chapter in load_config(REPOSITORY, edition).chapters:
        text = (REPOSITORY / chapter.path).read_text()
        if chapter.is_notebook:
            cells = json.loads(text)["cells"]
            text = "".join(next(c for c in cells if c["cell_type"] == "markdown")["source"])
        assert re.match(r"# .+\{.*#sec-[\w-]+.*\}\n", text + "\n"), chapter.path


@pytest.mark.parametrize("edition", ["report", "summary"])
def test_settings_are_read_as_quarto_reads_them(edition: str) -> None:
    """Chapters, formats, hooks and folder are those of `quarto inspect` (fact 29)."""
    _compare_settings([sys.executable, str(FAKE)], edition)


@pytest.mark.quarto
@pytest.mark.parametrize("edition", ["report", "summary"])
def test_the_real_quarto_reads_the_settings_alike(edition: str, tool: Callable[[str], str]) -> None:
    """The same of the real `quarto inspect`, where Quarto is installed (fact 29)."""
    _compare_settings([tool("quarto")], edition)


@pytest.mark.quarto
def test_the_real_quarto_takes_no_longer_than_it_did(
    review: Path, tool: Callable[[str], str]
) -> None:
    """Nothing but Quarto's own time, some seconds, in a render of what is up to date (fact 15)."""
    command = [tool("quarto"), "render", "--to", "reviewpress-html", "--output-dir", "_output/q"]
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        subprocess.run(command, cwd=review, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    assert seconds[1] < 60


def _compare_settings(quarto: list[str], edition: str) -> None:
    config = load_config(REPOSITORY, edition)
    answer = json.loads(
        subprocess.run(
            [*quarto, "inspect", "--profile", edition], cwd=REPOSITORY, check=True,
            capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    inputs = [Path(REPOSITORY, name).relative_to(REPOSITORY) for name in answer["files"]["input"]]
    assert [path.as_posix() for path in inputs] == [chapter.path for chapter in config.chapters]
    project = answer["config"]["project"]
    assert project["output-dir"] == config.output_dir.relative_to(REPOSITORY).as_posix()
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
        for name in re.findall(r"""resolve_path\(["']([^"']+)["']""", text):
            goal = (file.parent / name).resolve()
            assert goal.is_relative_to(extension), (file, name)
            assert goal.exists() or name.endswith("/"), (file, name)
        loads = r"""(?:src=|url\(|@import\s+|<link[^>]+href=)["']?(?:https?:)?//"""
        assert not re.search(loads, text), file
