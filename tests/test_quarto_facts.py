"""The project held to what is known of Quarto: which test holds each fact, and those not held elsewhere.

The facts were seen with Quarto 1.10.18 and 1.9.38, those from 31 on with 1.10.18 on 29 November
2026. The files are `test_quarto_….py`; most tests play what was recorded then.

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
| 24 | `when-profile` works everywhere | filters: test_what_is_not_shown_is_not_there |
| 25 | Word needs PNG | facts: test_a_new_review_is_the_same_from_both_engines |
| 26 | figures are numbered by chapter | typst: test_floats_are_numbered_by_chapter_everywhere; typst: test_a_chapter_without_a_number_counts_from_one |
| 27 | two h1 on the first page | facts: test_the_first_page_has_one_main_heading |
| 28 | one file runs the hooks too | hooks: test_one_chapter_can_be_rendered_alone |
| 29 | `quarto inspect` | facts: test_settings_are_read_as_quarto_reads_them; facts: test_the_real_quarto_reads_the_settings_alike |
| 30 | references to chapters of other profiles | engine: test_warnings_of_references_fail_the_render; hooks: test_an_unresolved_reference_fails_the_render |
| 31 | `csl:` reaches Typst, which refuses its path | recordings: test_the_style_of_citations_never_reaches_typst |
| 32 | comments in a merged book say what begins | recordings: test_comments_say_what_begins_in_a_merged_book; recordings: test_appendices_are_lettered_in_the_merged_book |
| 33 | attributes in captions stay as text | recordings: test_pages_have_header_cells_and_captions_without_attributes |
| 34 | `suppress-bibliography` holds for filters, too | project: test_another_project_can_use_the_formats |
| 35 | equations need alternative text in a PDF | project: test_another_projects_pdf_is_whole |
| 36 | patterns of `resources:` match hidden folders | cleanup: test_a_published_run_store_is_taken_out_again; recordings: test_nothing_but_the_edition_is_published |
| 37 | shortcodes in titles stay in navigation | hooks: test_a_shortcode_in_a_title_needs_words_for_navigation; hooks: test_words_for_navigation_stand_in_it |
| 38 | images with a size are not fluid | recordings: test_charts_keep_their_size_and_shape |
| 39 | what pages link besides | recordings: test_divisions_of_figures_have_no_alternative_text |
| 40 | `.gitignore`, and what a failed PDF leaves | recordings: test_nothing_but_the_edition_is_published; cleanup: test_the_source_of_a_failed_pdf_goes_and_an_authors_file_stays; cleanup: test_a_render_that_failed_does_not_bar_the_next |
| 41 | where `quarto add` puts the extension | facts: test_the_extension_needs_nothing_beside_it |
| 42 | one chapter makes the PDF and Word file, too | recordings: test_a_chapter_without_a_format_makes_all; cleanup: test_a_file_alone_says_what_quarto_makes_besides |
| 43 | variants | hooks: test_parameters_are_read_off_quartos_command_line; engine: test_a_variant_carries_its_title |
| 44 | a preview notices no change of data | hooks: test_changed_data_reaches_the_page_though_quarto_caches |
| 45 | headings in boxes, and sub-figures | recordings: test_boxes_do_not_count_and_panels_stand_in_order |
| 46 | what the engines make agrees | facts: test_a_new_review_is_the_same_from_both_engines; compare: test_both_engines_say_the_same |
| 47 | times | facts: test_the_real_quarto_takes_no_longer_than_it_did |
"""  # noqa: E501

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from quarto_cases import RECORDINGS, lay_out, load_cases, make_edits

from reviewpress.config import load_config

REPOSITORY = Path(__file__).resolve().parents[1]
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
    """The table above names all facts, and tests that exist."""
    rows = re.findall(r"^\| (\d+) \| .*? \| (.+) \|$", __doc__ or "", re.M)
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
    """Nothing but Quarto's own time, some seconds, in a render of what is up to date (fact 15)."""
    command = [tool("quarto"), "render", "--to", "reviewpress-html", "--output-dir", "_output/q"]
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        subprocess.run(command, cwd=review, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    assert seconds[1] < 60


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
        for name in re.findall(r"""resolve_path\(["']([^"']+)["']""", text):
            goal = (file.parent / name).resolve()
            assert goal.is_relative_to(extension), (file, name)
            assert goal.exists() or name.endswith("/"), (file, name)
        loads = r"""(?:src=|url\(|@import\s+|<link[^>]+href=)["']?(?:https?:)?//"""
        assert not re.search(loads, text), file
