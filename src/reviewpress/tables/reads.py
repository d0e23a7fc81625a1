"""What was read: files of the review with the hash of their content.

A chapter's run is identified by what it read, so every table and file of `review` records itself
here, and the notebook engine collects the record from the kernel.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Read(NamedTuple):
    """A file that was read: its path below the review's root, and its SHA-256."""

    path: str
    sha256: str


class Reads:
    """Files read so far, each once, in the order of their first reading.

    >>> reads = Reads()
    >>> reads.record("data/papers.csv", "ab12")
    >>> reads.collect()
    (Read(path='data/papers.csv', sha256='ab12'),)
    """

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def record(self, path: str, sha256: str) -> None:
        """Record one file; a later reading of the same file replaces the earlier."""
        self._found[path] = sha256

    def collect(self) -> tuple[Read, ...]:
        """Return everything recorded since the last `clear`."""
        return tuple(self)

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()

    def __iter__(self) -> Iterator[Read]:
        return iter([Read(path, sha256) for path, sha256 in self._found.items()])

    def __len__(self) -> int:
        return len(self._found)


reads = Reads()
"""Everything that reviews loaded in this process have read."""


def relative_name(path: Path, root: Path) -> str:
    """Return a path as it is recorded and shown: below the root where it is, with slashes.

    >>> relative_name(Path("/r/data/papers.csv"), Path("/r"))
    'data/papers.csv'
    """
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
