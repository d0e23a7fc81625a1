"""Builds: what they make, what they leave alone, what they do again and what they do not."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from reviewpress.build import build
from reviewpress.cli.engines import choose_engine
from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.formats.pandoc_engine import PandocEngine

Run = Callable[..., Any]
CHAPTER = "chapters/findings.ipynb"


def last_good(root: Path) -> bool:
    """Say whether the edition made before is still there."""
    text = (root / "_output/report/index.html").read_text("utf-8")
    return "The last good edition" in text


def change_cell(root: Path, number: int, change: Callable[[str], str]) -> None:
    """Change the source of a cell of the minimal review's chapter; cells count from 0."""
    path = root / CHAPTER
    notebook = json.loads(path.read_text("utf-8"))
    source = change("".join(notebook["cells"][number]["source"]))
    notebook["cells"][number]["source"] = source.splitlines(keepends=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def executed(root: Path, profile: str | None = None) -> tuple[str, ...] | None:
    """Build and return the chapters that a kernel was started for, None if nothing was done."""
    with PlainDisplay() as display:
        built = build(load_config(root, profile), engine=choose_engine("pandoc"), progress=display)
    return None if built.fresh else built.executed


def output_bytes(root: Path, edition: str = "report") -> dict[str, bytes]:
    folder = root / "_output" / edition
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def page_of(root: Path, edition: str, page: str) -> str:
    return (root / "_output" / edition / page).read_text("utf-8")


# What is done again


def test_an_unchanged_review_is_not_built_again(project: Any, reviewpress: Run) -> None:
    """The second build says so, and starts nothing."""
    root = project()
    assert reviewpress("render --engine pandoc", cwd=root).stdout == "_output/report written\n"
    again = reviewpress("render --engine pandoc", cwd=root)
    assert again.stdout == "_output/report is up to date\n"
    assert again.stderr == ""


def test_a_comma_starts_no_kernel(project: Any) -> None:
    """Prose is merged into the run that is there, and stands on the page."""
    root = project()
    assert executed(root) == ()
    change_cell(root, 0, lambda text: text.replace("found.", "found, at last."))
    assert executed(root) == ()
    assert "found, at last." in (root / "_output/report/chapters/findings.html").read_text("utf-8")


def test_a_changed_expression_runs_its_chapter(project: Any) -> None:
    """A live value is code."""
    root = project()
    change_cell(root, 3, lambda text: text.replace('"paper")', '"record")'))
    assert executed(root) == (CHAPTER,)


def test_a_changed_table_runs_only_chapters_that_read_it(project: Any) -> None:
    """Of two notebooks, the one that reads the changed table is executed again."""
    other = json.loads((Path(__file__).parent / "projects/minimal" / CHAPTER).read_text("utf-8"))
    other["cells"] = other["cells"][:1]
    other["cells"][0]["source"] = ["# Another {#sec-another}\n", "\n", "`{python} 1 + 1` words."]
    listed = "    - chapters/findings.ipynb\n    - chapters/another.ipynb\n"
    text = (Path(__file__).parent / "projects/minimal/_quarto-report.yml").read_text("utf-8")
    root = project(
        files={
            "chapters/another.ipynb": json.dumps(other),
            "_quarto-report.yml": text.replace("    - chapters/findings.ipynb\n", listed),
        }
    )
    assert executed(root) == ("chapters/another.ipynb",)
    papers = root / "data/papers.csv"
    papers.write_text(papers.read_text("utf-8").replace("Scotland", "Europe"), encoding="utf-8")
    assert executed(root) == (CHAPTER,)
    assert executed(root) is None


def test_a_touched_file_is_no_change(project: Any) -> None:
    """A new time with the old content builds nothing."""
    root = project()
    executed(root)
    os.utime(root / "data/papers.csv")
    assert executed(root) is None


def test_an_edition_that_was_edited_is_made_again(project: Any) -> None:
    """What someone changed in the output is put right."""
    root = project()
    executed(root)
    page = root / "_output/report/index.html"
    page.write_text("Edited", encoding="utf-8")
    assert executed(root) == ()
    assert "Made-up papers" in page.read_text("utf-8")


# What is made


def test_same_inputs_same_bytes(project: Any) -> None:
    """Every file of an edition is the same, made in another folder, run anew."""
    one = project(formats=("html", "typst", "docx"), folder="one")
    two = project(formats=("html", "typst", "docx"), folder="another folder", runs=False)
    executed(one)
    assert executed(two) == (CHAPTER,)
    first, second = output_bytes(one), output_bytes(two)
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} == set()
    assert {"report.pdf", "report.docx", "index.html"} <= first.keys()


