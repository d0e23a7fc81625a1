"""Limits of time and memory: what would never end is a message that says where."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from nbclient.exceptions import CellTimeoutError
from nbformat.v4 import new_notebook
from papermill.engines import NotebookExecutionManager

from reviewpress.errors import EngineError, OutOfTime, Overtaken
from reviewpress.notebooks import client as client_module
from reviewpress.notebooks.client import ChapterClient
from reviewpress.notebooks.kernel_client import Session
from reviewpress.programs import typesetting
from reviewpress.programs.limits import Limits, read_limits
from reviewpress.programs.tools import run_program
from reviewpress.programs.typesetting import Typesetter, drawing_as_png, refused_picture
from reviewpress.speed.pandoc_pool import read_markdown_text

LATE = "'a \"b " * 60
"""Quotation marks that are never closed: pandoc tries all ways to pair them."""
ENDLESS = "#for x in range(9000) { for y in range(9000) { for z in range(9000) { let w = z } } }\n"
"""Typst that would take hours."""


def test_what_a_review_says_comes_first() -> None:
    """Each limit has its own setting; a key with nothing after it says nothing."""
    found = read_limits({"cell-seconds": 5, "cell-gigabytes": 0.5, "program-seconds": None})
    assert (found.cell_seconds, found.cell_bytes) == (5, 500_000_000)
    assert found.program(0) == Limits().program(0)


def test_large_input_has_more_time() -> None:
    """The limit of a program grows with its input."""
    assert Limits(program_seconds=10).program(5_000_000) == 60


def test_a_program_that_takes_too_long(tmp_path: Path) -> None:
    """It is ended, and the message says which setting would give it longer."""
    started = time.monotonic()
    with pytest.raises(OutOfTime, match=r"pagefind was stopped after 1 seconds\. .*program-second"):
        run_program([sys.executable, "-c", "while True: pass"], "", folder=tmp_path,
                    name="pagefind", seconds=1)  # fmt: skip
    assert time.monotonic() - started < 20


def test_a_program_that_something_else_kills(tmp_path: Path) -> None:
    """The message says so, and what it may be for."""
    with pytest.raises(EngineError, match=r"pagefind: was ended by SIGKILL, as where"):
        run_program(["sh", "-c", "kill -9 $$"], "", folder=tmp_path, name="pagefind")
    file = tmp_path / "a.typ"
    file.write_text(ENDLESS, "utf-8")
    with Typesetter() as typesetter:
        killed = threading.Timer(1, lambda: typesetter._process and typesetter._process.kill())
        killed.start()
        with pytest.raises(EngineError, match="Typst: was ended by SIGKILL"):
            typesetter.typeset(file, root=tmp_path, fonts=(), seconds=600,
                               timestamp=datetime(2026, 1, 31, tzinfo=UTC))  # fmt: skip


def test_a_living_pandoc_that_takes_too_long() -> None:
    """It is ended in the middle of its task, and the next text is read by another."""
    with pytest.raises(OutOfTime, match="pandoc was stopped after 1 seconds"):
        read_markdown_text(LATE, "markdown", seconds=1)
    assert b"fine" in read_markdown_text("fine", "markdown")


def test_typst_in_a_process_of_its_own(tmp_path: Path) -> None:
    """It gives the PDF, Typst's own words, or is ended where it takes too long."""
    file = tmp_path / "a.typ"
    made: dict[str, Any] = {
        "root": tmp_path,
        "fonts": (),
        "timestamp": datetime(2026, 1, 31, tzinfo=UTC),
    }
    with Typesetter() as typesetter:
        file.write_text('#set document(title: "A")\n#set text(lang: "en")\n= A\n', "utf-8")
        assert typesetter.typeset(file, **made, seconds=120).startswith(b"%PDF")
        assert typesetter.knows(file, root=tmp_path, fonts=())
        file.write_text("#nonsense\n", "utf-8")
        with pytest.raises(EngineError, match="unknown variable: nonsense"):
            typesetter.typeset(file, **made, seconds=120)
        file.write_text(ENDLESS, "utf-8")
        with pytest.raises(OutOfTime, match="Typst was stopped after 1 seconds"):
            typesetter.typeset(file, **made, seconds=1)
        # Another process takes its place.
        assert not typesetter.knows(file, root=tmp_path, fonts=())
        file.write_text("= A\n", "utf-8")
        assert typesetter.typeset(file, **made, seconds=120, standards=()).startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["a.typ"]


