"""The review around this process: its folder, its labels.

A chapter's kernel and a notebook open in Jupyter find their review here; the command line is given
one.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path

from reviewpress.config import load_config
from reviewpress.labels import FALLBACK, KEY, Labels, load_labels, load_language
from reviewpress.tables.reads import digest_bytes, reads, relative_name

ROOT_ENV = "REVIEWPRESS_ROOT"


def review_root() -> Path:
    """Return the review around this process: that of the run, else the one around here."""
    given = os.environ.get(ROOT_ENV)
    if given:
        return Path(given)
    here = Path.cwd()
    found = (folder for folder in (here, *here.parents) if (folder / "_quarto.yml").is_file())
    return next(found, here)


def review_labels() -> Labels:
    """Return the labels of the review around this process, and record what is read for them.

    It is the review of the run, else the one around the current folder. Outside any review the
    labels are English.
    """
    # A table asks for each of its cells: the files are looked at twice a second at most.
    return _lately(os.environ.get(ROOT_ENV), os.getcwd(), int(time.monotonic() * 2))


@lru_cache(maxsize=4)
def _lately(given: str | None, folder: str, moment: int) -> Labels:
    root = review_root()
    stamps = tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(root.glob("_quarto*.yml"))
    )
    return _around(root, stamps)


@lru_cache(maxsize=8)
def _around(root: Path, stamps: tuple[tuple[str, int, int], ...]) -> Labels:
    if not stamps:
        return load_language(FALLBACK, root)
    config = load_config(root, check_chapters=False)
    named = config.metadata.get(KEY)
    if isinstance(named, str):
        path = root / named
        name = relative_name(path.resolve(), root.resolve())
        reads.record(name, digest_bytes(path.read_bytes()))
    return load_labels(config)
