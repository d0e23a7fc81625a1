"""Whether an edition still is what its sources would make: a look at files, nothing started."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_file
from reviewpress.store.files import write_cached
from reviewpress.store.kinds import PROGRAMS
from reviewpress.store.output_folder import LIST, SYSTEM_FILES
from reviewpress.store.versions import package_times, program_state

_IGNORED = frozenset(
    {"_output", "node_modules", "__pycache__", "_book", "dist", "build", "htmlcov"}
)

KEPT = ("published", "versions.json")
"""The folder of published versions, and the list in it by which it is known."""

Signature = dict[str, list[str | int]]


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What an edition was made from, and what was written, as the last build left it.

    `name` tells editions, formats, engines and variants apart.
    """

    root: Path
    name: str
    settings: Mapping[str, object]

    @property
    def _file(self) -> Path:
        return self.root / ".reviewpress" / "builds" / f"{self.name}.json"

    def is_fresh(self, output: Path) -> bool:
        """Say whether neither sources nor output have changed since the build.

        Files are told by size and time of change, and read only where these differ.
        """
        try:
            record = json.loads(self._file.read_bytes())
            settings, sources, made = (record[key] for key in ("settings", "sources", "output"))
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if settings != self._settings():
            return False
        return _same(made, output, _output_files(output)) and _same(
            sources, self.root, _source_files(self.root)
        )

    def sign_sources(self) -> Signature:
        """Return the signature of the sources as they are; take it before building."""
        return _with_hashes(_signature(_source_files(self.root), self.root), self.root)

    def keep(self, sources: Signature, output: Path) -> None:
        """Remember a successful build."""
        record = {
            "settings": self._settings(),
            "sources": sources,
            "output": _with_hashes(_signature(_output_files(output), output), output),
        }
        write_cached(self._file, json.dumps(record).encode())

    def forget(self) -> None:
        """Forget the build, so that the next one is made."""
        self._file.unlink(missing_ok=True)

    def _settings(self) -> dict[str, Plain]:
        found: dict[str, object] = {
            **self.settings,
            "python": sys.version,
            "package": _package_state(),
            "epoch": os.environ.get("SOURCE_DATE_EPOCH", ""),
        }
        plain: dict[str, Plain] = json.loads(json.dumps(found, default=str))
        return plain


def known_output(root: Path, output: Path) -> frozenset[str]:
    """Return the files that builds are recorded to have written into an output folder."""
    known: set[str] = set()
    for file in (root / ".reviewpress" / "builds").glob("*.json"):
        try:
            record = json.loads(file.read_bytes())
            if record["settings"]["output"] == str(output):
                known |= record["output"].keys()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return frozenset(known)


def look_at_sources(root: Path) -> Signature:
    """Return size and time of change of every source of a review; no file is read."""
    return _signature(_source_files(root), root)


def is_source_folder(path: str, root: Path) -> bool:
    """Say whether a folder of a review is written, not made.

    Caches, environments, editions and the published figures are made.
    """
    name = os.path.basename(path)
    if name.startswith(".") or name.endswith(".egg-info") or name in _IGNORED:
        return False
    if name in ("figures", KEPT[0]) and Path(path).parent == root:
        return name == KEPT[0] and not os.path.exists(os.path.join(path, KEPT[1]))
    return not any(os.path.exists(os.path.join(path, made)) for made in ("pyvenv.cfg", LIST))


def is_file(entry: "os.DirEntry[str]") -> bool:
    """Say whether an entry of a folder is a file, or a link to one.

    A link that leads in a circle is neither, where `DirEntry.is_file` raises OSError.
    """
    return entry.is_file(follow_symlinks=False) or os.path.isfile(entry.path)


def is_source_name(name: str) -> bool:
    """Say whether a file's name is not that of a by-product: byte code, a backup."""
    return not (name.endswith((".pyc", "~")) or name in SYSTEM_FILES)


@cache
def _package_state() -> str:
    """Tell one installed state of the framework and its dependencies from another.

    It is that of the process: what was put in its place since then, it does not run.
    """
    places = {Path(place) for place in sys.path if place.endswith("site-packages")}
    installed = [place.stat().st_mtime_ns for place in sorted(places) if place.is_dir()]
    return f"{package_times()} {installed} {[*map(program_state, PROGRAMS)]}"


def _source_files(root: Path) -> Iterator[Path]:
    stack = [str(root)]
    while stack:
        for entry in _entries(stack.pop(), root):
            if entry.is_dir(follow_symlinks=False):
                if is_source_folder(entry.path, root):
                    stack.append(entry.path)
            elif is_file(entry) and is_source_name(entry.name):
                yield Path(entry.path)


def _entries(folder: str, root: Path) -> list["os.DirEntry[str]"]:
    """Return what a folder holds; nothing of one that may not be read, as a disk's lost+found."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        if folder == str(root):
            raise
        return []


def _output_files(output: Path) -> Iterator[Path]:
    return (path for path in output.rglob("*") if path.is_file())


def _signature(files: Iterator[Path], root: Path) -> Signature:
    found: Signature = {}
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            continue
        found[path.relative_to(root).as_posix()] = [stat.st_size, stat.st_mtime_ns]
    return found


def _with_hashes(signature: Signature, root: Path) -> Signature:
    return {name: [*values, digest_file(root / name)] for name, values in signature.items()}


def _same(before: Signature, root: Path, files: Iterator[Path]) -> bool:
    now = _signature(files, root)
    if before.keys() != now.keys():
        return False
    for name, values in now.items():
        *stat, content = before[name]
        if stat != values and (stat[0] != values[0] or content != digest_file(root / name)):
            return False
    return True
