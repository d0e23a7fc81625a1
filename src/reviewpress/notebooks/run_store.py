"""The store of runs: `.reviewpress/`, addressed by content, safe to interrupt and to share.

.reviewpress/
├── lookup/<key>/<identity>.json   what a run with this key depended on
├── runs/<identity>/               run.json, figures/
└── tmp/<name>-…/                  a run being made; renamed into place when whole
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from reviewpress.notebooks.identity import Ground, ground_of, identity_of
from reviewpress.notebooks.runs import Execution, Step
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.files import cannot_write, write_cached
from reviewpress.store.temporary_files import (
    clear_folders,
    release_folder,
    reserve_folder,
    temporary_folder,
)

RECORD = "run.json"
UNUSED_DAYS = 30


class Store:
    """Runs that were made before. What is damaged counts as not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str, ground: Ground) -> tuple[str, Execution, Path] | None:
        """Return identity, record and folder of a run that still holds, if there is one."""
        for entry in self._candidates(key):
            depended = _ground(_load(entry))
            if depended is None or not ground.stands(depended):
                continue
            folder = self.folder / "runs" / entry.stem
            record = self._read(folder)
            if record is not None and identity_of(key, record) == entry.stem:
                with suppress(OSError):
                    os.utime(entry)
                    os.utime(folder)
                return entry.stem, record, folder
        return None

    @contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """Give a folder to make a run in; whatever is left of it afterwards goes.

        Raises SetupError where the disk is full or read-only.
        """
        try:
            parent = self.folder / "tmp"
            parent.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            handle, folder = reserve_folder(parent, f"{name}-")
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        try:
            yield folder
        finally:
            release_folder(handle, folder)

    def keep(self, key: str, record: Execution, scratch: Path) -> tuple[str, Execution, Path]:
        """Move a finished run from `scratch` to its address; a whole one already there stays."""
        files = {
            path.relative_to(scratch).as_posix(): _sha(path.read_bytes())
            for path in sorted(scratch.rglob("*"))
            if path.is_file() and path.relative_to(scratch).parts[0] == "figures"
        }
        record = replace(record, files=files)
        identity = identity_of(key, record)
        folder = self.folder / "runs" / identity
        handle, whole = reserve_folder(scratch.parent, "keep-")
        try:
            if (scratch / "figures").is_dir():
                (scratch / "figures").rename(whole / "figures")
            write_cached(whole / RECORD, _sealed(record).encode())
            self._place(whole, folder)
            entry = self.folder / "lookup" / key / f"{identity}.json"
            write_cached(entry, json.dumps(ground_of(record)).encode())
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        finally:
            release_folder(handle, whole)
        return identity, record, folder

    def tidy(self) -> None:
        """Forget runs nobody used for a month, and what interrupted builds left."""
        clear_folders(self.folder / "tmp", "")
        oldest = time.time() - UNUSED_DAYS * 86400
        for folder in (self.folder / "runs").glob("*"):
            with suppress(OSError):
                if folder.stat().st_mtime < oldest:
                    shutil.rmtree(folder, ignore_errors=True)
        for entry in (self.folder / "lookup").glob("*/*.json"):
            if not (self.folder / "runs" / entry.stem).is_dir():
                entry.unlink(missing_ok=True)

    def _candidates(self, key: str) -> list[Path]:
        """Return the lookup entries of a key, the last used first."""
        dated = []
        with suppress(OSError):
            for entry in (self.folder / "lookup" / key).glob("*.json"):
                with suppress(OSError):
                    dated.append((entry.stat().st_mtime_ns, entry))
        return [entry for _, entry in sorted(dated, reverse=True)]

    def _read(self, folder: Path) -> Execution | None:
        """Return a run's record where it and all its files are as they were written."""
        sealed = _load(folder / RECORD)
        if not isinstance(sealed, dict) or set(sealed) != {"sha256", "run"}:
            return None
        if _sha(_canonical(sealed["run"]).encode()) != sealed["sha256"]:
            return None
        record = _execution(as_mapping(sealed["run"]))
        for name, sha in record.files.items():
            try:
                if _sha((folder / name).read_bytes()) != sha:
                    return None
            except OSError:
                return None
        return record

    def _place(self, whole: Path, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(3):
            try:
                whole.rename(folder)
                return
            except OSError:
                if not folder.exists():
                    raise
            if self._read(folder) is not None:
                return
            with temporary_folder(whole.parent, "damaged-") as damaged, suppress(OSError):
                folder.rename(damaged / "run")
        raise OSError(f"{folder} is in use")


def _sealed(record: Execution) -> str:
    data = asdict(record)
    data = json.loads(json.dumps(data))
    return json.dumps({"sha256": _sha(_canonical(data).encode()), "run": data}, ensure_ascii=False)


def _canonical(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _execution(data: Mapping[str, Plain]) -> Execution:
    """Return what the kernel computed, as `asdict` made plain data of it."""
    steps = (as_mapping(step) for step in as_list(data["steps"]))
    warnings = (as_list(warning) for warning in as_list(data["warnings"]))
    return Execution(
        steps=tuple(
            Step(
                as_text(step["kind"]),
                as_text(step["source"]),
                tuple(map(as_text, as_list(step["outputs"]))),
                as_text(step["plain"]),
            )
            for step in steps
        ),
        reads=_texts(data["reads"]),
        modules=_texts(data["modules"]),
        packages=_texts(data["packages"]),
        files=_texts(data["files"]),
        warnings=tuple(
            (int(as_text(step)), as_text(message), as_text(hint))
            for step, message, hint in warnings
        ),
        claims={
            id: None if value is None else as_text(value)
            for id, value in as_mapping(data["claims"]).items()
        },
    )


def _texts(value: Plain) -> dict[str, str]:
    return {name: as_text(text) for name, text in as_mapping(value).items()}


def _ground(value: Plain) -> Mapping[str, Mapping[str, str]] | None:
    """Return what a run depended on; None where the file says nothing of it."""
    found = as_mapping(value)
    if not all(isinstance(found.get(name), dict) for name in ("reads", "modules", "packages")):
        return None
    return {name: _texts(part) for name, part in found.items()}


def _load(path: Path) -> Plain:
    try:
        found: Plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
