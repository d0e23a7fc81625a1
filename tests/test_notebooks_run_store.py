"""The store of runs: found again, damaged, interrupted, shared."""

import json
import os
import time
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.notebooks.identity import Ground
from reviewpress.notebooks.run_store import Store
from reviewpress.notebooks.runs import Execution, Step

KEY = "k" * 64


def keep(store: Store, text: str = "one", key: str = KEY, reads: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
    record = Execution((Step("code", "x", (text,)),), reads=reads or {}, warnings=((0, "a", "b"),))
    with store.scratch("a") as scratch:
        (scratch / "figures").mkdir()
        (scratch / "figures" / "fig-a.svg").write_text(f"<svg>{text}</svg>", encoding="utf-8")
        (scratch / "elsewhere").mkdir()
        return store.keep(key, record, scratch)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".reviewpress")


def find(store: Store, key: str = KEY) -> tuple[str, Execution, Path] | None:
    return store.find(key, Ground(store.folder.parent))


def test_a_run_is_found_again(store: Store) -> None:
    """Record and files come back as they were."""
    kept = keep(store)
    assert find(store) == kept
    identity, record, folder = kept
    assert folder == store.folder / "runs" / identity
    assert sorted(path.name for path in folder.iterdir()) == ["figures", "run.json"]
    assert list(record.files) == ["figures/fig-a.svg"]
    assert not list((store.folder / "tmp").iterdir())


def test_nothing_is_found_under_another_key(store: Store) -> None:
    """A key that was never kept has no run."""
    keep(store)
    assert find(store, "other") is None


def test_a_run_is_not_found_once_its_ground_changed(store: Store) -> None:
    """It is found again when the ground is as it was: runs are kept side by side."""
    table = store.folder.parent / "a.csv"
    table.write_text("1", encoding="utf-8")
    before = Ground(store.folder.parent).read("a.csv")
    first = keep(store, "one", reads={"a.csv": before})
    table.write_text("2", encoding="utf-8")
    assert find(store) is None
    second = keep(store, "two", reads={"a.csv": Ground(store.folder.parent).read("a.csv")})
    assert find(store) == second
    table.write_text("1", encoding="utf-8")
    assert find(store) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "run.json").write_text("", encoding="utf-8"),
        lambda folder: (folder / "run.json").write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "run.json").unlink(),
        lambda folder: (folder / "figures" / "fig-a.svg").unlink(),
        lambda folder: (folder / "figures" / "fig-a.svg").write_bytes(b""),
    ],
)
def test_a_damaged_run_is_made_anew(store: Store, damage) -> None:  # type: ignore[no-untyped-def]
    """It counts as not there, and keeping it again replaces it."""
    kept = keep(store)
    damage(kept[2])
    assert find(store) is None
    assert keep(store) == kept
    assert find(store) == kept


def test_a_changed_number_in_a_kept_run_is_noticed(store: Store) -> None:
    """A record carries its own hash."""
    _, _, folder = keep(store, "34")
    text = (folder / "run.json").read_text(encoding="utf-8")
    (folder / "run.json").write_text(text.replace('"34"', '"35"'), encoding="utf-8")
    assert find(store) is None


def test_a_damaged_lookup_is_ignored(store: Store) -> None:
    """The run is executed again, and no error raised."""
    identity, _, _ = keep(store)
    entry = store.folder / "lookup" / KEY / f"{identity}.json"
    for content in ("", "{", "[]", '{"reads": 1}'):
        entry.write_text(content, encoding="utf-8")
        assert find(store) is None


def test_a_whole_run_already_there_stays(store: Store) -> None:
    """Two processes that make the same run do not disturb each other."""
    _, _, folder = keep(store)
    before = (folder / "run.json").stat().st_ino
    keep(store)
    assert (folder / "run.json").stat().st_ino == before


def test_an_interrupted_run_leaves_nothing(store: Store) -> None:
    """The scratch folder goes, whatever ends the block."""
    with pytest.raises(KeyboardInterrupt), store.scratch("a"):
        raise KeyboardInterrupt
    assert not list((store.folder / "tmp").iterdir())


def test_tidying_removes_what_dead_processes_left(store: Store) -> None:
    """Folders that a process which lives is about to fill stay."""
    keep(store)
    dead = store.folder / "tmp/a-x"
    dead.mkdir()
    with store.scratch("b") as alive:
        store.tidy()
        assert not dead.exists()
        assert alive.exists()
    assert find(store) is not None


def test_tidying_forgets_runs_unused_for_a_month(store: Store) -> None:
    """With them goes their lookup."""
    identity, _, folder = keep(store)
    long_ago = time.time() - 40 * 86400
    os.utime(folder, (long_ago, long_ago))
    store.tidy()
    assert not folder.exists()
    assert not (store.folder / "lookup" / KEY / f"{identity}.json").exists()


def test_using_a_run_keeps_it_young(store: Store) -> None:
    """Finding a run counts as using it."""
    _, _, folder = keep(store)
    long_ago = time.time() - 40 * 86400
    os.utime(folder, (long_ago, long_ago))
    assert find(store) is not None
    store.tidy()
    assert folder.exists()


def test_a_place_that_cannot_be_written_is_a_setup_error(tmp_path: Path) -> None:
    """Exit status 2: nothing can run."""
    (tmp_path / ".reviewpress").write_text("", encoding="utf-8")
    with (
        pytest.raises(SetupError, match="cannot be written"),
        Store(tmp_path / ".reviewpress").scratch("a"),
    ):
        pass


def test_a_run_holds_no_path_of_the_machine(store: Store) -> None:
    """What is kept could be moved to another folder."""
    _, _, folder = keep(store)
    text = (folder / "run.json").read_text(encoding="utf-8")
    assert str(store.folder.parent) not in text
    assert set(json.loads(text)) == {"sha256", "run"}
