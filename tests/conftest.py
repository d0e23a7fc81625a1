"""Fixtures that many tests share: small reviews, the command line, the flagship, tools."""

import fcntl
import gc
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from reviewpress.checks.release.wcag import open_browser, serve_folder
from reviewpress.store.output_folder import write_list

# A busy machine is no failure.
settings.register_profile("reviewpress", deadline=None)
settings.load_profile("reviewpress")

# A shell switches Ctrl-C off for what runs in the background, and what is started inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).resolve().parents[1]
# What tests of Quarto play and compare is read by the scripts that record and compare it.
sys.path[:0] = [
    str(REPOSITORY / "scripts"),
    str(REPOSITORY / "tests" / "fake_quarto"),
    str(REPOSITORY / "tests" / "rendered"),
]
PROJECTS = Path(__file__).resolve().parent / "projects"
LAST_GOOD = "<!doctype html>\n<title>The last good edition</title>\n"
ALL_FORMATS = ("html", "typst", "docx")

MakeProject = Callable[..., Path]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: exit status, standard output, standard error."""

    status: int
    stdout: str
    stderr: str


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: it would look at all that the tests before left, too."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def kept_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `.reviewpress` of the minimal review, built once a test run in every format."""
    shared = _shared_folder(tmp_path_factory)
    root = shared / "minimal"
    with _lock(shared / "minimal.lock"):
        if not (root / "built").is_file():
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(PROJECTS / "minimal", root)
            _set_formats(root, ALL_FORMATS)
            _run_reviewpress("render", "--engine", "pandoc", cwd=root)
            shutil.rmtree(root / ".reviewpress" / "builds")
            (root / "built").touch()
    return root / ".reviewpress"


