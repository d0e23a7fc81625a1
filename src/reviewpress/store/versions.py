"""What makes the things that are kept: this package, and the programs and libraries beside it."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from reviewpress.store.digests import digest_files, digest_parts

PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = {"pagefind-bin": "pagefind_bin", "pypandoc-binary": "pypandoc/files"}
"""Where distributions have their program, in a folder that is not called as they are."""


@cache
def package_digest() -> str:
    """Return a digest of all of this package, as it was when this process first asked.

    A process that lives on runs the code that it has loaded: what an upgrade puts on the disk
    meanwhile makes nothing in it, and counts for the next process.
    """
    names = [name for name, *_ in package_files()]
    return digest_parts([sys.version, digest_files(PACKAGE, names)])


def package_files() -> list[tuple[str, int, int]]:
    """Return name, time of change and size of every file of this package, byte code left out."""
    return sorted(_files_in(str(PACKAGE), ""))


def package_times() -> str:
    """Return what tells one installed state of this package from another without reading a file."""
    return digest_parts(package_files())


def installed() -> Mapping[str, str]:
    """Return name and version of every installed distribution, read from the folders' names."""
    return {name: version for name, (version, _) in _installed(tuple(sys.path)).items()}


def program_state(distribution: str) -> str:
    """Return the version of an installed distribution, and the state of its program's files.

    So a program is another one also where somebody has put it in the place of the first by hand.
    """
    version, folder = _installed(tuple(sys.path)).get(distribution, ("", ""))
    place = Path(folder, _FOLDERS.get(distribution, distribution))
    files = sorted(path for path in place.glob("*") if path.is_file()) if folder else []
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return repr((distribution, version, stats))


def normal_name(distribution: str) -> str:
    """Return a distribution's name as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _files_in(folder: str, before: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files_in(entry.path, f"{before}{entry.name}/")
            elif not entry.name.endswith(".pyc"):
                stat = entry.stat()
                yield f"{before}{entry.name}", stat.st_mtime_ns, stat.st_size


def _installed(path: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for folder in path:
        if not os.path.isdir(folder):
            continue
        for name in os.listdir(folder):
            if name.endswith(".dist-info"):
                package, _, version = name.removesuffix(".dist-info").rpartition("-")
                found.setdefault(normal_name(package), (version, folder))
    return found
