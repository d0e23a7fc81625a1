"""The embedded engine: pandoc and Typst from their wheels, nothing to download."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reviewpress.engines import Manuscript
from reviewpress.engines.citations import SetCitations, set_citations
from reviewpress.engines.documents import check_links
from reviewpress.engines.html import begin_pages, edition_file
from reviewpress.engines.onefile import keep_typesetter_ready, render_docx, render_pdf
from reviewpress.engines.search import write_search_index
from reviewpress.errors import raise_all
from reviewpress.extension import Extension

Maker = Callable[[Manuscript, Extension, SetCitations, Path], bytes]
_ONE_FILE: dict[str, tuple[str, Maker]] = {
    "typst": ("pdf", render_pdf),
    "docx": ("docx", render_docx),
}


class PandocEngine:
    """Renders with the pandoc and Typst that were installed with reviewpress."""

    name = "pandoc"

    def __init__(self, extension: Extension) -> None:
        self.extension = extension

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`."""
        formats = manuscript.book.config.formats
        raise_all(check_links(manuscript.book))
        citations = set_citations(manuscript, self.extension)
        with ThreadPoolExecutor(len(_ONE_FILE)) as pool:
            files = [
                pool.submit(self._render_file, manuscript, citations, name, folder)
                for name in formats
                if name in _ONE_FILE
            ]
            if "html" in formats:
                begin_pages(manuscript, self.extension, citations, folder)()
                write_search_index(manuscript.book.config, folder)
            for job in files:
                job.result()

    def begin_pages(self, manuscript: Manuscript, folder: Path) -> Callable[[], None]:
        """Begin the pages alone in the empty `folder`, without their search index.

        What comes back waits for them, and raises Problems for links that lead to nothing.
        """
        citations = set_citations(manuscript, self.extension)
        finish = begin_pages(manuscript, self.extension, citations, folder)

        def wait() -> None:
            raise_all(check_links(manuscript.book))
            finish()

        return wait

    def make_pdf(self, manuscript: Manuscript, work: Path) -> bytes:
        """Return the edition's PDF, typeset in the folder `work`.

        The same folder again lets a living process typeset only what changed.
        """
        citations = set_citations(manuscript, self.extension)
        return render_pdf(manuscript, self.extension, citations, work)

    def keep_ready(self, manuscript: Manuscript, work: Path) -> None:
        """Get ready, after `make_pdf` in the same folder, to typeset the next change quickly."""
        keep_typesetter_ready(manuscript, self.extension, work)

    def _render_file(
        self, manuscript: Manuscript, citations: SetCitations, name: str, folder: Path
    ) -> None:
        ending, make = _ONE_FILE[name]
        with tempfile.TemporaryDirectory(prefix="reviewpress-") as work:
            content = make(manuscript, self.extension, citations, Path(work).resolve())
        (folder / edition_file(manuscript.book, ending)).write_bytes(content)
