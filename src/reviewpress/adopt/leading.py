"""Links from one chapter to another, whose file may be called otherwise now.

A notebook that cannot be executed is a text, R Markdown is Quarto's, and what leads to a page of
HTML leads to the chapter that it was made of.
"""

import os
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from reviewpress.adopt.chapters import Move
from reviewpress.adopt.original import TEXTS
from reviewpress.assemble.source import prose

_LINK = re.compile(r"(\]\(\s*<?|\bhref=\\?[\"'])([^()\s<>\"'#\\:?]+)(?=[#)>\s\"'\\])")


def lead_to_chapters(made: Move) -> None:
    """Give each link to a chapter the name that the chapter's file has now, in all texts."""
    chapters = [each for each in made.chapters if each.path]
    goals = {each.path: each.goal for each in chapters if each.path != each.goal}
    for each in chapters:
        page = PurePosixPath(each.path).with_suffix(".html").as_posix()
        if page not in made.original.files:
            goals.setdefault(page, each.goal)
    origins = {each.goal: each.path for each in chapters}
    for name, content in made.texts.items():
        if name.endswith(TEXTS):
            folder = PurePosixPath(origins.get(name, name)).parent
            text, is_text = content.decode(), not name.endswith(".ipynb")
            spans = [*prose(text)] if is_text else [(0, len(text))]
            for start, end in reversed(spans):
                text = text[:start] + _led(text[start:end], folder, goals) + text[end:]
            made.texts[name] = text.encode()


def _led(text: str, folder: PurePosixPath, goals: Mapping[str, str]) -> str:
    """Return a text with other names in its links; only the last part of a path changes.

    >>> _led("[T](../t.ipynb#a) [U](u.qmd)", PurePosixPath("b"), {"t.ipynb": "t.qmd"})
    '[T](../t.qmd#a) [U](u.qmd)'
    """

    def led(match: re.Match[str]) -> str:
        written = unquote(match[2])
        base = PurePosixPath() if written.startswith("/") else folder
        goal = goals.get(os.path.normpath(base / written.lstrip("/")))
        if goal is None:
            return match[0]
        above, mark, _ = match[2].rpartition("/")
        return f"{match[1]}{above}{mark}{quote(PurePosixPath(goal).name)}"

    return _LINK.sub(led, text)
