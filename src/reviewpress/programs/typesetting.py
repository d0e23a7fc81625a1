"""Typst: the only importer of the typst wheel.

Documents are typeset in a process of their own, which is ended where one takes too long and with
it all the memory it took. A preview keeps that process: a change costs little then.
"""

import atexit
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from reviewpress.errors import EngineError, OutOfTime, Overtaken
from reviewpress.programs.limits import program_seconds
from reviewpress.programs.pdf_standards import PDF_STANDARDS
from reviewpress.programs.processes import end_process, how_ended, in_time
from reviewpress.programs.tools import start_program
from reviewpress.store.temporary_files import temporary_folder

_AT = r"{}:(\d+):\d+"
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')

_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")

_Document = tuple[Path, Path, tuple[Path, ...]]
"""A file, the folder that is its root, and the folders of its fonts."""

_compilers: dict[_Document, Any] = {}


class NotTypeset(EngineError):
    """What Typst refuses: in its words, and at which line of the file it was given, 0 for none."""

    def __init__(self, said: str, line: int, hint: str = "") -> None:
        super().__init__(f"Typst: {said}", hint=hint)
        self.args = (said, line, hint)
        self.said, self.line = said, line


def typeset(
    file: Path,
    *,
    root: Path,
    fonts: Sequence[Path],
    timestamp: datetime,
    standards: Sequence[str] = PDF_STANDARDS,
) -> bytes:
    """Compile a Typst file to a PDF that conforms to some standards.

    Only the fonts in `fonts` are used, never the machine's. Raises NotTypeset with Typst's
    message and hints.
    """
    import typst

    key = (file, root, tuple(fonts))
    if key not in _compilers:
        _compilers[key] = typst.Compiler(
            str(file), root=str(root), font_paths=[str(f) for f in fonts], ignore_system_fonts=True
        )
    try:
        pdf = _compilers[key].compile(
            str(file), format="pdf", pdf_standards=list(standards), timestamp=timestamp
        )
    except typst.TypstError as error:
        found = re.search(_AT.format(re.escape(file.name)), f"{error.diagnostic}\n{error.trace}")
        line = int(found[1]) if found else 0
        raise NotTypeset(error.message, line, " ".join(error.hints)) from None
    assert isinstance(pdf, bytes)
    return pdf


def missing_glyphs(characters: str, folder: Path, fonts: Sequence[Path]) -> str:
    """Return those of some characters that no font has, neither of `fonts` nor Typst's own.

    `folder` is a temporary one, for a document of a line each.
    """
    import typst

    missing: set[str] = set()
    while True:
        tried = [each for each in characters if each not in missing]
        lines = "".join(f"#text({json.dumps(each, ensure_ascii=False)})\n\n" for each in tried)
        file = folder / "glyphs.typ"
        file.write_text(f'#set document(title: "Glyphs")\n{lines}', encoding="utf-8")
        compiler = typst.Compiler(
            str(file), root=str(folder), font_paths=[str(f) for f in fonts],
            ignore_system_fonts=True,
        )  # fmt: skip
        try:
            compiler.compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            said = f"{error.message}\n{error.diagnostic}"
            texts = [_ESCAPED.sub(_character, text) for text in _NOT_SHOWN.findall(said)]
            found = {each for text in texts for each in text} & {*tried}
            if not found:
                break
            missing |= found
        else:
            break
    return "".join(sorted(missing))


def drawing_as_png(file: Path, fonts: Sequence[Path] = ()) -> bytes:
    """Return the picture of an SVG file, its words in some fonts; empty if it cannot be drawn.

    It cannot where Typst takes too long, or more memory than there is.
    """
    seconds = program_seconds(file.stat().st_size)
    arguments = {"file": str(file), "fonts": [str(folder) for folder in fonts]}
    try:
        with temporary_folder() as folder:
            goal = folder / "drawing.png"
            _PICTURES.ask("drawing", {**arguments, "goal": str(goal)}, seconds)
            return goal.read_bytes()
    except (NotTypeset, OutOfTime):
        return b""


def refused_picture(file: Path, *, seconds: float, standards: Sequence[str] = PDF_STANDARDS) -> str:
    """Return what Typst says of the picture in a file, empty for one that it sets.

    Letters that the fonts lack are looked for elsewhere. Raises OutOfTime where it takes longer
    than `seconds`.
    """
    try:
        _PICTURES.ask("picture", {"file": str(file), "standards": list(standards)}, seconds)
    except NotTypeset as error:
        return "" if _NOT_SHOWN.search(error.said) else error.said
    return ""


def _draw(file: Path, fonts: Sequence[Path]) -> bytes:
    """Return the picture of an SVG file as PNG. Raises NotTypeset."""
    import typst

    source = f"#set page(width: auto, height: auto, margin: 0pt)\n#image({_named(file)})\n"
    try:
        # Its types allow a text as root beside bytes as input nowhere.
        png = typst.compile(  # type: ignore[call-overload]
            source.encode(), root=str(file.parent), format="png", ppi=192,
            font_paths=[str(folder) for folder in fonts],
        )  # fmt: skip
    except typst.TypstError as error:
        raise NotTypeset(error.message, 0) from None
    assert isinstance(png, bytes)
    return png


