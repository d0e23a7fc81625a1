"""The embedded engine: pandoc and Typst from their wheels, nothing to download."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from reviewpress.engine import Manuscript
from reviewpress.errors import raise_all
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations, set_citations
from reviewpress.formats.documents import check_links
from reviewpress.formats.html import begin_pages
from reviewpress.formats.own_filters import with_own_filters
from reviewpress.formats.pdf import begin_pdf, keep_typesetter_ready
from reviewpress.formats.word import begin_docx
from reviewpress.formats.writers import Writers
from reviewpress.programs.pagefind import write_search_index
from reviewpress.store.temporary_files import temporary_folder

Begin = Callable[[Manuscript, Extension, SetCitations, Path, Writers], Callable[[], bytes]]
_ONE_FILE: dict[str, tuple[str, Begin]] = {
    "typst": ("pdf", begin_pdf),
    "docx": ("docx", begin_docx),
}
"""File ending and maker of each format that is one file: first the one that takes longest."""


class PandocEngine:
    """Renders with the pandoc and Typst that were installed with reviewpress."""

    name = "pandoc"

    def __init__(self, extension: Extension) -> None:
        self.extension = extension

    def get_ready(self, manuscript: Manuscript) -> None:
        """Set the citations, before the book has been checked."""
        set_citations(manuscript, self.extension)

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`."""
        config = manuscript.book.config
        formats = config.formats
        raise_all(check_links(manuscript.book))
        citations = set_citations(manuscript, self.extension)
        with ExitStack() as stack:
            writers = stack.enter_context(Writers(config.limits))
            files = []
            for name, (ending, begin) in _ONE_FILE.items():
                if name in formats:
                    work = stack.enter_context(temporary_folder())
                    extension = with_own_filters(self.extension, config, name)
                    finish = begin(manuscript, extension, citations, work, writers)
                    files.append((folder / config.file_name(ending), finish))
            if "html" in formats:
                extension = with_own_filters(self.extension, config, "html")
                begin_pages(manuscript, extension, citations, folder, writers)()
                write_search_index(folder, store=config.store, limits=config.limits)
            for goal, finish in files:
                goal.write_bytes(finish())

    def begin_pages(self, manuscript: Manuscript, folder: Path) -> Callable[[], None]:
        """Begin the pages alone in the empty `folder`, without their search index.

        What comes back waits for them, and raises Problems for links that lead to nothing.
        """
        citations = set_citations(manuscript, self.extension)
        with ExitStack() as stack:
            writers = stack.enter_context(Writers(manuscript.book.config.limits))
            extension = with_own_filters(self.extension, manuscript.book.config, "html")
            finish = begin_pages(manuscript, extension, citations, folder, writers)
            begun = stack.pop_all()

        def wait() -> None:
            with begun:
                raise_all(check_links(manuscript.book))
                finish()

        return wait

    def make_pdf(self, manuscript: Manuscript, work: Path) -> bytes:
        """Return the edition's PDF, typeset in the folder `work`.

        The same folder again lets a living process typeset only what changed.
        """
        citations = set_citations(manuscript, self.extension)
        extension = with_own_filters(self.extension, manuscript.book.config, "typst")
        with Writers(manuscript.book.config.limits) as writers:
            return begin_pdf(manuscript, extension, citations, work, writers, living=True)()

    def keep_ready(self, manuscript: Manuscript, work: Path) -> None:
        """Get ready, after `make_pdf` in the same folder, to typeset the next change quickly."""
        keep_typesetter_ready(manuscript, self.extension, work)
