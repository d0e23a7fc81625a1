"""Where the Quarto extension stands that both engines share, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.errors import Problem, ReportError, SetupError
from reviewpress.shapes import ANYTHING, Plain, as_list, as_mapping
from reviewpress.store.digests import digest_files, digest_parts
from reviewpress.yaml import read_yaml

if TYPE_CHECKING:
    from reviewpress.brand import Brand

EXTENSION_FOLDER = Path("_extensions") / "reviewpress"
QUARTO_FOLDER = "quarto/"
"""What of the extension only Quarto needs: filters that do nothing without it, and styles."""


@dataclass(frozen=True, slots=True)
class Extension:
    """The folder of the extension: filters, templates, styles, fonts."""

    folder: Path
    filters: tuple[Path, ...]
    own: tuple[Path, ...] = ()
    """Those of the filters that are the review's own."""
    own_state: str = ""
    """What changes when the review's own filters may do something else."""

    def file(self, name: str) -> Path:
        """Return one of its files; SetupError where the extension is not whole."""
        path = self.folder / name
        if not path.is_file():
            raise SetupError(
                f"the extension lacks {name}.",
                hint="Install reviewpress again, or `quarto add` it.",
            )
        return path

    def without_own(self) -> Extension:
        """Return the extension without the review's own filters."""
        filters = tuple(path for path in self.filters if path not in self.own)
        return replace(self, filters=filters, own=())

    def brand(self, root: Path) -> Brand:
        """Return the brand of a review: its own `_brand.yml` over the extension's."""
        # Imported here: the labels, which chapters read, need neither brand nor tools.
        from reviewpress.brand import load_brand

        return load_brand(self.file("_brand.yml"), root / "_brand.yml")

    def digest(self) -> str:
        """Return a digest of its files, and of what the review's own filters depend on."""
        names = sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        )
        digest = digest_files(self.folder, names)
        return digest_parts([digest, self.own_state]) if self.own else digest


def find_extension(root: Path) -> Extension:
    """Return the review's own copy of the extension, or the one installed with the package."""
    folder = root / EXTENSION_FOLDER
    if (folder / "_extension.yml").is_file():
        return Extension(folder, _filters(folder))
    return installed_extension()


def installed_extension() -> Extension:
    """Return the extension that was installed with the package."""
    package = Path(__file__).resolve().parent
    for folder in (package / "extension", package.parents[1] / EXTENSION_FOLDER):
        if (folder / "_extension.yml").is_file():
            return Extension(folder, _filters(folder))
    raise SetupError(
        "the reviewpress extension is not installed.", hint="Install reviewpress again."
    )


def check_path(folder: Path) -> None:
    """Raise SetupError for a folder whose path has a sign that Lua parts paths with."""
    if sign := next((sign for sign in ";?" if sign in str(folder)), ""):
        message = f'{folder}: pandoc cannot load filters from a path that has "{sign}" in it.'
        raise SetupError(message, hint="Give the folder another name.")


def wrong_brand(root: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a review's own `_brand.yml`."""
    if not (root / "_brand.yml").is_file():
        return ()
    try:
        find_extension(root).brand(root)
    except ReportError as error:
        return error.problems
    return ()


def _filters(folder: Path) -> tuple[Path, ...]:
    """Return the filters of both engines: those in `quarto/` have nothing to do without Quarto.

    Raises SetupError as `check_path` does.
    """
    check_path(folder)
    data: Mapping[str, Plain] = read_yaml(folder / "_extension.yml", folder, ANYTHING).data
    formats = as_mapping(as_mapping(data.get("contributes")).get("formats"))
    listed = as_list(as_mapping(formats.get("common")).get("filters"))
    names = [str(as_mapping(each).get("path", each)) for each in listed]
    return tuple(folder / name for name in names if not name.startswith(QUARTO_FOLDER))
