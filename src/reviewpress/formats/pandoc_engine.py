"""The embedded engine: pandoc and Typst from their wheels, nothing to download."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from weakref import WeakKeyDictionary

from reviewpress.config import Config
from reviewpress.config.filters import list_filters
from reviewpress.engine import Manuscript
from reviewpress.errors import Problem, ReportError
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations, set_citations
from reviewpress.formats.downloads import state_sizes
from reviewpress.formats.edition_record import write_edition_record
from reviewpress.formats.html import begin_pages
from reviewpress.formats.making import Making, maker_of
from reviewpress.formats.objects import HTML, TYPST, Format
from reviewpress.formats.own_filters import with_own_filters
from reviewpress.formats.pdf import begin_pdf, holds_typst, keep_typesetter_ready
from reviewpress.formats.writers import Writers
from reviewpress.programs.typesetting import LIVING
from reviewpress.store.temporary_files import temporary_folder
from reviewpress.tasks import HERE, Tasks


class PandocEngine:
    """Renders with the pandoc and Typst that were installed with reviewpress."""

    name = "pandoc"

    def __init__(self, extension: Extension, tasks: Tasks = HERE) -> None:
        self.extension = extension
        self._tasks = tasks
        self._citations: WeakKeyDictionary[Manuscript, SetCitations] = WeakKeyDictionary()

    def get_ready(self, manuscript: Manuscript) -> None:
        """Set the citations, before the book has been checked."""
        self._set(manuscript)

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`.

        What is one file is begun first, and waited for last: typesetting takes longest.
        """
        config = manuscript.book.config
        citations = self._set(manuscript)
        with ExitStack() as stack:
            writers = stack.enter_context(Writers(config.limits, self._tasks))
            begun = [
                maker_of(made)(
                    Making(
                        made, manuscript.in_format(made), self._for(made, config), citations,
                        writers, folder,
                        stack.enter_context(temporary_folder()),
                    )
                )
                for made in sorted(config.made, key=lambda each: not each.is_one_file)
            ]  # fmt: skip
            left = [finish() for finish in reversed(begun)]
            # While the pages are indexed.
            write_edition_record(manuscript, folder)
            for end in filter(None, left):
                end()
        state_sizes(config, manuscript.book.labels, folder)

    def begin_pages(self, manuscript: Manuscript, folder: Path) -> Callable[[], None]:
        """Begin the pages alone in the empty `folder`, without their search index.

        What comes back waits for them.
        """
        citations = self._set(manuscript)
        with ExitStack() as stack:
            writers = stack.enter_context(Writers(manuscript.book.config.limits))
            extension = self._for(HTML, manuscript.book.config)
            shown = manuscript.in_format(HTML)
            finish = begin_pages(shown, extension, citations, folder, writers)
            begun = stack.pop_all()

        def wait() -> None:
            with begun:
                finish()

        return wait

    def make_pdf(self, manuscript: Manuscript, work: Path) -> bytes:
        """Return the edition's PDF, typeset in the folder `work`.

        The same folder again lets a living process typeset only what changed.
        """
        citations = self._set(manuscript)
        extension = self._for(TYPST, manuscript.book.config)
        with Writers(manuscript.book.config.limits) as writers:
            shown = manuscript.in_format(TYPST)
            return begin_pdf(shown, extension, citations, work, writers, living=True)()

    def refused(self, manuscript: Manuscript) -> tuple[Problem, ...]:
        """Return what only those can say that come last: CSL, Typst, and an author's own code.

        Typst typesets where a chapter holds Typst, or attributes with some; filters run where the
        review has some: of all else the checks know what would be refused. What is made here is
        kept for a build.
        """
        config = manuscript.book.config
        has_typst = TYPST in config.made and any(map(holds_typst, manuscript.book.pages))
        try:
            citations = self._set(manuscript)
            with temporary_folder() as work:
                if any(list_filters(config, made.name) for made in config.made):
                    self.render(manuscript, work)
                elif has_typst:
                    with Writers(config.limits) as writers:
                        shown = manuscript.in_format(TYPST)
                        begin_pdf(shown, self.extension, citations, work, writers)()
        except ReportError as error:
            return error.problems
        return ()

    def keep_ready(self, manuscript: Manuscript, work: Path) -> None:
        """Get ready, after `make_pdf` in the same folder, to typeset the next change quickly."""
        keep_typesetter_ready(manuscript, self.extension, work)

    def stop_pdf(self, after: float = 0) -> None:
        """End the typesetting of a PDF by `make_pdf` that has taken so many seconds and more."""
        LIVING.stop(after)

    def _set(self, manuscript: Manuscript) -> SetCitations:
        """Return the citations of a manuscript, which are set once for all its formats."""
        if manuscript not in self._citations:
            self._citations[manuscript] = set_citations(manuscript, self.extension)
        return self._citations[manuscript]

    def _for(self, made: Format, config: Config) -> Extension:
        """Return the extension with the filters that the review has for a format."""
        return with_own_filters(self.extension, config, made.name)