def _set_picture(file: Path, standards: Sequence[str]) -> None:
    """Typeset a document of one picture. Raises NotTypeset."""
    import typst

    source = f'#set document(title: "Picture")\n#image({_named(file)}, alt: "It")\n'
    try:
        typst.compile(  # type: ignore[call-overload]
            source.encode(), root=str(file.parent), format="pdf", pdf_standards=list(standards),
            ignore_system_fonts=True,
        )  # fmt: skip
    except typst.TypstError as error:
        raise NotTypeset(error.message, 0) from None


def _named(file: Path) -> str:
    """Return a file of the root as a text of Typst, which has other escapes than JSON's for ä."""
    return json.dumps(f"/{file.name}", ensure_ascii=False)


class Typesetter:
    """A process that has imported Typst, and typesets one document after another.

    A document that it knows costs little once more: only what changed is set again. Threads that
    ask it wait for one another; any may `stop` it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._known: set[_Document] = set()
        self._since: float | None = None
        self._stopped = False

    def __enter__(self) -> "Typesetter":
        """Start it, so that it imports Typst meanwhile."""
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        """End it."""
        self.end()

    def typeset(
        self,
        file: Path,
        *,
        root: Path,
        fonts: Sequence[Path],
        timestamp: datetime,
        seconds: float,
        standards: Sequence[str] = PDF_STANDARDS,
    ) -> bytes:
        """Compile a Typst file as `typeset` does, in `seconds` at most.

        Raises NotTypeset with Typst's message and hints, OutOfTime where it takes longer,
        Overtaken where it was stopped.
        """
        goal = file.with_suffix(".made")
        request = {
            "file": str(file),
            "root": str(root),
            "fonts": [str(font) for font in fonts],
            "timestamp": timestamp.isoformat(),
            "standards": list(standards),
            "goal": str(goal),
        }
        self.ask("document", request, seconds)
        self._known.add((file, root, tuple(fonts)))
        pdf = goal.read_bytes()
        goal.unlink()
        return pdf

    def ask(self, what: str, request: dict[str, Any], seconds: float) -> None:
        """Ask for a document, a picture or a drawing; raises what `typeset` does."""
        with self._lock:
            process = self._start()
            self._stopped, self._since = False, time.monotonic()
            try:
                with in_time("Typst", seconds, process.kill):
                    answer = _ask(process, json.dumps({"what": what, **request}).encode())
            except BaseException:
                self.end()
                raise
            finally:
                self._since = None
        if answer.get("error"):
            if self._stopped:
                raise Overtaken("the PDF was not finished: it was not wanted any more.")
            raise NotTypeset(answer["error"], int(answer.get("line", 0)), answer.get("hint", ""))

    def knows(self, file: Path, *, root: Path, fonts: Sequence[Path]) -> bool:
        """Say whether it has typeset this document, so that a change costs little."""
        return self._is_alive() and (file, root, tuple(fonts)) in self._known

    def stop(self, after: float = 0) -> None:
        """End what it typesets, where that has taken `after` seconds and more."""
        process, since = self._process, self._since
        if process is not None and since is not None and time.monotonic() - since >= after:
            self._stopped = True
            with suppress(OSError):
                process.kill()

    def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            end_process(process)

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> "subprocess.Popen[bytes]":
        """Return the process; another one where it has ended meanwhile."""
        if self._process is None or not self._is_alive():
            self.end()
            self._known.clear()
            self._process = start_program([sys.executable, "-P", "-m", __name__], name="Typst")
        return self._process


LIVING = Typesetter()
"""The one that a preview keeps."""
_PICTURES = Typesetter()
"""The one that looks at pictures: a file of a few bytes may take all memory, or never end."""
atexit.register(LIVING.end)
atexit.register(_PICTURES.end)


def answer_requests() -> None:
    """Be that process: import Typst, typeset what each line asks for, and say how it went."""
    import typst  # noqa: F401

    for line in sys.stdin.buffer:
        request = json.loads(line)
        answer: dict[str, str | int] = {"error": "", "hint": ""}
        try:
            _ANSWERS[request["what"]](request)
        except NotTypeset as error:
            answer = {"error": error.said, "line": error.line, "hint": error.hint}
        sys.stdout.write("\n" + json.dumps(answer) + "\n")
        sys.stdout.flush()


def _make_document(request: dict[str, Any]) -> None:
    pdf = typeset(
        Path(request["file"]),
        root=Path(request["root"]),
        fonts=[Path(font) for font in request["fonts"]],
        timestamp=datetime.fromisoformat(request["timestamp"]),
        standards=request["standards"],
    )
    Path(request["goal"]).write_bytes(pdf)


def _make_drawing(request: dict[str, Any]) -> None:
    png = _draw(Path(request["file"]), [Path(font) for font in request["fonts"]])
    Path(request["goal"]).write_bytes(png)


def _look_at_picture(request: dict[str, Any]) -> None:
    _set_picture(Path(request["file"]), request["standards"])


_ANSWERS = {"document": _make_document, "drawing": _make_drawing, "picture": _look_at_picture}


def _ask(process: "subprocess.Popen[bytes]", request: bytes) -> dict[str, Any]:
    """Return what the process answers; where it says nothing of the kind, how it ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):
        process.stdin.write(request + b"\n")
        process.stdin.flush()
    said = ""
    for line in process.stdout:
        with suppress(ValueError):
            answer = json.loads(line)
            if isinstance(answer, dict) and "error" in answer:
                return answer
        # From its standard error.
        said = line.decode("utf-8", "replace").strip() or said
    status = process.wait()
    return {"error": said if said and status >= 0 else how_ended(status)}


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


if __name__ == "__main__":
    answer_requests()
