"""Valid EPUB 3, by EPUBCheck."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from reviewpress.errors import EngineError, Place, Problem
from reviewpress.programs.tools import find_epubcheck, run_program
from reviewpress.store.temporary_files import temporary_folder

_FOUND = ("FATAL", "ERROR", "WARNING")


class _Location(TypedDict):
    """Where in an EPUB something is wrong; a line below 1 is none."""

    path: str
    line: int


class _Message(TypedDict):
    """What EPUBCheck says, and where."""

    ID: str
    severity: str
    message: str
    locations: list[_Location]


def check_epubs(folder: Path) -> Iterator[Problem]:
    """Yield each error and warning of EPUBCheck on the EPUBs of an edition.

    Raises SetupError where EPUBCheck or Java is not installed.
    """
    for path in sorted(folder.glob("*.epub")):
        for message in _messages(path):
            if message["severity"] in _FOUND:
                said = f"{message['ID']}: {message['message']}"
                for where in message["locations"]:
                    line = where["line"] if where["line"] > 0 else None
                    place = Place(f"{path.name}: {where['path']}", line=line)
                    yield Problem("epub", said, place, subject=message["ID"])


def _messages(path: Path) -> list[_Message]:
    with temporary_folder() as folder:
        report = folder / "report.json"
        command = [*find_epubcheck(), "--json", str(report), str(path)]
        # It ends with 1 where it finds an error: what it found is in its report.
        with suppress(EngineError):
            run_program(command, "", folder=folder, name="epubcheck")
        try:
            messages: list[_Message] = json.loads(report.read_bytes())["messages"]
        except (OSError, ValueError, KeyError):
            raise EngineError(f"epubcheck gave no report on {path.name}.") from None
    return messages
