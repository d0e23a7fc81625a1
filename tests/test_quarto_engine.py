"""The Quarto engine: how it calls Quarto, and what it makes of Quarto's words.

Quarto is the player of what was recorded of the real one (`tests/fake_quarto/player.py`).
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from compare_pdf import read_pdf
from quarto_cases import RECORDINGS, load_cases, make_edits

from reviewpress.config import load_config
from reviewpress.errors import ConfigError, EngineError, Problems, SetupError
from reviewpress.figures.folder import publish_figures
from reviewpress.quarto.engine import QuartoEngine, Transcript, format_names
from reviewpress.store.output_folder import write_list
from reviewpress.tasks import Here

REPOSITORY = Path(__file__).resolve().parents[1]
RUNS = {run.name: run for run in load_cases()["small-review"].runs}


@pytest.fixture
def log(player: Path) -> Path:
    """The file of the player's calls."""
    return player


@pytest.fixture
def review(recorded_review: Path, player: Path) -> Path:
    """The small review that Quarto was recorded with, an edition of it made before."""
    page = recorded_review / "_output" / "report" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html>\n<title>The last good edition</title>\n")
    write_list(page.parent, "report")
    return recorded_review


def old_quarto(folder: Path, version: str) -> str:
    """Return a program that says its version as Quarto does, and can do no more."""
    program = folder / "old-quarto"
    program.write_text(f"#!/bin/sh\n[ $1 = --version ] && echo {version}\n")
    program.chmod(0o755)
    return str(program)


def calls(log: Path) -> list[list[str]]:
    """Return the renders that were asked for, without their output folder's random name."""
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    return [
        ["STAGING" if ".staging-" in word else word for word in entry["argv"]]
        for entry in entries
        if entry["argv"][0] == "render"
    ]


def test_one_render_makes_all_formats(
    review: Path, log: Path, reviewpress: Callable[..., Any]
) -> None:
    """All formats come of one call; their files have the names the embedded engine gives."""
    done = reviewpress("render --engine quarto", cwd=review)
    assert done.status == 0, done.stderr
    assert calls(log) == [["render", "--profile", "report", "--output-dir", "STAGING"]]
    made = {path.name for path in (review / "_output" / "report").iterdir()}
    assert {"index.html", "chapters", "report.pdf", "report.docx"} <= made


def test_what_quarto_leaves_out_is_put_in(review: Path, reviewpress: Callable[..., Any]) -> None:
    """The Word file has a filled contents list and the review's own brand."""
    make_edits(review, RUNS["by-engine-word-of-a-brand"].edits)
    done = reviewpress("render --engine quarto --to docx", cwd=review)
    assert done.status == 0, done.stderr
    with zipfile.ZipFile(review / "_output" / "report" / "report.docx") as archive:
        text = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    assert text.count('<w:docPartGallery w:val="Table of Contents"') == 1
    assert 'w:fldCharType="separate"/></w:r><w:hyperlink' in text
    assert "7b1e3a" in styles.lower()


def test_a_pdf_of_quarto_gets_header_cells(review: Path, reviewpress: Callable[..., Any]) -> None:
    """The cells that name a row, which Quarto's Typst does not mark (recorded 29 November 2026)."""
    scopes = {}
    for path in (RECORDINGS / "small-review" / "by-engine" / "made.pdf",
                 review / "_output" / "report" / "report.pdf"):  # fmt: skip
        if not path.is_file():
            assert reviewpress("render --engine quarto", cwd=review).status == 0
        scopes[path.name] = {scope for scope, _ in read_pdf(path)["scopes"]}
    assert scopes == {"made.pdf": {"Column"}, "report.pdf": {"Column", "Row"}}


def test_progress_is_passed_on(review: Path, reviewpress: Callable[..., Any]) -> None:
    """Quarto's progress is seen as it goes on."""
    done = reviewpress("render --engine quarto", cwd=review)
    assert "[2/3] chapters/findings.ipynb" in done.stderr


def test_the_hooks_leave_the_work_to_the_engine(review: Path, log: Path) -> None:
    """The engine tells the hooks that runs are handed over already."""
    _build(review)
    entry = json.loads(log.read_text().splitlines()[-1])
    assert entry["handed"] == "1"
    assert not (review / ".reviewpress" / "quarto" / "report" / "report.json").exists()


def test_some_formats_are_made_without_wiping_each_other(
    review: Path, log: Path, reviewpress: Callable[..., Any]
) -> None:
    """Two of three formats take two calls, the second with --no-clean (fact 7)."""
    done = reviewpress("render --engine quarto --to html,typst", cwd=review)
    assert done.status == 0, done.stderr
    first, second = calls(log)
    assert first[-2:] == ["--to", "reviewpress-html"]
    assert second[-3:] == ["--to", "reviewpress-typst", "--no-clean"]


