"""What is no file is not opened, wherever a reader meets it."""

import contextlib
import os
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.store import ordinary_files
from reviewpress.store.ordinary_files import OPTIONAL, refuse_special_files

READ = (
    "_quarto-report.yml", "_quarto.yml", "_brand.yml", "_variables.yml", "bib/references.bib",
    "data/acknowledged.yml", "data/flow.csv", "data/papers.csv",
    "data/schema.yml", "data/searches.yml", "index.qmd", "own.csl",
)  # fmt: skip


def test_pipes_and_devices_of_a_review_are_not_opened(tmp_path: Path) -> None:
    """Nor through a link; those elsewhere are, as an import from a pipe needs it."""
    root = tmp_path / "review"
    root.mkdir()
    os.mkfifo(root / "pipe.csv")
    (root / "endless.csv").symlink_to("/dev/zero")
    (root / "own.csv").write_text("a\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.ris")
    refuse_special_files(root)
    for name in ("pipe.csv", "endless.csv"):
        with pytest.raises(OSError, match=r"it is a (pipe|device), not a file"):
            (root / name).read_bytes()
    assert (root / "own.csv").read_text("utf-8") == "a\n"
    writer = threading.Thread(target=(tmp_path / "pipe.ris").write_bytes, args=(b"TY",))
    writer.start()
    assert (tmp_path / "pipe.ris").read_bytes() == b"TY"
    writer.join()


def bind_socket(path: Path) -> None:
    """Make a socket, of a path as long as may be."""
    with socket.socket(socket.AF_UNIX) as one, contextlib.chdir(path.parent):
        one.bind(path.name)


INSTEAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "is a pipe, not a file"),
    "folder": (Path.mkdir, "is a folder, not a file|Is a directory"),
    "socket": (bind_socket, "is a socket, not a file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
    "link": (lambda path: path.symlink_to("gone"), "is a symbolic link to gone, which does not"),
    "circle": (lambda path: path.symlink_to(path.name), "Too many levels of symbolic links"),
    "zeros": (
        lambda path: path.write_bytes(b"\0" * 900),
        "a zero byte|#x0000|not those|as XML",
    ),
}
"""What may stand in the place of a file, and what is said of it."""


@pytest.mark.parametrize("name", READ)
def test_what_is_no_file_is_called_what_it_is(name: str, project: Any, reviewpress: Any) -> None:
    """`check` names it with its file and ends, whatever there is in the place of a source."""
    root = project(runs=False)
    if name == "own.csl":
        with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
            file.write("csl: own.csl\n")
    asked = INSTEAD if name == READ[0] else ("folder", "circle", "zeros")
    for make, said in (INSTEAD[kind] for kind in asked):
        (root / name).unlink(missing_ok=True)
        make(root / name)
        done = reviewpress("check", cwd=root)
        (root / name).rmdir() if (root / name).is_dir() else (root / name).unlink()
        assert done.status == 1, said
        errors = [line for line in done.stderr.splitlines() if line.startswith("error")]
        assert any(name in line and re.search(said, line) for line in errors), (said, done.stderr)


def test_all_that_a_review_may_have_is_looked_at() -> None:
    """A file that is read only where there is one would otherwise be taken for none."""
    package = Path(ordinary_files.__file__).parents[1]
    named = {
        name
        for folder in ("evidence", "checks", "checklists", "config", "imports")
        for path in (package / folder).rglob("*.py")
        for name in re.findall(r'= "(data/\w+\.(?:csv|yml|txt))"', path.read_text("utf-8"))
    }
    assert named <= set(OPTIONAL)
