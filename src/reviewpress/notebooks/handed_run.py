"""A chapter executed on another machine: what is handed over, and what comes back."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.errors import EngineError, ExecutionError, Place
from reviewpress.notebooks.environment import shared_environment
from reviewpress.notebooks.kernel_run import Surroundings, WaitingChapter, run_kernel
from reviewpress.notebooks.recording import record_run
from reviewpress.notebooks.runs import Execution
from reviewpress.store.temporary_files import temporary_folder
from reviewpress.tasks import Folder, Post, Tasks

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_MADE = "figures"
_LOOK = 0.5


def hand_over(
    tasks: Tasks,
    chapter: WaitingChapter,
    around: Surroundings,
    scratch: Path,
    on_cell: Callable[[int], None],
) -> Execution:
    """Have a chapter executed elsewhere, and put the files that it made into `scratch`.

    `on_cell` is told of each cell that begins. Raises what executing it here would.
    """
    root = around.root
    try:
        execution, files = tasks.do(
            "run", run_there, [Folder(root)], chapter, root, replace(around, root=Path()),
            listen=lambda news: on_cell(int(str(news))),
        )  # fmt: skip
    except EngineError as error:
        raise ExecutionError(error.message, Place(chapter.notebook.name), error.hint) from None
    for name, content in files.items():
        file = scratch / _MADE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return execution


def run_there(
    chapter: WaitingChapter, root: Path, around: Surroundings, *, post: Post
) -> tuple[Execution, Mapping[str, bytes]]:
    """Execute a chapter of the review at `root`; return what it gave, and the files it made.

    Its kernel ends when nobody waits for it any more.
    """
    from reviewpress.speed.forkservers import start_forkserver

    # One task after another: the parent of the first kernel is that of all.
    forked = start_forkserver(shared_environment()) if chapter.notebook.language.is_python else ""
    with temporary_folder() as scratch, _ended_in_vain(post) as hold:
        executed = run_kernel(
            chapter, replace(around, root=root), scratch, forked=forked, on_cell=post.tell,
            hold=hold,
        )  # fmt: skip
        execution = record_run(chapter.notebook, executed)
        made = scratch / _MADE
        files = {
            path.relative_to(made).as_posix(): path.read_bytes()
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
    return execution, files


@contextmanager
def _ended_in_vain(post: Post) -> "Iterator[Callable[[AsyncKernelManager | None], None]]":
    """Give what takes a kernel, and end that kernel when its task is given up."""
    from reviewpress.notebooks.kernels import kill_kernel

    held: list[AsyncKernelManager] = []
    is_over = threading.Event()

    def hold(kernel: "AsyncKernelManager | None") -> None:
        held[:] = [kernel] if kernel else []

    def look() -> None:
        while not is_over.wait(_LOOK):
            if post.is_given_up():
                for kernel in tuple(held):
                    kill_kernel(kernel)

    threading.Thread(target=look, daemon=True).start()
    try:
        yield hold
    finally:
        is_over.set()
