"""What tells one thing from another, as SHA-256: of bytes, of a file, of a value with parts.

Another program's hash is made here too, where it compares what we write with its own.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

ABSENT = "absent"
"""What stands in place of a file's SHA-256 where it was looked for and does not exist."""

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time of change tells its content from a later one."""

_known: dict[tuple[str, int, int, int], str] = {}


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 of some content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def quarto_digest(text: str) -> str:
    """Return the hash by which Quarto knows whether a frozen result is of a text: its MD5.

    >>> quarto_digest("")
    'd41d8cd98f00b204e9800998ecf8427e'
    """
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def digest_file(path: str | Path) -> str:
    """Return the SHA-256 of a file's content, which is read once while the file stays as it is.

    A file that was changed just now is read every time: within one tick of the file system's
    clock it could be changed again.
    """
    state = os.stat(path)
    key = str(path), state.st_ino, state.st_size, state.st_mtime_ns
    if key in _known:
        return _known[key]
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if time.time_ns() - state.st_mtime_ns > _SETTLED:
        _known[key] = digest
    return digest


def digest_or_absent(path: str | Path) -> str:
    """Return the SHA-256 of a file's content, or `absent`."""
    try:
        return digest_file(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ABSENT


def digest_files(folder: Path, names: Iterable[str]) -> str:
    """Return one SHA-256 for several files of a folder, by their names and contents."""
    return digest_parts(
        part.encode() for name in names for part in (name, digest_file(folder / name))
    )


def digest_parts(parts: Iterable[object]) -> str:
    """Return one SHA-256 for several parts, told apart by their lengths.

    A part is bytes, or a value that JSON can hold: of a mapping the order does not count.

    >>> digest_parts([b"ab", b"c"]) == digest_parts([b"a", b"bc"])
    False
    >>> digest_parts([{"a": 1, "b": [2]}]) == digest_parts([{"b": [2], "a": 1}])
    True
    """
    state = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else _canonical(part)
        state.update(len(content).to_bytes(8, "big"))
        state.update(content)
    return state.hexdigest()


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode("utf-8", "surrogatepass")
