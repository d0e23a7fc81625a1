"""The hooks and the notebook filter, called as the real Quarto was seen to call them.

`tests/fake_quarto/player.py` plays what was recorded of the small review in
`tests/quarto_recordings/small-review`; pages are what Quarto made of the answers then.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from quarto_cases import RECORDINGS, load_cases, make_edits
from reading import Page

from reviewpress.config import load_config
from reviewpress.quarto import hooks
from reviewpress.quarto.inputs import key_of_notebook, touch_filter
from reviewpress.store.locks import BUILD, Lock

REPOSITORY = Path(__file__).resolve().parents[1]
CASE = load_cases()["small-review"]
RUNS = {run.name: run for run in CASE.runs}

Quarto = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def review(recorded_review: Path) -> Path:
    """The small review as it was recorded."""
    return recorded_review


@pytest.fixture
def quarto(review: Path, player: Path) -> Quarto:
    """Make a recorded run's changes to the review, and call Quarto as it was called then."""

    def call(name: str) -> subprocess.CompletedProcess[str]:
        run = RUNS[name]
        make_edits(review, run.edits)
        return subprocess.run(
            ["quarto", *run.command], cwd=review, capture_output=True, text=True, check=False,
            env={**os.environ, "QUARTO_PYTHON": sys.executable, **run.environment},
        )  # fmt: skip

    return call


def page(review: Path, name: str, edition: str = "report") -> str:
    """Return a page's text without white space that does not matter."""
    return " ".join((review / "_output" / edition / name).read_text().split())


RECORDED = ("first", "again", "changed-data")


def recorded(name: str) -> dict[str, Any]:
    """Return what is known of a run."""
    said: dict[str, Any] = json.loads((RECORDINGS / "small-review" / name / "run.json").read_text())
    return said


def edit(review: Path, chapter: str, before: str, after: str) -> None:
    """Change a text in a chapter as an author would."""
    path = review / chapter
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_render_shows_runs_values_and_citations(review: Path, quarto: Quarto) -> None:
    """`quarto render` alone gives pages with values, codes, tables and cross-references."""
    done = quarto("first")
    assert done.returncode == 0, done.stderr
    assert "reviewpress: report: executed nothing; 1 unchanged" in done.stdout
    made = Page(page(review, "chapters/findings.html"))
    value = made.one("//span[@class='value']")
    assert (value.get("data-expr"), value.words()) == ('words(box.papers, "paper")', "two papers")
    names = made.values("//*[@class='code'][@role='doc-biblioref']/@aria-label")
    assert names[0].startswith("reference 1, Known")
    assert made.one("//a[@href='#tbl-papers']").words() == "Table 1.1"
    assert "{python}" not in made.words()


def test_a_render_offers_the_included_papers_as_files(review: Path, quarto: Quarto) -> None:
    """The page with their list links to the files that stand beside the pages."""
    assert quarto("first").returncode == 0
    text = page(review, "chapters/references.html")
    for ending, words in (("ris", "RIS"), ("bib", "BibTeX"), ("json", "CSL JSON")):
        link = f'href="../included-papers.{ending}" download="">Download the included papers'
        assert f"{link} ({words})" in " ".join(text.split())
        assert (review / f"_output/report/included-papers.{ending}").stat().st_size > 50


def test_key_messages_are_gathered_in_a_qmd_chapter(review: Path, quarto: Quarto) -> None:
    """The summary's `.qmd` chapter shows the key messages of the findings chapter's run."""
    done = quarto("summary")
    assert done.returncode == 0, done.stderr
    assert "Joined services helped" in page(review, "chapters/summary.html", "summary")


def test_what_was_executed_is_told(review: Path, quarto: Quarto) -> None:
    """The pre-render script says which chapters it ran."""
    done = quarto("changed-chapter")
    assert done.returncode == 0, done.stderr
    assert "executed chapters/findings.ipynb; 0 unchanged" in done.stdout


def test_changed_data_reaches_the_page_though_quarto_caches(review: Path, quarto: Quarto) -> None:
    """A changed CSV, which Quarto's cache does not see, changes the page (fact 3)."""
    assert quarto("first").returncode == 0
    before = (review / "scripts" / "executed.py").stat().st_mtime_ns
    assert "<td>Grey literature</td>" in page(review, "chapters/findings.html")
    done = quarto("changed-data")
    assert done.returncode == 0, done.stderr
    assert (review / "scripts" / "executed.py").stat().st_mtime_ns != before
    assert "<td>Grey literature</td>" not in page(review, "chapters/findings.html")