def test_an_older_quarto_is_not_asked_for_two_pdf_standards(review: Path) -> None:
    """Quarto 1.9's Typst takes one standard: said before a render, which one alone passes (17)."""
    file = review / "_quarto-report.yml"
    asked: list[list[str]] = []

    def stream(command: list[str], **_: Any) -> int:
        asked.append(command)
        return 1

    engine = QuartoEngine(program=old_quarto(review.parent, "1.9.38"), stream=stream)
    with pytest.raises(ConfigError) as caught:
        engine.render(_manuscript(review), review / "_output" / "x")
    assert str(caught.value.where) == "_quarto-report.yml"
    assert "Quarto 1.9 makes a PDF of one standard, not of ua-1 and a-2a." in str(caught.value)
    assert "Write `pdf-standard: [ua-1]` under reviewpress-typst:" in caught.value.hint
    assert asked == []
    file.write_text(file.read_text().replace(", a-2a", ""))
    with pytest.raises(Problems):
        engine.render(_manuscript(review), review / "_output" / "x")
    assert len(asked) == 1


def test_a_quarto_that_is_too_old_is_refused(tmp_path: Path) -> None:
    """Before 1.9 there are no Typst books: the message says what to do."""
    with pytest.raises(SetupError, match=r"Quarto 1\.4\.550 is too old"):
        QuartoEngine(program=old_quarto(tmp_path, "1.4.550"))


