"""A review that an earlier version made: its copy of the extension, brought up to date.

A review has the extension in `_extensions/reviewpress`, so that Quarto finds it. The copy stays as
it was when the package is upgraded, until `reviewpress tidy` replaces it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import ConfigError, Place, Problem
from reviewpress.extension import EXTENSION_FOLDER, installed_extension
from reviewpress.shapes import ANYTHING
from reviewpress.store.digests import digest_parts
from reviewpress.store.files import cannot_write, replace_folder, restore_folder
from reviewpress.store.temporary_files import EXTENSION, temporary_folder
from reviewpress.yaml import read_yaml

_RELEASED = {"0.1.0": "71c996a263791d7935e88ae460bb807acf9e81c686b02f64e6377fe77766e357"}
"""The digest of the extension's files, as each release had them."""


def check_copy(root: Path) -> Iterator[Problem]:
    """Yield a warning where a review's copy of the extension is of another version."""
    copy, installed = root / EXTENSION_FOLDER, installed_extension().folder
    if copy.is_dir() and _version(copy) != _version(installed):
        message = (
            f"the copy of the extension is of version {_version(copy)}, "
            f"and Reviewpress of version {_version(installed)}."
        )
        hint = "`reviewpress tidy` replaces it."
        yield Problem("extension", message, Place(EXTENSION_FOLDER.as_posix()), hint)


def update_copy(root: Path) -> bool:
    """Replace a review's copy of the extension by that of this version; say whether it was older.

    Raises ConfigError, and replaces nothing, where the copy is not as its release had it;
    SetupError where the disk is full or read-only.
    """
    copy, installed = root / EXTENSION_FOLDER, installed_extension().folder
    restore_folder(copy)
    version = _version(copy) if copy.is_dir() else _version(installed)
    if version == _version(installed):
        return False
    if _digest(copy) != _RELEASED.get(version):
        message = f"the copy of the extension is not as version {version} had it: it was changed."
        hint = (
            "Keep what you changed somewhere else, delete the folder, and put the new one there: "
            f"cp -r {installed} {EXTENSION_FOLDER}"
        )
        raise ConfigError(message, Place(EXTENSION_FOLDER.as_posix()), hint)
    try:
        with temporary_folder(root, EXTENSION) as folder:
            new = folder / "new"
            shutil.copytree(installed, new, ignore=shutil.ignore_patterns("__pycache__"))
            replace_folder(new, copy)
    except OSError as error:
        raise cannot_write(copy, error) from None
    return True


def _version(folder: Path) -> str:
    return str(
        read_yaml(folder / "_extension.yml", folder, ANYTHING).data.get("version", "unknown")
    )


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest_parts(
        part
        for path in files
        if "__pycache__" not in path.parts
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes())
    )