def test_one_format_leaves_the_others(project: Any, reviewpress: Run) -> None:
    """`--to typst` makes the PDF anew and keeps the pages of before."""
    root = project(formats=("html", "typst"))
    outcome = reviewpress("render --engine pandoc --to typst", cwd=root)
    assert outcome.status == 0
    assert (root / "_output/report/report.pdf").read_bytes().startswith(b"%PDF")
    assert last_good(root)


def test_a_variant_stands_beside_the_official_edition(project: Any, reviewpress: Run) -> None:
    """Parameters make a labelled edition of their own; the official one stays."""
    root = project(formats=("html",))
    outcome = reviewpress("render --engine pandoc -P regions:Oceania", cwd=root)
    assert outcome.status == 0, outcome.stderr
    assert outcome.stdout == "_output/report-regions=Oceania written\n"
    page = page_of(root, "report-regions=Oceania", "chapters/findings.html")
    assert "One paper" in page or "one paper" in page
    assert "regions = Oceania" in (page_of(root, "report-regions=Oceania", "index.html"))
    assert last_good(root)


def test_both_editions_are_made_by_one_command(project: Any, reviewpress: Run) -> None:
    """The summary gathers the report's key messages."""
    root = project()
    outcome = reviewpress("render --profile report,summary --engine pandoc", cwd=root)
    assert outcome.stdout == "_output/report written\n_output/summary written\n"
    assert "Joined services helped" in (root / "_output/summary/chapters/summary.html").read_text()


def test_the_folder_of_another_edition_is_not_taken_for_its_own(
    project: Any, reviewpress: Run
) -> None:
    """Where two editions have one folder, the second is refused, not said to be up to date."""
    root = project()
    path = root / "_quarto-summary.yml"
    path.write_text(path.read_text("utf-8").replace("_output/summary", "_output/report"), "utf-8")
    assert reviewpress("render --engine pandoc --to html", cwd=root).status == 0
    outcome = reviewpress("render --profile summary --engine pandoc --to html", cwd=root)
    assert outcome.status == 1, outcome.stdout
    assert 'the output folder holds the edition "report"' in outcome.stderr
    assert (root / "_output/report/chapters/findings.html").is_file()


def test_an_edition_before_one_that_fails_is_made(project: Any, reviewpress: Run) -> None:
    """The next is prepared while the first is rendered: what is wrong with it stops it alone."""
    root = project()
    assert reviewpress("render --profile summary --engine pandoc", cwd=root).status == 0
    summary = output_bytes(root, "summary")
    path = root / "chapters/summary.qmd"
    path.write_text(path.read_text("utf-8") + "\nSee [@nobody2020].\n", encoding="utf-8")
    outcome = reviewpress("render --profile report,summary --engine pandoc", cwd=root)
    assert outcome.status == 1
    assert "@nobody2020 is not in the bibliography" in outcome.stderr
    assert outcome.stdout == "_output/report written\n"
    assert "Joined services helped" in page_of(root, "report", "chapters/findings.html")
    assert output_bytes(root, "summary") == summary
    again = reviewpress("render --engine pandoc", cwd=root)
    assert again.stdout == "_output/report is up to date\n"


