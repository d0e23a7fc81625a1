"""A bibliography as it was read before: parsing ten thousand entries takes longer than a build."""

import json
from collections.abc import Sequence
from pathlib import Path

from reviewpress.bibliography.bibtex import load_bibliographies
from reviewpress.bibliography.entries import Bibliography, Entry
from reviewpress.store.kinds import BIBLIOGRAPHIES

_FEW = 200_000
"""Bytes below which reading a bibliography takes no longer than finding what was read."""


def load_kept_bibliographies(paths: Sequence[Path], root: Path, store: Path) -> Bibliography:
    """Read several BibTeX files as one; large ones that have not changed come from the store.

    Raises what `load_bibliographies` does.
    """
    try:
        contents = [path.read_bytes() for path in paths]
    except OSError:
        contents = []
    if sum(map(len, contents)) < _FEW:
        return load_bibliographies(paths, root)

    def make() -> tuple[Bibliography, bytes]:
        read = load_bibliographies(paths, root)
        entries = [[one.key, one.type, dict(one.fields), one.line, one.file] for one in read]
        return read, json.dumps([read.name, read.sha256, entries]).encode()

    inputs = [str(path) for path in paths]
    return BIBLIOGRAPHIES.get(store, [*inputs, *contents], make=make, read=_read)


def _read(kept: bytes) -> Bibliography:
    name, sha256, entries = json.loads(kept)
    return Bibliography(name, tuple(Entry(*each) for each in entries), sha256)