def test_pictures_that_never_end_or_are_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They end a process of their own; what is drawn after them is drawn."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}">{1}</svg>'
    shape = '<rect width="9" height="9" fill="red"/>'
    blur = (
        '<filter id="f" x="-1000" y="-1000" width="100000" height="100000">'
        '<feGaussianBlur stdDeviation="1000000"/><feTurbulence numOctaves="1000000"/></filter>'
        '<rect width="100" height="100" filter="url(#f)"/>'
    )
    file = tmp_path / "a.svg"
    file.write_text(svg.format(2000, blur), "utf-8")
    with pytest.raises(OutOfTime, match="Typst was stopped after 2 seconds"):
        refused_picture(file, seconds=2)
    with monkeypatch.context() as patched:
        patched.setattr(typesetting, "program_seconds", lambda size: 2)
        assert drawing_as_png(file) == b""
    file.write_text(svg.format(10**9, shape), "utf-8")
    assert drawing_as_png(file) == b""
    file.write_text(svg.format(10, shape), "utf-8")
    assert drawing_as_png(file).startswith(b"\x89PNG")
    assert refused_picture(file, seconds=60) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


@pytest.mark.parametrize("name", ['a "b".svg', "Größe & #1.svg", "图 100%.svg", "$a'b_*.svg"])
def test_a_picture_may_have_any_name(name: str, tmp_path: Path) -> None:
    """Typst has other escapes in texts than JSON."""
    file = tmp_path / name
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    assert refused_picture(file, seconds=60) == ""
    assert drawing_as_png(file).startswith(b"\x89PNG")


