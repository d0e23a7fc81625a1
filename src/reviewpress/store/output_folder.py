"""The folder of an edition: where it may be, and which of its files builds wrote.

A build replaces the folder whole. So it may be none that holds anything else: each build leaves a
list of what it wrote, and a folder with other files in it is refused.

.reviewpress-edition    what this is; the edition's name; the files, one a line, in order
"""

import os
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.edition import read_edition
from reviewpress.errors import ConfigError, Place, ReportError
from reviewpress.store.files import write_atomically

LIST = ".reviewpress-edition"
PROJECT_FILE = "_quarto.yml"
OWN_FOLDER = "Give the edition a folder of its own, as in `output-dir: _output/report`."
_FIRST_LINE = "Written by reviewpress: what a build made here, and may replace."
_SOURCES = (
    "bib", "chapters", "data", "figures", "scripts", "_extensions", ".github", ".quarto",
    ".reviewpress", ".venv", "node_modules",
)  # fmt: skip
"""Folders of a review that are never an edition's, whether or not they are there yet."""
_ENDINGS = (".yml", ".yaml", ".qmd", ".ipynb", ".bib", ".csv")
"""How files of a review end: a folder called so would be read in the place of one."""
_REPOSITORIES = (".git", ".hg", ".svn", ".jj")
SYSTEM_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave everywhere."""
_QUARTO = ("site_libs/", "search.json")
"""What `quarto preview` writes without calling a hook after."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Contents:
    """What an output folder holds: whose edition it is, and what no build is known to have made.

    `edition` is None where there is no list.
    """

    edition: str | None
    foreign: tuple[str, ...]


def wrong_place(folder: Path, root: Path, sources: Iterable[Path]) -> str:
    """Say why no edition may be at a place, whatever is there now; empty where one may.

    `sources` are files of the review that an author wrote.
    """
    if any(part.startswith("~") for part in folder.parts):
        return "the output folder begins with ~, which only a shell takes for your home folder."
    if folder.name.casefold().endswith(_ENDINGS):
        return f"the output folder is called {folder.name}, as a file of the review would be."
    real, home = _real(folder), _real(Path.home())
    places = dict(_real_files(sources))
    held = next((path for path, found in places.items() if found.is_relative_to(real)), None)
    if held is not None:
        return f"the output folder would hold {held.name}, which a build would then delete."
    if home.is_relative_to(real):
        return "the output folder would hold your home folder, which a build would then delete."
    repository = next((name for name in real.parts if name in _REPOSITORIES), None)
    if repository is not None:
        return f"the output folder is part of {repository}, which keeps the history of your files."
    held_repository = next((name for name in _REPOSITORIES if (folder / name).exists()), None)
    if held_repository is not None:
        return f"the output folder is a repository: it holds {held_repository}."
    base = _real(root)
    parents = {path.parent for path in places.values() if path.is_relative_to(base)}
    for source in (*(base / _folded(name) for name in _SOURCES), *sorted(parents - {base})):
        if real.is_relative_to(source):
            name = source.relative_to(base).as_posix()
            return f"the output folder is or lies in {name}, which is a folder of the review's own."
    return ""


def check_place(folder: Path, root: Path) -> None:
    """Refuse a place where a build could not put a folder, or would harm another edition.

    Raises ConfigError for a file, a mount, and a folder inside another edition.
    """
    name = name_of(folder, root)
    place = Place(name)
    hint = "Choose another `output-dir`, or move the file."
    if folder.exists() and not folder.is_dir():
        raise ConfigError("the output folder is a file.", place, hint)
    if Path(os.path.realpath(folder)).is_symlink():
        raise ConfigError("the output folder is a link that leads to itself.", place, hint)
    file = next((each for each in folder.parents if each.exists() and not each.is_dir()), None)
    if file is not None:
        raise ConfigError(f"the output folder lies in {file.name}, which is a file.", place, hint)
    mounts = _mounts()
    if _is_mount(folder, mounts):
        message = "the output folder is where another disk is mounted, and cannot be replaced."
        raise ConfigError(message, place, f"Choose a folder in it, as in `{name}/report`.")
    found = (each for each, _ in _files(folder))
    mounted = next((each for each in found if _is_mount(folder / each, mounts)), None)
    if mounted is not None:
        message = f"another disk is mounted in the output folder, at {mounted}."
        raise ConfigError(message, place, "Choose another `output-dir`, or unmount it.")
    for above in Path(os.path.realpath(folder)).parents:
        edition, _ = read_list(above)
        if edition is not None:
            message = f'the output folder lies in that of edition "{edition}", {above.name}.'
            raise ConfigError(message, place, OWN_FOLDER)


