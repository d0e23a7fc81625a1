"""Where the tasks of a build are done: here, or handed to other machines.

A task is a function that reads nothing but its arguments and some folders, and gives back what it
made: so it gives the same wherever it is done. `cluster` has those that are handed over.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from reviewpress.shapes import Plain

T = TypeVar("T")

Kind = Literal["run", "page", "part", "pdf", "word"]
"""A chapter executed; a page, or a chapter's part of a file, written; a PDF; a Word file."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that a task reads, or those of its files that are named.

    Where it is the task's `own`, it may write there too, and no other task sees it.
    """

    path: Path
    names: tuple[str, ...] | None = None
    own: bool = False


class Post(Protocol):
    """How a task that is done elsewhere and the build hear of one another."""

    def tell(self, news: Plain) -> None:
        """Let the build know of something."""

    def is_given_up(self) -> bool:
        """Whether nobody waits for the task any more."""


class Tasks(Protocol):
    """Does the tasks of a build."""

    @property
    def is_here(self) -> bool:
        """Whether they are done in this process, and need not be packed."""

    @property
    def runs_at_once(self) -> int:
        """How many chapters are executed at a time."""

    @property
    def at_once(self) -> int:
        """How many others are done at a time."""

    def do(
        self,
        kind: Kind,
        function: Callable[..., T],
        folders: Sequence[Folder],
        *arguments: Any,
        listen: Callable[[Plain], None] | None = None,
    ) -> T:
        """Call a function of a module with arguments, and return what it gives.

        Paths among the arguments lie in the `folders`. With `listen` the function is given a
        `post`, and what it tells comes to `listen`. Raises what the function does.
        """

    def give_up(self) -> None:
        """Let whoever waits for a task go on with an error: the build has come to its end."""


@dataclass(frozen=True, slots=True)
class Here:
    """Tasks that are done in this process; `jobs` chapters at a time.

    By default that is one more than there are processors: a kernel that starts or ends leaves its
    processor idle.
    """

    jobs: int | None = None

    is_here = True

    @property
    def runs_at_once(self) -> int:
        """How many chapters are executed at a time."""
        return self.jobs or _processors() + 1

    @property
    def at_once(self) -> int:
        """As many as there are processors."""
        return os.cpu_count() or 1

    def do(
        self,
        kind: Kind,
        function: Callable[..., T],
        folders: Sequence[Folder],
        *arguments: Any,
        listen: Callable[[Plain], None] | None = None,
    ) -> T:
        """Call the function; see `Tasks.do`."""
        return function(*arguments)

    def give_up(self) -> None:
        """Nothing waits for another machine."""


HERE = Here()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