@pytest.fixture
def project(tmp_path: Path, kept_runs: Path) -> MakeProject:
    """Make a copy of a fixture review, with runs it can reuse and an edition made before.

    `project(name, files={…}, formats=("typst",), runs=True)`: `name` is laid over the minimal
    review; `files` maps paths to texts laid over both; without `runs` nothing is kept from
    earlier builds.
    """

    def make(
        name: str = "minimal",
        *,
        files: Mapping[str, str] | None = None,
        formats: Sequence[str] = (),
        runs: bool = True,
        folder: str = "review",
    ) -> Path:
        root = tmp_path / folder
        shutil.copytree(PROJECTS / "minimal", root)
        if name != "minimal":
            shutil.copytree(PROJECTS / name, root, dirs_exist_ok=True)
        (root / "expected.yml").unlink(missing_ok=True)
        for path, text in (files or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        if formats:
            _set_formats(root, formats)
        for edition in ("report", "summary"):
            page = root / "_output" / edition / "index.html"
            page.parent.mkdir(parents=True)
            page.write_text(LAST_GOOD, encoding="utf-8")
            write_list(page.parent, edition)
        if runs:
            shutil.copytree(kept_runs, root / ".reviewpress")
        return root

    return make


@pytest.fixture(scope="session")
def small_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small review that Quarto was recorded with, made by the embedded engine."""
    from quarto_cases import lay_out, load_cases

    shared = _shared_folder(tmp_path_factory)
    root = shared / "small-review"
    with _lock(shared / "small-review.lock"):
        if not (root / "built").is_file():
            shutil.rmtree(root, ignore_errors=True)
            lay_out(load_cases()["small-review"], root)
            _run_reviewpress("render", "--engine", "pandoc", cwd=root)
            shutil.rmtree(root / ".reviewpress" / "builds")
            (root / "built").touch()
    return root


@pytest.fixture
def recorded_review(tmp_path: Path, small_review: Path) -> Path:
    """A copy of the small review that Quarto was recorded with, its runs kept, nothing rendered."""
    root = Path(shutil.copytree(small_review, tmp_path / "review"))
    for name in ("_output", "figures"):
        shutil.rmtree(root / name)
    return root


@pytest.fixture(scope="session")
def by_quarto(tmp_path_factory: pytest.TempPathFactory, small_review: Path) -> Path:
    """The small review's report by our Quarto engine, of what the real Quarto was seen to make."""
    shared = _shared_folder(tmp_path_factory)
    root = shared / "small-review-by-quarto"
    with _lock(shared / "small-review.lock"):
        if not (root / "done").is_file():
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(small_review, root)
            environment = os.environ | put_player(shared / "player")
            _run_reviewpress("render", "--engine", "quarto", cwd=root, environment=environment)
            (root / "done").touch()
    return root / "_output" / "report"


def put_player(folder: Path) -> dict[str, str]:
    """Put the player of Quarto's recordings into a folder; return the environment that has it."""
    program = REPOSITORY / "tests" / "fake_quarto" / "player.py"
    folder.mkdir(exist_ok=True)
    (folder / "quarto").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
    (folder / "quarto").chmod(0o755)
    return {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PLAY_CASE": str(REPOSITORY / "tests" / "quarto_recordings" / "small-review"),
    }


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the player of the small review's recordings on PATH; return the file of its calls."""
    for name, value in put_player(tmp_path / "bin").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLAY_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


@pytest.fixture
def reviewpress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Run the command line in this process: `reviewpress("render --to html", cwd=root)`."""

    def run(arguments: str | Sequence[str], *, cwd: Path) -> Outcome:
        from reviewpress.cli import main

        monkeypatch.chdir(cwd)
        capsys.readouterr()
        status = 0
        try:
            main(arguments.split() if isinstance(arguments, str) else list(arguments))
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        said = capsys.readouterr()
        return Outcome(status, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both editions of the repository's own review, brought up to date: folders by name."""
    with _lock(_shared_folder(tmp_path_factory) / "flagship.lock"):
        _run_reviewpress(
            "render", "--profile", "report,summary", "--engine", "pandoc", cwd=REPOSITORY
        )
    return {name: REPOSITORY / "_output" / name for name in ("report", "summary")}


@pytest.fixture(scope="session")
def browser() -> str:
    """Path of a Chromium to drive; the test is skipped, or fails in CI, where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    tell_missing("chromium")
    raise AssertionError


@pytest.fixture(scope="module")
def window(browser: str) -> Iterator[Any]:
    """One Chromium for the tests of a file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def site(flagship: dict[str, Path]) -> Iterator[str]:
    """The address of the report's pages."""
    with serve_folder(flagship["report"]) as address:
        yield address


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    """A new page, 1280 pixels wide."""
    context = window.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Any, str], None]:
    """Wait for an expression to hold; the pages' policy forbids Playwright's own way to wait."""

    def wait(page: Any, expression: str) -> None:
        for _ in range(200):
            if page.evaluate(expression):
                return
            page.wait_for_timeout(50)
        pytest.fail(f"never came to be: {expression}")

    return wait


@pytest.fixture(scope="session")
def load_script() -> Callable[[str], ModuleType]:
    """Import a file of `scripts/` by its name, which is in no package."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, REPOSITORY / "scripts" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def missing_tool() -> Callable[[str], None]:
    """Say that a tool is missing: a skip with its reason, in CI a failure (Quarto apart)."""
    return tell_missing


@pytest.fixture(scope="session")
def tool(missing_tool: Callable[[str], None]) -> Callable[[str], str]:
    """Return the path of a program that a test needs, or end the test where it is missing."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            missing_tool(name)
        return str(path)

    return find


def tell_missing(name: str) -> None:
    """Skip the test, or fail it in CI, for a tool that is not installed."""
    reason = f"{name} is not installed"
    if os.environ.get("CI") and name != "quarto":
        pytest.fail(reason)
    pytest.skip(reason)


def _set_formats(root: Path, formats: Sequence[str]) -> None:
    for edition in ("report", "summary"):
        path = root / f"_quarto-{edition}.yml"
        text = path.read_text(encoding="utf-8").partition("format:")[0]
        lines = "".join(f"  reviewpress-{name}: default\n" for name in formats)
        path.write_text(f"{text}format:\n{lines}", encoding="utf-8")


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of one test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run_reviewpress(
    *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None
) -> None:
    command = [sys.executable, "-m", "reviewpress.cli", *arguments]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        pytest.fail(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
