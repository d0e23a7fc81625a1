"""Pandocs that live on, each taking one task after another: Markdown to read, parts to write.

A pandoc looks once through all that its program holds, which takes longer than reading or writing a
short chapter. These do so once for many. They end with the process that started them, however it
ends, for then their standard input does. What they are asked is an audit event (`sys.audit`),
`reviewpress.pandoc` with what to do (`read`, or a format to write) and the number of documents.
"""

import atexit
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from reviewpress.errors import EngineError
from reviewpress.programs.limits import USUAL, Limits, program_seconds
from reviewpress.programs.processes import end_process, how_ended, in_time
from reviewpress.programs.tools import run_pandoc, start_pandoc_script
from reviewpress.speed import is_on
from reviewpress.store.temporary_files import temporary_folder

SCRIPT = Path(__file__).with_name("pandoc_pool.lua")

_ENOUGH = 24_000_000
"""How many bytes a pandoc is given to read before another takes its place: its memory grows."""

_LARGE = 3_000_000
"""How many bytes of one task are so much that its pandoc does not live on with what they took."""

_KEPT = os.cpu_count() or 1
_idle: "list[_Pandoc]" = []
_lock = threading.Lock()
_reading = threading.BoundedSemaphore(_KEPT)


def read_markdown_text(text: str, written: str, *, seconds: float | None = None) -> bytes:
    """Return pandoc's JSON of a Markdown text; `written` is its format with its extensions.

    As many texts are read at a time as there are processors. Raises EngineError with pandoc's own
    words where it fails or warns of something lost, OutOfTime where it takes more than `seconds`,
    by default as many as are fair for the text.
    """
    task = {"text": text, "format": written, "abbreviations": _abbreviations()}
    sys.audit("reviewpress.pandoc", "read", 1)
    with _reading:
        return _ask({"read": task}, len(text), seconds or program_seconds(len(text)))


def read_formulas(
    texts: Sequence[str], *, lang: str, filters: Path, seconds: float
) -> list[dict[str, str]]:
    """Return what pandoc makes of formulas: `tex`, and `plain` signs, `words`, or what is `wrong`.

    `filters` has the Lua that writes TeX in pandoc's commands and says it in words of `lang`.

    Raises OutOfTime where it takes more than `seconds`.
    """
    size = sum(map(len, texts))
    sys.audit("reviewpress.pandoc", "formulas", len(texts))
    with _reading:
        task = {"texts": list(texts), "lang": lang, "filters": str(filters)}
        answer = _ask({"formulas": task}, size, seconds)
    return list(json.loads(answer))


def write_documents(task: Mapping[str, Any], *, limits: Limits = USUAL) -> None:
    """Write documents as the task says; see pandoc_pool.lua. Raises EngineError as reading does."""
    sys.audit("reviewpress.pandoc", str(task["to"]), len(task["documents"]))
    size = sum(Path(each["source"]).stat().st_size for each in task["documents"])
    _ask({"write": task}, size, limits.program(size))


def write_text(document: str, task: Mapping[str, Any], *, limits: Limits = USUAL) -> str:
    """Write one document, given as pandoc's JSON, as the task says, and return what was written."""
    with temporary_folder() as folder:
        source, goal = folder / "source.json", folder / "goal"
        source.write_text(document, encoding="utf-8")
        files = {"source": str(source), "goal": str(goal)}
        write_documents(
            {"variables": {}, "template": "", **task, "documents": [files]}, limits=limits
        )
        return goal.read_text(encoding="utf-8")


def end_pandocs() -> None:
    """End those that wait for a task."""
    with _lock:
        ended = [_idle.pop() for _ in range(len(_idle))]
    for pandoc in ended:
        pandoc.end()


def _ask(task: Mapping[str, Any], size: int, seconds: float) -> bytes:
    """Give a task of so many bytes to a pandoc that waits, or to a new one; return what it read.

    Raises OutOfTime where it takes more than `seconds`.
    """
    line = json.dumps(task).encode() + b"\n"
    with _lock:
        pandoc = _idle.pop() if _idle else None
    # One that waited may have been ended meanwhile, by an interrupt say.
    if pandoc is not None and not pandoc.is_alive():
        pandoc.end()
        pandoc = None
    pandoc = pandoc or _Pandoc()
    try:
        with in_time("pandoc", seconds, pandoc.kill):
            made, said = pandoc.ask(line)
    except BaseException:
        pandoc.end()
        raise
    pandoc.given += size
    with _lock:
        is_kept = is_on() and len(_idle) < _KEPT and size < _LARGE
        is_kept = is_kept and pandoc.given < _ENOUGH
        if is_kept:
            _idle.append(pandoc)
    if not is_kept:
        pandoc.end()
    if said:
        raise EngineError("pandoc: " + "\n".join(said))
    return made


@cache
def _abbreviations() -> Sequence[str]:
    """Return after which words pandoc's command line lets no line break, as it does not in Lua."""
    listed = run_pandoc(["--print-default-data-file=abbreviations"], "", folder=Path.cwd())
    return [line for line in listed.splitlines() if line]


def _answer(line: bytes) -> dict[str, Any] | None:
    """Return what a line answers to a task, None where it is none."""
    with suppress(ValueError):
        answer = json.loads(line)
        if isinstance(answer, dict) and ("error" in answer or "warnings" in answer):
            return answer
    return None


class _Pandoc:
    """One that is alive, used by one thread at a time."""

    def __init__(self) -> None:
        self.given = 0
        self._process = start_pandoc_script(SCRIPT)

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def ask(self, line: bytes) -> tuple[bytes, list[str]]:
        """Return what was read, and what was wrong or warned of."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        said: list[str] = []
        with suppress(OSError):
            requests.write(line)
            requests.flush()
        for given in answers:
            answer = _answer(given)
            if answer is None:
                # From its standard error.
                said += filter(None, [given.decode("utf-8", "replace").strip()])
                continue
            if "error" in answer:
                return b"", [*said, answer["error"]]
            made = b"" if line.startswith(b'{"write"') else answers.readline()
            return made, said + answer["warnings"]
        return b"", said or [how_ended(self._process.wait())]

    def kill(self) -> None:
        """Stop it, so that whoever waits for its answer goes on."""
        self._process.kill()

    def end(self) -> None:
        """End it, whatever it does."""
        end_process(self._process)


atexit.register(end_pandocs)
