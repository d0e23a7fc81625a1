"""Pipes, sockets and devices in a review: never opened, since reading one may never end."""

import errno
import os
import stat
import sys

_roots: set[str] = set()


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
        raise OSError(errno.EINVAL, "it is no ordinary file", path)
