"""Chapters that nobody would miss: files that no edition lists."""

import re
from collections.abc import Iterator
from contextlib import suppress

from reviewpress.assemble.source import gathered_chapters
from reviewpress.checks.subject import Subject
from reviewpress.config import PROJECT_FILE, Config, list_profiles, load_config
from reviewpress.errors import Place, Problem, ReportError

_INCLUDED = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_ENDINGS = (".ipynb", ".qmd")


def check_listing(subject: Subject) -> Iterator[Problem]:
    """Warn of notebooks and texts in the review's chapters that no edition lists or includes."""
    if not subject.main:
        return
    config = subject.config
    folders = {(config.root / chapter.path).parent for chapter in config.chapters}
    found = sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.suffix in _ENDINGS and path.is_file() and path.name[0] not in "_."
    )
    listed = _listed(config) | _included(subject)
    for path in found:
        name = path.relative_to(config.root).as_posix()
        if name not in listed and path.name not in listed:
            message = "no edition lists the file, so that it is published nowhere."
            hint = f"Add it to `chapters:` in `{_list(config)}`, or move it out of the folder."
            yield Problem("not-listed", message, Place(name), hint, name)


def _listed(config: Config) -> set[str]:
    listed = {chapter.path for chapter in (*config.chapters, *config.drafts)}
    for profile in (None, *list_profiles(config.root)):
        # What is wrong with another edition is for its own check to say.
        with suppress(ReportError):
            other = load_config(config.root, profile, check_chapters=False, drafts=True)
            listed |= {chapter.path for chapter in other.chapters}
            listed |= {chapter.path for chapter in gathered_chapters(other)}
    return listed


def _list(config: Config) -> str:
    """Return the file that lists the chapters of an edition."""
    own = config.root / f"_quarto-{config.own_profile}.yml"
    text = own.read_text("utf-8", errors="replace") if own.is_file() else ""
    return own.name if re.search(r"^ +(?:- )?chapters:", text, re.M) else PROJECT_FILE


def _included(subject: Subject) -> set[str]:
    """Return the names of files that a text of the review includes."""
    names: set[str] = set()
    for chapter in subject.config.chapters:
        text = (subject.config.root / chapter.path).read_text("utf-8", errors="replace")
        names |= {target.rpartition("/")[2] for target in _INCLUDED.findall(text)}
    return names
