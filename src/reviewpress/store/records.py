"""Things that are kept with a record of what they turned out to depend on.

.reviewpress/<folder of the kind>/<beginning of the key>/<identity>/
├── record.json   the key, what it depends on, the SHA-256 of each of its files, and its own
└── …             its files

The key is what was known beforehand, the identity a hash of that and of what was found out: things
with one key stand side by side, and the one is found of which all that it depends on is as it was.
What is damaged counts as not there.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.store.digests import digest_file, digest_parts
from reviewpress.store.files import cannot_write, mark_used, write_cached
from reviewpress.store.kinds import Kind
from reviewpress.store.temporary_files import temporary_folder, workshop

RECORD = "record.json"
_SHORT = 16
"""How much of its key names the folder of what has the key; the record has all of it."""

Depends = Mapping[str, Mapping[str, str]]
"""What something depends on, by kinds of such: the state of each, by name."""


class Recorded(NamedTuple):
    """Something kept: its address, its folder, what it depends on, the hashes of its files."""

    identity: str
    folder: Path
    depends: Depends
    files: Mapping[str, str]


def find_record(
    kind: Kind, store: Path, key: str, *, stands: Callable[[Depends], bool] = lambda _: True
) -> Recorded | None:
    """Return the record of a key of which what it depends on `stands`, the last used first."""
    for folder in _candidates(store / kind.folder / key[:_SHORT]):
        record = _read(folder, key)
        if record is not None and stands(record.depends) and _is_whole(record):
            mark_used(folder)
            return record
    return None


def keep_record(
    kind: Kind, store: Path, key: str, depends: Depends, files: Mapping[str, bytes | Path]
) -> Recorded:
    """Keep something under its address; a whole one that is there already stays.

    `files` are contents by name, or a folder, which is moved. Raises SetupError where the disk is
    full or read-only.
    """
    identity = digest_parts([key, depends])
    folder = store / kind.folder / key[:_SHORT] / identity
    try:
        workshop(folder).mkdir(parents=True, exist_ok=True)
        with temporary_folder(workshop(folder), "keep-") as made:
            for name, content in files.items():
                if isinstance(content, Path):
                    content.rename(made / name)
                else:
                    (made / name).write_bytes(content)
            paths = sorted(path for path in made.rglob("*") if path.is_file())
            hashes = {path.relative_to(made).as_posix(): digest_file(path) for path in paths}
            record = Recorded(identity, folder, depends, hashes)
            write_cached(made / RECORD, json.dumps(_sealed(record, key)).encode())
            _place(made, record, key)
    except OSError as error:
        raise cannot_write(store, error) from error
    return record


def _candidates(folder: Path) -> list[Path]:
    dated = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                dated.append((entry.stat().st_mtime_ns, entry.path))
    return [Path(path) for _, path in sorted(dated, reverse=True)]


def _read(folder: Path, key: str) -> Recorded | None:
    """Return a record that is as it was written."""
    try:
        found: Mapping[str, Plain] = json.loads((folder / RECORD).read_bytes())
        depends = {name: _texts(part) for name, part in as_mapping(found["depends"]).items()}
        record = Recorded(digest_parts([key, depends]), folder, depends, _texts(found["files"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    is_sound = found == _sealed(record, key) and record.identity == folder.name
    return record if is_sound else None


def _texts(value: Plain) -> dict[str, str]:
    return {name: as_text(text) for name, text in as_mapping(value).items()}


def _sealed(record: Recorded, key: str) -> dict[str, Plain]:
    told: dict[str, Plain] = {
        "key": key,
        "depends": {name: dict(part) for name, part in record.depends.items()},
        "files": dict(record.files),
    }
    return told | {"sha256": digest_parts([told])}


def _is_whole(record: Recorded) -> bool:
    try:
        return all(digest_file(record.folder / n) == sha for n, sha in record.files.items())
    except OSError:
        return False


def _place(made: Path, record: Recorded, key: str) -> None:
    """Move what was made to its place, unless it is there already and whole."""
    folder = record.folder
    for _ in range(3):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            made.rename(folder)
            return
        except OSError:
            if not folder.parent.is_dir():
                continue  # It was empty, and pruned.
            if not folder.exists():
                raise
        if _read(folder, key) == record and _is_whole(record):
            return
        with temporary_folder(made.parent, "damaged-") as damaged, suppress(OSError):
            folder.rename(damaged / "was")
    raise OSError(f"{folder} is in use")
