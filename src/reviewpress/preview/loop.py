"""Build, wait for a change, build again: pages first, then the PDF and the search index."""

import os
import shutil
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reviewpress.assemble.translations import other_editions
from reviewpress.checks import CheckedEvidence, load_evidence
from reviewpress.comparison.changes import compare_editions
from reviewpress.comparison.page import changes_by_page
from reviewpress.comparison.phrases import terminal_labels
from reviewpress.config import Config, load_config
from reviewpress.display import choose_display, problem_texts
from reviewpress.edition import read_edition
from reviewpress.engine import Manuscript, PreviewEngine
from reviewpress.errors import Overtaken, Problem, ReportError, raise_all
from reviewpress.extension import find_extension
from reviewpress.formats.edition_record import record_edition
from reviewpress.formats.objects import TYPST
from reviewpress.kept_versions import edition_folder, kept_versions
from reviewpress.notebooks.execute import ChapterEvent, end_pointless_runs
from reviewpress.pipeline import Progress, prepare
from reviewpress.preview.server import Server
from reviewpress.preview.state import Beside, PreviewState
from reviewpress.preview.watch import Watch
from reviewpress.programs.pagefind import FOLDER, write_search_index
from reviewpress.store.files import cannot_write, replace_folder, write_cached
from reviewpress.store.freshness import Signature, look_at_sources
from reviewpress.store.interrupts import signals_as_interrupts
from reviewpress.store.locks import PREVIEW, sole_lock
from reviewpress.store.pruning import clear_leftovers, prune_idle_store

Say = Callable[[str], None]
Start = Callable[[Path], PreviewEngine]

_PATIENCE = 30.0
"""For how many seconds a PDF may be in the making before the next save ends that."""

_IN_A_ROW = 3
"""So many builds that saves ended: a cell may save its own chapter, and is let run to be named."""

_CHAPTERS = (".ipynb", ".qmd", ".md")


def run_preview(
    folder: Path | None,
    profile: str | None,
    *,
    start: Start,
    port: int | None = None,
    show: Callable[[str], object] | None = None,
    say: Say = print,
) -> None:
    """Build and serve an edition until Ctrl-C, rebuilding what changes.

    `start` makes the engine of the review at a root, `show` opens the address in a browser. Pages
    and PDF go to `.reviewpress/preview/`, never over the edition. Raises ConfigError where there
    is no review, SetupError where the port is taken.
    """
    config = load_config(folder, profile)
    place = config.store / "preview" / config.profile
    clear_leftovers(config.root)
    state = PreviewState(place, _addresses(config))
    loop = Loop(config, state, place, start, say)
    extension = find_extension(config.root).folder
    what = f"a preview of {config.profile}"
    sole = sole_lock(place / PREVIEW, what, hint="Look at that one, or end it.")
    watch = Watch(config.root, [extension], loop.changed)
    try:
        with signals_as_interrupts(), sole, Server(state, port) as server, watch:
            say(f"Preview of {config.profile} at {server.url} (Ctrl-C ends it)")
            if show is not None:
                show(server.url)
            loop.run()
    except KeyboardInterrupt:
        say("Preview ended.")
    finally:
        state.stopped.set()
        loop.end()


def _addresses(config: Config) -> dict[str, Beside]:
    """Return where links of pages lead to other editions, as a browser sees it: none lies above."""
    found = {}
    for other in other_editions(config):
        relative = Path(os.path.relpath(other.output_dir, config.output_dir))
        parts = [part for part in relative.parts if part not in ("..", ".")]
        if parts:
            found["/".join(parts)] = Beside(other.profile, other.output_dir)
    return found


