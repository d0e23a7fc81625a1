"""Valid HTML, by the Nu HTML checker (`vnu`)."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reviewpress.errors import EngineError, Place, Problem
from reviewpress.programs.tools import find_vnu, run_program


def check_markup(folder: Path) -> Iterator[Problem]:
    """Yield each error of the Nu checker on the pages of an edition.

    Raises SetupError where neither `vnu` nor Java with the npm package vnu-jar is at hand.
    """
    pages = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.html"))]
    command = [*find_vnu(), "--stdout", "--exit-zero-always", "--errors-only", "--format", "json"]
    answer = run_program([*command, *pages], "", folder=folder, name="vnu")
    try:
        messages = json.loads(answer)["messages"]
    except (ValueError, KeyError):
        raise EngineError(f"vnu gave no report: {answer[:200]}") from None
    for message in messages:
        if message.get("type") == "error" or message.get("type") == "non-document-error":
            file = unquote(urlsplit(message.get("url", "")).path)
            name = Path(file).relative_to(folder).as_posix() if file else folder.name
            place = Place(name, line=message.get("lastLine"))
            yield Problem("html", message["message"], place, subject=name)
