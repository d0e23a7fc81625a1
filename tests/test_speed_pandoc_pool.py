"""Pandocs that live on answer as pandocs of their own would, and one that is gone is replaced."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble.reader import MARKDOWN
from reviewpress.errors import EngineError
from reviewpress.programs.tools import run_pandoc
from reviewpress.speed import pandoc_pool as pandocs
from reviewpress.speed.pandoc_pool import end_pandocs, read_markdown_text, write_documents

TEXT = """---
title: A title
---

# One {#sec-one}

See p. 3, Dr. Who and Figs. 2 of *al. 2020*; "so" -- it's...
Over\\
lines [@a, p. 2; -@b] and ^[a note] ~~x~~ H~2~O.

| a | b |
|:--|--:|
| 1 | 2 |

::: {.box when="x"}
term

:   said
:::

$$x^2$$
"""


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Begin and end without a pandoc that waits."""
    end_pandocs()
    yield
    end_pandocs()


def task(folder: Path, text: str, **given: Any) -> dict[str, Any]:
    """Return a task that writes one document as HTML to `goal` in the folder."""
    source = folder / "source.json"
    source.write_bytes(read_markdown_text(text, MARKDOWN))
    documents = [{"source": str(source), "goal": str(folder / "goal")}]
    return {"to": "html5", "as": "html5", "filters": [], "template": "", "variables": {},
            "folder": str(folder), "documents": documents, **given}  # fmt: skip


def lua(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_text_is_read_as_on_the_command_line(tmp_path: Path) -> None:
    """To the byte: abbreviations, metadata, every extension."""
    alone = run_pandoc(["--from", MARKDOWN, "--to", "json", "--wrap=preserve"], TEXT,
                       folder=tmp_path)  # fmt: skip
    for _ in range(2):
        assert read_markdown_text(TEXT, MARKDOWN).decode() == alone


def test_what_pandoc_warns_of_is_said_in_its_words(tmp_path: Path) -> None:
    text = "::: {.a}\n\ntext\n\n[a]: b\n[a]: c\n"
    with pytest.raises(EngineError) as alone:
        run_pandoc(["--from", MARKDOWN, "--to", "json"], text, folder=tmp_path)
    with pytest.raises(EngineError) as here:
        read_markdown_text(text, MARKDOWN)
    assert here.value.message == alone.value.message
    # It is no worse for it.
    assert json.loads(read_markdown_text("Text.", MARKDOWN))["blocks"][0]["t"] == "Para"
    assert len(pandocs._idle) == 1


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    filters = [lua(tmp_path, "bad.lua", "function Para() error('no paragraphs here') end")]
    with pytest.raises(EngineError, match="no paragraphs here"):
        write_documents(task(tmp_path, "Text.", filters=filters))
    for words in ("look at this\\n", "no end of line", "5\\n", "{}"):
        loud = [lua(tmp_path, "loud.lua", f"function Para() io.stderr:write('{words}') end")]
        with pytest.raises(EngineError, match=words.removesuffix("\\n")):
            write_documents(task(tmp_path, "Text.", filters=loud))
    write_documents(task(tmp_path, "Text."))
    assert (tmp_path / "goal").read_text() == "<p>Text.</p>"


def test_filters_know_nothing_of_others(tmp_path: Path) -> None:
    """A global that one leaves, another does not find; nor the other's format."""
    leaves = lua(tmp_path, "leaves.lua", "left = (left or 0) + 1")
    shows = lua(tmp_path, "shows.lua",
                "function Para() return pandoc.Plain(tostring(left) .. FORMAT) end")  # fmt: skip
    for filters in ([leaves], [leaves, shows]):
        write_documents(task(tmp_path, "Text.", filters=filters))
    assert (tmp_path / "goal").read_text() == "nilhtml5"
    write_documents(task(tmp_path, "Text.", filters=[shows], to="typst", **{"as": "markdown"}))
    assert (tmp_path / "goal").read_text() == "niltypst\n"


def test_one_that_was_ended_is_replaced() -> None:
    """An interrupt ends what waits, too."""
    read_markdown_text("Text.", MARKDOWN)
    [idle] = pandocs._idle
    idle._process.send_signal(signal.SIGKILL)
    idle._process.wait()
    assert json.loads(read_markdown_text("Text.", MARKDOWN))["blocks"]


def test_one_that_ends_at_work_says_so(tmp_path: Path) -> None:
    ends = [lua(tmp_path, "ends.lua", "function Para() os.exit(3) end")]
    with pytest.raises(EngineError, match="ended with 3"):
        write_documents(task(tmp_path, "Text.", filters=ends))
    write_documents(task(tmp_path, "Text."))
