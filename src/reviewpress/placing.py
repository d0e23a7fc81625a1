"""An edition's way to its place: written beside it, and put there whole or not at all."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reviewpress.config import Config
from reviewpress.files import cannot_write, replace_folder


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


def render_edition(engine: Any, manuscript: Any, config: Config, gate: Gate) -> None:
    """Let the engine write beside the edition, then put the whole in its place.

    Raises SetupError where the disk is full or may not be written.
    """
    parent = config.output_dir.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(parent)
        staging = Path(tempfile.mkdtemp(dir=parent, prefix=".staging-"))
    except OSError as error:
        raise cannot_write(parent, error) from None
    try:
        staging.chmod(0o755)
        engine.render(manuscript, staging)
        _keep_other_formats(config, staging)
        gate.let_through(lambda: replace_folder(staging, config.output_dir))
    except OSError as error:
        raise cannot_write(config.output_dir, error) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep_other_formats(config: Config, staging: Path) -> None:
    """Where only some formats were asked for, keep the others of the edition as they are."""
    if not config.output_dir.is_dir():
        return
    made = set(config.formats)
    for path in config.output_dir.iterdir():
        kind = {".pdf": "typst", ".docx": "docx"}.get(path.suffix, "html")
        goal = staging / path.name
        if kind in made or goal.exists():
            continue
        if path.is_dir():
            shutil.copytree(path, goal)
        else:
            shutil.copyfile(path, goal)


def _clear_abandoned(parent: Path) -> None:
    """Remove what builds that were killed left beside the editions more than a day ago."""
    for path in parent.glob(".staging-*"):
        if time.time() - path.stat().st_mtime > 86_400:
            shutil.rmtree(path, ignore_errors=True)
