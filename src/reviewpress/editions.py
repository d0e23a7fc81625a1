"""An edition's way to its place: written beside it, and put there whole or not at all."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from reviewpress.config import Config
from reviewpress.engine import Engine, Manuscript
from reviewpress.formats.objects import FORMATS, HTML
from reviewpress.store.files import cannot_write, flush_tree, replace_folder, share_unchanged
from reviewpress.store.interrupts import note_done
from reviewpress.store.output_folder import LIST, read_list, write_list
from reviewpress.store.temporary_files import STAGING, clear_folders, release_folder, reserve_folder

_ONE_FILE = {f".{each.ending}": each.name for each in FORMATS if each.is_one_file}
_PAGE = "index.html"


class Gate:
    """What editions pass to take their places; shut for good when a build is given up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_open = True

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._lock:
            self._is_open = kind is None

    def let_through(self, put: Callable[[], None]) -> None:
        """Call `put`, unless the build has been given up."""
        with self._lock:
            if self._is_open:
                put()


def render_edition(engine: Engine, manuscript: Manuscript, config: Config, gate: Gate) -> None:
    """Let the engine write beside the edition, then put the whole in its place.

    An output folder that is a link stays one: the edition is where it leads. Raises SetupError
    where the disk is full or may not be written.
    """
    place = Path(os.path.realpath(config.output_dir))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        clear_folders(place.parent, STAGING)
        handle, staging = reserve_folder(place.parent, STAGING)
    except OSError as error:
        raise cannot_write(config.output_dir.parent, error) from None

    def put() -> None:
        replace_folder(staging, place)
        note_done(f"edition {place.name} written")

    try:
        staging.chmod(0o755)
        engine.render(manuscript, staging)
        _keep_other_formats(config, staging)
        write_list(staging, config.profile)
        share_unchanged(staging, place)
        flush_tree(staging)
        gate.let_through(put)
    except OSError as error:
        raise cannot_write(config.output_dir, error) from None
    finally:
        release_folder(handle, staging)


def left_from_before(config: Config) -> tuple[str, ...]:
    """Say what an edition has in formats that were not asked for; empty where nothing."""
    if not config.output_dir.is_dir():
        return ()
    names = sorted(path.name for path in config.output_dir.iterdir())
    found = [name for name in names if Path(name).suffix in _ONE_FILE]
    kept = [name for name in found if _ONE_FILE[Path(name).suffix] not in config.formats]
    if HTML.name not in config.formats and _PAGE in names:
        kept.append(HTML.words)
    if not kept:
        return ()
    made = ", ".join(config.formats)
    return (f"from an earlier build: {', '.join(kept)}; this one was asked for {made}",)


def _keep_other_formats(config: Config, staging: Path) -> None:
    """Where only some formats were asked for, keep the others of the edition as they are."""
    if not config.output_dir.is_dir():
        return
    made = set(config.formats)
    edition, written = read_list(config.output_dir)
    for path in config.output_dir.iterdir():
        kind = _ONE_FILE.get(path.suffix, HTML.name)
        goal = staging / path.name
        if kind in made or goal.exists() or path.name == LIST:
            continue
        if edition is not None and path.is_file() and path.name not in written:
            continue
        if path.is_dir():
            shutil.copytree(path, goal, symlinks=True)
        else:
            shutil.copyfile(path, goal, follow_symlinks=False)
