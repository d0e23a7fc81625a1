"""What is published: its id, its texts, and the folder of the run that it goes to.

The folder is that of the run; outside a run (a notebook open in Jupyter) it is a temporary one.
"""

import atexit
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reviewpress.errors import Problem
from reviewpress.markdown import UNNUMBERED, Markdown, escape
from reviewpress.store.temporary_files import PREFIX, release_folder, reserve_folder

RUN_ENV = "REVIEWPRESS_RUN_DIR"
ROOT_ENV = "REVIEWPRESS_ROOT"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


_PARTS = re.compile(r"(-narrow|-titled|-part-\d+)+$")
"""What the names of a figure's files have after its id."""


NOT_DESCRIBED = "A figure that is not described yet"
"""How the alternative text begins of a figure that was moved in without one."""


_TYPED = re.compile(
    r"\[-?@[^\[\]\s][^\[\]]*\]|\[\^[^\[\]\s]+\]"
    r"|(?<![^\s(])(\*\*?)[^\W_][^*\n]*(?<=\w)\1(?![\w*])"
)
"""A citation, a note or emphasis: what nobody means to be read with its marks."""


made: list[str] = []
"""The ids of what this process made to be published, in order; the kernel's side looks at it."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure or table; a cell that ends with it displays it.

    `files` are those of a figure in the run's folder, empty for a table.
    """

    id: str
    markdown: str
    files: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.id.startswith(UNNUMBERED):
            made.append(self.id)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": f"<{self.id}>"}


def part_names(id: str, count: int) -> list[str]:
    """Return what the pictures of a figure are called that goes over several pages."""
    return [id, *(f"{id}-part-{number}" for number in range(2, count + 1))]


def figure_of(name: str) -> str:
    """Return the id of the figure that a file belongs to, by its name without an ending.

    >>> figure_of("fig-map-part-2")
    'fig-map'
    """
    return _PARTS.sub("", name)


def id_problems(id: str, prefix: str) -> list[Problem]:
    """Return what is wrong with an id."""
    if id.startswith(prefix) and NAME.fullmatch(id.removeprefix(prefix)):
        return []
    example = f'id="{prefix}methods"'
    hint = f"An id is {prefix} and lower-case words joined by hyphens, as in {example}."
    return [
        figure_problem(
            f'"{id}" is not an id.' if id else f"{example} or the like is missing.", hint
        )
    ]


def figure_problem(message: str, hint: str) -> Problem:
    """Return a problem of what is published."""
    return Problem("figure", message, hint=hint)


def tell_plain_marks(id: str, texts: Iterable[tuple[str, object]]) -> None:
    """Say in the cell's own words which texts, by what they are, hold Markdown as plain text."""
    for name, text in texts:
        found = _TYPED.search(text) if isinstance(text, str) else None
        if found:
            said = f'{id}: "{found[0]}" in its {name} is shown as it is written'
            print(f'{said}; md("…") makes it Markdown.', file=sys.stderr)


def inline(text: str | Markdown | None) -> str:
    """Return a title or caption as inline Markdown on one line."""
    if isinstance(text, Markdown):
        return " ".join(text.text.split())
    return escape(str(text or ""))


def figures_address() -> str:
    """Return the address of the published files from the chapter's folder."""
    root = os.environ.get(ROOT_ENV)
    if not root:
        return "../figures"
    return os.path.relpath(Path(root) / "figures", Path.cwd()).replace(os.sep, "/")


def run_folder() -> tuple[Path, bool]:
    """Return where files go, and whether that is a temporary folder outside any run."""
    run = os.environ.get(RUN_ENV)
    if run:
        folder = Path(run) / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        return folder, False
    return _temporary_folder(), True


@cache
def _temporary_folder() -> Path:
    """Return a folder that lasts as long as this process, which holds its lock."""
    handle, folder = reserve_folder(None, PREFIX)
    atexit.register(release_folder, handle, folder)
    return folder
