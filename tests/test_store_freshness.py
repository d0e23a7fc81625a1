"""Whether an edition still is what its sources would make."""

import os
from pathlib import Path

import pytest

from reviewpress.store.freshness import BuildRecord


@pytest.fixture
def record(tmp_path: Path) -> BuildRecord:
    """A review of one chapter, and the record of its build."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters/a.qmd").write_text("# A\n", encoding="utf-8")
    (tmp_path / "_output/report").mkdir(parents=True)
    (tmp_path / "_output/report/a.html").write_text("<h1>A</h1>", encoding="utf-8")
    made = BuildRecord(tmp_path, "report-html", {"engine": "pandoc"})
    made.keep(made.sign_sources(), output(made))
    return made


def output(record: BuildRecord) -> Path:
    return record.root / "_output/report"


def is_fresh(record: BuildRecord) -> bool:
    return record.is_fresh(output(record))


def test_what_was_built_is_fresh(record: BuildRecord) -> None:
    """Until it is forgotten; a build never made is not."""
    assert is_fresh(record)
    assert not BuildRecord(record.root, "summary-html", record.settings).is_fresh(output(record))
    record.forget()
    assert not is_fresh(record)
    record.forget()


def test_other_settings_are_another_build(record: BuildRecord) -> None:
    """An engine or a parameter makes it stale."""
    assert not BuildRecord(record.root, record.name, {"engine": "quarto"}).is_fresh(output(record))


@pytest.mark.parametrize("place", ["chapters/a.qmd", "_output/report/a.html"])
def test_a_changed_file_is_noticed(place: str, record: BuildRecord) -> None:
    """A source or a page of the same length, one that is gone, and one that is new."""
    path = record.root / place
    before = path.stat()
    text = path.read_text("utf-8")
    path.write_text(text.replace("A", "B"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert not is_fresh(record)
    path.write_text(text, encoding="utf-8")
    assert is_fresh(record)
    path.unlink()
    assert not is_fresh(record)
    path.write_text(text, encoding="utf-8")
    path.with_name("new.csv").touch()
    assert not is_fresh(record)


@pytest.mark.parametrize(
    "name",
    [".git/x", "figures/fig-a.svg", "__pycache__/x.pyc", "node_modules/x", "chapters/a.qmd~"],
)
def test_what_is_made_or_left_by_an_editor_is_no_source(name: str, record: BuildRecord) -> None:
    """Caches, environments, published figures and backups start no build."""
    path = record.root / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    (record.root / "venv").mkdir()
    (record.root / "venv/pyvenv.cfg").touch()
    assert is_fresh(record)


def test_a_file_changed_during_the_build_makes_it_stale(record: BuildRecord) -> None:
    """Sources are signed before the build: what is saved meanwhile is built next time."""
    signed = record.sign_sources()
    (record.root / "chapters/a.qmd").write_text("# Another\n", encoding="utf-8")
    record.keep(signed, output(record))
    assert not is_fresh(record)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"settings": {}}'])
def test_a_damaged_record_is_no_record(content: bytes, record: BuildRecord) -> None:
    """The edition is built again, without a word."""
    record._file.write_bytes(content)
    assert not is_fresh(record)


def test_a_link_in_a_circle_and_a_closed_folder_are_no_sources(record: BuildRecord) -> None:
    """They stop no build: a disk has a lost+found, and such a link is nothing that can be read."""
    (record.root / "circle").symlink_to("circle")
    (record.root / "chapters/circle.qmd").symlink_to("circle.qmd")
    assert is_fresh(record)
    closed = record.root / "lost+found"
    closed.mkdir(0o000)
    try:
        assert is_fresh(record)
        assert "chapters/a.qmd" in record.sign_sources()
    finally:
        closed.chmod(0o700)
