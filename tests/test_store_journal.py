"""Files that change together; an import's are tried in test_imports_importing."""

from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.store import journal
from reviewpress.store.journal import finish_import, write_together


def test_all_are_written_with_their_rights_and_links(tmp_path: Path) -> None:
    """New files, old ones, one that is a link and lies outside; nothing is left of the journal."""
    root = tmp_path / "review"
    (root / "bib").mkdir(parents=True)
    shared = tmp_path / "shared.bib"
    shared.write_bytes(b"old")
    shared.chmod(0o664)
    (root / "bib/references.bib").symlink_to(shared)
    write_together(root, {root / "bib/references.bib": b"new", root / "data/imports.csv": b"log"})
    assert (root / "bib/references.bib").is_symlink()
    assert shared.read_bytes() == b"new"
    assert shared.stat().st_mode & 0o777 == 0o664
    assert (root / "data/imports.csv").read_bytes() == b"log"
    assert finish_import(root) == ()
    assert sorted(path.name for path in (root / ".reviewpress").iterdir()) == ["tmp"]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failure_brings_all_back(
    failing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot have its place: those before it are as they were, new ones are gone."""
    put, calls = journal._put, []

    def put_or_fail(made: Path, path: Path) -> None:
        calls.append(path)
        if len(calls) == failing:
            raise SetupError("the disk is full.")
        put(made, path)

    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").write_bytes(b"old")
    monkeypatch.setattr(journal, "_put", put_or_fail)
    with pytest.raises(SetupError):
        write_together(tmp_path, {tmp_path / name: b"new" for name in "abc"})
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert found == {"a": b"old", "c": b"old"}
    assert finish_import(tmp_path) == ()


def failing(monkeypatch: pytest.MonkeyPatch, *, puts: tuple[int, ...] = ()) -> None:
    """Let some of the files find no place, and the journal not go."""
    put, calls = journal._put, []

    def put_or_fail(made: Path, path: Path) -> None:
        calls.append(path)
        if len(calls) in puts:
            raise OSError(5, "Input/output error", str(path))
        put(made, path)

    def fail(root: Path) -> None:
        raise OSError(5, "Input/output error", str(root))

    monkeypatch.setattr(journal, "_put", put_or_fail)
    monkeypatch.setattr(journal, "_close", fail)


@pytest.mark.parametrize("puts", [(3,), (3, 4), (2,)])
def test_undoing_that_fails_is_finished_by_the_next_run(
    puts: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails in the middle, and when what was done is undone: then none is new."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").write_bytes(b"old")
    changes = {tmp_path / name: b"new" for name in "bac"}
    with monkeypatch.context() as patched:
        failing(patched, puts=puts)
        with pytest.raises(SetupError):
            write_together(tmp_path, changes)
    assert finish_import(tmp_path) == ()
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert found == {"a": b"old", "c": b"old"}
    assert not (tmp_path / ".reviewpress/changes").exists()
    write_together(tmp_path, changes)
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_journal_that_cannot_go_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is written then; the next run takes the journal away."""
    with monkeypatch.context() as patched:
        failing(patched)
        write_together(tmp_path, {tmp_path / "a": b"new"})
    assert (tmp_path / ".reviewpress/changes").exists()
    write_together(tmp_path, {tmp_path / "a": b"newer"})
    assert (tmp_path / "a").read_bytes() == b"newer"
    assert not (tmp_path / ".reviewpress/changes").exists()


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    """A file whose content does not change may be among those that do."""
    (tmp_path / "a").write_bytes(b"same")
    before = (tmp_path / "a").stat().st_ino
    write_together(tmp_path, {tmp_path / "a": b"same", tmp_path / "b": b"new"})
    assert (tmp_path / "a").stat().st_ino == before
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_file_may_be_removed_together_with_others(tmp_path: Path) -> None:
    """One that is renamed goes from its old place when it comes to the new one."""
    (tmp_path / "a").write_bytes(b"old")
    write_together(tmp_path, {tmp_path / "a": None, tmp_path / "b": b"old"})
    assert sorted(path.name for path in tmp_path.glob("[ab]")) == ["b"]


def test_a_removal_is_undone_where_the_rest_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of the changes is done then."""
    (tmp_path / "a").write_bytes(b"old")

    def full(made: Path, path: Path) -> None:
        if path.name == "b":
            raise OSError(28, "No space left on device", str(path))
        made.replace(path)

    monkeypatch.setattr(journal, "_put", full)
    with pytest.raises(SetupError):
        write_together(tmp_path, {tmp_path / "a": None, tmp_path / "b": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.glob("[ab]")} == {"a": b"old"}
