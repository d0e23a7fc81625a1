"""What a worker does with a task: it looks whether it is the right one, and does it in a copy."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import get_worker

from reviewpress.cluster.machine import differences, machine_state
from reviewpress.cluster.parcels import Files, arrive, unpack_files
from reviewpress.errors import SetupError
from reviewpress.shapes import Plain
from reviewpress.store.temporary_files import temporary_folder

_SHARED = "reviewpress"
"""The folder of a worker in which it keeps what several tasks read."""


@dataclass(frozen=True, slots=True)
class HandedTask:
    """A task on its way: the function, its arguments with paths by folder, what it depends on.

    `parcels` are the hashes of its folders, each with whether it is the task's own. What it tells
    goes to `topic`, where there is one; `alike` is what the machine it comes from has.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    parcels: tuple[tuple[str, bool], ...]
    alike: Mapping[str, str]
    topic: str = ""


def hold(files: Files) -> Files:
    """Keep the files of a folder where tasks get them; if they are lost, the scheduler asks again.

    Dask gives what this returns to every worker that needs it.
    """
    return files


def do_task(task: HandedTask, *contents: Files) -> Any:
    """Do a task in folders of its own, and return what it made.

    Raises SetupError where something on this machine would make something else.
    """
    worker = get_worker()
    differs = differences(task.alike, machine_state())
    if differs:
        raise unlike(worker.address, differs)
    with ExitStack() as stack:
        folders = []
        for (digest, is_own), files in zip(task.parcels, contents, strict=True):
            if is_own:
                folder = stack.enter_context(temporary_folder()) / "own"
            else:
                folder = Path(worker.local_directory) / _SHARED / digest
            if not folder.is_dir():
                unpack_files(files, folder)
            folders.append(folder)
        arguments = arrive(task.arguments, folders)
        told = {"post": _Post(task.topic)} if task.topic else {}
        return task.function(*arguments, **told)


def unlike(address: str, differs: str) -> SetupError:
    """Return the error for a worker that would not make the same."""
    hint = "Workers need the same versions as this machine: install them anew."
    return SetupError(f"the worker {address} is another: {differs}.", hint=hint)


class _Post:
    """How a task and the build hear of one another through the scheduler."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._worker = get_worker()
        self._key = self._worker.get_current_task()

    def tell(self, news: Plain) -> None:
        """Let the build know of something."""
        self._worker.log_event(self._topic, news)

    def is_given_up(self) -> bool:
        """Whether nobody waits for the task any more."""
        task = self._worker.state.tasks.get(self._key)
        return task is None or task.state == "cancelled"
