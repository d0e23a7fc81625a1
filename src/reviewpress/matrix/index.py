"""The page that lists the editions of a matrix, with one search over all of them.

It stands in the folder that holds theirs, and is made like any page. A list beside it says which
files are its own: what somebody else put there stays.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reviewpress.config import Chapter, Collection
from reviewpress.engine import PreviewEngine
from reviewpress.errors import ConfigError, Place, Problem, raise_all
from reviewpress.formats.hashed_names import hash_names
from reviewpress.formats.objects import FORMATS, HTML
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import attribute_text, escape
from reviewpress.matrix.rows import FOLDER, Matrix, MatrixRow, without_names
from reviewpress.pipeline import Progress, assemble_edition
from reviewpress.programs.pagefind import write_search_index
from reviewpress.store.files import cannot_write, write_atomically
from reviewpress.store.output_folder import LIST as EDITION
from reviewpress.store.output_folder import name_of, name_some
from reviewpress.store.temporary_files import temporary_folder

LIST = ".reviewpress-matrix"
_FIRST_LINE = "Written by reviewpress: the index of the editions in these folders."


def check_index(matrix: Matrix) -> None:
    """Refuse a folder in which the index would write over what no build made; ConfigError."""
    folder, root = matrix.folder, matrix.base.root
    written = _read_list(folder)
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    foreign = [name for name in there if name == "index.html"] if not written else []
    if EDITION in there:
        foreign = [EDITION]
    _refuse(foreign, folder, root)


def write_index(matrix: Matrix, engine: PreviewEngine, progress: Progress) -> None:
    """Write the index over the editions that are there, those of earlier builds included."""
    made = [row for row in matrix.rows if (row.config.output_dir / EDITION).is_file()]
    if not any(HTML in row.config.made for row in made):
        return
    progress.step("index", f"{len(made)} editions")
    try:
        with temporary_folder() as work:
            _render(matrix, made, engine, work)
            _check_folders(matrix, work)
            for row in made:
                _copy_pages(row.config.output_dir, work / row.folder)
            write_search_index(work, store=matrix.base.store, limits=matrix.base.limits)
            for row in made:
                # One that was made without pages has none here.
                shutil.rmtree(work / row.folder, ignore_errors=True)
            hash_names(work)
            _put(work, matrix.folder, matrix.base.root)
    except OSError as error:
        raise cannot_write(matrix.folder, error) from None


def _render(matrix: Matrix, made: list[MatrixRow], engine: PreviewEngine, work: Path) -> None:
    base = matrix.base
    source = base.store / "matrices" / matrix.name / "index.qmd"
    labels = load_labels(base)
    lines = [f"# {escape(base.title)} {{.unnumbered}}", "", *_entries(made, labels)]
    write_atomically(source, ("\n".join(lines) + "\n").encode())
    chapter = Chapter(source.relative_to(base.root).as_posix(), address="index.html")
    config = replace(
        base, chapters=(chapter,), formats=(HTML.name,), bibliography=(), csl=None,
        output_dir=matrix.folder, collection=Collection(base.title),
        publication=without_names(base.publication),
    )  # fmt: skip
    engine.begin_pages(assemble_edition(config, {}), work)()


def _check_folders(matrix: Matrix, work: Path) -> None:
    """Refuse an edition where the index has files of its own, as it has in `data`; Problems."""
    taken = [row for row in matrix.rows if (work / row.folder).exists()]
    message = 'the index has files of its own in "{}", the folder of this edition.'
    hint = f"Give the edition another in a column `{FOLDER}`."
    raise_all(
        [
            Problem("table", message.format(row.folder), Place(matrix.file, row=row.number), hint)
            for row in taken
        ]
    )


def _entries(made: list[MatrixRow], labels: Labels) -> Iterator[str]:
    """Yield an item of a list for each edition: its title, and its files."""
    for row in made:
        config = row.config
        links = [f"[{escape(config.title)}]({row.folder}/index.html)"]
        for each in FORMATS:
            name = config.file_name(each.ending)
            if each.download and (config.output_dir / name).is_file():
                title = attribute_text(f"{labels[each.download]}: {config.title}")
                links.append(f'[{escape(each.short)}]({row.folder}/{name}){{title="{title}"}}')
        yield f"- {', '.join(links)}"


def _copy_pages(edition: Path, goal: Path) -> None:
    for page in edition.rglob("*.html"):
        place = goal / page.relative_to(edition)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, place)


def _put(work: Path, folder: Path, root: Path) -> None:
    """Put files in their places, the page last, and remove those that an earlier index left."""
    names = sorted(p.relative_to(work).as_posix() for p in work.rglob("*") if p.is_file())
    before = _read_list(folder)
    foreign = [name for name in names if name not in before and os.path.lexists(folder / name)]
    _refuse(foreign, folder, root)
    # Listed before they are there: a run that is killed leaves nothing that nobody knows.
    _write_list(folder, before.union(names))
    for name in sorted(names, key=lambda each: each == "index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, (work / name).read_bytes())
    _write_list(folder, names)
    for name in sorted(before - {*names}):
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            # A folder that an earlier index had, empty now.
            (folder / name).parent.rmdir()


def _refuse(foreign: Sequence[str], folder: Path, root: Path) -> None:
    if foreign:
        message = f"the folder of the matrix holds {name_some(foreign)}, which no matrix made."
        hint = "Move it, or give the table another name."
        raise ConfigError(message, Place(name_of(folder, root)), hint)


def _write_list(folder: Path, names: Iterable[str]) -> None:
    write_atomically(folder / LIST, "\n".join([_FIRST_LINE, *sorted(names), ""]).encode())


def _read_list(folder: Path) -> frozenset[str]:
    try:
        first, *names = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return frozenset()
    # What leads out of the folder, by its name or by a link, is no file of an index.
    real = folder.resolve()
    own = (name for name in names if (folder / name).resolve().is_relative_to(real))
    return frozenset(own) if first == _FIRST_LINE else frozenset()
