"""The Quarto engine: one `quarto render` for all formats, its words turned into ours."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reviewpress.assemble import Page
from reviewpress.config import Config
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, EngineError, Place, Problem, SetupError, raise_all
from reviewpress.figures.folder import lent
from reviewpress.formats.objects import TYPST
from reviewpress.programs.tools import (
    INSTALL,
    OLDEST,
    TWO_STANDARDS,
    Stream,
    find_quarto,
    quarto_version,
    stream_program,
)
from reviewpress.quarto.cleanup import check_drafts, clear_typst
from reviewpress.quarto.frozen import check_freezable
from reviewpress.quarto.html_pages import check_pages
from reviewpress.quarto.inputs import HANDED_OVER, format_names, write_inputs
from reviewpress.quarto.postprocessing import finish_files

PYTHON = "QUARTO_PYTHON"

_PROGRESS = re.compile(r"^\[\s*\d+/\d+\]\s+(.+?)\s*$")
_WARNING = re.compile(r"^\s*(?:\[WARNING\]|WARN(?:ING)?:?)\s*(.*)$")
_ERROR = re.compile(r"^\s*(?:ERROR:?|error:|\[ERROR\])\s*(.*)$")
_REFERENCE_WARNINGS = (
    re.compile(r"(?i)resolve cross-?ref\w*\s+@?(?P<crossref>(?:fig|tbl|sec)-[\w-]+)"),
    re.compile(r"(?i)citation\s+[@'\"]?(?P<citation>[\w:.#$%&+?<>~/-]+?)['\"]?\s+not found"),
    re.compile(r"(?i)resolve link target:?\s+(?P<link>\S+)"),
    re.compile(
        r"(?i)(?:not fetch|replacing image|not find|not found)\b.*?(?P<file>\S+\.\w{2,4})\b"
    ),
)


@dataclass(slots=True)
class Transcript:
    """What Quarto printed: each warning and error with the chapter it was at."""

    say: Callable[[str], None]
    warnings: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    chapter: str = ""

    def hear(self, line: str) -> None:
        """Take in one line."""
        if not line.strip():
            return
        self.last = [*self.last[-11:], line]
        progress = _PROGRESS.match(line)
        if progress:
            self.chapter = progress[1]
            self.say(line.strip())
            return
        for pattern, found in ((_WARNING, self.warnings), (_ERROR, self.errors)):
            match = pattern.match(line)
            if match:
                found.append((self.chapter, match[1].strip()))
                return


class QuartoEngine:
    """Renders with the Quarto that is installed, in the review as it stands."""

    name = "quarto"

    def __init__(
        self,
        *,
        program: str | None = None,
        say: Callable[[str], None] = lambda line: None,
        stream: Stream = stream_program,
    ) -> None:
        found = program or find_quarto()
        if found is None:
            raise SetupError("Quarto is not installed.", hint=INSTALL)
        self.program = found
        self.version = quarto_version(found)
        if self.version < OLDEST:
            words = ".".join(map(str, self.version))
            raise SetupError(f"Quarto {words} is too old: 1.9 is needed.", hint=INSTALL)
        self._say = say
        self._stream = stream

    def get_ready(self, manuscript: Manuscript) -> None:
        """Do nothing: Quarto does all in one."""

    def render(self, manuscript: Manuscript, folder: Path) -> None:
        """Write every format of the edition into the empty `folder`.

        Raises Problems or EngineError with the chapter and line of what Quarto refused, or warned
        of where something would be missing from the report.
        """
        config = manuscript.book.config
        _check_formats(config)
        check_drafts(config)
        check_freezable(config)
        self._check_standards(config)
        write_inputs(manuscript, variant=_variant(config))
        with lent(config, manuscript.figures):
            try:
                for arguments in self._commands(manuscript, folder):
                    self._run(manuscript, arguments)
            finally:
                clear_typst(config.root)
        _name_files(manuscript, folder)
        finish_files(config, folder)
        raise_all(check_pages(config, folder))

    def _check_standards(self, config: Config) -> None:
        """Refuse what the Typst of this Quarto would refuse after all else was made."""
        if self.version >= TWO_STANDARDS or TYPST.name not in config.formats:
            return
        for name, options in dict(config.metadata.get("format") or {}).items():
            given = options.get("pdf-standard") if isinstance(options, dict) else None
            if isinstance(given, list) and len(given) > 1:
                words = ".".join(map(str, self.version[:2]))
                raise ConfigError(
                    f"Quarto {words} makes a PDF of one standard, not of {' and '.join(given)}.",
                    Place(f"_quarto-{config.profile}.yml"),
                    f"Write `pdf-standard: [ua-1]` under {name}:, or use Quarto 1.10.",
                )

    def _commands(self, manuscript: Manuscript, folder: Path) -> Iterator[list[str]]:
        """Yield the calls to make: one for all formats, or one for each of those asked for."""
        config = manuscript.book.config
        start = [self.program, "render", "--profile", config.profile,
                 "--output-dir", Path(os.path.relpath(folder, config.root)).as_posix()]  # fmt: skip
        names = format_names(config.metadata.get("format"), config.formats)
        if set(names) == set(config.metadata.get("format") or {}):
            yield start
            return
        for at, name in enumerate(names):
            yield [*start, "--to", name, *(["--no-clean"] if at else [])]

    def _run(self, manuscript: Manuscript, command: list[str]) -> None:
        transcript = Transcript(self._say)
        status = self._stream(
            command,
            folder=manuscript.book.config.root,
            # Its hooks need a Python that has reviewpress: this one has.
            environment={HANDED_OVER: "1", PYTHON: os.environ.get(PYTHON) or sys.executable},
            on_line=transcript.hear,
            name="quarto",
        )
        problems = list(_warned(manuscript, transcript))
        if status:
            problems.append(_failure(manuscript, transcript, status))
        raise_all(problems)


def _variant(config: Config) -> str:
    """Return the title of a variant, empty for others.

    Not by `--metadata title:`, which Quarto gives to every chapter of a book.
    """
    written = str(dict(config.metadata.get("book") or {}).get("title") or config.title)
    return config.title if config.title != written else ""


def _warned(manuscript: Manuscript, transcript: Transcript) -> Iterator[Problem]:
    """Yield a problem for each warning of something that would be missing."""
    for chapter, words in transcript.warnings:
        match = next((m for p in _REFERENCE_WARNINGS if (m := p.search(words))), None)
        if match is None:
            continue
        kind, name = next((k, v) for k, v in match.groupdict().items() if v)
        name = name.rstrip(".,")
        needle = f"@{name}" if kind in ("crossref", "citation") else name
        rule, message = {
            "crossref": ("unresolved-reference", f"the cross-reference @{name} points to nothing."),
            "citation": ("unknown-citation", f"the citation @{name} is not in the bibliography."),
            "link": ("dead-link", f"the link to {name} leads to no chapter of this edition."),
            "file": ("image", f"Quarto warns: {words}"),
        }[kind]
        yield Problem(rule, message, _place(manuscript, chapter, needle))


def _failure(manuscript: Manuscript, transcript: Transcript, status: int) -> Problem:
    lines = [words for _, words in transcript.errors if words] or transcript.last[-4:]
    chapter = transcript.errors[0][0] if transcript.errors else transcript.chapter
    words = "\n".join(lines) or f"ended with status {status}"
    quoted = re.search(r"`([^`]+)`|\"([^\"]+)\"", words)
    needle = next((part for part in quoted.groups() if part), "") if quoted else ""
    hint = ""
    if "one PDF substandard at a time" in words:
        hint = "This Quarto's Typst takes one PDF standard: write `pdf-standard: [ua-1]`."
    elif "Unexpected end of JSON input" in words:
        hint = "Another Quarto may have written its list of notebooks just then: render again."
    return Problem(EngineError.rule, f"quarto: {words}", _place(manuscript, chapter, needle), hint)


def _place(manuscript: Manuscript, chapter: str, needle: str) -> Place | None:
    """Return where something stands: in the chapter Quarto was at, else where it is found."""
    pages = list(manuscript.book.pages)
    own = [page for page in pages if chapter and page.chapter.path == chapter.strip()]
    for page in (*own, *pages):
        if needle and _holds(page, needle):
            return _place_in(page, needle)
    return Place(own[0].chapter.path) if own else None


def _place_in(page: Page, needle: str) -> Place:
    if needle.startswith("@"):
        return page.citing(needle[1:])[0]
    kind = "Link" if needle in page.links else "Image"
    return page.leading_to(kind, needle)[0]


def _holds(page: Page, needle: str) -> bool:
    return any(needle in cell for cell in page.source.cells)


def _check_formats(config: Config) -> None:
    """Refuse formats that the extension does not have for Quarto: it would make its own."""
    for each in config.made:
        if not each.by_quarto:
            message = f"{each.words} is made by the embedded engine alone."
            place = config.place_of("format")
            raise ConfigError(message, place, "Use `reviewpress render --engine pandoc`.")


def _name_files(manuscript: Manuscript, folder: Path) -> None:
    """Give the one-file formats the names that the embedded engine gives them."""
    config = manuscript.book.config
    for each in config.made:
        goal = folder / config.file_name(each.ending)
        if not each.is_one_file or goal.is_file():
            continue
        made = sorted(folder.glob(f"*.{each.ending}"))
        if len(made) != 1:
            raise EngineError(f"quarto: no {each.ending.upper()} was made.")
        shutil.move(made[0], goal)
