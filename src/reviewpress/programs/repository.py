"""What git says of the folder of a review, where there is a repository, and its older states."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewpress.errors import EngineError, SetupError
from reviewpress.programs.tools import run_program
from reviewpress.store.temporary_files import temporary_folder

_GIT = ("git", "--no-optional-locks", "-c", "core.quotePath=false")


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit of a review, and which of some files it does not have as they are."""

    name: str
    changed: tuple[str, ...]


def last_commit(root: Path, files: Collection[str]) -> Commit | None:
    """Return the commit that a review is at, None where there is none; nothing is written.

    Files that git ignores or does not know are changed ones. Where no folder above is a repository,
    git is not started.
    """
    if not _may_be_known(root):
        return None
    try:
        name = _git(root, "rev-parse", "--verify", "HEAD").strip()
        known = set(_names(_git(root, "ls-files", "-z")))
        changed = set(_names(_git(root, "diff", "--name-only", "--relative", "-z", "HEAD")))
    except (EngineError, SetupError):
        return None
    lacking = (file for file in files if file not in known or file in changed)
    return Commit(name, tuple(sorted(lacking)))


def find_commit(root: Path, name: str) -> str:
    """Return the whole name of a commit, however it is called; empty where there is none."""
    try:
        words = ("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        return _git(root, *words).strip()
    except (EngineError, SetupError):
        return ""


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Give the review as a commit has it, in a worktree of git's that is removed at the end."""
    within = _git(root, "rev-parse", "--show-prefix").strip()
    with temporary_folder() as folder:
        place = folder / "review"
        _git(root, "worktree", "add", "--detach", "--quiet", str(place), commit)
        try:
            yield place / within
        finally:
            shutil.rmtree(place, ignore_errors=True)
            _git(root, "worktree", "prune")


def _may_be_known(root: Path) -> bool:
    place = root.resolve()
    named = "GIT_DIR" in os.environ
    return named or any((folder / ".git").exists() for folder in (place, *place.parents))


def _git(root: Path, *words: str) -> str:
    return run_program([*_GIT, *words], "", folder=root, name="git", seconds=60)


def _names(listed: str) -> list[str]:
    return [name for name in listed.split("\0") if name]
