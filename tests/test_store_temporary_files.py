"""What is there only while something is written: it goes, also after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewpress.store.files import write_atomically, write_cached
from reviewpress.store.pruning import clear_leftovers
from reviewpress.store.temporary_files import (
    MARK,
    PREFIX,
    clear_folders,
    remove_if_left,
    reserve_file,
    temporary_folder,
)

KILLED = """
import os, signal, sys
from pathlib import Path
from reviewpress.store.temporary_files import reserve_file, reserve_folder
root = Path(sys.argv[1])
for name in ("bib/references.bib", "data/imports.csv", ".reviewpress/pages/x"):
    reserve_file(root / name)
reserve_folder(root / ".reviewpress/tmp", "run-")
reserve_folder(None, sys.argv[2])
os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_the_next_run_removes_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among sources, in the store and among temporary files; what an author wrote stays."""
    root, temporary = tmp_path / "review", tmp_path / "temporary"
    for folder in ("bib", "data"):
        (root / folder).mkdir(parents=True)
    (root / "bib/.references.bib-mine").write_text("mine", encoding="utf-8")
    temporary.mkdir()
    before = names(root)
    command = [sys.executable, "-c", KILLED, str(root), PREFIX]
    done = subprocess.run(command, env={"TMPDIR": str(temporary)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert sum(MARK in name for name in names(root)) == 3
    assert len(names(temporary)) == 1
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    clear_leftovers(root)
    assert [name for name in names(root) if name not in (".reviewpress", "tmp")] == before
    assert names(temporary) == []


def test_what_a_process_that_lives_is_writing_stays(tmp_path: Path) -> None:
    """A build beside this one is not disturbed."""
    handle, path = reserve_file(tmp_path / "references.bib")
    remove_if_left(path)
    assert path.is_file()
    with temporary_folder(tmp_path, "run-") as folder:
        clear_folders(tmp_path, "run-")
        assert folder.is_dir()
    assert not folder.exists()
    os.close(handle)
    remove_if_left(path)
    assert not path.exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link that looks like something of ours leads to what is another's."""
    goal = tmp_path / "goal"
    goal.mkdir()
    (goal / "mine").touch()
    (tmp_path / "run-x").symlink_to(goal)
    clear_folders(tmp_path, "run-")
    assert (goal / "mine").is_file()
    assert (tmp_path / "run-x").is_symlink()


def test_files_of_the_store_are_made_in_one_folder(tmp_path: Path) -> None:
    """Nobody has to look through the whole store for what was left."""
    path = tmp_path / ".reviewpress/pages/ab/cd"
    handle, made = reserve_file(path)
    assert made.parent == tmp_path / ".reviewpress/tmp"
    write_cached(path, b"x")
    write_atomically(tmp_path / "data/x.csv", b"y")
    assert path.read_bytes() == b"x"
    assert list((tmp_path / "data").iterdir()) == [tmp_path / "data/x.csv"]
    os.close(handle)