def check_contents(
    folder: Path, root: Path, edition: str, pages: Sequence[str], known: frozenset[str]
) -> None:
    """Refuse a folder that holds another edition, or what no build made; nothing is changed.

    `pages` are the addresses of the edition's pages. `known` are files that the record of a
    build names: a folder without a list, as reviewpress 0.1.0 left it, is accepted where they are
    all that it holds, and gets its list. Raises ConfigError.
    """
    found = look_into(folder, pages)
    place = Place(name_of(folder, root))
    if found.edition is None and found.foreign and known.issuperset(found.foreign):
        write_list(folder, edition)
        return
    if found.edition not in (None, edition):
        message = f'the output folder holds the edition "{found.edition}".'
        raise ConfigError(message, place, OWN_FOLDER)
    foreign = [name for name in found.foreign if name not in known] or found.foreign
    if foreign:
        raise ConfigError(
            f"the output folder holds {name_some(foreign)}, which no build made.",
            place,
            "A build replaces the folder: choose another `output-dir`, or move what is in it. "
            "If all of it may go, use `reviewpress render --take-over`.",
        )


def check_owner(folder: Path, root: Path, title: str, known: frozenset[str]) -> None:
    """Refuse the edition of another review, which may be called as this one's is.

    It is this review's where a build is recorded (`known`), where it lies in the review, or else
    where it has the `title` and lies in no other review. Raises ConfigError.
    """
    edition, _ = read_list(folder)
    real = Path(os.path.realpath(folder))
    if edition is None or known or real.is_relative_to(os.path.realpath(root)):
        return
    try:
        other = read_edition(folder).title
    except ReportError:
        other = title
    project = next((each for each in real.parents if (each / PROJECT_FILE).is_file()), None)
    if other == title and (project is None or project.samefile(root)):
        return
    message = f'the output folder holds the edition "{edition}" of another review, "{other}".'
    hint = f"{OWN_FOLDER} If it may go, use `reviewpress render --take-over`."
    raise ConfigError(message, Place(name_of(folder, root)), hint)


def look_into(folder: Path, pages: Sequence[str] = ()) -> Contents:
    """Return whose edition a folder holds, and what in it no build made, in order.

    Links and mounts are never a build's.
    """
    edition, written = read_list(folder)
    ours = {*written, *pages, LIST}
    foreign = []
    for name, is_plain in _files(folder):
        is_quartos = edition is not None and name.startswith(_QUARTO)
        if not (is_plain and (name in ours or is_quartos)):
            foreign.append(name)
    return Contents(edition, tuple(sorted(foreign)))


def read_list(folder: Path) -> tuple[str | None, frozenset[str]]:
    """Return the edition that a folder's list names, and its files; None without a list."""
    try:
        first, edition, *names = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None, frozenset()
    if first != _FIRST_LINE:
        return None, frozenset()
    return edition, frozenset(names)


def write_list(folder: Path, edition: str, *, without: Iterable[str] = ()) -> None:
    """List what a folder holds as written by a build, but for what somebody else put there."""
    left_out = {LIST, *without}
    names = sorted(name for name, is_plain in _files(folder) if is_plain and name not in left_out)
    text = "\n".join([_FIRST_LINE, edition, *names]) + "\n"
    write_atomically(folder / LIST, text.encode())


def name_of(folder: Path, root: Path) -> str:
    """Return a folder as messages name it: from the review where it is in it."""
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)


def name_some(names: Sequence[str]) -> str:
    """Name files in a message: all of a few, the first of many."""
    more = len(names) - _NAMED
    shown = ", ".join(names[: _NAMED if more > 0 else len(names)])
    return f"{shown} and {more} more" if more > 0 else shown


def _files(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield each file's name from the folder, and whether it is neither a link nor a mount."""
    mounts = _mounts()
    for parent, folders, names in os.walk(folder):
        odd = [name for name in folders if _is_odd(Path(parent, name), mounts)]
        folders[:] = [name for name in folders if name not in odd]
        for name in (*odd, *names):
            path = os.path.join(parent, name)
            if name not in SYSTEM_FILES:
                is_plain = name not in odd and not os.path.islink(path)
                yield os.path.relpath(path, folder).replace(os.sep, "/"), is_plain


def _is_odd(path: Path, mounts: Container[str]) -> bool:
    return path.is_symlink() or _is_mount(path, mounts)


def _is_mount(path: Path, mounts: Container[str]) -> bool:
    """Say whether something is mounted at a path, a part of the same disk included."""
    return os.path.ismount(path) or os.path.realpath(path).replace(" ", "\\040") in mounts


def _mounts() -> frozenset[str]:
    """Return where something is mounted, as Linux lists it; elsewhere nothing."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as lines:
            return frozenset(line.split(" ")[4] for line in lines)
    except (OSError, IndexError):
        return frozenset()


def _real(path: Path) -> Path:
    """Return where a path leads, in letters that tell no case apart, as some disks do not."""
    return Path(_folded(os.path.realpath(path)))


def _real_files(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield files with where they are; what a folder leads to is asked once."""
    folders: dict[Path, Path] = {}
    for path in paths:
        if path.is_symlink():
            yield path, _real(path)
            continue
        if path.parent not in folders:
            folders[path.parent] = _real(path.parent)
        yield path, folders[path.parent] / _folded(path.name)


def _folded(text: str) -> str:
    """Return a path without case and without what Windows leaves out at the end of a name."""
    parts = unicodedata.normalize("NFC", text).casefold().split(os.sep)
    return os.sep.join(part.rstrip(". ") or part for part in parts)