def test_what_is_wrong_with_the_data_is_told_before_what_is_wrong_with_a_chapter(
    project: Any, reviewpress: Run
) -> None:
    """Also where nothing is executed, and the data is read while chapters are."""
    root = project()
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    change_cell(root, 0, lambda text: text + "\n{{< nonsense >}}\n")
    only = reviewpress("render --engine pandoc", cwd=root)
    assert only.status == 1
    assert "nonsense" in only.stderr
    # Read by no chapter: its run holds.
    findings = root / "data/findings.csv"
    findings.write_text(findings.read_text("utf-8").replace("Outcomes", "Outcoms"), "utf-8")
    both = reviewpress("render --engine pandoc", cwd=root)
    assert both.status == 1
    assert '"Outcoms"' in both.stderr
    assert "running" not in both.stderr
    assert "nonsense" not in both.stderr


def test_published_figures_come_to_their_folder(project: Any, reviewpress: Run) -> None:
    """An official build copies what the chapters publish; what they no longer do is removed."""
    root = project("typed-claim", formats=("html",))
    figures = root / "figures"
    figures.mkdir()
    (figures / "README.md").write_text("By hand.\n", encoding="utf-8")
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    published = {path.name for path in figures.iterdir()} - {"README.md", ".published"}
    assert {"fig-papers.svg", "fig-papers.png", "fig-papers.csv"} < published
    change_cell(root, 5, lambda _: "print('no figure')")
    change_cell(root, 3, lambda text: text.replace(", and @fig-papers counts them", ""))
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    left = {"README.md", ".published"}
    assert {path.name for path in figures.iterdir()} == {*left, "tbl-papers.csv"}
    change_cell(root, 4, lambda _: "print('no table')")
    change_cell(root, 3, lambda text: text.replace("@tbl-papers lists them", "None is listed"))
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    assert {path.name for path in figures.iterdir()} == {"README.md"}


# What stops a build


def test_a_full_disk_in_the_output_folder(project: Any, tmp_path: Path) -> None:
    """A real full disk: status 2, one message, no traceback, the last edition still there."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    root = project()
    script = (
        'mount -t tmpfs -o size=100k tmpfs "$1/_output" || exit 99\n'
        'mkdir "$1/_output/report" && echo good > "$1/_output/report/index.html"\n'
        '"$2" -m reviewpress.cli render --engine pandoc "$1"; status=$?\n'
        'test "$(cat "$1/_output/report/index.html")" = good || exit 98\n'
        'test -z "$(ls -A "$1/_output" | grep -v report)" || exit 97\n'
        "exit $status"
    )
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", root]
    done = subprocess.run(
        [*map(str, command), sys.executable], capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 99) and "reviewpress" not in done.stdout + done.stderr:
        pytest.skip(f"no folder can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert "cannot be written: No space left on device." in done.stderr
    assert "The disk is full: free some space and try again." in done.stderr


def test_a_read_only_output_folder(project: Any, reviewpress: Run) -> None:
    """A folder in which nobody may write: status 2 and what to look at."""
    if not Path("/sys/kernel").is_dir():
        pytest.skip("/sys is not here to stand for a folder in which nobody may write")
    root = project()
    shutil.rmtree(root / "_output")
    (root / "_output").symlink_to("/sys/kernel")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 2
    assert "_output: cannot be written: " in outcome.stderr
    assert "You may not write there: look at the folder's permissions." in outcome.stderr


@pytest.mark.parametrize(
    ("kept", "words"),
    [("bib/references.bib", "import export.ris"), ("chapters/findings.ipynb", "tidy"),
     ("_quarto-report.yml", "rename findings results")],
)  # fmt: skip
def test_a_read_only_source_is_not_replaced(
    kept: str, words: str, project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder would let a new file take its place: who made it read-only wants it as it is."""
    root = project(runs=False, files={"export.ris": RECORDS[:70]})
    chapter = root / "chapters/findings.ipynb"
    chapter.write_text(chapter.read_text("utf-8").replace('"outputs": []', '"outputs": [ ]'))
    access = os.access
    # Root may write anywhere.
    refused = lambda path, mode: mode != os.W_OK or Path(path) != root / kept  # noqa: E731
    monkeypatch.setattr(os, "access", lambda path, mode: access(path, mode) and refused(path, mode))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    outcome = reviewpress(words, cwd=root)
    assert outcome.status == 2
    assert f"{kept}: cannot be written: Permission denied." in outcome.stderr
    assert "look at the file's permissions" in outcome.stderr
    assert not [path for path, content in before.items() if path.read_bytes() != content]


