"""A review that an earlier version made renders, and is brought up to date on request.

`made-with-0.1.0` is what `reviewpress new` wrote at version 0.1.0. Its fonts are those of the
repository, which have not changed since.
"""

import ast
import hashlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parent / "projects" / "made-with-0.1.0"
EXTENSION = Path(__file__).parents[1] / "_extensions" / "reviewpress"
COPY = Path("_extensions") / "reviewpress"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A review as version 0.1.0 made it."""
    root = tmp_path / "old"
    shutil.copytree(PROJECT, root)
    shutil.copytree(EXTENSION / "fonts", root / COPY / "fonts")
    return root


def sources(root: Path) -> dict[str, str]:
    """Return the files of a review as hashes, without what is made and without the extension."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.relative_to(root).parts[0]
        not in ("_output", ".reviewpress", "_extensions", "figures")
    }


def test_a_review_made_with_0_1_0_renders(old: Path, reviewpress: Callable[..., Any]) -> None:
    """It is made in all formats, and one warning says what to do about its extension."""
    before = sources(old)
    outcome = reviewpress("render --engine pandoc", cwd=old)
    assert outcome.status == 0, outcome.stderr
    made = {path.name for path in (old / "_output/report").iterdir()}
    assert {"index.html", "report.pdf", "report.docx"} <= made
    assert outcome.stderr.count("the copy of the extension is of version 0.1.0") == 1
    assert sources(old) == before


def test_tidy_replaces_the_extension_of_an_earlier_version(
    old: Path, reviewpress: Callable[..., Any]
) -> None:
    """The whole folder becomes this version's; nothing else is touched, and the warning is gone."""
    before = sources(old)
    outcome = reviewpress("tidy", cwd=old)
    assert outcome.status == 0, outcome.stderr
    assert "_extensions/reviewpress tidied" in outcome.stdout
    assert sources(old) == before
    for path in EXTENSION.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = old / COPY / path.relative_to(EXTENSION)
            assert copy.read_bytes() == path.read_bytes(), copy
    assert "version 0.1.0" not in reviewpress("check", cwd=old).stderr
    assert "Nothing to tidy." in reviewpress("tidy", cwd=old).stdout


def test_tidy_keeps_an_extension_that_was_changed(
    old: Path, reviewpress: Callable[..., Any]
) -> None:
    """A team's own styles are not overwritten: they are told what to do."""
    style = old / COPY / "html" / "reviewpress.css"
    style.write_text(style.read_text("utf-8") + "\nbody { color: teal }\n", "utf-8")
    changed = style.read_bytes()
    outcome = reviewpress("tidy", cwd=old)
    assert outcome.status == 1
    assert "is not as version 0.1.0 had it: it was changed" in outcome.stderr
    assert style.read_bytes() == changed


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
import reviewpress.upgrade as upgrade
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(*((shutil, "copytree") if sys.argv[2] == "copy" else (upgrade, "replace_folder")), kill)
upgrade.update_copy(Path(sys.argv[1]))
"""


def test_a_disk_that_is_full_keeps_the_earlier_extension(
    old: Path, reviewpress: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message says so, and nothing is left over; a folder's copy fails with a list of files."""
    kept = sorted((old / COPY).rglob("*"))

    def full(source: Path, goal: Path, **options: Any) -> None:
        goal.mkdir(parents=True)
        raise shutil.Error([(str(source), str(goal / "a"), "[Errno 28] No space left on device")])

    monkeypatch.setattr("reviewpress.upgrade.shutil.copytree", full)
    outcome = reviewpress("tidy", cwd=old)
    assert outcome.status == 2
    assert "_extensions/reviewpress: cannot be written: No space left on device." in outcome.stderr
    assert sorted((old / COPY).rglob("*")) == kept
    assert not list(old.glob(".extension-*"))


@pytest.mark.parametrize("moment", ["copy", "swap"])
@pytest.mark.parametrize("verb", ["tidy", "check"])
def test_what_a_killed_tidy_left_is_removed(
    verb: str, moment: str, old: Path, reviewpress: Callable[..., Any]
) -> None:
    """By whichever verb comes next; the copy is whole before and after."""
    before = {path: path.read_bytes() for path in (old / COPY).rglob("*") if path.is_file()}
    done = subprocess.run([sys.executable, "-c", KILLED, str(old), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(old.glob(".extension-*"))) == 1
    assert all(path.read_bytes() == content for path, content in before.items())
    assert reviewpress(verb, cwd=old).status == 0
    assert list(old.glob(".extension-*")) == []


def test_a_copy_that_was_set_aside_comes_back(old: Path, reviewpress: Callable[..., Any]) -> None:
    """Where names cannot be exchanged, a kill between the two renames loses nothing."""
    os.rename(old / COPY, (old / COPY).with_name(".reviewpress.old"))
    assert "_extensions/reviewpress tidied" in reviewpress("tidy", cwd=old).stdout
    assert [path.name for path in (old / COPY).parent.iterdir()] == ["reviewpress"]


def test_scripts_of_0_1_0_find_what_quarto_calls() -> None:
    """The scripts that 0.1.0 copied into a review import the hooks from where they were."""
    names = set()
    for script in sorted((PROJECT / "scripts").glob("*.py")):
        for node in ast.walk(ast.parse(script.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("reviewpress"):
                module = importlib.import_module(str(node.module))
                names |= {alias.name for alias in node.names if hasattr(module, alias.name)}
    assert names == {"pre_render", "post_render", "execute_notebook"}
