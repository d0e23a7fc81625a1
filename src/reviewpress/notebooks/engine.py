"""The papermill engine's entry point: `papermill --engine reviewpress in.ipynb out.ipynb`.

papermill loads this module while it is itself being imported, so nothing of papermill can be
imported here; what the engine does stands in `client`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


class ReviewpressEngine:
    """papermill's nbclient engine with live values; see `reviewpress.notebooks.client`."""

    @classmethod
    def execute_notebook(
        cls, nb: "NotebookNode", kernel_name: str, **options: object
    ) -> "NotebookNode":
        """Run a notebook that papermill has prepared, and return it with outputs and values."""
        from reviewpress.notebooks.client import ChapterEngine

        done: NotebookNode = ChapterEngine.execute_notebook(nb, kernel_name, **options)
        return done

    @classmethod
    def nb_kernel_name(cls, nb: "NotebookNode", name: str | None = None) -> str:
        """Return the kernel's name: one kernel serves all, so it only has to have one."""
        metadata = nb.metadata.get("kernelspec") or {}
        return name or str(metadata.get("name") or "python3")

    @classmethod
    def nb_language(cls, nb: "NotebookNode", language: str | None = None) -> str:
        """Return the language that chapters are written in."""
        return language or "python"