def test_hooks_get_a_python_that_has_reviewpress(
    review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quarto is told which Python to use, unless somebody has said so."""
    given = []

    def stream(*_: Any, environment: dict[str, str], **__: Any) -> int:
        given.append(environment["QUARTO_PYTHON"])
        return 1

    for python in ("", "/opt/other/python"):
        monkeypatch.setenv("QUARTO_PYTHON", python)
        with pytest.raises(Problems):
            QuartoEngine(stream=stream).render(_manuscript(review), review / "_output" / "x")
    assert given == [sys.executable, "/opt/other/python"]


def test_a_variant_carries_its_title(
    review: Path, log: Path, reviewpress: Callable[..., Any]
) -> None:
    """A build with parameters is labelled, and written beside the official edition."""
    before = (review / "_output" / "report" / "index.html").read_text()
    done = reviewpress("render --engine quarto --to html -P regions:Oceania", cwd=review)
    assert done.status == 0, done.stderr
    # Quarto would give a `--metadata title:` to every chapter of the book.
    assert "--metadata" not in calls(log)[0]
    made = review / "_output" / "report-regions=Oceania"
    for page in ("index", "chapters/findings"):
        note = re.search(
            r'<div class="variant-note".*?</div>', (made / f"{page}.html").read_text(), re.S
        )
        assert note is not None, page
        assert "A minimal review (variant: regions = Oceania)" in " ".join(note[0].split())
    assert (review / "_output" / "report").joinpath("index.html").read_text() == before


def test_a_failure_leaves_the_last_edition(review: Path, reviewpress: Callable[..., Any]) -> None:
    """Quarto's error is ours, with the chapter; the edition that stood is untouched."""
    before = (review / "_output" / "report" / "index.html").read_text()
    make_edits(review, RUNS["by-engine-refused-by-typst"].edits)
    done = reviewpress("render --engine quarto", cwd=review)
    assert done.status == 1
    assert "no such thing" in done.stderr
    assert "\x1b[" not in done.stderr
    assert (review / "_output" / "report" / "index.html").read_text() == before
    assert not list((review / "_output").glob(".staging-*"))


def test_warnings_of_references_fail_the_render(review: Path) -> None:
    """Each WARN line of a reference is a problem with chapter and cell (facts 5, 30).

    The lines are those that Quarto printed of a book with such references.
    """
    run = json.loads((RECORDINGS / "foreign-faults" / "first" / "run.json").read_text())
    named = {"gone2018": "method2018", "tbl-gone": "tbl-papers", ".qmd": ".ipynb"}
    named |= {"chapters/references.ipynb": "chapters/references.qmd"}

    def stream(command: list[str], **options: Any) -> int:
        for line in run["printed"]:
            for before, after in named.items():
                line = line.replace(before, after)
            options["on_line"](line.replace("index.ipynb", "index.qmd"))
        return 0

    with pytest.raises(Problems) as caught:
        QuartoEngine(stream=stream).render(_manuscript(review), review / "_output" / "x")
    assert sorted((problem.rule, str(problem.where)) for problem in caught.value.problems) == [
        ("dead-link", "index.qmd, line 3"),
        ("unknown-citation", "chapters/findings.ipynb, cell 4"),
        ("unresolved-reference", "chapters/findings.ipynb, cell 4"),
    ]


def test_a_pdf_that_was_not_made_is_an_error(review: Path) -> None:
    """Quarto may end well and leave a format out."""
    folder = review / "_output" / "empty"
    folder.mkdir()
    with pytest.raises(EngineError, match="no PDF was made"):
        QuartoEngine(stream=lambda *_, **__: 0).render(_manuscript(review), folder)


def test_figures_of_the_official_build_stay(review: Path) -> None:
    """A failing render leaves `figures/` as it was."""
    manuscript = _manuscript(review)
    publish_figures(manuscript.book.config, {"new.svg": _file(review / "old.svg", "old")})
    figures = {path.name: path for path in [_file(review / "new.svg", "new")]}
    seen = []

    def stream(*_: Any, **__: Any) -> int:
        seen.append((review / "figures" / "new.svg").read_text())
        return 1

    from dataclasses import replace

    with pytest.raises(Problems):
        QuartoEngine(stream=stream).render(replace(manuscript, figures=figures), review / "_o")
    assert seen == ["new"]
    assert (review / "figures" / "new.svg").read_text() == "old"


def test_a_transcript_knows_the_chapter_of_each_word() -> None:
    """Warnings and errors belong to the chapter whose progress line came before."""
    said: list[str] = []
    transcript = Transcript(said.append)
    for line in ("[1/2] a.qmd", "WARN: one", "", "[2/2] b.qmd", "ERROR: two"):
        transcript.hear(line)
    assert transcript.warnings == [("a.qmd", "one")]
    assert transcript.errors == [("b.qmd", "two")]
    assert said == ["[1/2] a.qmd", "[2/2] b.qmd"]


def test_formats_keep_the_names_of_the_project() -> None:
    """`--to` takes the format as `_quarto.yml` names it."""
    given = {"reviewpress-html": "default", "reviewpress-typst": {}, "docx": {}}
    assert format_names(given, ("typst", "docx")) == ["reviewpress-typst", "docx"]


def test_setup_says_what_can_be_used(review: Path, reviewpress: Callable[..., Any]) -> None:
    """`check --setup` lists engines with their versions."""
    done = reviewpress("check --setup", cwd=review)
    assert done.status == 0, done.stderr
    assert "quarto: 1.10.18, usable" in done.stdout
    assert "pandoc: " in done.stdout


def test_setup_says_what_to_do_without_quarto(
    review: Path, monkeypatch: pytest.MonkeyPatch, reviewpress: Callable[..., Any]
) -> None:
    """Where Quarto is missing, the embedded engine is enough, and the message says so."""
    monkeypatch.setenv("PATH", "")
    done = reviewpress("check --setup", cwd=review)
    assert done.status == 0
    assert "quarto: not installed" in done.stdout


@pytest.mark.quarto
def test_the_real_quarto_renders_the_minimal_review(
    project: Callable[..., Path], tool: Callable[[str], str], reviewpress: Callable[..., Any]
) -> None:
    """With Quarto installed, the minimal review is the same from both engines."""
    program = tool("quarto")
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.strip()
    root = _ready(project(formats=("html", "typst", "docx")))
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    shutil.copytree(root / "_output" / "report", root / "embedded")
    done = reviewpress("render --engine quarto", cwd=root)
    assert done.status == 0, done.stderr
    compared = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "compare_engines.py", root / "embedded",
         root / "_output" / "report"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert compared.returncode == 0, compared.stdout


@pytest.mark.quarto
def test_the_real_quarto_tells_the_whole_report_alike(
    flagship: dict[str, Path], tool: Callable[[str], str], tmp_path: Path
) -> None:
    """With Quarto installed, both editions of the repository's review agree between engines."""
    program = tool("quarto")
    for name, embedded in flagship.items():
        folder = REPOSITORY / "_output" / f".compare-{name}"
        command = [program, "render", "--profile", name, "--output-dir", str(folder)]
        try:
            subprocess.run(command, cwd=REPOSITORY, check=True)
            compare = [sys.executable, REPOSITORY / "scripts" / "compare_engines.py"]
            done = subprocess.run(
                [*compare, embedded, folder], capture_output=True, text=True, check=False
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        assert done.returncode == 0, done.stdout


def _ready(root: Path) -> Path:
    """Give a review what Quarto needs: the extension, the scripts and the keys that call them."""
    shutil.copytree(REPOSITORY / "_extensions", root / "_extensions")
    (root / "scripts").mkdir()
    for name in ("executed", "pre_render", "post_render"):
        shutil.copy(REPOSITORY / "scripts" / f"{name}.py", root / "scripts")
    file = root / "_quarto.yml"
    config = yaml.safe_load(file.read_text())
    config["project"] |= {
        "pre-render": "scripts/pre_render.py",
        "post-render": "scripts/post_render.py",
    }
    config["execute"] |= {"ipynb-filters": ["../scripts/executed.py"]}
    file.write_text(yaml.safe_dump(config, sort_keys=False))
    return root


def _build(review: Path) -> None:
    folder = review / "_output" / ".staging-test"
    folder.mkdir()
    QuartoEngine().render(_manuscript(review), folder)


def _manuscript(review: Path) -> Any:
    from reviewpress.display import PlainDisplay
    from reviewpress.pipeline import assemble_edition, execute_runs, plan_runs

    config = load_config(review)
    runs = execute_runs(
        plan_runs(config, parameters={}), config, tasks=Here(1), progress=PlainDisplay()
    )
    return assemble_edition(config, runs)


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path
