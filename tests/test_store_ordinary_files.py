"""What is no file is not opened, wherever a reader meets it."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from reviewpress.store.ordinary_files import refuse_special_files

READ = ("_quarto-report.yml", "data/papers.csv", "data/schema.yml", "bib/references.bib",
        "index.qmd")  # fmt: skip


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
        with pytest.raises(OSError, match="it is no ordinary file"):
            (root / name).read_bytes()
    assert (root / "own.csv").read_text("utf-8") == "a\n"
    writer = threading.Thread(target=(tmp_path / "pipe.ris").write_bytes, args=(b"TY",))
    writer.start()
    assert (tmp_path / "pipe.ris").read_bytes() == b"TY"
    writer.join()


@pytest.mark.parametrize("name", READ)
def test_a_pipe_in_the_place_of_a_source_is_said(name: str, project: Any, reviewpress: Any) -> None:
    """`check` names it and ends, where nobody writes into it."""
    root = project(runs=False)
    (root / name).unlink()
    os.mkfifo(root / name)
    done = reviewpress("check", cwd=root)
    assert done.status == 1
    assert name in done.stderr
    assert "ordinary file" in done.stderr or "is a pipe or a device, and no file" in done.stderr
    assert "Traceback" not in done.stderr
