"""Three functions say what tells things apart: of bytes, of files, of values with parts."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.store import digests
from reviewpress.store.digests import (
    ABSENT,
    digest_bytes,
    digest_file,
    digest_files,
    digest_or_absent,
    digest_parts,
)

SOURCE = Path(digests.__file__).resolve().parents[1]


def age(path: Path) -> None:
    """Let a file have been changed long ago, so that its time says what it holds."""
    os.utime(path, (1_000_000_000, 1_000_000_000))


def test_a_file_has_the_digest_of_its_content(tmp_path: Path) -> None:
    """Wherever it is, and whatever its name."""
    for name in ("x", "y"):
        (tmp_path / name).write_bytes(b"abc")
    assert digest_file(tmp_path / "x") == digest_file(str(tmp_path / "y")) == digest_bytes(b"abc")
    assert digest_bytes(b"abc") == hashlib.sha256(b"abc").hexdigest()


def test_a_file_that_stays_as_it_is_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was changed just now is read again: its time of change might not tell."""
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    read: list[str] = []
    ours: Callable[..., object] = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *a: read.append("x") or ours(*a))
    digest_file(path), digest_file(path)
    assert len(read) == 2
    age(path)
    digest_file(path), digest_file(path)
    assert len(read) == 3
    path.write_bytes(b"abd")
    assert digest_file(path) == digest_bytes(b"abd")


def test_what_is_not_a_file_is_absent(tmp_path: Path) -> None:
    """A folder, a name below a file, a name that nothing has."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "none", tmp_path / "file" / "below"):
        assert digest_or_absent(path) == ABSENT
    assert digest_or_absent(tmp_path / "file") == digest_bytes(b"")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([b"ab", b"c"], [b"a", b"bc"]),
        ([], [b""]),
        ([["a"], "b"], [["a", "b"]]),
        ([1], ["1"]),
        ([None], [""]),
        ([{"a": 1}], [{"a": 2}]),
        ([[1, 2]], [[2, 1]]),
    ],
)
def test_parts_are_told_apart(one: list[object], other: list[object]) -> None:
    """By their lengths, their kinds and their order."""
    assert digest_parts(one) != digest_parts(other)
    assert digest_parts(one) == digest_parts(list(one))


def test_the_order_of_a_mapping_does_not_count() -> None:
    """It is a value, not a text; what no text can hold has a digest too."""
    assert digest_parts([{"a": 1, "b": {"c": 2, "d": 3}}]) == digest_parts(
        [{"b": {"d": 3, "c": 2}, "a": 1}]
    )
    assert digest_parts(["\ud800"]) != digest_parts(["\ud801"])


def test_files_count_by_name_and_content(tmp_path: Path) -> None:
    """A file under another name is another."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"same")
    found = {tuple(names): digest_files(tmp_path, names) for names in (["a"], ["b"], ["a", "b"])}
    assert len(set(found.values())) == 3


def test_nothing_else_makes_hashes() -> None:
    """So that what two places say of one thing agrees."""
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bhashlib\b", path.read_text(encoding="utf-8"))
    }
    assert users == {"store/digests.py"}
