"""The search index of the pages: the only importer of pagefind."""

import errno
import json
import os
import shutil
from pathlib import Path

from reviewpress.errors import EngineError, OutOfTime, Place, SetupError
from reviewpress.programs.limits import Limits
from reviewpress.programs.tools import run_program
from reviewpress.store.digests import digest_files
from reviewpress.store.files import cannot_write
from reviewpress.store.kinds import SEARCH
from reviewpress.store.records import find_record, keep_record
from reviewpress.store.temporary_files import temporary_folder

FOLDER = "pagefind"
# Superscript codes would run into the words before them; names of findings are for machines; what a
# chapter draws on, and where its numbers come from, is said in the same words at the head of each.
_LEFT_OUT = 'sup, .finding-row, .evidence-box, .provenance-open, [id^="row-"]'
_LEAST = 200_000
"""Bytes that an index has at least; less left on the disk is too little for any."""


def write_search_index(folder: Path, *, store: Path, limits: Limits) -> None:
    """Index the pages of an edition into `folder/pagefind`.

    The index of the same pages, with the same parts left out, comes from the store.
    Raises EngineError where pagefind fails or writes no index, SetupError where it is not there or
    the disk is full.
    """
    pages = sorted(folder.rglob("*.html"))
    names = [page.relative_to(folder).as_posix() for page in pages]
    key = SEARCH.key([_LEFT_OUT, digest_files(folder, names)])
    kept = find_record(SEARCH, store, key)
    if kept is None:
        (store / "tmp").mkdir(parents=True, exist_ok=True)
        # A folder of our own: a preview may be indexing the same pages.
        with temporary_folder(store / "tmp", "search-") as work:
            _index(folder, work / FOLDER, limits)
            _check_space(work / FOLDER)
            _drop_unused(work / FOLDER)
            kept = keep_record(SEARCH, store, key, {}, {FOLDER: work / FOLDER})
    shutil.copytree(kept.folder / FOLDER, folder / FOLDER, dirs_exist_ok=True)


def _check_space(index: Path) -> None:
    """Raise SetupError where the disk is full: pagefind ends well then, with parts of files."""
    written = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    if shutil.disk_usage(index.parent).free < max(written, _LEAST):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise cannot_write(index.parent, full)


def _drop_unused(index: Path) -> None:
    """Delete what pages with a search of their own never load: other interfaces and languages."""
    try:
        entry = json.loads((index / "pagefind-entry.json").read_bytes())
        languages = [each["wasm"] or "unknown" for each in entry["languages"].values()]
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        message = "pagefind ended without an error, and without an index of the pages."
        hint = 'Try again, or `pip install --force-reinstall "pagefind[bin]"`.'
        raise EngineError(message, hint=hint) from None
    spoken = {f"wasm.{each}.pagefind" for each in languages}
    for path in [*index.glob("*ui.*"), *index.glob("*highlight.js"), *index.glob("wasm.*")]:
        if path.name not in spoken:
            path.unlink()


def _index(folder: Path, goal: Path, limits: Limits) -> None:
    hint = 'Install it with `pip install "pagefind[bin]"`.'
    try:
        from pagefind.service import get_executable
    except ImportError as error:
        message = f"the search index cannot be made: pagefind is not installed ({error})."
        raise SetupError(message, hint=hint) from None
    program = get_executable()
    if program is None:
        raise SetupError("pagefind has no program for this machine.", hint=hint)
    command = [str(program), "--site", str(folder), "--output-path", str(goal),
               "--exclude-selectors", _LEFT_OUT]  # fmt: skip
    sizes = {page: page.stat().st_size for page in folder.rglob("*.html")}
    seconds = limits.program(sum(sizes.values()))
    try:
        run_program(command, "", folder=folder, name="pagefind", seconds=seconds)
    except OutOfTime:
        # It does not say where it was: the longest page is the likeliest.
        longest = max(sizes, key=lambda page: sizes[page]).relative_to(folder)
        raise OutOfTime("pagefind", seconds, Place(longest.as_posix())) from None
