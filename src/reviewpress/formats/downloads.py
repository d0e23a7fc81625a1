"""The included papers as files for reference managers, beside the pages that list them."""

import json
from collections.abc import Mapping
from pathlib import Path

from reviewpress.bibliography import load_bibliographies, write_bibtex
from reviewpress.bibliography.exports import without_own_fields, write_csl, write_ris
from reviewpress.config import Config
from reviewpress.store.kinds import INCLUDED

NAME = "included-papers"
_ENDINGS = ("ris", "bib", "json")


def write_included_papers(config: Config, folder: Path) -> None:
    """Write the included papers as RIS, BibTeX and CSL JSON, in the order of their codes.

    A review without codes has none; what an earlier build left of them is deleted.
    """
    for ending, text in _files(config).items():
        path = folder / f"{NAME}.{ending}"
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def _files(config: Config) -> Mapping[str, str]:
    def make() -> tuple[Mapping[str, str], bytes]:
        written = _written(config)
        return written, json.dumps(written).encode()

    texts = [path.read_bytes() for path in config.bibliography]
    return INCLUDED.get(config.store, texts, make=make, read=json.loads)


def _written(config: Config) -> dict[str, str]:
    if not config.bibliography:
        return dict.fromkeys(_ENDINGS, "")
    papers = load_bibliographies(config.bibliography, config.root).group("included")
    entries = [without_own_fields(entry) for entry in papers if entry.code is not None]
    if not entries:
        return dict.fromkeys(_ENDINGS, "")
    written = (write_ris(entries), write_bibtex(entries), write_csl(entries))
    return dict(zip(_ENDINGS, written, strict=True))
