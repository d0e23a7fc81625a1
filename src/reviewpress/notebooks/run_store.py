"""Runs that are kept: what a kernel computed, and the files that it made.

A run's record (`store/records.py`) says what it depends on; beside it are `run.json`, with what
every step gave, and the files in `figures/`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

from reviewpress.notebooks.identity import Ground, ground_of
from reviewpress.notebooks.runs import Execution, Step
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.files import cannot_write
from reviewpress.store.kinds import RUNS
from reviewpress.store.records import Recorded, find_record, keep_record
from reviewpress.store.temporary_files import release_folder, reserve_folder
from reviewpress.tables.lineage import read_lineage

_RUN = "run.json"
_MADE = "figures"


class KeptRun(NamedTuple):
    """A run in the store: its identity, what was computed, and its folder."""

    identity: str
    execution: Execution
    folder: Path


def find_run(store: Path, key: str, ground: Ground) -> KeptRun | None:
    """Return the run that was made with this key and still holds, if there is one."""
    record = find_record(RUNS, store, RUNS.key([key]), stands=ground.stands)
    if record is None:
        return None
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _kept(record, _execution(json.loads((record.folder / _RUN).read_bytes())))
    return None


def keep_run(store: Path, key: str, execution: Execution, scratch: Path) -> KeptRun:
    """Keep a finished run, with the files that it made in the folder `scratch`."""
    told = asdict(execution)
    text = json.dumps(
        {name: told[name] for name in ("steps", "warnings", "claims", "lineage")},
        ensure_ascii=False,
    )
    files: dict[str, bytes | Path] = {_RUN: text.encode()}
    if (scratch / _MADE).is_dir():
        files[_MADE] = scratch / _MADE
    record = keep_record(RUNS, store, RUNS.key([key]), ground_of(execution), files)
    return _kept(record, execution)


@contextmanager
def scratch_folder(store: Path, name: str) -> Iterator[Path]:
    """Give a folder to make a run in; whatever is left of it afterwards goes.

    Raises SetupError where the disk is full or read-only.
    """
    try:
        (store / "tmp").mkdir(parents=True, exist_ok=True)
        ignore = store / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        handle, folder = reserve_folder(store / "tmp", f"{name}-")
    except OSError as error:
        raise cannot_write(store, error) from error
    try:
        yield folder
    finally:
        release_folder(handle, folder)


def _kept(record: Recorded, execution: Execution) -> KeptRun:
    made = replace(
        execution,
        reads=record.depends["reads"],
        modules=record.depends["modules"],
        packages=record.depends["packages"],
        files={name: sha for name, sha in record.files.items() if name != _RUN},
    )
    return KeptRun(record.identity, made, record.folder)


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
                read_lineage(step["reads"]),
            )
            for step in steps
        ),
        warnings=tuple(
            (int(as_text(step)), as_text(message), as_text(hint))
            for step, message, hint in warnings
        ),
        claims={
            id: None if value is None else as_text(value)
            for id, value in as_mapping(data["claims"]).items()
        },
        lineage={id: read_lineage(reads) for id, reads in as_mapping(data["lineage"]).items()},
    )
