"""The store: what nobody used goes, what is used stays, all of it can be emptied."""

import os
import time
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.store import pruning as storage
from reviewpress.store.files import mark_used
from reviewpress.store.locks import BUILD, PREVIEW, Lock
from reviewpress.store.pruning import (
    FORMER,
    LIMITS,
    empty_store,
    measure_store,
    prune_idle_store,
    prune_store,
)

DAY = 86_400
KEY = "0123456789abcdef" * 4


def keep(path: Path, *, days: float, size: int = 10) -> Path:
    """Keep a file that was last used so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    used = time.time() - days * DAY
    os.utime(path, (used, used))
    return path


def test_what_was_not_used_for_a_month_goes(tmp_path: Path) -> None:
    """In each cache, in folders by first letters too; a folder of a hash goes whole."""
    old = [
        keep(tmp_path / "pdf" / f"{KEY}.pdf", days=31),
        keep(tmp_path / "chapters" / "01" / f"{KEY[2:]}.json", days=31),
        keep(tmp_path / "trees" / ".left-behind", days=31),
        keep(tmp_path / "search" / KEY / "index" / "a", days=2),
    ]
    os.utime(tmp_path / "search" / KEY, (0, 0))
    new = [
        keep(tmp_path / "pdf" / "new.pdf", days=29),
        keep(tmp_path / "chapters" / "01" / "new.json", days=0),
        keep(tmp_path / "builds" / "report.json", days=400),
        keep(tmp_path / "published" / "report.txt", days=400),
        keep(tmp_path / "quarto" / "figures" / "a.svg", days=400),
    ]
    assert prune_store(tmp_path) == 40
    assert [path for path in old if path.exists()] == []
    assert [path for path in new if not path.exists()] == []
    assert not (tmp_path / "search" / KEY).exists()


def test_too_much_goes_by_last_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cache has its limit; what was used within the hour stays whatever it takes."""
    monkeypatch.setattr(storage, "LIMITS", dict.fromkeys(storage.LIMITS, 250))
    files = [keep(tmp_path / "pdf" / f"{n}.pdf", days=n, size=100) for n in range(1, 6)]
    recent = [keep(tmp_path / "docx" / f"{n}.docx", days=0, size=100) for n in range(5)]
    small = keep(tmp_path / "typst" / "a.typ", days=20, size=200)
    assert mark_used(files[4])
    assert prune_store(tmp_path) == 300
    assert [path.exists() for path in files] == [True, False, False, False, True]
    assert all(path.exists() for path in (*recent, small))


def test_a_file_that_is_gone_is_not_used(tmp_path: Path) -> None:
    """So that it is made again."""
    assert not mark_used(tmp_path / "none")


def test_the_store_is_looked_at_once_an_hour(tmp_path: Path) -> None:
    """A build that has nothing to remove loses no time."""
    assert prune_store(tmp_path) == 0
    old = keep(tmp_path / "pdf" / "old.pdf", days=31)
    assert prune_store(tmp_path) == 0
    os.utime(tmp_path / "pruned", (0, 0))
    assert prune_store(tmp_path) == 10
    assert not old.exists()


def test_nothing_is_pruned_beside_a_build(tmp_path: Path) -> None:
    """The preview leaves it to the build, which does it at its end."""
    old = keep(tmp_path / "pdf" / "old.pdf", days=31)
    lock = Lock(tmp_path / BUILD, "report")
    assert lock.take()
    prune_idle_store(tmp_path)
    assert old.exists()
    lock.release()
    prune_idle_store(tmp_path)
    assert not old.exists()


def test_a_store_is_measured_and_emptied(tmp_path: Path) -> None:
    """What is published, and the lock, stay."""
    for name in (*LIMITS, *FORMER, "builds", "preview", "published", "quarto"):
        keep(tmp_path / name / KEY / "file", days=0, size=1000)
    sizes = measure_store(tmp_path)
    assert set(sizes) == {*LIMITS, *FORMER, "builds", "preview"}
    assert set(sizes.values()) == {1000}
    empty_store(tmp_path)
    assert measure_store(tmp_path) == {}
    assert {path.name for path in tmp_path.iterdir()} == {"published", "quarto", BUILD}


def test_a_store_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """And is not made."""
    assert measure_store(tmp_path / "none") == {}
    empty_store(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", [BUILD, f"preview/report/{PREVIEW}"])
def test_a_store_in_use_is_not_emptied(tmp_path: Path, name: str) -> None:
    """Neither under a build nor under a preview."""
    kept = keep(tmp_path / "pdf" / "a.pdf", days=0)
    lock = Lock(tmp_path / name, "report")
    assert lock.take()
    with pytest.raises(SetupError, match=r"is running already \(process \d+, since"):
        empty_store(tmp_path)
    assert kept.exists()
    lock.release()
    empty_store(tmp_path)
    assert not kept.exists()
