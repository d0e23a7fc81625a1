"""The included papers as files for reference managers, beside the pages that list them."""

import json
from collections.abc import Mapping
from pathlib import Path

from reviewpress.bibliography import load_bibliographies, write_bibtex
from reviewpress.bibliography.exports import without_own_fields, write_csl, write_ris
from reviewpress.config import Config
from reviewpress.store.files import digest_parts, mark_used, write_cached

NAME = "included-papers"
_ENDINGS = ("ris", "bib", "json")
_FORMAT = b"1"


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
    key = digest_parts([_FORMAT, *(path.read_bytes() for path in config.bibliography)])
    kept = config.store / "included" / f"{key}.json"
    if not mark_used(kept):
        write_cached(kept, json.dumps(_written(config)).encode())
    found: dict[str, str] = json.loads(kept.read_bytes())
    return found


def _written(config: Config) -> dict[str, str]:
    if not config.bibliography:
        return dict.fromkeys(_ENDINGS, "")
    papers = load_bibliographies(config.bibliography, config.root).group("included")
    entries = [without_own_fields(entry) for entry in papers if entry.code is not None]
    if not entries:
        return dict.fromkeys(_ENDINGS, "")
    written = (write_ris(entries), write_bibtex(entries), write_csl(entries))
    return dict(zip(_ENDINGS, written, strict=True))
