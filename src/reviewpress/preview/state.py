"""What the preview shows now: the last good pages and files, and what is wrong since."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from reviewpress.errors import Problem
from reviewpress.formats.objects import FORMATS
from reviewpress.store.digests import digest_file, digest_parts

Status = Literal["building", "good", "failed"]

_LOCAL = re.compile(rb"""\b(?:src|href|data)=["']([^"'#?:]+)""")


@dataclass(frozen=True, slots=True)
class Shown:
    """One moment of the preview. `serial` counts the moments, `builds` the good builds.

    `problems` are why the pages are the last good ones, `warnings` what those pages are shown with.
    """

    serial: int = 0
    builds: int = 0
    status: Status = "building"
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Beside(NamedTuple):
    """Another edition, to which pages lead: its profile, and where it was last rendered."""

    profile: str
    folder: Path


class PreviewState:
    """The preview's state, shared by the builder and the server.

    `pages` and `files` are the folders served: what is not among the pages is looked for among
    the files (PDF, search index), which are made afterwards. `others` are other editions, by the
    address at which links lead to each.
    """

    def __init__(self, folder: Path, others: Mapping[str, Beside] | None = None) -> None:
        self.pages = folder / "pages"
        self.files = folder / "files"
        self.others = dict(others or {})
        self.stopped = threading.Event()
        self.changes: Mapping[str, str] = {}
        """What changed in each page since the last version, as items of a list; see `compared`."""
        self.since = ""
        self._lock = threading.Lock()
        self._shown = Shown()

    @property
    def shown(self) -> Shown:
        """The present moment."""
        return self._shown

    def building(self) -> None:
        """Say that a build has begun."""
        self._change(lambda old: replace(old, serial=old.serial + 1, status="building"))

    def succeeded(self, warnings: tuple[Problem, ...] = ()) -> None:
        """Say that new pages stand in their place, and what their author should know of them."""
        self._change(lambda old: Shown(old.serial + 1, old.builds + 1, "good", (), warnings))

    def failed(self, problems: tuple[Problem, ...]) -> None:
        """Say why the pages are still the last good ones."""
        self._change(lambda old: Shown(old.serial + 1, old.builds, "failed", problems))

    def files_changed(self) -> None:
        """Say that the PDF or the search index is new."""
        self._change(lambda old: replace(old, serial=old.serial + 1))

    def compared(self, since: str, changes: Mapping[str, str]) -> None:
        """Say what changed in each page since a version."""
        if (since, changes) != (self.since, self.changes):
            self.since, self.changes = since, changes
            self.files_changed()

    def find(self, address: str) -> Path | None:
        """Return the file at an address of the edition, or of another; None where none is there."""
        name = address.strip("/") or "index.html"
        places = [(self.pages, name), (self.files, name)]
        within = self.edition_at(address)
        if within:
            places.append((self.others[within].folder, name.removeprefix(within).strip("/")))
        for folder, name in places:
            try:
                file = (folder / name).resolve()
                if file.is_relative_to(folder.resolve()) and file.is_file():
                    return file
            except (OSError, ValueError):
                continue
        return None

    def edition_at(self, address: str) -> str:
        """Return at which address the other edition is that an address belongs to, if to any."""
        parts = f"{address.strip('/')}/"
        return next((name for name in self.others if parts.startswith(f"{name}/")), "")

    def version(self, address: str) -> str:
        """Return what changes when the page at an address, or what it shows, changes."""
        file = self.find(address)
        if file is None:
            return ""
        try:
            content = file.read_bytes()
            shown = sorted(set(_LOCAL.findall(content))) if file.suffix == ".html" else []
            near = [(file.parent / name.decode("utf-8", "replace")) for name in shown]
        except OSError:
            return ""
        # A PDF made anew is no reason to reload a page that only links to it.
        made = {".html", *(f".{each.ending}" for each in FORMATS if each.is_one_file)}
        looked = [path for path in near if path.suffix not in made]
        return digest_parts([content, *map(_digest, looked)])[:16]

    def _change(self, change: Callable[[Shown], Shown]) -> None:
        with self._lock:
            self._shown = change(self._shown)


def _digest(path: Path) -> str:
    try:
        return digest_file(path)
    except OSError:
        return ""