def test_typst_that_is_not_wanted_any_more(tmp_path: Path) -> None:
    """It is stopped where it has taken longer than so many seconds, and not before."""
    file = tmp_path / "a.typ"
    file.write_text(ENDLESS, "utf-8")
    with Typesetter() as typesetter:
        waits = threading.Timer(0.5, typesetter.stop, (3600,))
        stops = threading.Timer(1, typesetter.stop)
        waits.start()
        stops.start()
        started = time.monotonic()
        with pytest.raises(Overtaken):
            typesetter.typeset(file, root=tmp_path, fonts=(), seconds=600,
                               timestamp=datetime(2026, 1, 31, tzinfo=UTC))  # fmt: skip
    assert 1 <= time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("chapters", "said"),
    [
        (("findings",), ("chapters/findings.ipynb: Typst was stopped", "loop in its raw Typst")),
        (("findings", "references"), ("report.pdf: Typst was stopped", "chapters/references.qmd")),
    ],
)
def test_an_endless_loop_in_raw_typst(
    chapters: tuple[str, ...], said: tuple[str, ...],
    project: Callable[..., Path], reviewpress: Callable[..., Any],
) -> None:  # fmt: skip
    """The message names the chapters that have some; the last good edition stays."""
    root = project(formats=("typst",))
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    before = (root / "_output/report/report.pdf").read_bytes()
    limit(root, "program-seconds: 15")
    raw = f'::: {{.content-visible when-format="typst"}}\n```{{=typst}}\n{ENDLESS}```\n:::\n'
    if "references" in chapters:
        path = root / "chapters/references.qmd"
        path.write_text(f"{path.read_text('utf-8')}\n{raw}", "utf-8")
    add_cell(root, {"cell_type": "markdown", "source": raw})
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 1
    for words in said:
        assert words in outcome.stderr
    assert (root / "_output/report/report.pdf").read_bytes() == before


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("while True: pass", "cell 3: the cell was stopped after 2 seconds."),
        ("import time\ntime.sleep(1e6)", "cell 3: the cell was stopped after 2 seconds."),
        ("x = []\nwhile True: x.append(bytearray(10**7))", "more memory than the 0.9 GB that"),
        ("quit()", "cell 3: the cell ends the kernel"),
        ("exit", "cell 3: the cell ends the kernel"),
        ("import sys\nsys.exit()", "cell 3: the cell ends the program"),
        ("raise SystemExit", "cell 3: the cell ends the program"),
        ("import os\nos._exit(1)", "cell 3: the kernel died."),
        ("import os\nos.kill(os.getpid(), 9)", "cell 3: the kernel died."),
    ],
)
def test_a_cell_that_does_not_come_back(
    source: str, said: str, project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """A cell that loops, hoards or ends its kernel is a message with chapter and cell."""
    root = project()
    seconds = 60 if "append" in source else 2
    limit(root, f"cell-seconds: {seconds}, cell-gigabytes: 0.9")
    add_cell(root, {"cell_type": "code", "outputs": [], "execution_count": None, "source": source})
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "error: chapters/findings.ipynb, cell 3" in outcome.stderr
    assert said in outcome.stderr


def test_a_live_value_that_does_not_come_back(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """An expression in a sentence has the same limit."""
    root = project()
    limit(root, "cell-seconds: 2")
    add_cell(root, {"cell_type": "markdown", "source": "`{python} sum(iter(int, 1))`"})
    outcome = reviewpress("check", cwd=root)
    assert "findings.ipynb, cell 3: the cell was stopped after 2 seconds." in outcome.stderr


class WokenForNothing:
    """A kernel's client that is woken twice before the reply is there."""

    def __init__(self) -> None:
        self.left = 2

    def is_alive(self) -> bool:
        return True

    async def get_shell_msg(self, timeout: float) -> dict[str, str]:
        self.left -= 1
        if self.left:
            raise Empty
        return {"content": "the reply"}


def test_a_wait_that_ends_early_goes_on() -> None:
    """That a client is woken before its time is no limit that was met."""
    client = ChapterClient(NotebookExecutionManager(new_notebook()))
    client.kc, client.begun = WokenForNothing(), time.monotonic()
    reply = asyncio.run(client._async_handle_timeout(3600))
    assert reply == {"content": "the reply"}
    client.begun -= 3600
    with pytest.raises(CellTimeoutError):
        asyncio.run(client._async_handle_timeout(3600))


def test_what_a_cell_shows_is_not_lost(
    project: Callable[..., Path], reviewpress: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it does not arrive, that is said; a run does not go on without it."""
    process = ChapterClient.process_message

    def slowly(self: ChapterClient, message: Any, *rest: Any) -> Any:
        if "late" in str(message.get("content")):
            time.sleep(2)
        return process(self, message, *rest)

    monkeypatch.setattr(ChapterClient, "process_message", slowly)
    monkeypatch.setattr(client_module, "OUTPUT_SECONDS", 1)
    root = project()
    source = 'from IPython.display import display\nfor n in range(5): display(f"late {n}")'
    add_cell(root, {"cell_type": "code", "outputs": [], "execution_count": None, "source": source})
    outcome = reviewpress("check", cwd=root)
    assert "cell 3: the cell has run, but not all that it shows arrived in 1 s." in outcome.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("while True: print('word ' * 1000)", "the cell shows more than 0.5 MB."),
        ("'x' * 10**6", "the cell shows more than 0.5 MB."),
        ("from IPython.display import Markdown\nMarkdown('x' * 10**6)", "more than 0.5 MB."),
        ("for n in range(10**9): display(n)", "the cell displays more than 2,000 things."),
        (
            "import pandas as pd\npd.Series(['x' * 10**6])",
            "the table holds more than 0.5 MB of text.",
        ),
    ],
)
def test_a_cell_that_shows_too_much(
    source: str, said: str, project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """It is ended, whatever it would have shown after that."""
    root = project()
    limit(root, "cell-megabytes: 0.5")
    add_cell(root, {"cell_type": "code", "outputs": [], "execution_count": None, "source": source})
    outcome = reviewpress("check", cwd=root)
    assert "error: chapters/findings.ipynb, cell 3" in outcome.stderr
    assert said in outcome.stderr


def test_a_live_value_that_is_too_long(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """It is refused before it is made into Markdown."""
    root = project()
    limit(root, "cell-megabytes: 0.5")
    add_cell(root, {"cell_type": "markdown", "source": "There are `{python} 'x' * 10**6`."})
    outcome = reviewpress("check", cwd=root)
    assert "error: chapters/findings.ipynb, cell 3" in outcome.stderr
    assert "the live value holds more than 0.5 MB of text." in outcome.stderr


def test_what_is_shown_in_place_of_another_is_not_counted() -> None:
    """A cell may say for hours how far it is, as it clears what it said."""
    client = ChapterClient(NotebookExecutionManager(new_notebook()))
    client.session = Session(limits=Limits(cell_megabytes=0.001))
    for _ in range(5):
        client._weigh({"msg_type": "stream", "content": {"text": "x" * 900}}, 2)
        client._weigh({"msg_type": "clear_output", "content": {}}, 2)
    client._weigh({"msg_type": "display_data", "content": {"data": {"a": [{"b": "x" * 900}]}}}, 3)
    assert client.excess == ""
    client._weigh({"msg_type": "stream", "content": {"text": "x" * 101}}, 3)
    assert client.excess == "the cell shows more than 0.001 MB"


def test_an_unknown_limit(project: Callable[..., Path], reviewpress: Callable[..., Any]) -> None:
    """A limit that there is not is refused, with the nearest."""
    root = project()
    limit(root, "cell-second: 2")
    outcome = reviewpress("check", cwd=root)
    assert 'unknown key "cell-second" under limits.' in outcome.stderr
    assert 'Did you mean "cell-seconds"?' in outcome.stderr


def limit(root: Path, limits: str) -> None:
    path = root / "_quarto.yml"
    text = path.read_text("utf-8")
    assert "reviewpress:\n" in text
    path.write_text(
        text.replace("reviewpress:\n", f"reviewpress:\n  limits: {{{limits}}}\n"), "utf-8"
    )


def add_cell(root: Path, cell: dict[str, Any]) -> None:
    path = root / "chapters/findings.ipynb"
    document = json.loads(path.read_bytes())
    document["cells"].insert(2, {"id": "added", "metadata": {}, **cell})
    path.write_text(json.dumps(document), "utf-8")