def test_a_second_render_leaves_quartos_cache_alone(review: Path, quarto: Quarto) -> None:
    """The filter's file is touched, and the filter called, only where a run is another."""
    quarto("first")
    before = (review / "scripts" / "executed.py").stat().st_mtime_ns
    assert quarto("again").returncode == 0
    assert (review / "scripts" / "executed.py").stat().st_mtime_ns == before
    seen = {name: [call["script"] for call in recorded(name)["calls"]] for name in RECORDED}
    assert seen["first"] == ["pre_render.py", "executed.py", "post_render.py"]
    assert seen["again"] == ["pre_render.py", "post_render.py"]
    assert seen["changed-data"] == seen["first"]


def test_touching_changes_the_whole_second(review: Path) -> None:
    """Two touches within a second still differ in whole seconds, which is what Quarto compares."""
    file = review / "scripts" / "executed.py"
    seconds = []
    for _ in range(3):
        touch_filter(load_config(review))
        seconds.append(int(file.stat().st_mtime))
    assert len(set(seconds)) == 3


def test_an_unresolved_reference_fails_the_render(review: Path, quarto: Quarto) -> None:
    """A reference that Quarto lets pass fails the render, with the cell it stands in (fact 5)."""
    done = quarto("unresolved-reference")
    assert done.returncode == 1
    assert (
        "error: chapters/findings.ipynb, cell 4: the cross-reference @tbl-paper points to nothing."
        in done.stderr
    )
    assert 'Did you mean "tbl-papers"?' in done.stderr


def test_a_shortcode_in_a_title_needs_words_for_navigation(review: Path, quarto: Quarto) -> None:
    """Quarto would show it as it is written in breadcrumbs, links and search (fact 37)."""
    done = quarto("shortcode-in-a-title")
    assert done.returncode == 1
    assert "index.qmd" in done.stderr
    assert "Quarto's navigation would show the shortcode in the title" in done.stderr
    assert "`- href: index.qmd` with `text: …`" in done.stderr


def test_words_for_navigation_stand_in_it(review: Path, quarto: Quarto) -> None:
    """With `text:` a title may hold a shortcode: the page resolves it, navigation has the words."""
    done = quarto("shortcode-with-words")
    assert done.returncode == 0, done.stderr
    assert "Begin here" in page(review, "index.html")
    assert recorded("shortcode-with-words")["looks"]["index.html"]["shortcodes"] == []


def test_a_missing_citation_fails_the_render(review: Path, quarto: Quarto) -> None:
    """A citekey that the bibliography lacks fails the render (fact 5)."""
    done = quarto("missing-citation")
    assert done.returncode == 1
    assert "the citation @methods2018 is not in the bibliography." in done.stderr


def test_a_notebook_without_its_run_fails_the_render(review: Path, quarto: Quarto) -> None:
    """Without the notebook filter, values stay code: the post-render script says so (fact 5)."""
    done = quarto("without-the-filter")
    assert done.returncode == 1
    assert "findings.ipynb: the chapter's values are not filled in" in done.stderr


def test_a_failing_cell_ends_the_render(review: Path, quarto: Quarto) -> None:
    """A cell that raises ends the render before Quarto reads a chapter, with its place."""
    done = quarto("failing-cell")
    assert done.returncode == 1
    assert "chapters/findings.ipynb, cell 3" in done.stderr
    assert "[1/3]" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_profile_is_an_error(review: Path, quarto: Quarto) -> None:
    """Quarto ignores an unknown profile; the hook names the nearest one (fact 6)."""
    done = quarto("unknown-profile")
    assert done.returncode == 1
    assert 'there is no profile "sumary". Did you mean "summary"?' in done.stderr.replace(
        "\n    ", " "
    )


def test_a_render_waits_for_another_build(review: Path, quarto: Quarto) -> None:
    """As `reviewpress render` does, and says for whom; it lets nobody wait afterwards."""
    lock = Lock(review / ".reviewpress" / BUILD, "summary")
    assert lock.take()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(quarto, "first")
        begun = review / ".reviewpress/quarto/report/begun"
        while not begun.exists():
            assert not done.done()
            time.sleep(0.05)
        with pytest.raises(TimeoutError):
            done.result(2)
        assert not (review / "_output" / "report").exists()
        lock.release()
        result = done.result(120)
    assert result.returncode == 0, result.stderr
    waiting = f"Waiting: another build of this review is running (summary, process {os.getpid()}, "
    assert waiting in result.stderr + result.stdout
    assert Lock(review / ".reviewpress" / BUILD, "summary").take()


