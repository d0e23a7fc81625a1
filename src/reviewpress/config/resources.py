"""The files that `project: resources:` names, to be published beside the pages."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from reviewpress.config.review import Config
from reviewpress.yaml import items_of

_HIDDEN = (".", "_")


def list_resources(config: Config, made: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the files that the patterns of a review name, in order of their names.

    As in Quarto, a pattern that begins with `/` begins at the review's folder, any other matches
    at any depth; a folder means all in it; one that begins with `!` takes files out again. What is
    hidden, begins with `_`, or was made by a build is named by its whole path only. `made` are
    files that the build itself puts into the review, whether they are there yet or not.
    """
    found: set[str] = set()
    for pattern in items_of((config.metadata.get("project") or {}).get("resources")):
        wanted = set(_matches(config, str(pattern).removeprefix("!"), made))
        found = found - wanted if str(pattern).startswith("!") else found | wanted
    return tuple(sorted(found))


def _matches(config: Config, pattern: str, made: Iterable[str]) -> Iterator[str]:
    root = config.root
    plain = pattern.strip("/")
    exact = root / plain
    if plain and exact.is_file():
        if exact.resolve().is_relative_to(root.resolve()):
            yield exact.relative_to(root).as_posix()
        return
    if exact.is_dir():
        pattern = f"/{plain}/**"
    wanted = _regular(pattern)
    there = (path.relative_to(root).as_posix() for path in _files(_begin(root, pattern), config))
    yield from filter(wanted.fullmatch, (*there, *made))


def _begin(root: Path, pattern: str) -> Path:
    """Return the folder that a pattern names before its first sign, or the review's."""
    named = PurePosixPath(re.split(r"[*?]", pattern)[0].rpartition("/")[0].lstrip("/"))
    is_plain = pattern.startswith("/") and not any(map(_is_hidden, named.parts))
    return root / named if is_plain and (root / named).is_dir() else root


def _is_hidden(name: str) -> bool:
    return name.startswith(_HIDDEN)


def _files(folder: Path, config: Config) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _is_hidden(path.name) or path == config.output_dir or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, config)
        elif path.is_file():
            yield path


def _regular(pattern: str) -> re.Pattern[str]:
    """Return a pattern of file names as a regular expression of a whole path."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    written = re.sub(
        r"\*\*/|\*\*|\*|\?|[^*?]+",
        lambda found: parts.get(found[0], re.escape(found[0])),
        pattern.lstrip("/"),
    )
    return re.compile(written if pattern.startswith("/") else f"(?:.*/)?{written}")
