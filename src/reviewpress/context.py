"""The review around this process: its folder, its labels.

A chapter's kernel and a notebook open in Jupyter find their review here; the command line is given
one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from reviewpress.config import Config, load_config
from reviewpress.errors import ReportError
from reviewpress.labels import FALLBACK, KEY, Labels, load_labels, load_language
from reviewpress.store.digests import digest_bytes
from reviewpress.tables.reads import reads, relative_name

ROOT_ENV = "REVIEWPRESS_ROOT"
PROFILE_ENV = "REVIEWPRESS_PROFILE"
"""The edition that a chapter is executed for."""
NOTEBOOK_ENV = "JPY_SESSION_NAME"
"""The notebook that Jupyter has open."""

_names: dict[str, str] = {}
"""What readers see for terms of the data, where the edition's language has names of its own."""


def review_root() -> Path:
    """Return the review around this process: that of the run, else the one around here."""
    given = os.environ.get(ROOT_ENV)
    if given:
        return Path(given)
    here = Path.cwd()
    found = (folder for folder in (here, *here.parents) if (folder / "_quarto.yml").is_file())
    return next(found, here)


def review_config(root: Path) -> Config:
    """Return a review as the edition around this process sees it.

    It is the edition of the run. In a notebook that somebody has open it is the first edition
    that lists the notebook, or else a chapter of its folder: the Welsh one in a Welsh chapter.
    """
    around = os.environ.get(PROFILE_ENV), Path.cwd(), os.environ.get(NOTEBOOK_ENV, "")
    return _config_around(root, around, _stamps(root))


@lru_cache(maxsize=4)
def _config_around(
    root: Path, around: tuple[str | None, Path, str], stamps: tuple[tuple[str, int, int], ...]
) -> Config:
    profile, folder, notebook = around
    config = load_config(root, profile or None, check_chapters=False, drafts=True)
    return _edition_of(config, folder, notebook) if profile is None else config


def settings_digest(root: Path, profile: str | None) -> str:
    """Return a hash of what chapters of an edition see of `_quarto.yml` and its profile.

    These are settings, bibliography, language and labels: title, formats and chapters cannot
    change what a chapter computes.
    """
    config = load_config(root, profile, check_chapters=False, drafts=True)
    labels = sorted(load_labels(config).items())
    bibliography = [path.relative_to(root).as_posix() for path in config.bibliography]
    return digest_bytes(repr((config.settings, bibliography, config.lang, labels)).encode())


def name_terms(names: Mapping[str, str]) -> None:
    """Have what is published call terms of the data by these names, the review's own alone."""
    _names.clear()
    _names.update(names)


def term_name(term: str) -> str:
    """Return what readers see for a term of the data: its name in the edition's language."""
    return _names.get(term, term)


def review_labels() -> Labels:
    """Return the labels of the review around this process, and record what is read for them.

    It is the review of the run, else the one around the current folder. Outside any review the
    labels are English.
    """
    # A table asks for each of its cells: the files are looked at twice a second at most.
    around = (os.environ.get(name) for name in (ROOT_ENV, PROFILE_ENV, NOTEBOOK_ENV))
    return _lately((*around, os.getcwd()), int(time.monotonic() * 2))


@lru_cache(maxsize=4)
def _lately(around: tuple[str | None, ...], moment: int) -> Labels:
    root = review_root()
    return _around(root, around, _stamps(root))


@lru_cache(maxsize=8)
def _around(
    root: Path, around: tuple[str | None, ...], stamps: tuple[tuple[str, int, int], ...]
) -> Labels:
    if not stamps:
        return load_language(FALLBACK, root)
    config = review_config(root)
    named = config.metadata.get(KEY)
    if isinstance(named, str):
        path = root / named
        name = relative_name(path.resolve(), root.resolve())
        reads.record(name, digest_bytes(path.read_bytes()))
    return load_labels(config)


def review_facts() -> str:
    """Return what the review says of itself in a line: who publishes it, where, its licence."""
    root = review_root()
    return _facts(root, _stamps(root))


@lru_cache(maxsize=4)
def _facts(root: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    if not stamps:
        return ""
    given = review_config(root).settings.other
    doi = str(given.get("doi") or "")
    address = f"https://doi.org/{doi}" if doi else given.get("url")
    found = [given.get("publisher"), address, given.get("licence")]
    return ". ".join(str(each).removesuffix(".") for each in found if each)


def _stamps(root: Path) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(root.glob("_quarto*.yml"))
    )


def _edition_of(default: Config, folder: Path, notebook: str) -> Config:
    """Return the edition of a notebook that is open, or of one in a folder; else the default."""
    opened = folder / Path(notebook).name
    beside: Config | None = None
    for config in _editions(default):
        paths = {config.root / chapter.path for chapter in config.chapters}
        if opened in paths:
            return config
        if beside is None and any(path.parent == folder for path in paths):
            beside = config
        if beside is not None and not notebook:
            return beside
    return beside or default


def _editions(default: Config) -> Iterator[Config]:
    yield default
    for profile in default.profiles:
        # What is wrong with another edition is for its own check to say.
        with suppress(ReportError):
            if profile != default.profile:
                yield load_config(default.root, profile, check_chapters=False, drafts=True)
