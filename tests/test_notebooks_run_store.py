"""Runs that are kept: found again as they were, until something they depend on is another."""

from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.notebooks.identity import Ground
from reviewpress.notebooks.run_store import KeptRun, find_run, keep_run, scratch_folder
from reviewpress.notebooks.runs import Execution, Step

KEY = "k" * 64


def keep(store: Path, text: str = "one", reads: dict[str, str] | None = None) -> KeptRun:
    record = Execution((Step("code", "x", (text,)),), reads=reads or {}, warnings=((0, "a", "b"),))
    with scratch_folder(store, "a") as scratch:
        (scratch / "figures").mkdir()
        (scratch / "figures" / "fig-a.svg").write_text(f"<svg>{text}</svg>", encoding="utf-8")
        (scratch / "elsewhere").mkdir()
        return keep_run(store, KEY, record, scratch)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / ".reviewpress"


def find(store: Path, key: str = KEY) -> KeptRun | None:
    return find_run(store, key, Ground(store.parent))


def test_a_run_is_found_again(store: Path) -> None:
    """Steps, warnings and files come back as they were; what else lay beside them does not."""
    kept = keep(store)
    assert find(store) == kept
    assert sorted(path.name for path in kept.folder.iterdir()) == [
        "figures", "record.json", "run.json",
    ]  # fmt: skip
    assert list(kept.execution.files) == ["figures/fig-a.svg"]
    assert not list((store / "tmp").iterdir())
    assert (store / ".gitignore").read_text("utf-8") == "*\n"
    assert find(store, "other") is None


def test_a_run_is_not_found_once_its_ground_changed(store: Path) -> None:
    """It is found again when the ground is as it was: runs are kept side by side."""
    table = store.parent / "a.csv"
    found = {}
    for text in ("1", "2"):
        table.write_text(text, encoding="utf-8")
        assert find(store) is None
        found[text] = keep(store, text, reads={"a.csv": Ground(store.parent).read("a.csv")})
        assert find(store) == found[text]
    table.write_text("1", encoding="utf-8")
    assert find(store) == found["1"]


def test_an_interrupted_run_leaves_nothing(store: Path) -> None:
    """The scratch folder goes, whatever ends the block."""
    with pytest.raises(KeyboardInterrupt), scratch_folder(store, "a"):
        raise KeyboardInterrupt
    assert not list((store / "tmp").iterdir())


def test_a_place_that_cannot_be_written_is_a_setup_error(store: Path) -> None:
    """Exit status 2: nothing can run."""
    store.write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="cannot be written"), scratch_folder(store, "a"):
        pass
