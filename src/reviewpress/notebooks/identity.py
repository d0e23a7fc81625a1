"""What can change a run's outputs, as hashes.

key       code cells and live values in order, parameters, Python: known before a kernel starts
ground    files of the review, modules of reviewpress, packages: what the run depended on
"""

import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from reviewpress.context import settings_digest
from reviewpress.notebooks.kernel import (
    SETTINGS,
)
from reviewpress.notebooks.runs import Execution, steps_of
from reviewpress.notebooks.source import Notebook, Parameter
from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_or_absent, digest_parts
from reviewpress.store.records import Depends
from reviewpress.store.versions import PACKAGE, installed, normal_name

CORE = ("bibtexparser", "ipykernel", "matplotlib", "numpy", "pandas", "pyyaml")


def execution_key(
    notebook: Notebook, parameters: Mapping[str, Parameter], kernel: Sequence[Plain] = ()
) -> str:
    """Return the hash of what is known before a kernel starts, another than ours included."""
    known = {
        "python": [platform.python_implementation(), platform.python_version(), sys.platform],
        "folder": str(Path(notebook.name).parent),
        "steps": list(steps_of(notebook)),
        "options": [
            {**cell.options, "error": True} if cell.may_fail else cell.options
            for cell in notebook.cells
            if cell.runs
        ],
        "parameters": dict(parameters),
        "kernel": list(kernel),
    }
    return digest_parts([known])


def ground_of(record: Execution) -> Depends:
    """Return what a run depended on, for `Ground.stands`."""
    return {
        "reads": dict(record.reads),
        "modules": dict(record.modules),
        "packages": dict(record.packages),
    }


class Ground:
    """The review's files as an edition sees them, this package and the installed ones, now.

    Each is looked at once. Make a new one for each build: a long-lived process sees changes.
    """

    def __init__(self, root: Path, profile: str | None = None) -> None:
        self.read = cache(lambda name: _digest_read(root, profile, name))
        """The hash of a file of the review now, or `absent`."""
        self.module = cache(lambda name: digest_or_absent(PACKAGE / name))
        """The hash of a module of this package now."""
        packages = installed()
        self._states: Mapping[str, Callable[[str], str | None]] = {
            "reads": self.read, "modules": self.module, "packages": packages.get,
        }  # fmt: skip

    def stands(self, depends: Depends) -> bool:
        """Whether everything a run depended on is as it was."""
        return depends.keys() == self._states.keys() and all(
            self._states[part](name) == state
            for part, states in depends.items()
            for name, state in states.items()
        )


def packages_of(imported: Iterable[str]) -> dict[str, str]:
    """Return the distributions that a run depends on, with their versions.

    They are those of `CORE`, and what provides the imported names unless it only came with
    `CORE`: so they are the same whether a kernel was forked from a fork server or not.
    """
    versions, providers = installed(), _providers()
    names = {normal_name(name) for top in imported for name in providers.get(top, ())}
    names = (names - _closure(CORE)) | set(CORE)
    return {name: versions[name] for name in sorted(names) if name in versions}


def prepare_packages() -> None:
    """Read the installed packages' metadata, which `packages_of` will ask for."""
    _providers()
    _closure(CORE)


def _digest_read(root: Path, profile: str | None, name: str) -> str:
    return settings_digest(root, profile) if name == SETTINGS else digest_or_absent(root / name)


@cache
def _providers() -> Mapping[str, list[str]]:
    # Imported here: reuse of runs, which has to be quick, does not need it.
    from importlib.metadata import packages_distributions

    return packages_distributions()


@cache
def _closure(roots: tuple[str, ...]) -> frozenset[str]:
    """Return distributions and all that they require, by the installed metadata."""
    from importlib.metadata import PackageNotFoundError, requires

    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        with suppress(PackageNotFoundError):
            for requirement in requires(name) or ():
                if "extra ==" not in requirement:
                    waiting.append(normal_name(re.split(r"[^A-Za-z0-9._-]", requirement)[0]))
    return frozenset(found)
