"""Things with a record of what they depend on: found again, damaged, shared, left by others."""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.store import pruning, records
from reviewpress.store.kinds import Kind
from reviewpress.store.pruning import prune_store
from reviewpress.store.records import Depends, Recorded, find_record, keep_record

KIND = Kind("runs", by_package=False)
KEY = "k" * 64
GROUND = {"reads": {"a.csv": "1"}}


def keep(store: Path, text: str = "one", key: str = KEY, depends: Depends = GROUND) -> Recorded:
    made = store / "tmp" / f"made-{text}" / "figures"
    made.mkdir(parents=True, exist_ok=True)
    (made / "a.svg").write_text(f"<svg>{text}</svg>", encoding="utf-8")
    return keep_record(KIND, store, key, depends, {"run.json": text.encode(), "figures": made})


def find(store: Path, key: str = KEY, ground: Depends = GROUND) -> Recorded | None:
    return find_record(KIND, store, key, stands=lambda depends: depends == ground)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / ".reviewpress"


def test_what_is_kept_is_found_as_it_was(store: Path) -> None:
    """Recorded and files; of what made it nothing is left elsewhere."""
    kept = keep(store)
    assert find(store) == kept
    assert kept.folder == store / "runs" / KEY[:16] / kept.identity
    assert list(kept.files) == ["figures/a.svg", "run.json"]
    assert (kept.folder / "figures" / "a.svg").read_text("utf-8") == "<svg>one</svg>"
    assert [path.name for path in (store / "tmp").iterdir()] == ["made-one"]


def test_nothing_is_found_under_another_key(store: Path) -> None:
    """Not even under one that begins alike."""
    keep(store)
    assert find(store, "other") is None
    assert find(store, KEY[:-1] + "l") is None


def test_what_depends_on_another_state_stands_beside_it(store: Path) -> None:
    """It is found again when all is as it was."""
    other = {"reads": {"a.csv": "2"}}
    first = keep(store, "one")
    assert find(store, ground=other) is None
    second = keep(store, "two", depends=other)
    assert find(store, ground=other) == second
    assert find(store) == first
    assert first.identity != second.identity


def replace_in(name: str, old: str, new: str) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return damage


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


DAMAGES: Mapping[str, Callable[[Path], object]] = {
    "an empty record": write("record.json", ""),
    "half a record": write("record.json", '{"key": "'),
    "another value": write("record.json", "[]"),
    "another version's": write("record.json", '{"sha256": "1", "run": {}}'),
    "no record": lambda folder: (folder / "record.json").unlink(),
    "another state": replace_in("record.json", '"a.csv": "1"', '"a.csv": "2"'),
    "a file more": replace_in("record.json", '"files": {', '"files": {"x": "1", '),
    "a changed number": replace_in("run.json", "one", "two"),
    "a file that is gone": lambda folder: (folder / "figures" / "a.svg").unlink(),
    "an empty file": write("figures/a.svg", ""),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_damaged_is_made_anew(name: str, store: Path) -> None:
    """It counts as not there, and keeping it again replaces it."""
    kept = keep(store)
    DAMAGES[name](kept.folder)
    assert find(store) is None
    assert find(store, ground={"reads": {"a.csv": "2"}}) is None
    assert keep(store) == kept
    assert find(store) == kept


def test_a_whole_one_already_there_stays(store: Path) -> None:
    """Two processes that make the same do not disturb each other."""
    folder = keep(store).folder
    before = (folder / "run.json").stat().st_ino
    keep(store)
    assert (folder / "run.json").stat().st_ino == before


def test_many_at_once_make_one(store: Path) -> None:
    """Also while others look for it, and while it is damaged."""
    found: list[Recorded] = []

    def make(number: int) -> None:
        for _ in range(10):
            made = store / "tmp" / f"made-{number}"
            made.mkdir(parents=True, exist_ok=True)
            (made / "a.svg").write_text("one", encoding="utf-8")
            files = {"run.json": b"one", "figures": made}
            found.append(keep_record(KIND, store, KEY, GROUND, files))

    threads = [threading.Thread(target=make, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert {record.identity for record in found} == {find(store).identity}  # type: ignore[union-attr]


def test_a_folder_that_is_pruned_meanwhile_is_made_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last thing with its key went between two steps, and the folder with it."""
    rename = Path.rename
    left = [1]

    def prune_first(path: Path, goal: Path) -> Path:
        if goal.parent.name == KEY[:16] and left:
            left.pop()
            goal.parent.rmdir()
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", prune_first)
    assert keep(store) == find(store)
    assert not left


def test_what_is_used_stays_and_what_is_not_goes(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole, with the folder of its key where it was the last; finding it counts as using it."""
    used, unused = keep(store, "one"), keep(store, "two", key="l" * 64)
    long_ago = time.time() - 40 * 86400
    for record in (used, unused):
        os.utime(record.folder, (long_ago, long_ago))
    assert find(store) == used
    monkeypatch.setattr(pruning, "KEPT_SECONDS", 0)
    assert prune_store(store) > 0
    assert used.folder.is_dir()
    assert not unused.folder.parent.exists()


def test_the_store_of_the_version_before_is_passed_by(store: Path) -> None:
    """Runs as they were kept until November 2026 are no error, and go when a month has passed."""
    old = store / "runs" / ("a" * 64) / "run.json"
    lookup = store / "lookup" / KEY / f"{'a' * 64}.json"
    claims = store / "claims" / f"{'b' * 64}.json"
    for path, text in ((old, '{"sha256": "1", "run": {}}'), (lookup, "{}"), (claims, "{}")):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert find(store) is None
    kept = keep(store)
    assert find(store) == kept
    assert prune_store(store) == 0
    for path in (old.parent, lookup.parent, claims):
        os.utime(path, (0, 0))
    (store / "pruned").unlink()
    assert prune_store(store) > 0
    assert not any(path.exists() for path in (old, lookup, claims, store / "lookup"))
    assert find(store) == kept


def test_a_place_that_cannot_be_written_is_a_setup_error(store: Path) -> None:
    """Exit status 2: nothing can be kept."""
    store.write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="cannot be written"):
        keep_record(KIND, store, KEY, GROUND, {"run.json": b"one"})


def test_a_record_holds_no_path_of_the_machine(store: Path) -> None:
    """What is kept could be moved to another folder."""
    text = (keep(store).folder / records.RECORD).read_text(encoding="utf-8")
    assert str(store.parent) not in text
    assert set(json.loads(text)) == {"key", "depends", "files", "sha256"}
