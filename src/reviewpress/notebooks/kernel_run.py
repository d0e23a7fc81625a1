"""One chapter executed in a kernel of its own, through papermill."""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.notebooks.runs import plain_document
from reviewpress.notebooks.source import Notebook, Parameter
from reviewpress.programs.limits import Limits

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

START_TIMEOUT = 180
"""Seconds in which a kernel has to answer; one that ends meanwhile is noticed at once."""


@dataclass(frozen=True, slots=True)
class WaitingChapter:
    """A chapter that has to be executed."""

    path: Path
    notebook: Notebook
    parameters: Mapping[str, Parameter]
    key: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around the kernels of a build: the review, and how its edition sees it.

    `sources` are the folders of the review that its configuration says hold sources.
    """

    root: Path
    sources: tuple[str, ...]
    limits: Limits
    profile: str | None


def run_kernel(
    chapter: WaitingChapter,
    around: Surroundings,
    scratch: Path,
    *,
    forked: str,
    on_cell: Callable[[int], None],
    hold: "Callable[[AsyncKernelManager | None], None]",
) -> "NotebookNode":
    """Execute a chapter through papermill, and return it with its outputs.

    Its files are made in `scratch`. `forked` is the key of a fork server, `on_cell` is told the
    number of each cell before it runs, and `hold` is given the kernel, and None when it has ended.
    """
    import papermill
    from papermill.engines import papermill_engines

    from reviewpress.notebooks import kernels
    from reviewpress.notebooks.client import own_event_loop
    from reviewpress.notebooks.engine import ReviewpressEngine
    from reviewpress.notebooks.foreign import foreign_session
    from reviewpress.notebooks.kernel_client import Session
    from reviewpress.notebooks.labelled import Figures

    # papermill and nbclient log what is raised anyway.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    papermill_engines.register("reviewpress", ReviewpressEngine)
    root, notebook = around.root, chapter.notebook

    with kernels.connection_folder() as folder, own_event_loop():
        copy = folder / "chapter.ipynb"
        copy.write_text(json.dumps(plain_document(notebook)), encoding="utf-8")
        own = (root / chapter.path).parent
        session = Session(
            name=notebook.name,
            manager=kernels.kernel_manager(folder, forked),
            environment=kernels.kernel_environment(
                root, scratch, folder, around.sources, around.profile or "", around.limits
            ),
            folder=str(own),
            on_cell=on_cell,
            limits=around.limits,
            figures=Figures(scratch / "figures", os.path.relpath(root / "figures", own), root),
        )
        if not notebook.language.is_python:
            session = foreign_session(session, root, notebook, folder)
        manager = session.manager
        assert manager is not None
        hold(manager)
        try:
            executed: NotebookNode = papermill.execute_notebook(
                # papermill takes braces in a path for those of a parameter.
                str(copy).replace("{", "{{").replace("}", "}}"),
                None,
                parameters=dict(chapter.parameters),
                engine_name="reviewpress",
                kernel_name=manager.kernel_name,
                language=notebook.language.name,
                progress_bar=False,
                start_timeout=START_TIMEOUT,
                session=session,
            )
            return executed
        finally:
            hold(None)
            kernels.kill_kernel(manager)