class Loop:
    """Builds one after the other, always of the sources as they then are.

    Saves that come while a build goes on make one more build when it ends.
    """

    def __init__(
        self, config: Config, state: PreviewState, place: Path, start: Start, say: Say
    ) -> None:
        self._root, self._profile = config.root, config.profile
        self._state = state
        self._place = place
        self._start = start
        self._say = say
        self._waiting = threading.Event()
        self._begun = 0.0
        self._overtaken = 0
        self._evidence: tuple[Signature, CheckedEvidence | None] | None = None
        self._extras = Extras(state, place, say)

    def changed(self, paths: set[Path]) -> None:
        """Ask for a build, and end what the one that goes on need not end any more.

        After several that were ended, one has a while: what saves may be what it runs.
        """
        self._waiting.set()
        begun = self._begun
        if self._overtaken < _IN_A_ROW:
            end_pointless_runs(self._root, paths)
            return
        left = max(0.0, begun + _PATIENCE - time.monotonic())
        timer = threading.Timer(left, self._end_late, (begun, paths))
        timer.daemon = True
        timer.start()

    def run(self) -> None:
        """Build, and build again at each change, until interrupted."""
        self._waiting.set()
        while True:
            # A wait with a timeout lets Ctrl-C through everywhere.
            if self._waiting.wait(0.5):
                self._waiting.clear()
                self.build()

    def build(self) -> None:
        """Make the pages of the sources as they are; on failure the last good ones stay."""
        self._begun = started = time.monotonic()
        self._state.building()
        try:
            book = self._make()
        except Overtaken:
            # What was saved meanwhile is built at once.
            self._overtaken += 1
            self._say("Saved again: building anew")
        except ReportError as error:
            self._fail(error.problems)
        except OSError as error:
            self._fail(cannot_write(Path(error.filename or self._place), error).problems)
        except Exception as error:
            traceback.print_exc()
            self._fail((_unexpected(error),))
        else:
            self._overtaken = 0
            self._state.succeeded(book.warnings)
            self._say(f"Pages ready in {time.monotonic() - started:.1f} s{_how_many(book)}")
            for text in problem_texts(book.warnings):
                self._say(text)
            self._extras.make(book)

    def end(self) -> None:
        """Leave nothing running and nothing half made."""
        self._extras.end()
        for path in self._place.glob(".new-*"):
            shutil.rmtree(path, ignore_errors=True)

    def _end_late(self, begun: float, paths: set[Path]) -> None:
        if begun == self._begun:
            end_pointless_runs(self._root, paths)

    def _make(self) -> "Served":
        config = load_config(self._root, self._profile, drafts=True)
        engine = self._start(self._root)
        new = self._place / ".new-pages"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        with choose_display() as display:
            checked = prepare(
                config,
                progress=_Quiet(display),
                evidence=self._load_evidence,
                begin=lambda manuscript: engine.begin_pages(manuscript, new),
            )
            errors = checked.report.errors
            raise_all((*errors, *checked.report.warnings) if errors else ())
        replace_folder(new, self._state.pages)
        return Served(engine, checked.manuscript, checked.report.warnings)

    def _load_evidence(self, config: Config) -> CheckedEvidence | None:
        """Return the evidence, loaded and validated again only where a file of it changed."""
        seen = look_at_sources(config.root)
        signature = {name: at for name, at in seen.items() if not name.endswith(_CHAPTERS)}
        if self._evidence is None or self._evidence[0] != signature:
            self._evidence = signature, load_evidence(config)
        return self._evidence[1]

    def _fail(self, problems: tuple[Problem, ...]) -> None:
        self._state.failed(problems)
        for text in problem_texts(problems):
            self._say(text)


@dataclass(frozen=True, slots=True)
class Served:
    """A book whose pages are served, the engine that made them, and what the checks warned of."""

    engine: PreviewEngine
    manuscript: Manuscript
    warnings: tuple[Problem, ...] = ()

    @property
    def config(self) -> Config:
        """The edition's configuration, as it was then."""
        return self.manuscript.book.config


