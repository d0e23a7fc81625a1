"""Notebooks in another language than Python: R, and what else has a kernel for Jupyter.

    parameters   papermill's translators write them in the language
    values       `{r} expression` is printed by the kernel in the place where it stands
    floats       by Quarto's options, `#| label: fig-…` with fig-cap and fig-alt, or tbl-cap
    what it read is not known: a run holds as long as no file of the review but chapters is changed

Nothing of this package runs in such a kernel, which is the author's own, as `jupyter` starts it.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, from_dict

from reviewpress.config import CHAPTER_ENDINGS
from reviewpress.errors import ChapterError, Place, Problem
from reviewpress.notebooks.client import ANSI, ChapterClient
from reviewpress.notebooks.html_tables import html_table_markdown
from reviewpress.notebooks.kernel_client import Session
from reviewpress.notebooks.labelled import MARKDOWN
from reviewpress.notebooks.provisioner import NAME, register
from reviewpress.notebooks.source import Notebook
from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_or_absent

MADE = ("figures", "node_modules", "__pycache__")
"""Folders of a review that hold no sources; those that begin with `.` or `_` do not either."""
_FRAME = '<table class="dataframe">'
_MISSING = ("", "NA", "NaN", "NULL", "missing", "nothing")
_INSTALL = {
    "R": 'In R: `install.packages("IRkernel")`, then `IRkernel::installspec()`.',
    "Julia": "In Julia: add the package IJulia.",
}


def installed_languages() -> frozenset[str]:
    """Return the languages that kernels are installed for, in small letters."""
    manager = KernelSpecManager()
    found = set()
    for name in manager.find_kernel_specs():
        with suppress(NoSuchKernel, ValueError):
            found.add(manager.get_kernel_spec(name).language.lower())
    return frozenset(found)


def find_specification(notebook: Notebook) -> KernelSpec:
    """Return the kernel that a notebook of another language asks for, else one of its language.

    Raises ChapterError where none is installed.
    """
    language, manager = notebook.language.name, KernelSpecManager()
    names = [notebook.kernel, *sorted(manager.find_kernel_specs())]
    for name in names:
        try:
            found = manager.get_kernel_spec(name)
        except (NoSuchKernel, ValueError):
            continue
        if found.language.lower() == language.lower():
            return found
    message = f"the notebook is written in {language}, and no kernel for {language} is installed."
    hint = _INSTALL.get(language, "Install one for Jupyter: `jupyter kernelspec list` shows all.")
    raise ChapterError(message, Place(notebook.name), hint)


_NOTES = ("moved.txt", "data/acknowledged.yml")
"""What `adopt` and authors note of a review: no code reads it, and `adopt` writes it last."""


def foreign_key(root: Path, notebook: Notebook) -> list[Plain]:
    """Return what a run depends on before it begins: the kernel's program, which files there are.

    Raises ChapterError where no kernel is installed.
    """
    command = [str(word) for word in find_specification(notebook).argv]
    found = shutil.which(command[0])
    state = os.stat(found) if found else None
    program = [state.st_size, state.st_mtime_ns] if state else []
    return [command, program, sorted(_readable(root))]


def foreign_session(session: Session, root: Path, notebook: Notebook, folder: Path) -> Session:
    """Return the session of a notebook whose kernel keeps its connection in `folder`."""
    return replace(
        session,
        manager=_manager(find_specification(notebook), folder),
        language=notebook.language,
        client=ForeignClient,
        reads=lambda: {name: digest_or_absent(file) for name, file in _readable(root).items()},
    )


def _readable(root: Path) -> dict[str, Path]:
    """Return the files of a review that code may read: not chapters, nor what builds make."""
    found = {}
    for path, folders, names in os.walk(root):
        inside = Path(path).relative_to(root)
        apart = MADE if inside == Path() else ()
        folders[:] = sorted(n for n in folders if n not in apart and not n.startswith((".", "_")))
        for name in sorted(names):
            relative = (inside / name).as_posix()
            if name.startswith((".", "_quarto")) or name.endswith(CHAPTER_ENDINGS):
                continue
            if relative not in _NOTES:
                found[relative] = Path(path) / name
    return found


def _manager(specification: KernelSpec, folder: Path) -> AsyncKernelManager:
    """Return a manager for one kernel of another language that keeps its connection in `folder`."""
    register()
    # Started, guarded and ended as ours are.
    specification.metadata = {
        **specification.metadata,
        "kernel_provisioner": {"provisioner_name": NAME},
    }
    manager = AsyncKernelManager(connection_file=str(folder / "kernel.json"))
    manager._kernel_spec = specification
    return manager


class ForeignClient(ChapterClient):
    """Runs the cells of a notebook whose kernel knows nothing of this package."""

    # Such kernels answer pings between cells only.
    answers_pings = False
    known: Mapping[str, str] = {}
    """The files of the review as the run began."""

    def begin(self) -> None:
        """Note what the files of the review are now."""
        self.known = dict(self.session.reads())

    def record(self) -> Mapping[str, Plain]:
        """Return all files of the review as read, and those that are others now as changed."""
        now = dict(self.session.reads())
        changes: list[Plain] = [
            {"path": name, "what": "changed", "execution": 1, "refused": False, "able": True}
            for name in sorted({*self.known, *now})
            if self.known.get(name) != now.get(name)
        ]
        nothing: dict[str, Plain] = {
            name: [] for name in ("imported", "unrecorded", "unpublished", "published", "made")
        }
        return {"reads": dict(now), "modules": {}, "claims": {}, "changes": changes, **nothing}

    def told_of_error(self) -> Mapping[str, Plain]:
        """Say nothing of an error beyond what it says."""
        return {}

    def left_open(self, *, shows: bool) -> list[dict[str, dict[str, Plain]]]:
        """Return nothing: what such a kernel draws, it shows."""
        return []

    def frame(self, label: str, caption: str) -> str | list[Problem]:
        """Return nothing: frames of other languages are shown as HTML."""
        return ""

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: object) -> NotebookNode:
        """Execute a cell; the frames that it shows are tables without the types of columns."""
        done: NotebookNode = super().execute_cell(cell, cell_index, **options)
        for output in done.get("outputs", ()):
            data = output.get("data") or {}
            if MARKDOWN in data and _FRAME in data.get("text/html", ""):
                made = html_table_markdown(data["text/html"])
                data[MARKDOWN] = made if isinstance(made, str) else data[MARKDOWN]
        return done

    def evaluate(
        self, expressions: Sequence[str], index: int, problems: list[Problem]
    ) -> list[Mapping[str, Plain]]:
        """Let the kernel print each of a cell's live values."""
        kept = self.nb.cells[index]
        try:
            return [self._printed(expression, index) for expression in expressions]
        finally:
            self.nb.cells[index] = kept

    def _printed(self, expression: str, index: int) -> Mapping[str, Plain]:
        source = self.session.language.printing.format(f"({expression})")
        cell = from_dict(  # type: ignore[no-untyped-call]
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
             "source": source}
        )  # fmt: skip
        try:
            super().execute_cell(cell, index, store_history=False)
        except CellExecutionError as error:
            said = ANSI.sub("", error.evalue).strip().splitlines()
            return {"error": said[0] if said else "the expression fails.", "hint": ""}
        printed = [each["text"] for each in cell.outputs if each.get("name") == "stdout"]
        text = "".join(printed).strip()
        if text in _MISSING:
            hint = "Say in words that it is not recorded, or leave what is missing out."
            return {"error": "the expression gives a missing value.", "hint": hint}
        return {"text": text, "raw": False}
