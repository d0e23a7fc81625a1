"""Files and folders: whole or not at all."""

import errno
import os
import re
import shutil
import threading
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.store import files
from reviewpress.store.files import (
    cannot_write,
    flush_tree,
    replace_folder,
    share_unchanged,
    write_atomically,
)


def folder(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "file").write_text(text, encoding="utf-8")
    return path


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """Folders are made, the content is whole, everybody may read it."""
    path = tmp_path / "a/b/c.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    """A bibliography that is shared by a link, or that a group may write, stays so."""
    path, link = tmp_path / "shared/references.bib", tmp_path / "references.bib"
    write_atomically(path, b"one")
    path.chmod(0o664)
    link.symlink_to(path)
    write_atomically(link, b"two")
    assert link.is_symlink()
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o664


def test_a_folder_that_cannot_be_copied_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Copying a folder gives all its failures in one error: the reason is told once."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a")
    error = shutil.Error([("a", "b", str(full)), ("c", "d", str(full))])
    (problem,) = cannot_write(tmp_path, error).problems
    assert problem.message == "cannot be written: No space left on device."
    assert problem.hint.startswith("The disk is full")


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old content stays, nothing half written lies about, the place is named."""
    path = tmp_path / "c.txt"
    path.write_bytes(b"old")

    def full(handle: int, mode: str) -> None:
        os.close(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fdopen", full)
    with pytest.raises(SetupError) as caught:
        write_atomically(path, b"new")
    assert str(caught.value).startswith(f"{path}: cannot be written: No space left on device. ")
    assert caught.value.exit_status == 2
    assert [item.name for item in tmp_path.iterdir()] == ["c.txt"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_takes_anothers_place(
    exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a system exchanges names and where it does not, nothing of the old one is left."""
    if not exchange:
        monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    place = tmp_path / "out/report"
    replace_folder(folder(tmp_path / "first", "1"), place)
    assert (place / "file").read_text() == "1"
    (place / "old").touch()
    replace_folder(folder(tmp_path / "second", "2"), place)
    assert [path.name for path in place.iterdir()] == ["file"]
    assert (place / "file").read_text() == "2"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "out", "report"]


def test_there_always_is_a_folder_to_read(tmp_path: Path) -> None:
    """A reader never finds the place empty while folders replace one another."""
    place = folder(tmp_path / "place", "0")
    if not files._exchange(folder(tmp_path / "a", "a"), folder(tmp_path / "b", "b")):
        pytest.skip("this system cannot exchange two names")
    stop, missing = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            if not (place / "file").is_file():
                missing.append(1)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(50):
        replace_folder(folder(tmp_path / f"new{number}", str(number)), place)
    stop.set()
    reader.join()
    # A path is looked up in steps: the folder may be exchanged between them, and then removed.
    assert (place / "file").read_text() == "49"
    assert len(missing) < 25


def test_what_is_unchanged_is_the_same_file_again(tmp_path: Path) -> None:
    """Of an edition only what differs is new on the disk; what is read from it is the new one."""
    old, new = tmp_path / "old", tmp_path / "new"
    for root, other in ((old, "a"), (new, "b")):
        (root / "in").mkdir(parents=True)
        (root / "in/same.css").write_text("p {}")
        (root / "in/other.css").write_text(other)
        (root / "in/private.css").write_text("p {}")
        (root / f"only-{other}").write_text("")
    (old / "in/private.css").chmod(0o600)
    (old / "in/link.css").symlink_to("same.css")
    (new / "in/link.css").write_text("p {}")
    share_unchanged(new, old)
    found = sorted(path for path in new.rglob("*") if path.is_file())
    names = [path.relative_to(new).as_posix() for path in found]
    assert names == ["in/link.css", "in/other.css", "in/private.css", "in/same.css", "only-b"]
    shared = [path.name for path in found if path.stat().st_nlink == 2]
    assert shared == ["same.css"]
    replace_folder(new, old)
    assert (old / "in/other.css").read_text() == "b"
    assert (old / "in/same.css").stat().st_nlink == 1
    assert (old / "in/private.css").stat().st_mode & 0o777 == 0o644


def test_a_link_that_finds_no_place_is_left_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails between two steps leaves the edition as it was written, and no more."""

    def refuse(self: Path, other: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    old, new = folder(tmp_path / "old", "same"), folder(tmp_path / "new", "same")
    monkeypatch.setattr(Path, "replace", refuse)
    share_unchanged(new, old)
    assert [(path.name, path.read_text()) for path in new.iterdir()] == [("file", "same")]


def test_without_links_an_edition_is_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system that has no links is no reason to fail, nor to lose a file."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    old, new = folder(tmp_path / "old", "same"), folder(tmp_path / "new", "same")
    monkeypatch.setattr(files.os, "link", refuse)
    share_unchanged(new, old)
    assert [path.read_text() for path in new.iterdir()] == ["same"]


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "The disk is full: free some space and try again."),
        (errno.EDQUOT, "Your disk quota is used up: free some space and try again."),
        (errno.EROFS, "The disk is read-only."),
        (errno.EACCES, "You may not write there: look at the folder's permissions."),
        (errno.EIO, ""),
    ],
)
def test_why_a_file_cannot_be_written(number: int, hint: str) -> None:
    """The system's reason in its words, what to do in ours."""
    error = cannot_write(Path("x"), OSError(number, os.strerror(number)))
    assert error.message == f"cannot be written: {os.strerror(number)}."
    assert error.hint == hint


@pytest.mark.parametrize(
    ("number", "is_lost"),
    [(errno.ENOSPC, True), (errno.EIO, True), (errno.EDQUOT, True), (errno.EINVAL, False)],
)
def test_a_disk_that_is_full_only_when_it_is_flushed(
    number: int, is_lost: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network disk may take a file first, and say later that there was no room for it."""
    (tmp_path / "file").write_text("new")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    if not is_lost:
        flush_tree(tmp_path)
        return
    with pytest.raises(OSError, match=re.escape(os.strerror(number))) as raised:
        flush_tree(tmp_path)
    assert raised.value.filename == str(tmp_path / "file")


def test_what_may_not_be_read_is_not_said_to_be_unwritable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that somebody else owns, say: its own permissions are named, not its folder's."""
    source = tmp_path / "papers.csv"
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(source))
    assert "cannot be written" in str(cannot_write(source, error))
    source.touch()
    assert "cannot be written" in str(cannot_write(source, error))
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.R_OK)
    assert "papers.csv: cannot be read: Permission denied." in str(cannot_write(source, error))
    assert "the file's permissions" in str(cannot_write(source, error))
    assert "the folder's permissions" in str(cannot_write(tmp_path, error))


def test_a_folder_that_hides_its_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be said of the file itself where its folder may not be searched."""
    look = Path.stat

    def refuse(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if self.parent == tmp_path / "data":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return look(self, follow_symlinks=follow_symlinks)

    (tmp_path / "data").mkdir()
    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path / "data")
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    (problem,) = cannot_write(tmp_path / "data" / "papers.csv", error).problems
    assert str(problem.where) == str(tmp_path / "data")
    assert problem.message == "cannot be read: Permission denied."
