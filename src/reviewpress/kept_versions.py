"""The versions of a review that were published, each kept as it was.

published/versions.json           what there is, the newest last
published/1.0/report/             an edition of a version: its bytes never change
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from reviewpress.edition import EDITION
from reviewpress.errors import ConfigError, Place
from reviewpress.shapes import as_list, as_mapping, as_text
from reviewpress.store.digests import digest_file, digest_parts
from reviewpress.store.files import write_atomically
from reviewpress.store.freshness import KEPT

PUBLISHED, LIST = KEPT


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version: its name and date, the folder of each edition by its profile, and a digest.

    The digest is that of all its files; `commit` is the one of its sources, empty where unknown.
    """

    version: str
    date: str
    commit: str
    editions: Mapping[str, str]
    digest: str


def kept_versions(root: Path) -> tuple[KeptVersion, ...]:
    """Return the versions that a review keeps, the newest last; ConfigError for a broken list."""
    file = root / PUBLISHED / LIST
    if not file.is_file():
        return ()
    try:
        listed = as_list(json.loads(file.read_bytes()))
        return tuple(
            KeptVersion(
                str(each["version"]), as_text(each["date"]), as_text(each["commit"]),
                {name: as_text(folder) for name, folder in as_mapping(each["editions"]).items()},
                as_text(each["digest"]),
            )
            for each in map(as_mapping, listed)
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        place = Place(f"{PUBLISHED}/{LIST}")
        hint = "Take the file from the last commit, or from a copy."
        raise ConfigError("could not be read.", place, hint) from None


def write_versions(root: Path, versions: tuple[KeptVersion, ...]) -> None:
    """Write the list of versions."""
    text = json.dumps([asdict(each) for each in versions], ensure_ascii=False, indent=2)
    write_atomically(root / PUBLISHED / LIST, f"{text}\n".encode())


def version_folder(root: Path, version: str) -> Path:
    """Return where a version is kept."""
    return root / PUBLISHED / version


def edition_folder(root: Path, kept: KeptVersion, profile: str) -> Path | None:
    """Return where a version's edition of a profile is; None where it was not published."""
    name = kept.editions.get(profile)
    folder = version_folder(root, kept.version) / name if name else None
    return folder if folder and (folder / EDITION).is_file() else None


def digest_folder(folder: Path) -> str:
    """Return a digest of all files of a folder and their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest_parts([[p.relative_to(folder).as_posix(), digest_file(p)] for p in files])
