"""The search index of the pages: the only importer of pagefind."""

import shutil
from pathlib import Path

from reviewpress.errors import OutOfTime, Place, SetupError
from reviewpress.programs.limits import Limits
from reviewpress.programs.tools import run_program
from reviewpress.store.files import digest_file, mark_used
from reviewpress.store.kinds import SEARCH
from reviewpress.store.temporary_files import temporary_folder, workshop

FOLDER = "pagefind"


def write_search_index(folder: Path, *, store: Path, limits: Limits) -> None:
    """Index the pages of an edition into `folder/pagefind`.

    The index of the same pages comes from the store. Raises EngineError where pagefind fails,
    SetupError where it is not there.
    """
    pages = sorted(folder.rglob("*.html"))
    inputs = (
        part
        for page in pages
        for part in (page.relative_to(folder).as_posix().encode(), digest_file(page).encode())
    )
    kept = SEARCH.place(store, inputs)
    if not mark_used(kept):
        _keep_index(folder, kept, limits)
    shutil.copytree(kept, folder / FOLDER, dirs_exist_ok=True)


def _keep_index(folder: Path, kept: Path, limits: Limits) -> None:
    """Index pages into a folder of our own; a preview may be indexing the same ones."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    workshop(kept).mkdir(exist_ok=True)
    with temporary_folder(workshop(kept), "search-") as work:
        made = work / FOLDER
        _index(folder, made, limits)
        try:
            made.replace(kept)
        except OSError:
            # The other was first: what it made is the same.
            if not kept.is_dir():
                raise


def _index(folder: Path, goal: Path, limits: Limits) -> None:
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        hint = 'Install it with `pip install "pagefind[bin]"`.'
        raise SetupError("pagefind has no program for this machine.", hint=hint)
    # Superscript codes would run into the words before them.
    command = [str(program), "--site", str(folder), "--output-path", str(goal),
               "--exclude-selectors", "sup"]  # fmt: skip
    sizes = {page: page.stat().st_size for page in folder.rglob("*.html")}
    seconds = limits.program(sum(sizes.values()))
    try:
        run_program(command, "", folder=folder, name="pagefind", seconds=seconds)
    except OutOfTime:
        # It does not say where it was: the longest page is the likeliest.
        longest = max(sizes, key=lambda page: sizes[page]).relative_to(folder)
        raise OutOfTime("pagefind", seconds, Place(longest.as_posix())) from None
