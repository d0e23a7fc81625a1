"""Which engines this machine can use, and what to do about those it cannot."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reviewpress.errors import ReportError
from reviewpress.programs.tools import (
    INSTALL,
    OLDEST,
    TWO_STANDARDS,
    find_pandoc,
    find_quarto,
    quarto_version,
    run_program,
)


@dataclass(frozen=True, slots=True)
class EngineState:
    """An engine: what was found of it, whether it can be used, and what to know or do."""

    name: str
    found: str
    usable: bool
    note: str = ""

    def __str__(self) -> str:
        state = f"{self.found}, usable" if self.usable else self.found
        return f"{self.name}: {state}" + (f"\n    {self.note}" if self.note else "")


def look_at_engines() -> tuple[EngineState, ...]:
    """Return the state of each engine, the embedded one first; nothing is rendered."""
    return _embedded(), _quarto()


def _embedded() -> EngineState:
    try:
        program = find_pandoc()
        answer = run_program([program, "--version"], "", folder=Path.cwd(), name="pandoc")
        words = answer.splitlines()[0].removeprefix("pandoc").strip()
        typst = version("typst")
    except (ReportError, PackageNotFoundError) as error:
        note = "Install reviewpress again."
        return EngineState("pandoc", f"not usable ({error})", usable=False, note=note)
    return EngineState("pandoc", f"{words} with Typst {typst} (embedded)", usable=True)


def _quarto() -> EngineState:
    program = find_quarto()
    if program is None:
        note = "It is not needed. To use it, get it from https://quarto.org/docs/download/."
        return EngineState("quarto", "not installed", usable=False, note=note)
    try:
        numbers = quarto_version(program)
    except ReportError as error:
        return EngineState("quarto", f"not usable ({error})", usable=False, note=INSTALL)
    words = ".".join(map(str, numbers))
    if numbers < OLDEST:
        return EngineState("quarto", f"{words} is too old: 1.9 is needed", False, INSTALL)
    note = ""
    if numbers < TWO_STANDARDS:
        note = "Its PDFs meet PDF/UA-1 alone: PDF/A-2a at the same time takes Quarto 1.10."
    return EngineState("quarto", words, usable=True, note=note)
