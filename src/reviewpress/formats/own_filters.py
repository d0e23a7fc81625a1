"""The review's own Lua filters, put among those of the extension."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from reviewpress.config import Config
from reviewpress.config.filters import list_filters
from reviewpress.errors import EngineError, Place
from reviewpress.extension import Extension
from reviewpress.store.digests import digest_file, digest_parts
from reviewpress.store.freshness import look_at_sources

_READS = re.compile(
    r"\b(?:io\s*\.|dofile|loadfile|require|pandoc\s*\.\s*(?:system|pipe|mediabag)|os\s*\.)"
)
_FAILED = re.compile(r"([^\s:]*?)([^\s:/]+\.lua):(\d+): (.*)")


def with_own_filters(extension: Extension, config: Config, name: str) -> Extension:
    """Return the extension with the filters that the review has for a format, in Quarto's order."""
    found = [(each.path, each.is_first) for each in list_filters(config, name) if each.path]
    if not found:
        return extension
    first = tuple(path for path, is_first in found if is_first)
    last = tuple(path for path, is_first in found if not is_first)
    return replace(
        extension,
        filters=(*first, *extension.filters, *last),
        own=(*first, *last),
        own_state=_state(config, (*first, *last)),
    )


def failed_filter(
    error: EngineError, task: Mapping[str, object], chapter: Place | None
) -> EngineError:
    """Return an error of pandoc's as one of the filter's, with its line, or else of the chapter."""
    filters, root = task["filters"], Path(str(task["folder"]))
    assert isinstance(filters, list)
    for found in _FAILED.finditer(error.message):
        path = next((Path(each) for each in filters if Path(each).name == found[2]), None)
        if path is not None and path.is_relative_to(root):
            place = Place(path.relative_to(root).as_posix(), line=int(found[3]))
            hint = "It is run on each chapter, as pandoc runs filters."
            return EngineError(f"the filter failed: {found[4].strip()}.", place, hint)
    said = error.message.removeprefix("pandoc: ").rstrip(".")
    return EngineError(f"pandoc cannot write the chapter: {said}.", chapter, error.hint)


def _state(config: Config, filters: tuple[Path, ...]) -> str:
    """Return what changes when filters may do something else: of one that reads, any source."""
    parts = [digest_file(path).encode() for path in filters]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in filters]
    if any(_READS.search(text) for text in texts):
        parts.append(repr(sorted(look_at_sources(config.root).items())).encode())
    return digest_parts(parts)