def test_one_chapter_can_be_rendered_alone(review: Path, quarto: Quarto) -> None:
    """A fresh clone renders the page of one notebook: only that is executed (fact 28)."""
    shutil.rmtree(review / ".reviewpress")
    done = quarto("one-page")
    assert done.returncode == 0, done.stderr
    assert "executed chapters/findings.ipynb; 0 unchanged" in done.stdout
    assert "two papers" in page(review, "chapters/findings.html")
    assert not (review / "_output" / "report" / "index.html").exists()


def test_a_list_of_files_may_stand_in_a_file(review: Path, tmp_path: Path) -> None:
    """Where the environment would be too long, Quarto writes its lists to files that it names."""
    config = load_config(review)
    listed = tmp_path / "inputs.txt"
    listed.write_text("chapters/findings.ipynb\n")
    names = {"QUARTO_USE_FILE_FOR_PROJECT_INPUT_FILES": str(listed)}
    assert hooks._input_files(names, config) == ("chapters/findings.ipynb",)
    listed.write_text("_output/report/chapters/findings.html\n")
    names = {"QUARTO_USE_FILE_FOR_PROJECT_OUTPUT_FILES": str(listed)}
    made = hooks._listed(names, "OUTPUT")
    assert hooks._input_files(names, config, made) == ("chapters/findings.ipynb",)
    assert hooks._input_files({"QUARTO_PROJECT_RENDER_ALL": "1"}, config, made) == ()


def test_parameters_need_a_folder_of_their_own(review: Path, quarto: Quarto) -> None:
    """A variant is not written over the official edition."""
    done = quarto("variant-without-a-folder")
    assert done.returncode == 1
    assert "a render with parameters would be written over the official edition." in done.stderr


def test_parameters_are_read_off_quartos_command_line(review: Path, quarto: Quarto) -> None:
    """`quarto render -P` reaches the chapters, though Quarto tells its hooks nothing of it."""
    done = quarto("variant")
    assert done.returncode == 0, done.stderr
    text = " ".join((review / "_output/other/chapters/findings.html").read_text().split())
    assert "two papers" not in text
    note = re.search(r'<div class="variant-note".*?</div>', text)
    assert note is not None
    assert "A minimal review (variant: regions = Oceania)" in note[0]


def test_a_variant_leaves_the_published_figures(review: Path, quarto: Quarto) -> None:
    """`figures/` is the official edition's: a variant borrows it, and takes nothing over."""
    assert quarto("first").returncode == 0
    figures = review / "figures"
    before = {path.name: path.read_bytes() for path in figures.iterdir() if path.is_file()}
    assert any(name.startswith("fig-") for name in before)
    done = quarto("variant")
    assert done.returncode == 0, done.stderr
    assert before == {p.name: p.read_bytes() for p in figures.iterdir() if p.is_file()}


def test_a_variant_takes_no_file_that_no_build_made(review: Path, quarto: Quarto) -> None:
    """A figure that somebody put there by hand is refused before Quarto begins, and stays."""
    assert quarto("first").returncode == 0
    figure = next(iter((review / "figures").glob("fig-*.svg")))
    (review / "figures/.published").unlink()
    figure.write_text("by hand", "utf-8")
    done = quarto("variant")
    assert done.returncode != 0
    assert figure.name in done.stderr
    assert figure.read_text("utf-8") == "by hand"


def test_a_chapter_changed_after_the_hook_is_executed(review: Path, quarto: Quarto) -> None:
    """The filter executes what the pre-render script has not seen, as `quarto preview` asks."""
    quarto("first")
    edit(review, "chapters/findings.ipynb", "speak of outcomes", "speak of results")
    answer = json.loads(_filter(review).stdout)
    text = "".join(line for cell in answer["cells"] for line in cell["source"])
    assert "[two papers]{.value" in text
    assert "speak of results" in text


def test_the_filter_does_not_wait_for_the_build_that_called_quarto(
    review: Path, quarto: Quarto
) -> None:
    """A chapter saved while `reviewpress render` has Quarto at work is executed under its lock."""
    quarto("first")
    edit(review, "chapters/findings.ipynb", "speak of outcomes", "speak of results")
    lock = Lock(review / ".reviewpress" / BUILD, "report")
    assert lock.take()
    assert "speak of results" in _filter(review).stdout
    lock.release()


