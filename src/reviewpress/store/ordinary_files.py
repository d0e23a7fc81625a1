"""What stands where a file is expected: folders, pipes, sockets, devices, links to nothing.

Pipes, sockets and devices are never opened, since reading one may never end.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import Place, Problem, ReportError

OPTIONAL = (
    "_brand.yml", "_variables.yml", "data/acknowledged.yml", "data/checklists.yml",
    "data/duplicates.csv", "data/extraction.csv", "data/flow.csv", "data/imports.csv",
    "data/schema.yml", "data/screening.csv", "data/searches.yml", "data/spelling.txt",
    "data/studies.csv", "data/withdrawn.csv",
)  # fmt: skip
"""What is read of a review where it is there."""
_KINDS = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "a device"),
)  # fmt: skip
_roots: set[str] = set()


def not_a_file(path: Path) -> str:
    """Say what a path is that is there and is not a file; empty for a file and for nothing.

    A link counts as what it leads to.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            return f"is a symbolic link to {os.readlink(path)}, which does not exist"
        return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    found = next((name for is_one, name in _KINDS if is_one(mode)), "")
    return f"is {found}, not a file" if found else ""


def odd_sources(root: Path) -> Iterator[Problem]:
    """Yield a problem for each of a review's own files in whose place is something else."""
    for folder in ("data", "bib"):
        if (root / folder).is_file():
            yield Problem("config", "a file stands where a folder is expected.", Place(folder))
    for name in OPTIONAL:
        if odd := not_a_file(root / name):
            hint = "Put the file there, or take away what has its name."
            yield Problem("config", f"it {odd}.", Place(name), hint)


def real_path(path: Path) -> Path:
    """Return where a path leads to; one that leads round in a circle stays as it is."""
    return Path(os.path.realpath(path))


def whole_text(text: str, name: str, fault: type[ReportError]) -> str:
    """Return a text; raise `fault`, with the line, for a zero byte, as a loss of power leaves."""
    at = text.find("\0")
    if at >= 0:
        message = "the file is damaged: it holds a zero byte, which no text has."
        hint = "Restore it from a copy or from the repository."
        raise fault(message, Place(name, line=text.count("\n", 0, at) + 1), hint)
    return text


def refuse_special_files(root: str | os.PathLike[str]) -> None:
    """Have this process open nothing below a review's root but files and folders, for good.

    Whoever tries gets an OSError that says so, as for a file that may not be read. A link counts as
    what it leads to: to `/dev/zero`, as a device.
    """
    if not _roots:
        sys.addaudithook(_hear)
    _roots.add(os.path.join(os.path.realpath(root), ""))


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str):
        return
    path = os.path.abspath(arguments[0])
    if not path.startswith(tuple(_roots)):
        return
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return  # who opens it is told why
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, f"it {not_a_file(Path(path))}", path)
