"""Profiles: which there are, and how their files merge."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewpress.errors import ConfigError, Place
from reviewpress.store.ordinary_files import not_a_file
from reviewpress.yaml import items_of

PROJECT_FILE = "_quarto.yml"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds `_quarto.yml`.

    Its path has to be UTF-8, which pandoc and Typst take names of files for.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            _check_path(folder)
            return folder
        if odd := not_a_file(folder / PROJECT_FILE):
            raise ConfigError(f"{PROJECT_FILE} {odd}.", Place(str(folder)))
    raise ConfigError(
        f"no {PROJECT_FILE} here or in a folder above.",
        Place(str(start)),
        "Go to a review's folder, or start one with `reviewpress new my-review`.",
    )


def _check_path(folder: Path) -> None:
    try:
        str(folder).encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(folder).decode("utf-8", "backslashreplace")
        raise ConfigError(
            "the path of the review is not UTF-8, which programs that it needs take it for.",
            Place(shown),
            "Give the folder that has such a letter in its name another name.",
        ) from None


def list_profiles(root: Path) -> tuple[str, ...]:
    """Return the names of the profiles that have a file, in alphabetical order."""
    prefix = "_quarto-"
    return tuple(sorted(path.stem.removeprefix(prefix) for path in root.glob(f"{prefix}*.yml")))


def merge_yaml(base: Any, override: Any) -> Any:
    """Merge two YAML values as Quarto merges profiles: beside a list, one value is a list of it.

    >>> merge_yaml({"a": [1, 2], "b": {"c": 1}}, {"a": 3, "b": {"d": 2}})
    {'a': [1, 2, 3], 'b': {'c': 1, 'd': 2}}
    """
    if isinstance(base, dict) and isinstance(override, dict):
        result = dict(base)
        for key, value in override.items():
            result[key] = merge_yaml(base[key], value) if key in base else value
        return result
    if isinstance(base, list) or isinstance(override, list):
        first, second = (items_of(value) for value in (base, override))
        return [*first, *(item for item in second if item not in first)]
    return override


def default_profile(data: Mapping[str, Any]) -> str | None:
    """Return the profile that `profile: default:` names first, or `profile:` alone."""
    profile = data.get("profile")
    default = profile.get("default") if isinstance(profile, Mapping) else profile
    names = items_of(default)
    return str(names[0]) if names and names[0] else None
