"""The cases that `record_quarto.py` records and the tests play: projects, runs, changes to them.

`tests/quarto_recordings/cases.yml` lists them:

    <case>:
      project: <folder>             the folder to lay out, from `tests/`
      over: <folder>                a folder that is laid over it
      review: false                 it has neither scripts nor a review's keys
      runs:
        <run>:
          command: render --to …        `{staging}` is a folder under `_output/`
          edits: {<file>: {<before>: <after>}}   made before it and undone afterwards; `"": text`
                                                 makes a file
          environment: {…}              besides what Quarto gets otherwise
          keeps: trees, pages, files    what is kept besides `run.json`
          fresh: true                   without runs and pages of those before it
"""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
RECORDINGS = REPOSITORY / "tests" / "quarto_recordings"
EXTENSION = Path("_extensions") / "reviewpress"
STAGING = "_output/.staging-recorded"
SCRIPTS = ("pre_render", "executed", "post_render")

Edits = Mapping[str, Mapping[str, str]]

_STAGING = re.compile(r".*\.staging-\w+$")
_READ = ("_quarto*.yml", "_brand.yml", "*.qmd", "*.bib", "chapters/*", "data/*", "bib/*")


@dataclass(frozen=True, slots=True)
class Run:
    """One call of Quarto in a case's project, after the calls before it."""

    name: str
    command: tuple[str, ...]
    edits: Edits
    environment: Mapping[str, str]
    keeps: frozenset[str]
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A project with what is run in it."""

    name: str
    project: str
    over: str
    is_review: bool
    runs: tuple[Run, ...]


def load_cases() -> dict[str, Case]:
    """Return the cases by name."""
    listed = yaml.safe_load((RECORDINGS / "cases.yml").read_text(encoding="utf-8"))
    return {
        name: Case(
            name, case["project"], case.get("over", ""), case.get("review", True),
            tuple(_run(run, given) for run, given in case["runs"].items()),
        )
        for name, case in listed.items()
    }  # fmt: skip


def lay_out(case: Case, root: Path) -> None:
    """Write the project of a case into `root`."""
    shutil.copytree(RECORDINGS.parent / case.project, root, dirs_exist_ok=True)
    shutil.copytree(REPOSITORY / EXTENSION, root / EXTENSION, dirs_exist_ok=True)
    if case.is_review:
        (root / "scripts").mkdir(exist_ok=True)
        for name in SCRIPTS:
            shutil.copy(REPOSITORY / "scripts" / f"{name}.py", root / "scripts")
    if case.over:
        shutil.copytree(RECORDINGS.parent / case.over, root, dirs_exist_ok=True)


def make_edits(root: Path, edits: Edits) -> dict[Path, bytes | None]:
    """Change a project's files; return what they were before, None for those that are new."""
    before: dict[Path, bytes | None] = {}
    for name, changes in edits.items():
        path = root / name
        before[path] = path.read_bytes() if path.is_file() else None
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for old, new in changes.items():
            if old not in text:
                raise ValueError(f"{name} holds no {old!r}.")
            text = text.replace(old, new) if old else new
        path.write_text(text, encoding="utf-8")
    return before


@contextmanager
def edited(root: Path, edits: Edits) -> Iterator[None]:
    """Have a project's files changed for a while."""
    before = make_edits(root, edits)
    try:
        yield
    finally:
        for path, content in before.items():
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)


def state_of(root: Path) -> str:
    """Return a digest of all that Quarto's answer to a command depends on, the extension apart."""
    state = hashlib.sha256()
    files = {path for pattern in _READ for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        state.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for path in sorted((root / ".reviewpress" / "quarto").glob("*/variant.json")):
        if path.read_bytes() != b"{}":
            state.update(path.read_bytes())
    return state.hexdigest()


def plain_command(command: list[str]) -> list[str]:
    """Return a command with the engine's own folder called `{staging}`."""
    return ["{staging}" if _STAGING.match(word) else word for word in command]


def _run(name: str, given: Mapping[str, object]) -> Run:
    edits, environment = given.get("edits") or {}, given.get("environment") or {}
    if not isinstance(edits, dict) or not isinstance(environment, dict):
        raise ValueError(f"{name}: edits and environment are maps.")
    keeps = frozenset(str(given.get("keeps", "")).replace(",", " ").split())
    command = tuple(str(given["command"]).split())
    return Run(name, command, edits, environment, keeps, bool(given.get("fresh")))