READ_ONLY = (
    "render --engine pandoc", "check", "tidy", "run chapters/findings.ipynb", "import export.ris",
    "new fresh",
)  # fmt: skip
RECORDS = "".join(f"TY  - JOUR\nTI  - A study of part {n}\nPY  - 2020\nER  -\n" for n in range(200))


@pytest.mark.parametrize("command", ["import export.ris", "new fresh"])
def test_a_full_disk_under_the_review(command: str, project: Any, tmp_path: Path) -> None:
    """Bibliography and log stay as they were, and no part of a new review is left."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    root = project(runs=False, files={"export.ris": RECORDS})
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=600k tmpfs "$1" || exit 99\n'
        'cp -r "$3/." "$1" && cd "$1" && cat /dev/zero > filled 2>/dev/null\n'
        "look() { find . -path ./.reviewpress -prune -o -type f -exec sha256sum {} +; }\n"
        'look > "$4"\n'
        f'"$2" -m reviewpress.cli {command}; status=$?\n'
        'look | diff - "$4" >&2 || exit 98\n'
        "exit $status"
    )
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", disk]
    done = subprocess.run(
        [*map(str, words), sys.executable, str(root), str(tmp_path / "before")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (1, 99) and "reviewpress" not in done.stdout + done.stderr:
        pytest.skip(f"no folder can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert "cannot be written: No space left on device." in done.stderr


def test_a_read_only_review(project: Any) -> None:
    """A review on a disk that is read-only: one message a command, and nothing is changed."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    root = project(runs=False, files={"export.ris": RECORDS})
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99; cd "$1"; '
    script += "; ".join(f'"$2" -m reviewpress.cli {command}; echo "$?"' for command in READ_ONLY)
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", root]
    done = subprocess.run(
        [*map(str, command), sys.executable], capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 99) and "cannot be written" not in done.stderr:
        pytest.skip(f"no folder can be mounted here: {done.stderr.strip()}")
    assert done.stdout.split() == ["2"] * len(READ_ONLY), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("cannot be written: Read-only file system.") == len(READ_ONLY)
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_fails_while_pages_are_written(
    number: int, project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an edition is never published; what was written of it is removed."""

    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number), "citation.bib")

    root = project()
    monkeypatch.setattr("reviewpress.formats.html.write_citation_files", fail)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 2
    assert f"cannot be written: {os.strerror(number)}." in outcome.stderr
    assert last_good(root)
    assert sorted(path.name for path in (root / "_output").iterdir()) == ["report", "summary"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_for_temporary_files(
    number: int, project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write into an open file does not say into which: both disks are named."""

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("reviewpress.pipeline.execute_runs", fail)
    outcome = reviewpress("check", cwd=project())
    assert outcome.status == 2
    assert f"error: a file cannot be written: {os.strerror(number)}." in outcome.stderr
    assert gettempdir() in outcome.stderr


def test_no_kernel(project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ipykernel nothing can run: status 2, and how to install it."""
    monkeypatch.setattr("reviewpress.notebooks.kernels.find_spec", lambda name: None)
    root = project(runs=False)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 2
    assert "there is no kernel: ipykernel is not installed." in outcome.stderr
    assert "pip install ipykernel" in outcome.stderr
    assert last_good(root)


def test_no_pandoc(project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandoc's wheel: status 2, and how to install it."""
    from reviewpress.programs import tools

    tools.find_pandoc.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    root = project(runs=False)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    monkeypatch.undo()
    assert outcome.status == 2
    assert "pandoc is not installed." in outcome.stderr
    assert "pip install pypandoc-binary" in outcome.stderr
    assert last_good(root)


# Ctrl-C


def interrupt(root: Path, ready: Callable[[str], bool]) -> tuple[int, str]:
    """Start a build, send Ctrl-C once a line of its progress is `ready`; return how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewpress.cli", "render", "--engine", "pandoc"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell may have switched the signal off for what runs in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    said = []
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if ready(line):
                os.killpg(process.pid, signal.SIGINT)
                break
        said += process.stderr.readlines()
    return process.returncode, "".join(said)


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    if status.parent.parent.joinpath("self").exists():
        return status.is_file() and "State:\tZ" not in status.read_text()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_interrupted_while_a_chapter_runs(project: Any, tmp_path: Path) -> None:
    """Ctrl-C ends the kernels, keeps no half run and leaves the last edition."""
    marker = tmp_path / "kernel"
    root = project()
    tell = f"pathlib.Path({str(marker)!r}).write_text(str(os.getpid()))"
    sleeper = f"import os, time, pathlib\n{tell}"
    change_cell(root, 2, lambda text: f"{text}\n{sleeper}\ntime.sleep(600)")
    before = set((root / ".reviewpress/runs").iterdir())

    def running(line: str) -> bool:
        deadline = time.monotonic() + 120
        while "running" in line and time.monotonic() < deadline:
            if marker.is_file() and marker.read_text():
                return True
            time.sleep(0.05)
        return False

    status, said = interrupt(root, running)
    assert (status, "Traceback" in said) == (130, False), said
    assert said.endswith("Interrupted. What was there before is untouched.\n")
    deadline = time.monotonic() + 20
    kernel = int(marker.read_text())
    while is_alive(kernel) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(kernel)
    assert last_good(root)
    assert set((root / ".reviewpress/runs").iterdir()) == before


def test_interrupted_when_all_but_its_place_is_made(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is rendered to the end after Ctrl-C does not take the place of the last edition."""
    root = project()
    render = PandocEngine.render

    def interrupt_and_render(engine: PandocEngine, manuscript: Any, folder: Path) -> None:
        # A thread pool that is interrupted while it starts this thread would not wait for it.
        time.sleep(0.2)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(0.2)
        render(engine, manuscript, folder)

    monkeypatch.setattr(PandocEngine, "render", interrupt_and_render)
    # A shell may have switched the signal off for what runs in the background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            executed(root)
    finally:
        signal.signal(signal.SIGINT, before)
    assert last_good(root)
    assert sorted(path.name for path in (root / "_output").iterdir()) == ["report", "summary"]


@pytest.mark.parametrize("step", ["Assembling", "Checking", "Rendering"])
def test_interrupted_in_a_later_step(step: str, project: Any) -> None:
    """Ctrl-C while the book is made leaves the last edition, and nothing beside it."""
    root = project(formats=("html", "typst", "docx"))
    for kept in ("pdf", "docx", "pages", "search"):
        shutil.rmtree(root / ".reviewpress" / kept)
    status, said = interrupt(root, lambda line: line.startswith(step))
    assert (status, "Traceback" in said) == (130, False), said
    assert said.endswith("Interrupted. What was there before is untouched.\n")
    assert last_good(root)
    assert sorted(path.name for path in (root / "_output").iterdir()) == ["report", "summary"]


def test_figures_named_as_resources_are_published_by_the_first_build(
    project: Any, reviewpress: Run
) -> None:
    """Where `figures/` holds nothing yet, and by the next build, which finds the files there."""
    root = project("typed-claim", formats=("html",))
    config = root / "_quarto.yml"
    named = "resources: [/figures/*.png, figures/fig-papers.csv]"
    config.write_text(
        config.read_text("utf-8").replace("project:\n", f"project:\n  {named}\n"), "utf-8"
    )

    def made() -> dict[str, bytes]:
        assert reviewpress("render --engine pandoc", cwd=root).status == 0
        out = root / "_output/report/figures"
        return {path.name: path.read_bytes() for path in out.iterdir()}

    first = made()
    assert {"fig-papers.png", "fig-papers.csv"} <= first.keys()
    assert list((root / "figures").glob("*.png"))
    shutil.rmtree(root / ".reviewpress")
    assert made() == first