class Extras:
    """Makes the PDF and the search index of the newest book, one at a time, in a thread."""

    def __init__(self, state: PreviewState, place: Path, say: Say) -> None:
        self._state, self._place, self._say = state, place, say
        self._newest: Served | None = None
        self._made: Served | None = None
        self._lock = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="extras", daemon=True)
        self._thread.start()

    def make(self, book: Served) -> None:
        """Ask for the files of a book; an older one not yet begun is left out.

        A PDF that has been in the making for long already may never end.
        """
        with self._lock:
            self._newest = book
            self._lock.notify()
        book.engine.stop_pdf(_PATIENCE)

    def end(self) -> None:
        """End after the step in work, and that of a PDF at once."""
        with self._lock:
            self._ended = True
            self._lock.notify()
        for _ in range(20):
            if self._made is not None:
                self._made.engine.stop_pdf()
            self._thread.join(1)
            if not self._thread.is_alive():
                break

    def _run(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._ended or self._newest is not None)
                if self._ended or self._newest is None:
                    return
                book, self._made, self._newest = self._newest, self._newest, None
            for step in (self._compare, self._make_pdf, self._make_index, self._keep_ready):
                if self._ended or self._newest is not None:
                    break
                self._attempt(step, book)
            self._attempt(lambda book: prune_idle_store(book.config.store), book)

    def _attempt(self, step: Callable[[Served], None], book: Served) -> None:
        try:
            step(book)
        except Overtaken:
            if not self._ended:
                self._say("Saved again: the PDF is made anew")
        except ReportError as error:
            if not self._ended:
                self._state.failed(error.problems)
                self._say(str(error))
        except OSError as error:
            if not self._ended:
                told = cannot_write(Path(error.filename or self._place), error)
                self._state.failed(told.problems)
                self._say(str(told))
        except Exception as error:
            # The thread goes on: the next book has a PDF and an index again.
            traceback.print_exc()
            self._state.failed((_unexpected(error),))

    def _compare(self, book: Served) -> None:
        """Compare the book with the version that was published last, if one was."""
        root, profile = book.config.root, book.config.profile
        kept = ((k.version, edition_folder(root, k, profile)) for k in kept_versions(root))
        last = [(version, folder) for version, folder in kept if folder][-1:]
        for version, folder in last:
            changes = compare_editions(read_edition(folder), record_edition(book.manuscript))
            self._state.compared(version, changes_by_page(changes, terminal_labels()))

    def _make_pdf(self, book: Served) -> None:
        config = book.config
        if TYPST.name not in config.formats:
            return
        started = time.monotonic()
        work = self._place / "typst"
        work.mkdir(parents=True, exist_ok=True)
        pdf = book.engine.make_pdf(book.manuscript, work.resolve())
        goal = self._state.files / config.file_name(TYPST.ending)
        if goal.is_file() and goal.read_bytes() == pdf:
            return
        write_cached(goal, pdf)
        self._state.files_changed()
        self._say(f"PDF ready in {time.monotonic() - started:.1f} s")

    def _keep_ready(self, book: Served) -> None:
        if TYPST.name in book.config.formats:
            work = (self._place / "typst").resolve()
            book.engine.keep_ready(book.manuscript, work)

    def _make_index(self, book: Served) -> None:
        new = self._place / ".new-index"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(self._state.pages, new)
        write_search_index(new, store=book.config.store, limits=book.config.limits)
        replace_folder(new / FOLDER, self._state.files / FOLDER)
        shutil.rmtree(new, ignore_errors=True)


def _unexpected(error: Exception) -> Problem:
    message = f"the preview failed: {type(error).__name__}: {error}"
    return Problem("unexpected", message, None, "The terminal tells where.")


def _how_many(book: Served) -> str:
    count = len(book.warnings)
    return f", {count} {'warning' if count == 1 else 'warnings'}:" if count else ""


class _Quiet:
    """Tells of chapters that are executed; steps of less than a second are not worth a line."""

    def __init__(self, display: Progress) -> None:
        self._display = display

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def chapter(self, event: ChapterEvent) -> None:
        """Pass on what happens to a chapter."""
        self._display.chapter(event)
