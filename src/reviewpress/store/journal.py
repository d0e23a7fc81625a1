"""Files of a review that change together: all of them or none, whatever ends the program.

.reviewpress/changes/    there from the moment at which the change is decided until it is done
├── changes.json         of each file its name from the review's root, its SHA-256 before and after
├── 0, 1, …              the new contents, in the order of that list
└── 0.before, 1.before   the old ones
"""

import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reviewpress.errors import Place, ReportError, SetupError
from reviewpress.store.digests import ABSENT, digest_or_absent
from reviewpress.store.files import (
    cannot_write,
    check_writable,
    flush_folder,
    flush_tree,
    write_atomically,
)
from reviewpress.store.interrupts import note_done, uninterrupted
from reviewpress.store.locks import IMPORT, Lock
from reviewpress.store.temporary_files import temporary_folder

FOLDER = "changes"
_LIST = "changes.json"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Spliced:
    """A file as it is, but for some parts of it (from byte to byte), and what is added to it."""

    path: Path
    parts: Sequence[tuple[int, int, bytes]] = ()
    tail: Iterable[bytes] = ()

    def write_to(self, goal: Path) -> None:
        """Write it all to another file."""
        with goal.open("wb") as new:
            if self.path.is_file():
                with self.path.open("rb") as old:
                    for start, stop, content in sorted(self.parts):
                        _copy(old, new, start - old.tell())
                        new.write(content)
                        old.seek(stop)
                    shutil.copyfileobj(old, new, _PIECE)
            new.writelines(self.tail)


def _copy(old: BinaryIO, new: BinaryIO, count: int) -> None:
    while count > 0:
        piece = old.read(min(count, _PIECE))
        new.write(piece)
        count -= len(piece)


class _Change(NamedTuple):
    """One file: its name from the root, its hash before and after, its new and old content."""

    name: str
    before: str
    after: str
    new: Path
    old: Path


def write_together(root: Path, changes: Mapping[Path, bytes | Spliced | None]) -> None:
    """Write files of a review so that after a crash either all are new, or none is.

    A file whose content is None is removed; what changes little of a large file may be given as
    the pieces that are new. Raises SetupError where the disk is full or read-only; then none is.
    """
    store = root / ".reviewpress"
    try:
        (store / "tmp").mkdir(parents=True, exist_ok=True)
        finish_changes(root)
        for path in changes:
            check_writable(path)
        with temporary_folder(store / "tmp", "changes-") as made:
            _list_changes(root, changes, made)
            with uninterrupted():
                # From here on the change is decided: it is done now, or by the next run.
                made.replace(store / FOLDER)
                flush_folder(store)
                try:
                    finish_changes(root)
                except (OSError, ReportError):
                    # What cannot be brought back now is finished by the next run.
                    with suppress(OSError, ReportError):
                        _undo(root, _read_changes(root))
                    raise
    except OSError as error:
        raise cannot_write(Path(error.filename or store), error) from None


def finish_changes(root: Path) -> tuple[str, ...]:
    """Do what was decided and not done because the program was killed; return the files' names.

    What was being undone is undone. Raises SetupError where a file has been changed otherwise
    since.
    """
    changes = _read_changes(root)
    if any(_is_undone(root, change) for change in changes):
        _undo(root, changes)
        return ()
    for change in changes:
        now = digest_or_absent(root / change.name)
        if now not in (change.before, change.after):
            new = change.new.relative_to(root).as_posix()
            raise SetupError(
                "a change was interrupted, and the file has been changed since.",
                Place(change.name),
                f"The version that was to be is {new}: take over what is missing, "
                f"then remove the folder .reviewpress/{FOLDER}.",
            )
        if now != change.after and change.after == ABSENT:
            (root / change.name).unlink()
        elif now != change.after:
            _put(change.new, root / change.name)
    for change in changes:
        note_done(f"{change.name} {'removed' if change.after == ABSENT else 'written'}")
    if changes:
        # All is in its place: a journal that cannot go now does with the next run.
        with suppress(OSError):
            _close(root)
    return tuple(change.name for change in changes)


def finish_import(root: Path) -> tuple[str, ...]:
    """Finish what a killed import had begun to write, unless another one is at work."""
    if not (root / ".reviewpress" / FOLDER).is_dir():
        return ()
    lock = Lock(root / ".reviewpress" / IMPORT, "finishing an import")
    if not lock.take():
        return ()
    try:
        return finish_changes(root)
    finally:
        lock.release()


def _list_changes(root: Path, changes: Mapping[Path, bytes | Spliced | None], folder: Path) -> None:
    listed = []
    for number, (path, content) in enumerate(changes.items()):
        new, old = folder / str(number), folder / f"{number}.before"
        if isinstance(content, Spliced):
            content.write_to(new)
        elif content is not None:
            new.write_bytes(content)
        if content is not None:
            new.chmod(stat.S_IMODE(path.stat().st_mode) if path.is_file() else 0o644)
        if path.is_file():
            shutil.copyfile(path, old)
            old.chmod(stat.S_IMODE(path.stat().st_mode))
        listed.append([os.path.relpath(path, root), digest_or_absent(old), digest_or_absent(new)])
    (folder / _LIST).write_text(json.dumps(listed), encoding="utf-8")
    flush_tree(folder)


def _read_changes(root: Path) -> list[_Change]:
    folder = root / ".reviewpress" / FOLDER
    try:
        listed = json.loads((folder / _LIST).read_bytes())
    except FileNotFoundError:
        return []
    return [
        _Change(name, before, after, folder / str(number), folder / f"{number}.before")
        for number, (name, before, after) in enumerate(listed)
    ]


def _put(made: Path, path: Path) -> None:
    """Give a file of the journal its place; a link to a file stays a link."""
    goal = Path(os.path.realpath(path))
    try:
        made.replace(goal)
    except OSError:
        # On another disk, for one.
        write_atomically(goal, made.read_bytes())
    flush_folder(goal.parent)


def _is_undone(root: Path, change: _Change) -> bool:
    """Say whether a file is as it was although the new content has left the journal for it."""
    is_new = change.after not in (change.before, ABSENT)
    now = digest_or_absent(root / change.name)
    return is_new and now == change.before and not change.new.exists()


def _undo(root: Path, changes: Iterable[_Change]) -> None:
    """Bring back what was there before."""
    for change in changes:
        path = root / change.name
        if digest_or_absent(path) != change.after or change.before == change.after:
            continue
        if change.before == ABSENT:
            path.unlink()
        else:
            _put(change.old, path)
    _close(root)


def _close(root: Path) -> None:
    store = root / ".reviewpress"
    (store / "tmp").mkdir(exist_ok=True)
    with temporary_folder(store / "tmp", "done-") as done:
        (store / FOLDER).replace(done / FOLDER)
        flush_folder(store)
