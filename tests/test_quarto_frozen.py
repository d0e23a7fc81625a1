"""Chapters of text with Python cells under Quarto: what is refused, and what is handed over.

That the real Quarto takes these results for its own, and executes nothing, was seen with 1.10.18 on
29 November 2026: pages were the same as those of the embedded engine.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.config import load_config
from reviewpress.errors import ConfigError, Problems
from reviewpress.quarto.frozen import check_freezable, check_whole, write_frozen

CELL = "```{python}\n1 + 1\n```\n"
FREEZE = "---\nexecute:\n  freeze: auto\n---\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"# Home\n\n{CELL}", "Quarto would execute the Python cells of this chapter by itself."),
        ("---\nexecute:\n  freeze: false\n---\n\n# Home\n\n" + CELL, "by itself."),
        (f"{FREEZE}# Home\n\nIt has `{{python}} 1` part.\n", "without a code cell."),
    ],
)
def test_what_quarto_would_execute_is_refused(
    text: str, said: str, project: Callable[..., Path]
) -> None:
    """Unless its front matter says `freeze: auto`; values alone have no engine at all."""
    config = load_config(project(files={"index.qmd": text}))
    with pytest.raises(Problems) as caught:
        check_freezable(config)
    [problem] = caught.value.problems
    assert said in problem.message
    assert str(problem.where) == "index.qmd"


@pytest.mark.parametrize("text", [f"{FREEZE}# Home\n\n{CELL}", "# Home\n\n```{r}\n1\n```\n"])
def test_what_quarto_does_not_execute_is_left_alone(
    text: str, project: Callable[..., Path]
) -> None:
    """A chapter that is frozen, and one whose cells are no Python."""
    check_freezable(load_config(project(files={"index.qmd": text})))


def test_a_chapter_alone_is_refused(project: Callable[..., Path]) -> None:
    """Quarto executes what it is asked to render by name, whatever it keeps."""
    config = load_config(project(files={"index.qmd": f"{FREEZE}# Home\n\n{CELL}"}))
    with pytest.raises(ConfigError, match="rendered alone"):
        check_whole(config.chapters)
    check_whole(config.chapters[1:])


def test_a_run_is_written_where_quarto_looks(project: Callable[..., Path]) -> None:
    """Under the hash of the file with plain ends of lines, for every kind of output."""
    text = f"{FREEZE}# Home\n\n{CELL}"
    root = project()
    (root / "index.qmd").write_bytes(text.replace("\n", "\r\n").encode())
    config = load_config(root)
    write_frozen(config, {"index.qmd": "# Home\n\n2\n"})
    folder = root / "_freeze/index/execute-results"
    assert sorted(file.stem for file in folder.iterdir()) == ["docx", "epub", "html", "pdf", "typ"]
    kept = json.loads((folder / "html.json").read_text("utf-8"))
    assert kept["hash"] == hashlib.md5(text.encode()).hexdigest()
    assert kept["result"]["markdown"] == "# Home\n\n2\n"