def test_the_filter_answers_with_lists_of_lines(review: Path, quarto: Quarto) -> None:
    """Quarto glues headings to text where a source is one string (fact 18)."""
    quarto("first")
    answer = json.loads(_filter(review).stdout)
    assert all(isinstance(cell["source"], list) for cell in answer["cells"])
    assert "papermill" not in json.dumps(answer["metadata"])


def test_the_filter_imports_the_standard_library_only(review: Path, quarto: Quarto) -> None:
    """An up-to-date run is found without importing reviewpress or anything installed."""
    quarto("first")
    done = _filter(review, "-I", "-X", "importtime")
    assert done.returncode == 0
    assert "json" in done.stderr
    for name in ("reviewpress", "yaml", "nbformat", "papermill"):
        assert name not in done.stderr


def test_the_filter_is_fast(review: Path, quarto: Quarto) -> None:
    """An up-to-date run takes the whole process less than 0.15 s.

    The process's own time is measured, best of five: a busy machine is not the filter's fault.
    """
    quarto("first")
    spent = []
    for _ in range(5):
        before = os.times()
        assert _filter(review).returncode == 0
        after = os.times()
        spent.append(
            after.children_user + after.children_system
            - before.children_user - before.children_system
        )  # fmt: skip
    assert min(spent) < 0.15


def test_both_key_functions_agree() -> None:
    """The filter's key of a notebook is the key that the handover uses."""
    spec = importlib.util.spec_from_file_location("executed", REPOSITORY / "scripts/executed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path in _notebooks(REPOSITORY / "chapters"):
        notebook = json.loads(path.read_bytes())
        own = key_of_notebook(notebook, "chapters")
        assert module.key_of_notebook(notebook, "chapters") == own


def test_the_key_sees_text_and_tags_but_no_outputs() -> None:
    """Outputs and counts leave the key as it is; text, tags and folder change it."""
    cell: dict[str, Any] = {"cell_type": "code", "source": ["a\n", "b"], "metadata": {}}
    key = key_of_notebook({"cells": [cell]}, "chapters")
    assert (
        key_of_notebook({"cells": [cell | {"source": "a\nb", "outputs": [1]}]}, "chapters") == key
    )
    tagged = cell | {"metadata": {"tags": ["parameters"]}}
    assert key_of_notebook({"cells": [tagged]}, "chapters") != key
    assert key_of_notebook({"cells": [cell]}, "other") != key


def test_without_reviewpress_the_hook_says_what_to_do(review: Path) -> None:
    """A Python that lacks reviewpress gives no traceback."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "scripts/pre_render.py"], cwd=review,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "set QUARTO_PYTHON" in done.stderr
    assert "Traceback" not in done.stderr


def _filter(review: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Call the notebook filter as Quarto does (fact 2)."""
    return subprocess.run(
        [sys.executable, *options, "../scripts/executed.py"],
        input=(review / "chapters" / "findings.ipynb").read_text(),
        cwd=review / "chapters",
        env={**os.environ, "QUARTO_PROJECT_DIR": str(review), "QUARTO_PROFILE": "report"},
        capture_output=True,
        text=True,
        check=False,
    )


def _notebooks(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.ipynb"))


def test_filters_write_in_the_language_of_the_review(review: Path, quarto: Quarto) -> None:
    """What the pre-render script hands over are the review's labels, its own among them."""
    made = quarto("french")
    assert made.returncode == 0, made.stderr
    pages = "".join(path.read_text() for path in (review / "_output").rglob("*.html"))
    assert "Références citées sur cette page" in pages
    assert "À retenir" in pages
    assert "References cited" not in pages
    assert "Key message" not in pages


def test_nobody_knows_what_quarto_would_make_of_another_answer(
    review: Path, quarto: Quarto
) -> None:
    """The player refuses what was not recorded: another project, command or answer."""
    edit(review, "index.qmd", "Made-up papers", "Real papers")
    assert quarto("first").returncode == 70
    edit(review, "index.qmd", "Real papers", "Made-up papers")
    done = subprocess.run(["quarto", "render", "--to", "pdf"], cwd=review, check=False)
    assert done.returncode == 70
    script = review / "scripts" / "executed.py"
    script.write_text("import sys\nprint(sys.stdin.read())\n")
    assert quarto("first").returncode == 70
